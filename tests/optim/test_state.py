"""The state: what users put into it, saving it, loading it, also from PyTorch."""

import copy

import numpy as np
import pytest

import autograd
import optim
from tests.training import close, gradients, parameters, run, values

F64 = autograd.float64


def clear(state, p):
    state[p].clear()


def replace_entry(state, p):
    state[p] = {"momentum_buffer": autograd.zeros(3, dtype=F64)}


def replace_value(state, p):
    state[p]["momentum_buffer"] = autograd.zeros(3, dtype=F64)


def fill(state, p):
    state[p]["momentum_buffer"].zero_()


def delete(state, p):
    del state[p]


@pytest.mark.parametrize("reset", [clear, replace_entry, replace_value, fill, delete])
def test_values_put_into_the_state_are_used(reset):
    params = parameters(shapes=[(3,), (3,)])
    optimizer = optim.SGD(params, lr=1.0, momentum=0.5)
    ones = [[np.ones(3), np.ones(3)]]
    run(optimizer, params, ones)
    before = values(params)
    reset(optimizer.state, params[0])
    run(optimizer, params, ones)
    close(values(params), [before[0] - 1, before[1] - 1.5], rtol=1e-12)


@pytest.mark.parametrize("shapes", [[(2, 3), (3, 2)], [(), (3,)]], ids=str)
@pytest.mark.parametrize("count", [1, 2])
def test_state_of_another_shape_changes_nothing(shapes, count):
    before, after = shapes
    params = parameters("float32", [before] * count)
    optimizer = optim.Adam([{"params": [p]} for p in params])
    run(optimizer, params, gradients(1, [before] * count))
    params[-1].grad = None
    params[-1].data = autograd.zeros(*after)
    params[-1].grad = autograd.ones(*after)
    known = values(params)
    with pytest.raises(ValueError, match="state must have its parameter's shape.*'exp_avg'"):
        optimizer.step()
    close(values(params), known, rtol=0)
    optimizer.state.clear()
    optimizer.step()


@pytest.mark.parametrize(
    "saved, error",
    [
        (None, TypeError),
        ("a", TypeError),
        ({}, TypeError),
        ({"state": {}, "param_groups": None}, TypeError),
        ({"state": {}, "param_groups": [{"lr": 0.1}]}, TypeError),
        ({"state": {}, "param_groups": [{"params": [[0]]}]}, TypeError),
        ({"state": {0: None}, "param_groups": [{"params": [0]}]}, TypeError),
        ({"state": {}, "param_groups": [{"params": [0], "lr": -5}]}, ValueError),
        ({"state": {}, "param_groups": [{"params": [0], "lr": "a"}]}, TypeError),
        ({"state": {}, "param_groups": [{"params": [0], "betas": "q"}]}, ValueError),
    ],
    ids=str,
)
def test_refused_state_dict(saved, error):
    params = parameters(shapes=[(2,)])
    optimizer = optim.Adam(params)
    run(optimizer, params, gradients(1, [(2,)]))
    before, entry = optimizer.state_dict()["param_groups"], optimizer.state[params[0]]
    with pytest.raises(error, match="Adam.* (expected|must be)"):
        optimizer.load_state_dict(saved)
    assert optimizer.state_dict()["param_groups"] == before
    assert optimizer.state[params[0]] is entry


def test_refused_state_changes_nothing():
    params = parameters(shapes=[(2,), (3,)])
    optimizer = optim.Adam(params, lr=0.5)
    run(optimizer, params, gradients(1, [(2,), (3,)]))
    before = copy.deepcopy(optimizer.state_dict())
    others = parameters(shapes=[(2,), (4,)])
    other = optim.Adam(others, lr=0.1)
    run(other, others, gradients(2, [(2,), (4,)]))
    with pytest.raises(ValueError, match=r"here \(3,\); 'exp_avg' has \(4,\)"):
        optimizer.load_state_dict(other.state_dict())
    with pytest.raises(ValueError, match=r"here \[2\], saved \[1\]"):
        optimizer.load_state_dict(optim.Adam(parameters(shapes=[(2,)])).state_dict())
    after = optimizer.state_dict()
    assert after["param_groups"] == before["param_groups"]
    for i in before["state"]:
        close(after["state"][i].values(), before["state"][i].values(), rtol=0)


# -- counts and numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "step, error",
    [("a", TypeError), (None, TypeError), ([1], TypeError), (autograd.ones(2), TypeError)]
    + [(number, ValueError) for number in (-5, 1.5, float("nan"), float("inf"))],
    ids=str,
)
def test_a_step_that_is_no_count_is_refused_before_anything_changes(step, error):
    params = parameters(shapes=[(2,), (3,)])
    optimizer = optim.Adam(params)
    run(optimizer, params, gradients(2, [(2,), (3,)]))
    before, known = copy.deepcopy(optimizer.state_dict()), values(params)
    saved = copy.deepcopy(before)
    saved["state"][1]["step"] = step
    saved["param_groups"][0]["lr"] = 0.5
    with pytest.raises(error, match="'step' in the state must be"):
        optimizer.load_state_dict(saved)
    assert optimizer.state_dict()["param_groups"] == before["param_groups"]
    optimizer.state[params[1]]["step"] = step
    with pytest.raises(error, match="'step' in the state must be"):
        optimizer.step()
    close(values(params), known, rtol=0)
    assert optimizer.state[params[0]]["step"] == 2


