"""Functions of NumPy that tensors have under another name or not at all: written in the others."""

from __future__ import annotations

import builtins
from functools import wraps
from typing import Any

import numpy as np

from autograd.arrays import dialect, dtypes
from autograd.arrays.dialect import asarray
from autograd.engine.dispatch import numpys, table
from autograd.engine.elementwise import cast
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.numpy.noting import array_of
from autograd.numpy.table import alike, entered, is_traced, of_tensors, plain, public
from autograd.ops.linalg.matmul import product_of
from autograd.ops.pointwise import complex as _complex, where as _where
from autograd.tensors.array import Array, as_tensor

# -- making and joining ---------------------------------------------------------------------------


@entered(np.asarray, np.asanyarray)
def array(values: Any, dtype: Any = None, *, copy: Any = True, ndmin: int = 0, **_: Any) -> Any:
    """An array of numbers and traced values, in lists of lists."""
    if isinstance(values, (list, tuple)) and is_traced(values):
        values = numpys[np.stack](
            [array(one) if is_traced(one) else asarray(one) for one in values]
        )
    elif not isinstance(values, TensorBase):
        values = asarray(values)
    if dtype is not None and values.dtype != dtype:
        values = _astype(values, dtype)
    if values.ndim < ndmin:
        ones = [1] * (ndmin - values.ndim)
        values = numpys[np.reshape](values, (*ones, *values.shape))
    return values


@entered(np.positive)
def positive(x: Any) -> Any:
    """A copy."""
    copy = numpys[np.copy](x)
    return copy if np.ndim(plain(copy)) else copy[()]


_conjugate = numpys[np.conjugate]


@entered(np.conjugate)
def conjugate(x: Any) -> Any:
    """x - iy for x + iy; a copy of a real x."""
    return _conjugate(x) if np.iscomplexobj(plain(x)) else positive(x)


@entered(np.array)
def _new_array(values: Any, dtype: Any = None, *, copy: Any = True, **options: Any) -> Any:
    """An array in memory of its own, unless ``copy`` is not true."""
    made = array(values, dtype, **options)
    again = copy and isinstance(values, TensorBase) and made.dtype == values._data.dtype
    return numpys[np.copy](made) if again else made


