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
from autograd.numpy.noting import concerns, noted, open_traces
from autograd.numpy.table import by_tensors, is_traced, plain


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

    on_arrays = by_tensors(way)
    if isinstance(owner, np.ufunc):
        numpys[owner] = on_arrays

    @wraps(way)
    def call(*args: Any, **options: Any) -> Any:
        if open_traces and concerns(args, options):
            return noted(call, args, options)
        if any(map(is_traced, args)) or any(map(is_traced, options.values())):
            return numpys.get(call, on_arrays)(*args, **options)  # unless a rule was told
        if owner is None:
            return _on_plain(way, args, options)
        return owner(*args, **options)

    call.__name__ = name
    call.on_arrays = on_arrays  # type: ignore[attr-defined]
    return call


def _on_plain(way: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """``way`` of constants: the first floating one, or the first, as a tensor."""
    numbers = [i for i, arg in enumerate(args) if isinstance(arg, (float, int, np.ndarray))]
    floating = [i for i in numbers if differentiable(np.asarray(args[i]).dtype)]
    first = (floating or numbers or [0])[0]
    constants = [wrap(floats(arg)[0], None) if i == first else arg for i, arg in enumerate(args)]
    found = plain(way(*constants, **options))
    return found[()] if isinstance(found, np.ndarray) else found


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
