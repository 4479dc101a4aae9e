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
    "EPS", "RTOL", "TOL", "check_equivalent", "check_grads", "check_jvp", "check_vjp",
    "combo_check", "scalar_close",
]  # fmt: skip

TOL, RTOL, EPS = 1e-6, 1e-6, 1e-6  # absolute, relative; how far apart the values of a difference


def scalar_close(a: Any, b: Any) -> bool:
    """Whether two numbers agree to 1e-6, absolutely or relatively.

    >>> scalar_close(1.0, 1.0 + 1e-9)
    True
    """
    difference = abs(a - b)
    total = abs(a + b)
    return bool(difference < TOL or difference < RTOL * total)


def _paired(x: Any, y: Any) -> float:
    """The real part of the sum of products: of a gradient and a vector."""
    pairs = zip(trees.flatten(x)[0], trees.flatten(y)[0], strict=True)
    return float(sum([np.sum(np.real(np.multiply(unwrap(a), unwrap(b)))) for a, b in pairs]))


def _difference(f: Callable[..., Any], x: Any, v: Any) -> Any:
    space = vspace(x)
    after = f(space.add(x, space.scalar_mul(v, EPS / 2)))
    before = f(space.add(x, space.scalar_mul(v, -EPS / 2)))
    return trees.map_leaves(lambda a, b: (unwrap(a) - unwrap(b)) / EPS, after, before)


def check_equivalent(x: Any, y: Any) -> None:
    """Raise AssertionError where two values are of different spaces, or differ.

    >>> check_equivalent(1.0, 1.0)
    """
    space, other = vspace(x), vspace(y)
    if space != other:
        raise AssertionError(f"VSpace mismatch:\nx: {space}\ny: {other}")
    v = space.randn()
    if not scalar_close(space.inner_prod(x, v), space.inner_prod(y, v)):
        raise AssertionError(f"Value mismatch:\nx: {x}\ny: {y}\n{_worst(x, y, 'x', 'y')}")


def check_vjp(f: Callable[..., Any], x: Any) -> None:
    """Raise AssertionError where the gradients of ``f`` at x are wrong.

    >>> check_vjp(lambda x: x * x, 3.0)
    """
    vjp, y = make_vjp(f, x)
    space, v, u = vspace(x), vspace(x).randn(), vspace(y).randn()
    numeric, found = _difference(f, x, v), vjp(u)
    if vspace(found) != space:
        raise AssertionError(
            f"VSpace mismatch in the VJP of {_name(f)}:\nargument: {space}\ngradient: "
            f"{vspace(found)}"
        )
    a, b = _paired(u, numeric), _paired(found, v)
    if not scalar_close(a, b):
        slopes = trees.unflatten(_slopes(f, x, u), trees.flatten(x)[1])
        raise AssertionError(_failed("VJP", f, x, b, a, _worst(found, slopes)))


def check_jvp(f: Callable[..., Any], x: Any) -> None:
    """Raise AssertionError where the derivative of ``f`` along a vector is wrong.

    >>> check_jvp(lambda x: x * x, 3.0)
    """
    v = vspace(x).randn()
    y, found = make_jvp(f, x)(v)
    u = vspace(y).randn()
    numeric = _difference(f, x, v)
    a, b = _paired(u, numeric), _paired(u, found)
    if not scalar_close(a, b):
        raise AssertionError(_failed("JVP", f, x, b, a, _worst(found, numeric)))


def _failed(kind: str, f: Any, x: Any, analytic: Any, numeric: Any, worst: str) -> str:
    return (
        f"Derivative ({kind}) check of {_name(f)} failed with arg {x}:\nanalytic: {analytic}\n"
        f"numeric:  {numeric}\n{worst}"
    )


def _slopes(f: Any, x: Any, u: Any) -> list[Any]:
    """The gradient of the sum of products of ``f`` and u, by differences, entry by entry."""
    space, found = vspace(x), []
    units = space.standard_basis()
    for array in space.arrays:
        slope = np.zeros(array.shape, array.dtype)
        for i in np.ndindex(array.shape):
            slope[i] = _paired(u, _difference(f, x, next(units)))
            if space.iscomplex and np.iscomplexobj(array):
                slope[i] -= 1j * _paired(u, _difference(f, x, next(units)))
        found.append(slope)
    return found


def _worst(x: Any, y: Any, first: str = "analytic", second: str = "numeric") -> str:
    """The entry in which two trees differ most, as a sentence."""
    found: list[tuple[float, str]] = []
    for path, a, b in _entries(x, y, ""):
        a, b = np.asarray(unwrap(a)), np.asarray(unwrap(b))
        if a.size:
            off = np.abs(a - b)
            i = np.unravel_index(np.argmax(np.where(np.isnan(off), np.inf, off)), a.shape)
            where = path + (f"[{', '.join(map(str, i))}]" if i else "")
            told = f"It differs most {'at ' + where if where else 'in its one entry'}: "
            found.append((float(off[i]), f"{told}{first} {a[i]}, {second} {b[i]}."))
    return max(found, default=(0.0, "It is empty."))[1]


def _entries(x: Any, y: Any, path: str) -> list[tuple[str, Any, Any]]:
    """The leaves of two trees of one form, with their paths."""
    if isinstance(x, dict):
        return [one for key in x for one in _entries(x[key], y[key], f"{path}[{key!r}]")]
    if isinstance(x, (tuple, list)):
        pairs = enumerate(zip(x, y))
        return [one for i, (a, b) in pairs for one in _entries(a, b, f"{path}[{i}]")]
    return [(path, x, y)]


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
    fun: Any, argnum: Any = 0, modes: Any = ("fwd", "rev"), order: int = 2
) -> Callable[..., None]:
    """A function of the arguments that checks the derivatives of ``fun`` there.

    :param argnum: the argument to differentiate by, or a tuple or list of them.
    :param modes: "fwd", "rev", or both.
    :raises AssertionError: a derivative is wrong; it says where, and by how much.

    >>> from autograd.test_util import check_grads
    >>> check_grads(lambda x: x * x)(3.0)
    """
    if not set(modes) <= {"fwd", "rev"}:
        raise ValueError(f'check_grads: modes must be "fwd" or "rev"; got {modes}.')

    def check(*args: Any, **options: Any) -> None:
        _check_all(fun, argnum, modes=modes, order=order)(*args, **options)

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
