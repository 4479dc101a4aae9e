"""The questions that scripts ask of ``torch.cuda``, answered truthfully: there is no GPU."""

from __future__ import annotations

from typing import Any


def is_available() -> bool:
    """Whether a GPU can be used: no.

    >>> is_available()
    False
    """
    return False


def device_count() -> int:
    """The number of GPUs: none.

    >>> device_count()
    0
    """
    return 0


def manual_seed(seed: int) -> None:
    """Seed the generators of the GPU, of which there are none."""


manual_seed_all = manual_seed


def synchronize(device: Any = None) -> None:
    """Wait for the GPU: nothing is ever pending."""


def empty_cache() -> None:
    """Give memory back to the GPU: none was taken."""
