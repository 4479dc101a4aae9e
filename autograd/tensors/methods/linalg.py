"""Products of vectors, matrices and stacks of them, as methods.

The functions of ``autograd.ops.linalg``, and their in-place forms.
"""

from __future__ import annotations

from autograd.engine.graph import TensorBase
from autograd.ops.linalg import decompositions, matmul as _matmul, products, solve
from autograd.tensors.inplace import in_place

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
    cholesky = decompositions.cholesky
    cholesky_solve = solve.cholesky_solve
