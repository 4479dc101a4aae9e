"""The normal distribution's Φ and its kin, and entropies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autograd.engine.elementwise import Elementwise
from autograd.kernels import normal as kernels
from autograd.ops.pointwise.arithmetic import quotient
from autograd.ops.pointwise.erf import Bell

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor


class Ndtr(Elementwise):
    floating = True

    def forward(self, x):
        return kernels.ndtr(x)

    def grad_x(self, g, x):
        return g * (Bell.apply(x, a=0.5) * (1 / math.sqrt(2 * math.pi)))


class LogNdtr(Elementwise):
    floating = True

    def forward(self, x):
        return kernels.log_ndtr(x)

    def grad_x(self, g, x):
        return Hazard.apply(g, x)


class Hazard(Elementwise):
    """g φ(x) / Φ(x), and 0 where g is 0, also at -∞."""

    floating = True

    def forward(self, g, x):
        with np.errstate(invalid="ignore"):
            return np.where(g == 0, 0, g * kernels.hazard(x)).astype(x.dtype)

    def grad_g(self, d, x):
        return Hazard.apply(d, x)

    def grad_x(self, d, x, out):
        with np.errstate(invalid="ignore"):  # ∞ · 0 at -∞
            return d * (out * -Excess.apply(x, n=1))


class Excess(Elementwise):
    """φ / Φ + x, and the further tails of its continued fraction."""

    floating = True

    def forward(self, x, *, n):
        self.n = n
        return kernels.excess(x, n=n)

    def grad_x(self, g, x, out):
        return g * (out * (Excess.apply(x, n=self.n + 1) - out))


class Ndtri(Elementwise):
    floating = True

    def forward(self, p):
        return kernels.ndtri(p)

    def grad_p(self, g, out):
        with np.errstate(over="ignore"):
            return g * (np.exp(out * out * 0.5) * math.sqrt(2 * math.pi))


class Erfcx(Elementwise):
    floating = True

    def forward(self, x):
        return kernels.erfcx(x)

    def grad_x(self, g, x, out):
        with np.errstate(over="ignore"):  # at infinity it is what it is far out: 0
            z = x * -math.sqrt(2)
        return g * (out * Excess.apply(z, n=1)) * -math.sqrt(2)


class Entr(Elementwise):
    """-x log x; 0 at 0, -∞ below."""

    floating = True

    def forward(self, x):
        inside = x > 0
        with np.errstate(over="ignore", invalid="ignore"):  # -∞ times 0 is not taken
            value = -x * np.log(np.where(inside, x, 1))
        return np.where(x < 0, -math.inf, np.where(x == 0, 0, value)).astype(x.dtype)

    def grad_x(self, g, x):
        with np.errstate(divide="ignore", invalid="ignore"):
            return g * (-np.log(x) - 1)


class XLog1PY(Elementwise):
    """x · log(1 + y), and 0 where x = 0."""

    floating = True

    def forward(self, x, y):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return x * np.log1p(np.where((x == 0) & (y == y), 0, y))

    def grad_x(self, g, x, y):
        with np.errstate(divide="ignore", invalid="ignore"):
            return g * np.log1p(np.where((x == 0) & (y <= -1), 0, y))

    def grad_y(self, g, x, y):
        return quotient(g * x, y + 1)


def ndtr(input: Tensor) -> Tensor:
    r"""The normal distribution's :math:`\Phi(x)`, the probability of less than x.

    5 units of float64, in the lower tail, too.

    >>> import autograd
    >>> ndtr(autograd.tensor([-1.0, 0.0, 1.0]))
    tensor([0.1587, 0.5000, 0.8413])
    """
    return Ndtr.apply(input)


def log_ndtr(input: Tensor) -> Tensor:
    r""":math:`\log\Phi(x)`, to 6 units of float64 in both tails.

    >>> import autograd
    >>> log_ndtr(autograd.tensor([-10.0, 0.0]))
    tensor([-53.2313,  -0.6931])
    """
    return LogNdtr.apply(input)


def ndtri(input: Tensor) -> Tensor:
    r"""The inverse of :func:`ndtr`: -∞ at 0, ∞ at 1, NaN outside; 5 units of float64.

    Wichura 1988, algorithm AS 241, doi:10.2307/2347330.

    >>> import autograd
    >>> ndtri(autograd.tensor([0.025, 0.5]))
    tensor([-1.9600,  0.0000])
    """
    return Ndtri.apply(input)


def erfcx(input: Tensor) -> Tensor:
    r""":math:`e^{x^2} \mathrm{erfc}(x)`, which does not vanish for large x; 6 units of float64.

    >>> import autograd
    >>> erfcx(autograd.tensor([0.0, 1.0]))
    tensor([1.0000, 0.4276])
    """
    return Erfcx.apply(input)


def entr(input: Tensor) -> Tensor:
    r"""A term of an entropy, :math:`-x \ln x`: 0 at 0, -∞ below.

    1 unit of float64.

    >>> import autograd
    >>> entr(autograd.tensor([0.0, 0.5]))
    tensor([0.0000, 0.3466])
    """
    return Entr.apply(input)


def xlog1py(input: TensorLike, other: TensorLike) -> Tensor:
    """x · log(1 + y), and 0 where x = 0 whatever y is (but NaN).

    1 unit of float64.

    >>> import autograd
    >>> xlog1py(autograd.tensor([0.0, 2.0]), autograd.tensor([-1.0, 1.0]))
    tensor([0.0000, 1.3863])
    """
    return XLog1PY.apply(input, other)
