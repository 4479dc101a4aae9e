"""A function of narrower numbers, checked in float64.

Differences of float32 values have lost most of their digits. So for the time of a check what the
function computes with is given its values in float64: its inputs, the parameters and buffers of a
module, and whatever else it reaches by way of a closure, as one call of it shows. Afterwards each
tensor has its own array again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.graph import TensorBase
from autograd.engine.observer import Observer, observe
from autograd.random.generator import get_rng_state, set_rng_state


def is_narrow(value: Any) -> bool:
    """Whether a tensor has fewer digits than float64."""
    return isinstance(value, TensorBase) and _wide(value._data.dtype) is not None


def _wide(dtype: Any) -> Any:
    """The dtype to check in; None where it is that already, or not one of real numbers at all."""
    if dtypes.complex_valued(dtype):
        return None if dtype == dtypes.complex128 else dtypes.complex128
    if dtypes.floating(dtype):
        return None if dtype == dtypes.float64 else dtypes.float64
    return None


def widened(array: Any) -> Any:
    """An array of floating or complex numbers in float64 or complex128; others as they are."""
    wide = _wide(array.dtype) if hasattr(array, "dtype") else None
    return array if wide is None else array.astype(wide)


class _Reached(Observer):
    """The tensors that ops are given, and that no op has made."""

    def __init__(self) -> None:
        self.found: dict[int, Any] = {}
        self.made: dict[int, Any] = {}

    def call_begins(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        for value in args:
            if isinstance(value, TensorBase) and id(value) not in self.made:
                self.found[id(value)] = value

    def call_ends(self, op: Any, result: Any, error: Any, recorded: bool) -> None:
        for one in result if isinstance(result, tuple) else (result,):
            if id(one) not in self.found:
                self.made[id(one)] = one


def state_of(func: Any) -> list[Any]:
    """The parameters and buffers of a module; of another function none."""
    if not hasattr(func, "named_parameters") or not hasattr(func, "named_buffers"):
        return []
    return [tensor for _, tensor in [*func.named_parameters(), *func.named_buffers()]]


@contextmanager
def in_float64(func: Callable[..., Any], inputs: list[Any]) -> Iterator[bool]:
    """Inside, ``func(*inputs)`` computes in float64 where it would in less; gives whether it did.

    Buffers of a module are copies inside, so that what is counted in them is not.
    """
    state = state_of(func)
    narrow = any([is_narrow(x) for x in (*inputs, *state)])
    reached = list(state)
    if narrow:
        reached += [x for x in inputs if isinstance(x, TensorBase)]
        seen, drawn = _Reached(), get_rng_state()
        before = [np.copy(x._data) for x in reached]
        with observe(seen):
            func(*inputs)
        set_rng_state(drawn)
        for x, values in zip(reached, before, strict=True):
            _put_back(x, values)
        reached += seen.found.values()
    own = [(x, x._data) for x in {id(x): x for x in reached}.values()]
    default = dtypes.get_default_dtype()
    try:
        for x, array in own:
            wide = widened(array)
            x._data = wide if wide is not array else _copied(array)
        if narrow:
            dtypes.set_default_dtype(dtypes.float64)
        yield narrow
    finally:
        for x, array in own:
            x._data = array
        if narrow:
            dtypes.set_default_dtype(default)


def _copied(array: Any) -> Any:
    return array if isinstance(array, np.generic) else array.copy()


def _put_back(x: Any, values: Any) -> None:
    """Undo what a call has written into a tensor."""
    array = x._data
    if not isinstance(array, np.generic) and array.shape == values.shape:
        if array.flags.writeable and not np.array_equal(array, values, equal_nan=True):
            array[...] = values
