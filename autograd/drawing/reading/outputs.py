"""A model's run for a picture: what it is called with, and the tensors that it returns."""

from __future__ import annotations

import inspect
from typing import Any

from autograd.drawing.trial import arguments_of, run, sized
from autograd.drawing.watching.watching import Notes
from autograd.engine.graph import TensorBase


def made_of(model: Any, inputs: Any, notes: Notes) -> Any:
    """What ``model`` makes of ``inputs``, noted in ``notes``, which leaves the model as it was.

    :raises TypeError: ``model`` cannot be called.
    """
    if isinstance(model, TensorBase) or not callable(model):
        raise TypeError(
            f"draw: inputs are those of a module or a function; got {type(model).__name__}. Leave "
            "them out: draw(loss)."
        )
    args, named = arguments_of(inputs)
    for name, given in _named(model, args, named).items():
        for label, tensor in tensors_in(given, name).items():
            if isinstance(tensor, TensorBase):
                notes.given(tensor, label)
    ready = sized("draw", model, inputs) if hasattr(model, "parameters") else model
    return run("draw", ready, inputs, notes)


def _named(model: Any, args: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    """The arguments by the names that ``forward`` has for them."""
    try:
        bound = inspect.signature(getattr(model, "forward", model)).bind(*args, **named)
    except (TypeError, ValueError):  # which the call tells better
        return {f"input {i}": given for i, given in enumerate(args)} | named
    return dict(bound.arguments)


def tensors_in(result: Any, name: str = "output") -> dict[str, Any]:
    """What is in tuples, lists, dicts and records, by labels.

    >>> tensors_in((1, {"mean": 2, "scale": (3, 4)}))
    {'output 0': 1, 'mean': 2, 'scale 0': 3, 'scale 1': 4}
    """
    found: dict[str, Any] = {}
    waiting = [(name, result)]
    while waiting:
        label, one = waiting.pop()
        parts = _parts(label, one, name)
        if parts is None:
            found[label] = one
        else:
            waiting += reversed(parts)
    return found


def _parts(label: str, one: Any, outermost: str) -> list[tuple[str, Any]] | None:
    """The parts of what holds several; None of what holds none."""
    own = "" if label.startswith(outermost) else f"{label}."
    if isinstance(one, TensorBase):
        return None
    if isinstance(one, dict):
        return [(f"{own}{key}", part) for key, part in one.items()]
    if isinstance(one, tuple) and hasattr(one, "_fields"):
        return [(f"{own}{key}", part) for key, part in zip(one._fields, one, strict=True)]
    if isinstance(one, (tuple, list)):
        return [(f"{label} {i}", part) for i, part in enumerate(one)]
    fields = getattr(type(one), "__dataclass_fields__", None)
    return [(f"{own}{key}", getattr(one, key)) for key in fields] if fields else None
