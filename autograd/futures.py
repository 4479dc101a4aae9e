"""``torch.futures``: values that are there later, as calls between processes give them."""

from autograd.distributed.futures import (
    Future as Future,
    collect_all as collect_all,
    wait_all as wait_all,
)

__all__ = ["Future", "collect_all", "wait_all"]
