"""How the samples of a batch become one: ``default_collate`` and ``default_convert``."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.graph import TensorBase, wrap
from autograd.engine.places import ShapeError
from autograd.ops.shape.join import stack
from autograd.tensors.from_data import as_tensor, tensor

__all__ = ["collate", "default_collate", "default_collate_fn_map", "default_convert"]


def default_collate(batch: Any) -> Any:
    """Samples put together, along a new first axis.

    Tensors, arrays and numbers become tensors (B, *), Python floats of float64; strings stay a
    list; tuples, lists, named tuples and mappings are put together place by place, a tuple as a
    list. Raises TypeError for anything else, RuntimeError for sequences of different lengths.

    >>> default_collate([(0.5, "a"), (1.5, "b")])
    [tensor([0.5000, 1.5000], dtype=autograd.float64), ('a', 'b')]
    """
    return collate(batch, collate_fn_map=default_collate_fn_map)


def collate(batch: Any, *, collate_fn_map: Mapping[Any, Callable[..., Any]] | None = None) -> Any:
    """``default_collate`` with a function for each class of samples.

    ``collate_fn_map`` maps a class, or a tuple of classes, to a function of (batch,
    collate_fn_map=...). Containers are taken apart whatever it says.

    >>> collate([[1, 2], [3, 4]], collate_fn_map={int: lambda batch, collate_fn_map: sum(batch)})
    [4, 6]
    """
    first, table = batch[0], collate_fn_map or {}
    chosen = table.get(type(first)) or next(
        (function for kind, function in table.items() if isinstance(first, kind)), None
    )
    if chosen is not None:
        return chosen(batch, collate_fn_map=collate_fn_map)

    def together(samples: Any) -> Any:
        return collate(samples, collate_fn_map=collate_fn_map)

    if isinstance(first, Mapping):
        return _mapping_like(first, {key: together([one[key] for one in batch]) for key in first})
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*map(together, zip(*batch)))
    if isinstance(first, Sequence):
        if any(len(one) != len(first) for one in batch):
            raise RuntimeError(
                "default_collate: the samples of a batch must have one length; got "
                f"{[len(one) for one in batch]}. Pass a collate_fn that pads them."
            )
        columns = list(map(together, zip(*batch)))
        return columns if isinstance(first, tuple) else _sequence_like(first, columns)
    raise _unknown(type(first))


def default_convert(data: Any) -> Any:
    """One sample with its arrays as tensors: what a loader without batches does.

    >>> default_convert([np.arange(2), "a", 1])
    [tensor([0, 1]), 'a', 1]
    """
    if isinstance(data, TensorBase):
        return data
    if isinstance(data, (np.ndarray, np.generic)):
        return as_tensor(data) if dtypes.numeric(data.dtype) else data
    if isinstance(data, Mapping):
        return _mapping_like(data, {key: default_convert(one) for key, one in data.items()})
    if isinstance(data, tuple):
        converted = [default_convert(one) for one in data]
        return type(data)(*converted) if hasattr(data, "_fields") else converted
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return _sequence_like(data, [default_convert(one) for one in data])
    return data


def _mapping_like(first: Any, values: dict[Any, Any]) -> Any:
    """``values`` in the class of ``first``, with what else it holds; a dict where that fails."""
    try:
        if not isinstance(first, MutableMapping):
            return type(first)(values)
        made = copy.copy(first)
        made.update(values)
        return made
    except TypeError:
        return values


def _sequence_like(first: Any, values: list[Any]) -> Any:
    """``values`` in the class of ``first``, with what else it holds; a list where that fails."""
    try:
        if not isinstance(first, MutableSequence):
            return type(first)(values)
        made = copy.copy(first)
        made[:] = values
        return made
    except TypeError:
        return values


def _unknown(kind: Any) -> TypeError:
    return TypeError(
        "default_collate: samples must be tensors, arrays, numbers, strings, dicts or sequences; "
        f"got {kind}. Pass a collate_fn, or let the data set give tensors."
    )


# -- a batch of one kind ---------------------------------------------------------------------------


def _tensors(batch: Any, *, collate_fn_map: Any = None) -> Any:
    if all(getattr(one, "_edge", one) is None for one in batch):  # tensors, nothing to record
        rows = _rows([one._data for one in batch])
        if rows is not None:
            return wrap(rows, None, batch[0])
    shapes = [one._data.shape for one in batch if isinstance(one, TensorBase)]
    if len(set(shapes)) > 1:
        raise ShapeError(
            f"default_collate: the tensors of a batch must have one shape; got {shapes}. Crop or "
            "pad them, or pass a collate_fn."
        )
    return stack(list(batch))


def _arrays(batch: Any, *, collate_fn_map: Any = None) -> Any:
    if not dtypes.numeric(batch[0].dtype):
        raise _unknown(batch[0].dtype)
    rows = _rows(batch)
    if rows is not None:
        return as_tensor(rows)
    return collate([as_tensor(one) for one in batch], collate_fn_map=collate_fn_map)


def _rows(arrays: Any) -> Any:
    """NumPy's arrays (or scalars) of one shape and dtype as the rows of another; else None."""
    if not all(issubclass(kind, (np.ndarray, np.generic)) for kind in {*map(type, arrays)}):
        return None
    if len({one.shape for one in arrays}) > 1 or len({one.dtype for one in arrays}) > 1:
        return None
    return np.array(arrays)


def _numpy_numbers(batch: Any, *, collate_fn_map: Any = None) -> Any:
    return as_tensor(np.array(batch))


def _floats(batch: Any, *, collate_fn_map: Any = None) -> Any:
    return tensor(batch, dtype=dtypes.float64)


def _integers(batch: Any, *, collate_fn_map: Any = None) -> Any:
    return tensor(batch)


def _as_they_are(batch: Any, *, collate_fn_map: Any = None) -> Any:
    return batch


default_collate_fn_map: dict[Any, Callable[..., Any]] = {
    TensorBase: _tensors,
    np.ndarray: _arrays,
    (np.bool_, np.number): _numpy_numbers,
    float: _floats,
    int: _integers,
    str: _as_they_are,
    bytes: _as_they_are,
}
