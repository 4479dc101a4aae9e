"""How a tensor lies in memory: axes, elements, bytes."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.devices import channels_last, channels_last_3d, layout, strided
from autograd.engine.graph import TensorBase
from autograd.ops.shape import unfold

_NDIM = """The number of axes.

>>> import autograd
>>> autograd.zeros(2, 3).ndim
2
"""


class Layout(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def ndim(self) -> int:
            """The number of axes."""
    else:  # no frame of our own
        ndim = property(attrgetter("_data.ndim"), doc=_NDIM)

    def dim(self) -> int:
        """The number of axes.

        >>> import autograd
        >>> autograd.zeros(2, 3).dim()
        2
        """
        return self._data.ndim

    def numel(self) -> int:
        """The number of elements.

        >>> import autograd
        >>> autograd.zeros(2, 3).numel()
        6
        """
        return self._data.size

    nelement = numel
    ndimension = dim

    @property
    def itemsize(self) -> int:
        """The bytes of one element.

        >>> import autograd
        >>> autograd.ones(3).itemsize
        4
        """
        return self._data.itemsize

    def element_size(self) -> int:
        """The bytes of one element.

        >>> import autograd
        >>> autograd.ones(2, dtype=autograd.float64).element_size()
        8
        """
        return self.itemsize

    @property
    def nbytes(self) -> int:
        """The bytes of all elements.

        >>> import autograd
        >>> autograd.ones(3).nbytes
        12
        """
        return self._data.nbytes

    def is_contiguous(self, memory_format: Any = None) -> bool:
        """Whether the elements lie in memory one after another, the last axis fastest.

        With ``channels_last``: axis 1 fastest.

        >>> import autograd
        >>> x = autograd.zeros(2, 3)
        >>> x.is_contiguous(), x.t().is_contiguous()
        (True, False)
        """
        x = self._array()  # type: ignore[attr-defined]
        if memory_format in (channels_last, channels_last_3d):
            rank = 4 if memory_format is channels_last else 5
            return x.ndim == rank and bool(np.moveaxis(x, 1, -1).flags.c_contiguous)
        return bool(x.flags.c_contiguous)

    def data_ptr(self) -> int:
        """The address of the first element.

        >>> import autograd
        >>> x = autograd.zeros(2, 3)
        >>> x[0].data_ptr() == x.data_ptr(), x[1].data_ptr() - x.data_ptr()
        (True, 12)
        """
        return self._array().ctypes.data  # type: ignore[attr-defined]

    def storage_offset(self) -> int:
        """How many elements into the memory that it is part of the tensor begins.

        >>> import autograd
        >>> autograd.zeros(2, 3)[1].storage_offset()
        3
        """
        return unfold.offset_of(self._array())  # type: ignore[attr-defined]

    @property
    def layout(self) -> layout:
        """How the elements lie in memory: by strides.

        >>> import autograd
        >>> autograd.ones(3).layout
        autograd.strided
        """
        return strided

    def is_floating_point(self) -> bool:
        """Whether the dtype is a floating-point one.

        >>> import autograd
        >>> autograd.ones(1).is_floating_point(), autograd.tensor([1]).is_floating_point()
        (True, False)
        """
        return dtypes.floating(self._data.dtype)
