"""What a run computed, op by op: values, their gradients, and where in the program that was.

A recording is a list of entries in the order of the program: an entry for each tensor that an op
was given from outside the graph (data, parameters), and one for each of its results. A file holds
the arrays, and the facts about them as JSON; docs/record_torch.py writes the same of a PyTorch
program.
"""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine import lines
from autograd.engine.graph import Leaf, Node, TensorBase, node_of
from autograd.engine.hooks import hooks_of
from autograd.engine.names import torch_name
from autograd.engine.observer import Observer, observe
from autograd.random.generator import default_generator

__all__ = ["record_run"]


class Entry:
    """One array of a run, and the gradient that reached it."""

    def __init__(self, **facts: Any) -> None:
        self.key: str = facts["key"]  # what the other run calls it, too: PyTorch's name of the node
        self.said: str = facts["said"]  # what a report calls it
        self.place: str = facts["place"]
        self.module: str = facts["module"]
        self.leaf: bool = facts["leaf"]  # from outside the graph, and requires grad
        self.inputs: tuple[int, ...] = tuple(facts["inputs"])  # the entries that it was made of
        self.born: int = facts["born"]
        self.swept: int = facts.get("swept", -1)  # when its gradient was there; -1: there is none
        self.value: Any = facts.get("value")
        self.grad: Any = facts.get("grad")

    @property
    def outside(self) -> bool:
        """Whether it was given to an op from outside the graph, and is no result."""
        return self.key.startswith("input ")

    def facts(self) -> dict[str, Any]:
        """All but the arrays."""
        return {name: value for name, value in vars(self).items() if name not in ("value", "grad")}


