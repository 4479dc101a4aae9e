"""Switches of PyTorch's that scripts set: kept and told back. Nothing here depends on them.

Results are deterministic, matrix products are as precise as their dtype, and subnormal numbers
count.
"""

from __future__ import annotations

import warnings
from typing import Any

from autograd.arrays.arguments import integer_of

__all__ = [
    "are_deterministic_algorithms_enabled", "get_deterministic_debug_mode",
    "get_float32_matmul_precision", "get_num_interop_threads",
    "is_deterministic_algorithms_warn_only_enabled", "is_warn_always_enabled",
    "set_deterministic_debug_mode", "set_float32_matmul_precision", "set_flush_denormal",
    "set_num_interop_threads", "set_warn_always", "use_deterministic_algorithms",
]  # fmt: skip

_PRECISIONS = ("highest", "high", "medium")
_MODES = ("default", "warn", "error")

_precision = "highest"
_mode = 0
_interop_threads = 1
_warn_always = False


def set_float32_matmul_precision(precision: str) -> None:
    """Accepts 'highest', 'high' and 'medium', and warns of others; products stay what they are.

    >>> set_float32_matmul_precision("high")
    >>> get_float32_matmul_precision()
    'high'
    >>> set_float32_matmul_precision("highest")
    """
    global _precision
    if precision in _PRECISIONS:
        _precision = precision
    else:
        warnings.warn(
            f"set_float32_matmul_precision: expected one of {', '.join(_PRECISIONS)}; "
            f"got {precision!r:.60}, which has no effect.",
            stacklevel=2,
        )


def get_float32_matmul_precision() -> str:
    """What :func:`set_float32_matmul_precision` was given last, at first 'highest'.

    >>> get_float32_matmul_precision()
    'highest'
    """
    return _precision


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Accepts True and False; everything is deterministic in any case.

    >>> use_deterministic_algorithms(True)
    >>> are_deterministic_algorithms_enabled(), get_deterministic_debug_mode()
    (True, 2)
    >>> use_deterministic_algorithms(False)
    """
    global _mode
    _mode = 0 if not mode else 1 if warn_only else 2


def are_deterministic_algorithms_enabled() -> bool:
    """Whether :func:`use_deterministic_algorithms` was given True.

    >>> are_deterministic_algorithms_enabled()
    False
    """
    return _mode > 0


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Whether :func:`use_deterministic_algorithms` was given ``warn_only=True``.

    >>> is_deterministic_algorithms_warn_only_enabled()
    False
    """
    return _mode == 1


def set_deterministic_debug_mode(debug_mode: int | str) -> None:
    """Accepts 'default', 'warn', 'error', or their numbers from 0; others raise RuntimeError.

    >>> set_deterministic_debug_mode("default")
    >>> get_deterministic_debug_mode()
    0
    """
    global _mode
    found: Any = _MODES.index(debug_mode) if debug_mode in _MODES else debug_mode
    if found not in (0, 1, 2):
        raise RuntimeError(
            f"set_deterministic_debug_mode: expected one of {', '.join(_MODES)}, or 0, 1, 2; "
            f"got {debug_mode!r:.60}."
        )
    _mode = int(found)


def get_deterministic_debug_mode() -> int:
    """0, 1 where :func:`use_deterministic_algorithms` only warns, 2 where it is on.

    >>> get_deterministic_debug_mode()
    0
    """
    return _mode


def set_num_interop_threads(num: int) -> None:
    """Accepts a number of threads for operations that run side by side: none do.

    Raises ValueError below 1.

    >>> set_num_interop_threads(1)
    >>> get_num_interop_threads()
    1
    """
    global _interop_threads
    num = integer_of("set_num_interop_threads", "num", num)
    if num < 1:
        raise ValueError(f"set_num_interop_threads: expected at least 1; got {num}.")
    _interop_threads = num


def get_num_interop_threads() -> int:
    """What :func:`set_num_interop_threads` was given last, at first 1.

    >>> get_num_interop_threads()
    1
    """
    return _interop_threads


def set_flush_denormal(mode: bool) -> bool:
    """Whether subnormal numbers can be taken for zero, which they cannot: False.

    >>> set_flush_denormal(True)
    False
    """
    return False


def set_warn_always(b: bool) -> None:
    """Accepts whether PyTorch's warnings come each time.

    >>> set_warn_always(False)
    >>> is_warn_always_enabled()
    False
    """
    global _warn_always
    _warn_always = bool(b)


def is_warn_always_enabled() -> bool:
    """What :func:`set_warn_always` was given last.

    >>> is_warn_always_enabled()
    False
    """
    return _warn_always
