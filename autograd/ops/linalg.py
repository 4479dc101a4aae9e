"""Products of vectors, matrices and stacks of matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import memory
from autograd.dispatch import implements
from autograd.elementwise import sum_to
from autograd.function import Function
from autograd.graph import TensorBase, unwrap, wrap
from autograd.modes import mode
from autograd.ops.arithmetic import Add, Multiply
from autograd.ops.einsum import einsum, stacked_product

if TYPE_CHECKING:
    from autograd.annotations import Number, Tensor


class MM(Function):
    """The product of two matrices, the work of most networks: ``apply`` is written out for speed.

    Formulas spell it np.dot and np.inner (x yᵀ), which reach BLAS sooner than the ufunc matmul.
    """

    def forward(self, x, y):
        if x.dtype is not y.dtype or x.shape[1] != y.shape[0]:
            _check_factors("matmul", x, y)
        return np.dot(x, y)

    def grad_x(self, g, y):
        return np.inner(g, y)

    def grad_y(self, g, x):
        return np.dot(np.transpose(x), g)

    @classmethod
    def apply(cls, x: Any, y: Any) -> Any:  # type: ignore[override]
        """Run the op on two matrices; see :meth:`Function.apply`."""
        if not (isinstance(x, TensorBase) and isinstance(y, TensorBase)):
            return super().apply(x, y)
        node = cls()
        a, b = x._data, y._data
        out = node.forward(a, b)
        x_edge, y_edge = x._edge, y._edge
        if not mode.grad or (x_edge is None and y_edge is None):
            return wrap(out, None)
        node.edges = (x_edge, y_edge)
        if x_edge is None:
            node.plan = ((y_edge, cls.grad_y, (a,)),)
        elif y_edge is None:
            node.plan = ((x_edge, cls.grad_x, (b,)),)
        else:
            node.plan = ((x_edge, cls.grad_x, (b,)), (y_edge, cls.grad_y, (a,)))
        node.age = memory.tick()
        return wrap(out, node)


_mm = MM.apply


class Dot(Function):
    """Σᵢ xᵢ yᵢ."""

    def forward(self, x, y):
        _check_factors("dot", x, y)
        return np.dot(x, y)

    def grad_x(self, g, y):
        return g * y

    def grad_y(self, g, x):
        return g * x


class Outer(Function):
    """xᵢ yⱼ."""

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

    @classmethod
    def fit(cls, formula):
        """``formula``, summed over the axes along which a stack was broadcast."""

        def fitted(node, g, shape, *kept):
            return sum_to(formula(node, g, *kept), shape)

        return fitted

    def forward(self, x, y):
        _check_factors("matmul", x, y)
        self.row = x.ndim == 1
        self.flat = x.ndim > 1 and y.ndim < 3
        if self.flat:
            return np.reshape(np.dot(_rows(x), y), (*x.shape[:-1], *y.shape[1:]))
        return stacked_product(x, y)

    def grad_x(self, g, y):
        if self.flat:
            product = np.outer(g, y) if y.ndim == 1 else np.inner(_rows(g), y)
            return np.reshape(product, (*g.shape[: g.ndim + 1 - y.ndim], y.shape[0]))
        if self.row:
            g = np.reshape(g, (*g.shape[:-1], 1, g.shape[-1]))
        return stacked_product(g, np.swapaxes(y, -1, -2))

    def grad_y(self, g, x):
        if self.flat:
            vector = g.ndim < x.ndim
            g = np.reshape(g, (-1,)) if vector else _rows(g)
            return np.dot(np.transpose(_rows(x)), g)
        if self.row:
            return np.reshape(x, (-1, 1)) * np.reshape(g, (*g.shape[:-1], 1, g.shape[-1]))
        return stacked_product(np.swapaxes(x, -1, -2), g)


def _rows(x):
    """``x`` as one matrix of all its rows."""
    return np.reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))


def _check_dtypes(call: str, x: Any, y: Any) -> None:
    if x.dtype != y.dtype:
        remedy = {"float32": "x.float()", "float64": "x.double()"}
        wider = np.promote_types(x.dtype, y.dtype)
        raise TypeError(
            f"{call}: both operands must have one dtype; got {x.dtype} and {y.dtype}. Convert one "
            f"of them: {remedy.get(wider.name, f'x.to({wider})')}."
        )


def _check_factors(call: str, x: Any, y: Any) -> None:
    _check_dtypes(call, x, y)
    if x.ndim == 1 == y.ndim and x.shape != y.shape:
        raise ValueError(
            f"{call}: vectors must have one length; got {x.shape[0]} and {y.shape[0]}. "
            "outer multiplies every pair."
        )
    inner = y.shape[-2] if y.ndim > 1 else y.shape[0]
    if x.shape[-1] != inner:
        raise ValueError(
            f"{call}: the inner sizes must agree; got {tuple(x.shape)} and {tuple(y.shape)}, so "
            f"{x.shape[-1]} and {inner}. Transpose one of them (x.mT), or check their order."
        )
    if x.ndim > 2 and y.ndim > 2:
        try:
            np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
        except ValueError:
            raise ValueError(
                f"{call}: the stacks must broadcast (all sizes but the last two); got "
                f"{tuple(x.shape)} and {tuple(y.shape)}. Reshape or unsqueeze one of them."
            ) from None


def _check_ndim(call: str, **operands: tuple[Any, int]) -> None:
    """Each operand must have its number of dimensions."""
    for name, (x, ndim) in operands.items():
        if not hasattr(x, "ndim"):
            raise TypeError(f"{call}: {name} must be a tensor; got {type(x).__name__}.")
        if x.ndim != ndim:
            raise ValueError(
                f"{call}: {name} must have {ndim} dimension{'s' if ndim > 1 else ''}; got shape "
                f"{tuple(x.shape)}. einsum takes any."
            )


@implements(np.matmul)
def matmul(input: Tensor, other: Tensor) -> Tensor:
    """x @ y: products of vectors (d), matrices (n, d) and stacks of matrices (..., n, d).

    (..., n, d) @ (..., d, m) -> (..., n, m), where the leading sizes broadcast; a vector is a row
    on the left and a column on the right, and its dimension is dropped from the result.

    Raises ValueError where the inner sizes differ or an operand is 0-d, TypeError where the dtypes
    differ.

    >>> import autograd
    >>> autograd.matmul(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), autograd.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    try:
        m, n = unwrap(input).ndim, unwrap(other).ndim
    except AttributeError:
        raise TypeError(
            f"matmul: operands must be tensors; got {type(input).__name__} and "
            f"{type(other).__name__}. Use * to scale by a number."
        ) from None
    if m == 2 == n:
        return _mm(input, other)
    if m == 0 or n == 0:
        raise ValueError(
            f"matmul: operands must have at least 1 dimension; got {tuple(input.shape)} and "
            f"{tuple(other.shape)}. Use * to scale by a number."
        )
    if m == 1 == n:
        return Dot.apply(input, other)
    return MatMul.apply(input, other)


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices, (n, d) and (d, m) -> (n, m); nothing broadcasts.

    Raises ValueError where an operand is no matrix or the inner sizes differ.

    >>> import autograd
    >>> autograd.mm(autograd.tensor([[1.0, 2.0]]), autograd.tensor([[3.0], [4.0]]))
    tensor([[11.]])
    """
    _check_ndim("mm", input=(input, 2), mat2=(mat2, 2))
    return MM.apply(input, mat2)


def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """One product for each pair of matrices, (b, n, d) and (b, d, m) -> (b, n, m).

    Raises ValueError where an operand is not 3-d or the sizes differ; nothing broadcasts.

    >>> import autograd
    >>> autograd.bmm(autograd.ones(2, 1, 3), autograd.ones(2, 3, 1)).shape
    torch.Size([2, 1, 1])
    """
    _check_ndim("bmm", input=(input, 3), mat2=(mat2, 3))
    if input.shape[0] != mat2.shape[0]:
        raise ValueError(
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
    _check_ndim("mv", input=(input, 2), vec=(vec, 1))
    return MatMul.apply(input, vec)


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Σᵢ xᵢ yᵢ of two vectors.

    Raises ValueError where an operand is no vector (NumPy's dot takes more) or the sizes differ.

    >>> import autograd
    >>> autograd.dot(autograd.tensor([1.0, 2.0]), autograd.tensor([3.0, 4.0]))
    tensor(11.)
    """
    _check_ndim("dot", input=(input, 1), tensor=(tensor, 1))
    return Dot.apply(input, tensor)


