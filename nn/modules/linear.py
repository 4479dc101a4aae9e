"""Linear layers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import autograd
from autograd.arrays.arguments import check_flags, count_of
from nn import functional as F, init
from nn.modules.lazy import LazyModuleMixin
from nn.modules.module import Module
from nn.parameter import Parameter, UninitializedParameter

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = ["Bilinear", "Identity", "LazyLinear", "Linear"]


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


class Bilinear(Module):
    r"""A bilinear map of two inputs: :math:`y_o = x_1^\top W_o x_2 + b_o`.

    Shapes: (*, in1), (*, in2) -> (*, out); weight (out, in1, in2), bias (out). Both start uniform
    in :math:`\pm 1/\sqrt{\text{in1}}`.

    >>> import autograd
    >>> Bilinear(2, 3, 4)(autograd.ones(5, 2), autograd.ones(5, 3)).shape
    autograd.Size([5, 4])
    """

    bias: Parameter | Any  # None with bias=False

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        self.in1_features = count_of("Bilinear", "in1_features", in1_features, 1)
        self.in2_features = count_of("Bilinear", "in2_features", in2_features)
        self.out_features = count_of("Bilinear", "out_features", out_features)
        check_flags("Bilinear", bias=bias)
        made: dict[str, Any] = {"dtype": dtype, "device": device}
        shape = (self.out_features, self.in1_features, self.in2_features)
        self.weight = Parameter(autograd.empty(*shape, **made))
        self.register_parameter(
            "bias", Parameter(autograd.empty(self.out_features, **made)) if bias else None
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weight, then the bias, anew."""
        bound = 1 / math.sqrt(self.in1_features)
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )


class NonDynamicallyQuantizableLinear(Linear):
    """The last :class:`Linear` of attention, under PyTorch's name for it."""


class LazyLinear(LazyModuleMixin, Linear):
    """A :class:`Linear` whose ``in_features`` is the last axis of its first input.

    >>> import autograd
    >>> layer = LazyLinear(2)
    >>> layer(autograd.ones(4, 3)).shape, layer.weight.shape
    (autograd.Size([4, 2]), autograd.Size([2, 3]))
    """

    cls_to_become = Linear
    weight: Any
    bias: Any

    def __init__(
        self, out_features: int, bias: bool = True, device: object = None, dtype: DType = None
    ) -> None:
        super().__init__(0, 0, False, device, dtype)
        check_flags("LazyLinear", bias=bias or False)
        self.out_features = count_of("LazyLinear", "out_features", out_features)
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        if bias:
            self.bias = UninitializedParameter(device=device, dtype=dtype)

    def reset_parameters(self) -> None:
        """Draw the weight, then the bias, anew, once they are there."""
        if self.in_features and not self.has_uninitialized_params():
            super().reset_parameters()

    def initialize_parameters(self, input: Tensor) -> None:
        """Take ``in_features`` from ``input`` and draw the parameters."""
        if self.has_uninitialized_params():
            self.in_features = input.shape[-1]
            self.weight.materialize((self.out_features, self.in_features))
            if self.bias is not None:
                self.bias.materialize((self.out_features,))
            self.reset_parameters()
        elif not self.in_features:  # a state was loaded
            self.in_features = self.weight.shape[-1]
