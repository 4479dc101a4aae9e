"""Attention: softmax(q kᵀ) v and its gradients, a part of the stack at a time.

The scores of one part stay in the cache from the product to the softmax; as a composition of ops
they would go through memory four times, and eight on the way back.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel, room

_CACHED = 1 << 17  # scores


def _parts(shape: tuple[int, ...]) -> Iterator[Any]:
    """Indices along the first axis of stacked scores; all of it where there is one matrix."""
    if len(shape) == 2 or not math.prod(shape):
        yield ...
        return
    step = max(1, _CACHED // math.prod(shape[1:]))
    for start in range(0, shape[0], step):
        yield slice(start, start + step)


def _part(x: Any, part: Any, ndim: int) -> Any:
    """The part of what is broadcast to a stack of ``ndim`` axes."""
    return x[part] if x.ndim == ndim and x.shape[0] > 1 else x


@kernel
def attended(q: Any, k: Any, v: Any, mask: Any, dropped: Any, *, scale: float) -> Any:
    """softmax(scale q kᵀ + mask) v, and the softmax (…, L, S), which is 0 where all is masked.

    q (…, L, E), k (…, S, E), v (…, S, D) of one stack; ``mask`` is broadcast to the scores,
    ``dropped`` their factors. Either may be None.

    >>> one = np.ones((1, 2))
    >>> attended(one, one, 3 * one, None, None, scale=1.0)
    (array([[3., 3.]]), array([[1.]]))
    """
    lowest = float(np.finfo(q.dtype).min)
    weights = room((*q.shape[:-1], k.shape[-2]), q.dtype, q, k, v)
    out = room((*q.shape[:-1], v.shape[-1]), q.dtype, q, k, v)
    for part in _parts(weights.shape) if k.shape[-2] else ():
        s = np.matmul(q[part] * scale, np.swapaxes(k[part], -1, -2))
        if mask is not None:
            s += _part(mask, part, q.ndim)
        s -= np.maximum(np.maximum.reduce(s, axis=-1, keepdims=True), lowest)
        s = np.exp(s)
        total = np.add.reduce(s, axis=-1, keepdims=True)
        s /= np.where(total == 0, 1, total)
        weights[part] = s
        if dropped is not None:
            s *= dropped[part]
        out[part] = np.matmul(s, v[part])
    return out, weights


@kernel
def attended_gradient(
    g: Any, q: Any, k: Any, v: Any, weights: Any, dropped: Any, out: Any, *, scale: float
) -> Any:
    """Gradients of q, k, v and of the scores, which are written over ``weights``.

    >>> one = np.ones((1, 2))
    >>> attended_gradient(one, one, one, one, np.ones((1, 1)), None, one, scale=1.0)[2]
    array([[1., 1.]])
    """
    dq = room(q.shape, q.dtype, g, q, k, v)
    dk = room(k.shape, q.dtype, g, q, k, v)
    dv = room(v.shape, q.dtype, g, q, k, v)
    for part in _parts(weights.shape):
        p, gradient = weights[part], g[part]
        s = np.matmul(gradient, np.swapaxes(v[part], -1, -2))
        kept = p
        if dropped is not None:
            kept = p * dropped[part]
            s *= dropped[part]
        dv[part] = np.matmul(np.swapaxes(kept, -1, -2), gradient)
        s -= np.add.reduce(gradient * out[part], axis=-1, keepdims=True)
        s *= p
        weights[part] = s
        s *= scale
        dq[part] = np.matmul(s, k[part])
        dk[part] = np.matmul(np.swapaxes(s, -1, -2), q[part])
    return dq, dk, dv, weights
