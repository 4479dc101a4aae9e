"""Buckets: many tensors as one flat array.

A hundred small tensors cost a hundred calls one by one; side by side in one array they cost one.
Optimisers step on buckets. What is large is walked in slices instead, so that what one line writes
is still in the cache when the next line reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

import numpy as np

SIZE = 32_768  # elements: of 8k to 128k, the fastest for Adam; five arrays of it fit into the cache


class Bucket:
    """Tensors, and for each a place in a flat array that holds them all.

    >>> import autograd
    >>> bucket = Bucket([autograd.ones(2, 2), autograd.zeros(3)])
    >>> flat = bucket.flat([t.numpy() for t in bucket.tensors])
    >>> flat
    array([1., 1., 1., 1., 0., 0., 0.], dtype=float32)
    >>> [view.shape for view in bucket.views(flat)]
    [(2, 2), (3,)]
    """

    def __init__(self, tensors: list[Any]) -> None:
        self.tensors = tensors

    def flat(self, arrays: Iterable[Any], out: Any = None, dtype: Any = None) -> Any:
        """The elements of ``arrays``, one for each tensor and of its shape, in one array."""
        return np.concatenate(list(arrays), axis=None, out=out, dtype=dtype)

    def views(self, flat: Any) -> list[Any]:
        """For each tensor its part of ``flat``, in the tensor's shape."""
        views, start = [], 0
        for tensor in self.tensors:
            stop = start + tensor._data.size
            views.append(np.reshape(flat[start:stop], tensor.shape))
            start = stop
        return views


def pack(
    tensors: Iterable[Any], kind: Callable[[Any], Hashable], size: int = SIZE
) -> Iterator[list[Any]]:
    """The tensors in lists that are alike in ``kind``, of at most ``size`` elements, or of one.

    >>> import autograd
    >>> some = [autograd.zeros(n) for n in (2, 3, 9, 4)]
    >>> [[t.numel() for t in part] for part in pack(some, lambda t: t.dtype, size=6)]
    [[2, 3], [9], [4]]
    """
    waiting: dict[Hashable, list[Any]] = {}
    for tensor in tensors:
        waiting.setdefault(kind(tensor), []).append(tensor)
    for alike in waiting.values():
        some: list[Any] = []
        total = 0
        for tensor in alike:
            if some and total + tensor._data.size > size:
                yield some
                some, total = [], 0
            some.append(tensor)
            total += tensor._data.size
        yield some


def overlapping(tensors: Iterable[Any]) -> set[int]:
    """The ``id`` of each tensor whose memory may be another's too: they are changed in order.

    Memory counts from the first to the last byte, so that interleaved views are among them. NumPy
    arrays only: of other arrays nobody knows, and all are named.

    >>> import autograd
    >>> a, b = autograd.zeros(4), autograd.zeros(4)
    >>> view = a[1:]
    >>> overlapping([a, b, view]) == {id(a), id(view)}
    True
    """
    found, spans = set(), []
    for tensor in tensors:
        array = tensor._array()
        if not isinstance(array, np.ndarray):
            found.add(id(tensor))
        elif array.size:
            spans.append((*np.lib.array_utils.byte_bounds(array), id(tensor)))
    last, owner = 0, 0
    for low, high, this in sorted(spans):
        if low < last:
            found |= {this, owner}
        if high > last:
            last, owner = high, this
    return found
