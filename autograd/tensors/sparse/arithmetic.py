"""What is computed with sparse tensors: products, sums, A + B, and what keeps zeros zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import axes, check_tensors
from autograd.engine.graph import wrap
from autograd.engine.places import ShapeError
from autograd.ops.linalg.products import mm as dense_mm
from autograd.ops.linalg.sparse import SparseProduct
from autograd.ops.reductions.sums import sum as dense_sum
from autograd.ops.shape.expand import broadcast_to
from autograd.ops.shape.join import cat
from autograd.tensors.conversion import is_tensor
from autograd.tensors.sparse.tensor import SparseTensor, made_of
from autograd.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType

__all__ = ["spmm"]


def _is_sparse(x: Any) -> bool:
    return isinstance(x, SparseTensor)


def matmul(input: Any, other: Any) -> Any:
    """A y, y A, or A B, of which A and B are sparse matrices, y is a dense one or a vector."""
    check_tensors("matmul", input=input, other=other)
    if not _is_sparse(input):
        product = matmul(other.t(), input.t() if input.ndim == 2 else input)
        return product.t()
    if input.ndim != 2 or input.dense_dim() or other.ndim not in (1, 2):
        raise ShapeError(
            "matmul: a sparse matrix is multiplied by a matrix or a vector; got shapes "
            f"{input._size} and {tuple(other.shape)}. Write x.to_dense()."
        )
    if input.dtype is not other.dtype:
        raise TypeError(
            f"matmul: both operands must have one dtype; got {input.dtype} and {other.dtype}. "
            "Convert one of them: x.float()."
        )
    if input._size[1] != other.shape[0]:
        raise ShapeError(
            f"matmul: the inner sizes must agree; got {input._size} and {tuple(other.shape)}. "
            "Transpose one of them (x.t()), or check their order."
        )
    if _is_sparse(other):
        return _product_of_two(input, other)
    y = other if other.ndim == 2 else other.unsqueeze(1)
    product = SparseProduct.apply(input._stored, y, pattern=input._pattern)
    return product if other.ndim == 2 else product.squeeze(1)


def _product_of_two(a: Any, b: Any) -> Any:
    """A B: each element of A meets those in one row of B."""
    b = b.coalesce()
    lengths = np.bincount(b._places[0], minlength=b._size[0])
    met = lengths[a._places[1]]
    ones = np.repeat(np.arange(a._nnz()), met)
    starts = (np.cumsum(lengths) - lengths)[a._places[1]]
    others = np.arange(ones.size) + np.repeat(starts - (np.cumsum(met) - met), met)
    values = a._stored[wrap(ones, None)] * b._stored[wrap(others, None)]
    places = np.stack([a._places[0][ones], b._places[1][others]])
    return made_of(places, values, (a._size[0], b._size[1]), False).coalesce()


def mm(input: Any, mat2: Any) -> Any:
    """The product of two matrices, of which one is sparse, or both."""
    check_tensors("mm", input=input, mat2=mat2)
    for x in (input, mat2):
        if x.ndim != 2:
            raise ShapeError(f"mm: both operands must be matrices; got shape {tuple(x.shape)}.")
    if _is_sparse(input) or _is_sparse(mat2):
        return matmul(input, mat2)
    return dense_mm(input, mat2)


def addmm(input: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """beta · input + alpha · (mat1 @ mat2)."""
    product = mm(mat1, mat2)
    return broadcast_to(input, tuple(product.shape)) * beta + product * alpha


def add(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """input + alpha · other, of two sparse tensors, or of a dense and a sparse one."""
    if not (_is_sparse(other) and is_tensor(input)):
        raise NotImplementedError(
            "add: to a sparse tensor a sparse one is added, and a sparse one to a dense one; got "
            f"{type(input).__name__} and {type(other).__name__}. Write dense + sparse."
        )
    other = other if alpha == 1 else other * alpha
    if not _is_sparse(input):
        return input + other.to_dense()
    if input._size != other._size or input.sparse_dim() != other.sparse_dim():
        raise ValueError(
            f"add: sparse tensors must have one size; got {input._size} and {other._size}."
        )
    if np.array_equal(input._places, other._places):
        return input._with(input._stored + other._stored)
    places = np.concatenate([input._places, other._places], axis=1)
    values = cat([input._stored, other._stored])
    made = made_of(places, values, input._size, False)
    return made.coalesce() if input._coalesced and other._coalesced else made


def sub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """input - alpha · other; see :func:`add`."""
    return add(input, neg(other) if _is_sparse(other) else other, alpha=alpha)


def mul(input: Any, other: Any) -> Any:
    """A · y, element by element: y is a number, sparse, or dense and broadcast to A."""
    if not _is_sparse(input):
        input, other = other, input
    if not _is_sparse(other):
        return input._with(input._stored * _factors("mul", input, other))
    if input._size != other._size or input.sparse_dim() != other.sparse_dim():
        raise ValueError(
            f"mul: sparse tensors must have one size; got {input._size} and {other._size}."
        )
    a, b = input.coalesce(), other.coalesce()
    _, i, j = np.intersect1d(a._keys(), b._keys(), assume_unique=True, return_indices=True)
    values = a._stored[wrap(i, None)] * b._stored[wrap(j, None)]
    return made_of(a._places[:, i], values, a._size, True)


def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """A / y; see :func:`mul`."""
    if rounding_mode is not None or not _is_sparse(input):
        raise NotImplementedError(
            "div: a sparse tensor is divided by a number or a dense tensor, without rounding_mode; "
            f"got {type(input).__name__}, rounding_mode={rounding_mode!r:.60}. Write x.to_dense()."
        )
    return input._with(input._stored / _factors("div", input, other))


def _factors(call: str, x: Any, y: Any) -> Any:
    """What each stored element meets."""
    shape = getattr(y, "shape", ())
    if len(shape) == 0:
        return y
    if _is_sparse(y) or x.dense_dim():
        raise NotImplementedError(
            f"{call}: a sparse tensor of numbers is scaled by a number or a dense tensor; got "
            f"{type(y).__name__} of shape {tuple(shape)}. Write x.to_dense()."
        )
    own = x._size[x.ndim - len(shape) :]
    if len(shape) > x.ndim or any(n not in (1, m) for n, m in zip(shape, own)):
        raise ShapeError(
            f"{call}: a factor must broadcast to the sparse tensor's shape {x._size}; got "
            f"{tuple(shape)}."
        )
    places = x._places[x.ndim - len(shape) :]
    met = [wrap(one * (n > 1), None) for one, n in zip(places, shape)]
    return y[tuple(met)]


def sum(
    input: Any,
    dim: Any = None,
    keepdim: bool = False,
    dtype: DType = None,
    axis: Any = None,
    keepdims: bool = False,
) -> Any:
    """The sum of all elements, dense; or over the axes ``dim``, sparse."""
    dim, keepdim = axis if dim is None else dim, keepdim or keepdims
    if dtype is not None:
        input = input.to(dtype)
    gone = axes("sum", input, dim)
    gone = (gone,) if type(gone) is int else gone
    if gone is None or len(gone) == input.ndim:
        return dense_sum(input._stored)
    if keepdim or any(one >= input.sparse_dim() for one in gone):
        raise NotImplementedError(
            "sum: of a sparse tensor its sparse axes are summed, and dropped; got "
            f"dim={dim!r}, keepdim={keepdim}. Write x.to_dense()."
        )
    kept = [i for i in range(input.sparse_dim()) if i not in gone]
    size = tuple([n for i, n in enumerate(input._size) if i not in gone])
    if not kept:
        return dense_sum(input._stored, 0)
    return made_of(input._places[kept], input._stored, size, False).coalesce()


def neg(input: Any) -> Any:
    """-A."""
    return input._with(-input._stored)


def spmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of a sparse matrix (n, m) and a dense one (m, d), (n, d); :func:`sparse.mm`.

    Gradients arrive at the dense matrix and at the values of the sparse one. No dense (n, m)
    matrix is made. Raises ValueError where the sizes differ, TypeError where the dtypes do.

    >>> import autograd
    >>> A = autograd.sparse_coo_tensor([[0, 0], [0, 1]], [1.0, 2.0], (1, 2))
    >>> spmm(A, autograd.tensor([[3.0], [4.0]]))
    tensor([[11.]])
    """
    product: Tensor = mm(input, mat2)
    return product


