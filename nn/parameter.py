"""What a module learns, and what it remembers besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

import autograd
from autograd import Tensor
from autograd.arrays import dtypes
from autograd.engine.graph import Leaf, TensorBase
from autograd.tensors import registry

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType, TensorLike

__all__ = ["Buffer", "Parameter", "UninitializedBuffer", "UninitializedParameter"]

Own = TypeVar("Own", bound=Tensor)


class Parameter(Tensor):
    """A leaf tensor that a module trains: assigned to an attribute, it registers itself.

    Shares the memory of ``data``. Raises RuntimeError for integers, unless ``requires_grad=False``.

    >>> import autograd
    >>> Parameter(autograd.ones(2))
    Parameter containing:
    tensor([1., 1.], requires_grad=True)
    """

    def __new__(cls: type[Own], data: TensorLike | None = None, requires_grad: bool = True) -> Own:
        return object.__new__(cls)

    def __init__(self, data: TensorLike | None = None, requires_grad: bool = True) -> None:
        _over(self, data)
        if requires_grad is not False:
            self.requires_grad_(requires_grad)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self._copied(memo)  # a copy that is trained by itself starts without a gradient

    def __repr__(self, **kwargs: Any) -> str:
        return "Parameter containing:\n" + super().__repr__(**kwargs)


class Buffer(Tensor):
    """A tensor that a module keeps without training it: assigned to an attribute, it registers.

    :param persistent: whether it is part of the module's ``state_dict``.

    >>> import autograd
    >>> Buffer(autograd.zeros(2))
    tensor([0., 0.])
    """

    def __new__(cls: type[Own], data: TensorLike | None = None, *, persistent: bool = True) -> Own:
        return object.__new__(cls)

    def __init__(self, data: TensorLike | None = None, *, persistent: bool = True) -> None:
        _over(self, data)
        self.persistent = persistent


def _over(tensor: Any, data: Any) -> None:
    """Make ``tensor`` a leaf over the memory of ``data``."""
    if data is None:
        data = np.empty(0, np.float32)
    if isinstance(data, (int, float)):  # a value, which Tensor(3) takes for a size
        data = np.array(data)
    tensor._data = data._array() if isinstance(data, Tensor) else Tensor(data)._data
    tensor._edge = tensor._grad = tensor._kin = None


registry.enter(Parameter)
registry.enter(Buffer)
# -- not there yet --------------------------------------------------------------------------------


class UninitializedTensorMixin:
    """What a lazy module holds before it has seen an input: a dtype, but neither shape nor values.

    Its dtype can be changed and it can be copied; all else raises ValueError, its shape
    RuntimeError. :meth:`materialize` makes it an ordinary one, and the same object.
    """

    cls_to_become: Any

    # a property over the slot, so that every operation is told, and pays nothing for it elsewhere
    @property
    def _data(self) -> Any:
        raise ValueError(
            f"{type(self).__name__}: only a tensor that has values can be used; this one waits for "
            "its module's first input. Call the module once, with a batch of the right size."
        )

    @_data.setter
    def _data(self, array: Any) -> None:
        _SLOT.__set__(self, array)

    @property
    def data(self) -> Tensor:
        """A tensor without elements, of the dtype to come. Setting it sets that dtype."""
        return Tensor(_SLOT.__get__(self), dtype=self.dtype)

    @data.setter
    def data(self, value: Tensor) -> None:
        self._data = value._array()

    @property
    def dtype(self) -> Any:
        """The dtype of the elements to come."""
        return _SLOT.__get__(self).dtype

    def is_floating_point(self) -> bool:
        """Whether that is a floating one."""
        return dtypes.floating(self.dtype)

    @property
    def shape(self) -> Any:
        """Raises RuntimeError: it is not known yet."""
        raise RuntimeError(
            f"{type(self).__name__}: the shape is known after the module's first input; there was "
            "none. Call the module once before its parameters are used, or saved for another one."
        )

    def requires_grad_(self: Any, requires_grad: bool = True) -> Any:
        """Whether it will be trained."""
        self._edge = Leaf(self) if requires_grad else None
        return self

    def materialize(self, shape: Any, device: object = None, dtype: DType = None) -> None:
        """Become an ordinary parameter or tensor of that shape, its values not set yet."""
        made: dict[str, Any] = {"device": device, "dtype": self.dtype if dtype is None else dtype}
        self._data = autograd.empty(shape, **made)._array()
        self.__class__ = self.cls_to_become

    def __repr__(self, **kwargs: Any) -> str:
        return f"<{type(self).__name__}>"

    def __reduce_ex__(self: Any, protocol: Any) -> Any:
        return type(self), (self.requires_grad, None, self.dtype)

    def __deepcopy__(self: Any, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.requires_grad, None, self.dtype)
        return memo[id(self)]


_SLOT: Any = TensorBase._data


class UninitializedParameter(UninitializedTensorMixin, Parameter):
    """A parameter whose shape the module's first input will tell.

    >>> p = UninitializedParameter()
    >>> p
    <UninitializedParameter>
    >>> p.materialize((2, 3))
    >>> p.shape
    autograd.Size([2, 3])
    """

    cls_to_become = Parameter

    def __init__(
        self, requires_grad: bool = True, device: object = None, dtype: DType = None
    ) -> None:
        made: dict[str, Any] = {"device": device, "dtype": dtype}
        Parameter.__init__(self, autograd.empty(0, **made), requires_grad)

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return object.__new__(cls)


class UninitializedBuffer(UninitializedTensorMixin, Buffer):
    """A buffer whose shape the module's first input will tell.

    >>> b = UninitializedBuffer()
    >>> b.materialize((2,))
    >>> b.shape
    autograd.Size([2])
    """

    cls_to_become = Tensor

    def __init__(
        self,
        requires_grad: bool = False,
        device: object = None,
        dtype: DType = None,
        persistent: bool = True,
    ) -> None:
        made: dict[str, Any] = {"device": device, "dtype": dtype}
        Buffer.__init__(self, autograd.empty(0, **made), persistent=persistent)
        if requires_grad:
            self.requires_grad_()

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return object.__new__(cls)


def is_lazy(param: Any) -> bool:
    """Whether it is a parameter or buffer that is not there yet."""
    return isinstance(param, UninitializedTensorMixin)
