"""Operations that move elements. Rows of the table of ops: data only, as row.py says."""

import numpy as np

from tests.op_references import (
    blocks,
    chunked,
    embedded,
    expanded,
    flattened,
    folded,
    method_of,
    runs_summed,
    split_by,
    squeezed,
    strides,
    summed_to,
    unflattened,
    windows,
)
from tests.rows.row import UNARY, Row, call, n, x

# fmt: off

PAIR = [
    call((x(2, 3), x(2, 3))), call([x(3), x(3), x(3)]), call((x(), x())), call((x(0, 2), x(3, 2))),
]

ROWS = [
    Row("reshape", [
        call(x(3, 4), (2, 6)), call(x(3, 4), (-1,)), call(x(2, 6), (3, 1, -1)), call(x(), (1, 1)),
        call(x(1), ()), call(x(0, 3), (3, 0)), call(x(2, 3), [3, 2]),
    ]),
    Row("view", [call(x(3, 4), 2, 6), call(x(3, 4), (-1,)), call(x(2, 3), -1, 1), call(x(1), ())],
        any_layout=False, function=method_of("view"), reference=lambda a, *s: a.reshape(*s)),
    Row("flatten", [
        call(x(2, 3, 2)), call(x(2, 3, 2), 1), call(x(2, 3, 2), 0, 1), call(x()), call(x(2, 3), -1),
        call(x(2, 0, 3), start_dim=1, end_dim=-1),
    ], reference=flattened),
    Row("ravel", UNARY),
    Row("unflatten", [call(x(6, 2), 0, (2, 3)), call(x(2, 6), -1, (-1, 3))], reference=unflattened),
    Row("transpose", [call(x(3, 4), 0, 1), call(x(2, 3, 4), -1, 0), call(x(2, 0, 3), 1, 2)],
        reference=np.swapaxes),
    Row("swapaxes", [call(x(2, 3, 4), 0, 2)]),
    Row("swapdims", [call(x(2, 3, 4), 0, -1)], reference=np.swapaxes),
    Row("t", [call(x(3, 4)), call(x(3)), call(x())], reference=np.transpose),
    Row("permute", [
        call(x(2, 3, 4), (2, 0, 1)), call(x(2, 3), (-1, 0)), call(x(), ()), call(x(3), (0,)),
    ], reference=np.transpose),
    Row("movedim", [call(x(2, 3, 4), 0, 2), call(x(2, 3, 4), (0, 1), (-1, 0))],
        reference=np.moveaxis),
    Row("moveaxis", [call(x(2, 3, 4), 0, -1), call(x(2, 3, 4), (0, 2), (1, 0))]),
    Row("squeeze", [
        call(x(1, 3, 1)), call(x(1, 3, 1), 0), call(x(1, 3, 1), -1), call(x(1, 3, 1), 1), call(x()),
        call(x(1, 2, 1), (0, 2)),
    ], reference=squeezed),
    Row("unsqueeze", [
        call(x(3, 4), 0), call(x(3, 4), -1), call(x(3, 4), 1), call(x(), 0), call(x(0), dim=1),
    ], reference=lambda a, dim: np.expand_dims(a, dim)),
    Row("expand", [
        call(x(3, 1), 3, 4), call(x(4), (2, 3, 4)), call(x(3, 1), -1, 2), call(x(), 2, 2),
        call(x(1), (0,)),
    ], function=method_of("expand"), reference=expanded),
    Row("broadcast_to", [
        call(x(3, 1), (3, 4)), call(x(4), (2, 3, 4)), call(x(), (2, 2)), call(x(1), (0,)),
    ]),
    Row("broadcast_tensors", [call(x(3, 1), x(4)), call(x(), x(2))], reference=np.broadcast_arrays),
    Row("flip", [
        call(x(3, 4), (0,)), call(x(3, 4), [0, -1]), call(x(2, 3, 2), (1,)), call(x(0, 2), (0,)),
    ]),
    Row("fliplr", [call(x(3, 4))]),
    Row("flipud", [call(x(3, 4))]),
    Row("roll", [
        call(x(3, 4), 1), call(x(3, 4), 2, 0), call(x(3, 4), (1, -1), (0, 1)),
        call(x(3, 4), -5, dims=1),
    ], reference=lambda a, shifts, dims=None: np.roll(a, shifts, dims)),
    Row("repeat", [
        call(x(3), 2), call(x(3), 2, 3), call(x(2, 3), (1, 2)), call(x(), 2), call(x(2), 0),
    ],
        function=method_of("repeat"),
        reference=lambda a, *s: np.tile(a, s[0] if isinstance(s[0], tuple) else s)),
    Row("tile", [
        call(x(3), (2,)), call(x(2, 3), (2,)), call(x(3), (2, 2)), call(x(2, 3), (2, 1, 2)),
        call(x(), (2,)),
    ]),
    Row("repeat_interleave", [
        call(x(3), 2), call(x(2, 3), 2, dim=1), call(x(2, 3), 3, 0), call(x(3), n(3)),
    ], reference=lambda a, k, dim=None: np.repeat(a, k, dim)),
    Row("unfold", [call(x(7), 0, 3, 2), call(x(2, 5), 1, 2, 1), call(x(4, 2), 0, 4, 1)],
        function=method_of("unfold"), reference=windows),
    Row("reshape_as", [call(x(3, 4), x(2, 6))],
        function=method_of("reshape_as"), orders=2, reference=lambda a, b: a.reshape(b.shape)),
    Row("view_as", [call(x(3, 4), x(2, 6))],
        any_layout=False, function=method_of("view_as"), reference=lambda a, b: a.reshape(b.shape)),
    Row("expand_as", [call(x(3, 1), x(3, 4))],
        function=method_of("expand_as"), reference=lambda a, b: np.broadcast_to(a, b.shape)),
    Row("adjoint", [call(x(2, 3, 4))], reference=lambda a: np.swapaxes(a, -1, -2)),
    Row("mT", [call(x(2, 3, 4))],
        function=lambda a: a.mT, reference=lambda a: np.swapaxes(a, -1, -2)),
    Row("T", [call(x(3, 4))], function=lambda a: a.T),
    Row("meshgrid", [
        call(x(3), x(2), indexing="ij"), call(x(3), x(2), indexing="xy"),
        call(x(3), x(), indexing="ij"),
    ]),
    Row("diag_embed", [call(x(3)), call(x(2, 3), 1), call(x(2, 3), -1), call(x(2, 2), 0, 0, 2)],
        reference=embedded),
    Row("clone", UNARY, reference=np.copy),
    Row("contiguous", UNARY[:2], function=method_of("contiguous"), reference=np.copy),
    Row("diagonal", [
        call(x(3, 4)), call(x(3, 4), 1), call(x(3, 4), -1), call(x(2, 3, 4), 0, 1, 2),
        call(x(2, 3, 4), offset=1, dim1=0, dim2=2),
    ], reference=lambda a, offset=0, dim1=0, dim2=1: np.diagonal(a, offset, dim1, dim2)),
    Row("diag", [call(x(3)), call(x(3), 1), call(x(3, 4)), call(x(3, 4), -1)]),
    Row("tril", [call(x(3, 4)), call(x(3, 3), 1), call(x(2, 3, 3), -1)]),
    Row("triu", [call(x(3, 4)), call(x(3, 3), 1), call(x(2, 3, 3), -1)]),
    Row("cat", [
        call((x(2, 3), x(1, 3))), call([x(2, 3), x(2, 1)], dim=1), call((x(2), x(0), x(3)), -1),
        call([x(3)]),
    ], reference=lambda xs, dim=0: np.concatenate(xs, dim)),
    Row("concat", [call((x(2, 3), x(1, 3)))], reference=np.concatenate),
    Row("concatenate", [call((x(2, 3), x(1, 3))), call([x(2, 3), x(2, 1)], dim=1)],
        reference=lambda xs, dim=0: np.concatenate(xs, dim), numpy=np.concatenate),
    Row("stack", [
        call((x(2, 3), x(2, 3))), call([x(3), x(3), x(3)], dim=1), call((x(), x())),
        call([x(2, 3)], -1),
    ], reference=lambda xs, dim=0: np.stack(xs, dim), numpy=np.stack),
    Row("atleast_1d", [call(x()), call(x(2, 3))]),
    Row("atleast_2d", [call(x()), call(x(3)), call(x(2, 3, 2))]),
    Row("atleast_3d", [call(x()), call(x(3)), call(x(2, 3))]),
    Row("hstack", PAIR[:3]),
    Row("vstack", PAIR),
    Row("dstack", PAIR[:3]),
    Row("column_stack", PAIR[:2]),
    Row("split", [call(x(5, 2), 2), call(x(2, 5), [1, 4], dim=1), call(x(4), 2, -1), call(x(3), 5)],
        reference=split_by),
    Row("chunk", [call(x(5, 2), 2), call(x(2, 6), 3, dim=1), call(x(5), 4)], reference=chunked),
    Row("tensor_split", [call(x(5, 2), 3), call(x(2, 5), (1, 3), dim=1)],
        reference=lambda a, k, dim=0: np.array_split(a, k, dim)),
    Row("unbind", [call(x(3, 2)), call(x(2, 3), dim=-1), call(x(2, 0))],
        reference=lambda a, dim=0: list(np.moveaxis(a, dim, 0))),
    Row("narrow", [call(x(3, 4), 1, 1, 2), call(x(3, 4), 0, 0, 3)],
        reference=lambda a, dim, start, length: np.take(a, range(start, start + length), dim)),
    Row("pad", [call(x(2, 3), ((1, 0), (0, 2))), call(x(3), 1, constant_values=1.5)],
        function=np.pad, torch=None, reference=np.pad),
    Row("ops.shape.narrow.Pad", [call(x(2, 3), ((1, 0), (0, 2))), call(x(3), ((1, 1),), 1.5)],
        reference=lambda a, widths, value=0: np.pad(a, widths, constant_values=value)),
    Row("ops.shape.unfold.Fold", [call(x(3, 2), 7, 0, 2, 2), call(x(2, 4, 3), 6, 1, 3, 1)],
        reference=folded),
    Row("ops.shape.repeat.SumOfRepeats", [
        call(x(6, 2), 3, 2, 0), call(x(2, 6), 2, 3, 1), call(x(5), 3, [2, 0, 3], 0),
    ], reference=runs_summed),
    Row("ops.shape.permute.ConjugateTranspose", [call(x(2, 3))], reference=np.transpose),
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
    Row("sum_to_size", [call(x(2, 3), 1, 3), call(x(2, 3), 3), call(x(2, 3), (2, 3))],
        function=method_of("sum_to_size"), reference=summed_to),
    Row("row_stack", [call((x(2, 3), x(1, 3))), call((x(2), x(2)))], reference=np.vstack),
]
