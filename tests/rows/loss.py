"""Rows of losses: functions and layers. Data only."""

import numpy as np

import autograd
import nn
from tests.functional_references import (
    cosine,
    counting,
    divergence,
    normal,
    rounded_off,
    triplets,
)
from tests.op_references import (
    averaged,
    binary,
    binary_from_logits,
    distance,
    from_logits,
    negative_log_likelihood,
    shares,
)
from tests.rows.layer import PAIR, Layer, X, classes, probabilities, reals, signs
from tests.rows.row import Row, call, n, x

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
SIGNS = n(4, below=2, make=lambda a: 2 * a - 1)
EACH = ({}, {"reduction": "sum"}, {"reduction": "none"})
FUNCTIONS = [
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
    Row("nn.functional.loss.classification.LogisticGradient", [call(x(2, 3), x(2, 3), x(2, 3))],
        torch=None, method=False, reference=lambda g, x, y: g * (1 / (1 + np.exp(-x)) - y)),
    Row("nn.functional.binary_cross_entropy_with_logits", [
        call(x(3, 4), x(3, 4, **CHANCE)), call(x(3), x(3, **CHANCE), reduction="sum"),
        call(x(3), x(3, **CHANCE), reduction="none", pos_weight=x(3, fixed=True)),
        call(x(3, 4), x(3, 4, **CHANCE), weight=x(4, fixed=True)),
    ], reference=binary_from_logits),
    Row("nn.functional.smooth_l1_loss", [call(x(3, 4), x(3, 4), **each) for each in EACH]
        + [call(x(4), x(4), beta=0.3), call(x(4), x(4), beta=0.0)],
        reference=lambda a, b, beta=1.0, reduction="mean":
            averaged(rounded_off(a - b, beta) / (beta or 1), reduction)),
    Row("nn.functional.huber_loss", [call(x(3, 4), x(3, 4), **each) for each in EACH]
        + [call(x(4), x(4), delta=0.3), call(x(4), x(4), weight=x(4, fixed=True))],
        reference=lambda a, b, reduction="mean", delta=1.0, weight=1.0:
            averaged(rounded_off(a - b, delta) * weight, reduction)),
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

# fmt: on


def vector(*values):
    return autograd.tensor(values)


LAYERS = [
    Layer(nn.MSELoss, (reals(3, 4), reals(3, 4)), (), "MSELoss()"),
    Layer(nn.L1Loss, (reals(3, 4), reals(3, 4)), (), "L1Loss()"),
    Layer(nn.CrossEntropyLoss, (reals(3, 4), classes(4, 3)), (), "CrossEntropyLoss()"),
    Layer(
        lambda: nn.CrossEntropyLoss(vector(0.1, 1.0, 2.0, 0.5), label_smoothing=0.1),
        (reals(3, 4, 2), classes(4, 3, 2)),
        (),
        "CrossEntropyLoss()",
        ("weight",),
    ),
    Layer(nn.NLLLoss, (reals(3, 4), classes(4, 3)), (), "NLLLoss()"),
    Layer(nn.BCELoss, (probabilities(3, 4), probabilities(3, 4)), (), "BCELoss()"),
    Layer(
        lambda: nn.BCEWithLogitsLoss(pos_weight=vector(0.1, 1.0, 2.0, 0.5), reduction="none"),
        (reals(3, 4), probabilities(3, 4)),
        (3, 4),
        "BCEWithLogitsLoss()",
        ("pos_weight",),
    ),
    Layer(lambda: nn.SmoothL1Loss(beta=0.5), PAIR, (), "SmoothL1Loss()"),
    Layer(lambda: nn.HuberLoss("none", 0.5), PAIR, (3, 4), "HuberLoss()"),
    Layer(nn.CosineEmbeddingLoss, (*PAIR, signs(3)), (), "CosineEmbeddingLoss()"),
    Layer(nn.MarginRankingLoss, (*PAIR, reals(3, 4)), (), "MarginRankingLoss()"),
    Layer(lambda: nn.HingeEmbeddingLoss(2.0), (X[0], signs(3, 4)), (), "HingeEmbeddingLoss()"),
    Layer(lambda: nn.TripletMarginLoss(swap=True), (*PAIR, reals(3, 4)), (), "TripletMarginLoss()"),
    Layer(nn.SoftMarginLoss, (X[0], signs(3, 4)), (), "SoftMarginLoss()"),
    Layer(
        lambda: nn.KLDivLoss(reduction="batchmean"),
        (reals(3, 4), probabilities(3, 4)),
        (),
        "KLDivLoss()",
    ),
    Layer(
        lambda: nn.PoissonNLLLoss(full=True), (reals(3), probabilities(3)), (), "PoissonNLLLoss()"
    ),
    Layer(nn.GaussianNLLLoss, (*PAIR, probabilities(3, 4)), (), "GaussianNLLLoss()"),
]
