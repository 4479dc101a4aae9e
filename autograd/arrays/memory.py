"""How freed memory is kept."""

from __future__ import annotations

import numpy as np


def keep_large_blocks() -> None:
    """Let the C library keep large blocks that are freed, so that the next result gets them.

    glibc takes blocks of 128 kB and more from the system one by one and gives them back when they
    are freed: each result of 10⁶ elements then pays for a thousand new pages. The bound rises to
    the largest block ever freed that way, at most to 32 MB, and that is what one block does here
    whose pages nobody touches: 20 µs, no memory. Of what is free at the end of its heap glibc
    keeps at most 64 MB. Other allocators take the block and its return as any other.
    """
    np.empty((32 << 20) - 8192, np.uint8)  # freed at once
