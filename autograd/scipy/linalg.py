"""scipy.linalg over traced values; everything that is not named here is SciPy's own."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dtypes import complex_valued
from autograd.engine.elementwise import cast
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, wrap
from autograd.numpy.scipys import entered, floats, needed, part_of_scipy
from autograd.ops.linalg import (
    cholesky as factors,
    determinant,
    inverse,
    solve as systems,
    triangular,
)
from autograd.ops.linalg.exponential import MatrixExp


def _turned(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _as_given(d: Any, x: Any) -> Any:
    """A gradient, real for what is real."""
    return np.real(d) if complex_valued(d.dtype) and not complex_valued(x.dtype) else d


class SquareRoot(Function):
    """X with X X = a: da = dX X + X dX, a Sylvester equation."""

    takes_complex = True

    def forward(self, a):
        return needed("linalg", "linalg.sqrtm").sqrtm(a)

    def grad_a(self, g, a, out):
        return _as_given(Sylvester.apply(_turned(out), _turned(out), g), a)


class Sylvester(Function):
    """X with a X + X b = q. Its adjoint is one, with aᵀ and bᵀ."""

    takes_complex = True

    def forward(self, a, b, q):
        linalg = part_of_scipy("linalg")
        if linalg is not None:
            return linalg.solve_sylvester(a, b, q)
        left = np.kron(a, np.eye(len(b))) + np.kron(np.eye(len(a)), b.T)
        return np.linalg.solve(left, q.reshape(-1)).reshape(q.shape)

    def grad_a(self, g, a, b, out):
        return _as_given(-np.matmul(Sylvester.apply(_turned(a), _turned(b), g), _turned(out)), a)

    def grad_b(self, g, a, b, out):
        return _as_given(-np.matmul(_turned(out), Sylvester.apply(_turned(a), _turned(b), g)), b)

    def grad_q(self, g, a, b, q):
        return _as_given(Sylvester.apply(_turned(a), _turned(b), g), q)


class BandedSolve(Function):
    """x with A x = b, b (n, k), A in bands: ab[u + i - j, j] = A[i, j]."""

    takes_complex = True

    def forward(self, ab, b, *, below, above):
        self.below, self.above = below, above
        linalg = part_of_scipy("linalg")
        if linalg is not None:
            return linalg.solve_banded((below, above), ab, b)
        n, a = ab.shape[-1], np.zeros((ab.shape[-1],) * 2, ab.dtype)
        row, inside = _places(below, above, n)
        columns = np.broadcast_to(np.arange(n), row.shape)
        a[row[inside], columns[inside]] = ab[inside]
        return np.linalg.solve(a, b)

    def grad_ab(self, g, ab, out):
        back = self.grad_b(g, ab)
        row, inside = _places(self.below, self.above, ab.shape[-1])
        products = np.take(back, row, axis=0) * out
        return -np.sum(products, axis=-1) * inside.astype(ab.dtype)

    def grad_b(self, g, ab):
        row, inside = _places(self.above, self.below, ab.shape[-1])
        n, width = ab.shape[-1], self.below + self.above
        flat = np.arange(width, -1, -1)[:, None] * n + row
        turned = np.take(np.reshape(ab, (-1,)), flat, axis=0) * inside.astype(ab.dtype)
        return BandedSolve.apply(turned, g, below=self.above, above=self.below)


def _places(below: int, above: int, n: int) -> tuple[Any, Any]:
    """For each place of the bands its row in the matrix, and whether there is such a row."""
    row = np.arange(n) + np.arange(-above, below + 1)[:, None]
    inside = (row >= 0) & (row < n)
    return np.clip(row, 0, n - 1), inside


def _constants(*values: Any) -> list[Any]:
    """Floating, as tensors of one dtype."""
    given = floats(*values)
    dtype = np.result_type(*[getattr(x, "_data", x) for x in given])
    return [
        cast(x, dtype) if isinstance(x, TensorBase) else wrap(np.asarray(x, dtype), None)
        for x in given
    ]


def _sqrtm(A: Any) -> Any:
    return SquareRoot.apply(*_constants(A))


def _solve_sylvester(a: Any, b: Any, q: Any) -> Any:
    return Sylvester.apply(*_constants(a, b, q))


def _solve_banded(
    l_and_u: Any, ab: Any, b: Any, overwrite_ab: bool = False, overwrite_b: bool = False,
    check_finite: bool = True,
) -> Any:  # fmt: skip
    below, above = map(int, l_and_u)
    ab, b = _constants(ab, b)
    right = np.expand_dims(b, -1) if b.ndim == 1 else b
    x: Any = BandedSolve.apply(ab, right, below=below, above=above)
    return np.squeeze(x, -1) if b.ndim == 1 else x


def _solve_triangular(
    a: Any, b: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False,
    overwrite_b: bool = False, check_finite: bool = True,
) -> Any:  # fmt: skip
    a, b = _constants(a, b)
    right: Any = np.expand_dims(b, -1) if b.ndim == 1 else b
    if trans not in (0, "N", 1, "T", 2, "C"):
        raise ValueError(f"solve_triangular: trans must be 0, 1, 2, N, T or C; got {trans!r}.")
    if trans not in (0, "N"):
        a, lower = _turned(np.conj(a) if trans in (2, "C") else a), not lower
    x: Any = triangular.solve_triangular(
        a, right, upper=not lower, unitriangular=bool(unit_diagonal)
    )
    return np.squeeze(x, -1) if b.ndim == 1 else x


def _solve(
    a: Any, b: Any, lower: bool = False, overwrite_a: bool = False, overwrite_b: bool = False,
    check_finite: bool = True, assume_a: Any = None, transposed: bool = False,
) -> Any:  # fmt: skip
    a, b = _constants(a, b)
    return systems.solve(_turned(a) if transposed else a, b)


def _cholesky(
    a: Any, lower: bool = False, overwrite_a: bool = False, check_finite: bool = True
) -> Any:
    (a,) = _constants(a)
    factor = factors.cholesky(a if lower else np.conj(_turned(a)))
    return factor if lower else np.conj(_turned(factor))


def _cho_solve(
    c_and_lower: Any, b: Any, overwrite_b: bool = False, check_finite: bool = True
) -> Any:
    c, lower = c_and_lower
    first, second = ("N", "C") if lower else ("C", "N")
    y = _solve_triangular(c, b, first, lower)
    return _solve_triangular(c, y, second, lower)


sqrtm = entered("linalg", "sqrtm", _sqrtm)
solve_sylvester = entered("linalg", "solve_sylvester", _solve_sylvester)
solve_banded = entered("linalg", "solve_banded", _solve_banded)
solve_triangular = entered("linalg", "solve_triangular", _solve_triangular)
solve = entered("linalg", "solve", _solve)
cholesky = entered("linalg", "cholesky", _cholesky)
cho_solve = entered("linalg", "cho_solve", _cho_solve)
expm = entered("linalg", "expm", lambda A: MatrixExp.apply(*_constants(A)))
inv = entered("linalg", "inv", lambda a, *_, **__: inverse.inv(*_constants(a)))
det = entered("linalg", "det", lambda a, *_, **__: determinant.det(*_constants(a)))


def __getattr__(name: str) -> Any:
    return getattr(needed("linalg", f"linalg.{name}"), name)