class Recording:
    """The entries of a run."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries

    def __repr__(self) -> str:
        return f"<recording of {len(self.entries)} arrays>"

    def save(self, file: str | os.PathLike[str]) -> None:
        """Write an .npz file, which :func:`compare` reads."""
        arrays = {}
        for i, entry in enumerate(self.entries):
            arrays[f"value{i}"] = _native(entry.value)
            if entry.grad is not None:
                arrays[f"grad{i}"] = _native(entry.grad)
        facts = json.dumps([entry.facts() for entry in self.entries])
        with open(file, "wb") as target:  # np.savez adds an ending to a name
            np.savez(target, facts=np.array(facts), **arrays)


def _native(array: Any) -> Any:
    return array.astype(np.float32) if dtypes.brain(array.dtype) else array


def read(file: str | os.PathLike[str]) -> Recording:
    """The recording in a file; ValueError where it is none."""
    try:
        with np.load(file, allow_pickle=False) as held:
            entries = [Entry(**facts) for facts in json.loads(str(held["facts"]))]
            for i, entry in enumerate(entries):
                entry.value = held[f"value{i}"]
                entry.grad = held[f"grad{i}"] if f"grad{i}" in held else None
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(
            f"compare: a file must be a recording; {os.fspath(file)} is not ({error}). Write it by "
            "record_run(run).save(file), or of a PyTorch program by docs/record_torch.py."
        ) from None
    return Recording(entries)


def record_run(run: Callable[[], Any]) -> Recording:
    """What ``run()`` computes, op by op, and the gradients of its backward passes.

    Everything is copied, so a recording takes the memory of all results. ``save(file)`` keeps it
    for :func:`compare`, for instance from before a change of the program to after it.

    :param run: a function without arguments: one step of a training loop, on a model of its own.

    >>> import autograd
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> autograd.record_run(lambda: (w * w).sum().backward())
    <recording of 3 arrays>
    """
    if not callable(run):
        raise TypeError(
            f"record_run: expected a function to run; got {type(run).__name__}. Pass it uncalled."
        )
    recorder = _Recorder()
    try:
        with observe(recorder):
            run()
    finally:
        recorder.end()
    return Recording(recorder.entries)


def from_same_stream(runs: list[Callable[[], Recording]]) -> list[Recording]:
    """The recordings of runs that all draw the same random numbers."""
    state = default_generator.get_state()
    found = []
    for run in runs:
        default_generator.set_state(state)
        found.append(run())
    return found


class _Recorder(Observer):
    """Notes the calls of ops that the program makes, not those that ops make themselves."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.time = 0
        self._depth = 0
        self._args: tuple[Any, ...] = ()
        self._mark = 0  # where the entries of this call begin
        self._modules: list[Any] = []
        self._paths: dict[int, str] = {}
        self._of_nodes: Any = weakref.WeakKeyDictionary()  # entries by node, then by output
        self._of_tensors: dict[int, tuple[Any, int]] = {}  # of those from outside the graph
        self._hooks: list[tuple[Any, int]] = []

    # -- what is told --------------------------------------------------------------------------

    def module_entered(self, module: Any) -> None:
        if not self._modules and hasattr(module, "named_modules"):
            self._paths = {id(one): path for path, one in module.named_modules()}
        self._modules.append(module)

    def module_left(self, module: Any) -> None:
        self._modules.pop()

    def call_begins(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._depth += 1
        if self._depth == 1:
            self._mark = len(self.entries)
            self._args = tuple([self._input(op, i, one) for i, one in enumerate(args)])

    def call_ends(self, op: Any, result: Any, error: BaseException | None, recorded: bool) -> None:
        self._depth -= 1
        if self._depth or error is not None:
            return
        inputs = tuple([one for one in self._args if one is not None])
        made = False
        for one in result if isinstance(result, tuple) else (result,):
            if not isinstance(one, TensorBase) or not one._whole or not _kept(one):
                continue
            edge = one._edge
            in_graph = recorded and edge is not None and isinstance(node_of(edge), Node)
            key = torch_name(node_of(edge)) if in_graph else op.__name__.lower()
            index = self._enter(_short(key), op.__name__, one, inputs)
            made = True
            if in_graph:
                output = edge[1] if type(edge) is tuple else 0
                self._of_nodes.setdefault(node_of(edge), {})[output] = index
            else:
                self._of_tensors[id(one)] = (weakref.ref(one), index)
        if not made:  # counting, comparing: what went in is of no interest either
            del self.entries[self._mark :]
            self._of_tensors = {
                key: known for key, known in self._of_tensors.items() if known[1] < self._mark
            }

    def formula_runs(self, node: Any, g: Any) -> None:
        known = self._of_nodes.get(node, {})
        for i, one in enumerate(g if node.outputs > 1 else (g,)):
            if i in known and one is not None:
                self._gradient(known[i], one)

    # -- entries -------------------------------------------------------------------------------

    def _enter(self, key: str, said: str, tensor: Any, inputs: tuple[int, ...]) -> int:
        path = self._paths.get(id(self._modules[-1])) if self._modules else ""
        module = (path or type(self._modules[-1]).__name__) if self._modules else ""
        self.time += 1
        self.entries.append(
            Entry(key=key, said=said, place=str(lines.here() or ""), module=module, inputs=inputs,
                  leaf=type(tensor._edge) is Leaf, born=self.time, value=np.array(tensor._data))
        )  # fmt: skip
        return len(self.entries) - 1

    def _input(self, op: Any, i: int, tensor: Any) -> int | None:
        """The entry of an argument: of a result, or made now for what comes from outside."""
        if not isinstance(tensor, TensorBase) or not tensor._whole:
            return None
        edge = tensor._edge
        if edge is not None and type(edge) is not Leaf:
            node = node_of(edge)
            output = edge[1] if type(edge) is tuple else 0
            if output in self._of_nodes.get(node, {}):
                return int(self._of_nodes[node][output])
        reference, index = self._of_tensors.get(id(tensor), (None, None))
        if reference is not None and reference() is tensor:
            return index
        names = getattr(op, "inputs", ()) or ()
        said = f"input {names[i] if i < len(names) else i} of {op.__name__}"
        index = self._enter(f"input {i}", said, tensor, ())
        self._of_tensors[id(tensor)] = (weakref.ref(tensor), index)
        if type(edge) is Leaf:
            hooks, key = hooks_of(edge), -1 - index
            hooks[key] = lambda g: self._gradient(index, g)
            self._hooks.append((hooks, key))
        return index

    def _gradient(self, index: int, g: Any) -> None:
        if index >= len(self.entries):
            return
        entry = self.entries[index]
        if entry.grad is None:  # of several passes the first: others show in values
            self.time += 1
            entry.grad, entry.swept = np.array(getattr(g, "_data", g)), self.time

    def end(self) -> None:
        """Take the hooks out."""
        for hooks, key in self._hooks:
            hooks.pop(key, None)


def _short(name: str) -> str:
    """A node's name without what is the same in all: ``Addmm`` of ``AddmmBackward0``."""
    return name.rstrip("0123456789").removesuffix("Backward")


def _kept(tensor: Any) -> bool:
    return dtypes.differentiable(tensor._data.dtype)
