"""Complex gradients on the two sides of a door.

Inside, a formula multiplies by f' without a conjugate: the gradient of a real L with respect to
z = a + ib is ∂L/∂a - i ∂L/∂b there, which for holomorphic ops makes the formulas of complex numbers
those of real ones. Outside it is PyTorch's, ∂L/∂a + i ∂L/∂b, the direction in which L grows. So a
gradient is conjugated where it passes a door: the seeds of a backward pass, ``.grad`` and what
``grad`` returns, hooks, and the ``backward`` of an op in PyTorch's form.

Kreutz-Delgado 2009, "The Complex Gradient Operator and the CR-Calculus", arXiv:0906.4835.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.grad_mode import mode
from autograd.engine.graph import TensorBase


def through_door(g: Any) -> Any:
    """A gradient as it is on the other side of a door: a real one, or None, as it is.

    The conjugate of a Tensor is recorded whatever the grad mode is: who asked for a Tensor wants to
    differentiate it.

    >>> through_door(np.array([1 + 2j])), through_door(None)
    (array([1.-2.j]), None)
    """
    if g is None or not dtypes.complex_valued(g.dtype):
        return g
    if not isinstance(g, TensorBase):
        return np.conjugate(g)
    before, mode.grad = mode.grad, True
    try:
        return np.conjugate(g)  # type: ignore[call-overload]
    finally:
        mode.grad = before
