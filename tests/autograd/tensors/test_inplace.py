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
    with pytest.raises(RuntimeError, match=r"in place; .*\(2, 3\), kept by Multiply"):
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


def test_operators_write_in_place():
    bits = autograd.tensor([1, 2, 6])
    alias = bits.view(3)
    bits &= 6
    bits |= 1
    bits ^= 3
    bits <<= 2
    bits >>= 1
    assert alias is not bits and alias.tolist() == bits.tolist() == [4, 0, 8]
    x = autograd.tensor([5.0, -7.0])
    alias = x.view(2)
    x += 1
    x -= 2
    x *= 3
    x /= 2
    x //= 1
    x %= 5
    x **= 2
    assert alias.tolist() == x.tolist() == [1.0, 9.0]


def test_a_copy_is_a_result_of_its_own():
    w = leaf([1.0, 2.0])
    x = autograd.zeros(2, dtype=autograd.float64)
    x.copy_(w)
    assert not x.is_leaf
    x.retain_grad()
    (x * 3 + w).sum().backward()
    equal(x.grad, [3.0, 3.0])
    equal(w.grad, [4.0, 4.0])


def test_a_keyword_tensor_has_its_gradient():
    w = leaf(2.0)
    x = autograd.zeros(3, dtype=autograd.float64)
    x.scatter_(0, autograd.tensor([0, 2]), value=w)
    (x * autograd.tensor([1.0, 10.0, 100.0])).sum().backward()
    equal(w.grad, 101.0)


def test_a_python_function_of_elements():
    x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    column = x[:, 1]
    x.map_(autograd.tensor([10.0, 20.0]), lambda a, b: a * b)
    assert column.tolist() == [40.0, 80.0]
    assert x.apply_(lambda a: a + 1).tolist() == [[11.0, 41.0], [31.0, 81.0]]
    assert autograd.arange(2).apply_(lambda a: a + 1.5).tolist() == [1, 2]  # as PyTorch cuts it
    assert autograd.zeros(0, 2).apply_(lambda a: a + 1).shape == (0, 2)
    assert autograd.tensor(2.0).apply_(lambda a: a * 4).item() == 8.0


def test_the_diagonal_of_tall_and_deep_tensors():
    tall = autograd.zeros(5, 2).fill_diagonal_(1.0, wrap=True)
    assert tall.tolist() == [[1, 0], [0, 1], [0, 0], [1, 0], [0, 1]]
    assert autograd.zeros(5, 2).fill_diagonal_(1.0).sum().item() == 2
    assert autograd.zeros(2, 2, 2).fill_diagonal_(3.0)[1, 1, 1].item() == 3
    w = leaf(np.ones((2, 3)))
    (w * 2).fill_diagonal_(0.0).sum().backward()
    equal(w.grad, [[0.0, 2.0, 2.0], [2.0, 0.0, 2.0]])


REFUSED = [
    (lambda x: x.float_power_(2), RuntimeError, "float_power_.*float64.*float32"),
    (lambda x: x.cumsum_(0, dtype=autograd.float64), RuntimeError, "cumsum_.*float64.*float32"),
    (lambda x: x.cumprod_(0, dtype=autograd.int64), RuntimeError, "cumprod_.*int64.*float32"),
    (lambda x: x.long().erf_(), RuntimeError, "erf_.*float32.*int64"),
    (lambda x: x.bool().cumsum_(0), RuntimeError, "cumsum_.*int64.*bool"),
    (lambda x: x.addmm_(x[:1], x), ValueError, r"addmm.*\(1, 2\).*\(2, 2\)"),
    (lambda x: x[0].eq_(x), ValueError, r"eq_.*\(2,\).*\(2, 2\)"),
    (lambda x: x[0].fill_diagonal_(1), RuntimeError, r"fill_diagonal_.*\(2,\)"),
    (lambda x: x.view(2, 2, 1).fill_diagonal_(1), RuntimeError, r"fill_diagonal_.*\(2, 2, 1\)"),
    (lambda x: x.put_(autograd.arange(2), x), ValueError, r"put.*\(2, 2\).*\(2,\)"),
    (lambda x: x.put_(autograd.arange(4), x.double()), TypeError, "put.*float32.*float64"),
    (lambda x: x.put_(autograd.tensor([4]), x[0, :1]), IndexError, "4.*size 4"),
    (lambda x: x.index_put_((autograd.arange(1),), x.long()), TypeError, "index_put_.*int64"),
    (lambda x: x.map_(x.view(4, 1), max), ValueError, r"map_.*\(2, 2\).*\(4, 1\)"),
    (lambda x: x.apply_(str), TypeError, "apply_.*number"),
    (lambda x: x.view(1, 2, 2).t_(), RuntimeError, "t: .*2 axes"),
    (lambda x: x.unsqueeze_(4), IndexError, "unsqueeze.*4"),
    (lambda x: x.transpose_(0, 2), IndexError, "transpose.*2"),
]


