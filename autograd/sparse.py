"""``torch.sparse``, as far as graph networks go: products, sums, softmax, early constructors."""

from __future__ import annotations

import typing as _typing
from typing import Any

import numpy as _np

from autograd.arrays import dtypes as _dtypes
from autograd.arrays.arguments import axis_of as _axis_of, check_tensors as _check_tensors
from autograd.arrays.devices import sparse_csr as _sparse_csr
from autograd.engine.graph import TensorBase as _TensorBase, wrap as _wrap
from autograd.engine.places import ShapeError as _ShapeError
from autograd.ops.indexing.scatter import index_add as _index_add, index_reduce as _index_reduce
from autograd.ops.linalg.sparse import PairProducts as _PairProducts
from autograd.ops.pointwise.exponential import exp as _exp, log as _log
from autograd.tensors.creation import zeros as _zeros
from autograd.tensors.sparse import arithmetic as _arithmetic
from autograd.tensors.sparse.creation import sparse_coo_tensor as _coo
from autograd.tensors.sparse.tensor import SparseTensor as _SparseTensor


def mm(sparse: Any, dense: Any, reduce: str | None = None) -> Any:
    """The product of two matrices, of which one is sparse, or both; then the result is, too.

    Shapes: (n, k) and (k, m) -> (n, m). Of a sparse and a dense one, ``reduce`` says what is made
    of the products that an element of the result has, those of stored elements: their "sum", or
    "mean", "amax" or "amin"; of none it is 0.

    Gradients arrive at the dense matrix and at the values of the sparse one. Raises ValueError
    where the sizes differ and for another ``reduce``, TypeError for one of other matrices.

    >>> import autograd
    >>> A = autograd.sparse_coo_tensor([[0, 0], [0, 1]], [1.0, 2.0], (1, 2))
    >>> y = autograd.tensor([[3.0], [4.0]])
    >>> mm(A, y), mm(A, y, "amax")
    (tensor([[11.]]), tensor([[8.]]))
    """
    if reduce in (None, "sum"):
        return _arithmetic.mm(sparse, dense)
    if reduce not in ("mean", "amax", "amin"):
        raise ValueError(f"mm: reduce must be 'sum', 'mean', 'amax' or 'amin'; got {reduce!r:.60}.")
    x = _checked("mm", sparse).coalesce()
    if isinstance(dense, _SparseTensor):
        raise TypeError(
            f"mm: with reduce={reduce!r} the second matrix must be dense; got a sparse one. Write "
            "y.to_dense()."
        )
    start = _arithmetic.mm(x, dense).detach() * 0  # and what has been refused is
    rows, columns = (_wrap(one, None) for one in x._places)
    products = x._stored.unsqueeze(1) * dense[columns]
    return _index_reduce(start, 0, rows, products, reduce, include_self=False)


def addmm(mat: Any, mat1: Any, mat2: Any, *, beta: Any = 1.0, alpha: Any = 1.0) -> Any:
    """beta · mat + alpha · (mat1 @ mat2), of which mat1 is sparse.

    >>> import autograd
    >>> A = autograd.sparse_coo_tensor([[0, 0], [0, 1]], [1.0, 2.0], (1, 2))
    >>> addmm(autograd.ones(1, 1), A, autograd.tensor([[3.0], [4.0]]))
    tensor([[12.]])
    """
    return _arithmetic.addmm(mat, mat1, mat2, beta=beta, alpha=alpha)


def sampled_addmm(input: Any, mat1: Any, mat2: Any, *, beta: Any = 1.0, alpha: Any = 1.0) -> Any:
    """beta · input + alpha · (mat1 @ mat2), of which only input's elements are computed.

    Shapes: input (n, m), a matrix by rows (CSR), mat1 (n, k), mat2 (k, m) -> as input. Gradients
    arrive at input's values and at both matrices. Raises TypeError for an input of another layout
    and for several dtypes, ShapeError where the sizes differ.

    >>> import autograd
    >>> A = autograd.eye(2).to_sparse_csr()
    >>> sampled_addmm(A, autograd.ones(2, 3), autograd.ones(3, 2)).to_dense()
    tensor([[4., 0.],
            [0., 4.]])
    """
    _check_tensors("sampled_addmm", input=input, mat1=mat1, mat2=mat2)
    if input.layout is not _sparse_csr:
        raise TypeError(
            f"sampled_addmm: input must be a sparse matrix by rows; got {input.layout}. Write "
            "x.to_sparse_csr()."
        )
    shapes = [tuple(one.shape) for one in (input, mat1, mat2)]
    if mat1.ndim != 2 or mat2.ndim != 2 or shapes != [
        (mat1.shape[0], mat2.shape[1]), (mat1.shape[0], mat2.shape[0]), tuple(mat2.shape)
    ]:  # fmt: skip
        raise _ShapeError(
            "sampled_addmm: expected input (n, m), mat1 (n, k) and mat2 (k, m); got shapes "
            f"{shapes[0]}, {shapes[1]} and {shapes[2]}."
        )
    if not input.dtype == mat1.dtype == mat2.dtype:
        raise TypeError(
            f"sampled_addmm: all three must have one dtype; got {input.dtype}, {mat1.dtype} and "
            f"{mat2.dtype}. Convert them: x.float()."
        )
    products = _PairProducts.apply(mat1, mat2.t(), pattern=input._pattern)
    return input._with(input._stored * beta + products * alpha)


