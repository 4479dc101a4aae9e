"""Leaves that somebody awaits get their gradients while the sweep goes on."""

import numpy as np
import pytest

import autograd
from autograd.engine import early


@pytest.fixture
def awaited():
    """Adds tensors to those awaited; forgets all at the end."""
    yield lambda *tensors: early.awaited.update({t._edge: None for t in tensors})
    early.awaited.clear()


def leaf(*values):
    return autograd.tensor(values, requires_grad=True, dtype=autograd.float64)


def test_the_last_layers_gradient_comes_first_and_before_the_sweep_is_over(awaited):
    x, first, last = leaf(1.0, 2.0), leaf(3.0, 4.0), leaf(5.0, 6.0)
    order = []
    for name, one in (("first", first), ("last", last)):
        one.register_post_accumulate_grad_hook(lambda t, name=name: order.append(name))
    h = x * first
    h.register_hook(lambda g: order.append("between"))
    awaited(first, last)
    (h * 1.0 * last).sum().backward()
    assert order == ["last", "between", "first"]
    assert first.grad.tolist() == [5.0, 12.0] and last.grad.tolist() == [3.0, 8.0]
    assert x.grad.tolist() == [15.0, 24.0]


def test_a_leaf_used_twice_comes_when_it_is_whole(awaited):
    w, x = leaf(2.0), leaf(3.0)
    seen = []
    w.register_post_accumulate_grad_hook(lambda t: seen.append(t.grad.item()))
    awaited(w)
    (w * (w * x).exp()).sum().backward()
    assert seen == pytest.approx([7 * np.exp(6.0)])


def test_what_is_changed_in_a_hook_changes_no_other_gradient(awaited):
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    a.register_post_accumulate_grad_hook(lambda t: t.grad.zero_())
    awaited(a)
    h = b * 1.0
    (h + a).sum().backward()  # one array is the gradient of both
    assert a.grad.tolist() == [0.0, 0.0] and b.grad.tolist() == [1.0, 1.0]


def test_gradients_add_up_and_hooks_on_the_leaf_come_first(awaited):
    w = leaf(1.0, 2.0)
    w.register_hook(lambda g: 10 * g)
    awaited(w)
    for _ in range(2):
        (w * w).sum().backward()
    assert w.grad.tolist() == [40.0, 80.0]


def test_recorded_passes_and_those_for_chosen_leaves_are_as_ever(awaited):
    w = leaf(1.0, 2.0)
    awaited(w)
    (w**3).sum().backward(create_graph=True)
    w.grad.sum().backward(inputs=[w])
    assert w.grad.tolist() == [3 + 6, 12 + 12]
    (g,) = autograd.grad((w**3).sum(), [w])
    assert g.tolist() == [3, 12]


def test_the_same_numbers_as_without(awaited):
    def run(wait):
        rng = np.random.default_rng(0)
        ws = [autograd.tensor(rng.normal(size=(6, 6)), requires_grad=True) for _ in range(4)]
        if wait:
            awaited(*ws)
        x = autograd.tensor(rng.normal(size=(3, 6)))
        for w in (*ws, *ws):
            x = (x @ w).tanh() + x @ ws[0].T
        x.square().sum().backward()
        return [w.grad.numpy() for w in ws]

    for one, other in zip(run(False), run(True), strict=True):
        np.testing.assert_array_equal(one, other)
