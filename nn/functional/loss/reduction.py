"""How the losses of elements become one number."""

from __future__ import annotations

from typing import Any

__all__ = ["reduction_of"]

REDUCTIONS = ("mean", "sum", "none")


def reduced(losses: Any, reduction: str) -> Any:
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def reduction_of(
    call: str, reduction: str, size_average: bool | None = None, reduce: bool | None = None
) -> str:
    """The reduction, checked; the two old arguments win where they are given."""
    if size_average is not None or reduce is not None:
        for name, value in (("size_average", size_average), ("reduce", reduce)):
            if isinstance(value, str):
                raise TypeError(
                    f"{call}: {name} must be True or False; got {value!r}. Write "
                    f"reduction={value!r}."
                )
        return "none" if reduce is False else "sum" if size_average is False else "mean"
    if reduction not in REDUCTIONS:
        raise ValueError(
            f"{call}: reduction must be 'mean', 'sum' or 'none'; got {reduction!r}. The default "
            "is 'mean'."
        )
    return reduction
