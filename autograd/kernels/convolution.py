"""Convolutions over any number of axes, by columns: windows copied side by side, then one product.

The three are one trilinear form, Σ x[n, c, p·stride + k·dilation - before] w[o, c, k] g[n, o, p],
without g, without x, without w; so each is the gradient of the two others. Threads take parts of
the columns from one list.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import ALL
from autograd.arrays.dialect import kernel
from autograd.arrays.threads import run_all
from autograd.kernels.columns import (
    BLOCK,
    Columns,
    Geometry,
    Part,
    added_up,
    parts_of,
    plain_windows,
    surrounded,
    windows,
)
from autograd.kernels.parts import rows_of
from autograd.kernels.products import narrow_product
from autograd.kernels.sums import sum_over

FEWER = 4  # times as many channels in g as in x: from there on, x is added up
APART = 16  # numbers between the rows of a product that is read by columns: one line of the cache
SHARES = 16  # sums of a weight's gradient, at most


# -- the product with the weight ------------------------------------------------------------------


def _convolved(x: Any, weight: Any, bias: Any, *, size: Any, geometry: Geometry) -> Any:
    kernel, groups = weight.shape[2:], geometry.groups
    n, taps, places = x.shape[0], math.prod(kernel), math.prod(size)
    seen = np.reshape(
        plain_windows(x, kernel, size, geometry),
        (n, groups, x.shape[1] // groups, places, taps),
    )
    w = np.reshape(weight, (groups, weight.shape[0] // groups, weight.shape[1], taps))
    out = np.reshape(np.einsum("ngcpk,gock->ngop", seen, w), (n, weight.shape[0], *size))
    return out if bias is None else out + np.reshape(bias, (-1, *[1] * len(size)))


@kernel(plain=_convolved)
def convolved(x: Any, weight: Any, bias: Any, *, size: Any, geometry: Geometry) -> Any:
    """x (N, C, ...), weight (O, C / groups, *kernel), bias (O) or None -> (N, O, *size).

    >>> g = Geometry((1,), (0,), (1,))
    >>> convolved(np.arange(4.0).reshape(1, 1, 4), np.ones((1, 1, 2)), None, size=(3,), geometry=g)
    array([[[1., 3., 5.]]])
    """
    out = np.empty((x.shape[0], weight.shape[0], *size), x.dtype)
    run_all(_products(x, weight, bias, out, geometry))
    return out


def _products(
    x: Any, weight: Any, bias: Any, out: Any, geometry: Geometry
) -> list[Callable[[], None]]:
    """The tasks that write a convolution to ``out``."""
    size, groups, outs = out.shape[2:], geometry.groups, len(weight)
    columns = Columns(x, size, weight.shape[2:], geometry)
    if columns.by_taps:
        return _tap_by_tap(x, weight, bias, out, geometry)
    in_rows, taps = columns.in_rows, math.prod(weight.shape[1:])
    w = np.reshape(np.moveaxis(weight, 1, -1) if in_rows else weight, (groups, -1, taps))
    w = np.ascontiguousarray(w[0].T) if in_rows else w
    last, direct = np.moveaxis(out, 1, -1), out.flags.c_contiguous

    def work(part: Part) -> None:
        given = part.of(out)
        with columns.of(part) as held:
            if in_rows:
                rows = last[part.samples, part.rows]
                made = np.empty((*rows.shape[:-1], outs + APART), x.dtype)[..., :outs]
                narrow_product(held, w, out=np.reshape(made, (-1, outs)))
                rows[...] = made
            elif direct:
                shape = (len(given), groups, outs // groups, held.shape[-1])
                np.matmul(w, held, out=np.reshape(given, shape))
            else:
                given[...] = np.reshape(np.matmul(w, held), given.shape)
        if bias is not None:
            given += np.reshape(bias, (-1, *[1] * len(size)))

    parts = parts_of(len(x), groups * taps + outs, size)
    return [partial(work, part) for part in parts]


# -- tap by tap ------------------------------------------------------------------------------------
# What a tap sees of a sequence is one run of it: a product for each tap copies no window. Nor do
# channels with kernels of their own, whose products would be of single rows.


def _seen_by_taps(
    x: Any, part: Part, size: Any, kernel: Any, geometry: Geometry
) -> tuple[Any, list[Any]]:
    """(rows, how long rows are; what each tap sees of them, (n, C, ...) in one run).

    Where windows are next to each other, rows are as long as what they look at: nothing is copied.
    """
    size = (part.rows.stop - part.rows.start, *size[1:])
    seen = surrounded(x[part.samples], size, kernel, part.rows.start, geometry)
    if {*geometry.stride} != {1}:
        every = windows(seen, kernel, size, geometry)
        taps = [(ALL, ALL, *tap) for tap in product(*map(range, kernel))]
        return size, [np.reshape(every[tap], (*seen.shape[:2], -1)) for tap in taps]
    rows, flat = (size[0], *seen.shape[3:]), np.reshape(seen, (*seen.shape[:2], -1))
    lines = [
        [step * d * i for i in range(k)]
        for step, d, k in zip(seen.strides[2:], geometry.dilation, kernel, strict=True)
    ]
    starts = [sum(places) // seen.itemsize for places in product(*lines)]
    length = min(math.prod(rows), flat.shape[2] - starts[-1])
    return rows, [flat[:, :, start : start + length] for start in starts]


def _tap_by_tap(
    x: Any, weight: Any, bias: Any, out: Any, geometry: Geometry
) -> list[Callable[[], None]]:
    """:func:`_products` as a sum over taps."""
    size, kernel = out.shape[2:], weight.shape[2:]
    x, groups, single = _in_groups(x, len(weight), geometry)
    taps = np.moveaxis(np.reshape(weight, (*weight.shape[:2], -1)), -1, 0)
    factors = np.reshape(np.ascontiguousarray(taps), (len(taps), groups, -1, weight.shape[1]))
    times = np.multiply if single else np.matmul
    shift = 0 if bias is None else np.reshape(bias, (-1, *[1] * len(size)))

    def work(part: Part) -> None:
        given = part.of(out)
        rows, seen = _seen_by_taps(x, part, size, kernel, geometry)
        whole = rows == given.shape[2:] and given.flags.c_contiguous
        made = given if whole else np.empty((*given.shape[:2], *rows), x.dtype)
        sums = np.reshape(made, (len(given), groups, -1, math.prod(rows)))
        sums = sums[..., : seen[0].shape[2]]
        one = np.empty_like(sums)
        for i, each in enumerate(seen):
            each = np.reshape(each, (len(each), groups, -1, each.shape[2]))
            times(factors[i], each, out=one if i else sums)
            if i:
                sums += one
        if bias is not None or not whole:
            np.add(made[(ALL, ALL, *map(slice, given.shape[2:]))], shift, out=given)

    return [partial(work, part) for part in parts_of(len(x), x.shape[1] + 2 * len(weight), size)]


def _in_groups(x: Any, outs: int, geometry: Geometry) -> tuple[Any, int, bool]:
    """(x, in how many groups its channels are, whether these are of one channel): each channel once
    for each that is made of it alone. Products of one row are slow, and taken element by element.
    """
    groups, channels = geometry.groups, x.shape[1]
    if groups == 1 or groups < channels:
        return x, groups, False
    return x if outs == channels else np.repeat(x, outs // channels, 1), outs, True


def _slopes_tap_by_tap(g: Any, x: Any, size: Any, geometry: Geometry) -> Any:
    """:func:`slopes` as products with what each tap sees."""
    places, outs = g.shape[2:], g.shape[1]
    wide, groups, single = _in_groups(x, outs, geometry)
    parts = parts_of(len(g), wide.shape[1] + outs, places)
    sums: list[Any] = [None] * min(len(parts), SHARES)

    def made(part: Part) -> Any:
        given = part.of(g)
        rows, seen = _seen_by_taps(wide, part, places, size, geometry)
        if rows != given.shape[2:]:
            held = np.zeros((*given.shape[:2], *rows), g.dtype)
            held[(ALL, ALL, *map(slice, given.shape[2:]))] = given
            given = held
        flat = np.reshape(given, (len(given), groups, -1, math.prod(rows)))
        flat = flat[..., : seen[0].shape[2]]
        found = []
        for each in seen:
            each = np.reshape(each, (len(each), groups, -1, each.shape[2]))
            turned = np.swapaxes(each, 2, 3)
            one = np.vecdot(flat, each)[..., None] if single else np.matmul(flat, turned)
            found.append(sum_over(one, axis=0))
        return np.stack(found, -1)

    def work(i: int) -> None:
        for part in parts[i::SHARES]:
            one = made(part)
            sums[i] = one if sums[i] is None else sums[i] + one

    with np.errstate(invalid="ignore"):
        run_all([partial(work, i) for i in range(len(sums))])
    shape = (outs, x.shape[1] // geometry.groups, *size)
    if not sums:
        return np.zeros(shape, g.dtype)
    total = sum_over(np.stack(sums), axis=0)
    if not np.isfinite(total).all():  # between rows, zeros met what is not finite
        return _slopes(g, x, size=size, geometry=geometry)
    return np.reshape(total, shape)


# -- its adjoint ----------------------------------------------------------------------------------


def _transposed(g: Any, weight: Any, bias: Any, *, size: Any, geometry: Geometry) -> Any:
    kernel, places, groups = weight.shape[2:], g.shape[2:], geometry.groups
    n, taps, channels = g.shape[0], math.prod(kernel), weight.shape[1] * geometry.groups
    w = np.reshape(weight, (groups, weight.shape[0] // groups, weight.shape[1], taps))
    flat = np.reshape(g, (n, groups, w.shape[1], math.prod(places)))
    columns = np.einsum("ngop,gock->ngckp", flat, w)
    columns = np.reshape(columns, (n, channels, *kernel, *places))
    out = np.copy(added_up(columns, size=size, kernel=kernel, geometry=geometry))
    return out if bias is None else out + np.reshape(bias, (-1, *[1] * len(size)))


@kernel(plain=_transposed)
def transposed(g: Any, weight: Any, bias: Any, *, size: Any, geometry: Geometry) -> Any:
    """The adjoint of :func:`convolved` in x: g (N, O, ...) -> (N, C, *size).

    Elements that lie a stride apart see the same taps: they are a convolution of g with these,
    turned round. Where g has many more channels than x, its windows would be copied for few
    results: there the columns of x are computed, and added up.

    >>> g = Geometry((2,), (0,), (1,))
    >>> transposed(np.ones((1, 1, 2)), np.ones((1, 1, 3)), None, size=(5,), geometry=g)
    array([[[1., 1., 2., 1., 1.]]])
    """
    groups, shape = geometry.groups, weight.shape
    channels = shape[1] * groups
    if shape[0] // groups >= FEWER * shape[1]:
        return _transposed_by_columns(g, weight, bias, size, geometry)
    turned = np.reshape(weight, (groups, shape[0] // groups, *shape[1:]))
    turned = np.reshape(np.swapaxes(turned, 1, 2), (channels, shape[0] // groups, *shape[2:]))
    out = np.empty((len(g), channels, *size), g.dtype)
    tasks: list[Callable[[], None]] = []
    lattices = [_lattices(*facts) for facts in zip(size, shape[2:], *geometry[:3], strict=True)]
    for lattice in product(*lattices):
        some, taps, before, dilation = zip(*lattice, strict=True)
        part, w = out[(ALL, ALL, *some)], turned[(ALL, ALL, *taps)]
        if w.size:
            apart = Geometry((1,) * len(size), before, dilation, groups)
            tasks += _products(g, w, bias, part, apart)
        else:
            part[...] = 0 if bias is None else np.reshape(bias, (-1, *[1] * len(size)))
    run_all(tasks)
    return out


def _transposed_by_columns(g: Any, weight: Any, bias: Any, size: Any, geometry: Geometry) -> Any:
    """:func:`transposed` by what each window adds to the elements that it looks at."""
    groups, kernel, places = geometry.groups, weight.shape[2:], g.shape[2:]
    channels, some = weight.shape[1] * groups, math.prod(places)
    w = np.reshape(weight, (groups, weight.shape[0] // groups, -1))
    turned = np.ascontiguousarray(np.swapaxes(w, 1, 2))
    out = np.empty((len(g), channels, *size), g.dtype)
    shift = 0 if bias is None else np.reshape(bias, (-1, *[1] * len(size)))

    def work(part: slice) -> None:
        given = g[part]
        made = np.matmul(turned, np.reshape(given, (len(given), *w.shape[:2], some)))
        made = np.reshape(made, (len(given), channels, *kernel, *places))
        made = added_up(made, size=size, kernel=kernel, geometry=geometry)
        np.add(made, shift, out=out[part])

    parts = rows_of(len(g), some * (len(weight) + groups * turned.shape[1]), BLOCK)
    run_all([partial(work, part) for part in parts])
    return out


def _lattices(
    size: int, kernel: int, stride: int, before: int, dilation: int
) -> list[tuple[slice, slice, int, int]]:
    """Along an axis, elements that lie a stride apart: which they are; the taps that see them, the
    last one first; how far before the first element their windows of the gradient begin; the steps
    within these."""
    found = []
    common = math.gcd(stride, dilation)
    for first in range(min(stride, size)):
        begun = (t for t in range(kernel) if (first + before - t * dilation) % stride == 0)
        tap = next(begun, kernel)
        taps = len(range(tap, kernel, stride // common))
        last = tap + (taps - 1) * (stride // common)
        at = (first + before - last * dilation) // stride
        turned = slice(last, tap - 1 if tap else None, -(stride // common))
        some = slice(first, None, stride)
        found.append((some, turned if taps else slice(0), -at, dilation // common))
    return found


# -- the sum over samples -------------------------------------------------------------------------


def _slopes(g: Any, x: Any, *, size: Any, geometry: Geometry) -> Any:
    groups, places, taps = geometry.groups, g.shape[2:], math.prod(size)
    n, outs, channels = g.shape[0], g.shape[1], x.shape[1] // groups
    seen = np.reshape(
        plain_windows(x, size, places, geometry), (n, groups, channels, math.prod(places), taps)
    )
    flat = np.reshape(g, (n, groups, outs // groups, math.prod(places)))
    return np.reshape(np.einsum("ngop,ngcpk->gock", flat, seen), (outs, channels, *size))


@kernel(plain=_slopes)
def slopes(g: Any, x: Any, *, size: Any, geometry: Geometry) -> Any:
    """The gradient of the weight, of kernel ``size``: g (N, O, ...), x -> (O, C / groups, *size).

    >>> x, g = np.arange(4.0).reshape(1, 1, 4), np.ones((1, 1, 3))
    >>> slopes(g, x, size=(2,), geometry=Geometry((1,), (0,), (1,)))
    array([[[3., 6.]]])
    """
    groups, places, outs = geometry.groups, g.shape[2:], g.shape[1]
    columns = Columns(x, places, size, geometry)
    if columns.by_taps and dtypes.floating(g.dtype):
        return _slopes_tap_by_tap(g, x, size, geometry)
    in_rows, taps = columns.in_rows, x.shape[1] // groups * math.prod(size)
    parts = parts_of(len(g), groups * taps + outs, places)
    sums: list[Any] = [None] * min(len(parts), SHARES)

    def work(i: int) -> None:
        for part in parts[i::SHARES]:
            given = part.of(g)
            with columns.of(part) as held:
                if in_rows:
                    made = np.matmul(np.reshape(np.swapaxes(given, 0, 1), (outs, -1)), held)
                else:
                    shape = (len(given), groups, outs // groups, held.shape[-1])
                    given = np.swapaxes(np.reshape(given, shape), 2, 3)
                    made = np.add.reduce(np.matmul(held, given), 0)
            sums[i] = made if sums[i] is None else sums[i] + made

    run_all([partial(work, i) for i in range(len(sums))])
    if not sums:
        return np.zeros((outs, x.shape[1] // groups, *size), g.dtype)
    total = sum_over(np.stack(sums), axis=0)
    if in_rows:
        return np.moveaxis(np.reshape(total, (outs, *size, x.shape[1])), -1, 1)
    return np.reshape(np.swapaxes(total, 1, 2), (outs, x.shape[1] // groups, *size))


def slopes_of_each(g: Any, x: Any, size: Any, geometry: Geometry) -> Any:
    """:func:`slopes` of each sample by itself: (N, O, C / groups, *size).

    >>> x, g = np.arange(4.0).reshape(1, 1, 4), np.ones((1, 1, 3))
    >>> slopes_of_each(g, x, (2,), Geometry((1,), (0,), (1,)))
    array([[[[3., 6.]]]])
    """
    groups, places, outs = geometry.groups, g.shape[2:], g.shape[1]
    columns = Columns(x, places, size, geometry)
    taps, count = columns.taps // groups, math.prod(places)
    out = np.empty((len(g), groups, outs // groups, taps), g.dtype)
    flat = np.reshape(g, (len(g), groups, outs // groups, count))

    def work(samples: slice) -> None:
        with columns.of(Part(samples, slice(0, places[0]))) as held:
            if columns.in_rows:
                held = np.reshape(held, (-1, 1, count, taps))
            else:
                held = np.swapaxes(held, -1, -2)
            np.matmul(flat[samples], held, out=out[samples])

    if out.size:
        run_all([partial(work, part) for part in rows_of(len(g), count * columns.taps, BLOCK)])
    if columns.in_rows:
        return np.moveaxis(np.reshape(out, (len(g), outs, *size, x.shape[1])), -1, 2)
    return np.reshape(out, (len(g), outs, x.shape[1] // groups, *size))
