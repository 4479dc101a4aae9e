"""The Hurwitz zeta function and the incomplete gamma functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.arrays.errors import DtypeError
from autograd.engine.elementwise import Elementwise
from autograd.kernels.gamma import zeta as hurwitz
from autograd.kernels.incomplete_gamma import gamma_density, incomplete_gamma
from autograd.ops.pointwise.gamma import in_float64

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = ["igamma", "igammac"]


def _no_slope(call, argument, remedy):
    return NotImplementedError(
        f"{call}: the gradient goes to its second argument only; {argument} requires grad. {remedy}"
    )


class Zeta(Elementwise):
    floating = True

    def forward(self, x, q):
        return in_float64(hurwitz, x, q)

    def grad_x(self, g):
        raise _no_slope("zeta", "input, the exponent,", "Detach it.")

    def grad_q(self, g, x, q):
        return g * -x * Zeta.apply(x + 1, q)


class Igamma(Elementwise):
    floating = True

    def forward(self, a, x):
        return in_float64(incomplete_gamma, a, x, upper=False)

    def grad_a(self, g):
        raise _no_slope("igamma", "input", "Detach it.")

    def grad_x(self, g, a, x):
        return g * GammaDensity.apply(a, x)


class Igammac(Elementwise):
    floating = True

    def forward(self, a, x):
        return in_float64(incomplete_gamma, a, x, upper=True)

    def grad_a(self, g):
        raise _no_slope("igammac", "input", "Detach it.")

    def grad_x(self, g, a, x):
        return -g * GammaDensity.apply(a, x)


class GammaDensity(Elementwise):
    """x^(a-1) e^-x / Γ(a)."""

    floating = True

    def forward(self, a, x):
        return in_float64(gamma_density, a, x)

    def grad_a(self, g):
        raise _no_slope("igamma", "input", "Detach it.")

    def grad_x(self, g, a, x, out):
        return g * out * ((a - 1) / x - 1)


def _check(call, input, other):
    check_tensors(call, input=input, other=other)
    if not (dtypes.floating(input._data.dtype) or dtypes.floating(other._data.dtype)):
        raise DtypeError(
            f"{call}: one of input and other must be floating; got {input.dtype} and "
            f"{other.dtype}. Use input.double()."
        )


def zeta(input: TensorLike, other: TensorLike) -> Tensor:
    r"""The Hurwitz zeta function, :math:`\sum_{k \ge 0} (q + k)^{-s}` of s, ``input``, and q.

    NaN for s < 1, ∞ for s = 1 and at q = 0, -1, …; for other q < 0 NaN unless s is whole. 4 units
    of float64. The gradient goes to q; NotImplementedError where s requires it. F. Johansson 2015,
    arXiv:1309.2877.

    >>> import autograd
    >>> zeta(2, autograd.tensor([1.0, 2.0]))
    tensor([1.6449, 0.6449])
    """
    return Zeta.apply(input, other)


def igamma(input: Tensor, other: Tensor) -> Tensor:
    r"""The regularised lower incomplete gamma function, :math:`P(a, x)` of a, ``input``, and x.

    :math:`\frac{1}{\Gamma(a)} \int_0^x t^{a-1} e^{-t}\,dt`; NaN where a or x is negative, and where
    both are 0. At most 12 units of float64. The gradient goes to x; NotImplementedError where a
    requires it. Gautschi 1979, doi:10.1145/355972.355977; Temme 1979, doi:10.1137/0510071.

    >>> import autograd
    >>> autograd.igamma(autograd.tensor([1.0]), autograd.tensor([1.0]))
    tensor([0.6321])
    """
    _check("igamma", input, other)
    return Igamma.apply(input, other)


def igammac(input: Tensor, other: Tensor) -> Tensor:
    r"""The regularised upper incomplete gamma function, 1 - :func:`igamma`, to the last digits.

    7 units of float64.

    >>> import autograd
    >>> autograd.igammac(autograd.tensor([1.0]), autograd.tensor([1.0]))
    tensor([0.3679])
    """
    _check("igammac", input, other)
    return Igammac.apply(input, other)
