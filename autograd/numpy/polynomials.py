"""Polynomials (coefficients, the highest power first), convolution and interpolation."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import anywhere, pick
from autograd.engine.graph import TensorBase
from autograd.numpy.functions import array
from autograd.numpy.table import constant, entered, plain


def _coefficients(p: Any) -> Any:
    return np.atleast_1d(array(p))


@entered(np.polyval)
def polyval(p: Any, x: Any) -> Any:
    """The polynomial at x, by Horner's scheme."""
    p, x = _coefficients(p), array(x)
    out = x * 0
    for one in p:
        out = out * x + one
    return out


def _termwise(sign: int) -> Any:
    def way(a1: Any, a2: Any) -> Any:
        a, b = _coefficients(a1), _coefficients(a2)
        n = max(len(a), len(b))
        a, b = np.pad(a, (n - len(a), 0)), np.pad(b, (n - len(b), 0))
        return a + b if sign > 0 else a - b

    return way


entered(np.polyadd)(_termwise(1))
entered(np.polysub)(_termwise(-1))


@entered(np.polymul)
def polymul(a1: Any, a2: Any) -> Any:
    """The product of two polynomials."""
    return np.convolve(np.trim_zeros(_coefficients(a1), "f"), np.trim_zeros(_coefficients(a2), "f"))


@entered(np.polydiv)
def polydiv(u: Any, v: Any) -> Any:
    """Quotient and remainder, of which zeros in front are left out."""
    u, v = _coefficients(u) * 1.0, _coefficients(v) * 1.0
    rest, quotient = [*u], []
    for _ in range(max(len(u) - len(v) + 1, 1)):
        if len(rest) < len(v):
            quotient.append(0.0)
            break
        quotient.append(rest[0] / v[0])
        product = [quotient[-1] * one for one in v]
        rest = [r - s for r, s in zip(rest, product)][1:] + rest[len(v) :]
    while len(rest) > 1 and np.allclose(plain(rest[0]), 0, rtol=1e-14):
        rest = rest[1:]
    return array(quotient), array(rest or [0.0])


@entered(np.polyder)
def polyder(p: Any, m: int = 1) -> Any:
    """The derivative, ``m`` times."""
    p = _coefficients(p)
    for _ in range(m):
        p = p[:-1] * np.arange(len(p) - 1, 0, -1)
    return p


@entered(np.polyint)
def polyint(p: Any, m: int = 1, k: Any = None) -> Any:
    """An antiderivative, ``m`` times, with the constants ``k``."""
    p = _coefficients(p)
    constants = np.broadcast_to(array(0.0 if k is None else k), (m,))
    for i in range(m):
        p = np.concatenate([p / np.arange(len(p), 0, -1), constants[i : i + 1]])
    return p


@entered(np.poly)
def poly(seq_of_zeros: Any) -> Any:
    """The polynomial that has these zeros; or the characteristic one of a matrix."""
    zeros = _coefficients(seq_of_zeros)
    if zeros.ndim == 2:
        zeros = np.linalg.eigvals(zeros)
    out: Any = np.ones(1)
    for one in zeros:
        out = np.convolve(out, array([1.0, -one]))
    real = np.iscomplexobj(plain(out)) and np.allclose(np.imag(plain(out)), 0, atol=1e-13)
    return np.real(out) if real else out


@entered(np.roots)
def roots(p: Any) -> Any:
    """The zeros: eigenvalues of the companion matrix."""
    p = _coefficients(p)
    inside = np.flatnonzero(plain(p))
    if not inside.size:
        return np.zeros(0)
    behind = len(p) - 1 - inside[-1]
    p = p[inside[0] : inside[-1] + 1]
    n = len(p) - 1
    found = np.zeros(0)
    if n:
        found = np.linalg.eigvals(np.concatenate([(-p[1:] / p[0])[None], np.eye(n - 1, n)]))
    return np.concatenate([found, np.zeros(behind)]) if behind else found


@entered(np.polyfit)
def polyfit(x: Any, y: Any, deg: int, *, w: Any = None) -> Any:
    """The polynomial of degree ``deg`` that is closest to points, in least squares."""
    x, y = array(x), array(y)
    columns = np.vander(x * 1.0, int(deg) + 1)
    if w is not None:
        w = array(w)
        columns = columns * w[:, None]
        y = y * (w[:, None] if y.ndim == 2 else w)
    scale = np.sqrt(np.sum(plain(columns) ** 2, axis=0))
    found = np.linalg.lstsq(columns / scale, y)[0]
    return found / (scale[:, None] if y.ndim == 2 else scale)


@entered(np.convolve)
def convolve(a: Any, v: Any, mode: Any = "full") -> Any:
    """The convolution of two sequences."""
    from autograd.scipy.signal import convolve as along_axes  # which stands on this package

    a, v = _coefficients(a), _coefficients(v)
    if len(v) > len(a):
        a, v = v, a
    return along_axes(a, v, mode=mode)


@entered(np.correlate)
def correlate(a: Any, v: Any, mode: Any = "valid") -> Any:
    """Products of a sequence with another, moved along it."""
    a, v = _coefficients(a), np.conjugate(_coefficients(v))
    if len(v) > len(a):
        return np.convolve(a[::-1], v, mode)[::-1]
    return np.convolve(a, v[::-1], mode)


def _at(x: Any, places: Any) -> Any:
    traced = isinstance(x, TensorBase)
    return x[places] if traced else pick(x, places)


@entered(np.interp)
def interp(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    """Lines between points (xp, fp) at x: xp in ascending order, but where there is a period."""
    x, xp, fp = array(x), array(xp), array(fp)
    if period is not None:
        period = abs(constant("interp", period=period))
        x, xp = x % period, xp % period
        order = np.argsort(plain(xp))
        xp, fp = xp[order], fp[order]
        xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
        fp = np.concatenate([fp[-1:], fp, fp[:1]])
    below, above = plain(x) < plain(xp)[0], plain(x) > plain(xp)[-1]
    if len(xp) == 1:
        found = fp[0] + x * 0
    else:
        i = np.clip(np.searchsorted(plain(xp), plain(x), "right") - 1, 0, len(xp) - 2)
        outside = below | above  # the line through the ends is not asked for there
        low, high = _at(xp, i), _at(xp, i + 1)
        inside = np.where(outside, low, x) if anywhere(outside) else x
        flat = plain(high) == plain(low)  # where the last point comes twice
        slope = (_at(fp, i + 1) - _at(fp, i)) / (high - low + flat) * ~flat
        found = _at(fp, i + flat) + (inside - low) * slope
    if anywhere(below):
        found = np.where(below, fp[0] if left is None else left, found)
    if anywhere(above):
        found = np.where(above, fp[-1] if right is None else right, found)
    return found


@entered(np.unwrap)
def unwrap(p: Any, *args: Any, **options: Any) -> Any:
    """Angles without jumps: whole periods are added, which have no gradient."""
    p = array(p)
    for name, value in options.items():
        constant("unwrap", **{name: value})
    return p + (np.unwrap(plain(p), *args, **options) - plain(p))
