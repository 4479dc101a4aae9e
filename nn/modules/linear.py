"""Linear layers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import autograd
from autograd.arrays.arguments import check_flags, count_of
from nn import functional as F, init
from nn.modules.module import Module
from nn.parameter import Parameter

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = ["Identity", "Linear"]


class Identity(Module):
    """The input as it is; arguments of the constructor are ignored.

    >>> import autograd
    >>> Identity()(autograd.tensor([1.0]))
    tensor([1.])
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__()

    def forward(self, input: Tensor) -> Tensor:
        return input


class Linear(Module):
    r"""The affine map :math:`y = x W^\top + b`.

    Shapes: x (*, in) -> y (*, out); weight (out, in), bias (out). Both start uniform in
    :math:`\pm 1/\sqrt{\text{in}}` (He et al. 2015, arXiv:1502.01852, with a = √5).

    >>> import autograd
    >>> layer = Linear(3, 2)
    >>> layer
    Linear(in_features=3, out_features=2, bias=True)
    >>> layer(autograd.ones(4, 3)).shape
    autograd.Size([4, 2])
    """

    bias: Parameter | Any  # None with bias=False

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        self.in_features = count_of("Linear", "in_features", in_features)
        self.out_features = count_of("Linear", "out_features", out_features)
        check_flags("Linear", bias=bias or False)  # None is none
        made: dict[str, Any] = {"dtype": dtype, "device": device}
        self.weight = Parameter(autograd.empty(self.out_features, self.in_features, **made))
        self.register_parameter(
            "bias", Parameter(autograd.empty(self.out_features, **made)) if bias else None
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weight, then the bias, anew."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features) if self.in_features else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )


class NonDynamicallyQuantizableLinear(Linear):
    """The last :class:`Linear` of attention, under PyTorch's name for it."""
