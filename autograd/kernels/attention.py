"""Attention: softmax(q kᵀ) v and its gradients, a part of the stack at a time.

The scores of one part stay in the cache from the product to the softmax; as a composition of ops
they would go through memory four times, and eight on the way back. They are never divided by their
rows' sums: what is made of them, of fewer columns, is.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.layout import memory_like, slowest_first
from autograd.kernels.parts import PAYS, of_parts
from autograd.kernels.sums import row_sums

_CACHED = 1 << 18  # scores

# Exponentials need no shift where a row's sum lies between these: what underflows then is less than
# 1e-28 of the sum.
_LEAST, _MOST = 1e-10, 1e10


def _parts(shape: tuple[int, ...]) -> list[Any]:
    """Indices of the parts of stacked scores: some matrices each, along one of the stack's axes.

    Where threads share them, there are two at least.
    """
    size = math.prod(shape)
    most = min(_CACHED, size // 2) if size >= PAYS else size
    axis, count = len(shape) - 2, shape[-2] * shape[-1]
    while axis and count * shape[axis - 1] <= most:
        axis -= 1
        count *= shape[axis]
    if not (size and axis):
        return [...] if size else []
    length, step = shape[axis - 1], max(1, most // count)
    starts = range(0, length, step)
    return [(*at, slice(i, i + step)) for at in np.ndindex(*shape[: axis - 1]) for i in starts]


def _memory(like: Any, shape: tuple[int, ...]) -> Any:
    """Fresh memory, in rows; of heads (N, heads, L, E) with features fastest, as ``like`` lies.

    So PyTorch lays them out: heads are mostly parts of rows (N, L, heads · E), and join to such
    rows again without a copy.
    """
    heads = like.ndim == 4 and like.strides[-1] == like.itemsize
    return memory_like(like, shape) if heads else np.empty(shape, like.dtype)


def _attended(q: Any, k: Any, v: Any, mask: Any, dropped: Any, *, scale: float) -> Any:
    s = np.matmul(q * scale, np.swapaxes(k, -1, -2))
    if mask is not None:
        s = s + mask
    if not k.shape[-2]:
        return np.matmul(s, v), s, np.ones((*q.shape[:-1], 1), q.dtype, like=q)
    s = s - np.maximum(np.maximum.reduce(s, axis=-1, keepdims=True), float(np.finfo(q.dtype).min))
    s = np.exp(s)
    total = np.add.reduce(s, axis=-1, keepdims=True)
    share = 1 / np.where(total == 0, 1, total)
    return np.matmul(s if dropped is None else s * dropped, v) * share, s, share


@kernel(plain=_attended)
def attended(q: Any, k: Any, v: Any, mask: Any, dropped: Any, *, scale: float) -> Any:
    """softmax(scale q kᵀ + mask) v, and the softmax as exponentials (…, L, S) and factors of their
    rows (…, L, 1); exponentials are 0 where all is masked.

    q (…, L, E), k (…, S, E), v (…, S, D) of one stack; ``mask`` is broadcast to the scores,
    ``dropped`` their factors. Either may be None.

    >>> one = np.ones((1, 2))
    >>> out, exponentials, shares = attended(one, one, 3 * one, None, None, scale=1.0)
    >>> out, exponentials * shares
    (array([[3., 3.]]), array([[1.]]))
    """
    shape = (*q.shape[:-1], k.shape[-2])
    out = _memory(q, (*q.shape[:-1], v.shape[-1]))
    exponentials, shares = np.empty(shape, q.dtype), np.empty((*q.shape[:-1], 1), q.dtype)
    if not shape[-1]:
        out[...], shares[...] = 0, 1
    spread = None if mask is None else np.broadcast_to(mask, shape)
    ones, lowest = np.ones(shape[-1], q.dtype), np.finfo(q.dtype).min

    def exponentials_of(part: Any, shifted: bool) -> Any:
        """Writes them, and returns their rows' sums, 1 for a row of zeros."""
        p = exponentials[part]
        np.matmul(q[part] * scale, np.swapaxes(k[part], -1, -2), out=p)
        if spread is not None:
            p += spread[part]
        if shifted:
            p -= np.maximum(np.maximum.reduce(p, axis=-1, keepdims=True), lowest)
        np.exp(p, out=p)
        total = row_sums(p.reshape(-1, shape[-1]), ones)
        if shifted:
            total[total == 0] = 1
        return total

    def work(part: Any, shifted: bool = False) -> None:
        p, share, found = exponentials[part], shares[part], out[part]
        total = exponentials_of(part, shifted)
        if not (shifted or _LEAST < total.min() <= total.max() < _MOST):
            total = exponentials_of(part, True)
        np.divide(1, total.reshape(share.shape), out=share)
        np.matmul(p if dropped is None else p * dropped[part], v[part], out=found)
        found *= share

    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        of_parts(work, _parts(shape), exponentials.size)
        row = np.transpose(out, slowest_first(out)).reshape(-1)
        if not math.isfinite(np.dot(row, row)):  # sums of v may have left the range on the way
            of_parts(partial(work, shifted=True), _parts(shape), exponentials.size)
    return out, exponentials, shares


def _attended_gradient(
    g: Any, q: Any, k: Any, v: Any, exponentials: Any, shares: Any, dropped: Any, out: Any, *,
    scale: float,
) -> Any:  # fmt: skip
    g, kept = g * shares, exponentials
    s = np.matmul(g, np.swapaxes(v, -1, -2))
    if dropped is not None:
        kept, s = kept * dropped, s * dropped
    dv = np.matmul(np.swapaxes(kept, -1, -2), g)
    s = (s - np.add.reduce(g * out, axis=-1, keepdims=True)) * exponentials
    return np.matmul(s * scale, k), np.matmul(np.swapaxes(s * scale, -1, -2), q), dv, s


@kernel(plain=_attended_gradient)
def attended_gradient(
    g: Any, q: Any, k: Any, v: Any, exponentials: Any, shares: Any, dropped: Any, out: Any, *,
    scale: float,
) -> Any:  # fmt: skip
    """Gradients of q, k, v and of the scores, which are written over ``exponentials``.

    >>> one, single = np.ones((1, 2)), np.ones((1, 1))
    >>> attended_gradient(one, one, one, one, single, single, None, one, scale=1.0)[2]
    array([[1., 1.]])
    """
    dq, dk, dv = (_memory(one, one.shape) for one in (q, k, v))
    if not exponentials.size:
        for one in (dq, dk, dv):
            one[...] = 0

    def work(part: Any) -> None:
        p, gradient = exponentials[part], g[part] * shares[part]
        s = np.matmul(gradient, np.swapaxes(v[part], -1, -2))
        kept = p
        if dropped is not None:
            kept = p * dropped[part]
            s *= dropped[part]
        np.matmul(np.swapaxes(kept, -1, -2), gradient, out=dv[part])
        s -= np.vecdot(gradient, out[part])[..., None]
        p *= s
        np.matmul(p, k[part] * scale, out=dq[part])
        np.matmul(np.swapaxes(p, -1, -2), q[part] * scale, out=dk[part])

    of_parts(work, _parts(exponentials.shape), exponentials.size)
    return dq, dk, dv, exponentials
