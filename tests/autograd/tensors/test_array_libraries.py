"""Libraries that take any array by the standard's namespace, on Tensors, with gradients."""

import os

import numpy as np
import pytest

import autograd
from autograd.tensors.array import Array, as_array, as_tensor
from tests.pages import blocks


def positive(*shape):
    values = np.random.default_rng(0).random(shape) + 0.1
    return autograd.tensor(values, requires_grad=True)


def test_einops():
    einops = pytest.importorskip("einops")
    x = positive(2, 3, 4)
    y = einops.reduce(einops.rearrange(x, "a b c -> (a c) b"), "d b -> b", "mean")
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.full((2, 3, 4), 1 / 8))
    standard = pytest.importorskip("einops.array_api")
    assert standard.repeat(x, "a b c -> a b c k", k=2).shape == (2, 3, 4, 2)


def test_einops_on_traced_values_of_the_numpy_face():
    einops = pytest.importorskip("einops")
    x = positive(2, 3, 4)
    y = einops.rearrange(as_array(x), "a b c -> (a c) b")
    assert isinstance(y, Array)
    stacked = einops.reduce([y, y], "k d b -> b k", "sum")
    einops.einsum(stacked, stacked, "b k, b k ->")
    as_tensor(stacked).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.full((2, 3, 4), 2.0))


def test_opt_einsum():
    opt_einsum = pytest.importorskip("opt_einsum")
    a, b, c = positive(2, 3), positive(3, 4), positive(4, 2)
    y = opt_einsum.contract("ij,jk,kl->il", a, b, c)
    y.sum().backward()
    want = np.einsum("jk,kl->j", b.detach().numpy(), c.detach().numpy())
    np.testing.assert_allclose(a.grad.numpy(), np.broadcast_to(want, (2, 3)))


asked = pytest.mark.skipif(
    os.environ.get("SCIPY_ARRAY_API") != "1",
    reason="SciPy asks the environment for SCIPY_ARRAY_API=1 when it is imported",
)


@asked
def test_scipy():
    special = pytest.importorskip("scipy.special")
    x = positive(5)
    y = special.logsumexp(x)
    y.backward()
    values = np.exp(x.detach().numpy())
    np.testing.assert_allclose(x.grad.numpy(), values / values.sum())


def test_the_namespace_of_a_traced_value_is_the_numpy_face():
    import autograd.numpy as face

    xp = as_array(positive(3)).__array_namespace__()
    assert xp is face
    assert isinstance(xp.exp(as_array(positive(3))), Array)


@asked
def test_scikit_learn():
    sklearn = pytest.importorskip("sklearn")
    from sklearn.preprocessing import MinMaxScaler

    x = positive(6, 2)
    with sklearn.config_context(array_api_dispatch=True):
        y = MinMaxScaler().fit_transform(x)
    assert isinstance(y, autograd.Tensor)
    values = x.detach().numpy()
    np.testing.assert_allclose(y.detach().numpy(), (values - values.min(0)) / np.ptp(values, 0))


def test_the_script_of_the_page_prints_what_it_says(capsys):
    (script,) = blocks("array_api")
    exec(script, {})
    assert capsys.readouterr().out == "tensor([7., 9.])\n"
