"""``torch.mps``, answered truthfully: Apple's GPU is not used."""

from __future__ import annotations

import typing as _typing
from typing import Any

from autograd.cuda import (
    device_count as device_count,
    empty_cache as empty_cache,
    is_available as is_available,
    manual_seed as manual_seed,
    memory_allocated as current_allocated_memory,
    seed as seed,
    synchronize as synchronize,
)

driver_allocated_memory = recommended_max_memory = current_allocated_memory

__all__ = [
    "current_allocated_memory", "device_count", "driver_allocated_memory", "empty_cache",
    "is_available", "manual_seed", "recommended_max_memory", "seed",
    "set_per_process_memory_fraction", "synchronize",
]  # fmt: skip


def set_per_process_memory_fraction(fraction: Any) -> None:
    """Limit the memory of the GPU that is taken: none is."""


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
