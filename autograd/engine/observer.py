"""Who is told what happens: an observer lists calls of ops, births of nodes, runs of formulas.

    with observe(Profile()):
        loss = F.cross_entropy(model(x), t)
        loss.backward()

An observer is told what its own thread does, between entering and leaving ``with``; several may
listen. Where nobody does, in any thread, a call of an op pays one test of an empty list; where
somebody does, ops are run the general way, which does the telling. Whether anything is recorded
is another matter, see grad_mode.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograd.engine.grad_mode import local
from autograd.engine.graph import TensorBase

listening: list[Observer] = []  # of all threads: empty nearly always, and that is all ops ask


class Observer:
    """What can be told; derive from it and write the methods that you care for."""

    def call_begins(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        """The op ``op``, a class, is called; one of ``args`` is a tensor."""

    def call_ends(self, op: Any, result: Any, error: BaseException | None, recorded: bool) -> None:
        """The call that began last has its ``result``, or has raised ``error``."""

    def node_born(self, node: Any) -> None:
        """A node has become part of the graph."""

    def formula_runs(self, node: Any, g: Any) -> None:
        """A sweep is about to run the gradient formulas of ``node`` on ``g``."""

    def module_entered(self, module: Any) -> None:
        """A module is called."""

    def module_left(self, module: Any) -> None:
        """The module entered last has returned, or raised."""

    def step_taken(self, optimizer: Any) -> None:
        """An optimiser has stepped."""


class _Mine(local):
    """The observers of one thread."""

    observers: tuple[Observer, ...] = ()


_mine = _Mine()


@contextmanager
def observe(observer: Observer) -> Iterator[Observer]:
    """Tell ``observer`` what this thread does inside.

    >>> import autograd
    >>> class Calls(Observer):
    ...     def call_begins(self, op, args, options): print(op.__name__)
    >>> with observe(Calls()):
    ...     y = autograd.tensor([1.0, 4.0]).sqrt().sum()
    Sqrt
    Sum
    """
    begin(observer)
    try:
        yield observer
    finally:
        end(observer)


def begin(observer: Observer) -> None:
    """Tell ``observer`` what this thread does from now on."""
    _mine.observers = (*_mine.observers, observer)
    listening.append(observer)


def end(observer: Observer) -> None:
    """What :func:`begin` began last is over."""
    mine = [*reversed(_mine.observers)]
    if observer in mine:
        mine.remove(observer)
    _mine.observers = tuple(reversed(mine))
    if observer in listening:
        listening.remove(observer)


def tell(event: str, *facts: Any) -> None:
    """Tell this thread's observers: ``event`` is the name of their method."""
    for observer in _mine.observers:
        getattr(observer, event)(*facts)


def call(op: Any, way: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """``way(args, options)``, which runs ``op``, with its begin and its end told."""
    given = (*args, *options.values())
    if not _mine.observers or not any([isinstance(value, TensorBase) for value in given]):
        return way(args, options)
    tell("call_begins", op, args, options)
    before = [getattr(value, "_edge", None) for value in given]
    try:
        result = way(args, options)
    except BaseException as error:
        tell("call_ends", op, None, error, False)
        raise
    results = result if isinstance(result, tuple) else (result,)
    edges = [getattr(one, "_edge", None) for one in results]
    recorded = any([edge is not None and edge not in before for edge in edges])
    tell("call_ends", op, result, None, recorded)
    return result


@contextmanager
def inside(module: Any) -> Iterator[None]:
    """A call of ``module``, with its begin and its end told."""
    tell("module_entered", module)
    try:
        yield
    finally:
        tell("module_left", module)


def watching() -> bool:
    """Whether somebody is told what this thread does."""
    return bool(listening) and bool(_mine.observers)
