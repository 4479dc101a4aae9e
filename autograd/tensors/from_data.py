"""Tensors from data: Python numbers and lists, arrays, other tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.devices import check_device
from autograd.engine.graph import TensorBase, wrap
from autograd.engine.places import ShapeError
from autograd.kernels.layout import dense_copy

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor

__all__ = ["as_tensor", "asarray", "from_numpy", "tensor"]


def to_array(data: Any, dtype: DType = None) -> Any:
    """``data`` as an array of its own, in PyTorch's dtypes: Python floats become the default one.

    Raises ValueError for a ragged list, TypeError for what is not numbers.
    """
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    if isinstance(data, TensorBase):
        if data._numpys and data._edge is not None:
            raise TypeError(
                "tensor: numbers must be given without a gradient, which the copy would not have; "
                f"got a traced Array of shape {tuple(data._data.shape)}. Use autograd.as_tensor(x)."
            )
        array = dense_copy(data._data)
    elif isinstance(data, np.ndarray):
        array = dense_copy(np.asarray(data))  # also of a matrix: subclasses act otherwise
    elif hasattr(data, "__array_function__") and hasattr(data, "dtype"):
        array = data.copy()
    else:
        data = _plain(data)
        array = _from_python(data, wanted)
        _check_fits(array, wanted)
        if dtypes.differentiable(array.dtype) and array.size and wanted is None:
            wanted = reduce(dtypes.wider, _dtypes_in(data))
    if wanted is None:
        wanted = dtypes.as_dtype(array.dtype)
    return array if array.dtype == wanted else array.astype(wanted)


def _from_python(data: Any, wanted: Any = None) -> Any:
    """Numbers, or nested lists of numbers and arrays, as an array."""
    try:
        array = np.array(data)
    except ValueError as error:
        raise ShapeError(
            "tensor: nested sequences must have equal lengths along each dimension; "
            f"{_ragged(data)}. Pad the shorter ones."
        ) from error
    except TypeError as error:
        raise TypeError(f"tensor: expected numbers; got {type(data).__name__}. {error}") from None
    if array.size == 0 and array.dtype == np.float64:
        return array.astype(dtypes.get_default_dtype())
    if dtypes.unsigned(array.dtype) and wanted is None and not _holds_numpy(data):
        raise ValueError(too_large(int(array.max())))
    if not dtypes.numeric(array.dtype):
        culprit = _culprit(data)
        if culprit.endswith("of type int"):
            if wanted is not None and dtypes.floating(wanted):
                try:
                    return np.array(data, np.float64)
                except (OverflowError, TypeError):
                    pass
            raise ValueError(too_large(culprit))
        raise TypeError(f"tensor: expected numbers or nested sequences of numbers; got {culprit}.")
    return array


def too_large(culprit: Any) -> str:
    return f"tensor: integers must fit int64; got {culprit!s:.60}. Make it a float first."


def _check_fits(array: Any, wanted: Any) -> None:
    """Raise where Python numbers would lose more than a fraction by becoming ``wanted``."""
    if wanted is None or array.size == 0 or array.dtype == wanted or dtypes.boolean(wanted):
        return
    if dtypes.complex_valued(array.dtype) and not dtypes.complex_valued(wanted):
        raise TypeError(
            f"tensor: complex numbers need a complex dtype; got dtype {wanted}. Take .real first."
        )
    if not dtypes.integral(wanted):
        return
    limits = np.iinfo(wanted)
    # as in PyTorch, small negative numbers may wrap around in an unsigned dtype
    least = -limits.max if dtypes.unsigned(wanted) else limits.min
    low, high = array.min(), array.max()
    if not (low >= least and high <= limits.max):
        culprit = low if low < least else high
        raise ValueError(
            f"tensor: {wanted} holds {limits.min} to {limits.max}; got {culprit}. "
            "Pass a wider dtype."
        )


def _plain(data: Any) -> Any:
    """Nested sequences of any kind (a deque, a range, ...) as lists, tensors in them as arrays."""
    if isinstance(data, TensorBase):
        return data._data
    if type(data) in _PYTHONS or hasattr(data, "dtype") or isinstance(data, (str, bytes, Mapping)):
        return data
    if not (hasattr(data, "__getitem__") and hasattr(data, "__len__")):
        return data
    items = list(data)
    return items if set(map(type, items)) <= _PYTHONS.keys() else list(map(_plain, items))


def _culprit(data: Any) -> str:
    """The first thing in ``data`` that is no number, described."""
    while isinstance(data, (list, tuple)) and data:
        data = next((item for item in data if not isinstance(item, (int, float))), data[0])
    if type(data) is int and data.bit_length() > 1000:  # Python refuses to print very long ones
        return f"a number of {data.bit_length()} bits of type int"
    return f"{data!r:.60} of type {type(data).__name__}"


def _ragged(data: Any, depth: int = 0) -> str:
    """Where a nested sequence stops being rectangular, in words."""
    lengths = [len(item) if hasattr(item, "__len__") else None for item in data]
    for i, n in enumerate(lengths):
        if n != lengths[0]:
            one, other = (
                f"{data[k]!r:.60}" if lengths[k] is None else f"of length {lengths[k]}"
                for k in (0, i)
            )
            return f"at dimension {depth + 1}, item 0 is {one} and item {i} is {other}"
    for item in data:
        if isinstance(item, (list, tuple)):
            found = _ragged(item, depth + 1)
            if found:
                return found
    return ""


def _holds_numpy(data: Any) -> bool:
    """Whether the first number in ``data`` brings a dtype of its own."""
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    return isinstance(data, (np.generic, np.ndarray, TensorBase))


def _dtypes_in(data: Any) -> set[np.dtype[Any]]:
    """The dtypes of the numbers in nested sequences: of Python's, those they have by default."""
    found: set[Any] = set()
    waiting = [data]
    for one in waiting:  # grows while it is walked
        if isinstance(one, (list, tuple)):
            types = set(map(type, one))
            if types <= _PYTHONS.keys():
                found |= types
            else:
                waiting += one
        else:
            found.add(getattr(one, "dtype", type(one)))
    return {_PYTHONS[kind]() if kind in _PYTHONS else dtypes.as_dtype(kind) for kind in found}


