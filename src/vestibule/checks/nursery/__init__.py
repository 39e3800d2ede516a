"""The process in which decoders run: started by `checks.sandbox`, never imported by the server."""
