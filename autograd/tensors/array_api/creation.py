"""The standard's creation functions."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd
from autograd.arrays.dtypes import as_dtype, complex_valued
from autograd.engine.graph import TensorBase
from autograd.tensors.array_api.datatypes import result_type


def _shape(shape: Any) -> Any:
    return (shape,) if isinstance(shape, int) else tuple(shape)


def asarray(obj: Any, /, *, dtype: Any = None, device: Any = None, copy: Any = None) -> Any:
    """A tensor of what is given: itself where it is one that fits and no copy is asked for."""
    if isinstance(obj, TensorBase):
        made: Any = obj if dtype is None else obj.to(dtype)  # type: ignore[attr-defined]
        if copy is False and made is not obj:
            raise ValueError("asarray: copy=False needs no copy; this dtype asks for one.")
        return made.clone() if copy and made is obj else made  # type: ignore[attr-defined]
    if isinstance(obj, (list, tuple)) and any(isinstance(x, TensorBase) for x in obj):
        return autograd.stack([asarray(x, dtype=dtype) for x in obj])
    if copy is False and not isinstance(obj, np.ndarray):
        raise ValueError("asarray: copy=False needs an array; Python's numbers are copied.")
    make = autograd.tensor if copy else autograd.as_tensor
    return make(obj, dtype=dtype)


def _filled(name: str) -> Any:
    def make(shape: Any, *, dtype: Any = None, device: Any = None) -> Any:
        return getattr(autograd, name)(_shape(shape), dtype=dtype)

    def like(x: Any, /, *, dtype: Any = None, device: Any = None) -> Any:
        return getattr(autograd, f"{name}_like")(x, dtype=dtype)

    make.__name__, like.__name__ = name, f"{name}_like"
    make.__doc__ = f"A tensor of a shape, as autograd.{name} makes it."
    like.__doc__ = f"A tensor of the shape of ``x``, as autograd.{name}_like makes it."
    return make, like


empty, empty_like = _filled("empty")
ones, ones_like = _filled("ones")
zeros, zeros_like = _filled("zeros")


def full(shape: Any, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """A tensor of one value; by itself it has the value's default dtype."""
    return autograd.full(_shape(shape), fill_value, dtype=dtype)


def full_like(x: Any, /, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """A tensor of the shape of ``x`` and of one value."""
    return autograd.full_like(x, fill_value, dtype=dtype)


def arange(
    start: Any, /, stop: Any = None, step: Any = 1, *, dtype: Any = None, device: Any = None
) -> Any:
    """Numbers from ``start`` by ``step`` to before ``stop``; none where the step leads away."""
    start, stop = (0, start) if stop is None else (start, stop)
    if (stop - start) * step <= 0:
        whole = isinstance(start, int) and isinstance(stop, int) and isinstance(step, int)
        return autograd.empty(0, dtype=dtype or (autograd.int64 if whole else None))
    return autograd.arange(start, stop, step, dtype=dtype)


def _part(dtype: Any) -> Any:
    """The dtype of the real and of the imaginary part."""
    given = as_dtype(dtype)
    return np.empty(0, given).real.dtype if complex_valued(given) else given


def linspace(
    start: Any,
    stop: Any,
    /,
    num: int,
    *,
    dtype: Any = None,
    device: Any = None,
    endpoint: bool = True,
) -> Any:
    """``num`` numbers evenly from ``start`` to ``stop``, which may be left out; complex, too."""
    if isinstance(start, complex) or isinstance(stop, complex):
        dtype = dtype or result_type(autograd.get_default_dtype(), 1j)
        parts = [
            linspace(a, b, num, dtype=_part(dtype), endpoint=endpoint)
            for a, b in ((start.real, stop.real), (start.imag, stop.imag))
        ]
        return autograd.complex(*parts)
    if endpoint:
        return autograd.linspace(start, stop, num, dtype=dtype)
    return autograd.linspace(start, stop, num + 1, dtype=dtype)[:num]


def eye(
    n_rows: int, n_cols: Any = None, /, *, k: int = 0, dtype: Any = None, device: Any = None
) -> Any:
    """Ones on the k-th diagonal of a matrix, zeros elsewhere."""
    dtype = autograd.get_default_dtype() if dtype is None else dtype
    return autograd.from_numpy(np.eye(n_rows, n_cols, k, as_dtype(dtype)))


def from_dlpack(x: Any, /, *, device: Any = None, copy: Any = None) -> Any:
    """A tensor over another library's memory, or over a copy of it.

    Raises ValueError for ``copy=False`` where the device asks for a copy.
    """
    made = autograd.from_dlpack(x)
    if device is not None and made.device != autograd.device(device):
        if copy is False:
            raise ValueError(f"from_dlpack: copy=False needs the same device; got {device}.")
        return made.to(device)
    return made.clone() if copy else made


def tril(x: Any, /, *, k: int = 0) -> Any:
    """The matrices up to the k-th diagonal, zeros above."""
    return autograd.tril(x, k)


def triu(x: Any, /, *, k: int = 0) -> Any:
    """The matrices from the k-th diagonal on, zeros below."""
    return autograd.triu(x, k)


def meshgrid(*arrays: Any, indexing: str = "xy") -> Any:
    """The coordinates of a grid, one tensor an axis."""
    return list(autograd.meshgrid(*arrays, indexing=indexing))


STANDARD = (
    "arange asarray empty empty_like eye from_dlpack full full_like linspace meshgrid ones "
    "ones_like tril triu zeros zeros_like"
).split()
