"""How a function of SciPy is called on traced values, and what stands for it without SciPy."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from typing import Any

import numpy as np

from autograd.arrays.dtypes import differentiable
from autograd.engine.dispatch import numpys
from autograd.engine.graph import TensorBase, wrap
from autograd.numpy.table import is_traced
from autograd.tensors.array import as_array, as_tensor


@cache
def part_of_scipy(part: str) -> Any:
    """SciPy's module of this name, "special" say; None where SciPy is not installed."""
    try:
        return import_module(f"scipy.{part}")
    except ImportError:
        return None


def needed(part: str, what: str) -> Any:
    """SciPy's module of this name, for what cannot do without. Raises ImportError."""
    module = part_of_scipy(part)
    if module is None:
        raise ImportError(
            f"{what}: needs SciPy, which is not installed. Run pip install 'gradloom[scipy]'."
        )
    return module


def entered(part: str, name: str, way: Callable[..., Any]) -> Any:
    """SciPy's function ``part.name`` where no value is traced; else ``way``, on tensors.

    SciPy's own function called on an Array finds the same way. Without SciPy, it is what plain
    values are given to as well.
    """
    owner = part_of_scipy(part.partition(".")[0])
    for step in (*part.split(".")[1:], name):
        owner = getattr(owner, step, None)

    def on_arrays(*args: Any, **options: Any) -> Any:
        out = way(*map(as_tensor, args), **{key: as_tensor(x) for key, x in options.items()})
        if not _numpys((*args, *options.values())):
            return out
        return tuple(map(as_array, out)) if isinstance(out, tuple) else as_array(out)

    if isinstance(owner, np.ufunc):
        numpys[owner] = on_arrays

    @wraps(way)
    def call(*args: Any, **options: Any) -> Any:
        if any(map(is_traced, args)) or any(map(is_traced, options.values())):
            return on_arrays(*args, **options)
        if owner is None:
            return _on_plain(way, args, options)
        return owner(*args, **options)

    call.__name__ = name
    return call


def _numpys(values: Any) -> bool:
    """Whether an Array is there, in tuples and lists too."""
    return any(
        _numpys(x) if isinstance(x, (list, tuple)) else getattr(x, "_numpys", False) for x in values
    )


def _on_plain(way: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """``way`` of constants."""

    def plain(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(plain, value))
        return value._data if isinstance(value, TensorBase) else value

    first = next((i for i, arg in enumerate(args) if isinstance(arg, (float, int, np.ndarray))), 0)
    constants = [
        wrap(np.asarray(arg, np.result_type(np.asarray(arg), 0.0))[()], None) if i == first else arg
        for i, arg in enumerate(args)
    ]
    return plain(way(*constants, **options))


def floats(*values: Any) -> list[Any]:
    """Plain values as arrays or numbers of a floating dtype; traced ones as they are."""
    return [
        value
        if isinstance(value, TensorBase)
        else np.asarray(value, np.result_type(np.asarray(value), np.float16)
                        if differentiable(np.asarray(value).dtype) else np.float64)[()]
        for value in values
    ]  # fmt: skip


def without_slope(call: str, argument: str) -> NotImplementedError:
    """The error for a parameter by which a function is not differentiated."""
    return NotImplementedError(
        f"{call}: has no derivative by {argument}, which is differentiated here. Keep it constant."
    )
