"""What a module learns, and what it remembers besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from autograd import Tensor
from autograd.tensors import registry

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike

__all__ = ["Buffer", "Parameter"]

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
