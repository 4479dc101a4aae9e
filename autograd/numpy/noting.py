"""Calls written down as they are made: what ``tracer.trace`` runs a function on.

A :class:`Noted` stands for an array or a number. NumPy asks it what to do, and so do the functions
of ``autograd.numpy`` and primitives: each call on one becomes a node, of a class of the user's. A
gradient taken inside is noted too, call by call, since its formulas run on what stands for arrays.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import numpy as np

from autograd.arrays import dialect, dtypes, trees
from autograd.engine.graph import TensorBase, wrap
from autograd.numpy.depth import opened

open_traces: list[int] = []  # of all threads: empty nearly always, and that is all calls ask


class _Mine(threading.local):
    number = 0


_mine = _Mine()


@contextmanager
def tracing() -> Iterator[int]:
    """A trace is open inside; its number, which is larger than that of those around it.

    What is differentiated outside is not inside: a gradient that is taken there is plain.
    """
    _mine.number += 1
    depth, opened.depth = opened.depth, 0
    open_traces.append(_mine.number)
    try:
        yield _mine.number
    finally:
        open_traces.remove(_mine.number)
        opened.depth = depth
        _mine.number -= 1


class Noted(np.lib.mixins.NDArrayOperatorsMixin):
    """What a traced function sees of a value: each call on it is a node of its trace.

    Conditions are those of the values (``on_condition`` of the node is told); to hand a value to
    Python otherwise, as a float say, raises TypeError, since no replay would see it.
    """

    __slots__ = ("__weakref__", "_node", "_shared", "_trace", "_value")
    __array_priority__ = 1000.0

    def __init__(self, value: Any, trace: int, node: Any) -> None:
        self._value, self._trace, self._node = value, trace, node
        self._shared = False  # another looks at its memory, or it at another's

    shape = property(lambda self: np.shape(self._value))
    ndim = property(lambda self: np.ndim(self._value))
    size = property(lambda self: np.size(self._value))
    dtype = property(lambda self: array_of(self._value).dtype)
    itemsize = property(lambda self: self.dtype.itemsize)
    nbytes = property(lambda self: self.size * self.itemsize)
    T = property(lambda self: noted(np.transpose, (self,), {}))
    real = property(lambda self: noted(np.real, (self,), {}))
    imag = property(lambda self: noted(np.imag, (self,), {}))
    flags = property(lambda self: array_of(self._value).flags)
    strides = property(lambda self: array_of(self._value).strides)
    base = None

    def __len__(self) -> int:
        return len(self._value)

    def __repr__(self) -> str:
        return f"Noted({self._value!r})"

    def __bool__(self) -> bool:
        found = bool(self._value)
        told = getattr(self._node, "on_condition", None)
        if told is not None:
            told(found)
        return found

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **options: Any) -> Any:
        out = options.pop("out", None)
        if out is not None and out != args[:1]:  # x += y is x = x + y
            raise TypeError(
                f"np.{ufunc.__name__}: out= must be left out while calls are noted. Take what it "
                "gives."
            )
        if method == "at":
            return args[0]._overwrite(added if ufunc is np.add else _at(ufunc), args)
        if method == "reduce" and ufunc in _REDUCTIONS:
            given = {name: one for name, one in options.items() if one is not None}
            reduction: Any = _REDUCTIONS[ufunc]
            return noted(reduction, args, {"axis": options.get("axis", 0), **given})
        call: Any = ufunc if method == "__call__" else getattr(ufunc, method)
        return noted(call, args, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if function in _FACTS:
            return function(*_values(args), **_values(options))
        if function in _CREATORS:  # with like=self
            return noted(_made(function, args, options), (self,), {})
        if function in _WRITERS:
            return args[0]._overwrite(_copying(function), args, options)
        return noted(function, args, options)

    def __autograd_kernel__(self, kernel: Any, args: Any, options: Any) -> Any:
        """What it does with NumPy's functions; one call, where it cannot do with these."""
        if kernel is dialect.writable:
            out = args[0]
            return out if type(out) is Noted else noted(_made(np.copy, (out,), {}), (self,), {})
        try:
            return kernel.plain(*args, **options)
        except (TypeError, AttributeError):
            return noted(kernel, args, options)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise _lost("an ndarray")

    def __float__(self) -> float:
        raise _lost("a float")

    def __int__(self) -> int:
        raise _lost("an int")

    def __index__(self) -> int:
        raise _lost("an index")

    def __complex__(self) -> complex:
        raise _lost("a complex number")

    def __hash__(self) -> int:
        return id(self)

    def __iter__(self) -> Any:
        return iter([self[i] for i in range(len(self))])

    def __getitem__(self, index: Any) -> Any:
        return noted(picked, (self, index), {})

    def __setitem__(self, index: Any, value: Any) -> None:
        self._overwrite(changed, (self, index, value))

    def _overwrite(self, function: Any, args: Any, options: Any = {}) -> None:  # noqa: B006
        """Be what ``function`` gives, which changes a copy of this."""
        if self._shared:
            raise TypeError(
                "x[index] = value: what is written into must be seen by nobody else while calls "
                "are noted; this is a view, or has one. Write into a copy."
            )
        made = noted(function, args, options)
        self._value, self._node = made._value, made._node

    def __getattr__(self, name: str) -> Any:
        function = getattr(np, name, None)
        if name.startswith("_") or function is None or not hasattr(np.ndarray, name):
            raise AttributeError(name)
        if name in ("sort", "partition", "put"):  # which change it, as methods
            put = _copying(function) if name == "put" else function
            return lambda *args, **options: self._overwrite(put, (self, *args), options)
        if name == "resize":
            raise AttributeError(name)
        return lambda *args, **options: noted(function, (self, *args), options)

    def reshape(self, *shape: Any, **options: Any) -> Any:
        """NumPy's."""
        return noted(np.reshape, (self, shape[0] if len(shape) == 1 else shape), options)

    def transpose(self, *axes: Any) -> Any:
        """NumPy's."""
        given = (self, axes[0] if len(axes) == 1 else axes) if axes else (self,)
        return noted(np.transpose, given, {})

    def astype(self, dtype: Any, *args: Any, **options: Any) -> Any:
        """NumPy's."""
        return noted(cast, (self, dtype), {})

    def item(self) -> Any:
        """Refused, as ``float`` is."""
        raise _lost("a number of Python's")

    tolist = item


