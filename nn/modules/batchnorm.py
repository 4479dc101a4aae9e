"""Batch normalisation layers, and what they share with instance normalisation."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import autograd
from autograd.arrays.arguments import check_flags, check_numbers, count_of
from autograd.engine.places import ShapeError
from nn import functional as F, init
from nn.modules.lazy import LazyModuleMixin
from nn.modules.module import Module
from nn.parameter import Parameter, UninitializedBuffer, UninitializedParameter

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = [
    "BatchNorm1d",
    "BatchNorm2d",
    "BatchNorm3d",
    "LazyBatchNorm1d",
    "LazyBatchNorm2d",
    "LazyBatchNorm3d",
    "SyncBatchNorm",
]


class _NormBase(Module):
    """A scale and a shift for each channel, and running statistics."""

    axes: tuple[int, ...] = ()  # how many the input may have
    expected = ""  # these, in words
    weight: Any
    bias: Any
    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: object = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        check_numbers(name, eps=eps, momentum=0.0 if momentum is None else momentum)
        check_flags(name, affine=affine, track_running_stats=track_running_stats, bias=bias)
        self.num_features = count_of(name, "num_features", num_features)
        self.eps, self.momentum = eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        made: dict[str, Any] = {"dtype": dtype, "device": device}
        for parameter, wanted in (("weight", affine), ("bias", affine and bias)):
            empty = Parameter(autograd.empty(self.num_features, **made)) if wanted else None
            self.register_parameter(parameter, empty)
        track = track_running_stats
        zeros = autograd.zeros(self.num_features, **made) if track else None
        ones = autograd.ones(self.num_features, **made) if track else None
        self.register_buffer("running_mean", zeros)
        self.register_buffer("running_var", ones)
        self.register_buffer("num_batches_tracked", _none_yet() if track else None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Forget the batches: mean 0, variance 1."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Scale 1, shift 0, no batches."""
        self.reset_running_stats()
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def _check_input_dim(self, input: Any) -> None:
        if input.ndim not in self.axes:
            others = {2: "1d takes (N, C)", 3: "1d takes (N, C, L)", 4: "2d takes (N, C, H, W)"}
            name = type(self).__name__
            fits = others.get(input.ndim, "3d takes (N, C, D, H, W)")
            raise ShapeError(
                f"{name}: input must have shape {self.expected}; got {tuple(input.shape)}. "
                f"Channels come second; {name[:-2]}{fits}."
            )

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


def _none_yet() -> Tensor:
    return autograd.tensor(0, dtype=autograd.int64)


class _BatchNorm(_NormBase):
    def forward(self, input: Tensor) -> Tensor:
        self._check_input_dim(input)
        momentum, track = self.momentum, self.track_running_stats
        if self.training and track and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if momentum is None:  # the mean of all batches
                momentum = 1 / self.num_batches_tracked.item()
        used = track or not self.training
        return F.batch_norm(
            input,
            self.running_mean if used else None,
            self.running_var if used else None,
            self.weight,
            self.bias,
            self.training or self.running_mean is self.running_var is None,
            momentum or 0.0,
            self.eps,
        )


class BatchNorm1d(_BatchNorm):
    """Each channel of (N, C) or (N, C, L) standardised over the batch; see
    :func:`~nn.functional.batch_norm`.

    While training, the batch's own mean and variance count, and running ones are kept, by the share
    ``momentum`` (None: all batches alike); after ``eval()`` the running ones count, if
    ``track_running_stats``. ``affine`` gives each channel a scale and, with ``bias``, a shift.

    Ioffe & Szegedy 2015, arXiv:1502.03167.

    >>> import autograd
    >>> layer = BatchNorm1d(1)
    >>> layer(autograd.tensor([[1.0], [3.0]])).tolist()
    [[-0.9999949932098389], [0.9999949932098389]]
    >>> layer.running_mean
    tensor([0.2000])
    """

    axes, expected = (2, 3), "(N, C) or (N, C, L)"


class BatchNorm2d(_BatchNorm):
    """Each channel of (N, C, H, W) standardised over the batch; see :class:`BatchNorm1d`.

    >>> import autograd
    >>> layer = BatchNorm2d(3)
    >>> layer(autograd.ones(2, 3, 4, 4)).shape, layer.weight.shape
    (autograd.Size([2, 3, 4, 4]), autograd.Size([3]))
    """

    axes, expected = (4,), "(N, C, H, W)"


class BatchNorm3d(_BatchNorm):
    """Each channel of (N, C, D, H, W) standardised over the batch; see :class:`BatchNorm1d`.

    >>> import autograd
    >>> BatchNorm3d(3)(autograd.ones(2, 3, 4, 4, 4)).shape
    autograd.Size([2, 3, 4, 4, 4])
    """

    axes, expected = (5,), "(N, C, D, H, W)"


def _several(group: Any) -> bool:
    """Whether there are several processes; where nobody has begun with them, nothing is loaded."""
    if "autograd.distributed.group" not in sys.modules:
        return False
    from autograd import distributed

    return distributed.is_initialized() and distributed.get_world_size(group) > 1


