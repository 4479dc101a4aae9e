"""Float32 Gaussians from uniforms, to the last bit as PyTorch computes them on x86 processors.

PyTorch's are those of Cephes (Moshier, netlib.org/cephes): a logarithm, a sine and a cosine made of
float32 polynomials, whose products and sums are contracted into fused multiply-adds, rounded once.
A product of two float32 numbers is exact in float64, so that a fused one is a float64 product and
sum, rounded to float32. What is not written as :func:`_fused` here is rounded after each operation.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from autograd.arrays import threads

RUN = 16  # values that are made together, of as many uniforms: 8 radii and 8 angles
_BLOCK = 2**15  # pairs: of 2**13 calls are so short that threads wait for each other
_LARGE = 131_072  # values that threads share


def _float32(*numbers: float) -> list[float]:
    return np.array(numbers, np.float32).tolist()


_LOG = _float32(
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
)  # fmt: skip
_LN_2 = _float32(0.693359375, -2.12194440e-4)  # in two parts, the first one of few digits
_COS = _float32(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
_SIN = _float32(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
_BOTH = np.array([_COS, _SIN]).T[:, :, None]
_PI_4 = _float32(0.78515625, 2.4187564849853515625e-4, 3.77489497744594108e-8)  # in three parts


def normal_runs(u: np.ndarray) -> np.ndarray:
    """Standard normals of uniforms, run by run: float32, as many as there are, a multiple of 16.

    Of a run, the first eight uniforms give the radii and the last eight the angles (Box & Muller);
    cosines come first.

    >>> normal_runs(np.full(16, 0.25, np.float32))[::8].round(4)
    array([0.    , 0.7585], dtype=float32)
    """
    runs = u.reshape(-1, 2, RUN // 2)
    out = np.empty_like(runs)
    workers = threads.workers() if u.size >= _LARGE else 1
    if workers == 1:
        _fill(out, runs)
    else:
        parts = zip(np.array_split(out, workers), np.array_split(runs, workers), strict=True)
        threads.run_all([partial(_fill, *part) for part in parts])
    return out.reshape(-1)


def _fill(out: np.ndarray, runs: np.ndarray) -> None:
    count = min(len(runs), _BLOCK // (RUN // 2))
    room = _Room(count * (RUN // 2))
    for start in range(0, len(runs), count):
        part = runs[start : start + count].swapaxes(0, 1)
        radius, angle = np.subtract(np.float32(1), part[0]).reshape(-1), part[1].reshape(-1)
        normals = room.normals(radius, angle * np.float32(2 * math.pi))
        out[start : start + count] = normals.reshape(2, -1, RUN // 2).swapaxes(0, 1)


class _Room:
    """Arrays that every block is computed in: memory made anew costs as much as what is done."""

    def __init__(self, size: int) -> None:
        self.both = np.empty((2, size), np.float32)
        self.wide = np.empty((2, size))
        self.factor = np.empty(size)
        self.floats = np.empty((2, size), np.float32)

    def normals(self, x: np.ndarray, angle: np.ndarray) -> np.ndarray:
        """Of 1 - u and of the angle, the normals of cosines and of sines, in two rows."""
        if x.size < self.factor.size:  # the last block
            return _Room(x.size).normals(x, angle)
        radius = self.log(x)
        radius *= np.float32(-2)
        np.sqrt(radius, out=radius)
        both = self.cos_sin(angle)
        both *= radius
        return both

    def fuse(self, y: np.ndarray, c: np.ndarray | float, rows: Any = slice(None)) -> None:
        """y ← y · factor + c, rounded once."""
        wide = self.wide[rows]
        wide[...] = y
        wide *= self.factor
        wide += c
        y[...] = wide

    def log(self, x: np.ndarray) -> np.ndarray:
        """ln x, for x in (0, 1]."""
        x, exponent = np.frexp(x)  # x in [1/2, 1)
        low = x < np.float32(math.sqrt(0.5))
        e, y = self.floats
        np.subtract(exponent, low, out=e, dtype=np.float32)
        np.multiply(x, low, out=y)
        x -= np.float32(1)
        x += y
        square = x * x
        self.factor[...] = x
        y[...] = _LOG[0]
        for coefficient in _LOG[1:]:
            self.fuse(y, coefficient, 0)
        y *= x
        high, rest = _LN_2
        self.factor[...] = square
        self.fuse(y, e * np.float32(rest), 0)
        square *= np.float32(-0.5)  # exact: the sum is that of a fused multiply-add
        y += square
        x += y
        self.factor[...] = high
        self.fuse(e, x, 0)
        return e

    def cos_sin(self, x: np.ndarray) -> np.ndarray:
        """cos x and sin x, in two rows, for x of 0 and more."""
        both, wide = self.both, self.wide[0]
        octant = (x * np.float32(4 / math.pi)).astype(np.int32)
        octant += 1
        octant &= ~1
        self.factor[...] = octant
        for part in _PI_4:
            np.multiply(self.factor, -part, out=wide)
            wide += x
            x[...] = wide
        square = x * x
        self.factor[...] = square
        both[...] = _BOTH[0]
        for coefficients in _BOTH[1:]:
            self.fuse(both, coefficients)
        both *= square
        cos, sin = both
        square *= np.float32(-0.5)
        self.fuse(cos, square, 0)
        cos += np.float32(1)
        self.factor[...] = x
        self.fuse(sin, x, 0)
        # near the vertical axis one is the other, and signs go by quarters of the circle
        bits = both.view(np.int32)
        differing = np.bitwise_xor(bits[0], bits[1], out=self.floats[1].view(np.int32))
        turn = octant >> 1
        turn &= 1
        np.negative(turn, out=turn)
        differing &= turn
        bits ^= differing
        np.bitwise_and(octant, 4, out=turn)
        turn <<= 29
        bits[1] ^= turn
        octant += 2
        octant &= 4
        octant <<= 29
        bits[0] ^= octant
        return both
