"""What a loader and its workers do for one batch: samples asked for, and put together."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd.utils.data.collate import default_collate
from autograd.utils.data.dataset import IterableDataset, rows_of, samples_of


class SerialIterator:
    """One pass over a data set, in this process. After an error it can be gone on with."""

    def __init__(self, fetch: Callable[[Any], Any], entries: Iterator[Any]) -> None:
        self._fetch, self._entries = fetch, entries

    def __iter__(self) -> SerialIterator:
        return self

    def __next__(self) -> Any:
        return self._fetch(next(self._entries))


def fetcher_of(
    dataset: Any, batches: bool, collate_fn: Callable[[Any], Any], drop_last: bool
) -> Callable[[Any], Any]:
    """The function from an entry of the sampler to what the loader gives.

    An entry is an index, or with ``batches`` a list of them. At the end of an iterable data set the
    function raises StopIteration.
    """
    if isinstance(dataset, IterableDataset):
        return _from_stream(iter(dataset), batches, collate_fn, drop_last)
    if not batches:
        return lambda index: collate_fn(dataset[index])
    rows = rows_of(dataset) if collate_fn is default_collate else None

    def fetch(indices: Any) -> Any:
        if rows is not None and (at := _places(indices)) is not None:
            return rows(at)
        return collate_fn(samples_of(dataset, indices))

    return fetch


def _places(indices: Any) -> Any:
    """``indices`` as an array; None where they are not a list of integers."""
    if type(indices) is list and indices and bool not in map(type, indices):
        try:
            return np.frombuffer(array("q", indices), np.int64)  # a fifth of np.array's time
        except (TypeError, OverflowError):
            return None
    at = np.array(indices)
    return at if at.ndim == 1 and np.issubdtype(at.dtype, np.signedinteger) else None


def _from_stream(
    samples: Any, batches: bool, collate_fn: Callable[[Any], Any], drop_last: bool
) -> Callable[[Any], Any]:
    ended = False

    def fetch(places: Any) -> Any:
        nonlocal ended
        if not batches:
            return collate_fn(next(samples))
        batch: list[Any] = []
        while not ended and len(batch) < len(places):
            try:
                batch.append(next(samples))
            except StopIteration:
                ended = True
        if not batch or (drop_last and len(batch) < len(places)):
            raise StopIteration
        return collate_fn(batch)

    return fetch