def vdot(input: Tensor, other: Tensor) -> Tensor:
    """:func:`dot`; they differ for complex tensors only, which have no gradient here.

    >>> import autograd
    >>> autograd.vdot(autograd.tensor([1.0, 2.0]), autograd.tensor([3.0, 4.0]))
    tensor(11.)
    """
    _check_ndim("vdot", input=(input, 1), other=(other, 1))
    return Dot.apply(input, other)


@implements(np.inner)
def inner(input: Tensor, other: Tensor) -> Tensor:
    """Σ over the last dimension of both: (..., d) and (*, d) -> (..., *); a 0-d operand scales.

    >>> import autograd
    >>> autograd.inner(autograd.tensor([[1.0, 2.0], [0.0, 1.0]]), autograd.tensor([3.0, 4.0]))
    tensor([11.,  4.])
    """
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
    _check_ndim("outer", input=(input, 1), vec2=(vec2, 1))
    return Outer.apply(input, vec2)


ger = outer


@implements(np.dot)
def _numpy_dot(a, b):
    if a.ndim == 0 or b.ndim == 0:
        return Multiply.apply(a, b)
    if b.ndim < 3:
        return matmul(a, b)
    return tensordot(a, b, ([-1], [-2]))


@implements(np.vdot)
def _numpy_vdot(a, b):
    return Dot.apply(np.reshape(a, (-1,)), np.reshape(b, (-1,)))


