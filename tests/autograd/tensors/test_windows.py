"""Windows, and facts about kind and place, beside PyTorch's."""

import numpy as np
import pytest

import autograd

WINDOWS = "hann hamming blackman bartlett kaiser".split()


@pytest.mark.parametrize("name", WINDOWS)
def test_windows(name):
    window = getattr(autograd, f"{name}_window")
    assert window(0).shape == (0,) and window(1).tolist() == [1]
    numpys = {"hann": "hanning"}.get(name, name)
    args = (12.0,) if name == "kaiser" else ()
    expected = getattr(np, numpys)(7, *args)
    np.testing.assert_allclose(window(7, False, dtype="float64"), expected, 1e-12, 1e-12)
    np.testing.assert_allclose(window(6, dtype="float64"), expected[:-1], 1e-12, 1e-12)
    assert window(3).dtype is autograd.float32 and window(3, requires_grad=True).requires_grad
    for bad in (lambda: window(-1), lambda: window(3, dtype="int64"), lambda: window(3, 2)):
        with pytest.raises((ValueError, TypeError)):
            bad()


@pytest.mark.torch
@pytest.mark.parametrize("name", WINDOWS)
def test_windows_are_those_of_torch(name):
    torch = pytest.importorskip("torch")
    for length in (0, 1, 2, 5):
        for periodic in (True, False):
            ours, theirs = (
                getattr(t, f"{name}_window")(length, periodic) for t in (autograd, torch)
            )
            np.testing.assert_allclose(ours.numpy(), theirs.numpy(), 1e-6, 1e-6)


@pytest.mark.torch
def test_facts_are_those_of_torch():
    torch = pytest.importorskip("torch")
    x, theirs = autograd.ones(2, 3), torch.ones(2, 3)
    for name in "is_signed is_conj is_neg is_inference is_pinned is_shared dim_order".split():
        assert getattr(x.t(), name)() == getattr(theirs.t(), name)(), name
        if hasattr(autograd, name):
            assert getattr(autograd, name)(x) == getattr(torch, name)(theirs)
    for name in "is_mps is_xpu is_meta is_quantized is_nested is_mkldnn is_sparse_csr".split():
        assert getattr(x, name) is getattr(theirs, name) is False
    assert autograd.get_device(x) == x.get_device() == theirs.get_device()
    for dtype in (autograd.uint8, autograd.bool):
        assert not autograd.is_signed(x.to(dtype))
    assert x.is_set_to(x.view(2, 3)) and not x.is_set_to(x.clone())
    assert theirs.is_set_to(theirs.view(2, 3)) and not theirs.is_set_to(theirs.clone())
    assert x.is_same_size(x.clone()) and not autograd.is_same_size(x, x.t())
    assert x.pin_memory() is x
    for name in ("char", "cfloat", "cdouble"):
        assert str(getattr(x, name)().dtype) == str(getattr(theirs, name)().dtype).replace(
            "torch.", "autograd."
        )
