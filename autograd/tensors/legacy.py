"""How early PyTorch made tensors, and scripts still do: FloatTensor and its kin, Variable."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.devices import check_device, strided
from autograd.engine.graph import TensorBase
from autograd.tensors import creation, from_data
from autograd.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType, Number

__all__ = [
    "BoolTensor", "ByteTensor", "CharTensor", "DoubleTensor", "FloatTensor", "HalfTensor",
    "IntTensor", "LongTensor", "scalar_tensor", "set_default_tensor_type", "ShortTensor",
    "Variable",
]  # fmt: skip


class _OneDtype(type):
    """Calls make a Tensor; ``isinstance`` asks whether a tensor has the dtype."""

    dtype: np.dtype[Any]

    def __call__(cls, *data: Any, device: Any = None) -> Tensor:
        check_device(device)
        if len(data) == 1 and isinstance(data[0], TensorBase):
            made: Tensor = data[0].to(cls.dtype)  # type: ignore[attr-defined]
            return made.detach()
        if len(data) == 1 and isinstance(data[0], float):
            raise TypeError(
                f"{cls.__name__}: expected a sequence of numbers, or sizes; got {data[0]!r}. "
                "Use tensor(...) for one number."
            )
        listed = len(data) == 1 and isinstance(data[0], (list, tuple))
        if listed and not dtypes.differentiable(cls.dtype):
            whole = from_data.to_array(data[0])  # fractions are cut off, as in PyTorch
            if dtypes.floating(whole.dtype):
                return from_data.tensor(whole, dtype=cls.dtype)
        return Tensor(*data, dtype=cls.dtype)

    def __instancecheck__(cls, value: Any) -> bool:
        if not isinstance(value, Tensor) or value.layout is not strided:
            return False
        return bool(value._data.dtype == cls.dtype)


class FloatTensor(metaclass=_OneDtype):
    """A float32 tensor: of data (a sequence, an array), of a size (zeros), or empty.

    Its kin make tensors of other dtypes. ``x.type(FloatTensor)`` converts, ``isinstance(x,
    FloatTensor)`` asks for the dtype. New code writes ``tensor(data)`` and ``zeros(size)``.

    Raises TypeError for a single float, which is neither.

    >>> FloatTensor([1, 2]), LongTensor([3]).dtype, FloatTensor(2, 3).shape
    (tensor([1., 2.]), autograd.int64, autograd.Size([2, 3]))
    """

    dtype = dtypes.float32


class DoubleTensor(metaclass=_OneDtype):
    """A float64 tensor; see :class:`FloatTensor`.

    >>> DoubleTensor([1, 0, 2])
    tensor([1., 0., 2.], dtype=autograd.float64)
    """

    dtype = dtypes.float64


class HalfTensor(metaclass=_OneDtype):
    """A float16 tensor; see :class:`FloatTensor`.

    >>> HalfTensor([1, 0, 2])
    tensor([1., 0., 2.], dtype=autograd.float16)
    """

    dtype = dtypes.float16


class LongTensor(metaclass=_OneDtype):
    """An int64 tensor; see :class:`FloatTensor`.

    >>> LongTensor([1, 0, 2])
    tensor([1, 0, 2])
    """

    dtype = dtypes.int64


class IntTensor(metaclass=_OneDtype):
    """An int32 tensor; see :class:`FloatTensor`.

    >>> IntTensor([1, 0, 2])
    tensor([1, 0, 2], dtype=autograd.int32)
    """

    dtype = dtypes.int32


class ShortTensor(metaclass=_OneDtype):
    """An int16 tensor; see :class:`FloatTensor`.

    >>> ShortTensor([1, 0, 2])
    tensor([1, 0, 2], dtype=autograd.int16)
    """

    dtype = dtypes.int16


class CharTensor(metaclass=_OneDtype):
    """An int8 tensor; see :class:`FloatTensor`.

    >>> CharTensor([1, 0, 2])
    tensor([1, 0, 2], dtype=autograd.int8)
    """

    dtype = dtypes.int8


class ByteTensor(metaclass=_OneDtype):
    """A uint8 tensor; see :class:`FloatTensor`.

    >>> ByteTensor([1, 0, 2])
    tensor([1, 0, 2], dtype=autograd.uint8)
    """

    dtype = dtypes.uint8


class BoolTensor(metaclass=_OneDtype):
    """A bool tensor; see :class:`FloatTensor`.

    >>> BoolTensor([1, 0, 2])
    tensor([ True, False,  True])
    """

    dtype = dtypes.bool


def set_default_tensor_type(t: Any) -> None:
    """:func:`set_default_dtype` by the name of a tensor type: ``DoubleTensor``, or its name.

    Raises TypeError for a type that is not a floating-point one.

    >>> set_default_tensor_type("torch.DoubleTensor"); set_default_tensor_type(FloatTensor)
    """
    if isinstance(t, str):
        t = globals().get(t.rpartition(".")[2], t)
    dtypes.set_default_dtype(t.dtype if isinstance(t, _OneDtype) else t)


def scalar_tensor(
    s: Number, *, dtype: DType = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A 0-d tensor with the number ``s``, in the default dtype where none is given.

    >>> scalar_tensor(3)
    tensor(3.)
    """
    wanted = dtypes.get_default_dtype() if dtype is None else dtype
    return creation.full((), s, dtype=wanted, device=device, requires_grad=requires_grad)


class _OfTensors(type):
    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, TensorBase)

    def __call__(
        cls, data: Tensor | None = None, requires_grad: bool = False, volatile: bool = False
    ) -> Tensor:
        if data is None:
            data = Tensor()
        if not isinstance(data, TensorBase):
            raise TypeError(
                f"Variable: data must be a tensor; got {type(data).__name__}. Use tensor(...)."
            )
        if volatile:
            warnings.warn(
                "Variable: volatile has no effect any more; write `with no_grad():` around what "
                "should not be recorded.",
                stacklevel=2,
            )
        return data.detach().requires_grad_(requires_grad)


class Variable(metaclass=_OfTensors):
    """A tensor over the memory of another, as a leaf: ``x.detach().requires_grad_(...)``.

    What tensors with gradients were before PyTorch 0.4; today a Tensor is one. ``volatile`` is
    accepted with a warning. Raises TypeError for what is not a tensor.

    >>> import autograd
    >>> Variable(autograd.ones(2), requires_grad=True)
    tensor([1., 1.], requires_grad=True)
    """
