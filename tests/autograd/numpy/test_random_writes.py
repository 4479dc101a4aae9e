"""Random programs that look at arrays and write into them, beside the same programs in NumPy.

Each is Python's text, run over NumPy for its values and their differences, and over autograd.numpy.
"""

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import grad

LOOKS = """
    {a}.T|{a}[::-1]|{a}[:, 1:]|{a}.reshape(-1)|np.ravel({a})|{a}[0]|{a}[None]|np.squeeze({a})
    np.swapaxes({a}, 0, -1)|{a}[..., ::2]|np.expand_dims({a}, -1)|{a}.reshape(3, 2)|{a}[1:2]
    np.atleast_2d({a})|np.moveaxis({a}, 0, -1)|np.split({a}, 1)[0]|list({a})[-1]|np.real({a})
    np.asarray({a})|np.reshape({a}, np.shape({a}))|np.atleast_3d({a})|{a}.flatten()|{a}.copy()
    np.flip({a})|np.flipud({a})|np.rot90({a}, 2)|np.rot90({a})|np.array({a})|{a}.astype(float)
"""
PLACES = "0|-1|...|:|::2|::-1|..., 0|1:|:1|[0, -1]|np.array([0, 0])|{a} > 1|None|..., ::-1"
VALUES = """
    x[0, 0] * {c}|{b}.sum() * {c}|np.sin({b}).mean()|{c}|{b}.ravel()[0] * x[1, 2]|{b} * 1.0
    np.mean({b} * {b})
"""
MADE = """
    x * {c}|{b} + 1.0|{b}.copy()|{b} * {c}|np.zeros_like(x, shape=(2, 2))|np.zeros_like({b})
    np.concatenate([np.ravel({b}), np.ravel({a})])
"""
X = np.random.RandomState(1).rand(2, 3) + 0.2


def lines(rng):
    """The statements of a function of ``x``, and what it returns."""

    def drawn(text):
        forms = [form.strip() for line in text.strip().splitlines() for form in line.split("|")]
        a, b = (names[rng.randint(len(names))] for _ in range(2))
        return a, forms[rng.randint(len(forms))].format(a=a, b=b, c=round(0.3 + rng.rand(), 2))

    names, found = ["v0"], ["v0 = x * 2"]
    for k in range(1, rng.randint(4, 9)):
        kind = rng.rand()
        if kind < 0.15:
            a, value = drawn(VALUES)
            found.append(f"{a} {['+=', '-=', '*=', '/=', '**='][rng.randint(5)]} {value}")
        elif kind < 0.45:
            a, place = drawn(PLACES)
            found.append(f"{a}[{place}] {['=', '+=', '*='][rng.randint(3)]} {drawn(VALUES)[1]}")
        else:
            found.append(f"v{k} = {drawn(LOOKS if kind < 0.75 else MADE)[1]}")
            names.append(f"v{k}")
    parts = [f"{i + 1.5} * np.sum({name} * np.abs({name}))" for i, name in enumerate(names)]
    return [*found, "return " + " + ".join(parts)]


def made(text, namespace):
    scope = {"np": namespace}
    exec(text, scope)
    return scope["program"]


def difference(program, one, h=1e-6):
    return (program(X + h * one) - program(X - h * one)) / (2 * h)


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_values_and_gradients_are_those_of_numpy(start):
    agreed = 0
    for seed in range(start, start + 100):
        text = "\n    ".join(["def program(x):", *lines(np.random.RandomState(seed))])
        plain, program = made(text, np), made(text, anp)
        try:
            expected = plain(X.copy())
        except (IndexError, TypeError, ValueError, RuntimeWarning):  # shapes that do not fit, 0 / 0
            continue
        values = []

        def told(x, program=program, values=values):
            values.append(program(x))
            return values[0]

        try:
            found = grad(told)(X.copy())
        except RuntimeError as error:  # what a later line has changed is needed, and it says so
            assert "must not be changed in place" in str(error), text
            continue
        np.testing.assert_allclose(values[0]._value, expected, err_msg=text)
        slopes = [difference(plain, one.reshape(2, 3)) for one in np.eye(6)]
        np.testing.assert_allclose(found.ravel(), slopes, 1e-5, 1e-5, err_msg=text)
        agreed += 1
    assert agreed > 10
