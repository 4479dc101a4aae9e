"""Windows of images as columns of a matrix, and columns added up to images."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import size_of
from autograd.engine.function import Function
from autograd.engine.places import ShapeError
from autograd.kernels.columns import Geometry, columns, uncolumned
from nn.functional.conv import batched, geometry_of, per_axis

if TYPE_CHECKING:
    from autograd import Tensor
    from nn.functional.conv import Sizes

__all__ = ["fold", "unfold"]


class Im2Col(Function):
    """The windows of x (N, C, ...) side by side, (N, C, *kernel, *places)."""

    takes_complex = True

    def forward(self, x, *, size, kernel, geometry):
        self.facts = {"size": x.shape[2:], "kernel": kernel, "geometry": geometry}
        return columns(x, size=size, kernel=kernel, geometry=geometry)

    def grad_x(self, g):
        return Col2Im.apply(g, **self.facts)


class Col2Im(Function):
    """Windows added up where they come from: the adjoint of :class:`Im2Col`."""

    takes_complex = True

    def forward(self, g, *, size, kernel, geometry):
        places = g.shape[2 + len(kernel) :]
        self.facts = {"size": places, "kernel": kernel, "geometry": geometry}
        return uncolumned(g, size=size, kernel=kernel, geometry=geometry)

    def grad_g(self, h):
        return Im2Col.apply(h, **self.facts)


def _geometry(
    call: str, shape: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any
) -> tuple[tuple[int, ...], tuple[int, ...], Geometry]:
    """(kernel, how many windows along each axis, how they lie)."""
    kernel = per_axis(call, "kernel_size", kernel_size, 2, 1)
    apart = per_axis(call, "dilation", dilation, 2, 1)
    before = per_axis(call, "padding", padding, 2)
    steps = per_axis(call, "stride", stride, 2, 1)
    facts = zip(shape, kernel, apart, before, steps, strict=True)
    places = tuple([(n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, d, p, s in facts])
    if min(places) < 1:
        raise ShapeError(
            f"{call}: the kernel must fit into the padded image; got kernel {kernel}, dilation "
            f"{apart} and padding {before} for an image of size {tuple(shape)}."
        )
    size_of(call, (*kernel, *places))
    return kernel, places, geometry_of(places, kernel, steps, before, apart)


def unfold(
    input: Tensor, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1
) -> Tensor:
    """The windows of images as columns: (N, C, H, W) -> (N, C kH kW, L), without N alike.

    L windows, row by row, as those of :func:`conv2d`, whose product with them is the weight, as
    (O, C kH kW), times the columns. Raises ValueError where the kernel does not fit.

    >>> import autograd
    >>> unfold(autograd.arange(6.0).reshape(1, 2, 3), 2)
    tensor([[0., 1.],
            [1., 2.],
            [3., 4.],
            [4., 5.]])
    """
    x, alone = batched("unfold", input, 2)
    kernel, places, geometry = _geometry(
        "unfold", x.shape[2:], kernel_size, dilation, padding, stride
    )
    made = Im2Col.apply(x, size=places, kernel=kernel, geometry=geometry)
    shape = x.shape[0], x.shape[1] * math.prod(kernel), math.prod(places)
    out: Any = np.reshape(made, shape)
    return out[0] if alone else out


def fold(
    input: Tensor,
    output_size: Sizes,
    kernel_size: Sizes,
    dilation: Sizes = 1,
    padding: Sizes = 0,
    stride: Sizes = 1,
) -> Tensor:
    """Columns added up to images, the adjoint of :func:`unfold`: (N, C kH kW, L) -> (N, C, H, W).

    Where windows overlap, their elements are summed. Raises ValueError where the columns are not
    those of an image of ``output_size``.

    >>> import autograd
    >>> fold(autograd.ones(1, 4, 2), (2, 3), 2)
    tensor([[[[1., 2., 1.],
              [1., 2., 1.]]]])
    """
    x, alone = batched("fold", input, 1)
    size = per_axis("fold", "output_size", output_size, 2, 1)
    kernel, places, geometry = _geometry("fold", size, kernel_size, dilation, padding, stride)
    if x.shape[1] % math.prod(kernel) or x.shape[2] != math.prod(places):
        raise ShapeError(
            f"fold: an image of size {size} with kernel {kernel} has {math.prod(places)} windows "
            f"of C · {math.prod(kernel)} elements; got input of shape {tuple(input.shape)}."
        )
    apart = np.reshape(x, (x.shape[0], x.shape[1] // math.prod(kernel), *kernel, *places))
    out = Col2Im.apply(apart, size=size, kernel=kernel, geometry=geometry)
    return out[0] if alone else out
