"""Writing elements in place: by index, and from another tensor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd.arrays.dialect import inside
from autograd.arrays.remedies import becomes
from autograd.engine import duals, observer, versions, views
from autograd.engine.elementwise import cast
from autograd.engine.grad_mode import mode
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.ops.indexing import getitem
from autograd.ops.indexing.index import plain_index
from autograd.ops.shape import reshape
from autograd.tensors.inplace import (
    changed,
    check_memory,
    overwritten_dual,
    recorded,
    replaced,
)

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor


class Assignment(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def __setitem__(self, index: Any, value: TensorLike) -> None:
        assigned(self, "x[index] = value", index, value)

    def __delitem__(self, index: Any) -> None:
        raise TypeError(
            "Tensor: elements cannot be deleted. Index or concatenate what should stay."
        )

    def copy_(self, src: TensorLike, non_blocking: bool = False) -> Tensor:
        """Overwrite with the values of ``src``, broadcast and converted; its gradient flows on.

        Shapes: ``src`` broadcasts to this tensor.

        >>> import autograd
        >>> autograd.zeros(2, 2).copy_(autograd.tensor([1, 2]))
        tensor([[1., 2.],
                [1., 2.]])
        """
        return changed(self, "copy_", as_copied, src)

    def apply_(self, callable: Callable[[Any], Any]) -> Tensor:
        """Replace each element by ``callable(element)``, in Python: slow, and without gradient.

        >>> import autograd
        >>> autograd.tensor([1.0, 2.0]).apply_(lambda x: x * 10)
        tensor([10., 20.])
        """
        return _by_python(self, "apply_", callable)

    def map_(self, tensor: Tensor, callable: Callable[[Any, Any], Any]) -> Tensor:
        """Replace each element by ``callable(element, element of tensor)``, as :meth:`apply_`.

        >>> import autograd
        >>> autograd.tensor([1.0, 2.0]).map_(autograd.tensor([3.0, 1.0]), max)
        tensor([3., 2.])
        """
        return _by_python(self, "map_", callable, tensor)

    def index_put_(
        self, indices: tuple[Any, ...], values: TensorLike, accumulate: bool = False
    ) -> Tensor:
        """Write ``values`` at ``x[indices]``, or add them there with ``accumulate``.

        >>> import autograd
        >>> rows, columns = autograd.tensor([0, 1]), autograd.tensor([1, 0])
        >>> autograd.zeros(2, 2).index_put_((rows, columns), autograd.tensor([5.0, 6.0]))
        tensor([[0., 5.],
                [6., 0.]])
        """
        if accumulate:
            return changed(self, "index_put_", getitem.index_put, indices, values, True)
        getitem.same_dtype("index_put_", self, values)
        return assigned(self, "index_put_", getitem.index_of("index_put_", indices), values)


def as_copied(before: Any, source: Any) -> Any:
    """What ``before`` becomes by copying ``source`` into it."""
    getitem.check_value("copy_", source, None)
    made = cast(source, before.dtype)
    if made.shape != before.shape:
        try:
            return np.broadcast_to(made, before.shape)
        except (ValueError, RuntimeError):
            way = becomes("source", made.shape, before.shape)
            raise ShapeError(
                "copy_: the source must broadcast to the tensor's shape "
                f"{tuple(before.shape)}; it has {tuple(made.shape)}. "
                f"{f'Write {way}' if way else 'Reshape it'}."
            ) from None
    if made is source and getattr(made, "_edge", None) is not None and mode.grad:
        return reshape.clone(made)  # a node of its own
    return made


def _by_python(tensor: Any, name: str, function: Callable[..., Any], *others: Any) -> Any:
    """``tensor`` after a Python function of its elements, and of those of the others, over it."""
    if not callable(function):
        raise TypeError(
            f"{name}: callable must be a function of the elements; got {function!r:.60}. Pass it "
            "uncalled."
        )
    if tensor._edge is not None:
        raise RuntimeError(
            f"{name}: a Python function has no gradient, and this tensor requires grad. Use "
            f"x.detach().{name}(...), or write a Function."
        )
    array = tensor._data
    try:
        operands = [np.broadcast_to(unwrap(other), array.shape) for other in others]
    except ValueError:
        raise ShapeError(
            f"{name}: the tensor must broadcast to the shape {tuple(array.shape)}; it has "
            f"{tuple(np.shape(unwrap(others[0])))}."
        ) from None
    rows = [np.ravel(one).tolist() for one in (array, *operands)]
    made = np.array([function(*numbers) for numbers in zip(*rows)])
    getitem.check_value(name, made, tensor)
    return replaced(tensor, name, np.reshape(made.astype(array.dtype), array.shape))


def _basic(index: Any, array: Any) -> Any:
    """A basic index as NumPy has it; None for any other."""
    basic, advanced = plain_index(index, array)
    return basic if advanced is None else None


class Rules(NamedTuple):
    """What writing by an index means to one of the classes.

    ``setitem(x, index, value, out=None)`` is the recorded form, and ``assign(array, index, value)``
    that on plain arrays; ``read(index, array)`` gives a basic index as NumPy has it, and None for
    one that copies; ``note(array, index)`` notes what has been changed.
    """

    setitem: Callable[..., Any]
    assign: Callable[[Any, Any, Any], None]
    read: Callable[[Any, Any], Any]
    note: Callable[[Any, Any], None]


_PYTORCH = Rules(
    getitem.setitem, getitem.assign, _basic, lambda array, index: versions.note_change(array)
)


def assigned(tensor: Any, name: str, index: Any, value: Any, rules: Rules = _PYTORCH) -> Any:
    """``tensor`` after ``tensor[index] = value``."""
    if observer.listening and duals.carried((tensor, value)):
        if not is_own_region(value, tensor, index, rules.read):
            if tensor._numpys:
                views.check_no_argument(tensor, name)
            before = wrap(tensor._data.copy(), tensor._edge, tensor)
            overwritten_dual(
                tensor,
                name,
                rules.setitem(before, index, value),
                lambda primal, level: assigned(
                    primal, name, index, duals.parts(value, level)[0], rules
                ),
            )
        return tensor
    recording = recorded(tensor, (value,), name)
    array = tensor._array()
    check_memory(array, name)
    if not recording:
        rules.assign(array, index, value)
        rules.note(array, index)
        return tensor
    if is_own_region(value, tensor, index, rules.read):
        return tensor  # x[i] += y: Python has changed the view, and now hands it back
    if tensor._numpys and not versions.was_changed(array):
        from autograd.tensors.augmented import apart_from_what_is_kept  # for Arrays alone

        apart_from_what_is_kept(views.family(tensor))
        array = tensor._array()
    result = rules.setitem(wrap(array, tensor._edge), index, value, out=array)
    views.made_by(tensor, result._edge)
    rules.note(array, index)
    views.overwritten(tensor, name)
    return tensor


def is_own_region(value: Any, tensor: Any, index: Any, read: Callable[[Any, Any], Any]) -> bool:
    """Whether ``value`` is a view of exactly ``tensor[index]``, so that all is in place already."""
    if not isinstance(value, TensorBase) or value._edge is None:
        return False
    base = views.base_of(value)
    if base is None or (base is not tensor and base is not views.base_of(tensor)):
        return False
    array = tensor._array()
    basic = read(index, array)
    if basic is None:
        return False
    interface = getattr(inside(array)[basic], "__array_interface__", None)
    other = getattr(inside(value._data), "__array_interface__", 0)
    return interface is not None and interface == other
