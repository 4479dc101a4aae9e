"""A process that fails ends the job, and says who it was.

In plain MPI the others wait for it for ever. Here an exception that nobody catches, and
``sys.exit`` with a number other than 0, end all processes at once; who ends without one is reported
to the others, of whom each that waits for it raises (see ``watch``).
"""

from __future__ import annotations

import atexit
import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from types import TracebackType
from typing import Any

from autograd.distributed import mpi, watch

_how = ""  # this process ended


def end_the_job_with_us(world: mpi.World) -> None:
    """From now on the job ends where this process fails."""
    printed = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, traceback: Any) -> None:
        if os.getpid() != world.pid:
            printed(kind, error, traceback)
            return
        with redirect_stderr(io.StringIO()) as text:  # written at once, not line by line
            printed(kind, error, traceback)
        sys.stderr.write(f"\n{world.name} failed, and the job ends:\n{text.getvalue()}")
        abort(1)

    sys.excepthook = hook
    atexit.register(_leave, world)


def abort(code: int) -> None:
    """End all processes of the job."""
    mpi.flush()
    time.sleep(0.2)  # mpiexec drops what it has not passed on yet
    mpi.library().COMM_WORLD.Abort(code)


def _leave(world: mpi.World) -> None:
    """At the end of this process: tell the others, and stay until they are through, too."""
    if os.getpid() != world.pid:
        return
    mpi.flush()
    from autograd.distributed import work

    def carry_on() -> None:
        with suppress(Exception):  # the others see it, too, and are still there
            work.carry_on()

    watch.leave(_how, carry_on)


@contextmanager
def exits_end_the_job() -> Iterator[None]:
    """Within, ``sys.exit`` with a number other than 0, or a message, ends the job."""
    try:
        yield
    except SystemExit as error:
        world, at = mpi.world(), _where(error.__traceback__)
        if world.size == 1 or error.code in (None, 0):
            global _how
            _how = f", by sys.exit(){at}"
            raise
        print(
            f"\n{world.name} called sys.exit({error.code!r}){at}, and the job ends.",
            file=sys.stderr,
        )
        abort(error.code if isinstance(error.code, int) else 1)


def _where(traceback: TracebackType | None) -> str:
    from autograd.engine import lines

    found = ""
    while traceback is not None:
        if lines.users_own(traceback.tb_frame):
            line = lines.Line(traceback.tb_frame.f_code, traceback.tb_lasti)
            found = lines.at(line)
        traceback = traceback.tb_next
    return found
