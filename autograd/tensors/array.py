"""Array: what a traced value is to programs that are written in NumPy.

A sibling of Tensor over the same graph: its methods and operators mean what NumPy's do, and they
are NumPy's functions on traced values, :data:`autograd.engine.dispatch.numpys`. Constants are no
Arrays: they are plain NumPy, and so are shapes, masks, integers and results of differentiation.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.arrays.dialect import asarray, decided
from autograd.engine import duals, versions, views
from autograd.engine.dispatch import numpys, raw, requires_grad
from autograd.engine.elementwise import cast
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.ops.indexing.numpys import own_index, stored, taken
from autograd.ops.linalg import matmul
from autograd.ops.pointwise.arithmetic import (
    Absolute,
    Add,
    Divide,
    Multiply,
    Negative,
    Remainder,
    Subtract,
)
from autograd.ops.pointwise.powers import Power, pow
from autograd.tensors.array_methods import Flat, Methods, called, plainly, untraced, written_to
from autograd.tensors.assignment import Rules, assigned
from autograd.tensors.augmented import augmented


def _at_first(name: str, op: Any) -> Callable[..., Any]:
    """An operator that puts the op's own ``apply`` in its place when it first runs."""

    def operator(self: Any, *other: Any) -> Any:
        setattr(Array, name, op.ready())
        return op.apply(self, *other)

    return operator


def _reflected(op: Any) -> Callable[..., Any]:
    return lambda self, other: op.apply(_operand(other), self)


def _operand(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, (list, tuple)) else value


def of_ufunc(ufunc: Any, inputs: Any, options: Any) -> Any:
    """A ufunc on traced values, with the options that all ufuncs take.

    Raises TypeError for an ndarray as ``out``, and for a mask ``where`` without ``out``: there is
    no memory that keeps other values.
    """
    out = None
    if options or len(inputs) > ufunc.nin:
        out, where = options.pop("out", None), options.pop("where", True)
        if len(inputs) > ufunc.nin:
            inputs, out = inputs[: ufunc.nin], inputs[ufunc.nin :]
        if out is not None and where is not True and ufunc.nout == 1:
            (kept,) = out if isinstance(out, tuple) else (out,)
            return written_to(
                out, lambda: numpys[np.where](where, of_ufunc(ufunc, inputs, options), kept), (), {}
            )
        if where is not True:
            raise TypeError(
                f"np.{ufunc.__name__}: where= must be left out for traced values. Take "
                "np.where(mask, value, y)."
            )
        for name in ("casting", "order", "subok"):
            options.pop(name, None)
        dtype = options.pop("dtype", None)
        if dtype is not None:
            inputs = [(x if isinstance(x, Array) else np.asarray(x)).astype(dtype) for x in inputs]
    if out is None:
        return called(ufunc, inputs, options)
    return written_to(out, called, (ufunc, inputs, options), {})


class Traced(TensorBase):
    """What programs for HIPS autograd ask of a traced value by its insides."""

    __slots__ = ()

    @property
    def _value(self) -> Any:
        """The plain value."""
        return self._data

    @property
    def _node(self) -> Any:
        """What made it: what ``core.backward_pass`` begins with."""
        return self._edge


