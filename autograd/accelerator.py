"""``torch.accelerator``, answered truthfully: there is none.

What asks whether there is one says no; what counts or clears its memory says nothing was taken;
what needs one raises RuntimeError.
"""

from __future__ import annotations

import typing as _typing
from typing import Any, NoReturn

from autograd.cuda import (
    device_count as device_count,
    empty_cache as empty_cache,
    is_available as is_available,
    max_memory_allocated as max_memory_allocated,
    max_memory_reserved as max_memory_reserved,
    memory_allocated as memory_allocated,
    memory_reserved as memory_reserved,
    memory_stats as memory_stats,
    reset_peak_memory_stats as reset_peak_memory_stats,
    synchronize as synchronize,
)

reset_accumulated_memory_stats = reset_peak_memory_stats

__all__ = [
    "current_accelerator", "current_device_idx", "current_device_index", "current_stream",
    "device_count", "empty_cache", "is_available", "max_memory_allocated", "max_memory_reserved",
    "memory_allocated", "memory_reserved", "memory_stats", "reset_accumulated_memory_stats",
    "reset_peak_memory_stats", "set_device_idx", "set_device_index", "synchronize",
]  # fmt: skip


def current_accelerator(check_available: bool = False) -> None:
    """The accelerator that is used: None.

    >>> print(current_accelerator())
    None
    """
    return None


def _refused(name: str) -> Any:
    def function(*args: Any, **keywords: Any) -> NoReturn:
        raise RuntimeError(
            f"accelerator.{name}: an accelerator is needed; there is none here. "
            "Ask only where accelerator.is_available() is True."
        )

    function.__name__ = function.__qualname__ = name
    function.__doc__ = "Needs an accelerator: raises RuntimeError."
    return function


current_device_index = _refused("current_device_index")
current_device_idx = current_device_index
set_device_index = _refused("set_device_index")
set_device_idx = set_device_index
current_stream = _refused("current_stream")


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
