"""Detectors: what should rarely be in a file that people send. Each looks through a piece of text.

They run in the server, for texts, and in the sandbox's children, for documents. None takes longer on text
that was made to make it slow: every pattern goes through the piece once, and every try is bounded.
"""
