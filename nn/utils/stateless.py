"""A module called with other tensors in the place of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd import Tensor
from nn.modules.module import Module


def functional_call(
    module: Module,
    parameters_and_buffers: Mapping[str, Tensor],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """``module(*args, **kwargs)`` with the given tensors for the parameters of these names.

    The module is as it was afterwards, also after an error. ``tie_weights``: a parameter that has
    several names is replaced under all of them. ``strict``: raise RuntimeError unless the names are
    all those of the module.

    >>> import autograd, nn
    >>> layer = nn.Linear(1, 1)
    >>> given = {"weight": autograd.tensor([[2.0]]), "bias": autograd.tensor([1.0])}
    >>> functional_call(layer, given, autograd.tensor([3.0]))
    tensor([7.])
    """
    if not isinstance(module, Module) or not isinstance(parameters_and_buffers, Mapping):
        raise TypeError(
            "functional_call: expected a module and a dict of tensors by name; got "
            f"{type(module).__name__} and {type(parameters_and_buffers).__name__}."
        )
    places: dict[str, tuple[dict[str, Any], str]] = {}
    names: dict[int, list[str]] = {}
    for prefix, owner in module.named_modules(remove_duplicate=False):
        for held in (owner._parameters, owner._buffers):
            for name, tensor in held.items():
                if tensor is not None:
                    full = f"{prefix}.{name}" if prefix else name
                    places[full] = held, name
                    names.setdefault(id(tensor), []).append(full)
    wanted = {name: value for name, value in parameters_and_buffers.items() if name in places}
    missing, unexpected = places.keys() - wanted.keys(), parameters_and_buffers.keys() - places
    if tie_weights:
        for name, value in list(wanted.items()):
            held, last = places[name]
            for other in names[id(held[last])]:
                wanted.setdefault(other, value)
                missing = missing - {other}
    if strict and (missing or unexpected):
        raise RuntimeError(
            f"functional_call: names must be those of the module; missing: "
            f"{', '.join(sorted(missing)) or 'none'}, unexpected: "
            f"{', '.join(sorted(map(str, unexpected))) or 'none'}. Pass strict=False."
        )
    before = {name: places[name][0][places[name][1]] for name in wanted}
    args = () if args is None else args if isinstance(args, tuple) else (args,)
    try:
        _put(places, wanted)
        return module(*args, **(kwargs or {}))
    finally:
        _put(places, before)


def _put(places: dict[str, tuple[dict[str, Any], str]], tensors: Mapping[str, Any]) -> None:
    for full, tensor in tensors.items():
        held, name = places[full]
        held[name] = tensor
