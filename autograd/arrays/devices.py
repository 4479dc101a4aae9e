"""Devices: there is one, the CPU, and scripts that ask for others are told so."""

from __future__ import annotations

from typing import Any, Literal

from autograd.arrays import dtypes

__all__ = [
    "channels_last", "channels_last_3d", "contiguous_format", "device", "get_default_device",
    "layout", "memory_format", "preserve_format", "set_default_device", "sparse_coo",
    "sparse_csr", "strided",
]  # fmt: skip

_KNOWN = ("cpu", "cuda", "mps", "xpu", "meta")


class device:  # noqa: N801 - torch.device
    """Where a tensor lives: ``device("cpu")``; ``device("cuda")`` can be named, but not used.

    Raises ValueError for an unknown name, TypeError for what is no name.

    >>> device("cpu")
    device(type='cpu')
    """

    __slots__ = ("index", "type")

    type: str
    index: int | None

    def __init__(self, type: Any = "cpu", index: int | None = None) -> None:
        if isinstance(type, device):
            type, index = type.type, type.index
        if not isinstance(type, str):
            raise TypeError(
                f"device: expected a name, one of {', '.join(_KNOWN)}; got {type!r:.60}. "
                "Pass 'cpu'."
            )
        name, _, number = type.partition(":")
        if name not in _KNOWN or (number and not number.isdigit()):
            raise ValueError(f"device: expected one of {', '.join(_KNOWN)}; got {type!r:.60}.")
        self.type = name
        self.index = int(number) if number else index

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, device):
            return NotImplemented
        return (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __repr__(self) -> str:
        number = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{number})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"


class layout:  # noqa: N801 - torch.layout
    """How the elements of a tensor lie in memory: all of them, by strides, or some, with places.

    >>> import autograd
    >>> autograd.ones(2).layout
    autograd.strided
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"{dtypes.DTYPE_PREFIX}{self.name}"


class memory_format:  # noqa: N801 - torch.memory_format
    """An order of axes in memory: that of what is copied, rows (C order), or channels last.

    >>> import autograd
    >>> autograd.ones(1, 2, 3, 4).contiguous(memory_format=autograd.channels_last).stride()
    (24, 1, 8, 2)
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"{dtypes.DTYPE_PREFIX}{self.name}"


strided, sparse_coo, sparse_csr = map(layout, ("strided", "sparse_coo", "sparse_csr"))

preserve_format, contiguous_format = map(memory_format, ("preserve_format", "contiguous_format"))
channels_last, channels_last_3d = map(memory_format, ("channels_last", "channels_last_3d"))


def order_of(wanted: memory_format | None) -> Literal["C", "K"]:
    """NumPy's name of a memory format; without one, what is copied keeps its order."""
    return "C" if wanted is contiguous_format else "K"


def has_channels_last(call: str, wanted: memory_format | None, ndim: int) -> bool:
    """Whether axis 1 is to run fastest; ValueError where the format is that of another ``ndim``."""
    if wanted is not channels_last and wanted is not channels_last_3d:
        return False
    expected = 4 if wanted is channels_last else 5
    if ndim != expected:
        raise ValueError(
            f"{call}: {wanted} is for tensors of {expected} axes; got one of {ndim}. "
            "Leave memory_format out."
        )
    return True


CPU = device("cpu")


def get_default_device() -> device:
    """Where tensors are made: the CPU.

    >>> get_default_device()
    device(type='cpu')
    """
    return CPU


def set_default_device(device: Any) -> None:
    """Accepts the CPU (or None). Raises RuntimeError for other devices.

    >>> set_default_device("cpu")
    """
    check_device(device)


def check_device(where: Any) -> None:
    """Raise RuntimeError where ``where`` (a device, its name, or None) is not the CPU."""
    if where is not None and device(where).type != "cpu":
        raise RuntimeError(
            f"device: tensors live on the CPU; got {str(where)!r}. Choose the device by "
            "autograd.cuda.is_available(), which is False here."
        )
