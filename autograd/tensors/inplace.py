"""What every in-place operation goes through: checks, the write itself, and the new edges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine import versions, views
from autograd.engine.grad_mode import enable_grad, mode
from autograd.engine.graph import Leaf, TensorBase, unwrap, wrap


def in_place(
    tensor: Any, name: str, operation: Callable[..., Any], *args: Any, **options: Any
) -> Any:
    """``tensor`` after ``operation(tensor, *args)`` was written into it, recorded where needed."""
    if not recorded(tensor, (*args, *options.values()), name):
        _write(tensor, unwrap(operation(wrap(tensor._data, None), *args, **options)), name)
        return tensor
    before = wrap(tensor._data.copy(), tensor._edge)
    result = operation(before, *args, **options)
    _write(tensor, result._data, name)
    views.made_by(tensor, result._edge)
    views.overwritten(tensor, name)
    return tensor


def replaced(tensor: Any, name: str, values: Any) -> Any:
    """``tensor`` after constants were written over its values."""
    recording = recorded(tensor, (), name)
    _write(tensor, values, name)
    if recording:
        views.made_by(tensor, None)
        views.overwritten(tensor, name)
    return tensor


def reshaped(tensor: Any, name: str, operation: Callable[..., Any], *dims: Any) -> Any:
    """``tensor`` after it became ``operation(tensor, *dims)``, a view of the memory it has.

    Nothing is written: what was computed from the tensor, and who looks at its memory, stays as it
    is. A result of recorded operations remains one under ``no_grad``, because its gradient would
    come in the new shape to where the old one is expected.
    """
    if mode.grad:
        views.check_recordable(tensor, name)
    array, edge = tensor._array(), tensor._edge
    if type(edge) is Leaf:
        tensor._data = operation(wrap(array, None), *dims)._data
        return tensor
    with enable_grad():
        result = operation(wrap(array, edge), *dims)
    tensor._data = result._data
    views.made_by(tensor, result._edge)
    return tensor


def recorded(tensor: Any, others: tuple[Any, ...], name: str) -> bool:
    """Whether an in-place operation has to be recorded; raises where it cannot be."""
    if not mode.grad:
        return False
    recording = tensor._edge is not None or any(
        [isinstance(other, TensorBase) and other._edge is not None for other in others]
    )
    views.check_recordable(tensor, name)
    return recording


def check_memory(array: Any, name: str) -> None:
    """Raise RuntimeError for memory that is read-only."""
    if not array.flags.writeable:
        raise RuntimeError(
            f"{name}: the tensor's memory must be writable; it is read-only, or expanded so that "
            "several elements share one place. Use x.clone()."
        )


def check_dtype(tensor: Any, name: str, dtype: Any) -> None:
    """Raise RuntimeError where a result in ``dtype`` is asked for and the tensor has another."""
    if dtype is not None and (dtype := dtypes.as_dtype(dtype)) != tensor._data.dtype:
        raise RuntimeError(
            f"{name}: a result in {dtype} cannot be stored in a tensor of {tensor._data.dtype}. "
            "Convert the tensor first, or write the operation out of place."
        )


def _write(target: Any, values: Any, name: str) -> None:
    """Write ``values`` (an array) into the memory of ``target``."""
    array = target._array()
    check_memory(array, name)
    if np.shape(values) != array.shape:
        try:
            np.broadcast_to(values, array.shape)
        except ValueError:
            raise ValueError(
                f"{name}: the result must fit the tensor's shape {tuple(array.shape)}; it has "
                f"{tuple(np.shape(values))}. Write it out of place."
            ) from None
    if not dtypes.can_hold(array.dtype, values.dtype):
        check_dtype(target, name, values.dtype)
    np.copyto(array, values, casting="unsafe")
    versions.note_change(array)
