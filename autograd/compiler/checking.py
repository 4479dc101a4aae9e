"""A call that is done twice, by the program and by the function, and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.engine.graph import TensorBase

NEAR, FEW = 1e-3, 0.05  # of an array's largest number; of the numbers that a step changes


class Checked:
    """What ``compile(step, check=n)`` does each n-th time.

    The program runs first; what it has written is noted and put back, and the function runs from
    the same state, and is what counts. Raises RuntimeError where the two differ.
    """

    def __init__(self, captured: Any, function: Callable[..., Any]) -> None:
        self.captured, self.function = captured, function

    def call(self, arrays: tuple[Any, ...], args: Any, options: Any) -> Any:
        """The function's result, once the program's was found to be the same."""
        leaves, _ = trees.flatten((args, options))
        before = [*self._written(arrays)], [*self._numbers()], [*self._tensors(leaves)]
        streams = [(one, one.get_state()) for one in self.captured.streams]
        found = _copied(self.captured.run(arrays, args, options))
        results = len(found)
        found += self._changed(arrays, leaves)
        self._put_back(*before)
        for stream, state in streams:
            stream.set_state(state)
        result = self.function(*args, **options)
        expected = _copied(result) + self._changed(arrays, leaves)
        exact = self.captured.plan is None  # NumPy's calls: bit for bit
        self._compare(found[:results], expected[:results], 0.0 if exact else NEAR, 0)
        self._compare(found[results:], expected[results:], *((0.0, 0) if exact else (NEAR, FEW)))
        return result

    # -- state -----------------------------------------------------------------------------------

    def _written(self, arrays: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
        """The arrays that the program writes to, and copies of them."""
        for one, array in zip(self.captured.inputs, arrays):
            if isinstance(array, np.ndarray) and one.written:
                yield array, array.copy()

    def _numbers(self) -> Iterator[tuple[Callable[..., Any], dict[str, Any]]]:
        """Who is told of numbers that the program counts, and what they are."""
        for told, names in self.captured.tellers:
            yield told, {name: told.__self__.state[name] for name in names}

    def _tensors(self, leaves: list[Any]) -> Iterator[tuple[Any, Any, Any, Any]]:
        """Tensors that the step may give other arrays or gradients, with what they have."""
        for tensor in self.captured.tensors(leaves):
            yield tensor, tensor._data, tensor._grad, tensor._edge

    @staticmethod
    def _put_back(written: list[Any], numbers: list[Any], tensors: list[Any]) -> None:
        for array, copy in written:
            array[...] = copy
        for told, before in numbers:
            told(before)
        for tensor, data, grad, edge in tensors:
            tensor._data, tensor._grad, tensor._edge = data, grad, edge

    def _changed(self, arrays: tuple[Any, ...], leaves: list[Any]) -> list[Any]:
        """All that the step changes, as it is now."""
        values = [copy for _, copy in self._written(arrays)]
        for tensor in self.captured.tensors(leaves):
            values.append(None if tensor._grad is None else np.array(tensor._grad._data))
        for holder in self.captured.holders:
            values += [v for k, v in holder.items() if type(v) in (int, float)]
        return values + [one.get_state() for one in self.captured.streams]

    @staticmethod
    def _compare(found: list[Any], expected: list[Any], near: float, few: float) -> None:
        """Raise where values differ by more than ``near`` of their array's largest number.

        Machine code may, by rounding, and ``few`` of all numbers by more: a rule that divides by
        the root of a gradient that is 0 but for rounding goes anywhere.
        """
        apart, size = 0, 0
        pair: tuple[Any, Any] = (None, None)
        for one, wanted in zip(found, expected):
            if type(one) is float and type(wanted) is float:  # it may be an array's element
                one, wanted = np.array(one), np.array(wanted)
            if isinstance(wanted, np.ndarray) and dtypes.differentiable(wanted.dtype):
                off = _apart(one, wanted, near)
                apart, size = apart + off, size + wanted.size
                pair = (one, wanted) if off else pair
            elif not _same(one, wanted):
                apart, size, pair = 1, 0, (one, wanted)
                break
        if apart > few * size:
            raise RuntimeError(
                "compile: a program must give what its step gives; check found "
                f"{_shown(pair[0])} where the step gives {_shown(pair[1])}. What the step reads or "
                "keeps in Python alone must not change from call to call: pass it as an argument, "
                "return it."
            )


def _apart(one: Any, wanted: Any, near: float) -> int:
    """How many numbers of an array are further off than ``near`` of the largest."""
    if getattr(one, "shape", None) != wanted.shape or one.dtype != wanted.dtype:
        return wanted.size + 1
    room = near * float(np.abs(wanted[np.isfinite(wanted)]).max(initial=0))
    return int(np.count_nonzero(~np.isclose(one, wanted, 0, room, equal_nan=True)))


def _same(one: Any, wanted: Any) -> bool:
    if isinstance(wanted, np.ndarray):
        return isinstance(one, np.ndarray) and np.array_equal(one, wanted)
    return type(one) is type(wanted) and bool(one == wanted)


def _copied(result: Any) -> list[Any]:
    leaves, _ = trees.flatten(result)
    return [np.array(x._data) if isinstance(x, TensorBase) else x for x in leaves]


def _shown(value: Any) -> str:
    return repr(value).replace("\n", " ")[:80]
