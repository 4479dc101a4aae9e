"""A run of a model that is made to look at it, and leaves the model as it was."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.modules import InModules
from autograd.engine import versions
from autograd.engine.grad_mode import enable_grad, inference_mode
from autograd.engine.observer import Observer, observe
from autograd.random.fork import fork_rng

_LONGEST = 80  # characters of a module's path in an error


def arguments_of(inputs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What a model is called with: a tuple or list holds its arguments, a dict those by name.

    A named tuple, as a packed sequence is one, is an argument itself.
    """
    if isinstance(inputs, dict):
        return (), dict(inputs)
    return (tuple(inputs), {}) if type(inputs) in (tuple, list) else ((inputs,), {})


def run(call: str, model: Any, inputs: Any, observer: Observer) -> Any:
    """What ``model`` makes of ``inputs`` while ``observer`` is told; grad mode is on.

    :raises RuntimeError: the model raises; the message names the module that ran.
    """
    with untouched(model):
        return _called(call, model, inputs, observer)


def sized(call: str, model: Any, inputs: Any) -> Any:
    """``model``; one whose lazy parameters wait for a first input, as a copy that has seen it."""
    if not any([hasattr(one, "materialize") for one in (*model.parameters(), *model.buffers())]):
        return model
    model = deepcopy(model)
    with fork_rng():
        _called(call, model, inputs, InModules())
    return model


def _called(call: str, model: Any, inputs: Any, observer: Observer) -> Any:
    args, named = arguments_of(inputs)
    innermost = _Innermost()
    try:
        with inference_mode(False), enable_grad(), observe(innermost), observe(observer), _deeper():
            return model(*args, **named)
    except Exception as error:
        where = innermost.found or type(model).__name__
        raise RuntimeError(
            f"{call}: the model must run on what it is given; in "
            f"{where if len(where) < _LONGEST else f'…{where[-_LONGEST:]}'} it raised "
            f"{type(error).__name__}: {error}"
        ) from error


@contextmanager
def _deeper() -> Iterator[None]:
    """Modules may lie in each other as deep as without us, who take frames of our own for each."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(2 * limit)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


class _Innermost(InModules):
    """Notes the module that ran when it came to an error: the first that is left by it."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""
        self._returned: Any = None

    def module_returned(self, module: Any, result: Any) -> None:
        self._returned = module

    def module_left(self, module: Any) -> None:
        if self._returned is not module and not self.found:
            name = type(module).__name__
            self.found = self.module if self.module == name else f"{self.module} ({name})"
        self._returned = None
        super().module_left(module)


@contextmanager
def untouched(model: Any) -> Iterator[None]:
    """Whatever runs inside leaves the model and the random numbers as they were.

    Parameters, buffers and ``.grad``, modes, hooks, and what modules note on themselves are put
    back, so graphs that were recorded before are as good as they were. It takes a copy of all
    parameters and buffers.
    """
    if not hasattr(model, "modules"):  # a function
        with fork_rng():
            yield
        return
    attributes = [(one.__dict__, dict(one.__dict__)) for one in model.modules()]
    tables = [
        (value, dict(value))
        for _, held in attributes
        for value in held.values()
        if isinstance(value, dict)
    ]
    states = [_State(tensor) for tensor in (*model.parameters(), *model.buffers())]
    with fork_rng():
        try:
            yield
        finally:
            for now, before in (*attributes, *tables):
                now.clear()
                now.update(before)
            for state in states:
                state.put_back()


class _State:
    """A tensor of a model as it was."""

    def __init__(self, tensor: Any) -> None:
        self.tensor = tensor
        self.facts = tensor._data, tensor._edge, tensor._grad
        self.copy = np.array(tensor._data)
        self.time = versions.changed_at(tensor._data)

    def put_back(self) -> None:
        self.tensor._data, self.tensor._edge, self.tensor._grad = self.facts
        array = self.facts[0]
        if not np.array_equal(array, self.copy, equal_nan=dtypes.differentiable(self.copy.dtype)):
            array[...] = self.copy
        if versions.changed_at(array) != self.time:
            versions.note_of(array).time = self.time
