"""Reports: what a diagnosis has to say, as text that shows itself."""

from __future__ import annotations

import dis
from types import FrameType
from typing import Any, TypeVar


class Report:
    """Text that a REPL and a notebook show, and ``print`` prints; it holds no tensor and no graph.

    >>> Report("all is well")
    all is well
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.text)


Of = TypeVar("Of", bound=Report)


def handed_over(report: Of, caller: FrameType | None) -> Of:
    """``report``, which is printed where ``caller`` does nothing with what it is given.

    So ``explain(loss)`` as a line of a script prints, and neither a REPL, which shows values by
    itself, nor ``print(explain(loss))`` shows a thing twice.
    """
    if caller is not None and _drops_it(caller):
        print(report)
    return report


def _drops_it(frame: FrameType) -> bool:
    """Whether the call that ``frame`` makes is a statement of its own."""
    following = (one for one in dis.get_instructions(frame.f_code) if one.offset > frame.f_lasti)
    return next((one.opname for one in following if one.opname != "CACHE"), "") == "POP_TOP"
