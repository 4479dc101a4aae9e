"""``torch.cpu``: the device that there is."""

from __future__ import annotations

import typing as _typing
from typing import Any

from autograd.cuda import device as stream, synchronize as synchronize

__path__: list[str] = []  # cpu.amp is a module, too

__all__ = [
    "Stream", "current_device", "current_stream", "device_count", "is_available", "is_initialized",
    "set_device", "stream", "synchronize",
]  # fmt: skip


class Stream:
    """A queue of work: on the CPU all is done when a call returns.

    >>> Stream().query()
    True
    """

    def __init__(self, priority: int = -1) -> None:
        self.priority = priority

    def wait_stream(self, stream: Any) -> None:
        """Wait until another queue is empty: it is."""

    def synchronize(self) -> None:
        """Wait until this queue is empty: it is."""

    def query(self) -> bool:
        """Whether all is done: yes."""
        return True


def is_available() -> bool:
    """Whether there is a CPU: yes.

    >>> is_available()
    True
    """
    return True


is_initialized = is_available


def device_count() -> int:
    """The number of CPUs that tensors tell apart: one.

    >>> device_count()
    1
    """
    return 1


def current_device() -> str:
    """The CPU in use.

    >>> current_device()
    'cpu'
    """
    return "cpu"


def set_device(device: Any) -> None:
    """Choose the CPU: there is one."""


def current_stream(device: Any = None) -> Stream:
    """The queue of the CPU's, which is empty.

    >>> current_stream().query()
    True
    """
    return Stream()


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