@implements(np.outer)
def _numpy_outer(a, b):
    return Outer.apply(np.reshape(a, (-1,)), np.reshape(b, (-1,)))


def tensordot(a: Tensor, b: Tensor, dims: int | Sequence[Sequence[int]] = 2) -> Tensor:
    """Σ over the dimensions ``dims``: pairs ([of a], [of b]), or the last n of a with b's first n.

    Raises ValueError where the sizes along the paired dimensions differ.

    >>> import autograd
    >>> autograd.tensordot(autograd.ones(2, 3, 4), autograd.ones(3, 4, 5), dims=2).shape
    torch.Size([2, 5])
    """
    if isinstance(dims, int):
        pairs = [(a.ndim - dims + i, i) for i in range(dims)]
        if not 0 <= dims <= min(a.ndim, b.ndim):
            raise ValueError(
                f"tensordot: dims must lie between 0 and the dimensions of both; got {dims} for "
                f"{tuple(a.shape)} and {tuple(b.shape)}."
            )
    else:
        of_a, of_b = ([d] if isinstance(d, int) else list(d) for d in dims)
        if len(of_a) != len(of_b):
            raise ValueError(
                f"tensordot: dims must pair dimensions; got {len(of_a)} of a and {len(of_b)} of b."
            )
        pairs = [(range(a.ndim)[i], range(b.ndim)[j]) for i, j in zip(of_a, of_b, strict=True)]
    for i, j in pairs:
        if a.shape[i] != b.shape[j]:
            raise ValueError(
                f"tensordot: paired dimensions must have one size; got {a.shape[i]} along {i} of "
                f"{tuple(a.shape)} and {b.shape[j]} along {j} of {tuple(b.shape)}."
            )
    paired = {j: i for i, j in pairs}
    labels = [paired.get(j, a.ndim + j) for j in range(b.ndim)]
    kept_a = [i for i in range(a.ndim) if i not in paired.values()]
    return einsum(a, range(a.ndim), b, labels, kept_a + [l for l in labels if l >= a.ndim])


@implements(np.tensordot)
def _numpy_tensordot(a, b, axes=2):
    return tensordot(a, b, axes)


