"""Products. Rows of the table of ops: data only, as row.py says."""

import math

import numpy as np

from autograd.kernels.sparse import Pattern
from tests.op_references import p_norm, powers
from tests.rows.row import Row, call, n, x
from tests.rows.spectral import library


def positive(a):
    """A tensor's Gram matrix and the identity, in the library's own methods."""
    gram = a @ a.mT.conj()
    return gram + (gram * 0 + 1).tril().triu()


def gram(a):
    """As :func:`positive`, of arrays."""
    return a @ a.mT.conj() + np.eye(a.shape[-1])


def solved(a, b, upper, left=True, unitriangular=False):
    a = np.triu(a) if upper else np.tril(a)
    if unitriangular:
        a = np.where(np.eye(a.shape[-1]), 1, a)
    return np.linalg.inv(a) @ b if left else b @ np.linalg.inv(a)


def solve_by_factor(b, factor, upper=False):
    # PyTorch's gradient does not know that one triangle is not read
    return b.cholesky_solve(factor.triu() if upper else factor.tril(), upper)


def solved_twice(b, factor, upper=False):
    lower = np.triu(factor).T.conj() if upper else np.tril(factor)
    return np.linalg.inv(lower @ lower.T.conj()) @ b


# Rows with no, one and several elements; one place twice.
PATTERN = Pattern(np.array([3, 0, 0, 3, 1, 3]), np.array([2, 1, 0, 2, 1, 0]), (5, 3))


def matrix(values, pattern):
    out = np.zeros(pattern.shape, values.dtype)
    np.add.at(out, (pattern.rows, pattern.columns), values)
    return out


def permuted(packed, pivots):
    """P, L and U from packed factors, row by row."""
    m, n = packed.shape
    order = list(range(m))
    for i, place in enumerate(pivots):
        order[i], order[place - 1] = order[place - 1], order[i]
    k = min(m, n)
    lower = np.tril(packed[:, :k], -1) + np.eye(m, k)
    return np.eye(m)[:, order], lower, np.triu(packed[:k])


def factored(a):
    """L and U of each matrix, packed, and pivots, by elimination."""
    if a.ndim > 2:
        return tuple(map(np.stack, zip(*map(factored, a), strict=True)))
    a, pivots = a.copy(), []
    for i in range(min(a.shape)):
        place = i + int(np.argmax(abs(a[i:, i].real) + abs(a[i:, i].imag)))
        pivots.append(place + 1)
        a[[i, place]] = a[[place, i]]
        a[i + 1 :, i] /= a[i, i]
        a[i + 1 :, i + 1 :] -= np.outer(a[i + 1 :, i], a[i, i + 1 :])
    return a, np.array(pivots, np.int32)


def unpacked(a):
    if a.ndim > 2:
        return tuple(map(np.stack, zip(*map(unpacked, a), strict=True)))
    return permuted(*factored(a))


def solved_by_factors(a, b, left=True, adjoint=False):
    """A system, by the library's own factors."""
    linalg = library(a).linalg
    lu, pivots, _ = linalg.lu_factor_ex(a)
    return linalg.lu_solve(lu, pivots, b, left=left, adjoint=adjoint)


def solved_by(a, b, left=True, adjoint=False):
    inverse = np.linalg.inv(np.swapaxes(a, -1, -2) if adjoint else a)
    return inverse @ b if left else b @ inverse


def with_info(function):
    """A result, and that nothing went wrong."""
    return lambda a, *more: (function(a, *more), np.zeros(a.shape[:-2], np.int32))


def least(a, b, rcond=None, driver=None):
    """All that lstsq gives of a tall matrix of full rank."""
    x = np.linalg.pinv(a) @ b
    none = np.zeros(0)
    if driver == "gels":
        return x, ((a @ x - b) ** 2).sum(-2), none.astype(np.int64), none
    return x, none, np.full(a.shape[:-2], min(a.shape[-2:])), none


def second_cofactors(a, h):
    """By central differences, which are exact for 2 by 2 and 3 by 3."""
    if a.ndim > 2:
        return np.stack(list(map(second_cofactors, a, h)))

    def cofactors(a):
        n = len(a)
        minors = [[np.delete(np.delete(a, i, 0), j, 1) for j in range(n)] for i in range(n)]
        signs = (-1.0) ** np.add.outer(np.arange(n), np.arange(n))
        return signs * np.array([[np.linalg.det(one) for one in row] for row in minors])

    found = np.zeros_like(a)
    for index in np.ndindex(a.shape):
        step = np.zeros_like(a)
        step[index] = 0.5
        found[index] = (h * (cofactors(a + step) - cofactors(a - step))).sum()
    return found


