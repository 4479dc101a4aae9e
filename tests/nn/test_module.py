"""Module and its containers: registration, walking, state, hooks, and what they refuse."""

import copy
import gc
import pickle
import weakref
from collections import OrderedDict

import numpy as np
import pytest

import autograd
import nn


class Block(nn.Module):
    def __init__(self, shared=None):
        super().__init__()
        self.lin = nn.Linear(2, 2)
        self.scale = nn.Parameter(autograd.ones(2))
        self.register_buffer("count", autograd.tensor(0))
        self.register_buffer("scratch", autograd.zeros(1), persistent=False)
        self.act = shared or nn.Tanh()
        self.register_parameter("nothing", None)
        self.number = 3

    def forward(self, x):
        return self.act(self.lin(x)) * self.scale


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        act = nn.ReLU()
        self.first = Block(act)
        self.blocks = nn.ModuleList([Block(act), Block()])

    def forward(self, x):
        x = self.first(x)
        for block in self.blocks:
            x = block(x)
        return x


BLOCK_KEYS = ["scale", "count", "lin.weight", "lin.bias"]
KEYS = [f"{p}.{k}" for p in ("first", "blocks.0", "blocks.1") for k in BLOCK_KEYS]


def test_state_dict_names_and_order():
    assert list(Net().state_dict()) == KEYS
    assert list(Net().state_dict(prefix="m."))[0] == "m.first.scale"


def test_walking():
    net = Net()
    assert [name for name, _ in net.named_children()] == ["first", "blocks"]
    names = [name for name, _ in net.named_modules()]
    assert names == [
        "", "first", "first.lin", "first.act", "blocks", "blocks.0", "blocks.0.lin", "blocks.1",
        "blocks.1.lin", "blocks.1.act",
    ]  # fmt: skip
    assert [n for n, _ in net.first.named_parameters()] == ["scale", "lin.weight", "lin.bias"]
    assert [n for n, _ in net.first.named_parameters(recurse=False)] == ["scale"]
    assert [n for n, _ in net.first.named_buffers()] == ["count", "scratch"]
    assert len(list(net.parameters())) == 9 and len(list(net.buffers())) == 6
    assert net.get_submodule("blocks.1.act") is net.blocks[1].act
    assert net.get_parameter("first.lin.weight") is net.first.lin.weight
    assert net.get_buffer("first.count") is net.first.count
    assert net.get_submodule("") is net


def test_shared_parameters_count_once():
    a, b = nn.Linear(2, 2), nn.Linear(2, 2)
    b.weight = a.weight
    both = nn.Sequential(a, b)
    assert [n for n, _ in both.named_parameters()] == ["0.weight", "0.bias", "1.bias"]
    assert list(both.state_dict()) == ["0.weight", "0.bias", "1.weight", "1.bias"]
    again = copy.deepcopy(both)
    assert again[0].weight is again[1].weight is not a.weight


def test_assignment_registers_and_keeps_the_place():
    block = Block()
    block.scale = nn.Parameter(autograd.zeros(3))
    block.lin = nn.Linear(1, 1)
    assert list(block.state_dict()) == BLOCK_KEYS
    block.count = autograd.tensor(7)
    assert block.state_dict()["count"].item() == 7
    block.number = nn.Parameter(autograd.ones(1))  # from plain to registered
    assert "number" in dict(block.named_parameters()) and "number" not in vars(block)
    block.scale = None
    assert block.scale is None and "scale" not in block.state_dict()
    block.extra = nn.Buffer(autograd.ones(1), persistent=False)
    assert "extra" in dict(block.named_buffers()) and "extra" not in block.state_dict()


def test_deletion():
    block = Block()
    del block.scale, block.lin, block.count, block.number
    assert list(block.state_dict()) == []
    for name in ("scale", "lin", "count", "number"):
        with pytest.raises(AttributeError, match=f"no attribute '{name}'"):
            getattr(block, name)