_FACTS = {np.shape, np.ndim, np.size, np.result_type, np.may_share_memory, np.shares_memory}


_CREATORS = {np.zeros, np.ones, np.empty, np.full, np.arange, np.eye, np.tri}


def _made(function: Any, args: Any, options: Any) -> Any:
    """An array made of nothing, beside one that is noted."""

    @wraps(function)
    def call(like: Any) -> Any:
        return function(*args, **options)

    return call


_WRITERS = {np.copyto, np.fill_diagonal, np.place, np.put, np.put_along_axis, np.putmask}
_REDUCTIONS = {
    np.add: np.sum, np.multiply: np.prod, np.maximum: np.max, np.minimum: np.min,
    np.logical_and: np.all, np.logical_or: np.any,
}  # fmt: skip
_NEUTRAL = {np.sum: 0, np.prod: 1, np.min: np.inf}


def _is_neutral(value: Any, function: Any) -> bool:
    """Whether a reduction of numbers that are there is the same when it begins with this one."""
    if function is np.max:
        return bool(value <= np.finfo(np.asarray(value).dtype).min)
    return value == _NEUTRAL.get(function)


def _copying(function: Any) -> Any:
    """A function that changes its first argument as one that gives what it would be then."""

    @wraps(function)
    def call(x: Any, *args: Any, **options: Any) -> Any:
        x = x.copy()
        function(x, *args, **options)
        return x

    return call


def _at(ufunc: Any) -> Any:
    def at(x: Any, *args: Any) -> Any:
        x = x.copy()
        ufunc.at(x, *args)
        return x

    return at


def added(x: Any, index: Any, value: Any) -> Any:
    """A copy of x with ``value`` added at ``index``, each time that it is named."""
    if isinstance(x, TensorBase) or isinstance(value, TensorBase):
        from autograd.core import make_vjp  # which is built on this

        back, there = make_vjp(lambda z: z[index], np.zeros(x.shape, x.dtype))
        return x + back(value + np.zeros_like(there))
    x = x.copy()
    np.add.at(x, index, value)
    return x


def picked(x: Any, index: Any) -> Any:
    """x[index]."""
    return x[index]


def changed(x: Any, index: Any, value: Any) -> Any:
    """A copy of x with ``value`` at ``index``."""
    if isinstance(value, TensorBase) and not isinstance(x, TensorBase):
        x = wrap(x, None, value)
    x = x.copy()
    x[index] = value
    return x


