"""What a Fourier transform is taken of: which numbers, along which axes, how many points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axis_of, check_tensors, integer_of, listed
from autograd.engine.elementwise import cast
from autograd.ops.shape.narrow import Narrow, Pad

NORMS = ("backward", "ortho", "forward")


def norm_of(call: str, norm: str | None) -> str:
    """Which transform is divided: by n the one "backward" or "forward", by √n each ("ortho").

    >>> norm_of("fft", None)
    'backward'
    """
    if norm is None:
        return "backward"
    if norm not in NORMS:
        raise RuntimeError(
            f"{call}: norm must be 'backward', 'ortho' or 'forward'; got {norm!r:.60}."
        )
    return norm


def numbers_of(call: str, input: Any) -> Any:
    """``input`` in float32 or float64, or complex: integers come in the default dtype.

    Raises RuntimeError for 16 bits, as PyTorch does on a CPU.
    """
    check_tensors(call, input=input)
    if dtypes.narrow(input.dtype):
        raise RuntimeError(
            f"{call}: input must be float32, float64 or complex; got {input.dtype}. Convert it: "
            "x.float()."
        )
    if not dtypes.differentiable(input.dtype):
        return cast(input, dtypes.get_default_dtype())
    return input


def reals_of(call: str, input: Any) -> Any:
    """:func:`numbers_of` where they must be real."""
    input = numbers_of(call, input)
    if dtypes.complex_valued(input.dtype):
        raise RuntimeError(
            f"{call}: input must be real; got {input.dtype}. Take x.real, or use fft or ifft."
        )
    return input


def complexes_of(call: str, input: Any) -> Any:
    """:func:`numbers_of` as complex numbers."""
    input = numbers_of(call, input)
    if dtypes.complex_valued(input.dtype):
        return input
    double = np.dtype(input.dtype) == dtypes.float64
    return cast(input, dtypes.complex128 if double else dtypes.complex64)


def line_of(call: str, input: Any, dim: Any) -> int:
    """The one axis, of a tensor that has some."""
    axis = axis_of(call, input, dim)
    if not input.ndim:
        raise IndexError(f"{call}: input must have an axis; got a 0-d tensor. Pass x[None].")
    return axis


def axes_of(call: str, input: Any, s: Any, dim: Any) -> tuple[tuple[int, ...], list[int]]:
    """The axes, and how many points along each; without either, all of them.

    Raises RuntimeError where they are not as many, or an axis is named twice.
    """
    sizes = None if s is None else [integer_of(call, "s", n) for n in listed((), s)]
    if dim is None:
        count = input.ndim if sizes is None else len(sizes)
        if count > input.ndim:
            raise RuntimeError(
                f"{call}: s must have a size for each axis at most; got {count} for shape "
                f"{tuple(input.shape)}."
            )
        axes = tuple(range(input.ndim - count, input.ndim))
    else:
        axes = tuple([line_of(call, input, one) for one in listed((), dim)])
    if len({*axes}) < len(axes) or (sizes is not None and len(sizes) != len(axes)):
        raise RuntimeError(
            f"{call}: dim must name each axis once, and s give a size for each; got dim {dim} and "
            f"s {s}."
        )
    if sizes is None:
        return axes, [input.shape[axis] for axis in axes]
    return axes, [input.shape[axis] if n == -1 else n for n, axis in zip(sizes, axes)]


def check_points(call: str, sizes: Sequence[int]) -> None:
    """Raise RuntimeError where an axis has no point."""
    if min(sizes, default=1) < 1:
        raise RuntimeError(
            f"{call}: a transform needs 1 point or more along each axis; got {tuple(sizes)}."
        )


def fitted(call: str, input: Any, axes: Sequence[int], sizes: Sequence[int]) -> Any:
    """``input`` with so many points along ``axes``: zeros added at the ends, or what is there cut.

    >>> fitted("fft", np.ones(2), (0,), (3,))
    array([1., 1., 0.])
    """
    check_points(call, sizes)
    more = [0] * input.ndim
    for axis, n in zip(axes, sizes):
        more[axis] = n - input.shape[axis]
    if min(more, default=0) < 0:
        input = Narrow.apply(input, [(0, max(-n, 0)) for n in more])
    if max(more, default=0) > 0:
        input = Pad.apply(input, [(0, max(n, 0)) for n in more])
    return input
