"""``torch.signal.windows``: weights that fade towards the ends of a stretch of a signal.

Of M points; symmetric, or with ``sym=False`` the first M points of the symmetric one of M + 1,
which repeats with period M as the discrete Fourier transform has it. The values are computed in
float64 and rounded to ``dtype``, float32 or float64, by default the default dtype. ValueError is
raised for another dtype or layout, or a negative M.

Harris 1978, "On the use of windows for harmonic analysis with the discrete Fourier transform",
doi:10.1109/PROC.1978.10837.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import integer_of, number_of
from autograd.arrays.devices import check_device
from autograd.tensors.from_data import finished

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor

__all__ = [
    "bartlett", "blackman", "cosine", "exponential", "gaussian", "general_cosine",
    "general_hamming", "hamming", "hann", "kaiser", "nuttall",
]  # fmt: skip


def general_cosine(
    M: int,
    *,
    a: Iterable[float],
    sym: bool = True,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    r""":math:`\sum_i (-1)^i a_i \cos(2 \pi i n / N)`, N = M - 1, or M without ``sym``.

    Raises TypeError where ``a`` is not a list of numbers, ValueError where it is empty.

    >>> general_cosine(3, a=[0.5, 0.5])
    tensor([0., 1., 0.])
    """
    n, period = _places("general_cosine", M, sym, dtype, layout)
    if not isinstance(a, Iterable):
        raise TypeError(f"general_cosine: a must be a list of numbers; got {type(a).__name__}.")
    weights = [number_of("general_cosine", "a", one) for one in a]
    if not weights:
        raise ValueError("general_cosine: a must hold a number; it is empty.")
    return _made(_cosines(n, period, weights), dtype, device, requires_grad)


def general_hamming(
    M: int,
    *,
    alpha: float = 0.54,
    sym: bool = True,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """α - (1 - α) cos(2πn / N), N = M - 1, or M without ``sym``.

    >>> general_hamming(3, alpha=0.5)
    tensor([0., 1., 0.])
    """
    a = number_of("general_hamming", "alpha", alpha)
    n, period = _places("general_hamming", M, sym, dtype, layout)
    return _made(_cosines(n, period, [a, 1 - a]), dtype, device, requires_grad)


def hamming(
    M: int,
    *,
    sym: bool = True,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """0.54 - 0.46 cos(2πn / N), N = M - 1, or M without ``sym``.

    >>> hamming(3)
    tensor([0.0800, 1.0000, 0.0800])
    """
    n, period = _places("hamming", M, sym, dtype, layout)
    return _made(_cosines(n, period, [0.54, 0.46]), dtype, device, requires_grad)


def hann(
    M: int,
    *,
    sym: bool = True,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """½ - ½ cos(2πn / N), N = M - 1, or M without ``sym``.

    >>> hann(4, sym=False)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    n, period = _places("hann", M, sym, dtype, layout)
    return _made(_cosines(n, period, [0.5, 0.5]), dtype, device, requires_grad)


