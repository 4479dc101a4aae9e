"""Tools around differentiation, under HIPS autograd's names."""

from autograd.misc.flatten import flatten as flatten
