"""Gamma, Dirichlet, Poisson and binomial values, drawn as PyTorch draws them.

By rejection, one value after the other: how many words a value takes depends on what they are.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.random.generator import (
    Generator as Generator,
    Source,
    draw,
    real_dtype,
    stream_of,
)

_THIRD = float(np.float32(1) / np.float32(3))  # PyTorch's constants are float32
_SQUEEZE = float(np.float32(0.0331))


class _Uniforms:
    """53-bit uniforms of a stream one at a time; drawn in blocks, and what is left goes back."""

    def __init__(self, stream: Generator, block: int) -> None:
        stream._words()
        self._stream, self._block = stream, min(max(block, 8), 4096)
        self._start = stream._bits.state
        self._values: list[float] = []
        self._at = self._taken = 0

    def uniform(self) -> float:
        if self._at == len(self._values):
            self._taken += self._at
            self._values, self._at = self._stream._uniform53(self._block).tolist(), 0
        self._at += 1
        return self._values[self._at - 1]

    def normal(self) -> float:
        """As :meth:`Generator._normal_pairs`."""
        spare = self._stream._spare_normal
        if spare is not None:
            self._stream._spare_normal = None
            return spare
        angle = 2.0 * math.pi * self.uniform()
        radius = math.sqrt(-2.0 * math.log1p(-self.uniform()))
        self._stream._spare_normal = radius * math.sin(angle)
        return radius * math.cos(angle)

    def finish(self) -> None:
        bits = self._stream._bits
        bits.state = self._start
        bits.random_raw(2 * (self._taken + self._at), output=False)


def _drawn(rule: Any, dtype: Any, generator: Source, *parameters: Any) -> np.ndarray:
    """``rule(uniforms, *parameters)`` for each element of the parameters."""
    shape = np.shape(parameters[0])
    uniforms = _Uniforms(stream_of(generator), 4 * math.prod(shape))
    values = [
        rule(uniforms, *each) for each in zip(*(np.ravel(one).tolist() for one in parameters))
    ]
    uniforms.finish()
    return np.array(values, dtype).reshape(shape)


def _gamma(source: _Uniforms, alpha: float, inverse: float, d: float) -> float:
    scale = 1.0
    if alpha < 1:
        if alpha == 0:
            return 0.0
        scale = (1 - source.uniform()) ** inverse
    c = 1 / math.sqrt(9 * d)
    while True:
        x = source.normal()
        y = 1 + c * x
        while y <= 0:
            x = source.normal()
            y = 1 + c * x
        v = y * y * y
        u = 1 - source.uniform()
        square = x * x
        if u < 1 - _SQUEEZE * square * square or math.log(u) < 0.5 * square + d * (
            1 - v + math.log(v)
        ):
            return scale * d * v


@draw
def standard_gamma(alpha: np.ndarray, generator: Source = None) -> np.ndarray:
    """Gamma values of shape parameter alpha and rate 1, in alpha's shape and dtype.

    Marsaglia & Tsang 2000, doi:10.1145/358407.358414; below 1 the value for alpha + 1 times
    u^(1/alpha). At least the smallest normal number of the dtype.

    >>> standard_gamma(np.ones(2), generator=Generator().manual_seed(0))
    array([2.88243278, 0.45463712])
    """
    alpha = np.asarray(alpha)
    dtype = real_dtype(alpha.dtype)
    one, third = dtype.type(1), dtype.type(_THIRD)
    with np.errstate(divide="ignore", over="ignore"):
        inverse = one / alpha
    d = np.where(alpha < 1, alpha + one, alpha) - third
    return np.maximum(_drawn(_gamma, dtype, generator, alpha, inverse, d), np.finfo(dtype).tiny)


@draw
def dirichlet(alpha: np.ndarray, generator: Source = None) -> np.ndarray:
    """Shares: gamma values, drawn in float64, over their sum along the last axis.

    >>> dirichlet(np.ones(3), generator=Generator().manual_seed(0)).shape
    (3,)
    """
    alpha = np.asarray(alpha)
    dtype = real_dtype(alpha.dtype)
    values = standard_gamma(alpha.astype(np.float64), generator)
    shares = (values / values.sum(-1, keepdims=True)).astype(dtype)
    return np.clip(shares, np.finfo(dtype).tiny, np.nextafter(dtype.type(1), dtype.type(0)))


def _poisson(source: _Uniforms, rate: float) -> float:
    if rate == 0:
        return 0
    if rate < 10:
        k, product, least = 0, source.uniform(), math.exp(-rate)
        while product > least:
            product *= source.uniform()
            k += 1
        return k
    root, log_rate = math.sqrt(rate), math.log(rate)
    b = 0.931 + 2.53 * root
    a = -0.059 + 0.02483 * b
    log_inverse = math.log(1.1239 + 1.1328 / (b - 3.4))
    box = 0.9277 - 3.6224 / (b - 2)
    while True:
        u = source.uniform() - 0.5
        v = source.uniform()
        us = 0.5 - abs(u)
        k = math.floor((2 * a / us + b) * u + rate + 0.43) if us else -1
        if us >= 0.07 and v <= box:
            return k
        if k < 0 or (us < 0.013 and v > us):
            continue
        left = (math.log(v) if v else -math.inf) + log_inverse - math.log(a / (us * us) + b)
        if left <= -rate + k * log_rate - math.lgamma(k + 1.0):
            return k


@draw
def poisson(rate: np.ndarray, generator: Source = None) -> np.ndarray:
    """Counts of the given rates, in their shape and dtype: ``torch.poisson``.

    Below 10 uniforms are multiplied until they fall under exp(-rate) (Knuth 1969); from there on
    transformed rejection, Hörmann 1993, doi:10.1016/0167-6687(93)90997-4. Raises ValueError for a
    negative rate.

    >>> poisson(np.full(3, 4.0), generator=Generator().manual_seed(0))
    array([7., 3., 5.])
    """
    rate = np.asarray(rate)
    if not np.all(rate >= 0) or not np.all(np.isfinite(rate)):
        raise ValueError("poisson: rates must be 0 or more, and finite; some are not.")
    return _drawn(_poisson, real_dtype(rate.dtype), generator, rate)


_TAILS = [  # log k! less Stirling's formula
    0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509,
    0.0166446911898211, 0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
    0.00925546218271273, 0.00833056343336287,
]  # fmt: skip


def _tail(k: float) -> float:
    if k < len(_TAILS):
        return _TAILS[int(k)]
    square = (k + 1) * (k + 1)
    return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1)


def _binomial(
    source: _Uniforms,
    count: float,
    p: float,
    expected: float,
    variance: float,
    log_q: float,
    odds: float,
    m: float,
) -> float:
    if count <= 0 or p <= 0:
        return 0
    if expected < 10:
        k, total = -1, 0.0
        while total <= count:
            u = source.uniform()
            total += math.ceil(math.log(u) / log_q) if u else math.inf
            k += 1
        return k
    deviation = math.sqrt(variance)
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * p
    box = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * deviation
    while True:
        u = source.uniform() - 0.5
        v = source.uniform()
        us = 0.5 - abs(u)
        k = math.floor((2 * a / us + b) * u + expected + 0.5) if us else -1
        if k < 0 or k > count:
            continue
        if us >= 0.07 and v <= box:
            return k
        left = math.log(v * alpha / (a / (us * us) + b)) if v else -math.inf
        right = (m + 0.5) * math.log((m + 1) / (odds * (count - m + 1)))
        right += (count + 1) * math.log((count - m + 1) / (count - k + 1))
        right += (k + 0.5) * math.log(odds * (count - k + 1) / (k + 1))
        right += _tail(m) + _tail(count - m) - _tail(k) - _tail(count - k)
        if left <= right:
            return k


@draw
def binomial(count: np.ndarray, p: np.ndarray, generator: Source = None) -> np.ndarray:
    """The successes among ``count`` trials of probability p, of one shape: ``torch.binomial``.

    Where fewer than 10 successes are expected, gaps between them are geometric; else transformed
    rejection, Hörmann 1993, doi:10.1080/00949659308811496 (BTRS). For p > 1/2, failures are drawn.
    Raises ValueError for negative counts and for p outside [0, 1].

    >>> binomial(np.full(3, 10.0), np.full(3, 0.5), generator=Generator().manual_seed(0))
    array([6., 4., 4.])
    """
    count, p = np.asarray(count), np.asarray(p)
    dtype = real_dtype(p.dtype)
    if not (np.all(count >= 0) and np.all((p >= 0) & (p <= 1))):
        raise ValueError("binomial: counts must be 0 or more, and p in [0, 1]; some are not.")
    swap = p > 0.5
    one = dtype.type(1)
    q = np.where(swap, one - p, p)
    with np.errstate(divide="ignore"):
        tables = (count * q, count * q * (one - q), np.log1p(-q), q / (one - q))
    m = np.floor((count + one) * q)
    drawn = _drawn(_binomial, dtype, generator, count, q, *tables, m)
    return np.where(swap, count - drawn, drawn).astype(dtype)
