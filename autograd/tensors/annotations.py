"""The types that signatures are written in; nothing here is used at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, SupportsIndex, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from autograd.tensors.tensor import Tensor as Tensor

Number: TypeAlias = "int | float | bool"
TensorLike: TypeAlias = "Tensor | np.ndarray | np.generic | int | float | bool"
DType: TypeAlias = Any  # whatever autograd.as_dtype takes: float32, np.float32, "float32"
Sizes: TypeAlias = "SupportsIndex | Sequence[SupportsIndex]"  # 2, 3 or (2, 3)
Dims: TypeAlias = "int | tuple[int, ...] | list[int] | None"
