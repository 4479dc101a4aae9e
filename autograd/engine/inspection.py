"""Who looks at what every op returns and every sweep finds: for modes that must not cost much.

An observer (observer.py) is told everything, which takes small tensors several times as long. An
inspector sees results alone, and stands where they are made: in the generated ``apply`` of each op
its function has the place of ``forward``. While there is none, nothing is asked: the general way
and ``backward`` test one name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autograd.engine.graph import Node


class Inspector:
    """What an inspector does; the ops of all threads are looked at."""

    def looking(self, op: Any, forward: Callable[..., Any]) -> Callable[..., Any]:
        """What runs in place of ``forward``: it returns the same."""
        raise NotImplementedError

    def returned(self, op: Any, given: list[Any], options: dict[str, Any], out: Any) -> None:
        """The op ``op`` was run the general way, and has made ``out`` of arrays ``given``."""
        raise NotImplementedError

    def sweep(self, roots: list[tuple[Any, Any]], **options: Any) -> dict[Any, Any]:
        """What :func:`autograd.engine.sweep.sweep` returns."""
        raise NotImplementedError


inspector: Inspector | None = None


def inspect_by(one: Inspector | None) -> None:
    """Let ``one`` look from now on; None: nobody."""
    global inspector
    inspector = one
    for op in _below(Node):
        if "_shortest" in op.__dict__:
            let_in(op)


def let_in(op: Any) -> None:
    """Put the inspector into the ``apply`` of an op that has been read, or take it out."""
    function = op._shortest
    names = getattr(getattr(function, "__code__", None), "co_freevars", ())
    if "forward" in names:
        forward = op.forward
        if inspector is not None and not op.view:  # which has no values of its own
            forward = inspector.looking(op, forward)
        function.__closure__[names.index("forward")].cell_contents = forward


def _below(kind: Any) -> Iterator[Any]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
