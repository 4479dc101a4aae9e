"""Products. Rows of the table of ops: data only, as row.py says."""

import math

import numpy as np

from autograd.kernels.sparse import Pattern
from tests.op_references import p_norm, powers
from tests.rows.row import Row, call, n, x


def positive(a):
    """A tensor's Gram matrix and the identity, in the library's own methods."""
    gram = a @ a.mT
    return gram + (gram * 0 + 1).tril().triu()


def solved(a, b, upper, left=True, unitriangular=False):
    a = np.triu(a) if upper else np.tril(a)
    if unitriangular:
        a = np.where(np.eye(a.shape[-1]), 1, a)
    return np.linalg.inv(a) @ b if left else b @ np.linalg.inv(a)


def solve_by_factor(b, factor, upper=False):
    # PyTorch's gradient does not know that one triangle is not read
    return b.cholesky_solve(factor.triu() if upper else factor.tril(), upper)


def solved_twice(b, factor, upper=False):
    lower = np.triu(factor).T if upper else np.tril(factor)
    return np.linalg.inv(lower @ lower.T) @ b


# Rows with no, one and several elements; one place twice.
PATTERN = Pattern(np.array([3, 0, 0, 3, 1, 3]), np.array([2, 1, 0, 2, 1, 0]), (5, 3))


def matrix(values, pattern):
    out = np.zeros(pattern.shape)
    np.add.at(out, (pattern.rows, pattern.columns), values)
    return out


# fmt: off

