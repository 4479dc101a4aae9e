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
    """Note that ``view`` (a tensor or a tuple of them) may look at the memory of ``base``."""
    if type(view) is tuple:
        for one in view:
            link(one, base)
        return
    if getattr(view._data, "base", None) is None:
        return  # a 0-d result is a scalar of its own
    kin = base._kin
    if isinstance(kin, TensorBase):
        shared = base_of(base)  # None where base is a reshape that had to copy
        base, kin = (base, None) if shared is None else (shared, shared._kin)
    view._kin = base
    if kin is None:
        base._kin = [weakref.ref(view)]
        return
    kin.append(weakref.ref(view))
    n = len(kin)
    if n >= 32 and n & (n - 1) == 0:  # forget the dead ones, at each doubling
        kin[:] = [one for one in kin if one() is not None]


def base_of(tensor: Any) -> Any:
    """The tensor whose memory ``tensor`` is a view of; None where it has its own."""
    kin = tensor._kin
    if not isinstance(kin, TensorBase):
        return None
    shared = memory.owner_of(kin._data) is memory.owner_of(tensor._data)
    return kin if shared else None  # some reshapes have to copy


def relatives(tensor: Any) -> list[Any]:
    """The other living tensors that look at memory which ``tensor`` looks at too."""
    base = base_of(tensor)
    base = tensor if base is None else base
    if type(base._kin) is not list:
        return []
    found = [base, *(one() for one in base._kin)]
    return [
        one
        for one in found
        if one is not None and one is not tensor and _overlap(one._data, tensor._data)
    ]


def _overlap(a: Any, b: Any) -> bool:
    try:
        return bool(np.shares_memory(a, b, max_work=10_000))  # type: ignore[arg-type]
    except (np.exceptions.TooHardError, TypeError):
        return True


class Overwritten(Node):
    """The edge of a tensor whose memory was changed through another one: it only raises."""

    keeps = False

    def __init__(self, before: Edge, by: Any, op: str) -> None:
        self.age = memory.tick()
        # both ways, so that the node is met whatever gradient is asked for
        self.edges = tuple(edge for edge in (before, by._edge) if edge is not None)
        self.plan = tuple((edge, _raise, ()) for edge in self.edges)
        self.before = before
        self.by = weakref.ref(by)
        self.op = op

    def carried_out(self, g: Any, create: bool, on_way: Any = None) -> Any:
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
        if one._edge is None and tensor._edge is None:
            continue  # constants over constants
        if type(one._edge) is Overwritten and one._edge.by() is tensor:
            continue
        retained = one.__dict__.pop("_retained_by", None)
        if retained is not None:
            retained.remove()
        one._edge = Overwritten(one._edge, tensor, op)
