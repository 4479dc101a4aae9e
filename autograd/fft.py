"""``torch.fft``: Fourier transforms, which NumPy computes."""

from __future__ import annotations

import typing as _typing
from typing import Any

import numpy as _np

from autograd.arrays import dtypes as _dtypes
from autograd.arrays.arguments import count_of as _count_of, number_of as _number_of
from autograd.arrays.devices import check_device as _check_device
from autograd.ops.spectral.fft import (
    fft as fft,
    fft2 as fft2,
    fftn as fftn,
    ifft as ifft,
    ifft2 as ifft2,
    ifftn as ifftn,
)
from autograd.ops.spectral.rfft import (
    hfft as hfft,
    hfft2 as hfft2,
    hfftn as hfftn,
    ihfft as ihfft,
    ihfft2 as ihfft2,
    ihfftn as ihfftn,
    irfft as irfft,
    irfft2 as irfft2,
    irfftn as irfftn,
    rfft as rfft,
    rfft2 as rfft2,
    rfftn as rfftn,
)
from autograd.ops.spectral.shift import fftshift as fftshift, ifftshift as ifftshift
from autograd.tensors.from_data import finished as _finished
from autograd.tensors.out import with_out as _with_out
from autograd.tensors.tensor import Tensor


def fftfreq(
    n: int,
    d: float = 1.0,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The frequency of each place of :func:`fft` of n points that are ``d`` apart.

    [0, 1, ..., -2, -1] / (n d). Raises RuntimeError for dtypes without a fraction.

    >>> fftfreq(4)
    tensor([ 0.0000,  0.2500, -0.5000, -0.2500])
    """
    n = _count_of("fftfreq", "n", n)
    k = (_np.arange(n) + n // 2) % max(n, 1) - n // 2
    return _spaced("fftfreq", k, n, d, dtype, device, requires_grad)


def rfftfreq(
    n: int,
    d: float = 1.0,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The frequency of each place of :func:`rfft` of n points that are ``d`` apart.

    [0, 1, ..., n // 2] / (n d). Raises RuntimeError for dtypes without a fraction.

    >>> rfftfreq(4)
    tensor([0.0000, 0.2500, 0.5000])
    """
    n = _count_of("rfftfreq", "n", n)
    return _spaced("rfftfreq", _np.arange(n // 2 + 1), n, d, dtype, device, requires_grad)


def _spaced(
    call: str, k: Any, n: int, d: Any, dtype: Any, device: Any, requires_grad: bool
) -> Tensor:
    _check_device(device)
    wanted = _dtypes.get_default_dtype() if dtype is None else _dtypes.as_dtype(dtype)
    if not _dtypes.differentiable(wanted):
        raise RuntimeError(f"{call}: dtype must be a floating one; got {wanted}. Convert after.")
    with _np.errstate(divide="ignore", invalid="ignore"):
        frequencies = k / _np.float64(n * _number_of(call, "d", d))
    return _finished(frequencies.astype(wanted), requires_grad)


_with_out(
    globals(),
    """
    fft fft2 fftfreq fftn hfft hfft2 hfftn ifft ifft2 ifftn ihfft ihfft2 ihfftn irfft irfft2 irfftn
    rfft rfft2 rfftfreq rfftn
    """,
    __name__,
)

if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
