"""The dtypes, the default one, and PyTorch's rules for mixing them."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType

__all__ = [
    "as_dtype", "bool", "can_cast", "cdouble", "cfloat", "complex128", "complex64", "double",
    "finfo", "float", "float16", "float32", "float64", "get_default_dtype", "half", "iinfo",
    "int", "int16", "int32", "int64", "int8", "long", "promote_types", "result_type",
    "set_default_dtype", "short", "uint16", "uint32", "uint64", "uint8",
]  # fmt: skip

float16 = half = np.dtype("float16")

float32 = float = np.dtype("float32")  # noqa: A001 - torch.float is float32

float64 = double = np.dtype("float64")

int8 = np.dtype("int8")

int16 = short = np.dtype("int16")

int32 = int = np.dtype("int32")  # noqa: A001 - torch.int is int32

int64 = long = np.dtype("int64")

uint8 = np.dtype("uint8")

uint16 = np.dtype("uint16")

uint32 = np.dtype("uint32")

uint64 = np.dtype("uint64")

bool = np.dtype("bool")  # noqa: A001

complex64 = cfloat = np.dtype("complex64")

complex128 = cdouble = np.dtype("complex128")

NAMES = (
    "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool "
    "complex64 complex128"
).split()

_default = float32

# bool < integer < floating < complex, as torch.result_type ranks them
_RANK = {"b": 0, "u": 1, "i": 1, "f": 2, "c": 3}


# -- kinds: nobody else asks a dtype for its letter -----------------------------------------------


def floating(d: np.dtype[Any]) -> builtins.bool:
    """Whether ``d`` holds real numbers with a fraction.

    >>> floating(float16), floating(int64), floating(complex64)
    (True, False, False)
    """
    return d.kind == "f"


def complex_valued(d: np.dtype[Any]) -> builtins.bool:
    """Whether ``d`` holds complex numbers."""
    return d.kind == "c"


def differentiable(d: np.dtype[Any]) -> builtins.bool:
    """Whether tensors of ``d`` can have a gradient: floating and complex ones.

    >>> differentiable(float32), differentiable(complex64), differentiable(int64)
    (True, True, False)
    """
    return d.kind in "fc"


def boolean(d: np.dtype[Any]) -> builtins.bool:
    """Whether ``d`` holds truth values."""
    return d.kind == "b"


def integral(d: np.dtype[Any]) -> builtins.bool:
    """Whether ``d`` holds whole numbers; bool does not count.

    >>> integral(uint8), integral(int64), integral(bool)
    (True, True, False)
    """
    return d.kind in "iu"


def unsigned(d: np.dtype[Any]) -> builtins.bool:
    """Whether ``d`` holds whole numbers, none of them negative."""
    return d.kind == "u"


def numeric(d: np.dtype[Any]) -> builtins.bool:
    """Whether ``d`` holds numbers or truth values, which tensors are made of: no text, no objects.

    >>> numeric(float32), numeric(np.dtype(object)), numeric(np.dtype("M8[s]"))
    (True, False, False)
    """
    return d.kind in _RANK


def get_default_dtype() -> np.dtype[Any]:
    """The dtype of floating-point tensors made from Python numbers.

    >>> get_default_dtype()
    dtype('float32')
    """
    return _default


def set_default_dtype(d: Any) -> None:
    """Set the dtype of floating-point tensors made from Python numbers.

    Raises TypeError where ``d`` is not a floating-point dtype.

    >>> set_default_dtype(float64); set_default_dtype(float32)
    """
    global _default
    dtype = as_dtype(d)
    if dtype.kind != "f":
        raise TypeError(
            f"set_default_dtype: expected a floating-point dtype; got {dtype}. "
            "Pass float16, float32 or float64."
        )
    _default = dtype


def as_dtype(dtype: Any) -> np.dtype[Any]:
    """``dtype`` in any spelling (``float32``, ``np.float32``, ``"float32"``) as a NumPy dtype.

    Raises TypeError for what is none of ``NAMES`` (a tensor or an array has a dtype, but is none).

    >>> as_dtype("float32") is float32
    True
    """
    if isinstance(dtype, (np.dtype, type, str)):
        try:
            found = None if dtype == "a" else np.dtype(dtype)  # "a" is deprecated
        except TypeError:
            found = None
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
    return {"b": bool, "f": _default, "c": default_complex()}[kind]


def _not_numbers(value: Any) -> str:
    if isinstance(value, builtins.int):
        return f"a whole number must fit in 64 bits; got {value!r:.60} of type int. Pass a float."
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
    if {a.kind, b.kind} == {"c", "f"}:
        return np.promote_types(a, b)
    if a == b or _RANK[a.kind] > _RANK[b.kind]:
        return a
    if _RANK[a.kind] < _RANK[b.kind]:
        return b
    return np.promote_types(a, b)


def result_type(*values: Any) -> np.dtype[Any]:
    """The dtype of an operation over ``values``: arrays, 0-d arrays, and scalars in that priority.

    A 0-d array or a Python number decides only where it is of a higher kind than all before it:
    ``float32 * 2.0`` is float32, ``int64 * 0.5`` is the default dtype (torch.result_type).

    Values are arrays (anything with ``dtype`` and ``ndim``), NumPy scalars that stand for 0-d
    tensors wrapped by the caller as arrays, or Python numbers.

    >>> result_type(np.ones(3, "f4"), np.float64(2.0))
    dtype('float32')
    >>> result_type(np.ones(3, "i8"), 0.5)
    dtype('float32')
    """
    found: list[np.dtype[Any] | None] = [None, None, None]
    for value in values:
        if hasattr(value, "dtype") and not isinstance(value, np.generic):
            level, dtype = (0 if value.ndim else 1), value.dtype
            if dtype.kind not in _RANK:
                raise TypeError(_not_numbers(value))
        else:
            level, dtype = 2, _weak(value)
        seen = found[level]
        found[level] = dtype if seen is None else wider(seen, dtype)
    result: np.dtype[Any] | None = None
    for candidate in found:
        if candidate is not None and (result is None or _RANK[candidate.kind] > _RANK[result.kind]):
            if candidate.kind == "c" and result is not None and result.kind == "f":
                candidate = complex128 if result == float64 else complex64  # as precise
            result = candidate
    if result is None:
        raise TypeError("result_type: at least one tensor or number is needed; got none.")
    return result


# -- dtypes ---------------------------------------------------------------------------------------


def promote_types(type1: DType, type2: DType) -> np.dtype[Any]:
    """The smallest dtype of the higher kind that holds both: bool < integer < floating < complex.

    >>> promote_types("int64", "float16"), promote_types("uint8", "int8")
    (dtype('float16'), dtype('int16'))
    """
    return wider(as_dtype(type1), as_dtype(type2))


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
        dtype = get_default_dtype() if type is None else as_dtype(type)
        if dtype.kind not in "fc":
            raise TypeError(f"finfo: expected a floating-point dtype; got {dtype}. Use iinfo.")
        limits = np.finfo(dtype)
        self.bits, self.dtype = builtins.int(limits.bits), limits.dtype.name
        self.min, self.max = builtins.float(limits.min), builtins.float(limits.max)
        self.eps, self.resolution = (
            builtins.float(limits.eps),
            builtins.float(f"1e-{limits.precision}"),
        )
        self.tiny = self.smallest_normal = builtins.float(limits.smallest_normal)


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
