"""Methods that act on each element.

The functions of ``autograd.ops.pointwise``, and their in-place forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.arrays.dtypes import complex128, float64
from autograd.engine.graph import TensorBase
from autograd.ops.pointwise import (
    arithmetic,
    comparison,
    exponential,
    floating,
    logical,
    minmax,
    powers,
    relu as _relu,
    rounding,
    sigmoid as _sigmoid,
    trigonometric,
    where as _where,
)
from autograd.tensors.inplace import changed, check_dtype, check_target, in_place

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = [
    "abs_", "acos_", "acosh_", "arccos_", "arccosh_", "arcsin_", "arcsinh_", "arctan_",
    "arctanh_", "asin_", "asinh_", "atan_", "atanh_", "ceil_", "clamp_", "clamp_max_",
    "clamp_min_", "clip_", "cos_", "cosh_", "deg2rad_",
    "exp2_", "exp_", "expm1_", "fix_", "floor_", "frac_", "gcd_", "lcm_", "ldexp_", "log10_",
    "log1p_", "log2_", "log_", "logit_", "nan_to_num_", "neg_", "negative_", "rad2deg_",
    "reciprocal_", "relu_", "round_", "rsqrt_", "sigmoid_", "sin_", "sinc_", "sinh_", "sqrt_",
    "square_", "tan_", "tanh_", "trunc_", "xlogy_",
]  # fmt: skip

add_ = in_place(arithmetic.add)
sub_ = in_place(arithmetic.sub)
mul_ = in_place(arithmetic.mul)
div_ = in_place(
    arithmetic.div,
    ">>> autograd.tensor([7.0, -7.0]).div_(2, rounding_mode='floor')\n    tensor([ 3., -4.])",
)
floor_divide_ = in_place(arithmetic.floor_divide)
remainder_ = in_place(arithmetic.remainder)
fmod_ = in_place(arithmetic.fmod)
addcmul_ = in_place(arithmetic.addcmul)
addcdiv_ = in_place(arithmetic.addcdiv)
lerp_ = in_place(arithmetic.lerp)
gcd_ = in_place(arithmetic.gcd)
lcm_ = in_place(arithmetic.lcm)
neg_ = in_place(arithmetic.neg)
abs_ = in_place(arithmetic.abs)
subtract_ = sub_
multiply_ = mul_
divide_ = div_
true_divide_ = div_
negative_ = neg_
absolute_ = abs_

pow_ = in_place(powers.pow)
square_ = in_place(powers.square)
sqrt_ = in_place(powers.sqrt)
rsqrt_ = in_place(powers.rsqrt)
reciprocal_ = in_place(powers.reciprocal)

sign_ = in_place(rounding.sign)
floor_ = in_place(rounding.floor)
ceil_ = in_place(rounding.ceil)
trunc_ = in_place(rounding.trunc)
round_ = in_place(rounding.round)
frac_ = in_place(rounding.frac)
fix_ = trunc_
sgn_ = in_place(rounding.sgn)

exp_ = in_place(exponential.exp)
exp2_ = in_place(exponential.exp2)
expm1_ = in_place(exponential.expm1)
log_ = in_place(exponential.log)
log1p_ = in_place(exponential.log1p)
log2_ = in_place(exponential.log2)
log10_ = in_place(exponential.log10)
xlogy_ = in_place(exponential.xlogy)

sin_ = in_place(trigonometric.sin)
cos_ = in_place(trigonometric.cos)
tan_ = in_place(trigonometric.tan)
asin_ = in_place(trigonometric.asin)
acos_ = in_place(trigonometric.acos)
atan_ = in_place(trigonometric.atan)
atan2_ = in_place(trigonometric.atan2)
sinh_ = in_place(trigonometric.sinh)
cosh_ = in_place(trigonometric.cosh)
tanh_ = in_place(trigonometric.tanh)
asinh_ = in_place(trigonometric.asinh)
acosh_ = in_place(trigonometric.acosh)
atanh_ = in_place(trigonometric.atanh)
hypot_ = in_place(trigonometric.hypot)
sinc_ = in_place(trigonometric.sinc)
deg2rad_ = in_place(trigonometric.deg2rad)
rad2deg_ = in_place(trigonometric.rad2deg)
arcsin_ = asin_
arccos_ = acos_
arctan_ = atan_
arctan2_ = atan2_
arcsinh_ = asinh_
arccosh_ = acosh_
arctanh_ = atanh_

sigmoid_ = in_place(_sigmoid.sigmoid)
logit_ = in_place(_sigmoid.logit)

relu_ = in_place(_relu.relu)

eq_ = in_place(
    comparison.eq,
    ">>> autograd.tensor([1, 2, 3]).eq_(2)\n    tensor([0, 1, 0])",
)
ne_ = in_place(
    comparison.ne,
    ">>> autograd.tensor([1, 2, 3]).ne_(2)\n    tensor([1, 0, 1])",
)
lt_ = in_place(
    comparison.lt,
    ">>> autograd.tensor([1, 2, 3]).lt_(2)\n    tensor([1, 0, 0])",
)
le_ = in_place(
    comparison.le,
    ">>> autograd.tensor([1, 2, 3]).le_(2)\n    tensor([1, 1, 0])",
)
gt_ = in_place(
    comparison.gt,
    ">>> autograd.tensor([1, 2, 3]).gt_(2)\n    tensor([0, 0, 1])",
)
ge_ = in_place(
    comparison.ge,
    ">>> autograd.tensor([1, 2, 3]).ge_(2)\n    tensor([0, 1, 1])",
)
not_equal_ = ne_
less_ = lt_
less_equal_ = le_
greater_ = gt_
greater_equal_ = ge_

copysign_ = in_place(floating.copysign)
ldexp_ = in_place(floating.ldexp)
nextafter_ = in_place(floating.nextafter)
heaviside_ = in_place(floating.heaviside)
nan_to_num_ = in_place(floating.nan_to_num)

logical_and_ = in_place(logical.logical_and)
logical_or_ = in_place(logical.logical_or)
logical_xor_ = in_place(logical.logical_xor)
logical_not_ = in_place(logical.logical_not)
bitwise_and_ = in_place(logical.bitwise_and)
bitwise_or_ = in_place(logical.bitwise_or)
bitwise_xor_ = in_place(logical.bitwise_xor)
bitwise_not_ = in_place(logical.bitwise_not)
bitwise_left_shift_ = in_place(logical.bitwise_left_shift)
bitwise_right_shift_ = in_place(logical.bitwise_right_shift)

clamp_ = in_place(minmax.clamp)
clamp_min_ = in_place(minmax.clamp_min)
clamp_max_ = in_place(minmax.clamp_max)
clip_ = clamp_


def float_power_(input: Tensor, exponent: TensorLike) -> Tensor:
    """``input`` to a power, in place; it must be a float64 tensor, or a complex128 one.

    >>> import autograd
    >>> autograd.tensor([4.0], dtype=autograd.float64).float_power_(0.5)
    tensor([2.], dtype=autograd.float64)
    """
    check_target("float_power_", input)
    check_dtype(input, "float_power_", complex128 if input.is_complex() else float64)
    return changed(input, "float_power_", powers.float_power, exponent)


class PointwiseMethods(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    add = arithmetic.add
    add_ = add_
    sub = arithmetic.sub
    sub_ = sub_
    subtract = arithmetic.subtract
    subtract_ = subtract_
    mul = arithmetic.mul
    mul_ = mul_
    multiply = arithmetic.multiply
    multiply_ = multiply_
    floor_divide = arithmetic.floor_divide
    floor_divide_ = floor_divide_
    remainder = arithmetic.remainder
    remainder_ = remainder_
    fmod = arithmetic.fmod
    fmod_ = fmod_
    neg = arithmetic.neg
    neg_ = neg_
    negative = arithmetic.negative
    negative_ = negative_
    positive = arithmetic.positive
    abs = arithmetic.abs
    abs_ = abs_
    absolute = arithmetic.absolute
    absolute_ = absolute_
    addcmul = arithmetic.addcmul
    addcmul_ = addcmul_
    addcdiv = arithmetic.addcdiv
    addcdiv_ = addcdiv_
    div = arithmetic.div
    div_ = div_
    divide = arithmetic.divide
    divide_ = divide_
    true_divide = arithmetic.true_divide
    true_divide_ = true_divide_
    gcd = arithmetic.gcd
    gcd_ = gcd_
    lcm = arithmetic.lcm
    lcm_ = lcm_
    lerp = arithmetic.lerp
    lerp_ = lerp_

    pow = powers.pow
    pow_ = pow_
    float_power = powers.float_power
    float_power_ = float_power_
    square = powers.square
    square_ = square_
    sqrt = powers.sqrt
    sqrt_ = sqrt_
    rsqrt = powers.rsqrt
    rsqrt_ = rsqrt_
    reciprocal = powers.reciprocal
    reciprocal_ = reciprocal_

    sign = rounding.sign
    sign_ = sign_
    sgn = rounding.sgn
    sgn_ = sgn_
    floor = rounding.floor
    floor_ = floor_
    ceil = rounding.ceil
    ceil_ = ceil_
    trunc = rounding.trunc
    trunc_ = trunc_
    fix = rounding.fix
    fix_ = fix_
    frac = rounding.frac
    frac_ = frac_
    round = rounding.round
    round_ = round_

    exp = exponential.exp
    exp_ = exp_
    exp2 = exponential.exp2
    exp2_ = exp2_
    expm1 = exponential.expm1
    expm1_ = expm1_
    log = exponential.log
    log_ = log_
    log2 = exponential.log2
    log2_ = log2_
    log10 = exponential.log10
    log10_ = log10_
    log1p = exponential.log1p
    log1p_ = log1p_
    logaddexp = exponential.logaddexp
    logaddexp2 = exponential.logaddexp2
    xlogy = exponential.xlogy
    xlogy_ = xlogy_

    sin = trigonometric.sin
    sin_ = sin_
    cos = trigonometric.cos
    cos_ = cos_
    tan = trigonometric.tan
    tan_ = tan_
    asin = trigonometric.asin
    asin_ = asin_
    acos = trigonometric.acos
    acos_ = acos_
    atan = trigonometric.atan
    atan_ = atan_
    atan2 = trigonometric.atan2
    atan2_ = atan2_
    sinh = trigonometric.sinh
    sinh_ = sinh_
    cosh = trigonometric.cosh
    cosh_ = cosh_
    tanh = trigonometric.tanh
    tanh_ = tanh_
    asinh = trigonometric.asinh
    asinh_ = asinh_
    acosh = trigonometric.acosh
    acosh_ = acosh_
    atanh = trigonometric.atanh
    atanh_ = atanh_
    arcsin = trigonometric.arcsin
    arcsin_ = arcsin_
    arccos = trigonometric.arccos
    arccos_ = arccos_
    arctan = trigonometric.arctan
    arctan_ = arctan_
    arctan2 = trigonometric.arctan2
    arctan2_ = arctan2_
    arcsinh = trigonometric.arcsinh
    arcsinh_ = arcsinh_
    arccosh = trigonometric.arccosh
    arccosh_ = arccosh_
    arctanh = trigonometric.arctanh
    arctanh_ = arctanh_
    hypot = trigonometric.hypot
    hypot_ = hypot_
    deg2rad = trigonometric.deg2rad
    deg2rad_ = deg2rad_
    rad2deg = trigonometric.rad2deg
    rad2deg_ = rad2deg_
    sinc = trigonometric.sinc
    sinc_ = sinc_

    sigmoid = _sigmoid.sigmoid
    sigmoid_ = sigmoid_
    logit = _sigmoid.logit
    logit_ = logit_

    relu = _relu.relu
    relu_ = relu_

    eq = comparison.eq
    eq_ = eq_
    ne = comparison.ne
    ne_ = ne_
    lt = comparison.lt
    lt_ = lt_
    le = comparison.le
    le_ = le_
    gt = comparison.gt
    gt_ = gt_
    ge = comparison.ge
    ge_ = ge_
    not_equal = comparison.not_equal
    not_equal_ = not_equal_
    less = comparison.less
    less_ = less_
    less_equal = comparison.less_equal
    less_equal_ = less_equal_
    greater = comparison.greater
    greater_ = greater_
    greater_equal = comparison.greater_equal
    greater_equal_ = greater_equal_
    equal = comparison.equal
    isclose = comparison.isclose
    allclose = comparison.allclose
    isnan = comparison.isnan
    isinf = comparison.isinf
    isfinite = comparison.isfinite

    copysign = floating.copysign
    copysign_ = copysign_
    ldexp = floating.ldexp
    ldexp_ = ldexp_
    frexp = floating.frexp
    heaviside = floating.heaviside
    heaviside_ = heaviside_
    nextafter = floating.nextafter
    nextafter_ = nextafter_
    signbit = floating.signbit
    isposinf = floating.isposinf
    isneginf = floating.isneginf
    nan_to_num = floating.nan_to_num
    nan_to_num_ = nan_to_num_

    logical_and = logical.logical_and
    logical_and_ = logical_and_
    logical_or = logical.logical_or
    logical_or_ = logical_or_
    logical_xor = logical.logical_xor
    logical_xor_ = logical_xor_
    logical_not = logical.logical_not
    logical_not_ = logical_not_
    bitwise_and = logical.bitwise_and
    bitwise_and_ = bitwise_and_
    bitwise_or = logical.bitwise_or
    bitwise_or_ = bitwise_or_
    bitwise_xor = logical.bitwise_xor
    bitwise_xor_ = bitwise_xor_
    bitwise_not = logical.bitwise_not
    bitwise_not_ = bitwise_not_
    bitwise_left_shift = logical.bitwise_left_shift
    bitwise_left_shift_ = bitwise_left_shift_
    bitwise_right_shift = logical.bitwise_right_shift
    bitwise_right_shift_ = bitwise_right_shift_

    maximum = minmax.maximum
    minimum = minmax.minimum
    fmax = minmax.fmax
    fmin = minmax.fmin
    clamp = minmax.clamp
    clamp_ = clamp_
    clip = minmax.clip
    clip_ = clip_
    clamp_min = minmax.clamp_min
    clamp_min_ = clamp_min_
    clamp_max = minmax.clamp_max
    clamp_max_ = clamp_max_

    def where(self: Any, condition: TensorLike, other: TensorLike) -> Tensor:
        """This tensor where ``condition`` holds, else ``other``.

        Shapes: all three broadcast against each other.

        >>> import autograd
        >>> autograd.tensor([1.0, -2.0]).where(autograd.tensor([True, False]), 0.0)
        tensor([1., 0.])
        """
        return _where.where(condition, self, other)
