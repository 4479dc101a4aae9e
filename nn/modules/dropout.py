"""Dropout layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_flags
from nn import functional as F
from nn.functional.dropout import probability
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Dropout"]


class Dropout(Module):
    r"""While training, zeros with probability ``p``; what stays is scaled by :math:`1/(1-p)`.

    Shapes: (*) -> (*). After ``eval()`` it passes its input through. Raises ValueError unless p is
    in [0, 1].

    Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014 (JMLR 15:1929).

    >>> import autograd
    >>> Dropout(0.2).eval()(autograd.ones(3))
    tensor([1., 1., 1.])
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        check_flags("Dropout", inplace=inplace)
        self.p, self.inplace = probability("Dropout", p), inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"
