"""``numpy.linalg`` over traced values."""

from __future__ import annotations

from typing import Any

import numpy as _np

from autograd import linalg as _tensors
from autograd.engine.dispatch import numpys as _numpys
from autograd.numpy.functions import array as _array, mixing_dtypes as _mixing_dtypes
from autograd.numpy.table import by_tensors as _by_tensors, names_of as _names_of

for _name in "cholesky cond det eigvals inv matrix_power pinv slogdet".split():
    _numpys[getattr(_np.linalg, _name)] = _by_tensors(getattr(_tensors, _name))


def _hermitian(a: Any, UPLO: str) -> Any:
    """The matrix of which ``a`` holds one triangle: the other one is not read."""
    strict = _np.tril(a, -1) if UPLO.upper() == "L" else _np.triu(a, 1)
    middle = _np.real(a) * _np.eye(a.shape[-1])
    return strict + _np.conjugate(_np.swapaxes(strict, -1, -2)) + middle


_numpys[_np.linalg.eigh] = _by_tensors(
    lambda a, UPLO="L": tuple(_tensors.eigh(_hermitian(a, UPLO), UPLO=UPLO))
)
_numpys[_np.linalg.eigvalsh] = _by_tensors(
    lambda a, UPLO="L": _tensors.eigvalsh(_hermitian(a, UPLO), UPLO=UPLO)
)
_numpys[_np.linalg.eig] = _by_tensors(lambda a: tuple(_tensors.eig(a)))
_numpys[_np.linalg.qr] = _by_tensors(lambda a, mode="reduced": tuple(_tensors.qr(a, mode=mode)))


@_by_tensors
def _svd(a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    if not compute_uv:
        return _tensors.svdvals(a)
    return tuple(_tensors.svd(a, full_matrices=full_matrices))


_numpys[_np.linalg.svd] = _svd
_numpys[_np.linalg.solve] = _mixing_dtypes(_np.linalg.solve)
_norm_of_tensors = _numpys[_np.linalg.norm]


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    x = _array(x) if isinstance(x, (list, tuple)) else x
    if ord != "nuc":
        return _norm_of_tensors(x, ord=ord, axis=axis, keepdims=keepdims)
    axes = (-2, -1) if axis is None else axis
    matrices = _numpys[_np.moveaxis](x, axes, (-2, -1))
    found = _numpys[_np.sum](_svd(matrices, compute_uv=False), axis=-1)
    if not keepdims:
        return found
    return _numpys[_np.expand_dims](found, tuple([one % x.ndim for one in axes]))


_numpys[_np.linalg.norm] = _norm


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
