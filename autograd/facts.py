"""Facts about tensors and dtypes: sizes, limits, which dtype holds which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import dtypes
from autograd.arguments import check_tensors

if TYPE_CHECKING:
    from autograd.annotations import DType, Tensor


def numel(input: Tensor) -> int:
    """The number of elements.

    >>> import autograd
    >>> autograd.numel(autograd.zeros(2, 3))
    6
    """
    check_tensors("numel", input=input)
    return int(np.prod(input.shape, dtype=int))


def is_nonzero(input: Tensor) -> bool:
    """Whether the one element is not zero. Raises RuntimeError where there is not exactly one.

    >>> import autograd
    >>> autograd.is_nonzero(autograd.tensor([0.0]))
    False
    """
    check_tensors("is_nonzero", input=input)
    return bool(input)


def detach(input: Tensor) -> Tensor:
    """The same memory, outside the graph.

    >>> import autograd
    >>> autograd.detach(autograd.ones(1, requires_grad=True)).requires_grad
    False
    """
    check_tensors("detach", input=input)
    return input.detach()


# -- dtypes ---------------------------------------------------------------------------------------


def promote_types(type1: DType, type2: DType) -> np.dtype[Any]:
    """The smallest dtype of the higher kind that holds both: bool < integer < floating < complex.

    >>> promote_types("int64", "float16"), promote_types("uint8", "int8")
    (dtype('float16'), dtype('int16'))
    """
    return dtypes.wider(dtypes.as_dtype(type1), dtypes.as_dtype(type2))


def can_cast(from_: DType, to: DType) -> bool:
    """Whether values may be cast without leaving their kind: never from floating to integer.

    >>> can_cast("float32", "int64"), can_cast("int64", "uint8"), can_cast("float64", "float16")
    (False, True, True)
    """
    return dtypes.can_hold(dtypes.as_dtype(to), dtypes.as_dtype(from_))


class _Limits:
    """What ``finfo`` and ``iinfo`` share: fields that are printed as PyTorch prints them."""

    __slots__ = ()
    shown: tuple[str, ...] = ()
    dtype: str

    def __repr__(self) -> str:
        facts = "".join([f"{name}={getattr(self, name):g}, " for name in self.shown])
        return f"{type(self).__name__}({facts}dtype={self.dtype})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.dtype == other.dtype

    def __hash__(self) -> int:
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
        dtype = dtypes.get_default_dtype() if type is None else dtypes.as_dtype(type)
        if dtype.kind not in "fc":
            raise TypeError(f"finfo: expected a floating-point dtype; got {dtype}. Use iinfo.")
        limits = np.finfo(dtype)
        self.bits, self.dtype = int(limits.bits), limits.dtype.name
        self.min, self.max = float(limits.min), float(limits.max)
        self.eps, self.resolution = float(limits.eps), float(f"1e-{limits.precision}")
        self.tiny = self.smallest_normal = float(limits.smallest_normal)


class iinfo(_Limits):  # noqa: N801 - torch.iinfo
    """The limits of an integer dtype. Raises TypeError for other dtypes.

    >>> iinfo("int8")
    iinfo(min=-128, max=127, dtype=int8)
    """

    __slots__ = ("bits", "dtype", "max", "min")
    shown = ("min", "max")

    def __init__(self, type: DType) -> None:
        dtype = dtypes.as_dtype(type)
        if dtype.kind not in "iu":
            raise TypeError(f"iinfo: expected an integer dtype; got {dtype}. Use finfo.")
        limits = np.iinfo(dtype)
        self.bits, self.dtype = int(limits.bits), dtype.name
        self.min, self.max = int(limits.min), int(limits.max)
