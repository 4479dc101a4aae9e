"""Arrays that write down what is done with them: a step runs as ever, and leaves a list of calls.

NumPy asks an array of another class what to do (``__array_ufunc__``, ``__array_function__``), and
so does the dialect with its kernels (``__autograd_kernel__``). A :class:`Recorded` does it, on the
very array that is inside, and notes it on its :class:`Tape`::

    h = x @ w               (matmul, (x, w), {}, h)
    h += b                  (iadd, (h, b), {}, h)
    np.maximum(h, 0)        (maximum, (h, 0), {}, v)

So a step that is recorded gives the numbers that it gives without. What a tape cannot hold (a value
that Python takes over, an array from elsewhere) is no error either: the tape says so afterwards, in
``refusals``, and is good for nothing then.
"""

from __future__ import annotations

import operator
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy._core import umath

from autograd.arrays.dialect import Scalar, foreign, writable, written
from autograd.compiler.tapes.by_values import has_shape, shaped_by_values
from autograd.compiler.tapes.methods import Methods, asked_by_user
from autograd.compiler.tapes.numbers import Number
from autograd.engine.lines import Line, here
from autograd.kernels import layout

# What NumPy does about overflow and its like: the same object until np.errstate changes it
errors: Callable[[], Any] = getattr(umath, "_extobj_contextvar").get  # noqa: B009

# What tells of shapes and dtypes alone: nothing that a replay has to do
_FACTS = {
    np.shape, np.ndim, np.size, np.result_type, np.may_share_memory, np.shares_memory,
    np.iscomplexobj, np.isrealobj, np.isfortran, np.can_cast, np.common_type, np.min_scalar_type,
}  # fmt: skip

# What may give the very array that it was given, as it lies in memory: then nothing was done
_AS_IT_IS = {
    layout.gapless, layout.in_rows, layout.unexpanded, np.atleast_1d, np.atleast_2d, np.atleast_3d,
    np.real, np.real_if_close,
}  # fmt: skip


class Call(NamedTuple):
    """A function, what it was given, what it gave; arrays and numbers as recorders."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    options: dict[str, Any]
    result: Any


class Refusal(NamedTuple):
    """Why a tape cannot stand for the step, and at which line of the user's."""

    reason: str
    line: Line | None


