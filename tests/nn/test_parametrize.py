"""Weights computed from others: both forms of weight and spectral norm, and one's own."""

import copy
import pickle

import numpy as np
import pytest

import autograd
import nn
import optim
from nn.utils import parametrizations, parametrize


class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).mT


class Doubled(nn.Module):
    def forward(self, x):
        return 2 * x

    def right_inverse(self, x):
        return x / 2


FORMS = {
    "weight_norm": lambda layers, one: layers.utils.weight_norm(one),
    "weight_norm of all": lambda layers, one: layers.utils.weight_norm(one, dim=None),
    "weight_norm along 1": lambda layers, one: layers.utils.weight_norm(one, dim=1),
    "spectral_norm": lambda layers, one: layers.utils.spectral_norm(one, n_power_iterations=2),
    "parametrised weight_norm": lambda layers, one: layers.utils.parametrizations.weight_norm(one),
    "parametrised spectral_norm": lambda layers, one: layers.utils.parametrizations.spectral_norm(
        one, dim=1
    ),
}


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:.*weight_norm:FutureWarning")  # PyTorch's own
@pytest.mark.parametrize("form", FORMS)
def test_training_is_torchs(form):
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).standard_normal((5, 4)).astype("f")
    found = []
    for core, layers, rules in ((autograd, nn, optim), (torch, torch.nn, torch.optim)):
        core.manual_seed(0)
        model = layers.Sequential(FORMS[form](layers, layers.Linear(4, 3)), layers.Linear(3, 1))
        optimizer = rules.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            (model(core.tensor(x)) ** 2).mean().backward()
            optimizer.step()
        model.eval()
        state = {name: one.numpy() for name, one in model.state_dict().items()}
        found.append((state, repr(model), model(core.tensor(x)).detach().numpy()))
    (ours, text, out), (theirs, their_text, their_out) = found
    assert list(ours) == list(theirs) and text == their_text
    for name in theirs:
        np.testing.assert_allclose(ours[name], theirs[name], 1e-4, 1e-5, err_msg=name)
    np.testing.assert_allclose(out, their_out, 1e-4, 1e-5)


@pytest.mark.parametrize("form", ["weight_norm", "spectral_norm"])
def test_the_older_forms_come_off_again(form):
    layer = nn.Linear(4, 3)
    before = layer.weight.detach().clone()
    getattr(nn.utils, form)(layer)
    x = autograd.ones(2, 4)
    out = layer.eval()(x)
    with pytest.raises(RuntimeError, match="already"):
        getattr(nn.utils, form)(layer)
    getattr(nn.utils, f"remove_{form}")(layer)
    assert set(layer.state_dict()) == {"weight", "bias"} and not layer._forward_pre_hooks
    np.testing.assert_allclose(layer(x).tolist(), out.tolist(), 1e-5, 1e-6)
    if form == "weight_norm":
        np.testing.assert_allclose(layer.weight.tolist(), before.tolist(), 1e-5)
    with pytest.raises(ValueError, match="it is not"):
        getattr(nn.utils, f"remove_{form}")(layer)
    with pytest.raises(ValueError, match="there is none"):
        getattr(nn.utils, form)(nn.ReLU())
    with pytest.raises(ValueError, match="call the module once"):
        getattr(nn.utils, form)(nn.LazyLinear(2))


def test_several_parametrizations_and_back():
    layer = nn.Linear(3, 3)
    before = layer.weight.detach().clone()
    parametrize.register_parametrization(layer, "weight", Doubled())
    np.testing.assert_allclose(layer.weight.tolist(), before.tolist(), 1e-6)
    parametrize.register_parametrization(layer, "weight", Symmetric())
    assert type(layer).__name__ == "ParametrizedLinear" and isinstance(layer, nn.Linear)
    assert parametrize.type_before_parametrizations(layer) is nn.Linear
    assert parametrize.is_parametrized(layer, "weight")
    assert not parametrize.is_parametrized(layer, "bias")
    weight = layer.weight.detach()
    assert weight.equal(weight.mT) and weight.triu().allclose(before.triu())
    layer(autograd.ones(1, 3)).sum().backward()
    assert layer.parametrizations.weight.original.grad.tril(-1).abs().sum() == 0
    twin = copy.deepcopy(layer)
    twin.parametrizations.weight.original.data.zero_()
    assert layer.weight.detach().equal(weight) and twin.weight.abs().sum() == 0
    parametrize.remove_parametrizations(layer, "weight")
    assert type(layer) is nn.Linear and layer.weight.equal(weight)
    assert type(layer.weight) is nn.Parameter and set(layer.state_dict()) == {"weight", "bias"}


def test_assigning_and_leaving():
    layer = parametrize.register_parametrization(nn.Linear(2, 2), "bias", Doubled())
    layer.bias = autograd.tensor([2.0, 4.0])
    assert layer.parametrizations.bias.original.tolist() == [1, 2] and layer.bias.tolist() == [2, 4]
    parametrize.remove_parametrizations(layer, "bias", leave_parametrized=False)
    assert layer.bias.tolist() == [1, 2]
    normed = parametrizations.weight_norm(nn.Linear(2, 2))
    normed.weight = autograd.tensor([[3.0, 4.0], [0.0, 1.0]])
    assert normed.parametrizations.weight.original0.tolist() == [[5], [1]]
    with pytest.raises(ValueError, match="one original"):
        parametrize.remove_parametrizations(normed, "weight", leave_parametrized=False)
    parametrize.remove_parametrizations(normed, "weight")
    np.testing.assert_allclose(normed.weight.tolist(), [[3, 4], [0, 1]], 1e-6)


def test_cached():
    layer = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Symmetric())
    assert layer.weight is not layer.weight
    with parametrize.cached():
        kept = layer.weight
        with parametrize.cached():
            assert layer.weight is kept
        assert layer.weight is kept
    assert layer.weight is not kept


class Flat(nn.Module):
    def forward(self, x):
        return x.reshape(-1)


def test_what_cannot_be_parametrised():
    for match, use in (
        ("parameter or buffer", lambda one: parametrize.register_parametrization(one, "a", Flat())),
        ("must stay", lambda one: parametrize.register_parametrization(one, "weight", Flat())),
        ("it is not", lambda one: parametrize.remove_parametrizations(one, "weight")),
        ("no parameter|must be a parameter", lambda one: parametrizations.spectral_norm(one, "a")),
    ):
        layer = nn.Linear(2, 3)
        with pytest.raises(ValueError, match=match):
            use(layer)
        assert type(layer) is nn.Linear and list(layer.state_dict()) == ["weight", "bias"]
    layer = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Symmetric())
    with pytest.raises(RuntimeError, match="needs a right_inverse"):
        layer.weight = autograd.ones(2, 2)
    with pytest.raises(KeyError, match="a Parameter cannot take its place"):
        layer.weight = nn.Parameter(autograd.ones(2, 2))
    with pytest.raises(RuntimeError, match=r"saved by its state_dict"):
        pickle.dumps(layer)
