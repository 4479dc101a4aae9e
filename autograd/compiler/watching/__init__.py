"""What a step does in Python beside its arrays: see purity.py, which is the door."""