def tensor_solved(a, b, dims=None):
    axes = None if dims is None else tuple(dims)
    return np.linalg.tensorsolve(a, b, axes)


# fmt: off

FULL = [call(x(3, 3)), call(x(2, 2, 2)), call(x(0, 0)), call(x(1, 1))]

ROWS = [
    Row("linalg.inv", FULL, reference=np.linalg.inv, numpy=np.linalg.inv),
    Row("inverse", FULL[:1], reference=np.linalg.inv),
    Row("linalg.inv_ex", FULL[:2], reference=with_info(np.linalg.inv)),
    Row("linalg.tensorinv", [call(x(2, 3, 6)), call(x(2, 2), ind=1)],
        reference=np.linalg.tensorinv),
    Row("linalg.det", FULL, reference=np.linalg.det, numpy=np.linalg.det),
    Row("ops.linalg.determinant.Cofactors", FULL[:3], torch=None, method=False,
        reference=lambda a: np.linalg.det(a)[..., None, None]
        * np.swapaxes(np.linalg.inv(a), -1, -2)),
    Row("ops.linalg.determinant.SecondCofactors", [
        call(x(2, 2), x(2, 2)), call(x(2, 3, 3), x(2, 3, 3)), call(x(0, 0), x(0, 0)),
    ], torch=None, method=False, reference=second_cofactors),
    Row("linalg.slogdet", FULL[:3], reference=np.linalg.slogdet, numpy=np.linalg.slogdet),
    Row("slogdet", FULL[:1], reference=np.linalg.slogdet),
    Row("det", FULL[:1], reference=np.linalg.det),
    Row("logdet", [call(x(3, 3)), call(x(2, 2, 2)), call(x(0, 0))], method=False,
        function=lambda a: positive(a).logdet(),
        reference=lambda a: np.linalg.slogdet(gram(a))[1]),
    Row("linalg.solve", [
        call(x(3, 3), x(3, 2)), call(x(2, 2, 2), x(2, 1)), call(x(2, 2), x(3, 2), left=False),
        call(x(0, 0), x(0, 2)),
    ], reference=solved_by),
    Row("linalg.solve", [call(x(3, 3), x(3)), call(x(2, 2, 2), x(2, 2))], reference=lambda a, b:
        (np.linalg.inv(a) @ b[..., None])[..., 0]),
    Row("linalg.solve_ex", [call(x(3, 3), x(3, 2))],
        reference=with_info(lambda a, b: np.linalg.inv(a) @ b)),
    Row("linalg.tensorsolve", [call(x(2, 3, 6), x(2, 3)), call(x(2, 4, 2), x(4), dims=(0, 2))],
        reference=tensor_solved),
    Row("linalg.lu_factor", [
        call(x(3, 3)), call(x(2, 3)), call(x(2, 3, 2)), call(x(0, 2)),
    ], reference=factored),
    Row("lu", [call(x(2, 2))], reference=factored),
    Row("linalg.lu_factor_ex", [call(x(2, 2, 2))],
        reference=lambda a: (*factored(a), np.zeros(2, np.int32))),
    Row("linalg.lu", [call(x(3, 3)), call(x(2, 3)), call(x(2, 3, 2))],  # and P has no gradient
        function=lambda a: library(a).linalg.lu(a)[1:],
        method=False, reference=lambda a: unpacked(a)[1:]),
    Row("lu_unpack", [call(x(3, 2), n(2, make=lambda _: np.array([3, 2], np.int32)), True, False)],
        reference=lambda a, pivots, data, order: (np.zeros(0), *permuted(a, pivots)[1:])),
    Row("linalg.lu_solve", [
        call(x(3, 3), x(3, 2)), call(x(2, 2, 2), x(2, 1), adjoint=True),
        call(x(2, 2), x(3, 2), left=False), call(x(2, 2), x(2, 2), left=False, adjoint=True),
    ], function=solved_by_factors, method=False, reference=solved_by),
    Row("lu_solve", [call(x(2, 1), x(2, 2), n(2, make=lambda _: np.array([2, 2], np.int32)))],
        domain=(1.0, 2.0), reference=lambda b, packed, pivots: np.linalg.inv(
            np.linalg.multi_dot(permuted(packed, pivots))) @ b),
    Row("linalg.lstsq", [
        call(x(3, 2), x(3, 1)), call(x(2, 3, 2), x(2, 3, 2), driver="gels"),
    ], reference=least),
    Row("linalg.lstsq", [call(x(2, 3), x(2, 2)), call(x(2, 2), x(2, 1))], reference=least),
    Row("triangular_solve", [call(x(3, 2), x(3, 3)), call(x(2, 1), x(2, 2), False, True)],
        domain=(1.0, 2.0), method=True, reference=lambda b, a, upper=True, transpose=False: (
            np.linalg.inv((np.triu(a) if upper else np.tril(a)).T if transpose
                          else np.triu(a) if upper else np.tril(a)) @ b, a)),
    Row("cholesky_inverse", [call(x(3, 3)), call(x(2, 2), True)], domain=(1.0, 2.0),
        function=lambda a, upper=False: (a.triu() if upper else a.tril()).cholesky_inverse(upper),
        method=False, reference=lambda a, upper=False: np.linalg.inv(
            np.triu(a).T.conj() @ np.triu(a) if upper else np.tril(a) @ np.tril(a).T.conj())),
    Row("linalg.cholesky_ex", [call(x(3, 3))], method=False,
        function=lambda a: tuple(library(a).linalg.cholesky_ex(positive(a))),
        reference=lambda a: (np.linalg.cholesky(gram(a)), np.int32(0))),
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
        reference=lambda a: np.linalg.cholesky(gram(a))),
    Row("cholesky", [call(x(3, 3))], function=lambda a: positive(a).cholesky(upper=True),
        method=False, reference=lambda a: np.linalg.cholesky(gram(a)).T.conj()),
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
    Row("matrix_power", [call(x(3, 3), k) for k in (1, 3, -2, 0)],
        reference=np.linalg.matrix_power),
    Row("vecdot", [call(x(2, 3), x(2, 3)), call(x(2, 3), x(2, 1), dim=0)],
        torch="linalg.vecdot", reference=lambda a, b, dim=-1: np.sum(a.conj() * b, axis=dim)),
    Row("ops.linalg.sparse.SparseProduct", [
        call(x(6), x(3, 2), pattern=PATTERN), call(x(6), x(3, 0), pattern=PATTERN),
        call(x(6), x(5, 1), pattern=PATTERN.transposed),
        call(x(0), x(3, 2), pattern=Pattern(np.arange(0), np.arange(0), (2, 3))),
    ], torch=None, method=False,
        reference=lambda v, y, pattern: matrix(v, pattern) @ y),
    Row("ops.linalg.sparse.PairProducts", [call(x(5, 2), x(3, 2), pattern=PATTERN)],
        torch=None, method=False,
        reference=lambda a, b, pattern: (a @ b.T)[pattern.rows, pattern.columns]),
    Row("ops.linalg.sparse.Stored", [call(x(3))], torch=None, method=False,
        reference=np.copy),
    Row("linalg.vector_norm", [
        call(x(2, 3)), call(x(2, 3), 3, 0), call(x(2, 3), 1, 1, True), call(x(2, 3), 0.5, -1),
        call(x(3), math.inf), call(x(2, 3), -math.inf, 1), call(x(2, 0), 2, 1),
    ], reference=lambda a, ord=2, dim=None, keepdim=False: np.linalg.norm(
        a if dim is not None else a.reshape(-1), ord, dim, keepdim), method=False),
    Row("linalg.matrix_norm", [
        call(x(2, 3)), call(x(2, 2, 3), 1), call(x(2, 3), -1), call(x(2, 3), 2), call(x(2, 3), -2),
        call(x(2, 3, 2), math.inf, (2, 0), True), call(x(2, 3), -math.inf), call(x(2, 3, 2), "nuc"),
    ], reference=lambda a, ord="fro", dim=(-2, -1), keepdim=False: np.linalg.norm(
        a, ord, dim, keepdim), method=False),
    Row("vander", [call(x(3)), call(x(3), 4, True)]),
    Row("vander", [call(n(3)), call(x(3), N=1), call(x(2), 0), call(x(0))],
        orders=0, reference=powers, numpy=np.vander),
]

# All but one take complex numbers
ROWS = [row._replace(complex=row.orders > 0 and row.name != "cdist") for row in ROWS]
