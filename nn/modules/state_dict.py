"""What a module saves and takes back: names, in order, to tensors."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd import Tensor, as_tensor, no_grad
from autograd.arrays import dtypes
from autograd.engine.places import placed
from nn.parameter import Parameter, is_lazy

if TYPE_CHECKING:
    from nn.modules.module import Module


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

    def __getattr__(self, name: str) -> Any:
        raise placed(
            AttributeError(
                f"load_state_dict: it changes the module, and returns the keys that did not match; "
                f"got .{name} of these. Call it as a statement of its own, "
                "model.load_state_dict(state), and go on with model."
            )
        )


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
        (prefix + key, held[name] if keep_vars or is_lazy(held[name]) else held[name].detach())
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
    state_dict = {  # arrays as np.load gives them are as good
        key: as_tensor(value) if isinstance(value, np.ndarray) else value
        for key, value in state_dict.items()
    }
    places = {key: (held, name) for key, _, held, name in saved(module)}
    missing = [key for key in places if key not in state_dict]
    unexpected = [key for key in state_dict if key not in places]
    faults = []
    if strict and missing:
        faults.append(f"missing: {', '.join(missing)}")
    if strict and unexpected:
        faults.append(f"unexpected: {', '.join(map(str, unexpected))}")
    arrivals = [(*places[key], value) for key, value in state_dict.items() if key in places]
    for key, value in state_dict.items():
        if key in places:
            held, name = places[key]
            if fault := _fault(held[name], value, assign):
                faults.append(f"{key} {fault}")
    if faults:
        remedy = _inner(places, state_dict) or _remedy(missing, unexpected)
        raise placed(
            RuntimeError(
                f"{call}: names, shapes and dtypes must match; {'; '.join(faults)}. "
                f"{remedy}Build the module as it was saved, or pass "
                "strict=False to leave out names (never shapes). Nothing was changed."
            )
        )
    with no_grad():
        made = [_taken(held[name], value, assign) for held, name, value in arrivals]
        for (held, name, _), value in zip(arrivals, made, strict=True):
            if assign:
                held[name] = value
            elif not is_lazy(value):
                if is_lazy(held[name]):
                    held[name].materialize(value.shape)
                held[name].copy_(value)
    return IncompatibleKeys(missing, unexpected)


def _inner(places: dict[str, Any], state_dict: Mapping[str, Any]) -> str:
    """What to do where the state is one entry of a checkpoint.

    >>> _inner({"weight": None}, {"model": {"weight": 1}, "epoch": 3})
    "Pass the entry that is its state: checkpoint['model']. "
    """
    for key, value in state_dict.items():
        if isinstance(value, Mapping) and places and places.keys() <= value.keys():
            return f"Pass the entry that is its state: checkpoint[{key!r}]. "
    return ""


def _remedy(missing: list[str], unexpected: list[str]) -> str:
    """What to do where all names that are unexpected only begin otherwise, as wrappers make them.

    >>> _remedy(["0.weight"], ["module.0.weight"])
    "Leave out the 'module.' that names begin with: {key[7:]: t for key, t in state.items()}. "
    """
    for key in unexpected[:1]:
        for name in missing:
            start = str(key).removesuffix(name)
            if start != key and {start + one for one in missing} == {*unexpected}:
                return (
                    f"Leave out the {start!r} that names begin with: {{key[{len(start)}:]: t for "
                    "key, t in state.items()}. "
                )
    return ""


def _fault(before: Any, value: Any, assign: bool) -> str | None:
    """What keeps ``value`` from taking the place of ``before``."""
    if not isinstance(value, Tensor):
        return f"is a {type(value).__name__}, not a tensor"
    if is_lazy(before):
        return None
    if is_lazy(value):
        return "is not initialized where the module is: call the saved one once, and save it again"
    if value.shape != before.shape:
        return f"has shape {tuple(value.shape)} where the module has {tuple(before.shape)}"
    if assign:
        if before.requires_grad and not dtypes.differentiable(value.dtype):
            return f"is {value._data.dtype}, which cannot be trained"
        return None
    if dtypes.complex_valued(value.dtype) > dtypes.complex_valued(before.dtype):
        found, wanted = value._data.dtype, before._data.dtype
        return f"is {found} where the module has {wanted}, which drops a part"
    return None if before._array().flags.writeable else "is read-only in the module"


def _taken(before: Any, value: Any, assign: bool) -> Any:
    """``value`` as it takes the place of ``before``: itself, or what is copied over it."""
    if not assign:
        return value if is_lazy(value) else value.to(before.dtype)
    if isinstance(before, Parameter) and not isinstance(value, Parameter):
        return Parameter(value, before.requires_grad)
    return value
