"""Python's operators on tensors: ``+ - * / // % ** @ == < & | ^ ~ << >> []``, ``+=`` and kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from autograd.engine.graph import TensorBase
from autograd.ops.indexing import getitem
from autograd.ops.linalg import matmul
from autograd.ops.pointwise import arithmetic, comparison, logical, powers
from autograd.tensors.methods import pointwise as in_place

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

Own = TypeVar("Own", bound="Operators")


def _assigning(form: Callable[..., Any]) -> Callable[[Own, TensorLike], Own]:
    """The operator of an assignment, ``x += y``, from the in-place form of the operation."""

    def assign(self: Own, other: TensorLike) -> Own:
        form(self, other)
        return self

    return assign


def _at_first(name: str, op: Any) -> Callable[..., Any]:
    """An operator that puts the op's own ``apply`` in its place when it first runs.

    So there is no frame of our own between the operator and the op, and nothing is compiled at
    import.
    """

    def operator(*operands: Any) -> Any:
        setattr(Operators, name, op.ready())
        return op.apply(*operands)

    return operator


class Operators(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    if TYPE_CHECKING:  # what a checker and an editor see of the operators below

        def __add__(self, other: TensorLike) -> Tensor: ...
        def __sub__(self, other: TensorLike) -> Tensor: ...
        def __mul__(self, other: TensorLike) -> Tensor: ...
        def __truediv__(self, other: TensorLike) -> Tensor: ...
        def __matmul__(self, other: TensorLike) -> Tensor: ...
        def __neg__(self) -> Tensor: ...
        def __getitem__(self, index: Any) -> Tensor: ...
    else:
        __add__ = _at_first("__add__", arithmetic.Add)
        __sub__ = _at_first("__sub__", arithmetic.Subtract)
        __mul__ = _at_first("__mul__", arithmetic.Multiply)
        __truediv__ = _at_first("__truediv__", arithmetic.Divide)
        __matmul__ = matmul.matmul
        __neg__ = _at_first("__neg__", arithmetic.Negative)
        __getitem__ = getitem.getitem

    def __radd__(self: Any, other: TensorLike) -> Tensor:
        return NotImplemented if _is_sequence(other) else arithmetic.Add.apply(self, other)

    def __rsub__(self: Any, other: TensorLike) -> Tensor:
        return arithmetic.Subtract.apply(other, self)

    def __rmul__(self: Any, other: TensorLike) -> Tensor:
        return NotImplemented if _is_sequence(other) else arithmetic.Multiply.apply(self, other)

    def __rtruediv__(self: Any, other: TensorLike) -> Tensor:
        return arithmetic.Divide.apply(other, self)

    __rdiv__ = __rtruediv__

    def __rmatmul__(self: Any, other: Any) -> Tensor:
        return matmul.matmul(other, self)

    def __floordiv__(self: Any, other: TensorLike) -> Tensor:
        return arithmetic.floor_divide(self, other)

    def __rfloordiv__(self: Any, other: TensorLike) -> Tensor:
        return arithmetic.floor_divide(other, self)

    def __mod__(self: Any, other: TensorLike) -> Tensor:
        return arithmetic.remainder(self, other)

    def __rmod__(self: Any, other: TensorLike) -> Tensor:
        return arithmetic.remainder(other, self)

    def __pow__(self: Any, other: TensorLike) -> Tensor:
        return powers.pow(self, other)

    def __rpow__(self: Any, other: TensorLike) -> Tensor:
        return powers.pow(other, self)

    def __pos__(self: Any) -> Tensor:
        return self

    def __abs__(self: Any) -> Tensor:
        return arithmetic.abs(self)

    def __eq__(self: Any, other: Any) -> Tensor:  # type: ignore[override]
        return comparison.eq(self, other) if _is_numeric(other) else NotImplemented

    def __ne__(self: Any, other: Any) -> Tensor:  # type: ignore[override]
        return comparison.ne(self, other) if _is_numeric(other) else NotImplemented

    def __lt__(self: Any, other: Any) -> Tensor:
        return comparison.lt(self, other)

    def __le__(self: Any, other: Any) -> Tensor:
        return comparison.le(self, other)

    def __gt__(self: Any, other: Any) -> Tensor:
        return comparison.gt(self, other)

    def __ge__(self: Any, other: Any) -> Tensor:
        return comparison.ge(self, other)

    def __and__(self: Any, other: TensorLike) -> Tensor:
        return logical.bitwise_and(self, other)

    def __or__(self: Any, other: TensorLike) -> Tensor:
        return logical.bitwise_or(self, other)

    def __xor__(self: Any, other: TensorLike) -> Tensor:
        return logical.bitwise_xor(self, other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __invert__(self: Any) -> Tensor:
        return logical.bitwise_not(self)

    def __lshift__(self: Any, other: TensorLike) -> Tensor:
        return logical.bitwise_left_shift(self, other)

    def __rlshift__(self: Any, other: TensorLike) -> Tensor:
        return logical.bitwise_left_shift(other, self)

    def __rshift__(self: Any, other: TensorLike) -> Tensor:
        return logical.bitwise_right_shift(self, other)

    def __rrshift__(self: Any, other: TensorLike) -> Tensor:
        return logical.bitwise_right_shift(other, self)

    # -- x += y and its kin ------------------------------------------------------------------------

    __iadd__ = _assigning(in_place.add_)
    __isub__ = _assigning(in_place.sub_)
    __imul__ = _assigning(in_place.mul_)
    __itruediv__ = _assigning(in_place.div_)
    __ifloordiv__ = _assigning(in_place.floor_divide_)
    __imod__ = _assigning(in_place.remainder_)
    __ipow__ = _assigning(in_place.pow_)
    __iand__ = _assigning(in_place.bitwise_and_)
    __ior__ = _assigning(in_place.bitwise_or_)
    __ixor__ = _assigning(in_place.bitwise_xor_)
    __ilshift__ = _assigning(in_place.bitwise_left_shift_)
    __irshift__ = _assigning(in_place.bitwise_right_shift_)


def _is_sequence(value: Any) -> bool:
    """Whether + and * are Python's: [0] * tensor(2) repeats, and a list is joined to lists only."""
    return hasattr(value, "__len__") and not hasattr(value, "dtype")


def _is_numeric(value: Any) -> bool:
    return isinstance(value, (TensorBase, np.ndarray, np.generic, int, float, complex))
