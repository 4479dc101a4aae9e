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


def test_einops_repeats_and_packs_traced_values():
    einops = pytest.importorskip("einops")
    x = positive(2, 3)
    rows, _ = einops.pack(
        [einops.repeat(as_array(x), "a b -> a b k", k=2), np.ones((2, 3, 2))], "* b k"
    )
    assert isinstance(rows, Array)
    as_tensor(rows).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.full((2, 3), 2.0))


def test_a_traced_value_has_what_the_standard_asks_of_an_array():
    x = as_array(positive(3).detach())
    assert x.device == "cpu"
    assert x.to_device("cpu") is x
    assert np.from_dlpack(x).tolist() == x._value.tolist()
    with pytest.raises(ValueError, match="to_device: device must be 'cpu'"):
        x.to_device("gpu")
    with pytest.raises(ValueError):
        x.__array_namespace__(api_version="1999.12")
    with pytest.raises(TypeError, match="would lose its gradient"):
        as_array(positive(3) * 2).__dlpack__()


def test_the_numpy_face_knows_its_own_dtypes():
    import autograd.numpy as face

    assert face.isdtype(face.int64, "integral")
    assert face.isdtype(np.dtype("int8"), (face.float32, face.int8))
    assert not face.isdtype(np.float32, "complex floating")


asked_of_scipy = """
special.logsumexp special.softmax special.log_softmax stats.zscore stats.skew stats.kurtosis
stats.gmean stats.hmean stats.sem stats.variation stats.tmean stats.kstat signal.hilbert fft.fft
fft.rfft integrate.trapezoid integrate.cumulative_trapezoid integrate.cumulative_simpson
""".split()


@asked
@pytest.mark.parametrize("name", asked_of_scipy)
def test_gradients_go_through_scipy(name):
    module, function = name.split(".")
    called = getattr(pytest.importorskip(f"scipy.{module}"), function)
    x = positive(5)

    def weighed(values):
        found = abs(called(values))
        return (found * autograd.arange(found.numel()).reshape(found.shape)).sum() + found.sum()

    weighed(x).backward()
    step = 1e-6 * autograd.eye(5, dtype=autograd.float64)
    with autograd.no_grad():
        slopes = [(weighed(x + one) - weighed(x - one)) / 2e-6 for one in step]
    np.testing.assert_allclose(x.grad.numpy(), [float(one) for one in slopes], rtol=1e-4, atol=1e-6)
