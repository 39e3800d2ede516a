"""Gateways: ways out of the house, and in, that speak another system's language."""
