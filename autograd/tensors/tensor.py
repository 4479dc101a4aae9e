"""Tensor: an array that knows how it was made. PyTorch's names, over the ops of this package."""

from __future__ import annotations

from typing import Any, SupportsIndex, Union, overload

import numpy as np

from autograd.arrays import arguments, dtypes, named_dtypes
from autograd.arrays.devices import check_device
from autograd.engine import backward, dispatch, views
from autograd.engine.duals import values_of
from autograd.engine.graph import Leaf, Node, TensorBase, node_of, wrap
from autograd.engine.places import ShapeError
from autograd.tensors import conversion, from_data, inplace, sampling
from autograd.tensors.assignment import Assignment
from autograd.tensors.casts import Casts
from autograd.tensors.conversion import Conversions
from autograd.tensors.facts import Facts
from autograd.tensors.filling import Filling
from autograd.tensors.hooks import Hooks
from autograd.tensors.layout import Layout
from autograd.tensors.methods.complex import ComplexMethods
from autograd.tensors.methods.indexing import IndexingMethods
from autograd.tensors.methods.linalg import LinalgMethods
from autograd.tensors.methods.pointwise import PointwiseMethods
from autograd.tensors.methods.reductions import ReductionMethods
from autograd.tensors.methods.shape import ShapeMethods
from autograd.tensors.methods.special import SpecialMethods
from autograd.tensors.new import New
from autograd.tensors.operators import Operators
from autograd.tensors.sharing import Sharing

__all__ = ["Size", "Tensor", "detach_", "fill_", "index_put_", "zero_"]


_named = dtypes.NAMED


