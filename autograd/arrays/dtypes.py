"""The dtypes, the default one, and PyTorch's rules for mixing them."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from typing import TypeAlias

    from autograd.tensors.annotations import DType

    AnyDtype: TypeAlias = "np.dtype[Any] | Named"  # inside there are NumPy's; tensors show ours

__all__ = ["as_dtype", "can_cast", "finfo", "iinfo", "set_default_dtype"]

# NumPy's; what users see are the objects of named_dtypes.py

float16 = np.dtype("float16")

float32 = np.dtype("float32")

float64 = np.dtype("float64")

int8 = np.dtype("int8")

int16 = np.dtype("int16")

int32 = np.dtype("int32")

int64 = np.dtype("int64")

uint8 = np.dtype("uint8")

uint16 = np.dtype("uint16")

uint32 = np.dtype("uint32")

uint64 = np.dtype("uint64")

bool = np.dtype("bool")  # noqa: A001

complex64 = np.dtype("complex64")

complex128 = np.dtype("complex128")

NAMES = (
    "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool "
    "complex64 complex128"
).split()

_default = float32

# bool < integer < floating < complex, as torch.result_type ranks them; V is bfloat16's
_RANK = {"b": 0, "u": 1, "i": 1, "f": 2, "V": 2, "c": 3}


class Named:
    """What users hold as dtypes derives from this; see named_dtypes.py."""

    __slots__ = ()

    kind: str
    name: str

    @property
    def dtype(self) -> np.dtype[Any]:
        """NumPy's."""
        raise NotImplementedError


class _Objects(dict[np.dtype[Any], Any]):
    """The users' object for each of NumPy's dtypes."""

    bfloat16: Any

    def __missing__(self, d: np.dtype[Any]) -> Any:
        if d.name == "bfloat16":  # NumPy has it only once ml_dtypes is imported
            found = self[d] = self.bfloat16
            return found
        if d.isnative:
            raise TypeError(f"dtype: expected one of {', '.join(NAMES)}; got {d}. Convert it.")
        return self[d.newbyteorder("=")]


NAMED = _Objects()


def of_name(name: str) -> np.dtype[Any]:
    """NumPy's dtype of one of ``NAMES``.

    Raises ModuleNotFoundError for bfloat16 where the package that adds it to NumPy is missing.
    """
    if name == "bfloat16":
        try:
            import ml_dtypes
        except ModuleNotFoundError:
            raise ModuleNotFoundError(
                "bfloat16: NumPy has it from the package ml_dtypes, which is not installed. Run: "
                'pip install "gradloom[bfloat16]"'
            ) from None
        found = np.dtype(ml_dtypes.bfloat16)
        while at_first_use:
            at_first_use.pop()(found)
        return found
    return np.dtype(name)


at_first_use: list[Callable[[np.dtype[Any]], None]] = []  # called once bfloat16 is used


# -- kinds: nobody else asks a dtype for its letter -----------------------------------------------


def floating(d: AnyDtype) -> builtins.bool:
    """Whether ``d`` holds real numbers with a fraction.

    >>> floating(float16), floating(int64), floating(complex64)
    (True, False, False)
    """
    return d.kind in "fV"


def complex_valued(d: AnyDtype) -> builtins.bool:
    """Whether ``d`` holds complex numbers."""
    return d.kind == "c"


def differentiable(d: AnyDtype) -> builtins.bool:
    """Whether tensors of ``d`` can have a gradient: floating and complex ones.

    >>> differentiable(float32), differentiable(complex64), differentiable(int64)
    (True, True, False)
    """
    return d.kind in "fcV"


def boolean(d: AnyDtype) -> builtins.bool:
    """Whether ``d`` holds truth values."""
    return d.kind == "b"


def integral(d: AnyDtype) -> builtins.bool:
    """Whether ``d`` holds whole numbers; bool does not count.

    >>> integral(uint8), integral(int64), integral(bool)
    (True, True, False)
    """
    return d.kind in "iu"


def unsigned(d: AnyDtype) -> builtins.bool:
    """Whether ``d`` holds whole numbers, none of them negative."""
    return d.kind == "u"


def numeric(d: AnyDtype) -> builtins.bool:
    """Whether ``d`` holds numbers or truth values, which tensors are made of: no text, no objects.

    >>> numeric(float32), numeric(np.dtype(object)), numeric(np.dtype("M8[s]"))
    (True, False, False)
    """
    return d.kind in _RANK and (d.kind != "V" or d.name == "bfloat16")


def real_valued(d: AnyDtype) -> builtins.bool:
    """Whether ``d`` holds real numbers or truth values.

    >>> real_valued(int64), real_valued(bool), real_valued(complex64)
    (True, True, False)
    """
    return numeric(d) and not complex_valued(d)