def _of_elements(name: str) -> Callable[..., Any]:
    """A function of single elements that leaves zeros zero."""
    own = getattr(Tensor, name)

    def function(input: Any) -> Any:
        coalesced = input.coalesce()
        return coalesced._with(own(coalesced._stored))

    return function


def pow(input: Any, exponent: Any) -> Any:
    """The elements to a positive power, a number."""
    if not _is_sparse(input) or not isinstance(exponent, (int, float)) or exponent <= 0:
        raise NotImplementedError(
            "pow: of a sparse tensor there is a power above 0, a number, so that zeros stay; got "
            f"{exponent!r:.60}. Write x.to_dense()."
        )
    coalesced = input.coalesce()
    return coalesced._with(coalesced._stored**exponent)


def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    """x Wᵀ + b, of a sparse matrix x."""
    product = matmul(input, weight.t())
    return product if bias is None else product + bias


def _reflected(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, other: function(other, self)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": add, "addmm": addmm, "div": div, "linear": linear, "matmul": matmul, "mm": mm,
    "mul": mul, "mv": matmul, "neg": neg, "pow": pow, "sub": sub, "sum": sum,
}  # fmt: skip
for _name in "abs ceil expm1 floor log1p relu round sign sin sqrt square tan tanh trunc".split():
    FUNCTIONS[_name] = _of_elements(_name)
SparseTensor._functions.update(FUNCTIONS)

for _name, _function in FUNCTIONS.items():
    if _name not in ("addmm", "linear"):
        setattr(SparseTensor, _name, _function)
for _name, _other in {
    "absolute": "abs", "divide": "div", "multiply": "mul", "negative": "neg", "subtract": "sub",
    "true_divide": "div",
    "__abs__": "abs", "__add__": "add", "__matmul__": "matmul", "__mul__": "mul", "__neg__": "neg",
    "__pow__": "pow", "__sub__": "sub", "__truediv__": "div",
}.items():  # fmt: skip
    setattr(SparseTensor, _name, FUNCTIONS[_other])
for _name in ("add", "matmul", "mul", "sub", "truediv"):
    setattr(SparseTensor, f"__r{_name}__", _reflected(getattr(SparseTensor, f"__{_name}__")))