def test_repr():
    assert repr(Net().first) == (
        "Block(\n  (lin): Linear(in_features=2, out_features=2, bias=True)\n  (act): ReLU()\n)"
    )
    assert repr(nn.ParameterList([autograd.zeros(2, 3)])) == (
        "ParameterList((0): Parameter containing: [autograd.float32 of size 2x3])"
    )
    text = repr(nn.Parameter(autograd.ones(2)))
    assert text == "Parameter containing:\ntensor([1., 1.], requires_grad=True)"


def test_modes_and_apply():
    net = Net()
    assert net.eval() is net and not any(m.training for m in net.modules())
    assert all(m.training for m in net.train().modules())
    seen = []
    net.first.apply(lambda m: seen.append(type(m).__name__))
    assert seen == ["Linear", "ReLU", "Block"]
    net.requires_grad_(False)
    assert not any(p.requires_grad for p in net.parameters())


def test_conversion_keeps_the_parameters():
    block = Block()
    before = list(block.parameters())
    block(autograd.ones(1, 2)).sum().backward()
    assert block.double() is block
    assert [id(p) for p in block.parameters()] == [id(p) for p in before]
    assert {p.dtype.name for p in block.parameters()} == {"float64"}
    assert block.scale.grad.dtype == autograd.float64 and block.scale.is_leaf
    assert block.count.dtype == autograd.int64 and block.scratch.dtype == autograd.float64
    assert block(autograd.ones(1, 2, dtype=autograd.float64)).dtype == autograd.float64
    assert block.to("cpu") is block and block.to(autograd.float32).scale.dtype == autograd.float32
    assert block.half().scale.dtype == autograd.float16
    assert block.to(autograd.device("cpu"), autograd.float64).scale.dtype == autograd.float64
    assert block.float().scale.dtype == autograd.float32


def test_zero_grad():
    block = Block()
    block(autograd.ones(1, 2)).sum().backward()
    block.zero_grad(set_to_none=False)
    assert all((p.grad.numpy() == 0).all() for p in block.parameters())
    block.zero_grad()
    assert all(p.grad is None for p in block.parameters())


def test_load_state_dict():
    one, other = Net(), Net()
    saved = one.state_dict()
    assert repr(other.load_state_dict(saved)) == "<All keys matched successfully>"
    x = autograd.randn(4, 2)
    np.testing.assert_array_equal(other(x).detach().numpy(), one(x).detach().numpy())
    assert other.first.scale is not one.first.scale
    assert not saved["first.scale"].requires_grad
    assert np.shares_memory(saved["first.scale"].numpy(), one.first.scale.data.numpy())
    assert one.state_dict(keep_vars=True)["first.scale"] is one.first.scale


def test_load_state_dict_not_strict():
    block = Block()
    del (saved := block.state_dict())["scale"]
    saved["other"] = autograd.ones(1)
    keys = block.load_state_dict(saved, strict=False)
    assert (keys.missing_keys, keys.unexpected_keys) == (["scale"], ["other"])
    assert repr(keys) == "_IncompatibleKeys(missing_keys=['scale'], unexpected_keys=['other'])"


def test_load_state_dict_gives_no_module():
    keys = Block().load_state_dict(Block().state_dict())
    with pytest.raises(AttributeError, match=r"got \.eval of these\. Call it as a statement"):
        keys.eval()
    assert not hasattr(keys, "parameters")


def test_load_state_dict_of_a_checkpoint():
    saved = {"epoch": 3, "model": Block().state_dict()}
    with pytest.raises(RuntimeError, match=r"its state: checkpoint\['model'\]\."):
        Block().load_state_dict(saved)


def test_load_state_dict_assign():
    block, saved = Block(), Block().double().state_dict()
    block.load_state_dict(saved, assign=True)
    assert block.scale.dtype == autograd.float64 and isinstance(block.scale, nn.Parameter)
    assert block.scale.requires_grad


