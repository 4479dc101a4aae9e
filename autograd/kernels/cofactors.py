"""The derivatives of determinants, which singular matrices have as well as others.

The determinant is a polynomial. Of A = U S Vᴴ with singular values s, its gradient is det(U Vᴴ)
times the one at S, turned back: of diagonal matrices the derivatives are products of the s that are
left over. Where A is far from singular, LU factors say the same sooner.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel


def _others(s: Any) -> Any:
    """Of each place, the product of all other values."""
    one = s[..., :1] * 0 + 1
    before = np.concatenate((one, np.cumprod(s, axis=-1)[..., :-1]), axis=-1)
    after = np.flip(np.cumprod(np.flip(s, -1), axis=-1), -1)
    return before * np.concatenate((after[..., 1:], one), axis=-1)


def _other_pairs(s: Any) -> Any:
    """Of each pair of places, the product of all values at neither; 0 for a place with itself."""
    n = s.shape[-1]
    rows = []
    for i in range(n):
        rest = np.concatenate((s[..., :i], s[..., i + 1 :]), axis=-1)
        row = _others(rest) if n > 1 else rest
        rows.append(np.concatenate((row[..., :i], s[..., :1] * 0, row[..., i:]), axis=-1))
    return np.stack(rows, axis=-2)


def _turned(u: Any, middle: Any, vh: Any) -> Any:
    """conj(U) M conj(Vᴴ), times det(U Vᴴ)."""
    d = np.linalg.det(u) * np.linalg.det(vh)
    found = np.matmul(np.matmul(np.conjugate(u), middle), np.conjugate(vh))
    return np.reshape(d, (*d.shape, 1, 1)) * found


def _on_diagonal(values: Any) -> Any:
    n = values.shape[-1]
    return np.expand_dims(values, -1) * np.eye(n, dtype=values.dtype, like=values)


def _cofactors(a: Any) -> Any:
    if a.shape[-1] == 0:
        return a
    u, s, vh = np.linalg.svd(a)
    return _turned(u, _on_diagonal(_others(s)), vh)


@kernel(plain=_cofactors)
def cofactors(a: Any) -> Any:
    """The matrices of cofactors, det(A) A⁻ᵀ where that exists: the gradient of det.

    >>> cofactors(np.array([[1.0, 2], [2, 4]])).round(6)
    array([[ 4., -2.],
           [-2.,  1.]])
    """
    d = np.linalg.det(a)
    regular = d != 0
    if np.all(regular):
        inverse = np.linalg.inv(a)
    else:
        chosen = np.expand_dims(regular, (-2, -1))
        inverse = np.linalg.inv(np.where(chosen, a, np.eye(a.shape[-1], dtype=a.dtype)))
    found = np.expand_dims(d, (-2, -1)) * np.swapaxes(inverse, -1, -2)
    if not np.all(regular):
        found[~regular] = _cofactors(a[~regular])
    return found


def _second_cofactors(a: Any, h: Any) -> Any:
    if a.shape[-1] == 0:
        return h
    u, s, vh = np.linalg.svd(a)
    inner = np.matmul(np.matmul(np.conjugate(np.swapaxes(u, -1, -2)), h), _adjoint(vh))
    pairs = _other_pairs(s).astype(inner.dtype)
    diagonal = np.diagonal(inner, 0, -2, -1)
    own = np.reshape(np.matmul(pairs, np.expand_dims(diagonal, -1)), diagonal.shape)
    return _turned(u, _on_diagonal(own) - np.swapaxes(inner, -1, -2) * pairs, vh)


def _adjoint(x: Any) -> Any:
    return np.conjugate(np.swapaxes(x, -1, -2))


@kernel(plain=_second_cofactors)
def second_cofactors(a: Any, h: Any) -> Any:
    """The gradient with respect to A of Σ h · cofactors(A): the second derivative of det along h.

    >>> second_cofactors(np.zeros((2, 2)), np.array([[1.0, 2], [3, 4]]))
    array([[ 4., -3.],
           [-2.,  1.]])
    """
    d, c = np.expand_dims(np.linalg.det(a), (-2, -1)), cofactors(a)
    size = np.sqrt(np.sum(np.abs(a) ** 2, (-2, -1)) * np.sum(np.abs(c) ** 2, (-2, -1)))
    far = size < 1e3 * np.abs(d[..., 0, 0])  # else the difference of two products loses digits
    if np.all(far):
        return _from_cofactors(c, d, h)
    with np.errstate(all="ignore"):
        found = _from_cofactors(c, d, h)
    found[~far] = _second_cofactors(a[~far], h[~far])
    return found


def _from_cofactors(c: Any, d: Any, h: Any) -> Any:
    along = np.sum(h * c, (-2, -1), keepdims=True)
    return (along * c - np.matmul(np.matmul(c, np.swapaxes(h, -1, -2)), c)) / d
