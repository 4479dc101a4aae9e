"""Minimizers over trees of arrays: ``sgd``, ``rmsprop``, ``adam``, under HIPS autograd's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.misc.flatten import flatten

__all__ = ["adam", "rmsprop", "sgd", "unflatten_optimizer"]


def unflatten_optimizer(optimize: Callable[..., Any]) -> Callable[..., Any]:
    """An optimizer of vectors as one of trees: the gradient and the callback see trees."""

    def of_trees(grad: Any, x0: Any, callback: Any = None, *args: Any, **options: Any) -> Any:
        vector, unflatten = flatten(x0)

        def slope(x: Any, i: int) -> Any:
            return flatten(grad(unflatten(x), i))[0]

        def told(x: Any, i: int, g: Any) -> Any:
            return callback(unflatten(x), i, unflatten(g))

        found = optimize(slope, vector, told if callback else None, *args, **options)
        return unflatten(found)

    of_trees.__name__, of_trees.__doc__ = optimize.__name__, optimize.__doc__
    return of_trees


def _descended(grad: Any, x: Any, callback: Any, num_iters: int, change: Any) -> Any:
    """x after ``num_iters`` steps, each by ``change(g, i)`` of the gradient."""
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        x = x + change(g, i)
    return x


@unflatten_optimizer
def sgd(
    grad: Any,
    x: Any,
    callback: Any = None,
    num_iters: int = 200,
    step_size: float = 0.1,
    mass: float = 0.9,
) -> Any:
    """Gradient descent with momentum; ``grad(x, i)``, ``callback(x, i, g)``.

    >>> from autograd.misc.optimizers import sgd
    >>> abs(float(sgd(lambda x, i: 2 * x, 1.0))) < 1e-3
    True
    """
    velocity = np.zeros_like(x)

    def change(g: Any, i: int) -> Any:
        nonlocal velocity
        velocity = mass * velocity - (1 - mass) * g
        return step_size * velocity

    return _descended(grad, x, callback, num_iters, change)


@unflatten_optimizer
def rmsprop(
    grad: Any,
    x: Any,
    callback: Any = None,
    num_iters: int = 100,
    step_size: float = 0.1,
    gamma: float = 0.9,
    eps: float = 1e-8,
) -> Any:
    """Steps by g over the root of the running mean of g², which begins at 1 (Hinton 2012)."""
    mean = np.ones_like(x)

    def change(g: Any, i: int) -> Any:
        nonlocal mean
        mean = gamma * mean + (1 - gamma) * g**2
        return -step_size * g / (np.sqrt(mean) + eps)

    return _descended(grad, x, callback, num_iters, change)


@unflatten_optimizer
def adam(
    grad: Any,
    x: Any,
    callback: Any = None,
    num_iters: int = 100,
    step_size: float = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
) -> Any:
    """Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1)."""
    mean, square = np.zeros_like(x), np.zeros_like(x)

    def change(g: Any, i: int) -> Any:
        nonlocal mean, square
        mean = b1 * mean + (1 - b1) * g
        square = b2 * square + (1 - b2) * g**2
        unbiased, its = mean / (1 - b1 ** (i + 1)), square / (1 - b2 ** (i + 1))
        return -step_size * unbiased / (np.sqrt(its) + eps)

    return _descended(grad, x, callback, num_iters, change)
