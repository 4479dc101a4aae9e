"""The dialect: what ops use of NumPy, and what NumPy's protocols do not reach.

An op's text runs over NumPy's arrays, over those of a GPU, over arrays with a hidden axis, over
arrays that write down what is done with them. It can as long as it keeps to what is listed here, to
operators and to brackets: whoever brings a new kind of array reads the lists and knows what it has
to answer to. `tests/autograd/arrays/test_dialect.py` holds ops, formulas, the rules of optimisers
and the plain forms of kernels to them.

Where a plain array meets one of another kind, ``np.add`` asks the other one what to do, but the
plain array's own brackets and memory do not. For these there are functions: :func:`pick`,
:func:`room`, :func:`written`, :func:`writable`; for looks at values :func:`everywhere`,
:func:`anywhere`, :func:`ends`; and for tuned code of any length :func:`kernel`. An array's class
answers to all of them by one method::

    def __autograd_kernel__(self, kernel, args, options): ...

which gets the function, what it was called with, and returns its result. A class without it (of
GPU arrays, say, which cannot be given one) gets the plain form, ``kernel.plain(*args, **options)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar, overload

import numpy as np

from autograd.arrays import dtypes

# NumPy's functions, with the keywords that they are called by; of kernels, the plain forms count
FUNCTIONS = """
    absolute add allclose arange(like) arccos arccosh arcsin arcsinh arctan arctan2 arctanh
    argmax(axis, keepdims) argmin(axis, keepdims) argpartition(axis) argsort(axis, kind) argwhere
    array(dtype, like) array_equal asarray atleast_1d atleast_2d bincount bitwise_and bitwise_not
    bitwise_or bitwise_xor broadcast_shapes broadcast_to ceil clip concatenate(axis) conjugate copy
    copysign cos cosh count_nonzero cumprod(axis, dtype) cumsum(axis, dtype) diagonal diff(append)
    dot einsum equal exp exp2 expand_dims expm1 eye(dtype, like) fft.fftn(axes, norm)
    fft.hfft(axis, n, norm) fft.ifftn(axes, norm) fft.ihfft(axis, norm) fft.irfft(axis, n, norm)
    fft.rfft(axis, norm) flatnonzero flip floor floor_divide fmax fmin fmod frexp full(like) gcd
    greater greater_equal histogram histogramdd hypot imag inner isclose isfinite isin isinf isnan
    lcm ldexp left_shift less less_equal lib.array_utils.byte_bounds
    lib.stride_tricks.sliding_window_view linalg.LinAlgError linalg.cholesky linalg.det linalg.eig
    linalg.eigh(UPLO) linalg.eigvals linalg.eigvalsh(UPLO) linalg.inv linalg.norm linalg.qr(mode)
    linalg.slogdet linalg.solve linalg.svd(compute_uv, full_matrices) log log10 log1p log2 logaddexp
    logaddexp2 logical_and logical_not logical_or logical_xor matmul maximum may_share_memory
    minimum moveaxis multiply nan_to_num(nan, neginf, posinf) ndim nextafter nonzero not_equal
    ones(like) ones_like(dtype) outer pad real remainder repeat reshape result_type right_shift rint
    roll round searchsorted shape sign signbit sin sinh size sort(axis) sqrt square squeeze
    stack(axis) swapaxes take_along_axis(axis) tan tanh transpose tri(dtype, like) tril triu trunc
    unique(axis, equal_nan, return_counts, return_inverse) vdot where zeros(like) zeros_like(dtype)
"""

TYPES = """
    bool_ dtype errstate finfo float32 float64 floating generic int32 int64 ndarray number
