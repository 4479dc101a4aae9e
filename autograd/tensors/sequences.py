"""Tensors of numbers at equal distances: counted up, or between two ends."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import integer_of, size_of
from autograd.arrays.devices import check_device
from autograd.arrays.dialect import made
from autograd.arrays.errors import DtypeError, OptionError
from autograd.tensors.creation import chosen, number_in
from autograd.tensors.from_data import finished, too_large

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType, Number
    from autograd.tensors.tensor import Tensor

__all__ = ["arange", "linspace", "logspace", "range"]


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

    Of a dtype of integers, fractions of start and step are cut off first. Raises ValueError where
    the step is zero or leads away from the end.

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
        raise OptionError(f"arange: bounds must be finite; got {start}, {end} and step {step}.")
    if dtype is None:
        whole = all(isinstance(value, int) for value in (start, end, step))
        dtype = dtypes.int64 if whole else dtypes.get_default_dtype()
    wanted = dtypes.as_dtype(dtype)
    if wanted == dtypes.int64:
        start, end, step = int(start), int(end), int(step)
    if step == 0 or (end - start) * step < 0:
        raise OptionError(
            f"arange: the step must be nonzero and lead from start to end; got start={start}, "
            f"end={end}, step={step}."
        )
    try:
        count = math.ceil((end - start) / step)
    except OverflowError:
        count = 1 << 63
    size_of("arange", (count,))
    if not dtypes.differentiable(wanted):
        if not -(1 << 63) <= min(start, end) <= max(start, end) < 1 << 63:
            raise ValueError(too_large(f"start={start}, end={end}").replace("tensor", "arange", 1))
        start, step = int(start), int(step)
    # as torch does: so many steps, each value start + i·step, in double or whole numbers
    return finished((start + made(np.arange, count) * step).astype(wanted), requires_grad)


def range(
    start: Number = 0,
    end: Number | None = None,
    step: Number = 1,
    *,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from start to end, *both* included, in the default dtype.

    New code writes :func:`arange`, as a warning says. Raises ValueError as that does.

    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     print(range(1, 3))
    tensor([1., 2., 3.])
    """
    warnings.warn(
        "range: its end is included, unlike Python's, and PyTorch will remove it. Write arange.",
        stacklevel=2,
    )
    if end is None:
        start, end = 0, start
    start, end, step = (_number("range", value) for value in (start, end, step))
    if not math.isfinite(step) or step == 0 or not 0 <= (end - start) / step < 2**62:
        raise ValueError(
            f"range: the step must be nonzero and lead from start to end; got start={start}, "
            f"end={end}, step={step}."
        )
    check_device(device)
    count = math.floor((end - start) / step) + 1
    size_of("range", (count,))
    steps = made(np.arange, count) * (step if -(2**62) < step < 2**62 else float(step))
    return finished((start + steps).astype(chosen(dtype)), requires_grad)


def _number(name: str, value: Any) -> Any:
    """A Python or NumPy number, or a tensor of one, as a Python number."""
    number = number_in(value)
    if isinstance(number, (int, float)):
        return number
    raise DtypeError(f"{name}: expected real numbers; got {value!r:.60}. Pass floats or integers.")


def _ends(name: str, start: Any, end: Any, steps: Any, dtype: Any) -> tuple[Any, Any, int]:
    count = integer_of(name, "steps", steps)
    size_of(name, (count,))
    kind = float if dtypes.differentiable(chosen(dtype)) else int  # as PyTorch does first
    try:
        return float(kind(_number(name, start))), float(kind(_number(name, end))), count
    except OverflowError:
        raise ValueError(
            f"{name}: the ends must fit in float64; got {start!r:.60} and {end!r:.60}."
        ) from None


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
    array = made(np.linspace, *_ends("linspace", start, end, steps, dtype))
    return finished(array.astype(chosen(dtype)), requires_grad)


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
    ends = _ends("logspace", start, end, steps, dtype)
    array = made(np.logspace, *ends, base=_number("logspace", base))
    return finished(array.astype(chosen(dtype)), requires_grad)
