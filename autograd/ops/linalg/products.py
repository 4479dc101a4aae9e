"""Linear algebra that is made of products: powers, chains, and products added to something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axis_of, check_tensors, integer_of, number_of
from autograd.arrays.errors import DtypeError
from autograd.arrays.old_forms import reordered
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import cast, in_float32
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.ops.linalg.einsum import einsum
from autograd.ops.linalg.matmul import (
    bmm as bmm,
    check_ndim,
    matmul as matmul,
    mm as mm,
    mv as mv,
    outer as outer,
)
from autograd.ops.pointwise.arithmetic import Add, Multiply
from autograd.ops.reductions.cumulative import cumprod
from autograd.ops.shape.expand import Expand
from autograd.ops.shape.join import cat
from autograd.ops.shape.reshape import Clone

if TYPE_CHECKING:
    from autograd.tensors.annotations import Number
    from autograd.tensors.tensor import Tensor

__all__ = [
    "addbmm", "addmm", "addmv", "addr", "baddbmm", "cdist", "chain_matmul", "cross", "kron",
    "matrix_power", "multi_dot", "trace", "vander", "vecdot",
]  # fmt: skip


@implements(np.kron)
def kron(input: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product: each element of x times all of y, laid out as blocks.

    Shapes (a₁, ..., aₙ) and (b₁, ..., bₙ) -> (a₁b₁, ..., aₙbₙ); the shorter shape is filled with 1.

    >>> import autograd
    >>> autograd.kron(autograd.tensor([1.0, 10.0]), autograd.tensor([1.0, 2.0]))
    tensor([ 1.,  2., 10., 20.])
    """
    check_tensors("kron", input=input, other=other)
    ndim = max(input.ndim, other.ndim)
    a = (1,) * (ndim - input.ndim) + tuple(input.shape)
    b = (1,) * (ndim - other.ndim) + tuple(other.shape)
    # copies, as PyTorch's: what is done to an operand afterwards does not reach the gradient
    x = np.reshape(Clone.apply(input, "C"), tuple(n for size in a for n in (size, 1)))
    y = np.reshape(Clone.apply(other, "C"), tuple(n for size in b for n in (1, size)))
    shape = tuple(m * n for m, n in zip(a, b, strict=True))
    product: Any = np.reshape(Multiply.apply(x, y), shape)
    return product


