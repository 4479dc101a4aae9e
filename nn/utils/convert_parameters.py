"""Parameters as one vector, and back."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import autograd
from autograd.arrays.arguments import check_tensors

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["parameters_to_vector", "vector_to_parameters"]


def tensors(call: str, parameters: Any) -> list[Any]:
    several = isinstance(parameters, Iterable) and not isinstance(parameters, autograd.Tensor)
    chosen = list(parameters) if several else [parameters]
    for p in chosen:
        if not isinstance(p, autograd.Tensor):
            raise TypeError(
                f"{call}: parameters must be tensors; got {type(p).__name__}. Pass "
                "model.parameters()."
            )
    return chosen


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All parameters, flattened, one after the other: a differentiable vector.

    >>> import autograd
    >>> parameters_to_vector([autograd.zeros(1, 2), autograd.ones(1)])
    tensor([0., 0., 1.])
    """
    return autograd.cat([p.reshape(-1) for p in tensors("parameters_to_vector", parameters)])


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
    chosen = tensors("vector_to_parameters", parameters)
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
