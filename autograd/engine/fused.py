"""Fused ops: several steps in one op with one tuned backward, and values made on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def taken(node: Any, make: Callable[..., Any], *inputs: Any) -> Any:
    """``node.made``, which is ``make(*inputs)``: the first backward pass takes it off the node.

    So its memory goes with that pass, though the loss may live on, and the taker may overwrite it.
    A second pass over a retained graph makes it anew.
    """
    made = node.__dict__.pop("made", None)  # atomic: of two threads, one gets it
    return make(*inputs) if made is None else made