@pytest.mark.parametrize("change, error, words", REFUSED)
def test_what_cannot_be_written_changes_nothing(change, error, words):
    x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(error, match=words):
        change(x)
    assert x.tolist() == [[1.0, 2.0], [3.0, 4.0]]


# -- the tensor's own shape ------------------------------------------------------------------------


def test_a_new_shape_over_the_same_memory():
    array = np.arange(6.0).reshape(1, 2, 3)
    x = autograd.from_numpy(array)
    view = x[0, 1]
    assert x.squeeze_().t_().unsqueeze_(-1).transpose_(0, 2) is x
    assert x.shape == (1, 2, 3) and x.stride()[1:] == (3, 1)
    assert x.swapaxes_(0, 1).swapdims_(1, 2).shape == (2, 3, 1)
    x[1].zero_()
    assert view.tolist() == [0.0, 0.0, 0.0]
    assert array.tolist() == [[[0.0, 1.0, 2.0], [0.0, 0.0, 0.0]]]


def test_values_kept_before_a_new_shape_are_still_right():
    w = leaf([[1.0, 2.0], [3.0, 4.0]])
    x = w * 1
    y = x * x
    x.t_()
    (y.sum() + (x * autograd.tensor([[1.0, 2.0], [3.0, 4.0]])).sum()).backward()
    equal(w.grad, [[3.0, 7.0], [8.0, 12.0]])


def test_a_new_shape_inside_no_grad():
    """A result stays one, and its gradient comes back in the shape that it had."""
    w = leaf([[1.0, 2.0], [3.0, 4.0]])
    x = w * 1
    with autograd.no_grad():
        x.t_()
    x[0].sum().backward()
    equal(w.grad, [[1.0, 0.0], [1.0, 0.0]])
    w = leaf([[1.0, 2.0]])
    with autograd.no_grad():
        w.t_()
    assert w.is_leaf and w.requires_grad
    (w * 3).sum().backward()
    equal(w.grad, [[3.0], [3.0]])


def test_a_retained_gradient_follows_to_the_new_shape():
    w = leaf([[1.0, 2.0]])
    x = w * 1
    x.retain_grad()
    x.t_()
    (x * autograd.tensor([[3.0], [5.0]])).sum().backward()
    equal(x.grad, [[3.0], [5.0]])
    equal(w.grad, [[3.0, 5.0]])


def test_a_scalar_inside_a_graph_gets_an_axis():
    w = leaf([1.0, 2.0])
    total = w.sum()
    total.unsqueeze_(0)[0].mul_(3)
    total.sum().backward()
    equal(w.grad, [3.0, 3.0])


# -- out of the graph ------------------------------------------------------------------------------


def test_detaching_in_place():
    w = leaf([1.0, 2.0])
    x = w * 2
    x.retain_grad()
    y = x * 3
    assert x.detach_() is x and x.is_leaf and not x.requires_grad and not x.retains_grad
    (y.sum() + (x * w).sum()).backward()
    equal(w.grad, [8.0, 10.0])
    assert x.grad is None
    with pytest.raises(RuntimeError, match=r"detach_: .*\(1,\).*detach\(\)"):
        (w * 2)[:1].detach_()
    assert w.detach_() is w and not w.requires_grad
