"""What NumPy's functions and our kernels do with arrays that have hidden axes: a rule each."""
