"""Which PyTorch this library does as."""

from __future__ import annotations

import re
from typing import Any


class TorchVersion(str):
    """A version that compares as versions do, with a string or a tuple of numbers, too.

    Parts that are no numbers count as nothing, and so does what follows a plus sign.

    >>> TorchVersion("2.13.0+gradloom") >= "2.9", TorchVersion("1.10") < (1, 9)
    (True, False)
    """

    def _numbers(self, other: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
        parts = []
        for one in (self, other):
            if isinstance(one, str):
                one = re.findall(r"\d+", re.split(r"\+|a|b|rc|\.dev", one)[0])
            parts.append([int(number) for number in one])
        length = max(map(len, parts))
        mine, others = (tuple(part + [0] * (length - len(part))) for part in parts)
        return mine, others

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str | tuple | list):
            return NotImplemented
        mine, others = self._numbers(other)
        return mine == others

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: Any) -> bool:
        mine, others = self._numbers(other)
        return mine < others

    def __le__(self, other: Any) -> bool:
        mine, others = self._numbers(other)
        return mine <= others

    def __gt__(self, other: Any) -> bool:
        mine, others = self._numbers(other)
        return mine > others

    def __ge__(self, other: Any) -> bool:
        mine, others = self._numbers(other)
        return mine >= others

    __hash__ = str.__hash__


FOLLOWED = TorchVersion("2.13.0+gradloom")  # the release whose behaviour is followed