@pytest.mark.parametrize("strict", [True, False])
def test_refused_state_changes_nothing(strict):
    block = Block()
    before = {k: np.array(v.numpy()) for k, v in block.state_dict().items()}
    wrong = {k: autograd.ones(v.shape) for k, v in block.state_dict().items()}
    wrong["lin.weight"] = autograd.ones(3, 2)
    wrong["surprise"] = wrong.pop("scale")
    with pytest.raises(RuntimeError) as caught:
        block.load_state_dict(wrong, strict=strict)
    message = str(caught.value)
    assert "lin.weight has shape (3, 2) where the module has (2, 2)" in message
    assert ("missing: scale; unexpected: surprise" in message) == strict
    for k, v in block.state_dict().items():
        np.testing.assert_array_equal(v.numpy(), before[k])


@pytest.mark.parametrize(
    "bad, assign, message",
    [
        (autograd.ones(2, 2).long(), True, "lin.weight is int64, which cannot be trained"),
        (autograd.ones(2, 2) * 1j, False, "lin.weight is complex64 where the module has float32"),
        (None, True, "lin.weight is a NoneType, not a tensor"),
    ],
)
def test_refused_value_changes_nothing(bad, assign, message):
    block = Block()
    before = block.state_dict(keep_vars=True)
    known = {k: np.array(v.detach().numpy()) for k, v in before.items()}
    wrong = {k: autograd.ones(v.shape) * 7 for k, v in before.items()}
    wrong["lin.weight"] = wrong.pop("lin.weight") if bad is None else bad
    if bad is None:
        wrong["lin.weight"] = None
    with pytest.raises(RuntimeError, match=message):
        block.load_state_dict(wrong, assign=assign)
    for k, v in block.state_dict(keep_vars=True).items():
        assert v is before[k]
        np.testing.assert_array_equal(v.detach().numpy(), known[k])


def test_value_that_cannot_be_cast_changes_nothing():
    module = nn.Module()
    module.first, module.count = nn.Buffer(autograd.zeros(1)), nn.Buffer(autograd.zeros(1).long())
    with pytest.raises(RuntimeWarning, match="cast"):  # warnings are errors here
        module.load_state_dict(
            {"first": autograd.ones(1), "count": autograd.tensor([float("nan")])}
        )
    assert module.first.tolist() == [0]
    frozen = np.zeros(1, np.float32)
    frozen.flags.writeable = False
    module.count = nn.Buffer(autograd.from_numpy(frozen))
    with pytest.raises(RuntimeError, match="count is read-only"):
        module.load_state_dict({"first": autograd.ones(1), "count": autograd.ones(1)})
    assert module.first.tolist() == [0]


def test_pickle_and_deepcopy():
    net = Net()
    x = autograd.randn(3, 2)
    for again in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        np.testing.assert_array_equal(again(x).detach().numpy(), net(x).detach().numpy())
        assert isinstance(again.first.scale, nn.Parameter)
        assert again.first.scale.requires_grad and again.first.scale is not net.first.scale
        assert again.first.act is again.blocks[0].act


def test_dies_without_the_collector():
    gc.disable()
    try:
        net = Net()
        gone = weakref.ref(net)
        net(autograd.ones(1, 2)).sum().backward()
        del net
        assert gone() is None
    finally:
        gc.enable()


def test_parameter_shares_memory_and_gives_tensors():
    data = autograd.ones(2)
    p = nn.Parameter(data)
    data.zero_()
    assert p.tolist() == [0, 0] and p.is_leaf and p.requires_grad
    assert type(p * 2) is autograd.Tensor and isinstance(p, autograd.Tensor)
    assert not nn.Parameter(data, requires_grad=False).requires_grad
    scalar = nn.Parameter(autograd.tensor(2.0))
    (scalar * 3).backward()
    assert scalar.grad.item() == 3


# -- containers ------------------------------------------------------------------------------------


