"""Vestibule: support chat in which every attachment waits until it is known to be safe."""

__version__ = "0.1.0"
