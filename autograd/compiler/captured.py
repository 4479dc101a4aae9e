"""A step that was recorded once, and what must be as it was for its program to stand for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.compiler.recorder import Refusal
from autograd.compiler.recording import Recording
from autograd.compiler.replay import program
from autograd.engine import versions
from autograd.engine.grad_mode import mode
from autograd.engine.graph import Freed, Leaf, Node, TensorBase, node_of, wrap


class Captured:
    """A call of ``function``, recorded: ``result`` is what it gave.

    Where ``refusals`` is empty, the call can be done again on other tensors of the same kinds, as
    long as :meth:`misfit` finds nothing. Tensors from outside (parameters, buffers) are read and
    written where they are; results, and ``.grad`` where the step has set it, are fresh tensors.
    What the function does in Python alone is not done again, and nobody knows of it here; nor of a
    module or an optimiser that holds another tensor since.

    >>> import autograd
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> def step(x):
    ...     w.grad = None
    ...     loss = (w * x).sum()
    ...     loss.backward()
    ...     return loss.detach()
    >>> step = Captured(step, autograd.ones(2))
    >>> step(autograd.tensor([3.0, 4.0])), w.grad
    (tensor(11.), tensor([3., 4.]))
    """

    def __init__(self, function: Callable[..., Any], *args: Any, **options: Any) -> None:
        leaves, self._spec = trees.flatten((args, options))
        self._numbers = {id(one): i for i, one in enumerate(leaves) if isinstance(one, TensorBase)}
        self._leaves = [type(x) if isinstance(x, TensorBase) else x for x in leaves]
        self._around = _around()
        with Recording() as recording:
            self.result = function(*args, **options)
        results, self._form = trees.flatten(self.result)
        self.refusals = recording.tape.refusals
        asked = [*recording.gradients.values()]
        self._gradients = [(self._place(tensor), g is not None) for tensor, g in asked]
        given = self._bind(recording)
        changed = [(tensor, tensor._grad) for tensor, g in asked if tensor._grad is not g]
        new = [one for one in results if isinstance(one, TensorBase)]
        new = [one for one in new if id(one) not in recording.outside]
        self._look_for_others(recording, [*new, *[g for _, g in changed]])
        self._results = [self._as_result(one, recording) for one in results]
        self._changed = [(self._place(t), g if g is None else type(g)) for t, g in changed]
        wanted = [*new, *[g for _, g in changed if g is not None]]
        inputs = recording.outside.keys()
        old = [(t, g) for t, g in asked if t._grad is not g and id(g) not in inputs]
        self._forgotten = [t for t, _ in old if type(self._place(t)) is not int]
        self._program: Any = None
        self.source, self._written = "", list[int]()
        if not self.refusals:
            self._write(recording, given, wanted)

    def _write(self, recording: Recording, given: dict[str, Any], wanted: list[Any]) -> None:
        """Make the program, or say why there is none."""
        held = map(recording.held_by, wanted)
        try:
            self._program = program(recording.tape, given, held, self.forget_gradients)
        except LookupError as error:
            return self._refuse(str(error))
        for name in self._program.late:
            self._refuse(f"a value is looked at after a change, by {name}")
        owners = [id(versions.owner_of(recorder)) for recorder in given.values()]
        self._written = [i for i, one in enumerate(owners) if one in self._program.written]
        self.source = self._program.source

    def _refuse(self, reason: str) -> None:
        self.refusals.append(Refusal(reason, None))

    def _place(self, tensor: Any) -> Any:
        """Which of the arguments a tensor is; else the tensor."""
        return self._numbers.get(id(tensor), tensor)

    # -- what it is given ------------------------------------------------------------------------

    def _bind(self, recording: Recording) -> dict[str, Any]:
        """Where each array comes from: an argument, a tensor's gradient, a tensor outside."""
        owner_of = {id(g): self._place(tensor) for tensor, g in recording.gradients.values()}
        self._inputs: list[tuple[Any, bool]] = []  # a place, and whether its gradient is meant
        self._facts: list[tuple[Any, Any, Any]] = []
        self._owners: set[int] = set()  # of memory outside
        given: dict[str, Any] = {}
        owners = []
        for tensor, recorder in recording.outside.values():
            place, array = self._place(tensor), recorder.inside
            of_gradient = type(place) is not int and id(tensor) in owner_of
            letter = "x" if type(place) is int else "g" if of_gradient else "p"
            given[f"{letter}{len(given) + 1}"] = recorder
            self._inputs.append((owner_of[id(tensor)] if of_gradient else place, of_gradient))
            self._facts.append((array if letter == "p" else None, _facts(array), _edge(tensor)))
            if tensor._data is not array:
                self._refuse("a tensor from outside was given other memory")
            owner = id(versions.owner_of(array))
            if letter == "x":
                owners.append(owner)
            else:
                self._owners.add(owner)
        if len({*owners}) < len(owners) or not self._owners.isdisjoint(owners):
            self._refuse("arguments share memory with each other, or with what is outside")
        return given

    def _tensors(self, leaves: list[Any]) -> list[Any]:
        """The tensors whose arrays the program is given now."""
        found = [(_at(place, leaves), of_gradient) for place, of_gradient in self._inputs]
        return [tensor._grad if of_gradient else tensor for tensor, of_gradient in found]

    # -- what it gives ---------------------------------------------------------------------------

    def _as_result(self, one: Any, recording: Recording) -> tuple[str, Any]:
        if not isinstance(one, TensorBase):
            if not isinstance(one, (int, float, str, type(None))):
                self._refuse(f"the step returns a {type(one).__name__}")
            return "fact", one
        if id(one) in recording.outside:
            return "outside", self._place(one)
        if recording.held_by(one) is None:
            self._refuse("the step returns a tensor that it has not read")
        return "new", (type(one), self._spent(one._edge))

    def _spent(self, edge: Any) -> Any:
        """An edge for a result whose graph is gone; None where it has none."""
        if edge is None:
            return None
        nodes, seen = [node_of(edge)], set[Any]()
        for one in nodes:  # grows while it is walked
            if isinstance(one, Node) and one not in seen:
                seen.add(one)
                nodes += [node_of(below) for below in one.edges if below is not None]
        freed = [one.plan for one in nodes if type(getattr(one, "plan", ())) is Freed]
        alive = [one for one in nodes if isinstance(one, Node) and one.keeps and one.plan]
        if not freed or alive or not isinstance(nodes[0], Node):
            self._refuse("the graph of a result lives on")
            return None
        other = type(nodes[0])()
        other.edges, other.age, other.plan = (), nodes[0].age, freed[0]
        return other if edge is nodes[0] else (other, edge[1])

    def _look_for_others(self, recording: Recording, known: list[Any]) -> None:
        """Refuse where somebody keeps another tensor that the step has made."""
        ids = {id(one) for one in known} | recording.outside.keys()
        for tensor in recording.made:
            if id(tensor) not in ids:
                self._refuse(f"a tensor of shape {tuple(tensor.shape)} is kept from the step")
        recording.made.clear()

    def forget_gradients(self) -> None:
        """Let go of gradients that the step replaces, before their memory is needed again."""
        for tensor in self._forgotten:
            tensor._grad = None

    # -- again -----------------------------------------------------------------------------------

    def misfit(self, *args: Any, **options: Any) -> str:
        """Why the program does not stand for this call; empty where it does."""
        leaves, spec = trees.flatten((args, options))
        if spec != self._spec:
            return "other arguments"
        if _around() != self._around:
            return "another mode"
        tensors = self._numbers.values()
        for i, (before, leaf) in enumerate(zip(self._leaves, leaves)):
            if i in tensors:
                if type(leaf) is not before:
                    return "another kind of argument"
            elif leaf is not before and (type(leaf) is not type(before) or leaf != before):
                return "another value among the arguments"
        for place, was_there in self._gradients:
            if (_at(place, leaves)._grad is not None) is not was_there:
                return "a gradient is there that was not, or the other way round"
        owners = set(self._owners)
        for (place, of_gradient), (held, facts, edge), tensor in zip(
            self._inputs, self._facts, self._tensors(leaves)
        ):
            array = tensor._data
            if isinstance(held, np.ndarray) and array is not held:
                return "a tensor from outside has other memory"
            if _facts(array) != facts:
                return "an array of another shape or dtype"
            if _edge(tensor) != edge:
                return "a tensor requires grad that did not, or has a hook"
            if type(place) is int and not of_gradient:
                owner = id(versions.owner_of(array))
                if owner in owners:
                    return "arguments share memory"
                owners.add(owner)
        return ""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """The step, by its program. Raises Changed before anything has changed."""
        leaves, _ = trees.flatten((args, options))
        arrays = [tensor._data for tensor in self._tensors(leaves)]
        found = iter(self._program(*arrays))
        made = []
        for kind, value in self._results:
            if kind == "new":
                like, edge = value
                made.append(wrap(next(found), edge, like))
            else:
                made.append(_at(value, leaves) if kind == "outside" else value)
        for place, like in self._changed:
            _at(place, leaves)._grad = None if like is None else wrap(next(found), None, like)
        written = [arrays[i] for i in self._written]
        versions.note_all([versions.note_of(one) for one in written if type(one) is np.ndarray])
        return trees.unflatten(made, self._form)


def _at(place: Any, leaves: list[Any]) -> Any:
    """The tensor at a place: an argument, or itself."""
    return leaves[place] if type(place) is int else place


def _facts(array: Any) -> Any:
    return type(array), array.shape, array.dtype, array.strides


def _edge(tensor: Any) -> Any:
    """None, Leaf of a leaf without hooks, else the very edge."""
    edge = tensor._edge
    return Leaf if type(edge) is Leaf and not (edge.hooks or edge.after) else edge


def _around() -> Any:
    return mode.grad, dtypes.get_default_dtype(), np.geterr()
