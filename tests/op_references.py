"""Slow, plain definitions, in PyTorch's words, of what NumPy spells differently or lacks."""

import itertools
import math

import numpy as np


def away_from_zero(array):
    return np.where(array < 0, array - 0.5, array + 0.5)


def rounded_quotient(a, b, rounding_mode):
    return {"floor": np.floor, "trunc": np.trunc, None: np.positive}[rounding_mode](a / b)


def logistic(a):
    return 1 / (1 + np.exp(-a))


def each(function):
    """A function of Python floats over arrays."""
    return lambda a: np.array([function(v) for v in np.ravel(a)], float).reshape(np.shape(a))


def inverse_erf(a):
    """By bisection."""
    low, high = np.full_like(a, -3.0), np.full_like(a, 3.0)
    for _ in range(60):
        middle = (low + high) / 2
        below = each(math.erf)(middle) < a
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return low


def over(function, **more):
    """A NumPy reduction in PyTorch's words."""

    def reduced(a, dim=None, keepdim=False):
        return function(a, axis=None if dim == () or a.ndim == 0 else dim, keepdims=keepdim, **more)

    return reduced


def running(function):
    return lambda a, dim: function(a, axis=dim).reshape(a.shape)


def deviation(power):
    def reduced(a, dim=None, unbiased=True, *, correction=None, keepdim=False):
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        ddof = int(unbiased) if correction is None else correction
        return np.var(a, axis=dim, ddof=ddof, keepdims=keepdim) ** power

    return reduced


def extreme(best, place):
    def reduced(a, dim=None, keepdim=False):
        if dim is None:
            return best(a)
        if a.ndim == 0:
            return best(a), np.zeros((), np.int64)
        return best(a, axis=dim, keepdims=keepdim), place(a, axis=dim, keepdims=keepdim)

    return reduced


def both_extremes(a, dim=None, keepdim=False):
    return over(np.min)(a, dim, keepdim), over(np.max)(a, dim, keepdim)


