"""Which kernel attention should take: PyTorch's switches. There is one kernel here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum

__all__ = ["SDPBackend", "sdpa_kernel"]


class SDPBackend(IntEnum):
    """PyTorch's kernels, by name.

    >>> SDPBackend.MATH.name
    'MATH'
    """

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4


@contextmanager
def sdpa_kernel(
    backends: Sequence[SDPBackend] | SDPBackend, set_priority: bool = False
) -> Iterator[None]:
    """Changes nothing, as all of PyTorch's kernels give the same numbers to rounding.

    Raises TypeError for what is no :class:`SDPBackend`.

    >>> with sdpa_kernel(SDPBackend.MATH):
    ...     pass
    """
    for one in [backends] if isinstance(backends, SDPBackend) else backends:
        if not isinstance(one, SDPBackend):
            raise TypeError(
                f"sdpa_kernel: expected SDPBackend members; got {one!r:.60}. Pass SDPBackend.MATH."
            )
    yield
