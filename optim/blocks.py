"""Blocks: parameters that a rule sees as one flat array.

A rule that acts on each element on its own does not care where one parameter ends and the next
begins. A hundred small parameters cost a hundred calls one by one; side by side in one array they
cost one. A large parameter is walked in slices, so that what one line of the rule writes is still
in the cache when the next line reads it; several slices go to as many threads as there are cores,
because NumPy works outside the interpreter's lock.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from functools import cache, partial
from operator import is_
from typing import Any

import numpy as np

from autograd.arrays import threads
from autograd.engine import versions
from autograd.engine.grad_mode import local
from autograd.engine.graph import TensorBase, unwrap, wrap

SIZE = 32_768  # elements: of 8k to 128k, the fastest for Adam; five arrays of it fit into the cache
SHARE = 262_144  # elements at most that a thread takes at a time; with few, threads wait in turn

Update = Callable[..., None]
Task = Callable[[], dict[str, Any]]  # does a slice; what the rule counts, after it


class Block:
    """Parameters of one dtype with the same counters, and their state side by side.

    ``entries`` are what the user sees, ``optimizer.state[p]``: Tensors that are views of the flat
    arrays here. A block holds as long as they do; see :meth:`holds`.
    """

    def __init__(self, params: list[Any], entries: list[dict[str, Any]], elementwise: bool) -> None:
        self.params, self.entries, self.elementwise = params, entries, elementwise
        self.state: dict[str, Any] = {}
        for name, first in entries[0].items():
            if isinstance(first, TensorBase):
                self._lay_out(name)
            else:
                self.state[name] = first
        if len(params) > 1:
            self.buffer = np.empty(sum(p._data.size for p in params), params[0].dtype)
            self.views = self._views(self.buffer)
        self._look()

    def _lay_out(self, name: str) -> None:
        """Bring the arrays called ``name`` side by side; the entries become views of the result."""
        if not self.elementwise:
            self.state[name] = self.entries[0][name]._array()
            return
        self.state[name] = flat = np.concatenate([e[name]._data for e in self.entries], axis=None)
        for entry, view in zip(self.entries, self._views(flat), strict=True):
            entry[name] = wrap(view, None)

    def _views(self, flat: Any) -> list[Any]:
        """For each parameter its part of ``flat``, in the parameter's shape."""
        views, start = [], 0
        for p in self.params:
            stop = start + p._data.size
            views.append(np.reshape(flat[start:stop], p.shape))
            start = stop
        return views

    def _look(self) -> None:
        self._seen = [tuple(entry.values()) for entry in self.entries]
        self._kinds = [(p._data.shape, p._data.dtype) for p in self.params]

    def holds(self, state: dict[Any, Any]) -> bool:
        """Whether the entries are still those of ``state``, and nobody put other values in.

        Nor given a parameter another shape or dtype.
        """
        known = zip(self.params, self.entries, self._seen, self._kinds, strict=True)
        for p, entry, seen, (shape, dtype) in known:
            if state.get(p) is not entry or len(entry) != len(seen):
                return False
            if not all(map(is_, entry.values(), seen)):
                return False
            if p._data.shape != shape or p._data.dtype != dtype:
                return False
        return True

    @property
    def large(self) -> bool:
        """Whether it is one parameter worth sharing among threads, each element on its own."""
        return self.elementwise and len(self.params) == 1 and self.params[0]._data.size >= SHARE

    def run(self, update: Update, options: dict[str, Any]) -> None:
        """One step of the rule ``update(p, g, state, **options)``."""
        if len(self.params) == 1:
            numbers = [task() for task in self.tasks(update, options, SIZE)][-1]
        else:
            np.concatenate([p._data for p in self.params], axis=None, out=self.buffer)
            g = np.concatenate([p.grad._data for p in self.params], axis=None)
            numbers = _run(update, options, self.buffer, g, self.state)
            for p, view in zip(self.params, self.views, strict=True):
                p._array()[...] = view
        self.finish(numbers)

    def tasks(self, update: Update, options: dict[str, Any], size: int) -> list[Task]:
        """The step of one parameter in slices of ``size`` elements, to be done in any order."""
        p, g = self.params[0]._array(), unwrap(self.params[0].grad)
        if not self.elementwise:
            return [partial(_run, update, options, p, g, self.state)]
        flat, g = np.ravel(p), np.ravel(g)

        def one(part: slice) -> dict[str, Any]:
            state = {k: v[part] if hasattr(v, "dtype") else v for k, v in self.state.items()}
            numbers = _run(update, options, flat[part], g[part], state)
            if not p.flags.c_contiguous:
                p.flat[part] = flat[part]
            return numbers

        starts = range(0, max(flat.size, 1), size)
        return [partial(one, slice(start, start + size)) for start in starts]

    def finish(self, numbers: dict[str, Any]) -> None:
        """Take over what the rule counts, once all tasks of the step are done."""
        for p in self.params:
            versions.note_change(p._array())
        if numbers:
            self.state.update(numbers)
            for entry in self.entries:
                entry.update(numbers)
            self._look()


