"""Indices that name whole rows: the short way, and the one by elements."""

import numpy as np
import pytest

import autograd

random = np.random.default_rng(0)


@pytest.mark.parametrize("dim", [0, 1, 2])
@pytest.mark.parametrize("name", ["gather", "take_along_dim", "scatter", "scatter_add"])
def test_an_expanded_index_does_what_its_copy_does(name, dim):
    shape, count = [4, 5, 6], 3
    places = random.permutation(shape[dim])[:count] if name == "scatter" else [1, 1, 0]
    size = [count if i == dim else n for i, n in enumerate(shape)]
    lead = [count if i == dim else 1 for i in range(3)]
    spread = autograd.tensor(places).reshape(lead).expand(size)
    found = []
    for index in (spread, spread.clone()):
        assert (0 in index.numpy().strides) == (index is spread)
        x = autograd.tensor(np.arange(120.0).reshape(shape), requires_grad=True)
        y = autograd.tensor(np.arange(np.prod(size), dtype=float).reshape(size), requires_grad=True)
        if name == "take_along_dim":
            out = x.take_along_dim(index, dim)
        else:
            out = getattr(x, name)(dim, index, *([y] if "scatter" in name else []))
        (out * out).sum().backward()
        found.append([out.detach().numpy(), x.grad.numpy(), None if y.grad is None else y.grad])
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_rows_of_one_place_are_added_right_however_many():
    n = 300_000
    index, ones = autograd.zeros(n, dtype=autograd.int64), autograd.full((n, 8), 0.1)
    total = autograd.zeros(2, 8).index_add(0, index, ones)
    np.testing.assert_allclose(total[0].numpy(), np.float32(0.1).astype(float) * n, rtol=1e-6)
    assert (total[1] == 0).all()


@pytest.mark.parametrize("dtype", ["float16", "int16", "bool", "complex64"])
def test_rows_are_added_in_every_dtype(dtype):
    index = random.integers(0, 50, 400)
    values = random.integers(0, 2, (400, 9)).astype(dtype)
    expected = np.zeros((50, 9), dtype)
    np.add.at(expected, index, values)
    out = autograd.zeros(50, 9, dtype=getattr(autograd, dtype))
    out.index_put_((autograd.tensor(index),), autograd.tensor(values), accumulate=True)
    np.testing.assert_array_equal(out.numpy(), expected)
