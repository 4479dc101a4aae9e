"""Calls under way: begun at once, carried on whenever somebody looks, waited for.

A call is a generator. What it yields are requests to MPI, and when these are fulfilled it goes on:
so a call of two parts, and several calls at a time, need no thread. MPI wants all processes to
begin the collective calls of a communicator in one order. First parts go over one communicator as
the program calls; second parts over another, each only after those of all calls before it.

Beside its data each collective call sends eight bytes that stand for what is called. Where these
differ, or a process does not come, the others are asked where they are (see ``watch``).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.distributed import mpi, watch
from autograd.distributed.futures import OfWork
from autograd.engine import lines

if TYPE_CHECKING:
    from autograd.distributed.group import ProcessGroup

__all__ = ["DistBackendError", "DistError", "Work"]

_BUSY = 512  # looks without a pause, half a millisecond; then one after every 16
_PAUSE = 20e-6  # seconds; the system makes 70 µs of it
_ENDED = 0.2  # seconds after which a wait asks whether somebody has ended


class DistError(RuntimeError):
    """Something went wrong between processes.

    >>> issubclass(DistError, RuntimeError)
    True
    """

    __module__ = "autograd.distributed"


class DistBackendError(DistError):
    """A process did not come, made another call, or has ended.

    >>> issubclass(DistBackendError, DistError)
    True
    """

    __module__ = "autograd.distributed"


class Work:
    """A call under way: what the calls of this module return with ``async_op=True``.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> work = dist.all_reduce(autograd.ones(2), async_op=True)
    >>> work.wait(), work.is_completed()
    (True, True)
    >>> dist.destroy_process_group()
    """

    __module__ = "autograd.distributed"

    def __init__(
        self, group: ProcessGroup, call: str, what: str, steps: Iterator[list[Any]], parts: int = 1
    ) -> None:
        self._group, self._call, self._what = group, call, what
        self._steps, self._part, self._parts = steps, 1, parts
        self._done = False
        self.tensors: list[Any] = []  # that the call writes to
        self._line = lines.here()
        self._begin()
        self._requests = next(steps)
        _under_way.setdefault(group.id, []).append(self)

    def is_completed(self) -> bool:
        """Whether the call is finished; carries it on where it can."""
        if not self._done:
            carry_on()
        return self._done

    def is_success(self) -> bool:
        """Whether the call is finished, and without an error."""
        return self._done

    def wait(self, timeout: timedelta | None = None) -> bool:
        """Wait until the call is finished, and give True.

        Raises DistBackendError where a process does not come within ``timeout`` (by default that of
        the group), makes another call, or has ended.
        """
        begun = time.monotonic()
        limit = (timeout or self._group.timeout).total_seconds()
        looked, busy = 0, 0 if mpi.world().crowded else _BUSY
        while not self._done:
            carry_on()
            looked += 1
            if looked % 16 or looked < busy:
                continue
            time.sleep(_PAUSE)  # whoever is waited for may need this core
            waited = time.monotonic() - begun
            if waited > limit:
                raise self._failed(self._late(limit))
            if waited > _ENDED and (gone := self._gone()):
                raise self._failed(gone)
        return True

    def result(self) -> list[Any]:
        """The tensors that the call has written to."""
        return self.tensors

    def get_future(self) -> OfWork:
        """The future of :meth:`result`, for ``then`` and for communication hooks."""
        return OfWork(self)

    def _begin(self) -> None:
        """What comes before the first requests."""

    def _carry_on(self, allowed: bool) -> None:
        """Go on where the requests are fulfilled; a part that is not ``allowed`` yet waits."""
        while all([request.Test() for request in self._requests]):
            if self._part < self._parts and not allowed:
                return
            try:
                self._requests = next(self._steps)
                self._part += 1
            except StopIteration:
                self._done = True
                return
            except Exception as error:
                self._steps = _Failed(error)
                raise

    def _failed(self, text: str) -> DistBackendError:
        self._group.broken = text
        _under_way.pop(self._group.id, None)
        return DistBackendError(text)

    def _peers(self) -> list[int]:
        """Whom the call waits for."""
        raise NotImplementedError

    def _missing(self, place: watch.Place) -> bool:
        """Whether a process that is at ``place`` has not made its part of the call."""
        raise NotImplementedError

    def _number(self) -> int:
        return 0

    def _late(self, limit: float) -> str:
        here = watch.here()
        places = here.ask(self._peers(), self._group.id, self._number()) if here else {}
        missing = {rank: p for rank, p in places.items() if p is None or self._missing(p)}
        return (
            f"{self._call}: every rank of the group must make the call within {limit:g} s; "
            f"{_named(missing) or f'all have begun it, and it is not through: {_named(places)}'}. "
            f"This rank calls {self._what}{lines.at(self._line)}. Let all ranks come here, or give "
            "init_process_group a longer timeout=."
        )

    def _gone(self) -> str:
        here = watch.here()
        if here is None or not here.ended.keys() & set(self._peers()):
            return ""
        ended = sorted(here.ended.keys() & set(self._peers()))
        places = here.ask(ended, self._group.id, self._number())
        missing = {rank: p for rank, p in places.items() if p is None or self._missing(p)}
        if not missing:
            return ""
        return (
            f"{self._call}: every rank of the group must make the call; {_named(missing)}. This "
            f"rank calls {self._what}{lines.at(self._line)}. Give all ranks as many steps."
        )


class _Failed:
    """Steps of a call that has failed: whoever waits again is told again."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __iter__(self) -> _Failed:
        return self

    def __next__(self) -> Any:
        raise self.error


