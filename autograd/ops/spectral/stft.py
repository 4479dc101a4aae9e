"""Short-time Fourier transforms: of stretches of a signal, one after the other, and back."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, integer_of
from autograd.arrays.dialect import anywhere
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.ops.shape.narrow import Narrow, Pad
from autograd.ops.shape.unfold import Fold, Unfold
from autograd.ops.spectral.fft import FFT, IFFT
from autograd.ops.spectral.points import numbers_of
from autograd.ops.spectral.rfft import IRFFT, RFFT

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["istft", "stft"]

_MODES = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def stft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Tensor:
    r"""The spectra of windows that are moved along a signal.

    .. math:: X_{k m} = \sum_j w_j\, x_{m h + j}\, e^{-2 \pi i\, j k / n}

    Shapes: (t,) or (batch, t) -> (..., frequencies, windows): n_fft // 2 + 1 frequencies where
    ``onesided``, as by default for real numbers, else n_fft.

    :param hop_length: h, by default n_fft // 4.
    :param window: w, (win_length,), by default ones; zeros fill it up to n_fft at both ends.
    :param center: whether n_fft // 2 points are added at both ends, by ``pad_mode``, so that
        window m has point m h in its middle.
    :param normalized: whether what comes out is divided by √n_fft.
    :param return_complex: must be given for real numbers; False gives (..., 2), two real parts.
    :param align_to_window: without ``center``, whether window 0 begins where w does, not where its
        zeros do.
    :raises RuntimeError: sizes that do not fit, or 16 bits.

    >>> import autograd
    >>> stft(autograd.ones(8), 4, window=autograd.hann_window(4), return_complex=True).shape
    autograd.Size([3, 9])
    """
    check_tensors("stft", input=input)
    if not dtypes.differentiable(input.dtype):
        raise RuntimeError(
            f"stft: input must be floating-point or complex; got {input.dtype}. Convert it: "
            "x.float()."
        )
    input = numbers_of("stft", input)
    window, n, hop = _windowed("stft", input, n_fft, hop_length, win_length, window)
    whole = dtypes.complex_valued(input.dtype) or dtypes.complex_valued(window.dtype)
    if return_complex is None and not whole:
        raise RuntimeError(
            "stft: return_complex must be given for real numbers; it was not. Write "
            "return_complex=True."
        )
    if input.ndim not in (1, 2):
        raise ShapeError(
            f"stft: input must have shape (t,) or (batch, t); got {tuple(input.shape)}."
        )
    if onesided and whole:
        raise RuntimeError(
            "stft: half a spectrum is enough for real numbers only; input or window is complex. "
            "Leave onesided out."
        )
    if center and align_to_window is not None:
        raise RuntimeError("stft: align_to_window is for center=False; center is True.")
    if center:
        input = _centered(input, n // 2, pad_mode)
    elif align_to_window and window.shape[0] < n:
        before = (n - window.shape[0]) // 2
        ends = (before, n - window.shape[0] - before)
        input = Pad.apply(input, [(0, 0)] * (input.ndim - 1) + [ends])
    if not 0 < n <= input.shape[-1]:
        raise ShapeError(
            f"stft: n_fft must be between 1 and {input.shape[-1]}, the points there are; got {n}."
        )
    axis = input.ndim - 1
    frames = Unfold.apply(input, axis, n, hop) * _filled(window, n)
    norm = "ortho" if normalized else "backward"
    if whole or onesided is False:
        out = FFT.apply(frames, (axis + 1,), norm)
    else:
        out = RFFT.apply(frames, axis + 1, norm)
    out = np.swapaxes(out, -1, -2)
    return out if return_complex or return_complex is None else _parts(out)


def istft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Tensor:
    r"""The signal whose windows have, as nearly as can be, the spectra ``input``.

    .. math:: x_t = \frac{\sum_m w_{t - m h}\, y_{m,\, t - m h}}{\sum_m w_{t - m h}^2}

    of the inverse transforms y, which least squares give (Griffin & Lim 1984, "Signal estimation
    from modified short-time Fourier transform"). Undoes :func:`stft` of the same arguments.

    Shapes: (frequencies, windows) or (batch, frequencies, windows) -> (t,) or (batch, t), complex
    with ``return_complex``.

    :param length: of the signal, where it is known; zeros fill it up.
    :raises RuntimeError: sizes that do not fit, or windows that leave a point out.

    >>> import autograd
    >>> x, w = autograd.tensor([1.0, 2.0, 3.0, 4.0]), autograd.hann_window(4)
    >>> istft(stft(x, 4, window=w, return_complex=True), 4, window=w)
    tensor([1., 2., 3., 4.])
    """
    check_tensors("istft", input=input)
    if not dtypes.complex_valued(input.dtype):
        raise RuntimeError(
            f"istft: input must be complex, as stft(return_complex=True) gives it; got "
            f"{input.dtype}. Two real parts make it: view_as_complex(x)."
        )
    window, n, hop = _windowed("istft", input, n_fft, hop_length, win_length, window)
    if input.ndim not in (2, 3) or 0 in input.shape:
        raise ShapeError(
            "istft: input must have shape (frequencies, windows) or (batch, frequencies, windows), "
            f"none of them 0; got {tuple(input.shape)}."
        )
    count, windows = input.shape[-2:]
    half = count != n if onesided is None else bool(onesided)
    if count != (n // 2 + 1 if half else n):
        raise ShapeError(
            f"istft: n_fft={n} needs {n // 2 + 1} frequencies where onesided, else {n}; got "
            f"{count}."
        )
    if hop > window.shape[0]:
        raise RuntimeError(
            f"istft: hop_length must not be larger than the window, or points are left out; got "
            f"{hop} and {window.shape[0]}."
        )
    if half and return_complex or not return_complex and dtypes.complex_valued(window.dtype):
        raise RuntimeError(
            "istft: a complex signal needs all frequencies and return_complex=True, a real one a "
            f"real window; got onesided={half}, return_complex={return_complex} and a window of "
            f"{window.dtype}."
        )
    z = np.swapaxes(input, -1, -2)
    norm, axis = "ortho" if normalized else "backward", input.ndim - 1
    if return_complex:
        y = IFFT.apply(z, (axis,), norm)
    else:
        y = IRFFT.apply(z if half else z[..., : n // 2 + 1], n, axis, norm)
    window = _filled(window, n)
    points = n + hop * (windows - 1)
    y = Fold.apply(y * window, points, axis - 1, n, hop)
    square = np.broadcast_to(window * window, (windows, n))
    weight = Fold.apply(square, points, 0, n, hop)
    start = n // 2 if center else 0
    stop = points - start if length is None else start + integer_of("istft", "length", length)
    ends = (start, max(points - stop, 0))
    if not 0 <= start < min(stop, points):
        raise RuntimeError(
            f"istft: a point at least must be left of {points}; got length={length}, "
            f"center={center}."
        )
    y, weight = Narrow.apply(y, [(0, 0)] * (axis - 1) + [ends]), Narrow.apply(weight, [ends])
    if anywhere(np.absolute(unwrap(weight)) < 1e-11):
        raise RuntimeError(
            "istft: the windows must reach every point; their squares add up to 0 at one. Choose "
            "a smaller hop_length, or another window."
        )
    y = y / weight
    if stop > points:
        warnings.warn(
            f"istft: length should be {points - start} or less, which the windows reach; got "
            f"{length}. Zeros are added.",
            stacklevel=2,
        )
        y = Pad.apply(y, [(0, 0)] * (axis - 1) + [(0, stop - points)])
    return y


_LONGEST = 2**40  # points of a window


def _windowed(
    call: str, input: Any, n_fft: Any, hop: Any, length: Any, window: Any
) -> tuple[Any, int, int]:
    """The window, of its own length, and the numbers n_fft and hop_length."""
    n = integer_of(call, "n_fft", n_fft)
    hop = n // 4 if hop is None else integer_of(call, "hop_length", hop)
    length = n if length is None else integer_of(call, "win_length", length)
    if not 0 < length <= n <= _LONGEST or hop <= 0:
        raise RuntimeError(
            f"{call}: hop_length must be positive, win_length between 1 and n_fft, and that at "
            f"most {_LONGEST}; got n_fft {n}, hop_length {hop}, win_length {length}."
        )
    if window is None:
        one = np.ones((length,), like=unwrap(input))
        real = np.result_type(input.dtype, dtypes.complex64) == dtypes.complex64
        return one.astype(dtypes.float32 if real else dtypes.float64), n, hop
    check_tensors(call, window=window)
    if tuple(window.shape) != (length,):
        raise ShapeError(
            f"{call}: window must have shape ({length},), as win_length says; got "
            f"{tuple(window.shape)}."
        )
    return window, n, hop


def _filled(window: Any, n: int) -> Any:
    """The window with zeros at both ends, n points long."""
    before = (n - window.shape[0]) // 2
    ends = (before, n - window.shape[0] - before)
    return Pad.apply(window, [ends]) if any(ends) else window


def _centered(x: Any, more: int, mode: str) -> Any:
    """``more`` points at both ends of the last axis."""
    if mode not in _MODES:
        raise NotImplementedError(
            f"stft: pad_mode must be one of {', '.join(_MODES)}; got {mode!r:.60}."
        )
    if mode == "constant":
        return Pad.apply(x, [(0, 0)] * (x.ndim - 1) + [(more, more)])
    n = x.shape[-1]
    if more > n - (mode == "reflect") or not n:
        raise ShapeError(
            f"stft: pad_mode {mode!r} needs more than n_fft // 2 = {more} points; got {n}. Choose "
            "center=False, or pad_mode='constant'."
        )
    places = np.pad(np.arange(n), (more, more), _MODES[mode])  # type: ignore[call-overload]
    return x[..., places]


def _parts(z: Any) -> Any:
    """Real and imaginary parts in a last axis."""
    return np.concatenate([np.expand_dims(part, -1) for part in (np.real(z), np.imag(z))], -1)