def run(work: list[tuple[Block, dict[str, Any]]], update: Update) -> None:
    """One step of the rule over blocks with their options; threads share those that are large."""
    cores = min(_cores(), threads.limit or _cores())
    large = [pair for pair in work if pair[0].large] if cores > 1 else []
    tasks = []
    for block, options in large:
        size = block.params[0]._data.size
        parts = math.ceil(size / (SHARE * cores)) * cores
        tasks += [(block, task) for task in block.tasks(update, options, math.ceil(size / parts))]
    numbers = _shared_out(tasks, cores) if tasks else {}
    for block, options in work:
        if block in numbers:
            block.finish(numbers[block])
        else:
            block.run(update, options)


def _shared_out(tasks: list[tuple[Block, Task]], cores: int) -> dict[Block, dict[str, Any]]:
    """The tasks done by ``cores`` threads; what the rule counts, by block.

    The threads see the caller's ``np.errstate``. Where a task fails, the others are not begun, and
    its error is raised when all threads have stopped.
    """
    waiting = iter(tasks)
    numbers: dict[Block, dict[str, Any]] = {}
    errors: list[BaseException] = []

    def take() -> None:
        for block, task in waiting:
            if errors:
                return
            try:
                numbers[block] = task()
            except BaseException as error:  # noqa: B902 - raised again below
                errors.append(error)

    for future in [_threads().submit(copy_context().run, take) for _ in range(cores)]:
        future.result()
    if errors:
        raise errors[0]
    return numbers


class _Scratch(local):
    """Arrays to compute in, for each thread on its own."""

    def __init__(self) -> None:
        self.arrays: dict[Any, Any] = {}


_scratch = _Scratch()


def scratch_like(p: Any) -> Any:
    """An array of the shape and dtype of ``p``, with any values, that the next call may reuse.

    Memory that is taken anew for each slice of a large parameter costs as much as the arithmetic.
    """
    key = type(p), p.dtype, p.shape
    if key not in _scratch.arrays:
        if len(_scratch.arrays) > 16:
            _scratch.arrays.clear()
        _scratch.arrays[key] = np.empty_like(p)
    return _scratch.arrays[key]


@cache
def _cores() -> int:
    return threads.cores()


@cache
def _threads() -> Any:
    """The threads that share large parameters."""
    from concurrent.futures import ThreadPoolExecutor  # a third of the time of importing optim

    if hasattr(os, "register_at_fork"):  # a child has the executor, but none of its threads
        os.register_at_fork(after_in_child=_threads.cache_clear)
    return ThreadPoolExecutor(_cores(), thread_name_prefix="optim")


def _run(
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


def pack(
    params: Iterable[Any], entries: dict[Any, dict[str, Any]], elementwise: bool
) -> Iterator[Block]:
    """Blocks of at most ``SIZE`` elements, or of one parameter."""
    waiting: dict[Any, list[Any]] = {}
    for p in params:
        entry = entries[p]
        numbers = [(k, v) for k, v in entry.items() if not isinstance(v, TensorBase)]
        kind = (str(p.dtype), tuple(entry), repr(numbers))
        waiting.setdefault(kind, []).append(p)
    for alike in waiting.values():
        some: list[Any] = []
        total = 0
        for p in alike:
            size = p._data.size
            if some and (total + size > SIZE or not elementwise):
                yield Block(some, [entries[q] for q in some], elementwise)
                some, total = [], 0
            some.append(p)
            total += size
        yield Block(some, [entries[q] for q in some], elementwise)
