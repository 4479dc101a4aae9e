"""Windows of autograd.signal: what they are, and what is refused."""

import numpy as np
import pytest

import autograd
from autograd.signal import windows

NAMED = [getattr(windows, name) for name in windows.__all__ if name != "general_cosine"]
EVERY = [*NAMED, lambda M, **options: windows.general_cosine(M, a=[0.3, 0.5, 0.2], **options)]


@pytest.mark.parametrize("window", EVERY)
def test_windows_are_symmetric_or_periodic(window):
    for n in (2, 5, 8):
        whole = window(n + 1, dtype=autograd.float64).numpy()
        np.testing.assert_allclose(whole, whole[::-1], atol=1e-15)
        np.testing.assert_array_equal(window(n, sym=False, dtype=autograd.float64), whole[:-1])
    assert window(1).tolist() == [1.0] and window(0).shape == (0,)


def test_windows_are_those_of_before():
    for name in ("bartlett", "blackman", "hamming", "hann", "kaiser"):
        before = getattr(autograd, f"{name}_window")(7)
        assert autograd.allclose(getattr(windows, name)(7, sym=False), before)


def test_what_is_refused():
    for window in EVERY:
        with pytest.raises(ValueError, match="M must not be negative; got -1"):
            window(-1)
        with pytest.raises(ValueError, match="dtype must be float32 or float64; got"):
            window(3, dtype=autograd.float16)
        with pytest.raises(ValueError, match="layout must be strided"):
            window(3, layout="torch.sparse_coo")
    with pytest.raises(ValueError, match="tau must be positive"):
        windows.exponential(3, tau=-1)
    with pytest.raises(ValueError, match="has no center of its own"):
        windows.exponential(3, center=1)
    with pytest.raises(ValueError, match="std must be positive; got 0"):
        windows.gaussian(3, std=0)
    with pytest.raises(ValueError, match="beta must not be negative"):
        windows.kaiser(3, beta=-1)
    with pytest.raises(ValueError, match="it is empty"):
        windows.general_cosine(3, a=[])
    with pytest.raises(TypeError, match="a must be a list of numbers; got NoneType"):
        windows.general_cosine(3, a=None)


@pytest.mark.torch
@pytest.mark.parametrize("name", windows.__all__)
def test_windows_are_pytorchs(name):
    torch = pytest.importorskip("torch")
    options = {"a": [0.4, 0.5, 0.1]} if name == "general_cosine" else {}
    for n in (0, 1, 2, 9):
        for sym in (True, False):
            ours = getattr(windows, name)(n, sym=sym, dtype=autograd.float64, **options)
            theirs = getattr(torch.signal.windows, name)(n, sym=sym, dtype=torch.float64, **options)
            np.testing.assert_allclose(ours, theirs, atol=1e-14)
