"""Real and imaginary parts, conjugates, angles; of real tensors, too.

Complex tensors have no gradients yet: these functions say so rather than lose one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import Elementwise
from autograd.engine.grad_mode import mode
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.kernels.layout import unexpanded

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = [
    "angle", "conj", "conj_physical", "imag", "is_complex", "isreal", "real", "resolve_conj",
]  # fmt: skip


class Angle(Elementwise):
    """arctan2(y, x) of x + iy; of a real number 0 or π, by its sign."""

    floating = True

    def forward(self, x):
        zero = x.dtype.type(0)
        out = np.where(x < 0, x.dtype.type(math.pi), np.where(x == x, zero, x))
        return out if out.ndim else out[()]

    def grad_x(self, g):
        return g * 0


def _unrecorded(call: str, function: Any, input: Any) -> Any:
    """``function`` of the array of a complex tensor, which must not require grad."""
    if not isinstance(input, TensorBase):
        return function(input)
    if input._edge is not None and mode.grad:
        raise RuntimeError(
            f"{call}: complex tensors have no gradients here; this one requires grad. Keep the "
            "parts in two real tensors, or leave the graph: z.detach()."
        )
    return wrap(function(input._array()), None)  # type: ignore[attr-defined]


@implements(np.real)
def real(input: Tensor) -> Tensor:
    """The real part, a view; a real tensor itself.

    >>> import autograd
    >>> autograd.real(autograd.tensor([1 + 2j]))
    tensor([1.])
    """
    check_tensors("real", input=input)
    return _unrecorded("real", np.real, input) if dtypes.complex_valued(input.dtype) else input


@implements(np.imag)
def imag(input: Tensor) -> Tensor:
    """The imaginary part of a complex tensor, a view. RuntimeError for a real one.

    >>> import autograd
    >>> autograd.imag(autograd.tensor([1 + 2j]))
    tensor([2.])
    """
    check_tensors("imag", input=input)
    if not dtypes.complex_valued(input.dtype):
        raise RuntimeError(
            f"imag: only complex tensors have an imaginary part; got {input.dtype}. "
            "Write zeros_like(x) for that of a real tensor."
        )
    return _unrecorded("imag", np.imag, input)


@implements(np.conjugate)
def conj(input: Tensor) -> Tensor:
    """x - iy for x + iy; a real tensor itself.

    >>> import autograd
    >>> autograd.conj(autograd.tensor([1.0, 2.0]))
    tensor([1., 2.])
    """
    check_tensors("conj", input=input)
    return _unrecorded("conj", np.conjugate, input) if dtypes.complex_valued(input.dtype) else input


def resolve_conj(input: Tensor) -> Tensor:
    """``input`` itself: :func:`conj` leaves nothing for later.

    >>> import autograd
    >>> autograd.resolve_conj(autograd.tensor(1.0))
    tensor(1.)
    """
    check_tensors("resolve_conj", input=input)
    return input


conj_physical = conj


def angle(input: Tensor) -> Tensor:
    """The angle of a number in the complex plane: of a real one 0, π below zero; NaN of NaN.

    The gradient of a real tensor is 0.

    >>> import autograd
    >>> autograd.angle(autograd.tensor([1.0, -1.0]))
    tensor([0.0000, 3.1416])
    """
    check_tensors("angle", input=input)
    if dtypes.complex_valued(input.dtype):
        return np.arctan2(imag(input), real(input))  # type: ignore[return-value]
    return Angle.apply(input)


@implements(np.isreal)
def isreal(input: Tensor) -> Tensor:
    """Whether the imaginary part is 0; True throughout for a real tensor.

    >>> import autograd
    >>> autograd.isreal(autograd.tensor([1.0, 2.0]))
    tensor([True, True])
    """
    check_tensors("isreal", input=input)
    x: Any = unwrap(input)
    if dtypes.complex_valued(x.dtype):
        found = np.equal(np.imag(x), 0)
    else:
        found = np.ones_like(unexpanded(x), bool)
    return wrap(found, None) if isinstance(input, TensorBase) else found


def is_complex(input: Tensor) -> bool:
    """Whether the dtype is a complex one.

    >>> import autograd
    >>> autograd.is_complex(autograd.tensor([1.0]))
    False
    """
    check_tensors("is_complex", input=input)
    return dtypes.complex_valued(input.dtype)
