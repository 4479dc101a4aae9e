"""The larger and the smaller of two values: maximum, minimum, clamp."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.engine.dispatch import implements
from autograd.engine.elementwise import Elementwise

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = ["clamp", "clamp_max", "clamp_min", "clip", "fmax", "fmin", "maximum", "minimum"]


@implements(np.maximum)
class Maximum(Elementwise):
    linear_in_pieces = True

    def forward(self, x, y):
        return np.maximum(x, y)

    def grad_x(self, g, x, y):
        return g * (x > y) + (g * 0.5) * (x == y)

    def grad_y(self, g, x, y):
        return g * (x < y) + (g * 0.5) * (x == y)


@implements(np.minimum)
class Minimum(Elementwise):
    linear_in_pieces = True

    def forward(self, x, y):
        return np.minimum(x, y)

    def grad_x(self, g, x, y):
        return g * (x < y) + (g * 0.5) * (x == y)

    def grad_y(self, g, x, y):
        return g * (x > y) + (g * 0.5) * (x == y)


@implements(np.fmax)
class Fmax(Elementwise):
    linear_in_pieces = True

    def forward(self, x, y):
        return np.fmax(x, y)

    def grad_x(self, g, x, y):
        return g * ((x >= y) | (y != y))

    def grad_y(self, g, x, y):
        return g * np.logical_not((x >= y) | (y != y))


@implements(np.fmin)
class Fmin(Elementwise):
    linear_in_pieces = True

    def forward(self, x, y):
        return np.fmin(x, y)

    def grad_x(self, g, x, y):
        return g * ((x <= y) | (y != y))

    def grad_y(self, g, x, y):
        return g * np.logical_not((x <= y) | (y != y))


class ClampMin(Elementwise):
    """max(x, low), where x = low counts as inside: x gets the whole gradient."""

    linear_in_pieces = True

    def forward(self, x, low):
        return np.maximum(x, low)

    def grad_x(self, g, x, low):
        return g * (x >= low)

    def grad_low(self, g, x, low):
        return g * (x < low)


class ClampMax(Elementwise):
    """min(x, high), where x = high counts as inside: x gets the whole gradient."""

    linear_in_pieces = True

    def forward(self, x, high):
        return np.minimum(x, high)

    def grad_x(self, g, x, high):
        return g * (x <= high)

    def grad_high(self, g, x, high):
        return g * (x > high)


def maximum(input: TensorLike, other: TensorLike) -> Tensor:
    """The larger of two, element by element; equal ones share the gradient, NaN wins.

    >>> import autograd
    >>> autograd.maximum(autograd.tensor([1.0, 4.0]), autograd.tensor([3.0, 2.0]))
    tensor([3., 4.])
    """
    return Maximum.apply(input, other)


def minimum(input: TensorLike, other: TensorLike) -> Tensor:
    """The smaller of two, element by element; equal ones share the gradient, NaN wins.

    >>> import autograd
    >>> autograd.minimum(autograd.tensor([1.0, 4.0]), autograd.tensor([3.0, 2.0]))
    tensor([1., 2.])
    """
    return Minimum.apply(input, other)


def fmax(input: TensorLike, other: TensorLike) -> Tensor:
    """The larger of two, NaN only where both are; of equal ones the first gets the gradient.

    >>> import autograd
    >>> autograd.fmax(autograd.tensor([1.0, float("nan")]), autograd.tensor([3.0, 2.0]))
    tensor([3., 2.])
    """
    return Fmax.apply(input, other)


def fmin(input: TensorLike, other: TensorLike) -> Tensor:
    """The smaller of two, NaN only where both are; of equal ones the first gets the gradient.

    >>> import autograd
    >>> autograd.fmin(autograd.tensor([1.0, float("nan")]), autograd.tensor([3.0, 2.0]))
    tensor([1., 2.])
    """
    return Fmin.apply(input, other)


def clamp(input: Tensor, min: TensorLike | None = None, max: TensorLike | None = None) -> Tensor:
    """min(max(x, ``min``), ``max``); bounds are numbers or tensors, None for no bound.

    The gradient is whole on the bounds and zero outside. Raises ValueError without any bound.

    >>> import autograd
    >>> autograd.clamp(autograd.tensor([-2.0, 0.5, 2.0]), -1, 1)
    tensor([-1.0000, 0.5000, 1.0000])
    """
    if min is None and max is None:
        raise ValueError("clamp: needs a bound; got neither min nor max. Pass one of them.")
    try:
        if min is not None:
            input = ClampMin.apply(input, min)
        return input if max is None else ClampMax.apply(input, max)
    except (TypeError, ValueError) as error:
        raise type(error)(f"clamp: {str(error).partition(': ')[2]}") from None


def clamp_min(input: Tensor, min: TensorLike) -> Tensor:
    """max(x, ``min``).

    >>> import autograd
    >>> autograd.clamp_min(autograd.tensor([-2.0, 2.0]), 0)
    tensor([0., 2.])
    """
    return ClampMin.apply(input, min)


def clamp_max(input: Tensor, max: TensorLike) -> Tensor:
    """min(x, ``max``).

    >>> import autograd
    >>> autograd.clamp_max(autograd.tensor([-2.0, 2.0]), 0)
    tensor([-2., 0.])
    """
    return ClampMax.apply(input, max)


@implements(np.clip)
def _clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    if out is not None:
        raise TypeError("np.clip: out= is not taken with tensors. Use the result instead.")
    return clamp(a, min if a_min is None else a_min, max if a_max is None else a_max)


clip = clamp
