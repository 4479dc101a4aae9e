"""Linear maps, dropout, unit and one-hot vectors."""

import numpy as np
import pytest

import autograd
import nn.functional as F
from autograd import gradcheck, gradgradcheck, tensor
from nn.functional.linear import Linear

F64 = autograd.float64


def reals(*shape, seed=0, scale=1.0):
    values = scale * np.random.default_rng(seed).standard_normal(shape)
    return tensor(values, dtype=F64, requires_grad=True)


def arrays(*tensors):
    return [np.asarray(t.detach().numpy()) for t in tensors]


@pytest.mark.parametrize("shape", [(5, 4), (4,), (2, 3, 4), (0, 4), (2, 0, 4)], ids=str)
@pytest.mark.parametrize("bias", [True, False])
def test_linear(shape, bias):
    inputs = [reals(*shape), reals(3, 4, seed=1), *([reals(3, seed=2)] if bias else [])]
    x, w, *b = arrays(*inputs)
    expected = x @ w.T + (b[0] if bias else 0)
    np.testing.assert_allclose(*arrays(F.linear(*inputs)), expected, rtol=1e-12, atol=1e-15)
    assert gradcheck(F.linear, inputs) and gradgradcheck(F.linear, inputs)


def test_gradient_of_the_weight_is_contiguous():
    for batch in [(5,), (2, 5)]:
        d = Linear.grad_weight(None, np.ones((*batch, 3)), np.ones((*batch, 4)))
        assert d.shape == (3, 4) and d.flags.c_contiguous and d.flags.owndata


def test_dropout():
    autograd.manual_seed(0)
    x = autograd.ones(100, 100, requires_grad=True)
    y = F.dropout(x, 0.3)
    kept = y.detach().numpy() != 0
    assert abs(kept.mean() - 0.7) < 0.02
    np.testing.assert_allclose(y.detach().numpy()[kept], 1 / 0.7, rtol=1e-6)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), y.detach().numpy())
    assert F.dropout(x, 0.3, training=False) is x and F.dropout(x, 0.0) is x
    assert not F.dropout(x, 1.0).any()
    half = F.dropout(x.half(), 0.3)
    assert half.dtype == autograd.float16 and 0 < half.count_nonzero() < x.numel()
    z = autograd.ones(5)
    assert F.dropout(z, 1.0, inplace=True) is z and z.tolist() == [0] * 5


def test_normalize():
    x = reals(3, 4)
    np.testing.assert_allclose((F.normalize(x) ** 2).sum(1).tolist(), [1, 1, 1], rtol=1e-12)
    assert gradcheck(F.normalize, x) and gradgradcheck(F.normalize, x)
    assert F.normalize(autograd.zeros(1, 2)).tolist() == [[0, 0]]


def test_one_hot():
    assert F.one_hot(tensor([[1], [0]]), 3).tolist() == [[[0, 1, 0]], [[1, 0, 0]]]
    assert F.one_hot(tensor(1)).tolist() == [0, 1]
    assert F.one_hot(tensor([], dtype=autograd.int64), 3).shape == (0, 3)
