"""Rows of distances and unit vectors: functions and layers. Data only."""

import numpy as np

import nn
from tests.functional_references import cosine
from tests.op_references import p_norm
from tests.rows.layer import PAIR, Layer
from tests.rows.row import Row, call, x

# fmt: off

FUNCTIONS = [
    Row("nn.functional.cosine_similarity", [
        call(x(3, 4), x(3, 4)), call(x(2, 3), x(3)), call(x(4), x(4), dim=0),
        call(x(2, 3, 2), x(2, 3, 2), -1),
    ], reference=cosine),
    Row("nn.functional.pairwise_distance", [
        call(x(3, 4), x(3, 4)), call(x(4), x(4)), call(x(2, 3), x(3), 1.0, keepdim=True),
        call(x(2, 3), x(2, 3), p=3.0),
    ], reference=lambda a, b, p=2.0, keepdim=False: p_norm(a - b + 1e-6, p, -1, keepdim)),
    Row("nn.functional.pdist", [call(x(4, 3)), call(x(3, 2), 1.0), call(x(3, 2), p=3.0)],
        reference=lambda a, p=2.0: np.array([
            p_norm(a[i] - a[j], p, -1, False) for i in range(len(a)) for j in range(i + 1, len(a))
        ])),
    Row("nn.functional.normalize", [call(x(3, 4)), call(x(3, 4), 1.0, 0), call(x(2, 3), dim=-1)],
        reference=lambda a, p=2.0, dim=1: a / p_norm(a, p, dim, True)),
]

# fmt: on

LAYERS = [
    Layer(nn.CosineSimilarity, PAIR, (3,), "CosineSimilarity()"),
    Layer(lambda: nn.PairwiseDistance(keepdim=True), PAIR, (3, 1), "PairwiseDistance()"),
]
