"""What turns a tensor into something else: Python numbers, arrays, other dtypes, pickles."""

from __future__ import annotations

import builtins
import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.arrays.devices import CPU, check_device, device
from autograd.engine.elementwise import cast
from autograd.engine.graph import Leaf, TensorBase
from autograd.ops.shape.reshape import clone
from autograd.tensors.creation import expect_tensor

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor


class Conversions(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def _array(self) -> Any:
        """The array to share: a 0-d result that was kept as a scalar becomes a 0-d array now."""
        if isinstance(self._data, np.generic):
            self._data = np.array(self._data)
        return self._data

    # -- to Python and NumPy ----------------------------------------------------------------------

    def numpy(self, *, force: builtins.bool = False) -> np.ndarray:
        """The values as a NumPy array that shares the tensor's memory.

        Raises RuntimeError where the tensor requires grad, unless ``force``.

        >>> import autograd
        >>> autograd.ones(2).numpy()
        array([1., 1.], dtype=float32)
        """
        if self._edge is not None and not force:
            raise RuntimeError(
                "numpy: an array cannot carry a gradient; this tensor requires grad. "
                "Use tensor.detach().numpy()."
            )
        return self._array()

    def __array__(self, dtype: Any = None, copy: builtins.bool | None = None) -> np.ndarray:
        array = self.numpy()
        if dtype is not None and array.dtype != dtype:
            if copy is False:
                raise ValueError(
                    f"numpy: the array can share its memory only in its own dtype, {array.dtype}; "
                    f"got {np.dtype(dtype)} with copy=False. Pass copy=None."
                )
            return array.astype(dtype)
        return array.copy() if copy else array

    def item(self) -> Any:
        """The one value as a Python number.

        Raises RuntimeError where there is not exactly one.

        >>> import autograd
        >>> autograd.tensor([2.5]).item()
        2.5
        """
        if self._data.size != 1:
            raise RuntimeError(
                f"item: the tensor must hold exactly one value; its shape is "
                f"{tuple(self._data.shape)}. Index or reduce it first, or use tolist()."
            )
        return self._data.item()

    def tolist(self) -> Any:
        """The values as nested lists of Python numbers.

        >>> import autograd
        >>> autograd.arange(3).tolist()
        [0, 1, 2]
        """
        return self._data.tolist()

    def __bool__(self) -> builtins.bool:
        if self._data.size != 1:
            raise RuntimeError(
                "bool: the truth of a tensor is defined for exactly one value; its shape is "
                f"{tuple(self._data.shape)}. Use .any() or .all()."
            )
        return builtins.bool(self._data)

    def __float__(self) -> builtins.float:
        return builtins.float(self.item())

    def __int__(self) -> builtins.int:
        return builtins.int(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> builtins.int:
        if self._data.dtype.kind not in "iub" or self._data.size != 1:
            raise TypeError(
                "index: only integer tensors with one value can be used as an index; got shape "
                f"{tuple(self._data.shape)} and dtype {self._data.dtype}."
            )
        return builtins.int(self._data.item())

    def __len__(self) -> builtins.int:
        if self._data.ndim == 0:
            raise TypeError("len: a 0-d tensor has no length. Use .item() for its value.")
        return len(self._data)

    def __iter__(self) -> Iterator[Tensor]:
        if self._data.ndim == 0:
            raise TypeError("iter: a 0-d tensor cannot be iterated over. Use .item().")
        return iter(self.unbind(0))  # type: ignore[attr-defined]

    def __contains__(self, value: Any) -> builtins.bool:
        array = value._data if isinstance(value, TensorBase) else value
        if (array if hasattr(array, "dtype") else np.asarray(array)).dtype.kind not in "biufc":
            raise TypeError(
                f"in: a tensor holds numbers; got {value!r:.60} of type "
                f"{builtins.type(value).__name__}. Search for a number or a tensor."
            )
        return builtins.bool(np.any(np.equal(self._data, array)))

    def __format__(self, spec: str) -> str:
        if not spec and (self._data.ndim or builtins.type(self) is not self._results):
            return str(self)
        if self._data.ndim:
            raise TypeError(
                f"format: only a 0-d tensor can be written as {spec!r}; the shape is "
                f"{tuple(self._data.shape)}. Format its items, or leave the format out."
            )
        return format(self.item(), spec)

    # -- to other dtypes and devices --------------------------------------------------------------

    def to(
        self,
        *args: Any,
        dtype: DType = None,
        device: Any = None,
        copy: builtins.bool = False,
        non_blocking: builtins.bool = False,
    ) -> Tensor:
        """The tensor in another dtype, or as it is: ``to(dtype)``, ``to(device)``, ``to(other)``.

        The gradient comes back in the dtype of this tensor. Raises RuntimeError for a device
        other than the CPU.

        >>> import autograd
        >>> autograd.arange(2).to(autograd.float64)
        tensor([0., 1.], dtype=autograd.float64)
        """
        for value in args:
            if isinstance(value, TensorBase):
                dtype = value._data.dtype
            elif isinstance(value, builtins.bool):
                continue  # non_blocking, by position
            elif _names_a_device(value):
                device = value
            else:
                dtype = value
        check_device(device)
        made = self if dtype is None else cast(self, dtypes.as_dtype(dtype))
        return clone(made) if copy and made is self else made  # type: ignore[arg-type, return-value]

    def cpu(self) -> Tensor:
        """The tensor itself: it lives on the CPU."""
        return self  # type: ignore[return-value]

    def cuda(self, device: Any = None, non_blocking: builtins.bool = False) -> Tensor:
        """Raises RuntimeError: there is no GPU."""
        return self.to("cuda")

    def float(self) -> Tensor:
        """The tensor in float32."""
        return cast(self, dtypes.float32)

    def double(self) -> Tensor:
        """The tensor in float64."""
        return cast(self, dtypes.float64)

    def half(self) -> Tensor:
        """The tensor in float16."""
        return cast(self, dtypes.float16)

    def long(self) -> Tensor:
        """The tensor in int64, fractions cut off."""
        return cast(self, dtypes.int64)

    def int(self) -> Tensor:
        """The tensor in int32, fractions cut off."""
        return cast(self, dtypes.int32)

    def short(self) -> Tensor:
        """The tensor in int16, fractions cut off."""
        return cast(self, dtypes.int16)

    def byte(self) -> Tensor:
        """The tensor in uint8, fractions cut off."""
        return cast(self, dtypes.uint8)

    def bool(self) -> Tensor:
        """Where the tensor is not zero."""
        return cast(self, dtypes.bool)

    def type(self, dtype: DType = None) -> Tensor | Any:
        """The tensor in ``dtype``; without one, the name of its legacy tensor type.

        >>> import autograd
        >>> autograd.ones(1).type()
        'autograd.FloatTensor'
        """
        if dtype is None:
            return f"autograd.{_LEGACY[self._data.dtype.name]}Tensor"
        if isinstance(dtype, str) and dtype.endswith("Tensor"):
            name = dtype.rpartition(".")[2].removesuffix("Tensor")
            dtype = next((key for key, value in _LEGACY.items() if value == name), dtype)
        return cast(self, dtypes.as_dtype(dtype))

    def type_as(self, other: Tensor) -> Tensor:
        """The tensor in the dtype of ``other``."""
        check_tensors("type_as", other=other)
        return cast(self, other._data.dtype)

    # -- copies -----------------------------------------------------------------------------------

    def __deepcopy__(self, memo: dict[builtins.int, Any]) -> Any:
        if self._edge is not None and builtins.type(self._edge) is not Leaf:
            raise RuntimeError(
                "deepcopy: only leaf tensors can be copied with their gradients; this one was made "
                f"by {self.grad_fn.name()}. Use tensor.clone() or tensor.detach()."  # type: ignore
            )
        if id(self) in memo:
            return memo[id(self)]
        made = _rebuilt(builtins.type(self), self._data.copy(), self._edge is not None)
        memo[id(self)] = made
        made._grad = copy.deepcopy(self._grad, memo)
        made.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return made

    def __reduce_ex__(self, protocol: Any) -> Any:
        if self._edge is not None and builtins.type(self._edge) is not Leaf:
            raise RuntimeError(
                "copy, pickle: only leaf tensors can be copied like this or saved; this one is the "
                "result of a recorded operation. Use tensor.detach(), or tensor.clone()."
            )
        return _rebuilt, (builtins.type(self), np.array(self._data), self._edge is not None)

    @property
    def device(self) -> device:
        """Where the tensor lives: the CPU."""
        return CPU

    @property
    def is_cpu(self) -> builtins.bool:
        """Whether the tensor is on the CPU: yes."""
        return True

    @property
    def is_sparse(self) -> builtins.bool:
        """Whether only the elements that are not zero are stored: no."""
        return False

    @property
    def is_cuda(self) -> builtins.bool:
        """Whether the tensor is on a GPU: no."""
        return False

    def get_device(self) -> builtins.int:
        """The number of the GPU: -1, the CPU."""
        return -1


_LEGACY = {
    "float16": "Half", "float32": "Float", "float64": "Double", "int8": "Char", "int16": "Short",
    "int32": "Int", "int64": "Long", "uint8": "Byte", "bool": "Bool",
}  # fmt: skip


def _names_a_device(value: Any) -> bool:
    if isinstance(value, device):
        return True
    return isinstance(value, str) and value.partition(":")[0] in ("cpu", "cuda", "mps", "xpu")


def _rebuilt(cls: type[Any], array: Any, requires_grad: bool) -> Any:
    """A leaf of class ``cls`` over ``array``: what a pickle or a deep copy comes back as."""
    made = object.__new__(cls)
    made._data = array[()] if array.ndim == 0 and array.dtype.kind == "f" else array
    made._grad = None
    made._kin = None
    made._edge = Leaf(made) if requires_grad else None
    return made


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


def is_tensor(obj: Any) -> bool:
    """Whether ``obj`` is a tensor.

    >>> import autograd
    >>> autograd.is_tensor(autograd.zeros(1))
    True
    """
    return isinstance(obj, TensorBase)


def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype of ``input`` is a floating-point one.

    >>> import autograd
    >>> autograd.is_floating_point(autograd.arange(3))
    False
    """
    expect_tensor("is_floating_point", input)
    return input._data.dtype.kind == "f"