def cast(x: Any, dtype: Any) -> Any:
    """x in another dtype."""
    return x.astype(dtype)


def _lost(kind: str) -> TypeError:
    return TypeError(
        f"trace: a value must stay traced while calls are noted; here it becomes {kind}, which no "
        "replay would see. Write it with functions of autograd.numpy."
    )


def array_of(value: Any) -> Any:
    return value if hasattr(value, "dtype") else np.asarray(value)


def _values(given: Any) -> Any:
    return trees.map_leaves(lambda x: x._value if type(x) is Noted else x, given)


def concerns(args: tuple[Any, ...], options: dict[str, Any]) -> bool:
    """Whether a call belongs to a trace: something noted is among what it is given.

    Not where a traced value over something noted is: that call is differentiated first.
    """
    leaves = trees.flatten((args, options))[0] if open_traces else []
    if not any([type(x) is Noted for x in leaves]):
        return False
    return not any([isinstance(x, TensorBase) and type(x._data) is Noted for x in leaves])


def noted(function: Callable[..., Any], args: Any, options: dict[str, Any]) -> Any:
    """The result of a call, with its node."""
    if any([type(x) is Noted for x in trees.flatten(options)[0]]):
        args, function, options = (*args, *options.values()), _named(function, args, options), {}
    if "initial" in options and _is_neutral(options["initial"], function) and args[0].size:
        options = {name: one for name, one in options.items() if name != "initial"}
    args = tuple([gathered_up(arg) for arg in args])
    trace = max([x._trace for x in args if type(x) is Noted])
    places = [i for i, x in enumerate(args) if type(x) is Noted and x._trace == trace]
    for x in trees.flatten((args, options))[0]:
        if isinstance(x, TensorBase) and x._edge is not None:
            raise TypeError(
                f"trace: {function.__name__} is called with a traced value of outside, which would "
                "be a constant. Make it an argument of the function that is traced."
            )
    plain = list(args)
    parents = []
    for i in places:
        plain[i] = args[i]._value
        parents.append(args[i]._node)
    value = function(*plain, **options)
    node = type(parents[0])(value, function, tuple(plain), options, tuple(places), parents)
    result = Noted(value, trace, node)
    for i in places:
        if _may_share(value, plain[i]):
            result._shared = args[i]._shared = True
    return taken_apart(result)


def _may_share(x: Any, y: Any) -> bool:
    """Whether a change of one may change the other."""
    if isinstance(x, (np.generic, float, complex)) or isinstance(y, (np.generic, float, complex)):
        return False
    if type(x) is np.ndarray and type(y) is np.ndarray:
        return np.may_share_memory(x, y)
    return True


def taken_apart(x: Noted) -> Any:
    """A tuple, list or dict that is noted, as a real one of what is noted."""
    value = x._value
    if isinstance(value, dict):
        return {key: noted(picked, (x, key), {}) for key in value}
    if not isinstance(value, (tuple, list)):
        return x
    parts = [noted(picked, (x, i), {}) for i in range(len(value))]
    return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)


def gathered_up(arg: Any) -> Any:
    """A tuple, list or dict with something noted inside as one thing that is noted."""
    leaves, form = trees.flatten(arg)
    if form == trees.LEAF or not any([type(x) is Noted for x in leaves]):
        return arg

    def gathered(*leaves: Any) -> Any:
        return trees.unflatten(leaves, form)

    gathered.__name__ = form.container.__name__
    trace = max([x._trace for x in leaves if type(x) is Noted])
    places = [i for i, x in enumerate(leaves) if type(x) is Noted and x._trace == trace]
    plain = [x._value if i in places else x for i, x in enumerate(leaves)]
    parents = [leaves[i]._node for i in places]
    node = type(parents[0])(gathered(*plain), gathered, tuple(plain), {}, tuple(places), parents)
    return Noted(gathered(*plain), trace, node)


def _named(function: Any, args: Any, options: dict[str, Any]) -> Any:
    """``function`` with its keywords by position, behind the others."""
    count, names = len(args), tuple(options)

    @wraps(function)
    def call(*given: Any) -> Any:
        return function(*given[:count], **dict(zip(names, given[count:])))

    return call


def numeric(value: Any) -> bool:
    """Whether a value is what a trace can note calls on: an array or a number."""
    return isinstance(value, (float, complex, np.ndarray, np.generic)) and dtypes.numeric(
        array_of(value).dtype
    )