class Tape:
    """Calls in the order in which they were made, by the thread that made the tape.

    >>> tape = Tape()
    >>> x = tape.lift(np.ones(2))
    >>> y = x * 2 + x
    >>> [call.function.__name__ for call in tape.calls], y.inside
    (['mul', 'add'], array([3., 3.]))
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.refusals: list[Refusal] = []
        self.constants: list[Any] = []  # arrays from elsewhere: indices, and facts for kernels
        self.thread = threading.get_ident()
        self.closed = False
        self.quiet = False  # a call was made while NumPy was told to be silent
        self.of_arrays = (
            False  # the step has been given arrays of NumPy's, and works on them itself
        )
        self.asked: set[int] = set()  # arguments whose numbers it has lost sight of
        self.reads: Any = None  # who knows which values go into the result alone
        self.reckoned: dict[Any, Any] = {}  # what numbers gave, by function and arguments
        self._errors = errors()
        self._marks: dict[int, tuple[Any, int]] = {}  # arrays of the step's own, what was in them
        self._known: dict[int, Recorded] = {}  # by the array, which it keeps alive
        self._numbers: dict[tuple[int, str], Any] = {}  # their dict, value, as lifted

    @property
    def live(self) -> bool:
        """Whether what is done now, here, belongs on the tape."""
        return not self.closed and threading.get_ident() == self.thread

    def lift(self, array: Any) -> Any:
        """The recorder over ``array``, an array or a scalar of NumPy's: always the same one."""
        if isinstance(array, np.generic):
            return RecordedScalar(array, self)
        found = self._known.get(id(array))
        if found is None:
            found = self._known[id(array)] = Recorded(array, self)
        return found

    def number(self, value: Any, source: tuple[Any, ...] = (), looked: bool = False) -> Any:
        """``value`` with what numbers there are in it as :class:`Number`; Booleans are facts.

        :param source: where it is read anew, a dict and keys; () for what is given.
        :param looked: it comes from a look at an array.
        """
        if type(value) is tuple:
            deeper = [(*source, i) if source else () for i in range(len(value))]
            return tuple([self.number(*pair, looked) for pair in zip(value, deeper)])
        return Number(value, self, source, looked) if type(value) in (int, float) else value

    def read(self, holder: dict[str, Any], name: str) -> Any:
        """What ``holder`` has under ``name``, as :meth:`number` has it: read once by a replay."""
        key, value = (id(holder), name), holder[name]
        if key not in self._numbers:
            self._numbers[key] = holder, value, self.number(value, (holder, name))
        elif value is not self._numbers[key][1]:
            self.refuse(f"a number that was read has changed during the step, {name!r}")
            return value
        return self._numbers[key][2]

    @property
    def read_anew(self) -> set[tuple[int, str]]:
        """The numbers that a replay reads anew: the ``id`` of their dict, and their name."""
        return {key for key, (_, _, lifted) in self._numbers.items() if not _fixed(lifted)}

    def _changed(self) -> set[tuple[int, str]]:
        """The numbers that were read, and are others now."""
        found = self._numbers.items()
        return {key for key, (holder, value, _) in found if holder.get(key[1]) is not value}

    @contextmanager
    def changing(self, numbers: dict[str, Any]) -> Iterator[None]:
        """Numbers that change inside are, from then on, those of their name in ``numbers``."""
        before = self._changed()
        yield
        for key in self._changed() - before:
            holder, name = self._numbers[key][0], key[1]
            if name in numbers:
                self._numbers[key] = holder, holder[name], numbers[name]

    def close(self) -> None:
        """Take nothing more. Numbers that the step has changed past the tape are refused."""
        for _, name in self._changed():
            self.refuse(f"the step has changed a number that it reads, {name!r}")
        for array, mark in self._marks.values():
            if _mark(array) != mark:
                self.refuse(f"an array of the step's own, of shape {array.shape}, was written into")
        self.closed = True

    def forget(self) -> None:
        """Let go of calls and arrays; numbers of the step may live on, and know the tape."""
        for one in (self.calls, self.constants, self.reckoned, self._known, self._numbers):
            one.clear()
        self._marks.clear()

    def argument(self, value: Any, place: int) -> Number:
        """A number that the step is given, which is another each time."""
        return Number(value, self, origin=frozenset({place}))

    def whole(self, value: Any) -> Any:
        """``value`` with whole numbers of arguments as they are: they may be axes, sizes, places.

        What they decide is no matter of a program's, so it stands for these alone.
        """
        kind = type(value)
        if kind is Number and value.origin and type(value.value) is int:
            return value.refused("may be a size or a place")
        if kind is tuple or kind is list:
            return kind([self.whole(one) for one in value])
        if kind is dict:
            return {name: self.whole(one) for name, one in value.items()}
        if kind is slice:
            return slice(*self.whole((value.start, value.stop, value.step)))
        return value

    def constant(self, array: Any) -> Any:
        """``array``, which the step has from elsewhere, as what is the same each time.

        It is: what the step's code finds is compared before each replay, and so what it makes of
        that is the same. To be sure that nothing is written into it, it is looked at afterwards.
        """
        if isinstance(array, np.ndarray) and id(array) not in self._marks:
            self._marks[id(array)] = array, _mark(array)
        return array

    def taken_over(self, array: Any) -> Any:
        """The recorder over an array that the step has made, which is about to be written into."""
        made = self._known[id(array)] = Recorded(array, self)
        self.calls.append(Call(np.array, (np.copy(array, order="K"),), {}, made))
        return made

    def is_constant(self, array: Any) -> bool:
        """Whether an array was given to :meth:`constant`."""
        return id(array) in self._marks or isinstance(array, np.generic)

    def note(self, function: Any, args: tuple[Any, ...], options: Any, result: Any) -> Any:
        """Put a call on the tape; its result, lifted, where it is the tape's time."""
        if not self.live:
            return result
        self.quiet = self.quiet or errors() is not self._errors
        result = self._lifted(result)
        if function in _AS_IT_IS and result is args[0]:
            return result
        self.calls.append(Call(function, args, options, result))
        if shaped_by_values(function, args, options):
            results = result if isinstance(result, (tuple, list)) else (result,)
            for one in results:  # what follows goes by it
                if isinstance(one, Recorded):
                    self.calls.append(Call(has_shape, (one, one.shape), {}, True))
        return result

    def _lifted(self, result: Any) -> Any:
        if isinstance(result, (np.ndarray, np.generic)):
            return self.lift(result)
        if type(result) is list or isinstance(result, tuple):
            made = [self._lifted(one) for one in result]
            if type(result) is list:
                return made
            return type(result)(*made) if hasattr(result, "_fields") else tuple(made)
        return result

    def refuse(self, reason: str) -> None:
        """Say why the tape cannot stand for the step; what runs goes on."""
        if self.live:
            self.refusals.append(Refusal(reason, here()))

    def opened(self, value: Any, mixed: bool = True) -> Any:
        """``value`` with the arrays and numbers that are in its recorders.

        :param mixed: NumPy's arrays may stand beside them: constants of a kernel, or an index.
        """
        kind = type(value)
        if kind is Recorded or kind is RecordedScalar:
            return value.inside
        if kind is Number:
            return value.value
        if kind is tuple or kind is list:
            return kind([self.opened(one, mixed) for one in value])
        if kind is dict:
            return {name: self.opened(one, mixed) for name, one in value.items()}
        if kind is np.ndarray:
            if mixed or self.of_arrays:
                self.constants.append(value)
                if self.of_arrays:
                    self.constant(value)
            else:
                self.refuse(f"an array from elsewhere, of shape {value.shape}, was computed with")
        return value


