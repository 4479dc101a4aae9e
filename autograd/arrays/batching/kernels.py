"""Our kernels over arrays with hidden axes. What has no rule here runs its plain form on them."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from autograd.arrays import dialect
from autograd.arrays.batched import (
    Batched,
    aligned,
    batched,
    by_samples,
    elementwise,
    levels_of,
    rule,
    sizes_of,
    tuned,
    whole,
)
from autograd.arrays.batching.shapes import along
from autograd.kernels import (
    activation,
    attention,
    columns,
    complexes,
    convolution,
    erf,
    gamma,
    implicit,
    layout,
    lstm,
    masked,
    pointwise,
    pooling,
    recurrence,
    recurrent,
    resampling,
    scatter,
    softmax,
    standardize,
    sums,
)

# -- of elements ----------------------------------------------------------------------------------

_one: Any
for _one in (
    pointwise.cos, pointwise.exp, pointwise.expm1, pointwise.log, pointwise.log1p, pointwise.sin,
    pointwise.tanh, pointwise.sigmoid, pointwise.logaddexp, pointwise.tanh_slope,
    pointwise.sigmoid_slope, pointwise.quotient, pointwise.quotient_slope, activation.gelu,
    activation.gelu_alone, activation.logistic_loss, activation.logistic_gradient, erf.erf,
    erf.erfc, erf.erfinv, gamma.lgamma, gamma.digamma, gamma.zeta, implicit.gamma_slope,
    implicit.gamma_cdf, implicit.beta_slope, masked.chosen, softmax.exp_over, complexes.joined,
):  # fmt: skip
    rule(_one)(partial(elementwise, _one.tuned))
for _one in (masked.filled, masked.kept):
    rule(_one)(partial(elementwise, _one.plain))


# -- the dialect's --------------------------------------------------------------------------------


@rule(dialect.zeros)
def zeros(*operands: Any, shape: Any, dtype: Any) -> Any:
    levels = levels_of(*operands)
    return Batched(np.zeros((*sizes_of(levels), *shape), dtype), levels)


@rule(dialect.written)
def written(x: Any, *operands: Any) -> Any:
    levels = levels_of(x, *operands)
    data = whole(x, levels)
    return Batched(np.copy(data, order="K" if levels_of(x) == levels else "C"), levels)


@rule(dialect.writable)
def writable(out: Any, *operands: Any) -> Any:
    return out if levels_of(out) == levels_of(out, *operands) else written(out, *operands)


for _one in (dialect.everywhere, dialect.anywhere, dialect.ends, softmax.class_bounds):
    rule(_one)(lambda x, kernel=_one: kernel.tuned(x.data))


# -- which work on the last axes, whatever comes before --------------------------------------------


def _on_all(kernel: Any) -> Any:
    """A rule for a kernel whose arrays all have the same axes before those that it works on."""

    def found(*args: Any, **options: Any) -> Any:
        levels = levels_of(*args)
        given = [whole(one, levels) if hasattr(one, "dtype") else one for one in args]
        return batched(kernel.tuned(*given, **options), levels)

    return rule(kernel)(found)


for _one in (
    layout.in_rows, layout.dense_copy, layout.gapless, layout.unexpanded, softmax.softmax,
    softmax.softmax_gradient, softmax.log_softmax, recurrence.recurrence,
    recurrence.reverse_recurrence, recurrence.later, recurrence.earlier, pooling.greatest,
    pooling.leading, pooling.chosen, pooling.returned, pooling.summed, pooling.spread,
    complexes.pairs, complexes.of_pairs,
):  # fmt: skip
    _on_all(_one)


def _own(x: Any, levels: Any) -> Any:
    """The data of ``x`` for all samples, to be written over: in rows, and nobody else's."""
    data = whole(x, levels)
    return np.ascontiguousarray(data) if levels_of(x) == levels else np.copy(data, order="C")


@rule(softmax.log_softmax_gradient)
def log_softmax_gradient(g: Any, exp: Any, sums: Any) -> Any:
    levels = levels_of(g, exp, sums)
    given = whole(g, levels), _own(exp, levels), whole(sums, levels)
    return Batched(tuned(softmax.log_softmax_gradient)(*given), levels)


