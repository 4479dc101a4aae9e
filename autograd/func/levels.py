"""The levels that are open, innermost last: a stack for each thread."""

from __future__ import annotations

import threading
from types import TracebackType

from autograd.engine.levels import Level


class _Stack(threading.local):
    levels: tuple[Level, ...] = ()


stack = _Stack()


class opened:
    """A level that is open inside the ``with`` statement.

    >>> with opened(3) as level:  # doctest: +ELLIPSIS
    ...     stack.levels, level.open
    ((<Level ..., batch>,), True)
    >>> stack.levels, level.open
    ((), False)
    """

    def __init__(self, size: int, randomness: str = "error") -> None:
        self.level = Level(size, randomness)

    def __enter__(self) -> Level:
        stack.levels = (*stack.levels, self.level)
        return self.level

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stack.levels = stack.levels[:-1]
        self.level.open = False
