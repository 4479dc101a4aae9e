"""A step that was recorded once, and what must be as it was for its program to stand for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.compiler.arguments import StandIns
from autograd.compiler.backends import BACKENDS
from autograd.compiler.failures import in_own_words
from autograd.compiler.guard import ARRAY, Guard, Input, edge_of
from autograd.compiler.modules import Modules
from autograd.compiler.reach import reach
from autograd.compiler.replaying.replay import Changed
from autograd.compiler.rules import Rule
from autograd.compiler.tapes.order import streams, tells
from autograd.compiler.tapes.reads import Read, Reads, numbers_in
from autograd.compiler.tapes.recorder import Recorded, Refusal
from autograd.compiler.tapes.recording import Recording, settled
from autograd.compiler.tapes.release import release
from autograd.compiler.watching.purity import Watch, by_class, by_identity, may_raise
from autograd.engine import versions, watches
from autograd.engine.graph import Freed, Leaf, Node, TensorBase, node_of, wrap


class Captured:
    """A call of ``function``, recorded: ``result`` is what it gave.

    Where ``refusals`` is empty, the call can be done again on other tensors of the same kinds:
    :meth:`given` looks whether a call is of that kind (guard.py), and gives the arrays that
    :meth:`run` takes. Tensors from outside (parameters, buffers) are read and written where they
    are; results, and ``.grad`` where the step has set it, are fresh tensors. What the function does
    in Python alone is not done again: :class:`Watch` refuses what would be missed, and compares the
    state that was read.

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

    backend = "replay"  # which of the backends makes the program
    inputs: list[Input]  # what it is given
    _results: list[tuple[str, Any]]  # of what kind each is, and what belongs to that

    def __init__(self, function: Callable[..., Any], /, *args: Any, **options: Any) -> None:
        self._record(function, args, options)

    @classmethod
    def by(
        cls,
        backend: str,
        function: Callable[..., Any],
        args: Any,
        options: Any,
        fixed: Iterable[int] = (),
    ) -> Captured:
        """The call ``function(*args, **options)``, whose program a certain backend makes.

        ``fixed`` are the numbers among the arguments that it is given the same each time.
        """
        made = cls.__new__(cls)
        made.backend = backend
        made._record(function, args, options, fixed)
        return made

    def _record(
        self, function: Callable[..., Any], args: Any, options: Any, fixed: Iterable[int] = ()
    ) -> None:
        leaves, spec = trees.flatten((args, options))
        near = reach(function)
        as_given = by_identity([function, *near], args, options)
        recording = Recording()
        tape = None if by_class(function) else recording.tape
        stand_ins = StandIns(leaves, near, as_given, tape, fixed)
        if stand_ins.arrays or not as_given:
            args, options = stand_ins.in_place_of((args, options), spec)
        watch = Watch(function, args, options, leaves, as_given)
        self._numbers = stand_ins.numbers
        around = Guard.around()
        try:
            with recording, watch:
                reads = recording.tape.reads = Reads(function, sys._getframe().f_code)
                result = function(*args, **options)
                numbers = numbers_in(result)
        except BaseException:
            stand_ins.hand_over()
            if recording.tape.of_arrays:
                recording.tape.forget()
                release(recording.tape)
            raise
        stand_ins.hand_over()
        del args, options
        if sys.version_info < (3, 11):  # who is watched has a dict of old ones there
            sys._getframe().f_locals  # noqa: B018
        self.result = stand_ins.given_back(result)
        marked = reads.marked(result, watch.catches)
        if numbers:
            marked = trees.map_leaves(lambda one: numbers.get(id(one), one), marked)
        self.asked = recording.tape.asked  # numbers among the arguments that decide something
        self.refusals = [*recording.tape.refusals, *reads.refusals]
        watch.look_at_result(self.result)
        watch.leave_out(recording.outside)
        self.refusals += watch.refusals
        arrays = any([isinstance(one, (np.ndarray, np.generic)) for one in leaves])
        if arrays and (tape is None or watch.classes):
            self._refuse("the step asks for the class of a value, by type")
        if Guard.around() != around:
            self._refuse("the step leaves another mode behind")
        if watch.catches and (fallible := may_raise(recording.tape)):
            self._refuse(f"an exception may be caught in the step, of {fallible}")
        results, self._form = trees.flatten(marked)
        self._look_at_arguments(stand_ins, recording, results)
        asked = [(t, g) for t, g in recording.gradients.values() if id(t) not in recording.replaced]
        gradients = [(self._place(tensor), g is not None) for tensor, g in asked]
        given = self._bind(recording, stand_ins.arrays)
        self._own_arrays = watch.reach.arrays.keys()
        wanted = self._note_results(recording, results)
        self._note_changes(recording)
        self._made: Any = None
        self._program: Any = None
        self.guard, self.calls = "", len(recording.tape.calls)
        if not self.refusals:
            self._write(recording, given, wanted)
        if not self.refusals:
            others = self._others([*leaves, *near], recording)
            tensors = {*self._numbers.values()}
            held = [id(versions.owner_of(one)) for one in recording.tape.constants]
            guard = Guard(
                spec, leaves, tensors, self.inputs, gradients, others, watch.changed, held
            )
            self.given, self.guard = guard.given, guard.source
        self.inputs = [one._replace(array=None) if one.moves else one for one in self.inputs]
        del marked, results, given, wanted, result
        recording.tape.forget()
        if self.refusals and recording.tape.of_arrays:
            stand_ins.arrays.clear()
            stand_ins.leaves.clear()
            release(recording.tape)

    def _note_results(self, recording: Recording, results: list[Any]) -> list[Any]:
        """What each result is, and each gradient that the step sets; those that are computed."""
        asked = recording.gradients.values()
        changed = [
            (t, t._grad) for t, g in asked if t._grad is not g or id(t) in recording.replaced
        ]  # whatever it was
        new = [one for one in results if isinstance(one, _NEW) and not self._known(one)]
        set_ = {id(g): self._place(t) for t, g in changed if g is not None}
        new = [one for one in new if id(one) not in recording.outside and id(one) not in set_]
        self._returned = [(i, set_[id(g)]) for i, g in enumerate(results) if id(g) in set_]
        self._look_for_others(recording, [*new, *[g for _, g in changed]])
        first: dict[int, int] = {}  # the place of a tensor among the results
        self._results: list[tuple[str, Any]] = [
            ("fact", None)
            if id(one) in set_
            else ("again", first[id(one)])
            if first.setdefault(id(one), i) < i and isinstance(one, _AGAIN)
            else self._as_result(one, recording)
            for i, one in enumerate(results)
        ]
        self._changed = [(self._place(t), g if g is None else type(g)) for t, g in changed]
        fresh = [g for _, g in changed if g is not None]
        self._read = [(i, one.take) for i, one in enumerate(results) if type(one) is Read]
        wanted = [*{id(one): one for one in new}.values(), *fresh]
        return wanted + [one for one in results if type(one) is Read]

    def _note_changes(self, recording: Recording) -> None:
        """What besides is other after the step: gradients that go, streams, numbers, tensors."""
        asked = [*recording.gradients.values()]
        inputs = recording.outside.keys()
        old = [(t, g) for t, g in asked if t._grad is not g and id(g) not in inputs]
        if any([g is not None and t._grad is g for t, g in asked if id(t) in recording.replaced]):
            self._refuse("a gradient was set to what it was")
        places = [value for kind, value in self._results if kind == "outside"]
        places += [place for place, _ in self._changed] + self._leaves
        self._by_place = any([type(place) is int for place in places])
        self._forgotten = [t for t, _ in old if not self._known(t)]
        self.streams = streams(recording.tape.calls)
        self.tellers = [
            (call.function, [*call.args[0]]) for call in recording.tape.calls if tells(call)
        ]
        replaced = {id(g) for _, g in asked}  # and need not be held
        touched = [*recording.outside.values(), *asked]
        self._touched = [self._place(t) for t, _ in touched if id(t) not in replaced]

    def _write(self, recording: Recording, given: dict[str, Any], wanted: list[Any]) -> None:
        """Make the program, or say why there is none."""
        held = [
            one if isinstance(one, Recorded)
            else one.recorder if type(one) is Read
            else recording.held_by(one)
            for one in wanted
        ]  # fmt: skip
        forget = self.forget_gradients if self._forgotten else None
        try:
            fixed = {name for name, one in zip(given, self.inputs) if not one.moves}
            made = BACKENDS[self.backend](recording.tape, given, held, forget, fixed)
        except LookupError as error:
            return self._refuse(str(error))
        for name in made.late:
            self._refuse(f"a value is looked at after a change, by {name}")
        recorders = [*given.values()]
        owners = [id(versions.owner_of(one)) for one in recorders]
        written = [owner in made.written for owner in owners]
        self.inputs = [one._replace(written=w) for one, w in zip(self.inputs, written)]
        for w, owner in zip(written, owners):
            others = [i for i, other in enumerate(owners) if other == owner]
            shared = len(others) > 1 and any([self.inputs[i].moves for i in others])
            if shared and (w or len({id(recorders[i]) for i in others}) < len(others)):
                self._refuse("arguments share memory with each other, or with what is outside")
                break
        arrays = [one.array for one in self.inputs if one.written and not one.moves]
        self._notes = [versions.note_of(one) for one in arrays]
        self._moving = [i for i, one in enumerate(self.inputs) if one.written and one.moves]
        self._made = made
        self._program = np.errstate(all="ignore")(made) if recording.tape.quiet else made

    def _refuse(self, reason: str) -> None:
        self.refusals.append(Refusal(reason, None))

    def _known(self, tensor: Any) -> bool:
        return id(tensor) in self._numbers

    def _place(self, tensor: Any) -> Any:
        """Which of the arguments a tensor is; else the tensor."""
        return self._numbers.get(id(tensor), tensor)

    # -- what it is given ------------------------------------------------------------------------

    def _bind(self, recording: Recording, arrays: dict[int, Any]) -> dict[str, Any]:
        """Where each array comes from: an argument, a tensor's gradient, a tensor outside."""
        owner_of = {id(g): self._place(tensor) for tensor, g in recording.gradients.values()}
        self.inputs = []
        self._leaves: list[int] = []  # arguments that require grad since
        given: dict[str, Any] = {f"x{n}": one for n, one in enumerate(arrays.values(), 1)}
        self.inputs += [Input(i, False, settled(one), ARRAY, False) for i, one in arrays.items()]
        for tensor, recorder in recording.outside.values():
            place, array = self._place(tensor), recorder.inside
            of_gradient = type(place) is not int and id(tensor) in owner_of
            letter = "x" if type(place) is int else "g" if of_gradient else "p"
            given[f"{letter}{len(given) + 1}"] = recorder
            where = owner_of[id(tensor)] if of_gradient else place
            before = recording.edges.get(id(tensor), tensor._edge)
            edge = None if before is None else edge_of(tensor)
            self.inputs.append(Input(where, of_gradient, array, edge, False))
            if tensor._data is not array:
                self._refuse("a tensor from outside was given other memory")
            if type(place) is int and before is None and type(tensor._edge) is Leaf:
                self._leaves.append(place)
            elif type(before) is not type(tensor._edge) or (
                type(before) is not Leaf and before is not tensor._edge
            ):
                self._refuse("whether a tensor requires grad is changed in the step")
        return given

    def _look_at_arguments(
        self, stand_ins: StandIns, recording: Recording, results: list[Any]
    ) -> None:
        returned = {id(one): one for one in results}
        if stand_ins.kept(recording.outside, recording.gradients, *[returned] * 3):
            self._refuse("an argument is kept from the step")
        if not recording.outside and not recording.tape.calls:
            self._refuse("there are no tensors in it, and no arrays")
        if not {*np.geterr().values()} <= {"warn", "ignore"}:
            self._refuse("NumPy is told to raise")

    def _others(self, near: list[Any], recording: Recording) -> list[Any]:
        """What else must be as it was: modules and optimisers."""
        kinds = tuple(watches.module_kinds)
        roots = [*recording.modules.values(), *[one for one in near if isinstance(one, kinds)]]
        touched = {**recording.outside, **recording.gradients}
        numbers = recording.tape.read_anew
        rules = self._rules = [
            Rule(one, numbers, id(one) in recording.optimizers)
            for one in [*watches.optimizers]
            if id(one) in recording.optimizers
            or any([id(p) in touched for group in one.param_groups for p in group["params"]])
        ]
        modules = [Modules(roots, touched)] if roots else []
        return [*[one.changed for one in modules], *[one.changed for one in rules]]

    # -- what it gives ---------------------------------------------------------------------------

    def _as_result(self, one: Any, recording: Recording) -> tuple[str, Any]:
        if type(one) is Read:
            return "read", None
        if isinstance(one, Recorded):
            known = self._known(one)
            return ("outside", self._place(one)) if known else ("array", None)
        if type(one) is np.ndarray and recording.tape.of_arrays:
            return ("fact" if id(one) in self._own_arrays else "copy"), one
        if not isinstance(one, TensorBase):
            if not isinstance(one, (int, float, str, type(None), np.generic)):
                self._refuse(f"the step returns a {type(one).__name__}")
            return "fact", one
        if id(one) in recording.outside or self._known(one):
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
        bases = {id(one._kin) for one in known if isinstance(one, TensorBase)}
        while recording.made:
            tensor = recording.made.pop()
            only_looked_at = id(tensor) in bases and sys.getrefcount(tensor) == 3  # by its view
            if id(tensor) not in ids and not only_looked_at:
                self._refuse(f"a tensor of shape {tuple(tensor.shape)} is kept from the step")

    def forget_gradients(self) -> None:
        """Let go of gradients that the step replaces, before their memory is needed again."""
        for tensor in self._forgotten:
            tensor._grad = None

    # -- what it changes -------------------------------------------------------------------------

    def tensors(self, leaves: list[Any]) -> list[Any]:
        """The tensors that a call reads or changes, with the arguments ``leaves``."""
        return [_at(place, leaves) for place in self._touched]

    @property
    def holders(self) -> list[dict[str, Any]]:
        """The dicts that numbers of the step are read from, and written to."""
        return [one for rule in self._rules for one in (*rule.groups, *rule.entries)]

    @property
    def memory(self) -> int:
        """How many bytes of buffers the program keeps, as far as that is known."""
        return int(getattr(getattr(self._made, "memory", None), "nbytes", 0))

    @property
    def source(self) -> str:
        """The program, as a Python function; empty where there is none."""
        return getattr(self._made, "source", "")

    @property
    def plan(self) -> Any:
        """The plan behind machine code; None where NumPy's calls are replayed."""
        return None if self.why else getattr(self._made, "plan", None)

    @property
    def why(self) -> str:
        """Why it is replayed by NumPy's calls where machine code was wanted."""
        return getattr(self._made, "why", "")

    # -- again -----------------------------------------------------------------------------------

    def misfit(self, *args: Any, **options: Any) -> str:
        """Why the program does not stand for this call; empty where it does."""
        found = self.given(args, options)
        return found if type(found) is str else ""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """The step, by its program. Raises Changed before anything has changed."""
        arrays = self.given(args, options)
        if type(arrays) is str:
            raise Changed(arrays)
        return self.run(arrays, args, options)

    def _done(self, arrays: tuple[Any, ...]) -> Any:
        """What the program gives; streams are as before where it raises Changed."""
        states = [(stream, stream.get_state()) for stream in self._made.drawn]
        try:
            return self._program(*arrays)
        except Changed:
            for stream, state in states:
                stream.set_state(state)
            raise
        except np.linalg.LinAlgError as error:
            raise in_own_words(error) from None

    def run(self, arrays: tuple[Any, ...], args: Any, options: Any) -> Any:
        """The step, by its program, of the arrays that :meth:`given` has found."""
        found = iter(self._done(arrays))
        leaves = trees.flatten((args, options))[0] if self._by_place else []
        for place in self._leaves:
            leaves[place]._edge = Leaf(leaves[place])
        made: list[Any] = []
        for kind, value in self._results:
            if kind == "new":
                like, edge = value
                made.append(wrap(next(found), edge, like))
            elif kind == "array":
                made.append(next(found)[()])
            elif kind == "copy":
                made.append(np.copy(value, order="K"))
            elif kind == "again":
                made.append(made[value])
            else:
                made.append(_at(value, leaves) if kind == "outside" else value)
        for place, like in self._changed:
            _at(place, leaves)._grad = None if like is None else wrap(next(found), None, like)
        for i, take in self._read:
            made[i] = take(next(found))
        for i, place in self._returned:
            made[i] = _at(place, leaves)._grad
        notes = self._notes
        if self._moving:
            moved = [arrays[i] for i in self._moving]
            notes = notes + [versions.note_of(one) for one in moved if type(one) is np.ndarray]
        if notes:
            versions.note_all(notes)
        for rule in self._rules:  # a schedule asks for it
            if rule.optimizer._stepped is False:
                rule.optimizer._stepped = True
        return made[0] if self._form is trees.LEAF else trees.unflatten(made, self._form)


_NEW = (TensorBase, Recorded)  # results that a program computes
_AGAIN = (TensorBase, Recorded, np.ndarray)  # and what may be among them twice


def _at(place: Any, leaves: list[Any]) -> Any:
    """The tensor at a place: an argument, or itself."""
    return leaves[place] if type(place) is int else place
