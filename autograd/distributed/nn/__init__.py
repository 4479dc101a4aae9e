"""``torch.distributed.nn``: exchanges that gradients go back through."""

from autograd.distributed.nn import functional as functional
from autograd.distributed.nn.functional import (
    all_gather as all_gather,
    all_reduce as all_reduce,
    broadcast as broadcast,
    reduce_scatter as reduce_scatter,
)
