"""One step of a rule for each of many parameters: the fast way for NumPy arrays, and the plain one.

The plain way is to call the rule once for each parameter. A rule that acts on each element on its
own does not care where one parameter ends and the next begins, so small ones go through it side by
side in one flat array, and large ones in slices that stay in the cache. Where there is much to do,
as many threads as there are cores take from one list of these, because NumPy works outside the
interpreter's lock. Arrays that are not NumPy's (on a GPU, or recorded) take the plain way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from operator import is_
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.arrays import dialect, dtypes, threads
from autograd.engine import versions
from autograd.engine.graph import wrap
from autograd.kernels import complexes
from autograd.tensors.buckets import SIZE, Bucket, pack

LARGE = 196_608  # elements of a step that threads share; with fewer, waking them costs more
SHARE = 131_072  # elements at most that a thread takes at a time; with few, threads wait in turn

Update = Callable[..., None]
Task = Callable[[], dict[str, Any]]
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
        self.sharable = alone and params[0]._data.size > SIZE
        self.state: dict[str, Any] = {}
        for name, first in entries[0].items():
            if not isinstance(first, Tensor):
                self.state[name] = first
            elif not self.plain:
                self._lay_out(name)
        if len(params) > 1:
            self.buffer = np.empty(sum(p._data.size for p in params), self.dtype)
            self.parts = self.views(self.buffer)
        self._seen = self._values()
        self.arrays = [p._array() for p in params]
        self.notes = [versions.note_of(array) for array in self.arrays]
        sliced = len(params) == 1 and elementwise and not self.plain
        self.slices = list(self._cut()) if sliced else []

    def _lay_out(self, name: str) -> None:
        """Bring the arrays called ``name`` side by side; the entries become views of the result."""
        if not self.elementwise:
            self.state[name] = self.entries[0][name]._array()
            return
        self.state[name] = flat = self.flat(entry[name]._data for entry in self.entries)
        for entry, view in zip(self.entries, self.views(flat), strict=True):
            entry[name] = wrap(view, None)

    def _cut(self) -> Iterator[tuple[slice, Any, dict[str, Any]]]:
        """The one parameter in slices: where, its elements (None: scattered), and the state's."""
        array = self.arrays[0]
        flat = array.reshape(-1) if array.flags.c_contiguous else None
        count = 2 * math.ceil(array.size / (2 * SHARE)) if array.size > SHARE else 1
        step = max(1, math.ceil(array.size / count))
        for start in range(0, max(1, array.size), step):
            part = slice(start, start + step)
            arrays = {k: v[part] for k, v in self.state.items() if hasattr(v, "dtype")}
            yield part, None if flat is None else flat[part], arrays

    def _values(self) -> list[Any]:
        return [*chain.from_iterable([entry.values() for entry in self.entries])]

    def holds(self, state: dict[Any, Any]) -> bool:
        """Whether the entries are still those of ``state``, and nobody put other values in.

        Nor given a parameter other memory, or forbidden to write to it.
        """
        self.plain = self.built_plain
        if not all(map(is_, map(state.get, self.tensors), self.entries)):
            return False
        values = self._values()
        if len(values) != len(self._seen) or not all(map(is_, values, self._seen)):
            return False
        for p, array in zip(self.tensors, self.arrays):
            now = p._data
            if now is not array:  # one that is being recorded is another each time
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

    def tasks(self, update: Update, options: dict[str, Any]) -> list[Task]:
        """The step of the rule ``update(p, g, state, **options)``, in parts of any order.

        Each returns what the rule counts, after it.
        """
        if self.plain:
            return [partial(self._one_by_one, update, options)]
        if len(self.tensors) > 1:
            return [partial(self._side_by_side, update, options)]
        g = self.tensors[0].grad._data
        if not self.elementwise:
            return [partial(_widened, update, options, self.arrays[0], g, self.state)]
        g = np.ravel(g)
        return [partial(self._slice, update, options, g, *one) for one in self.slices]

    def _one_by_one(self, update: Update, options: dict[str, Any]) -> dict[str, Any]:
        """Every parameter as it is, whole."""
        like, first = self.tensors[0]._data, self.entries[0]
        names = [name for name, value in first.items() if not isinstance(value, Tensor)]
        counted = dialect.numbers(like, first, names)
        for p, entry in zip(self.tensors, self.entries, strict=True):
            arrays = {k: v._array() for k, v in entry.items() if isinstance(v, Tensor)}
            made = _widened(update, options, p._array(), p.grad._data, {**counted, **arrays})
        return made

    def _side_by_side(self, update: Update, options: dict[str, Any]) -> dict[str, Any]:
        """Small parameters as one array."""
        self.flat([p._data for p in self.tensors], out=self.buffer)
        g = self.flat([p.grad._data for p in self.tensors], dtype=self.dtype)
        numbers = stepped(update, options, self.buffer, g, self.state)
        for array, part in zip(self.arrays, self.parts):
            array[...] = part
        return numbers

    def _slice(
        self,
        update: Update,
        options: dict[str, Any],
        g: Any,
        part: slice,
        elements: Any,
        arrays: dict[str, Any],
    ) -> dict[str, Any]:
        """A slice of one parameter."""
        p = self.arrays[0].flat[part] if elements is None else elements
        numbers = _widened(update, options, p, g[part], {**self.state, **arrays})
        if elements is None:
            self.arrays[0].flat[part] = p
        return numbers

    def count(self, numbers: dict[str, Any]) -> None:
        """Take over what the rule counts, once all of the step is done."""
        recorded = [value for value in numbers.values() if hasattr(value, "told")]
        if recorded:
            recorded[0].told(self.take_over, numbers)
        elif numbers:
            self.take_over(numbers)

    def take_over(self, numbers: dict[str, Any]) -> None:
        """The counters of today, into the state that the user sees."""
        self.state.update(numbers)
        for entry in self.entries:
            entry.update(numbers)
        self._seen = self._values()


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
    if sum([block.tensors[0]._data.size for block, _ in large]) < LARGE or threads.workers() == 1:
        large, others = [], large + others
    try:
        if large:
            _shared_out(large, update)
        for block, options in others + tied:
            for task in block.tasks(update, options):
                numbers = task()
            block.count(numbers)
    finally:  # also where it failed half-way
        versions.note_all([note for block, _ in work for note in block.notes])


