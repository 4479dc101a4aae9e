"""Fourier transforms beyond the table: complex gradients, sizes, kinds, what is refused."""

import numpy as np
import pytest

import autograd
from autograd import fft

Z = np.random.default_rng(0).standard_normal((2, 3, 5, 2)) @ [1, 1j]
TRANSFORMS = [fft.fft, fft.ifft, fft.fft2, fft.ifft2, fft.fftn, fft.ifftn]
TO_REAL = [fft.irfft, fft.hfft, fft.irfft2, fft.hfft2, fft.irfftn, fft.hfftn]
OF_REAL = [fft.rfft, fft.ihfft, fft.rfft2, fft.ihfft2, fft.rfftn, fft.ihfftn]


@pytest.mark.parametrize("transform", [*TRANSFORMS, *TO_REAL])
def test_complex_gradients(transform):
    z = autograd.tensor(Z, requires_grad=True)
    assert autograd.gradcheck(lambda z: abs(transform(z)).sum(), z)


@pytest.mark.parametrize("forth, back", [*zip(TRANSFORMS[::2], TRANSFORMS[1::2])])
@pytest.mark.parametrize("norm", ["backward", "ortho", "forward"])
def test_an_inverse_undoes(forth, back, norm):
    assert autograd.allclose(back(forth(autograd.tensor(Z), norm=norm), norm=norm), Z)


def test_a_spectrum_has_the_sum_of_squares():
    x = autograd.tensor(Z.real)
    whole = fft.fftn(x, norm="ortho")
    assert autograd.allclose(abs(whole).square().sum(), x.square().sum())
    assert autograd.allclose(fft.rfftn(x, norm="ortho"), whole[..., :3])


@pytest.mark.parametrize("transform", [*TRANSFORMS, *TO_REAL, *OF_REAL])
def test_kinds(transform):
    for dtype, real, complex in (
        ("float32", "float32", "complex64"),
        ("float64", "float64", "complex128"),
        ("int64", "float32", "complex64"),
        ("bool", "float32", "complex64"),
    ):
        found = transform(autograd.ones(4, 4, dtype=dtype)).dtype
        assert found.name == (real if transform in TO_REAL else complex)
    with pytest.raises(RuntimeError, match="must be float32, float64 or complex; got .*float16"):
        transform(autograd.ones(4, 4, dtype="float16"))
    with pytest.raises((RuntimeError, IndexError)):
        transform(autograd.ones(4, 0))
    with pytest.raises(RuntimeError, match="norm must be 'backward', 'ortho' or 'forward'; got"):
        transform(autograd.ones(4, 4), norm="both")
    if transform in OF_REAL:
        with pytest.raises(RuntimeError, match="input must be real; got .*complex64"):
            transform(autograd.ones(4, 4) * 1j)


def test_axes_and_sizes():
    x = autograd.ones(4, 5)
    assert fft.fftn(x, (-1, 3)).shape == (4, 3) and fft.fft(x, 7, 0).shape == (7, 5)
    assert fft.irfftn(x, (-1, 7)).shape == (4, 7) and fft.irfftn(x, (3,)).shape == (4, 3)
    assert fft.fft(autograd.ones(0, 3)).shape == (0, 3)
    for wrong in ({"dim": (0, 0)}, {"s": (3,), "dim": (0, 1)}, {"s": (1, 2, 3)}, {"s": (0,)}):
        with pytest.raises(RuntimeError):
            fft.fftn(x, **wrong)
    for transform in (fft.rfftn, fft.irfftn):
        with pytest.raises(RuntimeError, match="one axis at least is transformed; got none"):
            transform(x[0, 0])
    with pytest.raises(IndexError, match="input must have an axis; got a 0-d tensor"):
        fft.fft(x[0, 0])
    assert fft.fftn(x[0, 0]) == 1


def test_frequencies():
    for n in (1, 4, 5):
        np.testing.assert_allclose(fft.fftfreq(n, 0.5), np.fft.fftfreq(n, 0.5))
        np.testing.assert_allclose(fft.rfftfreq(n, 0.5), np.fft.rfftfreq(n, 0.5))
    assert fft.fftfreq(3, dtype=autograd.float64).dtype == autograd.float64
    with pytest.raises(RuntimeError, match="dtype must be a floating one; got .*int64"):
        fft.fftfreq(3, dtype=autograd.int64)


# -- short-time transforms -------------------------------------------------------------------------

HANN = autograd.hann_window(8, dtype=autograd.float64)
X = autograd.tensor(np.random.default_rng(1).standard_normal(25))


def test_istft_undoes_stft():
    for options in ({}, {"normalized": True}, {"onesided": False}, {"hop_length": 3}):
        spectra = autograd.stft(X, 8, window=HANN, return_complex=True, **options)
        back = autograd.istft(spectra, 8, window=HANN, length=25, **options)
        assert autograd.allclose(back, X)
    spectra = autograd.stft(X * 1j, 8, window=HANN)
    back = autograd.istft(spectra, 8, window=HANN, return_complex=True, length=25)
    assert autograd.allclose(back, X * 1j)
    assert autograd.stft(X, 8, window=HANN, return_complex=False).shape == (5, 13, 2)
    with pytest.warns(UserWarning, match="length should be 28 or less"):
        assert autograd.istft(spectra[:5], 8, window=HANN, length=30)[28:].sum() == 0


NAMES = {"stft": autograd.stft, "istft": autograd.istft}
WRONG = {
    "stft(X, 8)": "return_complex must be given for real numbers",
    "stft(X, 8, return_complex=True, hop_length=0)": "hop_length must be positive",
    "stft(X.int(), 8, return_complex=True)": "input must be floating-point or complex; got .*int32",
    "stft(X.view(1, 5, 5), 4, return_complex=True)": r"shape \(t,\) or \(batch, t\)",
    "stft(X, 30, center=False, return_complex=True)": "n_fft must be between 1 and 25",
    "stft(X, 8, win_length=9, return_complex=True)": "win_length between 1 and n_fft",
    "stft(X, 8, window=HANN[1:], return_complex=True)": r"window must have shape \(8,\)",
    "stft(X * 1j, 8, onesided=True)": "half a spectrum is enough for real numbers only",
    "stft(X, 8, align_to_window=True, return_complex=True)": "align_to_window is for center=False",
    "stft(X, 60, return_complex=True)": "needs more than n_fft // 2 = 30 points; got 25",
    "istft(X, 8)": "input must be complex",
    "istft(Z[0], 8)": "n_fft=8 needs 5 frequencies where onesided, else 8; got 3",
    "istft(Z[0], 4, 5)": "hop_length must not be larger than the window",
    "istft(Z[0], 4, return_complex=True)": "a complex signal needs all frequencies",
    "istft(Z[0], 4, window=HANN[:4], center=False)": "the windows must reach every point",
    "istft(Z[0], 4, length=0)": "a point at least must be left",
}


@pytest.mark.parametrize("call", WRONG)
def test_what_is_refused(call):
    with pytest.raises(RuntimeError, match=WRONG[call]):
        eval(call, {**NAMES, "X": X, "Z": autograd.tensor(Z), "HANN": HANN})
