"""What a module saves and takes back: names, in order, to tensors."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd import Tensor, no_grad
from nn.parameter import Parameter

if TYPE_CHECKING:
    from nn.module import Module


class _Keys(NamedTuple):
    missing_keys: list[str]
    unexpected_keys: list[str]


class IncompatibleKeys(_Keys):
    """What did not match; with both lists empty, it prints PyTorch's words for "nothing"."""

    __slots__ = ()

    def __repr__(self) -> str:
        if self.missing_keys or self.unexpected_keys:
            return f"_{super().__repr__()}"
        return "<All keys matched successfully>"


def saved(module: Module) -> Iterator[tuple[str, Module, dict[str, Any], str]]:
    """Each tensor of the state: its key, the module and the dict that hold it, its name there.

    Module by module: parameters, then persistent buffers, then children.
    """
    for prefix, owner in module.named_modules(remove_duplicate=False):
        dot = prefix + "." if prefix else ""
        for held in (owner._parameters, owner._buffers):
            for name, tensor in held.items():
                passing = held is owner._buffers and name in owner._non_persistent_buffers_set
                if tensor is not None and not passing:
                    yield dot + name, owner, held, name


def collected(module: Module, prefix: str, keep_vars: bool) -> OrderedDict[str, Any]:
    """The state dict: detached tensors that share memory with the module."""
    return OrderedDict(
        (prefix + key, held[name] if keep_vars else held[name].detach())
        for key, _, held, name in saved(module)
    )


def load(
    module: Module, state_dict: Mapping[str, Any], strict: bool, assign: bool
) -> IncompatibleKeys:
    """Take ``state_dict`` over, all of it or, with an error that lists every fault, nothing."""
    call = f"{type(module).__name__}.load_state_dict"
    if not isinstance(state_dict, Mapping):
        raise TypeError(
            f"{call}: expected a dict of tensors; got {type(state_dict).__name__}. "
            "Pass what state_dict() returned."
        )
    places = {key: (held, name) for key, _, held, name in saved(module)}
    missing = [key for key in places if key not in state_dict]
    unexpected = [key for key in state_dict if key not in places]
    faults = []
    if strict and missing:
        faults.append(f"missing: {', '.join(missing)}")
    if strict and unexpected:
        faults.append(f"unexpected: {', '.join(unexpected)}")
    arrivals = [(*places[key], value) for key, value in state_dict.items() if key in places]
    for key, value in state_dict.items():
        if key in places:
            held, name = places[key]
            if not isinstance(value, Tensor):
                faults.append(f"{key} is a {type(value).__name__}, not a tensor")
            elif value.shape != held[name].shape:
                shapes = tuple(value.shape), tuple(held[name].shape)
                faults.append(f"{key} has shape {shapes[0]} where the module has {shapes[1]}")
    if faults:
        raise RuntimeError(
            f"{call}: names and shapes must match; {'; '.join(faults)}. Build the module as it was "
            "saved, or pass strict=False to leave out names (never shapes). Nothing was changed."
        )
    with no_grad():
        for held, name, value in arrivals:
            if assign:
                held[name] = _assigned(held[name], value)
            else:
                held[name].copy_(value)
    return IncompatibleKeys(missing, unexpected)


def _assigned(before: Any, value: Any) -> Any:
    """``value`` itself in the place of ``before``, as a parameter where that was one."""
    if isinstance(before, Parameter) and not isinstance(value, Parameter):
        return Parameter(value, before.requires_grad)
    return value
