"""Convolutions and pooling in blocks: the same bits on any number of threads, little memory."""

import tracemalloc

import numpy as np
import pytest

from autograd import get_num_threads, set_num_threads
from autograd.kernels.columns import Columns, Geometry
from autograd.kernels.convolution import convolved, slopes, transposed
from autograd.kernels.pooling import Windows, greatest, leading, returned

random = np.random.default_rng(0)


def array(*shape):
    return random.normal(size=shape).astype(np.float32)


@pytest.fixture
def threads():
    before = get_num_threads()
    yield set_num_threads
    set_num_threads(before)


@pytest.mark.parametrize(
    ("x", "weight", "groups"),
    [
        (array(40, 40, 16, 16), array(24, 40, 3, 3), 1),
        (array(60, 2, 20, 20), array(32, 2, 3, 3), 1),
        (array(40, 16, 20, 20), array(24, 4, 3, 3), 4),
        (array(40, 64, 20, 20), array(64, 1, 3, 3), 64),
    ],
    ids=["channels last", "few channels", "groups", "tap by tap"],
)
def test_blocks_are_cut_by_sizes_alone(x, weight, groups, threads):
    geometry, size = Geometry((1, 1), (1, 1), (1, 1), groups), x.shape[2:]
    g = array(len(x), len(weight), *size)
    found = []
    for n in (1, 2, 3):
        threads(n)
        found.append(
            (
                convolved(x, weight, None, size=size, geometry=geometry),
                transposed(g, weight, None, size=size, geometry=geometry),
                slopes(g, x, size=(3, 3), geometry=geometry),
            )
        )
    for others in found[1:]:
        for one, other in zip(found[0], others, strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("x", "weight", "groups"),
    [
        (array(5, 40, 16, 16), array(24, 40, 3, 3), 1),
        (array(1, 40, 90, 40), array(24, 40, 3, 3), 1),
        (array(2, 40, 9, 150), array(24, 40, 3, 3), 1),
        (array(9, 16, 30, 30), array(24, 4, 3, 3), 4),
        (array(9, 16, 30, 30), array(32, 1, 3, 3), 16),
        (array(2, 32, 9, 150), array(24, 16, 3, 3), 2),
    ],
    ids=["channels last", "parts of an image", "broad", "groups", "by taps", "broad groups"],
)
@pytest.mark.parametrize(("stride", "before"), [(1, 1), (2, 1), (2, 0)])
def test_every_layout_says_what_the_plain_form_says(x, weight, groups, stride, before):
    geometry = Geometry((stride, stride), (before, before), (1, 1), groups)
    size = tuple([(n + 2 * before - 3) // stride + 1 for n in x.shape[2:]])
    g, bias = array(len(x), len(weight), *size), array(len(weight))
    calls = [
        (convolved, (x, weight, bias), {"size": size}),
        (transposed, (g, weight, None), {"size": x.shape[2:]}),
        (slopes, (g, x), {"size": (3, 3)}),
    ]
    for kernel, arrays, facts in calls:
        expected = kernel.plain(*arrays, **facts, geometry=geometry)
        found = kernel(*arrays, **facts, geometry=geometry)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize(("dilation", "before"), [(1, 0), (1, 1), (8, 8), (8, 3)])
def test_long_sequences_are_taken_by_taps(dilation, before):
    x, weight, bias = array(3, 48, 300), array(20, 24, 3), array(20)
    geometry = Geometry((1,), (before,), (dilation,), 2)
    size = (300 + 2 * before - 2 * dilation,)
    g = array(3, 20, *size)
    assert Columns(x, size, (3,), geometry).by_taps
    calls = [
        (convolved, (x, weight, bias), {"size": size}),
        (transposed, (g, weight, array(48)), {"size": (300,)}),
        (slopes, (g, x), {"size": (3,)}),
        (slopes, (np.moveaxis(np.moveaxis(g, 1, 2).copy(), 1, 2), x), {"size": (3,)}),
    ]
    for kernel, arrays, facts in calls:
        expected = kernel.plain(*arrays, **facts, geometry=geometry)
        found = kernel(*arrays, **facts, geometry=geometry)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_what_is_not_finite_does_not_meet_zeros_between_rows():
    x, g, geometry = array(2, 3, 6, 6), array(2, 3, 4, 4), Geometry((1, 1), (0, 0), (1, 1), 3)
    x[0, 0, 2, 5] = np.inf  # at the end of a row: three taps out of nine never see it
    found = slopes(g, x, size=(3, 3), geometry=geometry)
    np.testing.assert_array_equal(np.isfinite(found[0, 0, 0]), [True, True, False])
    np.testing.assert_array_equal(
        np.isnan(found), np.isnan(slopes.plain(g, x, size=(3, 3), geometry=geometry))
    )


def test_groups_share_one_product(monkeypatch):
    calls, matmul = [], np.matmul
    monkeypatch.setattr(
        np, "matmul", lambda *args, **facts: calls.append(1) or matmul(*args, **facts)
    )
    x, weight = array(2, 32, 8, 8), array(32, 2, 3, 3)
    convolved(x, weight, None, size=(6, 6), geometry=Geometry((1, 1), (0, 0), (1, 1), 16))
    assert len(calls) == 1


def test_pooling_in_parts(threads):
    x, windows = array(20, 64, 40, 40), Windows((20, 20), (2, 2), (2, 2), (0, 0), (1, 1))
    threads(2)
    best = greatest(x, windows=windows)
    taps = leading(x, best, windows=windows)
    np.testing.assert_array_equal(best, greatest.plain(x, windows=windows))
    np.testing.assert_array_equal(taps, leading.plain(x, best, windows=windows))
    np.testing.assert_array_equal(
        returned(best, taps, shape=(40, 40), windows=windows),
        returned.plain(best, taps, shape=(40, 40), windows=windows),
    )


def test_columns_are_never_those_of_the_whole_batch(threads):
    threads(2)
    x, weight = array(64, 32, 26, 26), array(16, 32, 3, 3)
    tracemalloc.start()
    out = convolved(x, weight, None, size=(24, 24), geometry=Geometry((1, 1), (0, 0), (1, 1)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    columns = 64 * 24 * 24 * 32 * 9 * 4
    assert peak - out.nbytes < columns / 2.5
