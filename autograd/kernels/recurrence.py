"""What runs along an axis: linear recurrences, shifts by one, running extremes and totals.

    forward in the axis     s_i = b_i + a_i s_{i-1}
    backward in the axis    h_i = b_i + a_{i+1} h_{i+1}

Each of the two is the other's gradient. Doubling takes log₂ n passes: Blelloch 1990, "Prefix sums
and their applications", CMU-CS-90-190, section 1.4.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.sums import FEW, wider


def _side_by_side(columns: list[Any], like: Any) -> Any:
    """Columns (..., 1) as one array; of none, an empty one."""
    return np.concatenate(columns, -1) if columns else np.copy(like)


def _recurrence(a: Any, b: Any) -> Any:
    s = [b[..., :1]] if b.shape[-1] else []
    for i in range(1, b.shape[-1]):
        s.append(b[..., i : i + 1] + a[..., i : i + 1] * s[-1])
    return _side_by_side(s, b)


@kernel(plain=_recurrence)
def recurrence(a: Any, b: Any) -> Any:
    """s_i = b_i + a_i s_{i-1} along the last axis, s_{-1} = 0.

    >>> recurrence(np.array([9.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0]))
    array([ 1.,  3., 10.])
    """
    s, a = b.copy(), a.copy()
    step = 1
    while step < s.shape[-1]:
        s[..., step:] += a[..., step:] * s[..., :-step]
        a[..., step:] = a[..., step:] * a[..., :-step]
        step *= 2
    return s


def _reverse_recurrence(a: Any, b: Any) -> Any:
    n = b.shape[-1]
    h = [b[..., n - 1 :]] if n else []
    for i in range(n - 1, 0, -1):
        h.insert(0, b[..., i - 1 : i] + a[..., i : i + 1] * h[0])
    return _side_by_side(h, b)


@kernel(plain=_reverse_recurrence)
def reverse_recurrence(a: Any, b: Any) -> Any:
    """h_i = b_i + a_{i+1} h_{i+1} along the last axis, h_n = 0.

    >>> reverse_recurrence(np.array([9.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0]))
    array([9., 4., 1.])
    """
    h, a = b.copy(), a.copy()  # after each pass a_i is the product of the last `step` up to i
    step = 1
    while step < h.shape[-1]:
        h[..., :-step] += a[..., step:] * h[..., step:]
        a[..., step:] = a[..., step:] * a[..., :-step]
        step *= 2
    return h


# -- shifts ---------------------------------------------------------------------------------------


def _later(x: Any, *, first: float = 0) -> Any:
    before = np.full((*x.shape[:-1], 1), first, x.dtype, like=x)
    return np.concatenate([before, x], -1)[..., :-1]


@kernel(plain=_later)
def later(x: Any, *, first: float = 0) -> Any:
    """x_{i-1} along the last axis, and ``first`` where there is none.

    >>> later(np.array([1.0, 2.0, 3.0]))
    array([0., 1., 2.])
    """
    out = np.empty(x.shape, x.dtype)
    out[..., :1] = first
    out[..., 1:] = x[..., :-1]
    return out


def _earlier(x: Any) -> Any:
    after = np.zeros((*x.shape[:-1], 1), x.dtype, like=x)
    return np.concatenate([x, after], -1)[..., 1:]


@kernel(plain=_earlier)
def earlier(x: Any) -> Any:
    """x_{i+1} along the last axis, and 0 where there is none: the adjoint of :func:`later`.

    >>> earlier(np.array([1.0, 2.0, 3.0]))
    array([2., 3., 0.])
    """
    out = np.zeros(x.shape, x.dtype)
    out[..., :-1] = x[..., 1:]
    return out


# -- along any axis -------------------------------------------------------------------------------


def _running(x: Any, *, ufunc: Any, axis: int, dtype: Any = None) -> Any:
    if ufunc is np.add:
        return np.cumsum(x, axis=axis, dtype=dtype)
    x = np.moveaxis(x, axis, -1)
    found = [x[..., :1]] if x.shape[-1] else []
    for i in range(1, x.shape[-1]):
        found.append(ufunc(found[-1], x[..., i : i + 1]))
    return np.moveaxis(_side_by_side(found, x), -1, axis)


@kernel(plain=_running)
def running(x: Any, *, ufunc: Any, axis: int, dtype: Any = None) -> Any:
    """r_i = ufunc(r_{i-1}, x_i) along an axis: running sums, extremes.

    >>> running(np.array([1.0, 3.0, 2.0]), ufunc=np.maximum, axis=0)
    array([1., 3., 3.])
    """
    return ufunc.accumulate(x, axis=axis, dtype=dtype)


# -- totals: NumPy adds one by one; each is kept in a wider dtype, and rounded once, at the end --


def _running_sum(x: Any, *, axis: int, dtype: Any = None) -> Any:
    return np.cumsum(x, axis=axis, dtype=dtype)


@kernel(plain=_running_sum)
def running_sum(x: Any, *, axis: int, dtype: Any = None) -> Any:
    """np.add.accumulate, whose results are right however many terms they have.

    >>> bool(abs(running_sum(np.full(10**6, 0.1, np.float32), axis=0)[-1] - 1e5) < 0.1)
    True
    """
    return _totals(np.add, x, axis, dtype)


def _running_product(x: Any, *, axis: int, dtype: Any = None) -> Any:
    return np.cumprod(x, axis=axis, dtype=dtype)


@kernel(plain=_running_product)
def running_product(x: Any, *, axis: int, dtype: Any = None) -> Any:
    """np.multiply.accumulate; one product beyond the dtype does not spoil those after it.

    >>> with np.errstate(over="ignore"):
    ...     running_product(np.array([1e30, 1e30, 1e-30], np.float32), axis=0)
    array([1.e+30,    inf, 1.e+30], dtype=float32)
    """
    kept = x.dtype if dtype is None else np.dtype(dtype)
    if wider(kept) == kept:
        return np.multiply.accumulate(x, axis, kept)
    wide = x.astype(wider(kept))
    return np.multiply.accumulate(wide, axis, None, wide).astype(kept)


def _running_logarithm(x: Any, *, axis: int) -> Any:
    return running(x, ufunc=np.logaddexp, axis=axis)


@kernel(plain=_running_logarithm)
def running_logarithm(x: Any, *, axis: int) -> Any:
    """np.logaddexp.accumulate; in float32, log n + 1 / n is log n again after 10⁶ terms.

    >>> bool(abs(running_logarithm(np.zeros(3 * 10**6, np.float32), axis=0)[-1] - 14.914123) < 1e-5)
    True
    """
    return _totals(np.logaddexp, x, axis, None)


def _totals(ufunc, x, axis, dtype):
    few, kept = x.shape[axis] <= FEW and x.itemsize > 2, wider(x.dtype)
    if few or kept == x.dtype or dtype not in (None, x.dtype):
        return ufunc.accumulate(x, axis, dtype)
    wide = x.astype(kept)
    return ufunc.accumulate(wide, axis, None, wide).astype(x.dtype)
