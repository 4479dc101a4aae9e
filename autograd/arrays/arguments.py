"""What functions ask of their arguments, where an operation would not say it as well.

Most are called where something failed already: what goes well pays nothing for them.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.errors import DtypeError, OptionError

Raised = TypeVar("Raised", bound=Exception)

places: list[Callable[[Any], Any]] = []  # what says in an error where it was: the engine fills it


def _placed(error: Raised) -> Raised:
    for say in places:
        say(error)
    return error


def check_tensors(call: str, **given: Any) -> None:
    """Raise TypeError for an argument that is neither a tensor nor an array."""
    for name, value in given.items():
        if not (hasattr(value, "dtype") and hasattr(value, "shape")):
            remedy = "Make one: autograd.tensor(...)"
            if isinstance(value, tuple) and any([hasattr(one, "dtype") for one in value]):
                remedy = "Take one of it: an LSTM, say, returns (output, state), so x, _ = lstm(x)"
            elif isinstance(value, list) and any([hasattr(one, "dtype") for one in value]):
                remedy = "Join them: autograd.stack(x), or cat"
            elif hasattr(value, "forward"):
                remedy = "A layer is made, then called: layer = ReLU(), and layer(x)"
            elif value is None:
                remedy = "Pass one; a forward without return gives None"
            raise _placed(
                TypeError(f"{call}: {name} must be a tensor; got {type(value).__name__}. {remedy}.")
            )


def check_numeric(call: str, **given: Any) -> None:
    """Raise TypeError for an argument that holds anything else than numbers."""
    for name, value in given.items():
        if not dtypes.numeric((value if hasattr(value, "dtype") else np.asarray(value)).dtype):
            raise TypeError(
                f"{call}: {name} must be a tensor or numbers; got {value!r:.60} of type "
                f"{type(value).__name__}. Make one: autograd.tensor(...)."
            )


def no_order(call: str, dtype: Any) -> DtypeError:
    """What to raise where complex numbers would have to be put in order."""
    return DtypeError(
        f"{call}: complex numbers have no order; got {dtype}. Order a real part of them, as "
        "z.abs() or z.real, and gather at its indices."
    )


def check_ordered(call: str, x: Any) -> None:
    """Raise TypeError where ``x``, a tensor or an array, holds complex numbers."""
    if dtypes.complex_valued(x.dtype):
        raise no_order(call, x.dtype)


def number_of(call: str, name: str, value: Any) -> float:
    """A number, also one that comes as a tensor of one element; TypeError for anything else."""
    if type(value) is float:
        return value
    if getattr(value, "_edge", None) is not None:
        raise TypeError(
            f"{call}: {name} must be a number, which has no gradient; got a tensor that requires "
            "grad. Write the function out, or detach it."
        )
    if not isinstance(value, (str, bytes)):
        try:
            return float(value)
        except (TypeError, ValueError, RuntimeError):
            pass
    raise TypeError(f"{call}: {name} must be a number; got {value!r:.60}. Pass a float.")


def check_numbers(call: str, **given: Any) -> None:
    """Raise TypeError for an argument that is not a number, as :func:`number_of` does."""
    for name, value in given.items():
        number_of(call, name, value)


def check_flags(call: str, **given: Any) -> None:
    """Raise TypeError for an argument that is neither true nor false."""
    for name, value in given.items():
        if not (isinstance(value, (bool, int, np.bool_)) and value in (0, 1)):
            raise not_a_flag(call, name, value)


def not_a_flag(call: str, name: str, value: Any) -> TypeError:
    """What to raise of a ``value`` that should be true or false; a layer may be given tensors."""
    got, remedy = f"{value!r:.60}", "Pass one of them"
    if hasattr(value, "shape"):
        got = f"a tensor of shape {tuple(value.shape)}"
        if str(call)[:1].isupper():
            remedy = f"Make the layer first, then call it: {call}()(...)"
    return _placed(TypeError(f"{call}: {name} must be True or False; got {got}. {remedy}."))


def integer_of(call: str, name: str, value: Any) -> int:
    """A whole number, also one that comes as a tensor; TypeError for anything else."""
    if type(value) is int:
        return value
    try:
        if value is True or value is False or dtypes.boolean(getattr(value, "dtype", dtypes.int64)):
            raise TypeError
        return operator.index(value)
    except (TypeError, ValueError, RuntimeError):
        raise DtypeError(
            f"{call}: {name} must be a whole number; got {value!r:.60}. Pass an int."
        ) from None


def count_of(call: str, name: str, value: Any, least: int = 0) -> int:
    """A whole number of at least ``least``; TypeError for other kinds, ValueError for less."""
    count = integer_of(call, name, value)
    if count < least:
        raise OptionError(f"{call}: {name} must be {least} or more; got {count}. Pass a size.")
    return count


# -- filled ---------------------------------------------------------------------------------------


def size_of(name: str, size: Sequence[Any]) -> tuple[int, ...]:
    """A size given as numbers or as one sequence, checked."""
    if len(size) == 1:
        first: Any = size[0]
        if first.ndim if hasattr(first, "ndim") else not hasattr(first, "__index__"):
            size = first
    try:
        shape = tuple([n.__index__() for n in size])
        few = 0 in shape or 1 in shape
        if few and bool in map(type, size):
            raise TypeError
    except (TypeError, AttributeError, RuntimeError):
        raise TypeError(
            f"{name}: a size is made of integers; got {size!r:.60}. Write 2, 3 or (2, 3)."
        ) from None
    if shape and min(shape) < 0:
        raise OptionError(f"{name}: sizes must not be negative; got {shape}.")
    # of 16 bytes at most, which NumPy must be able to count, also where there are none
    if math.prod([n or 1 for n in shape] if few else shape) >= 2**59:
        raise ValueError(
            f"{name}: a tensor must fit into memory; one of size {shape} does not. Check the sizes."
        )
    return shape


ALL = slice(None)


# -- axes -----------------------------------------------------------------------------------------


def axis_of(call: str, x: Any, dim: Any) -> int:
    """``dim`` counted from the first axis of ``x``; a 0-d ``x`` counts as one of one axis.

    Raises IndexError out of range, TypeError for what is no integer.

    >>> import numpy as np
    >>> axis_of("sum", np.ones((2, 3)), -1)
    1
    """
    try:
        if dim is True or dim is False:  # x.sum(True) would silently be x.sum(1)
            raise TypeError
        dim = operator.index(dim)
        n = x.ndim or 1
    except TypeError:
        raise _placed(TypeError(f"{call}: dim must be an integer; got {dim!r}.")) from None
    except AttributeError:
        check_tensors(call, input=x)
        raise
    if not -n <= dim < n:
        raise _placed(
            IndexError(
                f"{call}: dim must be between {-n} and {n - 1}; got {dim} for shape "
                f"{tuple(x.shape)}. The last axis is -1."
            )
        )
    return dim % n


def axes(call: str, x: Any, dim: Any, empty: tuple[()] | None = None) -> Any:
    """``dim`` (None, an integer, several) as NumPy's axis: None, an integer, a tuple.

    No axes at all, ``()``, are as good as None unless ``empty`` says otherwise. Raises IndexError
    out of range, RuntimeError where an axis is named twice.

    >>> import numpy as np
    >>> axes("sum", np.ones((2, 3, 4)), [0, -1])
    (0, 2)
    """
    if dim is None:
        return None
    if not isinstance(dim, (tuple, list)):
        axis = axis_of(call, x, dim)
        return axis if x.ndim else None
    found = tuple(axis_of(call, x, one) for one in dim)
    if len({*found}) < len(found):
        raise RuntimeError(f"{call}: each axis may be named once in dim; got {tuple(dim)}.")
    return (found if x.ndim else None) if found else empty


# -- public: shapes -------------------------------------------------------------------------------


def listed(values: Sequence[Any], named: Any = None) -> tuple[Any, ...]:
    """Sizes or dims given one by one, as one sequence, or by name.

    >>> listed((2, 3)), listed(((2, 3),)), listed((), [2, 3])
    ((2, 3), (2, 3), (2, 3))
    """
    if named is not None:
        one = hasattr(named, "__index__") or not hasattr(named, "__iter__")
        return (named,) if one else tuple(named)
    if len(values) == 1 and type(values[0]) is not int and hasattr(values[0], "__iter__"):
        return tuple(values[0])
    return tuple(values)


# -- public: orders of the axes -------------------------------------------------------------------


def distinct_axes(call: str, x: Any, dims: Sequence[int]) -> tuple[int, ...]:
    """``dims`` counted from the first axis, each named once."""
    axes = tuple([axis_of(call, x, dim) for dim in dims])
    if len({*axes}) < len(axes):
        raise RuntimeError(f"{call}: each dim may be named once; got {tuple(dims)}.")
    return axes
