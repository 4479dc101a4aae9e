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


def test_clip_grad_of_complex_parameters():
    z = autograd.zeros(2, dtype=autograd.complex64, requires_grad=True)
    z.grad = autograd.tensor([3 + 4j, 12j])
    with pytest.raises(TypeError, match="must be real.*complex64.*clip_grad_norm_"):
        nn.utils.clip_grad_value_([z], 1.0)
    norm = nn.utils.clip_grad_norm_([z], 6.5)
    assert norm.item() == 13 and norm.dtype == autograd.float32
    np.testing.assert_allclose(z.grad.numpy(), [1.5 + 2j, 6j], rtol=1e-6)


def test_parameters_as_a_vector():
    a, b = reals(2, 3), reals(4, seed=1)
    vector = nn.utils.parameters_to_vector([a, b])
    assert vector.shape == (10,) and vector.requires_grad
    nn.utils.vector_to_parameters(vector.detach() * 2, [a, b])
    np.testing.assert_array_equal(vector.detach().numpy()[6:] * 2, b.detach().numpy())
    with pytest.raises(ValueError, match="10 elements"):
        nn.utils.vector_to_parameters(autograd.ones(9), [a, b])


@pytest.mark.filterwarnings("ignore:Data type alias")  # a comparison of dtypes that NumPy makes
def test_the_norm_and_the_clipping_apart():
    a = autograd.zeros(2, requires_grad=True)
    a.grad = tensor([3.0, 4.0])
    norm = nn.utils.get_total_norm([a.grad])
    nn.utils.clip_grads_with_norm_([a], 1.0, norm)
    np.testing.assert_allclose(a.grad.tolist(), [0.6, 0.8], rtol=1e-5)
    assert norm.item() == 5 and nn.utils.get_total_norm([]).item() == 0
    assert nn.utils.get_total_norm([a.grad], math.inf).item() == pytest.approx(0.8)
    with pytest.warns(FutureWarning, match="clip_grad_norm_ now"):
        nn.utils.clip_grad_norm([a], 0.5)
    np.testing.assert_allclose(a.grad.tolist(), [0.3, 0.4], rtol=1e-5)
    with pytest.raises(RuntimeError, match="^get_total_norm: .* finite"):
        nn.utils.get_total_norm([tensor([math.nan])], error_if_nonfinite=True)


def test_a_module_made_without_drawing():
    autograd.manual_seed(0)
    expected = autograd.rand(3)
    autograd.manual_seed(0)
    assert nn.utils.skip_init(nn.Linear, 3, 2, bias=False).weight.shape == (2, 3)
    assert autograd.rand(3).equal(expected)
    for wrong in (nn.ReLU, "Linear"):
        with pytest.raises(RuntimeError, match="^skip_init"):
            nn.utils.skip_init(wrong)


@pytest.mark.parametrize("options", [{}, {"affine": False}, {"bias": False}])
def test_batch_normalisation_is_folded_in(options):
    autograd.manual_seed(0)
    both = nn.Sequential(nn.Linear(3, 2, bias=bool(options)), nn.BatchNorm1d(2, **options))
    x = autograd.randn(8, 3)
    both(x)
    with pytest.raises(ValueError, match="evaluation mode"):
        nn.utils.fuse_linear_bn_eval(*both)
    both.eval()
    fused = nn.utils.fuse_linear_bn_eval(*both)
    np.testing.assert_allclose(fused(x).tolist(), both(x).tolist(), 1e-5, 1e-6)
    assert fused is not both[0] and type(fused.weight) is nn.Parameter


@pytest.mark.torch
@pytest.mark.parametrize("transpose", [False, True])
def test_folded_convolutions_are_torchs(transpose):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    given = [rng.uniform(0.5, 1, shape).astype("f") for shape in ((2, 2, 3), 2, 2, 2, 2, 2)]
    found = [
        function(*map(make, given[:4]), 0.1, *map(make, given[4:]), transpose)
        for make, function in (
            (tensor, nn.utils.fuse_conv_bn_weights),
            (torch.tensor, torch.nn.utils.fuse_conv_bn_weights),
        )
    ]
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours.tolist(), theirs.tolist(), 1e-6)


def test_functional_call():
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Linear(2, 2))
    model[2].weight = model[0].weight  # tied
    before = dict(model.named_parameters())
    weight = autograd.zeros(2, 2, requires_grad=True)
    call = nn.utils.stateless.functional_call
    x = autograd.ones(3, 2)
    out = call(model, {"0.weight": weight, "2.bias": autograd.tensor([1.0, 2.0])}, x)
    assert out.tolist() == [[1, 2]] * 3 and not any(p.grad for p in model.parameters())
    apart = call(model.eval(), {"0.weight": weight}, (x,), tie_weights=False)
    assert apart.tolist() != call(model, {"0.weight": weight}, (x,)).tolist()
    apart.sum().backward()
    assert weight.grad is not None
    assert all(a is b for a, b in zip(before.values(), model.parameters(), strict=True))
    for names in ({"0.weight": weight}, {**model.state_dict(), "3.weight": weight}):
        with pytest.raises(RuntimeError, match="missing: .*unexpected: "):
            call(model, names, x, strict=True)
    with pytest.raises(ValueError):
        call(model, {"0.weight": autograd.ones(3, 3)}, x)
    assert model[0].weight is before["0.weight"]


def test_data_parallel_passes_through():
    layer = nn.Linear(2, 1)
    model = nn.DataParallel(layer, device_ids=[0])
    x = autograd.ones(3, 2)
    assert model(x).equal(layer(x)) and model.module is layer
    assert list(model.state_dict()) == ["module.weight", "module.bias"]
    assert repr(model) == f"DataParallel(\n  (module): {layer}\n)"
    assert nn.parallel.data_parallel(layer, x).equal(layer(x))
    for make in (nn.DataParallel, lambda one: nn.parallel.data_parallel(one, x)):
        with pytest.raises(TypeError, match="expected a module"):
            make(nn.Linear)