def _shared_out(large: Work, update: Update) -> None:
    """The step of large parameters, done by threads."""
    numbers: dict[Block, dict[str, Any]] = {}

    def one(block: Block, task: Task) -> None:
        numbers[block] = task()

    tasks = [(block, task) for block, options in large for task in block.tasks(update, options)]
    threads.run_all([partial(one, *pair) for pair in tasks])
    for block, counted in numbers.items():
        block.count(counted)


def wide(dtype: Any) -> Any:
    """What a rule computes in: squares and small numbers such as ε do not fit into float16."""
    return dtype if dtype.itemsize >= 4 else np.dtype(np.float32)


def as_reals(value: Any) -> Any:
    """What a rule sees of a parameter or its state: complex numbers are pairs of reals to it.

    They share memory, so a step of the pairs is a step of the numbers. Raises TypeError where they
    cannot, in arrays of other libraries.
    """
    dtype = getattr(value, "dtype", None)
    if not dtype or not dtypes.complex_valued(dtype):
        return value
    if dialect.foreign(value) is not None and not hasattr(type(value), "__autograd_kernel__"):
        raise TypeError(
            f"optim: complex parameters must be NumPy's arrays; got a {type(value).__name__}. Keep "
            "the parts in two real parameters: autograd.complex(x, y)."
        )
    return complexes.pairs(value)


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
    if dtypes.complex_valued(p.dtype):
        p, g = as_reals(p), as_reals(g)
        given = {name: as_reals(value) for name, value in given.items()}
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