_PYTHONS: dict[Any, Callable[[], Any]] = {
    bool: lambda: dtypes.bool,
    int: lambda: dtypes.int64,
    float: dtypes.get_default_dtype,
    complex: dtypes.default_complex,
}


def finished(array: Any, requires_grad: bool = False) -> Tensor:
    """A tensor over ``array``, a leaf that requires grad if asked; 0-d floats become scalars."""
    if array.ndim == 0 and dtypes.floating(array.dtype):
        array = array[()]
    made: Tensor = wrap(array, None)
    if requires_grad is not False:
        made.requires_grad_(requires_grad)
    return made


def tensor(
    data: Any,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A tensor with a copy of ``data``: a number, nested sequences, an array, a tensor.

    Python floats give the default dtype, integers int64, Booleans bool; arrays keep theirs.
    Raises ValueError for ragged data, TypeError for what is not numbers.

    >>> tensor([[1.0, 2.0], [3.0, 4.0]])
    tensor([[1., 2.],
            [3., 4.]])
    """
    check_device(device)
    return finished(to_array(data, dtype), requires_grad)


def as_tensor(data: Any, dtype: DType = None, device: Any = None) -> Tensor:
    """``data`` as a tensor, without a copy where it is a tensor or an array of that dtype.

    >>> import numpy as np
    >>> a = np.zeros(2)
    >>> as_tensor(a)[0] = 1.0; a
    array([1., 0.])
    """
    check_device(device)
    if isinstance(data, TensorBase):
        return data.to(dtypes.as_dtype(dtype)) if dtype is not None else data  # type: ignore
    if isinstance(data, np.ndarray) and (dtype is None or data.dtype == dtypes.as_dtype(dtype)):
        return from_numpy(data)
    return tensor(data, dtype=dtype)


def asarray(
    obj: Any,
    *,
    dtype: DType = None,
    device: Any = None,
    copy: bool | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """``obj`` as a tensor: over the same memory where it can be, unless ``copy``.

    Raises ValueError where ``copy=False`` and there is no memory to share.

    >>> import numpy as np
    >>> asarray(np.zeros(2), copy=True)
    tensor([0., 0.], dtype=autograd.float64)
    """
    if copy:
        return tensor(obj, dtype=dtype, device=device, requires_grad=requires_grad)
    made = as_tensor(obj, dtype=dtype, device=device)
    given = obj._data if isinstance(obj, TensorBase) else obj
    if copy is False and not (
        isinstance(given, np.ndarray) and np.shares_memory(given, made._array())
    ):
        raise ValueError(
            "asarray: with copy=False, obj must be an array or a tensor of the dtype asked for; "
            f"got {type(obj).__name__}. Leave copy out."
        )
    if requires_grad is False or made.requires_grad:
        return made
    made = made.detach()  # obj itself stays as it is
    return made.requires_grad_(requires_grad)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the memory of an array (and its dtype).

    Raises TypeError for anything else than an array of numbers.

    >>> import numpy as np
    >>> from_numpy(np.arange(3))
    tensor([0, 1, 2])
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(
            f"from_numpy: expected a NumPy array; got {type(ndarray).__name__}. Use tensor(...)."
        )
    if dtypes.as_dtype(ndarray.dtype) != ndarray.dtype:
        raise TypeError(f"from_numpy: expected native byte order; got {ndarray.dtype!r}.")
    return wrap(np.asarray(ndarray), None)  # a matrix or a masked array as a plain one
