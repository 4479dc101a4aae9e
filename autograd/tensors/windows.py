"""Windows: weights that fade towards the ends of a stretch of a signal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import integer_of, number_of, size_of
from autograd.arrays.devices import check_device
from autograd.tensors.from_data import finished

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor

__all__ = [
    "bartlett_window", "blackman_window", "hamming_window", "hann_window", "kaiser_window",
]  # fmt: skip


def hann_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """½ - ½ cos(2πn / N), N = ``window_length``, or one less where not ``periodic``.

    >>> hann_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    n, period = _places("hann_window", window_length, periodic)
    return _made(0.5 - 0.5 * np.cos(n * (2 * math.pi / period)), dtype, device, requires_grad)


def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    *,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """α - β cos(2πn / N); see :func:`hann_window`.

    >>> hamming_window(2)
    tensor([0.0800, 1.0000])
    """
    n, period = _places("hamming_window", window_length, periodic)
    a, b = number_of("hamming_window", "alpha", alpha), number_of("hamming_window", "beta", beta)
    window = a - b * np.cos(n * (2 * math.pi / period))
    return _made(window, dtype, device, requires_grad)


def blackman_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """0.42 - ½ cos(2πn / N) + 0.08 cos(4πn / N); see :func:`hann_window`.

    >>> blackman_window(2).sum()
    tensor(1.)
    """
    n, period = _places("blackman_window", window_length, periodic)
    turns = n * (2 * math.pi / period)
    window = 0.42 - 0.5 * np.cos(turns) + 0.08 * np.cos(2 * turns)
    return _made(window, dtype, device, requires_grad)


def bartlett_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """1 - |2n / N - 1|, a triangle; see :func:`hann_window`.

    >>> bartlett_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    n, period = _places("bartlett_window", window_length, periodic)
    window = 1 - np.absolute(2 * n / period - 1)
    return _made(window, dtype, device, requires_grad)


def kaiser_window(
    window_length: int,
    periodic: bool = True,
    beta: float = 12.0,
    *,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """I₀(β √(1 - (2n / N - 1)²)) / I₀(β); see :func:`hann_window`.

    >>> kaiser_window(3, periodic=False, beta=0.0)
    tensor([1., 1., 1.])
    """
    n, period = _places("kaiser_window", window_length, periodic)
    b = number_of("kaiser_window", "beta", beta)
    inside = np.maximum(1 - (2 * n / period - 1) ** 2, 0)
    window = np.i0(b * np.sqrt(inside)) / np.i0(b)
    return _made(window, dtype, device, requires_grad)


def _places(call: str, length: Any, periodic: Any) -> tuple[Any, int]:
    """n = 0, 1, ..., and N."""
    (count,) = size_of(call, (integer_of(call, "window_length", length),))
    if not isinstance(periodic, (bool, np.bool_)):
        raise TypeError(f"{call}: periodic must be True or False; got {periodic!r:.60}.")
    return np.arange(count, dtype=np.float64), max(count if periodic else count - 1, 1)


def _made(window: Any, dtype: DType, device: Any, requires_grad: bool) -> Any:
    check_device(device)
    wanted = dtypes.get_default_dtype() if dtype is None else dtypes.as_dtype(dtype)
    if not dtypes.floating(wanted):
        raise TypeError(f"window: weights need a floating dtype; got {wanted}. Convert after.")
    window = np.ones(1) if window.size == 1 else window
    return finished(window.astype(wanted), requires_grad)
