"""Sparse tensors, as far as graph networks go."""
