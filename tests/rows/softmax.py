"""Rows of softmax: functions and layers. Data only."""

import numpy as np

import nn
from tests.op_references import log_sum_exp
from tests.rows.layer import Layer, X, reals
from tests.rows.row import Row, call, x

# fmt: off

FUNCTIONS = [
    Row("nn.functional.softmax", [call(x(3, 4), 0), call(x(2, 3, 2), dim=-1)],
        reference=lambda a, dim: np.exp(a) / np.sum(np.exp(a), axis=dim, keepdims=True)),
    Row("nn.functional.log_softmax", [call(x(3, 4), 0), call(x(2, 3, 2), dim=-1)],
        reference=lambda a, dim: a - log_sum_exp(a, dim, True)),
    Row("nn.functional.softmin", [call(x(3, 4), 0), call(x(2, 3, 2), dim=-1)],
        reference=lambda a, dim: np.exp(-a) / np.sum(np.exp(-a), axis=dim, keepdims=True)),
]

# fmt: on

LAYERS = [
    Layer(lambda: nn.Softmax(dim=1), X, (3, 4), "Softmax(dim=1)"),
    Layer(lambda: nn.LogSoftmax(dim=0), X, (3, 4), "LogSoftmax(dim=0)"),
    Layer(nn.Softmax2d, (reals(2, 3, 2, 2),), (2, 3, 2, 2), "Softmax2d()"),
    Layer(lambda: nn.Softmin(dim=0), X, (3, 4), "Softmin(dim=0)"),
]
