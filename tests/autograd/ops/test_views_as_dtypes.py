"""view(dtype): the same bytes, read as another dtype."""

import itertools

import numpy as np
import pytest

import autograd
from autograd import tensor


def tensors(torch):
    x = torch.tensor(np.arange(24, dtype="f4").reshape(2, 3, 4).tolist())
    return {
        "plain": x, "transposed": x.transpose(0, 2), "every second": x[..., ::2], "0-d": x[0, 0, 0],
        "part": x[:, 1], "odd part": x[..., 1:3], "column": x[..., 0], "empty": x[:0],
        "expanded": x[:, :1].expand(2, 3, 4),
    }  # fmt: skip


DTYPES = ["int8", "int16", "int32", "int64", "float32", "float64", "complex64"]


@pytest.mark.torch
@pytest.mark.parametrize(("kind", "dtype"), [*itertools.product(tensors(autograd), DTYPES)])
def test_values_are_pytorchs(kind, dtype):
    torch = pytest.importorskip("torch")
    theirs = tensors(torch)[kind]
    x = tensors(autograd)[kind]
    try:
        expected = theirs.view(getattr(torch, dtype)).numpy()
    except RuntimeError as error:
        if "storage_offset" not in str(error):
            with pytest.raises(RuntimeError, match="^view: the last axis must"):
                x.view(getattr(autograd, dtype))
        return
    found = x.view(getattr(autograd, dtype))
    assert found.dtype == expected.dtype and found.shape == expected.shape
    np.testing.assert_array_equal(found.numpy(), expected)


def test_the_memory_is_shared_and_a_change_is_noted():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    z = y * y
    bits = y.view(dtype=autograd.int32)
    assert not bits.requires_grad and bits.tolist() == [1065353216, 1073741824]
    bits[0] = 0
    assert y.tolist() == [0.0, 2.0]
    with pytest.raises(RuntimeError, match="changed in place"):
        z.sum().backward()
    assert x.view(autograd.float32).requires_grad


def test_a_scalar_inside_a_graph():
    x = tensor(1.0, requires_grad=True)
    assert (x * 1).view(autograd.int32).item() == 1065353216


def test_what_is_no_dtype():
    x = tensor([1.0, 2.0])
    with pytest.raises(TypeError, match="^dtype: expected one of"):
        x.view("a")
    with pytest.raises(TypeError, match="size or a dtype; got both"):
        x.view(2, dtype=autograd.int32)
