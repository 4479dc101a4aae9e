"""Random programs: forward mode against reverse mode and differences, one over the other."""

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import grad
from autograd.core import make_jvp, make_vjp
from autograd.func import jvp, vmap

OF_ONE = [
    anp.sin, anp.tanh, anp.exp, anp.cumsum, anp.sort, lambda a: a**2, lambda a: -a,
    lambda a: a[::-1], lambda a: a - anp.mean(a), lambda a: a / anp.std(a + 0.1 * np.arange(3)),
    lambda a: anp.where(a > 0.1, a, a * a), lambda a: anp.max(a) * a, lambda a: a + np.arange(3),
    lambda a: anp.concatenate([a[1:], a[:1]]), lambda a: anp.array([a[0], a[1] * 2, anp.sum(a)]),
    lambda a: anp.linalg.norm(a) * a, lambda a: a[[2, 0, 0]], lambda a: a * np.float32(1.5),
    lambda a: anp.linalg.solve(anp.outer(a, a) + 3 * np.eye(3), a), lambda a: anp.prod(a) + a,
    lambda a: anp.real(anp.fft.ifft(anp.fft.fft(a) * (1 + 2j))),
]  # fmt: skip
OF_TWO = [
    anp.add, anp.multiply, anp.maximum, anp.arctan2, anp.cross, lambda a, b: a / (b * b + 1),
    lambda a, b: anp.dot(anp.outer(a, b), a), lambda a, b: anp.stack([a, b])[0] * b[1],
    lambda a, b: anp.einsum("i,j->ij", a, b)[1],
]  # fmt: skip


def written(a, b, place):
    y = a * 1.0
    if place == 0:
        y[1] = b[0] * a[2]
    elif place == 1:
        y[1:] = b[:2]
    elif place == 2:
        y[[0, 2]] = b[[1, 1]]
    else:
        v = y[:2]
        v[0] = b[2] ** 2
    return y


def program(seed):
    """A function of three numbers: some steps, each of results of steps before it."""
    draw = np.random.RandomState(seed)
    steps = [(draw.rand(), *draw.randint(1000, size=3)) for _ in range(draw.randint(3, 9))]

    def run(x):
        known = [x, x * 0.7 + 0.2]
        for kind, which, first, second in steps:
            a, b = known[-1 - first % min(len(known), 3)], known[second % len(known)]
            if kind < 0.55:
                found = OF_ONE[which % len(OF_ONE)](a)
            elif kind < 0.85:
                found = OF_TWO[which % len(OF_TWO)](a, b)
            else:
                found = written(a, b, which % 4)
            known.append(anp.tanh(found) if len(known) % 2 else found * 0.5)
        return known[-1] + known[len(known) // 2]

    return run


def reverse(f, x, v):
    vjp, _ = make_vjp(f, x)
    return np.array([vjp(unit) @ v for unit in np.eye(3)])


SEEDS = [*range(8), *[pytest.param(seed, marks=pytest.mark.slow) for seed in range(8, 60)]]


@pytest.mark.filterwarnings("ignore:Output seems independent")
@pytest.mark.parametrize("seed", SEEDS)
def test_all_ways_agree(seed):
    f, draw = program(seed), np.random.RandomState(seed + 1000)
    x, v, h = draw.uniform(0.2, 1.2, 3), draw.randn(3), 1e-5
    value, slope = make_jvp(f, x)(v)
    np.testing.assert_allclose(value, f(x), rtol=1e-12)
    differences = (f(x + h * v) - f(x - h * v)) / (2 * h)
    np.testing.assert_allclose(slope, differences, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(slope, reverse(f, x, v), rtol=1e-8, atol=1e-9)

    def of_slopes(x):
        return anp.sum(make_jvp(f, x)(v)[1] ** 2)

    twice = make_jvp(of_slopes, x)(v)[1]
    np.testing.assert_allclose(twice, grad(of_slopes)(x) @ v, rtol=1e-7, atol=1e-8)
    gradient = grad(lambda x: anp.sum(f(x) ** 2))
    column = make_jvp(gradient, x)(v)[1]
    np.testing.assert_allclose(column, reverse(gradient, x, v), rtol=1e-7, atol=1e-8)
    mapped = vmap(lambda x: jvp(f, (x,), (x * 0 + v,))[1])(np.stack([x, x + 0.1]))
    np.testing.assert_allclose(mapped[0], slope, rtol=1e-8, atol=1e-9)