@rule(attention.attended)
def attended(q: Any, k: Any, v: Any, mask: Any, dropped: Any, *, scale: float) -> Any:
    levels, ndim = levels_of(q, k, v, mask, dropped), np.ndim(q)
    heads = [whole(one, levels) for one in (q, k, v)]
    dropped = None if dropped is None else whole(dropped, levels)
    mask = aligned(mask, levels, ndim)
    return batched(tuned(attention.attended)(*heads, mask, dropped, scale=scale), levels)


@rule(attention.attended_gradient)
def attended_gradient(*args: Any, scale: float) -> Any:
    levels = levels_of(*args)
    given = [None if one is None else whole(one, levels) for one in args]
    given[4] = _own(args[4], levels)  # the exponentials
    return batched(tuned(attention.attended_gradient)(*given, scale=scale), levels)


# -- which take axes ------------------------------------------------------------------------------


def _along(kernel: Any) -> Any:
    def found(x: Any, *, axis: Any = None, **options: Any) -> Any:
        axis = () if not x.ndim and axis in (0, -1) else along(axis, x)
        return Batched(kernel.tuned(x.data, axis=axis, **options), x.levels)

    return rule(kernel)(found)


for _one in (sums.sum_over, sums.count_over, sums.squares_over, sums.product_over,
             recurrence.running_sum, recurrence.running_logarithm, recurrence.running):  # fmt: skip
    _along(_one)


@rule(resampling.resampled)
def resampled(x: Any, index: Any, weights: Any, *, axis: int) -> Any:
    return Batched(
        tuned(resampling.resampled)(x.data, index, weights, axis=along(axis, x)), x.levels
    )


@rule(scatter.sum_of_runs)
def sum_of_runs(x: Any, repeats: Any, *, n: int, axis: int) -> Any:
    if type(repeats) is Batched:
        return by_samples(tuned(scatter.sum_of_runs), (x, repeats), {"n": n, "axis": axis})
    return Batched(tuned(scatter.sum_of_runs)(x.data, repeats, n=n, axis=along(axis, x)), x.levels)


# -- whose first axis counts samples: the hidden ones are joined to it ----------------------------


def _joined(x: Any, levels: Any) -> Any:
    data = whole(x, levels)
    return np.reshape(data, (math.prod(data.shape[: len(levels) + 1]), *np.shape(x)[1:]))


def _parted(made: Any, levels: Any, n: int) -> Any:
    return Batched(np.reshape(made, (*sizes_of(levels), n, *made.shape[1:])), levels)


@rule(columns.columns)
def columned(x: Any, **options: Any) -> Any:
    return _parted(tuned(columns.columns)(_joined(x, x.levels), **options), x.levels, x.shape[0])


@rule(columns.uncolumned)
def uncolumned(x: Any, **options: Any) -> Any:
    return _parted(tuned(columns.uncolumned)(_joined(x, x.levels), **options), x.levels, x.shape[0])


def _convolution(kernel: Any) -> Any:
    def found(x: Any, weight: Any, bias: Any, **options: Any) -> Any:
        if levels_of(weight):
            alone = kernel is convolution.convolved and weight.shape[1] == 1  # slow in groups
            if alone or 0 in sizes_of(levels_of(x, weight)):
                return by_samples(kernel.tuned, (x, weight, bias), options)
            out, shared = _in_groups(kernel, x, weight, **options), None
        else:
            shared, levels = None if levels_of(bias) else bias, levels_of(x)
            out = kernel.tuned(_joined(x, levels), weight, shared, **options)
            out = _parted(out, levels, len(x)) if levels else out
        if shared is bias:
            return out
        return out + np.reshape(bias, (-1, *(1,) * (out.ndim - 2)))

    return rule(kernel)(found)


