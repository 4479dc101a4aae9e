"""The table of nn.functional: what has no NumPy name. Data only, as op_table.py."""

import numpy as np

from tests.loss_references import (
    cosine,
    counting,
    divergence,
    gated,
    leaky,
    normal,
    padded,
    rounded_off,
    shuffled,
    triplets,
    unshuffled,
)
from tests.op_references import (
    averaged,
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

ODD = [*UNARY, call(x(5), inplace=False)]
PIECES = [
    Row("nn.functional.hardtanh", [*UNARY, call(x(4), -0.5, 1.5)],
        reference=lambda a, low=-1.0, high=1.0: np.clip(a, low, high)),
    Row("nn.functional.relu6", ODD, domain=(-5.0, 9.0),
        reference=lambda a, inplace=False: np.clip(a, 0, 6)),
    Row("nn.functional.hardsigmoid", ODD, domain=(-5.0, 5.0),
        torch=None,  # whose 1/6 is a float32, as is its 1/alpha below
        reference=lambda a, inplace=False: np.clip(a / 6 + 0.5, 0, 1)),
    Row("nn.functional.hardswish", ODD, domain=(-5.0, 5.0),
        reference=lambda a, inplace=False: a * np.clip(a / 6 + 0.5, 0, 1)),
    Row("nn.functional.threshold", [call(x(3, 4), 0.3, -2.0), call(x(), 0, 1), call(x(0), 0, 1)],
        reference=lambda a, limit, value: np.where(a > limit, a, value)),
    Row("nn.functional.softshrink", [*UNARY, call(x(4), 0.2), call(x(4), 0.0)],
        reference=lambda a, k=0.5: np.sign(a) * np.maximum(np.abs(a) - k, 0)),
    Row("nn.functional.hardshrink", [*UNARY, call(x(4), 0.2)],
        reference=lambda a, k=0.5: np.where(np.abs(a) > k, a, 0)),
    Row("nn.functional.prelu", [
        call(x(3, 4), x(4)), call(x(2, 3, 2, 2), x(3)), call(x(3), x(1)), call(x(2, 3), x()),
        call(x(), x(1)), call(x(0, 2), x(2)),
    ], reference=leaky),
]
SMOOTH = [
    Row("nn.functional.selu", ODD, reference=lambda a, inplace=False: 1.0507009873554805
        * np.where(a > 0, a, 1.6732632423543772 * np.expm1(a))),
    Row("nn.functional.celu", UNARY, reference=lambda a: np.where(a > 0, a, np.expm1(a))),
    Row("nn.functional.celu", [call(x(4), 0.3)], torch=None,
        reference=lambda a, k=1.0: np.where(a > 0, a, k * np.expm1(a / k))),
    Row("nn.functional.mish", ODD,
        reference=lambda a, inplace=False: a * np.tanh(np.log1p(np.exp(a)))),
    Row("nn.functional.softsign", UNARY, reference=lambda a: a / (1 + np.abs(a))),
    Row("nn.functional.tanhshrink", UNARY, reference=lambda a: a - np.tanh(a)),
    Row("nn.functional.logsigmoid", UNARY, reference=lambda a: np.log(logistic(a))),
    Row("nn.functional.softmin", [call(x(3, 4), 0), call(x(2, 3, 2), dim=-1)],
        reference=lambda a, dim: np.exp(-a) / np.sum(np.exp(-a), axis=dim, keepdims=True)),
    Row("nn.functional.glu", [call(x(4)), call(x(2, 3), 0), call(x(2, 4, 2), dim=1)],
        reference=lambda a, dim=-1: gated(*np.split(a, 2, dim))),
]
SIGNS = n(4, below=2, make=lambda a: 2 * a - 1)
EACH = ({}, {"reduction": "sum"}, {"reduction": "none"})
DISTANCES = [
    Row("nn.functional.smooth_l1_loss", [call(x(3, 4), x(3, 4), **each) for each in EACH]
        + [call(x(4), x(4), beta=0.3), call(x(4), x(4), beta=0.0)],
        reference=lambda a, b, beta=1.0, reduction="mean":
            averaged(rounded_off(a - b, beta) / (beta or 1), reduction)),
    Row("nn.functional.huber_loss", [call(x(3, 4), x(3, 4), **each) for each in EACH]
        + [call(x(4), x(4), delta=0.3), call(x(4), x(4), weight=x(4, fixed=True))],
        reference=lambda a, b, reduction="mean", delta=1.0, weight=1.0:
            averaged(rounded_off(a - b, delta) * weight, reduction)),
    Row("nn.functional.cosine_similarity", [
        call(x(3, 4), x(3, 4)), call(x(2, 3), x(3)), call(x(4), x(4), dim=0),
        call(x(2, 3, 2), x(2, 3, 2), -1),
    ], reference=cosine),
    Row("nn.functional.pairwise_distance", [
        call(x(3, 4), x(3, 4)), call(x(4), x(4)), call(x(2, 3), x(3), 1.0, keepdim=True),
        call(x(2, 3), x(2, 3), p=3.0),
    ], reference=lambda a, b, p=2.0, keepdim=False: p_norm(a - b + 1e-6, p, -1, keepdim)),
    Row("nn.functional.cosine_embedding_loss", [
        call(x(4, 3), x(4, 3), SIGNS, **each) for each in EACH
    ] + [call(x(4, 3), x(4, 3), SIGNS, 0.2), call(x(3), x(3), n(below=1, make=lambda a: a + 1))],
        reference=lambda a, b, y, margin=0.0, reduction="mean": averaged(np.where(
            y == 1, 1 - cosine(a, b, -1), np.maximum(cosine(a, b, -1) - margin, 0)), reduction)),
    Row("nn.functional.triplet_margin_loss", [
        call(x(4, 3), x(4, 3), x(4, 3), **each) for each in EACH
    ] + [call(x(3), x(3), x(3), 2.0, 1.0), call(x(4, 3), x(4, 3), x(4, 3), swap=True)],
        reference=triplets),
    Row("nn.functional.margin_ranking_loss", [
        call(x(4), x(4), SIGNS, **each) for each in EACH
    ] + [call(x(4), x(4), x(4), 0.5)],
        reference=lambda a, b, y, margin=0.0, reduction="mean":
            averaged(np.maximum(-y * (a - b) + margin, 0), reduction)),
    Row("nn.functional.hinge_embedding_loss", [call(x(4), SIGNS, **each) for each in EACH]
        + [call(x(3, 4), SIGNS, 0.5)],
        reference=lambda a, y, margin=1.0, reduction="mean":
            averaged(np.where(y == 1, a, np.maximum(margin - a, 0)), reduction)),
    Row("nn.functional.soft_margin_loss", [call(x(4), SIGNS, **each) for each in EACH],
        reference=lambda a, y, reduction="mean": averaged(np.log1p(np.exp(-y * a)), reduction)),
]
LIKELIHOODS = [
    Row("nn.functional.kl_div", [
        call(x(3, 4), x(3, 4, **SHARES), reduction=way) for way in ("batchmean", "sum", "none")
    ] + [call(x(3, 4), x(3, 4), log_target=True, reduction="batchmean")], reference=divergence),
    Row("nn.functional.poisson_nll_loss", [call(x(4), x(4), **each) for each in EACH]
        + [call(x(4, domain=(0.2, 3.0)), x(4), log_input=False),
           call(x(4), x(4, domain=(0.2, 4.0)), full=True)], reference=counting),
    Row("nn.functional.gaussian_nll_loss", [
        call(x(3, 4), x(3, 4), x(3, 4, domain=(0.2, 2.0)), **each) for each in EACH
    ] + [call(x(3, 4), x(3, 4), x(3, domain=(0.2, 2.0))), call(x(4), x(4), x(domain=(0.2, 2.0))),
         call(x(3, 4), x(3, 4), x(3, 1, domain=(0.2, 2.0)), full=True), call(x(3), x(3), 0.5)],
        reference=normal),
]
PADDING = [
    Row("nn.functional.pad", [
        call(x(3), (1, 2)), call(x(2, 3), (1, 0, 0, 2)), call(x(2, 3), (1, 1), value=2.5),
        call(x(2, 4), (-1, 2)), call(x(4), (-1, -2), "constant", 1.0), call(x(2, 3), ()),
        call(x(2, 4), (3, 1), "reflect"), call(x(2, 4), (-1, 2), "reflect"),
        call(x(2, 3), (4, 1), "replicate"), call(x(2, 3), (3, 1), "circular"),
        call(x(2, 4), (-1, 2), "circular"), call(x(1, 3, 4), (1, 2, 2, 0), "reflect"),
        call(x(1, 2, 3), (1, 2, 2, 0), "replicate"), call(x(1, 2, 3), (1, 2, 2, 0), "circular"),
    ], reference=padded),
    Row("nn.functional.pixel_shuffle", [call(x(8, 2, 3), 2), call(x(2, 9, 1, 2), 3)],
        reference=shuffled),
    Row("nn.functional.pixel_unshuffle", [call(x(2, 4, 6), 2), call(x(1, 1, 3, 6), 3)],
        reference=unshuffled),
]

ROWS = [*FUNCTIONAL, *PIECES, *SMOOTH, *DISTANCES, *LIKELIHOODS, *PADDING]
