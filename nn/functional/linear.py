"""The affine map, and its form for two inputs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors
from autograd.arrays.dialect import writable
from autograd.arrays.remedies import converted, features_last
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase
from autograd.engine.places import ShapeError
from autograd.kernels.sums import sum_over
from autograd.tensors.out import NotDense

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["bilinear", "linear"]


class Linear(Function):
    """x Wᵀ + b over the last axis. np.dot and np.inner (x yᵀ) reach BLAS sooner than matmul."""

    takes_complex = True

    def forward(self, x, weight, bias):
        if x.dtype is not weight.dtype or x.shape[-1:] != weight.shape[1:] or weight.ndim != 2:
            _check(x, weight)
        if x.ndim == 2:
            out = np.inner(x, weight)
        else:
            out = np.reshape(np.inner(rows(x), weight), (*x.shape[:-1], weight.shape[0]))
        if bias is not None:
            if bias.shape != weight.shape[:1] or bias.dtype != x.dtype:
                _check_bias(weight, bias)
            if type(out) is not type(bias) or hasattr(out, "levels"):
                out = writable(out, bias)
            out += bias
        return out

    def grad_x(self, g, weight):
        if g.ndim == 2:
            return np.dot(g, weight)
        return np.reshape(np.dot(rows(g), weight), (*g.shape[:-1], weight.shape[1]))

    def grad_weight(self, g, x):
        if g.ndim != 2:
            g, x = rows(g), rows(x)
        return np.dot(np.transpose(g), x)

    def grad_bias(self, g):
        return sum_over(g if g.ndim == 2 else rows(g), axis=0)


def rows(x):
    """``x`` as one matrix of all its rows."""
    return np.reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))


def _check(x: Any, weight: Any) -> None:
    if weight.ndim != 2:
        raise ShapeError(
            f"linear: weight must have shape (out, in); got {tuple(weight.shape)}. A single output "
            "has a weight of shape (1, in)."
        )
    if x.ndim == 0 or x.shape[-1] != weight.shape[1]:
        raise ShapeError(
            f"linear: weight expects {weight.shape[1]} input features, got x of shape "
            f"{tuple(x.shape)}. Features come last (*, in): "
            f"{features_last(x.shape, weight.shape[1])}"
        )
    if x.dtype != weight.dtype:
        raise TypeError(
            f"linear: x and weight must have one dtype; got {x.dtype} and {weight.dtype}. Convert "
            f"the input: {converted('x', weight.dtype)}."
        )


def _check_bias(weight: Any, bias: Any) -> None:
    if bias.shape != weight.shape[:1]:
        raise ShapeError(
            f"linear: bias must have shape {weight.shape[:1]}, one value per output; got "
            f"{tuple(bias.shape)}. Reshape it."
        )
    raise TypeError(
        f"linear: weight and bias must have one dtype; got {weight.dtype} and {bias.dtype}. "
        "Convert the module as a whole: module.float()."
    )


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    r"""The affine map :math:`y = x W^\top + b`.

    Shapes: input (*, in), weight (out, in), bias (out) -> (*, out), all of one dtype. Raises
    ValueError where sizes and TypeError where dtypes do not match.

    >>> import autograd
    >>> linear(autograd.tensor([1.0, 2.0]), autograd.tensor([[3.0, 4.0]]), autograd.tensor([0.5]))
    tensor([11.5000])
    """
    if not (isinstance(input, TensorBase) and isinstance(weight, TensorBase)):
        check_tensors("linear", input=input, weight=weight)
    if bias is not None and not isinstance(bias, TensorBase):
        check_tensors("linear", bias=bias)
    try:
        return Linear.apply(input, weight, bias)
    except NotDense as met:
        return met.go(linear, (input, weight, bias), {})


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    r""":math:`y_o = x_1^\top W_o x_2 + b_o`.

    Shapes: inputs (*, in1) and (*, in2), weight (out, in1, in2), bias (out) -> (*, out). Raises
    ValueError where sizes do not match.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> bilinear(x, x, autograd.ones(1, 2, 2))
    tensor([9.])
    """
    check_tensors("bilinear", input1=input1, input2=input2, weight=weight)
    ends = (*input1.shape[-1:], *input2.shape[-1:])
    if weight.ndim != 3 or ends != weight.shape[1:] or input1.shape[:-1] != input2.shape[:-1]:
        raise ShapeError(
            "bilinear: inputs (*, in1) and (*, in2) go with a weight (out, in1, in2); got "
            f"{tuple(input1.shape)}, {tuple(input2.shape)} and {tuple(weight.shape)}. Exchange the "
            "inputs, or build the layer with their sizes."
        )
    if not input1.dtype == input2.dtype == weight.dtype:
        raise TypeError(
            f"bilinear: inputs and weight must have one dtype; got {input1.dtype}, {input2.dtype} "
            f"and {weight.dtype}. Convert the inputs: {converted('x', weight.dtype)}."
        )
    outputs, first, second = weight.shape
    # x₁ᵀ W for all outputs is one product; the rest is a row times a matrix for each sample
    left = input1 @ weight.permute(1, 0, 2).reshape(first, outputs * second)
    matrices = left.reshape(*input1.shape[:-1], outputs, second)
    out = (matrices @ input2.unsqueeze(-1)).squeeze(-1)
    return out if bias is None else out + bias
