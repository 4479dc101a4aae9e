"""Data sets: what gives samples by index, or one after another."""

from __future__ import annotations

import math
import warnings
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from autograd.engine.graph import TensorBase, wrap
from autograd.random.discrete import permutation
from autograd.random.generator import Generator, default_generator

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = [
    "ChainDataset", "ConcatDataset", "Dataset", "IterableDataset", "StackDataset", "Subset",
    "TensorDataset", "random_split",
]  # fmt: skip

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Dataset(Generic[T_co]):
    """What gives a sample for an index: subclass it with ``__getitem__``, and mostly ``__len__``.

    A ``__getitems__(indices)``, where there is one, gives the samples of a batch as a list.

    >>> class Squares(Dataset):
    ...     def __getitem__(self, index): return index ** 2
    ...     def __len__(self): return 4
    >>> len(Squares() + Squares())
    8
    """

    def __getitem__(self, index: Any) -> T_co:
        raise NotImplementedError(
            f"{type(self).__name__}: a Dataset gives samples by index; define __getitem__(self, "
            "index)."
        )

    def __add__(self, other: Any) -> Any:
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T_co], Iterable[T_co]):
    """What gives samples one after another: subclass it with ``__iter__``.

    Each worker process of a loader has a copy and goes through all of it; ``get_worker_info()``
    tells it which part to take.

    >>> class Stream(IterableDataset):
    ...     def __iter__(self): return iter(range(3))
    >>> list(Stream() + Stream())
    [0, 1, 2, 0, 1, 2]
    """

    def __add__(self, other: Any) -> Any:
        return ChainDataset([self, other])


class TensorDataset(Dataset[tuple[Any, ...]]):
    """Tensors (N, *) side by side: sample i is the tuple of their i-th rows.

    Raises ValueError where their first axes differ, TypeError for what is not a tensor.

    >>> import autograd
    >>> TensorDataset(autograd.arange(3), autograd.arange(3) ** 2)[2]
    (tensor(2), tensor(4))
    """

    tensors: tuple[Tensor, ...]

    def __init__(self, *tensors: Tensor) -> None:
        if not tensors:
            raise ValueError("TensorDataset: at least one tensor is needed; got none.")
        for tensor in tensors:
            if not isinstance(tensor, TensorBase):
                raise TypeError(
                    f"TensorDataset: expected tensors; got {type(tensor).__name__}. Make one: "
                    "autograd.tensor(...)."
                )
        if any(tensor.ndim == 0 or len(tensor) != len(tensors[0]) for tensor in tensors):
            raise ValueError(
                "TensorDataset: the tensors must have first axes of one length; got shapes "
                f"{', '.join(str(tuple(tensor.shape)) for tensor in tensors)}."
            )
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        return tuple([tensor[index] for tensor in self.tensors])

    def __getrows__(self) -> Callable[[np.ndarray], Any]:
        return lambda at: [_rows(tensor, at) for tensor in self.tensors]

    def __len__(self) -> int:
        return len(self.tensors[0])


class StackDataset(Dataset[Any]):
    """Data sets of one length side by side: samples are tuples, or dicts where they have names.

    Raises ValueError where the lengths differ, or both forms are mixed.

    >>> StackDataset(image=[1, 2], text=["one", "two"])[1]
    {'image': 2, 'text': 'two'}
    """

    datasets: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if bool(args) == bool(kwargs):
            raise ValueError(
                "StackDataset: data sets are given by position or by name; got "
                f"{'both' if args else 'none'}."
            )
        self.datasets = args or kwargs
        lengths = [len(one) for one in (args or kwargs.values())]
        if min(lengths) != max(lengths):
            raise ValueError(f"StackDataset: data sets must have one length; got {lengths}.")
        self._length = lengths[0]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(self.datasets, dict):
            return {name: one[index] for name, one in self.datasets.items()}
        return tuple([one[index] for one in self.datasets])

    def __getitems__(self, indices: Any) -> list[Any]:
        """The samples of a batch, each data set asked once where it can be."""
        named = isinstance(self.datasets, dict)
        columns = []
        for one in self.datasets.values() if named else self.datasets:
            columns.append(samples_of(one, indices))
            if len(columns[-1]) != len(indices):
                raise ValueError(
                    f"StackDataset: __getitems__ must give a sample per index; that of "
                    f"{type(one).__name__} gave {len(columns[-1])} for {len(indices)}."
                )
        rows = list(zip(*columns))
        return [dict(zip(self.datasets, row)) for row in rows] if named else rows

    def __len__(self) -> int:
        return self._length


class ConcatDataset(Dataset[T_co]):
    """Data sets one after another. Raises ValueError without any, TypeError for iterable ones.

    >>> ConcatDataset([[1, 2], [3]])[-1]
    3
    """

    datasets: list[Any]
    cumulative_sizes: list[int]

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise ValueError("ConcatDataset: at least one data set is needed; got none.")
        if any(isinstance(one, IterableDataset) for one in self.datasets):
            raise TypeError(
                "ConcatDataset: its data sets are read by index; got an IterableDataset. Use "
                "ChainDataset."
            )
        self.cumulative_sizes = self.cumsum(self.datasets)

    @staticmethod
    def cumsum(sequence: Iterable[Any]) -> list[int]:
        """The sums of the lengths so far."""
        return list(accumulate(len(one) for one in sequence))

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, idx: int) -> T_co:
        if idx < 0:
            if -idx > len(self):
                raise ValueError(
                    f"ConcatDataset: an index must be at least -{len(self)}; got {idx}."
                )
            idx += len(self)
        at = bisect_right(self.cumulative_sizes, idx)
        if at == len(self.datasets):
            raise IndexError(f"ConcatDataset: an index must be below {len(self)}; got {idx}.")
        found: T_co = self.datasets[at][idx - self.cumulative_sizes[at] + len(self.datasets[at])]
        return found


