"""What functions of matrices ask of them, and the error for those that cannot be inverted."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.engine.places import PLAIN, ShapeError, placed


class LinAlgError(RuntimeError, np.linalg.LinAlgError):
    """A matrix is singular, or not positive-definite, or an iteration did not converge.

    >>> issubclass(LinAlgError, RuntimeError), issubclass(LinAlgError, ValueError)  # as NumPy's
    (True, True)
    """

    __module__ = "autograd.linalg"
    place: str


PLAIN.add(LinAlgError)


def check_matrices(call: str, **given: Any) -> None:
    """Raise for what is no stack of matrices of floating-point or complex numbers."""
    check_tensors(call, **given)
    for name, x in given.items():
        if x.ndim < 2:
            raise ShapeError(
                f"{call}: {name} must be a matrix, or a stack of them (*, m, n); got shape "
                f"{tuple(x.shape)}."
            )
        if not dtypes.differentiable(x.dtype):
            raise placed(
                RuntimeError(
                    f"{call}: {name} must be floating-point or complex; got {x.dtype}. Convert it: "
                    f"{name}.float()."
                )
            )


def check_square(call: str, **given: Any) -> None:
    """Raise for what is no stack of square matrices of floating-point or complex numbers."""
    check_matrices(call, **given)
    for name, x in given.items():
        if x.shape[-1] != x.shape[-2]:
            raise ShapeError(
                f"{call}: {name} must be square matrices (*, n, n); got shape {tuple(x.shape)}."
            )


def check_one_dtype(call: str, **given: Any) -> None:
    """Raise where the tensors are of several dtypes."""
    found = {name: str(x.dtype) for name, x in given.items()}
    if len({*found.values()}) > 1:
        named = ", ".join([f"{name} of {dtype}" for name, dtype in found.items()])
        raise placed(
            RuntimeError(
                f"{call}: all operands must have one dtype; got {named}. Convert: "
                f"{next(iter(given))}.to(...)."
            )
        )
