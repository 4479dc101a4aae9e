"""Dropout: of elements, of channels, and the kind that keeps mean and variance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_flags, check_tensors, number_of
from autograd.engine import watches
from autograd.engine.grad_mode import mode
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.kernels.layout import slowest_first
from autograd.ops.pointwise.arithmetic import Multiply
from autograd.random import discrete
from autograd.tensors.inplace import changed
from nn.functional.activation.inplace import elementwise

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "alpha_dropout",
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "feature_alpha_dropout",
]

_LEAST = 1.7580993408473766  # what selu goes to at -∞, negated: its scale times its alpha


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    r"""While training, zeros with probability ``p``; what stays is scaled by :math:`1/(1-p)`.

    So the expected value is x, and nothing is done afterwards. The numbers drawn are PyTorch's.
    Raises ValueError unless p is in [0, 1].

    Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014 (JMLR 15:1929).

    Shapes: (*) -> (*).

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> dropout(autograd.ones(5), p=0.5)
    tensor([0., 0., 2., 0., 0.])
    >>> dropout(autograd.ones(2), p=0.5, training=False)
    tensor([1., 1.])
    """
    p = probability("dropout", p)
    check_tensors("dropout", input=input)
    if not training or p == 0:
        return input
    return _masked("dropout", input, tuple(input.shape), p, inplace)


def _masked(call: str, input: Any, shape: tuple[int, ...], p: float, inplace: bool) -> Any:
    """``input`` times a mask of a shape that broadcasts."""
    for told in () if mode.grad else watches.unrecorded:
        told(call)
    half = dtypes.narrow(input.dtype)
    x, order = unwrap(input), None
    if not x.flags.c_contiguous and shape == tuple(x.shape):
        order = slowest_first(x)  # PyTorch draws in the order in which elements lie in memory
        shape = tuple([shape[axis] for axis in order])
    mask = discrete.dropout_mask(shape, 1 - p, dtypes.float32 if half else input.dtype)
    if order is not None:
        mask = np.transpose(mask, np.argsort(order))
    mask = mask.astype(input.dtype, copy=False)
    return changed(input, call, Multiply.apply, mask) if inplace else Multiply.apply(input, mask)


# -- of channels ----------------------------------------------------------------------------------


def dropout1d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """While training, zeros whole channels of (N, C, L) or (C, L); see :func:`dropout`.

    Tompson, Goroshin, Jain, LeCun & Bregler 2015, arXiv:1411.4280.

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> dropout1d(autograd.ones(1, 3, 2)).tolist()
    [[[0.0, 0.0], [0.0, 0.0], [2.0, 2.0]]]
    """
    return _of_channels("dropout1d", input, p, training, inplace, {3: 2, 2: 1})


def dropout2d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """While training, zeros whole channels of (N, C, H, W); see :func:`dropout1d`.

    As in PyTorch, three axes are (N, C, L).

    >>> import autograd
    >>> dropout2d(autograd.ones(1, 2, 3, 3), training=False).shape
    autograd.Size([1, 2, 3, 3])
    """
    return _of_channels("dropout2d", input, p, training, inplace, {4: 2, 3: 2})


def dropout3d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """While training, zeros whole channels of (N, C, D, H, W) or (C, D, H, W).

    See :func:`dropout1d`.

    >>> import autograd
    >>> dropout3d(autograd.ones(1, 2, 3, 3, 3), training=False).shape
    autograd.Size([1, 2, 3, 3, 3])
    """
    return _of_channels("dropout3d", input, p, training, inplace, {5: 2, 4: 1})


def _of_channels(
    call: str, input: Any, p: Any, training: bool, inplace: bool, leading: dict[int, int]
) -> Any:
    p = probability(call, p)
    check_tensors(call, input=input)
    check_flags(call, training=training, inplace=inplace)
    if input.ndim not in leading:
        few, many = sorted(leading)
        raise ShapeError(
            f"{call}: input must have {few} or {many} axes, with channels; got shape "
            f"{tuple(input.shape)}. dropout takes any shape."
        )
    if not training or p == 0:
        return input
    kept = leading[input.ndim]
    shape = (*input.shape[:kept], *[1] * (input.ndim - kept))
    return _masked(call, input, shape, p, inplace)


# -- for selu -------------------------------------------------------------------------------------


def alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    r"""While training, values become what selu has at :math:`-\infty`, with probability ``p``.

    Then :math:`a\,x + b`, so that mean 0 and variance 1 stay what they are. Raises ValueError
    unless p is in [0, 1].

    Klambauer, Unterthiner, Mayr & Hochreiter 2017, arXiv:1706.02515.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> alpha_dropout(autograd.ones(3), training=True)
    tensor([-0.7792, -0.7792,  1.6655])
    """
    return _alpha("alpha_dropout", input, p, training, inplace, features=False)


def feature_alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """:func:`alpha_dropout` of whole channels, (N, C, *).

    >>> import autograd
    >>> feature_alpha_dropout(autograd.ones(1, 2, 3)).shape
    autograd.Size([1, 2, 3])
    """
    return _alpha("feature_alpha_dropout", input, p, training, inplace, features=True)


def _alpha(call: str, input: Any, p: Any, training: bool, inplace: bool, *, features: bool) -> Any:
    p = probability(call, p)
    check_tensors(call, input=input)
    check_flags(call, training=training, inplace=inplace)
    shape = tuple(input.shape)
    if features:
        if input.ndim < 2:
            raise ShapeError(
                f"{call}: input must have channels, (N, C, *); got shape {shape}. alpha_dropout "
                "takes any shape."
            )
        shape = (*shape[:2], *[1] * (input.ndim - 2))
    if not training or p == 0 or not math.prod(input.shape):
        return input
    if p == 1:
        factor: Any = 0.0
        shift: Any = 0.0
    else:
        a = 1 / math.sqrt((_LEAST * _LEAST * p + 1) * (1 - p))
        kept = discrete.bernoulli(1 - p, shape, dtypes.float32).astype(input.dtype, copy=False)
        factor, shift = kept * a, (kept - 1) * (_LEAST * a) + _LEAST * a * p
    return elementwise(call, input, inplace, lambda x: x * factor + shift)


def probability(call: str, p: float) -> float:
    """``p``, checked to be one."""
    p = number_of(call, "p", p)
    if not 0 <= p <= 1:
        raise ValueError(f"{call}: p must be a probability, in [0, 1]; got {p}. Pass 0.5.")
    return p
