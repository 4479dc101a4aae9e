"""Hooks on tensors: order, replacement, what is kept of gradients on the way."""

import autograd
from tests.graph_cases import equal, leaf


def test_hooks_see_and_replace_gradients_in_order():
    x = leaf(2.0)
    seen = []
    y = x * 3
    y.register_hook(lambda g: seen.append(g.item()))
    y.register_hook(lambda g: g * 10)
    removed = y.register_hook(lambda g: g * 1000)
    last = x.register_hook(lambda g: seen.append(g.item()))
    removed.remove()
    y.backward(retain_graph=True)
    assert seen == [1.0, 30.0] and x.grad.item() == 30.0
    last.remove()
    y.backward()
    assert seen == [1.0, 30.0, 1.0]


def test_a_hook_runs_once_on_the_whole_gradient():
    x = leaf(2.0)
    seen = []
    y = x * 3
    y.register_hook(lambda g: seen.append(g.item()))
    (y * y + y).backward()
    assert seen == [13.0]


def test_hooks_are_recorded_with_create_graph():
    x = leaf(2.0)
    y = x * x
    y.register_hook(lambda g: g * g)
    (g,) = autograd.grad(y * 3, x, create_graph=True)
    assert g.item() == 9 * 4.0
    assert autograd.grad(g, x)[0].item() == 18.0


def test_retain_grad_keeps_what_passes():
    x = leaf([1.0, 2.0])
    y = x * 3
    y.retain_grad()
    y.retain_grad()
    (y * y).sum().backward()
    equal(y.grad, [6.0, 12.0])
    assert y.retains_grad and not x.retains_grad
