"""The standard's dtypes, constants, and what it asks about them."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd
from autograd import (  # noqa: F401
    bool,
    complex64,
    complex128,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)
from autograd.arrays.dtypes import as_dtype, complex_valued, get_default_dtype
from autograd.engine.graph import TensorBase

e, inf, nan, pi = np.e, np.inf, np.nan, np.pi
newaxis = None

_NUMBERS = (type(True), int, float, complex)  # noqa: UP003  bool is a dtype here
_OURS = "Any TensorBase annotations as_dtype autograd complex_valued get_default_dtype np".split()

_KINDS = {
    "bool": "bool",
    "signed integer": "int8 int16 int32 int64",
    "unsigned integer": "uint8 uint16 uint32 uint64",
    "real floating": "float32 float64",
    "complex floating": "complex64 complex128",
}
_KINDS["integral"] = f"{_KINDS['signed integer']} {_KINDS['unsigned integer']}"
_KINDS["numeric"] = f"{_KINDS['integral']} {_KINDS['real floating']} {_KINDS['complex floating']}"


def _dtype(x: Any) -> Any:
    return x._data.dtype if isinstance(x, TensorBase) else as_dtype(x)


def astype(x: Any, dtype: Any, /, *, copy: Any = True, device: Any = None) -> Any:
    """``x`` in another dtype; itself where nothing changes and no copy is asked for.

    Raises TypeError for a complex ``x`` and a real dtype: nothing tells which part is meant.
    """
    if complex_valued(x._data.dtype) and not complex_valued(_dtype(dtype)):
        if _dtype(dtype) != np.bool_:
            raise TypeError(
                f"astype: a complex x needs a complex dtype; got {dtype}. Take real(x) or abs(x)."
            )
    return x.to(dtype, copy=copy)


def finfo(type: Any, /) -> Any:  # noqa: A002
    """The limits of a floating-point dtype, or of that of a tensor."""
    return autograd.finfo(_dtype(type))


def iinfo(type: Any, /) -> Any:  # noqa: A002
    """The limits of an integer dtype, or of that of a tensor."""
    return autograd.iinfo(_dtype(type))


def can_cast(from_: Any, to: Any, /) -> Any:
    """Whether promotion alone leads from one dtype to another."""
    return np.can_cast(_dtype(from_), _dtype(to))


def result_type(*arrays_and_dtypes: Any) -> Any:
    """The dtype that all promote to; Python's numbers count as weak."""
    given = [x if isinstance(x, _NUMBERS) else _dtype(x) for x in arrays_and_dtypes]
    return getattr(autograd, np.result_type(*given).name)


def isdtype(dtype: Any, kind: Any) -> Any:
    """Whether a dtype is of a kind: a dtype, a word of the standard, or a tuple of them.

    Raises ValueError for a word that the standard does not have.
    """
    if isinstance(kind, tuple):
        return any([isdtype(dtype, one) for one in kind])
    if not isinstance(kind, str):
        return _dtype(dtype) == _dtype(kind)
    if kind not in _KINDS:
        raise ValueError(f"isdtype: kind must be one of {', '.join(_KINDS)}; got {kind!r}.")
    return _dtype(dtype).name in _KINDS[kind].split()


class _Info:
    """What the namespace can do, as the standard's inspection functions tell it."""

    def capabilities(self) -> Any:
        """Which of the optional parts are there."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self) -> Any:
        """Where tensors are made."""
        return autograd.device("cpu")

    def devices(self) -> Any:
        """All devices."""
        return [autograd.device("cpu")]

    def default_dtypes(self, *, device: Any = None) -> Any:
        """The dtypes that functions choose by themselves."""
        real = as_dtype(get_default_dtype())
        wide = "complex128" if real.name == "float64" else "complex64"
        return {
            "real floating": getattr(autograd, real.name),
            "complex floating": getattr(autograd, wide),
            "integral": int64,
            "indexing": int64,
        }

    def dtypes(self, *, device: Any = None, kind: Any = None) -> Any:
        """All dtypes of a kind, by their names."""
        names = ["bool", *_KINDS["numeric"].split()]
        found = {name: getattr(autograd, name) for name in names}
        return {k: d for k, d in found.items() if kind is None or isdtype(d, kind)}


def __array_namespace_info__() -> Any:  # noqa: N807
    """The standard's inspection functions."""
    return _Info()


STANDARD = [n for n in globals() if n[:1] != "_" and n not in _OURS]
STANDARD += ["__array_namespace_info__"]
