"""Checks of derivatives: what they find, and how they tell of it."""

import numpy as np
import pytest

import autograd.numpy as anp
from autograd.extend import defjvp, defvjp, primitive
from autograd.test_util import check_equivalent, check_grads, check_jvp, check_vjp, combo_check

X = np.array([1.0, 2.0, 3.0])


@primitive
def product(x, y):
    return x * y


OFF = np.array([1.0, 1.0, 1.1])
defvjp(product, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * x * OFF)
defjvp(product, lambda g, ans, x, y: g * y, lambda g, ans, x, y: g * x * OFF)


def test_the_first_argument_is_checked_by_default():
    check_grads(product)(X, X)
    check_grads(lambda x, n: x**n)(X, 3)
    combo_check(product, modes=["rev"])([X, 2 * X], [X])


def test_the_entry_that_is_off_is_told():
    with pytest.raises(AssertionError, match=r"\(VJP\) check of product failed") as raised:
        check_grads(product, (0, 1), modes=["rev"])(X, X)
    assert "It differs most at [1][2]: analytic" in str(raised.value)
    with pytest.raises(AssertionError, match=r"\(JVP\) check of product failed") as raised:
        check_grads(product, 1, modes=["fwd"])(X, X)
    assert "It differs most at [2]: analytic" in str(raised.value)

    def of_dict(d):
        return product(d["a"], d["b"][0])

    with pytest.raises(AssertionError, match="check of of_dict failed") as raised:
        check_vjp(of_dict, {"a": X, "b": [X]})
    assert "at ['b'][0][2]: analytic" in str(raised.value)
    with pytest.raises(AssertionError, match="in its one entry"):
        check_jvp(lambda x: anp.sum(product(X, x)), X)


def test_complex_entries_are_told_too():
    @primitive
    def turned(z):
        return 1j * z

    defvjp(turned, lambda ans, z: lambda g: g * np.array([1j, 2j]))
    with pytest.raises(AssertionError, match=r"It differs most at \[1\]: analytic"):
        check_vjp(turned, np.array([1 + 1j, 2.0]))


def test_values_that_differ():
    with pytest.raises(AssertionError, match=r"differs most at \['a'\]\[1\]: x 2.0, y 2.5"):
        check_equivalent({"a": X}, {"a": X + np.array([0.0, 0.5, 0.1])})
    with pytest.raises(AssertionError, match="VSpace mismatch"):
        check_equivalent(X, X[:2])


def test_modes_are_named():
    with pytest.raises(ValueError, match='modes must be "fwd" or "rev"'):
        check_grads(product, modes=["reverse"])
