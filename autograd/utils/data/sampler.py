"""Samplers: in which order a loader asks for samples. The same seed, PyTorch's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import chain, islice
from typing import Any, Generic, TypeVar

import numpy as np

from autograd.engine.graph import unwrap
from autograd.random.discrete import integers, multinomial, permutation, random_integers
from autograd.random.generator import Generator, Source

__all__ = [
    "BatchSampler", "RandomSampler", "Sampler", "SequentialSampler", "SubsetRandomSampler",
    "WeightedRandomSampler",
]  # fmt: skip

T_co = TypeVar("T_co", covariant=True)


class Sampler(Generic[T_co]):
    """What gives indices: subclass it with ``__iter__``, and ``__len__`` if it is known.

    >>> class Even(Sampler):
    ...     def __iter__(self):
    ...         return iter(range(0, 6, 2))
    >>> list(Even())
    [0, 2, 4]
    """

    def __init__(self, data_source: Any = None) -> None:
        pass  # early versions of PyTorch took the data set, and subclasses still pass it on

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError(
            f"{type(self).__name__}: a Sampler gives indices; define __iter__(self)."
        )


class SequentialSampler(Sampler[int]):
    """All indices of ``data_source``, in order.

    >>> list(SequentialSampler("abc"))
    [0, 1, 2]
    """

    def __init__(self, data_source: Sized) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """Indices of ``data_source`` in random order, or ``num_samples`` of them ``replacement``.

    Without replacement more samples than there are come from one permutation after another. A
    ``generator`` of one's own is drawn from; else each pass takes a new stream, whose seed is one
    draw of the default one. Raises ValueError where there is nothing to draw from.

    >>> import autograd
    >>> _ = autograd.manual_seed(0); list(RandomSampler(range(5)))
    [1, 3, 4, 2, 0]
    """

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Source = None,
    ) -> None:
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        if not isinstance(replacement, bool):
            raise TypeError(
                f"RandomSampler: replacement must be True or False; got {replacement!r:.60}."
            )
        _check_positive("RandomSampler", "num_samples", self.num_samples)

    @property
    def num_samples(self) -> int:
        """How many indices a pass gives."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(self._drawn())

    def _drawn(self) -> Iterator[list[int]]:
        """The indices in lists, as they are drawn: a generator of each would take twice as long."""
        n, stream = len(self.data_source), self.generator
        if stream is None:
            stream = Generator().manual_seed(int(random_integers(())))
        if self.replacement:  # 32 at a time: num_samples may be far more than a pass will use
            for _ in range(self.num_samples // 32):
                yield integers(0, n, 32, generator=stream).tolist()
            yield integers(0, n, self.num_samples % 32, generator=stream).tolist()
            return
        for _ in range(self.num_samples // n):
            yield permutation(n, stream).tolist()
        if self.num_samples % n or stream is self.generator:  # PyTorch draws it even for no sample
            yield permutation(n, stream).tolist()[: self.num_samples % n]

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """The given indices in random order.

    >>> import autograd
    >>> _ = autograd.manual_seed(0); list(SubsetRandomSampler([10, 20, 30]))
    [30, 10, 20]
    """

    def __init__(self, indices: Sequence[int], generator: Source = None) -> None:
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        for i in permutation(len(self.indices), self.generator).tolist():
            yield self.indices[i]

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """``num_samples`` indices, each as probable as its weight says; weights need not sum to 1.

    Raises ValueError for weights that are not one row, and for a num_samples below 1.

    >>> import autograd
    >>> _ = autograd.manual_seed(0); list(WeightedRandomSampler([0.1, 0.9, 0.4, 3.0], 4))
    [3, 3, 3, 3]
    """

    def __init__(
        self,
        weights: Sequence[float],
        num_samples: int,
        replacement: bool = True,
        generator: Source = None,
    ) -> None:
        from autograd.tensors.from_data import as_tensor

        _check_positive("WeightedRandomSampler", "num_samples", num_samples)
        if not isinstance(replacement, bool):
            raise ValueError(
                "WeightedRandomSampler: replacement must be True or False; got "
                f"{replacement!r:.60}."
            )
        self.weights = as_tensor(weights, dtype=np.float64)
        if self.weights.ndim != 1:
            raise ValueError(
                "WeightedRandomSampler: weights must be one row; got shape "
                f"{tuple(self.weights.shape)}."
            )
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        chosen = multinomial(
            unwrap(self.weights), self.num_samples, self.replacement, self.generator
        )
        yield from chosen.tolist()

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """The indices of another sampler in lists of ``batch_size``.

    The last list may be shorter, and is left out with ``drop_last``. Raises ValueError for a
    batch_size below 1.

    >>> list(BatchSampler(range(5), 2, drop_last=False))
    [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Iterable[Any], batch_size: int, drop_last: bool) -> None:
        _check_positive("BatchSampler", "batch_size", batch_size)
        if not isinstance(drop_last, bool):
            raise ValueError(
                f"BatchSampler: drop_last must be True or False; got {drop_last!r:.60}."
            )
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        indices = iter(self.sampler)
        while batch := list(islice(indices, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def __len__(self) -> int:
        n: int = len(self.sampler)  # type: ignore[arg-type]
        return n // self.batch_size if self.drop_last else -(-n // self.batch_size)


def _check_positive(call: str, name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError(f"{call}: {name} must be a positive integer; got {value!r:.60}.")
