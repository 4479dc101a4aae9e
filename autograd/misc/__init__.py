"""Tools around differentiation, under HIPS autograd's names."""

from autograd.misc.flatten import flatten as flatten
from autograd.misc.tracers import const_graph as const_graph
