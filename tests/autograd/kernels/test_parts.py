"""What parts of arrays are worked on with: numbers of rows, and memory that tasks lend."""

import numpy as np
import pytest

from autograd.kernels.layout import aligned
from autograd.kernels.parts import Rooms, met, rows_of


@pytest.mark.parametrize("n", [1, 255, 256, 257, 300, 1000, 4099, 8191, 8192, 9000])
@pytest.mark.parametrize("ufunc", [np.subtract, np.multiply])
def test_numbers_meet_rows_of_any_length(ufunc, n):
    rng = np.random.default_rng(0)
    x, numbers = rng.normal(size=(70, n)).astype("f4"), rng.normal(size=(70, 1)).astype("f4")
    expected, out = ufunc(x, numbers), np.empty_like(x)
    assert met(ufunc, x, numbers, out) is out
    np.testing.assert_array_equal(out, expected)
    met(ufunc, x, numbers, x)
    np.testing.assert_array_equal(x, expected)


def test_the_size_of_buffers_is_the_callers_again():
    before, x = np.getbufsize(), np.ones((70, 300), "f4")
    met(np.multiply, x, x[:, :1], x)
    assert np.getbufsize() == before
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        met(np.multiply, x * 9, np.full((70, 1), 3e38, "f4"), x)
    assert np.getbufsize() == before


def test_a_room_is_lent_to_one_at_a_time():
    rooms = Rooms(np.ones((7, 3), "f4"), rows_of(7, 3, size=9))
    one, other = rooms.taken(), rooms.taken()
    assert one.shape == other.shape == (3, 3)
    assert one.dtype == "f4"
    assert not np.shares_memory(one, other)
    rooms.give(one)
    assert rooms.taken() is one


@pytest.mark.parametrize("shape", [(), (0, 5), (3, 5), (300, 257)])
@pytest.mark.parametrize("dtype", ["f4", "f8", "c16"])
def test_what_is_large_begins_at_a_cache_line(shape, dtype):
    found = aligned(shape, dtype)
    assert found.shape == shape
    assert found.dtype == dtype
    assert found.flags.c_contiguous
    assert found.flags.writeable
    assert found.nbytes < 2**18 or found.__array_interface__["data"][0] % 64 == 0