"""

# Methods of ufuncs; plain forms of kernels may use ``at``, too
UFUNC_METHODS = "reduce(axis, dtype, initial, keepdims)"

# Attributes and methods of arrays
ATTRIBUTES = "astype copy dtype ndim shape size"


# -- functions that are one call, whatever their arguments are ------------------------------------


def foreign(value: Any) -> Any:
    """The first array in ``value`` that is not NumPy's, before all one that speaks the protocol.

    ``value`` may be an array, a number, or a tuple of them, as arguments and indices are. None
    where there is none.

    >>> foreign((np.ones(2), 3, np.float32(1)))
    """
    kind = type(value)
    if kind in _PLAIN:
        return None
    if kind is tuple or kind is list:
        found = None
        for one in () if _PLAIN.issuperset(map(type, value)) else value:
            this = foreign(one)
            if this is not None:
                if hasattr(type(this), "__autograd_kernel__"):
                    return this
                found = this if found is None else found
        return found
    if hasattr(kind, "dtype") and not isinstance(value, (np.ndarray, np.generic)):
        return value
    return None


F = TypeVar("F", bound=Callable[..., Any])


@overload
def kernel(tuned: F, /) -> F: ...


@overload
def kernel(*, plain: Callable[..., Any], looks: bool = False) -> Callable[[F], F]: ...


def kernel(tuned: Any = None, /, *, plain: Any = None, looks: bool = False) -> Any:
    """Make a function of arrays one call of its own, with ``plain``, its plain form, beside it.

    Arrays, and indices that may hold some, are given by position; what is given by keyword is
    static. Over NumPy's arrays and numbers the function itself runs. Elsewhere the class of the
    first array that has ``__autograd_kernel__`` decides; where none has, the plain form runs, in
    which the dialect's functions do what threads, blocks and ``out=`` do in the tuned one. Without
    ``plain`` the function's own text is for every array.

    That look at the arguments costs 0.1 µs or more. What is called all the time ``looks`` itself:
    it begins with a test of the type, and returns ``handed_over(itself, args, options)`` where that
    is not np.ndarray; NumPy's scalars then go to the plain form.

    >>> @kernel(plain=lambda x: x * x)
    ... def square(x):
    ...     return np.multiply(x, x, out=np.empty_like(x))
    >>> square(np.ones(2)), square.plain(3)
    (array([1., 1.]), 9)
    """
    if tuned is None:
        return lambda function: kernel_of(function, plain, looks)
    return kernel_of(tuned, tuned, False)


# What needs no second look among a kernel's arguments
_PLAIN = frozenset({np.ndarray, int, float, complex, bool, str, slice, type(None), type(...)})
_PLAIN |= {np.dtype(name).type for name in dtypes.NAMES}


def kernel_of(tuned: Any, plain: Any, looks: bool) -> Any:
    """``tuned`` after a look at its arguments' types, which is written out where they are few."""
    if looks:
        tuned.tuned, tuned.plain, tuned.of_numbers = tuned, plain, plain
        return tuned
    plains = _PLAIN
    code = tuned.__code__
    call: Any

    def one(x: Any) -> Any:
        return tuned(x) if type(x) in plains else handed_over(call, (x,), {})

    def one_and_options(x: Any, **options: Any) -> Any:
        return tuned(x, **options) if type(x) in plains else handed_over(call, (x,), options)

    def two(x: Any, y: Any) -> Any:
        if type(x) in plains and type(y) in plains:
            return tuned(x, y)
        return handed_over(call, (x, y), {})

    def several(*args: Any, **options: Any) -> Any:
        for value in args:
            if type(value) not in plains and not (
                type(value) is tuple and plains.issuperset(map(type, value))  # an index
            ):
                return handed_over(call, args, options)
        return tuned(*args, **options)

    forms: dict[Any, Any] = {(1, False): one, (1, True): one_and_options, (2, False): two}
    variadic = code.co_flags & 4
    key = (code.co_argcount, bool(code.co_kwonlyargcount))
    call = wraps(tuned)(several if variadic else forms.get(key, several))
    call.tuned, call.plain, call.of_numbers = tuned, plain, tuned
    return call


