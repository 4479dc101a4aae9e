"""Normalisation in blocks: any number of threads gives the same bits; means near 0 and far off."""

import numpy as np
import pytest

from autograd.arrays.threads import get_num_threads, set_num_threads
from autograd.kernels.standardize import scaled, standardized, standardized_gradients
from autograd.kernels.sums import row_products

ROWS = ((700, 1, 768), (2,), (1, 768))
CHANNELS = ((24, 48, 300), (0, 2), (48, 1))


@pytest.fixture
def threads():
    before = get_num_threads()
    yield set_num_threads
    set_num_threads(before)


def both_ways(view, axes, groups, mean, dtype=np.float32):
    """The results and gradients, and what they are of."""
    rng = np.random.default_rng(3)
    x, g = rng.normal(mean, 1, view).astype(dtype), rng.normal(size=view).astype(dtype)
    weight, bias = rng.normal(size=(2, *groups)).astype(dtype)
    over = {"view": view, "axes": axes, "eps": 1e-5, "centred": True}
    out, *made = standardized(x, weight, bias, **over)
    return [out, *standardized_gradients(g, x, weight, *made, **over)], x, weight, bias


@pytest.mark.parametrize("mean", [0.5, 300.0])
@pytest.mark.parametrize("over", [ROWS, CHANNELS])
def test_any_number_of_threads_gives_the_same_bits(over, mean, threads):
    threads(1)
    alone, *_ = both_ways(*over, mean)
    threads(2)
    shared, *_ = both_ways(*over, mean)
    for a, b in zip(alone, shared, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("mean", [0.0, 1.9, 2.1, 30.0, 1e5])
@pytest.mark.parametrize("view, axes, groups", [ROWS, CHANNELS, ((6, 1, 40), (2,), (1, 40))])
def test_no_mean_costs_digits(view, axes, groups, mean):
    found, x, weight, bias = both_ways(view, axes, groups, mean)
    x = x.astype(np.float64)
    x -= x.mean(axes, keepdims=True)
    runs = (1, *groups) if axes == (2,) else (1, groups[0], 1)
    expected = x / np.sqrt(np.square(x).mean(axes, keepdims=True) + 1e-5)
    expected = expected * weight.reshape(runs) + bias.reshape(runs)
    np.testing.assert_allclose(found[0], expected, 1e-5, 5e-6)


def test_a_sample_may_be_larger_than_a_part():
    (out, *gradients), x, weight, bias = both_ways((2, 700, 300), (0, 2), (700, 1), 0.3)
    wide = [one.astype(np.float64) for one in (x, weight, bias)]
    over = {"view": x.shape, "axes": (0, 2), "eps": 1e-5, "centred": True}
    expected, *made = standardized.plain(*wide, **over)
    np.testing.assert_allclose(out, expected, 1e-5, 5e-6)
    rng = np.random.default_rng(3)
    rng.normal(0.3, 1, x.shape)
    g = rng.normal(size=x.shape).astype(np.float32).astype(np.float64)
    expected = standardized_gradients.plain(g, wide[0], wide[1], *made, **over)
    for one, other in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(one, other.reshape(one.shape), 1e-4, 1e-4)


@pytest.mark.parametrize("shape", [(3, 4096), (5, 4099), (200, 768), (600, 100), (0, 5), (1, 9000)])
def test_products_of_rows_in_pieces(shape):
    x, y = np.random.default_rng(0).integers(-4, 5, (2, *shape)).astype(float)
    np.testing.assert_array_equal(row_products(x, y), (x * y).sum(1))


@pytest.mark.parametrize("mean", [0.5, 1e4])
def test_no_given_mean_costs_digits(mean):
    x = (mean + np.random.default_rng(0).normal(size=(40, 3, 200))).astype(np.float32)
    given = [np.full(3, one, np.float32) for one in (mean, 1.5, 0.7, 0.2)]
    found = scaled(x, *given, eps=1e-5)
    wide = [one.astype(np.float64) for one in (x, *given)]
    assert np.abs(found - scaled.plain(*wide, eps=1e-5)).max() < 1e-6


@pytest.mark.parametrize("size", [1e-15, 1e17])
def test_no_scale_costs_a_gradient(size):
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(2, 60, 1, 300)).astype(np.float32)
    over = {"view": x.shape, "axes": (2,), "eps": 0.0, "centred": True}

    def of(x):
        return standardized_gradients(g, x, None, *standardized(x, None, None, **over)[1:], **over)

    scaled_up = of(x * np.float32(size))[0] * np.float32(size)
    np.testing.assert_allclose(scaled_up, of(x)[0], rtol=1e-5, atol=1e-5)
