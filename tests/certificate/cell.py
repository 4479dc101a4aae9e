"""What one column says of one op: a cell of the table."""

from __future__ import annotations

from typing import Any


class Cell:
    """Cases counted by how they end."""

    def __init__(self) -> None:
        self.agreed = 0
        self.ulps = 0.0  # the largest error of those that agree
        self.wrongs: list[str] = []
        self.refused: list[str] = []
        self.absent = ""  # why there is nothing to compare

    @property
    def cases(self) -> int:
        return self.agreed + len(self.wrongs) + len(self.refused)

    def agree(self, error: float) -> None:
        self.agreed += 1
        self.ulps = max(self.ulps, error)

    def wrong(self, what: str, sample: Any) -> None:
        self.wrongs.append(f"{what} at {shown(sample)}")

    def refuse(self, fault: BaseException, sample: Any) -> None:
        self.refused.append(f"{type(fault).__name__}: {str(fault)[:300]} at {shown(sample)}")

    def accept(self, words: str) -> None:
        """An input that should be refused: PyTorch's words; none where it wants a tensor."""
        self.wrongs.append(words or "a number where PyTorch takes tensors only")


def shown(value: Any, most: int = 160) -> str:
    """The arguments of a sample: shapes for tensors."""
    if hasattr(value, "args") and hasattr(value, "kwargs"):
        parts = [shown(one) for one in value.args]
        parts += [f"{key}={shown(one)}" for key, one in value.kwargs.items()]
        return f"({', '.join(parts)})"[:most]
    if hasattr(value, "array"):
        return f"{value.array.dtype}{list(value.array.shape)}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(shown, value)) + "]"
    text = str(value)
    return (type(value).__name__ if " at 0x" in text else text)[:60]
