"""Differences along an axis, and sums that stand for integrals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axes, axis_of, check_tensors, integer_of, number_of
from autograd.arrays.errors import OptionError
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import cast, in_float32
from autograd.engine.places import ShapeError
from autograd.ops.reductions.cumulative import cumsum
from autograd.ops.shape.join import cat
from autograd.ops.shape.reshape import clone

if TYPE_CHECKING:
    from autograd.tensors.annotations import Number
    from autograd.tensors.tensor import Tensor

__all__ = ["cumulative_trapezoid", "diff", "gradient", "trapezoid", "trapz"]


def diff(
    input: Tensor,
    n: int = 1,
    dim: int = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
) -> Tensor:
    """x_{i+1} - x_i along ``dim``, taken ``n`` times: (..., m, ...) -> (..., m - n, ...).

    ``prepend`` and ``append`` are joined to the input first. For bools, whether neighbours differ.
    Raises RuntimeError for 0-d tensors and negative n.

    >>> import autograd
    >>> autograd.diff(autograd.tensor([1.0, 4.0, 9.0, 16.0]), n=2)
    tensor([2., 2.])
    """
    check_tensors("diff", input=input)
    if not input.ndim:
        raise RuntimeError("diff: expected at least 1 axis; got a 0-d tensor.")
    n = integer_of("diff", "n", n)
    if n < 0:
        raise RuntimeError(f"diff: n must not be negative; got {n}.")
    axis = axis_of("diff", input, dim)
    joined = [one for one in (prepend, input, append) if one is not None]
    x: Any = cat(joined, axis) if len(joined) > 1 else input
    for _ in range(min(n, x.shape[axis])):
        left, right = _neighbours(x, axis)
        x = np.not_equal(right, left) if dtypes.boolean(x.dtype) else right - left
    return x if n else clone(input)


@implements(np.diff)
def _np_diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    return diff(a, n, axis, prepend, append)


def _neighbours(x: Any, axis: int) -> tuple[Any, Any]:
    """All elements along an axis but the last, and all but the first."""
    lead = (slice(None),) * axis
    return x[(*lead, slice(None, -1))], x[(*lead, slice(1, None))]


def _areas(call: str, y: Any, x: Any, dx: Any, dim: int) -> tuple[Any, int]:
    """Twice the area over each step between samples, and the axis they lie along."""
    check_tensors(call, **({"y": y} if x is None else {"y": y, "x": x}))
    if not y.ndim:
        raise IndexError(f"{call}: y must have at least 1 axis; got a 0-d tensor.")
    axis = axis_of(call, y, dim)
    if dtypes.boolean(y.dtype) or (x is not None and dtypes.boolean(x.dtype)):
        raise RuntimeError(f"{call}: samples must be numbers; got bool. Convert them: y.float().")
    if not dtypes.differentiable(y.dtype):
        y = cast(y, dtypes.get_default_dtype())
    left, right = _neighbours(y, axis)
    if x is None:
        return (left + right) * (1 if dx is None else dx), axis
    if dx is not None:
        raise TypeError(f"{call}: pass either x or dx; got both.")
    if x.ndim == 1:
        if x.shape[0] != y.shape[axis]:
            raise ShapeError(
                f"{call}: x must have a place for each sample; got {x.shape[0]} for "
                f"{y.shape[axis]} samples along dim {dim}."
            )
        x = np.reshape(x, (-1, *[1] * (y.ndim - axis - 1)))
    if x.ndim < y.ndim:
        x = np.reshape(x, (*[1] * (y.ndim - x.ndim), *x.shape))
    before, after = _neighbours(x, axis)
    return (left + right) * (after - before), axis


@in_float32
def trapezoid(
    y: Tensor, x: Tensor | None = None, *, dx: Number | None = None, dim: int = -1
) -> Tensor:
    """∫ y dx along ``dim`` by the trapezoidal rule, Σ (y_i + y_{i+1}) (x_{i+1} - x_i) / 2.

    :param x: where the samples were taken: 1-d, or broadcast with y.
    :param dx: the distance between samples, without ``x``; 1 by default.
    :raises RuntimeError: there is not one x for each sample, or samples are bool.

    >>> import autograd
    >>> autograd.trapezoid(autograd.tensor([1.0, 2.0, 3.0]), autograd.tensor([0.0, 1.0, 3.0]))
    tensor(6.5000)
    """
    areas, axis = _areas("trapezoid", y, x, dx, dim)
    return np.add.reduce(areas, axis=axis) / 2


@in_float32
def cumulative_trapezoid(
    y: Tensor, x: Tensor | None = None, *, dx: Number | None = None, dim: int = -1
) -> Tensor:
    """The integral up to each sample but the first; arguments and errors as :func:`trapezoid`.

    >>> import autograd
    >>> autograd.cumulative_trapezoid(autograd.tensor([1.0, 2.0, 3.0]))
    tensor([1.5000, 4.0000])
    """
    areas, axis = _areas("cumulative_trapezoid", y, x, dx, dim)
    return cumsum(areas, axis) / 2


trapz = trapezoid


def gradient(
    input: Tensor, *, spacing: Any = 1, dim: Any = None, edge_order: int = 1
) -> tuple[Tensor, ...]:
    """Slopes of samples along each of ``dim`` (all axes by default): one tensor an axis.

    Central differences, exact for squares, and one-sided ones of ``edge_order`` 1 or 2 at the ends.

    :param spacing: the distance between samples, a number or one for each axis; or for each axis
        a 1-d tensor of where the samples were taken.
    :raises ValueError: an axis has not more than ``edge_order`` samples, or spacing does not fit.

    >>> import autograd
    >>> autograd.gradient(autograd.tensor([1.0, 4.0, 9.0, 16.0]))
    (tensor([3., 4., 6., 7.]),)
    """
    check_tensors("gradient", input=input)
    spacing = 1 if spacing is None else spacing
    over = axes("gradient", input, dim) if dim is not None else (*range(input.ndim),)
    over = over if isinstance(over, tuple) else (over,)
    if edge_order not in (1, 2):
        raise OptionError(f"gradient: edge_order must be 1 or 2; got {edge_order!r:.60}.")
    several = isinstance(spacing, (list, tuple))
    steps = list(spacing) if several else [spacing] * len(over)
    if len(steps) != len(over):
        raise ShapeError(
            f"gradient: spacing must be one number, or one entry for each of {len(over)} axes; got "
            f"{len(steps)}."
        )
    if not dtypes.differentiable(input.dtype):
        input = cast(input, dtypes.get_default_dtype())
    return tuple([_slopes(input, axis, h, edge_order) for axis, h in zip(over, steps)])


def _slopes(input: Any, axis: int, spacing: Any, edge_order: int) -> Any:
    x: Any = np.moveaxis(input, axis, -1)
    n = x.shape[-1]
    if n <= edge_order:
        raise ShapeError(
            f"gradient: each axis needs more than edge_order={edge_order} samples; got shape "
            f"{tuple(input.shape)}."
        )
    left, right = _neighbours(x, x.ndim - 1)
    if getattr(spacing, "ndim", 0):
        h = _distances(spacing, n)
        rises, before, after = (right - left) / h, h[:-1], h[1:]
        near, far = h[:1] / (h[:1] + h[1:2]), h[-1:] / (h[-1:] + h[-2:-1])
        inner = (rises[..., :-1] * after + rises[..., 1:] * before) / (before + after)
    else:
        rises = (right - left) / number_of("gradient", "spacing", spacing)
        near = far = 0.5
        inner = (rises[..., :-1] + rises[..., 1:]) / 2
    first, last = rises[..., :1], rises[..., -1:]
    if edge_order == 2:
        first = first + (first - rises[..., 1:2]) * near
        last = last + (last - rises[..., -2:-1]) * far
    joined: Any = cat([first, inner, last], -1)
    return np.moveaxis(joined, -1, axis)


def _distances(places: Any, n: int) -> Any:
    """The n - 1 steps between the places of samples."""
    if tuple(places.shape) != (n,):
        raise ShapeError(
            f"gradient: spacing must have a place for each of {n} samples; got shape "
            f"{tuple(places.shape)}."
        )
    return places[1:] - places[:-1]


@implements(np.trapezoid)
def _np_trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    return trapezoid(y, x, dx=dx if x is None else None, dim=axis)
