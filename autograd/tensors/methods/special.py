"""Methods that are special functions of each element.

What ``autograd`` does not load by itself is loaded by the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.engine.graph import TensorBase
from autograd.ops.pointwise import erf as _erf, gamma as _gamma
from autograd.tensors.inplace import in_place

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["erf_", "erfc_", "i0_"]


def i0(input: Tensor) -> Tensor:
    """The modified Bessel function of the first kind of order 0, :func:`autograd.i0`.

    >>> import autograd
    >>> autograd.tensor([1.0]).i0()
    tensor([1.2661])
    """
    from autograd.ops.pointwise.bessel import i0  # loaded by whoever needs it

    return i0(input)


def igamma(input: Tensor, other: Tensor) -> Tensor:
    """The lower incomplete gamma function, :func:`autograd.igamma`.

    >>> import autograd
    >>> autograd.tensor([1.0]).igamma(autograd.tensor([1.0]))
    tensor([0.6321])
    """
    from autograd.ops.pointwise.zeta import igamma

    return igamma(input, other)


def igammac(input: Tensor, other: Tensor) -> Tensor:
    """The upper incomplete gamma function, :func:`autograd.igammac`.

    >>> import autograd
    >>> autograd.tensor([1.0]).igammac(autograd.tensor([1.0]))
    tensor([0.3679])
    """
    from autograd.ops.pointwise.zeta import igammac

    return igammac(input, other)


def polygamma(input: Tensor, n: int) -> Tensor:
    """The n-th derivative of :func:`autograd.digamma`.

    >>> import autograd
    >>> autograd.tensor([1.0]).polygamma(1)
    tensor([1.6449])
    """
    return _gamma.polygamma(n, input)


erf_ = in_place(_erf.erf)
erfc_ = in_place(_erf.erfc)
erfinv_ = in_place(_erf.erfinv)

lgamma_ = in_place(_gamma.lgamma)
digamma_ = in_place(_gamma.digamma)
mvlgamma_ = in_place(_gamma.mvlgamma)
polygamma_ = in_place(polygamma, ">>> autograd.tensor([1.0]).polygamma_(1)\n    tensor([1.6449])")

i0_ = in_place(i0, ">>> autograd.tensor([1.0]).i0_()\n    tensor([1.2661])")
igamma_ = in_place(
    igamma,
    ">>> autograd.tensor([1.0]).igamma_(autograd.tensor([1.0]))\n    tensor([0.6321])",
)
igammac_ = in_place(
    igammac,
    ">>> autograd.tensor([1.0]).igammac_(autograd.tensor([1.0]))\n    tensor([0.3679])",
)


class SpecialMethods(TensorBase):
    """Special functions of each element."""

    erf = _erf.erf
    erf_ = erf_
    erfc = _erf.erfc
    erfc_ = erfc_
    erfinv = _erf.erfinv
    erfinv_ = erfinv_

    lgamma = _gamma.lgamma
    lgamma_ = lgamma_
    digamma = _gamma.digamma
    digamma_ = digamma_
    mvlgamma = _gamma.mvlgamma
    mvlgamma_ = mvlgamma_
    i0 = i0
    i0_ = i0_
    igamma = igamma
    igamma_ = igamma_
    igammac = igammac
    igammac_ = igammac_
    polygamma = polygamma
    polygamma_ = polygamma_