class Size(tuple[int, ...]):
    """The lengths of a tensor's axes: a tuple that can count its elements.

    >>> Size((2, 3)).numel()
    6
    """

    __slots__ = ()

    def numel(self) -> int:
        """The number of elements of a tensor of this size."""
        return int(np.prod(self, dtype=int))

    @overload
    def __getitem__(self, index: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Size: ...
    def __getitem__(self, index: Any) -> Any:
        found = tuple.__getitem__(self, index)
        return Size(found) if type(index) is slice else found

    def __add__(self, other: Any) -> Size:
        return Size(tuple.__add__(self, other))

    def __radd__(self, other: Any) -> Size:
        return Size(other + tuple(self))

    def __repr__(self) -> str:
        return f"{dtypes.DTYPE_PREFIX}Size({list(self)})"


class Tensor(
    Operators,
    PointwiseMethods,
    SpecialMethods,
    ReductionMethods,
    ShapeMethods,
    IndexingMethods,
    LinalgMethods,
    ComplexMethods,
    Assignment,
    Filling,
    New,
    Facts,
    Layout,
    Casts,
    Conversions,
    Sharing,
    Hooks,
):
    r"""An array with a gradient: operations on it are recorded, and ``backward`` walks back.

    ``Tensor(data)`` makes one in the default dtype; ``Tensor(2, 3)``, with integers, one of that
    size, as in PyTorch. :func:`autograd.tensor` is the ordinary way, and keeps the dtype of data.

    Raises TypeError or ValueError for data that are not numbers, or are ragged.

    >>> x = Tensor(2.0, requires_grad=True)
    >>> (x * x + x).backward()
    >>> x.grad
    tensor(5.)
    """

    __slots__ = ()

    name: str  # what draw() calls the tensor; there once it is set

    def __init__(
        self, *data: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False
    ) -> None:
        check_device(device)
        wanted = dtypes.get_default_dtype() if dtype is None else dtypes.as_dtype(dtype)
        if len(data) != 1 or type(data[0]) is int or isinstance(data[0], Size):
            array = np.zeros(arguments.size_of("Tensor", data), wanted) if data else np.zeros(0)
        else:
            array = from_data.to_array(data[0], wanted)
        if array.ndim == 0 and dtypes.floating(array.dtype):
            array = array[()]
        self._data = array.astype(wanted, copy=False) if array.size == 0 else array
        self._edge = None
        self._grad = None
        self._kin = None
        if requires_grad:
            self.requires_grad_()

    # -- what it is -------------------------------------------------------------------------------

    @property
    def shape(self) -> Size:
        """The lengths of the axes.

        >>> import autograd
        >>> autograd.zeros(2, 3).shape
        autograd.Size([2, 3])
        """
        return Size(self._data.shape)

    @overload
    def size(self) -> Size: ...
    @overload
    def size(self, dim: int) -> int: ...
    def size(self, dim: int | None = None) -> Any:
        """The lengths of the axes, or of one of them.

        >>> import autograd
        >>> x = autograd.zeros(2, 3)
        >>> x.size(), x.size(-1)
        (autograd.Size([2, 3]), 3)
        """
        shape = self._data.shape
        return Size(shape) if dim is None else shape[_axis("size", shape, dim)]

    @overload
    def stride(self) -> tuple[int, ...]: ...
    @overload
    def stride(self, dim: int) -> int: ...
    def stride(self, dim: int | None = None) -> Any:
        """The steps between neighbours along each axis, in elements.

        >>> import autograd
        >>> x = autograd.zeros(2, 3)
        >>> x.stride(), x.t().stride()
        ((3, 1), (1, 3))
        """
        steps = tuple(n // self._data.itemsize for n in self._data.strides)
        return steps if dim is None else steps[_axis("stride", steps, dim)]

    @property
    def dtype(self) -> named_dtypes.dtype:
        """The dtype of the elements.

        >>> import autograd
        >>> autograd.tensor([1, 2]).dtype
        autograd.int64
        """
        return _named[self._data.dtype]

    # -- the graph --------------------------------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        """Whether operations on the tensor are recorded. Can be set on leaves.

        >>> import autograd
        >>> w = autograd.ones(2)
        >>> w.requires_grad = True
        >>> (w * 2).requires_grad
        True
        """
        return self._edge is not None

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self.requires_grad_(value)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Start (or stop) recording operations on this leaf; returns the tensor.

        Raises RuntimeError for integers, and where a recorded result is asked to stop.

        >>> import autograd
        >>> x = autograd.ones(2).requires_grad_()
        >>> x
        tensor([1., 1.], requires_grad=True)
        """
        if not isinstance(requires_grad, (bool, np.bool_)):
            raise TypeError(
                "requires_grad: expected True or False; got "
                f"{requires_grad!r:.60} of type {type(requires_grad).__name__}."
            )
        if requires_grad == (self._edge is not None):
            return self
        if not self.is_leaf:
            raise RuntimeError(
                "requires_grad: only leaves can stop requiring grad; this tensor was made by "
                f"{self.grad_fn}. Use tensor.detach()."
            )
        if requires_grad and not dtypes.differentiable(self._data.dtype):
            raise RuntimeError(
                f"requires_grad: only floating-point tensors have gradients; this one is "
                f"{self._data.dtype}. Convert it first: tensor.float()."
            )
        self._edge = Leaf(self) if requires_grad else None
        return self

    @property
    def grad(self) -> Union[Tensor, Any]:  # noqa: UP007  Jedi does not understand Tensor | Any
        """The gradient that ``backward`` added up here, or None. Kept for leaves only.

        Warns where a result is asked for what it does not keep; see :meth:`retain_grad`.

        >>> import autograd
        >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
        >>> (w * w).sum().backward()
        >>> w.grad
        tensor([2., 4.])
        """
        if self._grad is None and not self.is_leaf and "_retained_by" not in self.__dict__:
            from autograd.engine import misuse  # it parses the user's source

            misuse.warn_of_no_leaf(self)
        return self._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        if value is not None:
            if not isinstance(value, TensorBase):
                raise TypeError(
                    f"grad: a gradient is a tensor or None; got {type(value).__name__}."
                )
            if value._data.shape != self._data.shape or value._data.dtype != self._data.dtype:
                raise ShapeError(
                    "grad: a gradient has its tensor's shape and dtype, here "
                    f"{tuple(self._data.shape)} and {self._data.dtype}; got "
                    f"{tuple(value._data.shape)} and {value._data.dtype}."
                )
            if value is self:
                raise RuntimeError(
                    "grad: a tensor cannot be its own gradient. Assign a copy: x.grad = x.clone()."
                )
        self._grad = value

    @grad.deleter
    def grad(self) -> None:
        self._grad = None

    @property
    def grad_fn(self) -> Node | Any:
        """The node that made the tensor; None for leaves.

        >>> import autograd
        >>> w = autograd.ones(2, requires_grad=True)
        >>> (w * 2).grad_fn.name()
        'MulBackward0'
        """
        return None if self.is_leaf else node_of(self._edge)

    @property
    def is_leaf(self) -> bool:
        """Whether the tensor is no recorded result: ``backward`` fills ``.grad`` of leaves.

        >>> import autograd
        >>> w = autograd.ones(2, requires_grad=True)
        >>> w.is_leaf, (w * 2).is_leaf
        (True, False)
        """
        return self._edge is None or type(self._edge) is Leaf

    @property
    def output_nr(self) -> int:
        """Which output of its node the tensor is.

        >>> import autograd
        >>> parts = autograd.ones(4, requires_grad=True).unbind()
        >>> parts[2].output_nr
        2
        """
        return self._edge[1] if type(self._edge) is tuple else 0

    backward = backward.backward_of

    def detach(self) -> Tensor:
        """The same memory, outside the graph.

        >>> import autograd
        >>> x = autograd.ones(2, requires_grad=True)
        >>> y = x.detach()
        >>> y.requires_grad, y.data_ptr() == x.data_ptr()
        (False, True)
        """
        return wrap(self._array(), None, self)

    def detach_(self) -> Tensor:
        """Take this tensor itself out of the graph. Raises RuntimeError for a recorded view.

        >>> import autograd
        >>> y = autograd.ones(2, requires_grad=True) * 2
        >>> y.detach_()
        tensor([2., 2.])
        """
        inplace.check_target("detach_", self)
        if self._edge is not None and views.base_of(self) is not None:
            raise RuntimeError(
                "detach_: a view shares its memory with tensors that stay in the graph; this one, "
                f"of shape {tuple(self._data.shape)}, is a view. Use x.detach()."
            )
        views.made_by(self, None)
        return self

    @property
    def data(self) -> Tensor:
        """The same memory, outside the graph. Setting it replaces the tensor's values.

        >>> import autograd
        >>> w = autograd.ones(2, requires_grad=True)
        >>> w.data.requires_grad
        False
        """
        return wrap(self._array(), None, self)

    @data.setter
    def data(self, value: Tensor) -> None:
        if not isinstance(value, TensorBase):
            raise TypeError(
                f"data: expected a tensor; got {type(value).__name__}. Pass autograd.tensor(...)."
            )
        if self._edge is not None and not dtypes.differentiable(value._data.dtype):
            raise RuntimeError(
                "data: only floating-point tensors have gradients, and this tensor requires grad; "
                f"got {value._data.dtype}. Convert it first: value.float()."
            )
        self._data = value._array()

    # -- NumPy's protocols, printing --------------------------------------------------------------

    __array_priority__ = 100

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return dispatch.call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return dispatch.call_function(function, args, kwargs, self._data)

    def __repr__(self) -> str:
        from autograd.tensors import printing  # needed when something is printed

        return printing.format_tensor(
            values_of(self._data),
            grad_fn=None if self.is_leaf else self.grad_fn.name(),
            requires_grad=self._edge is not None,
            default_dtype=dtypes.get_default_dtype(),
        )

    __hash__ = object.__hash__

    is_nonzero = conversion.is_nonzero
    bernoulli = sampling.bernoulli
    multinomial = sampling.multinomial


TensorBase._results = Tensor  # a class derived from it may set its own

for _mixin in Tensor.__mro__[1:-2]:  # Python's complaints about arguments name Tensor's methods
    for _method in vars(_mixin).values():
        if getattr(_method, "__qualname__", "").startswith(f"{_mixin.__name__}."):
            _method.__qualname__ = f"Tensor.{_method.__name__}"


detach_ = Tensor.detach_
fill_ = Tensor.fill_
index_put_ = Tensor.index_put_
zero_ = Tensor.zero_


def _axis(name: str, values: tuple[int, ...], dim: Any) -> int:
    if not hasattr(dim, "__index__"):
        raise TypeError(f"{name}: dim must be an integer; got {dim!r}.")
    if not -len(values) <= dim < len(values):
        raise IndexError(
            f"{name}: dim must be between {-len(values)} and {len(values) - 1}; got {dim}."
        )
    return dim.__index__()
