"""Who is told what happens: an observer lists calls of ops, births of nodes, runs of formulas.

    with observe(Profile()):
        loss = F.cross_entropy(model(x), t)
        loss.backward()

An observer is told what its own thread does, or every thread, between entering and leaving
``with``; several may listen. Where nobody does, in any thread, a call of an op pays one test of an
empty list; where somebody does, :func:`call` tells of it, and the op runs the shortest way that
tells of births, too. Whether anything is recorded is another matter, see grad_mode.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograd.engine.grad_mode import local
from autograd.engine.graph import TensorBase

listening: list[Observer] = []  # of all threads: empty nearly always, and that is all ops ask


class Observer:
    """What can be told; derive from it and write the methods that you care for.

    Where ``may_miss``, calls may be made without it being told, as those of a captured step are.
    """

    may_miss = False

    def call_begins(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        """The op ``op``, a class, is called; one of ``args`` is a tensor."""

    def call_ends(self, op: Any, result: Any, error: BaseException | None, recorded: bool) -> None:
        """The call that began last has its ``result``, or has raised ``error``."""

    def node_born(self, node: Any) -> None:
        """A node has become part of the graph."""

    def formula_runs(self, node: Any, g: Any) -> None:
        """A sweep is about to run the gradient formulas of ``node`` on ``g``."""

    def formula_ran(self, node: Any, gradients: list[tuple[Any, Any]]) -> None:
        """They gave ``gradients``, each with its edge; where one raises, nothing is told."""

    def module_entered(self, module: Any) -> None:
        """A module is called."""

    def module_returned(self, module: Any, result: Any) -> None:
        """The module entered last has its ``result``; that it is left is told next."""

    def module_left(self, module: Any) -> None:
        """The module entered last has returned, or raised."""

    def step_taken(self, optimizer: Any) -> None:
        """An optimiser has stepped."""

    def work_begins(self, name: str) -> None:
        """Work begins that is no op's: a sweep, a step, gradients that are added to leaves."""

    def work_ends(self, name: str) -> None:
        """The work that began last is done, or has raised."""


class _Mine(local):
    """The observers of one thread."""

    observers: tuple[Observer, ...] = ()


mine = _Mine()
of_all: list[Observer] = []  # who is told what every thread does


@contextmanager
def observe(observer: Observer, every_thread: bool = False) -> Iterator[Observer]:
    """Tell ``observer`` what this thread does inside, or what every thread does meanwhile.

    >>> import autograd
    >>> class Calls(Observer):
    ...     def call_begins(self, op, args, options): print(op.__name__)
    >>> with observe(Calls()):
    ...     y = autograd.tensor([1.0, 4.0]).sqrt().sum()
    Sqrt
    Sum
    """
    begin(observer, every_thread)
    try:
        yield observer
    finally:
        end(observer)


def begin(observer: Observer, every_thread: bool = False) -> None:
    """Tell ``observer`` from now on, until :func:`end` is called, by the same thread."""
    if every_thread:
        of_all.append(observer)
    else:
        mine.observers = (*mine.observers, observer)
    listening.append(observer)


def end(observer: Observer) -> None:
    """Tell ``observer`` no more; what was not told, or not by this thread, is passed by."""
    own = [*mine.observers]
    for told in (of_all, own, listening):
        if observer in told:
            told.remove(observer)
    mine.observers = tuple(own)


def tell(event: str, *facts: Any) -> None:
    """Tell this thread's observers: ``event`` is the name of their method."""
    for observer in (*of_all, *mine.observers):
        getattr(observer, event)(*facts)


def call(op: Any, way: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """``way(args, options)``, which runs ``op``, with its begin and its end told."""
    given = (*args, *options.values())
    if not watching() or not any([isinstance(value, TensorBase) for value in given]):
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


@contextmanager
def work(name: str) -> Iterator[None]:
    """Work that is no op's, with its begin and its end told."""
    tell("work_begins", name)
    try:
        yield
    finally:
        tell("work_ends", name)


def must_be_told() -> bool:
    """Whether somebody listens who must not miss a call."""
    return bool(listening) and not all([getattr(one, "may_miss", False) for one in listening])


def somebody_hears() -> bool:
    """Whether one of those who listen hears anything, as an Observer itself does not."""
    return not all([type(one) is Observer for one in listening])


def watching() -> bool:
    """Whether somebody is told what this thread does."""
    return bool(of_all or mine.observers)
