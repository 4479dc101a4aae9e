"""Operations that choose elements. Rows of the table of ops: data only, as row.py says."""

import numpy as np

from tests.op_references import (
    along_axis,
    assigned,
    assigned_one,
    at_diagonal,
    at_index,
    at_slice,
    averaged_at,
    best,
    choices,
    chosen_by_mask,
    corners,
    every_tuple,
    filled,
    flat,
    gathered,
    in_segments,
    index_put,
    item,
    lengths,
    no_gaps,
    order,
    poured,
    put_at,
    reduced_at,
    replaced,
    scattered,
    second,
    smallest,
    sorted_with_places,
    spread_rows,
    with_zero,
    zeros_with,
)
from tests.rows.row import Row, b, call, n, x

# fmt: off

FORMS = [  # of x[...], over a tensor of shape (3, 4, 2)
    (1,), (-1,), (slice(None, None, 2),), (slice(0, 2), slice(1, None)), (Ellipsis, 0), (None,),
    (0, None, Ellipsis), (Ellipsis,), (slice(None), slice(3, 0, 1)), (n(3, make=corners),),
    (n(2, 2),), (slice(None), n(3)), (n(2), n(2)), (n(2, 1), n(3)),
    (n(2), slice(None), n(2, below=2)), (Ellipsis, n(2, below=2)), (None, n(2), slice(1, 3)),
    (b(3),), (b(3, 4),), (slice(None), b(4)), ([0, 2],), (1, [0, 1]), (n(),), (0, 1, 1),
    (slice(1, 1),), (n(0),), (True,), (False,), (n(2), None, 1), (slice(None), 1, n(2, below=2)),
    (n(2), 1, slice(None)), ([True, False, True],), (b(3), slice(None), 0),
    (slice(-2, None), Ellipsis, None), (slice(None, None, 3), slice(1, 4, 2)),
]
FILLS = [  # of x[...] = v, over the same; no element is named twice
    (1,), (slice(None, None, 2),), (slice(0, 2), slice(1, None)), (Ellipsis, 0), (None,),
    (b(3, 4),), ([0, 2],), (0, 1, 1), (slice(None), [1, 3]), (1, [0, 1]), (slice(1, 1),), (n(),),
]

