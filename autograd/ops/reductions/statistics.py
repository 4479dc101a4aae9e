"""What samples have in common: means and medians that pass over NaN, modes, covariances."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axes, axis_of, check_ordered, check_tensors, number_of
from autograd.arrays.dialect import anywhere, everywhere
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import cast, in_float32
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.kernels.layout import in_rows
from autograd.kernels.recurrence import running
from autograd.kernels.sums import count_over
from autograd.ops.indexing.sort import sortable
from autograd.ops.pointwise.complex import Complex
from autograd.ops.reductions.extrema import Amax, scalar_of, some
from autograd.ops.reductions.reduction import Reduction, floating
from autograd.ops.reductions.sums import sum
from autograd.ops.return_types import MedianResult, ModeResult, NanmedianResult

if TYPE_CHECKING:
    from autograd.tensors.annotations import Dims, DType
    from autograd.tensors.tensor import Tensor

__all__ = ["corrcoef", "cov", "median", "mode", "nanmean", "nanmedian"]


# -- past NaN -------------------------------------------------------------------------------------


def nanmean(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    dtype: DType = None,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """The mean over the axes ``dim`` of what is not NaN; NaN where nothing is left.

    Raises RuntimeError for booleans and integers, IndexError where an axis is out of range.

    >>> import autograd
    >>> autograd.nanmean(autograd.tensor([1.0, float("nan"), 3.0]))
    tensor(2.)
    """
    check_tensors("nanmean", input=input)
    input = floating("nanmean", input, dtype)
    if dtypes.narrow(kind := unwrap(input).dtype):
        wide = nanmean(cast(input, dtypes.float32), dim, keepdim, axis=axis, keepdims=keepdims)
        return cast(wide, kind)
    over, keepdim = axes("nanmean", input, dim if axis is None else axis), keepdim or keepdims
    x: Any = unwrap(input)
    known: Any = np.equal(x, x)
    total = sum(np.where(known, input, 0), over, keepdim)  # type: ignore[arg-type]
    count: Any = count_over(known, axis=over, dtype=x.dtype, keepdims=bool(keepdim))
    return total / np.where(np.equal(count, 0), x.dtype.type(math.nan), count)


@implements(np.nanmean)
def _np_nanmean(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    if dtype is None and not dtypes.differentiable(a.dtype):
        dtype = dtypes.get_default_dtype()
    return nanmean(a, axis, keepdims, dtype=dtype)


@overload
def nanmedian(input: Tensor) -> Tensor: ...


@overload
def nanmedian(input: Tensor, dim: int, keepdim: bool = False) -> NanmedianResult: ...


def nanmedian(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """:func:`median` of what is not NaN; NaN where nothing is left.

    The element that was chosen has the whole gradient.

    >>> import autograd
    >>> autograd.nanmedian(autograd.tensor([1.0, float("nan"), 3.0, 2.0]))
    tensor(2.)
    """
    check_tensors("nanmedian", input=input)
    check_ordered("nanmedian", input)
    if dim is None:
        if not math.prod(input.shape):
            return sum(input) * math.nan
        row: Any = np.reshape(input, (-1,))
        return nanmedian(row, 0).values
    axis = _filled("nanmedian", input, dim)

    def middle(x: Any) -> Any:
        order = np.argsort(sortable(x), axis=axis, kind="stable")  # NaNs are last
        numbers = np.add.reduce(np.equal(x, x), axis=axis, dtype=np.int64, keepdims=True)
        return np.take_along_axis(order, np.maximum(numbers - 1, 0) // 2, axis)

    return NanmedianResult(*_chosen(input, middle, axis, keepdim))


def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> ModeResult:
    """The value that is there most often along ``dim``, and where last: (values, indices).

    Of several the smallest. The element at the index has the whole gradient. Raises IndexError
    where there are no elements.

    >>> import autograd
    >>> autograd.mode(autograd.tensor([2.0, 1.0, 2.0, 1.0, 3.0])).indices
    tensor(3)
    """
    check_tensors("mode", input=input)
    check_ordered("mode", input)
    axis = _filled("mode", input, dim)

    def commonest(x: Any) -> Any:
        order = np.argsort(sortable(x), axis=axis, kind="stable")
        x = np.moveaxis(np.take_along_axis(x, order, axis), axis, -1)
        first = np.ones((*x.shape[:-1], 1), bool, like=x)
        starts = np.concatenate([first, np.not_equal(x[..., 1:], x[..., :-1])], -1)
        places = np.arange(x.shape[-1], like=x)
        run = places - running(np.where(starts, places, 0), ufunc=np.maximum, axis=-1)
        last = np.argmax(np.moveaxis(run, -1, axis), axis=axis, keepdims=True)
        return np.take_along_axis(order, last, axis)

    return ModeResult(*_chosen(input, commonest, axis, keepdim))


def _filled(call: str, input: Any, dim: Any) -> int:
    """The axis, along which there must be elements."""
    axis = axis_of(call, input, dim)
    if input.ndim and not input.shape[axis]:
        raise IndexError(
            f"{call}: there must be elements to choose from; got shape {tuple(input.shape)} and "
            f"dim {dim}. Reduce along axes that are not empty."
        )
    return axis


def _chosen(input: Any, choose: Any, axis: int, keepdim: bool) -> tuple[Any, Any]:
    """One element along an axis, whose place ``choose`` finds in the array, and that place."""
    if not input.ndim:
        one, place = _chosen(np.reshape(input, (1,)), choose, axis, keepdim)
        return np.reshape(one, ()), np.reshape(place, ())
    places = in_rows(choose(unwrap(input)))
    indices: Any = wrap(places, None) if isinstance(input, TensorBase) else places
    values: Any = np.take_along_axis(input, indices, axis)
    if not keepdim:
        first = (*[slice(None)] * axis, 0)
        values, indices = values[first], indices[first]
    return values, indices


# -- covariances ----------------------------------------------------------------------------------


@in_float32
def cov(
    input: Tensor,
    *,
    correction: int = 1,
    fweights: Tensor | None = None,
    aweights: Tensor | None = None,
) -> Tensor:
    r"""The covariances of variables (rows) over observations (columns).

    .. math:: C_{jk} = \frac{1}{n - c} \sum_i w_i (x_{ji} - \bar x_j) (x_{ki} - \bar x_k)

    with n = Σ w or, with ``aweights`` a, n - c = Σ w - c · Σ w a / Σ w and w = f · a.

    Shapes: (variables, observations) -> (variables, variables), or () for one variable;
    (observations) -> (). Weights are 1-d, one for each observation: ``fweights`` (integers) say
    how often it was made, ``aweights`` how important it is. Raises RuntimeError for more than two
    axes, or weights that do not fit.

    >>> import autograd
    >>> autograd.cov(autograd.tensor([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]]))
    tensor([[ 1.0000, -0.5000],
            [-0.5000,  1.0000]])
    """
    check_tensors("cov", input=input)
    if input.ndim > 2:
        raise ShapeError(f"cov: expected at most 2 axes; got shape {tuple(input.shape)}.")
    if dtypes.boolean(input.dtype):
        raise RuntimeError("cov: observations must be numbers; got bool. Convert them: x.float().")
    x: Any = (
        input if dtypes.differentiable(input.dtype) else cast(input, dtypes.get_default_dtype())
    )
    x = np.reshape(x, (1, -1)) if x.ndim < 2 else x
    count = x.shape[1]
    _check_weights(count, fweights, "fweights", dtypes.integral)
    _check_weights(count, aweights, "aweights", dtypes.floating)
    weights: Any = None
    for one in (fweights, aweights):
        if one is not None:
            one = cast(one, np.real(x).dtype)
            weights = one if weights is None else weights * one
    n: Any = count if weights is None else np.add.reduce(weights)
    if weights is not None and everywhere(unwrap(n) == 0):
        raise RuntimeError(
            "cov: weights must not sum to zero; these do. Give one a positive value."
        )
    less = number_of("cov", "correction", correction)
    freedom = n - less
    if aweights is not None:
        freedom = n - less * np.add.reduce(weights * cast(aweights, weights.dtype)) / n
    weighted = x if weights is None else x * weights
    d = x - np.add.reduce(weighted, axis=1, keepdims=True) / (n if count else math.nan)
    products = np.matmul(d, np.transpose(np.conjugate(d if weights is None else d * weights)))
    with np.errstate(divide="ignore", invalid="ignore"):
        c: Any = products / (max(freedom, 0) if weights is None else np.maximum(freedom, 0))
    c = np.reshape(c, ()) if c.shape == (1, 1) else c
    return c


def _check_weights(count: int, weights: Any, name: str, fits: Any) -> None:
    if weights is None:
        return
    check_tensors("cov", **{name: weights})
    if weights.ndim > 1 or not fits(weights.dtype) or math.prod(weights.shape) != count:
        wanted = "integers" if fits is dtypes.integral else "floating-point numbers"
        raise ShapeError(
            f"cov: {name} must be {wanted}, one for each of the {count} observations; got "
            f"{weights.dtype} of shape {tuple(weights.shape)}."
        )
    if anywhere(np.less(unwrap(weights), 0)):
        raise RuntimeError(f"cov: {name} must not be negative; some are.")


@in_float32
def corrcoef(input: Tensor) -> Tensor:
    """The correlations of variables (rows), C_jk / √(C_jj C_kk) of :func:`cov`, within [-1, 1].

    Shapes: (variables, observations) -> (variables, variables); (observations) -> (), which is 1.

    Raises ValueError for more than two axes.

    >>> import autograd
    >>> autograd.corrcoef(autograd.tensor([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]]))
    tensor([[ 1.0000, -0.5000],
            [-0.5000,  1.0000]])
    """
    check_tensors("corrcoef", input=input)
    if input.ndim > 2:
        raise ShapeError(f"corrcoef: expected at most 2 axes; got shape {tuple(input.shape)}.")
    c: Any = cov(input)
    if not c.ndim:
        return c / c
    deviation = np.sqrt(np.diagonal(c))
    c = c / deviation[:, None] / deviation
    if dtypes.complex_valued(c.dtype):
        return Complex.apply(np.clip(np.real(c), -1, 1), np.clip(np.imag(c), -1, 1))
    return np.clip(c, -1, 1)


def _rows(m: Any, y: Any, rowvar: bool) -> Any:
    """The variables as rows, with those of y below."""
    if y is not None:
        return np.concatenate([np.atleast_2d(_rows(one, None, rowvar)) for one in (m, y)])
    return m if rowvar or m.ndim < 2 else np.transpose(m)


@implements(np.cov)
def _np_cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
) -> Any:
    correction = ddof if ddof is not None else 0 if bias else 1
    return cov(_rows(m, y, rowvar), correction=correction, fweights=fweights, aweights=aweights)


@implements(np.corrcoef)
def _np_corrcoef(x: Any, y: Any = None, rowvar: bool = True) -> Any:
    return corrcoef(_rows(x, y, rowvar))


class Median(Reduction):
    """The middle of all elements, the lower of two; those that tie share its gradient evenly."""

    def forward(self, x):
        ordered = np.sort(sortable(np.reshape(x, (-1,)))).astype(x.dtype)  # any NaN comes last
        last, middle = ordered[-1], ordered[(ordered.size - 1) // 2]
        if isinstance(last, np.generic):
            return last if last != last else middle
        return np.where(last != last, last, middle)

    grad_x = Amax.grad_x


@overload
def median(input: Tensor) -> Tensor: ...


@overload
def median(input: Tensor, dim: int, keepdim: bool = False) -> MedianResult: ...


@overload
def median(input: Tensor, *, axis: int, keepdims: bool = False) -> MedianResult: ...


def median(
    input: Any,
    dim: Any = None,
    keepdim: bool = False,
    *,
    axis: int | None = None,
    keepdims: bool = False,
) -> Any:
    """The middle element, the lower one of two, NaN of none; along ``dim``, (values, indices).

    Gradients are those of :func:`max`. Any NaN is the median.

    >>> import autograd
    >>> autograd.median(autograd.tensor([1.0, 4.0, 2.0, 3.0]))
    tensor(2.)
    """
    dim, keepdim = dim if axis is None else axis, keepdim or keepdims
    if dim is None:
        check_tensors("median", input=input)
        if dtypes.floating(input.dtype) and not math.prod(input.shape):
            return sum(input) * math.nan
        some("median", input, None)
        return Median.apply(input)
    axis = some("median", input, axis_of("median", input, dim))
    if not input.ndim:
        flat: Any = np.reshape(input, (1,))
        return MedianResult(*[scalar_of(one) for one in median(flat, 0)])
    x: Any = unwrap(input)
    order = np.argsort(sortable(x), axis=axis, kind="stable")
    before, n = (slice(None),) * axis, x.shape[axis]
    middle = order[(*before, slice((n - 1) // 2, (n + 1) // 2))]
    if dtypes.floating(x.dtype):  # NaNs are sorted last, the first of them right after the numbers
        numbers = np.add.reduce(~np.isnan(x), axis=axis, dtype=np.int64, keepdims=True)
        first = np.take_along_axis(order, np.minimum(numbers, n - 1), axis)
        middle = np.where(np.less(numbers, n), first, middle)
    indices: Any = wrap(middle, None) if isinstance(input, TensorBase) else middle
    values: Any = np.take_along_axis(input, indices, axis)
    if not keepdim:
        values, indices = values[(*before, 0)], indices[(*before, 0)]
    return MedianResult(values, indices)
