"""HIPS autograd's operators on functions."""

import subprocess
import sys

import numpy as onp
import pytest

import autograd
import autograd.numpy as np
from autograd import deriv, elementwise_grad, grad, jacobian, make_jvp, value_and_grad
from autograd.extend import defjvp, defvjp, primitive
from autograd.misc.flatten import flatten
from autograd.test_util import check_grads


def test_grad_of_a_function_and_of_tensors():
    assert grad(lambda x: np.sin(x) * x)(1.3) == pytest.approx(onp.cos(1.3) * 1.3 + onp.sin(1.3))
    x = autograd.tensor(3.0, requires_grad=True)
    assert autograd.grad(x * x, x)[0].item() == 6.0
    assert grad(fun=lambda x, y: x * y, argnum=1)(2.0, 5.0) == 2.0
    assert grad(lambda x, y: x * y, 1).__name__ == "grad_of_<lambda>_wrt_argnum_1"


def test_nested_and_forward():
    f = lambda x: np.sin(x) * x  # noqa: E731
    second = 2 * onp.cos(0.4) - 0.4 * onp.sin(0.4)
    assert grad(grad(f))(0.4) == pytest.approx(second)
    assert deriv(deriv(f))(0.4) == pytest.approx(second)
    assert make_jvp(f)(0.4)(2.0)[1] == pytest.approx(2 * grad(f)(0.4))


def test_trees_and_dtypes():
    given = {"a": onp.ones(3, onp.float32), "b": [2.0]}
    found = grad(lambda d: np.sum(d["a"] * d["b"][0]))(given)
    assert found["a"].dtype == onp.float32 and found["b"] == [3.0]
    assert elementwise_grad(np.sin)(onp.arange(3)).dtype == onp.float64


def test_jacobian_and_value():
    x = onp.array([0.3, 0.7])
    onp.testing.assert_allclose(jacobian(np.sin)(x), onp.diag(onp.cos(x)))
    assert value_and_grad(lambda x: np.sum(x * x))(x)[0] == pytest.approx(0.58)


def test_refusals():
    with pytest.raises(TypeError, match="floating-point"):
        grad(lambda x: x * x)(2)
    with pytest.raises(TypeError, match="real scalar"):
        grad(lambda x: x * x)(onp.ones(2))
    with pytest.warns(UserWarning, match="independent"):
        assert grad(lambda x: 1.0)(2.0) == 0.0


def test_primitive():
    @primitive
    def double(x):
        assert not isinstance(x, autograd.engine.graph.TensorBase)
        return x * 2.0

    defvjp(double, lambda ans, x: lambda g: g * 2.0)
    with pytest.raises(NotImplementedError, match="forward"):
        make_jvp(double)(1.0)(1.0)
    check_grads(double, modes=["rev"])(1.0)
    defjvp(double, "same")
    check_grads(double)(1.0)
    defvjp(double, lambda ans, x: lambda g: g * 2.001)
    with pytest.raises(AssertionError, match=r"\(VJP\) check of double failed"):
        check_grads(double, modes=["rev"])(1.0)


def test_flatten():
    value = {"b": onp.ones((2, 2)), "a": (1.5, [2.5])}
    vector, unflatten = flatten(value)
    assert vector.tolist() == [1.5, 2.5, 1, 1, 1, 1]
    assert unflatten(vector)["a"] == (1.5, [2.5]) and list(unflatten(vector)) == ["b", "a"]


def test_numpy_itself_is_enough():
    """Who imports NumPy's own namespace and an operator finds all functions with a gradient."""
    script = "import numpy as np; from autograd import grad; print(grad(lambda x: np.tanh(x))(0.0))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.stdout.strip() == "1.0", run.stderr
