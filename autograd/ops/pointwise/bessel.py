"""Bessel functions, modified and spherical ones among them, and Airy's.

A derivative of J1, I1 or the spherical j0 has terms such as J1(x) / x. Each is a confluent limit
0F1(; b; ±x²/4), which is smooth at 0, and whose derivative is the next one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays.dialect import anywhere
from autograd.engine.elementwise import Elementwise
from autograd.engine.graph import unwrap
from autograd.kernels import airy, bessel, modified_bessel as modified
from autograd.ops.pointwise.arithmetic import quotient
from autograd.ops.pointwise.gamma import in_float64

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["i0"]


class ConfluentLimit(Elementwise):
    """0F1(; b; y)."""

    floating = True

    def forward(self, y, *, b):
        self.b = b
        return in_float64(bessel.confluent_limit, y, b=b)

    def grad_y(self, g, y):
        return g * ConfluentLimit.apply(y, b=self.b + 1) * (1 / self.b)


def _limit(x, sign, b):
    """0F1(; b; ±x²/4)."""
    with np.errstate(over="ignore"):  # a square may be infinite
        return ConfluentLimit.apply(x * x * (0.25 * sign), b=b)


def _not_zero(x):
    return np.where(x == 0, 1, x)


# -- of the first and second kind -----------------------------------------------------------------


class BesselJ0(Elementwise):
    floating = True

    def forward(self, x):
        return bessel.j0(x)

    def grad_x(self, g, x):
        return g * -BesselJ1.apply(x)


class BesselJ1(Elementwise):
    floating = True

    def forward(self, x):
        return bessel.j1(x)

    def grad_x(self, g, x):  # J0 - J1 / x
        return g * (BesselJ0.apply(x) - 0.5 * _limit(x, -1, 2))


class BesselY0(Elementwise):
    floating = True

    def forward(self, x):
        return bessel.y0(x)

    def grad_x(self, g, x):
        return g * -BesselY1.apply(x)


class BesselY1(Elementwise):
    floating = True

    def forward(self, x):
        return bessel.y1(x)

    def grad_x(self, g, x, out):  # at 0 the logarithm is outgrown
        return g * BesselY0.apply(_not_zero(x)) - quotient(g * out, x)


class SphericalBesselJ0(Elementwise):
    """sin x / x, and 1 at 0."""

    floating = True

    def forward(self, x):
        still = (x == 0) | np.isinf(x)
        moving = np.where(still, 1, x)
        return np.where(still, x == 0, np.sin(moving) / moving).astype(x.dtype)

    def grad_x(self, g, x, out):
        size = np.absolute(x)
        near = (size < 1) | (size == math.inf)
        small, large = np.where(size < 1, x, 0), np.where(near, 1, x)
        slope = (np.cos(large) - np.where(near, 0, out)) / large
        return g * np.where(near, small * _limit(small, -1, 2.5) * (-1 / 3), slope)


# -- modified -------------------------------------------------------------------------------------

FAR = 25.0  # from here on the 23 terms of an asymptotic series are a float64


class FarOut(Elementwise):
    """Σ_k c_k x^(-k-p), an asymptotic series. Its derivative is one too, and nothing cancels."""

    floating = True

    def forward(self, x, *, coefficients, power):
        self.series = coefficients, power
        return in_float64(bessel.inverse_powers, x, coefficients=coefficients, power=power)

    def grad_x(self, g, x):
        return g * FarOut.apply(x, **_derived(*self.series))


def _derived(coefficients, power):
    slopes = tuple([-(k + power) * c for k, c in enumerate(coefficients)])
    return {"coefficients": slopes, "power": power + 1}


def _hankel(order, sign, scale):
    """The derivative of e^(∓x) I or K for large x (Abramowitz & Stegun 1964, 9.7.1, 9.7.2)."""
    terms = [scale]
    for k in range(1, 23):
        terms.append(terms[-1] * sign * (4 * order * order - (2 * k - 1) ** 2) / (8 * k))
    return _derived(terms, 0.5)


OF_I = [_hankel(order, -1, 1 / math.sqrt(2 * math.pi)) for order in (0, 1)]
OF_K = [_hankel(order, 1, math.sqrt(math.pi / 2)) for order in (0, 1)]


def _by_distance(size, near, series, sign=1):
    """A slope: ``near`` of the positions that are, else by the series for ``size``, times sign.

    The terms of a scaled function's slope cancel as it grows flat: a x-th part is left of them.
    """
    far = size > FAR
    if not anywhere(unwrap(far)):
        return near(False)
    return np.where(far, FarOut.apply(np.where(far, size, FAR), **series) * sign, near(far))


class I0(Elementwise):
    floating = True

    def forward(self, x):
        return modified.i0(x)

    def grad_x(self, g, x):
        return g * I1.apply(x)


class I1(Elementwise):
    floating = True

    def forward(self, x):
        return modified.i1(x)

    def grad_x(self, g, x):  # (I0 + I2) / 2, where ∞ is not subtracted from ∞
        with np.errstate(over="ignore"):
            return g * (0.5 * I0.apply(x) + x * x * 0.0625 * _limit(x, 1, 3))


class I0E(Elementwise):
    floating = True

    def forward(self, x):
        return modified.i0e(x)

    def grad_x(self, g, x, out):
        def near(far):
            return I1E.apply(np.where(far, 1, x)) - np.sign(x) * out

        return g * _by_distance(np.absolute(x), near, OF_I[0], np.sign(x))


class I1E(Elementwise):
    floating = True

    def forward(self, x):
        return modified.i1e(x)

    def grad_x(self, g, x, out):
        def near(far):
            nearest = np.absolute(x) < 1
            small, large = np.where(nearest, x, 0), np.where(nearest | far, 1, x)
            over = np.exp(-np.absolute(small)) * _limit(small, 1, 2) * 0.5
            rest = np.where(nearest, over, out / large) + np.sign(x) * out
            return I0E.apply(np.where(far, 1, x)) - rest

        return g * _by_distance(np.absolute(x), near, OF_I[1])


class K0(Elementwise):
    floating = True

    def forward(self, x):
        return modified.k0(x)

    def grad_x(self, g, x):
        return g * -K1.apply(x)


class K1(Elementwise):
    floating = True

    def forward(self, x):
        return modified.k1(x)

    def grad_x(self, g, x, out):
        return -(g * K0.apply(x)) - quotient(g * out, x)


class K0E(Elementwise):
    floating = True

    def forward(self, x):
        return modified.k0e(x)

    def grad_x(self, g, x):  # at 0 the logarithm is outgrown
        def near(far):
            return K0E.apply(np.where(far | (x == 0), 1, x)) - K1E.apply(np.where(far, 1, x))

        return g * _by_distance(x, near, OF_K[0])


class K1E(Elementwise):
    floating = True

    def forward(self, x):
        return modified.k1e(x)

    def grad_x(self, g, x, out):
        def near(far):
            close = np.where(far, 1, x)
            with np.errstate(divide="ignore"):
                return out * (1 - 1 / close) - K0E.apply(close)

        return g * _by_distance(x, near, OF_K[1])


# -- Airy's ---------------------------------------------------------------------------------------


class AiryAi(Elementwise):
    floating = True

    def forward(self, x):
        return airy.airy_ai(x)

    def grad_x(self, g, x):
        return g * AiryAiSlope.apply(x)


class AiryAiSlope(Elementwise):
    floating = True

    def forward(self, x):
        return airy.airy_ai_slope(x)

    def grad_x(self, g, x):
        return g * (x * AiryAi.apply(x))


# -- what is public -------------------------------------------------------------------------------


def i0(input: Tensor) -> Tensor:
    r"""The modified Bessel function of the first kind of order 0, :math:`I_0(x)`.

    3 units of float64; NaN at ±∞, as in PyTorch. Abramowitz & Stegun 1964, 9.6.12, 9.7.1.

    >>> import autograd
    >>> autograd.i0(autograd.tensor([0.0, 1.0]))
    tensor([1.0000, 1.2661])
    """
    return I0.apply(input)


def i0e(input: Tensor) -> Tensor:
    r""":math:`e^{-|x|} I_0(x)`, which does not overflow; 3 units of float64.

    >>> import autograd
    >>> i0e(autograd.tensor([0.0, 1.0]))
    tensor([1.0000, 0.4658])
    """
    return I0E.apply(input)


def i1(input: Tensor) -> Tensor:
    r"""The modified Bessel function of the first kind of order 1, :math:`I_1(x)`.

    4 units of float64; NaN at ±∞, as in PyTorch. Abramowitz & Stegun 1964, 9.6.12, 9.7.1.

    >>> import autograd
    >>> i1(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.5652])
    """
    return I1.apply(input)


def i1e(input: Tensor) -> Tensor:
    r""":math:`e^{-|x|} I_1(x)`, which does not overflow; 3 units of float64.

    >>> import autograd
    >>> i1e(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.2079])
    """
    return I1E.apply(input)


def modified_bessel_k0(input: Tensor) -> Tensor:
    r"""The modified Bessel function of the second kind of order 0, :math:`K_0(x)`.

    7 units of float64; ∞ at 0, NaN below. Abramowitz & Stegun 1964, 9.6.13, 9.7.2.

    >>> import autograd
    >>> modified_bessel_k0(autograd.tensor([1.0, 2.0]))
    tensor([0.4210, 0.1139])
    """
    return K0.apply(input)


def modified_bessel_k1(input: Tensor) -> Tensor:
    r"""The modified Bessel function of the second kind of order 1, :math:`K_1(x)`.

    5 units of float64; ∞ at 0, NaN below. Abramowitz & Stegun 1964, 9.6.11, 9.7.2.

    >>> import autograd
    >>> modified_bessel_k1(autograd.tensor([1.0, 2.0]))
    tensor([0.6019, 0.1399])
    """
    return K1.apply(input)


def scaled_modified_bessel_k0(input: Tensor) -> Tensor:
    r""":math:`e^x K_0(x)`, which does not vanish; 6 units of float64.

    >>> import autograd
    >>> scaled_modified_bessel_k0(autograd.tensor([1.0, 2.0]))
    tensor([1.1445, 0.8416])
    """
    return K0E.apply(input)


def scaled_modified_bessel_k1(input: Tensor) -> Tensor:
    r""":math:`e^x K_1(x)`, which does not vanish; 6 units of float64.

    >>> import autograd
    >>> scaled_modified_bessel_k1(autograd.tensor([1.0, 2.0]))
    tensor([1.6362, 1.0335])
    """
    return K1E.apply(input)


def bessel_j0(input: Tensor) -> Tensor:
    r"""The Bessel function of the first kind of order 0, :math:`J_0(x)`.

    6 units of float64, of the envelope near zeros beyond the first; NaN at ±∞, as in PyTorch.
    Abramowitz & Stegun 1964, 9.1.10, 9.2.5.

    >>> import autograd
    >>> bessel_j0(autograd.tensor([0.0, 1.0]))
    tensor([1.0000, 0.7652])
    """
    return BesselJ0.apply(input)


def bessel_j1(input: Tensor) -> Tensor:
    r"""The Bessel function of the first kind of order 1, :math:`J_1(x)`.

    6 units of float64, of the envelope near zeros beyond the first; NaN at ±∞, as in PyTorch.
    Abramowitz & Stegun 1964, 9.1.10, 9.2.5.

    >>> import autograd
    >>> bessel_j1(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.4401])
    """
    return BesselJ1.apply(input)


def bessel_y0(input: Tensor) -> Tensor:
    r"""The Bessel function of the second kind of order 0, :math:`Y_0(x)`.

    6 units of float64, of the envelope near zeros; -∞ at 0, NaN below and at ∞.
    Abramowitz & Stegun 1964, 9.1.13, 9.2.6.

    >>> import autograd
    >>> bessel_y0(autograd.tensor([1.0, 2.0]))
    tensor([0.0883, 0.5104])
    """
    return BesselY0.apply(input)


def bessel_y1(input: Tensor) -> Tensor:
    r"""The Bessel function of the second kind of order 1, :math:`Y_1(x)`.

    6 units of float64, of the envelope near zeros; -∞ at 0, NaN below and at ∞.
    Abramowitz & Stegun 1964, 9.1.11, 9.2.6.

    >>> import autograd
    >>> bessel_y1(autograd.tensor([1.0, 2.0]))
    tensor([-0.7812, -0.1070])
    """
    return BesselY1.apply(input)


def spherical_bessel_j0(input: Tensor) -> Tensor:
    r"""The spherical Bessel function of order 0, :math:`\sin(x) / x`: 1 at 0, 0 at ±∞.

    Abramowitz & Stegun 1964, 10.1.11.

    1 unit of float64.

    >>> import autograd
    >>> spherical_bessel_j0(autograd.tensor([0.0, 1.0]))
    tensor([1.0000, 0.8415])
    """
    return SphericalBesselJ0.apply(input)


def airy_ai(input: Tensor) -> Tensor:
    r"""Airy's function, :math:`\mathrm{Ai}(x)`, the solution of y'' = x y that falls.

    6 units of float64, below -1 of the envelope; NaN at ±∞, as in PyTorch.
    Abramowitz & Stegun 1964, 10.4.59, 10.4.60.

    >>> import autograd
    >>> airy_ai(autograd.tensor([0.0, 1.0]))
    tensor([0.3550, 0.1353])
    """
    return AiryAi.apply(input)
