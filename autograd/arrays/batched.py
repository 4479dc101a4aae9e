"""Arrays with hidden axes: what a function of one sample computes for all samples at once.

A :class:`Batched` stands for an array for each sample. Its hidden axes, one for each level that it
belongs to, lie in front, sorted by the levels' numbers; whoever asks for its shape sees one sample.
By NumPy's protocols functions come here, and are done for all samples together: elementwise ones
below, the others by a rule each (the folder `batching`), kernels by ``__autograd_kernel__``.

    levels (1, 2), data (B₁, B₂, 5, 3):  shape (5, 3)

A level is any object with a ``number``, by which axes are sorted, the ``size`` of its axis, and
``open``, whether its samples are still being computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel

RULES: dict[Any, Callable[..., Any]] = {}  # by NumPy's function, method of ufuncs, or kernel

_FILES = ("elements", "shapes", "reductions", "products", "indexing", "kernels")


def rule(*functions: Any) -> Callable[[Any], Any]:
    """Decorator: what these functions do with batched arrays, called as they are."""

    def register(target: Any) -> Any:
        RULES.update(dict.fromkeys(functions, target))
        return target

    return register


def rule_of(function: Any) -> Any:
    """The rule for a function of NumPy's, a pair (ufunc, method), or a kernel; None without."""
    if np.where not in RULES:
        for name in _FILES:
            import_module(f"autograd.arrays.batching.{name}")
    return RULES.get(function)


class Refused(RuntimeError):
    """What asked for the value of one sample, or would give results of several shapes."""


