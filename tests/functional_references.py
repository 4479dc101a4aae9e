"""Slow, plain definitions of activations, losses and padding, as op_references.py."""

import math

import numpy as np

from tests.op_references import averaged, logistic, p_norm


def leaky(a, w):
    slopes = w if w.size == 1 else w.reshape(-1, *[1] * (a.ndim - 2))
    return np.where(a > 0, a, a * slopes.reshape(()) if w.size == 1 else a * slopes)


def gated(a, b):
    return a * logistic(b)


def rounded_off(d, delta):
    """d²/2 up to delta, straight from there on; |d| for delta = 0."""
    if delta == 0:
        return np.abs(d)
    return np.where(np.abs(d) < delta, d * d / 2, delta * (np.abs(d) - delta / 2))


def cosine(a, b, dim=1):
    a, b = np.broadcast_arrays(a, b)
    return np.sum(a * b, dim) / np.sqrt(np.sum(a * a, dim) * np.sum(b * b, dim))


def triplets(anchor, positive, negative, margin=1.0, p=2.0, swap=False, reduction="mean"):
    def apart(a, b):
        return p_norm(a - b + 1e-6, p, -1)

    far = apart(anchor, negative)
    far = np.minimum(far, apart(positive, negative)) if swap else far
    return averaged(np.maximum(apart(anchor, positive) - far + margin, 0), reduction)


def divergence(a, y, reduction="mean", log_target=False):
    y, logs = (np.exp(y), y) if log_target else (y, np.log(y))
    losses = y * (logs - a)
    if reduction == "batchmean":
        return np.sum(losses) / len(a)
    return averaged(losses, reduction)


def counting(a, y, log_input=True, full=False, reduction="mean"):
    losses = np.exp(a) - y * a if log_input else a - y * np.log(a + 1e-8)
    if full:
        most = np.maximum(y, 1)
        stirling = y * np.log(most) - y + np.log(2 * math.pi * most) / 2
        losses = losses + np.where(y > 1, stirling, 0)
    return averaged(losses, reduction)


def normal(a, y, var, full=False, reduction="mean"):
    var = np.asarray(var)
    var = var[..., None] if var.ndim and var.shape == a.shape[:-1] else var
    losses = (np.log(var) + (a - y) ** 2 / var) / 2 + full * math.log(2 * math.pi) / 2
    return averaged(losses, reduction)


def padded(a, pad, mode="constant", value=0.0):
    for axis in range(len(pad) // 2):
        before, after = pad[2 * axis : 2 * axis + 2]
        rows = np.moveaxis(a, -1 - axis, 0)
        rows = rows[max(-before, 0) : len(rows) - max(-after, 0)]
        widths = [(max(before, 0), max(after, 0)), *[(0, 0)] * (a.ndim - 1)]
        options = {"constant_values": value} if mode == "constant" else {}
        name = {"replicate": "edge", "circular": "wrap"}.get(mode, mode)
        a = np.moveaxis(np.pad(rows, widths, name, **options), 0, -1 - axis)
    return a


def shuffled(a, r):
    out = np.zeros((*a.shape[:-3], a.shape[-3] // r**2, a.shape[-2] * r, a.shape[-1] * r))
    for i in range(r):
        for j in range(r):
            out[..., i::r, j::r] = a[..., i * r + j :: r * r, :, :]
    return out


def unshuffled(a, r):
    out = np.zeros((*a.shape[:-3], a.shape[-3] * r**2, a.shape[-2] // r, a.shape[-1] // r))
    for i in range(r):
        for j in range(r):
            out[..., i * r + j :: r * r, :, :] = a[..., i::r, j::r]
    return out


def standardised(a, axes, weight=None, bias=None, eps=1e-5, centred=True, channels=True):
    """a less its mean, over its deviation; weight and bias of axis 1, or of the last axes."""
    d = a - centred * np.mean(a, axes, keepdims=True)
    d = d / np.sqrt(np.mean(d * d, axes, keepdims=True) + eps)
    for one, then in ((weight, np.multiply), (bias, np.add)):
        if one is not None:
            d = then(d, one.reshape(-1, *[1] * (a.ndim - 2)) if channels else one)
    return d


def of_layers(a, shape, weight=None, bias=None, eps=1e-5, centred=True):
    axes = tuple(range(-len(shape), 0))
    return standardised(a, axes, weight, bias, eps, centred, channels=False)


def of_batches(a, mean, var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    if training:
        return standardised(a, (0, *range(2, a.ndim)), weight, bias, eps)
    shape = (-1, *[1] * (a.ndim - 2))
    d = (a - mean.reshape(shape)) / np.sqrt(var.reshape(shape) + eps)
    return d if weight is None else d * weight.reshape(shape) + bias.reshape(shape)


def of_groups(a, groups, weight=None, bias=None, eps=1e-5):
    d = a.reshape(len(a), groups, -1)
    d = standardised(d, (2,), eps=eps).reshape(a.shape)
    shape = (-1, *[1] * (a.ndim - 2))
    return d if weight is None else d * weight.reshape(shape) + bias.reshape(shape)


def of_instances(a, mean=None, var=None, weight=None, bias=None, use_input_stats=True):
    if not use_input_stats:
        return of_batches(a, mean, var, weight, bias)
    return standardised(a, tuple(range(2, a.ndim)), weight, bias)


def inhibited(a, size, alpha=1e-4, beta=0.75, k=1.0):
    out = np.empty_like(a)
    for c in range(a.shape[1]):
        near = a[:, max(c - size // 2, 0) : c + (size - 1) // 2 + 1]
        out[:, c] = a[:, c] / (k + alpha / size * np.sum(near**2, 1)) ** beta
    return out
