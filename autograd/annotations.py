"""The types that signatures are written in; nothing here is used at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    from autograd.tensor import Tensor as Tensor

Number: TypeAlias = "int | float | bool"
TensorLike: TypeAlias = "Tensor | np.ndarray | int | float | bool"
DType: TypeAlias = Any  # whatever autograd.as_dtype takes: float32, np.float32, "float32"
Dims: TypeAlias = "int | tuple[int, ...] | list[int] | None"
