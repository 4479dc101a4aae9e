"""What to do where an op has made NaN or Inf: by the op, and by its operands at that place."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays import dtypes

_LOG = (
    "The logarithm of 0 is -∞, and of less NaN: x.clamp(min=1e-8).log(); of a softmax take "
    "log_softmax(scores), of a sigmoid logsigmoid(scores)."
)
_EXP = (
    "The exponential leaves the range above 88 in float32 (11 in float16): subtract the largest "
    "first, or take softmax, log_softmax, logsumexp or sigmoid, which do."
)
_ROOT = "The root of less than 0 is NaN: x.clamp(min=0).sqrt()."
_DIVIDE = "Nothing is divided by 0: add a small number, x / (y + 1e-8), or y.clamp(min=1e-8)."
_ARC = "It is defined from -1 to 1: x.clamp(-1 + 1e-6, 1 - 1e-6)."
_POWER = (
    "0 to a negative power is ∞, and a negative number to a broken one NaN: keep the base above 0, "
    "x.clamp(min=1e-8)."
)
_MASKED = (
    "0 · ∞ and ∞ - ∞ are NaN: put -inf in place, scores.masked_fill(mask, float('-inf')), and do "
    "not multiply a mask by it."
)
_ROW = (
    "A row whose elements are all -inf has no softmax: leave one place of each row unmasked, or "
    "fill such rows afterwards."
)
_GROWN = (
    "The values have left the range of their dtype: they have grown from step to step (a smaller "
    "learning rate, clip_grad_norm_, normalised inputs), or the dtype is too narrow."
)
_ONE = "There are no degrees of freedom: give more than one element, or correction=0."
_NONE = "The mean of no elements is NaN: look at the mask or the index that leaves none."
_UNKNOWN = "Look at the operands there."
_FORMULA = "Look at what its gradient formula does with these numbers: a quotient by 0, mostly."

_FORWARD = {
    "Log": _LOG, "Log2": _LOG, "Log10": _LOG, "XLogY": _LOG, "Logit": _LOG,
    "Log1p": "The logarithm of 1 + x is -∞ at -1, and NaN below: x.clamp(min=-1 + 1e-6).log1p().",
    "Exp": _EXP, "Exp2": _EXP, "Expm1": _EXP, "Sinh": _EXP, "Cosh": _EXP,
    "Sqrt": _ROOT, "Rsqrt": "1 / √x is ∞ at 0, and NaN below: (x + 1e-8).rsqrt().",
    "Divide": _DIVIDE, "Reciprocal": _DIVIDE, "Remainder": _DIVIDE, "Fmod": _DIVIDE,
    "Acos": _ARC, "Asin": _ARC, "Atanh": _ARC, "Erfinv": _ARC,
    "Acosh": "It is defined from 1 on: x.clamp(min=1 + 1e-6).",
    "Power": _POWER, "PowerOfNumber": _POWER, "Var": _ONE, "Std": _ONE, "Mean": _NONE,
    "Cast": "Numbers beyond the range of the new dtype (65504 of float16) become inf: keep this "
    "tensor in float32 or bfloat16, or scale it first.",
    "Softmax": _ROW, "LogSoftmax": _ROW, "Attention": _ROW, "LogSumExp": _ROW,
}  # fmt: skip

_BACKWARD = {
    "Sqrt": "The slope of a root is infinite at 0: (x + 1e-8).sqrt().",
    "Norm": "The norm has no slope at 0: (x.square().sum() + 1e-8).sqrt().",
    "Std": "The standard deviation of equal numbers has no slope: (x.var() + 1e-8).sqrt().",
    "Log": _LOG, "Log2": _LOG, "Log10": _LOG, "XLogY": _LOG, "Divide": _DIVIDE,
    "Reciprocal": _DIVIDE, "Rsqrt": _DIVIDE, "Exp": _EXP, "Acos": _ARC, "Asin": _ARC,
    "Atanh": _ARC, "Atan2": "An angle has no slope at the origin: keep x or y away from 0.",
    "Power": "The slope of x ** y is infinite at 0 for y < 1: keep the base above 0, "
    "x.clamp(min=1e-8), or add a small number.",
}  # fmt: skip
_BACKWARD["PowerOfNumber"] = _BACKWARD["Power"]

_CHOSEN = (
    "What comes in is 0 there, and 0 · ∞ is NaN: a where() behind it chooses too late. Give the op "
    "safe numbers instead: x.where(x > 0, 1) before it."
)


def forward(op: str, there: dict[str, Any], made: Any) -> str:
    """A cure for an op that has made ``made``, of operands that are ``there`` in those places."""
    infinite = any(
        [np.isinf(value).any() for value in there.values() if dtypes.floating(value.dtype)]
    )
    if op == "Mean" and (np.isinf(made).any() or infinite):
        return _GROWN if np.isinf(made).any() else _MASKED
    if op in ("Multiply", "Add", "Subtract", "Sum", "Mean") and np.isnan(made).any():
        return _MASKED
    if op == "Divide" and all([(value != 0).all() for value in there.values()]):
        return _MASKED if infinite else _GROWN
    return _FORWARD.get(op) or (_UNKNOWN if np.isnan(made).any() else _GROWN)


def backward(op: str, there: dict[str, Any], large: float) -> str:
    """A cure for an op's gradient; ``large`` is the largest number that it was made of."""
    if "g" in there and there["g"].size and (there["g"] == 0).all() and op in _BACKWARD:
        return f"{_BACKWARD[op]} {_CHOSEN}"
    return _BACKWARD.get(op) or (_GROWN if large > 1e15 else _FORMULA)
