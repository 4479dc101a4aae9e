"""From a tape to a plan: see planner.py, which is the door."""
