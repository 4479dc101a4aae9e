"""Slow, plain definitions of what is done with pictures, as op_references.py."""

import itertools
import math

import numpy as np


def resized(a, size=None, scale_factor=None, mode="nearest", align_corners=False):
    """One axis after the other, one line after the other."""
    for axis in range(2, a.ndim):
        n = a.shape[axis]
        if size is not None:
            m = size if isinstance(size, int) else size[axis - 2]
            step = n / m
        else:
            factor = scale_factor if not isinstance(scale_factor, tuple) else scale_factor[axis - 2]
            m, step = math.floor(n * factor), 1 / factor
        step = (n - 1) / max(m - 1, 1) if align_corners else step
        line = {"nearest": nearest, "nearest-exact": middle, "area": area}.get(mode, straight)
        line = cubic if mode == "bicubic" else line
        a = np.apply_along_axis(line, axis, a, m, step, align_corners)
    return a


def nearest(row, m, step, _):
    return row[[min(int(j * step), row.size - 1) for j in range(m)]]


def middle(row, m, step, _):
    return row[[min(int((j + 0.5) * step), row.size - 1) for j in range(m)]]


def area(row, m, step, _):
    n = row.size
    return np.array([row[j * n // m : -(-(j + 1) * n // m)].mean() for j in range(m)])


def places(m, step, align_corners):
    at = np.arange(m)
    return at * step if align_corners else (at + 0.5) * step - 0.5


def straight(row, m, step, align_corners):
    return np.interp(places(m, step, align_corners), np.arange(row.size), row)


def cubic(row, m, step, align_corners):
    out = []
    for at in places(m, step, align_corners):
        near = math.floor(at) + np.arange(-1, 3)
        out.append(sum(row[np.clip(near, 0, row.size - 1)] * keys(at - near)))
    return np.array(out)


def keys(d, a=-0.75):
    d = np.abs(d)
    near = (a + 2) * d**3 - (a + 3) * d**2 + 1
    return np.where(d <= 1, near, np.where(d < 2, a * (d**3 - 5 * d**2 + 8 * d - 4), 0))


def sampled(a, grid, mode="bilinear", padding_mode="zeros", align_corners=False):
    """One place after the other, one pixel of its neighbours after the other."""
    sizes = a.shape[2:]
    out = np.zeros((*a.shape[:2], *grid.shape[1:-1]))
    for where in np.ndindex(grid.shape[:-1]):
        taps = []
        for at, size in zip(grid[where][::-1], sizes, strict=True):
            at = (at + 1) / 2 * (size - 1) if align_corners else ((at + 1) * size - 1) / 2
            at = at if mode == "bicubic" else moved(at, size, padding_mode, align_corners)
            if mode == "nearest":
                taps.append([(round(at), 1)])
            elif mode == "bilinear":
                near = (math.floor(at), math.floor(at) + 1)
                taps.append([(one, 1 - abs(at - one)) for one in near])
            else:
                near = math.floor(at) + np.arange(-1, 3)
                inside = [round(moved(k, size, padding_mode, align_corners)) for k in near]
                taps.append(list(zip(inside, keys(at - near), strict=True)))
        for pixel in itertools.product(*taps):
            index, shares = zip(*pixel, strict=True)
            if all(0 <= i < size for i, size in zip(index, sizes, strict=True)):
                at = (where[0], slice(None), *where[1:])
                out[at] += a[(where[0], slice(None), *index)] * math.prod(shares)
    return out


def moved(at, size, padding_mode, align_corners):
    if padding_mode == "zeros":
        return at
    if padding_mode == "reflection":
        low, high = (0, size - 1) if align_corners else (-0.5, size - 0.5)
        if low == high:
            return 0
        while not low <= at <= high:
            at = 2 * low - at if at < low else 2 * high - at
    return min(max(at, 0), size - 1)


def affine(theta, size, align_corners=False):
    lines = []
    for n in size[2:]:
        edge = 1 if align_corners else (n - 1) / n
        lines.append(np.linspace(-edge, edge, n) if n > 1 else np.zeros(1))
    axes = np.meshgrid(*lines, indexing="ij")[::-1]
    base = np.stack([*axes, np.ones_like(axes[0])], -1)
    return np.einsum("...k,ndk->n...d", base, theta)
