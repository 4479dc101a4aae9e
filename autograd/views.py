"""Views: tensors that look at another tensor's memory, and what in-place operations do to them.

Each view knows its base (the tensor that owns the memory), each base its living views. Where a
recorded operation overwrites memory, every other tensor that looks at it holds values that its own
edge does not explain: it gets an edge that raises as soon as a gradient is asked through it. So an
in-place operation costs nothing elsewhere, and a gradient is never silently wrong.
"""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from autograd import memory
from autograd.graph import Edge, Node, TensorBase


def link(view: Any, base: Any) -> None:
    """Note that ``view`` (a tensor or a tuple of them) looks at the memory of ``base``."""
    if type(view) is tuple:
        for one in view:
            link(one, base)
        return
    if getattr(view._data, "base", None) is None or not isinstance(base, TensorBase):
        return  # a 0-d result is a scalar of its own; some reshapes have to copy
    base = base.__dict__.get("_base", base)
    if memory.owner_of(view._data) is not memory.owner_of(base._data):
        return
    view._base = base
    living = base.__dict__.setdefault("_views", [])
    living.append(weakref.ref(view))
    if len(living) > base.__dict__.get("_prune_at", 32):
        living[:] = [one for one in living if one() is not None]
        base._prune_at = 2 * len(living) + 32


def relatives(tensor: Any) -> list[Any]:
    """The other living tensors that look at memory which ``tensor`` looks at too."""
    base = tensor.__dict__.get("_base", tensor)
    found = [base, *(one() for one in base.__dict__.get("_views", ()))]
    return [
        one
        for one in found
        if one is not None and one is not tensor and _overlap(one._data, tensor._data)
    ]


def _overlap(a: Any, b: Any) -> bool:
    try:
        return bool(np.shares_memory(a, b, max_work=10_000))
    except (np.exceptions.TooHardError, TypeError):
        return True


class Overwritten(Node):
    """The edge of a tensor whose memory was changed through another one: it only raises."""

    keeps = False

    def __init__(self, before: Edge, by: Any, op: str) -> None:
        self.age = memory.tick()
        self.edges = () if before is None else (before,)
        self.plan = ((before, _raise, ()),)
        self.before = before
        self.by = weakref.ref(by)
        self.op = op

    def carried_out(self, g: Any, create: bool) -> Any:
        _raise(self, g)


def _raise(node: Overwritten, g: Any) -> Any:
    raise RuntimeError(
        f"backward: each tensor must know what made its values; {node.op} changed this one in "
        "place through another tensor that looks at the same memory. Write to the tensor itself "
        "(x[i] = x[i] + y, x[i] += y), or take the view again after the change."
    )


def overwritten(tensor: Any, op: str) -> None:
    """Mark the relatives of ``tensor``, whose memory a recorded ``op`` has just changed."""
    for one in relatives(tensor):
        if type(one._edge) is Overwritten and one._edge.by() is tensor:
            continue
        one._edge = Overwritten(one._edge, tensor, op)
