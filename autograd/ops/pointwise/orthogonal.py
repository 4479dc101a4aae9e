"""Classical orthogonal polynomials.

The degree n is truncated to a whole number, as in PyTorch; a negative one then gives 0. The
gradient goes to x, where PyTorch has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.engine.elementwise import Elementwise
from autograd.kernels.orthogonal import polynomials
from autograd.ops.pointwise.gamma import in_float64

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor


class OrthogonalPolynomial(Elementwise):
    """The ``order``-th derivative by x of the polynomial of degree n."""

    floating = True

    def forward(self, x, n, *, family, order=0):
        self.family, self.order = family, order
        return in_float64(polynomials, x, n, family=family, order=order)

    def grad_x(self, g, x, n):
        return g * OrthogonalPolynomial.apply(x, n, family=self.family, order=self.order + 1)


def chebyshev_polynomial_t(input: TensorLike, n: TensorLike) -> Tensor:
    r"""The Chebyshev polynomial of the first kind, :math:`T_n(x) = \cos(n \arccos x)`.

    >>> import autograd
    >>> chebyshev_polynomial_t(autograd.tensor([0.5]), 2)
    tensor([-0.5000])
    """
    return OrthogonalPolynomial.apply(input, n, family="chebyshev_t")


def chebyshev_polynomial_u(input: TensorLike, n: TensorLike) -> Tensor:
    r"""The Chebyshev polynomial of the second kind, :math:`U_n(x)`.

    >>> import autograd
    >>> chebyshev_polynomial_u(autograd.tensor([0.5]), 2)
    tensor([0.])
    """
    return OrthogonalPolynomial.apply(input, n, family="chebyshev_u")


def chebyshev_polynomial_v(input: TensorLike, n: TensorLike) -> Tensor:
    r"""The Chebyshev polynomial of the third kind, :math:`V_n(x)`.

    >>> import autograd
    >>> chebyshev_polynomial_v(autograd.tensor([0.5]), 2)
    tensor([-1.])
    """
    return OrthogonalPolynomial.apply(input, n, family="chebyshev_v")


def chebyshev_polynomial_w(input: TensorLike, n: TensorLike) -> Tensor:
    r"""The Chebyshev polynomial of the fourth kind, :math:`W_n(x)`.

    >>> import autograd
    >>> chebyshev_polynomial_w(autograd.tensor([0.5]), 2)
    tensor([1.])
    """
    return OrthogonalPolynomial.apply(input, n, family="chebyshev_w")


def shifted_chebyshev_polynomial_t(input: TensorLike, n: TensorLike) -> Tensor:
    r""":math:`T_n(2x - 1)`; see :func:`chebyshev_polynomial_t`.

    >>> import autograd
    >>> shifted_chebyshev_polynomial_t(autograd.tensor([0.5]), 2)
    tensor([-1.])
    """
    return OrthogonalPolynomial.apply(input, n, family="shifted_chebyshev_t")


def shifted_chebyshev_polynomial_u(input: TensorLike, n: TensorLike) -> Tensor:
    r""":math:`U_n(2x - 1)`; see :func:`chebyshev_polynomial_u`.

    >>> import autograd
    >>> shifted_chebyshev_polynomial_u(autograd.tensor([0.5]), 2)
    tensor([-1.])
    """
    return OrthogonalPolynomial.apply(input, n, family="shifted_chebyshev_u")


def shifted_chebyshev_polynomial_v(input: TensorLike, n: TensorLike) -> Tensor:
    r""":math:`V_n(2x - 1)`; see :func:`chebyshev_polynomial_v`.

    >>> import autograd
    >>> shifted_chebyshev_polynomial_v(autograd.tensor([0.5]), 2)
    tensor([-1.])
    """
    return OrthogonalPolynomial.apply(input, n, family="shifted_chebyshev_v")


def shifted_chebyshev_polynomial_w(input: TensorLike, n: TensorLike) -> Tensor:
    r""":math:`W_n(2x - 1)`; see :func:`chebyshev_polynomial_w`.

    >>> import autograd
    >>> shifted_chebyshev_polynomial_w(autograd.tensor([0.5]), 2)
    tensor([-1.])
    """
    return OrthogonalPolynomial.apply(input, n, family="shifted_chebyshev_w")


def hermite_polynomial_h(input: TensorLike, n: TensorLike) -> Tensor:
    r"""The physicists' Hermite polynomial, :math:`H_n(x)`.

    >>> import autograd
    >>> hermite_polynomial_h(autograd.tensor([0.5]), 2)
    tensor([-1.])
    """
    return OrthogonalPolynomial.apply(input, n, family="hermite_h")


def hermite_polynomial_he(input: TensorLike, n: TensorLike) -> Tensor:
    r"""The probabilists' Hermite polynomial, :math:`He_n(x)`.

    >>> import autograd
    >>> hermite_polynomial_he(autograd.tensor([0.5]), 2)
    tensor([-0.7500])
    """
    return OrthogonalPolynomial.apply(input, n, family="hermite_he")


def laguerre_polynomial_l(input: TensorLike, n: TensorLike) -> Tensor:
    r"""The Laguerre polynomial, :math:`L_n(x)`.

    >>> import autograd
    >>> laguerre_polynomial_l(autograd.tensor([0.5]), 2)
    tensor([0.1250])
    """
    return OrthogonalPolynomial.apply(input, n, family="laguerre_l")


def legendre_polynomial_p(input: TensorLike, n: TensorLike) -> Tensor:
    r"""The Legendre polynomial, :math:`P_n(x)`.

    >>> import autograd
    >>> legendre_polynomial_p(autograd.tensor([0.5]), 2)
    tensor([-0.1250])
    """
    return OrthogonalPolynomial.apply(input, n, family="legendre_p")
