"""The order of arguments before PyTorch 1.5, which scripts still use: ``p.add_(-lr, g)``."""

from __future__ import annotations

import warnings
from typing import Any

_told = False


def reordered(
    call: str, args: tuple[Any, ...], count: int, *names: str
) -> tuple[list[Any], dict[str, Any]]:
    """The ``count`` operands among ``args``, and by name the numbers that stood before them.

    The last of ``args`` is an operand; of the others, those that are tensors. A warning says so
    once. Raises TypeError where there are too many operands, or numbers.
    """
    global _told
    operand = [hasattr(value, "dtype") for value in args[:-1]] + [True]
    operands = [value for value, is_one in zip(args, operand) if is_one]
    numbers = [value for value, is_one in zip(args, operand) if not is_one]
    if len(operands) != count or len(numbers) > len(names) or all(operand[:2]):
        given = " and ".join([f"{name}=2" for name in names])
        raise TypeError(
            f"{call}: takes {count} positional arguments; got {len(args)}. Numbers are given by "
            f"name: {given}."
        )
    if not _told:
        _told = True
        pattern = ", ".join([f"{name}=..." for name in names[-len(numbers) :]])
        warnings.warn(
            f"{call}: numbers in front of what they multiply are PyTorch's form before 1.5; it is "
            f"taken, and said once. Write {call}(..., {pattern}).",
            stacklevel=5,
        )
    return operands, dict(zip(names, numbers))
