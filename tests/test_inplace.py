"""In-place changes: memory changes, and no gradient is silently wrong."""

import numpy as np
import pytest

import autograd
from tests.graph_cases import equal, leaf


def test_a_changed_kept_array_is_named():
    x = leaf(np.ones((2, 3)))
    y = x * 2
    z = y * y
    y.add_(1)
    with pytest.raises(RuntimeError, match=r"Multiply.*\(2, 3\).*in place"):
        z.sum().backward()
    assert x.grad is None


def test_a_change_before_the_op_does_no_harm():
    x = leaf([1.0, 2.0])
    y = x * 2
    y.add_(1)
    (y * y).sum().backward()
    equal(x.grad, [12.0, 20.0])


def test_a_change_of_what_no_formula_needs_does_no_harm():
    x = leaf([1.0, 2.0])
    y = x * 2
    z = y + 1
    y.mul_(5)
    (z.sum() + y.sum()).backward()
    equal(x.grad, [12.0, 12.0])


def test_a_change_through_a_view_or_numpy_free_path_is_seen():
    x = leaf([1.0, 2.0])
    y = x * 2
    z = y.exp() * y
    with autograd.no_grad():
        y[0:1].zero_()
    with pytest.raises(RuntimeError, match="in place"):
        z.sum().backward()


def test_in_place_on_a_leaf_is_refused():
    x = leaf([1.0, 2.0])
    for change in (lambda: x.add_(1), lambda: x.__setitem__(0, 5.0), lambda: x.zero_()):
        with pytest.raises(RuntimeError, match="leaf"):
            change()
    with pytest.raises(RuntimeError, match="leaf"):
        x += 1
    equal(x, [1.0, 2.0])
    with autograd.no_grad():
        x += 1
        x[0] = 7.0
    equal(x, [7.0, 3.0])


def test_recorded_in_place_operations_have_gradients():
    x, w = leaf([1.0, 2.0, 3.0]), leaf(4.0)
    y = x * 1
    y *= y.detach().clone()
    y[0] += w
    y[1:] = y[1:].clone() * w
    y.sub_(w)
    y.sum().backward()
    equal(x.grad, [1.0, 8.0, 12.0])
    equal(w.grad, 1 + 4 + 9 - 3)


def test_writing_an_item_keeps_the_rest():
    w = leaf(5.0)
    x = autograd.zeros(3, dtype=autograd.float64)
    x[0] += w
    x[1] = w * w
    (x * autograd.tensor([1.0, 10.0, 100.0])).sum().backward()
    assert w.grad.item() == 1.0 + 100.0


def test_an_untouched_view_stays_valid():
    x = leaf([1.0, 2.0, 3.0])
    y = x * 1
    tail = y[2:]
    with autograd.no_grad():
        y[:1].zero_()
    tail.sum().backward()
    equal(x.grad, [0.0, 0.0, 1.0])


def test_data_and_detach_share_memory():
    x = leaf([1.0, 2.0])
    x.data[0] = 9.0
    x.detach()[1] = 8.0
    equal(x, [9.0, 8.0])
    assert not x.data.requires_grad and x.is_leaf
