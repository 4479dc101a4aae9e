"""Products of vectors, matrices and stacks of matrices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.arrays.errors import DtypeError
from autograd.arrays.remedies import converted, factors, to_broadcast
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import sum_to
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.kernels.products import stacked_product
from autograd.kernels.sums import dot_product
from autograd.ops.linalg.einsum import tensordot
from autograd.ops.pointwise.arithmetic import Multiply

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["bmm", "dot", "ger", "inner", "matmul", "mm", "mv", "outer", "vdot"]


class MM(Function):
    """The product of two matrices, the work of most networks.

    Formulas spell it np.dot and np.inner (x yᵀ), which reach BLAS sooner than the ufunc matmul.
    """

    takes_complex = True

    def forward(self, x, y):
        if x.dtype is not y.dtype or x.shape[1] != y.shape[0]:
            _check_factors("matmul", x, y)
        return np.dot(x, y)

    def grad_x(self, g, y):
        return np.inner(g, y)

    def grad_y(self, g, x):
        return np.dot(np.transpose(x), g)


class Dot(Function):
    """Σᵢ xᵢ yᵢ."""

    takes_complex = True

    def forward(self, x, y):
        if x.dtype is not y.dtype or x.shape != y.shape:
            _check_factors("dot", x, y)
        return dot_product(x, y)

    def grad_x(self, g, y):
        return g * y

    def grad_y(self, g, x):
        return g * x


class Outer(Function):
    """xᵢ yⱼ."""

    takes_complex = True

    def forward(self, x, y):
        _check_dtypes("outer", x, y)
        return np.outer(x, y)

    def grad_x(self, g, y):
        return np.dot(g, y)

    def grad_y(self, g, x):
        return np.dot(x, g)


class MatMul(Function):
    """x @ y for stacks of matrices; a vector is a row on the left, a column on the right.

    Where y is one matrix (or vector), all rows of x go through it in a single product.
    """

    takes_complex = True
    row, flat = False, True  # as of a matrix and a vector

    def forward(self, x, y):
        if y.ndim == 1 and x.shape[1:] == y.shape and x.dtype is y.dtype:
            return np.dot(x, y)
        _check_factors("matmul", x, y)
        self.row = x.ndim == 1
        self.flat = x.ndim > 1 and y.ndim < 3
        if x.ndim == 2 and self.flat:
            return np.dot(x, y)
        if self.flat:
            return np.reshape(np.dot(_rows(x), y), (*x.shape[:-1], *y.shape[1:]))
        return stacked_product(x, y)

    def grad_x(self, g, y):
        if self.flat:
            product = np.outer(g, y) if y.ndim == 1 else np.inner(_rows(g), y)
            shape = (*g.shape[: g.ndim + 1 - y.ndim], y.shape[0])
            return product if product.shape == shape else np.reshape(product, shape)
        if self.row:
            g = np.reshape(g, (*g.shape[:-1], 1, g.shape[-1]))
        return sum_to(stacked_product(g, np.swapaxes(y, -1, -2)), self.shapes[0])

    def grad_y(self, g, x):
        if self.flat:
            if x.ndim > 2:
                g = np.reshape(g, (-1,)) if g.ndim < x.ndim else _rows(g)
            return np.dot(np.transpose(_rows(x)), g)
        if self.row:
            d = np.reshape(x, (-1, 1)) * np.reshape(g, (*g.shape[:-1], 1, g.shape[-1]))
        else:
            d = stacked_product(np.swapaxes(x, -1, -2), g)
        return sum_to(d, self.shapes[1])


def product_of(m: int, n: int) -> Any:
    """The op that is the product of operands of ``m`` and ``n`` axes, one at least."""
    return MM if m == 2 == n else Dot if m == 1 == n else MatMul


def _rows(x):
    """``x`` as one matrix of all its rows."""
    return x if x.ndim == 2 else np.reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))


def _check_dtypes(call: str, x: Any, y: Any) -> None:
    if x.dtype != y.dtype:
        wider = dtypes.result_type(x, y)
        narrow = "x" if x.dtype != wider else "y"
        raise DtypeError(
            f"{call}: both operands must have one dtype; got {x.dtype} and {y.dtype}. Convert one "
            f"of them: {converted(narrow, wider)}."
        )


def _check_factors(call: str, x: Any, y: Any) -> None:
    _check_dtypes(call, x, y)
    if x.ndim == 1 == y.ndim and x.shape != y.shape:
        raise ShapeError(
            f"{call}: vectors must have one length; got {x.shape[0]} and {y.shape[0]}. "
            "outer multiplies every pair."
        )
    inner = y.shape[-2] if y.ndim > 1 else y.shape[0]
    if x.shape[-1] != inner:
        raise ShapeError(
            f"{call}: the inner sizes must agree; got {tuple(x.shape)} and {tuple(y.shape)}, so "
            f"{x.shape[-1]} and {inner}. {factors(x.shape, y.shape)}"
        )
    if x.ndim > 2 and y.ndim > 2:
        try:
            np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
        except ValueError:
            raise ShapeError(
                f"{call}: the stacks must broadcast (all sizes but the last two); got "
                f"{tuple(x.shape)} and {tuple(y.shape)}. "
                f"{to_broadcast((x.shape[:-2], y.shape[:-2]))} An axis of 1 is stretched."
            ) from None


def check_ndim(call: str, **operands: tuple[Any, int]) -> None:
    """Each operand must have its number of dimensions."""
    for name, (x, ndim) in operands.items():
        if not hasattr(x, "ndim"):
            raise TypeError(f"{call}: {name} must be a tensor; got {type(x).__name__}.")
        if x.ndim != ndim:
            raise ShapeError(
                f"{call}: {name} must have {ndim} dimension{'s' if ndim > 1 else ''}; got shape "
                f"{tuple(x.shape)}. matmul, x @ y, takes any."
            )


@implements(np.matmul)
def matmul(input: Tensor, other: Tensor) -> Tensor:
    """x @ y: products of vectors (d), matrices (n, d) and stacks of matrices (..., n, d).

    Shapes: (..., n, d) @ (..., d, m) -> (..., n, m), where the leading sizes broadcast; a vector is
    a row on the left and a column on the right, and its dimension is dropped from the result.

    Raises ValueError where the inner sizes differ or an operand is 0-d, TypeError where the dtypes
    differ.

    >>> import autograd
    >>> autograd.matmul(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), autograd.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    try:
        m, n = getattr(input, "_data", input).ndim, getattr(other, "_data", other).ndim
    except AttributeError:
        raise TypeError(
            f"matmul: operands must be tensors; got {type(input).__name__} and "
            f"{type(other).__name__}. Use * to scale by a number."
        ) from None
    if m == 0 or n == 0:
        raise ShapeError(
            f"matmul: operands must have at least 1 dimension; got {tuple(input.shape)} and "
            f"{tuple(other.shape)}. Use * to scale by a number."
        )
    return product_of(m, n).apply(input, other)


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices, (n, d) and (d, m) -> (n, m); nothing broadcasts.

    Raises ValueError where an operand is no matrix or the inner sizes differ.

    >>> import autograd
    >>> autograd.mm(autograd.tensor([[1.0, 2.0]]), autograd.tensor([[3.0], [4.0]]))
    tensor([[11.]])
    """
    check_ndim("mm", input=(input, 2), mat2=(mat2, 2))
    return MM.apply(input, mat2)


def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """One product for each pair of matrices, (b, n, d) and (b, d, m) -> (b, n, m).

    Raises ValueError where an operand is not 3-d or the sizes differ; nothing broadcasts.

    >>> import autograd
    >>> autograd.bmm(autograd.ones(2, 1, 3), autograd.ones(2, 3, 1)).shape
    autograd.Size([2, 1, 1])
    """
    check_ndim("bmm", input=(input, 3), mat2=(mat2, 3))
    if input.shape[0] != mat2.shape[0]:
        raise ShapeError(
            f"bmm: the batch sizes must agree; got {tuple(input.shape)} and {tuple(mat2.shape)}. "
            "matmul broadcasts."
        )
    return MatMul.apply(input, mat2)


def mv(input: Tensor, vec: Tensor) -> Tensor:
    """A matrix times a vector, (n, d) and (d) -> (n).

    >>> import autograd
    >>> autograd.mv(autograd.tensor([[1.0, 2.0]]), autograd.tensor([3.0, 4.0]))
    tensor([11.])
    """
    check_ndim("mv", input=(input, 2), vec=(vec, 1))
    return MatMul.apply(input, vec)


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Σᵢ xᵢ yᵢ of two vectors.

    Raises ValueError where an operand is no vector (NumPy's dot takes more) or the sizes differ.

    >>> import autograd
    >>> autograd.dot(autograd.tensor([1.0, 2.0]), autograd.tensor([3.0, 4.0]))
    tensor(11.)
    """
    check_ndim("dot", input=(input, 1), tensor=(tensor, 1))
    return Dot.apply(input, tensor)


