"""Draws that leave the stream where it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograd.random.generator import default_generator


@contextmanager
def fork_rng(
    devices: Any = None,
    enabled: bool = True,
    _caller: str = "fork_rng",
    _devices_kw: str = "devices",
    device_type: str | None = None,
) -> Iterator[None]:
    """A block of code whose draws leave the default stream where it was before.

    >>> from autograd.random.generator import manual_seed
    >>> before = manual_seed(0).get_state()
    >>> with fork_rng():
    ...     _ = manual_seed(1)
    >>> (default_generator.get_state() == before).all().item()
    True
    """
    state = default_generator.get_state() if enabled else None
    try:
        yield
    finally:
        if state is not None:
            default_generator.set_state(state)
