"""``const_graph``: a function with some arguments fixed, under HIPS autograd's name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

__all__ = ["const_graph"]


def const_graph(fun: Callable[..., Any], *args: Any, **options: Any) -> Callable[..., Any]:
    """``fun`` with its first arguments, and those named, fixed.

    HIPS autograd records the function at its first call, and calls it no more. Here it is called
    each time; a step that is to be recorded is one for :func:`autograd.compile`.

    >>> const_graph(lambda x, y: x + y, 1.0)(2.0)
    3.0
    """
    return partial(fun, *args, **options)