def vdot(input: Tensor, other: Tensor) -> Tensor:
    """Σᵢ x̄ᵢ yᵢ of two vectors: :func:`dot` with the first conjugated.

    >>> import autograd
    >>> autograd.vdot(autograd.tensor([1.0, 2.0]), autograd.tensor([3.0, 4.0]))
    tensor(11.)
    """
    check_ndim("vdot", input=(input, 1), other=(other, 1))
    return Dot.apply(np.conjugate(input), other)


@implements(np.inner)
def inner(input: Tensor, other: Tensor) -> Tensor:
    """Σ over the last dimension of both: (..., d) and (*, d) -> (..., *); a 0-d operand scales.

    >>> import autograd
    >>> autograd.inner(autograd.tensor([[1.0, 2.0], [0.0, 1.0]]), autograd.tensor([3.0, 4.0]))
    tensor([11.,  4.])
    """
    check_tensors("inner", input=input, other=other)
    if input.ndim == 0 or other.ndim == 0:
        return Multiply.apply(input, other)
    if input.ndim == 2 == other.ndim:
        return MM.apply(input, np.transpose(other))
    return tensordot(input, other, ([-1], [-1]))


def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """xᵢ yⱼ of two vectors, (n) and (m) -> (n, m).

    >>> import autograd
    >>> autograd.outer(autograd.tensor([1.0, 2.0]), autograd.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    check_ndim("outer", input=(input, 1), vec2=(vec2, 1))
    return Outer.apply(input, vec2)


ger = outer


@implements(np.dot)
def _numpy_dot(a, b):
    if getattr(a, "ndim", None) == 2 == getattr(b, "ndim", None):
        return MM.apply(a, b)
    if np.ndim(unwrap(a)) == 0 or np.ndim(unwrap(b)) == 0:
        return Multiply.apply(a, b)
    if b.ndim < 3:
        return matmul(a, b)
    return tensordot(a, b, ([-1], [-2]))


@implements(np.vdot)
def _numpy_vdot(a, b):
    return Dot.apply(np.reshape(np.conjugate(a), (-1,)), np.reshape(b, (-1,)))


@implements(np.outer)
def _numpy_outer(a, b):
    return Outer.apply(np.reshape(a, (-1,)), np.reshape(b, (-1,)))
