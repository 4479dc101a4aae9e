"""What is traced and what is not, under HIPS autograd's names."""

from __future__ import annotations

from typing import Any

from autograd.engine.graph import TensorBase, unwrap
from autograd.extend import notrace_primitive, primitive
from autograd.tensors.array import Array as Box

__all__ = ["Box", "getval", "isbox", "notrace_primitive", "primitive"]


def getval(x: Any) -> Any:
    """The plain value of a traced one; anything else as it is.

    >>> getval(2.0)
    2.0
    """
    return unwrap(x)


def isbox(x: Any) -> bool:
    """Whether x is traced.

    >>> isbox(2.0)
    False
    """
    return isinstance(x, TensorBase)
