"""Ops with one ``backward`` for all their inputs, which share work, and what stands beside it.

    class Silu(Elementwise):
        def forward(self, x):
            self.made = s = sigmoid(x)
            return x * s

        def backward(self, g, x, made): ...tuned: it may write into made...

        @staticmethod
        def definition(x): return x * sigmoid(x)

``backward`` may name, besides inputs and ``out``: ``needs``, a tuple of bools, and as the last one
``made``, what ``forward`` has put there. Where it is tuned over raw arrays, the op states its plain
definition, which is what ``create_graph=True`` differentiates, what the tests compare with, and the
explanation. Without one, ``backward`` itself is written in the dialect and runs over Tensors.

Only when the sweep says that it reads a node for the last time may a backward overwrite what its
own forward made: then it is given ``made`` itself, else a copy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.engine.backward import carried_back
from autograd.engine.graph import wrap


class Fused:
    """The ``backward`` of an op, as it was read."""

    def __init__(self, names: tuple[str, ...], places: list[str], op: Any) -> None:
        self.kept = tuple([name for name in names if name in places])  # inputs and out
        self.makes = "made" in {*names} - {*places}
        self.needs = names.index("needs") if "needs" in {*names} - {*places} else None
        self.formula = op.guard.joint(op, op.backward)
        self.definition: Callable[..., Any] | None = op.definition
        if self.makes and names[-1] != "made":
            raise TypeError(
                f"{op.__name__}: made must come last in backward, as it is given beside what is "
                f"kept; it takes ({', '.join(names)}) after g. Move it to the end."
            )

    def plan(self, node: Any, arrays: list[Any], out: Any, options: dict[str, Any]) -> Any:
        """What ``node`` keeps: the values that backward names, and all inputs for a definition."""
        places = dict(zip(node.inputs, arrays, strict=False), out=out)
        if node.variadic:
            places[node.inputs[-1]] = tuple(arrays[len(node.inputs) - 1 :])
        plan = ((None, self.formula, tuple([places[name] for name in self.kept])),)
        if self.definition is None:
            return plan
        node.options = options
        return (*plan, (None, self.definition, tuple(arrays)))

    def arguments(self, node: Any, kept: Any, asked: tuple[bool, ...], last: bool) -> Any:
        """What backward is called with after ``g``, in its order."""
        if self.makes:
            kept = (*kept, taken(node) if last else copied(node))
        if self.needs is not None:
            kept = (*kept[: self.needs], asked, *kept[self.needs :])
        return kept

    def gradients(
        self, node: Any, g: Any, asked: tuple[bool, ...], create: bool, last: bool
    ) -> Any:
        """One gradient for each input, or None; over Tensors linked to the graph if ``create``."""
        kept = node.plan[0][2]
        if create and self.definition is not None:
            if last:
                node.__dict__.pop("made", None)
            return self._through_definition(node, g, asked)
        if create:
            places = [*node.inputs, "out"]
            pairs = zip(self.kept, kept, strict=True)
            kept = [node.lifted(places.index(name), value, g) for name, value in pairs]
        found = self.formula(node, g, *self.arguments(node, kept, asked, last))
        return found if type(found) is tuple else (found,)

    def _through_definition(self, node: Any, g: Any, asked: tuple[bool, ...]) -> list[Any]:
        """Differentiate the plain definition, over copies of the inputs that are linked to them."""
        from autograd.engine.function import Identity  # an op, and ops know us

        several = type(g) is tuple
        arrived = [one for one in g if one is not None] if several else [g]
        inputs = [
            value if edge is None else Identity.apply(wrap(value, edge, arrived[0]))
            for edge, value in zip(node.edges, node.plan[1][2], strict=True)
        ]
        chosen = [x for x, ask in zip(inputs, asked, strict=True) if ask]
        out = self.definition(*inputs, **node.options)  # type: ignore[misc]
        if several:
            out = [made for made, one in zip(out, g, strict=True) if one is not None]
        out = out if type(out) in (list, tuple) else [out]
        found = iter(carried_back(out, chosen, arrived))
        return [next(found) if ask else None for ask in asked]


def taken(node: Any) -> Any:
    """What ``forward`` made, taken off the node: of two threads one gets it, the other raises."""
    try:
        return node.__dict__.pop("made")
    except KeyError:
        raise RuntimeError(
            f"backward: {node} must still hold what its forward made; another backward pass "
            "took it. Pass retain_graph=True to the earlier one."
        ) from None


def copied(node: Any) -> Any:
    """What ``forward`` made, once more: the node will be read again, and so will it."""
    made = node.__dict__.get("made")
    if type(made) is tuple:
        return tuple([one.copy() if hasattr(one, "copy") else one for one in made])
    return made.copy() if hasattr(made, "copy") else made
