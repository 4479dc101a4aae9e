"""What a script asks of a tensor's kind and place: here nearly always no, and nothing to do."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.engine.graph import TensorBase

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = [
    "get_device", "is_conj", "is_inference", "is_neg", "is_same_size", "is_signed",
]  # fmt: skip


class _Shared(mmap.mmap):
    """Memory that is passed on to forked processes."""


class Facts(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    is_mps = is_xpu = is_meta = is_quantized = is_nested = is_mkldnn = is_sparse_csr = False

    def is_signed(self) -> bool:
        """Whether the dtype has negative numbers.

        >>> import autograd
        >>> autograd.tensor([1], dtype=autograd.uint8).is_signed()
        False
        """
        kind = self._data.dtype
        return not (dtypes.unsigned(kind) or dtypes.boolean(kind))

    def is_conj(self) -> bool:
        """Whether conjugation was put off: no, it is done.

        >>> import autograd
        >>> autograd.tensor([1j]).conj().is_conj()
        False
        """
        return False

    def is_neg(self) -> bool:
        """Whether negation was put off: no, it is done.

        >>> import autograd
        >>> (-autograd.ones(1)).is_neg()
        False
        """
        return False

    def is_inference(self) -> bool:
        """Whether the tensor is marked as made in inference mode: no, ours can be used after it.

        >>> import autograd
        >>> with autograd.inference_mode():
        ...     x = autograd.ones(1)
        >>> x.is_inference()
        False
        """
        return False

    def is_same_size(self, other: Tensor) -> bool:
        """Whether the other tensor has the same shape.

        >>> import autograd
        >>> autograd.ones(2).is_same_size(autograd.ones(2, 1))
        False
        """
        check_tensors("is_same_size", other=other)
        return self._data.shape == other._data.shape

    def is_set_to(self, tensor: Tensor) -> bool:
        """Whether the other tensor is the same memory, seen in the same way.

        >>> import autograd
        >>> x = autograd.ones(2)
        >>> x.is_set_to(x.detach()), x.is_set_to(x.clone())
        (True, False)
        """
        check_tensors("is_set_to", tensor=tensor)
        one, other = (
            (x.ctypes.data, x.shape, x.strides)
            for x in (np.asarray(self._data), np.asarray(tensor._data))
        )
        return one == other

    def is_pinned(self) -> bool:
        """Whether the memory is locked for copies to a GPU: no.

        >>> import autograd
        >>> autograd.ones(1).pin_memory().is_pinned()
        False
        """
        return False

    def pin_memory(self) -> Tensor:
        """The tensor itself: there is no GPU to copy to.

        >>> import autograd
        >>> x = autograd.ones(1)
        >>> x.pin_memory() is x
        True
        """
        return self  # type: ignore[return-value]

    def share_memory_(self) -> Tensor:
        """Move to memory that processes forked from now on see and change as well; gives self.

        >>> import autograd
        >>> autograd.ones(2).share_memory_().is_shared()
        True
        """
        if self._data.size and not self.is_shared():
            array = self._array()  # type: ignore[attr-defined]
            shared = np.frombuffer(_Shared(-1, array.nbytes), array.dtype).reshape(array.shape)
            shared[...] = array
            self._data = shared
        return self  # type: ignore[return-value]

    def is_shared(self) -> bool:
        """Whether forked processes see the memory; :meth:`share_memory_` makes it so.

        >>> import autograd
        >>> autograd.ones(2).is_shared()
        False
        """
        owner = self._data
        while isinstance(owner, np.ndarray):
            owner = owner.base
        return isinstance(owner, memoryview) and isinstance(owner.obj, _Shared)

    def get_device(self) -> int:
        """The number of the GPU: -1, the CPU.

        >>> import autograd
        >>> autograd.ones(1).get_device()
        -1
        """
        return -1

    def dim_order(self) -> tuple[int, ...]:
        """The axes from the outermost in memory to the innermost.

        >>> import autograd
        >>> autograd.ones(2, 3).t().dim_order()
        (1, 0)
        """
        strides = np.asarray(self._data).strides
        return tuple(sorted(range(len(strides)), key=lambda axis: -strides[axis]))


def is_signed(input: Tensor) -> bool:
    """Whether the dtype of ``input`` has negative numbers.

    >>> import autograd
    >>> autograd.is_signed(autograd.tensor([1], dtype=autograd.uint8))
    False
    """
    check_tensors("is_signed", input=input)
    return input.is_signed()


def is_conj(input: Tensor) -> bool:
    """Whether conjugation of ``input`` was put off: no, it is done.

    >>> import autograd
    >>> autograd.is_conj(autograd.tensor([1j]).conj())
    False
    """
    check_tensors("is_conj", input=input)
    return False


def is_neg(input: Tensor) -> bool:
    """Whether negation of ``input`` was put off: no, it is done.

    >>> import autograd
    >>> autograd.is_neg(-autograd.ones(1))
    False
    """
    check_tensors("is_neg", input=input)
    return False


def is_inference(input: Tensor) -> bool:
    """Whether ``input`` is marked as made in inference mode: no, ours can be used after it.

    >>> import autograd
    >>> with autograd.inference_mode():
    ...     x = autograd.ones(1)
    >>> autograd.is_inference(x)
    False
    """
    check_tensors("is_inference", input=input)
    return False


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape.

    >>> import autograd
    >>> autograd.is_same_size(autograd.ones(2), autograd.ones(2, 1))
    False
    """
    check_tensors("is_same_size", input=input)
    return input.is_same_size(other)


def get_device(input: Tensor) -> int:
    """The number of the GPU of ``input``: -1, the CPU.

    >>> import autograd
    >>> autograd.get_device(autograd.ones(1))
    -1
    """
    check_tensors("get_device", input=input)
    return -1
