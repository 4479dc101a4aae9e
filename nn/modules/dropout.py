"""Dropout layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.arrays.arguments import check_flags
from nn import functional as F
from nn.functional.dropout import probability
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "AlphaDropout",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Dropout3d",
    "FeatureAlphaDropout",
]


class _DropoutNd(Module):
    function: Any  # of the input, p, whether it is training, and whether it writes over the input

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        check_flags(type(self).__name__, inplace=inplace)
        self.p, self.inplace = probability(type(self).__name__, p), inplace

    def forward(self, input: Tensor) -> Tensor:
        return type(self).function(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_DropoutNd):
    r"""While training, zeros with probability ``p``; what stays is scaled by :math:`1/(1-p)`.

    Shapes: (*) -> (*). After ``eval()`` it passes its input through. Raises ValueError unless p is
    in [0, 1].

    Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014 (JMLR 15:1929).

    >>> import autograd
    >>> Dropout(0.2).eval()(autograd.ones(3))
    tensor([1., 1., 1.])
    """

    function = staticmethod(F.dropout)


class Dropout1d(_DropoutNd):
    """:class:`Dropout` of whole channels of (N, C, L) or (C, L).

    >>> import autograd
    >>> Dropout1d(0.5).eval()(autograd.ones(1, 2, 3)).shape
    autograd.Size([1, 2, 3])
    """

    function = staticmethod(F.dropout1d)


class Dropout2d(_DropoutNd):
    """:class:`Dropout` of whole channels of (N, C, H, W).

    Shapes: (N, C, H, W) -> the same.

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> Dropout2d(0.5)(autograd.ones(1, 3, 1, 2)).tolist()
    [[[[0.0, 0.0]], [[0.0, 0.0]], [[2.0, 2.0]]]]
    """

    function = staticmethod(F.dropout2d)


class Dropout3d(_DropoutNd):
    """:class:`Dropout` of whole channels of (N, C, D, H, W) or (C, D, H, W).

    >>> import autograd
    >>> Dropout3d(0.5).eval()(autograd.ones(1, 2, 3, 3, 3)).shape
    autograd.Size([1, 2, 3, 3, 3])
    """

    function = staticmethod(F.dropout3d)


class AlphaDropout(_DropoutNd):
    """Dropout that keeps mean 0 and variance 1, beside selu.

    See :func:`~nn.functional.alpha_dropout`.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> AlphaDropout(0.2).eval()(autograd.ones(3))
    tensor([1., 1., 1.])
    """

    function = staticmethod(F.alpha_dropout)


class FeatureAlphaDropout(_DropoutNd):
    """:class:`AlphaDropout` of whole channels, (N, C, *).

    >>> import autograd
    >>> FeatureAlphaDropout(0.2).eval()(autograd.ones(1, 2, 3)).shape
    autograd.Size([1, 2, 3])
    """

    function = staticmethod(F.feature_alpha_dropout)
