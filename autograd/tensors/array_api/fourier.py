"""The standard's ``fft``: ours, with ``axis`` and ``axes`` for ``dim``."""

from __future__ import annotations

from typing import Any

import autograd


def _along(name: str) -> Any:
    function = getattr(autograd.fft, name)

    def call(x: Any, /, *, n: Any = None, axis: int = -1, norm: str = "backward") -> Any:
        return function(x, n, axis, norm)

    call.__name__, call.__doc__ = name, f"autograd.fft.{name} by the standard's signature."
    return call


def _over(name: str) -> Any:
    function = getattr(autograd.fft, name)

    def call(x: Any, /, *, s: Any = None, axes: Any = None, norm: str = "backward") -> Any:
        return function(x, s, axes, norm)

    call.__name__, call.__doc__ = name, f"autograd.fft.{name} by the standard's signature."
    return call


for _name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    globals()[_name] = _along(_name)
for _name in ("fftn", "ifftn", "rfftn", "irfftn"):
    globals()[_name] = _over(_name)


def fftfreq(n: int, /, *, d: float = 1.0, dtype: Any = None, device: Any = None) -> Any:
    """The frequencies of a transform of length ``n``."""
    return autograd.fft.fftfreq(n, d, dtype=dtype)


def rfftfreq(n: int, /, *, d: float = 1.0, dtype: Any = None, device: Any = None) -> Any:
    """The frequencies of a real transform of length ``n``."""
    return autograd.fft.rfftfreq(n, d, dtype=dtype)


def fftshift(x: Any, /, *, axes: Any = None) -> Any:
    """The frequency 0 in the middle."""
    return autograd.fft.fftshift(x, axes)


def ifftshift(x: Any, /, *, axes: Any = None) -> Any:
    """The frequency 0 at the front."""
    return autograd.fft.ifftshift(x, axes)
