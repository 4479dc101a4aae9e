"""Layers that normalise each sample by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.arrays.arguments import check_flags, check_numbers, count_of
from autograd.engine.places import ShapeError
from nn import functional as F, init
from nn.functional.normalization import shape_of
from nn.modules.module import Module
from nn.parameter import Parameter

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = ["CrossMapLRN2d", "GroupNorm", "LayerNorm", "LocalResponseNorm", "RMSNorm"]


class LayerNorm(Module):
    """Standardise over the last axes, ``normalized_shape``; see :func:`~nn.functional.layer_norm`.

    Shapes: (*, normalized_shape) -> the same; weight and bias normalized_shape, 1 and 0 at first.

    Ba, Kiros & Hinton 2016, arXiv:1607.06450.

    >>> import autograd
    >>> LayerNorm(2, eps=0.0, elementwise_affine=False)(autograd.tensor([1.0, 3.0]))
    tensor([-1.,  1.])
    """

    weight: Any
    bias: Any

    def __init__(
        self,
        normalized_shape: Any,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        check_numbers("LayerNorm", eps=eps)
        check_flags("LayerNorm", elementwise_affine=elementwise_affine, bias=bias)
        self.normalized_shape = shape_of("LayerNorm", normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        _register(self, self.normalized_shape, elementwise_affine, bias, device, dtype)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Scale 1, shift 0."""
        _reset(self.weight, self.bias)

    def forward(self, input: Tensor) -> Tensor:
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """Divide by the root mean square over the last axes; see :func:`~nn.functional.rms_norm`.

    Zhang & Sennrich 2019, arXiv:1910.07467.

    >>> import autograd
    >>> RMSNorm(2)(autograd.tensor([3.0, 4.0])).detach()
    tensor([0.8485, 1.1314])
    """

    weight: Any

    def __init__(
        self,
        normalized_shape: Any,
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        check_numbers("RMSNorm", eps=0.0 if eps is None else eps)
        check_flags("RMSNorm", elementwise_affine=elementwise_affine)
        self.normalized_shape = shape_of("RMSNorm", normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        made: dict[str, Any] = {"dtype": dtype, "device": device}
        empty = autograd.empty(self.normalized_shape, **made)
        self.register_parameter("weight", Parameter(empty) if elementwise_affine else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Scale 1."""
        _reset(self.weight, None)

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        )


class GroupNorm(Module):
    """Standardise each sample's channels in groups; see :func:`~nn.functional.group_norm`.

    Shapes: (N, C, *) -> the same; weight and bias (C), 1 and 0 at first. Raises ValueError where
    the channels are not divisible.

    Wu & He 2018, arXiv:1803.08494.

    >>> import autograd
    >>> GroupNorm(2, 4, eps=0.0, affine=False)(autograd.tensor([[1.0, 3.0, 0.0, 8.0]]))
    tensor([[-1.,  1., -1.,  1.]])
    """

    weight: Any
    bias: Any

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: object = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        check_numbers("GroupNorm", eps=eps)
        check_flags("GroupNorm", affine=affine, bias=bias)
        self.num_groups = count_of("GroupNorm", "num_groups", num_groups, 1)
        self.num_channels = count_of("GroupNorm", "num_channels", num_channels)
        if self.num_channels % self.num_groups:
            raise ValueError(
                f"GroupNorm: num_channels must be divisible by num_groups; got {num_channels} and "
                f"{num_groups}. Take a divisor."
            )
        self.eps, self.affine = eps, affine
        _register(self, (self.num_channels,), affine, bias, device, dtype)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Scale 1, shift 0."""
        _reset(self.weight, self.bias)

    def forward(self, input: Tensor) -> Tensor:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


def _register(
    module: Module, shape: tuple[int, ...], affine: bool, bias: bool, device: Any, dtype: Any
) -> None:
    made: dict[str, Any] = {"dtype": dtype, "device": device}
    for name, wanted in (("weight", affine), ("bias", affine and bias)):
        empty = Parameter(autograd.empty(shape, **made)) if wanted else None
        module.register_parameter(name, empty)


def _reset(weight: Any, bias: Any) -> None:
    if weight is not None:
        init.ones_(weight)
    if bias is not None:
        init.zeros_(bias)


class LocalResponseNorm(Module):
    """Divide by what the channels around hold; see :func:`~nn.functional.local_response_norm`.

    Krizhevsky, Sutskever & Hinton 2012 (NeurIPS 25).

    >>> import autograd
    >>> LocalResponseNorm(3, alpha=3.0, beta=1.0)(autograd.ones(1, 3, 1))[0, :, 0]
    tensor([0.3333, 0.2500, 0.3333])
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        super().__init__()
        name = type(self).__name__
        self.size = count_of(name, "size", size, 1)
        check_numbers(name, alpha=alpha, beta=beta, k=k)
        self.alpha, self.beta, self.k = alpha, beta, k

    def forward(self, input: Tensor) -> Tensor:
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


class CrossMapLRN2d(LocalResponseNorm):
    """:class:`LocalResponseNorm` of (N, C, H, W), over the odd number of channels up to ``size``.

    PyTorch's counts the first channel in all the later ones, too, which is not followed here.

    >>> import autograd
    >>> CrossMapLRN2d(3)(autograd.ones(1, 4, 2, 2)).shape
    autograd.Size([1, 4, 2, 2])
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1) -> None:
        super().__init__(size, alpha, beta, k)

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim != 4:
            raise ShapeError(
                f"CrossMapLRN2d: input must have shape (N, C, H, W); got {tuple(input.shape)}. "
                "Give it a batch: x.unsqueeze(0)."
            )
        odd = self.size - 1 + self.size % 2
        alpha = self.alpha * odd / self.size
        return F.local_response_norm(input, odd, alpha, self.beta, self.k)