def _in_groups(kernel: Any, x: Any, weight: Any, *, size: Any, geometry: Any) -> Any:
    """A weight for each sample: the channels of all samples side by side, in groups.

    Of an x that all share each sample makes channels of its own, which takes no groups.
    """
    levels = levels_of(x, weight)
    n, rows = math.prod(sizes_of(levels)), len(x)
    weight = np.reshape(whole(weight, levels), (n * weight.shape[0], *weight.shape[1:]))
    if kernel is not convolution.convolved or geometry.groups > 1 or levels_of(x):
        data = np.reshape(whole(x, levels), (n, *x.shape))
        x = np.reshape(np.moveaxis(data, 0, 1), (rows, n * x.shape[1], *x.shape[2:]))
        geometry = geometry._replace(groups=n * geometry.groups)
    made = kernel.tuned(x, weight, None, size=size, geometry=geometry)
    made = np.reshape(made, (rows, n, made.shape[1] // n, *made.shape[2:]))
    made = np.moveaxis(made, 1, 0)
    return Batched(np.reshape(made, (*sizes_of(levels), *made.shape[1:])), levels)


_convolution(convolution.convolved)
_convolution(convolution.transposed)


@rule(convolution.slopes)
def slopes(g: Any, x: Any, *, size: Any, geometry: Any) -> Any:
    levels, n = levels_of(g, x), x.shape[0]
    made = convolution.slopes_of_each(_joined(g, levels), _joined(x, levels), size, geometry)
    made = np.reshape(made, (math.prod(sizes_of(levels)), n, *made.shape[1:]))
    made = made[:, 0] if n == 1 else np.add.reduce(made, 1)
    return Batched(np.reshape(made, (*sizes_of(levels), *made.shape[1:])), levels)


@rule(softmax.class_exponentials)
def class_exponentials(x: Any, target: Any) -> Any:
    levels, n = levels_of(x, target), x.shape[0]
    made = tuned(softmax.class_exponentials)(_joined(x, levels), _joined(target, levels))
    return tuple([_parted(one, levels, n) for one in made])


@rule(softmax.class_gradient)
def class_gradient(exp: Any, sums: Any, by_row: Any, target: Any) -> Any:
    levels, n = levels_of(exp, sums, by_row, target), exp.shape[0]
    given = _joined(exp, levels)
    given = given if levels_of(exp) == levels else np.copy(given)
    if hasattr(by_row, "dtype"):
        by_row = _joined(np.broadcast_to(by_row, (n,)), levels)
    rest = [_joined(sums, levels), by_row, _joined(target, levels)]
    return _parted(tuned(softmax.class_gradient)(given, *rest), levels, n)


@rule(standardize.standardized)
def standardized(x: Any, weight: Any, bias: Any, *, view: Any, axes: Any, **options: Any) -> Any:
    """Rows, with a weight that all samples share, are more rows; else by the plain form."""
    kernel: Any = standardize.standardized
    if axes != (2,) or levels_of(weight, bias):
        return kernel.plain(x, weight, bias, view=view, axes=axes, **options)
    data = np.ascontiguousarray(x.data)
    wide = (math.prod(sizes_of(x.levels)) * view[0], *view[1:])
    out, *rest = kernel.tuned(data, weight, bias, view=wide, axes=axes, **options)
    return Batched(out, x.levels), *[_parted(one, x.levels, view[0]) for one in rest]


# -- which go from step to step: one sample after the other ---------------------------------------

_FEW = 8  # rows of a step: below, a call costs more than what it does


def _each(kernel: Any) -> Any:
    def of_copies(*args: Any, **options: Any) -> Any:  # some write over their arguments
        return kernel.tuned(*[np.array(x) if hasattr(x, "dtype") else x for x in args], **options)

    return rule(kernel)(lambda *args, **options: by_samples(of_copies, args, options))


for _one in (
    recurrent.plain_cells, recurrent.plain_cells_gradient, recurrent.gru_cells,
    recurrent.gru_cells_gradient,
):  # fmt: skip
    _each(_one)


def _at_once(kernel: Any, written_over: slice) -> None:
    """All samples together, by the plain form, where a step of one has few rows."""
    alone = _each(kernel)

    def found(*args: Any, sizes: tuple[int, ...], **options: Any) -> Any:
        if max(sizes, default=0) >= _FEW:
            return alone(*args, sizes=sizes, **options)
        given = list(args)
        given[written_over] = [written(one, *args) for one in args[written_over]]
        return kernel.plain(*given, sizes=sizes, **options)

    rule(kernel)(found)


_at_once(lstm.lstm_cells, slice(0))
_at_once(lstm.lstm_cells_gradient, slice(1, 3))
