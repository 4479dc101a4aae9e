"""The share of a data set that one of several processes goes through."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from autograd.arrays.arguments import count_of, integer_of
from autograd.random.discrete import permutation
from autograd.random.generator import Generator
from autograd.utils.data.sampler import Sampler

__all__ = ["DistributedSampler"]


class DistributedSampler(Sampler[int]):
    """Every ``num_replicas``-th index, from ``rank`` on: one process's share of a data set.

    Shares have one length: indices are repeated from the front, or left out with ``drop_last``. The
    order of ``shuffle`` comes from ``seed`` plus the epoch that :meth:`set_epoch` was told. Left
    out, ``num_replicas`` and ``rank`` are those of the process group; before there is one, one
    replica, of rank 0. Raises ValueError for a rank that does not exist.

    >>> list(DistributedSampler(range(5), num_replicas=2, rank=1, shuffle=False))
    [1, 3, 0]
    """

    def __init__(
        self,
        dataset: Any,
        num_replicas: int | None = None,
        rank: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        from autograd import distributed  # seldom needed

        begun = distributed.is_initialized()
        if num_replicas is None:
            num_replicas = distributed.get_world_size() if begun else 1
        if rank is None:
            rank = distributed.get_rank() if begun else 0
        self.num_replicas = count_of("DistributedSampler", "num_replicas", num_replicas, least=1)
        self.rank = integer_of("DistributedSampler", "rank", rank)
        if not 0 <= self.rank < self.num_replicas:
            raise ValueError(
                f"DistributedSampler: rank must be in [0, {self.num_replicas - 1}]; got {rank}."
            )
        self.dataset = dataset
        self.shuffle = shuffle
        self.seed = seed
        self.drop_last = drop_last
        self.epoch = 0
        share = len(dataset) / self.num_replicas
        self.num_samples = math.floor(share) if drop_last else math.ceil(share)
        self.total_size = self.num_samples * self.num_replicas

    def __iter__(self) -> Iterator[int]:
        n = len(self.dataset)
        order = list(range(n))
        if self.shuffle:
            order = permutation(n, Generator().manual_seed(self.seed + self.epoch)).tolist()
        whole = order * -(-self.total_size // max(n, 1))
        return iter(whole[self.rank : self.total_size : self.num_replicas])

    def __len__(self) -> int:
        return self.num_samples

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch comes: it changes the order."""
        self.epoch = epoch
