"""The guard of a captured step: straight lines of Python that look whether a call is of its kind.

    def given(args, options):
        if options or len(args) != 1: return "other arguments"
        (x1,) = args
        if type(x1) is not Tensor or x1._edge is not None: return "another kind of argument"
        ...
        return (a1, p2)

It returns the arrays that the program is given, or says why the program does not stand for the
call. What is cheap and often different comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.compiler.tapes.recorder import errors
from autograd.compiler.watching.places import same
from autograd.engine.grad_mode import mode
from autograd.engine.graph import Leaf
from autograd.engine.versions import owner_of

LOST = "a tensor from outside has other memory"  # which seldom comes back
OTHER_FORM = "an array is of another shape or dtype"
ARRAY: Any = object()  # in the place of an edge: of an array that is no tensor's
_NUMBERS = (int, float)
_PLAIN = (int, float, str, bool, bytes, type(None))


class Input(NamedTuple):
    """One array that a program is given."""

    place: Any  # the number of the argument; or the tensor that has it
    of_gradient: bool  # it is that tensor's ``.grad`` which has it
    array: Any
    edge: Any  # of the tensor, as :func:`edge_of` has it
    written: bool

    @property
    def moves(self) -> bool:
        """Whether it is another array each time."""
        of_call = type(self.place) is int or self.of_gradient
        return of_call or not isinstance(self.array, np.ndarray)


def edge_of(tensor: Any) -> Any:
    """None, Leaf of a leaf without hooks, else the edge with its hooks."""
    edge = tensor._edge
    if type(edge) is not Leaf:
        return edge
    hooks = [*(edge.hooks or {}).values()], [*(edge.after or {}).values()]
    return (edge, *hooks) if any(hooks) else Leaf


class Guard:
    """Writes the guard of a call with the arguments ``leaves``, of the form ``spec``.

    :param tensors: which of the leaves are tensors that may be others next time.
    :param inputs: the arrays that the program is given, in turn.
    :param gradients: places of tensors, and whether they must have a gradient.
    :param others: further looks; each says what has changed, or "".
    :param watch: a last look, which is given the arguments' tensors.
    :param held: the ids of arrays whose memory the program reads as a constant.
    """

    def __init__(
        self,
        spec: Any,
        leaves: list[Any],
        tensors: set[int],
        inputs: list[Input],
        gradients: list[tuple[Any, bool]],
        others: list[Callable[[], str]],
        watch: Callable[[Any], str],
        held: Iterable[int] = (),
    ) -> None:
        self._leaves, self._tensors, self._inputs = leaves, tensors, inputs
        self._gradients, self._others, self._watch = gradients, others, watch
        self._held = held
        self._scope: dict[str, Any] = {"mode": mode, "owner_of": owner_of, "Leaf": Leaf}
        self._names = [f"x{i + 1}" for i in range(len(leaves))]
        self._unpacked = 0
        lines = [*self._lines(spec)]
        self.source = "\n    ".join(["def given(args, options):", *lines])
        exec(compile(self.source, "<guard>", "exec"), self._scope)  # noqa: S102 - our own
        self.given: Callable[[Any, Any], Any] = self._scope["given"]

    def _lines(self, spec: Any) -> Iterator[str]:
        self._next = iter(self._names)
        args, options = spec.children
        told = 'return "other arguments"'
        keys = [*options.fixed[0]]
        asked = f"[*options] != {keys!r}" if keys else "options"
        yield f"if {asked} or len(args) != {len(args.children)}: {told}"
        for name, child in (("args", args), ("options.values()", options)):
            yield from self._taken_apart(name, child.children, told)
        yield from self._if(self._of_leaves(), "another argument")
        yield from self._if(self._of_modes(), "another mode")
        yield from self._if(self._of_gradients(), "a gradient is there that was not, or is gone")
        arrays = []
        for i, one in enumerate(self._inputs):
            name = f"a{i + 1}"
            arrays.append(name if one.moves else self._constant(one.array, "held"))
        yield from self._of_arrays(arrays)
        yield from self._of_memory(arrays)
        for look in self._others:
            name = self._constant(look, "changed")
            yield f"if why := {name}(): return why"
        given = "".join([f"{self._names[i]}, " for i in sorted(self._tensors)])
        yield f"if why := {self._constant(self._watch, 'watch')}(({given})): return why"
        yield f"return ({''.join([one + ', ' for one in arrays])})"

    @staticmethod
    def _if(conditions: Iterator[str], why: str) -> Iterator[str]:
        if found := [*conditions]:
            yield f"if {' or '.join(found)}: return {why!r}"

    def _constant(self, value: Any, name: str) -> str:
        number = 1
        while self._scope.get(f"{name}{number}", value) is not value:
            number += 1
        self._scope[f"{name}{number}"] = value
        return f"{name}{number}"

    # -- arguments -------------------------------------------------------------------------------

    def _taken_apart(self, tree: str, children: Any, told: str) -> Iterator[str]:
        """Lines that give the leaves of a tree their names."""
        if not children:
            return
        names, deeper = [], list[str]()
        for child in children:  # from left to right, as their leaves are
            if child.container is None:
                names.append(next(self._next))
                continue
            self._unpacked += 1
            names.append(name := f"t{self._unpacked}")
            kind, fixed = self._constant(child.container, "kind"), self._constant(child.fixed, "of")
            asked, inside = f"len({name}) != {len(child.children)}", name
            if child.fixed is not None:
                parts = self._constant(trees.parts, "parts")
                asked = f"{parts}({kind}, {name})[1] != {fixed}"
                inside = f"{parts}({kind}, {name})[0]"
            deeper.append(f"if type({name}) is not {kind} or {asked}: {told}")
            deeper += self._taken_apart(inside, child.children, told)
        yield f"{', '.join(names)}, = {tree}"
        yield from deeper

    def _of_leaves(self) -> Iterator[str]:
        for i, (name, leaf) in enumerate(zip(self._names, self._leaves)):
            if i in self._tensors:
                yield f"type({name}) is not {self._constant(type(leaf), type(leaf).__name__)}"
            elif leaf is None or type(leaf) is bool:
                yield f"{name} is not {leaf}"
            elif type(leaf) in _PLAIN:
                value, equal = self._constant(leaf, "c"), self._constant(same, "same")
                yield f"{name} is not {value} and not {equal}({name}, {value})"
            else:
                yield f"{name} is not {self._constant(leaf, 'c')}"

    @staticmethod
    def around() -> Any:
        """The modes that a step depends on."""
        return mode.grad, mode.inference, dtypes.get_default_dtype(), errors()

    def _of_modes(self) -> Iterator[str]:
        yield f"mode.grad is not {mode.grad} or mode.inference is not {mode.inference}"
        dtype = self._constant(dtypes.get_default_dtype, "default_dtype")
        yield f"{dtype}() is not {self._constant(dtypes.get_default_dtype(), 'dtype')}"
        yield f"{self._constant(errors, 'errors')}() is not {self._constant(errors(), 'e')}"

    # -- tensors ---------------------------------------------------------------------------------

    def _tensor(self, place: Any) -> str:
        return self._names[place] if type(place) is int else self._constant(place, "p")

    def _of_gradients(self) -> Iterator[str]:
        for place, there in self._gradients:
            yield f"{self._tensor(place)}._grad is {'None' if there else 'not None'}"

    def _of_arrays(self, arrays: list[str]) -> Iterator[str]:
        for one, array in zip(self._inputs, arrays):
            tensor = self._tensor(one.place)
            if one.edge is ARRAY:  # the argument itself
                yield f"{array} = {tensor}"
                if type(one.array) in _NUMBERS:
                    continue
                asked = [*self._facts(array, one.array)][1:]  # its class was looked at
                if one.written:
                    asked.append(f"not {array}.flags.writeable")
                yield f"if {' or '.join(asked)}: return {OTHER_FORM!r}"
                continue
            if one.of_gradient:
                tensor += "._grad"
            if array in self._scope:
                asked = [f"{tensor}._data is not {array}"]
            else:
                yield f"{array} = {tensor}._data"
                asked = [*self._facts(array, one.array)]
            why = LOST if array in self._scope else OTHER_FORM
            yield f"if {' or '.join(asked)}: return {why!r}"
            yield f"if {self._edge(tensor, one.edge)}: return 'requires_grad or hooks differ'"

    def _facts(self, name: str, array: Any) -> Iterator[str]:
        kind = self._constant(type(array), "kind")
        yield f"type({name}) is not {kind}"
        yield f"{name}.shape != {array.shape}"
        yield f"{name}.dtype != {self._constant(array.dtype, 'dtype')}"
        if isinstance(array, np.ndarray) and array.ndim:
            yield f"{name}.strides != {array.strides}"

    def _edge(self, tensor: str, edge: Any) -> str:
        if edge is None:
            return f"{tensor}._edge is not None"
        if edge is Leaf:
            return f"type(e := {tensor}._edge) is not Leaf or e.hooks or e.after"
        held, look = self._constant(edge, "edge"), self._constant(edge_of, "edge_of")
        if type(edge) is tuple and type(edge[0]) is Leaf:
            return f"{look}({tensor}) != {held}"
        return f"{tensor}._edge is not {held}"

    def _of_memory(self, arrays: list[str]) -> Iterator[str]:
        """What is written to is nobody else's memory."""
        pairs = [*zip(self._inputs, arrays)]
        moving = [
            (x, name) for x, name in pairs if name[0] == "a" and type(x.array) not in _NUMBERS
        ]
        if not moving:
            return
        fixed = [one for one, name in zip(self._inputs, arrays) if name[0] != "a"]
        written = any([one.written for one, _ in moving])
        others = {id(owner_of(one.array)) for one in fixed if written or one.written}
        others |= {*self._held} if written else set()
        owners = [f"id({n} if {n}.base is None else owner_of({n}))" for _, n in moving]
        told = "return 'arguments share memory with what is written to'"
        if others:
            known = self._constant(frozenset(others), "owners")
            yield f"if not {known}.isdisjoint(({', '.join(owners)},)): {told}"
        if written and len(owners) > 1:
            yield f"if len({{{', '.join(owners)}}}) != {len(owners)}: {told}"
