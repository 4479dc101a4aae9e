"""What ceviche does with HIPS autograd: rules of plain functions, places beside values."""

import numpy as onp
import pytest

import autograd.numpy as np
from autograd import grad, primitive
from autograd.extend import defvjp


def test_a_rule_of_a_plain_function_is_of_no_use():
    def twice(x):
        return 2 * x

    with pytest.warns(UserWarning, match="twice at .* is none, so its own operations are"):
        defvjp(twice, lambda ans, x: lambda g: 7 * g)
    assert grad(twice)(1.0) == 2.0


def test_integers_beside_values_stay_plain():
    @primitive
    def largest(x):
        place = onp.argmax(x)
        return x[place], place

    defvjp(largest, lambda ans, x: lambda g: g[0] * (onp.arange(len(x)) == ans[1]))

    def f(x):
        value, place = largest(x)
        return value * x[place]  # the place is an index

    onp.testing.assert_array_equal(grad(f)(onp.array([1.0, 3.0, 2.0])), [0.0, 6.0, 0.0])
    with pytest.raises(AttributeError):
        np.primitive  # noqa: B018  it is autograd's