class SyncBatchNorm(_BatchNorm):
    """Batch normalisation of (N, C, *) over the batches of all processes.

    While training, mean and variance are those of all processes' batches together, and so are the
    gradients: two exchanges forward and two backward, of 2 C + 1 numbers in all. The batches may
    differ in size. Before ``init_process_group``, and after ``eval()``, it is a BatchNorm layer.

    :param process_group: the processes; None means all.

    >>> import autograd
    >>> SyncBatchNorm(3)(autograd.ones(2, 3, 4)).shape
    autograd.Size([2, 3, 4])
    """

    expected = "(N, C, *)"

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        process_group: Any = None,
        device: object = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )
        self.process_group = process_group

    def _check_input_dim(self, input: Any) -> None:
        if input.ndim < 2:
            super()._check_input_dim(input)

    def forward(self, input: Tensor) -> Tensor:
        batch = self.training or self.running_mean is self.running_var is None
        if not batch or not _several(self.process_group):
            return super().forward(input)
        from autograd.distributed.nn import all_reduce as summed

        self._check_input_dim(input)
        group = self.process_group
        x = input.float() if input.dtype.itemsize < 4 else input
        axes = [0, *range(2, x.ndim)]
        shape = (1, -1, *[1] * (x.ndim - 2))
        counted = autograd.full((1,), x.numel() // x.shape[1], dtype=x.dtype)
        sums = summed(autograd.cat([x.sum(axes), counted]), group=group)
        n = sums[-1].detach()
        mean = sums[:-1] / n
        centred = x - mean.view(shape)
        var = summed((centred * centred).sum(axes), group=group) / n
        self._keep(mean, var, n.item())
        y = centred * (var + self.eps).rsqrt().view(shape)
        if self.weight is not None:
            y = y * self.weight.view(shape)
        if self.bias is not None:
            y = y + self.bias.view(shape)
        return y.to(input.dtype)

    def _keep(self, mean: Tensor, var: Tensor, n: float) -> None:
        """Move the running statistics towards those of a batch of ``n`` values a channel."""
        if not (self.training and self.track_running_stats):
            return
        self.num_batches_tracked.add_(1)
        momentum = self.momentum
        if momentum is None:  # the mean of all batches
            momentum = 1 / self.num_batches_tracked.item()
        with autograd.no_grad():
            self.running_mean.lerp_(mean.to(self.running_mean.dtype), momentum)
            unbiased = var * (n / max(n - 1, 1))
            self.running_var.lerp_(unbiased.to(self.running_var.dtype), momentum)

    @classmethod
    def convert_sync_batchnorm(cls, module: Module, process_group: Any = None) -> Module:
        """``module`` with a SyncBatchNorm in the place of each BatchNorm layer, with its state."""
        made = module
        if isinstance(module, _BatchNorm):
            made = SyncBatchNorm(
                module.num_features,
                module.eps,
                module.momentum,
                module.affine,
                module.track_running_stats,
                process_group,
                bias=module.bias is not None,
            )
            made._parameters.update(module._parameters)
            made._buffers.update(module._buffers)
            made.training = module.training
        for name, child in module.named_children():
            made.add_module(name, cls.convert_sync_batchnorm(child, process_group))
        return made


# -- lazy -----------------------------------------------------------------------------------------


class _LazyNormBase(LazyModuleMixin, _NormBase):
    def __init__(
        self,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: object = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(0, eps, momentum, False, False, device, dtype, bias=False)
        check_flags(
            type(self).__name__, affine=affine, track_running_stats=track_running_stats, bias=bias
        )
        self.affine, self.track_running_stats = affine, track_running_stats
        made: dict[str, Any] = {"dtype": dtype, "device": device}
        if affine:
            self.weight = UninitializedParameter(**made)
            if bias:
                self.bias = UninitializedParameter(**made)
        if track_running_stats:
            self.running_mean = UninitializedBuffer(**made)
            self.running_var = UninitializedBuffer(**made)
            self.num_batches_tracked = _none_yet()

    def reset_parameters(self) -> None:
        """Scale 1, shift 0, no batches, once there are channels."""
        if self.num_features and not self.has_uninitialized_params():
            super().reset_parameters()

    def initialize_parameters(self, input: Tensor) -> None:
        """Take the number of channels from ``input``."""
        missing = self.has_uninitialized_params()
        if missing or not self.num_features:
            self.num_features = input.shape[1]
        if missing:
            for one in (self.weight, self.bias, self.running_mean, self.running_var):
                if one is not None:
                    one.materialize((self.num_features,))
            self.reset_parameters()


class LazyBatchNorm1d(_LazyNormBase, _BatchNorm):
    """A :class:`BatchNorm1d` with as many channels as its first input has.

    Shapes: those of :class:`BatchNorm1d`.

    >>> import autograd
    >>> layer = LazyBatchNorm1d()
    >>> layer(autograd.ones(2, 3, 4)).shape, layer.num_features
    (autograd.Size([2, 3, 4]), 3)
    """

    cls_to_become = BatchNorm1d
    axes, expected = BatchNorm1d.axes, BatchNorm1d.expected


class LazyBatchNorm2d(_LazyNormBase, _BatchNorm):
    """A :class:`BatchNorm2d` with as many channels as its first input has.

    Shapes: those of :class:`BatchNorm2d`.

    >>> import autograd
    >>> layer = LazyBatchNorm2d()
    >>> layer(autograd.ones(2, 3, 4, 4)).shape, layer.num_features
    (autograd.Size([2, 3, 4, 4]), 3)
    """

    cls_to_become = BatchNorm2d
    axes, expected = BatchNorm2d.axes, BatchNorm2d.expected


class LazyBatchNorm3d(_LazyNormBase, _BatchNorm):
    """A :class:`BatchNorm3d` with as many channels as its first input has.

    Shapes: those of :class:`BatchNorm3d`.

    >>> import autograd
    >>> layer = LazyBatchNorm3d()
    >>> layer(autograd.ones(2, 3, 4, 4, 4)).shape, layer.num_features
    (autograd.Size([2, 3, 4, 4, 4]), 3)
    """

    cls_to_become = BatchNorm3d
    axes, expected = BatchNorm3d.axes, BatchNorm3d.expected
