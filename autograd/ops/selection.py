"""Choosing between values: minimum, maximum, clamp, where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from autograd.arguments import check_numeric, number_of
from autograd.dispatch import implements
from autograd.elementwise import Elementwise
from autograd.graph import TensorBase, unwrap, wrap

if TYPE_CHECKING:
    from autograd.annotations import Tensor, TensorLike


@implements(np.maximum)
class Maximum(Elementwise):
    def forward(self, x, y):
        return np.maximum(x, y)

    def grad_x(self, g, x, y):
        return g * (x > y) + (g * 0.5) * (x == y)

    def grad_y(self, g, x, y):
        return g * (x < y) + (g * 0.5) * (x == y)


@implements(np.minimum)
class Minimum(Elementwise):
    def forward(self, x, y):
        return np.minimum(x, y)

    def grad_x(self, g, x, y):
        return g * (x < y) + (g * 0.5) * (x == y)

    def grad_y(self, g, x, y):
        return g * (x > y) + (g * 0.5) * (x == y)


@implements(np.fmax)
class Fmax(Elementwise):
    def forward(self, x, y):
        return np.fmax(x, y)

    def grad_x(self, g, x, y):
        return g * ((x >= y) | (y != y))

    def grad_y(self, g, x, y):
        return g * np.logical_not((x >= y) | (y != y))


@implements(np.fmin)
class Fmin(Elementwise):
    def forward(self, x, y):
        return np.fmin(x, y)

    def grad_x(self, g, x, y):
        return g * ((x <= y) | (y != y))

    def grad_y(self, g, x, y):
        return g * np.logical_not((x <= y) | (y != y))


_ROW = 1024


def with_number(ufunc, x, number):
    """``ufunc(x, number)`` for maximum and minimum, row by row where ``x`` is large.

    NumPy has vector instructions for two arrays there, but not for an array and a number: over
    10⁶ float32 this takes half the time; below 32 rows it does not pay.
    """
    if not isinstance(number, np.generic) or x.size < 32 * _ROW:
        return ufunc(x, number)
    flat = np.reshape(x, -1)
    whole = x.size - x.size % _ROW
    out = np.empty_like(flat)
    row = np.full(_ROW, number, x.dtype, like=x)
    ufunc(np.reshape(flat[:whole], (-1, _ROW)), row, out=np.reshape(out[:whole], (-1, _ROW)))
    ufunc(flat[whole:], number, out=out[whole:])
    return np.reshape(out, x.shape)


class ClampMin(Elementwise):
    """max(x, low), where x = low counts as inside: x gets the whole gradient."""

    def forward(self, x, low):
        return with_number(np.maximum, x, low)

    def grad_x(self, g, x, low):
        return g * (x >= low)

    def grad_low(self, g, x, low):
        return g * (x < low)


class ClampMax(Elementwise):
    """min(x, high), where x = high counts as inside: x gets the whole gradient."""

    def forward(self, x, high):
        return with_number(np.minimum, x, high)

    def grad_x(self, g, x, high):
        return g * (x <= high)

    def grad_high(self, g, x, high):
        return g * (x > high)


class Where(Elementwise):
    """x where the condition holds, else y. What is not chosen gets an exact zero."""

    def forward(self, condition, x, y):
        out = np.where(condition, x, y)
        return out if out.ndim else out[()]

    def grad_x(self, g, condition):
        return Where.apply(condition, g, 0)

    def grad_y(self, g, condition):
        return Where.apply(condition, 0, g)

    @classmethod
    def of_one_dtype(cls, *args: Any) -> list[Any]:
        condition, x, y = args
        if isinstance(x, np.generic) or isinstance(y, np.generic):
            if not (
                np.ndim(x) or np.ndim(y) or isinstance(x, TensorBase) or isinstance(y, TensorBase)
            ):  # numbers that formulas kept have a dtype
                dtype = np.result_type(x, y)
                return [condition, dtype.type(x), dtype.type(y)]
        return [condition, *super().of_one_dtype(x, y)]


class Lerp(Elementwise):
    """x + w (y - x), reckoned from the nearer end: w = 1 gives y to the last digit."""

    def forward(self, x, y, w):
        way, near = y - x, np.absolute(w) < 0.5
        if near.ndim:
            return np.where(near, x + w * way, y - (1 - w) * way)
        return x + w * way if near else y - (1 - w) * way

    def grad_x(self, g, w):
        return g * (1 - w)

    def grad_y(self, g, w):
        return g * w

    def grad_w(self, g, x, y):
        return g * (y - x)


@implements(np.nan_to_num)
class NanToNum(Elementwise):
    def forward(self, x, *, copy=True, nan=0.0, posinf=None, neginf=None):
        return np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)

    def grad_x(self, g, x):
        return g * np.isfinite(x)


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
    if min is not None:
        input = ClampMin.apply(input, min)
    return input if max is None else ClampMax.apply(input, max)


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


@overload
def where(condition: TensorLike) -> tuple[Tensor, ...]: ...
@overload
def where(condition: TensorLike, input: TensorLike, other: TensorLike) -> Tensor: ...
def where(
    condition: TensorLike, input: TensorLike | None = None, other: TensorLike | None = None
) -> Any:
    """``input`` where ``condition`` holds, else ``other``, broadcast.

    What is not chosen gets a gradient of exactly zero, which stays zero on its way back: a NaN
    or an infinite derivative behind the branch not taken does no harm.

    With ``condition`` alone: the indices where it holds, one int64 tensor for each dimension.

    >>> import autograd
    >>> x = autograd.tensor([0.0, 4.0], requires_grad=True)
    >>> autograd.where(x > 0, x.sqrt(), 0).sum().backward()
    >>> x.grad
    tensor([0.0000, 0.2500])
    """
    if input is None and other is None:
        check_numeric("where", condition=condition)
        return tuple([wrap(found, None) for found in np.nonzero(unwrap(condition))])
    if not hasattr(condition, "dtype"):
        check_numeric("where", condition=condition)
    if input is None or other is None:
        raise TypeError("where: takes a condition alone or with two values; got one. Pass both.")
    return Where.apply(condition, input, other)


implements(np.where)(where)


def lerp(input: Tensor, end: Tensor, weight: TensorLike) -> Tensor:
    """input + weight · (end - input), and exactly ``end`` where the weight is 1.

    >>> import autograd
    >>> autograd.lerp(autograd.tensor([0.0, 10.0]), autograd.tensor([10.0, 20.0]), 0.5)
    tensor([ 5., 15.])
    """
    return Lerp.apply(input, end, weight)


def nan_to_num(
    input: Tensor,
    nan: float = 0.0,
    posinf: float | None = None,
    neginf: float | None = None,
) -> Tensor:
    """NaN, ∞ and -∞ replaced, the infinities by the dtype's largest numbers unless given.

    >>> import autograd
    >>> autograd.nan_to_num(autograd.tensor([float("nan"), 1.0]), nan=-1.0)
    tensor([-1., 1.])
    """
    given = {"nan": nan, "posinf": posinf, "neginf": neginf}
    for name, value in given.items():
        if value is not None:
            given[name] = number_of("nan_to_num", name, value)
    return NanToNum.apply(input, **given)


clip = clamp
