"""NumPy's methods of a traced value, over NumPy's functions on traced values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.dispatch import numpys, raw, requires_grad
from autograd.engine.elementwise import cast
from autograd.engine.graph import TensorBase
from autograd.ops.pointwise.complex import ViewAsComplex, ViewAsReal
from autograd.ops.shape import reshape
from autograd.tensors.augmented import overwrite

_type = type


def plainly(function: Callable[..., Any]) -> Callable[..., Any]:
    """A method whose result is plain: it has no gradient."""
    return lambda self, *args, **options: function(self._data, *raw(args), **raw(options))


def through(function: Any) -> Callable[..., Any]:
    """The method that is ``function`` of NumPy on traced values."""

    def method(self: Any, *args: Any, **options: Any) -> Any:
        return called(function, (self, *args), options)

    method.__name__ = function.__name__
    method.__doc__ = f"NumPy's ``{function.__name__}`` of this value."
    return method


def called(function: Any, args: Any, options: Any) -> Any:
    """``function`` of NumPy on traced values; on plain ones where none of them has a gradient.

    Raises TypeError for a function without a derivative here.
    """
    if options and "out" in options:
        return written_to(options["out"], called, (function, args), {"options": _but_out(options)})
    way = numpys.get(function)
    if way is not None:
        return way(*args, **options)
    if requires_grad((args, options)):
        raise TypeError(
            f"np.{function.__name__}: not defined for traced values. Write it with functions of "
            "autograd.numpy, or define its derivative with autograd.extend.primitive."
        )
    return function(*raw(args), **raw(options))


def untraced(x: Any, kind: str) -> Any:
    """The value of what has no gradient. Raises TypeError for a traced one."""
    if x._edge is not None:
        raise TypeError(
            f"Array: {kind}() of a traced value would lose its gradient. Leave it as it is, or "
            "take its value with autograd.tracer.getval."
        )
    return x._data


def written_to(out: Any, function: Any, args: Any, options: Any) -> Any:
    """What ``function`` gives; ``out``, if it is not None, in which that is written.

    Raises TypeError for an ndarray, which has no place for a gradient.
    """
    given = out if isinstance(out, tuple) else (out,)
    if all([one is None for one in given]):
        return function(*args, **options)
    name = getattr(args[0] if function is called else function, "__name__", "out=")
    for one in given:
        if one is not None and not (isinstance(one, TensorBase) and one._numpys):
            raise TypeError(
                f"np.{name}: what out= or += writes into cannot hold a traced value. Write y = y + "
                "value, or begin with y = np.zeros_like(x, shape=...) of a traced value x, and "
                "assign to y[...]."
            )
    found = function(*args, **options)
    results = list(found) if isinstance(found, tuple) else [found]
    for i, one in enumerate(given):
        if one is not None:
            overwrite(one, results[i])
            results[i] = one
    return tuple(results) if isinstance(found, tuple) else results[0]


def _but_out(options: Any) -> Any:
    return {name: one for name, one in options.items() if name != "out"}


class Flat:
    """``x.flat``: the elements of x one after the other, to be read and written by their places."""

    def __init__(self, x: Any) -> None:
        self.base = x

    def __len__(self) -> int:
        size: int = self.base.size
        return size

    def __iter__(self) -> Iterator[Any]:
        return iter(called(np.ravel, (self.base,), {}))

    def __getitem__(self, index: Any) -> Any:
        return called(np.ravel, (self.base,), {})[index].copy()

    def __setitem__(self, index: Any, values: Any) -> None:
        places = np.arange(len(self))[index]
        called(np.put, (self.base, places, values), {})


class Methods(TensorBase):
    """Mixin of Array."""

    __slots__ = ()

    if TYPE_CHECKING:  # what Array has
        dtype: Any
        shape: Any
        size: Any
        ndim: Any
        __getitem__: Any
        __setitem__: Any

    argmax, argmin, argsort = plainly(np.argmax), plainly(np.argmin), plainly(np.argsort)
    all, any, nonzero = plainly(np.all), plainly(np.any), plainly(np.nonzero)
    searchsorted, tolist = plainly(np.searchsorted), plainly(lambda x: x.tolist())
    argpartition, tobytes = plainly(np.argpartition), plainly(lambda x: x.tobytes())
    __floor__, __ceil__ = plainly(math.floor), plainly(math.ceil)
    __trunc__, is_integer = plainly(math.trunc), plainly(lambda x: x.is_integer())
    flags = property(lambda self: self._data.flags)
    strides = property(lambda self: self._data.strides)
    clip, conj, conjugate = through(np.clip), through(np.conj), through(np.conjugate)
    cumprod, cumsum, diagonal = through(np.cumprod), through(np.cumsum), through(np.diagonal)
    dot, max, mean, min = through(np.dot), through(np.max), through(np.mean), through(np.min)
    prod, ptp, ravel = through(np.prod), through(np.ptp), through(np.ravel)
    repeat, round, squeeze = through(np.repeat), through(np.round), through(np.squeeze)
    std, sum, swapaxes = through(np.std), through(np.sum), through(np.swapaxes)
    take, trace, var = through(np.take), through(np.trace), through(np.var)
    choose = through(np.choose)

    def reshape(self, *shape: Any, order: str = "C") -> Any:
        """NumPy's: the sizes as one tuple, or one by one."""
        options = {} if order == "C" else {"order": order}
        return called(np.reshape, (self, shape[0] if len(shape) == 1 else shape), options)

    def transpose(self, *axes: Any) -> Any:
        """NumPy's: the axes as one tuple or one by one; none reverses them."""
        axes = axes[0] if len(axes) == 1 else axes
        return called(np.transpose, (self, axes) if axes else (self,), {})

    def flatten(self, order: str = "C") -> Any:
        """All elements along one axis, copied."""
        return called(np.ravel, (self,), {} if order == "C" else {"order": order}).copy()

    def copy(self, order: str = "C") -> Any:
        """A copy in memory of its own, which may be written into."""
        made = reshape.clone(self)  # type: ignore[arg-type]
        return made[()] if isinstance(self._data, np.generic) else made

    def __copy__(self) -> Any:
        return self.copy()

    def __deepcopy__(self, memo: Any) -> Any:
        return self.copy()

    def __reduce_ex__(self, protocol: Any) -> Any:
        return np.asarray(untraced(self, "pickle"))[()].__reduce_ex__(protocol)

    def astype(
        self, dtype: Any, order: str = "K", casting: Any = "unsafe", subok: bool = True,
        copy: bool = True,
    ) -> Any:  # fmt: skip
        """In another dtype; the gradient returns in this one. Integers are plain: no gradient."""
        dtype = np.dtype(dtype)
        if not dtypes.differentiable(dtype):
            return self._data.astype(dtype)
        return self.copy() if copy and dtype == self.dtype else cast(self, dtype)

    def view(self, dtype: Any = None, type: Any = None) -> Any:
        """The same memory: as it is, pairs of real numbers as complex ones, or the other way.

        As integers it is plain. Raises TypeError for bits that are to mean other numbers.
        """
        if dtype is None or isinstance(dtype, _type) and issubclass(dtype, np.ndarray):
            return self[...]
        dtype, own = np.dtype(dtype), self.dtype
        if dtype == own:
            return self[...]
        if not dtypes.differentiable(dtype):
            return self._data.view(dtype)
        if own == np.result_type(dtype, np.complex64) and not dtypes.complex_valued(dtype):
            return ViewAsReal.apply(self).reshape(*self.shape[:-1], -1)
        if dtype == np.result_type(own, np.complex64) and self.ndim:
            return ViewAsComplex.apply(self.reshape(*self.shape[:-1], -1, 2))
        raise TypeError(
            f"view: the dtype must be that of the same numbers, of {own} or complex; got {dtype}. "
            "Convert them with astype."
        )

    def compress(self, condition: Any, axis: Any = None) -> Any:
        """The entries along an axis, or of all elements, for which a condition holds."""
        return called(np.compress, (condition, self, axis), {})

    def fill(self, value: Any) -> None:
        """Write one number everywhere."""
        self[...] = value

    def partition(self, kth: Any, axis: int = -1, kind: str = "introselect") -> None:
        """In place along an axis, as NumPy's method."""
        self[...] = called(np.partition, (self, kth), {"axis": axis})

    def put(self, indices: Any, values: Any, mode: str = "raise") -> None:
        """Write ``values``, repeated as needed, at places counted along all axes."""
        called(np.put, (self, indices, values, mode), {})

    def sort(self, axis: int = -1) -> None:
        """In place along an axis, as NumPy's method."""
        self[...] = called(np.sort, (self,), {"axis": axis})

    def item(self, *args: Any) -> Any:
        """The one element, or that at an index, as a traced number."""
        if len(args) > 1 or args and isinstance(args[0], tuple):
            return self[args if len(args) > 1 else args[0]]
        if not args and self.size != 1:
            raise ValueError(f"item: expected one element; got shape {self.shape}. Give an index.")
        return called(np.ravel, (self,), {})[args[0] if args else 0]