ROWS = [
    Row("cartesian_prod", [call(x(2), x(3)), call(x(3))], reference=every_tuple, complex=True),
    Row("getitem", [call(x(3, 4, 2), *form) for form in FORMS], function=item, complex=True),
    Row("getitem", [
        call(x(), ()), call(x(), None), call(x(), b()), call(x(), Ellipsis), call(x(0, 2), n(0)),
        call(x(4), n(3, below=4)), call(x(5), slice(4, None, None)),
    ], function=item),
    Row("setitem", [call(x(3, 4, 2), 1.5, *form) for form in FILLS], function=assigned),
    Row("setitem", [
        call(x(3, 4), x(4), 1), call(x(3, 4), x(), slice(None), 2),
        call(x(3, 4), x(2, 1), slice(0, 2)), call(x(3, 4), x(2, 4), [0, 2]), call(x(4), x(), b(4)),
        call(x(3), x(2), n(2, make=order)), call(x(), x(), ()), call(x(2, 3), x(1, 3), slice(0, 1)),
        call(x(3), x(1), 0),
    ], function=assigned, reference=assigned_one),
    Row("gather", [
        call(x(3, 4), 0, n(2, 4)), call(x(3, 4), 1, n(3, 2)), call(x(3, 4), -1, n(2, 3)),
        call(x(2, 3, 2), 1, n(2, 3, 2)), call(x(3, 4), 0, n(0, 4)), call(x(), 0, n(below=1)),
    ], reference=gathered, complex=True),
    Row("take_along_dim", [call(x(3, 4), n(3, 2), dim=1), call(x(3), n(2))],
        reference=lambda a, i, dim=None: np.take_along_axis(a, i, dim), complex=True),
    Row("index_select", [
        call(x(3, 4), 0, n(5)), call(x(2, 3, 2), 1, n(2)), call(x(3, 4), -1, n(3)),
    ], reference=spread_rows, complex=True),
    Row("take", [call(x(3, 4), n(2, 3, below=12)), call(x(3), n(2, least=-3, below=3)),
                 call(x(3), n(below=3))],
        complex=True),
    Row("masked_select", [
        call(x(3, 4), b(3, 4)), call(x(3, 4), b(4)), call(x(3), b(2, 3)), call(x(), b()),
    ], reference=chosen_by_mask, complex=True),
    Row("masked_fill", [
        call(x(3, 4), b(3, 4), 0.5), call(x(3, 4), b(4), x()), call(x(), b(), 2),
        call(x(3), b(2, 3), 1.0),
    ], reference=filled, complex=True),
    Row("scatter", [
        call(x(3, 4), 0, n(1, 4), x(1, 4)), call(x(3, 4), 1, n(3, 1), x(3, 4)),
        call(x(3, 4), 1, n(3, 1), 1.5),
    ], reference=scattered(second), complex=True),
    Row("scatter_add", [
        call(x(3, 4), 0, n(5, 4), x(5, 4)), call(x(3, 4), 1, n(2, 3), x(3, 4)),
        call(x(3), -1, n(4), x(4)),
    ], reference=scattered(np.add), complex=True),
    Row("index_add", [call(x(3, 4), 0, n(5), x(5, 4)), call(x(2, 3), 1, n(2), x(2, 2))],
        reference=index_put(np.add), complex=True),
    Row("index_copy", [call(x(3, 4), 0, n(2, make=order), x(2, 4))], reference=index_put(second),
        complex=True),
    Row("index_fill", [call(x(3, 4), 1, n(2), 0.5)],
        reference=lambda a, dim, index, v: index_put(second)(a, dim, index, np.full((3, 2), v)),
        complex=True),
    Row("index_put", [
        call(x(3, 4), (n(2, make=order),), x(2, 4)), call(x(3), (n(4),), x(4), accumulate=True),
    ], reference=put_at, complex=True),
    Row("put", [
        call(x(2, 3), n(3, make=order), x(3, 1)), call(x(2, 3), n(0), x(0)),
        call(x(2, 3), n(2, 2, below=6, least=-6), x(4), accumulate=True),
        call(x(), n(1, below=1), x()),
    ], reference=lambda a, index, v, accumulate=False: put_at(
        a.ravel(), index.ravel(), v.ravel(), accumulate).reshape(a.shape), complex=True),
    Row("scatter_reduce", [
        call(x(3, 4), 0, n(2, 4), x(2, 4), reduce="sum"), call(x(3), 0, n(3), x(3), reduce="amax"),
        call(x(4, 3, make=with_zero), 1, n(4, 5), x(4, 5, make=with_zero), reduce="prod"),
    ], reference=reduced_at, complex=True),
    Row("scatter_reduce", [
        call(x(3, 4), 0, n(2, 4), x(2, 4), reduce="mean"),
        call(x(3), 0, n(5), x(5), reduce="amin", include_self=False),
    ], reference=averaged_at),
    Row("index_reduce", [
        call(x(3, 2), 0, n(4), x(4, 2), "mean"), call(x(2, 3), 1, n(2), x(2, 2), "prod"),
        call(x(3), 0, n(4), x(4), "amax"), call(x(3), 0, n(4), x(4), "amin", include_self=False),
    ], reference=lambda a, dim, index, *rest, **how: averaged_at(
        a, dim, along_axis(index, dim, rest[0].shape), *rest, **how)),
    Row("segment_reduce", [
        call(x(5), "sum", lengths=n(3, make=lengths)),
        call(x(5, 2), "mean", lengths=n(2, below=6, make=no_gaps)),
        call(x(5), "max", lengths=n(2, make=no_gaps)),
        call(x(5), "prod", lengths=n(3, make=lengths), initial=2.0),
    ], reference=in_segments),
    Row("masked_scatter", [call(x(3, 4), b(3, 4), x(12)), call(x(3), b(3), x(2, 2))],
        reference=poured, complex=True),
    Row("msort", [call(x(4)), call(x(3, 2))], reference=lambda a: np.sort(a, axis=0)),
    Row("bucketize", [call(x(2, 3), x(4, make=np.sort))],
        orders=0, reference=lambda a, edges: np.searchsorted(edges, a)),
    Row("isin", [call(n(4), n(2))], orders=0),
    Row("unique", [call(n(6))], orders=0),
    Row("unique_consecutive", [call(n(8))],
        orders=0, reference=lambda a: a[np.r_[True, a[1:] != a[:-1]]]),
    Row("unique_consecutive", [call(n(6, 1, below=2), dim=0)],
        orders=0, reference=lambda a, dim: a[np.r_[True, (a[1:] != a[:-1]).any(1)]]),
    Row("nonzero_static", [call(n(3, 2), size=2), call(n(2), size=4, fill_value=-7)],
        orders=0, reference=lambda a, size, fill_value=-1: np.concatenate(
            [np.argwhere(a), np.full((size, a.ndim), fill_value)])[:size]),
    Row("histogramdd", [call(x(9, 2), [2, 3]), call(x(9, 2), 2, range=(-1.0, 1.0, -2.0, 2.0))],
        orders=0, reference=lambda a, bins, range=None: [one.astype(a.dtype) for one in flat(
            np.histogramdd(a, bins, range and (range[:2], range[2:])))]),
    Row("fill", [call(x(3, 2), x()), call(x(2), 3.0)], reference=lambda a, v: np.full_like(a, v)),
    Row("histogram", [call(x(9), 4, range=(-1.0, 1.0)), call(x(9))],
        orders=0, reference=lambda a, n=100, **k: tuple(
            one.astype(a.dtype) for one in np.histogram(a, n, **k))),
    Row("histc", [call(x(9), 4, -1, 1)],
        orders=0,
        reference=lambda a, bins, low, high: np.histogram(a, bins, (low, high))[0].astype(a.dtype)),
    Row("nonzero", [call(n(3, 4)), call(b(4)), call(x(0))], orders=0, reference=np.argwhere),
    Row("argwhere", [call(n(3, 4))], orders=0),
    Row("sort", [
        call(x(5)), call(x(3, 4), 0), call(x(3, 4), dim=-1, descending=True), call(x()),
        call(x(0, 2), 0),
    ], reference=sorted_with_places),
    Row("argsort", [call(x(5)), call(x(3, 4), 0), call(x(3, 4), dim=-1, descending=True)],
        orders=0, reference=lambda *a, **k: sorted_with_places(*a, **k)[1]),
    Row("topk", [call(x(5), 2), call(x(3, 4), 2, 0), call(x(3, 4), k=3, dim=1, largest=False)],
        reference=best),
    Row("kthvalue", [call(x(5), 2), call(x(3, 4), 2, 0)], reference=smallest),
    Row("searchsorted", [call(x(4, make=np.sort, domain=(0.0, 1.0)), x(3, domain=(-0.2, 1.2)))],
        orders=0),
    Row("bincount", [call(n(6))], orders=0),
    Row("ops.indexing.getitem.PutSlice", [
        call(x(2, 4), shape=(3, 4), index=slice(1, 3)), call(x(), shape=(3,), index=1),
    ], reference=lambda a, shape, index: zeros_with(a, index, shape)),
    Row("ops.indexing.getitem.PutItem", [
        call(x(5, 2), n(5), shape=(3, 2)), call(x(2), n(2, make=order), shape=(3,), distinct=True),
    ], reference=lambda a, index, shape, distinct=False: zeros_with(a, index, shape)),
    Row("select", [call(x(3, 4), 0, 1), call(x(2, 3, 4), -1, -2), call(x(3), 0, 0)],
        reference=at_index, complex=True),
    Row("select_scatter", [call(x(3, 4), x(4), 0, 1), call(x(2, 3, 2), x(2, 3), -1, -2)],
        reference=replaced(at_index)),
    Row("slice_scatter", [
        call(x(3, 4), x(2, 4), 0, 1), call(x(3, 4), x(3, 2), 1, 0, 9, 2), call(x(3), x(3)),
        call(x(4), x(1), start=-1),
    ], reference=replaced(at_slice)),
    Row("diagonal_scatter", [
        call(x(3, 4), x(3)), call(x(3, 4), x(2), -1), call(x(2, 3, 3), x(2, 2), 1, 1, 2),
    ], reference=replaced(at_diagonal), complex=True),
    Row("combinations", [
        call(x(4)), call(x(4), 3), call(x(3), 2, True), call(x(3), 0), call(x(2), r=3),
    ], reference=choices, complex=True),
    Row("unravel_index", [call(n(4, below=6), (2, 3)), call(n(below=6), (3, 1, 2))], orders=0),
]
