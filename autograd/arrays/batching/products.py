"""Products: a letter, or an axis of the stack, for each level. Stacks of matrices, and FFTs."""

from __future__ import annotations

import string
from typing import Any

import numpy as np

from autograd.arrays.batched import (
    Batched,
    aligned,
    batched,
    by_samples,
    levels_of,
    rule,
    tuned,
    whole,
)
from autograd.arrays.batching.shapes import along, reshape_view
from autograd.arrays.dtypes import floating
from autograd.kernels.products import stacked_product
from autograd.kernels.sums import dot_product, sum_of_products


@rule(np.matmul, stacked_product)
def matmul(x: Any, y: Any, **options: Any) -> Any:
    """x @ y. What all samples share is one matrix: then their rows are one matrix, too."""
    levels, m, n = levels_of(x, y), np.ndim(x), np.ndim(y)
    if not m or not n or options:
        return by_samples(np.matmul, (x, y), options)
    if type(y) is not Batched and n == 2:
        data = x.data
        if data.ndim > 2 and data.shape[-1] and data.size:
            made = np.matmul(np.reshape(data, (-1, data.shape[-1])), y)
            return Batched(np.reshape(made, (*data.shape[:-1], y.shape[1])), levels)
        return Batched(np.matmul(data, y), levels)
    if type(x) is not Batched and m == 2 and n == 1:
        return Batched(np.matmul(y.data, np.swapaxes(x, 0, 1)), levels)
    x = np.expand_dims(x, 0) if m == 1 else x
    y = np.expand_dims(y, 1) if n == 1 else y
    ndim = max(np.ndim(x), np.ndim(y))
    # a product for each sample: of a column and a row it is theirs, element by element
    outer = x.shape[-1] == 1 == y.shape[-2] and floating(x.dtype)
    product = np.multiply if outer else tuned(stacked_product)
    made = product(aligned(x, levels, ndim), aligned(y, levels, ndim))
    if made.ndim < len(levels) + ndim:  # both lack the outer levels' axes
        made = np.reshape(made, (*(1,) * (len(levels) + ndim - made.ndim), *made.shape))
    if n == 1:
        made = made[..., 0]
    if m == 1:
        made = made[..., 0, :] if n != 1 else made[..., 0]
    return Batched(made, levels)


@rule(np.einsum)
def einsum(equation: Any, *operands: Any, **options: Any) -> Any:
    levels = levels_of(*operands)
    if not isinstance(equation, str):
        return by_samples(np.einsum, (equation, *operands), options)
    return Batched(
        np.einsum(_lettered(equation, operands, levels), *map(_data, operands), **options), levels
    )


def _data(x: Any) -> Any:
    return x.data if type(x) is Batched else x


def _lettered(equation: str, operands: Any, levels: Any) -> str:
    """``equation`` with a letter for each level in front of the operands that have it."""
    equation = equation.replace(" ", "")
    free = [letter for letter in string.ascii_letters if letter not in equation]
    letters = dict(zip(levels, free))
    given, arrow, out = equation.partition("->")
    terms = given.split(",")
    if not arrow:
        once = sorted({one for one in given if one.isalpha() and given.count(one) == 1})
        out = ("..." if "..." in given else "") + "".join(once)
    shown = []
    for term, operand in zip(terms, operands, strict=True):
        own = operand.levels if type(operand) is Batched else ()
        shown.append("".join([letters[level] for level in own]) + term)
    return f"{','.join(shown)}->{''.join(letters.values())}{out}"


@rule(sum_of_products)
def products_summed(x: Any, y: Any, *, equation: str) -> Any:
    levels = levels_of(x, y)
    given = [Batched(whole(one, levels), levels) for one in (x, y)]
    lettered = _lettered(equation, given, levels)
    made = tuned(sum_of_products)(given[0].data, given[1].data, equation=lettered)
    return Batched(made, levels)


@rule(np.inner)
def inner(x: Any, y: Any) -> Any:
    if not np.ndim(x) or not np.ndim(y):
        return np.multiply(x, y)
    if np.ndim(x) == np.ndim(y) == 1:
        return dot(x, y)
    return dot(x, np.swapaxes(y, -1, -2) if np.ndim(y) > 1 else y)


