"""Gradients made smaller, by their norm or one by one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd
from autograd.arrays import dtypes
from autograd.arrays.arguments import number_of
from autograd.engine import versions
from autograd.kernels.sums import dot_product
from nn.utils.convert_parameters import tensors

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["clip_grad_norm_", "clip_grad_value_"]


def _gradients(call: str, parameters: Any) -> list[Any]:
    return [p.grad for p in tensors(call, parameters) if p.grad is not None]


def _bound(call: str, name: str, value: Any) -> float:
    bound = number_of(call, name, value)
    if not bound >= 0:
        raise ValueError(f"{call}: {name} must be in [0, ∞]; got {value}. Pass 1.0.")
    return bound


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float | str = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    r"""Scale all gradients in place so that their norm, as of one vector, is at most ``max_norm``.

    They are multiplied by :math:`\min(1, c / (\|g\|_p + 10^{-6}))`. Returns the norm before; raises
    RuntimeError where it is not finite, if ``error_if_nonfinite``, ValueError for c < 0.

    Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063.

    >>> import autograd
    >>> w = autograd.zeros(2, requires_grad=True)
    >>> w.grad = autograd.tensor([3.0, 4.0])
    >>> clip_grad_norm_([w], max_norm=1.0)
    tensor(5.)
    >>> w.grad
    tensor([0.6000, 0.8000])
    """
    limit = _bound("clip_grad_norm_", "max_norm", max_norm)
    p = math.inf if norm_type == "inf" else number_of("clip_grad_norm_", "norm_type", norm_type)
    gradients = _gradients("clip_grad_norm_", parameters)
    if not gradients:
        return autograd.tensor(0.0)
    norms = np.array([_norm(np.ravel(g._data), p) for g in gradients])
    norm = _norm(norms, p)
    if error_if_nonfinite and not np.isfinite(norm):
        raise RuntimeError(
            f"clip_grad_norm_: the norm of the gradients must be finite; it is {norm}. Look for "
            "the first loss that is not finite, or pass error_if_nonfinite=False."
        )
    factor = limit / (float(norm) + 1e-6)
    if not factor >= 1:  # also where it is NaN
        for g in gradients:
            _scale(g._array(), factor)
    with np.errstate(over="ignore"):  # it may be infinite in float16
        return autograd.tensor(norm).to(gradients[0].dtype)


def _scale(array: Any, factor: float) -> None:
    with np.errstate(invalid="ignore"):  # what is infinite, times 0, is NaN: the norm says so
        if dtypes.narrow(array.dtype):  # which has no such small factors
            array[...] = array * np.float32(factor)
        else:
            array *= factor
    versions.note_change(array)


def _norm(x: Any, p: float) -> float:
    """‖x‖ₚ, summed in float32 or wider; of parts of the largest where powers leave the range."""
    if dtypes.narrow(x.dtype):
        x = x.astype(dtypes.float32)
    with np.errstate(over="ignore", under="ignore"):
        norm = _root(x, p)
    largest = float(np.max(np.absolute(x), initial=0))
    if (math.isinf(norm) or norm < 1e-15) and 0 < largest < math.inf and p != 0:
        norm = largest * _root(x / x.dtype.type(largest), p)
    return norm


def _root(x: Any, p: float) -> float:
    return math.sqrt(dot_product(x, x)) if p == 2 else float(np.linalg.norm(x, p))


def clip_grad_value_(
    parameters: Tensor | Iterable[Tensor], clip_value: float, foreach: bool | None = None
) -> None:
    """Clamp all gradients in place to ±``clip_value``. Raises ValueError where it is negative.

    >>> import autograd
    >>> w = autograd.zeros(2, requires_grad=True)
    >>> w.grad = autograd.tensor([3.0, -4.0])
    >>> clip_grad_value_([w], 1.0)
    >>> w.grad
    tensor([ 1., -1.])
    """
    bound = _bound("clip_grad_value_", "clip_value", clip_value)
    for g in _gradients("clip_grad_value_", parameters):
        array = g._array()
        np.clip(array, -bound, bound, out=array)
        versions.note_change(array)
