"""Programs over NumPy: one text for HIPS autograd and for gradloom, which runs what is written so.

A program is made from the two modules, ``autograd.numpy`` and ``autograd``; it is the call that is
timed and its argument. Both peers are asked for float64, as NumPy is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy
from library import Program

Made = tuple[Callable[[Any], Any], Any]


def generator() -> numpy.random.Generator:
    """The same numbers for every program and peer."""
    return numpy.random.default_rng(2024)


def of_a_number(np: Any) -> Made:
    def function(x: Any) -> Any:
        return np.sin(x) * x + np.exp(-x * x) / (1 + x * x)

    return function, 1.3


def by_gradient(of: Callable[[Any], Made]) -> Callable[[Any, Any], Made]:
    """The gradient of a function of the module ``autograd.numpy``."""

    def made(np: Any, autograd: Any) -> Made:
        function, argument = of(np)
        return autograd.grad(function), argument

    return made


def pushed(of: Callable[[Any], Made]) -> Callable[[Any, Any], Made]:
    """Its value and its derivative along the argument itself, in forward mode."""

    def made(np: Any, autograd: Any) -> Made:
        function, argument = of(np)
        forward = autograd.make_jvp(function)
        return lambda x: forward(x)(x), argument

    return made


def tanh(np: Any, autograd: Any) -> Made:
    def function(x: Any) -> Any:
        y = np.exp(-2.0 * x)
        return (1.0 - y) / (1.0 + y)

    return autograd.grad(function), 1.0


def rosenbrock(np: Any) -> Callable[[Any], Any]:
    def function(x: Any) -> Any:
        return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return function


def rosenbrock_gradient(np: Any, autograd: Any) -> Made:
    return autograd.grad(rosenbrock(np)), generator().standard_normal(10)


def rosenbrock_hessian(np: Any, autograd: Any) -> Made:
    return autograd.hessian(rosenbrock(np)), generator().standard_normal(5)


def rnn(np: Any) -> Made:
    rng = generator()
    weights = 0.1 * rng.standard_normal((8, 16)), 0.1 * rng.standard_normal((16, 16))
    xs = rng.standard_normal((20, 4, 8))

    def function(weights: Any) -> Any:
        given, kept = weights
        h = np.zeros((4, 16))
        for x in xs:
            h = np.tanh(np.dot(x, given) + np.dot(h, kept))
        return np.sum(h**2)

    return function, weights


def mixture(np: Any) -> Made:
    """The log-likelihood of 200 numbers under three normal distributions."""
    rng = generator()
    seen = rng.standard_normal(200)

    def function(params: Any) -> Any:
        weights, means, scales = params
        weights = weights - np.log(np.sum(np.exp(weights)))
        logs = weights[None] - 0.5 * ((seen[:, None] - means) / np.exp(scales)) ** 2 - scales
        most = np.max(logs, axis=1, keepdims=True)
        return np.sum(np.log(np.sum(np.exp(logs - most), axis=1)) + most[:, 0])

    return function, tuple(rng.standard_normal((3, 3)))


def jacobian(np: Any, autograd: Any) -> Made:
    a = generator().standard_normal((10, 10))
    return autograd.jacobian(lambda x: np.tanh(np.dot(a, x))), generator().standard_normal(10)


def layer(np: Any) -> Made:
    a, x = generator().standard_normal((10, 10)), generator().standard_normal(10)
    return lambda x: np.tanh(np.dot(a, x)), x


def with_a_rule(np: Any) -> Made:
    """A primitive with a forward rule of its own, and a product."""
    extend = import_module("autograd.extend")
    cube = extend.primitive(lambda x: x**3)
    extend.defjvp(cube, lambda g, ans, x: g * 3 * x * x)
    return lambda x: cube(x) * 2.0, generator().standard_normal(10)


def logistic(np: Any, autograd: Any) -> Made:
    """A logistic regression's log-likelihood: 500 rows of 20 columns."""
    rng = generator()
    x, y = rng.standard_normal((500, 20)), (rng.random(500) < 0.5).astype(float)

    def function(w: Any) -> Any:
        z = np.dot(x, w)
        return np.sum(y * z - np.logaddexp(0.0, z))

    return autograd.value_and_grad(function), 0.1 * rng.standard_normal(20)


def gaussian_process(np: Any, autograd: Any) -> Made:
    """The log marginal likelihood of 40 measurements."""
    rng = generator()
    x = numpy.sort(rng.random(40)) * 10
    y = numpy.sin(x) + 0.1 * rng.standard_normal(40)

    def function(logs: Any) -> Any:
        length, size, noise = np.exp(logs)
        apart = (x[:, None] - x) / length
        k = size**2 * np.exp(-0.5 * apart**2) + noise**2 * np.eye(40)
        return 0.5 * np.dot(y, np.linalg.solve(k, y)) + 0.5 * np.linalg.slogdet(k)[1]

    return autograd.value_and_grad(function), numpy.array([0.1, 0.2, -1.0])


def leapfrog(np: Any, autograd: Any) -> Made:
    """How a path of 50 steps ends, by where it begins: 50 gradients within one."""
    slope = autograd.grad(lambda q: np.sum(q**2) / 2 + np.sum(q**4) / 4)

    def function(q: Any) -> Any:
        p = -0.05 * slope(q)
        for _ in range(50):
            q = q + 0.1 * p
            p = p - 0.1 * slope(q)
        return np.sum(q * p)

    return autograd.grad(function), numpy.array([0.3, -0.2, 0.5])


MADE: dict[str, Callable[[Any, Any], Made]] = {
    "scalar": by_gradient(of_a_number),
    "tanh": tanh,
    "rosenbrock_gradient": rosenbrock_gradient,
    "rosenbrock_hessian": rosenbrock_hessian,
    "rnn": by_gradient(rnn),
    "mixture": by_gradient(mixture),
    "jacobian": jacobian,
    "make_jvp": pushed(layer),
    "make_jvp_scalar": pushed(of_a_number),
    "make_jvp_rnn": pushed(rnn),
    "make_jvp_mixture": pushed(mixture),
    "make_jvp_primitive": pushed(with_a_rule),
    "logistic": logistic,
    "gaussian_process": gaussian_process,
    "leapfrog": leapfrog,
}


class NumPyLike:
    """A peer that has the modules ``autograd`` and ``autograd.numpy``, its own or ours."""

    def __init__(self, np: Any, autograd: Any):
        self.np, self.autograd = np, autograd

    def numpy(self, rng: Any, name: str) -> Program:
        function, argument = MADE[name](self.np, self.autograd)

        def check() -> list[float]:
            return [number for array in arrays(function(argument)) for number in told(array)]

        return lambda: function(argument), check


def arrays(tree: Any) -> Iterator[Any]:
    """What a result consists of."""
    if isinstance(tree, (tuple, list)):
        for one in tree:
            yield from arrays(one)
    else:
        yield numpy.asarray(tree, float)


def told(array: Any) -> list[float]:
    """Two numbers in which any entry that differs shows."""
    return [
        float(abs(array).sum()),
        float(array.ravel() @ (2 + numpy.cos(numpy.arange(array.size)))),
    ]