class Array(Methods, Traced):
    """A traced array or number, with NumPy's methods and meanings.

    >>> from autograd import grad
    >>> float(grad(lambda x: (x * x).sum())(3.0))  # x is an Array inside
    6.0
    """

    __slots__ = ()

    _numpys = True
    _trace = 0  # HIPS autograd's number of a trace: here all are of one

    shape = property(attrgetter("_data.shape"))
    ndim = property(attrgetter("_data.ndim"))
    size = property(attrgetter("_data.size"))
    dtype = property(attrgetter("_data.dtype"))
    itemsize = property(lambda self: self._data.itemsize)
    nbytes = property(lambda self: self._data.nbytes)
    T = property(lambda self: called(np.transpose, (self,), {}))
    mT = property(lambda self: called(np.swapaxes, (self, -1, -2), {}))
    real = property(lambda self: called(np.real, (self,), {}))
    imag = property(lambda self: called(np.imag, (self,), {}))
    flat = property(Flat, lambda self, values: Flat(self).__setitem__(slice(None), values))

    def _array(self) -> Any:
        """The memory: a number's becomes an array without axes first."""
        if isinstance(self._data, np.generic):
            self._data = np.array(self._data)
        return self._data

    __array_priority__ = 100.0

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "__call__":
            return of_ufunc(ufunc, inputs, options)
        way = numpys.get((ufunc, method))
        if way is None and method in numpys:
            way = partial(numpys[method], ufunc)
        if way is not None:
            return written_to(options.pop("out", None), way, inputs, options)
        if requires_grad((inputs, options)):
            raise TypeError(
                f"np.{ufunc.__name__}.{method}: not defined for traced values. Write it with "
                "functions of autograd.numpy."
            )
        return getattr(ufunc, method)(*raw(inputs), **raw(options))

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        return called(function, args, options)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        if self._edge is not None:
            raise TypeError(
                "Array: an ndarray cannot hold a traced value; its gradient would be lost. Build "
                "with autograd.numpy (array, stack), or assign to parts of np.zeros_like(x, "
                "shape=...) of a traced value x."
            )
        return np.array(self._data, dtype=dtype)

    # -- operators ---------------------------------------------------------------------------------

    __add__ = _at_first("__add__", Add)
    __sub__ = _at_first("__sub__", Subtract)
    __mul__ = _at_first("__mul__", Multiply)
    __truediv__ = _at_first("__truediv__", Divide)
    __neg__ = _at_first("__neg__", Negative)
    __radd__, __rsub__ = _reflected(Add), _reflected(Subtract)
    __rmul__, __rtruediv__ = _reflected(Multiply), _reflected(Divide)

    def __abs__(self) -> Any:
        return called(np.abs, (self,), {}) if np.abs in numpys else Absolute.apply(self)

    def __pos__(self) -> Any:
        return self.copy()

    def __pow__(self, other: Any) -> Any:
        return _power(self, _operand(other))

    def __rpow__(self, other: Any) -> Any:
        return _power(_operand(other), self)

    def __mod__(self, other: Any) -> Any:
        return Remainder.apply(self, _operand(other))

    __rmod__ = _reflected(Remainder)
    __floordiv__ = plainly(lambda x, y: x // y)
    __rfloordiv__ = plainly(lambda x, y: y // x)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __matmul__(self, other: Any) -> Any:
        return _matmul(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return _matmul(other, self)

    __iadd__, __isub__ = augmented("+", operator.add), augmented("-", operator.sub)
    __imul__, __itruediv__ = augmented("*", operator.mul), augmented("/", operator.truediv)
    __ipow__, __imatmul__ = augmented("**", operator.pow), augmented("@", operator.matmul)
    __imod__, __ifloordiv__ = augmented("%", operator.mod), augmented("//", operator.floordiv)

    __eq__ = plainly(lambda x, y: x == y)
    __ne__ = plainly(lambda x, y: x != y)
    __lt__ = plainly(lambda x, y: x < y)
    __le__ = plainly(lambda x, y: x <= y)
    __gt__ = plainly(lambda x, y: x > y)
    __ge__ = plainly(lambda x, y: x >= y)
    __hash__ = object.__hash__

    # -- what Python asks of numbers and sequences -------------------------------------------------

    def __repr__(self) -> str:
        return f"Array({self._data!r})"

    def __format__(self, form: str) -> str:
        return format(self._data, form) if form else repr(self)

    __len__ = plainly(len)
    __bool__ = plainly(bool)
    __int__ = plainly(int)
    __index__ = plainly(operator.index)
    __contains__ = plainly(lambda x, item: item in x)

    def __float__(self) -> float:
        return float(untraced(self, "float"))

    def __complex__(self) -> complex:
        return complex(untraced(self, "complex"))

    def __iter__(self) -> Iterator[Any]:
        if not self.ndim:
            raise TypeError("Array: a 0-d value cannot be iterated over. Use x.reshape(1).")
        return iter([self[i] for i in range(len(self._data))])

    # -- x[index] ----------------------------------------------------------------------------------

    __getitem__ = taken

    def __setitem__(self, index: Any, value: Any) -> None:
        """Write ``value``, cast and broadcast, in place; its gradient flows on.

        Raises TypeError for an argument of the differentiated function: write into a copy.
        """
        if isinstance(value, (list, tuple)):
            value = called(np.array, (value,), {})
        assigned(self, "x[index] = value", index, value, _NUMPY)

    # -- what the array API standard asks of arrays ------------------------------------------------

    device = property(lambda self: "cpu")

    def to_device(self, device: Any, /, *, stream: Any = None) -> Any:
        """The value on a device: NumPy's, which is always "cpu"; ValueError for another one."""
        if device != "cpu":
            raise ValueError(f"to_device: device must be 'cpu'; got {device!r}. Leave it out.")
        return self

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: Any = None,
        dl_device: Any = None,
        copy: Any = None,
    ) -> Any:
        array = np.asarray(untraced(self, "__dlpack__"))
        told = {"max_version": max_version, "dl_device": dl_device, "copy": copy}
        return array.__dlpack__(**{key: one for key, one in told.items() if one is not None})

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0  # the CPU

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """The array API standard's namespace of traced values: ``autograd.numpy``.

        Raises ValueError for a version of the standard that NumPy does not have.
        """
        plain: Any = np.empty(0)
        plain.__array_namespace__(api_version=api_version)
        return import_module("autograd.numpy")  # a door, loaded on first use


Array._results = Array


def _power(x: Any, y: Any) -> Any:
    y = decided(y)  # there is an op for each
    if (
        isinstance(y, (int, float))
        and not isinstance(y, np.generic)
        or (isinstance(y, np.generic) and y.dtype == x.dtype)
    ):
        return pow(x, y)
    return Power.apply(x, y)


def of_one_dtype(*operands: Any) -> list[Any]:
    """``operands`` in NumPy's common dtype."""
    dtype = np.result_type(*map(unwrap, operands))
    return [x if getattr(x, "dtype", dtype) == dtype else cast(x, dtype) for x in operands]


def _matmul(x: Any, y: Any) -> Any:
    if isinstance(x, (list, tuple)) or isinstance(y, (list, tuple)):
        x, y = _operand(x), _operand(y)
    if getattr(x, "dtype", None) is not getattr(y, "dtype", x):
        x, y = of_one_dtype(x, y)
    constant = type(x) is np.ndarray  # as a tensor it comes the short way
    return matmul.matmul(wrap(x, None) if constant else x, y)


def at_first(function: Any, op: Any) -> Callable[..., Any]:
    """What an elementwise op means for Arrays: it puts the op's own ``apply`` in its place."""

    def way(*args: Any, **options: Any) -> Any:
        if numpys[function] is way:
            numpys[function] = op.ready()
        return op.apply(*args, **options)

    return way


for _function, _op in [  # what ndarrays call where one stands on the left
    (np.add, Add),
    (np.subtract, Subtract),
    (np.multiply, Multiply),
    (np.divide, Divide),
    (np.remainder, Remainder),
]:
    numpys[_function] = at_first(_function, _op)
numpys.update({np.power: _power, np.matmul: _matmul})


def _basic(index: Any, array: Any) -> Any:
    items, basic = own_index(index)
    return items if basic else None


_NUMPY = Rules(
    setitem=stored,
    assign=lambda array, index, value: stored(array, index, unwrap(value), array),
    read=_basic,
    note=lambda array, index: versions.note_part(array, own_index(index)[0]),
)


def as_tensor(x: Any) -> Any:
    """An Array as a Tensor of the same graph; anything else as it is.

    What looks at its memory looks at the Array's.
    """
    if type(x) is not Array:
        return x
    tensor = wrap(x._data, x._edge)
    base = views.base_of(x)
    tensor._kin = x if base is None else base
    return tensor


def as_array(x: Any) -> Any:
    """A tensor as an Array of the same graph; anything else as it is.

    A view of another one's memory is one as an Array, too.
    """
    if not isinstance(x, TensorBase):
        return x
    kin = x._kin
    if type(kin) is Array and kin._data is x._data and kin._edge is x._edge:
        return kin  # what as_tensor was given, and a function has handed back
    # where a dual is of tensors, its parts are Arrays as well: they are what is written into
    if type(x._data) is duals.Dual and x._data.face is not Array:
        dual = x._data
        array = duals.joined(dual.level, as_array(dual.primal), as_array(dual.tangent))
    else:
        array = wrap(x._data, x._edge, Array)
    if x._kin is not None:
        views.link(array, x)
    return array


def as_traced(x: Any) -> Any:
    """:func:`as_array` of anything: of what is plain it is a constant."""
    return as_array(x) if isinstance(x, TensorBase) else wrap(asarray(x)[()], None, Array)
