"""Attention: softmax(q kᵀ) v and its gradients, a part of the stack at a time.

The scores of one part stay in the cache from the product to the softmax; as a composition of ops
they would go through memory four times, and eight on the way back.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.parts import of_parts
from autograd.kernels.softmax import softmax_of

_CACHED = 1 << 17  # scores


def _parts(shape: tuple[int, ...]) -> list[Any]:
    """Indices of the parts of stacked scores: some matrices each, along the last axis of stacks."""
    if not math.prod(shape) or len(shape) == 2:
        return [...] if math.prod(shape) else []
    *stack, heads, queries, keys = shape
    step = max(1, _CACHED // (queries * keys))
    starts = range(0, heads, step)
    return [(*at, slice(start, start + step)) for at in np.ndindex(*stack) for start in starts]


def _attended(q: Any, k: Any, v: Any, mask: Any, dropped: Any, *, scale: float) -> Any:
    s = np.matmul(q * scale, np.swapaxes(k, -1, -2))
    if mask is not None:
        s = s + mask
    if not k.shape[-2]:
        return np.matmul(s, v), s
    s = s - np.maximum(np.maximum.reduce(s, axis=-1, keepdims=True), float(np.finfo(q.dtype).min))
    s = np.exp(s)
    total = np.add.reduce(s, axis=-1, keepdims=True)
    s = s / np.where(total == 0, 1, total)
    return np.matmul(s if dropped is None else s * dropped, v), s


@kernel(plain=_attended)
def attended(q: Any, k: Any, v: Any, mask: Any, dropped: Any, *, scale: float) -> Any:
    """softmax(scale q kᵀ + mask) v, and the softmax (…, L, S), which is 0 where all is masked.

    q (…, L, E), k (…, S, E), v (…, S, D) of one stack; ``mask`` is broadcast to the scores,
    ``dropped`` their factors. Either may be None.

    >>> one = np.ones((1, 2))
    >>> attended(one, one, 3 * one, None, None, scale=1.0)
    (array([[3., 3.]]), array([[1.]]))
    """
    weights = np.empty((*q.shape[:-1], k.shape[-2]), q.dtype)
    out = (np.empty if k.shape[-2] else np.zeros)((*q.shape[:-1], v.shape[-1]), q.dtype)
    spread = None if mask is None else np.broadcast_to(mask, weights.shape)

    def work(part: Any) -> None:
        s = np.matmul(q[part] * scale, np.swapaxes(k[part], -1, -2))
        if spread is not None:
            s += spread[part]
        rows, own = s.reshape(-1, s.shape[-1]), weights[part]
        softmax_of(rows, own.reshape(rows.shape), ..., nothing=0.0)
        if dropped is not None:
            own = np.multiply(own, dropped[part], out=s)
        np.matmul(own, v[part], out=out[part])

    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        of_parts(work, _parts(weights.shape), weights.size)
    return out, weights


def _attended_gradient(
    g: Any, q: Any, k: Any, v: Any, weights: Any, dropped: Any, out: Any, *, scale: float
) -> Any:
    s = np.matmul(g, np.swapaxes(v, -1, -2))
    kept = weights
    if dropped is not None:
        kept, s = kept * dropped, s * dropped
    dv = np.matmul(np.swapaxes(kept, -1, -2), g)
    s = (s - np.add.reduce(g * out, axis=-1, keepdims=True)) * weights
    return np.matmul(s * scale, k), np.matmul(np.swapaxes(s * scale, -1, -2), q), dv, s


@kernel(plain=_attended_gradient)
def attended_gradient(
    g: Any, q: Any, k: Any, v: Any, weights: Any, dropped: Any, out: Any, *, scale: float
) -> Any:
    """Gradients of q, k, v and of the scores, which are written over ``weights``.

    >>> one = np.ones((1, 2))
    >>> attended_gradient(one, one, one, one, np.ones((1, 1)), None, one, scale=1.0)[2]
    array([[1., 1.]])
    """
    dq, dk, dv = (np.zeros(one.shape, q.dtype) for one in (q, k, v))

    def work(part: Any) -> None:
        p, gradient = weights[part], g[part]
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

    of_parts(work, _parts(weights.shape), weights.size)
    return dq, dk, dv, weights
