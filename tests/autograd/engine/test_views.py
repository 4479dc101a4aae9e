"""In-place changes through views: every tensor over the memory keeps the right gradient."""

import gc
import weakref

import numpy as np
import pytest

import autograd
from autograd import Function, gradcheck, gradgradcheck
from tests.graph_cases import equal, leaf


def rows(x, s):
    x[0].mul_(s)
    return x


def two_indices(x, s):
    x[0][1] += s * s
    x[1][2] = s
    return x


def swapped(x, s):
    x[0], x[1] = x[1] + s, x[0].clone()
    return x


def transposed(x, s):
    x.t()[1:].mul_(x.sum() * s)
    return x


def flattened(x, s):
    x.view(-1)[1:7:2].copy_(s * s)
    return x


def diagonal(x, s):
    x.diagonal().add_(s)
    return x * x


def split(x, s):
    first, second, _ = x.unbind(0)
    first.mul_(s)
    second.sub_(first)
    return x


def zeroed(x, s):
    x[:, 1:3].zero_()
    return x * s


def seen_through_others(x, s):
    row, column, rest = x[0], x[:, 1], x[2:]
    row.mul_(s)
    column.mul_(s * s)
    return row.sum(), column, rest, x


def base_changed(x, s):
    row, corner = x[1], x[:2, :2]
    x.mul_(s)
    x += row.sum()
    return row * row, corner


def in_order_of_columns(x, s):
    x = x.t() * s  # an array in Fortran's order
    x[1].mul_(s)
    part = x[:, 1:]
    x[2, 0:2] = s
    return x, part


def over_a_constant(x, s):
    memory = autograd.zeros(2, 3, 4, dtype=x.dtype)
    memory[0].copy_(x)
    memory[1][0] = x[0] * s
    return memory.transpose(0, 2)


def over_flipped_memory(x, s):
    memory = autograd.from_numpy(np.zeros((6, 8))[::-2, ::-2])
    part = memory[1:]
    memory[0:2].add_(x[1:] * s)
    memory[2].add_(x[0])
    return memory * s, part


def of_a_scalar(x, s):
    total = x.sum()
    vector = total.reshape(1)
    vector.mul_(s)
    total.view(1, 1)[0, 0] += s
    return total * total, vector * 3


def turned_under_its_views(x, s):
    row, corner = x[0], x[:2, 1:3]
    row.mul_(s)
    x.t_()
    corner.sub_(s)
    x[1:, 1].mul_(s * s)
    return x * x, row, corner


def turned_views(x, s):
    corner = x[:2, 1:3]
    corner.t_().unsqueeze_(1)
    corner[1].mul_(s)
    x.transpose_(0, 1).mul_(x.sum())
    corner.squeeze_()[0, 1] = s
    return x, corner * s


def expanded(x, s):
    """Several elements of the view are one place: their gradients add up."""
    seen = x.expand(2, 3, 4)
    part = seen[1, 1:]
    x.mul_(s)
    return seen[0] * s + seen[1] * seen[1], part


def unfolded(x, s):
    seen = x.unfold(1, 2, 1)
    x.mul_(s)
    return seen * s


def expanded_scalar(x, s):
    total = x.sum()
    seen = total.expand(3)
    total.mul_(s)
    return seen * seen


PROGRAMS = [
    expanded, unfolded, expanded_scalar,
    rows, two_indices, swapped, transposed, flattened, diagonal, split, zeroed, seen_through_others,
    base_changed, in_order_of_columns, over_a_constant, over_flipped_memory, of_a_scalar,
    turned_under_its_views, turned_views,
]  # fmt: skip
# PyTorch refuses to change one of several views of one call; two programs make tensors of ours
FOR_BOTH = [one for one in PROGRAMS if one not in (split, over_a_constant, over_flipped_memory)]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_first_and_second_derivatives_are_right(program):
    def fresh(x, s):
        return program(x.clone(), s)

    inputs = leaf(np.arange(1.0, 13.0).reshape(3, 4) / 10), leaf(1.3)
    assert gradcheck(fresh, inputs)
    assert gradgradcheck(fresh, inputs)
    results = fresh(*inputs)
    loss = sum((one * one).sum() for one in (results if type(results) is tuple else (results,)))
    plain = autograd.grad(loss, inputs, retain_graph=True)
    recorded = autograd.grad(loss, inputs, create_graph=True)
    for one, other in zip(plain, recorded, strict=True):
        equal(one, other.detach())


