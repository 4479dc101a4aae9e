"""How many functions are being differentiated: whether an inner gradient is to be recorded."""

from __future__ import annotations

import threading


class _Opened(threading.local):
    """Of this thread."""

    depth = 0


opened = _Opened()
