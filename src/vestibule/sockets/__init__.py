"""Sockets: what happens in channels, told at once, and messages sent without asking twice."""