def sum(input: Any, dim: Any = None, dtype: Any = None) -> Any:
    """The sum of all elements, dense; or over the axes ``dim``, a sparse tensor.

    >>> import autograd
    >>> A = autograd.sparse_coo_tensor([[0, 0], [0, 1]], [1.0, 2.0], (1, 2))
    >>> sum(A), sum(A, 0).to_dense()
    (tensor(3.), tensor([1., 2.]))
    """
    return _arithmetic.sum(_checked("sum", input), dim, dtype=dtype)


def softmax(input: Any, dim: int, *, dtype: Any = None) -> Any:
    """exp(x) over its sum along ``dim``, of the stored elements; the others stay 0, as if -inf.

    >>> import autograd
    >>> A = autograd.sparse_coo_tensor([[0, 0], [0, 1]], [1.0, 1.0], (1, 3))
    >>> softmax(A, 1).to_dense()
    tensor([[0.5000, 0.5000, 0.0000]])
    """
    x, shifted, sums = _shares("softmax", input, dim, dtype)
    return x._with(_exp(shifted) / sums)


def log_softmax(input: Any, dim: int, *, dtype: Any = None) -> Any:
    """The logarithm of :func:`softmax`, of the stored elements.

    >>> import autograd
    >>> A = autograd.sparse_coo_tensor([[0, 0], [0, 1]], [0.0, 0.0], (1, 3))
    >>> log_softmax(A, 1).values()
    tensor([-0.6931, -0.6931])
    """
    x, shifted, sums = _shares("log_softmax", input, dim, dtype)
    return x._with(shifted - _log(sums))


def _shares(call: str, input: Any, dim: int, dtype: Any) -> Any:
    """The coalesced input, its elements less the largest along ``dim``, sums of their exp."""
    x = _checked(call, input).coalesce()
    x = x if dtype is None else x.to(dtype)
    if not x.is_floating_point():
        raise TypeError(f"{call}: expected floating-point numbers; got {x.dtype}. Write x.float().")
    axis = _axis_of(call, x, dim)
    if axis >= x.sparse_dim():
        raise NotImplementedError(f"{call}: dim must be a sparse axis; got {dim}. Use x.values().")
    places = _np.delete(x._places, axis, axis=0)
    _, line = _np.unique(places, axis=1, return_inverse=True)
    line = line.reshape(-1)
    n = int(line.max()) + 1 if line.size else 0
    values = x._stored
    most = _np.full((n, *values.shape[1:]), -_np.inf, values._data.dtype)
    _np.maximum.at(most, line, values._array())
    index = _wrap(line, None)
    shifted = values - _wrap(_np.where(_np.isfinite(most), most, 0)[line], None)
    start = _zeros(*most.shape, dtype=x.dtype)
    return x, shifted, _index_add(start, 0, index, _exp(shifted))[index]


def _checked(call: str, x: Any) -> Any:
    if not isinstance(x, _SparseTensor):
        raise TypeError(
            f"{call}: input must be a sparse tensor; got {type(x).__name__}. Write x.to_sparse()."
        )
    return x


# -- as early scripts make them --------------------------------------------------------------------


class _OneDtype(type):
    """Calls make a sparse tensor; ``isinstance`` asks whether a tensor is one of the dtype."""

    dtype: Any

    def __call__(cls, *data: Any, device: Any = None) -> Any:
        if len(data) > 1 and isinstance(data[1], _TensorBase):
            return _coo(*data, dtype=cls.dtype, device=device)
        size = (0,) if not data else data[0] if len(data) == 1 else data
        return _coo(size=size, dtype=cls.dtype, device=device)

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, _SparseTensor) and value.dtype == cls.dtype


class FloatTensor(metaclass=_OneDtype):
    """A sparse float32 tensor, ``FloatTensor(indices, values, size)``: an early form.

    New code writes ``sparse_coo_tensor``. Its kin are of other dtypes.

    >>> import autograd
    >>> FloatTensor(autograd.tensor([[1]]), autograd.tensor([2.0]), autograd.Size([3])).to_dense()
    tensor([0., 2., 0.])
    """

    dtype = _dtypes.float32


class DoubleTensor(metaclass=_OneDtype):
    """A sparse float64 tensor; see :class:`FloatTensor`."""

    dtype = _dtypes.float64


class LongTensor(metaclass=_OneDtype):
    """A sparse int64 tensor; see :class:`FloatTensor`."""

    dtype = _dtypes.int64


class IntTensor(metaclass=_OneDtype):
    """A sparse int32 tensor; see :class:`FloatTensor`."""

    dtype = _dtypes.int32


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
