"""Weights as a length and a direction, kept by a hook: the form of older scripts."""

from __future__ import annotations

from typing import Any, TypeVar

from nn.modules.module import Module
from nn.parameter import Parameter, is_lazy

__all__ = ["remove_weight_norm", "weight_norm"]

M = TypeVar("M", bound=Module)


def norm_except(v: Any, dim: int | None) -> Any:
    """‖v‖ of each slice along ``dim``, which keeps its axes; None or -1: of all of it."""
    if dim is None or dim == -1:
        return v.norm()
    return v.norm(2, [i for i in range(v.ndim) if i != dim % v.ndim], keepdim=True)


class WeightNorm:
    """The hook: before each call, w = g v / ‖v‖."""

    def __init__(self, name: str, dim: int | None) -> None:
        self.name, self.dim = name, -1 if dim is None else dim

    def compute_weight(self, module: Module) -> Any:
        """The weight, from what is trained in its place."""
        g, v = getattr(module, f"{self.name}_g"), getattr(module, f"{self.name}_v")
        return v * (g / norm_except(v, self.dim))

    def __call__(self, module: Module, inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module))


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    r"""Train a weight as :math:`w = g\, v / \|v\|`: ``<name>_g``, its length, and ``<name>_v``.

    One length for each slice along ``dim``, or, for None, one in all. PyTorch calls this form
    deprecated; ``nn.utils.parametrizations.weight_norm`` is the newer one. Raises RuntimeError
    where the weight is normalised already, ValueError for a lazy one. Returns the module.

    Salimans & Kingma 2016, arXiv:1602.07868.

    >>> import nn
    >>> sorted(weight_norm(nn.Linear(2, 3)).state_dict())
    ['bias', 'weight_g', 'weight_v']
    """
    hook_of("weight_norm", module, name, WeightNorm, there=False)
    weight = parameter_of("weight_norm", module, name)
    hook = WeightNorm(name, dim)
    length = norm_except(weight.detach(), hook.dim)
    del module._parameters[name]
    module.register_parameter(f"{name}_g", Parameter(length))
    module.register_parameter(f"{name}_v", Parameter(weight.data))
    setattr(module, name, hook.compute_weight(module))
    module.register_forward_pre_hook(hook)
    return module


def remove_weight_norm(module: M, name: str = "weight") -> M:
    """Make the weight a parameter of its own again. Raises ValueError where it is one.

    >>> import nn
    >>> layer = remove_weight_norm(weight_norm(nn.Linear(2, 3)))
    >>> sorted(name for name, _ in layer.named_parameters())
    ['bias', 'weight']
    """
    key, hook = hook_of("remove_weight_norm", module, name, WeightNorm, there=True)
    weight = hook.compute_weight(module).detach()
    delattr(module, name)
    del module._parameters[f"{name}_g"], module._parameters[f"{name}_v"]
    setattr(module, name, Parameter(weight))
    del module._forward_pre_hooks[key]
    return module


def hook_of(call: str, module: Any, name: str, kind: type, there: bool) -> Any:
    """The key of the module's hook of that kind for that parameter, and the hook."""
    if not isinstance(module, Module):
        raise TypeError(
            f"{call}: expected a module; got {type(module).__name__}. Pass the layer itself."
        )
    for key, (_, _, hook) in module._forward_pre_hooks.items():
        if isinstance(hook, kind) and hook.name == name:  # type: ignore[attr-defined]
            if not there:
                raise RuntimeError(
                    f"{call}: a parameter is normalised once; {name!r} is already. Leave one out."
                )
            return key, hook
    if there:
        raise ValueError(
            f"{call}: {name!r} of {type(module).__name__} must be normalised; it is not. Name the "
            "parameter as it was named then."
        )
    return None


def parameter_of(call: str, module: Module, name: str) -> Any:
    """The parameter ``name`` of the module, which is there and has values."""
    weight = module._parameters.get(name)
    if weight is None or is_lazy(weight):
        raise ValueError(
            f"{call}: {name!r} must be a parameter of {type(module).__name__} that has values; "
            f"{'call the module once first' if is_lazy(weight) else 'there is none'}. It has: "
            f"{', '.join(module._parameters) or 'none'}."
        )
    return weight
