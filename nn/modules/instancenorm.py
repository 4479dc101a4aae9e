"""Instance normalisation layers."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from nn import functional as F
from nn.modules.batchnorm import _LazyNormBase, _NormBase

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = [
    "InstanceNorm1d",
    "InstanceNorm2d",
    "InstanceNorm3d",
    "LazyInstanceNorm1d",
    "LazyInstanceNorm2d",
    "LazyInstanceNorm3d",
]


class _InstanceNorm(_NormBase):
    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: object = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )

    def forward(self, input: Tensor) -> Tensor:
        self._check_input_dim(input)
        alone = input.ndim == self.axes[0]  # one sample, without a batch
        channels = input.shape[0 if alone else 1]
        if channels != self.num_features and not self.affine:
            warnings.warn(
                f"{type(self).__name__}: num_features should be the number of channels; it is "
                f"{self.num_features}, and the input has {channels}. Without affine=True it is "
                "not used.",
                stacklevel=2,
            )
        out = F.instance_norm(
            input.unsqueeze(0) if alone else input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            self.momentum or 0.0,
            self.eps,
        )
        return out.squeeze(0) if alone else out


class InstanceNorm1d(_InstanceNorm):
    """Each channel of each sample standardised: (C, L) or (N, C, L).

    See :func:`~nn.functional.instance_norm`. ``affine`` gives each channel a scale and a shift;
    with ``track_running_stats`` running statistics are kept, and count after ``eval()``.

    Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022.

    >>> import autograd
    >>> InstanceNorm1d(1, eps=0.0)(autograd.tensor([[[1.0, 3.0]]]))
    tensor([[[-1.,  1.]]])
    """

    axes, expected = (2, 3), "(C, L) or (N, C, L)"


class InstanceNorm2d(_InstanceNorm):
    """Each channel of each sample standardised, (N, C, H, W); see :class:`InstanceNorm1d`.

    >>> import autograd
    >>> InstanceNorm2d(3)(autograd.ones(2, 3, 4, 4)).shape
    autograd.Size([2, 3, 4, 4])
    """

    axes, expected = (3, 4), "(C, H, W) or (N, C, H, W)"


class InstanceNorm3d(_InstanceNorm):
    """Each channel of each sample standardised, (N, C, D, H, W); see :class:`InstanceNorm1d`.

    >>> import autograd
    >>> InstanceNorm3d(3)(autograd.ones(2, 3, 4, 4, 4)).shape
    autograd.Size([2, 3, 4, 4, 4])
    """

    axes, expected = (4, 5), "(C, D, H, W) or (N, C, D, H, W)"


class _LazyInstanceNorm(_LazyNormBase, _InstanceNorm):
    def initialize_parameters(self, input: Any) -> None:
        """Take the number of channels from ``input``, with or without a batch."""
        super().initialize_parameters(input.unsqueeze(0) if input.ndim == self.axes[0] else input)


class LazyInstanceNorm1d(_LazyInstanceNorm):
    """An :class:`InstanceNorm1d` with as many channels as its first input has.

    Shapes: those of :class:`InstanceNorm1d`.

    >>> import autograd
    >>> layer = LazyInstanceNorm1d()
    >>> layer(autograd.ones(2, 3, 4)).shape, layer.num_features
    (autograd.Size([2, 3, 4]), 3)
    """

    cls_to_become = InstanceNorm1d
    axes, expected = InstanceNorm1d.axes, InstanceNorm1d.expected


class LazyInstanceNorm2d(_LazyInstanceNorm):
    """An :class:`InstanceNorm2d` with as many channels as its first input has.

    Shapes: those of :class:`InstanceNorm2d`.

    >>> import autograd
    >>> layer = LazyInstanceNorm2d()
    >>> layer(autograd.ones(2, 3, 4, 4)).shape, layer.num_features
    (autograd.Size([2, 3, 4, 4]), 3)
    """

    cls_to_become = InstanceNorm2d
    axes, expected = InstanceNorm2d.axes, InstanceNorm2d.expected


class LazyInstanceNorm3d(_LazyInstanceNorm):
    """An :class:`InstanceNorm3d` with as many channels as its first input has.

    Shapes: those of :class:`InstanceNorm3d`.

    >>> import autograd
    >>> layer = LazyInstanceNorm3d()
    >>> layer(autograd.ones(2, 3, 4, 4, 4)).shape, layer.num_features
    (autograd.Size([2, 3, 4, 4, 4]), 3)
    """

    cls_to_become = InstanceNorm3d
    axes, expected = InstanceNorm3d.axes, InstanceNorm3d.expected
