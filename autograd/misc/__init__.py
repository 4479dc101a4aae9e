"""Tools around differentiation, under HIPS autograd's names."""

from autograd.misc.const_graph import const_graph as const_graph
from autograd.misc.flatten import flatten as flatten
