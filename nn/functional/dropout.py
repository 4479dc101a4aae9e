"""Dropout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, number_of
from autograd.ops.pointwise.arithmetic import Multiply
from autograd.random import discrete
from autograd.tensors.inplace import changed

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["dropout"]


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    r"""While training, zeros with probability ``p``; what stays is scaled by :math:`1/(1-p)`.

    So the expected value is x, and nothing is done afterwards. The numbers drawn are PyTorch's.
    Raises ValueError unless p is in [0, 1].

    Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014 (JMLR 15:1929).

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> dropout(autograd.ones(5), p=0.5)
    tensor([0., 0., 2., 0., 0.])
    >>> dropout(autograd.ones(2), p=0.5, training=False)
    tensor([1., 1.])
    """
    p = probability("dropout", p)
    check_tensors("dropout", input=input)
    if not training or p == 0:
        return input
    half = dtypes.narrow(input.dtype)
    mask = discrete.dropout_mask(
        tuple(input.shape), 1 - p, dtypes.float32 if half else input.dtype
    ).astype(input.dtype, copy=False)
    return (
        changed(input, "dropout", Multiply.apply, mask) if inplace else Multiply.apply(input, mask)
    )


def probability(call: str, p: float) -> float:
    """``p``, checked to be one."""
    p = number_of(call, "p", p)
    if not 0 <= p <= 1:
        raise ValueError(f"{call}: p must be a probability, in [0, 1]; got {p}. Pass 0.5.")
    return p
