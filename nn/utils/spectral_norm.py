"""Weights divided by their largest singular value, kept by a hook: the form of older scripts."""

from __future__ import annotations

from typing import Any, TypeVar

import autograd
from autograd.arrays.arguments import axis_of, count_of, number_of
from nn import functional as F
from nn.modules.module import Module
from nn.parameter import Parameter
from nn.utils.weight_norm import hook_of, parameter_of

__all__ = ["remove_spectral_norm", "spectral_norm"]

M = TypeVar("M", bound=Module)


def as_matrix(weight: Any, dim: int) -> Any:
    """The weight as a matrix whose rows are its slices along ``dim``."""
    order = [dim, *(i for i in range(weight.ndim) if i != dim)]
    return weight.permute(*order).reshape(weight.shape[dim], -1)


def start(call: str, matrix: Any, eps: float) -> tuple[Any, Any]:
    """Random vectors of length 1, of as many elements as the matrix has rows and columns."""
    if not matrix.numel():
        raise ValueError(
            f"{call}: a weight without elements has no norm; got shape {tuple(matrix.shape)}."
        )
    drawn = [matrix.new_empty(n).normal_(0, 1) for n in matrix.shape]
    return tuple(F.normalize(one, dim=0, eps=eps) for one in drawn)  # type: ignore[return-value]


def dim_of(module: Module, dim: int | None) -> int:
    """Which axis of the weight is the outputs': the second of transposed convolutions."""
    if dim is not None:
        return dim
    return int(any(one.__name__.startswith("ConvTranspose") for one in type(module).__mro__))


class SpectralNorm:
    """The hook: before each call, w = W / uᵀ W v, after a step of power iteration in training."""

    def __init__(self, name: str, n_power_iterations: int, dim: int, eps: float) -> None:
        self.name, self.n_power_iterations, self.dim, self.eps = name, n_power_iterations, dim, eps

    def compute_weight(self, module: Module, do_power_iteration: bool) -> Any:
        """The weight, from what is trained in its place and the two vectors."""
        weight, u, v = (getattr(module, self.name + end) for end in ("_orig", "_u", "_v"))
        matrix = as_matrix(weight, self.dim)
        if do_power_iteration:
            with autograd.no_grad():
                for _ in range(self.n_power_iterations):
                    v.copy_(F.normalize(matrix.T @ u, dim=0, eps=self.eps))
                    u.copy_(F.normalize(matrix @ v, dim=0, eps=self.eps))
        # copies, because a second call changes them before the first one's backward pass
        return weight / (u.clone() @ (matrix @ v.clone()))

    def __call__(self, module: Module, inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module, module.training))


def spectral_norm(
    module: M,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> M:
    r"""Divide a weight by its largest singular value, which power iteration follows in training.

    It is trained as ``<name>_orig``; the vectors are the buffers ``<name>_u`` and ``<name>_v``.
    ``dim`` is the axis of the outputs: 1 for transposed convolutions, else 0. Raises RuntimeError
    where the weight is normalised already, ValueError for no parameter. Returns the module.

    Miyato, Kataoka, Koyama & Yoshida 2018, arXiv:1802.05957.

    >>> import nn
    >>> sorted(spectral_norm(nn.Linear(2, 3)).state_dict())
    ['bias', 'weight_orig', 'weight_u', 'weight_v']
    """
    call = "spectral_norm"
    hook_of(call, module, name, SpectralNorm, there=False)
    steps, eps = (
        count_of(call, "n_power_iterations", n_power_iterations, 1),
        number_of(call, "eps", eps),
    )
    weight = parameter_of(call, module, name)
    hook = SpectralNorm(name, steps, axis_of(call, weight, dim_of(module, dim)), eps)
    u, v = start(call, as_matrix(weight.detach(), hook.dim), eps)
    delattr(module, name)
    module.register_parameter(f"{name}_orig", weight)
    setattr(module, name, weight.data)
    module.register_buffer(f"{name}_u", u)
    module.register_buffer(f"{name}_v", v)
    module.register_forward_pre_hook(hook)
    return module


def remove_spectral_norm(module: M, name: str = "weight") -> M:
    """Make the weight, as it is now, a parameter again. Raises ValueError where it is one.

    >>> import nn
    >>> layer = remove_spectral_norm(spectral_norm(nn.Linear(2, 3)))
    >>> sorted(name for name, _ in layer.named_parameters())
    ['bias', 'weight']
    """
    key, hook = hook_of("remove_spectral_norm", module, name, SpectralNorm, there=True)
    weight = hook.compute_weight(module, False).detach()
    for end in ("", "_u", "_v", "_orig"):
        delattr(module, name + end)
    module.register_parameter(name, Parameter(weight))
    del module._forward_pre_hooks[key]
    return module
