"""What functions of matrices ask of them, and the error for those that cannot be inverted."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.arrays.dialect import anywhere, foreign
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import PLAIN, ShapeError, placed
from autograd.kernels.lu import no_pivot, not_positive
from autograd.ops.shape.expand import Expand


class LinAlgError(RuntimeError, np.linalg.LinAlgError):
    """A matrix is singular, or not positive-definite, or an iteration did not converge.

    >>> issubclass(LinAlgError, RuntimeError), issubclass(LinAlgError, ValueError)  # as NumPy's
    (True, True)
    """

    __module__ = "autograd.linalg"
    place: str


PLAIN.add(LinAlgError)


# -- what is refused -------------------------------------------------------------------------------


def check_matrices(call: str, **given: Any) -> None:
    """Raise for what is no stack of matrices of float32, float64 or complex numbers."""
    check_tensors(call, **given)
    for name, x in given.items():
        if x.ndim < 2:
            raise ShapeError(
                f"{call}: {name} must be a matrix, or a stack of them (*, m, n), so have at least "
                f"2 dimensions; got shape {tuple(x.shape)}."
            )
        if not dtypes.differentiable(x.dtype) or dtypes.narrow(x.dtype):
            raise placed(
                RuntimeError(
                    f"{call}: {name} must be of float32, float64 or complex numbers; got "
                    f"{x.dtype}. Convert it: {name}.float()."
                )
            )
    check_one_dtype(call, **given)


def check_square(call: str, **given: Any) -> None:
    """Raise for what is no stack of square matrices of such numbers."""
    check_matrices(call, **given)
    for name, x in given.items():
        if x.shape[-1] != x.shape[-2]:
            raise ShapeError(
                f"{call}: {name} must be square matrices (*, n, n); got shape {tuple(x.shape)}."
            )


def check_one_dtype(call: str, **given: Any) -> None:
    """Raise where the tensors are of several dtypes."""
    if len(given) > 1 and len({str(x.dtype) for x in given.values()}) > 1:
        named = " and ".join([f"{name} of {x.dtype}" for name, x in given.items()])
        raise placed(
            RuntimeError(
                f"{call}: all matrices must have one dtype; got {named}. Convert one of them: "
                f"{next(iter(given))}.to(...)."
            )
        )


def of_one_batch(call: str, a: Any, b: Any) -> tuple[Any, Any]:
    """Two stacks of matrices, the axes before the last two broadcast."""
    if a.shape[:-2] == b.shape[:-2]:
        return a, b
    try:
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        raise ShapeError(
            f"{call}: batches must broadcast; got shapes {tuple(a.shape)} and {tuple(b.shape)}."
        ) from None
    return tuple([Expand.apply(x, (*batch, *x.shape[-2:])) for x in (a, b)])


# -- what cannot be solved -------------------------------------------------------------------------


def singular(call: str, a: Any) -> LinAlgError:
    """The error for matrices one of which NumPy has found to be singular."""
    element, place = _first(no_pivot(a))
    return LinAlgError(
        f"{call}: the matrix must be invertible; {element} is singular, with 0 for element {place} "
        "of U's diagonal. linalg.pinv and lstsq take such matrices."
    )


def indefinite(call: str, a: Any) -> LinAlgError:
    """The error for matrices one of which NumPy has found not to be positive-definite."""
    element, place = _first(not_positive(a))
    return LinAlgError(
        f"{call}: the matrix must be positive-definite; {element} is not, by its leading minor of "
        f"order {place}. Add a small multiple of the identity."
    )


def unfinished(call: str) -> LinAlgError:
    """The error for matrices with which LAPACK finds no end."""
    return LinAlgError(
        f"{call}: the iteration must converge; it did not, as for a matrix that holds inf or NaN. "
        "Look for them: x.isfinite()."
    )


def first_zero(a: Any) -> Any:
    """Of each matrix, the place of the first 0 on its diagonal, int32, counted from 1; 0: none.

    >>> first_zero(np.array([[1.0, 0.0], [0.0, 0.0]]))
    array(2, dtype=int32)
    """
    zeros = np.equal(np.diagonal(a, 0, -2, -1), 0)
    if not zeros.shape[-1]:
        return np.zeros(zeros.shape[:-1], np.int32, like=zeros)
    place = np.argmax(zeros, axis=-1) + 1
    return np.where(np.logical_or.reduce(zeros, axis=-1), place, 0).astype(np.int32)


def refuse_zeros(call: str, factor: str, info: Any, others: str) -> None:
    """Raise LinAlgError for the first of ``info`` that is a place where a diagonal holds 0."""
    if anywhere(np.not_equal(info, 0)):
        element, place = _first(info)
        element = f"that of {element}" if info.ndim else element
        raise placed(
            LinAlgError(
                f"{call}: {factor}'s diagonal must not hold 0; {element} does, at place {place}. "
                f"{others} such matrices."
            )
        )


def _first(info: Any) -> tuple[str, int]:
    """Which matrix is the first to be refused, in words, and the number that says why."""
    found = np.reshape(info, (-1,))
    place = int(np.argmax(np.not_equal(found, 0)))
    return f"batch element {place}" if info.ndim else "it", int(found[place])


def examined(
    compute: Callable[..., Any], look: Callable[[Any], Any], check: bool, A: Any, *more: Any
) -> tuple[Any, Any]:
    """``compute(A, *more)`` and int32 ``info``: 0, or for a matrix that has no result what
    ``look`` finds; there the result is NaN, unless with ``check`` its error is raised."""
    try:
        if check or foreign(unwrap(A)) is None:  # others may not raise, or not again
            return compute(A, *more), wrap(np.zeros(A.shape[:-2], np.int32, like=unwrap(A)), None)
    except LinAlgError:
        if check:
            raise
    info = look(unwrap(A))
    good = wrap(np.equal(np.expand_dims(info, (-2, -1)), 0), None)
    eye = wrap(np.eye(A.shape[-1], dtype=A.dtype, like=unwrap(A)), None)
    result = compute(np.where(good, A, eye), *more)
    return np.where(good, result, math.nan), wrap(info, None)


# -- conjugates ------------------------------------------------------------------------------------


def adjoint(x: Any) -> Any:
    """Matrices transposed, and conjugated where they are complex.

    >>> adjoint(np.array([[1j, 2.0]]))
    array([[0.-1.j],
           [2.-0.j]])
    """
    turned = np.swapaxes(x, -1, -2)
    return np.conjugate(turned) if dtypes.complex_valued(x.dtype) else turned


def conjugated(x: Any) -> Any:
    """``x`` conjugated where it is complex; of a tuple, each; None where there is none."""
    if type(x) is tuple:
        return tuple([conjugated(one) for one in x])
    return np.conjugate(x) if x is not None and dtypes.complex_valued(x.dtype) else x
