"""Comparisons and tests of numbers: none of them has a gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_numeric, number_of
from autograd.arrays.errors import OptionError
from autograd.arrays.remedies import to_broadcast
from autograd.engine.dispatch import implements
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.ops.pointwise.arithmetic import Constant

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = [
    "allclose", "eq", "equal", "ge", "greater", "greater_equal", "gt", "isclose", "isfinite",
    "isinf", "isnan", "le", "less", "less_equal", "lt", "ne", "not_equal",
]  # fmt: skip


class Comparison(Constant):
    """Two values compared; an integer of any size with integers of any width."""

    @classmethod
    def of_one_dtype(cls, *args: Any) -> list[Any]:
        for number, other in (args, args[::-1]):
            if type(number) is int and dtypes.integral(other.dtype):  # NumPy compares it as it is
                return [*args]
        return super().of_one_dtype(*args)


@implements(np.equal)
class Equal(Comparison):
    def forward(self, x, y):
        return x == y


@implements(np.not_equal)
class NotEqual(Comparison):
    def forward(self, x, y):
        return x != y


@implements(np.less)
class Less(Comparison):
    ordered = True

    def forward(self, x, y):
        return x < y


@implements(np.less_equal)
class LessEqual(Comparison):
    ordered = True

    def forward(self, x, y):
        return x <= y


@implements(np.greater)
class Greater(Comparison):
    ordered = True

    def forward(self, x, y):
        return x > y


@implements(np.greater_equal)
class GreaterEqual(Comparison):
    ordered = True

    def forward(self, x, y):
        return x >= y


@implements(np.isnan)
class IsNan(Constant):
    def forward(self, x):
        return np.isnan(x)


@implements(np.isinf)
class IsInf(Constant):
    def forward(self, x):
        return np.isinf(x)


@implements(np.isfinite)
class IsFinite(Constant):
    def forward(self, x):
        return np.isfinite(x)


def eq(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether input = other, element by element: a bool tensor.

    >>> import autograd
    >>> autograd.eq(autograd.tensor([1, 2, 3]), 2)
    tensor([False,  True, False])
    """
    return Equal.apply(input, other)


def ne(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether input ≠ other, element by element: a bool tensor.

    >>> import autograd
    >>> autograd.ne(autograd.tensor([1, 2, 3]), 2)
    tensor([ True, False,  True])
    """
    return NotEqual.apply(input, other)


def lt(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether input < other, element by element: a bool tensor.

    >>> import autograd
    >>> autograd.lt(autograd.tensor([1, 2, 3]), 2)
    tensor([ True, False, False])
    """
    return Less.apply(input, other)


def le(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether input ≤ other, element by element: a bool tensor.

    >>> import autograd
    >>> autograd.le(autograd.tensor([1, 2, 3]), 2)
    tensor([ True,  True, False])
    """
    return LessEqual.apply(input, other)


def gt(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether input > other, element by element: a bool tensor.

    >>> import autograd
    >>> autograd.gt(autograd.tensor([1, 2, 3]), 2)
    tensor([False, False,  True])
    """
    return Greater.apply(input, other)


def ge(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether input ≥ other, element by element: a bool tensor.

    >>> import autograd
    >>> autograd.ge(autograd.tensor([1, 2, 3]), 2)
    tensor([False,  True,  True])
    """
    return GreaterEqual.apply(input, other)


def isnan(input: Tensor) -> Tensor:
    """Whether an element is NaN.

    >>> import autograd
    >>> autograd.isnan(autograd.tensor([0.0, float("inf"), float("nan")]))
    tensor([False, False,  True])
    """
    return IsNan.apply(input)


def isinf(input: Tensor) -> Tensor:
    """Whether an element is ∞ or -∞.

    >>> import autograd
    >>> autograd.isinf(autograd.tensor([0.0, float("inf"), float("nan")]))
    tensor([False,  True, False])
    """
    return IsInf.apply(input)


def isfinite(input: Tensor) -> Tensor:
    """Whether an element is neither infinite nor NaN.

    >>> import autograd
    >>> autograd.isfinite(autograd.tensor([0.0, float("inf"), float("nan")]))
    tensor([ True, False, False])
    """
    return IsFinite.apply(input)


@implements(np.isclose)
def isclose(
    input: TensorLike,
    other: TensorLike,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> Tensor:
    """Whether |input - other| ≤ atol + rtol · |other|, element by element.

    >>> import autograd
    >>> autograd.isclose(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 2.1]))
    tensor([ True, False])
    """
    x, y, rtol, atol = _closeness("isclose", input, other, rtol, atol)
    return wrap(np.isclose(x, y, rtol, atol, equal_nan), None)


@implements(np.allclose)
def allclose(
    input: TensorLike,
    other: TensorLike,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> bool:
    """Whether :func:`isclose` holds for every element.

    >>> import autograd
    >>> autograd.allclose(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 2.1]))
    False
    """
    x, y, rtol, atol = _closeness("allclose", input, other, rtol, atol)
    return bool(np.allclose(x, y, rtol, atol, equal_nan))


def _closeness(call: str, input: Any, other: Any, rtol: Any, atol: Any) -> tuple[Any, ...]:
    """The arguments of np.isclose, checked."""
    check_numeric(call, input=input, other=other)
    x, y = unwrap(input), unwrap(other)
    try:
        np.broadcast_shapes(np.shape(x), np.shape(y))
    except ValueError:
        raise ShapeError(
            f"{call}: shapes must broadcast (equal or 1 along each axis, counted from the last); "
            f"got {np.shape(x)} and {np.shape(y)}. {to_broadcast([np.shape(x), np.shape(y)])}"
        ) from None
    rtol, atol = number_of(call, "rtol", rtol), number_of(call, "atol", atol)
    if rtol < 0 or atol < 0:
        raise OptionError(f"{call}: rtol and atol must be 0 or more; got {rtol} and {atol}.")
    return x, y, rtol, atol


def equal(input: TensorLike, other: TensorLike) -> bool:
    """Whether two tensors have the same shape and the same values.

    >>> import autograd
    >>> autograd.equal(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 2.0]))
    True
    """
    check_numeric("equal", input=input, other=other)
    return bool(np.array_equal(unwrap(input), unwrap(other)))


not_equal = ne

less = lt

less_equal = le

greater = gt

greater_equal = ge