@implements(np.kron)
def kron(input: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product: each element of x times all of y, laid out as blocks.

    Shapes (a₁, ..., aₙ) and (b₁, ..., bₙ) -> (a₁b₁, ..., aₙbₙ); the shorter shape is filled with 1.

    >>> import autograd
    >>> autograd.kron(autograd.tensor([1.0, 10.0]), autograd.tensor([1.0, 2.0]))
    tensor([ 1.,  2., 10., 20.])
    """
    ndim = max(input.ndim, other.ndim)
    a = (1,) * (ndim - input.ndim) + tuple(input.shape)
    b = (1,) * (ndim - other.ndim) + tuple(other.shape)
    x = np.reshape(input, [n for size in a for n in (size, 1)])
    y = np.reshape(other, [n for size in b for n in (1, size)])
    return np.reshape(Multiply.apply(x, y), tuple(m * n for m, n in zip(a, b, strict=True)))


def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal.

    >>> import autograd
    >>> autograd.trace(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(5.)
    """
    _check_ndim("trace", input=(input, 2))
    return _numpy_trace(input)


@implements(np.trace)
def _numpy_trace(a, offset=0, axis1=0, axis2=1):
    return np.add.reduce(np.diagonal(a, offset, axis1, axis2), axis=-1)


# -- a product added to something ------------------------------------------------------------------


def _added(call: str, input: Any, product: Any, beta: Number, alpha: Number) -> Any:
    try:
        fits = np.broadcast_shapes(input.shape, product.shape) == tuple(product.shape)
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(
            f"{call}: input must broadcast to the product's shape {tuple(product.shape)}; got "
            f"{tuple(input.shape)}."
        )
    scaled = product if alpha == 1 else Multiply.apply(product, alpha)
    return Add.apply(input if beta == 1 else Multiply.apply(input, beta), scaled)


def addmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1
) -> Tensor:
    """beta · input + alpha · (mat1 @ mat2), for matrices; ``input`` broadcasts to the product.

    >>> import autograd
    >>> autograd.addmm(autograd.ones(2), autograd.ones(2, 3), autograd.ones(3, 2), alpha=2)
    tensor([[7., 7.],
            [7., 7.]])
    """
    return _added("addmm", input, mm(mat1, mat2), beta, alpha)


def addmv(
    input: Tensor, mat: Tensor, vec: Tensor, *, beta: Number = 1, alpha: Number = 1
) -> Tensor:
    """beta · input + alpha · (mat @ vec).

    >>> import autograd
    >>> autograd.addmv(autograd.ones(2), autograd.ones(2, 3), autograd.ones(3))
    tensor([4., 4.])
    """
    return _added("addmv", input, mv(mat, vec), beta, alpha)


def addr(
    input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Number = 1, alpha: Number = 1
) -> Tensor:
    """beta · input + alpha · vec1 vec2ᵀ.

    >>> import autograd
    >>> autograd.addr(autograd.zeros(1, 2), autograd.ones(1), autograd.ones(2), alpha=3)
    tensor([[3., 3.]])
    """
    return _added("addr", input, outer(vec1, vec2), beta, alpha)


def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1
) -> Tensor:
    """beta · input + alpha · (batch1 @ batch2), for batches of matrices.

    >>> import autograd
    >>> autograd.baddbmm(autograd.ones(1), autograd.ones(2, 1, 3), autograd.ones(2, 3, 1)).sum()
    tensor(8.)
    """
    return _added("baddbmm", input, bmm(batch1, batch2), beta, alpha)


def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1
) -> Tensor:
    """beta · input + alpha · Σᵦ batch1ᵦ @ batch2ᵦ, summed over the batch.

    >>> import autograd
    >>> autograd.addbmm(autograd.ones(1), autograd.ones(2, 1, 3), autograd.ones(2, 3, 1))
    tensor([[7.]])
    """
    return _added("addbmm", input, np.add.reduce(bmm(batch1, batch2), axis=0), beta, alpha)


# -- made of products ------------------------------------------------------------------------------