@pytest.mark.torch
@pytest.mark.parametrize("program", FOR_BOTH, ids=lambda program: program.__name__)
def test_values_and_gradients_are_pytorchs(program):
    torch = pytest.importorskip("torch")
    array = np.arange(1.0, 13.0).reshape(3, 4) / 10
    found = []
    for library in (autograd, torch):
        x = library.tensor(array, requires_grad=True)
        s = library.tensor(1.3, dtype=library.float64, requires_grad=True)
        results = program(x.clone(), s)
        results = results if isinstance(results, tuple) else (results,)
        sum((one * one).sum() for one in results).backward()
        found.append([*(one.detach().numpy() for one in results), x.grad.numpy(), s.grad.numpy()])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_names_are_pytorchs():
    x = leaf([[1.0, 2.0], [3.0, 4.0]]) * 1
    column = x[:, 0]
    x[0].mul_(2)
    assert repr(x).endswith("grad_fn=<CopySlices>)")
    assert repr(column).endswith("grad_fn=<AsStridedBackward0>)")


def test_a_view_that_was_not_touched_keeps_its_edge():
    x = leaf([[1.0, 2.0], [3.0, 4.0]]) * 1
    second = x[1]
    edge = second.grad_fn
    x[0].mul_(2)
    assert second.grad_fn is edge


def test_retained_gradients_follow_the_tensor():
    w = leaf([1.0, 2.0, 3.0])
    x = w * 1
    x.retain_grad()
    view = x[:2]
    view.retain_grad()
    x.mul_(3)
    (view * 5).sum().backward()
    equal(x.grad, [5.0, 5.0, 0.0])
    equal(view.grad, [5.0, 5.0])
    equal(w.grad, [15.0, 15.0, 0.0])


def test_only_the_gradients_asked_for_are_computed():
    x, y = leaf([1.0, 2.0]), leaf([3.0])
    z = x * 1
    z[:1].mul_(y)
    equal(autograd.grad(z.sum(), [y], retain_graph=True)[0], [1.0])
    equal(autograd.grad(z.sum(), [x])[0], [3.0, 1.0])


def test_writing_to_no_element_changes_nothing():
    x = leaf([1.0, 2.0]) * 1
    edge = x.grad_fn
    x[:0].mul_(5)
    assert x.grad_fn is edge


def test_constants_over_constants_stay_constants():
    x = autograd.zeros(2, 2)
    row = x[0]
    row.add_(1)
    x[0][1] = 5
    assert not x.requires_grad and not row.requires_grad
    equal(x, [[1.0, 5.0], [0.0, 0.0]])


def test_a_detached_view_changes_values_alone():
    w = leaf([1.0, 2.0])
    x = w * 1
    x.detach()[0] = 7.0
    x.data[1] = 8.0
    x.sum().backward()
    equal(x, [7.0, 8.0])
    equal(w.grad, [1.0, 1.0])


def test_a_view_taken_inside_no_grad_cannot_be_changed_outside():
    x = leaf([1.0, 2.0]) * 1
    with autograd.no_grad():
        view = x[:1]
        view.mul_(2)
    with pytest.raises(RuntimeError, match="taken inside no_grad"):
        view.mul_(2)
    with pytest.raises(RuntimeError, match="taken inside no_grad"):
        view[:1].mul_(2)
    equal(x, [2.0, 2.0])


def test_a_view_of_a_leaf_cannot_be_changed():
    w = leaf([1.0, 2.0])
    with pytest.raises(RuntimeError, match="view of a leaf"):
        w[:1].mul_(2)
    with pytest.raises(RuntimeError, match="view of a leaf"):
        w.view(2, 1)[0][0] = 3
    equal(w, [1.0, 2.0])


class Reversal(Function):
    """The identity forward, a sign backward: what it returns is no plain view."""

    def forward(self, x):
        return x[...]

    def grad_x(self, g):
        return -g


@pytest.mark.parametrize("changed", ["base", "view", "view of the view"])
def test_the_gradient_of_a_custom_op_is_not_passed_over(changed):
    x = leaf([1.0, 2.0])
    base = x * 1
    view = Reversal.apply(base)
    part = view[:1]
    {"base": base, "view": view, "view of the view": part}[changed].mul_(3)
    others = [one for one in (base, view, part) if one.grad_fn.name() != "MulBackward0"]
    assert len(others) == 2
    for one in others:
        with pytest.raises(RuntimeError, match="looks at the same memory"):
            one.sum().backward(retain_graph=True)


def test_views_and_what_they_were_given_die():
    x = leaf([1.0, 2.0]) * 1
    view = x[:1]
    x.mul_(2)
    node = weakref.ref(view.grad_fn)
    gc.disable()
    try:
        del x, view
        assert node() is None
    finally:
        gc.enable()
