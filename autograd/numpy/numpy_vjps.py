"""What packages take from HIPS autograd's module of this name: the adjoint of broadcasting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.engine.elementwise import sum_to
from autograd.engine.graph import TensorBase
from autograd.numpy.table import faced
from autograd.tensors.array import as_tensor

__all__ = ["unbroadcast_f"]


def unbroadcast_f(target: Any, g: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``g``, whose result is summed over the axes along which ``target`` was broadcast.

    >>> import numpy as np
    >>> unbroadcast_f(np.zeros(2), lambda g: g)(np.ones((3, 2)))
    array([3., 3.])
    """
    shape = tuple(np.shape(target._data if isinstance(target, TensorBase) else target))

    def summed(ans: Any) -> Any:
        found = g(ans)
        if isinstance(found, TensorBase):
            return faced(sum_to(as_tensor(found), shape))
        return sum_to(np.asarray(found), shape)

    return summed
