"""Ops where the table's smooth samples do not reach: ties, zeros, infinities, integers at a rim."""

import math

import numpy as np
import pytest

import autograd
from autograd import grad, tensor

F64 = autograd.float64


def leaf(values):
    return tensor(values, dtype=F64, requires_grad=True)


def slopes(function, *values):
    """The gradients of the sum of ``function``'s result, at ``values``."""
    leaves = [leaf(value) for value in values]
    return [g.tolist() for g in grad(function(*leaves).sum(), leaves)]


# -- reductions ------------------------------------------------------------------------------------


def test_the_median_of_all_shares_its_gradient_among_ties():
    assert slopes(autograd.median, [[1.0, 2.0], [2.0, 5.0]]) == [[[0, 0.5], [0.5, 0]]]
    assert slopes(autograd.median, [3.0, math.nan, math.nan, 1.0]) == [[0, 0.5, 0.5, 0]]


def test_the_median_along_an_axis_gives_its_gradient_to_one():
    first = slopes(lambda x: autograd.median(x, 0).values, [1.0, 2.0, 2.0, 2.0, 5.0])[0]
    assert sorted(first) == [0, 0, 0, 0, 1]


def test_a_product_with_an_infinite_factor():
    assert slopes(autograd.prod, [math.inf, 2.0, 3.0]) == [[6, math.inf, math.inf]]
    with np.errstate(over="ignore"):
        assert slopes(autograd.prod, [1e300, 1e300, 2.0]) == [[2e300, 2e300, math.inf]]


def test_norm_takes_none_for_two():
    x = tensor([3.0, 4.0])
    assert autograd.norm(x, None) == x.norm(p=None) == 5


@pytest.mark.parametrize("name", ["median", "aminmax", "var_mean", "std_mean", "std", "max"])
def test_reductions_in_numpys_words(name):
    x, function = tensor([[1.0, 5.0, 2.0], [4.0, 3.0, 9.0]]), getattr(autograd, name)
    ours, numpys = function(x, dim=1, keepdim=True), function(x, axis=1, keepdims=True)
    for one, other in zip(ours, numpys, strict=True):
        assert one.tolist() == other.tolist()


# -- products added to something -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, shapes",
    [
        ("addmm", [(2, 3), (3, 2)]),
        ("addmv", [(2, 3), (3,)]),
        ("addr", [(2,), (2,)]),
        ("addbmm", [(4, 2, 3), (4, 3, 2)]),
        ("baddbmm", [(4, 2, 3), (4, 3, 2)]),
    ],
)
def test_with_beta_zero_the_input_counts_nothing(name, shapes):
    factors = [autograd.ones(shape) for shape in shapes]
    unset = tensor(math.nan, requires_grad=True)
    function = getattr(autograd, name)
    out = function(unset, *factors, beta=0)
    expected = function(tensor(0.0), *factors)
    assert out.tolist() == expected.tolist()
    out.sum().backward()
    assert unset.grad == 0


# -- elementwise -----------------------------------------------------------------------------------


@pytest.mark.parametrize("weight", [1.0, tensor(1.0), tensor([1.0, 1.0])], ids=str)
def test_lerp_arrives(weight):
    start, end = tensor([1e8, -1e8]), tensor([1.0, 0.1])
    assert autograd.lerp(start, end, weight).tolist() == end.tolist()


def test_the_square_of_booleans_counts():
    assert tensor([True, False]).square().dtype == autograd.int64


@pytest.mark.parametrize("dtype", [autograd.uint8, autograd.int8, autograd.int64])
@pytest.mark.parametrize("number", [-1, 300, 2**70])
def test_integers_are_compared_with_integers_of_any_size(dtype, number):
    values = [0, 1, 100]
    x = tensor(values, dtype=dtype)
    assert (x < number).tolist() == (number > x).tolist() == [v < number for v in values]
    assert (x >= number).tolist() == (number <= x).tolist() == [v >= number for v in values]
    assert (x == number).tolist() == [False] * 3 and (x != number).tolist() == [True] * 3


def test_numpys_dot_with_a_number():
    x = tensor([1.0, 2.0])
    assert np.dot(x, 2).tolist() == np.dot(2, x).tolist() == [2, 4]


# -- masks -----------------------------------------------------------------------------------------


def test_a_value_for_a_mask_may_have_axes_of_size_one_in_front():
    x, value = autograd.zeros(2, 3, dtype=F64), leaf([[[1.0, 2.0, 3.0]]])
    mask = tensor([[True, False, True], [False, True, False]])
    x[mask] = value
    assert x.tolist() == [[1, 0, 2], [0, 3, 0]]
    x.sum().backward()
    assert value.grad.tolist() == [[[1, 1, 1]]]
    with pytest.raises(ValueError, match="must broadcast"):
        x[mask] = autograd.ones(1, 2)


@pytest.mark.parametrize(
    "data, dtype",
    [
        ([np.float32(0.5), 1, 0], "float32"),
        ([np.float16(1.0), 2.0], "float32"),
        ([np.int64(1), 2.5], "float32"),
        ([0.0, np.float64(0.1)], "float64"),
        ([[1.0, 2], [np.float64(0.1), 3]], "float64"),
        ([np.float32(1.0), np.int64(3)], "float32"),
        ([np.float16(1), np.float16(2)], "float16"),
        ([True, np.int8(2)], "int8"),
        ([1, 2.5, True], "float32"),
        ([np.complex64(1j), np.float64(1)], "complex128"),
    ],
)
def test_numbers_of_several_kinds_make_their_common_dtype(data, dtype):
    made = autograd.tensor(data)
    assert made.dtype == dtype
    np.testing.assert_array_equal(made.numpy(), np.array(data, dtype))
    assert autograd.tensor([autograd.tensor(1), 0.5]).dtype == autograd.float32


def test_a_number_in_a_string_is_written_as_python_writes_it():
    loss = (autograd.ones(2, requires_grad=True) ** 2).sum()
    assert f"{loss} {loss:.1f} {autograd.tensor(3)} {autograd.tensor(0.1)}" == (
        "2.0 2.0 3 0.10000000149011612"
    )
    assert f"{autograd.tensor([1.5])}" == "tensor([1.5000])"
    assert f"{autograd.tensor(1.0)!s}" == "tensor(1.)"


def test_what_custom_optimisers_ask_for_is_there():
    p = autograd.ones(2, requires_grad=True)
    state = autograd.zeros_like(p, memory_format=autograd.preserve_format)
    assert not p.is_sparse and repr(autograd.contiguous_format) == "autograd.contiguous_format"
    assert state.clone(memory_format=autograd.contiguous_format).tolist() == [0.0, 0.0]
    assert p.contiguous(memory_format=autograd.contiguous_format) is p


@pytest.mark.parametrize("size", [1e30, 1e-30])
def test_direction_of_very_long_and_very_short_vectors(size):
    x = (autograd.tensor([3.0, 4.0]) * size).requires_grad_()
    (x / x.norm())[0].backward()
    np.testing.assert_allclose(x.grad.numpy() * size, [16 / 125, -12 / 125], rtol=1e-6)
