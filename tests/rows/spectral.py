"""Fourier transforms. Rows of the table of ops: data only, as row.py says.

Real samples a and b are the complex numbers a + ib; what comes out is taken apart again. The text
is the same over NumPy, PyTorch and this library.
"""

import importlib

import numpy as np

from tests.rows.row import Row, call, x


def library(one):
    return importlib.import_module(type(one).__module__.partition(".")[0])


def joined(a, b):
    """a + ib, without a product of dtypes that differ."""
    return a + 1j * b if library(a) is np else library(a).complex(a, b)


def parts(z):
    return z.real, z.imag


def of_real(name):
    """The parts of what becomes of real numbers."""
    return lambda a, *args: parts(getattr(library(a).fft, name)(a, *args))


def of_complex(name):
    return lambda a, b, *args: parts(getattr(library(a).fft, name)(joined(a, b), *args))


def to_real(name):
    return lambda a, b, *args: getattr(library(a).fft, name)(joined(a, b), *args)


def z(*shape):
    return x(*shape), x(*shape)


def spectrum(name, function, samples):
    text = function(name)
    return Row(f"fft.{name}", samples, function=text, method=False, torch=text)


def stft(a, w, n, hop):
    return parts(library(a).stft(a, n, hop, window=w, center=False, return_complex=True))


def stretches(a, w, n, hop):
    return parts(np.fft.rfft(np.lib.stride_tricks.sliding_window_view(a, n)[::hop] * w).T)


def istft(a, b, w, n, hop):
    return library(a).istft(joined(a, b), n, hop, window=w, center=False)


def added(a, b, w, n, hop):
    """The mean of what each window says of a point, weighted by its square."""
    above = below = np.zeros(n + hop * (a.shape[1] - 1))
    for i, one in enumerate(np.fft.irfft((a + 1j * b).T, n)):
        place = np.arange(len(above)) - i * hop
        weight = np.where((place >= 0) & (place < n), w[place.clip(0, n - 1)], 0)
        above, below = above + weight * one[place.clip(0, n - 1)], below + weight**2
    return above / below


# fmt: off

ROWS = [
    spectrum("fft", of_complex, [call(*z(5)), call(*z(2, 4), 3, 0, "ortho")]),
    spectrum("fft", of_real, [call(x(5)), call(x(2, 4), 6, -1, "forward")]),
    spectrum("ifft", of_complex, [call(*z(4)), call(*z(2, 3), 5, 1, "forward")]),
    spectrum("ifft", of_real, [call(x(2, 3), 3, 0)]),
    spectrum("fft2", of_complex, [call(*z(2, 2, 3))]),
    spectrum("ifft2", of_complex, [call(*z(2, 3), (3, 3), (0, 1), "ortho")]),
    spectrum("fftn", of_complex, [call(*z(2, 3)), call(*z(2, 3, 2), (3,), (1,))]),
    spectrum("ifftn", of_complex, [call(*z(2, 3), None, (0,))]),
    spectrum("rfft", of_real, [call(x(5)), call(x(2, 4)), call(x(2, 3), 4, 0, "ortho")]),
    spectrum("ihfft", of_real, [call(x(4)), call(x(2, 5), 3, 1, "forward")]),
    spectrum("rfft2", of_real, [call(x(3, 4))]),
    spectrum("rfftn", of_real, [call(x(2, 3, 2), (4, 4), (0, 1), "ortho")]),
    spectrum("irfft", to_real, [call(*z(3)), call(*z(2, 3), 5), call(*z(4, 2), 2, 0, "ortho")]),
    spectrum("hfft", to_real, [call(*z(3)), call(*z(2, 3), 5, 1, "forward"), call(*z(1), 1)]),
    spectrum("irfft2", to_real, [call(*z(3, 3))]),
    spectrum("irfftn", to_real, [call(*z(2, 3, 2), (4, 5), (0, 1), "ortho")]),
    *[  # which NumPy lacks
        Row(f"fft.{name}", [call(*z(2, 3))], function=to_real(name), torch=to_real(name),
            method=False, reference=lambda a, b: np.fft.irfftn(a - 1j * b, norm="forward"))
        for name in ("hfft2", "hfftn")
    ],
    *[
        Row(f"fft.{name}", [call(x(2, 3))], function=of_real(name), torch=of_real(name),
            method=False, reference=lambda a: parts(np.conj(np.fft.rfftn(a, norm="forward"))))
        for name in ("ihfft2", "ihfftn")
    ],
    Row("stft", [call(x(9), x(4), 4, 2)], function=stft, torch=stft, reference=stretches,
        method=False),
    Row("istft", [call(*z(3, 3), x(4), 4, 2)], function=istft, torch=istft, reference=added,
        method=False, domain=(0.5, 1.5)),
    Row("fft.fftshift", [call(x(5)), call(x(2, 3)), call(x(2, 3), dim=1)], method=False,
        reference=lambda a, dim=None: np.fft.fftshift(a, dim)),
    Row("fft.ifftshift", [call(x(5)), call(x(2, 3), dim=(0,))], method=False,
        reference=lambda a, dim=None: np.fft.ifftshift(a, dim)),
]
