"""Functions that make tensors: from data, filled, counting, and random."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import dtypes
from autograd.device import check_device
from autograd.graph import TensorBase, unwrap, wrap

if TYPE_CHECKING:
    from autograd.annotations import DType, Number, Sizes, Tensor


def to_array(data: Any, dtype: DType = None) -> Any:
    """``data`` as an array of its own, in PyTorch's dtypes: Python floats become the default one.

    Raises ValueError for a ragged list, TypeError for what is not numbers.
    """
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    if isinstance(data, TensorBase):
        array = data._data.copy()
    elif isinstance(data, np.ndarray):
        array = np.array(data)  # also where it is a matrix or masked: subclasses act otherwise
    elif hasattr(data, "__array_function__") and hasattr(data, "dtype"):
        array = data.copy()
    else:
        array = _from_python(data, wanted)
        _check_fits(array, wanted)
        if array.dtype.kind in "fc" and array.size and wanted is None:
            wanted = reduce(dtypes.wider, _dtypes_in(data))
    if wanted is None:
        wanted = dtypes.as_dtype(array.dtype)
    return array if array.dtype == wanted else array.astype(wanted)


def _from_python(data: Any, wanted: Any = None) -> Any:
    """Numbers, or nested sequences of numbers, arrays and tensors, as an array."""
    try:
        array = np.array(_unwrapped(data))
    except ValueError as error:
        raise ValueError(
            "tensor: nested sequences must have equal lengths along each dimension; "
            f"{_ragged(data)}. Pad the shorter ones."
        ) from error
    except TypeError as error:
        raise TypeError(f"tensor: expected numbers; got {type(data).__name__}. {error}") from None
    if array.size == 0 and array.dtype == np.float64:
        return array.astype(dtypes.get_default_dtype())
    if array.dtype.kind == "u" and wanted is None and not _holds_numpy(data):
        raise ValueError(_too_large(int(array.max())))
    if array.dtype.kind not in "biufc":
        culprit = _culprit(data)
        if culprit.endswith("of type int"):
            if wanted is not None and wanted.kind == "f":
                try:
                    return np.array(_unwrapped(data), np.float64)
                except (OverflowError, TypeError):
                    pass
            raise ValueError(_too_large(culprit))
        raise TypeError(f"tensor: expected numbers or nested sequences of numbers; got {culprit}.")
    return array


def _too_large(culprit: Any) -> str:
    return f"tensor: integers must fit int64; got {culprit!s:.60}. Make it a float first."


def _check_fits(array: Any, wanted: Any) -> None:
    """Raise where Python numbers would lose more than a fraction by becoming ``wanted``."""
    if wanted is None or array.size == 0 or array.dtype == wanted or wanted.kind == "b":
        return
    if array.dtype.kind == "c" and wanted.kind != "c":
        raise TypeError(
            f"tensor: complex numbers need a complex dtype; got dtype {wanted}. Take .real first."
        )
    if wanted.kind not in "iu":
        return
    limits = np.iinfo(wanted)
    # as in PyTorch, small negative numbers may wrap around in an unsigned dtype
    least = limits.min if wanted.kind == "i" else -limits.max
    low, high = array.min(), array.max()
    if not (low >= least and high <= limits.max):
        culprit = low if low < least else high
        raise ValueError(
            f"tensor: {wanted} holds {limits.min} to {limits.max}; got {culprit}. "
            "Pass a wider dtype."
        )


def _unwrapped(data: Any) -> Any:
    if isinstance(data, TensorBase):
        return data._data
    if isinstance(data, (list, tuple)):
        return [_unwrapped(item) for item in data]
    return data


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
    if array.ndim == 0 and array.dtype.kind == "f":
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


# -- filled ---------------------------------------------------------------------------------------


def size_of(name: str, size: Sequence[Any]) -> tuple[int, ...]:
    """A size given as numbers or as one sequence, checked."""
    if len(size) == 1:
        first: Any = size[0]
        if first._data.ndim if isinstance(first, TensorBase) else not hasattr(first, "__index__"):
            size = first
    try:
        shape = tuple([n.__index__() for n in size])
        few = 0 in shape or 1 in shape
        if few and bool in map(type, size):
            raise TypeError
    except (TypeError, AttributeError, RuntimeError):
        raise TypeError(
            f"{name}: a size is made of integers; got {size!r:.60}. Write 2, 3 or (2, 3)."
        ) from None
    if shape and min(shape) < 0:
        raise ValueError(f"{name}: sizes must not be negative; got {shape}.")
    # of 16 bytes at most, which NumPy must be able to count, also where there are none
    if math.prod([n or 1 for n in shape] if few else shape) >= 2**59:
        raise ValueError(
            f"{name}: a tensor must fit into memory; one of size {shape} does not. Check the sizes."
        )
    return shape


def _floating(dtype: DType) -> Any:
    return dtypes.get_default_dtype() if dtype is None else dtypes.as_dtype(dtype)


def zeros(
    *size: Sizes,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
    **ignored: Any,
) -> Tensor:
    """Zeros of the given size.

    >>> zeros(2, 3)
    tensor([[0., 0., 0.],
            [0., 0., 0.]])
    """
    check_device(device)
    shape = size_of("zeros", (ignored.pop("size"),) if "size" in ignored else size)
    _refuse("zeros", ignored)
    return finished(np.zeros(shape, _floating(dtype)), requires_grad)


def ones(
    *size: Sizes,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
    **ignored: Any,
) -> Tensor:
    """Ones of the given size.

    >>> ones(3)
    tensor([1., 1., 1.])
    """
    check_device(device)
    shape = size_of("ones", (ignored.pop("size"),) if "size" in ignored else size)
    _refuse("ones", ignored)
    return finished(np.ones(shape, _floating(dtype)), requires_grad)


def empty(
    *size: Sizes,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
    **ignored: Any,
) -> Tensor:
    """A tensor of the given size with whatever the memory held.

    >>> empty(2, 3).shape
    autograd.Size([2, 3])
    """
    check_device(device)
    shape = size_of("empty", (ignored.pop("size"),) if "size" in ignored else size)
    _refuse("empty", ignored)
    return finished(np.empty(shape, _floating(dtype)), requires_grad)


_HARMLESS = {"layout", "pin_memory", "memory_format"}


def _refuse(name: str, options: dict[str, Any]) -> None:
    unknown = set(options) - _HARMLESS
    if unknown:
        raise TypeError(f"{name}: got an unexpected keyword argument {sorted(unknown)[0]!r}.")


def full(
    size: Any,
    fill_value: Number,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor filled with one number, whose kind decides the dtype where none is given.

    >>> full((2,), 7)
    tensor([7, 7])
    """
    check_device(device)
    filler = _filler("full", fill_value, dtype)
    return finished(np.full(size_of("full", (size,)), filler, filler.dtype), requires_grad)