@rule(np.dot, dot_product)
def dot(x: Any, y: Any, out: Any = None) -> Any:
    m, n = np.ndim(x), np.ndim(y)
    if not m or not n:
        return np.multiply(x, y)
    if n <= 2:
        return matmul(x, y)
    return by_samples(np.dot, (x, y), {})


@rule(np.outer)
def outer(x: Any, y: Any, out: Any = None) -> Any:
    return np.multiply(np.reshape(x, (-1, 1)), np.reshape(y, (-1,)))


@rule(np.vecdot)
def vecdot(x: Any, y: Any, **options: Any) -> Any:
    levels, ndim = levels_of(x, y), max(np.ndim(x), np.ndim(y))
    return Batched(np.vecdot(aligned(x, levels, ndim), aligned(y, levels, ndim), **options), levels)


# -- stacks of matrices ---------------------------------------------------------------------------


def _of_stacks(function: Any) -> None:
    def found(x: Any, *args: Any, **options: Any) -> Any:
        if levels_of(*args, *options.values()) or x.ndim < 2:
            return by_samples(function, (x, *args), options)
        return batched(function(x.data, *args, **options), x.levels)

    rule(function)(found)


_function: Any
for _function in (np.linalg.inv, np.linalg.det, np.linalg.slogdet, np.linalg.cholesky,
                  np.linalg.qr, np.linalg.svd, np.linalg.svdvals, np.linalg.eig,
                  np.linalg.eigvals, np.linalg.eigh, np.linalg.eigvalsh, np.linalg.pinv,
                  np.linalg.matrix_power, np.linalg.matrix_transpose):  # fmt: skip
    _of_stacks(_function)


@rule(np.linalg.solve)
def solve(a: Any, b: Any) -> Any:
    """a⁻¹ b, of a vector or of stacks of matrices."""
    levels, vector = levels_of(a, b), np.ndim(b) == 1
    b = np.expand_dims(b, 1) if vector else b
    ndim = max(np.ndim(a), np.ndim(b))
    made = np.linalg.solve(aligned(a, levels, ndim), aligned(b, levels, ndim))
    return Batched(made[..., 0] if vector else made, levels)


@rule(np.linalg.norm)
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if axis is None and (ord is not None or keepdims):
        return by_samples(np.linalg.norm, (x, ord, axis, keepdims), {})
    if axis is None:
        x, axis = reshape_view(x, (x.size,)), 0
    return Batched(np.linalg.norm(x.data, ord, along(axis, x), keepdims), x.levels)


# -- Fourier transforms ---------------------------------------------------------------------------


def _of_lines(function: Any) -> None:
    def found(x: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
        return Batched(function(x.data, n, along(axis, x), norm), x.levels)

    rule(function)(found)


def _of_grids(function: Any, default: Any) -> None:
    def found(x: Any, s: Any = None, axes: Any = default, norm: Any = None) -> Any:
        if axes is None:
            axes = range(x.ndim) if s is None else range(-len(s), 0)
        return Batched(function(x.data, s, along(tuple(axes), x), norm), x.levels)

    rule(function)(found)


def _of_shifts(function: Any) -> None:
    def found(x: Any, axes: Any = None) -> Any:
        return Batched(function(x.data, along(axes, x)), x.levels)

    rule(function)(found)


def _fourier() -> None:
    """Rules for numpy.fft, which is imported when somebody asks for it, and not before."""
    fft: Any = np.fft
    for function in (fft.fft, fft.ifft, fft.rfft, fft.irfft, fft.hfft, fft.ihfft):
        _of_lines(function)
    for function in (fft.fft2, fft.ifft2, fft.rfft2, fft.irfft2):
        _of_grids(function, (-2, -1))
    for function in (fft.fftn, fft.ifftn, fft.rfftn, fft.irfftn):
        _of_grids(function, None)
    for function in (fft.fftshift, fft.ifftshift):
        _of_shifts(function)


_fourier()
