"""Policies: one readable file that says which files are taken, and what becomes of a verdict.

`document.py` is its form, `presets/` holds three that are ready to use, `reading.py` reads one,
`simulation.py` asks what another would have decided.
"""
