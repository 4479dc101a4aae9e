"""Operations along axes. Rows of the table of ops: data only, as row.py says."""

import math

import numpy as np

from tests.op_references import (
    _places,
    both_extremes,
    commonest,
    covariances,
    deviation,
    extreme,
    from_zero,
    in_slices,
    integral,
    integrals,
    later,
    log_sum_exp,
    lower_median,
    lower_nanmedian,
    over,
    p_norm,
    quantile,
    recurrence,
    reverse_recurrence,
    running,
    slopes,
)
from tests.rows.row import AXES, AXIS, BINARY, EMPTY, Row, b, call, n, x

# fmt: off

ONE = [
    call(x(3, 4), dim=0), call(x(2, 3, 2), dim=-2), call(x(2, 3), 1), call(x(), dim=0),
    call(x(2, 0), dim=1),
]
PRODUCTS = [
    *AXIS, call(x(3, 2, make=from_zero), dim=0), call(x(8, make=from_zero)), call(x(0)),
    call(x(2, 0), dim=1),
]
BOOLS = [
    call(b(3, 4)), call(b(3, 4), dim=0), call(b(2, 3, 2), dim=-1, keepdim=True), call(b()),
    call(b(0)),
]
MOST = [
    call(x(3, 4)), call(x(3, 4), dim=1), call(x(2, 3, 2), dim=-2, keepdim=True), call(x(2, 3), 0),
    call(x(), dim=0),
]
QUANTILES = [
    call(x(3, 4), 0.3), call(x(5), 0.5, 0, interpolation="nearest"), call(x(), 0.5),
    call(x(3, 4), 0.6, 1, True, interpolation="higher"), call(x(4, 2), 0.2, interpolation="lower"),
    call(x(2, 3, 2), 0.7, -2, interpolation="midpoint"),
    call(x(3, 4), x(2, domain=(0.1, 0.9)), 1), call(x(3, 2), x(0), 0),
]

