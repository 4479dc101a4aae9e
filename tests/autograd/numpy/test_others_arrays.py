"""Arrays of other libraries beside traced values, and writing into what is differentiated."""

import numpy as onp
import pytest

import autograd.numpy as np
from autograd import grad
from autograd.core import make_jvp
from autograd.tensors.array import Array

X = onp.array([2.0, 3.0])


class Named:
    """Numbers with a name, of NumPy's protocol, as xarray's: it may hold any array."""

    def __init__(self, name, data):
        self.name, self.data = name, data

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        data = [one.data if isinstance(one, Named) else one for one in inputs]
        return Named(self.name, getattr(ufunc, method)(*data, **options))


class Refusing(Named):
    """As pandas': it holds plain numbers alone, and is an array to others."""

    dtype = onp.dtype(float)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        raise TypeError("plain numbers alone")

    def __array__(self, dtype=None, copy=None):
        return onp.asarray(self.data, dtype)

    def astype(self, dtype):
        return self.data.astype(dtype)


@pytest.mark.parametrize("function", [
    lambda x, y: x * y, lambda x, y: np.multiply(x, y), lambda x, y: onp.multiply(x, y),
    lambda x, y: onp.multiply(y, x),
])  # fmt: skip
def test_another_librarys_array_holds_the_result(function):
    def f(x):
        found = function(x, Named("depth", X))
        assert type(found) is Named and found.name == "depth" and type(found.data) is Array
        return np.sum(found.data)

    assert grad(f)(1.5) == 5.0
    assert make_jvp(f, 1.5)(1.0) == (7.5, 5.0)


def test_where_it_cannot_its_values_count():
    def f(x):
        found = x * Refusing("depth", X)
        assert type(found) is Array
        return np.sum(found)

    assert grad(f)(1.5) == 5.0


def writes(x):
    x[0] = 1.0
    return np.sum(x**2)


@pytest.mark.parametrize("function", [writes, lambda x: np.sum(grad(writes)(x))])
def test_an_argument_is_not_written_into(function):
    x = X.copy()
    with pytest.raises(TypeError, match="argument of a function that is differentiated"):
        grad(function)(x)
    onp.testing.assert_array_equal(x, X)
    onp.testing.assert_array_equal(grad(lambda x: writes(x.copy()))(x), [0.0, 6.0])
