"""Gradients made smaller, by their norm or one by one."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import number_of
from autograd.arrays.errors import DtypeError
from autograd.engine import versions, watches
from autograd.engine.graph import wrap
from autograd.kernels.clipping import norm_of_all, scale_down
from nn.utils.convert_parameters import tensors as listed

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "clip_grad_norm",
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
]


def _gradients(call: str, parameters: Any) -> list[Any]:
    return [p.grad for p in listed(call, parameters) if p.grad is not None]


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
    gradients = _gradients("clip_grad_norm_", parameters)
    norm = _total("clip_grad_norm_", gradients, norm_type, error_if_nonfinite)
    _clip(gradients, limit, norm)
    return _as_tensor(norm, gradients)


def clip_grad_norm(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float | str = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """:func:`clip_grad_norm_`, by its old name.

    >>> import warnings, autograd
    >>> x = autograd.ones(2, requires_grad=True)
    >>> x.grad = autograd.tensor([3.0, 4.0])
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     clip_grad_norm([x], 1.0)
    tensor(5.)
    """
    warnings.warn(
        "nn.utils.clip_grad_norm is called nn.utils.clip_grad_norm_ now.",
        FutureWarning,
        stacklevel=2,
    )
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite, foreach)


def get_total_norm(
    tensors: Tensor | Iterable[Tensor],
    norm_type: float | str = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """The norm of all ``tensors``, as of one vector; see :func:`clip_grad_norm_`.

    >>> import autograd
    >>> get_total_norm([autograd.tensor([3.0]), autograd.tensor([4.0])])
    tensor(5.)
    """
    chosen = listed("get_total_norm", tensors)
    return _as_tensor(_total("get_total_norm", chosen, norm_type, error_if_nonfinite), chosen)


def clip_grads_with_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    total_norm: Tensor,
    foreach: bool | None = None,
) -> None:
    """The second half of :func:`clip_grad_norm_`: scale all gradients, whose norm is given.

    >>> import autograd
    >>> w = autograd.zeros(2, requires_grad=True)
    >>> w.grad = autograd.tensor([3.0, 4.0])
    >>> clip_grads_with_norm_([w], 1.0, get_total_norm([w.grad]))
    >>> w.grad
    tensor([0.6000, 0.8000])
    """
    limit = _bound("clip_grads_with_norm_", "max_norm", max_norm)
    norm = number_of("clip_grads_with_norm_", "total_norm", total_norm)
    _clip(_gradients("clip_grads_with_norm_", parameters), limit, norm)


def _total(call: str, chosen: list[Any], norm_type: Any, error_if_nonfinite: bool) -> Any:
    p = math.inf if norm_type == "inf" else number_of(call, "norm_type", norm_type)
    if not chosen:
        return np.float64(0)
    norm = norm_of_all(*[one._data for one in chosen], p=p)
    if error_if_nonfinite and not np.isfinite(norm):
        raise RuntimeError(
            f"{call}: the norm of the gradients must be finite; it is {norm}. Look for the first "
            "loss that is not finite, or pass error_if_nonfinite=False."
        )
    return norm


def _clip(gradients: list[Any], limit: float, norm: Any) -> None:
    for g in gradients:
        array = g._array()
        scale_down(array, norm, limit=limit)
        versions.note_change(array)
    if limit < math.inf:  # else somebody asks for the norm
        for told in watches.clips:
            told(gradients)


def _as_tensor(norm: Any, of: list[Any]) -> Tensor:
    with np.errstate(over="ignore"):  # it may be infinite in float16
        dtype = np.real(of[0]._data).dtype if of else dtypes.float32
        return wrap(norm.astype(dtype), None)


def clip_grad_value_(
    parameters: Tensor | Iterable[Tensor], clip_value: float, foreach: bool | None = None
) -> None:
    """Clamp all gradients in place to ±``clip_value``.

    Raises ValueError where it is negative, TypeError where a gradient is complex, which has no
    order; nothing is changed then.

    >>> import autograd
    >>> w = autograd.zeros(2, requires_grad=True)
    >>> w.grad = autograd.tensor([3.0, -4.0])
    >>> clip_grad_value_([w], 1.0)
    >>> w.grad
    tensor([ 1., -1.])
    """
    bound = _bound("clip_grad_value_", "clip_value", clip_value)
    gradients = _gradients("clip_grad_value_", parameters)
    for g in gradients:
        if g.is_complex():
            raise DtypeError(
                f"clip_grad_value_: gradients must be real, since complex numbers have no order; "
                f"got {g.dtype}. Bound their norm: clip_grad_norm_."
            )
    for g in gradients:
        array = g._array()
        np.clip(array, -bound, bound, out=array)
        versions.note_change(array)