def brain(d: AnyDtype) -> builtins.bool:
    """Whether ``d`` is bfloat16: float32 with a third of its digits."""
    return d.kind == "V"


def narrow(d: AnyDtype) -> builtins.bool:
    """Whether ``d`` is a floating dtype of 16 bits, whose sums and squares go through float32."""
    return d is not float64 and d is not float32 and (d == float16 or d.kind == "V")


def get_default_dtype() -> np.dtype[Any]:
    """The dtype of floating-point tensors made from Python numbers."""
    return _default


def set_default_dtype(d: Any) -> None:
    """Set the dtype of floating-point tensors made from Python numbers.

    Raises TypeError where ``d`` is not a floating-point dtype.

    >>> set_default_dtype(float64); set_default_dtype(float32)
    """
    global _default
    dtype = as_dtype(d)
    if not floating(dtype):
        raise TypeError(
            f"set_default_dtype: expected a floating-point dtype; got {dtype}. "
            "Pass float16, float32 or float64."
        )
    _default = dtype


def as_dtype(dtype: Any) -> np.dtype[Any]:
    """``dtype`` in any spelling (``float32``, ``np.float32``, ``"float32"``) as a NumPy dtype.

    Raises TypeError for what is none of ``NAMES`` (a tensor or an array has a dtype, but is none).

    >>> as_dtype("float32") is np.dtype("float32")
    True
    """
    if isinstance(dtype, Named):
        return dtype.dtype
    if isinstance(dtype, str) and dtype == "bfloat16":
        return of_name(dtype)
    if isinstance(dtype, (np.dtype, type, str)):
        try:
            found = None if isinstance(dtype, str) and dtype == "a" else np.dtype(dtype)
        except TypeError:
            found = None
        if found is not None and found.name == "bfloat16":
            return of_name(found.name)
        if found is not None and found.name in NAMES:
            return found if found.isnative else found.newbyteorder("=")
    raise TypeError(
        f"dtype: expected one of {', '.join(NAMES)}; got {dtype!r:.60}. "
        "Pass autograd.float32, or the name 'float32'."
    )


def default_complex() -> np.dtype[Any]:
    """The complex dtype whose parts have the default dtype."""
    return complex128 if _default == float64 else complex64


def _weak(value: Any) -> np.dtype[Any]:
    """The dtype that a Python or NumPy scalar stands for: its kind, at the default width."""
    if isinstance(value, np.generic):
        kind = value.dtype.kind
    elif isinstance(value, (complex, np.complexfloating)):
        kind = "c"
    else:
        array = np.asarray(value)
        if array.ndim:  # a list is no operand
            raise TypeError(_not_numbers(value))
        kind = array.dtype.kind
    if kind in "iu":
        return int64
    if kind not in _RANK:
        raise TypeError(_not_numbers(value))
    return {"b": bool, "f": _default, "V": _default, "c": default_complex()}[kind]


def _not_numbers(value: Any) -> str:
    if isinstance(value, builtins.int):
        return f"a whole number must fit in 64 bits; got {value!r:.60} of type int. Pass a float."
    fields = getattr(value, "_fields", None)
    if fields:  # as max(x, dim) returns
        return (
            f"operands must be tensors or numbers; got the tuple ({', '.join(fields)}). Take one "
            f"of them: .{fields[0]}."
        )
    if hasattr(value, "dtype"):
        found = f"an array of {value.dtype}"
    else:
        found = f"{value!r:.60} of type {type(value).__name__}"
    return f"operands must be tensors or numbers; got {found}. Convert it with autograd.tensor."


def can_hold(to: np.dtype[Any], values: np.dtype[Any]) -> Any:
    """Whether ``values`` may be cast to ``to``: to their own kind or a higher one."""
    return _RANK[values.kind] <= _RANK[to.kind]


def wider(a: np.dtype[Any], b: np.dtype[Any]) -> np.dtype[Any]:
    """The common dtype of two equals: the higher kind wins, one kind promotes as in NumPy."""
    if "V" in (a.kind, b.kind) and a != b and differentiable(a) and differentiable(b):
        a, b = (float32 if brain(d) else d for d in (a, b))  # NumPy's table lacks bfloat16
    if {a.kind, b.kind} == {"c", "f"}:
        return np.promote_types(a, b)
    if a == b or _RANK[a.kind] > _RANK[b.kind]:
        return a
    if _RANK[a.kind] < _RANK[b.kind]:
        return b
    return np.promote_types(a, b)


