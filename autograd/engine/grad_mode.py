"""Grad mode: whether operations are recorded, for each thread on its own."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, overload

__all__ = [
    "enable_grad", "inference_mode", "is_grad_enabled", "is_inference_mode_enabled", "no_grad",
    "set_grad_enabled",
]  # fmt: skip

try:
    from _thread import _local  # without importing threading, which takes a millisecond
except ImportError:  # Pythons other than CPython
    from threading import local as _local

local = _local

F = TypeVar("F", bound=Callable[..., Any])

S = TypeVar("S")


class _Mode(local):
    """The state of one thread; class attributes are what a new thread starts with."""

    grad = True  # whether operations are recorded
    inference = False
    withheld = False  # grad mode was asked for inside inference mode, which does not record

    def switch(self, grad: bool, inference: bool) -> None:
        self.inference = inference
        self.grad, self.withheld = grad and not inference, grad and inference


mode = _Mode()


def is_grad_enabled() -> bool:
    """Whether grad mode is on in this thread: operations are recorded, but in inference mode.

    >>> is_grad_enabled()
    True
    """
    return mode.grad or mode.withheld


def is_inference_mode_enabled() -> bool:
    """Whether this thread is inside :class:`inference_mode`.

    >>> is_inference_mode_enabled()
    False
    """
    return mode.inference


class _Switch:
    """A context manager and decorator that sets the mode and puts it back."""

    _grad: bool
    _inference: bool | None = None

    def __init__(self) -> None:
        self._before: list[tuple[bool, bool, bool]] = []

    def __enter__(self) -> None:
        inference = mode.inference
        self._before.append((mode.grad, inference, mode.withheld))
        if self._inference is None and not inference:  # no_grad and its kin, as nearly always
            mode.grad = self._grad
        else:
            mode.switch(self._grad, inference if self._inference is None else self._inference)

    def __exit__(self, *exception: object) -> None:
        mode.grad, mode.inference, mode.withheld = self._before.pop()

    def _again(self) -> _Switch:
        return type(self)()

    def __call__(self, function: F) -> F:
        """Decorate: every call of ``function`` (or every step of a generator) runs in this mode."""
        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def steps(*args: Any, **kwargs: Any) -> Any:
                generator = function(*args, **kwargs)
                step, value = generator.send, None
                try:
                    while True:
                        with self._again():
                            try:
                                item = step(value)
                            except StopIteration as stop:
                                return stop.value
                        try:
                            step, value = generator.send, (yield item)
                        except Exception as error:  # thrown in: the generator may catch it
                            step, value = generator.throw, error
                finally:
                    with self._again():
                        generator.close()

            return steps  # type: ignore[return-value]

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self._again():
                return function(*args, **kwargs)

        return call  # type: ignore[return-value]


class _BareSwitch(_Switch):
    """A switch that also decorates without parentheses: ``@no_grad``."""

    @overload
    def __new__(cls: type[S], function: None = None) -> S: ...
    @overload
    def __new__(cls, function: F) -> F: ...  # type: ignore[misc]
    def __new__(cls, function: Any = None) -> Any:
        switch = super().__new__(cls)
        if function is None:
            return switch
        if not callable(function):
            raise TypeError(
                f"{cls.__name__}: expected a function to decorate, or nothing; got "
                f"{function!r:.60}. Write `with {cls.__name__}():`, or set_grad_enabled(flag)."
            )
        switch.__init__()  # type: ignore[misc]
        return switch(function)

    def __init__(self, function: None = None) -> None:
        self._before = []


def _check_flag(call: str, mode: Any) -> None:
    if not isinstance(mode, bool):
        raise TypeError(f"{call}: mode must be True or False; got {mode!r:.60}. Pass a bool.")


class no_grad(_BareSwitch):
    """Nothing is recorded inside: results do not require grad.

    >>> import autograd
    >>> x = autograd.tensor(1.0, requires_grad=True)
    >>> with autograd.no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    """

    _grad = False


class enable_grad(_BareSwitch):
    """Operations are recorded inside, also within :class:`no_grad`; not in :class:`inference_mode`.

    >>> with no_grad(), enable_grad():
    ...     is_grad_enabled()
    True
    """

    _grad = True


class inference_mode(_Switch):
    """Nothing is recorded inside, whatever :class:`enable_grad` says; it is no faster here.

    ``inference_mode(False)`` leaves the mode: operations are recorded, also within
    :class:`no_grad`.

    >>> with inference_mode():
    ...     is_grad_enabled()
    False
    >>> with inference_mode(), inference_mode(False):
    ...     is_grad_enabled()
    True
    """

    @overload
    def __new__(cls: type[S], mode: bool = True) -> S: ...
    @overload
    def __new__(cls, mode: F) -> F: ...  # type: ignore[misc]
    def __new__(cls, mode: Any = True) -> Any:
        switch = super().__new__(cls)
        if not callable(mode):
            return switch
        switch.__init__()  # type: ignore[misc]
        return switch(mode)

    def __init__(self, mode: bool = True) -> None:
        super().__init__()
        _check_flag("inference_mode", mode)
        self._grad, self._inference = not mode, mode

    def _again(self) -> inference_mode:
        return inference_mode(not self._grad)


class set_grad_enabled(_Switch):
    """Set the mode at once; as a context manager, put it back at the end.

    >>> with set_grad_enabled(False):
    ...     is_grad_enabled()
    False
    """

    def __init__(self, mode: bool) -> None:
        super().__init__()
        _check_flag("set_grad_enabled", mode)
        self._grad = mode
        super().__enter__()

    def __enter__(self) -> None:
        if not self._before:  # entered again
            super().__enter__()

    def _again(self) -> set_grad_enabled:
        return set_grad_enabled(self._grad)

    def __call__(self, function: F) -> F:
        if self._before:  # a decorator must not stay on where the function is defined
            self.__exit__()
        return super().__call__(function)
