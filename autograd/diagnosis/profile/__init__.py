"""Where the time and the memory of a program go: by op, by module, by line.

profile.py (what a user writes, and PyTorch's names for it), recorder.py (the observer and its
clock), cost.py (what listening itself costs), paths.py (what modules are called), spans.py (what is
noted, and how it is summed up), schedule.py (which steps), table.py, events.py (PyTorch's table),
trace.py and flame.py (files that are looked at).
"""