class Collective(Work):
    """A call that all processes of a group make."""

    def _begin(self) -> None:
        group = self._group
        self._nth = group.note(self._what, self._line)
        stands_for = blake2b(self._what.encode(), digest_size=8).digest()
        self._sent = np.frombuffer(bytearray(stands_for), np.int64)
        self._all = np.empty(group.size(), np.int64)
        self._agreed: Any = group.comms[0].Iallgather(self._sent, self._all)

    def _carry_on(self, allowed: bool) -> None:
        if self._agreed is not None:
            if not self._agreed.Test():
                return
            if (self._all != self._all[0]).any():
                raise self._failed(self._differ())
            self._agreed = None
        super()._carry_on(allowed)

    def _number(self) -> int:
        return self._nth

    def _peers(self) -> list[int]:
        return self._group.others

    def _missing(self, place: watch.Place) -> bool:
        return place.calls < self._nth

    def _differ(self) -> str:
        group = self._group
        here = watch.here()
        places = here.ask(group.others, group.id, self._nth) if here else {}
        calls = {group.world_rank: f"{self._what}{lines.at(self._line)}"}
        for rank, place in places.items():
            calls[rank] = place.asked if place and place.asked else "another call"
        alike: dict[str, list[int]] = {}
        for rank in sorted(calls):
            alike.setdefault(calls[rank], []).append(rank)
        told = ", ".join([f"{_ranks(some)} {_calls(some)} {what}" for what, some in alike.items()])
        return (
            f"{self._call}: all ranks of a group make the same calls, with tensors alike, in one "
            f"order; in call {self._nth} {told}. Let every rank take the same way through the "
            "program, with data of the same shape and dtype."
        )


def _calls(some: list[int]) -> str:
    return "calls" if len(some) == 1 else "call"


def _ranks(some: Iterable[int]) -> str:
    names = [str(rank) for rank in some]
    return f"rank {names[0]}" if len(names) == 1 else f"ranks {', '.join(names)}"


def _named(missing: dict[int, watch.Place | None]) -> str:
    """Processes that did not come, and where they are."""
    told = []
    for rank, place in sorted(missing.items()):
        if place is None:
            told.append(f"rank {rank} does not answer: it is stopped, or busy outside Python")
        elif place.ended:
            told.append(f"rank {rank} has ended{place.line}")
        else:
            told.append(f"rank {rank} is{place.line or ' somewhere else'}")
    return ", ".join(told)


# -- all that is under way -------------------------------------------------------------------------

_under_way: dict[int, list[Work]] = {}  # by group, in the order of the calls


def carry_on() -> None:
    """Carry on all calls under way, as far as they go without waiting."""
    for works in list(_under_way.values()):
        allowed = True
        for work in list(works):
            work._carry_on(allowed)
            if work._done:
                works.remove(work)
            elif work._part < work._parts and isinstance(work, Collective):
                allowed = False


def forget(group: int) -> None:
    """Leave what is under way in a group as it is."""
    _under_way.pop(group, None)


class Record:
    """The latest calls of a group, for others who ask."""

    def __init__(self) -> None:
        self.calls = 0
        self._latest: deque[tuple[int, str, lines.Line | None]] = deque(maxlen=256)

    def note(self, what: str, line: lines.Line | None) -> int:
        """Note a call that is about to begin; returns its number, from 1."""
        self._latest.append((self.calls + 1, what, line))
        self.calls += 1
        return self.calls

    def called(self, number: int) -> str:
        """What the call of that number was, and its line; empty where it is not known."""
        for nth, what, line in list(self._latest):
            if nth == number:
                return f"{what}{lines.at(line)}"
        return ""