ROWS = [
    Row("sum", AXES[:-1] + EMPTY, reference=over(np.sum), numpy=np.sum, complex=True),
    Row("sum", AXES[-1:], reference=over(np.sum)),
    Row("sum", [call(b(3, 4)), call(n(3, 2), dim=1)], orders=0, reference=over(np.sum)),
    Row("mean", AXES[:-1], reference=over(np.mean), numpy=np.mean, complex=True),
    Row("mean", AXES[-1:], reference=over(np.mean)),
    Row("prod", PRODUCTS, reference=over(np.prod), numpy=np.prod, complex=True),
    Row("max", MOST, reference=extreme(np.max, np.argmax)),
    Row("min", MOST, reference=extreme(np.min, np.argmin)),
    Row("max", [call(x(3, 4), x(4))], reference=np.maximum),
    Row("min", [call(x(3, 4), x(4))], reference=np.minimum),
    Row("amax", AXES[:-1], reference=over(np.max), numpy=np.max),
    Row("amin", AXES[:-1], reference=over(np.min), numpy=np.min),
    Row("amax", AXES[-1:], reference=over(np.max)),
    Row("amin", AXES[-1:], reference=over(np.min)),
    Row("aminmax", [call(x(3, 4)), call(x(3, 4), dim=1), call(x(2, 3), dim=0, keepdim=True)],
        reference=both_extremes),
    Row("argmax", AXIS, orders=0, reference=over(np.argmax), numpy=np.argmax),
    Row("argmin", AXIS, orders=0, reference=over(np.argmin), numpy=np.argmin),
    Row("median", MOST, reference=lower_median),
    Row("var", [
        call(x(3, 4)), call(x(3, 4), dim=0), call(x(3, 4), 1, keepdim=True), call(x(3, 4), False),
        call(x(2, 3, 2), dim=(0, 2), correction=0), call(x(4), dim=-1, unbiased=False),
    ], reference=deviation(1), complex=True),
    Row("std", [
        call(x(3, 4)), call(x(3, 4), dim=0), call(x(3, 4), 1, keepdim=True), call(x(3, 4), False),
        call(x(2, 3, 2), dim=(0, 2), correction=0), call(x(4), dim=-1, unbiased=False),
    ], reference=deviation(0.5), complex=True),
    Row("var_mean", [call(x(3, 4)), call(x(3, 4), dim=0)],
        reference=lambda a, dim=None: (np.var(a, axis=dim, ddof=1), np.mean(a, axis=dim)),
        complex=True),
    Row("std_mean", [call(x(3, 4)), call(x(3, 4), dim=0)],
        reference=lambda a, dim=None: (np.std(a, axis=dim, ddof=1), np.mean(a, axis=dim)),
        complex=True),
    Row("norm", [
        call(x(3, 4)), call(x(3, 4), dim=0), call(x(3, 4), p=1, dim=-1, keepdim=True),
        call(x(3, 4), 3), call(x(3, 4), math.inf, dim=0), call(x(3, 4), -math.inf),
        call(x(2, 3, 2), 2, dim=(0, 2)), call(x()), call(x(3, 2), "nuc"),
        call(x(2, 3, 2), "nuc", dim=(2, 0), keepdim=True),
    ], reference=p_norm, complex=True),
    Row("dist", [call(x(3, 4), x(4)), call(x(3), x(3), 1), call(x(3), x(3), p=math.inf)],
        reference=lambda a, b, p=2: p_norm(a - b, p), complex=True),
    Row("logsumexp", [
        call(x(3, 4), 0), call(x(3, 4), dim=-1, keepdim=True), call(x(2, 3, 2), (0, 2)),
        call(x(), 0),
    ], reference=log_sum_exp, complex=True),
    Row("cumsum", ONE, reference=running(np.cumsum), complex=True),
    Row("cumprod", [*ONE, call(x(4, 2, make=from_zero), dim=0)], reference=running(np.cumprod),
        complex=True),
    Row("logcumsumexp", ONE[:3], reference=lambda a, dim: np.log(np.cumsum(np.exp(a), axis=dim)),
        complex=True),
    Row("cummax", ONE[:3],
        reference=lambda a, dim: (np.maximum.accumulate(a, axis=dim), _places(a, dim, 1))),
    Row("cummin", ONE[:3],
        reference=lambda a, dim: (np.minimum.accumulate(a, axis=dim), _places(a, dim, -1))),
    Row("all", BOOLS, orders=0, reference=over(np.all), numpy=np.all),
    Row("any", BOOLS, orders=0, reference=over(np.any), numpy=np.any),
    Row("count_nonzero", BOOLS[:2],
        orders=0, reference=lambda a, dim=None: np.count_nonzero(a, axis=dim)),
    Row("softmax", [call(x(3, 4), 0), call(x(2, 3, 2), dim=-1), call(x(), 0)],
        reference=lambda a, dim: np.exp(a) / np.sum(np.exp(a), axis=dim, keepdims=True)),
    Row("log_softmax", [call(x(3, 4), 0), call(x(2, 3, 2), dim=-1), call(x(), 0), call(x(2, 0), 1)],
        reference=lambda a, dim: a - log_sum_exp(a, dim, True)),
    Row("nansum", [call(x(3, 4)), call(x(3, 4), dim=1)], reference=over(np.nansum)),
    Row("ops.reductions.cumulative.Recurrence", [
        call(x(5), x(5)), call(x(2, 3), x(2, 3)), call(x(0), x(0)),
    ], reference=recurrence),
    Row("ops.reductions.cumulative.ReverseRecurrence", [call(x(5), x(5)), call(x(2, 3), x(2, 3))],
        reference=reverse_recurrence),
    Row("ops.reductions.cumulative.Later", [call(x(2, 3)), call(x(4), first=1)], reference=later),
    Row("ops.reductions.cumulative.Earlier", [call(x(2, 3)), call(x(4))],
        reference=lambda a: later(a[..., ::-1])[..., ::-1]),
    Row("ops.reductions.reduction.Ratio", BINARY, domain=(0.5, 2.0), reference=np.divide),
    Row("nanmean", [
        call(x(3, 4)), call(x(3, 4), dim=0), call(x(2, 3, 2), dim=(0, 2), keepdim=True), call(x()),
    ], reference=lambda a, dim=None, keepdim=False: np.nanmean(a, axis=dim, keepdims=keepdim)),
    Row("nanmedian", [
        call(x(3, 4)), call(x(4)), call(x(3, 4), dim=0), call(x(2, 3, 2), -2, keepdim=True),
    ], reference=lower_nanmedian),
    Row("quantile", QUANTILES, reference=lambda *a, **k: quantile(np.quantile, *a, **k)),
    Row("nanquantile", QUANTILES, reference=lambda *a, **k: quantile(np.nanquantile, *a, **k)),
    Row("mode", [
        call(x(3, 4)), call(x(3, 4), dim=0), call(x(2, 3, 2), -2, keepdim=True), call(x()),
        call(x(2, 0), dim=0),
    ], reference=commonest),
    Row("mode", [call(n(9)), call(n(4, 6), dim=0)], orders=0, reference=commonest),
    Row("cov", [
        call(x(3, 4)), call(x(5)), call(x(2, 3), correction=0),
        call(x(2, 4), fweights=n(4, least=1)),
        call(x(2, 4), aweights=x(4, domain=(0.5, 2.0))),
        call(x(2, 4), fweights=n(4, least=1), aweights=x(4, domain=(0.5, 2.0)), correction=0),
    ], reference=covariances, complex=True),
    Row("corrcoef", [call(x(3, 4)), call(x(2, 5))], complex=True),
    Row("renorm", [
        call(x(3, 4), 2, 0, 1.0), call(x(3, 4), 1, -1, 3), call(x(2, 3, 2), 2, 1, 99.0),
        call(x(3, 2), 3.0, 0, 0.5),
    ], reference=in_slices, tolerance=1e-3, complex=True),
    Row("diff", [
        call(x(5)), call(x(3, 4), 2), call(x(3, 4), n=1, dim=0), call(x(2), n=3), call(x(2, 3), 0),
        call(x(2, 3), 1, -1, x(2, 1), x(2, 2)),
    ], reference=lambda a, n=1, dim=-1, *ends: np.diff(a, n, dim, *ends), complex=True),
    Row("diff", [call(b(5)), call(n(2, 4))], orders=0),
    Row("gradient", [
        call(x(5)), call(x(3, 4)), call(x(3, 4), spacing=0.5, dim=1), call(x(4, 3), edge_order=2),
        call(x(3, 4), spacing=[2.0, 0.5]),
    ], reference=slopes, complex=True),
    Row("trapezoid", [
        call(x(5)), call(x(3, 4), dx=0.5), call(x(3, 4), dim=0), call(x(3, 4), x(4)),
        call(x(3, 4), x(3), dim=0), call(x(0)), call(x(2, 3), x(2, 3)),
    ], reference=integral, complex=True),
    Row("trapz", [call(x(5))], reference=integral, complex=True),
    Row("cumulative_trapezoid", [
        call(x(5)), call(x(3, 4), dx=0.5), call(x(3, 4), dim=0), call(x(3, 4), x(4)),
    ], reference=integrals, complex=True),
]
