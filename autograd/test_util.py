"""Checks of derivatives against differences, under HIPS autograd's names."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.core import make_jvp, make_vjp
from autograd.engine.graph import unwrap
from autograd.extend import vspace
from autograd.wrap_util import unary_to_nary

__all__ = [
    "check_equivalent", "check_grads", "check_jvp", "check_vjp", "combo_check", "scalar_close",
]  # fmt: skip

TOLERANCE, RELATIVE, STEP = 1e-6, 1e-6, 1e-6


def scalar_close(a: Any, b: Any) -> bool:
    """Whether two numbers agree to 1e-6, absolutely or relatively.

    >>> scalar_close(1.0, 1.0 + 1e-9)
    True
    """
    difference = abs(a - b)
    total = abs(a + b)
    return bool(difference < TOLERANCE or difference < RELATIVE * total)


def _paired(x: Any, y: Any) -> float:
    """The real part of the sum of products: of a gradient and a vector."""
    pairs = zip(trees.flatten(x)[0], trees.flatten(y)[0], strict=True)
    return float(sum([np.sum(np.real(np.multiply(unwrap(a), unwrap(b)))) for a, b in pairs]))


def _difference(f: Callable[..., Any], x: Any, v: Any) -> Any:
    space = vspace(x)
    after = f(space.add(x, space.scalar_mul(v, STEP / 2)))
    before = f(space.add(x, space.scalar_mul(v, -STEP / 2)))
    return trees.map_leaves(lambda a, b: (unwrap(a) - unwrap(b)) / STEP, after, before)


def check_equivalent(x: Any, y: Any) -> None:
    """Raise AssertionError where two values are of different spaces, or differ.

    >>> check_equivalent(1.0, 1.0)
    """
    space, other = vspace(x), vspace(y)
    assert space == other, f"VSpace mismatch:\nx: {space}\ny: {other}"
    v = space.randn()
    assert scalar_close(space.inner_prod(x, v), space.inner_prod(y, v)), f"{x} is not {y}"


def check_vjp(f: Callable[..., Any], x: Any) -> None:
    """Raise AssertionError where the gradients of ``f`` at x are wrong.

    >>> check_vjp(lambda x: x * x, 3.0)
    """
    vjp, y = make_vjp(f, x)
    space, v, u = vspace(x), vspace(x).randn(), vspace(y).randn()
    numeric, found = _difference(f, x, v), vjp(u)
    assert vspace(found) == space, f"VSpace mismatch in the VJP of {_name(f)}"
    a, b = _paired(u, numeric), _paired(found, v)
    assert scalar_close(a, b), (
        f"Derivative (VJP) check of {_name(f)} failed with arg {x}:\nanalytic: {b}\nnumeric:  {a}"
    )


def check_jvp(f: Callable[..., Any], x: Any) -> None:
    """Raise AssertionError where the derivative of ``f`` along a vector is wrong.

    >>> check_jvp(lambda x: x * x, 3.0)
    """
    v = vspace(x).randn()
    y, found = make_jvp(f, x)(v)
    u = vspace(y).randn()
    a, b = _paired(u, _difference(f, x, v)), _paired(u, found)
    assert scalar_close(a, b), (
        f"Derivative (JVP) check of {_name(f)} failed with arg {x}:\nanalytic: {b}\nnumeric:  {a}"
    )


def _name(f: Any) -> str:
    return getattr(f, "__name__", "<unknown function>")


@unary_to_nary
def _check_all(f: Any, x: Any, modes: Any, order: int) -> None:
    for mode in modes:
        (check_vjp if mode == "rev" else check_jvp)(f, x)
        if order > 1:

            def derivative(given: Any, mode: str = mode) -> Any:
                at, vector = given
                if mode == "rev":
                    return make_vjp(f, at)[0](vector)
                return make_jvp(f, at)(vector)[1]

            derivative.__name__ = f"{'vjp' if mode == 'rev' else 'jvp'}_{_name(f)}"
            vector = vspace(f(x) if mode == "rev" else x).randn()
            _check_all(derivative, modes=[mode], order=order - 1)((x, vector))


def check_grads(
    fun: Any, argnum: Any = None, modes: Any = ("fwd", "rev"), order: int = 2
) -> Callable[..., None]:
    """A function of the arguments that checks the derivatives of ``fun`` there.

    :param argnum: the arguments to differentiate by; all, by default.
    :param modes: "fwd", "rev", or both.
    :raises AssertionError: a derivative is wrong.

    >>> from autograd.test_util import check_grads
    >>> check_grads(lambda x: x * x)(3.0)
    """
    if not set(modes) <= {"fwd", "rev"}:
        raise ValueError(f'check_grads: modes must be "fwd" or "rev"; got {modes}.')

    def check(*args: Any, **options: Any) -> None:
        chosen = tuple(range(len(args))) if argnum is None else argnum
        _check_all(fun, chosen, modes=modes, order=order)(*args, **options)

    return check


def combo_check(
    fun: Any, *args: Any, modes: Any = ("fwd", "rev"), order: int = 2
) -> Callable[..., None]:
    """A function of lists of arguments that checks all combinations of them.

    >>> combo_check(lambda x, y: x * y, modes=["rev"])([1.0, 2.0], [3.0])
    """
    check: Any = partial(check_grads, fun, *args, modes=modes, order=order)  # type: ignore[misc]

    def all_of(*lists: Any, **options: Any) -> None:
        names = list(options)
        for chosen in product(*lists):
            for values in product(*options.values()):
                check()(*chosen, **dict(zip(names, values)))

    return all_of
