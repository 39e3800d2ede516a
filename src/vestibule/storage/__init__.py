"""Bytes under keys, behind the port `Storage`: a folder of plain files, or an object store."""