def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of a chain of matrices, in the order that keeps the steps small.

    The first and the last may be vectors. Raises ValueError for fewer than two.

    >>> import autograd
    >>> autograd.multi_dot([autograd.ones(2, 3), autograd.ones(3, 4), autograd.ones(4)])
    tensor([12., 12.])
    """
    if len(tensors) < 2:
        raise ValueError(f"multi_dot: the chain needs at least 2 tensors; got {len(tensors)}.")
    last = len(tensors) - 1
    given: list[Any] = []
    for i, x in enumerate(tensors):
        if x.ndim != 2 and not (x.ndim == 1 and i in (0, last)):
            raise ValueError(
                f"multi_dot: a chain holds matrices, with vectors at its ends only; got shape "
                f"{tuple(x.shape)} at place {i}."
            )
        given += [x, [i, i + 1][2 - x.ndim :] if i == 0 else [i, i + 1][: x.ndim]]
    ends = [0] * (tensors[0].ndim == 2) + [last + 1] * (tensors[last].ndim == 2)
    return einsum(*given, ends)


@implements(np.linalg.multi_dot)
def _numpy_multi_dot(arrays):
    return multi_dot(arrays)


def chain_matmul(*matrices: Tensor) -> Tensor:
    """The product of a chain of matrices, in the order that keeps the steps small.

    >>> import autograd
    >>> autograd.chain_matmul(autograd.ones(2, 3), autograd.ones(3, 4), autograd.ones(4, 5)).shape
    torch.Size([2, 5])
    """
    return matrices[0] if len(matrices) == 1 else multi_dot(matrices)


@implements(np.linalg.matrix_power)
def matrix_power(input: Tensor, n: int) -> Tensor:
    """A square matrix (or a stack of them) to the power n ≥ 0, by repeated squaring.

    Raises ValueError where the matrix is not square or n is negative.

    >>> import autograd
    >>> autograd.matrix_power(autograd.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
    tensor([[1., 5.],
            [0., 1.]])
    """
    if input.ndim < 2 or input.shape[-1] != input.shape[-2]:
        raise ValueError(f"matrix_power: the matrix must be square; got {tuple(input.shape)}.")
    if n < 0:
        raise ValueError(f"matrix_power: n must not be negative; got {n}. Invert the matrix first.")
    if n == 0:
        eye = np.eye(input.shape[-1], dtype=input.dtype, like=unwrap(input))
        return wrap(np.copy(np.broadcast_to(eye, input.shape)), None)
    result = None
    while True:
        if n & 1:
            result = input if result is None else matmul(result, input)
        n >>= 1
        if not n:
            return result  # type: ignore[return-value]
        input = matmul(input, input)


def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """The cross product of vectors with 3 elements along ``dim`` (the first of size 3 if None).

    >>> import autograd
    >>> autograd.cross(autograd.tensor([1.0, 0.0, 0.0]), autograd.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """
    if dim is None:
        sizes = tuple(input.shape)
        dim = sizes.index(3) - len(sizes) if 3 in sizes else -1
    if input.shape[dim] != 3 or other.shape[dim] != 3:
        raise ValueError(
            f"cross: both operands need 3 elements along dim {dim}; got {tuple(input.shape)} and "
            f"{tuple(other.shape)}."
        )
    x, y = ([np.roll(v, -i, dim) for i in (1, 2)] for v in (input, other))
    return Multiply.apply(x[0], y[1]) - Multiply.apply(x[1], y[0])


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """Σ x y over ``dim``; the other dimensions broadcast.

    >>> import autograd
    >>> autograd.vecdot(autograd.ones(2, 3), autograd.ones(3))
    tensor([3., 3.])
    """
    return np.add.reduce(Multiply.apply(x, y), axis=dim)


def cdist(x1: Tensor, x2: Tensor, p: float = 2.0) -> Tensor:
    """The p-norms of all differences of rows: (..., n, d) and (..., m, d) -> (..., n, m).

    >>> import autograd
    >>> autograd.cdist(autograd.tensor([[0.0, 0.0]]), autograd.tensor([[3.0, 4.0]]))
    tensor([[5.]])
    """
    if x1.ndim < 2 or x2.ndim < 2 or x1.shape[-1] != x2.shape[-1]:
        raise ValueError(
            f"cdist: rows must have one length; got {tuple(x1.shape)} and {tuple(x2.shape)}."
        )
    a = np.reshape(x1, (*x1.shape[:-1], 1, x1.shape[-1]))
    b = np.reshape(x2, (*x2.shape[:-2], 1, *x2.shape[-2:]))
    return np.linalg.norm(a - b, p, -1)
