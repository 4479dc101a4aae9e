"""Tensor: an array that knows how it was made. PyTorch's names, over the ops of this package."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, SupportsIndex, Union, overload

import numpy as np

from autograd.arrays import arguments, dtypes
from autograd.arrays.devices import check_device, layout, strided
from autograd.engine import backward, dispatch, views
from autograd.engine.graph import Leaf, Node, TensorBase, node_of, wrap
from autograd.engine.hooks import RemovableHandle, hooks_of
from autograd.ops.indexing import getitem
from autograd.ops.linalg import matmul
from autograd.ops.pointwise import (
    arithmetic,
    comparison,
    complex as complexes,
    logical,
    powers,
    where,
)
from autograd.ops.shape import join, permute, unfold
from autograd.tensors import creation, from_data, printing
from autograd.tensors.conversion import Conversions
from autograd.tensors.functions import InPlace
from autograd.tensors.methods import Methods

if TYPE_CHECKING:
    from autograd.tensors.annotations import Number, Sizes, TensorLike


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


def _at_first(name: str, op: Any) -> Callable[..., Any]:
    """An operator that puts the op's own ``apply`` in its place when it first runs.

    So there is no frame of our own between the operator and the op, and nothing is compiled at
    import.
    """

    def operator(*operands: Any) -> Any:
        setattr(Tensor, name, op.ready())
        return op.apply(*operands)

    return operator


class Tensor(InPlace, Methods, Conversions):
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
        if array.ndim == 0 and array.dtype.kind == "f":
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
        """The lengths of the axes."""
        return Size(self._data.shape)

    @overload
    def size(self) -> Size: ...
    @overload
    def size(self, dim: int) -> int: ...
    def size(self, dim: int | None = None) -> Any:
        """The lengths of the axes, or of one of them."""
        shape = self._data.shape
        return Size(shape) if dim is None else shape[_axis("size", shape, dim)]

    if TYPE_CHECKING:

        @property
        def dtype(self) -> np.dtype[Any]:
            """The dtype of the elements."""

        @property
        def ndim(self) -> int:
            """The number of axes."""
    else:  # no frame of our own
        dtype = property(attrgetter("_data.dtype"), doc="The dtype of the elements.")
        ndim = property(attrgetter("_data.ndim"), doc="The number of axes.")

    def dim(self) -> int:
        """The number of axes."""
        return self._data.ndim

    def numel(self) -> int:
        """The number of elements."""
        return self._data.size

    nelement = numel
    ndimension = dim

    @property
    def itemsize(self) -> int:
        """The bytes of one element."""
        return self._data.itemsize

    def element_size(self) -> int:
        """The bytes of one element."""
        return self.itemsize

    @property
    def nbytes(self) -> int:
        """The bytes of all elements."""
        return self._data.nbytes

    @overload
    def stride(self) -> tuple[int, ...]: ...
    @overload
    def stride(self, dim: int) -> int: ...
    def stride(self, dim: int | None = None) -> Any:
        """The steps between neighbours along each axis, in elements."""
        steps = tuple(n // self._data.itemsize for n in self._data.strides)
        return steps if dim is None else steps[_axis("stride", steps, dim)]

    def is_contiguous(self) -> bool:
        """Whether the elements lie in memory one after another, the last axis fastest."""
        return isinstance(self._data, np.generic) or bool(self._data.flags.c_contiguous)

    def data_ptr(self) -> int:
        """The address of the first element."""
        return self._array().ctypes.data

    def storage_offset(self) -> int:
        """How many elements into the memory that it is part of the tensor begins."""
        return unfold.offset_of(self._array())

    @property
    def layout(self) -> layout:
        """How the elements lie in memory: by strides."""
        return strided

    def is_floating_point(self) -> bool:
        """Whether the dtype is a floating-point one."""
        return self._data.dtype.kind == "f"

    # -- the graph --------------------------------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        """Whether operations on the tensor are recorded. Can be set on leaves."""
        return self._edge is not None

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self.requires_grad_(value)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Start (or stop) recording operations on this leaf; returns the tensor.

        Raises RuntimeError for integers, and where a recorded result is asked to stop.
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
                f"{self.grad_fn.name()}. Use tensor.detach()."
            )
        if requires_grad and self._data.dtype.kind not in "fc":
            raise RuntimeError(
                f"requires_grad: only floating-point tensors have gradients; this one is "
                f"{self._data.dtype}. Convert it first: tensor.float()."
            )
        self._edge = Leaf(self) if requires_grad else None
        return self

    @property
    def grad(self) -> Union[Tensor, Any]:  # noqa: UP007  Jedi does not understand Tensor | Any
        """The gradient that ``backward`` added up here, or None. Kept for leaves only."""
        return self._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        if value is not None:
            if not isinstance(value, TensorBase):
                raise TypeError(
                    f"grad: a gradient is a tensor or None; got {type(value).__name__}."
                )
            if value._data.shape != self._data.shape or value._data.dtype != self._data.dtype:
                raise RuntimeError(
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
        """The node that made the tensor; None for leaves."""
        return None if self.is_leaf else node_of(self._edge)

    @property
    def is_leaf(self) -> bool:
        """Whether the tensor is no recorded result: ``backward`` fills ``.grad`` of leaves."""
        return self._edge is None or type(self._edge) is Leaf

    @property
    def output_nr(self) -> int:
        """Which output of its node the tensor is."""
        return self._edge[1] if type(self._edge) is tuple else 0

    backward = backward.backward_of

    def detach(self) -> Tensor:
        """The same memory, outside the graph."""
        return wrap(self._array(), None)

    def detach_(self) -> Tensor:
        """Take this tensor itself out of the graph. Raises RuntimeError for a recorded view."""
        if self._edge is not None and views.base_of(self) is not None:
            raise RuntimeError(
                "detach_: a view shares its memory with tensors that stay in the graph; this one, "
                f"of shape {tuple(self._data.shape)}, is a view. Use x.detach()."
            )
        views.made_by(self, None)
        return self

    @property
    def data(self) -> Tensor:
        """The same memory, outside the graph. Setting it replaces the tensor's values."""
        return wrap(self._array(), None)

    @data.setter
    def data(self, value: Tensor) -> None:
        if not isinstance(value, TensorBase):
            raise TypeError(
                f"data: expected a tensor; got {type(value).__name__}. Pass autograd.tensor(...)."
            )
        if self._edge is not None and value._data.dtype.kind not in "fc":
            raise RuntimeError(
                "data: only floating-point tensors have gradients, and this tensor requires grad; "
                f"got {value._data.dtype}. Convert it first: value.float()."
            )
        self._data = value._array()

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
        """Call ``hook(gradient)`` when this tensor's gradient is known; it may return another.

        Raises RuntimeError where the tensor does not require grad.

        >>> x = Tensor(1.0, requires_grad=True)
        >>> handle = x.register_hook(lambda g: g * 10)
        >>> (2 * x).backward(); x.grad
        tensor(20.)
        """
        if self._edge is None:
            raise RuntimeError(
                "register_hook: the tensor must require grad; this one does not, so no gradient "
                "will ever reach it. Call requires_grad_() first."
            )
        if not callable(hook):
            raise TypeError(
                f"register_hook: a hook is a function of the gradient; got {type(hook).__name__}."
            )
        hooks = hooks_of(self._edge)
        handle = RemovableHandle(hooks)
        hooks[handle.id] = hook
        last = self.__dict__.get("_retained_by")
        if last is not None and last.hooks is hooks:
            hooks[last.id] = hooks.pop(last.id)  # retain_grad keeps the gradient after every hook
        return handle

    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], Any]) -> RemovableHandle:
        """Call ``hook(tensor)`` after ``backward`` has added to ``.grad`` of this leaf.

        For what is to be done with each gradient as it comes: step an optimiser, and set it to
        None. Raises RuntimeError where the tensor does not require grad or is not a leaf.

        >>> x = Tensor([1.0], requires_grad=True)
        >>> handle = x.register_post_accumulate_grad_hook(lambda x: print(x.grad))
        >>> (3 * x).backward()
        tensor([3.])
        """
        if self._edge is None or not self.is_leaf:
            fact = "does not" if self._edge is None else f"was made by {self.grad_fn.name()}"
            raise RuntimeError(
                "register_post_accumulate_grad_hook: the tensor must be a leaf that requires grad; "
                f"this one {fact}. Only there is .grad added up; use register_hook elsewhere."
            )
        if not callable(hook):
            raise TypeError(
                "register_post_accumulate_grad_hook: a hook is a function of the tensor; got "
                f"{type(hook).__name__}."
            )
        if self._edge.after is None:
            self._edge.after = {}
        handle = RemovableHandle(self._edge.after)
        self._edge.after[handle.id] = hook
        return handle

    def retain_grad(self) -> None:
        """Keep ``.grad`` of this recorded result as if it were a leaf."""
        if self.is_leaf:
            if self._edge is None:
                raise RuntimeError("retain_grad: the tensor must require grad; this one does not.")
            return
        if self.retains_grad:
            return
        this = weakref.ref(self)

        def keep(g: Tensor) -> None:
            tensor = this()
            if tensor is not None:
                g = g if g._edge is not None else wrap(g._data.copy(), None)
                tensor._grad = g if tensor._grad is None else tensor._grad + g

        self.__dict__["_retained_by"] = self.register_hook(keep)

    @property
    def retains_grad(self) -> bool:
        """Whether ``.grad`` of this recorded result is kept."""
        return "_retained_by" in self.__dict__

    # -- NumPy's protocols, printing --------------------------------------------------------------

    __array_priority__ = 100

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return dispatch.call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return dispatch.call_function(function, args, kwargs, self._data)

    def __repr__(self) -> str:
        return printing.format_tensor(
            self._data,
            grad_fn=None if self.is_leaf else self.grad_fn.torch_name(),
            requires_grad=self._edge is not None,
            default_dtype=dtypes.get_default_dtype(),
        )

    __hash__ = object.__hash__

    # -- operators --------------------------------------------------------------------------------

    if TYPE_CHECKING:  # what a checker and an editor see of the operators below

        def __add__(self, other: TensorLike) -> Tensor: ...
        def __sub__(self, other: TensorLike) -> Tensor: ...
        def __mul__(self, other: TensorLike) -> Tensor: ...
        def __truediv__(self, other: TensorLike) -> Tensor: ...
        def __matmul__(self, other: TensorLike) -> Tensor: ...
        def __neg__(self) -> Tensor: ...
        def __getitem__(self, index: Any) -> Tensor: ...
    else:
        __add__ = _at_first("__add__", arithmetic.Add)
        __sub__ = _at_first("__sub__", arithmetic.Subtract)
        __mul__ = _at_first("__mul__", arithmetic.Multiply)
        __truediv__ = _at_first("__truediv__", arithmetic.Divide)
        __matmul__ = matmul.matmul
        __neg__ = _at_first("__neg__", arithmetic.Negative)
        __getitem__ = getitem.getitem

    def __radd__(self, other: TensorLike) -> Tensor:
        return arithmetic.Add.apply(self, other)

    def __rsub__(self, other: TensorLike) -> Tensor:
        return arithmetic.Subtract.apply(other, self)

    def __rmul__(self, other: TensorLike) -> Tensor:
        return arithmetic.Multiply.apply(self, other)

    def __rtruediv__(self, other: TensorLike) -> Tensor:
        return arithmetic.Divide.apply(other, self)

    def __rmatmul__(self, other: Any) -> Tensor:
        return matmul.matmul(other, self)

    def __floordiv__(self, other: TensorLike) -> Tensor:
        return arithmetic.floor_divide(self, other)

    def __rfloordiv__(self, other: TensorLike) -> Tensor:
        return arithmetic.floor_divide(other, self)

    def __mod__(self, other: TensorLike) -> Tensor:
        return arithmetic.remainder(self, other)

    def __rmod__(self, other: TensorLike) -> Tensor:
        return arithmetic.remainder(other, self)

    def __pow__(self, other: TensorLike) -> Tensor:
        return powers.pow(self, other)

    def __rpow__(self, other: TensorLike) -> Tensor:
        return powers.pow(other, self)

    def __pos__(self) -> Tensor:
        return self

    def __abs__(self) -> Tensor:
        return arithmetic.abs(self)

    def __eq__(self, other: Any) -> Tensor:  # type: ignore[override]
        return comparison.eq(self, other) if _is_numeric(other) else NotImplemented

    def __ne__(self, other: Any) -> Tensor:  # type: ignore[override]
        return comparison.ne(self, other) if _is_numeric(other) else NotImplemented

    def __lt__(self, other: Any) -> Tensor:
        return comparison.lt(self, other)

    def __le__(self, other: Any) -> Tensor:
        return comparison.le(self, other)

    def __gt__(self, other: Any) -> Tensor:
        return comparison.gt(self, other)

    def __ge__(self, other: Any) -> Tensor:
        return comparison.ge(self, other)

    def __and__(self, other: TensorLike) -> Tensor:
        return logical.bitwise_and(self, other)

    def __or__(self, other: TensorLike) -> Tensor:
        return logical.bitwise_or(self, other)

    def __xor__(self, other: TensorLike) -> Tensor:
        return logical.bitwise_xor(self, other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __invert__(self) -> Tensor:
        return logical.bitwise_not(self)

    def __lshift__(self, other: TensorLike) -> Tensor:
        return logical.bitwise_left_shift(self, other)

    def __rlshift__(self, other: TensorLike) -> Tensor:
        return logical.bitwise_left_shift(other, self)

    def __rshift__(self, other: TensorLike) -> Tensor:
        return logical.bitwise_right_shift(self, other)

    def __rrshift__(self, other: TensorLike) -> Tensor:
        return logical.bitwise_right_shift(other, self)

    @property
    def real(self) -> Tensor:
        """The real part, a view; a real tensor itself."""
        return complexes.real(self)

    @property
    def imag(self) -> Tensor:
        """The imaginary part of a complex tensor, a view. RuntimeError for a real one."""
        return complexes.imag(self)

    @property
    def T(self) -> Tensor:
        """A view with all axes in reverse order."""
        return permute.T(self)

    @property
    def mT(self) -> Tensor:
        """A view with the last two axes exchanged. RuntimeError below two axes."""
        return permute.mT(self)

    @property
    def H(self) -> Tensor:
        """A matrix, transposed and conjugated. RuntimeError unless 0-d or 2-d."""
        return permute.H(self)

    @property
    def mH(self) -> Tensor:
        """Matrices, transposed and conjugated. RuntimeError below two axes."""
        return permute.mH(self)

    # -- methods whose signature is not that of the function ---------------------------------------

    def where(self, condition: TensorLike, other: TensorLike) -> Tensor:
        """This tensor where ``condition`` holds, else ``other``."""
        return where.where(condition, self, other)

    def split(self, split_size: Any, dim: int = 0) -> tuple[Tensor, ...]:
        """As :func:`autograd.split`."""
        return join.split(self, split_size, dim)

    def new_tensor(self, data: Any, *, dtype: Any = None, **options: Any) -> Tensor:
        """A tensor with a copy of ``data``, in this one's dtype."""
        return from_data.tensor(data, dtype=dtype or self.dtype, **options)

    def new_zeros(self, *size: Sizes, dtype: Any = None, **options: Any) -> Tensor:
        """Zeros of a size, in this tensor's dtype."""
        return creation.zeros(*size, dtype=dtype or self.dtype, **options)

    def new_ones(self, *size: Sizes, dtype: Any = None, **options: Any) -> Tensor:
        """Ones of a size, in this tensor's dtype."""
        return creation.ones(*size, dtype=dtype or self.dtype, **options)

    def new_empty(self, *size: Sizes, dtype: Any = None, **options: Any) -> Tensor:
        """Memory as it was found, of a size, in this tensor's dtype."""
        return creation.empty(*size, dtype=dtype or self.dtype, **options)

    def new_full(
        self, size: Any, fill_value: Number, *, dtype: Any = None, **options: Any
    ) -> Tensor:
        """One number, of a size, in this tensor's dtype."""
        return creation.full(size, fill_value, dtype=dtype or self.dtype, **options)


TensorBase._results = Tensor  # a class derived from it may set its own


def _axis(name: str, values: tuple[int, ...], dim: Any) -> int:
    if not hasattr(dim, "__index__"):
        raise TypeError(f"{name}: dim must be an integer; got {dim!r}.")
    if not -len(values) <= dim < len(values):
        raise IndexError(
            f"{name}: dim must be between {-len(values)} and {len(values) - 1}; got {dim}."
        )
    return dim.__index__()


def _is_numeric(value: Any) -> bool:
    return isinstance(value, (TensorBase, np.ndarray, np.generic, int, float, complex))
