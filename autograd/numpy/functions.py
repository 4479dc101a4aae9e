"""Functions of NumPy that tensors have under another name or not at all: written in the others."""

from __future__ import annotations

import builtins
from functools import wraps
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.dispatch import numpys
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.numpy.table import alike, entered, is_traced, plain
from autograd.ops.pointwise import complex as _complex
from autograd.tensors.array import Array, as_tensor

# -- making and joining ---------------------------------------------------------------------------


@entered(np.array, np.asarray, np.asanyarray)
def array(values: Any, dtype: Any = None, *, copy: Any = True, ndmin: int = 0, **_: Any) -> Any:
    """An array of numbers and traced values, in lists of lists."""
    if isinstance(values, (list, tuple)):
        values = numpys[np.stack](
            [array(one) if is_traced(one) else np.asarray(one) for one in values]
        )
    elif isinstance(values, TensorBase):
        values = numpys[np.positive](values)
    else:
        values = np.asarray(values)
    if dtype is not None and values.dtype != dtype:
        values = astype(values, dtype)
    if values.ndim < ndmin:
        ones = [1] * (ndmin - values.ndim)
        values = numpys[np.reshape](values, (*ones, *values.shape))
    return values


def astype(x: Any, dtype: Any) -> Any:
    """The values of an Array in another dtype: plain ones, where it has no gradients."""
    if not dtypes.differentiable(np.dtype(dtype)):
        return np.asarray(plain(x)).astype(dtype)[()]
    return alike(as_tensor(x).to(np.dtype(dtype)), x)


def _joined(function: Any) -> Any:
    """A function that joins a sequence of arrays: of any dtypes, with numbers among them."""

    def way(
        arrays: Any, *args: Any, dtype: Any = None, casting: str = "same_kind", **options: Any
    ) -> Any:
        parts: Any = arrays
        arrays = [
            one
            if isinstance(one, TensorBase)
            else array(one)
            if is_traced(one)
            else np.asarray(one)
            for one in parts
        ]
        dtype = np.dtype(dtype or np.result_type(*[unwrap(one) for one in arrays]))
        given = [
            as_tensor(one) if isinstance(one, TensorBase) else wrap(one.astype(dtype), None)
            for one in arrays
        ]
        return alike(function([one.to(dtype) for one in given], *args, **options), *arrays)

    return way


_way: Any
JOINING = (np.concatenate, np.stack, np.vstack, np.hstack, np.dstack, np.column_stack)
for _way in JOINING:
    numpys[_way] = _joined(_way)


@entered(np.append)
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """``values`` behind ``arr``, both flat where there is no axis."""
    if axis is None:
        arr, values = numpys[np.ravel](array(arr)), numpys[np.ravel](array(values))
        axis = 0
    return numpys[np.concatenate]((arr, values), axis=axis)


for _plain in (np.zeros_like, np.ones_like, np.empty_like):

    def _like(x: Any, dtype: Any = None, *args: Any, _of: Any = _plain, **options: Any) -> Any:
        made = _of(plain(x), dtype, *args, **options)
        return wrap(made, None, Array) if dtypes.differentiable(made.dtype) else made

    numpys[_plain] = _like


@entered(np.full)
def full(shape: Any, fill_value: Any, dtype: Any = None, order: str = "C") -> Any:
    """An array of one value."""
    return numpys[np.broadcast_to](array(fill_value, dtype), shape) * 1


@entered(np.full_like)
def full_like(a: Any, fill_value: Any, dtype: Any = None, **_: Any) -> Any:
    """An array of one value, shaped as another."""
    return full(np.shape(plain(a)), fill_value, dtype or unwrap(a).dtype)


@entered(np.linspace)
def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, **_: Any) -> Any:
    """Evenly spaced numbers between two, that may be arrays."""
    start, stop = [one if isinstance(one, TensorBase) else np.asarray(one) for one in (start, stop)]
    spread = np.broadcast_shapes(start.shape, stop.shape)
    t = np.linspace(0, 1, num, endpoint).reshape((-1,) + (1,) * len(spread))
    return start * (1 - t) + stop * t


