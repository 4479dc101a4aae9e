"""``torch.jit``: functions and modules pass through, and run as Python.

``load`` and ``save`` are missing: what they write is a program for PyTorch. Save the state of a
module.
"""

from __future__ import annotations

import typing as _typing
from collections.abc import Callable
from typing import Any

__path__: list[str] = []  # jit.annotations is a module, too

Final = _typing.Final


def script(obj: Any, *args: Any, **keywords: Any) -> Any:
    """A function, class or module as it is.

    >>> script(abs)(-1)
    1
    """
    return obj


def trace(func: Any, example_inputs: Any = None, *args: Any, **keywords: Any) -> Any:
    """A function or module as it is; unlike PyTorch's, it takes other branches for other inputs.

    >>> trace(abs, (-2,))(-1)
    1
    """
    return func


def trace_module(mod: Any, inputs: Any, *args: Any, **keywords: Any) -> Any:
    """A module as it is."""
    return mod


def ignore(drop: Any = False, **keywords: Any) -> Any:
    """A function as it is; a decorator, with or without arguments.

    >>> @ignore(drop=True)
    ... def one():
    ...     return 1
    >>> one()
    1
    """
    return drop if callable(drop) else lambda one: one


def export(fn: Callable[..., Any]) -> Callable[..., Any]:
    """A function as it is; a decorator."""
    return fn


unused = script_method = script_if_tracing = interface = export


def freeze(mod: Any, *args: Any, **keywords: Any) -> Any:
    """A module as it is."""
    return mod


optimize_for_inference = freeze


def is_scripting() -> bool:
    """Whether this code is being turned into a program: no.

    >>> is_scripting(), is_tracing()
    (False, False)
    """
    return False


is_tracing = onednn_fusion_enabled = is_scripting


def annotate(the_type: Any, the_value: Any) -> Any:
    """``the_value``.

    >>> annotate(list[int], [])
    []
    """
    return the_value


isinstance = isinstance  # noqa: PLW0127 - torch.jit.isinstance


class Running:
    """What :func:`fork` returns: the result of a call that is made already."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def wait(self) -> Any:
        """The result."""
        return self._value

    value = wait

    def done(self) -> bool:
        """Whether the call has ended: yes."""
        return True


def fork(func: Callable[..., Any], *args: Any, **keywords: Any) -> Running:
    """Call ``func`` at once; :func:`wait` gives the result.

    >>> wait(fork(abs, -1))
    1
    """
    return Running(func(*args, **keywords))


def wait(future: Running) -> Any:
    """The result of a call that :func:`fork` made."""
    return future.wait()


class optimized_execution:  # noqa: N801 - torch.jit.optimized_execution
    """A block of code whose programs are optimised: there are none."""

    def __init__(self, should_optimize: bool = True) -> None:
        self.should_optimize = should_optimize

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: Any) -> None:
        return None


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
