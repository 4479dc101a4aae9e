"""Pictures, volumes and series made larger or smaller."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, integer_of, number_of
from autograd.engine.elementwise import in_float32
from autograd.engine.function import Function
from autograd.engine.places import ShapeError
from autograd.kernels.resampling import Taps, resampled, taps_of

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["interpolate", "upsample", "upsample_bilinear", "upsample_nearest"]


class Resample(Function):
    """Along one axis, each output a weighted sum of a few inputs. Transposed, its own gradient."""

    def forward(self, x, *, taps, axis):
        self.taps, self.axis = taps, axis
        return resampled(x, taps.index, taps.of(x.dtype), axis=axis)

    def grad_x(self, g):
        return Resample.apply(g, taps=self.taps.transposed(), axis=self.axis)


_AXES = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}
_MODES = ("nearest", "nearest-exact", "area", *_AXES)


def interpolate(
    input: Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """The input resized to ``size``, or by ``scale_factor``: (N, C, *) -> (N, C, *size).

    :param mode: "nearest", "nearest-exact" or "area" for one to three axes, "linear" for one,
        "bilinear" or "bicubic" for two, "trilinear" for three.
    :param align_corners: the middles of the corner pixels stay where they are, instead of the
        picture's edges; only for the linear modes and "bicubic".
    :param recompute_scale_factor: take the factor from the sizes, after rounding.
    :param antialias: smooth what becomes smaller; only "bilinear" and "bicubic".
    :raises ValueError: sizes, modes and shapes that do not belong together.
    :raises NotImplementedError: a mode that does not go with the number of axes.

    >>> import autograd
    >>> interpolate(autograd.tensor([[[1.0, 3.0]]]), scale_factor=2, mode="linear")
    tensor([[[1.0000, 1.5000, 2.5000, 3.0000]]])
    """
    check_tensors("interpolate", input=input)
    if mode not in _MODES:
        raise NotImplementedError(f"interpolate: mode must be one of {_MODES}; got {mode!r}.")
    if align_corners is not None and mode not in _AXES:
        raise ValueError(
            f"interpolate: align_corners goes with {', '.join(_AXES)}; got mode {mode!r}. Leave it "
            "out."
        )
    count = input.ndim - 2
    if not 1 <= count <= 3 or _AXES.get(mode, count) != count:
        axes = _AXES.get(mode, "1 to 3")
        raise NotImplementedError(
            f"interpolate: mode {mode!r} goes with inputs (N, C, *) of {axes} axes after the "
            f"second; got shape {tuple(input.shape)}."
        )
    if antialias and mode not in ("bilinear", "bicubic"):
        raise ValueError(
            f"interpolate: antialias goes with bilinear and bicubic; got {mode!r}. Leave it out."
        )
    sizes = [int(n) for n in input.shape[2:]]
    into, factors = _sizes(sizes, size, scale_factor)
    if recompute_scale_factor and factors is None:
        raise ValueError(
            "interpolate: recompute_scale_factor goes with scale_factor; got a size. Leave it out."
        )
    if 0 in sizes or min(into) < 1:
        raise ShapeError(
            f"interpolate: sizes must be 1 or more; got {tuple(sizes)} to be made {tuple(into)}."
        )
    if recompute_scale_factor:
        factors = None
    if not mode.startswith("nearest") and not dtypes.floating(input.dtype):
        raise TypeError(
            f"interpolate: mode {mode!r} takes floating-point inputs; got {input.dtype}. Convert "
            "it: x.float()."
        )
    return _resized(input, into, factors, mode, bool(align_corners), bool(antialias))


@in_float32
def _resized(
    x: Any, into: list[int], factors: Any, mode: str, align_corners: bool, antialias: bool
) -> Any:
    # The places are computed in the dtype of the pixels, as in PyTorch: it decides which pixel is
    # the nearest one where two are equally far.
    dtype: Any = np.float64 if x.dtype == dtypes.float64 else np.float32
    made: dict[Any, Taps] = {}
    for axis, m in enumerate(into, 2):
        n = int(x.shape[axis])
        factor = None if factors is None else factors[axis - 2]
        if (n, m, factor) not in made:
            made[n, m, factor] = taps_of(n, m, factor, mode, align_corners, antialias, dtype)
        x = Resample.apply(x, taps=made[n, m, factor], axis=axis)
    return x


def _sizes(sizes: list[int], size: Any, scale_factor: Any) -> tuple[list[int], list[float] | None]:
    """The new sizes, and the factors where these were given."""
    if (size is None) == (scale_factor is None):
        raise ValueError(
            "interpolate: either size or scale_factor must be given; got "
            f"{'neither' if size is None else 'both'}."
        )
    given = size if scale_factor is None else scale_factor
    listed = list(given) if isinstance(given, (tuple, list)) else [given] * len(sizes)
    if len(listed) != len(sizes):
        raise ShapeError(
            f"interpolate: one number per axis is needed, {len(sizes)}; got {given}. The first two "
            "axes are sample and channel."
        )
    if scale_factor is None:
        return [integer_of("interpolate", "size", one) for one in listed], None
    factors = [number_of("interpolate", "scale_factor", one) for one in listed]
    if not all(factor > 0 and math.isfinite(factor) for factor in factors):
        raise ValueError(f"interpolate: scale_factor must be positive; got {scale_factor}.")
    return [math.floor(n * factor) for n, factor in zip(sizes, factors)], factors


def upsample(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """:func:`interpolate` under its older name.

    >>> import autograd
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     upsample(autograd.tensor([[[1.0, 3.0]]]), scale_factor=2)
    tensor([[[1., 1., 3., 3.]]])
    """
    out = interpolate(input, size, scale_factor, mode, align_corners)
    _superseded("upsample", "interpolate(…)")
    return out


def upsample_nearest(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """:func:`interpolate` to the nearest pixel, under its older name.

    >>> import autograd
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     upsample_nearest(autograd.tensor([[[1.0, 3.0]]]), scale_factor=2)
    tensor([[[1., 1., 3., 3.]]])
    """
    out = interpolate(input, size, scale_factor)
    _superseded("upsample_nearest", "interpolate(…)")
    return out


def upsample_bilinear(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """:func:`interpolate`, bilinear with the corners kept, under its older name.

    >>> import autograd
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     upsample_bilinear(autograd.tensor([[[[1.0, 3.0]]]]), (1, 3))
    tensor([[[[1., 2., 3.]]]])
    """
    out = interpolate(input, size, scale_factor, "bilinear", True)
    _superseded("upsample_bilinear", "interpolate(…, mode='bilinear', align_corners=True)")
    return out


def _superseded(name: str, other: str) -> None:
    warnings.warn(f"{name}: superseded; write {other}.", UserWarning, stacklevel=3)
