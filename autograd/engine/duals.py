"""Dual numbers: tensors that carry the derivative along a direction with their values.

A dual tensor has a :class:`Dual` in the place of its array: two tensors, the primal and the
tangent, each with edges of its own, and the level that the tangent belongs to. While a level is
open every call of an op comes by :meth:`Function.general`, which hands those with a dual among
their arguments to :data:`rule` (autograd/func/tangents.py). So no node ever keeps a dual: a graph
is of primals, or of tangents, and a reverse pass over forward mode is one like any other. A reverse
pass *inside* a level is split here: the gradient of y + ε y' by x is ∂y/∂x + ε ∂y'/∂x.

Levels nest, and the newest is outermost. Tangents of different levels are different numbers:

    d/dx x · d/dy (x + y) = d/dx x · 1 = 1        where one ε for both would give 2
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.arrays.dtypes import complex64, complex128, float32, float64
from autograd.engine import observer
from autograd.engine.graph import Leaf, TensorBase, unwrap, wrap

_numbers = itertools.count(1)
_new, _ref = object.__new__, weakref.ref

#: ``rule(op, args, options)``, what an op gives where one of its arguments is dual
rule: Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]


_nothing = wrap(np.float64(0), None)
EDGE = Leaf(_nothing)  # of dual tensors: so nobody takes them for constants
GIVEN = Leaf(_nothing)  # of those that are arguments of a function which is differentiated


#: What an array or a number is where nothing but values is meant
ARRAYS = frozenset({np.ndarray, np.float32, np.float64, np.complex64, np.complex128})


class DualLevel:
    """A direction of differentiation: open inside the ``with`` statement.

    What is dual and still there when it ends is from then on its primal.
    """

    __slots__ = ("members", "number", "room")

    number: int
    members: list[weakref.ref[Any]]  # what is dual of it
    room: int  # for so many of them, before those that are gone are looked for

    def __enter__(self) -> DualLevel:
        self.number, self.members, self.room = next(_numbers), [], 64
        observer.listening.append(self)  # type: ignore[arg-type]  # it is told nothing
        return self

    def __exit__(self, *exception: object) -> None:
        observer.listening.remove(self)  # type: ignore[arg-type]
        for one in self.members:
            tensor = one()
            if tensor is None:
                continue
            if type(tensor._data) is Dual and tensor._data.level is self:
                primal = tensor._data.own_primal
                if isinstance(primal, TensorBase):
                    tensor._data, tensor._edge = primal._data, primal._edge
                else:
                    tensor._data, tensor._edge = primal, None

    def forget(self) -> None:
        """Leave out the tensors that are gone: what is kept grows with what is there."""
        self.members = [one for one in self.members if one() is not None]
        self.room = 2 * len(self.members) + 64

    def holds(self, tensor: Any) -> None:
        """Note a tensor with a tangent of this level."""
        self.members.append(weakref.ref(tensor))
        if len(self.members) > self.room:
            self.forget()


class Dual(np.lib.mixins.NDArrayOperatorsMixin):
    """primal + ε tangent, of one level: what a dual tensor has for an array.

    To whoever reads the array itself, to look at values or to find indices by them, it is the array
    of values: what no gradient comes from has no tangent either.

    The rules for arrays alone (func/bare.py) put in two bare arrays; tensors are made of both when
    one is first asked for.
    """

    __slots__ = ("face", "level", "own_primal", "own_tangent")

    def __init__(self, level: DualLevel, primal: Any, tangent: Any) -> None:
        self.level, self.face = level, primal._results
        self.own_primal, self.own_tangent = primal, tangent

    @property
    def primal(self) -> Any:
        """The tensor of values."""
        if not isinstance(self.own_primal, TensorBase):
            self._wrap()
        return self.own_primal

    @property
    def tangent(self) -> Any:
        """The tensor of derivatives."""
        if not isinstance(self.own_tangent, TensorBase):
            self._wrap()
        return self.own_tangent

    def _wrap(self) -> None:
        self.own_primal = wrap(self.own_primal, None, self.face)
        self.own_tangent = wrap(self.own_tangent, None, self.face)

    dtype = property(attrgetter("own_primal.dtype"))  # by which kernels know an array's class
    shape = property(attrgetter("own_primal.shape"))
    ndim = property(attrgetter("own_primal.ndim"))

    def __getitem__(self, index: Any) -> Any:
        return values_of(self)[index]

    def __len__(self) -> int:
        return len(values_of(self))

    def __bool__(self) -> bool:
        return bool(values_of(self))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(values_of(self), dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **options: Any) -> Any:
        return getattr(ufunc, method)(*_values(args), **options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if function in _CREATORS:
            array = values_of(self)
            like = None if isinstance(array, np.generic) else array
            return function(*args, **options, like=like)
        return function(*_values(args), **options)

    def __autograd_kernel__(self, kernel: Any, args: Any, options: Any) -> Any:
        return kernel(*_values(args), **options)

    def copy(self) -> Dual:
        """The same numbers in other memory, recorded."""
        return Dual(self.level, np.copy(self.primal), np.copy(self.tangent))

    def __repr__(self) -> str:
        return f"Dual({self.primal!r}, {self.tangent!r}, level={self.level.number})"


def _of_values(name: str) -> property:
    return property(lambda self: getattr(values_of(self), name))


# Not by __getattr__, which would slow down each look at a slot
for _name in ("first", "levels", *dir(np.ndarray)):  # those of samples, and of arrays
    if not _name.startswith("_") and _name not in Dual.__dict__:
        setattr(Dual, _name, _of_values(_name))

_CREATORS = {np.zeros, np.ones, np.empty, np.full, np.arange, np.eye, np.tri}


def _values(given: Any) -> Any:
    """``given`` with the values of every dual number in it."""
    if type(given) in (tuple, list):
        return type(given)([_values(one) for one in given])
    return values_of(given)


def values_of(data: Any) -> Any:
    """The array at the bottom of a dual number, without any tangent."""
    while type(data) is Dual:
        primal = data.own_primal
        data = primal._data if isinstance(primal, TensorBase) else primal
    return data


def carried(values: Iterable[Any]) -> bool:
    """Whether a dual tensor is among ``values``."""
    return any([isinstance(one, TensorBase) and type(one._data) is Dual for one in values])


def newest(values: Iterable[Any]) -> DualLevel | None:
    """The innermost level of which a tensor among ``values`` has a tangent."""
    found = None
    for one in values:
        if isinstance(one, TensorBase) and type(one._data) is Dual:
            level = one._data.level
            if found is None or level.number > found.number:
                found = level
    return found


def parts(value: Any, level: DualLevel | None) -> tuple[Any, Any]:
    """The primal and the tangent of that level, which is None for all else.

    They are of the kind of ``value``: an Array may be a Tensor for a while.
    """
    if isinstance(value, TensorBase) and type(value._data) is Dual and value._data.level is level:
        primal, tangent = value._data.primal, value._data.tangent
        if primal._results is not value._results:
            return wrap(primal._data, primal._edge, value), wrap(
                tangent._data, tangent._edge, value
            )
        return primal, tangent
    return value, None


def all_parts(values: Iterable[Any]) -> Iterator[Any]:
    """Tensors that are not dual: ``values``, or primals and tangents in them."""
    for one in values:
        if isinstance(one, TensorBase) and type(one._data) is Dual:
            yield from all_parts((one._data.primal, one._data.tangent))
        else:
            yield one


def linked(value: Any) -> bool:
    """Whether a value is a tensor that a gradient could be asked of; of a dual one, a part."""
    if not isinstance(value, TensorBase):
        return False
    return any([one._edge is not None for one in all_parts((value,))])


def arrays_of(dual: Any, level: DualLevel | None = None) -> Any:
    """The arrays in a dual number (of ``level``), primal and tangent; None for anything else."""
    if type(dual) is not Dual or level is not None and dual.level is not level:
        return None
    x, t = dual.own_primal, dual.own_tangent
    if not isinstance(x, TensorBase):
        return x, t  # ARRAYS, as bare() was given them
    if x._edge is not None or t._edge is not None:
        return None
    x, t = x._data, t._data
    if type(x) not in ARRAYS or type(t) not in ARRAYS or x.dtype is not t.dtype:
        return None
    return (x, t) if is_wide(x.dtype) else None


def is_wide(dtype: Any) -> bool:
    """Whether it is of 32 bits at least, in each part of a complex number."""
    return dtype is float64 or dtype is float32 or dtype is complex128 or dtype is complex64


def joined(level: DualLevel, primal: Any, tangent: Any) -> Any:
    """The dual tensor of both; the primal, where the tangent is None."""
    if tangent is None:
        return primal
    tensor = wrap(Dual(level, primal, tangent), EDGE, primal)
    level.holds(tensor)
    return tensor


def given(dual: Any) -> Any:
    """A dual tensor as the argument of a function that is differentiated."""
    dual._edge = GIVEN
    return dual


def bare(level: DualLevel, kind: Any, primal: Any, tangent: Any, edge: Any = EDGE) -> Any:
    """:func:`joined` of ARRAYS of one dtype; the shortest way to a dual tensor."""
    dual: Any = _new(Dual)
    dual.level, dual.face, dual.own_primal, dual.own_tangent = level, kind, primal, tangent
    tensor: Any = _new(kind)
    tensor._data, tensor._edge, tensor._grad, tensor._kin = dual, edge, None, None
    level.members.append(_ref(tensor))
    if len(level.members) > level.room:
        level.forget()
    return tensor


def array_behind(value: Any) -> Any:
    """The array of values of a tensor, dual or not, of an array or of a number."""
    data = values_of(unwrap(value))
    return data if hasattr(data, "dtype") else np.asarray(data)


def gradients(
    grad: Callable[..., Any],
    outputs: Sequence[Any],
    inputs: Sequence[Any],
    seeds: Sequence[Any],
    **options: Any,
) -> tuple[Any, ...]:
    """What ``grad`` gives where outputs, inputs or seeds are dual: dual, where it has a tangent.

    (g + ε g') · ∂(y + ε y')/∂x = g · ∂y/∂x + ε (g' · ∂y/∂x + g · ∂y'/∂x)
    """
    level = newest((*outputs, *inputs, *seeds))
    assert level is not None
    inputs = [parts(x, level)[0] for x in inputs]
    outs, given = [parts(y, level) for y in outputs], [parts(g, level) for g in seeds]
    pairs = [(y, g) for (y, _), (g, _) in zip(outs, given)]
    values = grad(*_roots(pairs, inputs), **{**options, "retain_graph": True})
    pairs = [(y, g) for (y, _), (_, g) in zip(outs, given) if g is not None]
    pairs += [(y, g) for (_, y), (g, _) in zip(outs, given) if y is not None]
    pairs = [(y, g) for y, g in pairs if linked(y)]
    if not pairs:
        return tuple(values)
    options.update(allow_unused=True, materialize_grads=False)
    tangents = grad(*_roots(pairs, inputs), **options)
    found = []
    for x, value, tangent in zip(inputs, values, tangents, strict=True):
        if value is None and tangent is not None:
            value = wrap(np.zeros_like(tangent._data), None, x)
        found.append(value if value is None else joined(level, value, tangent))
    return tuple(found)


def _roots(pairs: list[tuple[Any, Any]], inputs: Sequence[Any]) -> tuple[Any, ...]:
    """Outputs, inputs and seeds, without outputs that no gradient comes from, unless all are."""
    pairs = [(y, g) for y, g in pairs if linked(y)] or pairs
    return [y for y, _ in pairs], inputs, [g for _, g in pairs]
