"""Functions that make tensors: filled, and of indices."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import integer_of, size_of
from autograd.arrays.devices import check_device, order_of
from autograd.arrays.dialect import made
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.kernels.layout import unexpanded
from autograd.tensors.from_data import finished, to_array

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType, Number, Sizes
    from autograd.tensors.tensor import Tensor

__all__ = [
    "empty", "empty_like", "empty_permuted", "empty_strided", "eye", "full", "full_like", "ones",
    "ones_like", "tril_indices", "triu_indices", "zeros", "zeros_like",
]  # fmt: skip


def chosen(dtype: DType) -> Any:
    """The dtype, the default one where none is given."""
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
    return finished(made(np.zeros, shape, chosen(dtype)), requires_grad)


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
    return finished(made(np.ones, shape, chosen(dtype)), requires_grad)


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
    return finished(made(np.empty, shape, chosen(dtype)), requires_grad)


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
    shape = size_of("full", (size,))
    return finished(made(np.full, shape, filler, filler.dtype), requires_grad)


def _filler(call: str, value: Any, dtype: DType) -> Any:
    """One number as a scalar of NumPy's, checked to fit ``dtype``."""
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
    kept = dtype is None or isinstance(value, bool)
    return to_array(value if kept else number_in(value), dtype)[()]


def number_in(value: Any) -> Any:
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
    return finished(made(np.eye, *shape, dtype=chosen(dtype)), requires_grad)


def expect_tensor(call: str, input: Any) -> None:
    """Raise TypeError where ``input`` is no tensor."""
    if not isinstance(input, TensorBase):
        raise TypeError(
            f"{call}: input must be a tensor; got {type(input).__name__}. Make one: tensor(...)."
        )


def _like(
    call: str,
    fill: Any,
    input: Tensor,
    dtype: DType,
    device: Any,
    requires_grad: bool,
    memory_format: Any = None,
) -> Tensor:
    check_device(device)
    expect_tensor(call, input)
    filler = _filler(call, fill, input._data.dtype if dtype is None else dtype)
    like, order = unexpanded(input._array()), order_of(memory_format)
    return finished(np.full_like(like, filler, filler.dtype, order), requires_grad)


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
    return _like("zeros_like", 0, input, dtype, device, requires_grad, memory_format)


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
    return _like("ones_like", 1, input, dtype, device, requires_grad, memory_format)


def full_like(
    input: Tensor,
    fill_value: Number,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """One number, in the shape and dtype of ``input``.

    >>> full_like(zeros(2), 3)
    tensor([3., 3.])
    """
    return _like("full_like", fill_value, input, dtype, device, requires_grad, memory_format)


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
    check_device(device)
    expect_tensor("empty_like", input)
    wanted = input.dtype if dtype is None else dtypes.as_dtype(dtype)
    like, order = unexpanded(input._array()), order_of(memory_format)
    return finished(np.empty_like(like, wanted, order), requires_grad)


def empty_strided(
    size: Any,
    stride: Any,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
    **ignored: Any,
) -> Tensor:
    """Memory as it was found, each axis with its ``stride`` in elements; ValueError without one.

    >>> empty_strided((2, 3), (1, 2)).stride()
    (1, 2)
    """
    check_device(device)
    _refuse("empty_strided", ignored)
    sizes, steps = size_of("empty_strided", (size,)), size_of("empty_strided", (stride,))
    if len(sizes) != len(steps):
        raise ShapeError(
            f"empty_strided: each size needs a stride; got {sizes} and {steps}. Count both."
        )
    last = sum([(n - 1) * step for n, step in zip(sizes, steps)])
    held = made(np.empty, 0 if 0 in sizes else last + 1, chosen(dtype))
    steps = tuple([step * held.itemsize for step in steps])
    return finished(np.lib.stride_tricks.as_strided(held, sizes, steps), requires_grad)


def empty_permuted(
    size: Any,
    physical_layout: Any,
    *,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
    **ignored: Any,
) -> Tensor:
    """Memory as it was found, its axes in the order ``physical_layout``; ValueError for no order.

    >>> empty_permuted((2, 3, 4), (0, 2, 1)).stride()
    (12, 1, 3)
    """
    check_device(device)
    _refuse("empty_permuted", ignored)
    sizes, order = size_of("empty_permuted", (size,)), size_of("empty_permuted", (physical_layout,))
    if sorted(order) != [*builtins.range(len(sizes))]:
        raise ShapeError(
            f"empty_permuted: physical_layout must name each axis once; got {order} for {sizes}."
        )
    held = made(np.empty, [sizes[axis] for axis in order], chosen(dtype))
    return finished(np.transpose(held, np.argsort(order).tolist()), requires_grad)


# -- counting -------------------------------------------------------------------------------------


def tril_indices(
    row: int,
    col: int,
    offset: int = 0,
    *,
    dtype: DType = None,
    device: Any = None,
    layout: Any = None,
) -> Tensor:
    """Row and column of each element on and below a diagonal, in row order: (2, n), int64.

    ``offset`` names the diagonal: 0 the main one, positive ones above it. Raises ValueError for
    negative sizes, TypeError for a dtype that is not an integer one.

    >>> tril_indices(2, 3)
    tensor([[0, 1, 1],
            [0, 0, 1]])
    """
    n, m = size_of("tril_indices", (row, col))
    offset = integer_of("tril_indices", "offset", offset)
    return _places("tril_indices", np.tri(n, m, max(-n, min(offset, m))), dtype, device)


def triu_indices(
    row: int,
    col: int,
    offset: int = 0,
    *,
    dtype: DType = None,
    device: Any = None,
    layout: Any = None,
) -> Tensor:
    """Row and column of each element on and above a diagonal; see :func:`tril_indices`.

    >>> triu_indices(2, 3)
    tensor([[0, 0, 0, 1, 1],
            [0, 1, 2, 1, 2]])
    """
    n, m = size_of("triu_indices", (row, col))
    offset = integer_of("triu_indices", "offset", offset)
    return _places("triu_indices", np.tri(n, m, max(-n, min(offset - 1, m))) == 0, dtype, device)


def _places(call: str, chosen: Any, dtype: DType, device: Any) -> Any:
    check_device(device)
    wanted = dtypes.int64 if dtype is None else dtypes.as_dtype(dtype)
    if not dtypes.integral(wanted):
        raise TypeError(f"{call}: indices are integers; got dtype {wanted}. Pass int64.")
    return wrap(made(np.array, np.nonzero(chosen), wanted), None)