@entered(np.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """Of each element the first choice whose condition holds."""
    for condition, choice in [*zip(condlist, choicelist)][::-1]:
        default = numpys[np.where](plain(condition), choice, default)
    return default


# -- pieces ---------------------------------------------------------------------------------------


@entered(np.partition)
def partition(a: Any, kth: Any, axis: int = -1, *args: Any, **options: Any) -> Any:
    """The elements in an order in which that of ``kth`` is where it is when sorted."""
    order = np.argpartition(plain(a), kth, axis, *args, **options)
    return numpys[np.take_along_axis](a, order, axis if axis is not None else 0)


@entered(np.rollaxis)
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """The axis before another."""
    axis, start = axis % a.ndim, start + a.ndim if start < 0 else start
    return numpys[np.moveaxis](a, axis, start - 1 if axis < start else start)


@entered(np.angle)
def angle(z: Any, deg: bool = False) -> Any:
    """The argument of complex numbers."""
    found = alike(_complex.angle(as_tensor(z)), z)
    return found * (180 / np.pi) if deg else found


@entered(np.real_if_close)
def real_if_close(a: Any, tol: float = 100) -> Any:
    """The real part, where all imaginary ones are rounding errors."""
    near = not np.iscomplexobj(np.real_if_close(plain(a), tol))
    return numpys[np.real](a) if near and np.iscomplexobj(plain(a)) else a


@entered(np.cross)
def cross(
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: Any = None
) -> Any:
    """The vector product, of vectors of two or three elements."""
    if axis is not None:
        axisa = axisb = axisc = axis
    move = numpys[np.moveaxis]
    a, b = move(array(a), axisa, 0), move(array(b), axisb, 0)
    parts = [a[0] * b[1] - a[1] * b[0]]
    if len(a) == 2 and len(b) == 2:
        return parts[0]
    x, y = (a[2] if len(a) == 3 else 0.0), (b[2] if len(b) == 3 else 0.0)
    return move(numpys[np.stack]([a[1] * y - x * b[1], x * b[0] - a[0] * y, *parts]), 0, axisc)


@entered(np.gradient)
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """Central differences inside, one-sided ones at the ends; evenly spaced."""
    if edge_order != 1 or any([np.ndim(plain(h)) for h in varargs]):
        raise NotImplementedError(
            "gradient: traced values are differenced with even spacing and edge_order=1; got "
            "others. Write the differences out with slices."
        )
    axes = range(f.ndim) if axis is None else [axis] if np.ndim(axis) == 0 else axis
    steps = [*varargs] * (len(axes) if len(varargs) == 1 else 1) or [1.0] * len(axes)
    found = []
    for one, h in zip(axes, steps):
        x = numpys[np.moveaxis](f, one, 0)
        ends = [x[1:2] - x[:1], x[-1:] - x[-2:-1]]
        d = numpys[np.concatenate]([ends[0], (x[2:] - x[:-2]) / 2, ends[1]])
        found.append(numpys[np.moveaxis](d, 0, one) / h)
    return found[0] if len(found) == 1 else tuple(found)


@entered(np.average)
def average(a: Any, axis: Any = None, weights: Any = None, **_: Any) -> Any:
    """The mean, weighted."""
    if weights is None:
        return numpys[np.mean](a, axis=axis)
    return numpys[np.sum](a * weights, axis=axis) / numpys[np.sum](
        weights * numpys[np.ones_like](a), axis=axis
    )


@entered(np.ptp)
def ptp(a: Any, axis: Any = None, **options: Any) -> Any:
    """The greatest less the least."""
    return numpys[np.max](a, axis=axis, **options) - numpys[np.min](a, axis=axis, **options)


@entered(np.where)
def where(condition: Any, *choices: Any) -> Any:
    """Elements of the one or of the other, by a condition."""
    condition = plain(condition)
    if not choices:
        return np.where(condition)
    if not any(map(is_traced, choices)):
        return np.where(condition, *plain(choices))
    dtype = np.result_type(*map(unwrap, choices))
    given = [
        as_tensor(one).to(dtype)
        if isinstance(one, TensorBase)
        else wrap(np.asarray(one, dtype), None)
        for one in choices
    ]
    return alike(np.where(wrap(np.asarray(condition, bool), None), *given), *choices)


@entered(np.dot)
def dot(a: Any, b: Any) -> Any:
    """NumPy's product: of the last axis and the last but one, of numbers elementwise."""
    a, b = (array(one) if isinstance(one, (list, tuple)) else one for one in (a, b))
    if np.ndim(plain(a)) == 0 or np.ndim(plain(b)) == 0:
        return numpys[np.multiply](a, b)
    if np.ndim(plain(b)) <= 2:
        return numpys[np.matmul](a, b)
    return numpys[np.tensordot](a, b, ((-1,), (-2,)))


def mixing_dtypes(function: Any) -> Any:
    """A product of arrays whose dtypes may differ."""

    def way(*args: Any, **options: Any) -> Any:
        arrays = [one for one in args if isinstance(one, (TensorBase, np.ndarray))]
        dtype = np.result_type(*map(unwrap, arrays))
        given = []
        for one in args:
            if isinstance(one, TensorBase):
                one = as_tensor(one).to(dtype)
            elif isinstance(one, (np.ndarray, np.generic, float, complex)):
                one = wrap(np.asarray(one, dtype), None)
            given.append(one)
        return alike(function(*given, **options), *args)

    return way


for _way in (np.tensordot, np.einsum, np.outer, np.inner, np.kron, np.vdot):
    numpys[_way] = mixing_dtypes(_way)


class _Columns:
    """``r_`` and ``c_`` with traced values: ranges written as slices, numbers and arrays."""

    def __init__(self, plain_form: Any, rows: builtins.bool) -> None:
        self.plain_form, self.rows = plain_form, rows

    def __getitem__(self, items: Any) -> Any:
        items = items if isinstance(items, tuple) else (items,)
        if not any(map(is_traced, items)):
            return self.plain_form[items]
        parts = [np.r_[one] if isinstance(one, slice) else one for one in items]
        if not self.rows:
            return numpys[np.column_stack](parts)
        return numpys[np.concatenate](
            [
                numpys[np.atleast_1d](one) if isinstance(one, TensorBase) else np.atleast_1d(one)
                for one in parts
            ]
        )


r_, c_ = _Columns(np.r_, True), _Columns(np.c_, False)


def make_diagonal(D: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Matrices with the last axis of ``D`` on their diagonals: the adjoint of ``diagonal``.

    >>> make_diagonal(np.array([1.0, 2.0]), axis1=-1, axis2=-2)
    array([[1., 0.],
           [0., 2.]])
    """
    if offset or (axis1, axis2) != (-1, -2) and (axis1, axis2) != (-2, -1):
        raise NotImplementedError(
            "make_diagonal: offset must be 0 and the axes the last two; got others. Move the axes."
        )
    return D[..., None] * np.eye(D.shape[-1])


def _of_a_list(function: Any) -> Any:
    """A reduction that takes a list of traced values for an array, and complex extrema."""
    known = numpys[function]

    def way(a: Any, *args: Any, **options: Any) -> Any:
        if isinstance(a, (list, tuple)):
            a = array(a)
        if function in (np.max, np.min) and np.iscomplexobj(plain(a)):
            return _complex_extremum(function, a, *args, **options)
        return known(a, *args, **options)

    return way


def _complex_extremum(function: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Complex numbers in NumPy's order, by real parts first; those that attain it share."""
    best = np.equal(plain(a), function(plain(a), axis=axis, keepdims=True))
    share = best / np.sum(best, axis=axis, keepdims=True)
    return numpys[np.sum](a * share, axis=axis, keepdims=keepdims)


for _way in (np.mean, np.std, np.var, np.sum, np.prod, np.max, np.min):
    numpys[_way] = _of_a_list(_way)


@entered(np.imag)
def imag(val: Any) -> Any:
    """The imaginary part: zeros of what is real."""
    return alike(np.imag(as_tensor(val)), val) if np.iscomplexobj(plain(val)) else val * 0


def chosen(condition: Any, x: Any = None, y: Any = None) -> Any:
    """``np.where``, which gives a plain Python value as it is where all three are Python's own."""
    if x is None and y is None:
        return np.where(plain(condition))
    if is_traced(x) or is_traced(y):
        return where(condition, x, y)
    condition = plain(condition)
    if type(condition) is builtins.bool and not hasattr(x, "dtype") and not hasattr(y, "dtype"):
        return x if condition else y
    return np.where(condition, x, y)


def of_any_iterable(function: Any) -> Any:
    """A public function that joins arrays, and takes a dictionary's values, or a generator."""

    @wraps(function)
    def call(arrays: Any, *args: Any, **options: Any) -> Any:
        if not isinstance(arrays, (list, tuple, np.ndarray, TensorBase)):
            arrays = list(arrays)
        return function(arrays, *args, **options)

    return call


def unwrapping(kind: Any) -> Any:
    """A class of NumPy's integers that takes traced values: what has no gradient is plain."""

    def __new__(cls: Any, x: Any = 0, *args: Any) -> Any:
        return kind(plain(x), *args)

    return type(kind.__name__, (kind,), {"__new__": __new__, "__slots__": ()})
