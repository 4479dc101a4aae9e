"""A step as a list of calls: see recorder.py and recording.py."""
