"""Indexing: ``x[index]`` and ``x[index] = value``, for every index that PyTorch takes.

An index is one of two kinds, and so are the ops. A *basic* index (integers, slices, None, Ellipsis)
looks at the memory of x: its adjoint writes into zeros. An *advanced* one (integer arrays, masks)
copies, and may name an element twice: its adjoint adds into zeros. An index that mixes both is
taken in two steps where NumPy and PyTorch would place the axes differently.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.arrays.dialect import pick, written
from autograd.arrays.errors import DtypeError
from autograd.engine.elementwise import cast, sum_to
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.kernels.layout import picked, unexpanded
from autograd.kernels.scatter import add_at, may_repeat, placed, reduce_at, scattered
from autograd.ops.indexing.index import index_array, index_fault, out_of_range, plain_index

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = ["index_put", "put"]


# -- x[index] -------------------------------------------------------------------------------------


class GetSlice(Function):
    """x[index] for a basic index: a view of x."""

    view = True
    takes_complex = True

    def forward(self, x, *, index):
        self.index = index
        try:
            return x[index]
        except IndexError as error:
            raise index_fault(index, x.shape, error) from None

    def grad_x(self, g):
        return PutSlice.apply(g, shape=self.shapes[0], index=self.index)


class PutSlice(Function):
    """Zeros of a shape, with g at a basic index: the adjoint of :class:`GetSlice`."""

    takes_complex = True

    def forward(self, g, *, shape, index):
        self.index = index
        return placed(g, index=index, shape=shape)

    def grad_g(self, h):
        return GetSlice.apply(h, index=self.index)


class GetItem(Function):
    """x[index] for an advanced index: a copy. ``distinct`` promises that no element comes twice."""

    takes_complex = True

    def forward(self, x, index, *, distinct=False):
        self.distinct, self.shape = distinct, x.shape
        try:
            return picked(x, index)
        except IndexError as error:
            raise index_fault(index, x.shape, error) from None

    def grad_x(self, g, index):
        return PutItem.apply(g, index, shape=self.shape, distinct=self.distinct)


class PutItem(Function):
    """Zeros of a shape, with g added at an advanced index: the adjoint of :class:`GetItem`."""

    takes_complex = True

    def forward(self, g, index, *, shape, distinct=False):
        self.distinct = distinct
        return scattered(g, index, shape=shape, distinct=distinct)

    def grad_g(self, h, index):
        return GetItem.apply(h, index, distinct=self.distinct)


class AddItem(Function):
    """x with value added at an advanced index, as often as the index names an element."""

    takes_complex = True

    def forward(self, x, value, index, *, out=None):
        self.value = _kind(value)
        out = written(unexpanded(x), value, index) if out is None else out
        try:
            add_at(out, index, value)
        except (IndexError, ValueError) as error:
            raise _misfit(out, index, value, error) from None
        return out

    def grad_x(self, g):
        return g

    def grad_value(self, g, index):
        return _fit(GetItem.apply(g, index), *self.value)


class ReduceItem(Function):
    """x with the product (or the extremum) of its element and all values at an advanced index.

    The gradient of an extremum is shared evenly by those that attain it.
    """

    def forward(self, x, value, index, *, reduce):
        self.reduce, self.value = reduce, np.shape(value)
        out = written(unexpanded(x), value, index)
        ufunc = {"prod": np.multiply, "amax": np.maximum, "amin": np.minimum}[reduce]
        try:
            reduce_at(out, index, value, ufunc=ufunc)
        except IndexError as error:
            raise index_fault(index, x.shape, error) from None
        return out

    def backward(self, g, x, value, index, out):
        if self.reduce == "prod":
            return self.of_product(g, x, value, index)
        own = cast(np.equal(out, x), g.dtype)
        given = cast(np.equal(value, GetItem.apply(out, index)), g.dtype)
        share = g / np.maximum(AddItem.apply(own, given, index), 1)
        of_value = GetItem.apply(share, index) * given
        return share * own, sum_to(of_value, self.value), None

    def of_product(self, g, x, value, index):
        """g times the product of the other factors; a 0 leaves them, two leave nothing.

        A lone 0 among the other factors stays in the formula: the second derivative follows it.
        """
        x_zero, value_zero = np.equal(x, 0), np.equal(value, 0)
        x_safe, value_safe = np.where(x_zero, 1, x), np.where(value_zero, 1, value)
        product = g * ReduceItem.apply(x_safe, value_safe, index, reduce="prod")
        x_own, value_own = np.where(x_zero, x, 0), np.where(value_zero, value, 0)
        zeros = AddItem.apply(cast(x_zero, g.dtype), cast(value_zero, g.dtype), index)
        their_sum = AddItem.apply(x_own, value_own, index)
        of_x = product / x_safe * _lone(zeros - x_zero, their_sum - x_own)
        product, zeros, their_sum = (
            GetItem.apply(one, index) for one in (product, zeros, their_sum)
        )
        of_value = product / value_safe * _lone(zeros - value_zero, their_sum - value_own)
        return of_x, sum_to(of_value, self.value), None


def _lone(count: Any, zeros: Any) -> Any:
    """The product of ``count`` factors that are 0, of which the sum is ``zeros``."""
    return np.where(np.equal(count, 0), 1, np.where(np.equal(count, 1), zeros, 0))


# -- x[index] = value -----------------------------------------------------------------------------


class SetSlice(Function):
    """x with value at a basic index. ``out=x`` writes into x itself instead of a copy."""

    takes_complex = True

    def forward(self, x, value, *, index, out=None):
        self.index, self.value = index, _kind(value)
        return _write(written(unexpanded(x), value, index) if out is None else out, index, value)

    def grad_x(self, g):
        return SetSlice.apply(g, 0, index=self.index)

    def grad_value(self, g):
        return _fit(GetSlice.apply(g, index=self.index), *self.value)


class SetItem(Function):
    """x with value at an advanced index; of values for one element the last is written.

    Only the value that was written gets a gradient (PyTorch hands it to the overwritten ones too).
    """

    takes_complex = True

    def forward(self, x, value, index, *, out=None):
        self.value = _kind(value)
        return _write(written(unexpanded(x), value, index) if out is None else out, index, value)

    def grad_x(self, g, index):
        return SetItem.apply(g, 0, index)

    def grad_value(self, g, index):
        picked = GetItem.apply(g, index)
        if may_repeat(index):
            array = unwrap(g)
            order = np.arange(math.prod(picked.shape), like=array)
            order = np.reshape(order, picked.shape)
            last = written(np.zeros(g.shape, order.dtype, like=array), index)
            _write(last, index, order)
            picked = picked * np.equal(pick(last, index), order).astype(g.dtype)
        return _fit(picked, *self.value)


def getitem(input: Tensor, index: Any) -> Tensor:
    """input[index]: integers, slices, None, Ellipsis, integer tensors, masks, and mixtures.

    Integers and slices give a view, anything else a copy. Lists, ranges and arrays stand for
    tensors; a list is always one of them, never a tuple of indices.

    Raises IndexError for an index out of range, too many of them, or one of a floating dtype;
    ValueError for a slice with a step below 1.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> x[:, 1]
    tensor([2., 4.])
    >>> x[[1, 0], [0, 1]]
    tensor([3., 2.])
    """
    basic, advanced = plain_index(index, input)
    if advanced is None:
        return GetSlice.apply(input, index=basic)
    if basic is not None:
        input = GetSlice.apply(input, index=basic)
    return GetItem.apply(input, advanced)


def setitem(input: Tensor, index: Any, value: TensorLike, out: Any = None) -> Tensor:
    """What ``input[index] = value`` means, as a new tensor; value is broadcast and cast.

    :param out: the array to write to, where it is not to be a new one: ``input``'s own.

    Raises as ``x[index]`` does, and ValueError where value does not fit the indexed part.

    >>> import autograd
    >>> setitem(autograd.tensor([1.0, 2.0, 3.0]), slice(1, None), 0.0)
    tensor([1., 0., 0.])
    """
    check_value("index", value, input)
    basic, advanced = plain_index(index, input)
    if basic is None:
        return SetItem.apply(input, value, advanced, out=out)
    if advanced is not None:
        value = SetItem.apply(GetSlice.apply(input, index=basic), value, advanced)
    return SetSlice.apply(input, value, index=basic, out=out)


def assign(array: Any, index: Any, value: Any) -> None:
    """``array[index] = value`` in place, unrecorded; index and value may hold tensors.

    Raises as :func:`setitem` does.

    >>> import numpy as np
    >>> x = np.zeros(3)
    >>> assign(x, [0, 2], 1); x
    array([1., 0., 1.])
    """
    check_value("index", value, array)
    basic, advanced = plain_index(index, array)
    if basic is not None and advanced is not None:
        array, basic = GetSlice.apply(array, index=basic), None
    _write(array, advanced if basic is None else basic, unwrap(value))


def index_put(
    input: Tensor, indices: tuple[Any, ...], values: TensorLike, accumulate: bool = False
) -> Tensor:
    """input with values written at ``input[indices]``, or added there with ``accumulate``.

    Raises as ``x[index]`` does, TypeError for values of another dtype.

    >>> import autograd
    >>> x = autograd.zeros(3)
    >>> autograd.index_put(x, (autograd.tensor([0, 0, 2]),), autograd.tensor(1.0), accumulate=True)
    tensor([2., 0., 1.])
    """
    check_tensors("index_put", input=input)
    same_dtype("index_put", input, values)
    index = index_of("index_put", indices)
    if not accumulate:
        try:
            return setitem(input, index, values)
        except IndexError as error:
            raise out_of_range("index_put", error) from None
    # one place as a row of one: an integer would name a view, not a part to add to
    rows = tuple([np.reshape(unwrap(one), 1) if _is_place(one) else one for one in index])
    basic, advanced = plain_index(rows, input)
    if basic is not None or advanced is None:
        raise IndexError(
            f"index_put: indices must be integer tensors or masks; got {index!r}. "
            "Write x[index] += value for slices and integers."
        )
    try:
        return AddItem.apply(input, values, advanced)
    except IndexError as error:
        raise out_of_range("index_put", error) from None


def index_of(call: str, indices: Any) -> tuple[Any, ...]:
    """The index that a tuple of tensors stands for; TypeError for anything else."""
    if not isinstance(indices, (tuple, list)):
        raise TypeError(
            f"{call}: indices must be a tuple of tensors; got {type(indices).__name__}. Write "
            "(index,)."
        )
    return tuple(indices)


def _is_place(index: Any) -> bool:
    """Whether an index is one integer in a tensor."""
    return hasattr(index, "dtype") and not index.ndim and dtypes.integral(index.dtype)


def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """input with source written at ``index``, counted along all elements, or added there.

    Raises ValueError where source has not an element for each index, TypeError for one of another
    dtype, IndexError for an index out of range.

    >>> import autograd
    >>> autograd.put(autograd.zeros(2, 2), autograd.tensor([0, 3]), autograd.tensor([1.0, 2.0]))
    tensor([[1., 0.],
            [0., 2.]])
    """
    check_tensors("put", input=input, source=source)
    array = index_array("put", index)
    if math.prod(source.shape) != math.prod(array.shape):
        raise ShapeError(
            f"put: source must have an element for each index; got {tuple(source.shape)} for index "
            f"of shape {tuple(array.shape)}."
        )
    row, values = np.reshape(input, (-1,)), np.reshape(source, (-1,))
    place: Any = (np.reshape(array, (-1,)),)
    try:
        made = index_put(row, place, values, accumulate)  # type: ignore[arg-type]
    except IndexError as error:
        raise IndexError(str(error).replace("index_put", "put", 1)) from None
    return np.reshape(made, tuple(input.shape))  # type: ignore[return-value]


def same_dtype(name: str, input: Any, source: Any) -> None:
    """Raise TypeError where source, if it has a dtype, has not input's."""
    dtype = getattr(source, "dtype", None)
    if dtype is not None and dtype != input.dtype:
        raise DtypeError(
            f"{name}: the values must have input's dtype {input.dtype}; got {dtype}. "
            "Convert them: src.to(input.dtype)."
        )


