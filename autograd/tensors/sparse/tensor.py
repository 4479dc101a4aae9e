"""SparseTensor: elements with their places, the others being zero.

A sparse tensor holds ``indices`` (k, nnz), where elements are, and ``values`` (nnz, ...), an
ordinary tensor, which may be part of a graph: whatever is done to a sparse tensor is done to its
values, and its gradient is theirs. An operation that is not defined for it asks for all elements,
and is told to take ``to_dense()``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axis_of, check_tensors
from autograd.arrays.devices import layout, sparse_coo, sparse_csr
from autograd.engine.graph import wrap
from autograd.engine.places import ShapeError
from autograd.kernels.sparse import Pattern
from autograd.ops.indexing.scatter import index_add
from autograd.tensors.creation import zeros
from autograd.tensors.out import NotDense
from autograd.tensors.tensor import Size, Tensor

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType


class SparseTensor(Tensor):
    """A tensor of which some elements are stored, the others being zero.

    What :func:`sparse_coo_tensor` and ``x.to_sparse()`` make. Places may be named twice, in any
    order, until it is coalesced; what is stored for one place counts together.
    """

    __slots__ = ("_coalesced", "_pattern", "_places", "_size", "_stored")

    _whole = False
    _places: Any  # int64, (k, nnz)
    _stored: Any  # the values, a dense tensor
    _size: tuple[int, ...]
    _coalesced: bool
    _pattern: Pattern  # of a matrix
    _functions: ClassVar[dict[str, Any]] = {}  # that know it, by name; arithmetic.py enters them

    @property
    def _data(self) -> Any:
        raise NotDense(
            "sparse: this operation needs all elements of a tensor; got a sparse one of shape "
            f"{self._size}, which stores {self._nnz()}. Write x.to_dense().",
            self._functions,
        )

    @property
    def _edge(self) -> Any:
        return self._stored._edge

    @property
    def _grad(self) -> Any:
        g = self._stored._grad
        if g is None or self._coalesced:
            return None if g is None else self._with(g)
        # what is stored for one place has one slope, that of the sum
        _, first = np.unique(self._keys(), return_index=True)
        return made_of(self._places[:, first], g[wrap(first, None)], self._size, True)

    @_grad.setter
    def _grad(self, value: Any) -> None:
        if value is None:
            self._stored._grad = None
        else:
            self._data  # noqa: B018 - it raises

    def _with(self, values: Any) -> Any:
        """The same places with other values."""
        made = object.__new__(type(self))
        made._places, made._size, made._coalesced = self._places, self._size, self._coalesced
        made._stored, made._kin = values, None
        if len(self._size) == 2 == len(self._places):
            made._pattern = self._pattern
        return made

    # -- what it is -------------------------------------------------------------------------------

    @property
    def shape(self) -> Size:
        """The lengths of the axes."""
        return Size(self._size)

    def size(self, dim: int | None = None) -> Any:
        """The lengths of the axes, or of one of them."""
        return Size(self._size) if dim is None else self._size[self._axis("size", dim)]

    @property
    def dtype(self) -> Any:
        """The dtype of the elements."""
        return self._stored.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self._size)

    def dim(self) -> int:
        """The number of axes."""
        return len(self._size)

    def numel(self) -> int:
        """The number of elements, those that are not stored among them."""
        return math.prod(self._size)

    nelement, ndimension = numel, dim

    def __len__(self) -> int:
        return self._size[0]

    @property
    def itemsize(self) -> int:
        """The bytes of one element."""
        return int(self._stored.itemsize)

    @property
    def layout(self) -> layout:
        """How elements are stored: with their places."""
        return sparse_coo

    @property
    def is_sparse(self) -> bool:
        """Whether only some elements are stored: yes."""
        return True

    def is_contiguous(self, memory_format: Any = None) -> bool:
        """Whether elements lie one after another: no."""
        return False

    def is_floating_point(self) -> bool:
        """Whether the dtype is a floating-point one."""
        return bool(self._stored.is_floating_point())

    def is_signed(self) -> bool:
        """Whether the dtype has negative numbers."""
        return bool(self._stored.is_signed())

    def is_same_size(self, other: Tensor) -> bool:
        """Whether the other tensor has the same shape."""
        check_tensors("is_same_size", other=other)
        return tuple(other.shape) == self._size

    def sparse_dim(self) -> int:
        """How many axes places are named along."""
        return len(self._places)

    def dense_dim(self) -> int:
        """How many axes each stored element has of its own."""
        return int(self._stored.ndim) - 1

    def _nnz(self) -> int:
        return int(self._places.shape[1])

    def _indices(self) -> Any:
        return wrap(self._places.copy(), None)

    def _values(self) -> Any:
        return self._stored.detach()

    def is_coalesced(self) -> bool:
        """Whether each place is named once, in order."""
        return self._coalesced

    def indices(self) -> Any:
        """The places, (k, nnz). Raises RuntimeError where the tensor is not coalesced."""
        self._check_coalesced("indices")
        return self._indices()

    def values(self) -> Any:
        """The elements, (nnz). Raises RuntimeError where the tensor is not coalesced."""
        self._check_coalesced("values")
        return self._stored

    def _check_coalesced(self, call: str) -> None:
        if not self._coalesced:
            raise RuntimeError(
                f"{call}: a place may be named once only; this tensor is not coalesced. Write "
                f"x.coalesce().{call}()."
            )

    def _axis(self, call: str, dim: Any) -> int:
        return axis_of(call, self, dim)

    # -- the graph --------------------------------------------------------------------------------

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """Start (or stop) recording operations on this leaf; returns the tensor."""
        self._stored.requires_grad_(requires_grad)
        return self

    def detach(self) -> Any:
        """The same values, outside the graph."""
        return self._with(self._stored.detach())

    data = property(detach)

    def clone(self, *, memory_format: Any = None) -> Any:
        """A copy of the values, in the graph."""
        return self._with(self._stored.clone())

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            memo[id(self)] = self._with(self._stored.__deepcopy__(memo))
        return memo[id(self)]

    # -- to something else ------------------------------------------------------------------------

    def to(self, *args: Any, **options: Any) -> Any:
        """The tensor in another dtype, or as it is; see ``Tensor.to``."""
        return self._converted(self._stored.to(*args, **options))

    def type(self, dtype: DType = None) -> Any:
        """The tensor in ``dtype``; without one, the name of its legacy type."""
        made = self._stored.type(dtype)
        if isinstance(made, str):
            return made.replace(dtypes.DTYPE_PREFIX, f"{dtypes.DTYPE_PREFIX}sparse.")
        return self._converted(made)

    def _converted(self, values: Any) -> Any:
        return self if values is self._stored else self._with(values)

    def numpy(self, *, force: bool = False) -> Any:
        """Raises TypeError: an array has all elements."""
        raise TypeError(
            "numpy: an array has all elements; got a sparse tensor. Write x.to_dense()."
        )

    def to_dense(self, dtype: DType = None, *, masked_grad: bool | None = None) -> Any:
        """All elements, as an ordinary tensor."""
        if dtype is not None:
            raise NotImplementedError(
                f"to_dense: a sparse tensor keeps its dtype; got {dtype!r:.60}. Write x.to(dtype)."
            )
        lengths = self._size[: len(self._places)]
        flat = zeros(math.prod(lengths), *self._stored.shape[1:], dtype=self.dtype)
        return index_add(flat, 0, wrap(self._keys(), None), self._stored).reshape(self._size)

    def to_sparse(self, sparse_dim: int | None = None, *, layout: Any = None) -> Any:
        """The tensor itself; with ``layout=sparse_csr``, its elements by rows."""
        return self.to_sparse_csr() if layout is sparse_csr else self

    to_sparse_coo = to_sparse

    def to_sparse_csr(self, dense_dim: int | None = None) -> Any:
        """The elements of a matrix by rows, each place once."""
        from autograd.tensors.sparse.compressed import compressed  # which is derived from this

        return compressed(self)

    def _keys(self) -> Any:
        """The places, counted through."""
        keys = np.zeros(self._nnz(), np.int64)
        for index, n in zip(self._places, self._size):
            keys = keys * n + index
        return keys

    def coalesce(self) -> Any:
        """The same tensor with its places in order, each named once."""
        if self._coalesced:
            return self
        keys, first, which = np.unique(self._keys(), return_index=True, return_inverse=True)
        start = zeros(keys.size, *self._stored.shape[1:], dtype=self.dtype)
        values = index_add(start, 0, wrap(which.reshape(-1), None), self._stored)
        return made_of(self._places[:, first], values, self._size, True)

    # -- other shapes -----------------------------------------------------------------------------

    def transpose(self, dim0: int, dim1: int) -> Any:
        """The tensor with two of its sparse axes exchanged."""
        a, b = self._axis("transpose", dim0), self._axis("transpose", dim1)
        if max(a, b) >= len(self._places) and a != b:
            raise ShapeError(
                f"transpose: axes must be sparse ones, the first {len(self._places)}; got {dim0} "
                f"and {dim1}. Write x.to_dense()."
            )
        if a == b:
            return self
        order, size = list(range(len(self._places))), list(self._size)
        order[a], order[b] = b, a
        size[a], size[b] = size[b], size[a]
        made = made_of(self._places[order], self._stored, tuple(size), False)
        if len(size) == 2 == len(order):
            made._pattern = self._pattern.transposed
        return made

    swapaxes = swapdims = transpose  # type: ignore[assignment]

    def t(self) -> Any:
        """The transposed matrix."""
        if self.ndim > 2:
            raise ShapeError(
                f"t: expected at most 2 dimensions; got shape {self._size}. Use transpose(i, j)."
            )
        return self.transpose(0, self.ndim - 1)

    T = property(t)
    mT = property(lambda self: self.transpose(-2, -1))

    # -- as text -----------------------------------------------------------------------------------

    def __repr__(self) -> str:
        from autograd.tensors import printing  # needed when something is printed

        return printing.format_sparse(
            {**self._shown(), "values": self._stored._array()},
            self._size,
            layout=self.layout.name,
            grad_fn=None if self.is_leaf else self.grad_fn.name(),
            requires_grad=self._edge is not None,
            default_dtype=dtypes.get_default_dtype(),
        )

    def _shown(self) -> dict[str, Any]:
        return {"indices": self._places}

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    __hash__ = object.__hash__


def _through_values(name: str) -> Any:
    """A method that converts the values."""

    def method(self: SparseTensor) -> Any:
        return self._converted(getattr(self._stored, name)())

    method.__name__, method.__qualname__ = name, f"SparseTensor.{name}"
    method.__doc__ = getattr(Tensor, name).__doc__
    return method


for _name in "bfloat16 bool byte cdouble cfloat char double float half int long short".split():
    setattr(SparseTensor, _name, _through_values(_name))


def made_of(
    places: Any,
    values: Any,
    size: tuple[int, ...],
    coalesced: bool,
    cls: type[SparseTensor] = SparseTensor,
) -> Any:
    """A sparse tensor of what has been checked."""
    made = object.__new__(cls)
    made._places, made._stored, made._size, made._coalesced = places, values, size, coalesced
    made._kin = None
    if len(size) == 2 == len(places):
        made._pattern = Pattern(places[0], places[1], (size[0], size[1]))
    return made
