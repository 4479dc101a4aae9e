"""Odd arguments: 0-d, empty, zero divisors, negative powers, sizes that broadcast."""

import math

import numpy as np
import pytest

import autograd
from autograd import tensor


def leaf(data):
    return tensor(data, dtype=autograd.float64, requires_grad=True)


def values(result):
    return result.tolist()


# -- 0-d -------------------------------------------------------------------------------------------

REDUCED = [
    ("sum", True, 5.0, 1.0, 1.0), ("sum", False, 3.0, 0.0, 1.0), ("mean", True, 2.5, 0.5, 0.5),
    ("prod", True, 6.0, 3.0, 2.0), ("prod", False, 3.0, 0.0, 1.0), ("amax", True, 3.0, 0.0, 1.0),
    ("amax", False, 3.0, 0.0, 1.0), ("amin", True, 2.0, 1.0, 0.0), ("amin", False, 3.0, 0.0, 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("reduce", "own", "value", "of_x", "of_src"), REDUCED)
@pytest.mark.parametrize("row", [False, True])
def test_scatter_reduce_into_a_number(reduce, own, value, of_x, of_src, row):
    x, src = leaf(2.0), leaf([3.0] if row else 3.0)
    index = tensor([0] if row else 0)
    out = autograd.scatter_reduce(x, 0, index, src, reduce, include_self=own)
    out.backward()
    assert (values(out), values(x.grad)) == (value, of_x)
    assert values(src.grad) == ([of_src] if row else of_src)


def test_topk_of_a_number_is_the_number():
    assert autograd.topk(tensor(2.0), 0).values.item() == 2.0
    assert autograd.topk(tensor(2.0), 1).indices.item() == 0


def test_index_put_takes_a_single_place():
    x, v = leaf([[1.0, 2.0], [3.0, 4.0]]), leaf([5.0, 6.0])
    for accumulate, row, of_x in ((False, [5.0, 6.0], 0.0), (True, [8.0, 10.0], 1.0)):
        x.grad = v.grad = None
        out = autograd.index_put(x, (tensor(1),), v, accumulate=accumulate)
        assert values(out) == [[1.0, 2.0], row]
        out.sum().backward()
        assert values(x.grad) == [[1.0, 1.0], [of_x, of_x]]
        assert values(v.grad) == [1.0, 1.0]
    one = autograd.index_put(x, (tensor(1), tensor(0)), v[0], accumulate=True)
    assert values(one) == [[1.0, 2.0], [8.0, 4.0]]


# -- nothing ---------------------------------------------------------------------------------------


def test_median_of_nothing():
    x = leaf([])
    out = x.median()
    out.backward()
    assert math.isnan(out.item()) and x.grad.shape == (0,)
    assert math.isnan(autograd.zeros(2, 0).median().item())
    with pytest.raises(RuntimeError, match="median: there must be elements"):
        tensor([], dtype=autograd.int64).median()


def test_an_empty_index_gathers_and_scatters_nothing():
    x, none = leaf([[1.0, 2.0]]), tensor([], dtype=autograd.int64)
    out = x.gather(1, none)
    out.sum().backward()
    assert out.shape == (0,) and values(x.grad) == [[0.0, 0.0]]
    for made in (x.scatter(1, none, 2.0), x.scatter_add(0, none, leaf([]))):
        assert values(made) == [[1.0, 2.0]] and made is not x


# -- ellipses --------------------------------------------------------------------------------------


def test_ellipses_after_the_first_stand_for_no_axis():
    x = autograd.arange(6).view(2, 3)
    assert values(x[..., ...]) == values(x)
    assert values(x[..., 0, ...]) == [0, 3]
    assert values(x[0, ..., ...]) == [0, 1, 2]
    assert values(x[..., [1], ...]) == [[1], [4]]
    assert x[..., None, ...].shape == (2, 3, 1)
    assert tensor(1)[..., ...].item() == 1
    x[..., ...] = 7
    assert values(x) == [[7, 7, 7]] * 2


# -- integers --------------------------------------------------------------------------------------

DIVISIONS = {
    "//": lambda x, y: x // y,
    "%": lambda x, y: x % y,
    "fmod": autograd.fmod,
    "trunc": lambda x, y: autograd.div(x, y, rounding_mode="trunc"),
    "floor": lambda x, y: autograd.div(x, y, rounding_mode="floor"),
}


@pytest.mark.parametrize("divide", DIVISIONS.values(), ids=DIVISIONS)
def test_integers_are_not_divided_by_zero(divide):
    x = tensor([4, 7])
    for zero in (0, False, tensor(0), tensor([0, 1])):
        with pytest.raises(RuntimeError, match=r"ZeroDivisionError.* holds 0\. Divide x\.float"):
            divide(x, zero)
    assert divide(x, tensor([2, 3])).dtype == autograd.int64
    assert divide(x[:0], 0).shape == (0,)


def test_zero_divides_floats():
    x = tensor([1.0, -2.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        assert values(x // 0) == [math.inf, -math.inf]
        assert values((x % 0).isnan()) == [True, True]


def test_an_integer_in_place_stays_as_it_is_where_zero_divides():
    x = tensor([4, 7])
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        x //= 0
    assert values(x) == [4, 7]


def test_integers_to_negative_powers_are_rounded_to_zero():
    x = tensor([2, 1, -1, -1, 0, 3])
    assert values(x ** tensor([-1, -5, -1, -2, -1, 2])) == [0, 1, -1, 1, 0, 9]
    assert values(2 ** tensor([-1, 3])) == [0, 8]
    small = tensor([2], dtype=autograd.int32) ** tensor([-1], dtype=autograd.int32)
    assert (values(small), small.dtype) == ([0], autograd.int32)
    with pytest.raises(ValueError, match="negative integer powers"):
        x**-1


def test_scatter_reduce_of_integers():
    x, index, src = tensor([5, 6, 7]), tensor([0, 0, 2]), tensor([1, 2, 30])
    found = {
        (name, own): values(autograd.scatter_reduce(x, 0, index, src, name, include_self=own))
        for name in ("mean", "amax", "amin")
        for own in (True, False)
    }
    assert found == {
        ("mean", True): [2, 6, 18], ("mean", False): [1, 6, 30], ("amax", True): [5, 6, 30],
        ("amax", False): [2, 6, 30], ("amin", True): [1, 6, 7], ("amin", False): [1, 6, 30],
    }  # fmt: skip


# -- sizes that broadcast --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shapes", "dims"),
    [
        (((2, 3), (1, 1)), ([1], [0])),
        (((2, 1), (3, 2)), ([1], [0])),
        (((2, 3, 4), (1, 4, 5)), 2),
        (((2, 3, 1), (4, 3)), ([1, 2], [1, 0])),
    ],
)
def test_tensordot_broadcasts_paired_sizes(shapes, dims):
    random = np.random.default_rng(0)
    a, b = (leaf(random.uniform(size=shape)) for shape in shapes)
    out = autograd.tensordot(a, b, dims=dims)
    of_a, of_b = ([-2, -1][-dims:], [0, 1][:dims]) if isinstance(dims, int) else dims
    whole = [list(a.shape), list(b.shape)]
    for i, j in zip(of_a, of_b, strict=True):
        whole[0][i] = whole[1][j] = max(a.shape[i], b.shape[j])
    wide = [leaf(np.broadcast_to(one.detach().numpy(), n)) for one, n in zip((a, b), whole)]
    expected = autograd.tensordot(*wide, dims=dims)
    np.testing.assert_allclose(out.detach(), expected.detach(), rtol=1e-13)
    out.sum().backward()
    expected.sum().backward()
    for narrow, full in zip((a, b), wide, strict=True):
        np.testing.assert_allclose(narrow.grad, full.grad.sum_to_size(*narrow.shape), rtol=1e-13)


def test_tensordot_refuses_other_sizes():
    with pytest.raises(ValueError, match="tensordot: paired dimensions must have one size"):
        autograd.tensordot(autograd.ones(2, 3), autograd.ones(2, 5), dims=1)


def test_kron_keeps_copies():
    a = leaf([1.0, 2.0])
    b = a * 1
    out = autograd.kron(b, b)
    b.mul_(2)
    out.sum().backward()
    assert values(a.grad) == [6.0, 6.0]


def test_a_named_result_is_no_tensor():
    best = tensor([[1.0, 3.0]]).max(1)
    cure = (
        r"max: it returns the tuple \(values, indices\), which has no {}\. .* max\(\.\.\.\)\.values"
    )
    for wrong in (lambda: 0.9 * best, lambda: best + 1, lambda: 1 - best, lambda: -best):
        with pytest.raises(TypeError, match=cure.format("arithmetic")):
            wrong()
    with pytest.raises(AttributeError, match=cure.format(r"\.float")):
        best.float()
    with pytest.raises(TypeError, match=r"got the tuple \(values, indices\)\. Take .*: \.values\."):
        tensor([1.0]) + best
    assert best + (1,) == (best.values, best.indices, 1)


def test_an_array_of_a_gradient_names_the_line():
    with pytest.raises(RuntimeError, match=r"detach\(\)\.numpy\(\)\. At test_corners\.py:\d+ \("):
        leaf([1.0]).numpy()
