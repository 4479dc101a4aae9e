"""What factorisations share: conjugate transposes, phases, what is asked of a matrix.

Gradients are unconjugated inside (docs/design.md). The formulas of factorisations, which conjugate
in themselves, are those of the literature, for conjugated gradients: they begin by conjugating what
comes in, and end by conjugating what goes out. Of real numbers a conjugate is the number itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.linalg import LinAlgError as NotConverged

from autograd.arrays import dtypes
from autograd.arrays.dialect import everywhere
from autograd.engine.graph import unwrap
from autograd.engine.places import placed
from autograd.ops.linalg.matrices import LinAlgError, check_matrices


def adjoint(x: Any) -> Any:
    """Matrices, transposed and conjugated.

    >>> adjoint(np.array([[1j, 2.0]]))
    array([[0.-1.j],
           [2.-0.j]])
    """
    x = np.swapaxes(x, -1, -2)
    return np.conjugate(x) if dtypes.complex_valued(x.dtype) else x


def conjugated(g: Any) -> Any:
    """The conjugate of a gradient, or of those of several outputs; None where there is none."""
    if type(g) is tuple:
        return tuple([conjugated(one) for one in g])
    return np.conjugate(g) if g is not None and dtypes.complex_valued(g.dtype) else g


def on_diagonal(d: Any, n: int) -> Any:
    """Diagonal matrices of the last axis, n long.

    >>> on_diagonal(np.array([1.0, 2.0]), 2)
    array([[1., 0.],
           [0., 2.]])
    """
    eye = np.eye(n, dtype=np.real(unwrap(d)).dtype, like=unwrap(d))
    return np.expand_dims(d, -1) * eye


def check_phases(call: str, diagonal: Any, what: str) -> None:
    """Raise RuntimeError where a loss changes as complex vectors are multiplied by a phase.

    Eigenvectors and singular vectors are vectors but for a factor of absolute value 1. Along the
    circle of these factors a loss has the slope ``diagonal`` · i, imaginary parts, which must be 0.
    """
    if dtypes.complex_valued(diagonal.dtype):
        if not everywhere(np.absolute(np.imag(unwrap(diagonal))) <= 1e-2):
            raise RuntimeError(
                f"{call}: a loss must not depend on the phases of complex {what}, which are "
                "not determined; this one does. Use their absolute values, or products of a vector "
                "with its own conjugate."
            )


def check_factored(call: str, **given: Any) -> None:
    """:func:`check_matrices` for factorisations, which LAPACK has for 32 and 64 bits only."""
    check_matrices(call, **given)
    for name, x in given.items():
        if dtypes.narrow(x.dtype):
            raise placed(
                NotImplementedError(
                    f"{call}: {name} must be float32, float64 or complex; got {x.dtype}. Convert "
                    f"it: {name}.float()."
                )
            )


def converged(call: str, op: Any, *args: Any) -> Any:
    """``op`` of the arguments; LinAlgError where LAPACK finds no end, as for what is not finite."""
    try:
        return op.apply(*args)
    except ValueError as error:
        if not any(isinstance(one, NotConverged) for one in (error, error.__context__)):
            raise
        raise placed(
            LinAlgError(
                f"{call}: the iteration must converge; it did not, as for a matrix that holds inf "
                "or NaN. Look for them: x.isfinite()."
            )
        ) from None
