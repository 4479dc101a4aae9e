"""What has become of a compiled step, in words."""

from __future__ import annotations

from collections import Counter
from typing import Any

from autograd.compiler.planning.listing import counted
from autograd.compiler.remedies import placed, remedy

FIRST = "the first of its kind"  # why a call ran as ever


class Explanation:
    """What ``step.explain()`` gives: prints itself, and is made when it is asked for.

    ``counts`` says how many calls were replayed, recorded, run as ever (eager) and checked;
    ``ever`` why calls ran as ever, other than by their first time or what is ``refused``, which
    says why a kind of call cannot be a program; ``programs`` are the captured calls, each with its
    ``source`` and its ``guard``.
    """

    def __init__(self, compiled: Any) -> None:
        self.name, self.counts = str(compiled), dict(compiled.counts)
        self.programs = [*compiled.programs]
        self.refused = [one for refusals in compiled.refused.values() for one in refusals]
        self.reasons, self.ever = dict(compiled.reasons), dict(compiled.ever)

    def summary(self) -> str:
        """How many calls of each kind there were.

        >>> from autograd.compiler.compiled import Compiled
        >>> step = Compiled(abs)
        >>> step(-1), step.explain().summary()
        (1, '1 call as ever')
        """
        counts = self.counts
        said = [
            _number(counts.get("replayed", 0), "replay"),
            _number(counts.get("checked", 0), "check"),
            _number(counts.get("recorded", 0), "recording"),
            _number(counts.get("eager", 0), "call", " as ever"),
        ]
        return ", ".join([one for one in said if one]) or "no calls"

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.summary()}"]
        for told, times in Counter(map(_told, self.programs)).items():
            lines.append(f"  a program {told}" if times == 1 else f"  {times} programs {told}")
        for refusal in self.refused:
            line = f"  no program: {placed(refusal)}. {remedy(refusal.reason)}".rstrip()
            lines += [] if line in lines else [line]
        for why, times in self.ever.items():
            if (why, times) == (FIRST, 1):  # as each step begins
                continue
            lines.append(f"  as ever: {why} ({_number(times, 'call')})")
        for why, times in self.reasons.items():
            lines.append(f"  a program did not fit: {why} ({_number(times, 'time')})")
        return "\n".join(lines)

    __repr__ = __str__


def _told(captured: Any) -> str:
    """What there is to say of a program, which may be the same for several."""
    lines = [f"of {_number(captured.calls, 'call')}, given {_given(captured)}"]
    if captured.plan is not None:
        lines.append(f"    machine code of {counted(captured.plan)}")
    elif memory := captured.memory:
        lines.append(f"    {memory:,} bytes of buffers")
    if captured.why:
        lines.append(f"    by NumPy's calls: {captured.why}")
    return "\n".join(lines)


def _given(captured: Any) -> str:
    names = [f"x{i + 1}" for i, one in enumerate(captured.inputs) if type(one.place) is int]
    outside = len(captured.inputs) - len(names)
    if outside:
        names.append(f"{_number(outside, 'array')} from outside")
    return ", ".join(names) or "nothing"


def _number(n: int, of: str, more: str = "") -> str:
    return f"{n} {of}{'' if n == 1 else 's'}{more}" if n else ""
