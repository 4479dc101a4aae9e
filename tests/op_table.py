"""The table of ops: one row per function, which every test of ops walks. Data only.

A row names a public function and gives samples of its arguments, in PyTorch's signature;
``x(3, 4)`` is a floating-point tensor of that shape, drawn when the sample is used. By default the
function must agree with NumPy's of the same name and be differentiable twice. An op or a public
function that no row reaches fails the suite.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from tests.op_references import (
    _places,
    assigned,
    assigned_one,
    best,
    both_extremes,
    chosen_by_mask,
    chunked,
    corners,
    deviation,
    each,
    embedded,
    every_tuple,
    expanded,
    extreme,
    filled,
    flattened,
    folded,
    from_zero,
    gathered,
    index_put,
    inverse_erf,
    item,
    later,
    log_sum_exp,
    logistic,
    lower_median,
    method_of,
    order,
    over,
    p_norm,
    poured,
    put_at,
    recurrence,
    reduced_at,
    reverse_recurrence,
    rounded_quotient,
    running,
    runs_summed,
    scattered,
    second,
    smallest,
    sorted_with_places,
    split_by,
    spread_rows,
    squeezed,
    unflattened,
    windows,
    with_zero,
    zeros_with,
)


class Draw(NamedTuple):
    """A tensor to be drawn: distinct floats spread over ``domain``, so that nothing ties."""

    shape: tuple[int, ...]
    kind: str = "float"  # or "int", "bool"
    domain: tuple[float, float] | None = None  # None: the row's
    fixed: bool = False  # not differentiated
    make: Callable[[np.ndarray], np.ndarray] | None = None  # applied to what was drawn


class Sample(NamedTuple):
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Row(NamedTuple):
    name: str  # in autograd ("exp", "linalg.norm"), or "nn.functional.gelu", or an op "ops.file.Op"
    samples: list[Sample]
    domain: tuple[float, float] = (-2.0, 2.0)
    orders: int = 2  # how often it can be differentiated
    reference: Callable[..., Any] | None = None  # on arrays; None: NumPy's function of that name
    function: Callable[..., Any] | None = None  # None: what the name says
    torch: str | Callable[..., Any] | None = "same"  # the name in torch; None: it has none
    method: bool = True  # the Tensor method of that name takes the same arguments
    numpy: Callable[..., Any] | None = None  # NumPy's spelling, where name and reference differ
    any_layout: bool = True  # False: only for contiguous inputs
    dtype: Any = None  # of the result, where it is not that of the inputs
    tolerance: float = 1e-5  # of derivatives; values are held to a thousandth of it


def x(*shape, domain=None, fixed=False, make=None):
    return Draw(shape, "float", domain, fixed, make)


def n(*shape, below=3, least=0, make=None):
    return Draw(shape, "int", (least, below), True, make)


def b(*shape):
    return Draw(shape, "bool", None, True)


def call(*args, **kwargs):
    return Sample(args, kwargs)


# fmt: off

# -- samples that many rows share ------------------------------------------------------------------

UNARY = [call(x(3, 4)), call(x()), call(x(0)), call(x(2, 0, 3)), call(x(2, 1, 3))]
BINARY = [
    call(x(3, 4), x(3, 4)), call(x(3, 4), x(4)), call(x(3, 1), x(1, 4)), call(x(), x(3)),
    call(x(2, 3), x()), call(x(), x()), call(x(2, 1, 3), x(4, 1)), call(x(0, 3), x(3)),
    call(x(1), x(2, 0)),
]
SCALARS = [call(x(3), 1.5), call(x(2, 2), 2), call(1.5, x(3)), call(x(), 0.5)]
AXES = [
    call(x(3, 4)), call(x(3, 4), dim=0), call(x(3, 4), dim=-1, keepdim=True),
    call(x(2, 3, 2), dim=(0, 2)), call(x(2, 3, 2), dim=(-1, 0), keepdim=True), call(x(2, 3, 2), 1),
    call(x()), call(x(), dim=0), call(x(2, 3), dim=()),
]
EMPTY = [call(x(0)), call(x(2, 0), dim=0), call(x(2, 0, 3), dim=1)]
AXIS = [  # one axis, given or not
    call(x(3, 4)), call(x(3, 4), dim=0), call(x(2, 3, 2), dim=-2, keepdim=True), call(x(2, 3), 1),
    call(x()),
]

# -- arithmetic ------------------------------------------------------------------------------------

ARITHMETIC = [
    Row("add", BINARY + SCALARS[:3] + [call(x(3), x(2, 3), alpha=2.5)],
        reference=lambda a, b, alpha=1: a + alpha * b),
    Row("sub", BINARY + SCALARS[:3] + [call(x(3), x(2, 3), alpha=2)],
        reference=lambda a, b, alpha=1: a - alpha * b),
    Row("subtract", BINARY[:3]),
    Row("mul", BINARY + SCALARS, reference=np.multiply),
    Row("multiply", BINARY[:3]),
    Row("div", BINARY + SCALARS, domain=(0.5, 2.0), reference=np.divide),
    Row("divide", BINARY[:3], domain=(-2.0, -0.5)),
    Row("true_divide", BINARY[:3], domain=(0.5, 2.0)),
    Row("neg", UNARY, reference=np.negative),
    Row("negative", UNARY[:2]),
    Row("positive", UNARY[:2]),
    Row("pow", BINARY + SCALARS, domain=(0.3, 2.0), reference=np.power),
    Row("pow", [call(x(3, 2), e) for e in (0, 1, 2, 3, 4.0, -1, -2)],
        reference=lambda a, e: a ** float(e)),
    Row("pow", [call(x(3), e) for e in (0.5, -0.5, 1.7)], domain=(0.3, 2.0), reference=np.power),
    Row("float_power", BINARY[:3], domain=(0.3, 2.0), dtype=np.float64),
    Row("square", UNARY),
    Row("sqrt", UNARY, domain=(0.2, 3.0)),
    Row("rsqrt", UNARY, domain=(0.2, 3.0), reference=lambda a: 1 / np.sqrt(a)),
    Row("reciprocal", UNARY, domain=(-3.0, -0.3)),
    Row("abs", UNARY, reference=np.absolute),
    Row("absolute", UNARY[:2]),
    Row("remainder", BINARY + [call(x(3), 1.5)], domain=(0.4, 5.0)),
    Row("remainder", BINARY[:2], reference=np.remainder),
    Row("fmod", BINARY + [call(x(3), 1.5)], domain=(0.4, 5.0)),
    Row("fmod", BINARY[:2], reference=np.fmod),
    Row("floor_divide", BINARY[:6] + [call(x(3), 1.5)], domain=(0.4, 5.0)),
    Row("div", [call(x(3, 4), x(4), rounding_mode=mode) for mode in ("floor", "trunc", None)],
        orders=1, domain=(0.4, 5.0), reference=rounded_quotient),
    Row("sign", UNARY),
    Row("sgn", UNARY[:2], reference=np.sign),
    Row("addcmul", [call(x(3), x(3), x(2, 3)), call(x(3), x(3), x(3), value=0.5)],
        reference=lambda c, a, b, value=1: c + value * a * b),
    Row("addcdiv", [call(x(3), x(3), x(2, 3)), call(x(3), x(3), x(3), value=0.5)],
        domain=(0.4, 2.0), reference=lambda c, a, b, value=1: c + value * a / b),
    Row("ops.pointwise.arithmetic.Quotient", BINARY, domain=(0.5, 2.0), reference=np.divide),
]


# -- exponentials, logarithms, trigonometry --------------------------------------------------------

EXPONENTIAL = [
    Row("exp", UNARY),
    Row("exp2", UNARY),
    Row("expm1", UNARY),
    Row("log", UNARY, domain=(0.2, 3.0)),
    Row("log2", UNARY, domain=(0.2, 3.0)),
    Row("log10", UNARY, domain=(0.2, 3.0)),
    Row("log1p", UNARY, domain=(-0.7, 3.0)),
    Row("logaddexp", BINARY),
    Row("sigmoid", UNARY, reference=logistic),
    Row("logit", UNARY, domain=(0.1, 0.9), reference=lambda a: np.log(a / (1 - a))),
    Row("xlogy", BINARY, domain=(0.2, 2.0), reference=lambda a, b: a * np.log(b)),
]

TRIGONOMETRIC = [
    Row("sin", UNARY),
    Row("cos", UNARY),
    Row("tan", UNARY, domain=(-1.2, 1.2)),
    Row("arcsin", UNARY[:2], domain=(-0.9, 0.9)),
    Row("asin", UNARY, domain=(-0.9, 0.9), reference=np.arcsin),
    Row("acos", UNARY, domain=(-0.9, 0.9), reference=np.arccos),
    Row("arccos", UNARY[:2], domain=(-0.9, 0.9)),
    Row("atan", UNARY, reference=np.arctan),
    Row("arctan", UNARY[:2]),
    Row("atan2", BINARY, domain=(0.3, 2.0), reference=np.arctan2),
    Row("arctan2", BINARY[:2], domain=(-2.0, -0.3)),
    Row("sinh", UNARY),
    Row("cosh", UNARY),
    Row("tanh", UNARY),
    Row("asinh", UNARY, reference=np.arcsinh),
    Row("arcsinh", UNARY[:2]),
    Row("acosh", UNARY, domain=(1.2, 3.0), reference=np.arccosh),
    Row("arccosh", UNARY[:2], domain=(1.2, 3.0)),
    Row("atanh", UNARY, domain=(-0.8, 0.8), reference=np.arctanh),
    Row("arctanh", UNARY[:2], domain=(-0.8, 0.8)),
    Row("hypot", BINARY, domain=(0.3, 2.0)),
    Row("deg2rad", UNARY[:3]),
    Row("rad2deg", UNARY[:3]),
]

SPECIAL = [
    Row("erf", UNARY, reference=each(math.erf)),
    Row("erfc", UNARY, reference=each(math.erfc)),
    Row("erfinv", UNARY, domain=(-0.9, 0.9), reference=inverse_erf),
]


# -- comparisons, choices, rounding ----------------------------------------------------------------

EQUALS = [
    call(n(3, 4), n(3, 4)), call(n(3, 1), n(4)), call(n(4), 1), call(x(3), x(2, 3)), call(x(), x()),
]
EQUALS += [call(x(0), x(0)), call(x(3, 4), 0.5)]
TRUTH = [call(b(3, 4), b(3, 4)), call(b(3, 1), b(4)), call(b(), b(2))]
SMALL = [call(n(4), n(4)), call(n(3, 1), n(2))]
COMPARISON = [
    Row("eq", EQUALS, orders=0, reference=np.equal),
    Row("ne", EQUALS, orders=0, reference=np.not_equal),
    Row("not_equal", EQUALS[:1], orders=0),
    Row("lt", EQUALS, orders=0, reference=np.less),
    Row("less", EQUALS[:1], orders=0),
    Row("le", EQUALS, orders=0, reference=np.less_equal),
    Row("less_equal", EQUALS[:1], orders=0),
    Row("gt", EQUALS, orders=0, reference=np.greater),
    Row("greater", EQUALS[:1], orders=0),
    Row("ge", EQUALS, orders=0, reference=np.greater_equal),
    Row("greater_equal", EQUALS[:1], orders=0),
    Row("logical_and", TRUTH + EQUALS[:2], orders=0),
    Row("logical_or", TRUTH + EQUALS[:2], orders=0),
    Row("logical_xor", TRUTH + EQUALS[:2], orders=0),
    Row("logical_not", [call(b(3)), call(n(3, 2)), call(x(2))], orders=0),
    Row("bitwise_and", TRUTH + SMALL, orders=0),
    Row("bitwise_or", TRUTH + SMALL, orders=0),
    Row("bitwise_xor", TRUTH + SMALL, orders=0),
    Row("bitwise_not", [call(b(3)), call(n(3, 2))], orders=0),
    Row("isnan", UNARY[:3], orders=0),
    Row("isinf", UNARY[:3], orders=0),
    Row("isfinite", UNARY[:3], orders=0),
    Row("isclose", [call(x(3), x(3)), call(x(3), x(3), rtol=0.5, atol=0.5)], orders=0),
    Row("allclose", [call(x(3), x(3)), call(x(3), x(3), rtol=9.0)], orders=0),
    Row("equal", [call(x(3), x(3)), call(n(3), n(3)), call(n(0), n(0))],
        orders=0, reference=np.array_equal),
    Row("floor", UNARY),
    Row("ceil", UNARY),
    Row("trunc", UNARY),
    Row("round", UNARY),
    Row("round", [call(x(3, 4), decimals=1)]),
    Row("frac", UNARY, reference=lambda a: a - np.trunc(a)),
    Row("fix", UNARY[:3], reference=np.trunc),
    Row("maximum", BINARY),
    Row("minimum", BINARY),
    Row("fmax", BINARY[:5]),
    Row("fmin", BINARY[:5]),
    Row("clamp", [
        call(x(3, 4), -0.7, 0.9), call(x(3, 4), min=0.1), call(x(), max=0.1), call(x(0), 0, 1),
        call(x(2, 3), x(3), x(2, 3)), call(x(3), min=x(2, 3)), call(x(3), max=x(1)),
    ], reference=lambda a, min=None, max=None: np.clip(a, min, max)),
    Row("clip", [call(x(3, 4), -0.7, 0.9)]),
    Row("clamp_min", [call(x(3, 4), 0.1), call(x(3), x(2, 3))], reference=np.maximum),
    Row("clamp_max", [call(x(3, 4), 0.1), call(x(3), x(2, 3))], reference=np.minimum),
    Row("relu", UNARY, reference=lambda a: np.maximum(a, 0)),
    Row("where", [
        call(b(3, 4), x(3, 4), x(3, 4)), call(b(3, 1), x(4), x(3, 4)), call(b(3), x(), 1.5),
        call(b(2, 2), 0.0, x(2)), call(b(), x(), x()), call(b(0), x(0), x(0)),
    ], method=False),
    Row("lerp", [call(x(3, 4), x(4), 0.3), call(x(3), x(3), x(3)), call(x(), x(), x(2))],
        reference=lambda a, b, w: a + w * (b - a)),
    Row("nan_to_num", [call(x(3, 4)), call(x(2), nan=1.0)]),
]


# -- reductions ------------------------------------------------------------------------------------

ONE = [
    call(x(3, 4), dim=0), call(x(2, 3, 2), dim=-2), call(x(2, 3), 1), call(x(), dim=0),
    call(x(2, 0), dim=1),
]
PRODUCTS = [
    *AXIS, call(x(3, 2, make=from_zero), dim=0), call(x(8, make=from_zero)), call(x(0)),
    call(x(2, 0), dim=1),
]
BOOLS = [
    call(b(3, 4)), call(b(3, 4), dim=0), call(b(2, 3, 2), dim=-1, keepdim=True), call(b()),
    call(b(0)),
]
BOOLS += [call(b(2, 3, 2), dim=(0, 2)), call(x(3, 2), dim=1)]
MOST = [
    call(x(3, 4)), call(x(3, 4), dim=1), call(x(2, 3, 2), dim=-2, keepdim=True), call(x(2, 3), 0),
    call(x(), dim=0),
]
REDUCTION = [
    Row("sum", AXES[:-1] + EMPTY, reference=over(np.sum), numpy=np.sum),
    Row("sum", AXES[-1:], reference=over(np.sum)),
    Row("sum", [call(b(3, 4)), call(n(3, 2), dim=1)], orders=0, reference=over(np.sum)),
    Row("mean", AXES[:-1], reference=over(np.mean), numpy=np.mean),
    Row("mean", AXES[-1:], reference=over(np.mean)),
    Row("prod", PRODUCTS, reference=over(np.prod), numpy=np.prod),
    Row("max", MOST, reference=extreme(np.max, np.argmax)),
    Row("min", MOST, reference=extreme(np.min, np.argmin)),
    Row("max", [call(x(3, 4), x(4))], reference=np.maximum),
    Row("min", [call(x(3, 4), x(4))], reference=np.minimum),
    Row("amax", AXES[:-1], reference=over(np.max), numpy=np.max),
    Row("amin", AXES[:-1], reference=over(np.min), numpy=np.min),
    Row("amax", AXES[-1:], reference=over(np.max)),
    Row("amin", AXES[-1:], reference=over(np.min)),
    Row("aminmax", [call(x(3, 4)), call(x(3, 4), dim=1), call(x(2, 3), dim=0, keepdim=True)],
        reference=both_extremes),
    Row("argmax", AXIS, orders=0, reference=over(np.argmax), numpy=np.argmax),
    Row("argmin", AXIS, orders=0, reference=over(np.argmin), numpy=np.argmin),
    Row("median", MOST, reference=lower_median),
    Row("var", [
        call(x(3, 4)), call(x(3, 4), dim=0), call(x(3, 4), 1, keepdim=True), call(x(3, 4), False),
        call(x(2, 3, 2), dim=(0, 2), correction=0), call(x(4), dim=-1, unbiased=False),
    ], reference=deviation(1)),
    Row("std", [
        call(x(3, 4)), call(x(3, 4), dim=0), call(x(3, 4), 1, keepdim=True), call(x(3, 4), False),
        call(x(2, 3, 2), dim=(0, 2), correction=0), call(x(4), dim=-1, unbiased=False),
    ], reference=deviation(0.5)),
    Row("var_mean", [call(x(3, 4)), call(x(3, 4), dim=0)],
        reference=lambda a, dim=None: (np.var(a, axis=dim, ddof=1), np.mean(a, axis=dim))),
    Row("std_mean", [call(x(3, 4)), call(x(3, 4), dim=0)],
        reference=lambda a, dim=None: (np.std(a, axis=dim, ddof=1), np.mean(a, axis=dim))),
    Row("norm", [
        call(x(3, 4)), call(x(3, 4), dim=0), call(x(3, 4), p=1, dim=-1, keepdim=True),
        call(x(3, 4), 3), call(x(3, 4), math.inf, dim=0), call(x(3, 4), -math.inf),
        call(x(2, 3, 2), 2, dim=(0, 2)), call(x()),
    ], reference=p_norm),
    Row("dist", [call(x(3, 4), x(4)), call(x(3), x(3), 1), call(x(3), x(3), p=math.inf)],
        reference=lambda a, b, p=2: p_norm(a - b, p)),
    Row("logsumexp", [
        call(x(3, 4), 0), call(x(3, 4), dim=-1, keepdim=True), call(x(2, 3, 2), (0, 2)),
        call(x(), 0),
    ], reference=log_sum_exp),
    Row("cumsum", ONE, reference=running(np.cumsum)),
    Row("cumprod", [*ONE, call(x(4, 2, make=from_zero), dim=0)], reference=running(np.cumprod)),
    Row("logcumsumexp", ONE[:3], reference=lambda a, dim: np.log(np.cumsum(np.exp(a), axis=dim))),
    Row("cummax", ONE[:3],
        reference=lambda a, dim: (np.maximum.accumulate(a, axis=dim), _places(a, dim, 1))),
    Row("cummin", ONE[:3],
        reference=lambda a, dim: (np.minimum.accumulate(a, axis=dim), _places(a, dim, -1))),
    Row("all", BOOLS, orders=0, reference=over(np.all), numpy=np.all),
    Row("any", BOOLS, orders=0, reference=over(np.any), numpy=np.any),
    Row("count_nonzero", BOOLS[:2],
        orders=0, reference=lambda a, dim=None: np.count_nonzero(a, axis=dim)),
    Row("softmax", [call(x(3, 4), 0), call(x(2, 3, 2), dim=-1), call(x(), 0)],
        reference=lambda a, dim: np.exp(a) / np.sum(np.exp(a), axis=dim, keepdims=True)),
    Row("log_softmax", [call(x(3, 4), 0), call(x(2, 3, 2), dim=-1), call(x(), 0)],
        reference=lambda a, dim: a - log_sum_exp(a, dim, True)),
    Row("nansum", [call(x(3, 4)), call(x(3, 4), dim=1)], reference=over(np.nansum)),
]


# -- shape -----------------------------------------------------------------------------------------

SHAPE = [
    Row("reshape", [
        call(x(3, 4), (2, 6)), call(x(3, 4), (-1,)), call(x(2, 6), (3, 1, -1)), call(x(), (1, 1)),
        call(x(1), ()), call(x(0, 3), (3, 0)), call(x(2, 3), [3, 2]),
    ]),
    Row("view", [call(x(3, 4), 2, 6), call(x(3, 4), (-1,)), call(x(2, 3), -1, 1), call(x(1), ())],
        any_layout=False, function=method_of("view"), reference=lambda a, *s: a.reshape(*s)),
    Row("flatten", [
        call(x(2, 3, 2)), call(x(2, 3, 2), 1), call(x(2, 3, 2), 0, 1), call(x()), call(x(2, 3), -1),
        call(x(2, 0, 3), start_dim=1, end_dim=-1),
    ], reference=flattened),
    Row("ravel", UNARY),
    Row("unflatten", [call(x(6, 2), 0, (2, 3)), call(x(2, 6), -1, (-1, 3))], reference=unflattened),
    Row("transpose", [call(x(3, 4), 0, 1), call(x(2, 3, 4), -1, 0), call(x(2, 0, 3), 1, 2)],
        reference=np.swapaxes),
    Row("swapaxes", [call(x(2, 3, 4), 0, 2)]),
    Row("swapdims", [call(x(2, 3, 4), 0, -1)], reference=np.swapaxes),
    Row("t", [call(x(3, 4)), call(x(3)), call(x())], reference=np.transpose),
    Row("permute", [
        call(x(2, 3, 4), (2, 0, 1)), call(x(2, 3), (-1, 0)), call(x(), ()), call(x(3), (0,)),
    ], reference=np.transpose),
    Row("movedim", [call(x(2, 3, 4), 0, 2), call(x(2, 3, 4), (0, 1), (-1, 0))],
        reference=np.moveaxis),
    Row("moveaxis", [call(x(2, 3, 4), 0, -1), call(x(2, 3, 4), (0, 2), (1, 0))]),
    Row("squeeze", [
        call(x(1, 3, 1)), call(x(1, 3, 1), 0), call(x(1, 3, 1), -1), call(x(1, 3, 1), 1), call(x()),
        call(x(1, 2, 1), (0, 2)),
    ], reference=squeezed),
    Row("unsqueeze", [
        call(x(3, 4), 0), call(x(3, 4), -1), call(x(3, 4), 1), call(x(), 0), call(x(0), dim=1),
    ], reference=lambda a, dim: np.expand_dims(a, dim)),
    Row("expand", [
        call(x(3, 1), 3, 4), call(x(4), (2, 3, 4)), call(x(3, 1), -1, 2), call(x(), 2, 2),
        call(x(1), (0,)),
    ], function=method_of("expand"), reference=expanded),
    Row("broadcast_to", [
        call(x(3, 1), (3, 4)), call(x(4), (2, 3, 4)), call(x(), (2, 2)), call(x(1), (0,)),
    ]),
    Row("broadcast_tensors", [call(x(3, 1), x(4)), call(x(), x(2))], reference=np.broadcast_arrays),
    Row("flip", [
        call(x(3, 4), (0,)), call(x(3, 4), [0, -1]), call(x(2, 3, 2), (1,)), call(x(0, 2), (0,)),
    ]),
    Row("fliplr", [call(x(3, 4))]),
    Row("flipud", [call(x(3, 4))]),
    Row("roll", [
        call(x(3, 4), 1), call(x(3, 4), 2, 0), call(x(3, 4), (1, -1), (0, 1)),
        call(x(3, 4), -5, dims=1),
    ], reference=lambda a, shifts, dims=None: np.roll(a, shifts, dims)),
    Row("repeat", [
        call(x(3), 2), call(x(3), 2, 3), call(x(2, 3), (1, 2)), call(x(), 2), call(x(2), 0),
    ],
        function=method_of("repeat"),
        reference=lambda a, *s: np.tile(a, s[0] if isinstance(s[0], tuple) else s)),
    Row("tile", [
        call(x(3), (2,)), call(x(2, 3), (2,)), call(x(3), (2, 2)), call(x(2, 3), (2, 1, 2)),
        call(x(), (2,)),
    ]),
    Row("repeat_interleave", [
        call(x(3), 2), call(x(2, 3), 2, dim=1), call(x(2, 3), 3, 0), call(x(3), n(3)),
    ], reference=lambda a, k, dim=None: np.repeat(a, k, dim)),
    Row("unfold", [call(x(7), 0, 3, 2), call(x(2, 5), 1, 2, 1), call(x(4, 2), 0, 4, 1)],
        function=method_of("unfold"), reference=windows),
    Row("reshape_as", [call(x(3, 4), x(2, 6))],
        function=method_of("reshape_as"), orders=2, reference=lambda a, b: a.reshape(b.shape)),
    Row("view_as", [call(x(3, 4), x(2, 6))],
        any_layout=False, function=method_of("view_as"), reference=lambda a, b: a.reshape(b.shape)),
    Row("expand_as", [call(x(3, 1), x(3, 4))],
        function=method_of("expand_as"), reference=lambda a, b: np.broadcast_to(a, b.shape)),
    Row("mT", [call(x(2, 3, 4))],
        function=lambda a: a.mT, reference=lambda a: np.swapaxes(a, -1, -2)),
    Row("T", [call(x(3, 4))], function=lambda a: a.T),
    Row("meshgrid", [
        call(x(3), x(2), indexing="ij"), call(x(3), x(2), indexing="xy"),
        call(x(3), x(), indexing="ij"),
    ]),
    Row("diag_embed", [call(x(3)), call(x(2, 3), 1), call(x(2, 3), -1), call(x(2, 2), 0, 0, 2)],
        reference=embedded),
    Row("clone", UNARY, reference=np.copy),
    Row("contiguous", UNARY[:2], function=method_of("contiguous"), reference=np.copy),
    Row("diagonal", [
        call(x(3, 4)), call(x(3, 4), 1), call(x(3, 4), -1), call(x(2, 3, 4), 0, 1, 2),
        call(x(2, 3, 4), offset=1, dim1=0, dim2=2),
    ], reference=lambda a, offset=0, dim1=0, dim2=1: np.diagonal(a, offset, dim1, dim2)),
    Row("diag", [call(x(3)), call(x(3), 1), call(x(3, 4)), call(x(3, 4), -1)]),
    Row("tril", [call(x(3, 4)), call(x(3, 3), 1), call(x(2, 3, 3), -1)]),
    Row("triu", [call(x(3, 4)), call(x(3, 3), 1), call(x(2, 3, 3), -1)]),
    Row("trace", [call(x(3, 3)), call(x(2, 3))]),
]


# -- joining and splitting -------------------------------------------------------------------------

PAIR = [
    call((x(2, 3), x(2, 3))), call([x(3), x(3), x(3)]), call((x(), x())), call((x(0, 2), x(3, 2))),
]
JOINING = [
    Row("cat", [
        call((x(2, 3), x(1, 3))), call([x(2, 3), x(2, 1)], dim=1), call((x(2), x(0), x(3)), -1),
        call([x(3)]),
    ], reference=lambda xs, dim=0: np.concatenate(xs, dim)),
    Row("concat", [call((x(2, 3), x(1, 3)))], reference=np.concatenate),
    Row("concatenate", [call((x(2, 3), x(1, 3))), call([x(2, 3), x(2, 1)], dim=1)],
        reference=lambda xs, dim=0: np.concatenate(xs, dim), numpy=np.concatenate),
    Row("stack", [
        call((x(2, 3), x(2, 3))), call([x(3), x(3), x(3)], dim=1), call((x(), x())),
        call([x(2, 3)], -1),
    ], reference=lambda xs, dim=0: np.stack(xs, dim), numpy=np.stack),
    Row("atleast_1d", [call(x()), call(x(2, 3))]),
    Row("atleast_2d", [call(x()), call(x(3)), call(x(2, 3, 2))]),
    Row("atleast_3d", [call(x()), call(x(3)), call(x(2, 3))]),
    Row("cartesian_prod", [call(x(2), x(3)), call(x(3))], reference=every_tuple),
    Row("hstack", PAIR[:3]),
    Row("vstack", PAIR),
    Row("dstack", PAIR[:3]),
    Row("column_stack", PAIR[:2]),
    Row("split", [call(x(5, 2), 2), call(x(2, 5), [1, 4], dim=1), call(x(4), 2, -1), call(x(3), 5)],
        reference=split_by),
    Row("chunk", [call(x(5, 2), 2), call(x(2, 6), 3, dim=1), call(x(5), 4)], reference=chunked),
    Row("tensor_split", [call(x(5, 2), 3), call(x(2, 5), (1, 3), dim=1)],
        reference=lambda a, k, dim=0: np.array_split(a, k, dim)),
    Row("unbind", [call(x(3, 2)), call(x(2, 3), dim=-1), call(x(2, 0))],
        reference=lambda a, dim=0: list(np.moveaxis(a, dim, 0))),
]


# -- indexing --------------------------------------------------------------------------------------

FORMS = [  # of x[...], over a tensor of shape (3, 4, 2)
    (1,), (-1,), (slice(None, None, 2),), (slice(0, 2), slice(1, None)), (Ellipsis, 0), (None,),
    (0, None, Ellipsis), (Ellipsis,), (slice(None), slice(3, 0, 1)), (n(3, make=corners),),
    (n(2, 2),), (slice(None), n(3)), (n(2), n(2)), (n(2, 1), n(3)),
    (n(2), slice(None), n(2, below=2)), (Ellipsis, n(2, below=2)), (None, n(2), slice(1, 3)),
    (b(3),), (b(3, 4),), (slice(None), b(4)), ([0, 2],), (1, [0, 1]), (n(),), (0, 1, 1),
    (slice(1, 1),), (n(0),), (True,), (False,), (n(2), None, 1), (slice(None), 1, n(2, below=2)),
    (n(2), 1, slice(None)), ([True, False, True],), (b(3), slice(None), 0),
    (slice(-2, None), Ellipsis, None), (slice(None, None, 3), slice(1, 4, 2)),
]
FILLS = [  # of x[...] = v, over the same; no element is named twice
    (1,), (slice(None, None, 2),), (slice(0, 2), slice(1, None)), (Ellipsis, 0), (None,),
    (b(3, 4),), ([0, 2],), (0, 1, 1), (slice(None), [1, 3]), (1, [0, 1]), (slice(1, 1),), (n(),),
]
INDEXING = [
    Row("getitem", [call(x(3, 4, 2), *form) for form in FORMS], function=item),
    Row("getitem", [
        call(x(), ()), call(x(), None), call(x(), b()), call(x(), Ellipsis), call(x(0, 2), n(0)),
        call(x(4), n(3, below=4)), call(x(5), slice(4, None, None)),
    ], function=item),
    Row("setitem", [call(x(3, 4, 2), 1.5, *form) for form in FILLS], function=assigned),
    Row("setitem", [
        call(x(3, 4), x(4), 1), call(x(3, 4), x(), slice(None), 2),
        call(x(3, 4), x(2, 1), slice(0, 2)), call(x(3, 4), x(2, 4), [0, 2]), call(x(4), x(), b(4)),
        call(x(3), x(2), n(2, make=order)), call(x(), x(), ()), call(x(2, 3), x(1, 3), slice(0, 1)),
        call(x(3), x(1), 0),
    ], function=assigned, reference=assigned_one),
    Row("gather", [
        call(x(3, 4), 0, n(2, 4)), call(x(3, 4), 1, n(3, 2)), call(x(3, 4), -1, n(2, 3)),
        call(x(2, 3, 2), 1, n(2, 3, 2)), call(x(3, 4), 0, n(0, 4)), call(x(), 0, n(below=1)),
    ], reference=gathered),
    Row("take_along_dim", [call(x(3, 4), n(3, 2), dim=1), call(x(3), n(2))],
        reference=lambda a, i, dim=None: np.take_along_axis(a, i, dim)),
    Row("index_select", [
        call(x(3, 4), 0, n(5)), call(x(2, 3, 2), 1, n(2)), call(x(3, 4), -1, n(3)),
    ], reference=spread_rows),
    Row("take", [call(x(3, 4), n(2, 3, below=12)), call(x(3), n(2, least=-3, below=3))]),
    Row("masked_select", [
        call(x(3, 4), b(3, 4)), call(x(3, 4), b(4)), call(x(3), b(2, 3)), call(x(), b()),
    ], reference=chosen_by_mask),
    Row("masked_fill", [
        call(x(3, 4), b(3, 4), 0.5), call(x(3, 4), b(4), x()), call(x(), b(), 2),
        call(x(3), b(2, 3), 1.0),
    ], reference=filled),
    Row("scatter", [
        call(x(3, 4), 0, n(1, 4), x(1, 4)), call(x(3, 4), 1, n(3, 1), x(3, 4)),
        call(x(3, 4), 1, n(3, 1), 1.5),
    ], reference=scattered(second)),
    Row("scatter_add", [
        call(x(3, 4), 0, n(5, 4), x(5, 4)), call(x(3, 4), 1, n(2, 3), x(3, 4)),
        call(x(3), -1, n(4), x(4)),
    ], reference=scattered(np.add)),
    Row("index_add", [call(x(3, 4), 0, n(5), x(5, 4)), call(x(2, 3), 1, n(2), x(2, 2))],
        reference=index_put(np.add)),
    Row("index_copy", [call(x(3, 4), 0, n(2, make=order), x(2, 4))], reference=index_put(second)),
    Row("index_fill", [call(x(3, 4), 1, n(2), 0.5)],
        reference=lambda a, dim, index, v: index_put(second)(a, dim, index, np.full((3, 2), v))),
    Row("index_put", [
        call(x(3, 4), (n(2, make=order),), x(2, 4)), call(x(3), (n(4),), x(4), accumulate=True),
    ], reference=put_at),
    Row("put", [
        call(x(2, 3), n(3, make=order), x(3, 1)), call(x(2, 3), n(0), x(0)),
        call(x(2, 3), n(2, 2, below=6, least=-6), x(4), accumulate=True),
        call(x(), n(1, below=1), x()),
    ], reference=lambda a, index, v, accumulate=False: put_at(
        a.ravel(), index.ravel(), v.ravel(), accumulate).reshape(a.shape)),
    Row("scatter_reduce", [
        call(x(3, 4), 0, n(2, 4), x(2, 4), reduce="sum"), call(x(3), 0, n(3), x(3), reduce="amax"),
        call(x(4, 3, make=with_zero), 1, n(4, 5), x(4, 5, make=with_zero), reduce="prod"),
    ], reference=reduced_at),
    Row("masked_scatter", [call(x(3, 4), b(3, 4), x(12)), call(x(3), b(3), x(2, 2))],
        reference=poured),
    Row("msort", [call(x(4)), call(x(3, 2))], reference=lambda a: np.sort(a, axis=0)),
    Row("bucketize", [call(x(2, 3), x(4, make=np.sort))],
        orders=0, reference=lambda a, edges: np.searchsorted(edges, a)),
    Row("isin", [call(n(4), n(2))], orders=0),
    Row("unique", [call(n(6))], orders=0),
    Row("unique_consecutive", [call(n(8))],
        orders=0, reference=lambda a: a[np.r_[True, a[1:] != a[:-1]]]),
    Row("histc", [call(x(9), 4, -1, 1)],
        orders=0,
        reference=lambda a, bins, low, high: np.histogram(a, bins, (low, high))[0].astype(a.dtype)),
    Row("nonzero", [call(n(3, 4)), call(b(4)), call(x(0))], orders=0, reference=np.argwhere),
    Row("argwhere", [call(n(3, 4))], orders=0),
    Row("sort", [
        call(x(5)), call(x(3, 4), 0), call(x(3, 4), dim=-1, descending=True), call(x()),
        call(x(0, 2), 0),
    ], reference=sorted_with_places),
    Row("argsort", [call(x(5)), call(x(3, 4), 0), call(x(3, 4), dim=-1, descending=True)],
        orders=0, reference=lambda *a, **k: sorted_with_places(*a, **k)[1]),
    Row("topk", [call(x(5), 2), call(x(3, 4), 2, 0), call(x(3, 4), k=3, dim=1, largest=False)],
        reference=best),
    Row("kthvalue", [call(x(5), 2), call(x(3, 4), 2, 0)], reference=smallest),
    Row("searchsorted", [call(x(4, make=np.sort, domain=(0.0, 1.0)), x(3, domain=(-0.2, 1.2)))],
        orders=0),
    Row("bincount", [call(n(6))], orders=0),
    Row("narrow", [call(x(3, 4), 1, 1, 2), call(x(3, 4), 0, 0, 3)],
        reference=lambda a, dim, start, length: np.take(a, range(start, start + length), dim)),
]


# -- linear algebra --------------------------------------------------------------------------------

LINALG = [
    Row("matmul", [
        call(x(3, 4), x(4, 2)), call(x(4), x(4)), call(x(3, 4), x(4)), call(x(3), x(3, 2)),
        call(x(2, 3, 4), x(4, 2)), call(x(2, 3, 4), x(2, 4, 2)), call(x(2, 1, 2, 3), x(3, 3, 2)),
        call(x(3), x(2, 3, 2)), call(x(2, 2, 3), x(3)), call(x(0, 3), x(3, 2)),
        call(x(2, 0), x(0, 3)), call(x(3, 4), x(2, 4, 1)), call(x(1, 1), x(1, 1)),
    ]),
    Row("mm", [call(x(3, 4), x(4, 2)), call(x(2, 0), x(0, 3))], reference=np.matmul),
    Row("bmm", [call(x(2, 3, 4), x(2, 4, 2))], reference=np.matmul),
    Row("mv", [call(x(3, 4), x(4))], reference=np.matmul),
    Row("dot", [call(x(4), x(4)), call(x(0), x(0))]),
    Row("vdot", [call(x(4), x(4))]),
    Row("inner", [call(x(4), x(4)), call(x(2, 3), x(4, 3))]),
    Row("outer", [call(x(3), x(4)), call(x(0), x(2))]),
    Row("ger", [call(x(3), x(4))], reference=np.outer),
    Row("kron", [call(x(2, 2), x(3, 1)), call(x(2), x(3))]),
    Row("cross", [call(x(2, 3), x(2, 3), dim=1), call(x(3), x(3), dim=0)],
        reference=lambda a, b, dim: np.cross(a, b, axis=dim)),
    Row("einsum", [
        call("ij,jk->ik", x(2, 3), x(3, 2)), call("ii->i", x(3, 3)), call("ii", x(3, 3)),
        call("ij->ji", x(2, 3)), call("bij,bjk->bik", x(2, 2, 3), x(2, 3, 2)),
        call("i,j->ij", x(2), x(3)), call("ij->", x(2, 3)),
        call("...ij,...jk->...ik", x(2, 2, 3), x(3, 2)), call("i,i,i->i", x(3), x(3), x(3)),
        call("ij,ij->j", x(2, 3), x(2, 3)), call("ij,kl->", x(2, 2), x(2, 2)),
        call("i...->...", x(2, 3)), call("ij,jk,kl->il", x(2, 2), x(2, 3), x(3, 2)),
        call("ba,bc", x(2, 3), x(2, 3)),
    ], reference=lambda *a: np.einsum(*a)),
    Row("tensordot", [
        call(x(2, 3, 4), x(4, 3, 2), dims=1), call(x(2, 3, 4), x(3, 4, 2), dims=2),
        call(x(2, 3, 4), x(3, 2, 4), dims=([0, 1], [1, 0])), call(x(2), x(3), dims=0),
    ], reference=lambda a, b, dims: np.tensordot(a, b, dims)),
    Row("addmm", [call(x(3, 2), x(3, 4), x(4, 2)), call(x(2), x(3, 4), x(4, 2), beta=0.5, alpha=2)],
        reference=lambda c, a, b, beta=1, alpha=1: beta * c + alpha * (a @ b)),
    Row("addmv", [call(x(3), x(3, 4), x(4))], reference=lambda c, a, b: c + a @ b),
    Row("addbmm", [call(x(3, 2), x(2, 3, 4), x(2, 4, 2))],
        reference=lambda c, a, b: c + (a @ b).sum(0)),
    Row("baddbmm", [call(x(2, 3, 2), x(2, 3, 4), x(2, 4, 2))], reference=lambda c, a, b: c + a @ b),
    Row("addr", [call(x(3, 2), x(3), x(2))], reference=lambda c, a, b: c + np.outer(a, b)),
    Row("cdist", [
        call(x(3, 2), x(4, 2)), call(x(2, 3, 2), x(2, 1, 2)), call(x(3, 2), x(2, 2), p=1.0),
    ], reference=lambda a, b, p=2.0: p_norm(a[..., :, None, :] - b[..., None, :, :], p, -1)),
    Row("chain_matmul", [call(x(2, 3), x(3, 2), x(2, 4))], reference=lambda *a: a[0] @ a[1] @ a[2]),
    Row("multi_dot", [call([x(2, 3), x(3, 2), x(2, 4)])],
        reference=np.linalg.multi_dot, torch="linalg.multi_dot"),
    Row("matrix_power", [call(x(3, 3), k) for k in (1, 2, 3)], reference=np.linalg.matrix_power),
    Row("vecdot", [call(x(2, 3), x(2, 3)), call(x(2, 3), x(2, 1), dim=0)],
        torch="linalg.vecdot", reference=lambda a, b, dim=-1: np.sum(a * b, axis=dim)),
]


# -- adjoints, and what else only formulas call ----------------------------------------------------

ADJOINTS = [
    Row("ops.indexing.getitem.PutSlice", [
        call(x(2, 4), shape=(3, 4), index=slice(1, 3)), call(x(), shape=(3,), index=1),
    ], reference=lambda a, shape, index: zeros_with(a, index, shape)),
    Row("ops.indexing.getitem.PutItem", [
        call(x(5, 2), n(5), shape=(3, 2)), call(x(2), n(2, make=order), shape=(3,), distinct=True),
    ], reference=lambda a, index, shape, distinct=False: zeros_with(a, index, shape)),
    Row("pad", [call(x(2, 3), ((1, 0), (0, 2))), call(x(3), 1, constant_values=1.5)],
        function=np.pad, torch=None, reference=np.pad),
    Row("ops.shape.narrow.Pad", [call(x(2, 3), ((1, 0), (0, 2))), call(x(3), ((1, 1),), 1.5)],
        reference=lambda a, widths, value=0: np.pad(a, widths, constant_values=value)),
    Row("ops.shape.unfold.Fold", [call(x(3, 2), 7, 0, 2, 2), call(x(2, 4, 3), 6, 1, 3, 1)],
        reference=folded),
    Row("ops.shape.repeat.SumOfRepeats", [
        call(x(6, 2), 3, 2, 0), call(x(2, 6), 2, 3, 1), call(x(5), 3, [2, 0, 3], 0),
    ], reference=runs_summed),
    Row("ops.reductions.cumulative.Recurrence", [
        call(x(5), x(5)), call(x(2, 3), x(2, 3)), call(x(0), x(0)),
    ], reference=recurrence),
    Row("ops.reductions.cumulative.ReverseRecurrence", [call(x(5), x(5)), call(x(2, 3), x(2, 3))],
        reference=reverse_recurrence),
    Row("ops.reductions.cumulative.Later", [call(x(2, 3)), call(x(4), first=1)], reference=later),
    Row("ops.reductions.cumulative.Earlier", [call(x(2, 3)), call(x(4))],
        reference=lambda a: later(a[..., ::-1])[..., ::-1]),
    Row("ops.shape.permute.ConjugateTranspose", [call(x(2, 3))], reference=np.transpose),
    Row("ops.reductions.reduction.Ratio", BINARY, domain=(0.5, 2.0), reference=np.divide),
]

ROWS = [
    *ARITHMETIC, *EXPONENTIAL, *TRIGONOMETRIC, *SPECIAL, *COMPARISON, *REDUCTION, *SHAPE, *JOINING,
    *INDEXING, *LINALG, *ADJOINTS,
]
