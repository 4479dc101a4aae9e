"""Values brought to mean 0 and variance 1, or to length 1, sample by sample."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, count_of, number_of, size_of
from autograd.arrays.remedies import channels_second, converted, features_last
from autograd.engine.elementwise import cast, in_float32
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.kernels.standardize import in_runs, standardized, standardized_gradients

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["group_norm", "layer_norm", "local_response_norm", "normalize", "rms_norm"]


class Standardize(Function):
    """(x - μ) / √(σ² + ε) · w + b, of ``x`` looked at as ``view``, (N, G, n), over some axes of it.

    The weights, (G K), are those of ``groups``, G and K: K runs in a row, each with its own. Where
    ``moments`` is set, μ and σ² are results, too; nothing is differentiated through these.
    """

    def forward(self, x, weight, bias, *, view, groups, axes, eps, centred=True, moments=False):
        self.groups, self.over = (
            groups,
            {"view": view, "axes": axes, "eps": eps, "centred": centred},
        )
        affine = [None if one is None else np.reshape(one, groups) for one in (weight, bias)]
        out, mean, rest, var = standardized(x, *affine, **self.over)
        self.made = mean, rest, var
        if not moments:
            return out
        return out, mean + rest, np.copy(var)

    def backward(self, g, x, weight, bias, needs, made):
        g = g[0] if type(g) is tuple else g
        if g is None:
            return None, None, None
        factors = weight
        if weight is None and bias is not None:
            factors = np.ones_like(bias)  # for the shape of the bias
        if factors is not None:
            factors = np.reshape(factors, self.groups)
        found, *of_affine = standardized_gradients(g, x, factors, *made, **self.over)
        return found, *[
            None if one is None else np.reshape(d, one.shape)
            for d, one in zip(of_affine, (weight, bias), strict=True)
        ]

    @staticmethod
    def definition(x, weight, bias, *, view, groups, axes, eps, centred=True, moments=False):
        shape, x = x.shape, np.reshape(x, view)
        n = max(math.prod([view[axis] for axis in axes]), 1)
        mean = np.add.reduce(x, axis=axes, keepdims=True) / n
        if centred:
            x = x - mean
        var = np.add.reduce(x * x, axis=axes, keepdims=True) / n
        x = x / np.sqrt(var + eps)
        if weight is not None:
            x = in_runs(x, np.reshape(weight, groups), np.multiply)
        if bias is not None:
            x = in_runs(x, np.reshape(bias, groups), np.add)
        x = np.reshape(x, shape)
        return (x, mean, var) if moments else x


class NativeLayerNorm(Standardize):
    """PyTorch's name of it, which a result's ``grad_fn`` shows."""


class NativeGroupNorm(Standardize):
    """Likewise."""


def widened(value: Any) -> Any:
    """``value`` in float32 where it is a tensor of float16, whose squares leave its range."""
    half = value is not None and value.dtype == dtypes.float16
    return cast(value, dtypes.float32) if half else value


def check_affine(
    call: str, input: Any, size: Any, *, of: str, layer: str = "", **given: Any
) -> None:
    """Raise where input, weight and bias do not belong together.

    ``layer`` is the argument of a layer that says how many channels there are.
    """
    check_tensors(call, input=input)
    if not dtypes.floating(input.dtype):
        raise TypeError(
            f"{call}: input must be of a floating dtype; got {input.dtype}. Convert it: x.float()."
        )
    for name, value in given.items():
        if value is None:
            continue
        check_tensors(call, **{name: value})
        if tuple(value.shape) != size:
            raise ShapeError(
                f"{call}: {name} must have shape {size}, {of}; got {tuple(value.shape)}, and x of "
                f"shape {tuple(input.shape)}. "
                + (
                    channels_second(input.shape, math.prod(value.shape), input.ndim - 2, layer)
                    if layer
                    else "Build the layer with the sizes of its input."
                )
            )
        if value.dtype != input.dtype and input.dtype != dtypes.float16:
            raise TypeError(
                f"{call}: input and {name} must have one dtype; got {input.dtype} and "
                f"{value.dtype}. Convert the input: {converted('x', value.dtype)}."
            )


def layer_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    r"""Standardise over the last axes: :math:`(x - \mu) / \sqrt{\sigma^2 + \epsilon} \cdot w + b`.

    Shapes: input (*, normalized_shape), weight and bias normalized_shape. σ² is Σ (x - μ)² / n.
    Raises ValueError where shapes and TypeError where dtypes do not match.

    Ba, Kiros & Hinton 2016, arXiv:1607.06450.

    >>> import autograd
    >>> layer_norm(autograd.tensor([[1.0, 3.0], [0.0, 4.0]]), (2,))
    tensor([[-1.0000,  1.0000],
            [-1.0000,  1.0000]])
    """
    x, options = _over_last("layer_norm", input, normalized_shape, weight=weight, bias=bias)
    eps = number_of("layer_norm", "eps", eps)
    out = NativeLayerNorm.apply(x, widened(weight), widened(bias), eps=eps, **options)
    return cast(out, unwrap(input).dtype)


def rms_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    eps: float | None = None,
) -> Tensor:
    r"""Divide by the root of the mean square: :math:`x / \sqrt{\overline{x^2} + \epsilon} \cdot w`.

    ``eps`` is the dtype's machine epsilon by default. Shapes and errors as :func:`layer_norm`.

    Zhang & Sennrich 2019, arXiv:1910.07467.

    >>> import autograd
    >>> rms_norm(autograd.tensor([[3.0, 4.0]]), (2,))
    tensor([[0.8485, 1.1314]])
    """
    x, options = _over_last("rms_norm", input, normalized_shape, weight=weight)
    eps = float(dtypes.finfo(x.dtype).eps) if eps is None else number_of("rms_norm", "eps", eps)
    out = Standardize.apply(x, widened(weight), None, eps=eps, centred=False, **options)
    return cast(out, unwrap(input).dtype)


def shape_of(call: str, normalized_shape: Any) -> tuple[int, ...]:
    """A shape given as a sequence of sizes, or as one."""
    return size_of(call, (normalized_shape,))


def _over_last(call: str, input: Any, normalized_shape: Any, **given: Any) -> tuple[Any, Any]:
    shape = shape_of(call, normalized_shape)
    check_affine(call, input, shape, of="that of what is normalised", **given)
    if not shape or tuple(input.shape[-len(shape) :]) != shape:
        raise ShapeError(
            f"{call}: input must end in the axes {shape}, one at least; got x of shape "
            f"{tuple(input.shape)}. Features come last (*, {', '.join(map(str, shape)) or 'n'}): "
            + features_last(input.shape, math.prod(shape), "normalized_shape")
        )
    n, rows = math.prod(shape), math.prod(input.shape[: -len(shape)])
    return widened(input), {"view": (rows, 1, n), "groups": (1, n), "axes": (2,)}


def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    r"""Standardise each sample's channels in ``num_groups`` groups, as :func:`layer_norm` does.

    Shapes: input (N, C, *), weight and bias (C). Raises ValueError where C is not divisible, or
    a group has one value only.

    Wu & He 2018, arXiv:1803.08494.

    >>> import autograd
    >>> group_norm(autograd.tensor([[1.0, 3.0, 0.0, 8.0]]), 2)
    tensor([[-1.0000,  1.0000, -1.0000,  1.0000]])
    """
    check_tensors("group_norm", input=input)
    groups = count_of("group_norm", "num_groups", num_groups, 1)
    if input.ndim < 2:
        raise ShapeError(
            f"group_norm: input must have a batch and channels (N, C, *); got shape "
            f"{tuple(input.shape)}. Give it a batch: x.unsqueeze(0)."
        )
    samples, channels = input.shape[:2]
    if channels % groups:
        raise ShapeError(
            f"group_norm: the number of channels must be divisible by num_groups; got {channels} "
            f"channels and {groups} groups. Channels come second (N, C, *)."
        )
    check_affine(
        "group_norm", input, (channels,), of="one for each channel", weight=weight, bias=bias
    )
    each, n = channels // groups, math.prod(input.shape[1:]) // groups
    if samples * n == 1:
        raise ShapeError(
            f"group_norm: a group of one value has no variance; got x of shape "
            f"{tuple(input.shape)} in {groups} groups. Take fewer groups."
        )
    out = NativeGroupNorm.apply(
        widened(input),
        widened(weight),
        widened(bias),
        view=(samples, groups, n),
        groups=(groups, each),
        axes=(2,),
        eps=number_of("group_norm", "eps", eps),
    )
    return cast(out, unwrap(input).dtype)


@in_float32
def local_response_norm(
    input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Tensor:
    r"""Divide by :math:`(k + \alpha\, \overline{x^2})^\beta`, a mean over ``size`` channels around.

    Shapes: (N, C, *) -> (N, C, *). Channels beyond the first and the last count as zeros.

    Krizhevsky, Sutskever & Hinton 2012 (NeurIPS 25).

    Raises ValueError for less than 3 axes.

    >>> import autograd
    >>> local_response_norm(autograd.ones(1, 3, 1), size=3, alpha=3.0, beta=1.0)[0, :, 0]
    tensor([0.3333, 0.2500, 0.3333])
    """
    call = "local_response_norm"
    check_tensors(call, input=input)
    size = count_of(call, "size", size, 1)
    alpha, beta, k = (
        number_of(call, name, value) for name, value in (("alpha", alpha), ("beta", beta), ("k", k))
    )
    if input.ndim < 3:
        raise ShapeError(
            f"{call}: input must have shape (N, C, *) with 3 axes or more; got "
            f"{tuple(input.shape)}. Give it an axis: x.unsqueeze(-1)."
        )
    channels = input.shape[1]
    around = [(0, 0)] * input.ndim
    around[1] = (size // 2, (size - 1) // 2)
    squares = np.pad(input * input, around)
    total = squares[:, :channels]
    for start in range(1, size):
        total = total + squares[:, start : start + channels]
    return input / (total * (alpha / size) + k) ** beta


@in_float32
def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    r"""Vectors of length 1 along ``dim``: :math:`x / \max(\|x\|_p, \epsilon)`.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> normalize(autograd.tensor([[3.0, 4.0]]))
    tensor([[0.6000, 0.8000]])
    """
    check_tensors("normalize", input=input)
    return input / input.norm(p, dim, keepdim=True).clamp_min(eps)
