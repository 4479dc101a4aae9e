"""What turns a tensor into something else: Python numbers, arrays, other dtypes, pickles."""

from __future__ import annotations

import builtins
import copy
import copyreg
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.arrays.dialect import SCALARS, in_memory
from autograd.engine import versions
from autograd.engine.duals import Dual, values_of
from autograd.engine.faults import out_of_graph
from autograd.engine.grad_mode import mode
from autograd.engine.graph import Leaf, TensorBase
from autograd.engine.places import ShapeError, placed
from autograd.ops.shape.flip import flip
from autograd.tensors.creation import expect_tensor

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["detach", "is_floating_point", "is_nonzero", "is_tensor", "numel"]


class Conversions(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def _array(self) -> Any:
        """The array to share: a 0-d result that was kept as a scalar becomes a 0-d array now."""
        if isinstance(self._data, SCALARS):
            self._data = in_memory(self._data)
        return self._data if type(self._data) is not Dual else values_of(self._data)

    # -- to Python and NumPy ----------------------------------------------------------------------

    def numpy(self, *, force: builtins.bool = False) -> np.ndarray:
        """The values as a NumPy array that shares the tensor's memory.

        Raises RuntimeError where the tensor requires grad, unless grad mode is off or ``force``.

        >>> import autograd
        >>> autograd.ones(2).numpy()
        array([1., 1.], dtype=float32)
        """
        if self._edge is not None and mode.grad and not force:
            remedy = out_of_graph("use tensor.detach().numpy()")
            raise placed(
                RuntimeError(
                    "numpy: an array cannot carry a gradient; this tensor requires grad. "
                    f"{remedy[0].upper()}{remedy[1:]}."
                )
            )
        array = self._array()
        if hasattr(type(array), "__autograd_kernel__"):
            array = np.asarray(array)  # which says why it is none
        return array

    def __array__(self, dtype: Any = None, copy: builtins.bool | None = None) -> np.ndarray:
        array = self.numpy()
        if dtype is not None and array.dtype != dtype:
            if copy is False:
                raise ValueError(
                    f"numpy: the array can share its memory only in its own dtype, {array.dtype}; "
                    f"got {np.dtype(dtype)} with copy=False. Pass copy=None."
                )
            return array.astype(dtype)
        return array.copy() if copy else array

    def item(self) -> Any:
        """The one value as a Python number.

        Raises RuntimeError where there is not exactly one.

        >>> import autograd
        >>> autograd.tensor([2.5]).item()
        2.5
        """
        if self._data.size != 1:
            raise ShapeError(
                f"item: the tensor must hold exactly one value; its shape is "
                f"{tuple(self._data.shape)}. Index or reduce it first, or use tolist()."
            )
        return self._data.item()

    def tolist(self) -> Any:
        """The values as nested lists of Python numbers.

        >>> import autograd
        >>> autograd.arange(3).tolist()
        [0, 1, 2]
        """
        return self._data.tolist()

    def __bool__(self) -> builtins.bool:
        if self._data.size != 1:
            raise ShapeError(
                "bool: the truth of a tensor is defined for exactly one value; its shape is "
                f"{tuple(self._data.shape)}. Use .any() or .all()."
            )
        return builtins.bool(self._data)

    def __float__(self) -> builtins.float:
        return builtins.float(self.item())

    def __int__(self) -> builtins.int:
        return builtins.int(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> builtins.int:
        if dtypes.differentiable(self._data.dtype) or self._data.size != 1:
            raise TypeError(
                "index: only integer tensors with one value can be used as an index; got shape "
                f"{tuple(self._data.shape)} and dtype {self._data.dtype}."
            )
        return builtins.int(self._data.item())

    def __len__(self) -> builtins.int:
        if self._data.ndim == 0:
            raise TypeError("len: a 0-d tensor has no length. Use .item() for its value.")
        return len(self._data)

    def __iter__(self) -> Iterator[Tensor]:
        if self._data.ndim == 0:
            raise TypeError("iter: a 0-d tensor cannot be iterated over. Use .item().")
        return iter(self.unbind(0))  # type: ignore[attr-defined]

    def __reversed__(self) -> Tensor:
        return flip(self, 0) if self._data.ndim else self  # type: ignore[arg-type, return-value]

    def __contains__(self, value: Any) -> builtins.bool:
        array = value._data if isinstance(value, TensorBase) else value
        held = array if hasattr(array, "dtype") else np.asarray(array)
        if not dtypes.numeric(held.dtype) or isinstance(value, (list, tuple)):
            raise TypeError(
                f"in: a tensor holds numbers; got {value!r:.60} of type "
                f"{builtins.type(value).__name__}. Search for a number or a tensor."
            )
        try:
            return builtins.bool(np.any(np.equal(self._data, array)))
        except ValueError:
            raise ShapeError(
                f"in: what is searched for must broadcast to the tensor's shape "
                f"{tuple(self._data.shape)}; got shape {np.shape(array)}."
            ) from None

    def __format__(self, spec: str) -> str:
        if not spec and (self._data.ndim or builtins.type(self) is not self._results):
            return str(self)
        if self._data.ndim:
            raise TypeError(
                f"format: only a 0-d tensor can be written as {spec!r}; the shape is "
                f"{tuple(self._data.shape)}. Format its items, or leave the format out."
            )
        return format(self.item(), spec)

    # -- copies -----------------------------------------------------------------------------------

    def __copy__(self) -> Any:
        """Another leaf over the same memory."""
        _check_leaf(self, "copy")
        return _rebuilt(self, self._array(), dict(attributes_of(self)))

    def __deepcopy__(self, memo: dict[builtins.int, Any]) -> Any:
        made = self._copied(memo)
        made._grad = copy.deepcopy(self._grad, memo)
        return made

    def _copied(self, memo: dict[builtins.int, Any]) -> Any:
        """A leaf over a copy of the memory, which its views share that are copied with it."""
        _check_leaf(self, "deepcopy")
        if id(self) in memo:
            return memo[id(self)]
        array, owner = self._data, versions.owner_of(self._data)
        if not _is_shared(owner):
            array = array.copy()
        elif array is owner or not is_dense(owner):
            array = _copied_once(array, memo)
        else:
            array = _looking(_copied_once(owner, memo), _window(array, owner))
        memo[id(self)] = made = _rebuilt(self, array, {})
        made.__dict__.update(copy.deepcopy(attributes_of(self), memo))
        return made

    def __reduce_ex__(self, protocol: Any) -> Any:
        _check_leaf(self, "pickle")
        array, window, owner = self._data, None, versions.owner_of(self._data)
        if not _is_shared(owner):
            array = np.array(array)
        # the owner is written once, for all that look at it; only such memory keeps its layout
        elif array is not owner and owner.flags.forc:
            array, window = owner, _window(array, owner)
        state = array, window, self._edge is not None, attributes_of(self)
        # Python's own rebuilder, so that the class is the only path of ours in the file
        return copyreg._reconstructor, (type(self), object, None), state  # type: ignore

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        array, window, requires_grad, attributes = state
        self._data = array if window is None else _looking(array, window)
        self._grad = self._kin = None
        self._edge = Leaf(self) if requires_grad else None
        self.__dict__.update(attributes)


# -- what copies and pickles are made of ----------------------------------------------------------


def _check_leaf(tensor: Any, call: str) -> None:
    """Raise RuntimeError for the result of a recorded operation."""
    if tensor._edge is not None and type(tensor._edge) is not Leaf:
        raise RuntimeError(
            f"{call}: only leaf tensors can be copied or saved; this one was made by "
            f"{tensor.grad_fn}. Use tensor.clone() or tensor.detach()."
        )


def attributes_of(tensor: Any) -> dict[str, Any]:
    """What was put on the tensor, by a subclass or a user."""
    return {k: v for k, v in tensor.__dict__.items() if k not in _OF_THE_GRAPH}


_OF_THE_GRAPH = ("_opaque", "_retained_by", "_unrecorded")


def _rebuilt(like: Any, array: Any, attributes: dict[str, Any]) -> Any:
    """A leaf of the class of ``like`` over ``array``."""
    made = object.__new__(type(like))
    made.__setstate__((array, None, like._edge is not None, attributes))
    return made


def _is_shared(owner: Any) -> bool:
    """Whether a change of this memory may show in another tensor."""
    return type(owner) is np.ndarray and owner.flags.writeable


def is_dense(array: Any) -> bool:
    """Whether the elements fill a stretch of memory, in whatever order of the axes."""
    span = array.dtype.itemsize
    for stride, n in sorted([(s, n) for n, s in zip(array.shape, array.strides) if n > 1]):
        if stride != span:
            return False
        span *= n
    return True


def _copied_once(owner: Any, memo: dict[int, Any]) -> Any:
    """A copy of memory, in its layout: the same copy for all tensors that look at it."""
    if id(owner) not in memo:
        memo[id(owner)] = np.array(owner)
    return memo[id(owner)]


def _window(array: Any, owner: Any) -> tuple[Any, ...]:
    """Where ``array`` looks at the memory of ``owner``."""
    start, lowest = (one.__array_interface__["data"][0] for one in (array, owner))
    return array.dtype, array.shape, array.strides, start - lowest, array.flags.writeable


def _looking(owner: Any, window: tuple[Any, ...]) -> Any:
    """An array that looks at ``owner`` where the window says."""
    dtype, shape, strides, offset, writeable = window
    order = sorted(range(owner.ndim), key=lambda axis: -owner.strides[axis])
    stretch = np.reshape(np.transpose(owner, order), -1).view(np.uint8)
    made: Any = np.ndarray(shape, dtype, stretch, offset, strides)
    made.flags.writeable = writeable
    return made


def numel(input: Tensor) -> int:
    """The number of elements.

    >>> import autograd
    >>> autograd.numel(autograd.zeros(2, 3))
    6
    """
    check_tensors("numel", input=input)
    return int(np.prod(input.shape, dtype=int))


def is_nonzero(input: Tensor) -> bool:
    """Whether the one element is not zero. Raises RuntimeError where there is not exactly one.

    >>> import autograd
    >>> autograd.is_nonzero(autograd.tensor([0.0]))
    False
    """
    check_tensors("is_nonzero", input=input)
    return bool(input)


def detach(input: Tensor) -> Tensor:
    """The same memory, outside the graph.

    >>> import autograd
    >>> autograd.detach(autograd.ones(1, requires_grad=True)).requires_grad
    False
    """
    check_tensors("detach", input=input)
    return input.detach()


def is_tensor(obj: Any) -> bool:
    """Whether ``obj`` is a tensor.

    >>> import autograd
    >>> autograd.is_tensor(autograd.zeros(1))
    True
    """
    return isinstance(obj, TensorBase)


def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype of ``input`` is a floating-point one.

    >>> import autograd
    >>> autograd.is_floating_point(autograd.arange(3))
    False
    """
    expect_tensor("is_floating_point", input)
    return dtypes.floating(input._data.dtype)
