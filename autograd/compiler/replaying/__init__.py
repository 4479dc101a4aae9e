"""A tape as Python: see replay.py, which is the door."""