ROWS = [
    Row("trace", [call(x(3, 3)), call(x(2, 3))]),
    Row("matmul", [
        call(x(3, 4), x(4, 2)), call(x(4), x(4)), call(x(3, 4), x(4)), call(x(3), x(3, 2)),
        call(x(2, 3, 4), x(4, 2)), call(x(2, 3, 4), x(2, 4, 2)), call(x(2, 1, 2, 3), x(3, 3, 2)),
        call(x(3), x(2, 3, 2)), call(x(2, 2, 3), x(3)), call(x(0, 3), x(3, 2)),
        call(x(2, 0), x(0, 3)), call(x(3, 4), x(2, 4, 1)), call(x(1, 1), x(1, 1)),
    ]),
    Row("mm", [call(x(3, 4), x(4, 2)), call(x(2, 0), x(0, 3))], reference=np.matmul),
    Row("bmm", [call(x(2, 3, 4), x(2, 4, 2))], reference=np.matmul),
    Row("mv", [call(x(3, 4), x(4))], reference=np.matmul),
    Row("dot", [call(x(4), x(4)), call(x(0), x(0))]),
    Row("vdot", [call(x(4), x(4))]),
    Row("inner", [call(x(4), x(4)), call(x(2, 3), x(4, 3))]),
    Row("outer", [call(x(3), x(4)), call(x(0), x(2))]),
    Row("ger", [call(x(3), x(4))], reference=np.outer),
    Row("kron", [call(x(2, 2), x(3, 1)), call(x(2), x(3))]),
    Row("cross", [call(x(2, 3), x(2, 3), dim=1), call(x(3), x(3), dim=0)],
        reference=lambda a, b, dim: np.cross(a, b, axis=dim)),
    Row("einsum", [
        call("ij,jk->ik", x(2, 3), x(3, 2)), call("ii->i", x(3, 3)), call("ii", x(3, 3)),
        call("ij->ji", x(2, 3)), call("bij,bjk->bik", x(2, 2, 3), x(2, 3, 2)),
        call("i,j->ij", x(2), x(3)), call("ij->", x(2, 3)),
        call("...ij,...jk->...ik", x(2, 2, 3), x(3, 2)), call("i,i,i->i", x(3), x(3), x(3)),
        call("ij,ij->j", x(2, 3), x(2, 3)), call("ij,kl->", x(2, 2), x(2, 2)),
        call("i...->...", x(2, 3)), call("ij,jk,kl->il", x(2, 2), x(2, 3), x(3, 2)),
        call("ba,bc", x(2, 3), x(2, 3)),
    ], reference=lambda *a: np.einsum(*a)),
    Row("tensordot", [
        call(x(2, 3, 4), x(4, 3, 2), dims=1), call(x(2, 3, 4), x(3, 4, 2), dims=2),
        call(x(2, 3, 4), x(3, 2, 4), dims=([0, 1], [1, 0])), call(x(2), x(3), dims=0),
    ], reference=lambda a, b, dims: np.tensordot(a, b, dims)),
    Row("addmm", [call(x(3, 2), x(3, 4), x(4, 2)), call(x(2), x(3, 4), x(4, 2), beta=0.5, alpha=2)],
        reference=lambda c, a, b, beta=1, alpha=1: beta * c + alpha * (a @ b)),
    Row("addmv", [call(x(3), x(3, 4), x(4))], reference=lambda c, a, b: c + a @ b),
    Row("addbmm", [call(x(3, 2), x(2, 3, 4), x(2, 4, 2))],
        reference=lambda c, a, b: c + (a @ b).sum(0)),
    Row("baddbmm", [call(x(2, 3, 2), x(2, 3, 4), x(2, 4, 2))], reference=lambda c, a, b: c + a @ b),
    Row("addr", [call(x(3, 2), x(3), x(2))], reference=lambda c, a, b: c + np.outer(a, b)),
    Row("cdist", [
        call(x(3, 2), x(4, 2)), call(x(2, 3, 2), x(2, 1, 2)), call(x(3, 2), x(2, 2), p=1.0),
        call(x(2, 2), x(3, 2), 0.5), call(x(2, 3), x(2, 3), math.inf), call(x(2, 2), x(2, 2), 0.0),
        call(x(2, 3), x(3, 3), 3.0, "donot_use_mm_for_euclid_dist"),
    ], reference=lambda a, b, p=2.0, mode=None: p_norm(
        a[..., :, None, :] - b[..., None, :, :], p, -1)),
    Row("cholesky", [call(x(3, 3)), call(x(2, 2, 2)), call(x(1, 1)), call(x(0, 0))],
        function=lambda a: positive(a).cholesky(), method=False,
        reference=lambda a: np.linalg.cholesky(a @ np.swapaxes(a, -1, -2) + np.eye(a.shape[-1]))),
    Row("cholesky", [call(x(3, 3))], function=lambda a: positive(a).cholesky(upper=True),
        method=False, reference=lambda a: np.linalg.cholesky(a @ a.T + np.eye(3)).T),
    Row("cholesky_solve", [
        call(x(3, 2), x(3, 3)), call(x(2, 3, 1), x(3, 3)), call(x(3, 2), x(3, 3), True),
    ], domain=(1.0, 2.0), function=solve_by_factor, method=False, reference=solved_twice),
    Row("solve_triangular", [
        call(x(3, 3), x(3, 2), upper=False), call(x(2, 2, 2), x(2, 1), upper=True),
        call(x(2, 2), x(3, 2), upper=True, left=False), call(x(3, 3), x(1, 3, 1), upper=False,
        unitriangular=True), call(x(2, 2), x(2, 0), upper=False),
    ], domain=(1.0, 2.0), torch="linalg.solve_triangular", method=False, reference=solved),
    Row("chain_matmul", [call(x(2, 3), x(3, 2), x(2, 4))], reference=lambda *a: a[0] @ a[1] @ a[2]),
    Row("multi_dot", [call([x(2, 3), x(3, 2), x(2, 4)])],
        reference=np.linalg.multi_dot, torch="linalg.multi_dot"),
    Row("matrix_power", [call(x(3, 3), k) for k in (1, 2, 3)], reference=np.linalg.matrix_power),
    Row("vecdot", [call(x(2, 3), x(2, 3)), call(x(2, 3), x(2, 1), dim=0)],
        torch="linalg.vecdot", reference=lambda a, b, dim=-1: np.sum(a * b, axis=dim)),
    Row("ops.linalg.sparse.SparseProduct", [
        call(x(6), x(3, 2), pattern=PATTERN), call(x(6), x(3, 0), pattern=PATTERN),
        call(x(6), x(5, 1), pattern=PATTERN.transposed),
        call(x(0), x(3, 2), pattern=Pattern(np.arange(0), np.arange(0), (2, 3))),
    ], torch=None, method=False, reference=lambda v, y, pattern: matrix(v, pattern) @ y),
    Row("ops.linalg.sparse.PairProducts", [call(x(5, 2), x(3, 2), pattern=PATTERN)],
        torch=None, method=False,
        reference=lambda a, b, pattern: (a @ b.T)[pattern.rows, pattern.columns]),
    Row("ops.linalg.sparse.Stored", [call(x(3))], torch=None, method=False, reference=np.copy),
    Row("vander", [call(x(3)), call(x(3), 4, True)], torch=None),  # which cannot derive it twice
    Row("vander", [call(n(3)), call(x(3), N=1), call(x(2), 0), call(x(0))],
        orders=0, reference=powers, numpy=np.vander),
]