# -- arrays ---------------------------------------------------------------------------------------


def _kind(value: Any) -> tuple[tuple[int, ...], Any]:
    """Shape and dtype of a value that is written; a number needs no dtype."""
    return getattr(value, "shape", ()), getattr(value, "dtype", None)


def _fit(g: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """The gradient at the written part, brought to the shape and dtype of the value."""
    if dtypes.complex_valued(g.dtype) and not dtypes.complex_valued(dtype):
        g = np.real(g)
    extra = len(shape) - len(g.shape)
    if extra <= 0:
        return cast(sum_to(g, shape), dtype)
    return np.reshape(cast(sum_to(g, shape[extra:]), dtype), shape)  # it had ones in front


def check_value(name: str, value: Any, into: Any) -> None:
    """Raise TypeError for what NumPy would store although it is no number, or no real one.

    It would store None as NaN, and the real part of a complex number in a real tensor.
    """
    if isinstance(value, (float, int, complex)):
        return
    dtype = value.dtype if hasattr(value, "dtype") else np.asarray(value).dtype
    held = dtypes.complex_valued(dtype)
    if held and into is not None and not dtypes.complex_valued(into.dtype):
        raise TypeError(
            f"{name}: complex values cannot be stored as {into.dtype.name}; got {dtype.name}. Pass "
            "the real part."
        )
    if not dtypes.numeric(dtype):
        raise TypeError(
            f"{name}: the value must be a number, a tensor or a list of numbers; got {value!r:.60} "
            f"of type {type(value).__name__}. Convert it with autograd.tensor."
        )


def _write(array: Any, index: Any, value: Any) -> Any:
    try:
        array[index] = value
    except (IndexError, ValueError, TypeError, OverflowError) as error:
        shape = np.shape(value)
        if shape[:1] == (1,) and not isinstance(error, IndexError):  # masks take none in front
            try:
                return _write(array, index, np.reshape(value, shape[1:]))
            except (ValueError, TypeError):
                pass
        raise _misfit(array, index, value, error) from None
    return array


def _misfit(array: Any, index: Any, value: Any, error: Exception) -> Exception:
    """The error of an assignment: the index is at fault, or the value's shape."""
    try:
        part = pick(array, index)
    except IndexError as fault:
        return index_fault(index, array.shape, fault)
    if isinstance(error, IndexError):
        return error
    if np.shape(value) and not isinstance(value, str):
        return ShapeError(
            f"index: the value must broadcast to the indexed part, of shape {part.shape}; "
            f"got shape {np.shape(value)}. Reshape it, or select another part."
        )
    return type(error)(
        f"index: the value must be storable as {array.dtype}; got {value!r:.60}. Convert the "
        "tensor first."
    )
