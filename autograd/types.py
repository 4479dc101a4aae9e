"""``torch.types``: names for annotations."""

from __future__ import annotations

import os as _os
import typing as _typing
from collections.abc import Sequence
from typing import IO, Any, TypeAlias

from autograd.arrays.devices import device
from autograd.tensors.tensor import Tensor

__all__ = ["Device", "FileLike", "Number"]

Number: TypeAlias = int | float | bool
Device: TypeAlias = device | str | int | None
FileLike: TypeAlias = str | _os.PathLike[str] | IO[bytes]
_TensorOrTensors: TypeAlias = Tensor | Sequence[Tensor]
_size: TypeAlias = Sequence[int]
_dtype: TypeAlias = Any


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
