"""Matrices taken apart. Rows of the table of ops: data only, as row.py says.

Vectors are determined but for their signs, so that rows look at absolute values. The text is the
same over NumPy, PyTorch and this library, where NumPy has the function.
"""

import math

import numpy as np

from tests.rows.row import Row, call, n, x
from tests.rows.spectral import library


def of(name, *args):
    """The results of a function of ``linalg``, as they are."""
    return lambda a: tuple(getattr(library(a).linalg, name)(a, *args))


def one_of(name, *args):
    return lambda a, *more: getattr(library(a).linalg, name)(a, *args, *more)


def singular(full):
    def function(a):
        u, s, vh = library(a).linalg.svd(a, full)
        k = s.shape[-1]
        return s, abs(u[..., :k]), u[..., :k] @ vh[..., :k, :]

    return function


def symmetric(a):
    return a + a.mT.conj()


def eigenvectors(a):
    values, vectors = library(a).linalg.eigh(symmetric(a))
    return values, abs(vectors)


def eigenvalues(a):
    return library(a).linalg.eigvalsh(symmetric(a), "U")


def eig(a):
    """What does not depend on the order of the eigenvalues."""
    values, vectors = library(a).linalg.eig(a)
    return (abs(vectors) ** 2 * (values.real + values.imag**2)[..., None, :]).sum(-1)


def eigvals(a):
    values = library(a).linalg.eigvals(a)
    return (values.real**3 + values.imag**2).sum(-1)


def hermitian_inverse(a):
    return library(a).linalg.pinv(symmetric(a), hermitian=True)


def series(a):
    out = term = np.broadcast_to(np.eye(a.shape[-1]), a.shape)
    for k in range(1, 60):
        term = term @ a / k
        out = out + term
    return out


def reflections(a, tau):
    """The product of reflections, one after the other."""
    q = np.broadcast_to(np.eye(a.shape[-2]), (*a.shape[:-1], a.shape[-2]))
    for i in range(tau.shape[-1]):
        v = np.tril(a, -1)[..., i] + np.eye(a.shape[-2])[i]
        q = q - (q @ v[..., None]) * (tau[..., i, None, None] * v[..., None, :].conj())
    return q


def reflected(a, tau, c, left=True, transpose=False):
    q = reflections(a, tau)
    q = q.mT.conj() if transpose else q
    return q @ c if left else c @ q


def few_values(name):
    return lambda a, *args, **options: getattr(library(a), name)(a, *args, **options)[1]


def condition(a, p=None):
    return np.zeros(a.shape[:-2]) if not a.size else np.linalg.cond(a, p)


def rebuilt(packed, pivots):
    """The symmetric matrix P₀ L₀ P₁ L₁ … D (P₀ L₀ P₁ L₁ …)ᵀ of packed factors, block by block."""
    n, k = len(packed), 0
    product, d = np.eye(n), np.zeros_like(packed)
    while k < n:
        end = k + 1 + (pivots[k] < 0)
        order, step = np.arange(n), np.eye(n, dtype=packed.dtype)
        order[[end - 1, abs(pivots[k]) - 1]] = abs(pivots[k]) - 1, end - 1
        step[end:, k:end] = packed[end:, k:end]
        d[k:end, k:end] = np.tril(packed[k:end, k:end]) + np.tril(packed[k:end, k:end], -1).T
        product, k = product[:, order] @ step, end
    return product @ d @ product.T


def pivots_of(*pivots):
    return n(len(pivots), make=lambda _: np.array(pivots, np.int32))


# A matrix whose pivots stand alone and one that has a block of two, with its rows exchanged
SYMMETRIC = np.array([[[4.0, 2, 2], [2, 3, 1], [2, 1, 3]], [[0, 1, 2], [1, 0, 3], [2, 3, 0]]])
LDL = np.array([[[4.0, 0, 0], [0.5, 2, 0], [0.5, 0, 2]], [[0, 0, 0], [2, 0, 0], [1.5, 0.5, -3]]])
LDL_PIVOTS = np.array([[1, 2, 3], [-3, -3, 3]], np.int32)

# fmt: off

