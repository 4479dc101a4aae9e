"""The dtypes as users hold them: ``autograd.float32`` and its kin, objects like PyTorch's.

Inside, a dtype is NumPy's (:mod:`autograd.arrays.dtypes`). What a user sees, ``tensor.dtype`` or
``autograd.float32``, is one object a dtype: it answers PyTorch's questions, and NumPy takes it
wherever it takes a dtype, because it carries NumPy's in ``.dtype``.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType

__all__ = [
    "bfloat16", "bool", "cdouble", "cfloat", "complex128", "complex64", "double", "dtype", "float",
    "float16", "float32", "float64", "get_default_dtype", "half", "int", "int16", "int32", "int64",
    "int8", "long", "promote_types", "result_type", "short", "uint16", "uint32", "uint64", "uint8",
]  # fmt: skip


class dtype(dtypes.Named):  # noqa: N801 - torch.dtype
    """What the elements of a tensor are: there is one object for each dtype, and no others.

    ``is_floating_point``, ``is_complex`` and ``is_signed`` say what it holds, ``itemsize`` the
    bytes of an element. It equals NumPy's dtype of the same name, and goes wherever NumPy takes
    one; ``.dtype`` is NumPy's. ``bfloat16`` is always there; using it needs ``ml_dtypes``.

    Raises TypeError where it is called: dtypes are not made.

    >>> import autograd
    >>> x = autograd.ones(2)
    >>> x.dtype, x.dtype is autograd.float32, x.dtype == np.float32, np.zeros(2, x.dtype).dtype
    (autograd.float32, True, True, dtype('float32'))
    >>> x.dtype.is_floating_point, x.dtype.itemsize, isinstance(x.dtype, autograd.dtype)
    (True, 4, True)
    """

    __slots__ = ("is_complex", "is_floating_point", "is_signed", "itemsize", "kind", "name")
    __module__ = "autograd"  # where pickles look for it

    kind: str
    name: str
    itemsize: builtins.int
    is_floating_point: builtins.bool
    is_complex: builtins.bool
    is_signed: builtins.bool

    def __new__(cls, *args: Any) -> dtype:
        raise TypeError(
            "dtype: a dtype is one of those that exist, it is not made. Write autograd.float32, or "
            "autograd.as_dtype('float32') for NumPy's."
        )

    @property
    def dtype(self) -> np.dtype[Any]:
        """NumPy's dtype. Raises ModuleNotFoundError for bfloat16 where ``ml_dtypes`` is not."""
        return dtypes.of_name(self.name)

    @property
    def type(self) -> builtins.type[Any]:
        """The class of NumPy's scalars."""
        return self.dtype.type

    def to_real(self) -> Named:
        """The dtype of the parts of a complex dtype; other dtypes as they are."""
        return {"complex64": float32, "complex128": float64}.get(self.name, self)

    def to_complex(self) -> Named:
        """The complex dtype with parts of this one. Raises TypeError where there is none.

        >>> float32.to_complex()
        autograd.complex64
        """
        if self.is_complex:
            return self
        if self.name not in ("float32", "float64"):
            raise TypeError(
                f"to_complex: complex numbers are made of float32 or float64; got {self.name}. "
                "Convert it first."
            )
        return complex64 if self is float32 else complex128

    def __eq__(self, other: object) -> Any:
        if self is other or isinstance(other, dtype):
            return self is other
        if self.name == "bfloat16":
            return isinstance(other, np.dtype) and other.name == self.name
        return self.dtype == other

    def __ne__(self, other: object) -> Any:
        return not self == other

    def __hash__(self) -> builtins.int:
        return hash(self.name) if self.name == "bfloat16" else hash(self.dtype)

    def __repr__(self) -> str:
        return dtypes.DTYPE_PREFIX + self.name

    def __reduce__(self) -> str:
        return self.name  # a global of the module: pickles and copies are the object itself


Named = dtype  # inside the class, dtype is NumPy's


def _made(name: str) -> dtype:
    one: dtype = object.__new__(dtype)
    found = None if name == "bfloat16" else np.dtype(name)
    one.name, one.kind, one.itemsize = name, "V", 2
    if found is not None:
        one.kind, one.itemsize = found.kind, found.itemsize
    one.is_floating_point = dtypes.floating(one)
    one.is_complex = dtypes.complex_valued(one)
    one.is_signed = not (dtypes.unsigned(one) or dtypes.boolean(one))
    if found is not None:
        dtypes.NAMED[found] = one
    return one


bfloat16 = _made("bfloat16")

float16 = half = _made("float16")

float32 = float = _made("float32")  # noqa: A001 - torch.float is float32

float64 = double = _made("float64")

int8 = _made("int8")

int16 = short = _made("int16")

int32 = int = _made("int32")  # noqa: A001 - torch.int is int32

int64 = long = _made("int64")

uint8 = _made("uint8")

uint16 = _made("uint16")

uint32 = _made("uint32")

uint64 = _made("uint64")

bool = _made("bool")  # noqa: A001

complex64 = cfloat = _made("complex64")

complex128 = cdouble = _made("complex128")

dtypes.NAMED.bfloat16 = bfloat16


def get_default_dtype() -> dtype:
    """The dtype of floating-point tensors made from Python numbers.

    >>> get_default_dtype()
    autograd.float32
    """
    return dtypes.NAMED[dtypes.get_default_dtype()]


def promote_types(type1: DType, type2: DType) -> dtype:
    """The smallest dtype of the higher kind that holds both: bool < integer < floating < complex.

    >>> promote_types("int64", "float16"), promote_types(uint8, int8)
    (autograd.float16, autograd.int16)
    """
    return dtypes.NAMED[dtypes.wider(dtypes.as_dtype(type1), dtypes.as_dtype(type2))]


def result_type(*values: Any) -> dtype:
    """The dtype of an operation over tensors, arrays and numbers.

    A 0-d tensor or a Python number decides only where it is of a higher kind than all before it:
    ``float32 * 2.0`` is float32, ``int64 * 0.5`` is the default dtype. Raises TypeError for what
    is no number.

    >>> import autograd
    >>> result_type(autograd.arange(3), 0.5)
    autograd.float32
    """
    return dtypes.NAMED[dtypes.result_type(*values)]
