"""What factorisations share: diagonals, phases, an iteration that finds no end.

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
from autograd.ops.linalg.matrices import unfinished


def on_diagonal(d: Any, n: int) -> Any:
    """Diagonal matrices of the last axis, n long.

    >>> on_diagonal(np.array([1.0, 2.0]), 2)
    array([[1., 0.],
           [0., 2.]])
    """
    eye = np.eye(n, dtype=np.real(unwrap(d)).dtype, like=unwrap(d))
    return np.expand_dims(d, -1) * eye


def check_phases(call: str, diagonal: Any, what: str, size: Any = 0.0) -> None:
    """Raise RuntimeError where a loss changes as complex vectors are multiplied by a phase.

    Eigenvectors and singular vectors are vectors but for a factor of absolute value 1. Along the
    circle of these factors a loss has the slope ``diagonal`` · i, imaginary parts, which must be 0,
    but for what sums of ``size`` are rounded by.
    """
    if dtypes.complex_valued(diagonal.dtype):
        bound = 1e-2 * (1 + np.absolute(unwrap(size)))
        if not everywhere(np.absolute(np.imag(unwrap(diagonal))) <= bound):
            raise RuntimeError(
                f"{call}: a loss must not depend on the phases of complex {what}, which are "
                "not determined; this one does. Use their absolute values, or products of a vector "
                "with its own conjugate."
            )


def converged(call: str, op: Any, *args: Any) -> Any:
    """``op`` of the arguments; LinAlgError where LAPACK finds no end, as for what is not finite."""
    try:
        return op.apply(*args)
    except ValueError as error:
        if not any(isinstance(one, NotConverged) for one in (error, error.__context__)):
            raise
        raise placed(unfinished(call)) from None
