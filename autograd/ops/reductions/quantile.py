"""Quantiles: the value below which a share of the elements lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axis_of, check_tensors
from autograd.arrays.dialect import everywhere
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.ops.indexing.gather import gather
from autograd.ops.indexing.sort import sort
from autograd.ops.pointwise.arithmetic import lerp
from autograd.ops.shape.join import cat
from autograd.ops.shape.permute import movedim

if TYPE_CHECKING:
    from autograd.tensors.annotations import Number
    from autograd.tensors.tensor import Tensor

__all__ = ["nanquantile", "quantile"]

_ROUNDINGS = {"lower": np.floor, "higher": np.ceil, "nearest": np.rint}


def quantile(
    input: Tensor,
    q: Number | Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
) -> Tensor:
    """The ``q``-quantiles along ``dim``, or of all elements: NaN where one of them is.

    Between two elements, at rank q(n - 1), ``interpolation`` takes a mean by distance ("linear"),
    "lower", "higher", "nearest", or "midpoint". Several ``q``, 1-d, are along a first axis.

    Raises ValueError where q is not in [0, 1], TypeError for what is not floating.

    >>> import autograd
    >>> autograd.quantile(autograd.tensor([0.0, 1.0, 4.0]), autograd.tensor([0.5, 0.75]))
    tensor([1.0000, 2.5000])
    """
    return _quantile("quantile", input, q, dim, keepdim, interpolation)


def nanquantile(
    input: Tensor,
    q: Number | Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
) -> Tensor:
    """:func:`quantile` of what is not NaN; NaN where nothing is left.

    >>> import autograd
    >>> autograd.nanquantile(autograd.tensor([0.0, float("nan"), 4.0]), 0.5)
    tensor(2.)
    """
    return _quantile("nanquantile", input, q, dim, keepdim, interpolation)


def _quantile(call: str, input: Any, q: Any, dim: Any, keepdim: bool, interpolation: str) -> Any:
    check_tensors(call, input=input)
    if not dtypes.floating(input.dtype):
        raise TypeError(f"{call}: input must hold reals; got {input.dtype}. Convert it: x.float().")
    if interpolation not in ("linear", "midpoint", *_ROUNDINGS):
        raise ValueError(
            f"{call}: interpolation must be 'linear', 'lower', 'higher', 'nearest' or 'midpoint'; "
            f"got {interpolation!r}."
        )
    shares = _shares(call, q, input)
    ndim = len(input.shape)
    whole = dim is None or not ndim
    x: Any = np.reshape(input, (-1,)) if whole else input
    axis = 0 if whole else axis_of(call, input, dim)
    if not x.shape[axis]:
        raise ShapeError(f"{call}: input must have elements; got shape {tuple(input.shape)}.")
    ordered = movedim(sort(x, axis).values, axis, -1)  # NaNs come last
    each = [_of_share(call, ordered, shares[i], interpolation) for i in range(shares.shape[0])]
    out: Any = cat(each, -1) if each else ordered[..., :0]
    out = movedim(out, -1, 0)
    if keepdim:
        ones = (out.shape[0], *[1] * ndim)
        out = np.reshape(out, ones) if whole else np.expand_dims(out, axis + 1)
    return out if np.ndim(unwrap(q)) else out[0]


def _shares(call: str, q: Any, input: Any) -> Any:
    """``q`` as one row in the dtype of ``input``; a tensor where it requires grad."""
    dtype = unwrap(input).dtype
    if isinstance(q, TensorBase):
        shares: Any = q if q._edge is not None else q._data
        if shares.dtype != dtype:
            raise TypeError(
                f"{call}: q must have the dtype of input, {dtype}; got {shares.dtype}. "
                "Convert it: q.to(x.dtype)."
            )
    else:
        try:
            shares = np.asarray(q, np.float64)
        except (TypeError, ValueError):
            shares = np.zeros((1, 1))
    if shares.ndim > 1:
        raise TypeError(f"{call}: q must be a number or a 1-d tensor; got {q!r:.60}.")
    given = unwrap(shares)
    if not everywhere((given >= 0) & (given <= 1)):
        raise ValueError(f"{call}: q must be in [0, 1]; got {q!r:.60}.")
    shares = np.reshape(shares, (-1,))
    return shares if isinstance(q, TensorBase) else shares.astype(dtype)


def _of_share(call: str, ordered: Any, share: Any, interpolation: str) -> Any:
    """The quantile of each row, by its rank between the elements, which has their dtype."""
    x, n, dtype = unwrap(ordered), ordered.shape[-1], unwrap(ordered).dtype
    numbers = np.add.reduce(np.equal(x, x), axis=-1, keepdims=True)
    if call == "quantile":
        rank = np.where(numbers < n, dtype.type(n - 1), share * dtype.type(n - 1))
    else:
        rank = np.where(numbers > 0, share * (numbers - 1).astype(dtype), dtype.type(n - 1))
    below = np.floor(unwrap(rank))
    if interpolation in _ROUNDINGS:
        return _at(ordered, _ROUNDINGS[interpolation](unwrap(rank)))
    part: Any = 0.5
    if interpolation == "linear":
        part = rank - below
        part = part if isinstance(part, TensorBase) else wrap(part, None)
    return lerp(_at(ordered, below), _at(ordered, np.ceil(unwrap(rank))), part)


def _at(ordered: Any, ranks: Any) -> Any:
    return gather(ordered, -1, ranks.astype(np.int64))
