"""Scripts written for PyTorch."""
