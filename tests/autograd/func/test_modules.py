"""Modules as functions of their parameters."""

import pytest

import autograd
import nn
from autograd import func

X = autograd.ones(2, 3)


def test_parameters_are_those_given():
    net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    given = {name: p.detach() * 2 for name, p in net.named_parameters()}
    buffers = {name: b.clone() for name, b in net.named_buffers()}
    y = func.functional_call(net, (given, buffers), X)
    net.eval()
    assert not y.requires_grad and net[1].num_batches_tracked == 0
    assert buffers["1.num_batches_tracked"] == 1  # what is written goes into what was given
    gradients = func.grad(lambda p: func.functional_call(net, p, (X,)).sum())(given)
    assert gradients.keys() == given.keys() and all(p.grad is None for p in net.parameters())


def test_tied_weights_are_replaced_together():
    net = nn.Sequential(nn.Linear(3, 3, bias=False), nn.Linear(3, 3, bias=False))
    net[1].weight = net[0].weight
    y = func.functional_call(net, {"0.weight": autograd.eye(3) * 2}, X)
    assert (y == 4).all()
    loose = func.functional_call(net, {"0.weight": autograd.eye(3)}, X, tie_weights=False)
    assert (loose == net[1](X)).all()


def test_what_does_not_fit_is_refused_and_nothing_changes():
    net = nn.Linear(3, 2)
    before = net.weight
    with pytest.raises(RuntimeError, match="missing: bias, unexpected: none"):
        func.functional_call(net, {"weight": before * 2}, X, strict=True)
    with pytest.raises(ValueError, match="weight in several"):
        func.functional_call(net, [{"weight": before}, {"weight": before}], X)
    with pytest.raises(TypeError, match="in a list or tuple of such; got int"):
        func.functional_call(net, 3, X)
    with pytest.raises(RuntimeError):
        func.functional_call(net, {"weight": before[:, :1]}, X)
    assert net.weight is before


def test_states_are_stacked_as_leaves():
    parameters, buffers = func.stack_module_state([nn.BatchNorm1d(3) for _ in range(4)])
    assert parameters["weight"].shape == buffers["running_mean"].shape == (4, 3)
    assert parameters["weight"].is_leaf and parameters["weight"].requires_grad
    assert not buffers["running_mean"].requires_grad and buffers["num_batches_tracked"].shape == (
        4,
    )
    with pytest.raises(ValueError, match="at least one model"):
        func.stack_module_state([])
    with pytest.raises(ValueError, match="of one class; got BatchNorm1d, Linear"):
        func.stack_module_state([nn.Linear(3, 2), nn.BatchNorm1d(3)])
    with pytest.raises(ValueError, match="of one mode"):
        func.stack_module_state([nn.Linear(3, 2), nn.Linear(3, 2).eval()])
    with pytest.raises(ValueError, match="weight must require grad in all models or in none"):
        func.stack_module_state([nn.Linear(3, 2), nn.Linear(3, 2).requires_grad_(False)])
