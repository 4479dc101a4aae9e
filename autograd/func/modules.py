"""Modules as functions of their parameters: ``functional_call``, ``stack_module_state``.

What a module is, is known by its methods alone: ``named_modules``, ``named_parameters``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.engine.graph import TensorBase, wrap

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor
    from nn import Module, ModuleList

__all__ = ["functional_call", "stack_module_state"]


def functional_call(
    module: Module,
    parameter_and_buffer_dicts: Mapping[str, Tensor] | Sequence[Mapping[str, Tensor]],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """``module(*args, **kwargs)`` with the given tensors for the parameters of these names.

    Shapes: those that the module takes and gives; a tensor as the parameter that it stands for.

    The module is as it was afterwards, also after an error; what it writes into a buffer goes into
    the given one.

    :param parameter_and_buffer_dicts: tensors by name, as ``named_parameters()`` and
        ``named_buffers()`` have them, or several such dicts.
    :param args: the arguments, in a tuple; what is no tuple is the only one.
    :param tie_weights: a parameter that has several names is replaced under all of them.
    :param strict: the names must be all those of the module.
    :raises TypeError: no module, or no dicts.
    :raises ValueError: two dicts have a name in common.
    :raises RuntimeError: ``strict``, and the names are others.

    >>> import autograd, nn
    >>> layer = nn.Linear(1, 1)
    >>> given = {"weight": autograd.tensor([[2.0]]), "bias": autograd.tensor([1.0])}
    >>> functional_call(layer, given, autograd.tensor([3.0]))
    tensor([7.])
    """
    if not hasattr(module, "named_modules"):
        raise TypeError(f"functional_call: expected a module; got {type(module).__name__}.")
    given = _merged(parameter_and_buffer_dicts)
    places, names = _places(module)
    wanted = {name: value for name, value in given.items() if name in places}
    if tie_weights:
        _tie(wanted, places, names)
    missing, unexpected = places.keys() - wanted.keys(), given.keys() - places
    if strict and (missing or unexpected):
        raise RuntimeError(
            "functional_call: names must be those of the module; missing: "
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


def _merged(dicts: Any) -> dict[str, Any]:
    """One dict of several, which have no name in common."""
    several = [dicts] if isinstance(dicts, Mapping) else dicts
    if not isinstance(several, list | tuple) or not all(isinstance(d, Mapping) for d in several):
        raise TypeError(
            "functional_call: parameters come in a dict of tensors by name, or in a list or tuple "
            f"of such; got {type(dicts).__name__}. Pass dict(module.named_parameters())."
        )
    merged: dict[str, Any] = {}
    for one in several:
        twice = merged.keys() & one.keys()
        if twice:
            raise ValueError(
                "functional_call: each name must be in one of the dicts; "
                f"{', '.join(sorted(twice))} in several. Leave it out of the others."
            )
        merged.update(one)
    return merged


def _places(module: Any) -> tuple[dict[str, tuple[dict[str, Any], str]], dict[int, list[str]]]:
    """Where each parameter and buffer is held, by its full name; the names of each tensor."""
    places: dict[str, tuple[dict[str, Any], str]] = {}
    names: dict[int, list[str]] = {}
    for prefix, owner in module.named_modules(remove_duplicate=False):
        for held in (owner._parameters, owner._buffers):
            for name, tensor in held.items():
                if tensor is not None:
                    full = f"{prefix}.{name}" if prefix else name
                    places[full] = held, name
                    names.setdefault(id(tensor), []).append(full)
    return places, names


def _tie(wanted: dict[str, Any], places: Any, names: dict[int, list[str]]) -> None:
    """Give a tensor that replaces one of several names to all of them."""
    for name, value in list(wanted.items()):
        held, last = places[name]
        for other in names[id(held[last])]:
            wanted.setdefault(other, value)


def _put(places: dict[str, tuple[dict[str, Any], str]], tensors: Mapping[str, Any]) -> None:
    for full, tensor in tensors.items():
        held, name = places[full]
        held[name] = tensor


def stack_module_state(
    models: Sequence[Module] | ModuleList,
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The parameters and the buffers of models of one kind, stacked along a new first axis.

    Shapes: of N parameters (*n), one (N, *n).

    They are leaves of their own, which require grad where the models' do: what an ensemble is
    mapped over, with ``vmap(call, (0, 0, None))(parameters, buffers, x)`` where ``call`` is
    :func:`functional_call` of one of the models.

    :raises ValueError: no model, models of several classes, in training and in evaluation, or
        parameters of which only some require grad.

    >>> import nn
    >>> parameters, buffers = stack_module_state([nn.Linear(3, 2) for _ in range(5)])
    >>> parameters["weight"].shape, buffers
    (autograd.Size([5, 2, 3]), {})
    """
    models = list(models)
    if not models:
        raise ValueError("stack_module_state: there must be at least one model; got none.")
    for what, facts in (
        ("one class", {type(model).__name__ for model in models}),
        ("one mode, training or evaluation", {str(model.training) for model in models}),
    ):
        if len(facts) > 1:
            raise ValueError(
                f"stack_module_state: models must be of {what}; got {', '.join(sorted(facts))}."
            )
    parameters = [dict(model.named_parameters()) for model in models]
    buffers = [dict(model.named_buffers()) for model in models]
    return _stacked(parameters), _stacked(buffers)


def _stacked(states: list[dict[str, Any]]) -> dict[str, Any]:
    """Tensors of one name in all ``states``, stacked: leaves."""
    stacked = {}
    for name, first in states[0].items():
        tensors = [state[name] for state in states]
        if len({one.requires_grad for one in tensors}) > 1:
            raise ValueError(
                f"stack_module_state: {name} must require grad in all models or in none; it does "
                "in some. Call requires_grad_() on it."
            )
        made: TensorBase = wrap(np.stack([one._array() for one in tensors]), None, first)
        stacked[name] = made.requires_grad_(first.requires_grad)  # type: ignore[attr-defined]
    return stacked