def _astype(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Any:
    """The values in another dtype: plain ones, where it has no gradients."""
    x = array(x)
    if isinstance(x, TensorBase) and not isinstance(x, Array):
        return cast(x, np.dtype(dtype))
    return x.astype(dtype, copy=copy)


if hasattr(np, "astype"):  # since NumPy 2.1
    numpys[np.astype] = _astype


def _in_one_dtype(values: Any, dtype: Any = None) -> list[Any]:
    """Arrays and traced values as tensors of one dtype, by default the common one."""
    if dtype is None:
        known = {unwrap(one).dtype for one in values}
        dtype = known.pop() if len(known) == 1 else np.result_type(*map(unwrap, values))
    return [
        as_tensor(cast(one, dtype))
        if isinstance(one, TensorBase)
        else wrap(asarray(one, dtype), None)
        for one in values
    ]


def _joined(function: Any) -> Any:
    """A function that joins a sequence of arrays: of any dtypes, with numbers among them."""

    def way(
        arrays: Any, *args: Any, dtype: Any = None, casting: str = "same_kind", **options: Any
    ) -> Any:
        parts: Any = arrays
        arrays = [
            one if isinstance(one, TensorBase) else array(one) if is_traced(one) else asarray(one)
            for one in parts
        ]
        given = _in_one_dtype(arrays, None if dtype is None else np.dtype(dtype))
        return alike(function(given, *args, **options), *arrays)

    return way


_way: Any
JOINING = (np.concatenate, np.stack, np.vstack, np.hstack, np.dstack, np.column_stack)
for _way in JOINING:
    numpys[_way] = _joined(of_tensors(_way))


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
        like = x if isinstance(x, TensorBase) else Array
        return wrap(made, None, like) if dtypes.differentiable(made.dtype) else made

    numpys[_plain] = _like


@entered(np.full)
def full(shape: Any, fill_value: Any, dtype: Any = None, order: str = "C") -> Any:
    """An array of one value."""
    return numpys[np.broadcast_to](array(fill_value, dtype), shape) * 1


@entered(np.full_like)
def full_like(
    a: Any, fill_value: Any, dtype: Any = None, order: Any = "K", subok: Any = True,
    shape: Any = None, **_: Any,
) -> Any:  # fmt: skip
    """An array of one value, shaped as another: as zeros_like's, it can be written into."""
    if is_traced(fill_value):
        a = array(a)
        return full(a.shape if shape is None else shape, fill_value, dtype or a.dtype)
    made = numpys[np.empty_like](a, dtype, shape=shape)
    made[...] = fill_value
    return made


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
    a, axis = (numpys[np.ravel](array(a)), 0) if axis is None else (array(a), axis)
    order = np.argpartition(plain(a), kth, axis, *args, **options)
    return numpys[np.take_along_axis](a, order, axis)


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
    if not {len(a), len(b)} <= {2, 3}:
        raise ValueError(
            f"cross: vectors must have two or three elements; got {len(a)} and {len(b)}. Choose "
            "the axis along which they lie: axis=."
        )
    parts = [a[0] * b[1] - a[1] * b[0]]
    if len(a) == 2 and len(b) == 2:
        return parts[0]
    x, y = (a[2] if len(a) == 3 else 0.0), (b[2] if len(b) == 3 else 0.0)
    return move(numpys[np.stack]([a[1] * y - x * b[1], x * b[0] - a[0] * y, *parts]), 0, axisc)


@entered(np.where)
def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """Elements of the one or of the other, by a condition."""
    condition = plain(condition)
    choices = [one for one in (x, y) if one is not None]
    if not any(map(is_traced, choices)):
        return np.where(condition, *choices)
    condition = array_of(condition)
    if condition.dtype != bool:
        condition = condition.astype(bool)
    given = [array(one) if isinstance(one, (list, tuple)) else one for one in choices]
    return _where.Where.apply(condition, *given)


@entered(np.dot)
def dot(a: Any, b: Any) -> Any:
    """NumPy's product: of the last axis and the last but one, of numbers elementwise."""
    try:
        rows, columns = a.ndim, b.ndim
    except AttributeError:  # of lists and numbers
        a, b = [array(one) if isinstance(one, (list, tuple)) else one for one in (a, b)]
        rows, columns = getattr(a, "ndim", 0), getattr(b, "ndim", 0)
    if rows == 0 or columns == 0:
        return numpys[np.multiply](a, b)
    if columns <= 2:
        if a.dtype is b.dtype:
            return product_of(rows, columns).apply(a, b)
        return numpys[np.matmul](a, b)
    return numpys[np.tensordot](a, b, ((-1,), (-2,)))


def mixing_dtypes(function: Any, operands: int | None = 2) -> Any:
    """A product of arrays whose dtypes may differ: the first arguments, or all that are arrays."""
    known = of_tensors(function) if function in table else function

    def is_operand(i: int, one: Any) -> bool:
        return isinstance(one, (TensorBase, np.ndarray)) if operands is None else i < operands

    def way(*args: Any, **options: Any) -> Any:
        places = [i for i, one in enumerate(args) if is_operand(i, one)]
        given = [array(args[i]) for i in places]
        mixed = [*args]
        for i, one in zip(places, _in_one_dtype(given)):
            mixed[i] = one
        return alike(known(*mixed, **options), *given)

    return way


_tensordot = mixing_dtypes(np.tensordot)


@entered(np.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """Sums of products over pairs of axes, of the same sizes."""
    pairs = (range(-axes, 0), range(axes)) if isinstance(axes, (int, np.integer)) else axes
    sizes = [
        [np.shape(plain(one))[i] for i in np.atleast_1d(pair)] for one, pair in zip((a, b), pairs)
    ]
    if sizes[0] != sizes[1]:
        raise ValueError(
            "tensordot: the axes that are summed over must have one size; got "
            f"{sizes[0]} and {sizes[1]}. Choose other pairs: axes=."
        )
    return _tensordot(a, b, axes)


for _way in (np.outer, np.inner, np.kron, np.vdot):
    numpys[_way] = mixing_dtypes(_way)
numpys[np.einsum] = mixing_dtypes(np.einsum, None)


def _each(function: Any) -> Any:
    """One of ``atleast_1d`` and kin, of several arrays, numbers and lists."""
    known = numpys[function]

    def way(*arys: Any) -> Any:
        found = [known(one) if isinstance(one, TensorBase) else function(one)
                 for one in map(array, arys)]  # fmt: skip
        return found[0] if len(found) == 1 else tuple(found)

    return way


for _way in (np.atleast_1d, np.atleast_2d, np.atleast_3d):
    numpys[_way] = _each(_way)


class _Columns:
    """``r_`` and ``c_`` with traced values: ranges written as slices, numbers and arrays."""

    def __init__(self, plain_form: Any, rows: builtins.bool) -> None:
        self.plain_form, self.rows = plain_form, rows

    def __getitem__(self, items: Any) -> Any:
        items = items if isinstance(items, tuple) else (items,)
        if not any(map(is_traced, items)):
            return self.plain_form[items]
        if isinstance(items[0], str):
            raise TypeError(
                f"r_, c_: traced values are joined without directions in words; got {items[0]!r}. "
                "Use np.concatenate or np.stack."
            )
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


@entered(np.imag)
def imag(val: Any) -> Any:
    """The imaginary part: zeros of what is real."""
    return alike(np.imag(as_tensor(val)), val) if np.iscomplexobj(plain(val)) else val * 0


_where_of_arrays = public(np.where)


@wraps(np.where)
def chosen(condition: Any, x: Any = None, y: Any = None) -> Any:
    """``np.where``, which gives a Python value as it is where all three are Python's own."""
    choices = [one for one in (x, y) if one is not None]
    if type(condition) is builtins.bool and len(choices) == 2:
        if not any([hasattr(one, "dtype") for one in choices]):
            return x if condition else y
    return _where_of_arrays(condition, *choices)


def of_any_iterable(function: Any) -> Any:
    """A public function that joins arrays, and takes a dictionary's values, or a generator."""

    @wraps(function)
    def call(arrays: Any, *args: Any, **options: Any) -> Any:
        if not isinstance(arrays, (list, tuple, np.ndarray, TensorBase)):
            arrays = list(arrays)
        return function(arrays, *args, **options)

    return call


# Of these NumPy asks no argument's class what they mean
UNASKED: tuple[Any, ...] = (np.array, np.asarray, np.asanyarray, np.ascontiguousarray)


def of_recorded(function: Any) -> Any:
    """A public function that makes arrays of anything, also of what is recorded, in lists of lists.

    Without one it is NumPy's, or that of traced values.
    """

    @wraps(function)
    def call(values: Any, dtype: Any = None, *args: Any, **options: Any) -> Any:
        if dialect.making is None or is_traced(values) or dialect.recorded(values) is None:
            return function(values, dtype, *args, **options)
        made = _assembled(values)
        made = made if dtype is None else dialect.asarray(made, dtype)
        return made.copy() if call.__name__ == "array" and made is values else made

    return call


def _assembled(values: Any) -> Any:
    if isinstance(values, (list, tuple)):
        return np.stack([*map(_assembled, values)])
    return dialect.asarray(values)


def isdtype(dtype: Any, kind: Any) -> bool:
    """NumPy's; the classes of this namespace are dtypes, too.

    >>> import autograd.numpy as np
    >>> np.isdtype(np.int64, "integral")
    True
    """
    if isinstance(kind, tuple):
        return any([isdtype(dtype, one) for one in kind])
    kind = np.dtype(kind) if isinstance(kind, type) else kind
    return np.isdtype(np.dtype(dtype), kind)


def unwrapping(kind: Any) -> Any:
    """A class of NumPy's integers that takes traced values: what has no gradient is plain."""

    def __new__(cls: Any, x: Any = 0, *args: Any) -> Any:
        return kind(plain(x), *args)

    return type(kind.__name__, (kind,), {"__new__": __new__, "__slots__": ()})
