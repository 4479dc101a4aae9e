"""Tensors: what they are, how they are made, and how many are handled as one."""