def _mark(array: Any) -> int:
    """What tells an array's elements from others."""
    return hash(array.tobytes())


def _fixed(lifted: Any) -> bool:
    """Whether there is no number in what was read."""
    parts = lifted if type(lifted) is tuple else (lifted,)
    return not all([type(one) is Number for one in parts])


def _read(convert: Callable[[Any], Any], name: str) -> Any:
    def read(self: Any) -> Any:
        value, tape = convert(self.inside), self.tape
        reads = tape.reads if tape.live else None
        if reads is None or not reads.notes(self, value, sys._getframe(1)):
            tape.refuse(f"a value was read into Python, by {name}")
        return value

    return read


class Recorded(Methods):
    """Runs each call on the array inside, and notes it. See the top of the file.

    Raises nothing of its own: what it cannot note is among the tape's refusals.
    """

    __slots__ = ("__weakref__", "inside", "tape")

    def __init__(self, array: Any, tape: Tape) -> None:
        self.inside, self.tape = array, tape

    shape = property(lambda self: self.inside.shape)
    ndim = property(lambda self: self.inside.ndim)
    size = property(lambda self: self.inside.size)
    dtype = property(lambda self: self.inside.dtype)
    flags = property(lambda self: self.inside.flags)
    strides = property(lambda self: self.inside.strides)
    itemsize = property(lambda self: self.inside.itemsize)
    nbytes = property(lambda self: self.inside.nbytes)

    @property
    def base(self) -> Any:
        """The recorder over the array that owns the memory, as for NumPy's arrays."""
        base = self.inside.base
        return self.tape.lift(base) if type(base) is np.ndarray else base

    def __len__(self) -> int:
        return len(self.inside)

    def __repr__(self) -> str:
        if self.tape is not None and asked_by_user():
            self.tape.refuse("a value was read into Python, by repr")
            return repr(self.inside)
        return f"{type(self).__name__}({self.inside!r})"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or not hasattr(self.inside, name):
            raise AttributeError(name)
        self.tape.refuse(f"an array was asked for what no tape holds, {name}")
        return getattr(self.inside, name)

    # -- values that Python takes over ---------------------------------------------------------

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        self.tape.refuse("an array was taken out of a tensor")
        return np.array(self.inside, dtype, copy=copy) if copy or dtype else np.asarray(self.inside)

    __float__, __int__ = _read(float, "float"), _read(int, "int")
    __bool__, __complex__ = _read(bool, "a condition"), _read(complex, "complex")
    __index__ = _read(operator.index, "an index")
    item, tolist = _read(lambda a: a.item(), "item"), _read(lambda a: a.tolist(), "tolist")
    __hash__ = None  # type: ignore[assignment]

    # -- the protocols -------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if not all([_belongs(one) for one in inputs]):
            return self._left_to(getattr(ufunc, method), inputs, inputs, options)
        tape = self.tape
        if "out" in options and type(options["out"][0]) is np.ndarray and tape.of_arrays:
            if sys.getrefcount(options["out"][0]) <= _ALONE and tape.live:  # m += self
                out = options["out"][0]
                made = tape.taken_over(out)
                inputs = tuple([made if one is out else one for one in inputs])
                options["out"] = (made,)
        if method in ("at", "reduceat"):  # which take an index
            given = (tape.opened(inputs[0], False), *tape.opened(inputs[1:]))
        else:
            given = tape.opened(inputs, False)
        options = tape.whole(options)
        call = ufunc if method == "__call__" else getattr(ufunc, method)
        result = call(*given, **tape.opened(options, False))
        return tape.note(call, inputs, options, result)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        others = [kind for kind in types if not issubclass(kind, (Recorded, np.ndarray, Number))]
        if others:
            return self._left_to(function, others, args, options)
        tape = self.tape
        args, options = tape.whole(args), tape.whole(options)
        result = function(*tape.opened(args, False), **tape.opened(options, False))
        if function in _FACTS:
            return result
        if result is not None and not _holds_arrays(result):
            tape.refuse(f"a value was read into Python, by {function.__name__}")
            return result
        return tape.note(function, args, options, result)

    def _left_to(self, function: Any, others: Any, args: Any, options: Any) -> Any:
        """What arrays of another kind of this library's (samples of a vmap) make of a call.

        To NumPy's question others answer for themselves: NotImplemented.
        """
        kinds = [one if isinstance(one, type) else type(one) for one in others]
        if any([hasattr(one, "_edge") for one in kinds]):
            return NotImplemented
        if not any(
            [hasattr(one, "__autograd_kernel__") for one in kinds if not issubclass(one, Recorded)]
        ):
            return NotImplemented
        self.tape.refuse("an array met samples of vmap")
        return function(*self.tape.opened(args), **self.tape.opened(options))

    def __autograd_kernel__(self, kernel: Any, args: Any, options: Any) -> Any:
        """One call, whatever the kernel does inside."""
        if kernel is writable and type(args[0]) is np.ndarray:
            kernel = written  # a constant stays what it is
        tape = self.tape
        result = kernel(*tape.opened(args), **tape.opened(options))
        if tape.live:  # integers are looked at (labels are in their range), and never chosen by
            result = tape.number(result, looked=True)
        return tape.note(kernel, args, options, result)

    def __autograd_shown__(self) -> Any:
        """As a user's code gets it: itself, where that is given recorders; else what is inside."""
        return self if self.tape.of_arrays else np.asarray(self)[()]

    def __autograd_number__(self, holder: Any, name: str) -> Any:
        """``holder[name]``, which a replay reads anew."""
        return self.tape.read(holder, name) if self.tape.live else holder[name]

    # -- methods, brackets ---------------------------------------------------------------------

    def astype(self, dtype: Any, copy: bool = True, **options: Any) -> Any:
        """As NumPy's, with ``order`` and ``casting`` by name."""
        if not copy and self.dtype == dtype:
            return self
        result = self.inside.astype(dtype, **options)
        return self.tape.note(np.ndarray.astype, (self, dtype), options, result)

    def copy(self, order: Any = "C") -> Any:
        """As NumPy's."""
        options = {} if order == "C" else {"order": order}
        return self.tape.note(np.ndarray.copy, (self,), options, self.inside.copy(order))

    def __getitem__(self, index: Any) -> Any:
        index = self.tape.whole(index)
        result = self.inside[self.tape.opened(index)]
        return self.tape.note(operator.getitem, (self, index), {}, result)

    def __setitem__(self, index: Any, value: Any) -> None:
        index = self.tape.whole(index)
        self.inside[self.tape.opened(index)] = self.tape.opened(value, False)
        self.tape.note(operator.setitem, (self, index, value), {}, None)


