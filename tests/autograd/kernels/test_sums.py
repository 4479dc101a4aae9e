"""Long sums: right to 1e-6 in float32, in every layout, along all axes; float16 rounded once."""

import itertools

import numpy as np
import pytest

from autograd.arrays.threads import get_num_threads, set_num_threads
from autograd.kernels.recurrence import running_logarithm, running_sum
from autograd.kernels.scatter import add_at
from autograd.kernels.sums import (
    count_over,
    dot_product,
    sum_of_products,
    sum_over,
)


@pytest.fixture
def threads():
    before = get_num_threads()
    yield set_num_threads
    set_num_threads(before)


WIDE = {"float16": np.float64, "float32": np.float64, "complex64": np.complex128}
TOLERANCE = {"float16": 5e-4, "float32": 1e-6, "complex64": 1e-6}


def positive(shape, dtype="float32", seed=0):
    return (np.random.default_rng(seed).random(shape) + 0.1).astype(dtype)


def off_by(found, true):
    return float(np.max(np.abs(found / true - 1))) if np.size(true) else 0.0


LAYOUTS = {
    "rows": lambda x: x,
    "columns": np.asfortranarray,
    "every second": lambda x: np.repeat(x, 2, -1)[..., ::2],
    "every second row": lambda x: np.repeat(x, 2, 0)[::2],
    "a part": lambda x: np.concatenate([x, x], -1)[..., : x.shape[-1]],
    "backwards": lambda x: x[::-1],
    "transposed": np.transpose,
    "a row again and again": lambda x: np.broadcast_to(x[:1], x.shape),
    "a column again and again": lambda x: np.broadcast_to(x[..., :1], x.shape),
}
SHAPES = [
    (3000,), (7, 300), (3000, 2), (1, 3000, 1, 2), (65, 40, 3), (5, 100, 9), (2, 3, 4, 500),
]  # fmt: skip


@pytest.mark.parametrize("dtype", WIDE)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_sums_along_any_axes_of_any_layout(shape, layout, dtype):
    x = LAYOUTS[layout](positive(shape, dtype) / (100 if dtype == "float16" else 1)).astype(
        dtype, copy=False
    )
    choices = [c for r in range(x.ndim + 1) for c in itertools.combinations(range(x.ndim), r)]
    for axis in [*choices, *range(-x.ndim, x.ndim), None]:
        for keepdims in (False, True):
            found = sum_over(x, axis=axis, keepdims=keepdims)
            true = np.add.reduce(x, axis, WIDE[dtype], None, keepdims)
            assert isinstance(found, np.ndarray) == isinstance(true, np.ndarray)
            assert found.shape == true.shape and found.dtype == dtype
            assert off_by(found, true) <= TOLERANCE[dtype]


