"""What makes a program of a tape: a replay by NumPy, or machine code by LLVM.

Each takes the tape, what is given, what is wanted, what to call before anything is changed, and the
names of what is the very same array each time; see :func:`replay.program`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from typing import Any

from autograd.arrays import notices
from autograd.compiler.replaying import replay
from autograd.compiler.tapes.order import streams, tells
from autograd.compiler.tapes.recorder import Tape

Midway = Callable[[], None] | None


def best() -> str:
    """The name of the fastest backend that is installed."""
    return "llvm" if _has_llvm() else "replay"


def asked_for(name: str) -> None:
    """A backend is asked for by its name. Raises ModuleNotFoundError where it is not installed."""
    if name == "llvm":
        from autograd.compiler.machine.target import llvm

        llvm()


def advise() -> None:
    """Say once that there is something better, where it is not installed."""
    if not _has_llvm():
        notices.once(
            "compile: a step becomes machine code by llvmlite, which is not installed; it is done "
            "by NumPy's calls. Install it with pip install 'gradloom[compile]'."
        )


@cache
def _has_llvm() -> bool:
    return find_spec("llvmlite") is not None


def replayed(
    tape: Tape, given: dict[str, Any], wanted: Iterable[Any], midway: Midway, fixed: set[str]
) -> Any:
    """The tape's calls by NumPy, bit for bit."""
    return replay.program(tape, given, wanted, midway)


def by_machine(
    tape: Tape, given: dict[str, Any], wanted: Iterable[Any], midway: Midway, fixed: set[str]
) -> Any:
    """Machine code, on trial: where it gives anything else than the replay, that is used."""
    from autograd.compiler.machine import driver  # these here, for steps that are but replayed
    from autograd.compiler.machine.segments import compiled, supported
    from autograd.compiler.planning.planner import Unplanned
    from autograd.compiler.trial import Tried

    wanted = [*wanted]
    plain = replay.program(tape, given, wanted, midway)
    try:
        fast = driver.program(tape, given, wanted, midway, fixed, compiled, supported)
    except Unplanned as reason:
        plain.why = f"there is no plan for it: {reason}"
        return plain
    except Exception as error:  # noqa: BLE001 - a fault of a compiler's is no fault of the step's
        plain.why = f"making machine code failed: {type(error).__name__}: {error}"
        return plain
    told = [call.function for call in tape.calls if tells(call)]
    return Tried(fast, plain, [*told, midway], streams(tape.calls))


BACKENDS: dict[str, Callable[..., Any]] = {"replay": replayed, "llvm": by_machine}
