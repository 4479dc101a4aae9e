"""Array: NumPy's operators, indexing and writes, against NumPy and finite differences."""

from __future__ import annotations

import operator

import numpy as np
import pytest

import autograd
import autograd.numpy  # noqa: F401  what np.sum and kin mean for an Array
import nn
from autograd.core import make_vjp
from autograd.engine.graph import wrap
from autograd.tensors.array import Array

X = np.random.default_rng(0).uniform(0.5, 2.0, (4, 3))
Y = np.random.default_rng(1).uniform(0.5, 2.0, (4, 3))


def of(array):
    return wrap(np.asarray(array)[()], None, Array)


def grad(function):
    def of_x(x):
        vjp, out = make_vjp(function, x)
        return vjp(np.ones(np.shape(getattr(out, "_data", out))))

    return of_x


def numeric(function, x, eps=1e-6):
    d = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[at] = eps
        d[at] = (np.sum(function(x + step)) - np.sum(function(x - step))) / (2 * eps)
    return d


def check(function):
    np.testing.assert_allclose(function(of(X))._data, function(X))
    np.testing.assert_allclose(grad(function)(X), numeric(function, X), rtol=1e-5, atol=1e-7)
    first = grad(function)
    cube = grad(lambda x: function(x) * function(x) * function(x))
    np.testing.assert_allclose(
        cube(X), 3 * numeric(lambda x: function(x) ** 3 / 3, X), rtol=1e-5, atol=1e-6
    )
    second = grad(lambda x: first(x * x) * Y * x)
    np.testing.assert_allclose(
        second(X), numeric(lambda x: first(x * x) * Y * x, X), rtol=1e-4, atol=1e-5
    )


BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]


@pytest.mark.parametrize("op", BINARY)
@pytest.mark.parametrize("other", [2, 1.5, np.float64(1.5), Y, Y[0]], ids=str)
def test_operators(op, other):
    check(lambda x: op(x, other))
    check(lambda x: op(other, x))


@pytest.mark.parametrize("op", [operator.matmul])
def test_matmul(op):
    check(lambda x: op(x, Y[0]) * 1)
    check(lambda x: op(Y.T, x))


INDICES = [
    3,
    -1,
    slice(None, None, -1),
    (slice(None, None, -2), 1),
    (2, slice(1, None)),
    [0, 0, 2],
    (slice(None), [1, 0, 1]),
    (None, [3, 1]),
    (Ellipsis, 0),
    (1, None, [2, 0]),
    (np.array([0, 3]), np.array([1, 1])),
    X > 1.0,
]


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_indexing(index):
    check(lambda x: x[index])


def test_axes_stand_where_numpy_places_them():
    x = np.arange(120.0).reshape(4, 5, 6)
    assert of(x)[3, 2:, [1, 3]].shape == x[3, 2:, [1, 3]].shape == (2, 3)


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_writes(index):
    def written(x):
        y = x * 2
        y[index] = x[index] * x[index]
        return y * x

    check(written)


def test_a_write_through_a_view_reaches_the_base():
    def written(x):
        y = x * 1
        row = y[1]
        row[::-1] = x[0]
        return y * y

    np.testing.assert_allclose(grad(written)(X), numeric(written, X), rtol=1e-5, atol=1e-7)


def test_adding_to_a_part():
    def written(x):
        y = x * 1
        y[0] += x[1] * 3
        return y * y

    np.testing.assert_allclose(grad(written)(X), numeric(written, X), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("op", [*BINARY, operator.matmul], ids=lambda op: op.__name__)
def test_any_array_makes_an_array(op):
    square = np.eye(2) + 1
    tensor = autograd.tensor(square)
    for x, y in [(of(square), tensor), (tensor, of(square))]:
        assert type(op(x, y)) is Array
    for x, y in [(of(square), square), (square, of(square))]:
        assert type(op(x, y)) is Array


def test_promotion_is_numpys():
    half = of(np.ones((2, 2), np.float32))
    assert (half * 2.0).dtype == (2 * half).dtype == np.float32
    assert (half * np.ones((2, 2))).dtype == (half @ np.ones((2, 2))).dtype == np.float64
    assert (np.arange(2) * half).dtype == np.float64
    assert (half * np.float64(2)).dtype == (half ** np.float64(2)).dtype == np.float64
    assert (half * 1j).dtype == np.complex64


@pytest.mark.parametrize("op", [operator.lt, operator.ge, operator.eq, operator.ne])
def test_comparisons_are_plain(op):
    for found in (op(of(X), 1.0), op(of(X), of(Y)), op(1.0, of(X))):
        assert type(found) is np.ndarray and found.dtype == bool


def test_plain_answers():
    x = of(X)
    assert x.argmax() == X.argmax() and type(x.argsort()) is np.ndarray
    assert len(x) == 4 and x.size == 12 and x.tolist() == X.tolist()
    assert [type(row) for row in x] == [Array] * 4
    assert x.astype(int).dtype == int and x.astype(np.float32).dtype == np.float32
    np.testing.assert_array_equal(x // 0.3, X // 0.3)
    np.testing.assert_array_equal((x % 0.3)._data, X % 0.3)


def test_what_would_lose_a_gradient_says_so():
    def stored(x):
        y = np.zeros(3)
        y[0] = x[0, 0]
        return y

    with pytest.raises(ValueError, match="setting an array element"):
        make_vjp(stored, X)
    with pytest.raises(TypeError, match="would lose its gradient"):
        make_vjp(lambda x: float(x[0, 0]), X)


def test_a_module_takes_an_array_and_gives_a_tensor():
    layer = nn.Linear(3, 2, dtype=autograd.float64)
    kinds = []

    def through(x):
        out = layer(x)
        kinds.append(type(out))
        return out

    found = grad(through)(X)
    assert kinds == [autograd.Tensor]
    np.testing.assert_allclose(found, np.ones((4, 2)) @ layer.weight.detach().numpy())


def test_lists_are_operands():
    for x in (of(X) + [1.0, 2.0, 3.0], [1.0, 2.0, 3.0] + of(X)):
        np.testing.assert_array_equal(x._data, X + [1.0, 2.0, 3.0])