def _filler(call: str, value: Any, dtype: DType) -> Any:
    """One number as a 0-d array, checked to fit ``dtype``."""
    if np.ndim(unwrap(value)):
        raise TypeError(
            f"{call}: fill_value must be one number; got shape {np.shape(unwrap(value))}. "
            "Use expand."
        )
    if isinstance(value, TensorBase) and value._edge is not None:
        raise TypeError(
            f"{call}: fill_value must be a number, which has no gradient; got a tensor that "
            "requires grad. Write value * ones(...), or detach it."
        )
    return to_array(value if dtype is None or isinstance(value, bool) else _number_in(value), dtype)


def _number_in(value: Any) -> Any:
    """The Python number in a NumPy scalar, an array or a tensor of one; else ``value``."""
    return value.item() if hasattr(value, "item") and not np.ndim(unwrap(value)) else value


def eye(
    n: int,
    m: int | None = None,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The n × m matrix with ones on the diagonal.

    >>> eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    check_device(device)
    shape = size_of("eye", (n, n if m is None else m))
    return finished(np.eye(*shape, dtype=_floating(dtype)), requires_grad)


def expect_tensor(call: str, input: Any) -> None:
    """Raise TypeError where ``input`` is no tensor."""
    if not isinstance(input, TensorBase):
        raise TypeError(
            f"{call}: input must be a tensor; got {type(input).__name__}. Make one: tensor(...)."
        )


def _like(
    call: str, fill: Any, input: Tensor, dtype: DType, device: Any, requires_grad: bool
) -> Tensor:
    check_device(device)
    expect_tensor(call, input)
    filler = _filler(call, fill, input._data.dtype if dtype is None else dtype)
    return finished(np.full_like(input._array(), filler, dtype=filler.dtype), requires_grad)


def zeros_like(
    input: Tensor,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Zeros in the shape and dtype of ``input``.

    >>> zeros_like(ones(2))
    tensor([0., 0.])
    """
    return _like("zeros_like", 0, input, dtype, device, requires_grad)


def ones_like(
    input: Tensor,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Ones in the shape and dtype of ``input``.

    >>> ones_like(zeros(2))
    tensor([1., 1.])
    """
    return _like("ones_like", 1, input, dtype, device, requires_grad)


def full_like(
    input: Tensor,
    fill_value: Number,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """One number, in the shape and dtype of ``input``.

    >>> full_like(zeros(2), 3)
    tensor([3., 3.])
    """
    return _like("full_like", fill_value, input, dtype, device, requires_grad)


def empty_like(
    input: Tensor,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Memory as it was found, in the shape and dtype of ``input``.

    >>> empty_like(zeros(2)).shape
    autograd.Size([2])
    """
    expect_tensor("empty_like", input)
    return empty(
        input.shape, dtype=dtype or input.dtype, device=device, requires_grad=requires_grad
    )


# -- counting -------------------------------------------------------------------------------------


def arange(
    start: Number | None = None,
    end: Number | None = None,
    step: Number = 1,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from start up to (not including) end; int64 where all three are integers.

    Raises ValueError where the step is zero or leads away from the end.

    >>> arange(3)
    tensor([0, 1, 2])
    >>> arange(1, 2.5, 0.5)
    tensor([1.0000, 1.5000, 2.0000])
    """
    check_device(device)
    if end is None:
        start, end = None, start
    start = 0 if start is None else start
    start, end, step = (_number("arange", value) for value in (start, end, step))
    if not all([-math.inf < value < math.inf for value in (start, end, step)]):
        raise ValueError(f"arange: bounds must be finite; got {start}, {end} and step {step}.")
    if step == 0 or (end - start) * step < 0:
        raise ValueError(
            f"arange: the step must be nonzero and lead from start to end; got start={start}, "
            f"end={end}, step={step}."
        )
    if dtype is None:
        whole = all(isinstance(value, int) for value in (start, end, step))
        dtype = dtypes.int64 if whole else dtypes.get_default_dtype()
    wanted = dtypes.as_dtype(dtype)
    try:
        count = math.ceil((end - start) / step)
    except OverflowError:
        count = 1 << 63
    size_of("arange", (count,))
    if wanted.kind == "f":
        # as torch does: so many steps, each value start + i·step, computed in double
        return finished((start + np.arange(count) * step).astype(wanted), requires_grad)
    if not -(1 << 63) <= min(start, end) <= max(start, end) < 1 << 63:
        raise ValueError(_too_large(f"start={start}, end={end}").replace("tensor", "arange", 1))
    return finished(np.arange(start, end, step).astype(wanted), requires_grad)


def _number(name: str, value: Any) -> Any:
    """A Python or NumPy number, or a tensor of one, as a Python number."""
    number = _number_in(value)
    if isinstance(number, (int, float)):
        return number
    raise TypeError(f"{name}: expected real numbers; got {value!r:.60}. Pass floats or integers.")


def _ends(name: str, start: Any, end: Any, steps: Any) -> tuple[Any, Any, int]:
    (count,) = size_of(name, (steps,))
    return _number(name, start), _number(name, end), count


def linspace(
    start: Number,
    end: Number,
    steps: int,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``steps`` numbers at equal distances, from start to end, both included.

    >>> linspace(0, 1, 3)
    tensor([0.0000, 0.5000, 1.0000])
    """
    check_device(device)
    array = np.linspace(*_ends("linspace", start, end, steps))
    return finished(array.astype(_floating(dtype)), requires_grad)


def logspace(
    start: Number,
    end: Number,
    steps: int,
    base: float = 10.0,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``steps`` powers of ``base``, with exponents at equal distances from start to end.

    >>> logspace(0, 2, 3)
    tensor([  1.,  10., 100.])
    """
    check_device(device)
    array = np.logspace(*_ends("logspace", start, end, steps), base=_number("logspace", base))
    return finished(array.astype(_floating(dtype)), requires_grad)


def is_tensor(obj: Any) -> bool:
    """Whether ``obj`` is a tensor.

    >>> is_tensor(zeros(1))
    True
    """
    return isinstance(obj, TensorBase)


def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype of ``input`` is a floating-point one.

    >>> is_floating_point(arange(3))
    False
    """
    expect_tensor("is_floating_point", input)
    return input._data.dtype.kind == "f"
