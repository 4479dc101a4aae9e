"""Parameters taken together: their gradients' norm, and one vector of all of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd
from autograd.arrays.arguments import check_tensors, number_of
from autograd.engine import versions

if TYPE_CHECKING:
    from autograd import Tensor


def _tensors(call: str, parameters: Any) -> list[Any]:
    several = isinstance(parameters, Iterable) and not isinstance(parameters, autograd.Tensor)
    chosen = list(parameters) if several else [parameters]
    for p in chosen:
        if not isinstance(p, autograd.Tensor):
            raise TypeError(
                f"{call}: parameters must be tensors; got {type(p).__name__}. Pass "
                "model.parameters()."
            )
    return chosen


def _gradients(call: str, parameters: Any) -> list[Any]:
    return [p.grad for p in _tensors(call, parameters) if p.grad is not None]


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
    norms = np.array([np.linalg.norm(np.ravel(g._data), p) for g in gradients])
    norm = np.linalg.norm(norms, p)
    if error_if_nonfinite and not np.isfinite(norm):
        raise RuntimeError(
            f"clip_grad_norm_: the norm of the gradients must be finite; it is {norm}. Look for "
            "the first loss that is not finite, or pass error_if_nonfinite=False."
        )
    factor = limit / (float(norm) + 1e-6)
    if not factor >= 1:  # also where it is NaN
        for g in gradients:
            array = g._array()
            array *= factor
            versions.note_change(array)
    return autograd.tensor(float(norm), dtype=gradients[0].dtype)


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


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All parameters, flattened, one after the other: a differentiable vector.

    >>> import autograd
    >>> parameters_to_vector([autograd.zeros(1, 2), autograd.ones(1)])
    tensor([0., 0., 1.])
    """
    return autograd.cat([p.reshape(-1) for p in _tensors("parameters_to_vector", parameters)])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Copy a vector as of :func:`parameters_to_vector` into the memory of the parameters.

    Raises ValueError where the vector has another length than all of them; nothing is changed then.

    >>> import autograd
    >>> w = autograd.zeros(1, 2)
    >>> vector_to_parameters(autograd.tensor([1.0, 2.0]), [w])
    >>> w
    tensor([[1., 2.]])
    """
    check_tensors("vector_to_parameters", vec=vec)
    chosen = _tensors("vector_to_parameters", parameters)
    total = sum(math.prod(p.shape) for p in chosen)
    if tuple(vec.shape) != (total,):
        raise ValueError(
            f"vector_to_parameters: expected a vector of {total} elements, as many as the "
            f"parameters have; got shape {tuple(vec.shape)}."
        )
    start = 0
    with autograd.no_grad():
        for p in chosen:
            stop = start + math.prod(p.shape)
            p.copy_(vec[start:stop].reshape(tuple(p.shape)))
            start = stop
