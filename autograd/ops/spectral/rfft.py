"""Fourier transforms between real numbers and the half of a spectrum that tells the other half.

Of n real points the spectrum is Hermitian: what is at n - k is the conjugate of what is at k. So
places 0 to n // 2 are enough. Back from there, each counts twice but 0 and, for an even n, n / 2,
which are real: their imaginary parts are not looked at. Two pairs, each being the other's transpose
but for these weights: rfft and hfft have the sign of fft, ihfft and irfft that of ifft.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import listed
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.ops.spectral.fft import FFT, IFFT
from autograd.ops.spectral.points import (
    axes_of,
    check_points,
    complexes_of,
    fitted,
    line_of,
    norm_of,
    reals_of,
)

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


class RFFT(Function):
    takes_complex = True

    def forward(self, x, axis, norm):
        self.facts = x.shape[axis], axis, norm
        return np.fft.rfft(x, axis=axis, norm=norm)

    def grad_x(self, g):
        n, axis, _ = self.facts
        return HFFT.apply(np.where(_once(g, n, axis), g, 0.5 * g), *self.facts)


class HFFT(Function):
    takes_complex = True

    def forward(self, z, n, axis, norm):
        self.facts = n, axis, norm
        return np.fft.hfft(z, n=n, axis=axis, norm=norm)

    def grad_z(self, g):
        n, axis, norm = self.facts
        d = RFFT.apply(g, axis, norm)
        return np.where(_once(d, n, axis), d, 2.0 * d)


class IHFFT(Function):
    takes_complex = True

    def forward(self, x, axis, norm):
        self.facts = x.shape[axis], axis, norm
        return np.fft.ihfft(x, axis=axis, norm=norm)

    def grad_x(self, g):
        n, axis, _ = self.facts
        return IRFFT.apply(np.where(_once(g, n, axis), g, 0.5 * g), *self.facts)


class IRFFT(Function):
    takes_complex = True

    def forward(self, z, n, axis, norm):
        self.facts = n, axis, norm
        return np.fft.irfft(z, n=n, axis=axis, norm=norm)

    def grad_z(self, g):
        n, axis, norm = self.facts
        d = IHFFT.apply(g, axis, norm)
        return np.where(_once(d, n, axis), d, 2.0 * d)


def _once(z: Any, n: int, axis: int) -> Any:
    """Which places of half a spectrum have no other that is their conjugate."""
    k = np.arange(n // 2 + 1, like=unwrap(z))
    return np.reshape((k == 0) | (2 * k == n), (-1, *[1] * (z.ndim - axis - 1)))


# -- from real numbers ----------------------------------------------------------------------------


def _halved(
    call: str, ops: Any, input: Any, axes: Sequence[int], sizes: Sequence[int], norm: Any
) -> Any:
    """The last axis to half a spectrum, then the others."""
    if not axes:
        raise RuntimeError(f"{call}: one axis at least is transformed; got none. Name it in dim.")
    half, whole = ops
    input, norm = fitted(call, input, axes, sizes), norm_of(call, norm)
    out = half.apply(input, axes[-1], norm)
    return whole.apply(out, (*axes[:-1],), norm) if axes[:-1] else out


def rfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The first half, n // 2 + 1 places, of :func:`fft` of real numbers; it tells the other half.

    Shapes: (..., m, ...) -> (..., n // 2 + 1, ...). Takes what ``fft`` takes, and raises what it
    raises; RuntimeError for complex numbers, too.

    >>> import autograd
    >>> rfft(autograd.ones(4)).real
    tensor([4., 0., 0.])
    """
    input = reals_of("rfft", input)
    axis = line_of("rfft", input, dim)
    points = input.shape[axis] if n is None else n
    return _halved("rfft", (RFFT, FFT), input, (axis,), (points,), norm)


def ihfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The first half of :func:`ifft` of real numbers: the inverse of :func:`hfft`.

    Shapes: (..., m, ...) -> (..., n // 2 + 1, ...). Raises what :func:`rfft` raises.

    >>> import autograd
    >>> ihfft(autograd.ones(4)).real
    tensor([1., 0., 0.])
    """
    input = reals_of("ihfft", input)
    axis = line_of("ihfft", input, dim)
    points = input.shape[axis] if n is None else n
    return _halved("ihfft", (IHFFT, IFFT), input, (axis,), (points,), norm)


def rfft2(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] = (-2, -1),
    norm: str | None = None,
) -> Tensor:
    """:func:`rfftn` along two axes, by default the last two.

    >>> import autograd
    >>> rfft2(autograd.ones(2, 4)).shape
    autograd.Size([2, 3])
    """
    input = reals_of("rfft2", input)
    return _halved("rfft2", (RFFT, FFT), input, *axes_of("rfft2", input, s, dim), norm)


def ihfft2(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] = (-2, -1),
    norm: str | None = None,
) -> Tensor:
    """:func:`ihfftn` along two axes, by default the last two.

    >>> import autograd
    >>> ihfft2(autograd.ones(2, 4)).shape
    autograd.Size([2, 3])
    """
    input = reals_of("ihfft2", input)
    return _halved("ihfft2", (IHFFT, IFFT), input, *axes_of("ihfft2", input, s, dim), norm)


def rfftn(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] | None = None,
    norm: str | None = None,
) -> Tensor:
    """:func:`rfft` along the last of several axes, then ``fft`` along the others.

    ``s`` and ``dim`` are as in ``fftn``. Raises RuntimeError without any axis, too.

    >>> import autograd
    >>> rfftn(autograd.ones(2, 4)).shape
    autograd.Size([2, 3])
    """
    input = reals_of("rfftn", input)
    return _halved("rfftn", (RFFT, FFT), input, *axes_of("rfftn", input, s, dim), norm)


def ihfftn(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] | None = None,
    norm: str | None = None,
) -> Tensor:
    """:func:`ihfft` along the last of several axes, then ``ifft`` along the others.

    >>> import autograd
    >>> ihfftn(autograd.ones(2, 4)).shape
    autograd.Size([2, 3])
    """
    input = reals_of("ihfftn", input)
    return _halved("ihfftn", (IHFFT, IFFT), input, *axes_of("ihfftn", input, s, dim), norm)


# -- to real numbers ------------------------------------------------------------------------------


def _restored(
    call: str,
    ops: Any,
    input: Any,
    axes: Sequence[int],
    sizes: Sequence[int],
    last: int | None,
    norm: Any,
) -> Any:
    """The other axes, then half a spectrum along the last one to ``last`` real numbers."""
    if not axes:
        raise RuntimeError(f"{call}: one axis at least is transformed; got none. Name it in dim.")
    half, whole = ops
    n = 2 * (input.shape[axes[-1]] - 1) if last is None or last == -1 else last
    check_points(call, (n,))
    input = fitted(call, input, axes, (*sizes[:-1], n // 2 + 1))
    norm = norm_of(call, norm)
    if axes[:-1]:
        input = whole.apply(input, (*axes[:-1],), norm)
    return half.apply(input, n, axes[-1], norm)


def _restored_one(
    call: str, ops: Any, input: Any, n: int | None, dim: Any, norm: str | None
) -> Any:
    input = complexes_of(call, input)
    return _restored(call, ops, input, (line_of(call, input, dim),), (1,), n, norm)


def _restored_several(call: str, ops: Any, input: Any, s: Any, dim: Any, norm: str | None) -> Any:
    input = complexes_of(call, input)
    axes, sizes = axes_of(call, input, s, dim)
    last = listed((), s)[-1] if s is not None and axes else None
    return _restored(call, ops, input, axes, sizes, last, norm)


def irfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of :func:`rfft`: n real numbers from the first half of their spectrum.

    Shapes: (..., m, ...) -> (..., n, ...), by default n = 2 (m - 1): give n where it is odd. Raises
    what ``fft`` raises.

    >>> import autograd
    >>> irfft(rfft(autograd.tensor([1.0, 2.0, 3.0])), 3)
    tensor([1., 2., 3.])
    """
    return _restored_one("irfft", (IRFFT, IFFT), input, n, dim, norm)


def hfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """:func:`fft` of the n numbers of which ``input`` is the first half: a real spectrum.

    The others are the conjugates of these: x at -j is that of x at j. Shapes: (..., m, ...) ->
    (..., n, ...), by default n = 2 (m - 1). Raises what ``fft`` raises.

    >>> import autograd
    >>> hfft(autograd.tensor([1.0, 0.0, 0.0]))
    tensor([1., 1., 1., 1.])
    """
    return _restored_one("hfft", (HFFT, FFT), input, n, dim, norm)


def irfft2(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] = (-2, -1),
    norm: str | None = None,
) -> Tensor:
    """:func:`irfftn` along two axes, by default the last two.

    >>> import autograd
    >>> irfft2(rfft2(autograd.ones(2, 2)))
    tensor([[1., 1.],
            [1., 1.]])
    """
    return _restored_several("irfft2", (IRFFT, IFFT), input, s, dim, norm)


def hfft2(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] = (-2, -1),
    norm: str | None = None,
) -> Tensor:
    """:func:`hfftn` along two axes, by default the last two.

    >>> import autograd
    >>> hfft2(ihfft2(autograd.ones(2, 2)))
    tensor([[1., 1.],
            [1., 1.]])
    """
    return _restored_several("hfft2", (HFFT, FFT), input, s, dim, norm)


def irfftn(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] | None = None,
    norm: str | None = None,
) -> Tensor:
    """The inverse of :func:`rfftn`: ``ifft`` along the other axes, :func:`irfft` along the last.

    ``s`` gives the sizes of the result; without it the last is 2 (m - 1).

    >>> import autograd
    >>> irfftn(rfftn(autograd.ones(1, 3)), s=(1, 3))
    tensor([[1., 1., 1.]])
    """
    return _restored_several("irfftn", (IRFFT, IFFT), input, s, dim, norm)


def hfftn(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] | None = None,
    norm: str | None = None,
) -> Tensor:
    """The inverse of :func:`ihfftn`: ``fft`` along the other axes, :func:`hfft` along the last.

    >>> import autograd
    >>> hfftn(ihfftn(autograd.ones(1, 3)), s=(1, 3))
    tensor([[1., 1., 1.]])
    """
    return _restored_several("hfftn", (HFFT, FFT), input, s, dim, norm)
