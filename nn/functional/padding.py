"""More elements at the ends of axes, or fewer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors, integer_of, listed, number_of
from autograd.engine.places import ShapeError
from autograd.ops.shape.narrow import Narrow, Pad

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["pad"]

_NUMPYS = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def pad(
    input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None
) -> Tensor:
    """More elements at the ends of the last axes, or fewer where a width is negative.

    :param pad: (before, after) of the last axis, then of the one before it, and so on.
    :param mode: "constant" (of ``value``, 0 by default), "reflect" (mirrored, without the edge
        itself), "replicate" (the edge again) or "circular" (from the other end). The last three
        pad one axis of a 2-d or 3-d tensor, two of a 3-d or 4-d, three of a 4-d or 5-d one.
    :raises ValueError: another mode, or widths that do not fit the shape.

    >>> import autograd
    >>> pad(autograd.tensor([1.0, 2.0]), (1, 2))
    tensor([0., 1., 2., 0., 0.])
    >>> pad(autograd.tensor([[1.0, 2.0, 3.0]]), (2, 0), "reflect")
    tensor([[3., 2., 1., 2., 3.]])
    """
    check_tensors("pad", input=input)
    given = tuple([integer_of("pad", "pad", width) for width in listed((), pad)])
    shape = tuple(input.shape)
    axes = len(given) // 2
    if len(given) % 2 or axes > len(shape):
        raise ShapeError(
            f"pad: widths come in pairs, one for each axis from the last; got {given} for shape "
            f"{shape}."
        )
    widths = [(0, 0)] * (len(shape) - axes)
    widths += [(given[2 * i], given[2 * i + 1]) for i in reversed(range(axes))]
    for n, (before, after) in zip(shape, widths, strict=True):
        if n + before + after < 0:
            raise ShapeError(f"pad: no axis may become shorter than 0; got {given} for {shape}.")
    if mode == "constant":
        fill: Any = 0.0 if value is None else value
        if not (isinstance(fill, complex) and input.is_complex()):
            fill = number_of("pad", "value", fill)
        return _constant(input, widths, fill)
    if not isinstance(mode, str) or mode not in _NUMPYS or value is not None:
        raise ValueError(
            f"pad: mode must be 'constant', 'reflect', 'replicate' or 'circular', and only the "
            f"first has a value; got {mode!r} and {value}."
        )
    if axes not in (1, 2, 3) or len(shape) - axes not in (1, 2):
        raise ShapeError(
            f"pad: mode {mode!r} pads the last 1 to 3 axes, and one or two stand before them; got "
            f"{axes} of shape {shape}."
        )
    limit = {"reflect": -1, "circular": 0}.get(mode)
    for axis, (before, after) in enumerate(widths):
        most = max(before, after)
        if limit is not None and most > 0 and most > shape[axis] + limit:
            raise ShapeError(
                f"pad: mode {mode!r} takes at most {shape[axis] + limit} elements from axis "
                f"{axis} of {shape}; got {(before, after)}."
            )
        if before or after:
            if mode == "replicate":
                least, most = max(-before, 0), shape[axis] - 1 - max(-after, 0)
                places = np.arange(-before, shape[axis] + after)  # the edge stays where all is cut
                index = np.clip(places, min(least, shape[axis] - 1), max(most, 0))
            else:
                kept = np.arange(max(-before, 0), shape[axis] - max(-after, 0))
                more: Any = max(before, 0), max(after, 0)
                index = np.pad(kept, more, _NUMPYS[mode])  # type: ignore[call-overload]
            input = input[(slice(None),) * axis + (index,)]
    return input if any(given) else input.clone()


def _constant(x: Any, widths: list[tuple[int, int]], value: complex) -> Any:
    if min([0, *[n for pair in widths for n in pair]]) < 0:
        cut = [(max(-before, 0), max(-after, 0)) for before, after in widths]
        x = Narrow.apply(x, cut)
        widths = [(max(before, 0), max(after, 0)) for before, after in widths]
    return Pad.apply(x, widths, value)
