"""Gradients clipped, parameters as a vector."""

import math

import numpy as np
import pytest

import autograd
import nn
from autograd import tensor

F64 = autograd.float64


def reals(*shape, seed=0, scale=1.0):
    values = scale * np.random.default_rng(seed).standard_normal(shape)
    return tensor(values, dtype=F64, requires_grad=True)


def test_clip_gradients():
    a, b = autograd.zeros(2, requires_grad=True), autograd.zeros(1, requires_grad=True)
    unused = autograd.zeros(1, requires_grad=True)

    def gradients():
        a.grad, b.grad = tensor([3.0, 0.0]), tensor([-4.0])
        return [a, b, unused]

    assert nn.utils.clip_grad_norm_(gradients(), 1.0).item() == 5
    np.testing.assert_allclose(a.grad.tolist() + b.grad.tolist(), [0.6, 0, -0.8], rtol=1e-5)
    assert nn.utils.clip_grad_norm_(gradients(), 10.0).item() == 5 and b.grad.item() == -4
    assert nn.utils.clip_grad_norm_(gradients(), 1.0, norm_type=math.inf).item() == 4
    assert nn.utils.clip_grad_norm_((p for p in gradients()), 1.0, norm_type=1).item() == 7
    nn.utils.clip_grad_value_(gradients(), 2.0)
    assert a.grad.tolist() + b.grad.tolist() == [2, 0, -2]
    assert nn.utils.clip_grad_norm_(unused, 1.0).item() == 0
    a.grad = tensor([math.nan, 1.0])
    with pytest.raises(RuntimeError, match="finite"):
        nn.utils.clip_grad_norm_([a], 1.0, error_if_nonfinite=True)


def test_parameters_as_a_vector():
    a, b = reals(2, 3), reals(4, seed=1)
    vector = nn.utils.parameters_to_vector([a, b])
    assert vector.shape == (10,) and vector.requires_grad
    nn.utils.vector_to_parameters(vector.detach() * 2, [a, b])
    np.testing.assert_array_equal(vector.detach().numpy()[6:] * 2, b.detach().numpy())
    with pytest.raises(ValueError, match="10 elements"):
        nn.utils.vector_to_parameters(autograd.ones(9), [a, b])