def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal.

    >>> import autograd
    >>> autograd.trace(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(5.)
    """
    check_ndim("trace", input=(input, 2))
    return _numpy_trace(input)


@implements(np.trace)
def _numpy_trace(a, offset=0, axis1=0, axis2=1):
    return np.add.reduce(np.diagonal(a, offset, axis1, axis2), axis=-1)


# -- a product added to something ------------------------------------------------------------------


def _added(call: str, input: Any, product: Any, beta: Number, alpha: Number) -> Any:
    check_tensors(call, input=input)
    try:
        fits = np.broadcast_shapes(input.shape, product.shape) == tuple(product.shape)
    except ValueError:
        fits = False
    if not fits:
        raise ShapeError(
            f"{call}: input must broadcast to the product's shape {tuple(product.shape)}; got "
            f"{tuple(input.shape)}."
        )
    scaled = product if alpha == 1 else Multiply.apply(product, alpha)
    if beta == 0:  # input counts nothing, not even a NaN: it may be memory as it was found
        input = np.where(False, input, 0)
    return Add.apply(input if beta == 1 else Multiply.apply(input, beta), scaled)


def addmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1
) -> Tensor:
    """beta · input + alpha · (mat1 @ mat2), for matrices; ``input`` broadcasts to the product.

    >>> import autograd
    >>> autograd.addmm(autograd.ones(2), autograd.ones(2, 3), autograd.ones(3, 2), alpha=2)
    tensor([[7., 7.],
            [7., 7.]])
    """
    if old:
        operands, options = reordered("addmm", (input, mat1, mat2, *old), 3, "beta", "alpha")
        return addmm(*operands, **options)
    return _added("addmm", input, mm(mat1, mat2), beta, alpha)


def addmv(
    input: Tensor, mat: Tensor, vec: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1
) -> Tensor:
    """beta · input + alpha · (mat @ vec).

    >>> import autograd
    >>> autograd.addmv(autograd.ones(2), autograd.ones(2, 3), autograd.ones(3))
    tensor([4., 4.])
    """
    if old:
        operands, options = reordered("addmv", (input, mat, vec, *old), 3, "beta", "alpha")
        return addmv(*operands, **options)
    return _added("addmv", input, mv(mat, vec), beta, alpha)


def addr(
    input: Tensor, vec1: Tensor, vec2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1
) -> Tensor:
    """beta · input + alpha · vec1 vec2ᵀ.

    >>> import autograd
    >>> autograd.addr(autograd.zeros(1, 2), autograd.ones(1), autograd.ones(2), alpha=3)
    tensor([[3., 3.]])
    """
    if old:
        operands, options = reordered("addr", (input, vec1, vec2, *old), 3, "beta", "alpha")
        return addr(*operands, **options)
    return _added("addr", input, outer(vec1, vec2), beta, alpha)


def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1
) -> Tensor:
    """beta · input + alpha · (batch1 @ batch2), for batches of matrices.

    >>> import autograd
    >>> autograd.baddbmm(autograd.ones(1), autograd.ones(2, 1, 3), autograd.ones(2, 3, 1)).sum()
    tensor(8.)
    """
    if old:
        operands, options = reordered("baddbmm", (input, batch1, batch2, *old), 3, "beta", "alpha")
        return baddbmm(*operands, **options)
    return _added("baddbmm", input, bmm(batch1, batch2), beta, alpha)


def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1
) -> Tensor:
    """beta · input + alpha · Σᵦ batch1ᵦ @ batch2ᵦ, summed over the batch.

    >>> import autograd
    >>> autograd.addbmm(autograd.ones(1), autograd.ones(2, 1, 3), autograd.ones(2, 3, 1))
    tensor([[7.]])
    """
    if old:
        operands, options = reordered("addbmm", (input, batch1, batch2, *old), 3, "beta", "alpha")
        return addbmm(*operands, **options)
    return _added("addbmm", input, np.add.reduce(bmm(batch1, batch2), axis=0), beta, alpha)


# -- made of products ------------------------------------------------------------------------------


def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of a chain of matrices, in the order that keeps the steps small.

    Shapes: (n0, n1), (n1, n2), ... -> (n0, nk); the first and the last may be vectors. Raises
    ValueError for fewer than two, ShapeError for shapes that do not fit.

    >>> import autograd
    >>> autograd.multi_dot([autograd.ones(2, 3), autograd.ones(3, 4), autograd.ones(4)])
    tensor([12., 12.])
    """
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(
            f"multi_dot: expected a list of matrices; got {type(tensors).__name__}. Pass [a, b]."
        )
    if len(tensors) < 2:
        raise ValueError(f"multi_dot: the chain needs at least 2 tensors; got {len(tensors)}.")
    last = len(tensors) - 1
    given: list[Any] = []
    for i, x in enumerate(tensors):
        check_tensors("multi_dot", tensor=x)
        if x.ndim != 2 and not (x.ndim == 1 and i in (0, last)):
            raise ShapeError(
                f"multi_dot: a chain holds matrices, with vectors at its ends only; got shape "
                f"{tuple(x.shape)} at place {i}."
            )
        if i and x.shape[0] != tensors[i - 1].shape[-1]:
            raise ShapeError(
                "multi_dot: the inner sizes must agree; got shapes "
                f"{tuple(tensors[i - 1].shape)} and {tuple(x.shape)} at places {i - 1} and {i}."
            )
        given += [x, [i, i + 1][2 - x.ndim :] if i == 0 else [i, i + 1][: x.ndim]]
    ends = [0] * (tensors[0].ndim == 2) + [last + 1] * (tensors[last].ndim == 2)
    return einsum(*given, ends)


@implements(np.linalg.multi_dot)
def _numpy_multi_dot(arrays):
    return multi_dot(arrays)


def chain_matmul(*matrices: Tensor) -> Tensor:
    """The product of a chain of matrices, in the order that keeps the steps small.

    Shapes and what is raised are as in :func:`multi_dot`; one matrix alone is copied.

    >>> import autograd
    >>> autograd.chain_matmul(autograd.ones(2, 3), autograd.ones(3, 4), autograd.ones(4, 5)).shape
    autograd.Size([2, 5])
    """
    return Clone.apply(matrices[0], "C") if len(matrices) == 1 else multi_dot(matrices)


@implements(np.linalg.matrix_power)
def matrix_power(input: Tensor, n: int) -> Tensor:
    """A square matrix (or a stack of them) to the power n, of its inverse where n is negative.

    Shapes: (*, n, n) -> the same. Raises ShapeError where the matrix is not square, LinAlgError
    where it has to be inverted and is singular.

    >>> import autograd
    >>> autograd.matrix_power(autograd.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
    tensor([[1., 5.],
            [0., 1.]])
    """
    check_tensors("matrix_power", input=input)
    if input.ndim < 2 or input.shape[-1] != input.shape[-2]:
        raise ShapeError(f"matrix_power: the matrix must be square; got {tuple(input.shape)}.")
    n = integer_of("matrix_power", "n", n)
    if n < 0:
        from autograd.ops.linalg.inverse import inv  # which few programs need

        return matrix_power(inv(input), -n)
    if n == 0:
        eye: Any = np.eye(input.shape[-1], dtype=input.dtype, like=unwrap(input))
        constant: Any = np.where(True, wrap(eye, None), input)
        return constant
    if n == 1:
        return Clone.apply(input, "C")
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

    Shapes: (*, 3, *), twice -> (*, 3, *). Raises ValueError where the axis has another size, or
    there is none of 3.

    >>> import autograd
    >>> autograd.cross(autograd.tensor([1.0, 0.0, 0.0]), autograd.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """
    check_tensors("cross", input=input, other=other)
    if dim is None:
        sizes = tuple(input.shape)
        dim = sizes.index(3) - len(sizes) if 3 in sizes else -1
    axis_of("cross", input, dim), axis_of("cross", other, dim)  # raise, but for 0-d
    if input.ndim != other.ndim:
        raise ShapeError(
            "cross: both operands must have as many dimensions; got shapes "
            f"{tuple(input.shape)} and {tuple(other.shape)}. Add axes of 1: x[None]."
        )
    if not (input.ndim and other.ndim):
        raise ValueError("cross: both operands need 3 elements along an axis; got a 0-d tensor.")
    if input.shape[dim] != 3 or other.shape[dim] != 3:
        raise ShapeError(
            f"cross: both operands need 3 elements along dim {dim}; got {tuple(input.shape)} and "
            f"{tuple(other.shape)}."
        )
    x, y = ([np.roll(v, -i, dim) for i in (1, 2)] for v in (input, other))
    return Multiply.apply(x[0], y[1]) - Multiply.apply(x[1], y[0])


@in_float32
def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """Σ x̄ y over ``dim``, the first conjugated; the other dimensions broadcast.

    Shapes: both (*, n, *), broadcast -> (*, *), without ``dim``. Raises RuntimeError for integers
    and booleans, and where the sizes differ.

    >>> import autograd
    >>> autograd.vecdot(autograd.ones(2, 3), autograd.ones(3))
    tensor([3., 3.])
    """
    check_tensors("vecdot", x=x, y=y)
    for one in (x, y):
        if not dtypes.differentiable(one.dtype):
            raise DtypeError(
                f"vecdot: both operands must be of a floating-point or complex dtype; got "
                f"{one.dtype}. Convert it: x.float()."
            )
    return np.add.reduce(Multiply.apply(np.conjugate(x), y), axis=dim)


def cdist(
    x1: Tensor,
    x2: Tensor,
    p: float = 2.0,
    compute_mode: str | None = "use_mm_for_euclid_dist_if_necessary",
) -> Tensor:
    """The p-norms of all differences of rows: (..., n, d) and (..., m, d) -> (..., n, m).

    p = inf is the greatest difference, 0 counts those that are not zero. The gradient is 0 where a
    distance is 0. Differences are always formed, which loses nothing by cancelling:
    ``compute_mode`` is checked and changes no result.

    Raises RuntimeError for rows of different lengths and a negative p, ValueError for another mode.

    >>> import autograd
    >>> autograd.cdist(autograd.tensor([[0.0, 0.0]]), autograd.tensor([[3.0, 4.0]]))
    tensor([[5.]])
    """
    check_tensors("cdist", x1=x1, x2=x2)
    if compute_mode is not None and compute_mode not in _MODES:
        raise ValueError(
            f"cdist: compute_mode must be one of {', '.join(_MODES)}; got {compute_mode!r}."
        )
    if number_of("cdist", "p", p) < 0 or p != p:
        raise RuntimeError(f"cdist: p must be 0 or more; got {p}.")
    if x1.ndim < 2 or x2.ndim < 2 or x1.shape[-1] != x2.shape[-1]:
        raise ShapeError(
            f"cdist: rows must have one length; got {tuple(x1.shape)} and {tuple(x2.shape)}."
        )
    a = np.reshape(x1, (*x1.shape[:-1], 1, x1.shape[-1]))
    b = np.reshape(x2, (*x2.shape[:-2], 1, *x2.shape[-2:]))
    if not x1.shape[-1]:
        return np.add.reduce(a - b, axis=-1)
    return np.linalg.norm(a - b, p, -1)


_MODES = (
    "use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist",
    "donot_use_mm_for_euclid_dist",
)  # fmt: skip


def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """The powers of each element, one a row: x^(N-1), …, x, 1, or 1, x, … where ``increasing``.

    Shapes: (n) -> (n, N), square by default. Raises RuntimeError for other shapes and negative N.

    >>> import autograd
    >>> autograd.vander(autograd.tensor([1.0, 2.0, 3.0]))
    tensor([[1., 1., 1.],
            [4., 2., 1.],
            [9., 3., 1.]])
    """
    check_tensors("vander", x=x)
    count = x.shape[0] if N is None and x.ndim else N
    if x.ndim != 1 or count is None or count < 0:
        raise ShapeError(
            f"vander: expected a vector, and N of 0 or more; got shape {tuple(x.shape)} and N {N}."
        )
    powers = powers_of(x, count)
    return powers if increasing else np.flip(powers, -1)


def powers_of(x: Any, count: int) -> Any:
    """1, x, x², … along a new last axis, so many of them: the products of what is there so far."""
    x = x if dtypes.differentiable(x.dtype) else cast(x, dtypes.int64)
    array: Any = unwrap(x)
    ones: Any = np.ones((*array.shape, min(count, 1)), array.dtype, like=array)
    if count < 2:
        return wrap(ones, None) if isinstance(x, TensorBase) else ones
    repeated = Expand.apply(np.expand_dims(x, -1), (*array.shape, count - 1))
    return cumprod(cat([wrap(ones, None), repeated], -1), -1)


def vandermonde(x: Tensor, N: int | None) -> Tensor:
    """:func:`autograd.linalg.vander`."""
    check_tensors("linalg.vander", x=x)
    count = (x.shape[-1] if x.ndim else 1) if N is None else integer_of("linalg.vander", "N", N)
    if count < 2 or dtypes.boolean(x.dtype):
        raise ShapeError(
            f"linalg.vander: expected numbers, and N of 2 or more; got {x.dtype}, and N {count}."
        )
    return powers_of(x if x.ndim else np.reshape(x, (1,)), count)


@implements(np.vander)
def _np_vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    return vander(x, N, increasing)