def test_a_count_may_come_as_a_tensor():
    params = parameters(shapes=[(2,)])
    optimizer = optim.Adam(params)
    run(optimizer, params, gradients(2, [(2,)]))
    saved = copy.deepcopy(optimizer.state_dict())
    saved["state"][0]["step"] = autograd.tensor(2.0)
    optimizer.load_state_dict(saved)
    assert type(optimizer.state[params[0]]["step"]) is int
    assert optimizer.state_dict()["state"][0]["step"] == 2


def test_numbers_of_a_rule_of_ones_own_may_be_any():
    class Signed(optim.Optimizer):
        def init(self, p):
            return {"sign": 1, "share": 1}

        def update(self, p, g, state):
            state["sign"] = -state["sign"]
            state["share"] = state["share"] / 2
            p -= state["sign"] * state["share"] * g

    params = parameters(shapes=[(2,), (2,)])
    optimizer = Signed(params, {})
    run(optimizer, params, gradients(1, [(2,), (2,)]))
    optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    run(optimizer, params, [[np.ones(2), None]])
    assert optimizer.state[params[0]] == {"sign": 1, "share": 0.25}
    assert optimizer.state[params[1]] == {"sign": -1, "share": 0.5}


# -- PyTorch's -------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["load_state_dict", "hand"])
def test_a_buffer_from_elsewhere_has_seen_its_first_step(by):
    (w,) = params = parameters(shapes=[(2,)])
    before = values(params)[0]
    optimizer = optim.SGD(params, lr=0.1, momentum=0.9, dampening=0.5)
    entry = {"momentum_buffer": autograd.full((2,), 2.0, dtype=F64)}
    if by == "hand":
        optimizer.state[w] = entry
    else:
        optimizer.load_state_dict({**optimizer.state_dict(), "state": {0: entry}})
    run(optimizer, params, [[np.ones(2)]])
    close(values(params), [before - 0.1 * (0.9 * 2 + 0.5)], rtol=1e-12)


def test_a_buffer_that_is_none_has_not():
    params = parameters(shapes=[(2,)])
    before = values(params)[0]
    optimizer = optim.SGD(params, lr=0.1, momentum=0.9, dampening=0.5)
    saved = {**optimizer.state_dict(), "state": {0: {"momentum_buffer": None}}}
    optimizer.load_state_dict(saved)
    run(optimizer, params, [[np.ones(2)]])
    close(values(params), [before - 0.1], rtol=1e-12)


def test_dampening_switched_on_later_dampens():
    params = parameters(shapes=[(2,)])
    optimizer = optim.SGD(params, lr=0.1, momentum=0.5)
    run(optimizer, params, [[np.ones(2)]])
    before = values(params)[0]
    optimizer.param_groups[0]["dampening"] = 0.75
    run(optimizer, params, [[np.ones(2)]])
    close(values(params), [before - 0.1 * (0.5 + 0.25)], rtol=1e-12)


def test_names_of_parameters_are_kept():
    a, b = parameters(shapes=[(2,), (3,)])
    optimizer = optim.SGD([("a", a)], lr=0.1)
    optimizer.add_param_group({"params": [("b", b)]})
    assert [group["param_names"] for group in optimizer.param_groups] == [["a"], ["b"]]
    saved = optimizer.state_dict()
    plain = optim.SGD([{"params": [a]}, {"params": [b]}])
    plain.load_state_dict(saved)
    assert plain.param_groups[1]["param_names"] == ["b"]
    for group in saved["param_groups"]:
        del group["param_names"]
    optimizer.load_state_dict(saved)
    assert optimizer.param_groups[1]["param_names"] == ["b"]
    with pytest.raises(ValueError, match="with a name, or none; got 1 names for 2"):
        optim.SGD([("a", a), b])


@pytest.mark.torch
@pytest.mark.parametrize(
    "rule, options",
    [
        ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}),
        ("Adam", {"lr": 0.1, "amsgrad": True}),
        ("RMSprop", {"lr": 0.1, "momentum": 0.9, "centered": True}),
        ("Adagrad", {"lr": 0.1, "lr_decay": 0.1}),
    ],
)
def test_goes_on_where_torch_was(rule, options):
    torch = pytest.importorskip("torch")
    theirs = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
    oracle = getattr(torch.optim, rule)([("w", theirs)], **options)
    torch.optim.lr_scheduler.ExponentialLR(oracle, 0.5)  # leaves initial_lr in the groups

    def step(gradient):
        theirs.grad = torch.tensor(gradient, dtype=torch.float64)
        oracle.step()

    step([0.5, 2.0])
    step([1.5, -1.0])
    ours = autograd.tensor(theirs.detach().numpy(), requires_grad=True)
    optimizer = getattr(optim, rule)([ours])
    optimizer.load_state_dict(oracle.state_dict())
    for gradient in ([1.0, 1.0], [0.25, -3.0]):
        step(gradient)
        run(optimizer, [ours], [[np.asarray(gradient)]])
    close(values([ours]), [theirs.detach().numpy()], rtol=1e-12)
    assert optimizer.param_groups[0]["param_names"] == ["w"]
