"""Products cut into pieces, beside NumPy's."""

import numpy as np
import pytest

from autograd.kernels.products import NARROW, PLAIN, narrow_product

random = np.random.default_rng(11)


@pytest.mark.parametrize(
    "n, k, m",
    [
        (0, 4, 3),
        (5, 0, 3),
        (5, 4, 0),
        (7, 4, 3),
        (2 * PLAIN // (64 * NARROW) + 3, 64, NARROW),  # pieces, and a rest
        (PLAIN // 64 // 8 * 8 * 2, 64, 1),  # no rest
        (3000, 64, NARROW + 1),
        (400, PLAIN // NARROW, NARROW),  # pieces of a row
    ],
)
def test_a_product_of_few_columns_is_that_of_numpy(n, k, m):
    x = random.integers(-4, 5, (n, k)).astype(np.float32)  # whose sums are the same in any order
    y = random.integers(-4, 5, (k, m)).astype(np.float32)
    assert np.array_equal(narrow_product(x, y), x @ y)
    assert narrow_product(x, y).dtype == np.float32
