"""Tensors that a step makes of what stands in its text: ``autograd.tensor([1.0, 2.0])``.

Such a tensor is the same each time, whatever happens in Python. That is sure where the user's line
is a call whose first argument is a literal, and the array holds its values.
"""

from __future__ import annotations

import ast
import linecache
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.lines import Line


def literal_at(line: Line | None, array: Any) -> Any:
    """The literal at the user's line that ``array`` was made of; None where there is none.

    Python 3.10 does not know where in a line a call stands: there it is None.
    """
    call = _call(line) if line is not None else None
    if call is None or not call.args:
        return None
    try:
        data = ast.literal_eval(call.args[0])
        made = np.array(data).astype(array.dtype)
    except (ValueError, TypeError):
        return None
    equal_nan = dtypes.differentiable(array.dtype)
    return data if np.array_equal(made, array, equal_nan=equal_nan) else None


def _call(line: Line) -> ast.Call | None:
    """The call that is under way at a line."""
    if not hasattr(line.code, "co_positions"):
        return None
    first, last, start, end = [*line.code.co_positions()][line.offset // 2]
    if first is None or last is None or start is None or end is None:
        return None
    lines = [one.encode() for one in linecache.getlines(line.file)[first - 1 : last]]
    if len(lines) != last - first + 1:
        return None
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    try:
        tree = ast.parse(f"({b''.join(lines).decode()})", mode="eval").body
    except (SyntaxError, UnicodeDecodeError):
        return None
    return tree if isinstance(tree, ast.Call) else None
