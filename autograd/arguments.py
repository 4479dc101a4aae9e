"""What functions ask of their arguments, where an operation would not say it as well.

Most are called where something failed already: what goes well pays nothing for them.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np


def check_tensors(call: str, **given: Any) -> None:
    """Raise TypeError for an argument that is neither a tensor nor an array."""
    for name, value in given.items():
        if not (hasattr(value, "dtype") and hasattr(value, "shape")):
            raise TypeError(
                f"{call}: {name} must be a tensor; got {type(value).__name__}. Make one: "
                "autograd.tensor(...)."
            )


def check_numeric(call: str, **given: Any) -> None:
    """Raise TypeError for an argument that holds anything else than numbers."""
    for name, value in given.items():
        kind = value.dtype.kind if hasattr(value, "dtype") else np.asarray(value).dtype.kind
        if kind not in "biufc":
            raise TypeError(
                f"{call}: {name} must be a tensor or numbers; got {value!r:.60} of type "
                f"{type(value).__name__}. Make one: autograd.tensor(...)."
            )


def number_of(call: str, name: str, value: Any) -> float:
    """A number, also one that comes as a tensor of one element; TypeError for anything else."""
    if type(value) is float:
        return value
    if getattr(value, "_edge", None) is not None:
        raise TypeError(
            f"{call}: {name} must be a number, which has no gradient; got a tensor that requires "
            "grad. Write the function out, or detach it."
        )
    if not isinstance(value, (str, bytes)):
        try:
            return float(value)
        except (TypeError, ValueError, RuntimeError):
            pass
    raise TypeError(f"{call}: {name} must be a number; got {value!r:.60}. Pass a float.")


def integer_of(call: str, name: str, value: Any) -> int:
    """A whole number, also one that comes as a tensor; TypeError for anything else."""
    if type(value) is int:
        return value
    try:
        if value is True or value is False:
            raise TypeError
        return operator.index(value)
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(
            f"{call}: {name} must be a whole number; got {value!r:.60}. Pass an int."
        ) from None
