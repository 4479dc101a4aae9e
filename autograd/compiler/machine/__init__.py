"""Loops and products as machine code: see segments.py, which is the door."""
