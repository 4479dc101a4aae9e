"""The table of ops, continued: what scripts call less often. Data only, as op_table.py."""

import itertools

import numpy as np

from tests.op_references import method_of, p_norm
from tests.op_table import BINARY, SCALARS, UNARY, Row, b, call, n, x

# fmt: off


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
    view = np.moveaxis(a, (dim1, dim2), (-2, -1))[..., max(-offset, 0):, max(offset, 0):]
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


NUMBERS = [
    Row("rsub", BINARY[:6] + SCALARS[:2] + [call(x(3), x(2, 3), alpha=2.5)],
        reference=lambda a, b, alpha=1: b - alpha * a),
    Row("copysign", BINARY + SCALARS[:2]),
    Row("ldexp", BINARY, reference=lambda a, b: a * 2.0**b),
    Row("ldexp", [call(x(3, 4), n(4))]),
    Row("frexp", UNARY),
    Row("logaddexp2", BINARY),
    Row("sinc", UNARY),
    Row("sinc", [call(x(9, domain=(-0.2, 0.2))), call(x(2, make=np.zeros_like))],
        torch=None),  # whose derivatives cancel near 0, and whose second one is 0 there
    Row("heaviside", BINARY),
    Row("heaviside", [call(x(3, make=np.zeros_like, fixed=True), x(2, 3))]),
    Row("nextafter", BINARY[:3]),
    Row("signbit", UNARY[:3], orders=0),
    Row("isposinf", UNARY[:3], orders=0),
    Row("isneginf", UNARY[:3], orders=0),
    Row("isreal", UNARY[:3], orders=0),
    Row("is_complex", UNARY[:1], orders=0, reference=np.iscomplexobj),
    Row("real", UNARY[:2], method=False),
    Row("real", [call(n(3, make=complexes)), call(n(make=complexes))], orders=0, method=False),
    Row("imag", [call(n(3, make=complexes)), call(n(make=complexes))], orders=0, method=False),
    Row("conj", UNARY[:2], reference=np.conjugate),
    Row("angle", [call(n(3, make=complexes))], orders=0),
    Row("isreal", [call(n(3, make=complexes))], orders=0),
    Row("conj_physical", [call(n(3, make=complexes))], orders=0, reference=np.conjugate),
    Row("conj_physical", UNARY[:1], reference=np.conjugate),
    Row("resolve_conj", UNARY[:1], reference=np.conjugate),
    Row("angle", UNARY),
    Row("bitwise_left_shift", [call(n(4), n(4)), call(n(3, 1), n(4)), call(n(3), 2)],
        orders=0, reference=np.left_shift),
    Row("bitwise_right_shift", [call(n(4, below=99), n(4)), call(n(3, 1, least=-9), n(4))],
        orders=0, reference=np.right_shift),
    Row("gcd", [call(n(4, below=30), n(4, below=30)), call(n(3, 1, least=-9), n(4, below=9))],
        orders=0),
    Row("lcm", [call(n(4, below=30), n(4, below=30)), call(n(3, 1, least=-9), n(4, below=9))],
        orders=0),
]

SAMPLES = [
    Row("nanmean", [
        call(x(3, 4)), call(x(3, 4), dim=0), call(x(2, 3, 2), dim=(0, 2), keepdim=True), call(x()),
    ], reference=lambda a, dim=None, keepdim=False: np.nanmean(a, axis=dim, keepdims=keepdim)),
    Row("nanmedian", [
        call(x(3, 4)), call(x(4)), call(x(3, 4), dim=0), call(x(2, 3, 2), -2, keepdim=True),
    ], reference=lower_nanmedian),
    Row("mode", [
        call(x(3, 4)), call(x(3, 4), dim=0), call(x(2, 3, 2), -2, keepdim=True), call(x()),
        call(x(2, 0), dim=0),
    ], reference=commonest),
    Row("mode", [call(n(9)), call(n(4, 6), dim=0)], orders=0, reference=commonest),
    Row("cov", [
        call(x(3, 4)), call(x(5)), call(x(2, 3), correction=0),
        call(x(2, 4), fweights=n(4, least=1)),
        call(x(2, 4), aweights=x(4, domain=(0.5, 2.0))),
        call(x(2, 4), fweights=n(4, least=1), aweights=x(4, domain=(0.5, 2.0)), correction=0),
    ], reference=covariances),
    Row("corrcoef", [call(x(3, 4)), call(x(2, 5))]),
    Row("renorm", [
        call(x(3, 4), 2, 0, 1.0), call(x(3, 4), 1, -1, 3), call(x(2, 3, 2), 2, 1, 99.0),
        call(x(3, 2), 3.0, 0, 0.5),
    ], reference=in_slices, tolerance=1e-3),
    Row("diff", [
        call(x(5)), call(x(3, 4), 2), call(x(3, 4), n=1, dim=0), call(x(2), n=3), call(x(2, 3), 0),
        call(x(2, 3), 1, -1, x(2, 1), x(2, 2)),
    ], reference=lambda a, n=1, dim=-1, *ends: np.diff(a, n, dim, *ends)),
    Row("diff", [call(b(5)), call(n(2, 4))], orders=0),
    Row("trapezoid", [
        call(x(5)), call(x(3, 4), dx=0.5), call(x(3, 4), dim=0), call(x(3, 4), x(4)),
        call(x(3, 4), x(3), dim=0), call(x(0)), call(x(2, 3), x(2, 3)),
    ], reference=integral),
    Row("trapz", [call(x(5))], reference=integral),
    Row("cumulative_trapezoid", [
        call(x(5)), call(x(3, 4), dx=0.5), call(x(3, 4), dim=0), call(x(3, 4), x(4)),
    ], reference=integrals),
]

