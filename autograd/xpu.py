"""``torch.xpu``, answered truthfully: Intel's GPU is not used."""

from __future__ import annotations

import typing as _typing

from autograd.cuda import (
    device_count as device_count,
    empty_cache as empty_cache,
    is_available as is_available,
    is_bf16_supported as is_bf16_supported,
    is_initialized as is_initialized,
    manual_seed as manual_seed,
    manual_seed_all as manual_seed_all,
    max_memory_allocated as max_memory_allocated,
    max_memory_reserved as max_memory_reserved,
    memory_allocated as memory_allocated,
    memory_reserved as memory_reserved,
    reset_peak_memory_stats as reset_peak_memory_stats,
    seed as seed,
    seed_all as seed_all,
    synchronize as synchronize,
)

__all__ = [
    "device_count", "empty_cache", "is_available", "is_bf16_supported", "is_initialized",
    "manual_seed", "manual_seed_all", "max_memory_allocated", "max_memory_reserved",
    "memory_allocated", "memory_reserved", "reset_peak_memory_stats", "seed", "seed_all",
    "synchronize",
]  # fmt: skip


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
