"""Rows of affine maps, of dropout and one-hot vectors, of layers in a row. Data only."""

import numpy as np

import nn
from tests.rows.layer import IMAGE, VOLUME, Layer, X, reals
from tests.rows.row import Row, call, n, x

# fmt: off

FUNCTIONS = [
    Row("nn.functional.linear", [
        call(x(3, 4), x(2, 4), x(2)), call(x(3, 4), x(2, 4)), call(x(4), x(2, 4), x(2)),
        call(x(2, 3, 4), x(2, 4), x(2)), call(x(0, 4), x(2, 4), x(2)),
    ], reference=lambda a, w, b=0: a @ w.T + b),
    Row("nn.functional.bilinear", [
        call(x(4, 3), x(4, 2), x(2, 3, 2), x(2)), call(x(3), x(2), x(1, 3, 2)),
        call(x(2, 1, 3), x(2, 1, 2), x(2, 3, 2)),
    ], reference=lambda a, b, w, c=0: np.einsum("...i,oij,...j->...o", a, w, b) + c),
    Row("nn.functional.dropout", [call(x(3, 4), 0.5, False), call(x(3, 4), 0.0)],
        reference=lambda a, p, training=True: a),
    Row("nn.functional.alpha_dropout", [call(x(3, 4), 0.5, False), call(x(3), 0.0, True)],
        reference=lambda a, p, training: a),
    Row("nn.functional.feature_alpha_dropout", [call(x(3, 4), 0.5, False)],
        reference=lambda a, p, training: a),
    Row("nn.functional.dropout1d", [call(x(2, 3, 4), 0.5, False), call(x(3, 4), 0.0)],
        reference=lambda a, p, training=True: a),
    Row("nn.functional.dropout2d", [call(x(2, 3, 2, 2), 0.5, False)],
        reference=lambda a, p, training: a),
    Row("nn.functional.dropout3d", [call(x(2, 3, 2, 2), 0.5, False)],
        reference=lambda a, p, training: a),
    Row("nn.functional.one_hot", [call(n(4), 3), call(n(2, 3), num_classes=5), call(n(), 3)],
        orders=0, reference=lambda a, num_classes: np.eye(num_classes, dtype=np.int64)[a]),
]

# fmt: on

AFFINE = ("weight", "bias")
LAYERS = [
    Layer(lambda: nn.Identity(7, anything=1), X, (3, 4), "Identity()"),
    Layer(
        lambda: nn.Bilinear(4, 3, 2),
        (reals(5, 4), reals(5, 3)),
        (5, 2),
        "Bilinear(in1_features=4, in2_features=3, out_features=2, bias=True)",
        AFFINE,
    ),
    Layer(
        lambda: nn.Linear(4, 2),
        X,
        (3, 2),
        "Linear(in_features=4, out_features=2, bias=True)",
        AFFINE,
    ),
    Layer(
        lambda: nn.Linear(4, 2, bias=False),
        (reals(2, 3, 4),),
        (2, 3, 2),
        "Linear(in_features=4, out_features=2, bias=False)",
        ("weight",),
    ),
    Layer(lambda: nn.Dropout(0.3).eval(), X, (3, 4), "Dropout(p=0.3, inplace=False)"),
    Layer(lambda: nn.Dropout1d(0.3).eval(), IMAGE, (2, 3, 4), "Dropout1d(p=0.3, inplace=False)"),
    Layer(lambda: nn.Dropout2d().eval(), VOLUME, (1, 2, 3, 3), "Dropout2d(p=0.5, inplace=False)"),
    Layer(lambda: nn.Dropout3d().eval(), VOLUME, (1, 2, 3, 3), "Dropout3d(p=0.5, inplace=False)"),
    Layer(lambda: nn.AlphaDropout().eval(), X, (3, 4), "AlphaDropout(p=0.5, inplace=False)"),
    Layer(
        lambda: nn.FeatureAlphaDropout(0.2).eval(),
        IMAGE,
        (2, 3, 4),
        "FeatureAlphaDropout(p=0.2, inplace=False)",
    ),
    Layer(
        lambda: nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2)),
        X,
        (3, 2),
        "Sequential(\n  (0): Linear(in_features=4, out_features=5, bias=True)\n  (1): Tanh()\n"
        "  (2): Linear(in_features=5, out_features=2, bias=True)\n)",
        ("0.weight", "0.bias", "2.weight", "2.bias"),
    ),
]
