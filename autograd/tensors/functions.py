"""In-place operations: memory really changes, and no gradient is ever silently wrong.

Recorded, ``x.mul_(y)`` is ``x * y`` on a copy of the old values, written back into x's memory; x
then stands for the result. Whoever kept x's memory before, or looks at it as a view, is told by
:mod:`autograd.memory` and :mod:`autograd.views`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd.engine.graph import TensorBase
from autograd.ops.pointwise import (
    arithmetic,
    complex as complexes,
    erf,
    exponential,
    floating,
    powers,
    relu,
    rounding,
    sigmoid,
    trigonometric,
)
from autograd.ops.shape import permute, reshape
from autograd.tensors.assignment import Elements
from autograd.tensors.filling import Randomness
from autograd.tensors.inplace import in_place, reshaped
from autograd.tensors.operators import Operators

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor


class Functions(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def neg_(self) -> Tensor:
        """Change the sign."""
        return in_place(self, "neg_", arithmetic.neg)

    def abs_(self) -> Tensor:
        """Take the absolute value."""
        return in_place(self, "abs_", arithmetic.abs)

    def square_(self) -> Tensor:
        """Square."""
        return in_place(self, "square_", powers.square)

    def sqrt_(self) -> Tensor:
        """Take the square root."""
        return in_place(self, "sqrt_", powers.sqrt)

    def rsqrt_(self) -> Tensor:
        """Take one over the square root."""
        return in_place(self, "rsqrt_", powers.rsqrt)

    def reciprocal_(self) -> Tensor:
        """Take one over each value."""
        return in_place(self, "reciprocal_", powers.reciprocal)

    def sign_(self) -> Tensor:
        """Take the sign."""
        return in_place(self, "sign_", rounding.sign)

    def floor_(self) -> Tensor:
        """Round down."""
        return in_place(self, "floor_", rounding.floor)

    def ceil_(self) -> Tensor:
        """Round up."""
        return in_place(self, "ceil_", rounding.ceil)

    def trunc_(self) -> Tensor:
        """Round towards zero."""
        return in_place(self, "trunc_", rounding.trunc)

    def round_(self, *, decimals: int = 0) -> Tensor:
        """Round to so many decimals, halves to the even one."""
        return in_place(self, "round_", rounding.round, decimals=decimals)

    def frac_(self) -> Tensor:
        """Keep what comes after the point."""
        return in_place(self, "frac_", rounding.frac)

    def conj_physical_(self) -> Tensor:
        """Take the complex conjugate."""
        return in_place(self, "conj_physical_", complexes.conj_physical)

    def nan_to_num_(
        self, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
    ) -> Tensor:
        """Replace NaN and the infinities."""
        return in_place(self, "nan_to_num_", floating.nan_to_num, nan, posinf, neginf)

    def exp_(self) -> Tensor:
        """Take the exponential."""
        return in_place(self, "exp_", exponential.exp)

    def exp2_(self) -> Tensor:
        """Take two to the power of each value."""
        return in_place(self, "exp2_", exponential.exp2)

    def expm1_(self) -> Tensor:
        """Take the exponential minus one."""
        return in_place(self, "expm1_", exponential.expm1)

    def log_(self) -> Tensor:
        """Take the natural logarithm."""
        return in_place(self, "log_", exponential.log)

    def log1p_(self) -> Tensor:
        """Take log(1 + x)."""
        return in_place(self, "log1p_", exponential.log1p)

    def log2_(self) -> Tensor:
        """Take the logarithm to base 2."""
        return in_place(self, "log2_", exponential.log2)

    def log10_(self) -> Tensor:
        """Take the logarithm to base 10."""
        return in_place(self, "log10_", exponential.log10)

    def xlogy_(self, other: TensorLike) -> Tensor:
        """Multiply by log ``other``; 0 where this is 0."""
        return in_place(self, "xlogy_", exponential.xlogy, other)

    def sin_(self) -> Tensor:
        """Take the sine."""
        return in_place(self, "sin_", trigonometric.sin)

    def cos_(self) -> Tensor:
        """Take the cosine."""
        return in_place(self, "cos_", trigonometric.cos)

    def tan_(self) -> Tensor:
        """Take the tangent."""
        return in_place(self, "tan_", trigonometric.tan)

    def asin_(self) -> Tensor:
        """Take the arcsine."""
        return in_place(self, "asin_", trigonometric.asin)

    def acos_(self) -> Tensor:
        """Take the arccosine."""
        return in_place(self, "acos_", trigonometric.acos)

    def atan_(self) -> Tensor:
        """Take the arctangent."""
        return in_place(self, "atan_", trigonometric.atan)

    def atan2_(self, other: TensorLike) -> Tensor:
        """Take the angle of (``other``, this)."""
        return in_place(self, "atan2_", trigonometric.atan2, other)

    def sinh_(self) -> Tensor:
        """Take the hyperbolic sine."""
        return in_place(self, "sinh_", trigonometric.sinh)

    def cosh_(self) -> Tensor:
        """Take the hyperbolic cosine."""
        return in_place(self, "cosh_", trigonometric.cosh)

    def tanh_(self) -> Tensor:
        """Take the hyperbolic tangent."""
        return in_place(self, "tanh_", trigonometric.tanh)

    def asinh_(self) -> Tensor:
        """Take the inverse hyperbolic sine."""
        return in_place(self, "asinh_", trigonometric.asinh)

    def acosh_(self) -> Tensor:
        """Take the inverse hyperbolic cosine."""
        return in_place(self, "acosh_", trigonometric.acosh)

    def atanh_(self) -> Tensor:
        """Take the inverse hyperbolic tangent."""
        return in_place(self, "atanh_", trigonometric.atanh)

    def hypot_(self, other: TensorLike) -> Tensor:
        """Take the root of the sum of the squares."""
        return in_place(self, "hypot_", trigonometric.hypot, other)

    def sinc_(self) -> Tensor:
        """Take sin(πx) / (πx)."""
        return in_place(self, "sinc_", trigonometric.sinc)

    def deg2rad_(self) -> Tensor:
        """Turn degrees into radians."""
        return in_place(self, "deg2rad_", trigonometric.deg2rad)

    def rad2deg_(self) -> Tensor:
        """Turn radians into degrees."""
        return in_place(self, "rad2deg_", trigonometric.rad2deg)

    def erf_(self) -> Tensor:
        """Take the error function."""
        return in_place(self, "erf_", erf.erf)

    def erfc_(self) -> Tensor:
        """Take one minus the error function."""
        return in_place(self, "erfc_", erf.erfc)

    def erfinv_(self) -> Tensor:
        """Take the inverse of the error function."""
        return in_place(self, "erfinv_", erf.erfinv)

    def sigmoid_(self) -> Tensor:
        """Take the logistic function."""
        return in_place(self, "sigmoid_", sigmoid.sigmoid)

    def logit_(self, eps: float | None = None) -> Tensor:
        """Take log(x / (1 - x)), clamped to [eps, 1 - eps] first if given."""
        return in_place(self, "logit_", sigmoid.logit, eps)

    def relu_(self) -> Tensor:
        """Set what is negative to zero."""
        return in_place(self, "relu_", relu.relu)

    negative_, absolute_, fix_, sgn_ = neg_, abs_, trunc_, sign_
    arcsin_, arccos_, arctan_, arctan2_ = asin_, acos_, atan_, atan2_
    arcsinh_, arccosh_, arctanh_ = asinh_, acosh_, atanh_


class Shapes(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def squeeze_(self, dim: int | Sequence[int] | None = None) -> Tensor:
        """Leave out axes of size 1: all, or those in ``dim``."""
        return reshaped(self, "squeeze_", reshape.squeeze, dim)

    def unsqueeze_(self, dim: int) -> Tensor:
        """Put in an axis of size 1 at ``dim``."""
        return reshaped(self, "unsqueeze_", reshape.unsqueeze, dim)

    def t_(self) -> Tensor:
        """Transpose a matrix."""
        return reshaped(self, "t_", permute.t)

    def transpose_(self, dim0: int, dim1: int) -> Tensor:
        """Exchange two axes."""
        return reshaped(self, "transpose_", permute.transpose, dim0, dim1)

    def swapaxes_(self, axis0: int, axis1: int) -> Tensor:
        """Exchange two axes."""
        return reshaped(self, "swapaxes_", permute.swapaxes, axis0, axis1)

    swapdims_ = transpose_


class InPlace(Operators, Functions, Elements, Shapes, Randomness):
    """Mixin of Tensor: the methods whose names end in an underscore, and ``x[index] = value``."""

    __slots__ = ()
