"""The leaky unit whose slope is drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_flags, check_tensors, number_of
from autograd.arrays.errors import OptionError
from autograd.engine.graph import unwrap
from autograd.random import continuous
from nn.functional.activation.inplace import elementwise
from nn.functional.activation.relu import leaky_relu

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["rrelu", "rrelu_"]


def rrelu(
    input: Tensor,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    inplace: bool = False,
) -> Tensor:
    """x where x > 0, else x times a slope.

    While ``training`` the slopes are uniform in [lower, upper), one for each x; else their mean.
    Raises ValueError where lower is greater than upper.

    Xu, Wang, Chen & Li 2015, arXiv:1505.00853.

    >>> import autograd
    >>> rrelu(autograd.tensor([-1.0, 2.0]), 0.0, 0.5)
    tensor([-0.2500,  2.0000])
    """
    check_tensors("rrelu", input=input)
    check_flags("rrelu", training=training, inplace=inplace)
    low, high = number_of("rrelu", "lower", lower), number_of("rrelu", "upper", upper)
    if not low <= high or math.isinf(low) or math.isinf(high):
        raise OptionError(
            f"rrelu: slopes are drawn from [lower, upper); got {low} and {high}. Swap them."
        )
    if not training:
        return leaky_relu(input, (low + high) / 2, inplace)
    slopes = _slopes(unwrap(input), low, high)
    return elementwise("rrelu", input, inplace, lambda x: x * slopes)


def _slopes(x: Any, low: float, high: float) -> Any:
    """1 where x > 0; elsewhere a slope, one draw each, in the order of memory."""
    falling = np.logical_not(x > 0)
    drawn = continuous.uniform((int(np.count_nonzero(falling)),), np.float64, low, high)
    place = np.cumsum(np.reshape(falling, (-1,))) - 1
    chosen = np.concatenate((drawn, [1.0]))[place].reshape(x.shape)
    return np.where(falling, chosen, 1).astype(x.dtype)


def rrelu_(
    input: Tensor, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False
) -> Tensor:
    """:func:`rrelu`, written into ``input``.

    >>> import autograd
    >>> x = autograd.tensor([-1.0, 2.0])
    >>> rrelu_(x, 0.1, 0.3) is x, x
    (True, tensor([-0.2000,  2.0000]))
    """
    return rrelu(input, lower, upper, training, True)