class Batched:
    """``data``, whose first axes belong to ``levels`` and are hidden.

    >>> from types import SimpleNamespace
    >>> level = SimpleNamespace(number=1, size=2, open=True)
    >>> x = Batched(np.array([[1, 2, 3], [4, 5, 6]]), (level,))
    >>> x.shape, np.add.reduce(x).data
    ((3,), array([ 6, 15]))
    """

    __slots__ = ("__weakref__", "data", "levels", "shape")

    def __init__(self, data: Any, levels: tuple[Any, ...]) -> None:
        self.data = data
        self.levels = levels
        self.shape = data.shape[len(levels) :]

    ndim = property(lambda self: len(self.shape))
    size = property(lambda self: math.prod(self.shape))
    dtype = property(lambda self: self.data.dtype)
    itemsize = property(lambda self: self.data.itemsize)
    nbytes = property(lambda self: self.data.nbytes)
    flags = property(lambda self: self.data.flags)
    strides = property(lambda self: self.data.strides[len(self.levels) :])
    real = property(lambda self: Batched(self.data.real, self.levels))
    imag = property(lambda self: Batched(self.data.imag, self.levels))

    @property
    def base(self) -> Any:
        """An array of NumPy's on the way to the owner of the memory."""
        base = self.data.base
        return base if type(base) is np.ndarray else self.data

    @property
    def first(self) -> Any:
        """The array of the first sample; it lies in memory as those of all others do."""
        return self.data[(*(0,) * len(self.levels), ...)]

    def astype(self, dtype: Any, copy: bool = True) -> Batched:
        data = self.data.astype(dtype, copy=copy)
        return self if data is self.data else Batched(data, self.levels)

    def copy(self) -> Batched:
        return Batched(self.data.copy(), self.levels)

    def view(self, dtype: Any) -> Batched:
        return Batched(self.data.view(dtype), self.levels)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        length: int = self.shape[0]
        return length

    def __getitem__(self, index: Any) -> Any:
        return rule_of("get")(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        rule_of("set")(self, index, value)

    def __repr__(self) -> str:
        return f"Batched({self.data!r}, levels={tuple(level.number for level in self.levels)})"

    # -- no way out ----------------------------------------------------------------------------

    def _refused(self, what: str, remedy: str) -> Refused:
        if all(level.open for level in self.levels):
            fact = "inside vmap this tensor stands for one value per sample"
        else:
            fact = "this tensor has left its vmap, and stands for one value per sample"
            remedy = "Return it from the function that vmap maps."
        return Refused(f"{what}; {fact}. {remedy}")

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        remedy = (
            "Return the tensor from the function, and convert what vmap gives. To write it into a "
            "tensor, take a clone of a mapped one, or zeros_like() of one."
        )
        raise self._refused("numpy: an array holds the values of one tensor", remedy)

    def item(self) -> Any:
        remedy = "Return the tensor from the function, and read what vmap gives."
        raise self._refused("item: a Python number is one value", remedy)

    def tolist(self) -> Any:
        remedy = "Return the tensor from the function, and read what vmap gives."
        raise self._refused("tolist: lists hold the values of one tensor", remedy)

    def __bool__(self) -> bool:
        remedy = "Choose by where(condition, a, b) instead of if."
        raise self._refused("bool: a Python bool is one value", remedy)

    def __index__(self) -> int:
        remedy = "Index by the tensor itself, x[index], or with take_along_dim()."
        raise self._refused("index: a Python integer is one value", remedy)

    __float__ = __int__ = __complex__ = item
    __hash__ = None  # type: ignore[assignment]

    # -- NumPy's protocols ---------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        for one in inputs:
            if type(one) is not Batched and hasattr(type(one), "__array_ufunc__"):
                if not isinstance(one, (np.ndarray, np.generic)):
                    return NotImplemented  # a tensor, or a dual array, knows what to do
        if method == "__call__" and ufunc.signature is None:
            return elementwise(ufunc, *inputs, **options)
        found = rule_of(ufunc if method == "__call__" else method)
        if found is None:
            return by_samples(getattr(ufunc, method), inputs, options)
        return (
            found(*inputs, **options) if method == "__call__" else found(ufunc, *inputs, **options)
        )

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if not all([issubclass(kind, (Batched, np.ndarray)) for kind in types]):
            return NotImplemented
        found = rule_of(function)
        if found is None:
            return by_samples(function, args, options)
        return found(*args, **options)

    def __autograd_kernel__(self, kernel: Any, args: Any, options: Any) -> Any:
        other = _other_kind(args)
        if other is not None:
            return other.__autograd_kernel__(kernel, args, options)
        found = rule_of(kernel)
        if found is None:
            if getattr(kernel, "pointwise", False):
                return elementwise(kernel.tuned, *args, **options)
            try:
                return kernel.plain(*args, **options)
            except Refused:  # it looks at values: its samples go different ways
                return by_samples(kernel.tuned, args, options)
        return found(*args, **options)


def _other_kind(args: Any) -> Any:
    """An array among ``args`` of another class that speaks the protocol: it holds batched ones."""
    for one in args:
        kind = type(one)
        if kind is tuple or kind is list:
            one = _other_kind(one)
            if one is not None:
                return one
        elif kind is not Batched and hasattr(kind, "__autograd_kernel__"):
            return one
    return None


def _operator(ufunc: Any, reflected: bool) -> Any:
    def method(self: Batched, other: Any) -> Any:
        kind = type(other)
        if kind is float or kind is int:
            data, levels = other, self.levels
        elif (
            kind is Batched and other.levels == self.levels and (other.data.ndim == self.data.ndim)
        ):
            data, levels = other.data, self.levels
        else:
            return ufunc(other, self) if reflected else ufunc(self, other)
        return Batched(ufunc(data, self.data) if reflected else ufunc(self.data, data), levels)

    return method


def _in_place(ufunc: Any) -> Any:
    return lambda self, other: ufunc(self, other, out=(self,))


for _name, _ufunc in {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "truediv": np.true_divide,
    "floordiv": np.floor_divide,
    "mod": np.remainder,
    "pow": np.power,
    "matmul": np.matmul,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
    "lshift": np.left_shift,
    "rshift": np.right_shift,
}.items():
    if _ufunc is np.matmul:
        setattr(Batched, f"__{_name}__", lambda self, other: np.matmul(self, other))
        setattr(Batched, f"__r{_name}__", lambda self, other: np.matmul(other, self))
        continue
    setattr(Batched, f"__{_name}__", _operator(_ufunc, reflected=False))
    setattr(Batched, f"__r{_name}__", _operator(_ufunc, reflected=True))
    setattr(Batched, f"__i{_name}__", _in_place(_ufunc))
for _name, _ufunc in {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}.items():
    setattr(Batched, f"__{_name}__", _operator(_ufunc, reflected=False))
for _name, _ufunc in {
    "neg": np.negative,
    "pos": np.positive,
    "abs": np.absolute,
    "invert": np.invert,
}.items():
    setattr(Batched, f"__{_name}__", lambda self, ufunc=_ufunc: ufunc(self))


# -- hidden axes side by side ---------------------------------------------------------------------


def levels_of(*values: Any) -> tuple[Any, ...]:
    """The levels of all arrays in ``values``, which may be tuples and lists, by their numbers."""
    found: tuple[Any, ...] = ()
    for value in values:
        kind = type(value)
        if kind is Batched:
            own = value.levels
        elif kind is tuple or kind is list:
            own = levels_of(*value)
        else:
            continue
        if own != found:
            found = tuple(sorted({*found, *own}, key=_number)) if found and own else found or own
    return found


def _number(level: Any) -> int:
    number: int = level.number
    return number


def sizes_of(levels: tuple[Any, ...]) -> tuple[int, ...]:
    """The lengths of the hidden axes."""
    return tuple([level.size for level in levels])


def aligned(x: Any, levels: tuple[Any, ...], ndim: int) -> Any:
    """The data of ``x`` with an axis for each of ``levels`` and ``ndim`` more, 1 where it has none.

    What has no hidden axis, and numbers, come back as they are: they broadcast from the right.
    """
    if type(x) is not Batched:
        return x
    if x.levels == levels and len(x.shape) == ndim:
        return x.data
    hidden = sizes_of(levels)
    if x.levels != levels:
        hidden = tuple([level.size if level in x.levels else 1 for level in levels])
    return x.data.reshape(*hidden, *(1,) * (ndim - len(x.shape)), *x.shape)


def tuned(kernel: Any) -> Any:
    """The function of a kernel over NumPy's arrays, which asks nobody."""
    return kernel.tuned


def whole(x: Any, levels: tuple[Any, ...]) -> Any:
    """The data of ``x`` for each sample of each of ``levels``: a view, spread where it has none."""
    if type(x) is Batched and x.levels == levels:
        return x.data
    shape = np.shape(x)
    return np.broadcast_to(aligned(x, levels, len(shape)), (*sizes_of(levels), *shape))


def elementwise(function: Any, *inputs: Any, out: Any = None, **options: Any) -> Any:
    """``function``, which works element by element, for all samples."""
    where = options.get("where", True)
    levels = levels_of(*inputs) if where is True else levels_of(*inputs, where)
    ndim = 0
    for one in inputs:
        if type(one) is list:
            inputs = tuple([np.asarray(x) if type(x) is list else x for x in inputs])
            return elementwise(function, *inputs, out=out, **options)
        own = getattr(one, "ndim", 0)
        ndim = own if own > ndim else ndim
    if out is not None:
        target = out[0] if type(out) is tuple else out
        check_target(target, levels)
        levels, ndim = target.levels, target.ndim
        options["out"] = target.data
    if where is not True:
        options["where"] = aligned(where, levels, ndim)
    made = function(*[aligned(x, levels, ndim) for x in inputs], **options)
    if out is not None:
        return target
    return Batched(made, levels) if type(made) is not tuple else batched(made, levels)


def batched(made: Any, levels: tuple[Any, ...]) -> Any:
    """Arrays that have the hidden axes in front, in tuples and lists, as batched ones."""
    if isinstance(made, (tuple, list)):
        parts = [batched(one, levels) for one in made]
        return type(made)(*parts) if hasattr(made, "_fields") else type(made)(parts)
    return Batched(made, levels)


def check_target(target: Any, levels: tuple[Any, ...]) -> None:
    """Raise RuntimeError where values of ``levels`` cannot be written to ``target``."""
    own = target.levels if type(target) is Batched else ()
    if not set(levels) <= set(own):
        raise RuntimeError(
            "vmap: what is written to in place must hold a value for each sample; this tensor, of "
            f"shape {tuple(target.shape)}, is one for all of them. Write to x.clone() of a mapped "
            "tensor, to zeros_like(x) of one, or out of place."
        )


# -- into a level, and out of it ------------------------------------------------------------------


@kernel
def entered(x: Any, *, level: Any, axis: int) -> Any:
    """``x`` with an axis hidden, as that of ``level``."""
    return Batched(np.moveaxis(x, axis, 0), (level,))


@rule(entered)
def _entered(x: Any, *, level: Any, axis: int) -> Any:
    levels = tuple(sorted((*x.levels, level), key=_number))
    return Batched(np.moveaxis(x.data, len(x.levels) + axis, levels.index(level)), levels)


@kernel
def left(x: Any, *, level: Any, axis: int) -> Any:
    """``x`` with the hidden axis of ``level`` shown; what has none is the same for all samples."""
    return np.moveaxis(_copies(x, level.size), 0, axis)


def _copies(x: Any, n: int) -> Any:
    return np.copy(np.broadcast_to(x, (n, *np.shape(x))), order="C")


@rule(left)
def _left(x: Any, *, level: Any, axis: int) -> Any:
    rest = tuple([one for one in x.levels if one is not level])
    if rest == x.levels:
        return Batched(np.moveaxis(_copies(x.data, level.size), 0, len(rest) + axis), rest)
    data = np.moveaxis(x.data, x.levels.index(level), len(rest) + axis)
    return Batched(data, rest) if rest else data


@kernel
def added_up(x: Any, *, level: Any) -> Any:
    """The sum over the samples of ``level``; ``x`` where it has none of its own for them."""
    return x


@rule(added_up)
def _added_up(x: Any, *, level: Any) -> Any:
    if level not in x.levels:
        return x
    rest = tuple([one for one in x.levels if one is not level])
    data = np.add.reduce(x.data, x.levels.index(level))
    return Batched(data, rest) if rest else data


@kernel
def handed_out(x: Any, *, level: Any) -> Any:
    """``x`` for each sample of ``level``: the adjoint of :func:`added_up`."""
    return Batched(np.broadcast_to(x, (level.size, *np.shape(x))), (level,))


@rule(handed_out)
def _handed_out(x: Any, *, level: Any) -> Any:
    levels = levels_of(x, Batched(np.empty(level.size), (level,)))
    return Batched(whole(x, levels), levels)


# -- one sample after the other -------------------------------------------------------------------


def by_samples(function: Any, args: Any, options: dict[str, Any]) -> Any:
    """``function`` of each sample in turn, the results stacked: for what has no rule of its own.

    It only reads its arguments, or writes to what has a part for each sample.
    """
    levels = levels_of(*args, *options.values())
    hidden = sizes_of(levels)
    if 0 in hidden:
        made = [_of_sample(function, args, options, levels, None)]
    else:
        made = [_of_sample(function, args, options, levels, at) for at in np.ndindex(hidden)]
    return _stacked(function, made, levels)


def _of_sample(function: Any, args: Any, options: Any, levels: Any, at: Any) -> Any:
    opened = {name: sample_of(value, levels, at) for name, value in options.items()}
    return function(*[sample_of(one, levels, at) for one in args], **opened)


def sample_of(value: Any, levels: tuple[Any, ...], at: Any) -> Any:
    """``value`` as the sample at the places ``at`` of ``levels`` has it; at None, some like it."""
    kind = type(value)
    if kind is Batched:
        if at is None:
            return np.ones(value.shape, value.dtype)
        return value.data[tuple([i for i, level in zip(at, levels) if level in value.levels])]
    if kind is tuple or kind is list:
        return kind([sample_of(one, levels, at) for one in value])
    return value


def _stacked(function: Any, made: list[Any], levels: tuple[Any, ...]) -> Any:
    first = made[0]
    if isinstance(first, (tuple, list)):
        parts = [_stacked(function, list(one), levels) for one in zip(*made, strict=True)]
        return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)
    if first is None:
        return None
    if not isinstance(first, (np.ndarray, np.generic)):
        raise refused(getattr(function, "__name__", str(function)), "depends on its values")
    if len({np.shape(one) for one in made}) > 1:
        raise refused(getattr(function, "__name__", str(function)), "has one for each of them")
    data = np.stack(made) if len(made) > 1 else np.asarray(first)[None]
    shape = (*sizes_of(levels), *data.shape[1:])
    return Batched(np.zeros(shape, data.dtype) if 0 in shape else data.reshape(shape), levels)


def refused(name: str, fact: str) -> Refused:
    """What to raise where the samples of one call would not be alike."""
    return Refused(
        f"{name}: inside vmap a result has one shape and kind for all samples; this one {fact}. "
        "Mask with where(condition, x, y), or call it outside of vmap."
    )
