"""Rows of losses of several classes and labels, and of sequences. Data only."""

import itertools

import numpy as np

import nn
from tests.op_references import averaged
from tests.rows.layer import PAIR, Layer, X, classes, reals
from tests.rows.row import Row, call, n, x


def several(a, y, p=1, margin=1.0, weight=None, reduction="mean"):
    rows = []
    for scores, right in zip(np.atleast_2d(a), np.atleast_1d(y), strict=True):
        terms = [max(margin - scores[right] + s, 0) ** p for s in scores]
        w = 1 if weight is None else weight[right]
        rows.append(w * (sum(terms) - max(margin, 0) ** p) / len(scores))
    return averaged(np.array(rows if np.ndim(y) else rows[0]), reduction)


def labelled(a, y, reduction="mean"):
    rows = []
    for scores, row in zip(np.atleast_2d(a), np.atleast_2d(y), strict=True):
        labels = list(itertools.takewhile(lambda one: one >= 0, row))
        others = [c for c in range(len(scores)) if c not in labels]
        terms = [max(1 - scores[l] + scores[c], 0) for l in labels for c in others]
        rows.append(sum(terms) / len(scores))
    return averaged(np.array(rows if a.ndim == 2 else rows[0]), reduction)


def yes_or_no(a, y, weight=1.0, reduction="mean"):
    p = 1 / (1 + np.exp(-a))
    terms = -(y * np.log(p) + (1 - y) * np.log(1 - p)) * weight
    return averaged(terms.mean(-1), reduction)


def aligned(a, y, steps, counts, blank=0, reduction="mean"):
    """Every path of classes is tried: repeated ones become one, then blanks go."""
    a = a[:, None] if a.ndim == 2 else a
    losses = []
    for i, (t, k) in enumerate(zip(steps, counts, strict=True)):
        total = 0.0
        for path in itertools.product(range(a.shape[2]), repeat=t):
            kept = [c for c, _ in itertools.groupby(path) if c != blank]
            if kept == list(np.atleast_2d(y)[i, :k]):
                total += np.exp(sum(a[step, i, c] for step, c in enumerate(path)))
        losses.append(-np.log(total) / (k if reduction == "mean" else 1))
    return averaged(np.array(losses), reduction)


def projected(a, w, y, linear_bias=0.0, reduction="mean"):
    logits = np.einsum("ni,c...i->nc...", a, w) + linear_bias
    logs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    return averaged(-np.take_along_axis(logs, y[:, None], 1)[:, 0], reduction)


# fmt: off

EACH = ({}, {"reduction": "sum"}, {"reduction": "none"})
WEIGHTS = x(3, domain=(0.3, 2.0), fixed=True)
LABELS = n(2, 4, make=lambda a: np.array([[1, 3, -1, 0], [-1, 0, 1, 2]]))
FUNCTIONS = [
    Row("nn.functional.multi_margin_loss", [call(x(4, 3), n(4), **each) for each in EACH] + [
        call(x(3), n()), call(x(4, 3), n(4), p=2, margin=0.5), call(x(4, 3), n(4), weight=WEIGHTS),
        call(x(3), n(1), reduction="none"), call(x(), n(below=1)),
    ], reference=several),
    Row("nn.functional.multilabel_margin_loss", [call(x(2, 4), LABELS, **each) for each in EACH] + [
        call(x(4), n(4, make=lambda a: np.array([2, 0, -1, 1]))), call(x(), n(below=1)),
    ], reference=labelled),
    Row("nn.functional.multilabel_soft_margin_loss", [
        call(x(4, 3), x(4, 3, domain=(0.1, 0.9)), **each) for each in EACH
    ] + [call(x(4, 3), x(4, 3), weight=WEIGHTS)], reference=yes_or_no),
    Row("nn.functional.triplet_margin_with_distance_loss", [
        call(x(4, 3), x(4, 3), x(4, 3), **each) for each in EACH
    ] + [call(x(4, 3), x(4, 3), x(4, 3), swap=True, margin=2.0)], reference=
        lambda a, p, q, swap=False, margin=1.0, reduction="mean": averaged(np.maximum(
            apart(a, p) - (np.minimum(apart(a, q), apart(p, q)) if swap else apart(a, q)) + margin,
            0), reduction)),
    Row("nn.functional.linear_cross_entropy", [
        call(x(4, 3), x(2, 3), n(4, below=2)),
        call(x(4, 3), x(2, 3), n(4, below=2), reduction="sum"),
        call(x(4, 3), x(2, 2, 3), n(4, 2, below=2), reduction="none", linear_bias=x(2, 2)),
        call(x(4, 0), x(2, 0), n(4, below=2)),
        call(x(0, 2), x(0, 2), n(0), reduction="sum"),
    ], reference=projected),
    Row("nn.functional.ctc_loss", [
        call(x(4, 2, 3), n(2, 2, least=1), (4, 3), (1, 2), **each) for each in EACH
    ] + [
        call(x(4, 3), n(2, below=2), (3,), (2,), 2),
        call(x(3, 1, 2), n(1, 1, below=1), (2,), (0,), 1,
             reduction="sum"),
    ], reference=aligned, torch=None),  # whose gradient is another: tests/nn/test_ctc.py
]
# fmt: on


def apart(a, b):
    return np.sqrt(np.sum((a - b + 1e-6) ** 2, -1))


LAYERS = [
    Layer(lambda: nn.MultiMarginLoss(2), (reals(3, 4), classes(4, 3)), (), "MultiMarginLoss()"),
    Layer(nn.MultiLabelMarginLoss, (reals(3, 4), classes(4, 3, 4)), (), "MultiLabelMarginLoss()"),
    Layer(nn.MultiLabelSoftMarginLoss, PAIR, (), "MultiLabelSoftMarginLoss()"),
    Layer(
        nn.TripletMarginWithDistanceLoss,
        (*PAIR, X[0]),
        (),
        "TripletMarginWithDistanceLoss(\n  (distance_function): PairwiseDistance()\n)",
    ),
    Layer(
        lambda: nn.LinearCrossEntropyLoss(3, 4, out_features=(2,)),
        (reals(5, 3), classes(4, 5, 2)),
        (),
        "LinearCrossEntropyLoss(\n  in_features=3, num_classes=4, out_features=(2,), bias=False, "
        "reduction=mean, ignore_index=None, label_smoothing=0.0, options=None\n"
        "  (linear): Linear(in_features=3, out_features=8, bias=False)\n)",
        ("linear.weight",),
    ),
]