ROWS = [
    Row("linalg.qr", [call(x(3, 2)), call(x(2, 3)), call(x(2, 2, 2))], function=of("qr")),
    Row("linalg.qr", [call(x(3, 2, fixed=True)), call(x(0, 2, fixed=True))],
        function=of("qr", "complete"), orders=0),
    Row("linalg.qr", [call(x(3, 2, fixed=True))], orders=0,
        reference=lambda a: np.linalg.qr(a, "r"),
        function=lambda a: library(a).linalg.qr(a, "r").R),
    Row("qr", [call(x(3, 2))], function=lambda a: tuple(a.qr()),
        reference=of("qr")),
    Row("geqrf", [call(x(3, 2, fixed=True)), call(x(2, 2, 3, fixed=True))], orders=0, method=False,
        function=lambda a: tuple(a.geqrf()),
        reference=lambda a: (np.linalg.qr(a, "raw")[0].mT, np.linalg.qr(a, "raw")[1])),
    Row("linalg.householder_product", [call(x(3, 2), x(2)), call(x(2, 3, 3), x(2, 2))],
        method=False, reference=lambda a, tau: reflections(a, tau)[..., : a.shape[-1]]),
    Row("orgqr", [call(x(3, 2), x(2))], reference=lambda a, tau: reflections(a, tau)[..., :2]),
    Row("ormqr", [
        call(x(3, 2), x(2), x(3, 2)), call(x(3, 2), x(2), x(3, 1), transpose=True),
        call(x(2, 3, 2), x(2, 2), x(2, 1, 3), left=False),
    ], reference=reflected),
    Row("linalg.svd", [call(x(3, 2)), call(x(2, 2, 3))], function=singular(False)),
    Row("linalg.svd", [call(x(3, 2)), call(x(2, 3))], function=singular(True)),
    Row("svd", [call(x(3, 2))], function=lambda a: abs(a.svd().V),
        reference=lambda a: abs(np.linalg.svd(a)[2].T)),
    Row("linalg.svdvals", [call(x(3, 2)), call(x(2, 2, 3)), call(x(0, 2))],
        reference=np.linalg.svdvals, method=False),
    Row("linalg.eigh", [call(x(3, 3)), call(x(2, 2, 2))], function=eigenvectors),
    Row("linalg.eigvalsh", [call(x(3, 3)), call(x(2, 2, 2))], function=eigenvalues),
    Row("linalg.eig", [call(x(3, 3)), call(x(2, 2, 2))], function=eig),
    Row("linalg.eigvals", [call(x(3, 3)), call(x(3, 3, fixed=True))], function=eigvals),
    Row("linalg.pinv", [call(x(3, 2)), call(x(2, 2, 3)), call(x(0, 2))],
        reference=np.linalg.pinv, method=False),
    Row("linalg.pinv", [call(x(3, 3))], function=hermitian_inverse),
    Row("linalg.cond", [
        call(x(3, 3)), call(x(2, 3, 2), -2), call(x(2, 2, 2), 1), call(x(2, 2), "fro"),
        call(x(2, 2), -math.inf), call(x(2, 2), "nuc"), call(x(0, 2)),
    ], reference=condition, method=False),
    Row("pinverse", [call(x(3, 2))], reference=np.linalg.pinv),
    Row("linalg.ldl_factor_ex", [call(x(2, 3, 3, fixed=True, make=lambda _: SYMMETRIC))], orders=0,
        method=False, reference=lambda a: (
            LDL.astype(a.dtype), LDL_PIVOTS, np.zeros(2, np.int32))),
    Row("linalg.ldl_factor", [call(x(0, 0, fixed=True))], orders=0, method=False,
        reference=lambda a: (a, np.zeros(0, np.int32))),
    Row("linalg.ldl_solve", [
        call(x(4, 4), pivots_of(-4, -4, -4, -4), x(4, 2)), call(x(2, 2), pivots_of(2, 2), x(2, 1)),
    ], method=False, domain=(0.5, 2.0),  # pivots that vmap's test may roll
        reference=lambda a, pivots, b: np.linalg.inv(rebuilt(a, pivots)) @ b),
    Row("linalg.matrix_rank", [call(x(3, 2)), call(x(2, 2, 3), 1.5)], orders=0,
        method=False, reference=np.linalg.matrix_rank),
    Row("matrix_exp", [call(x(3, 3)), call(x(2, 2, 2, domain=(-9.0, 9.0))), call(x(0, 0))],
        reference=series),
    Row("svd_lowrank", [call(x(3, 2), 2)], function=few_values("svd_lowrank"),
        reference=lambda a, q: np.linalg.svdvals(a)),
    Row("pca_lowrank", [call(x(4, 2), 2)], function=few_values("pca_lowrank"),
        reference=lambda a, q: np.linalg.svdvals(a - a.mean(0))),
]

# All of them take complex numbers
ROWS = [row._replace(complex=row.orders > 0) for row in ROWS]
