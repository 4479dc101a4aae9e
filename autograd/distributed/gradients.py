"""What a communication hook of data-parallel training is given: a bucket of gradients."""

from __future__ import annotations

from typing import Any

from autograd.tensors.from_data import from_numpy

__all__ = ["GradBucket"]


class GradBucket:
    """Gradients of several parameters side by side, which a hook averages over the processes.

    Given to the hooks of ``DistributedDataParallel.register_comm_hook``.

    >>> GradBucket.__module__
    'autograd.distributed'
    """

    __module__ = "autograd.distributed"

    def __init__(self, index: int, count: int, buffer: Any, bucket: Any) -> None:
        self._index, self._count, self._buffer, self._bucket = index, count, buffer, bucket

    def index(self) -> int:
        """The number of the bucket, from 0; buckets are sent in this order."""
        return self._index

    def is_last(self) -> bool:
        """Whether it is the last one of the pass."""
        return self._index == self._count - 1

    def buffer(self) -> Any:
        """All gradients in one tensor with one axis: this process's, not divided."""
        return self._buffer

    def set_buffer(self, buffer: Any) -> None:
        """Put another tensor in the place of :meth:`buffer`."""
        self._buffer = buffer

    def gradients(self) -> list[Any]:
        """For each parameter its part of :meth:`buffer`, in its shape."""
        return [from_numpy(view) for view in self._bucket.views(self._buffer._array())]

    def parameters(self) -> list[Any]:
        """The parameters."""
        return list(self._bucket.tensors)