class ChainDataset(IterableDataset[Any]):
    """Iterable data sets one after another. Raises TypeError for one that is not iterable.

    Its length is the sum of their lengths.

    >>> class Up(IterableDataset):
    ...     def __init__(self, n):
    ...         self.n = n
    ...     def __iter__(self):
    ...         return iter(range(self.n))
    >>> list(ChainDataset([Up(2), Up(3)]))
    [0, 1, 0, 1, 2]
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = datasets

    def _checked(self) -> Iterator[Any]:
        for one in self.datasets:
            if not isinstance(one, IterableDataset):
                raise TypeError(
                    f"ChainDataset: expected IterableDatasets; got {type(one).__name__}. Use "
                    "ConcatDataset."
                )
            yield one

    def __iter__(self) -> Iterator[Any]:
        for one in self._checked():
            yield from one

    def __len__(self) -> int:
        return sum(len(one) for one in self._checked())


class Subset(Dataset[T_co]):
    """The samples of a data set that ``indices`` name, in their order.

    A subclass that overrides ``__getitem__`` overrides ``__getitems__`` too, which raises
    NotImplementedError otherwise.

    >>> Subset("abcdef", [4, 2])[0]
    'e'
    """

    dataset: Any
    indices: Sequence[int]

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        own = type(self)
        if own.__getitem__ is not Subset.__getitem__ and own.__getitems__ is Subset.__getitems__:
            raise NotImplementedError(
                f"{own.__name__}: batches are read by __getitems__, and only __getitem__ is "
                "overridden. Add: def __getitems__(self, indices): return [self[i] for i in "
                "indices]."
            )
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, idx: Any) -> Any:
        if isinstance(idx, list):
            return self.dataset[[self.indices[i] for i in idx]]
        return self.dataset[self.indices[idx]]

    def __getitems__(self, indices: Any) -> list[Any]:
        """The samples of a batch."""
        return samples_of(self.dataset, [self.indices[i] for i in indices])

    def __getrows__(self) -> Callable[[np.ndarray], Any] | None:
        rows, own = rows_of(self.dataset), np.array(self.indices)
        if rows is None or own.ndim != 1 or not np.issubdtype(own.dtype, np.signedinteger):
            return None
        return lambda at: rows(own[at])

    def __len__(self) -> int:
        return len(self.indices)


def samples_of(dataset: Any, indices: Any) -> Any:
    """The samples at ``indices``, by one call where the data set offers one."""
    several = getattr(dataset, "__getitems__", None)
    return several(indices) if callable(several) else [dataset[i] for i in indices]


def rows_of(dataset: Any) -> Callable[[np.ndarray], Any] | None:
    """A function from indices to a whole batch, as ``default_collate`` would put it together.

    A data set whose samples are rows of arrays has ``__getrows__``, which gives it, or None. It
    counts only where the class that defines it also says what a sample is.
    """
    if isinstance(dataset, TensorBase):
        return lambda at: _rows(dataset, at)
    kind = type(dataset)
    home: Any = next((one for one in kind.__mro__ if "__getrows__" in vars(one)), None)
    for name in ("__getitem__", "__getitems__"):
        if home is None or getattr(kind, name, None) is not getattr(home, name, None):
            return None
    return dataset.__getrows__()


def _rows(tensor: Any, at: np.ndarray) -> Any:
    if tensor._edge is None:  # nothing to record: a third of the time for small rows
        return wrap(tensor._data[at], None, tensor)
    return tensor[at]


def random_split(
    dataset: Any,
    lengths: Sequence[int | float],
    generator: Generator | None = default_generator,
) -> list[Subset[Any]]:
    """Cut a data set at random into subsets of the given lengths, or fractions that sum to 1.

    Of fractions the floors are taken; what is left over goes one by one to the first ones. Raises
    ValueError where the lengths do not sum to the data set's.

    >>> [len(part) for part in random_split(range(10), [0.5, 0.25, 0.25])]
    [6, 2, 2]
    """
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        lengths = _counts(len(dataset), lengths)
    if sum(lengths) != len(dataset):
        raise ValueError(
            f"random_split: lengths must sum to the data set's {len(dataset)}, or to 1; got "
            f"{list(lengths)}."
        )
    order = permutation(int(sum(lengths)), generator).tolist()
    ends = accumulate(lengths)
    return [Subset(dataset, order[int(end - n) : int(end)]) for end, n in zip(ends, lengths)]


def _counts(n: int, fractions: Sequence[float]) -> list[int]:
    """How many of ``n`` each of the fractions gets."""
    for i, fraction in enumerate(fractions):
        if not 0 <= fraction <= 1:
            raise ValueError(
                f"random_split: a fraction must be in [0, 1]; number {i} is {fraction}."
            )
    counts = [math.floor(n * fraction) for fraction in fractions]
    for i in range(n - sum(counts)):
        counts[i % len(counts)] += 1
    for i, count in enumerate(counts):
        if count == 0:
            warnings.warn(f"random_split: part {i} is empty.", stacklevel=3)
    return counts
