"""One step of a rule for each of many parameters: the fast way for NumPy arrays, and the plain one.

The plain way is to call the rule once for each parameter. A rule that acts on each element on its
own does not care where one parameter ends and the next begins, so small ones go through it side by
side in one flat array, and large ones in slices that stay in the cache; several slices go to as
many threads as there are cores, because NumPy works outside the interpreter's lock. Arrays that are
not NumPy's (on a GPU, or recorded) take the plain way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from operator import is_
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.arrays import threads
from autograd.engine import versions
from autograd.engine.graph import wrap
from autograd.tensors.buckets import SIZE, Bucket, pack

LARGE = 262_144  # elements of a parameter that threads share
SHARE = 131_072  # elements at most that a thread takes at a time; with few, threads wait in turn

Update = Callable[..., None]
Work = list[tuple["Block", dict[str, Any]]]  # blocks, each with the options of its group


class Block(Bucket):
    """Parameters of one dtype with the same counters, and their state side by side.

    ``entries`` are what the user sees, ``optimizer.state[p]``: Tensors that are views of the flat
    arrays here. A block holds as long as they do; see :meth:`holds`.
    """

    def __init__(
        self, params: list[Any], entries: list[dict[str, Any]], elementwise: bool, tied: bool
    ) -> None:
        super().__init__(params)
        self.entries, self.elementwise, self.tied = entries, elementwise, tied
        self.built_plain = self.plain = not isinstance(params[0]._data, (np.ndarray, np.generic))
        self.dtype = wide(params[0]._data.dtype)
        alone = len(params) == 1 and elementwise and not tied
        self.sharable = alone and params[0]._data.size >= LARGE
        self.state: dict[str, Any] = {}
        for name, first in entries[0].items():
            if not isinstance(first, Tensor):
                self.state[name] = first
            elif not self.plain:
                self._lay_out(name)
        if len(params) > 1:
            self.buffer = np.empty(sum(p._data.size for p in params), self.dtype)
            self.parts = self.views(self.buffer)
        self._look()

    def _lay_out(self, name: str) -> None:
        """Bring the arrays called ``name`` side by side; the entries become views of the result."""
        if not self.elementwise:
            self.state[name] = self.entries[0][name]._array()
            return
        self.state[name] = flat = self.flat(entry[name]._data for entry in self.entries)
        for entry, view in zip(self.entries, self.views(flat), strict=True):
            entry[name] = wrap(view, None)

    def _look(self) -> None:
        self._seen = [tuple(entry.values()) for entry in self.entries]
        self.arrays = [p._array() for p in self.tensors]

    def holds(self, state: dict[Any, Any]) -> bool:
        """Whether the entries are still those of ``state``, and nobody put other values in.

        Nor given a parameter other memory, or forbidden to write to it.
        """
        self.plain = self.built_plain
        known = zip(self.tensors, self.entries, self._seen, self.arrays, strict=True)
        for p, entry, seen, array in known:
            if state.get(p) is not entry or len(entry) != len(seen):
                return False
            if not all(map(is_, entry.values(), seen)):
                return False
            if p._data is not array:
                now = p._data  # one that is being recorded is another each time
                if isinstance(now, (np.ndarray, np.generic)):
                    return False
                if now.shape != array.shape or now.dtype != array.dtype:
                    return False
                self.plain = True
            elif not self.plain and not array.flags.writeable:
                return False
        return True

    @property
    def large(self) -> bool:
        """Whether it is one parameter worth sharing among threads, each element on its own."""
        return self.sharable and not self.plain

    def run(self, update: Update, options: dict[str, Any]) -> None:
        """One step of the rule ``update(p, g, state, **options)``."""
        if self.plain:
            self._one_by_one(update, options)
        elif len(self.tensors) > 1:
            self.flat([p._data for p in self.tensors], out=self.buffer)
            g = self.flat([p.grad._data for p in self.tensors], dtype=self.dtype)
            self.count(stepped(update, options, self.buffer, g, self.state))
            for array, part in zip(self.arrays, self.parts, strict=True):
                array[...] = part
        else:
            for task in self.tasks(update, options, SIZE):
                numbers = task()
            self.count(numbers)

    def _one_by_one(self, update: Update, options: dict[str, Any]) -> None:
        """Every parameter as it is, whole."""
        for p, entry in zip(self.tensors, self.entries, strict=True):
            state = {
                name: value._array() if isinstance(value, Tensor) else value
                for name, value in entry.items()
            }
            numbers = _widened(update, options, p._array(), p.grad._data, state)
        self.count(numbers)

    def tasks(
        self, update: Update, options: dict[str, Any], size: int
    ) -> list[Callable[[], dict[str, Any]]]:
        """The step of one parameter in slices of ``size`` elements, to be done in any order.

        Each returns what the rule counts, after it.
        """
        p, g = self.arrays[0], self.tensors[0].grad._data
        if not self.elementwise:
            return [partial(_widened, update, options, p, g, self.state)]
        flat, g = np.ravel(p), np.ravel(g)

        def one(part: slice) -> dict[str, Any]:
            state = {k: v[part] if hasattr(v, "dtype") else v for k, v in self.state.items()}
            numbers = _widened(update, options, flat[part], g[part], state)
            if not p.flags.c_contiguous:
                p.flat[part] = flat[part]
            return numbers

        starts = range(0, max(flat.size, 1), size)
        return [partial(one, slice(start, start + size)) for start in starts]

    def count(self, numbers: dict[str, Any]) -> None:
        """Take over what the rule counts, once all of the step is done."""
        if numbers:
            self.state.update(numbers)
            for entry in self.entries:
                entry.update(numbers)
            self._seen = [tuple(entry.values()) for entry in self.entries]


def run(work: Work, update: Update) -> None:
    """One step of the rule over blocks with their options; threads share those that are large.

    Parameters over one memory go last, one after the other: each of them counts.
    """
    large: Work = []
    others: Work = []
    tied: Work = []
    for pair in work:
        block = pair[0]
        kind = tied if block.tied else large if block.large else others
        kind.append(pair)
    if large and threads.workers() == 1:
        large, others = [], large + others
    try:
        if large:
            _shared_out(large, update)
        for block, options in others + tied:
            block.run(update, options)
    finally:  # also where it failed half-way
        for block, _ in work:
            for array in block.arrays:
                versions.note_change(array)


def _shared_out(large: Work, update: Update) -> None:
    """The step of large parameters, done by threads."""
    numbers: dict[Block, dict[str, Any]] = {}
    tasks = []

    def one(block: Block, task: Callable[[], dict[str, Any]]) -> None:
        numbers[block] = task()

    for block, options in large:
        size = block.tensors[0]._data.size
        parts = math.ceil(size / (SHARE * threads.workers())) * threads.workers()
        for task in block.tasks(update, options, math.ceil(size / parts)):
            tasks.append(partial(one, block, task))
    threads.run_all(tasks)
    for block, counted in numbers.items():
        block.count(counted)


def wide(dtype: Any) -> Any:
    """What a rule computes in: squares and small numbers such as ε do not fit into float16."""
    return dtype if dtype.itemsize >= 4 else np.dtype(np.float32)


def _widened(
    update: Update, options: dict[str, Any], p: Any, g: Any, state: dict[str, Any]
) -> dict[str, Any]:
    """As :func:`stepped`; a parameter narrower than float32 is rounded at the end only."""
    if p.dtype.itemsize >= 4:
        return stepped(update, options, p, g, state)
    dtype = wide(p.dtype)
    q = p.astype(dtype)
    numbers = stepped(update, options, q, g.astype(dtype), state)
    p[...] = q
    return numbers


def stepped(
    update: Update, options: dict[str, Any], p: Any, g: Any, given: dict[str, Any]
) -> dict[str, Any]:
    """One call of the rule; its numbers after it. Arrays that it replaced are copied back."""
    state = dict(given)
    update(p, g, state, **options)
    numbers = {}
    for name, value in state.items():
        before: Any = given.get(name)
        if isinstance(value, np.generic):
            value = value.item()
        if value is before:
            continue
        if hasattr(before, "dtype"):
            before[...] = value
        elif name not in given or hasattr(value, "dtype"):
            was = repr(before) if name in given else "absent"
            raise RuntimeError(
                f"update: all state must come from init, as a number or an array; {name!r} was "
                f"{was} there. Return it from init(self, p)."
            )
        else:
            numbers[name] = value
    return numbers


def blocks(
    params: list[Any], entries: dict[Any, dict[str, Any]], elementwise: bool, tied: set[int]
) -> Iterator[Block]:
    """The parameters in blocks; those whose ``id`` is in ``tied`` on their own, and in order."""

    def kind(p: Any) -> Any:
        entry = entries[p]
        numbers = [(k, v) for k, v in entry.items() if not isinstance(v, Tensor)]
        return str(p.dtype), tuple(entry), repr(numbers)

    for p in params:
        if id(p) in tied:
            yield Block([p], [entries[p]], elementwise, True)
    free = [p for p in params if id(p) not in tied]
    for some in pack(free, kind, SIZE if elementwise else -1):
        yield Block(some, [entries[p] for p in some], elementwise, False)
