"""``torch.distributed.nn``: exchanges that gradients go back through."""

from autograd.distributed.nn.functional import *
