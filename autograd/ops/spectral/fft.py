"""Fourier transforms of complex numbers, and of real ones whose whole spectrum is wanted.

The matrix of the transform is symmetric, so that each is its own transpose, and its own gradient.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.function import Function
from autograd.ops.spectral.points import (
    axes_of,
    complexes_of,
    fitted,
    line_of,
    norm_of,
    numbers_of,
)

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


class FFT(Function):
    takes_complex = True

    def forward(self, x, axes, norm):
        self.facts = axes, norm
        self.real = not dtypes.complex_valued(x.dtype)
        return np.fft.fftn(x, axes=axes, norm=norm)

    def grad_x(self, g):
        d = FFT.apply(g, *self.facts)
        return np.real(d) if self.real else d


class IFFT(Function):
    takes_complex = True

    def forward(self, x, axes, norm):
        self.facts = axes, norm
        self.real = not dtypes.complex_valued(x.dtype)
        return np.fft.ifftn(x, axes=axes, norm=norm)

    def grad_x(self, g):
        d = IFFT.apply(g, *self.facts)
        return np.real(d) if self.real else d


def _along_one(call: str, op: type[Function], input: Any, n: Any, dim: Any, norm: Any) -> Any:
    input = numbers_of(call, input)
    axis = line_of(call, input, dim)
    input = fitted(call, input, (axis,), (input.shape[axis] if n is None else n,))
    return op.apply(input, (axis,), norm_of(call, norm))


def _along_several(call: str, op: type[Function], input: Any, s: Any, dim: Any, norm: Any) -> Any:
    input = numbers_of(call, input)
    axes, sizes = axes_of(call, input, s, dim)
    input, norm = fitted(call, input, axes, sizes), norm_of(call, norm)
    return op.apply(input, axes, norm) if axes else complexes_of(call, input)


def fft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    r"""The discrete Fourier transform along an axis.

    .. math:: X_k = \sum_j x_j\, e^{-2 \pi i\, j k / n}

    Shapes: (..., m, ...) -> (..., n, ...), complex64 for float32 and complex64, else complex128.

    :param n: how many points: zeros are added at the end, or points cut off.
    :param norm: "backward", nothing is divided here; "ortho", by √n; "forward", by n. The inverse
        is divided by the rest.
    :raises RuntimeError: no point, another norm, or numbers of 16 bits.

    >>> import autograd
    >>> fft(autograd.tensor([1.0, 0.0, 0.0, 0.0])).real
    tensor([1., 1., 1., 1.])
    """
    return _along_one("fft", FFT, input, n, dim, norm)


def ifft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    r"""The inverse of :func:`fft`: :math:`x_j = \frac1n \sum_k X_k\, e^{2 \pi i\, j k / n}`.

    Takes and raises what :func:`fft` does.

    >>> import autograd
    >>> ifft(fft(autograd.tensor([1.0, 2.0]))).real
    tensor([1., 2.])
    """
    return _along_one("ifft", IFFT, input, n, dim, norm)


def fft2(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] = (-2, -1),
    norm: str | None = None,
) -> Tensor:
    """:func:`fftn` along two axes, by default the last two.

    >>> import autograd
    >>> fft2(autograd.ones(2, 2)).real
    tensor([[4., 0.],
            [0., 0.]])
    """
    return _along_several("fft2", FFT, input, s, dim, norm)


def ifft2(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] = (-2, -1),
    norm: str | None = None,
) -> Tensor:
    """:func:`ifftn` along two axes, by default the last two.

    >>> import autograd
    >>> ifft2(autograd.ones(2, 2)).real
    tensor([[1., 0.],
            [0., 0.]])
    """
    return _along_several("ifft2", IFFT, input, s, dim, norm)


def fftn(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] | None = None,
    norm: str | None = None,
) -> Tensor:
    """:func:`fft` along several axes, by default all, one after the other.

    :param s: how many points along each; -1 leaves them as many as there are.
    :param dim: the axes; without it, as many of the last ones as ``s`` has.
    :raises RuntimeError: as :func:`fft`, and where ``s`` and ``dim`` do not fit.

    >>> import autograd
    >>> fftn(autograd.ones(2, 3)).shape
    autograd.Size([2, 3])
    """
    return _along_several("fftn", FFT, input, s, dim, norm)


def ifftn(
    input: Tensor,
    s: Sequence[int] | None = None,
    dim: Sequence[int] | None = None,
    norm: str | None = None,
) -> Tensor:
    """The inverse of :func:`fftn`, which says what it takes.

    >>> import autograd
    >>> ifftn(autograd.ones(2, 3)).real.sum()
    tensor(1.)
    """
    return _along_several("ifftn", IFFT, input, s, dim, norm)
