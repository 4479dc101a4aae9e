"""Batch normalisation folded into the layer before it, for inference."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import autograd
from autograd.arrays.arguments import check_flags, check_tensors, number_of
from nn.modules.module import Module
from nn.parameter import Parameter

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "fuse_conv_bn_eval",
    "fuse_conv_bn_weights",
    "fuse_linear_bn_eval",
    "fuse_linear_bn_weights",
]


def fuse_conv_bn_eval(conv: Any, bn: Any, transpose: bool = False) -> Any:
    """A copy of the convolution that computes what both did, in evaluation mode.

    ``transpose`` says that it is a transposed one. Raises ValueError while either is training.

    >>> import autograd, nn
    >>> both = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).eval()
    >>> x = autograd.ones(1, 1, 4, 4)
    >>> autograd.allclose(fuse_conv_bn_eval(*both)(x), both(x))
    True
    """
    _check_eval("fuse_conv_bn_eval", conv, bn)
    running = bn.running_mean, bn.running_var
    weight, bias = fuse_conv_bn_weights(
        conv.weight, conv.bias, *running, bn.eps, bn.weight, bn.bias, transpose
    )
    return _fused(conv, weight, bias)


def fuse_conv_bn_weights(
    conv_w: Tensor,
    conv_b: Tensor | None,
    bn_rm: Tensor,
    bn_rv: Tensor,
    bn_eps: float,
    bn_w: Tensor | None,
    bn_b: Tensor | None,
    transpose: bool = False,
) -> tuple[Parameter, Parameter]:
    """Weight and bias of the fused convolution, from those of both and the running statistics.

    Shapes: conv_w (O, C, …), all others (O) -> (O, C, …), (O).

    >>> import autograd
    >>> one = autograd.ones(2)
    >>> w, b = fuse_conv_bn_weights(autograd.ones(2, 1, 3), None, one, one, 0.0, one * 2, None)
    >>> w.shape, b.tolist()
    (autograd.Size([2, 1, 3]), [-2.0, -2.0])
    """
    check_flags("fuse_conv_bn_weights", transpose=transpose)
    shape = _shape("fuse_conv_bn_weights", conv_w, int(transpose))
    return _folded("fuse_conv_bn_weights", conv_w, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, shape)


def fuse_linear_bn_eval(linear: Any, bn: Any) -> Any:
    """A copy of the affine map that computes what both did, in evaluation mode.

    Raises ValueError while either is training.

    >>> import autograd, nn
    >>> both = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2)).eval()
    >>> x = autograd.ones(1, 3)
    >>> autograd.allclose(fuse_linear_bn_eval(*both)(x), both(x))
    True
    """
    _check_eval("fuse_linear_bn_eval", linear, bn)
    running = bn.running_mean, bn.running_var
    weight, bias = fuse_linear_bn_weights(
        linear.weight, linear.bias, *running, bn.eps, bn.weight, bn.bias
    )
    return _fused(linear, weight, bias)


def fuse_linear_bn_weights(
    linear_w: Tensor,
    linear_b: Tensor | None,
    bn_rm: Tensor,
    bn_rv: Tensor,
    bn_eps: float,
    bn_w: Tensor | None,
    bn_b: Tensor | None,
) -> tuple[Parameter, Parameter]:
    """Weight and bias of the fused map, from those of both and the running statistics.

    Shapes: linear_w (out, in), all others (out) -> (out, in), (out).

    >>> import autograd
    >>> one = autograd.ones(2)
    >>> w, b = fuse_linear_bn_weights(autograd.ones(2, 3), None, one, one, 0.0, one * 2, None)
    >>> w.shape, b.tolist()
    (autograd.Size([2, 3]), [-2.0, -2.0])
    """
    call = "fuse_linear_bn_weights"
    shape = _shape(call, linear_w, 0)
    return _folded(call, linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, shape)


def _shape(call: str, weight: Any, axis: int) -> list[int]:
    """The shape in which one number for each output goes with the weight."""
    check_tensors(call, weight=weight)
    if weight.ndim < 2:
        raise ValueError(f"{call}: a weight has two axes or more; got shape {tuple(weight.shape)}.")
    return [-1 if i == axis else 1 for i in range(weight.ndim)]


def _folded(
    call: str,
    weight: Any,
    bias: Any,
    mean: Any,
    var: Any,
    eps: float,
    scale: Any,
    shift: Any,
    shape: Any,
) -> tuple[Parameter, Parameter]:
    given = {"mean": mean, "var": var, "bias": bias, "scale": scale, "shift": shift}
    check_tensors(call, **{k: v for k, v in given.items() if v is not None or k in ("mean", "var")})
    eps = number_of(call, "bn_eps", eps)
    with autograd.no_grad():
        factor = (var + eps).rsqrt()
        factor = factor if scale is None else factor * scale
        made = ((0 if bias is None else bias) - mean) * factor
        made = made if shift is None else made + shift
        trained = weight.requires_grad, weight.requires_grad if bias is None else bias.requires_grad
        return (
            Parameter((weight * factor.reshape(shape)).to(weight.dtype), trained[0]),
            Parameter(made.to(weight.dtype), trained[1]),
        )


def _fused(layer: Any, weight: Parameter, bias: Parameter) -> Any:
    made = copy.deepcopy(layer)
    made.weight, made.bias = weight, bias
    return made


def _check_eval(call: str, layer: Any, bn: Any) -> None:
    for one in (layer, bn):
        if not isinstance(one, Module):
            raise TypeError(
                f"{call}: expected a layer and batch normalisation; got {type(one).__name__}. Pass "
                "the modules themselves."
            )
    if layer.training or bn.training or bn.running_mean is None or bn.running_var is None:
        raise ValueError(
            f"{call}: both layers must be in evaluation mode, with running statistics; one is not. "
            "Call eval() on them first."
        )
