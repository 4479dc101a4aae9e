"""Ops of special functions with an order or two parameters, with SciPy's values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.engine.elementwise import Elementwise
from autograd.kernels.normal import ndtri
from autograd.numpy.scipys import needed, part_of_scipy, without_slope
from autograd.ops.pointwise.gamma import Digamma, Lgamma


def _values(name: str, *args: Any) -> Any:
    return getattr(needed("special", f"special.{name}"), name)(*args)


def _or_ours(name: str, ours: Any, *args: Any) -> Any:
    """SciPy's values, or ``ours`` where it is not installed."""
    special = part_of_scipy("special")
    return ours(*args) if special is None else getattr(special, name)(*args)


class Jv(Elementwise):
    """Abramowitz & Stegun 1964, 9.1.27, as for Y."""

    floating = True

    def forward(self, v, x):
        return _values("jv", v, x)

    def grad_v(self, g):
        raise without_slope("jn", "the order")

    def grad_x(self, g, v, x):
        return g * ((Jv.apply(v - 1, x) - Jv.apply(v + 1, x)) * 0.5)


class Yv(Elementwise):
    floating = True

    def forward(self, v, x):
        return _values("yv", v, x)

    def grad_v(self, g):
        raise without_slope("yn", "the order")

    def grad_x(self, g, v, x):
        return g * ((Yv.apply(v - 1, x) - Yv.apply(v + 1, x)) * 0.5)


class Iv(Elementwise):
    """Abramowitz & Stegun 1964, 9.6.26, as for K."""

    floating = True

    def forward(self, v, x):
        return _values("iv", v, x)

    def grad_v(self, g):
        raise without_slope("iv", "the order")

    def grad_x(self, g, v, x):
        return g * ((Iv.apply(v - 1, x) + Iv.apply(v + 1, x)) * 0.5)


class Ive(Elementwise):
    floating = True

    def forward(self, v, x):
        return _values("ive", v, x)

    def grad_v(self, g):
        raise without_slope("ive", "the order")

    def grad_x(self, g, v, x, out):
        mean = (Ive.apply(v - 1, x) + Ive.apply(v + 1, x)) * 0.5
        return g * (mean - np.sign(x) * out)


class Kv(Elementwise):
    floating = True

    def forward(self, v, x):
        return _values("kv", v, x)

    def grad_v(self, g):
        raise without_slope("kv", "the order")

    def grad_x(self, g, v, x):
        return g * ((Kv.apply(v - 1, x) + Kv.apply(v + 1, x)) * -0.5)


class Kve(Elementwise):
    floating = True

    def forward(self, v, x):
        return _values("kve", v, x)

    def grad_v(self, g):
        raise without_slope("kve", "the order")

    def grad_x(self, g, v, x, out):
        return g * (out - (Kve.apply(v - 1, x) + Kve.apply(v + 1, x)) * 0.5)


class Polygammas(Elementwise):
    """With an order for each element."""

    floating = True

    def forward(self, n, x):
        return _values("polygamma", n, x)

    def grad_n(self, g):
        raise without_slope("polygamma", "n")

    def grad_x(self, g, n, x):
        return g * Polygammas.apply(n + 1, x)


class Betainc(Elementwise):
    """Abramowitz & Stegun 1964, 6.6.2."""

    floating = True

    def forward(self, a, b, x):
        return _values("betainc", a, b, x)

    def grad_a(self, g):
        raise without_slope("betainc", "a")

    def grad_b(self, g):
        raise without_slope("betainc", "b")

    def grad_x(self, g, a, b, x):
        norm = Lgamma.apply(a + b) - Lgamma.apply(a) - Lgamma.apply(b)
        return g * np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) + norm)


class StudentCdf(Elementwise):
    """The distribution function of Student's t."""

    floating = True

    def forward(self, df, x):
        return _values("stdtr", df, x)

    def grad_df(self, g):
        raise without_slope("t.cdf", "df")

    def grad_x(self, g, df, x):
        norm = Lgamma.apply((df + 1) * 0.5) - Lgamma.apply(df * 0.5) - 0.5 * np.log(df * math.pi)
        return g * np.exp(norm - (df + 1) * 0.5 * np.log1p(x * x / df))


class Gamma(Elementwise):
    floating = True

    def forward(self, x):
        return _or_ours("gamma", _gamma, x)

    def grad_x(self, g, x, out):
        return g * (out * Digamma.apply(x))


class Rgamma(Elementwise):
    floating = True

    def forward(self, x):
        return _or_ours("rgamma", lambda x: 1 / _gamma(x), x)

    def grad_x(self, g, x, out):
        return -g * (out * Digamma.apply(x))


class Gammasgn(Elementwise):
    floating = True

    def forward(self, x):
        return _or_ours("gammasgn", _sign, x)

    def grad_x(self, g):
        return g * 0


def _sign(x: Any) -> Any:
    return np.where((x > 0) | (np.floor(x) % 2 == 0), 1.0, -1.0).astype(x.dtype)[()]


def _gamma(x: Any) -> Any:
    return _sign(x) * np.exp(Lgamma.apply(x))


class Betaln(Elementwise):
    floating = True

    def forward(self, a, b):
        return _or_ours("betaln", _betaln, a, b)

    def grad_a(self, g, a, b):
        return g * (Digamma.apply(a) - Digamma.apply(a + b))

    def grad_b(self, g, a, b):
        return g * (Digamma.apply(b) - Digamma.apply(a + b))


class Beta(Elementwise):
    floating = True

    def forward(self, a, b):
        return _or_ours("beta", lambda a, b: np.exp(_betaln(a, b)), a, b)

    def grad_a(self, g, a, b, out):
        return g * (out * (Digamma.apply(a) - Digamma.apply(a + b)))

    def grad_b(self, g, a, b, out):
        return g * (out * (Digamma.apply(b) - Digamma.apply(a + b)))


def _betaln(a: Any, b: Any) -> Any:
    return Lgamma.apply(a) + Lgamma.apply(b) - Lgamma.apply(a + b)


class ComplexErf(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return _values("erf", x)

    def grad_x(self, g, x):
        return g * (np.exp(-x * x) * (2 / math.sqrt(math.pi)))


class Erfcinv(Elementwise):
    floating = True

    def forward(self, x):
        return _or_ours("erfcinv", lambda x: ndtri(x / 2) * -math.sqrt(0.5), x)

    def grad_x(self, g, out):
        return g * (np.exp(out * out) * (-math.sqrt(math.pi) / 2))
