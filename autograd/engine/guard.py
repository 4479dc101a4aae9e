"""What is asked of an op where it runs: of its arguments, its outputs and its gradients.

The ops of this package keep their promises and skip most of it; an op from outside is looked at.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_numeric, check_tensors
from autograd.engine.graph import TensorBase


def checked_gradient(op: Any, g: Any, shape: tuple[int, ...]) -> Any:
    """``g``, which must have the shape of the input that it is the gradient of, or be None."""
    if g is None:
        return None
    found = getattr(g, "shape", None)
    if found != shape:
        got = type(g).__name__ if found is None else tuple(found)
        raise RuntimeError(
            f"{op.name()}: a gradient must have its input's shape {tuple(shape)}; got {got}. "
            "Sum over the axes along which the input was broadcast."
        )
    return g


def refuse_tensors(op: Any, options: dict[str, Any]) -> None:
    """Raise TypeError for a Tensor among an op's keyword arguments, which are static facts."""
    for name, value in options.items():
        if isinstance(value, TensorBase):
            raise TypeError(
                f"{op.name()}: tensors are given by position; got one for {name}. Keyword "
                "arguments are static facts, which have no gradient."
            )


def array_like(op: Any, d: Any, g: Any) -> Any:
    """A gradient that an op from outside computed: an array, where ``g`` is one."""
    if isinstance(d, TensorBase) and not isinstance(g, TensorBase):
        d = d._data  # Tensors took part as constants
    if hasattr(d, "dtype") and not dtypes.numeric(d.dtype):
        raise RuntimeError(
            f"{op.name()}: a gradient must be an array of numbers; got one of {d.dtype}. Compute "
            "it from g by NumPy's functions."
        )
    return d


def on_arrays(op: Any, forward: Any, args: Any, options: dict[str, Any] | None = None) -> Any:
    """The raw result of an op where there is no tensor: arrays, or numbers.

    Raises TypeError where the first of ``args`` is neither.
    """
    try:
        out = forward(*args, **(options or {}))
    except (TypeError, AttributeError, ValueError) as error:
        first = dict(zip(op.inputs[:1], args))  # noqa: B905
        check_numeric(op.name(), **first)
        if not isinstance(error, ValueError):  # numbers or a list, which forward cannot do with
            check_tensors(op.name(), **first)
        raise
    if args and not hasattr(args[0], "dtype"):
        check_numeric(op.name(), **dict(zip(op.inputs[:1], args)))  # noqa: B905
    return out


def checked_output(op: Any, out: Any, inputs: list[Any]) -> Any:
    """What the forward of an op from outside returned: arrays, none of them an input itself."""
    if type(out) is tuple:
        return tuple([checked_output(op, one, inputs) for one in out])
    dtype = getattr(out, "dtype", None)
    if dtype is None or not dtypes.numeric(dtype) or isinstance(out, TensorBase):
        got = type(out).__name__ if dtype is None else f"{type(out).__name__} of {dtype}"
        raise TypeError(
            f"{op.name()}: forward must return an array of numbers; it returned {got}. "
            "It is given arrays, and NumPy's functions of them are arrays."
        )
    return out[...] if any([out is value for value in inputs]) else out


def looks_at(out: Any, array: Any) -> bool:
    """Whether the output of an op from outside shares the memory of its first input."""
    if type(out) is tuple:
        return any([looks_at(one, array) for one in out])
    shares = getattr(out, "base", None) is not None and hasattr(array, "strides")
    return shares and bool(np.may_share_memory(out, array))
