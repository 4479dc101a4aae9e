"""Rows of tables of vectors: functions and layers. Data only."""

import numpy as np

import nn
from tests.rows.layer import Layer, classes
from tests.rows.row import Row, call, n, x


def added(rows, index, n):
    out = np.zeros((n, rows.shape[-1]))
    np.add.at(out, index, rows)
    return out


# fmt: off

AT = {"below": 5}
FUNCTIONS = [
    Row("nn.functional.embedding", [
        call(n(2, 3, **AT), x(5, 2)), call(n(4, **AT), x(5, 2)), call(n(**AT), x(5, 1)),
    ], reference=lambda i, w: w[i]),
    Row("nn.functional.embedding", [call(n(0, **AT), x(5, 2))], torch=None,
        reference=lambda i, w: w[i]),
    Row("nn.functional.sparse.RowsAdded", [
        call(x(2, 3, 2), n(2, 3, **AT), n=5), call(x(4, 2), n(4, **AT), n=6),
    ], torch=None, method=False, reference=added),
    Row("nn.functional.embedding_bag", [call(n(2, 3, **AT), x(5, 2))],
        reference=lambda i, w: w[i].mean(1)),
    Row("nn.functional.embedding_bag", [call(n(3, 0), x(5, 2))], torch=None,
        reference=lambda i, w: w[i].sum(1) / max(i.shape[1], 1)),
    Row("nn.functional.embedding_bag", [call(n(3, 4, **AT), x(5, 2), mode="max")],
        reference=lambda i, w, mode: w[i].max(1)),
    Row("nn.functional.embedding_bag", [
        call(n(2, 3, **AT), x(5, 2), mode="sum", per_sample_weights=x(2, 3)),
    ], reference=lambda i, w, mode, per_sample_weights: np.einsum(
        "bk,bkd->bd", per_sample_weights, w[i])),
]

# fmt: on

LAYERS = [
    Layer(
        lambda: nn.Embedding(5, 2),
        (classes(5, 3, 4),),
        (3, 4, 2),
        "Embedding(5, 2)",
        ("weight",),
    ),
    Layer(
        lambda: nn.EmbeddingBag(5, 2, mode="sum"),
        (classes(5, 3, 4),),
        (3, 2),
        "EmbeddingBag(5, 2, mode='sum')",
        ("weight",),
    ),
]