def handed_over(kernel: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """The result of a kernel where not all arguments are NumPy's arrays."""
    found = foreign(args)
    if found is None:
        return kernel.of_numbers(*args, **options)
    if hasattr(type(found), "__autograd_kernel__"):
        return found.__autograd_kernel__(kernel, args, options)
    return kernel.plain(*args, **options)


# -- brackets -------------------------------------------------------------------------------------


def pick(x: Any, index: Any) -> Any:
    """``x[index]``, also where a plain ``x`` is indexed by arrays of another kind.

    >>> pick(np.array([1, 2, 3]), np.array([2, 0]))
    array([3, 1])
    """
    kind = type(index)
    if type(x) is not np.ndarray or kind in _PLAIN:
        return x[index]  # other arrays' brackets know what to do
    if kind is tuple and _PLAIN.issuperset(map(type, index)):
        return x[index]
    return picked(x, index)


@kernel
def picked(x: Any, index: Any) -> Any:
    """:func:`pick`, as an array's class is asked for it."""
    return x[index]


# -- scalars --------------------------------------------------------------------------------------


class Scalar:
    """What another kind of array has for NumPy's scalars: a number without memory of its own."""

    __slots__ = ()

    def in_memory(self) -> Any:
        """As a 0-d array of its kind."""
        raise NotImplementedError


SCALARS = (np.generic, Scalar)


def in_memory(x: Any) -> Any:
    """A scalar as a 0-d array, which can be written to and looked at.

    >>> in_memory(np.float32(1))
    array(1., dtype=float32)
    """
    return x.in_memory() if isinstance(x, Scalar) else np.array(x)


def inside(x: Any) -> Any:
    """The array in a recorder, to be asked where it lies in memory; any other as it is.

    >>> inside(3)
    3
    """
    return x if type(x) is np.ndarray else getattr(x, "inside", x)


def shown(x: Any) -> Any:
    """An array as a user's code gets it, whose own NumPy goes on with it: recorders say how.

    >>> shown(np.float64(3.0))
    np.float64(3.0)
    """
    show = getattr(type(x), "__autograd_shown__", None)
    return x if show is None else show(x)


def numbers_as_scalars(values: tuple[Any, ...], dtype: Any) -> tuple[Any, ...]:
    """``values`` with scalars in the place of numbers that a recorder's step is given.

    They have the dtype that a number of Python's has among arrays of ``dtype``.

    >>> numbers_as_scalars((2.0, "x"), np.float32)
    (2.0, 'x')
    """
    if making is None:
        return values
    ways = [(one, getattr(type(one), "__autograd_scalar__", None)) for one in values]
    return tuple([one if way is None else way(one, dtype) for one, way in ways])


def scalar_of(x: Any) -> Any:
    """A number that is recorded as a scalar of NumPy's, float64; anything else as it is.

    >>> scalar_of(2.0)
    2.0
    """
    way = getattr(type(x), "__autograd_scalar__", None)
    return x if way is None else way(x)


def decided(x: Any) -> Any:
    """A number, or a scalar, as one that code may decide by: what is recorded loses sight of it.

    >>> decided(2)
    2
    """
    if making is None:
        return x
    way = getattr(type(x), "__autograd_decided__", None)
    return x if way is None else way(x)


def recorded(value: Any) -> Any:
    """The first array in ``value``, which may be lists of lists, that is recorded; or None.

    >>> recorded([np.ones(2), 3])
    """
    if isinstance(value, (list, tuple)):
        return next((found for one in value if (found := recorded(one)) is not None), None)
    return value if hasattr(type(value), "__autograd_shown__") else None


def asarray(value: Any, dtype: Any = None) -> Any:
    """``np.asarray(value, dtype)``; what is recorded stays so.

    >>> asarray([1, 2])
    array([1, 2])
    """
    if type(value) is np.ndarray or not hasattr(type(value), "__autograd_shown__"):
        return np.asarray(value, dtype)
    return value if dtype is None or value.dtype == dtype else value.astype(dtype)


# -- arrays made of nothing -----------------------------------------------------------------------

# ``making(function, args, options)``: what is done instead, while a step is recorded
making: Callable[..., Any] | None = None


def made(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """``function(*args, **options)``, which makes an array without being given one.

    So do creation and draws: calls that nobody would hear of whose arrays write down what is done
    with them.

    >>> made(np.zeros, 2)
    array([0., 0.])
    """
    if making is None:
        return function(*args, **options)
    return making(function, args, options)


def numbers(like: Any, holder: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What ``holder`` has under ``names``: rates and counters that an optimiser's rule is given.

    Where the array ``like`` writes down its calls, they are read anew by each replay.

    >>> numbers(np.ones(2), {"lr": 0.1, "foreach": None}, ["lr"])
    {'lr': 0.1}
    """
    lift = getattr(type(like), "__autograd_number__", None)
    if lift is None:
        return {name: holder[name] for name in names}
    return {name: lift(like, holder, name) for name in names}


# -- memory to write to ---------------------------------------------------------------------------


def room(shape: tuple[int, ...], dtype: Any, *operands: Any) -> Any:
    """Fresh zeros that ``operands``, arrays of one kind or several and indices, are written to.

    >>> room((2,), np.float32, np.ones(2), (np.array([1]),))
    array([0., 0.], dtype=float32)
    """
    if _PLAIN.issuperset(map(type, operands)):
        return np.zeros(shape, dtype)
    return zeros(*operands, shape=shape, dtype=dtype)


def _zeros_like_the_first(*operands: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    return np.zeros(shape, dtype, like=foreign(operands))


@kernel(plain=_zeros_like_the_first)
def zeros(*operands: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """:func:`room`, as an array's class is asked for it."""
    return np.zeros(shape, dtype)


@kernel
def written(x: Any, *operands: Any) -> Any:
    """A copy of ``x``, never a scalar, that ``operands`` may be written to; axes keep their order.

    >>> written(np.float32(1))
    array(1., dtype=float32)
    """
    return np.copy(x, order="K")


@kernel
def writable(out: Any, *operands: Any) -> Any:
    """``out``, which the caller has just made, or what ``operands`` may be written to in its place.

    >>> out = np.zeros(2)
    >>> writable(out, np.ones(2)) is out
    True
    """
    return out


# -- looks at values, which never choose a result -------------------------------------------------


@kernel
def everywhere(condition: Any) -> bool:
    """Whether ``condition`` holds for all elements; over all samples, where there is a hidden axis.

    For checks of what was given, and for short cuts that change no result.

    >>> everywhere(np.array([True, False])), everywhere(np.array([], bool))
    (False, True)
    """
    return bool(np.logical_and.reduce(condition, axis=None))


@kernel
def anywhere(condition: Any) -> bool:
    """Whether ``condition`` holds for some element; see :func:`everywhere`.

    >>> anywhere(np.array([True, False])), anywhere(np.array([], bool))
    (True, False)
    """
    return bool(np.logical_or.reduce(condition, axis=None))


@kernel
def ends(x: Any) -> tuple[int, int]:
    """The least and the greatest of integers, (0, 0) of none; see :func:`everywhere`.

    >>> ends(np.array([3, 1, 2])), ends(np.array([], int))
    ((1, 3), (0, 0))
    """
    if not x.size:
        return 0, 0
    return int(np.minimum.reduce(x, axis=None)), int(np.maximum.reduce(x, axis=None))
