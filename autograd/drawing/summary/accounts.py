"""What each module of a model holds and does in a run: parameters, shapes, work, kept memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from autograd.diagnosis.explain.layout import shape_text
from autograd.diagnosis.modules import InModules
from autograd.diagnosis.walks import ops_behind
from autograd.drawing.summary.work import multiply_adds
from autograd.drawing.watching.kept import arrays_kept, held_in
from autograd.engine import versions
from autograd.engine.graph import TensorBase


@dataclass
class Row:
    """A module. Numbers are of its own, and become those of all that is in it by ``sum_up``."""

    path: str  # "encoder.0"; of the outermost one empty
    kind: str  # its class
    depth: int
    calls: int = 0
    outputs: list[str] = field(default_factory=list)  # the shapes that it has returned
    parameters: int = 0  # elements; shared ones are counted where they come first
    frozen: int = 0  # those that do not require grad
    bytes: int = 0  # of parameters
    buffers: int = 0  # bytes of buffers
    multiply_adds: int = 0
    kept: int = 0  # bytes of activations kept for the backward pass
    used: bool = False  # without a call: others use its parameters
    children: list[Row] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


SUMS = ("parameters", "frozen", "bytes", "buffers", "multiply_adds", "kept")


class Accounts(InModules):
    """An observer of one run of ``model``; afterwards its ``rows`` are filled in."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.rows: dict[int, Row] = {}  # by the module's id, as named_modules has them
        self.shared: list[tuple[str, str]] = []  # the name of a parameter, and its first one
        self._open: list[Row] = []
        self._births: dict[int, Row] = {}  # by the age of a node
        self._calls: list[list[Any]] = []  # that are under way: op, arguments, options, work inside
        self._given: set[int] = set()  # the ids of tensors that ops were given
        by_path: dict[str, Row] = {}
        for path, module in model.named_modules():
            row = Row(path, type(module).__name__, 0)
            self.rows[id(module)] = by_path[path] = row
            if path:
                above = _above(path, by_path)
                row.depth = above.depth + 1
                above.children.append(row)
        self.top = by_path[""]
        self._hold(model)

    def _hold(self, model: Any) -> None:
        """Count the tensors that modules hold."""
        first: dict[int, str] = {}
        for path, module in model.named_modules():
            row = self.rows[id(module)]
            for name, tensor in module.named_parameters(recurse=False, remove_duplicate=False):
                full = f"{path}.{name}".lstrip(".")
                if id(tensor) in first:
                    self.shared.append((full, first[id(tensor)]))
                    continue
                first[id(tensor)] = full
                row.parameters += tensor._data.size
                row.frozen += 0 if tensor.requires_grad else tensor._data.size
                row.bytes += tensor._data.nbytes
            row.buffers = sum([one._data.nbytes for _, one in module.named_buffers(recurse=False)])

    # -- what is told ------------------------------------------------------------------------------

    def module_entered(self, module: Any) -> None:
        super().module_entered(module)
        row = self.rows.get(id(module))
        if row is not None:
            row.calls += 1
        self._open.append(row or self._here)

    def module_returned(self, module: Any, result: Any) -> None:
        row = self.rows.get(id(module))
        if row is not None:
            row.outputs.append(_shapes(result))

    def module_left(self, module: Any) -> None:
        super().module_left(module)
        self._open.pop()

    @property
    def _here(self) -> Row:
        """The module that runs; one that the model does not hold counts for what called it."""
        return self._open[-1] if self._open else self.top

    def call_begins(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._calls.append([op, args, options, 0])
        self._given.update(map(id, args))

    def call_ends(self, op: Any, result: Any, error: BaseException | None, recorded: bool) -> None:
        op, args, options, inside = self._calls.pop()
        if error is not None:
            return
        work = multiply_adds(op, args, options, result)
        work = inside if work is None else work
        if self._calls:
            self._calls[-1][-1] += work
        else:
            self._here.multiply_adds += work

    def node_born(self, node: Any) -> None:
        self._births[node.age] = self._here

    # -- afterwards --------------------------------------------------------------------------------

    def settle(self, model: Any, inputs: Any, output: Any) -> None:
        """Count what the graph of ``output`` keeps, and see whose parameters were used."""
        held = (*model.parameters(), *model.buffers(), *held_in(inputs))
        seen = {id(versions.owner_of(getattr(one, "_data", one))) for one in held}
        for module in model.modules():
            own = module.parameters(recurse=False)
            self.rows[id(module)].used = any([id(one) in self._given for one in own])
        for node in ops_behind([one._edge for one in _tensors(output)]):
            row = self._births.get(node.age, self.top)
            for array in arrays_kept(node):
                owner = versions.owner_of(array)
                if id(owner) not in seen:
                    seen.add(id(owner))
                    row.kept += owner.nbytes

    def sum_up(self) -> Row:
        """Make the numbers of each module those of all that is in it; the outermost one."""
        for row in reversed(list(self.rows.values())):
            for name in SUMS:
                inside = sum([getattr(child, name) for child in row.children])
                setattr(row, name, getattr(row, name) + inside)
        return self.top


def _above(path: str, known: dict[str, Row]) -> Row:
    """The module around."""
    path = path.rpartition(".")[0]
    while path not in known:
        path = path.rpartition(".")[0]
    return known[path]


def _shapes(result: Any) -> str:
    """The shapes of the tensors in a result, the first two of many."""
    shapes = [shape_text(one._data.shape) for one in _tensors(result)]
    more = f", +{len(shapes) - 2}" if len(shapes) > 2 else ""
    return ", ".join(shapes[:2]) + more


def _tensors(value: Any) -> Iterator[Any]:
    """The tensors in tuples, lists, dicts and plain objects, in order."""
    return (one for one in held_in(value) if isinstance(one, TensorBase))
