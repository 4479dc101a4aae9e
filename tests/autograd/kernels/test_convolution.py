"""Convolutions and pooling in blocks: the same bits on any number of threads, little memory."""

import tracemalloc

import numpy as np
import pytest

from autograd import get_num_threads, set_num_threads
from autograd.kernels.convolution import Geometry, convolved, slopes, transposed
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
        (array(40, 64, 20, 20), array(64, 1, 3, 3), 64),
    ],
    ids=["channels last", "few channels", "tap by tap"],
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