@pytest.mark.parametrize(
    "shape, axis",
    [
        ((10**7,), None), ((5 * 10**6, 2), 0), ((10**6, 10), 0), ((10**4, 1000), 0),
        ((150, 66_667), 0), ((10, 10**5, 10), 1), ((10, 10**5, 10), (0, 2)), ((10**5, 100), (0, 1)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", [0.1, 0.7])
def test_ten_million_terms(shape, axis, value):
    x = np.full(shape, value, np.float32)
    terms = x.size / np.size(np.empty(shape, bool).any(axis))
    assert off_by(sum_over(x, axis=axis), terms * float(np.float32(value))) <= 1e-6


@pytest.mark.parametrize(
    "shape, axis",
    [((700, 40, 64), 1), ((40, 250, 200), 0), ((40, 250, 200), 1), ((100, 30_000), 0),
     ((5, 64, 2_000), 1), ((3_000, 300), 0), ((40_000, 30), 0)],
)  # fmt: skip
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_sums_of_rows_are_right_and_the_same_by_any_number_of_threads(shape, axis, dtype, threads):
    x = positive(shape, dtype)
    threads(1)
    alone = sum_over(x, axis=axis)
    right = 1e-6 if dtype == "float32" else 1e-14
    assert off_by(alone, np.add.reduce(x, axis, np.float64)) <= right
    threads(2)
    np.testing.assert_array_equal(sum_over(x, axis=axis), alone)


def test_ten_million_terms_of_a_part_of_the_columns():
    x = np.full((10**6, 4), 0.1, np.float32)[:, :3]
    for axis, terms in ((0, 10**6), (None, 3 * 10**6)):
        assert off_by(sum_over(x, axis=axis), terms * float(np.float32(0.1))) <= 1e-6


def test_what_is_not_finite_stays_so():
    x = positive((5000, 3))
    x[1234, 0], x[4999, 1] = np.inf, np.nan
    found = sum_over(x, axis=0)
    assert np.isposinf(found[0]) and np.isnan(found[1]) and np.isfinite(found[2])


def test_other_dtypes_are_summed_as_numpy_does():
    x = np.arange(9000).reshape(3000, 3)
    assert (sum_over(x, axis=0) == x.sum(0)).all() and sum_over(x, axis=0).dtype == np.int64
    narrow = sum_over(x.astype(np.uint8), axis=0, dtype=np.uint8)
    assert narrow.dtype == np.uint8 and (narrow == x.sum(0) % 256).all()
    assert sum_over(positive((3000, 3)), axis=0, dtype=np.float64).dtype == np.float64
    assert (
        sum_over(positive((3000, 0)), axis=0).shape == (0,)
        and sum_over(positive((0, 3)), axis=0)[0] == 0
    )


def test_halves_are_added_in_float32():
    assert sum_over(np.array([2048, 1, 1], np.float16)) == 2050
    assert sum_over(np.array([60000, 60000, -60000], np.float16)) == 60000


@pytest.mark.parametrize("shape, axis", [((10**6,), 0), ((200, 300), 0), ((3, 500, 2), 1)])
def test_running_sums(shape, axis):
    x = np.full(shape, 0.1, np.float32)
    assert off_by(running_sum(x, axis=axis), np.cumsum(x, axis, np.float64)) <= 1e-7
    halves = np.full(shape, 0.01, np.float16)
    true = np.cumsum(halves, axis, np.float64)
    assert off_by(running_sum(halves, axis=axis), true) <= 5e-4
    assert (
        running_sum(x, axis=axis).dtype == np.float32
        and running_sum(x[:1], axis=0, dtype=int).dtype == int
    )


def test_running_logarithms():
    found = running_logarithm(np.zeros((3 * 10**6, 1), np.float32), axis=0)
    assert off_by(found[[10**5, -1], 0], np.log([10**5 + 1, 3 * 10**6])) <= 1e-6


def test_counts_are_exact():
    many = np.ones((70_000, 1), bool)
    assert count_over(many, axis=0, dtype=np.float32) == 70_000


@pytest.mark.parametrize(
    "equation, left, right",
    [
        ("bi,bi->b", (2, 10**6), (2, 10**6)),
        ("ib,ib->b", (10**6, 2), (10**6, 2)),
        ("ib,bi->b", (10**5, 3), (3, 10**5)),
        ("bij,bji->b", (3, 70, 900), (3, 900, 70)),
        ("bij,ibj->bj", (5, 100, 7), (100, 5, 7)),
    ],
)
def test_sums_of_products(equation, left, right):
    x, y = np.full(left, 0.1, np.float32), np.full(right, 0.7, np.float32)
    true = np.einsum(equation, x.astype(float), y.astype(float))
    found = sum_of_products(x, y, equation=equation)
    assert found.shape == true.shape and found.dtype == np.float32
    assert off_by(found, true) <= 1e-6
    x, y = positive(left), positive(right, seed=1)
    true = np.einsum(equation, x.astype(float), y.astype(float))
    assert off_by(sum_of_products(x, y, equation=equation), true) <= 1e-6


def test_dot_products():
    x, y = np.full(10**7 + 3, 0.1, np.float32), np.ones(10**7 + 3, np.float32)
    assert off_by(dot_product(x, y), (10**7 + 3) * float(np.float32(0.1))) <= 1e-6
    halves = np.full(70_000, 0.5, np.float16)
    assert off_by(dot_product(halves, halves), 17_500) <= 5e-4


@pytest.mark.parametrize("row", [(), (3,)])
@pytest.mark.parametrize("sign", [1, -1], ids=["forward", "from the end"])
@pytest.mark.parametrize("size", [4, 10**6])
def test_values_added_at_one_place(row, sign, size):
    n, index = 300_000, np.full(300_000, 2)
    out = np.zeros((size, *row), np.float32)
    add_at(out, index if sign > 0 else index - size, np.full((n, *row), 0.1, np.float32))
    assert off_by(out[2], n * float(np.float32(0.1))) <= 1e-6
    assert not out[:2].any() and not out[3:].any()


def test_halves_added_at_one_place():
    out = np.array([2048, 5], np.float16)
    add_at(out, np.array([0, 0, 1]), np.array([1, 1, 1], np.float16))
    assert out.tolist() == [2050, 6]


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_values_added_where_an_index_counts_from_the_end(dtype):
    values = np.arange(1, 5).astype(dtype)
    for size in (3, 1000):
        out = np.ones((2, size), dtype)
        add_at(out, (slice(None), np.array([0, -size, -1, 0])), values)
        assert out[:, 0].tolist() == [8, 8] and out[:, -1].tolist() == [4, 4]
        assert out.sum() == 2 * (size + 10)
    with pytest.raises(IndexError):
        add_at(np.ones(3, dtype), np.array([-4]), values[:1])
