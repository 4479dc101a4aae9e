"""Storages: the memory behind tensors, as far as scripts ask for its size and address."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.devices import CPU, check_device, device

__all__ = ["TypedStorage", "UntypedStorage", "is_storage"]


class UntypedStorage:
    """The memory that a tensor looks at, and all tensors that share it, in bytes.

    Raises TypeError for what is no number of bytes.

    >>> import autograd
    >>> x = autograd.zeros(2, 3)
    >>> x.untyped_storage().nbytes(), x[1].untyped_storage().data_ptr() == x.data_ptr()
    (24, True)
    """

    __slots__ = ("_array",)

    def __init__(self, array: Any = 0) -> None:
        if isinstance(array, int) and not isinstance(array, bool) and array >= 0:
            array = np.zeros(array, np.uint8)
        if not isinstance(array, np.ndarray):
            raise TypeError(
                f"{type(self).__name__}: expected a number of bytes; got {array!r:.60}. Ask a "
                "tensor for its memory: x.untyped_storage()."
            )
        self._array = array

    def data_ptr(self) -> int:
        """The address of the first byte."""
        return self._array.ctypes.data

    def nbytes(self) -> int:
        """The bytes of the memory."""
        return self._array.nbytes

    def size(self) -> int:
        """The number of elements; of untyped memory, of bytes."""
        return self.nbytes() // self.element_size()

    def __len__(self) -> int:
        return self.size()

    def element_size(self) -> int:
        """The bytes of one element."""
        return 1

    @property
    def device(self) -> device:
        """Where the memory is: the CPU."""
        return CPU

    def cpu(self) -> Any:
        """The storage itself: it is on the CPU."""
        return self

    def cuda(self, device: Any = None, non_blocking: bool = False) -> Any:
        """Raises RuntimeError: there is no GPU."""
        check_device("cuda")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(device=cpu) of size {self.size()}"


class TypedStorage(UntypedStorage):
    """The memory that a tensor looks at, in elements of its dtype.

    >>> import autograd
    >>> autograd.zeros(2, 3)[1].storage().size()
    6
    """

    __slots__ = ()

    def element_size(self) -> int:
        """The bytes of one element."""
        return self._array.itemsize

    @property
    def dtype(self) -> Any:
        """The dtype of the elements."""
        return self._array.dtype

    def untyped(self) -> UntypedStorage:
        """The same memory in bytes."""
        return UntypedStorage(self._array)


def is_storage(obj: Any) -> bool:
    """Whether ``obj`` is a storage.

    >>> import autograd
    >>> is_storage(autograd.zeros(2).untyped_storage())
    True
    """
    return isinstance(obj, UntypedStorage)
