"""Who is where: each process answers the others, whatever its program is doing.

A thread looks for messages twenty times a second. It hears of processes that have ended, and tells
whoever asks which call its own program has made last, and at which line it is.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from autograd.distributed import mpi

PERIOD = 0.05  # seconds
PATIENCE = 2.0  # seconds in which a process that runs answers


class Place(NamedTuple):
    """Where a process is, or was when it ended."""

    calls: int  # how many it has made in the group that was asked for
    asked: str  # the call that was asked for, where it has made that one
    line: str  # where its program is
    ended: bool = False


class Watch:
    """What this process knows of the others."""

    def __init__(self, world: mpi.World) -> None:
        self.world, self.comm = world, world.comms[2]
        self.ended: dict[int, dict[int, int]] = {}  # by rank: how many calls, by group
        self.lines: dict[int, str] = {}  # of those: where they ended
        self.answers: dict[int, Place] = {}
        self.question = 0
        self.groups: dict[int, Any] = {}  # by number: those that keep a record of their calls
        self.sent: list[Any] = []
        self.over = threading.Event()
        self.main = threading.main_thread().ident
        self.thread = threading.Thread(target=self._live, name="autograd-watch", daemon=True)
        self.thread.start()

    def _live(self) -> None:
        while not self.over.wait(PERIOD):
            self.look()

    def look(self) -> None:
        """Take what has come in."""
        status = mpi.library().Status()
        while self.comm.Iprobe(status=status):
            source = status.Get_source()
            message = self.comm.recv(source=source)
            kind = message[0]
            if kind == "ended":
                self.lines[source], self.ended[source] = message[2], message[1]
            elif kind == "where":
                _, question, group, number = message
                self._send(source, ("here", question, self.place(group, number)))
            elif kind == "here" and message[1] == self.question:
                self.answers[source] = message[2]

    def _send(self, rank: int, message: Any) -> None:
        self.sent = [request for request in self.sent if not request.Test()]
        self.sent.append(self.comm.isend(message, rank))

    def place(self, group: int, number: int) -> Place:
        """Where this process is, of which somebody asks for the call ``number`` of a group."""
        from autograd.engine import lines

        known = self.groups.get(group)
        frame = lines.users(sys._current_frames().get(self.main or 0))
        line = lines.at(lines.Line(frame.f_code, frame.f_lasti)) if frame else ""
        if known is None:
            return Place(0, "", line)
        return Place(known.calls, known.called(number), line)

    def ask(self, ranks: Iterable[int], group: int, number: int) -> dict[int, Place | None]:
        """Where other processes are; None of one that does not answer."""
        wanted = set(ranks) - self.ended.keys()
        self.question += 1
        self.answers = {}
        for rank in wanted:
            self._send(rank, ("where", self.question, group, number))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not wanted <= self.answers.keys() | self.ended.keys():
            time.sleep(0.01)
        found: dict[int, Place | None] = {}
        for rank in ranks:
            if rank in self.ended:
                calls = self.ended[rank].get(group, 0)
                found[rank] = Place(calls, "", self.lines[rank], ended=True)
            else:
                found[rank] = self.answers.get(rank)
        return found

    def leave(self, how: str, carry_on: Callable[[], None]) -> None:
        """Tell the others that this process has ended, and wait until each has said so.

        Calls that it has begun and not waited for are carried on meanwhile: others need them.
        """
        calls = {number: group.calls for number, group in self.groups.items()}
        others = [rank for rank in range(self.world.size) if rank != self.world.rank]
        for rank in others:
            self._send(rank, ("ended", calls, how))
        while len(self.ended) < len(others):
            carry_on()
            time.sleep(0.005)
        while self.sent and not all([request.Test() for request in self.sent]):
            time.sleep(0.001)
        self.over.set()
        self.thread.join()


_watch: Watch | None = None


def begin(world: mpi.World) -> None:
    """Begin to answer."""
    global _watch
    _watch = Watch(world)


def here() -> Watch | None:
    """The watch of this process; None of a process alone."""
    return _watch if _watch is not None and _watch.world.pid == os.getpid() else None


def leave(how: str, carry_on: Callable[[], None]) -> None:
    """See :meth:`Watch.leave`."""
    if (watch := here()) is not None:
        watch.leave(how, carry_on)
