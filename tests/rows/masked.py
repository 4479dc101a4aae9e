"""Reductions of what a mask lets through. Rows of the table of ops: data only, as row.py says."""

import math

import numpy as np

from tests.op_references import log_sum_exp, lower_nanmedian, over, p_norm, running
from tests.rows.row import Row, b, call, x


def kept(function, neutral):
    """``function`` of the array with ``neutral`` where the mask does not hold."""

    def of_kept(a, *args, mask=None, **kwargs):
        return function(a if mask is None else np.where(mask, a, neutral), *args, **kwargs)

    return of_kept


def nan_over(function, **more):
    """One of NumPy's functions that leave NaN out, in PyTorch's words."""

    def reduced(a, dim=None, keepdim=False, correction=None):
        given = more if correction is None else {"ddof": correction}
        return function(a, axis=dim, keepdims=keepdim, **given)

    return reduced


def soft(a, dim):
    return np.exp(a) / np.sum(np.exp(a), axis=dim, keepdims=True)


def some(*shape):
    """A mask under which something counts in every row and column."""
    return b(*shape)._replace(
        make=lambda m: m | np.eye(*m.shape, dtype=bool) if m.ndim > 1 else ~m | m
    )


# fmt: off

MASKED = [
    call(x(3, 4), mask=some(3, 4)), call(x(3, 3), dim=1, keepdim=True, mask=some(3, 3)),
    call(x(3, 2)),
]
ALONG = [call(x(3, 3), 1, mask=some(3, 3)), call(x(2, 3), 0)]

ROWS = [
    Row("masked.sum", [*MASKED, call(x(3, 4), 0, mask=b(4))], reference=kept(over(np.sum), 0)),
    Row("masked.prod", MASKED, reference=kept(over(np.prod), 1)),
    Row("masked.mean", MASKED, reference=kept(nan_over(np.nanmean), np.nan)),
    Row("masked.var", [MASKED[0], call(x(3, 4), 0, correction=0)],
        reference=kept(nan_over(np.nanvar, ddof=1), np.nan)),
    Row("masked.std", [MASKED[0]],
        reference=kept(nan_over(np.nanstd, ddof=1), np.nan)),
    Row("masked.norm", [
        call(x(3, 4), mask=some(3, 4)), call(x(3, 3), 3, 1, mask=some(3, 3)),
        call(x(3, 3), math.inf, 0, mask=some(3, 3)),
    ], reference=kept(lambda a, p=2, dim=None: p_norm(a, p, dim), 0)),
    Row("masked.norm", [call(x(3, 3), -math.inf, 0, mask=some(3, 3))],
        reference=kept(p_norm, math.inf)),
    Row("masked.amax", MASKED, reference=kept(over(np.max), -math.inf)),
    Row("masked.amin", MASKED, reference=kept(over(np.min), math.inf)),
    Row("masked.argmax", [call(x(3, 3), 1, mask=some(3, 3)), call(x(4))], orders=0,
        reference=kept(lambda a, dim=None: np.argmax(a, dim).astype(a.dtype), -math.inf)),
    Row("masked.argmin", [call(x(3, 3), 1, mask=some(3, 3)), call(x(4))], orders=0,
        reference=kept(lambda a, dim=None: np.argmin(a, dim).astype(a.dtype), math.inf)),
    Row("masked.median", [call(x(3, 3), 1, mask=some(3, 3)), call(x(4))],
        reference=kept(lambda a, dim=-1: lower_nanmedian(a, dim)[0], np.nan)),
    Row("masked.cumsum", ALONG, reference=kept(running(np.cumsum), 0)),
    Row("masked.cumprod", ALONG, reference=kept(running(np.cumprod), 1)),
    Row("masked.softmax", ALONG, reference=kept(soft, -math.inf)),
    Row("masked.log_softmax", [call(x(3, 4), 1)], reference=lambda a, dim: np.log(soft(a, dim))),
    Row("masked.softmin", ALONG, reference=kept(lambda a, dim: soft(-a, dim), math.inf)),
    Row("masked.normalize", [call(x(3, 3), 2, 1, mask=some(3, 3)), call(x(2, 3), 1, 0)],
        reference=kept(lambda a, p, dim: a / p_norm(a, p, dim, True), 0)),
    Row("masked.logsumexp", [MASKED[1], call(x(3, 2), (0, 1))],
        reference=kept(log_sum_exp, -math.inf)),
    Row("masked.logaddexp", [call(x(4), x(4)), call(x(2), x(2))], reference=np.logaddexp),
    Row("masked.logaddexp", [call(x(4), x(4), input_mask=b(4))],
        torch=None,  # whose second derivative is NaN where the mask does not hold
        reference=lambda a, c, input_mask: np.logaddexp(np.where(input_mask, a, -math.inf), c)),
]
