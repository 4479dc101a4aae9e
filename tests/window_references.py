"""Slow, plain definitions of convolutions and pooling, window by window."""

import itertools
import math

import numpy as np


def windows_of(shape, kernel, stride, dilation):
    """(place of a window, place in it, place that it sees), one by one."""
    sizes = [
        (n - d * (k - 1) - 1) // s + 1
        for n, k, s, d in zip(shape, kernel, stride, dilation, strict=True)
    ]
    for place in np.ndindex(*sizes):
        for tap in np.ndindex(*kernel):
            yield (
                place,
                tap,
                tuple(
                    p * s + t * d for p, s, t, d in zip(place, stride, tap, dilation, strict=True)
                ),
            )


def each(value, rank):
    return (value,) * rank if isinstance(value, int) else tuple(value)


def convolution(a, w, b=None, stride=1, padding=0, dilation=1, groups=1):
    rank, kernel = w.ndim - 2, w.shape[2:]
    stride, dilation = each(stride, rank), each(dilation, rank)
    if a.ndim == rank + 1:
        return convolution(a[None], w, b, stride, padding, dilation, groups)[0]
    spans = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    if padding == "same":
        ends = [(n // 2, n - n // 2) for n in spans]
    else:
        ends = [(n, n) for n in each(0 if padding == "valid" else padding, rank)]
    a = np.pad(a, [(0, 0), (0, 0), *ends])
    sizes = [(n - e - 1) // s + 1 for n, e, s in zip(a.shape[2:], spans, stride, strict=True)]
    out = np.zeros((len(a), len(w), *sizes))
    outs, ins = len(w) // groups, w.shape[1]
    for place, tap, seen in windows_of(a.shape[2:], kernel, stride, dilation):
        for i in range(groups):
            these = slice(i * outs, (i + 1) * outs)
            taken = a[(slice(None), slice(i * ins, (i + 1) * ins), *seen)]
            out[(slice(None), these, *place)] += taken @ w[(these, slice(None), *tap)].T
    return out if b is None else out + b.reshape(-1, *[1] * rank)


def transpose(a, w, b=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    rank, kernel = w.ndim - 2, w.shape[2:]
    stride, dilation, padding = each(stride, rank), each(dilation, rank), each(padding, rank)
    if a.ndim == rank + 1:
        return transpose(a[None], w, b, stride, padding, output_padding, groups, dilation)[0]
    more = each(output_padding, rank)
    full = [
        (n - 1) * s + d * (k - 1) + 1
        for n, s, d, k in zip(a.shape[2:], stride, dilation, kernel, strict=True)
    ]
    ins, outs = len(w) // groups, w.shape[1]
    out = np.zeros((len(a), outs * groups, *[n + m for n, m in zip(full, more, strict=True)]))
    for place, tap, seen in windows_of(full, kernel, stride, dilation):
        for i in range(groups):
            these = slice(i * ins, (i + 1) * ins)
            to = (slice(None), slice(i * outs, (i + 1) * outs), *seen)
            out[to] += a[(slice(None), these, *place)] @ w[(these, slice(None), *tap)]
    kept = [slice(p, n - p) for p, n in zip(padding, out.shape[2:], strict=True)]
    out = out[(slice(None), slice(None), *kept)]
    return out if b is None else out + b.reshape(-1, *[1] * rank)


def weight_slopes(g, a, size, geometry):
    out = np.zeros((g.shape[1], a.shape[1] // geometry.groups, *size))
    a = np.pad(a, [(0, 0), (0, 0), *[(n, n) for n in geometry.before]])
    outs, ins = len(out) // geometry.groups, out.shape[1]
    for place, tap, seen in windows_of(a.shape[2:], size, geometry.stride, geometry.dilation):
        for i in range(geometry.groups):
            these = slice(i * outs, (i + 1) * outs)
            taken = a[(slice(None), slice(i * ins, (i + 1) * ins), *seen)]
            out[(these, slice(None), *tap)] += g[(slice(None), these, *place)].T @ taken
    return out


def unfolded(a, kernel, dilation=1, padding=0, stride=1):
    kernel, dilation, stride = each(kernel, 2), each(dilation, 2), each(stride, 2)
    if a.ndim == 3:
        return unfolded(a[None], kernel, dilation, padding, stride)[0]
    a = np.pad(a, [(0, 0), (0, 0), *[(n, n) for n in each(padding, 2)]])
    columns = {}
    for place, _, seen in windows_of(a.shape[2:], kernel, stride, dilation):
        columns.setdefault(place, []).append(a[(slice(None), slice(None), *seen)])
    rows = [np.stack(one, -1).reshape(len(a), a.shape[1] * len(one)) for one in columns.values()]
    return np.stack(rows, -1)


def folded(a, size, kernel, dilation=1, padding=0, stride=1):
    """The adjoint of :func:`unfolded`, by its matrix."""
    if a.ndim == 2:
        return folded(a[None], size, kernel, dilation, padding, stride)[0]
    size = each(size, 2)
    units = np.eye(math.prod(size)).reshape(-1, 1, *size)
    matrix = unfolded(units, kernel, dilation, padding, stride)
    apart = a.reshape(len(a), -1, *matrix.shape[1:])
    return np.einsum("nckl,pkl->ncp", apart, matrix).reshape(len(a), -1, *size)


# -- pooling --------------------------------------------------------------------------------------


def pooled(reduce):
    """``reduce`` of the list of places (tuples) that each window sees, all axes padded."""

    def reference(rank, a, kernel, stride=None, padding=0, dilation=1, ceil_mode=False, **options):
        kernel, padding, dilation = (each(one, rank) for one in (kernel, padding, dilation))
        stride = kernel if stride is None else each(stride, rank)
        shape = a.shape[-rank:]
        along = []
        for facts in zip(shape, kernel, stride, padding, dilation, strict=True):
            n, k, s, p, d = facts
            size = (n + 2 * p - d * (k - 1) - 1 + (s - 1) * ceil_mode) // s + 1
            size -= bool(ceil_mode and (size - 1) * s >= n + p)
            along.append([[i * s - p + j * d for j in range(k)] for i in range(size)])
        planes = a.reshape(math.prod(a.shape[:-rank]), *shape)
        out = [
            [
                reduce(plane, list(itertools.product(*places)), padding, **options)
                for places in itertools.product(*along)
            ]
            for plane in planes
        ]
        dtype = None if out else np.int64
        return np.array(out, dtype).reshape(*a.shape[:-rank], *map(len, along))

    return reference


def inside(plane, places):
    return [at for at in places if all(0 <= i < n for i, n in zip(at, plane.shape, strict=True))]


def best_place(plane, places, padding):
    found = max(inside(plane, places), key=lambda at: plane[at])
    return np.ravel_multi_index(found, plane.shape)


def mean(plane, places, padding, include=True, divisor=None):
    reach = zip(plane.shape, padding, strict=True)
    ends = [n + p for n, p in reach]
    held = [at for at in places if all(i < end for i, end in zip(at, ends, strict=True))]
    seen = inside(plane, places)
    count = divisor or (len(held) if include else len(seen))
    return sum(plane[at] for at in seen) / count


def max_pool(rank):
    places = pooled(best_place)

    def reference(a, *args, return_indices=False, **options):
        found = places(rank, a, *args, **options)
        flat = a.reshape(*a.shape[:-rank], math.prod(a.shape[-rank:]))
        rows = found.reshape(*a.shape[:-rank], math.prod(found.shape[-rank:]))
        values = np.take_along_axis(flat, rows, -1).reshape(found.shape)
        return (values, found) if return_indices else values

    return reference


def avg_pool(rank):
    def reference(a, k, stride=None, padding=0, ceil_mode=False, count_include_pad=True, *divisor):
        options = {"include": count_include_pad, "divisor": divisor[0] if divisor else None}
        return pooled(mean)(rank, a, k, stride, padding, 1, ceil_mode, **options)

    return reference


def lp_pool(rank):
    def reference(a, p, kernel, stride=None, ceil_mode=False):
        if p == math.inf:
            return max_pool(rank)(np.abs(a), kernel, stride, 0, 1, ceil_mode)
        count = math.prod(each(kernel, rank))
        return (avg_pool(rank)(a**p, kernel, stride, 0, ceil_mode) * count) ** (1 / p)

    return reference


def parts(rank, reduce):
    """``reduce`` of the part of each plane that an adaptive pooling sees."""

    def reference(a, output_size, return_indices=False):
        shape = a.shape[-rank:]
        size = [n if m is None else m for m, n in zip(each(output_size, rank), shape, strict=True)]
        grids = np.arange(math.prod(shape)).reshape(shape)
        cuts = [
            [slice(i * n // m, -((i + 1) * n // -m)) for i in range(m)]
            for n, m in zip(shape, size, strict=True)
        ]
        flat = a.reshape(*a.shape[:-rank], -1)
        values, found = [], []
        for part in itertools.product(*cuts):
            rows = grids[part].reshape(-1)
            values.append(reduce(flat[..., rows], -1))
            found.append(rows[np.argmax(flat[..., rows], -1)])
        both = [np.stack(one, -1).reshape(*a.shape[:-rank], *size) for one in (values, found)]
        return tuple(both) if return_indices else both[0]

    return reference


def unpool(rank):
    def reference(a, index, kernel, stride=None, padding=0, output_size=None):
        kernel, padding = each(kernel, rank), each(padding, rank)
        stride = kernel if stride is None else each(stride, rank)
        facts = zip(a.shape[-rank:], kernel, stride, padding, strict=True)
        size = output_size or [(n - 1) * s + k - 2 * p for n, k, s, p in facts]
        lead = a.shape[:-rank]
        out = np.zeros((*lead, math.prod(size)))
        np.put_along_axis(out, index.reshape(*lead, -1), a.reshape(*lead, -1), -1)
        return out.reshape(*lead, *size)

    return reference


def fractional(rank):
    def reference(
        a, kernel, output_size=None, output_ratio=None, return_indices=False, *, _random_samples
    ):
        shape, lead = a.shape[-rank:], a.shape[:-rank]
        kernel = each(kernel, rank)
        size = (
            each(output_size, rank)
            if output_size
            else [int(n * r) for n, r in zip(shape, each(output_ratio, rank), strict=True)]
        )
        samples = _random_samples.reshape(*lead, rank)
        grids = np.arange(math.prod(shape)).reshape(shape)
        places = np.zeros((*lead, *size), np.int64)
        for plane in np.ndindex(*lead):
            cuts = []
            for axis, (n, m, k) in enumerate(zip(shape, size, kernel, strict=True)):
                sample = samples[plane][1 - axis if rank == 2 else axis]
                step = (n - k) / max(m - 1, 1)
                firsts = [int((i + sample) * step) - int(sample * step) for i in range(m - 1)]
                cuts.append([slice(first, first + k) for first in [*firsts, n - k]])
            found = [
                grids[cut].reshape(-1)[np.argmax(a[(*plane, *cut)])]
                for cut in itertools.product(*cuts)
            ]
            places[plane] = np.array(found).reshape(size)
        flat = np.reshape(a, (*lead, -1))
        out = np.take_along_axis(flat, places.reshape(*lead, -1), -1).reshape(places.shape)
        return (out, places) if return_indices else out

    return reference


def put_back(g, taps, shape, windows):
    """Zeros with each element of g added at a tap of its window."""
    out = np.zeros((*g.shape[: -len(shape)], *shape))
    for at in np.ndindex(*g.shape):
        place = seen_by(at, taps[at], windows)
        if all(0 <= i < n for i, n in zip(place, out.shape, strict=True)):
            out[place] += g[at]
    return out


def at_taps(a, taps, windows):
    """The element that each window has at a tap."""
    out = np.zeros(taps.shape)
    for at in np.ndindex(*taps.shape):
        out[at] = a[seen_by(at, taps[at], windows)]
    return out


def seen_by(at, tap, windows):
    lead = at[: -len(windows.size)]
    steps = np.unravel_index(tap, windows.kernel)
    facts = zip(
        at[len(lead) :], windows.stride, windows.before, steps, windows.dilation, strict=True
    )
    return (*lead, *[i * s - p + j * d for i, s, p, j, d in facts])