def blackman(
    M: int,
    *,
    sym: bool = True,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """0.42 - ½ cos(2πn / N) + 0.08 cos(4πn / N), N = M - 1, or M without ``sym``.

    >>> blackman(3).sum()
    tensor(1.)
    """
    n, period = _places("blackman", M, sym, dtype, layout)
    return _made(_cosines(n, period, [0.42, 0.5, 0.08]), dtype, device, requires_grad)


def nuttall(
    M: int,
    *,
    sym: bool = True,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Four cosines whose side lobes are least (Nuttall 1981, doi:10.1109/TASSP.1981.1163506).

    >>> nuttall(3)
    tensor([3.6280e-04, 1.0000e+00, 3.6280e-04])
    """
    n, period = _places("nuttall", M, sym, dtype, layout)
    return _made(
        _cosines(n, period, [0.3635819, 0.4891775, 0.1365995, 0.0106411]),
        dtype,
        device,
        requires_grad,
    )


def cosine(
    M: int,
    *,
    sym: bool = True,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """sin(π (n + ½) / N), N = M, or M + 1 without ``sym``.

    >>> cosine(1)
    tensor([1.])
    """
    n, _ = _places("cosine", M, sym, dtype, layout)
    window = np.sin(math.pi / (n.size + (not sym) or 1) * (n + 0.5))
    return _made(window, dtype, device, requires_grad)


def exponential(
    M: int,
    *,
    center: float | None = None,
    tau: float = 1.0,
    sym: bool = True,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """exp(-|n - c| / τ), c = ``center``, by default the middle, N / 2.

    Raises ValueError for τ ≤ 0, or for a center where ``sym``.

    >>> exponential(3, tau=0.5)
    tensor([0.1353, 1.0000, 0.1353])
    """
    n, period = _places("exponential", M, sym, dtype, layout)
    width = number_of("exponential", "tau", tau)
    if width <= 0 or (sym and center is not None):
        raise ValueError(
            "exponential: tau must be positive, and a symmetric window has no center of its own; "
            f"got tau={tau}, center={center}. Write sym=False to choose the center."
        )
    middle = period / 2 if center is None else number_of("exponential", "center", center)
    return _made(np.exp(-np.abs(n - middle) / width), dtype, device, requires_grad)


def gaussian(
    M: int,
    *,
    std: float = 1.0,
    sym: bool = True,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """exp(-½ ((n - N/2) / σ)²), σ = ``std``, N = M - 1, or M without ``sym``.

    Raises ValueError for σ ≤ 0.

    >>> gaussian(3)
    tensor([0.6065, 1.0000, 0.6065])
    """
    n, period = _places("gaussian", M, sym, dtype, layout)
    width = number_of("gaussian", "std", std)
    if width <= 0:
        raise ValueError(f"gaussian: std must be positive; got {std}.")
    window = np.exp(-0.5 * ((n - period / 2) / width) ** 2)
    return _made(window, dtype, device, requires_grad)


def kaiser(
    M: int,
    *,
    beta: float = 12.0,
    sym: bool = True,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """I₀(β √(1 - (2n / N - 1)²)) / I₀(β), N = M - 1, or M without ``sym``.

    Raises ValueError for β < 0.

    >>> kaiser(3, beta=0.0)
    tensor([1., 1., 1.])
    """
    n, period = _places("kaiser", M, sym, dtype, layout)
    b = number_of("kaiser", "beta", beta)
    if b < 0:
        raise ValueError(f"kaiser: beta must not be negative; got {beta}.")
    inside = np.maximum(1 - (2 * n / period - 1) ** 2, 0)
    return _made(np.i0(b * np.sqrt(inside)) / np.i0(b), dtype, device, requires_grad)


def bartlett(
    M: int,
    *,
    sym: bool = True,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """1 - |2n / N - 1|, N = M - 1, or M without ``sym``: a triangle.

    >>> bartlett(4, sym=False)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    n, period = _places("bartlett", M, sym, dtype, layout)
    return _made(1 - np.abs(2 * n / period - 1), dtype, device, requires_grad)


def _places(call: str, length: Any, sym: Any, dtype: Any, layout: Any) -> tuple[Any, int]:
    """n = 0, 1, ..., M - 1, and N."""
    M = integer_of(call, "M", length)
    if M < 0:
        raise ValueError(f"{call}: M must not be negative; got {M}.")
    if layout is not None and str(layout).rpartition(".")[2] != "strided":
        raise ValueError(f"{call}: layout must be strided; got {layout}.")
    if dtype is not None and dtypes.as_dtype(dtype) not in (dtypes.float32, dtypes.float64):
        raise ValueError(f"{call}: dtype must be float32 or float64; got {dtype}. Convert after.")
    return np.arange(M, dtype=np.float64), max(M - 1 if sym else M, 1)


def _cosines(n: Any, period: int, weights: list[float]) -> Any:
    turns = n * (2 * math.pi / period)
    terms = [(-1) ** i * one * np.cos(i * turns) for i, one in enumerate(weights)]
    return np.add.reduce(terms)


def _made(window: Any, dtype: DType, device: Any, requires_grad: bool) -> Any:
    check_device(device)
    wanted = dtypes.get_default_dtype() if dtype is None else dtypes.as_dtype(dtype)
    window = np.ones(1) if window.size == 1 else window
    return finished(window.astype(wanted), requires_grad)