class RecordedScalar(Recorded, Scalar):
    """A scalar of NumPy's, without memory that could be written to: what a 0-d result is."""

    __slots__ = ()

    __autograd_decided__ = _read(lambda a: a, "an exponent")

    def in_memory(self) -> Any:
        """As a 0-d array."""
        return self.tape.note(np.array, (self,), {}, np.array(self.inside))


class _Probe:
    """Says how many hold the array of ``m += probe``, where nobody else than ``m`` does."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return sys.getrefcount(options["out"][0])


def _alone() -> int:
    m: Any = np.zeros(1)
    m += _Probe()
    return int(m)


# In Python 3.10 whoever is watched has a dict of local names besides
_ALONE = _alone() + (sys.version_info < (3, 11))


def _belongs(value: Any) -> bool:
    """Whether a value may stand beside a recorder: no tensor, no array of a third kind."""
    return isinstance(value, (Recorded, np.ndarray, Number)) or foreign(value) is None


def _holds_arrays(result: Any) -> bool:
    if isinstance(result, (tuple, list)):
        return not result or any([_holds_arrays(one) for one in result])
    return isinstance(result, (np.ndarray, np.generic))


def _operator(function: Any, reflected: bool = False) -> Any:
    def method(self: Any, *other: Any) -> Any:
        if other and not _belongs(other[0]):
            given = (*other, self) if reflected else (self, *other)
            return self._left_to(function, other, given, {})
        args = (*other, self) if reflected else (self, *other)
        return self.tape.note(function, args, {}, function(*self.tape.opened(args, False)))

    return method


def _in_place(function: Any, else_: Any) -> Any:
    def method(self: Any, other: Any) -> Any:
        if not _belongs(other):
            return NotImplemented
        used = else_ if type(self) is RecordedScalar else function
        result = used(self.inside, self.tape.opened(other, False))
        noted = self.tape.note(used, (self, other), {}, result)
        return self if result is self.inside else noted

    return method


for _name in "add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift".split():
    _plain = _name.rstrip("_")
    _function = getattr(operator, _name)
    setattr(Recorded, f"__{_plain}__", _operator(_function))
    setattr(Recorded, f"__r{_plain}__", _operator(_function, reflected=True))
    setattr(Recorded, f"__i{_plain}__", _in_place(getattr(operator, f"i{_plain}"), _function))
for _name in "neg pos abs invert lt le gt ge eq ne".split():
    setattr(Recorded, f"__{_name}__", _operator(getattr(operator, _name)))
