"""New tensors in the dtype of one that is there, and a tensor given another size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import size_of
from autograd.arrays.dialect import writable
from autograd.engine.graph import TensorBase
from autograd.tensors import creation, from_data
from autograd.tensors.inplace import check_memory, check_target

if TYPE_CHECKING:
    from autograd.tensors.annotations import Number, Sizes
    from autograd.tensors.tensor import Tensor


class New(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def dtype(self) -> Any: ...

    def new(self, *data: Any, device: Any = None) -> Tensor:
        """What :class:`FloatTensor` and its kin make, in this tensor's dtype: an early form.

        ``x.new(2, 3)``, of a size, ``x.new([1, 2])``, of data, ``x.new()``, empty. New code writes
        ``new_empty``, ``new_tensor``. Raises TypeError for a tensor of another dtype.

        >>> import autograd
        >>> autograd.ones(1, dtype=autograd.int64).new([1, 2])
        tensor([1, 2])
        """
        first = data[0] if len(data) == 1 else None
        if isinstance(first, TensorBase):
            if first._data.dtype != self._data.dtype:
                raise TypeError(
                    f"new: a tensor must have this one's dtype {self._data.dtype}; got "
                    f"{first._data.dtype}. Convert it: x.to(dtype)."
                )
            return first.detach()  # type: ignore[attr-defined]
        if type(first) is list or isinstance(first, np.ndarray):
            return from_data.tensor(first, dtype=self._data.dtype, device=device)
        return creation.empty(*(data or (0,)), dtype=self._data.dtype, device=device)

    def new_tensor(self, data: Any, *, dtype: Any = None, **options: Any) -> Tensor:
        """A tensor with a copy of ``data``, in this one's dtype.

        >>> import autograd
        >>> autograd.ones(1, dtype=autograd.float64).new_tensor([1, 2])
        tensor([1., 2.], dtype=autograd.float64)
        """
        return from_data.tensor(data, dtype=dtype or self.dtype, **options)

    def new_zeros(self, *size: Sizes, dtype: Any = None, **options: Any) -> Tensor:
        """Zeros of a size, in this tensor's dtype.

        >>> import autograd
        >>> autograd.ones(1, dtype=autograd.int64).new_zeros(2)
        tensor([0, 0])
        """
        return _beside(self, creation.zeros(*size, dtype=dtype or self.dtype, **options))

    def new_ones(self, *size: Sizes, dtype: Any = None, **options: Any) -> Tensor:
        """Ones of a size, in this tensor's dtype.

        >>> import autograd
        >>> autograd.zeros(1, dtype=autograd.int64).new_ones(2, 2)
        tensor([[1, 1],
                [1, 1]])
        """
        return _beside(self, creation.ones(*size, dtype=dtype or self.dtype, **options))

    def new_empty(self, *size: Sizes, dtype: Any = None, **options: Any) -> Tensor:
        """Memory as it was found, of a size, in this tensor's dtype.

        >>> import autograd
        >>> autograd.zeros(1, dtype=autograd.int64).new_empty(2, 3).shape
        autograd.Size([2, 3])
        """
        return _beside(self, creation.empty(*size, dtype=dtype or self.dtype, **options))

    def new_empty_strided(
        self, size: Any, stride: Any, *, dtype: Any = None, **options: Any
    ) -> Tensor:
        """Memory as it was found, of a size and strides, in this tensor's dtype.

        >>> import autograd
        >>> autograd.zeros(1).new_empty_strided((2, 3), (1, 2)).stride()
        (1, 2)
        """
        return _beside(
            self, creation.empty_strided(size, stride, dtype=dtype or self.dtype, **options)
        )

    def new_full(
        self, size: Any, fill_value: Number, *, dtype: Any = None, **options: Any
    ) -> Tensor:
        """One number, of a size, in this tensor's dtype.

        >>> import autograd
        >>> autograd.zeros(1).new_full((2,), 7)
        tensor([7., 7.])
        """
        return _beside(self, creation.full(size, fill_value, dtype=dtype or self.dtype, **options))

    # -- another size -----------------------------------------------------------------------------

    def resize_(self, *sizes: Sizes, memory_format: Any = None) -> Tensor:
        """Give this tensor another size: its elements in order, and memory as found behind them.

        Fewer elements share the memory, more get memory of their own. For values that are
        computed, ``reshape`` is the safe way. Raises RuntimeError for a tensor that requires grad.

        >>> import autograd
        >>> autograd.arange(6).resize_(2, 2)
        tensor([[0, 1],
                [2, 3]])
        """
        check_target("resize_", self)
        if self._edge is not None:
            raise RuntimeError(
                "resize_: a tensor that requires grad keeps its size, as its gradient has it; got "
                f"one of shape {tuple(self._data.shape)}. Use x.detach(), or reshape."
            )
        resize(self, size_of("resize_", sizes))
        return self  # type: ignore[return-value]

    def resize_as_(self, other: Tensor) -> Tensor:
        """:meth:`resize_` to the size of ``other``.

        >>> import autograd
        >>> autograd.arange(4).resize_as_(autograd.ones(2, 2))
        tensor([[0, 1],
                [2, 3]])
        """
        check_target("resize_as_", other)
        return self.resize_(tuple(other._data.shape))


def _beside(tensor: Any, made: Any) -> Any:
    """``made``, with memory for each sample where ``tensor`` has a value for each."""
    made._data = writable(made._data, tensor._data)
    return made


def resize(tensor: Any, shape: tuple[int, ...]) -> None:
    """Give ``tensor`` the elements that it has in another shape, or as many of them as fit."""
    array, count = tensor._array(), math.prod(shape)
    if shape == array.shape:
        return
    if count <= array.size and array.flags.c_contiguous:
        tensor._data = np.reshape(np.reshape(array, -1)[:count], shape)
        return
    check_memory(array, "resize_")
    made = np.zeros(shape, array.dtype)
    held = np.reshape(array, -1)[:count]
    np.reshape(made, -1)[: held.size] = held
    tensor._data = made
