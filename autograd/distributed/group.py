"""What scripts ask before they use several processes."""

from __future__ import annotations

__all__ = ["is_available", "is_initialized", "is_torchelastic_launched"]


def is_available() -> bool:
    """Whether several processes can train one model: no.

    >>> is_available()
    False
    """
    return False


def is_initialized() -> bool:
    """Whether this process is one of a group: no.

    >>> is_initialized()
    False
    """
    return False


def is_torchelastic_launched() -> bool:
    """Whether a launcher started this process: no.

    >>> is_torchelastic_launched()
    False
    """
    return False
