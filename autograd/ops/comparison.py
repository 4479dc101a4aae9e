"""Comparisons, tests of numbers, logic and bits: none of them has a gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import check_numeric, number_of
from autograd.checks import on_arrays
from autograd.dispatch import implements
from autograd.elementwise import Elementwise
from autograd.graph import TensorBase, unwrap, wrap

if TYPE_CHECKING:
    from autograd.annotations import Tensor, TensorLike


class Constant(Elementwise):
    """An op without a gradient: its result is in no graph, and nothing is recorded."""

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """The result as a tensor; the raw one where no argument is a Tensor."""
        arrays = [unwrap(value) for value in args]
        if not any([isinstance(value, TensorBase) for value in args]):
            return on_arrays(cls, cls().forward, args)
        if len(arrays) == 2 and (
            getattr(arrays[0], "dtype", 0) is not getattr(arrays[1], "dtype", 1)
        ):
            x, y = arrays
            if type(y) in (int, float) and x.dtype.kind == "f":  # by far the most frequent case
                arrays = [x, x.dtype.type(y)]
            else:
                arrays = [unwrap(value) for value in cls.of_one_dtype(*args)]
        try:
            return wrap(cls().forward(*arrays), None)
        except ValueError as error:
            raise cls._shape_error(arrays, error) from None
        except TypeError as error:
            raise cls._dtype_error(arrays, error) from None


class Comparison(Constant):
    """Two values compared; an integer of any size with integers of any width."""

    @classmethod
    def of_one_dtype(cls, *args: Any) -> list[Any]:
        for number, other in (args, args[::-1]):
            if type(number) is int and other.dtype.kind in "iu":  # NumPy compares it as it is
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
    def forward(self, x, y):
        return x < y


@implements(np.less_equal)
class LessEqual(Comparison):
    def forward(self, x, y):
        return x <= y


@implements(np.greater)
class Greater(Comparison):
    def forward(self, x, y):
        return x > y


@implements(np.greater_equal)
class GreaterEqual(Comparison):
    def forward(self, x, y):
        return x >= y


@implements(np.logical_and)
class LogicalAnd(Constant):
    def forward(self, x, y):
        return np.logical_and(x, y)


@implements(np.logical_or)
class LogicalOr(Constant):
    def forward(self, x, y):
        return np.logical_or(x, y)


@implements(np.logical_xor)
class LogicalXor(Constant):
    def forward(self, x, y):
        return np.logical_xor(x, y)


@implements(np.bitwise_and)
class BitwiseAnd(Constant):
    def forward(self, x, y):
        return np.bitwise_and(x, y)


@implements(np.bitwise_or)
class BitwiseOr(Constant):
    def forward(self, x, y):
        return np.bitwise_or(x, y)


@implements(np.bitwise_xor)
class BitwiseXor(Constant):
    def forward(self, x, y):
        return np.bitwise_xor(x, y)


@implements(np.logical_not)
class LogicalNot(Constant):
    def forward(self, x):
        return np.logical_not(x)


@implements(np.bitwise_not)
class BitwiseNot(Constant):
    def forward(self, x):
        return np.bitwise_not(x)


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


def logical_and(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether both are true (not 0), element by element.

    >>> import autograd
    >>> autograd.logical_and(autograd.tensor([True, True, False]), True)
    tensor([ True,  True, False])
    """
    return LogicalAnd.apply(input, other)


def logical_or(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether at least one is true (not 0), element by element.

    >>> import autograd
    >>> autograd.logical_or(autograd.tensor([True, True, False]), True)
    tensor([True, True, True])
    """
    return LogicalOr.apply(input, other)


def logical_xor(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether exactly one is true (not 0), element by element.

    >>> import autograd
    >>> autograd.logical_xor(autograd.tensor([True, True, False]), True)
    tensor([False, False,  True])
    """
    return LogicalXor.apply(input, other)


def logical_not(input: Tensor) -> Tensor:
    """Whether an element is false (0).

    >>> import autograd
    >>> autograd.logical_not(autograd.tensor([True, True, False]))
    tensor([False, False,  True])
    """
    return LogicalNot.apply(input)


def bitwise_and(input: TensorLike, other: TensorLike) -> Tensor:
    """The bits that both have; for bools, the logic. Integers and bools only.

    >>> import autograd
    >>> autograd.bitwise_and(autograd.tensor([1, 2, 3]), 1)
    tensor([1, 0, 1])
    """
    return BitwiseAnd.apply(input, other)


def bitwise_or(input: TensorLike, other: TensorLike) -> Tensor:
    """The bits that at least one has; for bools, the logic. Integers and bools only.

    >>> import autograd
    >>> autograd.bitwise_or(autograd.tensor([1, 2, 3]), 1)
    tensor([1, 3, 3])
    """
    return BitwiseOr.apply(input, other)


def bitwise_xor(input: TensorLike, other: TensorLike) -> Tensor:
    """The bits that exactly one has; for bools, the logic. Integers and bools only.

    >>> import autograd
    >>> autograd.bitwise_xor(autograd.tensor([1, 2, 3]), 1)
    tensor([0, 3, 2])
    """
    return BitwiseXor.apply(input, other)


def bitwise_not(input: Tensor) -> Tensor:
    """Every bit turned over; for bools, not. Integers and bools only.

    >>> import autograd
    >>> autograd.bitwise_not(autograd.tensor([1, 2, 3]))
    tensor([-2, -3, -4])
    """
    return BitwiseNot.apply(input)


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
        raise ValueError(
            f"{call}: shapes must broadcast (equal or 1 along each axis, counted from the last); "
            f"got {np.shape(x)} and {np.shape(y)}. Reshape one of them."
        ) from None
    return x, y, number_of(call, "rtol", rtol), number_of(call, "atol", atol)


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
