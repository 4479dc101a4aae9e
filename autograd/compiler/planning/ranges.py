"""In which range integers lie: what looks at them have shown, or how they were made.

An index that has been looked at can be read at without another look: it neither counts from the
end nor leaves the array.
"""

from __future__ import annotations

import operator
from typing import Any

from autograd.arrays.dialect import ends
from autograd.compiler.planning.layouts import reach
from autograd.compiler.planning.memory import Memory
from autograd.compiler.planning.plan import View
from autograd.compiler.tapes.recorder import Call
from autograd.kernels.softmax import class_bounds


class Ranges:
    """What is known of arrays of integers: that none is negative, and what all are less than."""

    def __init__(self) -> None:
        self._ends: dict[int, tuple[Any, bool]] = {}  # by a number: of what, whether the greatest
        self._not_negative: set[Any] = set()
        self._below: dict[Any, int] = {}
        self._held: list[Any] = []

    def learn(self, call: Call, memory: Memory) -> None:
        """Take note of a look, and of what its results were compared with."""
        self._held.append(call)
        if call.function in (class_bounds, ends):
            array = getattr(call.args[0], "inside", None)
            if array is not None and memory.knows(array):
                key = _key(memory.view(array), memory)
                self._ends |= {id(one): (key, i == 1) for i, one in enumerate(call.result)}
        elif call.result is True and call.args and id(call.args[0]) in self._ends:
            key, greatest = self._ends[id(call.args[0])]
            if not greatest and call.function is operator.ge and call.args[1] == 0:
                self._not_negative.add(key)
            if greatest and call.function is operator.lt and type(call.args[1]) is int:
                self._below[key] = min(call.args[1], self._below.get(key, call.args[1]))

    def within(self, view: View, known: tuple[Any, Any], n: int, memory: Memory) -> bool:
        """Whether all that a view shows is from 0 to ``n`` - 1.

        :param known: the first number of its buffer and their distance; None where nobody knows.
        """
        first, distance = known
        if first is not None:
            places = reach(view.shape, view.access)
            return all([0 <= first + distance * place < n for place in places])
        key = _key(view, memory)
        return key in self._not_negative and self._below.get(key, n + 1) <= n


def _key(view: View, memory: Memory) -> Any:
    return view[:2], memory.versions.get(view.access.buffer, 0)
