"""The oracles of autograd.testing beside the engine's own gradients."""

import numpy as np
import pytest

import autograd
from autograd.engine.places import ShapeError
from autograd.testing import complex_step_gradient, finite_difference_gradient


def wave(x, w):
    return ((x * w).sin() * x.exp() / (1 + x * x)).sum()


def test_three_ways_to_one_gradient():
    x = autograd.tensor([[0.3, -1.2], [2.0, 0.0]], dtype=autograd.float64, requires_grad=True)
    w = autograd.tensor([0.5, 3.0], dtype=autograd.float64, requires_grad=True)
    ours = autograd.grad(wave(x, w), (x, w))
    for exact, stepped, differences in zip(
        ours, complex_step_gradient(wave, x, w), finite_difference_gradient(wave, x, w), strict=True
    ):
        np.testing.assert_allclose(stepped.numpy(), exact.numpy(), rtol=1e-14, atol=1e-15)
        np.testing.assert_allclose(differences.numpy(), exact.numpy(), rtol=1e-9, atol=1e-10)


def test_what_is_no_scalar_or_not_analytic_is_said():
    x = np.ones(2)
    for oracle in (complex_step_gradient, finite_difference_gradient):
        with pytest.raises(ShapeError, match=r"must return a scalar; got shape \(2,\)"):
            oracle(lambda x: x, x)
    with pytest.raises(TypeError, match="the result must be complex, as the inputs are"):
        complex_step_gradient(lambda x: x.abs().sum(), x)
