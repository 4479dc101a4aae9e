"""Checkpoints: the same gradients, from a second call."""

import weakref

import numpy as np
import pytest

import autograd
import nn
from autograd.utils.checkpoint import checkpoint, checkpoint_sequential


def gradients(run, second=False, reentrant=False):
    autograd.manual_seed(0)
    first, other = nn.Linear(4, 4), nn.Linear(4, 4)
    x = autograd.randn(3, 4, requires_grad=True)
    y = first(x)  # what the function is given, and closes over, depends on a parameter it uses

    def function(a):
        dropped = nn.functional.dropout(a, 0.5)
        return {"u": first(a).tanh() * (a if reentrant else y.sin()), "v": other(dropped).sigmoid()}

    made = run(function, y)
    loss = (made["u"] * made["v"]).sum() * autograd.rand(())
    if second:
        (g,) = autograd.grad(loss, x, create_graph=True)
        loss = (g**2).sum()
    loss.backward()
    parts = [x, *first.parameters(), *other.parameters()]
    return [loss.item(), *[part.grad.numpy() for part in parts if part.grad is not None]]


@pytest.mark.parametrize(("second", "reentrant"), [(False, False), (False, True), (True, False)])
def test_gradients_are_those_without(second, reentrant):
    def run(function, y):
        return checkpoint(function, y, use_reentrant=reentrant)

    without = gradients(lambda function, y: function(y), second, reentrant)
    for a, b in zip(gradients(run, second, reentrant), without, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_nothing_inside_is_kept():
    seen = []

    def function(x):
        inner = x.exp()
        seen.append(weakref.ref(inner._data))
        return inner.sin()

    x = autograd.rand(3, requires_grad=True)
    y = checkpoint(function, x, use_reentrant=False)
    assert seen[0]() is None
    y.sum().backward()
    assert len(seen) == 2 and seen[1]() is None
    with pytest.raises(RuntimeError, match="freed"):
        y.sum().backward()


def test_a_sequence_in_segments():
    calls = []
    steps = [lambda x, i=i: calls.append(i) or x * 2 for i in range(7)]
    x = autograd.ones(2, requires_grad=True)
    checkpoint_sequential(steps, 3, x).sum().backward()
    assert x.grad.tolist() == [128, 128]
    assert calls == [0, 1, 2, 3, 4, 5, 6, 2, 3, 0, 1]
    with pytest.raises(ValueError, match="preserve_rng_state"):
        checkpoint_sequential(steps, 3, x, segment=2)


def test_what_reentrant_asks_for():
    weight = autograd.ones(2, requires_grad=True)
    with pytest.warns(UserWarning, match="no argument requires grad"):
        assert not checkpoint(lambda x: x * weight, autograd.ones(2)).requires_grad
    with pytest.raises(ValueError, match="keywords"):
        checkpoint(lambda x, k: x, weight, k=1)
    assert checkpoint(
        lambda x, k: x * weight, autograd.ones(2), k=1, use_reentrant=False
    ).requires_grad
    with autograd.no_grad():
        assert not checkpoint(lambda x: x * 2, weight).requires_grad


def test_mistakes():
    sizes = iter([2, 3])
    x = autograd.ones(3, requires_grad=True)
    y = checkpoint(lambda x: x[: next(sizes)], x)
    with pytest.raises(RuntimeError, match="do the same"):
        y.backward(autograd.ones(2))
    leaf = autograd.ones(2, requires_grad=True)
    x = leaf * 1
    y = checkpoint(lambda x: x.exp(), x)
    x.mul_(2)
    with pytest.raises(RuntimeError, match="changed in place"):
        y.sum().backward()
