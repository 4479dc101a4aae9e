"""``numpy.linalg`` over traced values."""

from __future__ import annotations

from typing import Any

import numpy as _np

from autograd import linalg as _tensors
from autograd.engine.dispatch import numpys as _numpys
from autograd.engine.graph import unwrap as _unwrap
from autograd.numpy.functions import array as _array, mixing_dtypes as _mixing_dtypes
from autograd.numpy.table import (
    by_tensors as _by_tensors,
    entered as _entered,
    names_of as _names_of,
    on_plain_values as _on_plain_values,
    plain as _plain,
)
from autograd.ops.linalg.solve import Solve as _Solve
from autograd.tensors.array import Array as _Array, of_one_dtype as _of_one_dtype

for _name in "cholesky cond det inv matrix_power pinv slogdet".split():
    _numpys[getattr(_np.linalg, _name)] = _by_tensors(getattr(_tensors, _name))


def _hermitian(a: Any, UPLO: str) -> Any:
    """The matrix of which ``a`` holds one triangle: the other one is not read."""
    strict = _np.tril(a, -1) if UPLO.upper() == "L" else _np.triu(a, 1)
    middle = _np.real(a) * _np.eye(a.shape[-1], dtype=bool)
    return strict + _np.conjugate(_np.swapaxes(strict, -1, -2)) + middle


_numpys[_np.linalg.eigh] = _by_tensors(
    lambda a, UPLO="L": _tensors.eigh(_hermitian(a, UPLO), UPLO=UPLO)
)
_numpys[_np.linalg.eigvalsh] = _by_tensors(
    lambda a, UPLO="L": _tensors.eigvalsh(_hermitian(a, UPLO), UPLO=UPLO)
)


@_entered(_np.linalg.eig)
def _eig(a: Any) -> Any:
    """Real where NumPy's are."""
    found = _by_tensors(_tensors.eig)(a)
    return found if _complex(a) else type(found)(*map(_np.real, found))


def _complex(a: Any) -> bool:
    return bool(_np.iscomplexobj(_np.linalg.eigvals(_plain(a))))


@_entered(_np.linalg.qr)
def _qr(a: Any, mode: str = "reduced") -> Any:
    found = _by_tensors(_tensors.qr)(a, "reduced" if mode == "r" else mode)
    return found[1] if mode == "r" else found


@_entered(_np.linalg.eigvals)
def _eigvals(a: Any) -> Any:
    """Real where NumPy's are: all of a real matrix's are."""
    found = _by_tensors(_tensors.eigvals)(a)
    return found if _complex(a) else _np.real(found)


@_by_tensors
def _svd(a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    if not compute_uv:
        return _tensors.svdvals(a)
    return _tensors.svd(a, full_matrices=full_matrices)


_numpys[_np.linalg.svd] = _svd
_solve_of_stacks = _mixing_dtypes(_np.linalg.solve)


@_entered(_np.linalg.solve)
def _solve(a: Any, b: Any) -> Any:
    b = _array(b) if isinstance(b, (list, tuple)) else b
    if type(a) is not _Array or _np.ndim(_unwrap(b)) != a.ndim - 1 or a.ndim != 2:
        return _solve_of_stacks(a, b)
    a, b = _of_one_dtype(a, b)  # one matrix and one vector, as it mostly is
    return _numpys[_np.squeeze](_Solve.apply(a, b[:, None]), -1)


@_entered(_np.linalg.norm)
def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    x = _array(x)
    axes = axis if isinstance(axis, tuple) else None if axis is None else (axis,)
    if ord is None and (axes is None or len(axes) == 2):
        return _of_vectors(x, 2, axis, keepdims)
    axes = tuple(range(x.ndim)) if axes is None else axes
    if len(axes) == 1:
        return _of_vectors(x, 2 if ord is None else ord, axes, keepdims)
    if ord == "f":
        ord = "fro"
    return _of_matrices(x, ord, axes, keepdims)


@_by_tensors
def _of_vectors(x: Any, ord: Any = 2, axis: Any = None, keepdims: bool = False) -> Any:
    return _tensors.vector_norm(x, ord, axis, keepdims)


def _of_matrices(x: Any, ord: Any, axes: Any = (-2, -1), keepdims: bool = False) -> Any:
    found = _matrix_norm(x, ord, axes, keepdims)
    return found if found.ndim else found[()]


_matrix_norm = _by_tensors(_tensors.matrix_norm)


_entered(_np.linalg.vector_norm)(
    lambda x, /, *, axis=None, keepdims=False, ord=2: _of_vectors(_array(x), ord, axis, keepdims)
)
_entered(_np.linalg.matrix_norm)(
    lambda x, /, *, keepdims=False, ord="fro": _of_matrices(_array(x), ord, (-2, -1), keepdims)
)


@_entered(_np.linalg.lstsq)
def _lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    found, rests, _, _ = _mixing_dtypes(_tensors.lstsq)(a, b, rcond, driver="gelsd")
    *_, rank, spectrum = _np.linalg.lstsq(_plain(a), _plain(b), rcond)
    return found, _np.reshape(rests, (-1,)), rank, spectrum


# What NumPy's two namespaces have under one name, and what the array API standard added to this one
for _name in "matmul outer tensordot cross vecdot matrix_transpose".split():
    _numpys[getattr(_np.linalg, _name)] = _numpys[getattr(_np, _name)]
_entered(_np.linalg.diagonal)(
    lambda x, /, *, offset=0: _np.diagonal(_array(x), offset, axis1=-2, axis2=-1)
)
_entered(_np.linalg.trace)(
    lambda x, /, *, offset=0, dtype=None: _np.sum(
        _np.diagonal(_array(x, dtype), offset, axis1=-2, axis2=-1), axis=-1
    )
)
_entered(_np.linalg.svdvals)(lambda x, /: _svd(_array(x), compute_uv=False))
_entered(_np.linalg.tensorsolve)(
    lambda a, b, axes=None: _mixing_dtypes(_tensors.tensorsolve)(a, b, axes)
)
_entered(_np.linalg.tensorinv)(_by_tensors(_tensors.tensorinv))
_entered(_np.linalg.matrix_rank)(_on_plain_values(_np.linalg.matrix_rank))

globals().update(_names_of(_np.linalg))


def T(x: Any) -> Any:
    """The transposed of each matrix: the last two axes change places.

    >>> import numpy as np
    >>> T(np.zeros((4, 2, 3))).shape
    (4, 3, 2)
    """
    return x.swapaxes(-1, -2)


def _dot(a: Any, b: Any) -> Any:
    return a @ b