def result_type(*values: Any) -> np.dtype[Any]:
    """The dtype of an operation over ``values``: arrays, 0-d arrays, and scalars in that priority.

    Values are arrays (anything with ``dtype`` and ``ndim``), NumPy scalars that stand for 0-d
    tensors wrapped by the caller as arrays, or Python numbers.
    """
    found: list[np.dtype[Any] | None] = [None, None, None]
    for value in values:
        if hasattr(value, "dtype") and not isinstance(value, np.generic):
            level, dtype = (0 if value.ndim else 1), value.dtype
            if isinstance(dtype, Named):
                dtype = dtype.dtype
            if not numeric(dtype):
                raise TypeError(_not_numbers(value))
        else:
            level, dtype = 2, _weak(value)
        seen = found[level]
        found[level] = dtype if seen is None else wider(seen, dtype)
    result: np.dtype[Any] | None = None
    for candidate in found:
        if candidate is not None and (result is None or _RANK[candidate.kind] > _RANK[result.kind]):
            if candidate.kind == "c" and result is not None and floating(result):
                candidate = complex128 if result == float64 else complex64  # as precise
            result = candidate
    if result is None:
        raise TypeError("result_type: at least one tensor or number is needed; got none.")
    return result


# -- dtypes ---------------------------------------------------------------------------------------


def can_cast(from_: DType, to: DType) -> builtins.bool:
    """Whether values may be cast without leaving their kind: never from floating to integer.

    >>> can_cast("float32", "int64"), can_cast("int64", "uint8"), can_cast("float64", "float16")
    (False, True, True)
    """
    return can_hold(as_dtype(to), as_dtype(from_))


class _Limits:
    """What ``finfo`` and ``iinfo`` share: fields that are printed as PyTorch prints them."""

    __slots__ = ()
    shown: tuple[str, ...] = ()
    dtype: str

    def __repr__(self) -> str:
        facts = "".join([f"{name}={getattr(self, name):g}, " for name in self.shown])
        return f"{type(self).__name__}({facts}dtype={self.dtype})"

    def __eq__(self, other: object) -> builtins.bool:
        return type(other) is type(self) and self.dtype == other.dtype

    def __hash__(self) -> builtins.int:
        return hash((type(self), self.dtype))


class finfo(_Limits):  # noqa: N801 - torch.finfo
    """The limits of a floating-point dtype (of the parts of a complex one); the default's, of none.

    ``eps`` is the step from 1 to the next number; ``tiny``, also called ``smallest_normal``, the
    least positive number of full precision; ``resolution`` that of the decimal digits that it
    keeps. Raises TypeError for other dtypes.

    >>> finfo("float32").eps
    1.1920928955078125e-07
    """

    __slots__ = ("bits", "dtype", "eps", "max", "min", "resolution", "smallest_normal", "tiny")
    shown = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")

    def __init__(self, type: DType = None) -> None:
        dtype = get_default_dtype() if type is None else type
        dtype = dtype if isinstance(dtype, Named) else as_dtype(dtype)  # one needs no ml_dtypes
        if not differentiable(dtype):
            raise TypeError(f"finfo: expected a floating-point dtype; got {dtype}. Use iinfo.")
        self.bits, self.dtype, digits, self.eps, self.max, self.tiny = _limits_of(dtype)
        self.min, self.smallest_normal = -self.max, self.tiny
        self.resolution = builtins.float(f"1e-{digits}")


def _limits_of(dtype: AnyDtype) -> tuple[Any, ...]:
    """Bits, name, decimal digits, the step after 1, the largest and the least normal number."""
    if brain(dtype):  # np.finfo does not know it
        return 16, dtype.name, 2, 2.0**-7, 2.0**127 * (2 - 2.0**-7), 2.0**-126
    limits = np.finfo(dtype.name)
    real = builtins.float
    largest, least = real(limits.max), real(limits.smallest_normal)
    return (
        builtins.int(limits.bits),
        limits.dtype.name,
        limits.precision,
        real(limits.eps),
        largest,
        least,
    )


class iinfo(_Limits):  # noqa: N801 - torch.iinfo
    """The limits of an integer dtype. Raises TypeError for other dtypes.

    >>> iinfo("int8")
    iinfo(min=-128, max=127, dtype=int8)
    """

    __slots__ = ("bits", "dtype", "max", "min")
    shown = ("min", "max")

    def __init__(self, type: DType) -> None:
        dtype = as_dtype(type)
        if dtype.kind not in "iu":
            raise TypeError(f"iinfo: expected an integer dtype; got {dtype}. Use finfo.")
        limits = np.iinfo(dtype)
        self.bits, self.dtype = builtins.int(limits.bits), dtype.name
        self.min, self.max = builtins.int(limits.min), builtins.int(limits.max)


DTYPE_PREFIX = "autograd."
