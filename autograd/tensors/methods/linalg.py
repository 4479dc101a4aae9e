"""Products of vectors, matrices and stacks of them, as methods.

The functions of ``autograd.ops.linalg``, and their in-place forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.engine.graph import TensorBase
from autograd.ops.linalg import matmul as _matmul, products
from autograd.tensors.inplace import in_place

if TYPE_CHECKING:
    from autograd.ops.linalg.return_types import (
        GeqrfResult,
        LinalgSlogdetResult,
        QrResult,
        SvdResult,
        TriangularSolveResult,
    )
    from autograd.tensors.tensor import Tensor

__all__ = [
    "addmv_",
]  # fmt: skip

addmm_ = in_place(
    products.addmm,
    ">>> autograd.ones(1, 1).addmm_(autograd.ones(1, 3), autograd.ones(3, 1), alpha=2)\n"
    "    tensor([[7.]])",
)
addmv_ = in_place(products.addmv)
addr_ = in_place(products.addr)
baddbmm_ = in_place(
    products.baddbmm,
    ">>> autograd.ones(2, 1, 1).baddbmm_(autograd.ones(2, 1, 3), autograd.ones(2, 3, 1)).sum()\n"
    "    tensor(8.)",
)
addbmm_ = in_place(
    products.addbmm,
    ">>> autograd.ones(1, 1).addbmm_(autograd.ones(2, 1, 3), autograd.ones(2, 3, 1))\n"
    "    tensor([[7.]])",
)


class LinalgMethods(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    matmul = _matmul.matmul
    mm = _matmul.mm
    bmm = _matmul.bmm
    mv = _matmul.mv
    dot = _matmul.dot
    vdot = _matmul.vdot
    inner = _matmul.inner
    outer = _matmul.outer
    ger = _matmul.ger

    kron = products.kron
    trace = products.trace
    addmm = products.addmm
    addmm_ = addmm_
    addmv = products.addmv
    addmv_ = addmv_
    addr = products.addr
    addr_ = addr_
    baddbmm = products.baddbmm
    baddbmm_ = baddbmm_
    addbmm = products.addbmm
    addbmm_ = addbmm_
    matrix_power = products.matrix_power
    cross = products.cross

    # -- what is loaded when it is first asked for -------------------------------------------------

    def cholesky(self: Any, upper: bool = False) -> Tensor:
        """The triangular factor of positive-definite matrices: :func:`autograd.cholesky`.

        >>> import autograd
        >>> autograd.tensor([[4.0]]).cholesky()
        tensor([[2.]])
        """
        from autograd.ops.linalg.cholesky import cholesky

        return cholesky(self, upper)

    def cholesky_inverse(self: Any, upper: bool = False) -> Tensor:
        """The inverse of the matrix whose factor this is: :func:`autograd.cholesky_inverse`.

        >>> import autograd
        >>> autograd.tensor([[2.0]]).cholesky_inverse()
        tensor([[0.2500]])
        """
        from autograd.ops.linalg.cholesky import cholesky_inverse

        return cholesky_inverse(self, upper)

    def cholesky_solve(self: Any, L: Tensor, upper: bool = False) -> Tensor:
        """What L Lᴴ turns into this: :func:`autograd.cholesky_solve`.

        >>> import autograd
        >>> autograd.tensor([[1.0]]).cholesky_solve(autograd.tensor([[2.0]]))
        tensor([[0.2500]])
        """
        from autograd.ops.linalg.cholesky import cholesky_solve

        return cholesky_solve(self, L, upper)

    def det(self: Any) -> Tensor:
        """The determinant: :func:`autograd.linalg.det`.

        >>> import autograd
        >>> autograd.eye(2).det()
        tensor(1.)
        """
        from autograd.ops.linalg.determinant import det

        return det(self)

    def logdet(self: Any) -> Tensor:
        """The logarithm of the determinant: :func:`autograd.logdet`.

        >>> import autograd
        >>> autograd.eye(2).logdet()
        tensor(0.)
        """
        from autograd.ops.linalg.determinant import logdet

        return logdet(self)

    def slogdet(self: Any) -> LinalgSlogdetResult:
        """The determinant's sign, and the logarithm of its size: :func:`autograd.linalg.slogdet`.

        >>> import autograd
        >>> autograd.eye(2).slogdet().sign
        tensor(1.)
        """
        from autograd.ops.linalg.determinant import slogdet

        return slogdet(self)

    def inverse(self: Any) -> Tensor:
        """The inverse matrix: :func:`autograd.linalg.inv`.

        >>> import autograd
        >>> autograd.tensor([[2.0]]).inverse()
        tensor([[0.5000]])
        """
        from autograd.ops.linalg.inverse import inverse

        return inverse(self)

    def lu(self: Any, pivot: bool = True, get_infos: bool = False) -> tuple[Tensor, ...]:
        """The packed factors L and U, and the pivots: :func:`autograd.lu`.

        >>> import autograd
        >>> autograd.eye(2).lu()[1]
        tensor([1, 2], dtype=autograd.int32)
        """
        from autograd.ops.linalg.old_forms import lu

        return lu(self, pivot, get_infos)

    def lu_solve(self: Any, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
        """What the factored matrix turns into this: :func:`autograd.lu_solve`.

        >>> import autograd
        >>> autograd.ones(2, 1).lu_solve(*autograd.eye(2).lu()).mT
        tensor([[1., 1.]])
        """
        from autograd.ops.linalg.old_forms import lu_solve

        return lu_solve(self, LU_data, LU_pivots)

    def triangular_solve(
        self: Any,
        A: Tensor,
        upper: bool = True,
        transpose: bool = False,
        unitriangular: bool = False,
    ) -> TriangularSolveResult:
        """What a triangular A turns into this: :func:`autograd.triangular_solve`.

        >>> import autograd
        >>> autograd.tensor([[1.0]]).triangular_solve(autograd.tensor([[2.0]])).solution
        tensor([[0.5000]])
        """
        from autograd.ops.linalg.triangular import triangular_solve

        return triangular_solve(self, A, upper, transpose, unitriangular)

    def qr(self: Any, some: bool = True) -> QrResult:
        """Orthonormal columns and an upper triangle: :func:`autograd.linalg.qr`.

        >>> import autograd
        >>> autograd.eye(2).qr().R.shape
        autograd.Size([2, 2])
        """
        from autograd.ops.linalg.old_forms import qr

        return qr(self, some)

    def svd(self: Any, some: bool = True, compute_uv: bool = True) -> SvdResult:
        """Singular values and vectors: :func:`autograd.linalg.svd`, but for V.

        >>> import autograd
        >>> autograd.eye(2).svd().S
        tensor([1., 1.])
        """
        from autograd.ops.linalg.old_forms import svd

        return svd(self, some, compute_uv)

    def pinverse(self: Any, rcond: float = 1e-15) -> Tensor:
        """The pseudo-inverse: :func:`autograd.linalg.pinv`.

        >>> import autograd
        >>> autograd.tensor([[2.0]]).pinverse()
        tensor([[0.5000]])
        """
        from autograd.ops.linalg.old_forms import pinverse

        return pinverse(self, rcond)

    def geqrf(self: Any) -> GeqrfResult:
        """R and the reflections that Q is the product of: :func:`autograd.geqrf`.

        >>> import autograd
        >>> autograd.ones(2, 1).geqrf().tau.shape
        autograd.Size([1])
        """
        from autograd.ops.linalg.householder import geqrf

        return geqrf(self)

    def orgqr(self: Any, input2: Tensor) -> Tensor:
        """The product of reflections: :func:`autograd.linalg.householder_product`.

        >>> import autograd
        >>> autograd.zeros(1, 1).orgqr(autograd.tensor([2.0]))
        tensor([[-1.]])
        """
        from autograd.ops.linalg.householder import orgqr

        return orgqr(self, input2)

    def ormqr(
        self: Any, input2: Tensor, input3: Tensor, left: bool = True, transpose: bool = False
    ) -> Tensor:
        """The product of reflections, times a matrix: :func:`autograd.ormqr`.

        >>> import autograd
        >>> autograd.zeros(1, 1).ormqr(autograd.tensor([2.0]), autograd.tensor([[3.0]]))
        tensor([[-3.]])
        """
        from autograd.ops.linalg.householder import ormqr

        return ormqr(self, input2, input3, left, transpose)

    def matrix_exp(self: Any) -> Tensor:
        """The exponential of square matrices: :func:`autograd.matrix_exp`.

        >>> import autograd
        >>> autograd.zeros(1, 1).matrix_exp()
        tensor([[1.]])
        """
        from autograd.ops.linalg.exponential import matrix_exp

        return matrix_exp(self)

    def stft(
        self: Any,
        n_fft: int,
        hop_length: int | None = None,
        win_length: int | None = None,
        window: Tensor | None = None,
        center: bool = True,
        pad_mode: str = "reflect",
        normalized: bool = False,
        onesided: bool | None = None,
        return_complex: bool | None = None,
        align_to_window: bool | None = None,
    ) -> Tensor:
        """The spectra of windows along a signal: :func:`autograd.stft`.

        >>> import autograd
        >>> autograd.ones(8).stft(4, window=autograd.hann_window(4), return_complex=True).shape
        autograd.Size([3, 9])
        """
        from autograd.ops.spectral.stft import stft

        framed = (n_fft, hop_length, win_length, window, center, pad_mode, normalized)
        return stft(self, *framed, onesided, return_complex, align_to_window)

    def istft(
        self: Any,
        n_fft: int,
        hop_length: int | None = None,
        win_length: int | None = None,
        window: Tensor | None = None,
        center: bool = True,
        normalized: bool = False,
        onesided: bool | None = None,
        length: int | None = None,
        return_complex: bool = False,
    ) -> Tensor:
        """The signal that has these spectra: :func:`autograd.istft`.

        >>> import autograd
        >>> w = autograd.ones(2)
        >>> spectra = autograd.ones(4).stft(2, 1, window=w, return_complex=True)
        >>> spectra.istft(2, 1, window=w)
        tensor([1., 1., 1., 1.])
        """
        from autograd.ops.spectral.stft import istft

        framed = (n_fft, hop_length, win_length, window, center, normalized)
        return istft(self, *framed, onesided, length, return_complex)