def test_sequential():
    named = nn.Sequential(OrderedDict(a=nn.Linear(2, 3), b=nn.ReLU()))
    assert list(named.state_dict()) == ["a.weight", "a.bias"] and named.a is named[0]
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    assert isinstance(model[-1], nn.Linear) and isinstance(model[:2], nn.Sequential)
    assert list(model[1:].state_dict()) == ["2.weight", "2.bias"]
    assert len(model) == 3 and [type(m).__name__ for m in model] == ["Linear", "ReLU", "Linear"]
    model.append(nn.Tanh()).insert(0, nn.Identity())
    assert [n for n, _ in model.named_children()] == ["0", "1", "2", "3", "4"]
    model.extend([nn.ReLU()])
    assert isinstance(model.pop(0), nn.Identity)
    del model[-1]
    model[1] = nn.Sigmoid()
    assert [type(m).__name__ for m in model] == ["Linear", "Sigmoid", "Linear", "Tanh"]
    assert list(model.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert model(autograd.ones(4, 2)).shape == (4, 1)
    assert len(model + named) == 6


def test_module_list_and_dict():
    layers = nn.ModuleList([nn.Linear(1, 1)])
    layers += [nn.ReLU()]
    layers.append(nn.Tanh())
    layers.insert(1, nn.Sigmoid())
    assert [type(m).__name__ for m in layers] == ["Linear", "Sigmoid", "ReLU", "Tanh"]
    assert isinstance(layers[1:3], nn.ModuleList) and len(layers[1:3]) == 2
    heads = nn.ModuleDict({"a": nn.Linear(1, 1)})
    heads["b"] = nn.ReLU()
    assert list(heads) == ["a", "b"] and "b" in heads and len(heads) == 2
    assert isinstance(heads.pop("b"), nn.ReLU) and list(heads.keys()) == ["a"]


def test_parameter_list_and_dict():
    weights = nn.ParameterList([autograd.zeros(2)]).append(nn.Parameter(autograd.ones(1)))
    assert list(weights.state_dict()) == ["0", "1"] and all(p.requires_grad for p in weights)
    weights[0] = autograd.ones(3)
    assert weights[0].shape == (3,) and len(weights[:1]) == 1
    named = nn.ParameterDict({"a": autograd.zeros(2)})
    named["b"] = autograd.ones(1)
    del named["a"]
    assert list(named.state_dict()) == ["b"] and dict(named.items())["b"] is named["b"]


# -- bad input -------------------------------------------------------------------------------------


def test_forgotten_init():
    class Forgetful(nn.Module):
        def __init__(self):
            self.lin = nn.Linear(1, 1)

    class Idle(nn.Module):
        def __init__(self):
            self.x = 1

        def forward(self):
            return 1

    with pytest.raises(AttributeError, match=r"given 'lin' before it.*super\(\).__init__\(\)"):
        Forgetful()
    with pytest.raises(AttributeError, match=r"Idle was called before it"):
        Idle()()
    for act in (repr, dir, nn.Sequential, lambda m: list(m.parameters()), lambda m: m.eval()):
        with pytest.raises(AttributeError, match=r"Idle was asked for '_\w+' before it. Begin"):
            act(Idle())
    assert not hasattr(Idle(), "missing") and copy.copy(Idle()).x == 1


def test_missing_forward():
    class Lazy(nn.Module):
        def foward(self, x):
            return x

    with pytest.raises(NotImplementedError, match=r"Lazy: a module needs forward"):
        Lazy()(1)


@pytest.mark.parametrize(
    "act, error, message",
    [
        (lambda m: setattr(m, "scale", autograd.ones(2)), TypeError, "Parameter.*wrap"),
        (lambda m: setattr(m, "lin", autograd.ones(2)), TypeError, "registered as a Module"),
        (lambda m: setattr(m, "count", 3), TypeError, "registered as a Tensor"),
        (lambda m: m.register_parameter("p", autograd.ones(2)), TypeError, "Wrap it"),
        (lambda m: m.register_parameter("a.b", None), KeyError, "dot"),
        (lambda m: m.register_buffer("", None), KeyError, "empty"),
        (lambda m: m.register_buffer("lin", None), KeyError, "already"),
        (lambda m: m.register_buffer("b", 3), TypeError, "expected a tensor"),
        (lambda m: m.add_module("m", nn.Linear), TypeError, "not a class"),
        (lambda m: m.add_module(3, nn.ReLU()), TypeError, "string"),
        (lambda m: m.get_submodule("lin.x"), AttributeError, "no module 'x'"),
        (lambda m: m.get_parameter("lin.x"), AttributeError, "weight, bias"),
        (lambda m: m.to(autograd.int64), TypeError, "floating"),
        (lambda m: m.to("cuda"), RuntimeError, "CPU"),
        (lambda m: m.cuda(), RuntimeError, "CPU"),
        (lambda m: m.train("yes"), TypeError, "True or False"),
        (lambda m: m.load_state_dict([1]), TypeError, "expected a dict"),
        (lambda m: m.load_state_dict({"scale": 1}, strict=False), RuntimeError, "scale is a int"),
        (lambda m: nn.Parameter(autograd.arange(3)), RuntimeError, "floating"),
        (lambda m: nn.Sequential(nn.ReLU())[1], IndexError, "got 1"),
        (lambda m: nn.Sequential(nn.ReLU).append(1), TypeError, "Module"),
        (lambda m: nn.ModuleList(nn.ReLU()), TypeError, "append"),
        (lambda m: nn.ModuleList().insert(2, nn.ReLU()), IndexError, "got 2"),
        (lambda m: nn.Dropout(1.5), ValueError, "probability"),
        (lambda m: nn.MSELoss(reduction="max"), ValueError, "MSELoss: reduction"),
        (lambda m: setattr(m, "me", m), ValueError, "'me' is it. Keep it where"),
        (lambda m: setattr(m, "lin", nn.Sequential(m)), ValueError, "a module that contains it"),
        (lambda m: setattr(m.lin, "parent", m), ValueError, "must not contain itself"),
        (lambda m: m.lin.add_module("parent", m), ValueError, "must not contain itself"),
        (lambda m: (x := nn.ModuleList()).insert(0, nn.Sequential(x)), ValueError, "itself"),
        (lambda m: (x := nn.ModuleDict()).update({"x": x}), ValueError, "'x' is it"),
        (lambda m: nn.GELU("foo"), ValueError, "GELU: approximate must be"),
        (lambda m: nn.Dropout("a"), TypeError, "p must be a number"),
        (lambda m: m.requires_grad_("a"), TypeError, "True or False; got str"),
        (lambda m: m.register_forward_hook(None), TypeError, "a hook must be a function; got None"),
        (lambda m: m.register_forward_pre_hook("a"), TypeError, "function; got str"),
        (lambda m: m.register_full_backward_hook(1), TypeError, "function; got int"),
        (lambda m: m.load_state_dict({3: autograd.ones(1)}), RuntimeError, "unexpected: 3"),
    ],
)
def test_refused(act, error, message):
    block = Block()
    before = list(block.state_dict())
    with pytest.raises(error, match=message):
        act(block)
    assert list(block.state_dict()) == before
    assert all(p.requires_grad and p.dtype == autograd.float32 for p in block.parameters())


@pytest.mark.torch
def test_names_and_text_are_those_of_torch():
    torch = pytest.importorskip("torch")

    def build(nn, core):
        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(2, 3)
                self.w = nn.Parameter(core.zeros(2))
                self.register_buffer("b", core.zeros(1))
                self.register_buffer("c", core.zeros(1), persistent=False)
                self.list = nn.ModuleList([nn.Sequential(nn.ReLU(), nn.Linear(1, 1))])
                self.heads = nn.ModuleDict({"x": nn.Dropout(0.5), "y": nn.GELU()})

        return Block()

    ours, theirs = build(nn, autograd), build(torch.nn, torch)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert repr(ours) == repr(theirs)
    for walk in ("named_modules", "named_parameters", "named_buffers", "named_children"):
        names = [name for name, _ in getattr(ours, walk)()]
        assert names == [name for name, _ in getattr(theirs, walk)()]
