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
