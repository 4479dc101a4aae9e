"""The table of nn.functional: what has no NumPy name. Data only, as op_table.py."""

import numpy as np

from tests.op_references import (
    binary,
    binary_from_logits,
    distance,
    from_logits,
    gauss,
    log_sum_exp,
    logistic,
    negative_log_likelihood,
    p_norm,
    shares,
    soft_ramp,
)
from tests.op_table import UNARY, Row, call, n, x

# fmt: off

WEIGHTS = x(3, domain=(0.3, 2.0), fixed=True)
SHARES = dict(domain=(0.1, 1.0), make=shares)
CHOICES = [
    call(x(4, 3), n(4)), call(x(3), n()), call(x(4, 3), n(4), reduction="sum"),
    call(x(4, 3), n(4), reduction="none"), call(x(2, 3, 2), n(2, 2)),
    call(x(4, 3), n(4), weight=WEIGHTS), call(x(5, 3), n(5), ignore_index=1),
    call(x(5, 3), n(5), weight=WEIGHTS, ignore_index=0, reduction="none"),
]
SOFTER = [
    call(x(4, 3), n(4), label_smoothing=0.2),
    call(x(4, 3), n(4), weight=WEIGHTS, label_smoothing=0.2), call(x(4, 3), x(4, 3, **SHARES)),
    call(x(4, 3), x(4, 3, **SHARES), reduction="sum", label_smoothing=0.1),
]
CHANCE = dict(domain=(0.1, 0.9))
FUNCTIONAL = [
    Row("nn.functional.relu", UNARY, reference=lambda a: np.maximum(a, 0)),
    Row("nn.functional.gelu", UNARY + [call(x(3, 4), approximate="tanh")], reference=gauss),
    Row("nn.functional.silu", UNARY, reference=lambda a: a * logistic(a)),
    Row("nn.functional.sigmoid", UNARY, reference=logistic),
    Row("nn.functional.tanh", UNARY, reference=np.tanh),
    Row("nn.functional.leaky_relu", UNARY + [call(x(4), 0.3)],
        reference=lambda a, s=0.01: np.where(a > 0, a, s * a)),
    Row("nn.functional.elu", UNARY + [call(x(4), 0.3)],
        reference=lambda a, k=1.0: np.where(a > 0, a, k * np.expm1(a))),
    Row("nn.functional.softplus", UNARY + [call(x(4), 2.0, 1.0)], reference=soft_ramp),
    Row("nn.functional.softmax", [call(x(3, 4), 0), call(x(2, 3, 2), dim=-1)],
        reference=lambda a, dim: np.exp(a) / np.sum(np.exp(a), axis=dim, keepdims=True)),
    Row("nn.functional.log_softmax", [call(x(3, 4), 0), call(x(2, 3, 2), dim=-1)],
        reference=lambda a, dim: a - log_sum_exp(a, dim, True)),
    Row("nn.functional.dropout", [call(x(3, 4), 0.5, False), call(x(3, 4), 0.0)],
        reference=lambda a, p, training=True: a),
    Row("nn.functional.normalize", [call(x(3, 4)), call(x(3, 4), 1.0, 0), call(x(2, 3), dim=-1)],
        reference=lambda a, p=2.0, dim=1: a / p_norm(a, p, dim, True)),
    Row("nn.functional.one_hot", [call(n(4), 3), call(n(2, 3), num_classes=5), call(n(), 3)],
        orders=0, reference=lambda a, num_classes: np.eye(num_classes, dtype=np.int64)[a]),
    Row("nn.functional.linear", [
        call(x(3, 4), x(2, 4), x(2)), call(x(3, 4), x(2, 4)), call(x(4), x(2, 4), x(2)),
        call(x(2, 3, 4), x(2, 4), x(2)), call(x(0, 4), x(2, 4), x(2)),
    ], reference=lambda a, w, b=0: a @ w.T + b),
    Row("nn.functional.mse_loss", [
        call(x(3, 4), x(3, 4)), call(x(3), x(3), reduction="sum"), call(x(), x()),
        call(x(3), x(3), reduction="none"),
    ], reference=distance(2)),
    Row("nn.functional.l1_loss", [
        call(x(3, 4), x(3, 4)), call(x(3), x(3), reduction="sum"),
        call(x(3), x(3), reduction="none"),
    ], reference=distance(1)),
    Row("nn.functional.cross_entropy", CHOICES + SOFTER, reference=from_logits),
    Row("nn.functional.nll_loss", CHOICES, reference=negative_log_likelihood),
    Row("nn.functional.binary_cross_entropy", [
        call(x(3, 4, **CHANCE), x(3, 4, **CHANCE)),
        call(x(3, **CHANCE), x(3, **CHANCE), reduction="sum"),
        call(x(3, **CHANCE), x(3, **CHANCE), x(3, fixed=True), reduction="none"),
    ], reference=binary),
    Row("nn.functional.binary_cross_entropy_with_logits", [
        call(x(3, 4), x(3, 4, **CHANCE)), call(x(3), x(3, **CHANCE), reduction="sum"),
        call(x(3), x(3, **CHANCE), reduction="none", pos_weight=x(3, fixed=True)),
        call(x(3, 4), x(3, 4, **CHANCE), weight=x(4, fixed=True)),
    ], reference=binary_from_logits),
]

ROWS = FUNCTIONAL
