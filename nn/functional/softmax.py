"""Softmax and its logarithm along an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import autograd
from autograd.arrays.arguments import axis_of, check_flags, check_tensors, integer_of, number_of
from autograd.ops.reductions.softmax import log_softmax as _log_softmax, softmax as _softmax

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = ["gumbel_softmax", "log_softmax", "softmax", "softmin"]


def softmax(input: Tensor, dim: int | None = None, dtype: DType | None = None) -> Tensor:
    """exp(x) / Σ exp(x) along ``dim``; without it, along axis 0 for 0-d, 1-d and 3-d, else 1.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> softmax(autograd.tensor([1.0, 1.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return _softmax(input, _axis("softmax", input, dim), dtype)


def log_softmax(input: Tensor, dim: int | None = None, dtype: DType | None = None) -> Tensor:
    """x - log Σ exp(x) along ``dim``, chosen as :func:`softmax` does.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> log_softmax(autograd.tensor([1.0, 1.0]), dim=0)
    tensor([-0.6931, -0.6931])
    """
    return _log_softmax(input, _axis("log_softmax", input, dim), dtype)


def softmin(input: Tensor, dim: int | None = None, dtype: DType | None = None) -> Tensor:
    """exp(-x) / Σ exp(-x) along ``dim``: :func:`softmax` of -x.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> softmin(autograd.tensor([1.0, 1.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    check_tensors("softmin", input=input)
    return softmax(-input, dim, dtype)


def gumbel_softmax(
    logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1
) -> Tensor:
    r"""Samples of the Gumbel-softmax: softmax((x + G) / τ) along ``dim``, :math:`G = -\ln E`, E
    exponential.

    With ``hard`` the result is one-hot, and its gradient that of the soft sample. ``eps`` is not
    used. Raises ValueError unless τ > 0.

    Jang, Gu & Poole 2017, arXiv:1611.01144; Maddison, Mnih & Teh 2017, arXiv:1611.00712.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> gumbel_softmax(autograd.zeros(3), hard=True)
    tensor([0., 0., 1.])
    """
    check_tensors("gumbel_softmax", logits=logits)
    check_flags("gumbel_softmax", hard=hard)
    tau = number_of("gumbel_softmax", "tau", tau)
    if not tau > 0:
        raise ValueError(f"gumbel_softmax: tau must be positive; got {tau}. Pass 1.0.")
    axis = axis_of("gumbel_softmax", logits, dim)
    with autograd.no_grad():
        gumbels = -autograd.empty_like(logits).exponential_().log()
    soft = _softmax((logits + gumbels) / tau, axis)
    if not hard:
        return soft
    index = soft.detach().argmax(axis, keepdim=True)
    one_hot = autograd.zeros_like(soft.detach()).scatter_(axis, index, 1.0)
    return one_hot - soft.detach() + soft


def _axis(call: str, input: Tensor, dim: int | None) -> int:
    if dim is None:
        check_tensors(call, input=input)
        return 0 if input.ndim in (0, 1, 3) else 1
    return integer_of(call, "dim", dim)
