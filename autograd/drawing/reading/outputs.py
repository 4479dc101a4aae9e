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
    """What is in tuples, lists, dicts and records, by labels; by the whole way in, of the same one.

    >>> tensors_in((1, {"mean": 2, "scale": (3, 4)}))
    {'output 0': 1, 'mean': 2, 'scale 0': 3, 'scale 1': 4}
    >>> tensors_in([{"mean": 1}, {"mean": 2}])
    {'mean': 1, 'output 1.mean': 2}
    """
    found: dict[str, Any] = {}
    waiting: list[tuple[str, str, Any, tuple[int, ...]]] = [(name, name, result, ())]
    while waiting:
        label, way, one, around = waiting.pop()
        parts = _parts(one)
        if parts is None:
            found[label if label not in found else way] = one
        elif id(one) not in around:  # a list may hold itself
            own = "" if label.startswith(name) else f"{label}."
            inner = (*around, id(one))
            for key, part in reversed(parts):
                within = f"{way} {key}" if type(key) is int else f"{way}.{key}"
                short = f"{label} {key}" if type(key) is int else f"{own}{key}"
                waiting.append((short, within, part, inner))
    return found


def _parts(one: Any) -> list[tuple[Any, Any]] | None:
    """The parts of what holds several, by number or name; None of what holds none."""
    if isinstance(one, TensorBase):
        return None
    if isinstance(one, dict):
        return [(str(key), part) for key, part in one.items()]
    if isinstance(one, tuple) and hasattr(one, "_fields"):
        return [*zip(one._fields, one, strict=True)]
    if isinstance(one, (tuple, list)):
        return [*enumerate(one)]
    fields = getattr(type(one), "__dataclass_fields__", None)
    return [(key, getattr(one, key)) for key in fields] if fields else None