PARTS = [
    Row("select", [call(x(3, 4), 0, 1), call(x(2, 3, 4), -1, -2), call(x(3), 0, 0)],
        reference=at_index),
    Row("select_scatter", [call(x(3, 4), x(4), 0, 1), call(x(2, 3, 2), x(2, 3), -1, -2)],
        reference=replaced(at_index)),
    Row("slice_scatter", [
        call(x(3, 4), x(2, 4), 0, 1), call(x(3, 4), x(3, 2), 1, 0, 9, 2), call(x(3), x(3)),
        call(x(4), x(1), start=-1),
    ], reference=replaced(at_slice)),
    Row("diagonal_scatter", [
        call(x(3, 4), x(3)), call(x(3, 4), x(2), -1), call(x(2, 3, 3), x(2, 2), 1, 1, 2),
    ], reference=replaced(at_diagonal)),
    Row("narrow_copy", [call(x(3, 4), 1, 1, 2)],
        reference=lambda a, dim, start, length: np.take(a, range(start, start + length), dim)),
    Row("split_with_sizes", [call(x(5, 2), [1, 4]), call(x(2, 5), (2, 3), dim=1)],
        reference=lambda a, sizes, dim=0: np.split(a, np.cumsum(sizes)[:-1], dim)),
    Row("hsplit", [call(x(4), 2), call(x(2, 6), 3), call(x(2, 5), (1, 3))]),
    Row("vsplit", [call(x(4, 2), 2), call(x(5, 2), [1, 3])]),
    Row("dsplit", [call(x(2, 3, 4), 2), call(x(1, 2, 5), (2,))]),
    Row("as_strided", [
        call(x(6), (3, 2), (1, 1)), call(x(3, 4), (2, 2), (4, 1), 1), call(x(8), (2, 3), (3, 0), 2),
        call(x(5), (), ()), call(x(4), (0, 2), (1, 1)), call(x(10), (2, 2, 3), (4, 1, 2)),
    ], any_layout=False, reference=strides),
    Row("rot90", [
        call(x(3, 4)), call(x(3, 4), 2), call(x(2, 3, 4), -1, (1, 2)), call(x(2, 2), 4),
        call(x(2, 3, 4), 1, [2, 0]),
    ], reference=lambda a, k=1, dims=(0, 1): np.rot90(a, k, dims)),
    Row("diagflat", [call(x(3)), call(x(2, 3), 1), call(x(), -1)]),
    Row("block_diag", [call(x(2, 3), x(2), x()), call(x(3, 1)), call(x(0, 2), x(2, 2))],
        reference=blocks),
    Row("combinations", [
        call(x(4)), call(x(4), 3), call(x(3), 2, True), call(x(3), 0), call(x(2), r=3),
    ], reference=choices),
    Row("vander", [call(x(3)), call(x(3), 4, True)], torch=None),  # which cannot derive it twice
    Row("vander", [call(n(3)), call(x(3), N=1), call(x(2), 0), call(x(0))],
        orders=0, reference=powers, numpy=np.vander),
    Row("unravel_index", [call(n(4, below=6), (2, 3)), call(n(below=6), (3, 1, 2))], orders=0),
    Row("sum_to_size", [call(x(2, 3), 1, 3), call(x(2, 3), 3), call(x(2, 3), (2, 3))],
        function=method_of("sum_to_size"), reference=summed_to),
    Row("row_stack", [call((x(2, 3), x(1, 3))), call((x(2), x(2)))], reference=np.vstack),
]

ROWS = [*NUMBERS, *SAMPLES, *PARTS]
