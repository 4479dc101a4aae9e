"""Methods along axes: totals, extremes, statistics, running values.

The functions of ``autograd.ops.reductions``, and their in-place forms.
"""

from __future__ import annotations

from autograd.engine.graph import TensorBase
from autograd.ops.reductions import (
    cumulative,
    differences,
    extrema,
    norm as _norm,
    quantile as _quantile,
    softmax as _softmax,
    statistics,
    sums,
    variance,
)
from autograd.tensors.inplace import in_place

cumsum_ = in_place(cumulative.cumsum)
cumprod_ = in_place(cumulative.cumprod)

renorm_ = in_place(_norm.renorm)


class ReductionMethods(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    softmax = _softmax.softmax
    log_softmax = _softmax.log_softmax
    logsumexp = _softmax.logsumexp

    sum = sums.sum
    nansum = sums.nansum
    mean = sums.mean
    all = sums.all
    any = sums.any
    count_nonzero = sums.count_nonzero
    prod = sums.prod

    max = extrema.max
    min = extrema.min
    amax = extrema.amax
    amin = extrema.amin
    aminmax = extrema.aminmax
    argmax = extrema.argmax
    argmin = extrema.argmin

    median = statistics.median
    nanmean = statistics.nanmean
    nanmedian = statistics.nanmedian
    quantile = _quantile.quantile
    nanquantile = _quantile.nanquantile
    mode = statistics.mode
    cov = statistics.cov
    corrcoef = statistics.corrcoef

    cummax = cumulative.cummax
    cummin = cumulative.cummin
    cumsum = cumulative.cumsum
    cumsum_ = cumsum_
    cumprod = cumulative.cumprod
    cumprod_ = cumprod_
    logcumsumexp = cumulative.logcumsumexp

    diff = differences.diff

    var = variance.var
    std = variance.std

    norm = _norm.norm
    dist = _norm.dist
    renorm = _norm.renorm
    renorm_ = renorm_
