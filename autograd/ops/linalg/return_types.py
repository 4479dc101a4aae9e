"""Named results of linear algebra, as PyTorch has them: torch.return_types.linalg_*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.ops.return_types import Result

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


class LinalgInvExResult(Result):
    """What ``linalg.inv_ex(A)`` returns: ``info`` is int32, 0 where all went well."""

    __slots__ = ()
    _fields = ("inverse", "info")
    inverse: Tensor
    info: Tensor


class LinalgSolveExResult(Result):
    """What ``linalg.solve_ex(A, B)`` returns."""

    __slots__ = ()
    _fields = ("result", "info")
    result: Tensor
    info: Tensor


class LinalgCholeskyExResult(Result):
    """What ``linalg.cholesky_ex(A)`` returns."""

    __slots__ = ()
    _fields = ("L", "info")
    L: Tensor
    info: Tensor


class SlogdetResult(Result):
    """What ``slogdet(A)`` returns."""

    __slots__ = ()
    _fields = ("sign", "logabsdet")
    sign: Tensor
    logabsdet: Tensor


class LinalgSlogdetResult(SlogdetResult):
    """What ``linalg.slogdet(A)`` returns."""


class LinalgLuResult(Result):
    """What ``linalg.lu(A)`` returns."""

    __slots__ = ()
    _fields = ("P", "L", "U")
    P: Tensor
    L: Tensor
    U: Tensor


class LinalgLuFactorResult(Result):
    """What ``linalg.lu_factor(A)`` returns."""

    __slots__ = ()
    _fields = ("LU", "pivots")
    LU: Tensor
    pivots: Tensor


class LinalgLuFactorExResult(Result):
    """What ``linalg.lu_factor_ex(A)`` returns."""

    __slots__ = ()
    _fields = ("LU", "pivots", "info")
    LU: Tensor
    pivots: Tensor
    info: Tensor


class LuUnpackResult(LinalgLuResult):
    """What ``lu_unpack(LU, pivots)`` returns."""


class LinalgLdlFactorResult(Result):
    """What ``linalg.ldl_factor(A)`` returns."""

    __slots__ = ()
    _fields = ("LD", "pivots")
    LD: Tensor
    pivots: Tensor


class LinalgLdlFactorExResult(Result):
    """What ``linalg.ldl_factor_ex(A)`` returns."""

    __slots__ = ()
    _fields = ("LD", "pivots", "info")
    LD: Tensor
    pivots: Tensor
    info: Tensor


class LinalgLstsqResult(Result):
    """What ``linalg.lstsq(A, B)`` returns."""

    __slots__ = ()
    _fields = ("solution", "residuals", "rank", "singular_values")
    solution: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor


class TriangularSolveResult(Result):
    """What ``triangular_solve(b, A)`` returns."""

    __slots__ = ()
    _fields = ("solution", "cloned_coefficient")
    solution: Tensor
    cloned_coefficient: Tensor


class LinalgQrResult(Result):
    """What ``linalg.qr(A)`` returns."""

    __slots__ = ()
    _fields = ("Q", "R")
    Q: Tensor
    R: Tensor


class QrResult(LinalgQrResult):
    """What ``qr(input)`` returns."""


class GeqrfResult(Result):
    """What ``geqrf(input)`` returns."""

    __slots__ = ()
    _fields = ("a", "tau")
    a: Tensor
    tau: Tensor


class LinalgSvdResult(Result):
    """What ``linalg.svd(A)`` returns."""

    __slots__ = ()
    _fields = ("U", "S", "Vh")
    U: Tensor
    S: Tensor
    Vh: Tensor


class SvdResult(Result):
    """What ``svd(input)`` returns."""

    __slots__ = ()
    _fields = ("U", "S", "V")
    U: Tensor
    S: Tensor
    V: Tensor


class LinalgEigResult(Result):
    """What ``linalg.eig(A)`` returns."""

    __slots__ = ()
    _fields = ("eigenvalues", "eigenvectors")
    eigenvalues: Tensor
    eigenvectors: Tensor


class LinalgEighResult(LinalgEigResult):
    """What ``linalg.eigh(A)`` returns."""
