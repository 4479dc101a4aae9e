"""All numbers of tensors in a row, and their places: complex ones are pairs of real ones."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays import dtypes


def numbers(array: Any) -> Any:
    """An array's real numbers in a row, those of complex ones in pairs; its memory where it can."""
    flat = np.asarray(array).reshape(-1)
    return flat.view(np.float64) if dtypes.complex_valued(flat.dtype) else flat


def zeros_like(outputs: list[Any]) -> list[Any]:
    return [np.zeros(out._data.shape, out._data.dtype) for out in outputs]


def now_of(outputs: list[Any]) -> tuple[Any, Any]:
    """All numbers of the outputs, and for each the largest one of its output."""
    rows = [numbers(out._data) for out in outputs]
    largest = [np.max(np.abs(row), where=np.isfinite(row), initial=0.0) for row in rows]
    spread = [np.full(row.shape, n) for row, n in zip(rows, largest)]
    return np.concatenate(rows), np.concatenate(spread)


def normal(stream: Any, like: Any) -> Any:
    drawn = np.zeros(np.shape(like), getattr(like, "dtype", np.float64))
    numbers(drawn)[...] = stream.normal(size=numbers(drawn).size)
    return drawn


def count(tensor: Any) -> int:
    """How many real numbers a tensor holds."""
    return math.prod(tensor.shape) * (2 if dtypes.complex_valued(tensor._data.dtype) else 1)


def place(at: tuple[int, ...]) -> str:
    """An index as it is written in brackets; a 0-d value has none."""
    return f"[{', '.join(map(str, at))}]" if at else "()"


def written(number: int, tensor: Any) -> str:
    """The place of a number, as an index; of complex ones with the part that it is."""
    part = ""
    if dtypes.complex_valued(tensor._data.dtype):
        number, second = divmod(int(number), 2)
        part = " (imaginary part)" if second else " (real part)"
    at = np.unravel_index(int(number), tuple(tensor.shape))
    return place(tuple(int(n) for n in at)) + part
