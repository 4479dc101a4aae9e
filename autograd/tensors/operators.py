"""Operations with other operands, in place: arithmetic, limits, comparisons, logic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from autograd.arrays import dtypes
from autograd.engine.graph import TensorBase
from autograd.ops.pointwise import arithmetic, comparison, floating, logical, minmax, powers
from autograd.tensors.inplace import check_dtype, in_place

if TYPE_CHECKING:
    from autograd.tensors.annotations import Number, TensorLike
    from autograd.tensors.tensor import Tensor

Own = TypeVar("Own", bound="Operators")


class Operators(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def add_(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """Add ``alpha · other``."""
        return in_place(self, "add_", arithmetic.add, other, alpha=alpha)

    def sub_(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """Subtract ``alpha · other``."""
        return in_place(self, "sub_", arithmetic.sub, other, alpha=alpha)

    def mul_(self, other: TensorLike) -> Tensor:
        """Multiply by ``other``."""
        return in_place(self, "mul_", arithmetic.mul, other)

    def div_(self, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
        """Divide by ``other``."""
        return in_place(self, "div_", arithmetic.div, other, rounding_mode=rounding_mode)

    def floor_divide_(self, other: TensorLike) -> Tensor:
        """Divide by ``other`` and round down."""
        return in_place(self, "floor_divide_", arithmetic.floor_divide, other)

    def remainder_(self, other: TensorLike) -> Tensor:
        """Take the remainder of dividing by ``other``."""
        return in_place(self, "remainder_", arithmetic.remainder, other)

    def fmod_(self, other: TensorLike) -> Tensor:
        """Take the remainder of dividing by ``other``, with the sign of this."""
        return in_place(self, "fmod_", arithmetic.fmod, other)

    def pow_(self, exponent: TensorLike) -> Tensor:
        """Raise to a power."""
        return in_place(self, "pow_", powers.pow, exponent)

    def float_power_(self, exponent: TensorLike) -> Tensor:
        """Raise to a power, in float64."""
        check_dtype(self, "float_power_", dtypes.float64)
        return in_place(self, "float_power_", powers.float_power, exponent)

    def addcmul_(self, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
        """Add ``value · tensor1 · tensor2``."""
        return in_place(self, "addcmul_", arithmetic.addcmul, tensor1, tensor2, value=value)

    def addcdiv_(self, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
        """Add ``value · tensor1 / tensor2``."""
        return in_place(self, "addcdiv_", arithmetic.addcdiv, tensor1, tensor2, value=value)

    def lerp_(self, end: Tensor, weight: TensorLike) -> Tensor:
        """Move towards ``end`` by ``weight`` of the way."""
        return in_place(self, "lerp_", arithmetic.lerp, end, weight)

    def clamp_(self, min: Any = None, max: Any = None) -> Tensor:
        """Limit to [min, max]."""
        return in_place(self, "clamp_", minmax.clamp, min, max)

    def copysign_(self, other: TensorLike) -> Tensor:
        """Take the sign of ``other``."""
        return in_place(self, "copysign_", floating.copysign, other)

    def ldexp_(self, other: TensorLike) -> Tensor:
        """Multiply by two to the power of ``other``."""
        return in_place(self, "ldexp_", floating.ldexp, other)

    def nextafter_(self, other: TensorLike) -> Tensor:
        """Take the next number on the way to ``other``."""
        return in_place(self, "nextafter_", floating.nextafter, other)

    def gcd_(self, other: TensorLike) -> Tensor:
        """Take the greatest common divisor with ``other``."""
        return in_place(self, "gcd_", arithmetic.gcd, other)

    def lcm_(self, other: TensorLike) -> Tensor:
        """Take the least common multiple with ``other``."""
        return in_place(self, "lcm_", arithmetic.lcm, other)

    def clamp_min_(self, min: TensorLike) -> Tensor:
        """Limit from below."""
        return in_place(self, "clamp_min_", minmax.clamp_min, min)

    def clamp_max_(self, max: TensorLike) -> Tensor:
        """Limit from above."""
        return in_place(self, "clamp_max_", minmax.clamp_max, max)

    subtract_, multiply_, divide_, true_divide_, clip_ = sub_, mul_, div_, div_, clamp_

    # -- comparisons, logic, bits ------------------------------------------------------------------

    def heaviside_(self, values: Tensor) -> Tensor:
        """Write 0 where negative, 1 where positive, ``values`` where 0."""
        return in_place(self, "heaviside_", floating.heaviside, values)

    def eq_(self, other: TensorLike) -> Tensor:
        """Write 1 where equal to ``other``, else 0."""
        return in_place(self, "eq_", comparison.eq, other)

    def ne_(self, other: TensorLike) -> Tensor:
        """Write 1 where not equal to ``other``, else 0."""
        return in_place(self, "ne_", comparison.ne, other)

    def lt_(self, other: TensorLike) -> Tensor:
        """Write 1 where less than ``other``, else 0."""
        return in_place(self, "lt_", comparison.lt, other)

    def le_(self, other: TensorLike) -> Tensor:
        """Write 1 where less than or equal to ``other``, else 0."""
        return in_place(self, "le_", comparison.le, other)

    def gt_(self, other: TensorLike) -> Tensor:
        """Write 1 where greater than ``other``, else 0."""
        return in_place(self, "gt_", comparison.gt, other)

    def ge_(self, other: TensorLike) -> Tensor:
        """Write 1 where greater than or equal to ``other``, else 0."""
        return in_place(self, "ge_", comparison.ge, other)

    def logical_and_(self, other: TensorLike) -> Tensor:
        """Write 1 where this and ``other`` are not 0, else 0."""
        return in_place(self, "logical_and_", logical.logical_and, other)

    def logical_or_(self, other: TensorLike) -> Tensor:
        """Write 1 where this or ``other`` is not 0, else 0."""
        return in_place(self, "logical_or_", logical.logical_or, other)

    def logical_xor_(self, other: TensorLike) -> Tensor:
        """Write 1 where one of this and ``other`` is not 0, else 0."""
        return in_place(self, "logical_xor_", logical.logical_xor, other)

    def logical_not_(self) -> Tensor:
        """Write 1 where 0, else 0."""
        return in_place(self, "logical_not_", logical.logical_not)

    def bitwise_and_(self, other: TensorLike) -> Tensor:
        """Keep the bits that ``other`` has too."""
        return in_place(self, "bitwise_and_", logical.bitwise_and, other)

    def bitwise_or_(self, other: TensorLike) -> Tensor:
        """Set the bits of ``other``."""
        return in_place(self, "bitwise_or_", logical.bitwise_or, other)

    def bitwise_xor_(self, other: TensorLike) -> Tensor:
        """Flip the bits of ``other``."""
        return in_place(self, "bitwise_xor_", logical.bitwise_xor, other)

    def bitwise_not_(self) -> Tensor:
        """Flip all bits; of bools, the truth."""
        return in_place(self, "bitwise_not_", logical.bitwise_not)

    def bitwise_left_shift_(self, other: TensorLike) -> Tensor:
        """Move the bits up by ``other`` places."""
        return in_place(self, "bitwise_left_shift_", logical.bitwise_left_shift, other)

    def bitwise_right_shift_(self, other: TensorLike) -> Tensor:
        """Move the bits down by ``other`` places."""
        return in_place(self, "bitwise_right_shift_", logical.bitwise_right_shift, other)

    not_equal_, less_, less_equal_, greater_, greater_equal_ = ne_, lt_, le_, gt_, ge_

    # -- x += y and its kin ------------------------------------------------------------------------

    def __iadd__(self: Own, other: TensorLike) -> Own:
        self.add_(other)
        return self

    def __isub__(self: Own, other: TensorLike) -> Own:
        self.sub_(other)
        return self

    def __imul__(self: Own, other: TensorLike) -> Own:
        self.mul_(other)
        return self

    def __itruediv__(self: Own, other: TensorLike) -> Own:
        self.div_(other)
        return self

    def __ifloordiv__(self: Own, other: TensorLike) -> Own:
        self.floor_divide_(other)
        return self

    def __imod__(self: Own, other: TensorLike) -> Own:
        self.remainder_(other)
        return self

    def __ipow__(self: Own, other: TensorLike) -> Own:
        self.pow_(other)
        return self

    def __iand__(self: Own, other: TensorLike) -> Own:
        self.bitwise_and_(other)
        return self

    def __ior__(self: Own, other: TensorLike) -> Own:
        self.bitwise_or_(other)
        return self

    def __ixor__(self: Own, other: TensorLike) -> Own:
        self.bitwise_xor_(other)
        return self

    def __ilshift__(self: Own, other: TensorLike) -> Own:
        self.bitwise_left_shift_(other)
        return self

    def __irshift__(self: Own, other: TensorLike) -> Own:
        self.bitwise_right_shift_(other)
        return self
