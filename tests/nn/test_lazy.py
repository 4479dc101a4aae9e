"""Lazy modules: parameters that are there after the first input."""

import copy
import pickle

import numpy as np
import pytest

import autograd
import nn
import optim
from nn.modules.lazy import LazyModuleMixin
from nn.parameter import is_lazy

LAZY = [
    one for one in vars(nn).values() if isinstance(one, type) and issubclass(one, LazyModuleMixin)
]


def example(cls):
    """A lazy layer, and an input of it."""
    name = cls.__name__
    if name == "LazyLinear":
        return cls(2), autograd.rand(5, 3)
    rank = int(name[-2])
    made = cls(4, 2) if "Conv" in name else cls(affine=True)
    return made, autograd.rand(2, 3, *[4] * rank)


@pytest.mark.parametrize("cls", LAZY)
def test_a_lazy_layer_becomes_an_ordinary_one(cls):
    layer, x = example(cls)
    assert repr(layer).startswith(cls.__name__) and layer.has_uninitialized_params()
    held = list(layer.parameters())
    assert all(map(is_lazy, held)) and repr(held[0]) == "<UninitializedParameter>"
    empty = copy.deepcopy(layer)
    out = layer(x)
    assert type(layer) is cls.cls_to_become and repr(layer).startswith(cls.__name__[4:])
    assert all(a is b for a, b in zip(held, layer.parameters(), strict=True))
    assert type(held[0]) is nn.Parameter and not layer._forward_pre_hooks
    out.sum().backward()
    assert held[0].grad.shape == held[0].shape
    # a state that is there is taken by one that is not, whose next input changes nothing
    assert str(empty.load_state_dict(layer.state_dict())) == "<All keys matched successfully>"
    empty.train(False)
    layer.train(False)
    np.testing.assert_array_equal(empty(x).detach().numpy(), layer(x).detach().numpy())
    assert type(empty) is type(layer) and repr(empty) == repr(layer)


@pytest.mark.parametrize("cls", LAZY)
def test_a_lazy_state(cls):
    layer, x = example(cls)
    state = layer.state_dict()
    assert any(map(is_lazy, state.values()))
    again = pickle.loads(pickle.dumps(state))
    assert [type(a) for a in again.values()] == [type(a) for a in state.values()]
    other, _ = example(cls)
    other.load_state_dict(again)
    assert other.has_uninitialized_params()
    other(x)
    with pytest.raises(RuntimeError, match="not initialized where the module is"):
        other.load_state_dict(state)


@pytest.mark.torch
@pytest.mark.parametrize("cls", LAZY)
def test_a_lazy_layer_is_as_in_torch(cls):
    torch = pytest.importorskip("torch")
    layer, x = example(cls)
    name = cls.__name__
    twin = getattr(torch.nn, name)(
        *([2] if name == "LazyLinear" else [4, 2] if "Conv" in name else []),
        **({"affine": True} if "Norm" in name else {}),
    )
    assert repr(twin) == repr(layer) and list(twin.state_dict()) == list(layer.state_dict())
    torch.manual_seed(1)
    expected = twin(torch.tensor(x.numpy()))
    autograd.manual_seed(1)
    out = layer(x)
    np.testing.assert_allclose(out.detach().numpy(), expected.detach().numpy(), 2e-5, 2e-6)
    assert repr(twin) == repr(layer) and list(twin.state_dict()) == list(layer.state_dict())


def test_what_is_not_there_says_so():
    weight = nn.LazyLinear(2).weight
    for use in (
        lambda: weight + 1,
        lambda: weight.numel(),
        lambda: weight.detach(),
        lambda: weight.zero_(),
        lambda: autograd.ones(3) @ weight,
        lambda: nn.functional.linear(autograd.ones(3), weight),
        lambda: nn.utils.parameters_to_vector([weight]),
        lambda: nn.init.zeros_(weight),
    ):
        with pytest.raises((ValueError, RuntimeError), match="module.s first input"):
            use()
    with pytest.raises(RuntimeError, match="known after"):
        weight.shape  # noqa: B018


def test_conversions_and_training():
    model = nn.Sequential(nn.LazyLinear(4), nn.ReLU(), nn.LazyLinear(1)).double()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    assert model[0].weight.dtype == autograd.float64 and model[0].weight.data.shape == (0,)
    out = model(autograd.ones(3, 2, dtype=autograd.float64))
    before = model[2].bias.detach().clone()
    out.sum().backward()
    optimizer.step()
    assert out.dtype == autograd.float64 and (model[2].bias.detach() != before).any()
    assert not copy.deepcopy(
        nn.LazyLinear(2, bias=False).requires_grad_(False)
    ).weight.requires_grad


def test_a_lazy_module_of_ones_own():
    class Scale(LazyModuleMixin, nn.Module):
        def __init__(self):
            super().__init__()
            self.factor = nn.UninitializedParameter()
            self.seen = nn.UninitializedBuffer(persistent=False)

        def initialize_parameters(self, x, *, fill):
            self.factor.materialize(x.shape[-1:])
            nn.init.constant_(self.factor, fill)
            if fill:
                self.seen.materialize((), dtype=autograd.int64)

        def forward(self, x, fill):
            return self.factor * x

    scale = Scale()
    assert list(scale.state_dict()) == ["factor"] and is_lazy(scale.seen)
    assert scale(autograd.ones(2), fill=3.0).tolist() == [3, 3]
    assert type(scale) is Scale and type(scale.seen) is autograd.Tensor
    with pytest.raises(RuntimeError, match="must materialize all"):
        Scale()(autograd.ones(2), fill=0.0)
    Scale.initialize_parameters = LazyModuleMixin.initialize_parameters
    with pytest.raises(NotImplementedError, match="needs initialize_parameters"):
        Scale()(autograd.ones(2), fill=3.0)
