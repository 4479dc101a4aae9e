"""Elements chosen by a mask."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_numeric, check_tensors
from autograd.arrays.errors import DtypeError
from autograd.arrays.remedies import to_broadcast
from autograd.engine.elementwise import cast, sum_to
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.kernels.masked import filled
from autograd.kernels.sums import sum_over
from autograd.ops.indexing.gather import check_single, in_a_row, spread_to
from autograd.ops.indexing.getitem import GetSlice, getitem, same_dtype, setitem
from autograd.ops.shape.reshape import contiguous

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = ["fill", "masked_fill", "masked_scatter", "masked_select"]


# -- through a mask -------------------------------------------------------------------------------


class MaskedFill(Function):
    """value where mask, else x; x and mask broadcast."""

    takes_complex = True

    def forward(self, x, mask, value):
        self.dtype: Any = getattr(value, "dtype", None)
        return filled(x, mask, value)

    def grad_x(self, g, mask):
        return sum_to(MaskedFill.apply(g, mask, 0), self.shapes[0])

    def grad_value(self, g, mask):
        return cast(sum_over(MaskedFill.apply(g, np.logical_not(mask), 0)), self.dtype)


def _mask(name: str, mask: Any) -> Any:
    mask = unwrap(mask)
    mask = mask if hasattr(mask, "dtype") else np.asarray(mask)
    if not dtypes.boolean(mask.dtype):
        raise DtypeError(f"{name}: mask must have dtype bool; got {mask.dtype}. Use mask.bool().")
    return mask


def _broadcast(name: str, input: Any, mask: Any) -> tuple[int, ...]:
    check_tensors(name, input=input)
    try:
        return np.broadcast_shapes(tuple(input.shape), mask.shape)
    except ValueError:
        raise ShapeError(
            f"{name}: mask must broadcast with input; got mask of shape {mask.shape} for input of "
            f"shape {tuple(input.shape)}. " + to_broadcast([input.shape, mask.shape], ("", "mask"))
        ) from None


def masked_fill(input: Tensor, mask: Tensor, value: TensorLike) -> Tensor:
    """value where ``mask`` is True, input elsewhere; of input's dtype.

    Raises TypeError for a mask that is not bool, ValueError where the shapes do not broadcast or
    value is not a single number.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.masked_fill(x, autograd.tensor([True, False]), -1.0)
    tensor([-1., 2.])
    """
    array = _mask("masked_fill", mask)
    check_single("masked_fill", value)
    try:
        if type(value) is not float and _loses("masked_fill", input, value):
            raise DtypeError(
                f"masked_fill: value must fit the dtype of input, {input.dtype}; got "
                f"{value!r:.60}. Convert one of them."
            )
        return MaskedFill.apply(input, array, value)
    except (ValueError, AttributeError):
        check_tensors("masked_fill", input=input)
        _broadcast("masked_fill", input, array)
        raise


def _loses(call: str, input: Any, value: Any) -> bool:
    """Whether ``value`` is complex and ``input`` is not; raises TypeError where it is no number."""
    check_numeric(call, value=value)
    given = np.result_type(unwrap(value))
    return dtypes.complex_valued(given) and not dtypes.complex_valued(input.dtype)


def fill(input: Tensor, value: TensorLike) -> Tensor:
    """One number in the shape and dtype of ``input``, of which the gradient goes to ``value``.

    Raises as :func:`masked_fill` does.

    >>> import autograd
    >>> autograd.fill(autograd.zeros(2), 3.0)
    tensor([3., 3.])
    """
    check_tensors("fill", input=input)
    every: Any = np.ones_like(unwrap(input), dtype=np.bool_)
    return masked_fill(input, every, value)


def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where ``mask`` is True, as one row; input and mask broadcast.

    Raises as :func:`masked_fill` does.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0, 3.0])
    >>> autograd.masked_select(x, x > 1)
    tensor([2., 3.])
    """
    array = _mask("masked_select", mask)
    shape = _broadcast("masked_select", input, array)
    if tuple(input.shape) != shape:
        input = spread_to(input, shape)
    return getitem(input, np.broadcast_to(array, shape))


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """input with the elements where ``mask`` is True replaced by those of source, in order.

    Raises ValueError where source has fewer elements than mask has True, and as
    :func:`masked_fill` does.

    >>> import autograd
    >>> mask = autograd.tensor([True, False, True])
    >>> autograd.masked_scatter(autograd.zeros(3), mask, autograd.tensor([1.0, 2.0]))
    tensor([1., 0., 2.])
    """
    array = _mask("masked_scatter", mask)
    shape = _broadcast("masked_scatter", input, array)
    check_tensors("masked_scatter", source=source)
    same_dtype("masked_scatter", input, source)
    array = np.broadcast_to(array, shape)
    needed, given = int(np.count_nonzero(array)), math.prod(source.shape)
    if given < needed:
        raise ValueError(
            f"masked_scatter: source must have an element for each True; got {given} for {needed}."
        )
    if tuple(input.shape) != shape:
        input = spread_to(input, shape)
    return setitem(contiguous(input), array, GetSlice.apply(in_a_row(source), index=slice(needed)))
