"""Vectors brought to length 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_tensors
from autograd.engine.elementwise import in_float32

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["normalize"]


@in_float32
def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    r"""Vectors of length 1 along ``dim``: :math:`x / \max(\|x\|_p, \epsilon)`.

    >>> import autograd
    >>> normalize(autograd.tensor([[3.0, 4.0]]))
    tensor([[0.6000, 0.8000]])
    """
    check_tensors("normalize", input=input)
    return input / input.norm(p, dim, keepdim=True).clamp_min(eps)
