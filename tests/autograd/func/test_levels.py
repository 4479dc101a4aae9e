"""The rule of the sweep: where gradients leave a level, and where they do not."""

import numpy as np
import pytest

import autograd
from autograd.arrays import batched
from autograd.engine import levels, sweep
from autograd.func import vmap


def tensor(values, **options):
    return autograd.tensor(np.asarray(values, np.float64), **options)


def test_a_closed_over_weight_gets_the_sum_over_samples():
    x, w = tensor([[1, 2], [3, 4], [5, 6]]), tensor([2, 3], requires_grad=True)
    y = vmap(lambda x: (x * w).sum() * w.sum())(x)
    (y.sum() + (w * w).sum()).backward()
    # Σ_b (x_b · w) Σ w: the gradient is Σ_b x_b Σ w + Σ_b x_b · w, and 2 w of the plain term
    expected = x.numpy().sum(0) * 5 + (x.numpy() @ [2, 3]).sum() + np.array([4, 6])
    np.testing.assert_allclose(w.grad.numpy(), expected)


def test_inside_gradients_of_an_outer_leaf_are_one_for_each_sample():
    x, w = tensor([[1, 2], [3, 4]]), tensor([2, 3], requires_grad=True)
    found = vmap(lambda x: autograd.grad((x * w * w).sum(), w)[0])(x)
    np.testing.assert_allclose(found.numpy(), 2 * x.numpy() * [2, 3])
    assert w.grad is None


def test_two_results_of_which_one_is_the_same_for_all_samples():
    x, w = tensor([1, 2, 3]), tensor(5, requires_grad=True)
    a, b = vmap(lambda x: (x * w, w * w))(x)
    weights = tensor([7, 11, 13])
    (found,) = autograd.grad((a.sum(), (b * weights).sum()), w)
    assert found.item() == 6 + 10 * (7 + 11 + 13)


def test_nested_levels_by_their_numbers():
    x, y = tensor([[1, 2, 3], [4, 5, 6]]), tensor([[7, 8], [9, 10], [11, 12]])
    w = tensor([1, 2], requires_grad=True)

    def outer(row):  # (3) of the outer level; the inner one maps y's rows, and closes over row
        return vmap(lambda y, r: (y * w).sum() * r + row.sum())(y, row)

    found = vmap(outer)(x)
    expected = (y.numpy() @ [1, 2]) * x.numpy() + x.numpy().sum(1, keepdims=True)
    np.testing.assert_allclose(found.detach().numpy(), expected)
    (slope,) = autograd.grad(found.sum(), w)
    np.testing.assert_allclose(slope.numpy(), x.numpy().sum(0) @ y.numpy())


def test_a_closed_level_is_entered_again_inside_a_newer_one():
    x, v = tensor([1, 2]), tensor([3, 4, 5])
    w = tensor(2, requires_grad=True)
    y = vmap(lambda x: x * w * w)(x)  # its level is closed
    (slope,) = autograd.grad(y.sum(), w, create_graph=True)
    found = vmap(lambda v: autograd.grad(slope * v * w, w, retain_graph=True)[0])(v)
    np.testing.assert_allclose(found.numpy(), [2 * 3 * 2 * 2 * v for v in (3, 4, 5)])


def test_meta_learning():
    """grad through vmap of grad: MAML on a line, against its closed form."""
    tasks, w = tensor([1, 2, 4]), tensor(0.5, requires_grad=True)

    def adapted(t):
        inner = w * 1
        (g,) = autograd.grad((inner - t) ** 2, inner, create_graph=True)
        return (inner - 0.1 * g - t) ** 2

    loss = vmap(adapted)(tasks).sum()
    (found,) = autograd.grad(loss, w)
    np.testing.assert_allclose(found.item(), sum(2 * 0.8**2 * (0.5 - t) for t in (1, 2, 4)))


def test_hessian_in_one_pass():
    a = tensor([[2, 1, 0], [1, 3, 1], [0, 1, 4]])
    x = tensor([1, 2, 3], requires_grad=True)
    (g,) = autograd.grad((x @ a @ x) * x.sum(), x, create_graph=True)
    (rows,) = autograd.grad(g, x, autograd.eye(3, dtype=autograd.float64), is_grads_batched=True)
    ax, total = a.numpy() @ [1, 2, 3], 6
    expected = 2 * a.numpy() * total + 2 * (ax[:, None] + ax[None])
    np.testing.assert_allclose(rows.numpy(), expected)


def test_a_plain_sum_then_a_batched_gradient_at_one_edge():
    x, w = tensor([1, 2, 3]), tensor(3, requires_grad=True)

    def both(x):
        leaf = w.detach().clone().requires_grad_()
        first = leaf * 2 + leaf * 4
        return autograd.grad((first, x * leaf), leaf)[0]

    np.testing.assert_allclose(vmap(both)(x).numpy(), [7, 8, 9])


def test_nothing_runs_at_the_edges_before_a_level_is_opened(monkeypatch):
    monkeypatch.setattr(sweep, "leaving", None)
    x = tensor([1, 2], requires_grad=True)
    (x * x).sum().backward()
    assert sweep.leaving is None


# -- broken on purpose ----------------------------------------------------------------------------

FACTS = [one for name, one in list(globals().items()) if name.startswith("test_")][:-1]


def failures():
    found = 0
    for fact in FACTS:
        try:
            fact()
        except (AssertionError, RuntimeError, ValueError, TypeError):
            found += 1
    return found


def _no_sum(monkeypatch):
    monkeypatch.setattr(levels.Level, "is_left_by", lambda level, edge: False)


def _sum_while_open(monkeypatch):
    rule = levels.Level.is_left_by

    def is_left_by(level, edge):
        was, level.open = level.open, False
        try:
            return rule(level, edge)
        finally:
            level.open = was

    monkeypatch.setattr(levels.Level, "is_left_by", is_left_by)


def _newest_outermost(monkeypatch):
    def entered(x, *, level, axis):
        data = np.moveaxis(x.data, len(x.levels) + axis, 0)
        return batched.Batched(data, (level, *x.levels))

    monkeypatch.setitem(batched.RULES, batched.entered, entered)


@pytest.mark.parametrize("broken", [_no_sum, _sum_while_open, _newest_outermost])
def test_mutations_are_caught(broken, monkeypatch):
    assert failures() == 0
    with monkeypatch.context() as patch:
        broken(patch)
        assert failures() > 0
    assert failures() == 0
