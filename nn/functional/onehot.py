"""Classes as vectors of zeros and a one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, integer_of
from autograd.arrays.dialect import ends
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import placed
from autograd.kernels.layout import in_rows

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["one_hot"]


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """A 1 at each index, in a new last axis: (*) int64 -> (*, num_classes) int64.

    Without ``num_classes``, the largest index plus one. Raises ValueError for an index outside
    [0, num_classes), TypeError for indices that are not integers.

    >>> import autograd
    >>> one_hot(autograd.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    check_tensors("one_hot", tensor=tensor)
    num_classes = integer_of("one_hot", "num_classes", num_classes)
    index = unwrap(tensor)
    if not dtypes.integral(index.dtype):
        raise TypeError(
            f"one_hot: indices must be integers; got {index.dtype}. Convert them: t.long()."
        )
    if index.size == 0 and num_classes <= 0:
        raise ValueError(
            "one_hot: the number of classes cannot be read off an empty tensor. Pass num_classes."
        )
    least, most = ends(index)
    classes = most + 1 if num_classes == -1 else num_classes
    if index.size and not 0 <= least <= most < classes:
        raise placed(
            ValueError(
                f"one_hot: indices must be in [0, {classes}); got {least} to {most}. "
                "Pass a larger num_classes, or correct the labels."
            )
        )
    rows = in_rows(index)[..., None]
    ones = np.equal(rows, np.arange(classes, like=rows))
    return wrap(ones.astype(np.int64), None)
