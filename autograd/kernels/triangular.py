"""Systems of equations with triangular matrices, which NumPy does not solve as such."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.lapack import routine

_BASE = 32  # rows that are solved at once, or one after the other; larger systems go by halves


def _by_halves(a: Any, b: Any, *, upper: bool, unit: bool) -> Any:
    n = a.shape[-1]
    if n < 2:
        return b if unit or not n else b / a
    half = n // 2
    first, last = slice(0, half), slice(half, n)
    known, rest = (last, first) if upper else (first, last)
    x = _by_halves(a[..., known, known], b[..., known, :], upper=upper, unit=unit)
    left = b[..., rest, :] - np.matmul(a[..., rest, known], x)
    y = _by_halves(a[..., rest, rest], left, upper=upper, unit=unit)
    return np.concatenate((y, x) if upper else (x, y), axis=-2)


@kernel(plain=_by_halves)
def triangular_solved(a: Any, b: Any, *, upper: bool, unit: bool) -> Any:
    """The x of a x = b for stacks of triangular matrices a (*, n, n) and b (*, n, k) of one batch.

    The other triangle is not read, with ``unit`` neither is the diagonal, which counts as 1. Zeros
    on the diagonal give infinities. Products of halves do most of the work; of single matrices
    LAPACK's trtrs does it, where SciPy is installed.

    >>> a, b = np.array([[2.0, 9], [1, 1]]), np.array([[2.0], [3]])
    >>> triangular_solved(a, b, upper=False, unit=False)
    array([[1.],
           [2.]])
    """
    solver = routine("trtrs", a, b)
    if solver is not None and b.shape[-1]:
        straight = a.flags.f_contiguous
        x, info = solver(
            a if straight else np.transpose(a), b,
            lower=upper != straight, trans=not straight, unitdiag=unit,
        )  # fmt: skip
        if not info:
            return np.ascontiguousarray(x)
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    out = np.array(np.broadcast_to(b, (*batch, *b.shape[-2:])), np.result_type(a, b), order="C")
    with np.errstate(all="ignore"):
        _substitute(a, out, upper, unit)
    return out


def _substitute(a: Any, out: Any, upper: bool, unit: bool) -> None:
    """Put the solution where the right sides are."""
    n = a.shape[-1]
    if n > _BASE:
        half = n // 2
        known, rest = slice(0, half), slice(half, n)
        if upper:
            known, rest = rest, known
        _substitute(a[..., known, known], out[..., known, :], upper, unit)
        out[..., rest, :] -= np.matmul(a[..., rest, known], out[..., known, :])
        _substitute(a[..., rest, rest], out[..., rest, :], upper, unit)
        return
    if n > 1 and _eliminated(a, out, upper, unit):
        return
    for i in range(n - 1, -1, -1) if upper else range(n):
        known = slice(i + 1, n) if upper else slice(0, i)
        row = out[..., i : i + 1, :]
        row -= np.matmul(a[..., i : i + 1, known], out[..., known, :])
        if not unit:
            row /= a[..., i : i + 1, i : i + 1]


def _eliminated(a: Any, out: Any, upper: bool, unit: bool) -> bool:
    """Solve by NumPy's Gaussian elimination, of which an upper triangle leaves the last half.

    A lower one is upper from behind. False, and nothing done, where a number is not finite or the
    diagonal has a zero.
    """
    if not upper:
        a, out = a[..., ::-1, ::-1], out[..., ::-1, :]
    a = np.triu(a, int(unit))
    if unit:
        a += np.eye(a.shape[-1], dtype=a.dtype)
    if not (np.isfinite(a).all() and np.isfinite(out).all()):
        return False
    try:
        out[...] = np.linalg.solve(a, out)
    except np.linalg.LinAlgError:
        return False
    return True
