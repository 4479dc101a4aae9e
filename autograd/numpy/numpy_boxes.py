"""The class of a traced value under HIPS autograd's name."""

from autograd.tensors.array import Array as ArrayBox

__all__ = ["ArrayBox"]