def lower_median(a, dim=None, keepdim=False):
    if dim is None:
        return np.sort(np.ravel(a))[(a.size - 1) // 2]
    if a.ndim == 0:
        return a, np.zeros((), np.int64)
    places = np.argsort(a, axis=dim)
    middle = np.take(places, [(a.shape[dim] - 1) // 2], axis=dim)
    found = np.take_along_axis(a, middle, dim)
    return (found, middle) if keepdim else (np.squeeze(found, dim), np.squeeze(middle, dim))


def p_norm(a, p="fro", dim=None, keepdim=False):
    p = 2 if p == "fro" else p
    if p == "nuc":
        return np.linalg.norm(a, "nuc", dim or (0, 1), keepdim)
    if p == math.inf:
        return over(np.max)(np.abs(a), dim, keepdim)
    if p == -math.inf:
        return over(np.min)(np.abs(a), dim, keepdim)
    if p == 0:
        return over(np.sum)((a != 0) * 1.0, dim, keepdim)
    return over(np.sum)(np.abs(a) ** p, dim, keepdim) ** (1 / p)


def log_sum_exp(a, dim, keepdim=False):
    with np.errstate(divide="ignore"):  # of no elements: minus infinity
        return np.log(np.sum(np.exp(a), axis=dim, keepdims=keepdim))


def from_zero(array):
    """With several zeros, so that products meet them."""
    flat = array.ravel().copy()
    flat[: array.size // 4] = 0
    return flat.reshape(array.shape)


def _places(a, dim, sign):
    """Where the running extreme stands."""
    best = np.maximum.accumulate(sign * a, axis=dim)
    count = np.arange(a.shape[dim]).reshape([-1 if d == dim % a.ndim else 1 for d in range(a.ndim)])
    return np.maximum.accumulate(np.where(best == sign * a, count, 0), axis=dim)


def flattened(a, start_dim=0, end_dim=-1):
    if a.ndim == 0:
        return a.reshape(1)
    end = end_dim % a.ndim
    start = start_dim % a.ndim
    return a.reshape(*a.shape[:start], math.prod(a.shape[start : end + 1]), *a.shape[end + 1 :])


def unflattened(a, dim, sizes):
    return a.reshape(*a.shape[: dim % a.ndim], *sizes, *a.shape[dim % a.ndim + 1 :])


def windows(a, dimension, size, step):
    found = np.lib.stride_tricks.sliding_window_view(a, size, dimension)
    return np.take(found, range(0, found.shape[dimension], step), dimension)


def every_tuple(*xs):
    found = np.stack(np.meshgrid(*xs, indexing="ij"), -1).reshape(-1, len(xs))
    return found if len(xs) > 1 else found[:, 0]


def chosen_by_mask(a, mask):
    a, mask = np.broadcast_arrays(a, mask)
    return a[mask]


def smallest(a, k, dim=-1):
    return tuple(np.take(one, k - 1, dim) for one in sorted_with_places(a, dim))


def reduced_at(a, dim, index, source, reduce):
    return scattered({"sum": np.add, "prod": np.multiply, "amax": max}[reduce])(
        a, dim, index, source
    )


def averaged_at(a, dim, index, source, reduce, include_self=True):
    """Each element merged with all values whose index names it."""
    merge = {"prod": np.prod, "amax": np.max, "amin": np.min, "mean": np.mean}[reduce]
    named = {}
    for place in np.ndindex(index.shape):
        target = (*place[:dim], int(index[place]), *place[dim + 1 :])
        named.setdefault(target, []).append(source[place])
    out = a.copy()
    for target, values in named.items():
        out[target] = merge([out[target], *values] if include_self else values)
    return out


def along_axis(index, dim, shape):
    """An index of slices, for each element of them."""
    return np.broadcast_to(index.reshape([-1 if i == dim else 1 for i in range(len(shape))]), shape)


def lengths(a):
    return np.array([2, 0, 3])


def no_gaps(a):
    return np.array([2, 3])


def in_segments(a, reduce, lengths, initial=None):
    merge = {"sum": np.sum, "prod": np.prod, "max": np.max, "mean": np.mean}[reduce]
    pieces = np.split(a, np.cumsum(lengths)[:-1])
    return np.stack([merge(one, 0) for one in pieces]) * (1 if initial is None else initial)


def expanded(a, *sizes):
    sizes = sizes[0] if isinstance(sizes[0], (tuple, list)) else sizes
    own = (1,) * (len(sizes) - a.ndim) + a.shape
    return np.broadcast_to(a, [o if s == -1 else s for s, o in zip(sizes, own, strict=True)])


def squeezed(a, dim=None):
    dims = (dim,) if isinstance(dim, int) else dim
    return np.squeeze(a, None if dims is None else tuple(d for d in dims if a.shape[d] == 1))


def split_by(a, size, dim=0):
    if isinstance(size, int):
        cuts = range(size, a.shape[dim], size)
    else:
        cuts = np.cumsum(size)[:-1]
    return np.split(a, cuts, dim)


def chunked(a, chunks, dim=0):
    return split_by(a, -(-a.shape[dim] // chunks), dim)


def method_of(name, *rest):
    return lambda a, *args, **kwargs: getattr(a, name)(*args, **kwargs)


def embedded(a, offset=0, dim1=-2, dim2=-1):
    size = a.shape[-1] + abs(offset)
    out = np.zeros((*a.shape[:-1], size, size))
    places = np.arange(a.shape[-1])
    out[..., places + max(-offset, 0), places + max(offset, 0)] = a
    return np.moveaxis(out, (-2, -1), (dim1, dim2))


def item(a, *index):
    return a[index[0] if len(index) == 1 else index]


def assigned(a, value, *index):
    changed = np.copy(a) if isinstance(a, np.ndarray) else a * 1
    changed[index[0] if len(index) == 1 else index] = value
    return changed


def corners(a):
    return np.array([0, -1, 0])


def assigned_one(a, value, *index):
    return assigned(a, value[0] if np.shape(value) == (1,) else value, *index)


def spread_rows(a, dim, index, **_):
    return np.take(a, index, axis=dim)


def gathered(a, dim, index):
    if a.ndim == 0:
        return a[()] if index.ndim == 0 else a.reshape(1)[index]
    cut = tuple(slice(None) if d == dim % a.ndim else slice(s) for d, s in enumerate(index.shape))
    return np.take_along_axis(a[cut], index, dim)


def scattered(combine):
    def scatter(a, dim, index, src):
        out = a.copy()
        for place in np.ndindex(index.shape):
            target = list(place)
            target[dim] = index[place]
            value = src[place] if np.ndim(src) else src
            out[tuple(target)] = combine(out[tuple(target)], value)
        return out

    return scatter


def index_put(combine):
    def put(a, dim, index, source):
        out = np.moveaxis(a.copy(), dim, 0)
        for k, row in zip(index, np.moveaxis(source, dim, 0), strict=True):
            out[k] = combine(out[k], row)
        return np.moveaxis(out, 0, dim)

    return put


def put_at(a, index, value, accumulate=False):
    out = a.copy()
    if accumulate:
        np.add.at(out, index, value)
    else:
        out[index] = value
    return out


def poured(a, mask, source):
    out = a.copy()
    out[mask] = np.ravel(source)[: mask.sum()]
    return out


def filled(a, mask, value):
    return np.where(mask, value, a)


def second(old, new):
    return new


def order(a):
    return np.array([2, 0, 1])[: a.shape[0]]


def sorted_with_places(a, dim=-1, descending=False, stable=False):
    if a.ndim == 0:
        return a, np.zeros((), np.int64)
    places = np.argsort(-a if descending else a, axis=dim)
    return np.take_along_axis(a, places, dim), places


def best(a, k, dim=-1, largest=True, sorted=True):
    values, places = sorted_with_places(a, dim, largest)
    return np.take(values, range(k), dim), np.take(places, range(k), dim)


def zeros_with(a, index, shape):
    out = np.zeros(shape)
    np.add.at(out, index, a)
    return out


def folded(a, n, axis, size, step):
    out = np.zeros((*a.shape[:axis], n, *a.shape[axis + 1 : -1]))
    rows = np.moveaxis(out, axis, 0)
    for k, windows in enumerate(np.moveaxis(a, axis, 0)):
        for i in range(size):
            rows[k * step + i] += windows[..., i]
    return out


def recurrence(a, b):
    s = b.copy()
    for i in range(1, b.shape[-1]):
        s[..., i] += a[..., i] * s[..., i - 1]
    return s


def reverse_recurrence(a, b):
    h = b.copy()
    for i in reversed(range(b.shape[-1] - 1)):
        h[..., i] += a[..., i + 1] * h[..., i + 1]
    return h


def later(a, first=0):
    out = np.full_like(a, first)
    out[..., 1:] = a[..., :-1]
    return out


def runs_summed(a, n, repeats, axis):
    ends = np.cumsum(np.broadcast_to(repeats, n))
    return np.stack([one.sum(axis) for one in np.split(a, ends[:-1], axis)], axis)


def gauss(a, approximate="none"):
    if approximate == "tanh":
        return 0.5 * a * (1 + np.tanh(math.sqrt(2 / math.pi) * (a + 0.044715 * a**3)))
    return a * 0.5 * (1 + each(math.erf)(a / math.sqrt(2)))


def soft_ramp(a, beta=1.0, threshold=20.0):
    return np.where(a * beta > threshold, a, np.log1p(np.exp(a * beta)) / beta)


def averaged(losses, reduction="mean", weights=1.0):
    if reduction == "none":
        return losses
    count = np.sum(np.broadcast_to(weights, losses.shape)) if reduction == "mean" else 1
    return np.sum(losses) / count


def distance(power):
    return lambda a, b, reduction="mean": averaged(np.abs(a - b) ** power, reduction)


def negative_log_likelihood(
    logs, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0
):
    classes = logs.shape[0 if logs.ndim == 1 else 1]
    rows = logs[None] if logs.ndim == 1 else np.moveaxis(logs, 1, -1)
    if target.dtype.kind == "f":
        target = target[None] if logs.ndim == 1 else np.moveaxis(target, 1, -1)
        wanted = target * (1 - label_smoothing) + label_smoothing / classes
        counts = np.ones(target.shape[:-1])
        wanted = wanted if weight is None else wanted * weight
    else:
        target = target[None] if logs.ndim == 1 else target
        counts = np.where(target == ignore_index, 0.0, 1.0 if weight is None else weight[target])
        hard = np.eye(classes)[target] * counts[..., None]
        valid = np.where(target == ignore_index, 0.0, 1.0)[..., None]
        even = valid * (np.ones(classes) if weight is None else weight) / classes
        wanted = hard * (1 - label_smoothing) + even * label_smoothing
    losses = -np.sum(np.where(wanted == 0, 0, wanted * rows), axis=-1)
    losses, counts = (losses[0], counts[0]) if logs.ndim == 1 else (losses, counts)
    return averaged(losses, reduction, counts)


def from_logits(a, target, *rest, **options):
    logs = a - log_sum_exp(a, 0 if a.ndim == 1 else 1, True)
    return negative_log_likelihood(logs, target, *rest, **options)


def binary(p, target, weight=1.0, reduction="mean"):
    return averaged(-weight * (target * np.log(p) + (1 - target) * np.log(1 - p)), reduction)


def binary_from_logits(a, target, weight=1.0, reduction="mean", pos_weight=1.0):
    losses = pos_weight * target * np.log1p(np.exp(-a)) + (1 - target) * np.log1p(np.exp(a))
    return averaged(weight * losses, reduction)


def shares(a):
    return a / a.sum(1 if a.ndim > 1 else 0, keepdims=True)


def with_zero(a):
    """The values, the least of them made 0."""
    return np.where(a == a.min(), 0, a)


def complexes(array):
    return array - 1 + 2j * array


def lower_nanmedian(a, dim=None, keepdim=False):
    a = np.ravel(a) if dim is None else a
    axis = 0 if dim is None else dim
    places = np.argsort(a, axis=axis)
    known = np.sum(~np.isnan(a), axis=axis, keepdims=True)
    middle = np.take_along_axis(places, np.maximum(known - 1, 0) // 2, axis)
    values = np.take_along_axis(a, middle, axis)
    if dim is None:
        return values[0]
    return (values, middle) if keepdim else (np.squeeze(values, dim), np.squeeze(middle, dim))


def slopes(a, spacing=1.0, dim=None, edge_order=1):
    over = range(a.ndim) if dim is None else [dim]
    steps = spacing if isinstance(spacing, list) else [spacing] * len(over)
    return tuple(np.gradient(a, h, axis=i, edge_order=edge_order) for i, h in zip(over, steps))


def quantile(numpys, a, q, dim=None, keepdim=False, interpolation="linear"):
    return numpys(a, q, axis=dim, keepdims=keepdim, method=interpolation)


def commonest(a, dim=-1, keepdim=False):
    def of_row(row):
        values, counts = np.unique(row, return_counts=True)
        return np.flatnonzero(row == values[np.argmax(counts)])[-1:]

    if not a.ndim or not a.size:
        return a if not a.ndim else a[0], np.zeros(a.shape[1:], np.int64)
    places = np.apply_along_axis(of_row, dim, a)
    values = np.take_along_axis(a, places, dim)
    return (values, places) if keepdim else (np.squeeze(values, dim), np.squeeze(places, dim))


def covariances(a, *, correction=1, fweights=None, aweights=None):
    return np.cov(a, ddof=correction, fweights=fweights, aweights=aweights)


def in_slices(a, p, dim, maxnorm):
    sizes = p_norm(np.moveaxis(a, dim, 0).reshape(a.shape[dim], -1), p, 1)
    scales = np.minimum(1, maxnorm / sizes)
    return a * scales.reshape([-1 if axis == dim % a.ndim else 1 for axis in range(a.ndim)])


def integral(y, x=None, *, dx=None, dim=-1):
    return np.trapezoid(y, x, 1.0 if dx is None else dx, dim)


def integrals(y, x=None, *, dx=None, dim=-1):
    steps = (1.0 if dx is None else dx) if x is None else np.diff(x)
    rows = np.moveaxis(y, dim, -1)
    return np.moveaxis(np.cumsum((rows[..., 1:] + rows[..., :-1]) / 2 * steps, -1), -1, dim)


def replaced(place):
    """A copy with something else at ``place(a, ...)``, a view of it."""

    def replace(a, src, *args, **kwargs):
        out = a.copy()
        place(out, *args, **kwargs)[...] = src
        return out

    return replace


def at_diagonal(a, offset=0, dim1=0, dim2=1):
    view = np.moveaxis(a, (dim1, dim2), (-2, -1))[..., max(-offset, 0) :, max(offset, 0) :]
    return np.einsum("...ii->...i", view[..., : min(view.shape[-2:]), : min(view.shape[-2:])])


def at_slice(a, dim=0, start=None, end=None, step=1):
    return a[(slice(None),) * (dim % a.ndim) + (slice(start, end, step),)]


def at_index(a, dim, index):
    return a[(slice(None),) * (dim % a.ndim) + (index, ...)]


def strides(a, size, stride, offset=0):
    steps = [step * a.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(np.ravel(a)[offset:], size, steps).copy()


def choices(a, r=2, with_replacement=False):
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    return np.array([*choose(a, r)], a.dtype).reshape(-1, r) if r else a[:0]


def blocks(*tensors):
    tensors = [np.atleast_2d(one) for one in tensors]
    out = np.zeros((sum(len(one) for one in tensors), sum(one.shape[1] for one in tensors)))
    row = column = 0
    for one in tensors:
        out[row : row + len(one), column : column + one.shape[1]] = one
        row, column = row + len(one), column + one.shape[1]
    return out


def powers(a, N=None, increasing=False):
    return np.vander(a, N, increasing).astype(a.dtype)


def summed_to(a, *size):
    size = size[0] if isinstance(size[0], tuple) else size
    extra = a.ndim - len(size)
    a = a.sum(tuple(range(extra)))
    return a.sum(tuple(i for i, m in enumerate(size) if m == 1), keepdims=True)


def put_strides(a, src, size, stride, offset=0):
    out = a.copy()
    steps = [step * a.itemsize for step in stride]
    np.lib.stride_tricks.as_strided(out.reshape(-1)[offset:], size, steps)[...] = src
    return out


def flat(result):
    """The arrays of a result that nests them."""
    if isinstance(result, (list, tuple)):
        return [one for part in result for one in flat(part)]
    return [result]
