"""Complex numbers and their parts: real, imag, conjugates, angles, pairs of real numbers.

The formulas are written on this side of the doors (see engine/conjugates.py): g is
∂L/∂x - i ∂L/∂y of a complex number x + iy.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import Elementwise, cast
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.kernels import complexes
from autograd.kernels.layout import unexpanded
from autograd.kernels.masked import chosen
from autograd.ops.pointwise.arithmetic import quotient

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = [
    "angle", "complex", "conj", "conj_physical", "imag", "is_complex", "isreal", "polar", "real",
    "resolve_conj", "resolve_neg", "view_as_complex", "view_as_real",
]  # fmt: skip


class Real(Function):
    view = True
    takes_complex = True

    def forward(self, x):
        self.source = x.dtype
        return np.real(x)

    def grad_x(self, g):
        return cast(g, self.source)


class Imag(Function):
    view = True
    takes_complex = True

    def forward(self, x):
        self.source = x.dtype
        return np.imag(x)

    def grad_x(self, g):
        return cast(g, self.source) * -1j


class Conjugate(Elementwise):
    takes_complex = True

    def forward(self, x):
        return np.conjugate(x)

    def grad_x(self, g):
        return np.conjugate(g)


class Complex(Elementwise):
    """x + iy of two real numbers."""

    takes_complex = True

    def forward(self, x, y):
        return complexes.joined(x, y)

    def grad_x(self, g):
        return np.real(g)

    def grad_y(self, g):
        return -np.imag(g)


class ViewAsReal(Function):
    """x + iy as the pair (x, y), along a new last axis."""

    view = True
    takes_complex = True

    def forward(self, x):
        return complexes.pairs(x)

    def grad_x(self, g):
        return Complex.apply(g[..., 0], -g[..., 1])


class ViewAsComplex(Function):
    """The pairs along the last axis as complex numbers."""

    view = True
    takes_complex = True

    def forward(self, x):
        return complexes.of_pairs(x)

    def grad_x(self, g):
        return ViewAsReal.apply(np.conjugate(g))


class Angle(Elementwise):
    """arctan2(y, x) of x + iy; of a real number 0 or π, by its sign."""

    floating = True

    def forward(self, x):
        return chosen(x < 0, math.pi, chosen(x == x, 0, x))

    def grad_x(self, g):
        return g * 0


class AngleOfComplex(Elementwise):
    """The imaginary part of log z, but for the gradient 0 at 0."""

    takes_complex = True

    def forward(self, z):
        return np.arctan2(np.imag(z), np.real(z))

    def grad_z(self, g, z):
        return quotient(np.where(z == 0, 0, g) * -1j, z)


@implements(np.real)
def real(input: Tensor) -> Tensor:
    """The real part, a view; a real tensor itself.

    >>> import autograd
    >>> autograd.real(autograd.tensor([1 + 2j]))
    tensor([1.])
    """
    check_tensors("real", input=input)
    return Real.apply(input) if dtypes.complex_valued(input.dtype) else input


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
    return Imag.apply(input)


@implements(np.conjugate)
def conj(input: Tensor) -> Tensor:
    """x - iy for x + iy; a real tensor itself.

    >>> import autograd
    >>> autograd.conj(autograd.tensor([1.0, 2.0]))
    tensor([1., 2.])
    """
    check_tensors("conj", input=input)
    return Conjugate.apply(input) if dtypes.complex_valued(input.dtype) else input


def resolve_conj(input: Tensor) -> Tensor:
    """``input`` itself: :func:`conj` leaves nothing for later.

    >>> import autograd
    >>> autograd.resolve_conj(autograd.tensor(1.0))
    tensor(1.)
    """
    check_tensors("resolve_conj", input=input)
    return input


def resolve_neg(input: Tensor) -> Tensor:
    """``input`` itself: no sign is left for later.

    >>> import autograd
    >>> autograd.resolve_neg(autograd.tensor(1.0))
    tensor(1.)
    """
    check_tensors("resolve_neg", input=input)
    return input


conj_physical = conj


def angle(input: Tensor) -> Tensor:
    """The angle of a number in the complex plane: of a real one 0, π below zero; NaN of NaN.

    The gradient is 0 at 0, and that of a real tensor is 0 everywhere.

    >>> import autograd
    >>> autograd.angle(autograd.tensor([1.0, -1.0]))
    tensor([0.0000, 3.1416])
    """
    check_tensors("angle", input=input)
    return (AngleOfComplex if dtypes.complex_valued(input.dtype) else Angle).apply(input)


def complex(real: Tensor, imag: Tensor) -> Tensor:
    """real + i · imag, broadcast; both float32, which makes complex64, or both float64.

    Raises RuntimeError for other dtypes.

    >>> import autograd
    >>> autograd.complex(autograd.tensor([1.0, 2.0]), autograd.tensor([3.0, 4.0]))
    tensor([1.+3.j, 2.+4.j])
    """
    _check_parts("complex", real=real, imag=imag)
    return Complex.apply(real, imag)


def polar(abs: Tensor, angle: Tensor) -> Tensor:
    """abs · (cos(angle) + i sin(angle)), broadcast; both float32 or both float64.

    Raises RuntimeError for other dtypes.

    >>> import autograd
    >>> autograd.polar(autograd.tensor([1.0, 2.0]), autograd.tensor([0.0, 0.0]))
    tensor([1.+0.j, 2.+0.j])
    """
    _check_parts("polar", abs=abs, angle=angle)
    x: Any = abs * np.cos(angle)
    return Complex.apply(x, abs * np.sin(angle))


def _check_parts(call: str, **given: Any) -> None:
    """Raise RuntimeError unless both are of one floating dtype that complex numbers are made of."""
    check_tensors(call, **given)
    found = [one.dtype for one in given.values()]
    if found[0] != found[1] or found[0] not in (dtypes.float32, dtypes.float64):
        raise RuntimeError(
            f"{call}: {' and '.join(given)} must both be float32, or both float64; got {found[0]} "
            f"and {found[1]}. Convert them: x.to(autograd.float32)."
        )


def view_as_real(input: Tensor) -> Tensor:
    """A view of complex numbers as pairs of real ones.

    Shapes: x (*) -> (*, 2). Raises RuntimeError for a real tensor.

    >>> import autograd
    >>> autograd.view_as_real(autograd.tensor([1 + 2j, 3 - 1j]))
    tensor([[ 1.,  2.],
            [ 3., -1.]])
    """
    check_tensors("view_as_real", input=input)
    if not dtypes.complex_valued(input.dtype):
        raise RuntimeError(
            f"view_as_real: only complex tensors are pairs of numbers; got {input.dtype}. Convert "
            "it: x.to(autograd.complex64)."
        )
    return ViewAsReal.apply(input)


def view_as_complex(input: Tensor) -> Tensor:
    """A view of pairs of real numbers as complex ones.

    Shapes: x (*, 2) -> (*). Raises RuntimeError where the last axis is not of two numbers that lie
    side by side, or their dtype is not float32 or float64.

    >>> import autograd
    >>> autograd.view_as_complex(autograd.tensor([[1.0, 2.0], [3.0, -1.0]]))
    tensor([1.+2.j, 3.-1.j])
    """
    check_tensors("view_as_complex", input=input)
    if input.dtype not in (dtypes.float32, dtypes.float64):
        raise RuntimeError(
            f"view_as_complex: complex numbers are made of float32 or float64; got {input.dtype}. "
            "Convert it: x.to(autograd.float32)."
        )
    if input.ndim == 0 or input.shape[-1] != 2:
        raise ShapeError(
            "view_as_complex: the last axis must hold pairs, real and imaginary part; got shape "
            f"{tuple(input.shape)}. Stack the parts: autograd.stack([a, b], -1)."
        )
    lies = isinstance(input, TensorBase) and hasattr(unwrap(input), "strides")
    if lies and input.stride()[-1] != 1 and input.numel():
        raise RuntimeError(
            "view_as_complex: the two numbers of a pair must lie side by side; got strides "
            f"{tuple(input.stride())}. Call contiguous() first."
        )
    return ViewAsComplex.apply(input)


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
