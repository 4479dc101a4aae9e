"""What the distributions share: their support, their place and scale, their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.engine.graph import unwrap
from autograd.numpy.scipys import entered, floats, needed


def standard(x: Any, loc: Any, scale: Any) -> Any:
    """(x - loc) / scale, without the operations that do nothing."""
    x, loc, scale = floats(x, loc, scale)
    if not _is(loc, 0):
        x = x - loc
    return x if _is(scale, 1) else x / scale


def scaled(log_density: Any, scale: Any) -> Any:
    """A logarithm of a density that is ``scale`` times as wide."""
    return log_density if _is(scale, 1) else log_density - np.log(floats(scale)[0])


def _is(value: Any, number: float) -> bool:
    return isinstance(value, (int, float)) and value == number


def on_support(log_density: Callable[[Any], Any], z: Any, inside: Any, safe: float) -> Any:
    """``log_density`` of z where ``inside``, else -∞, with a gradient of 0."""
    if np.all(inside):
        return log_density(z)
    return np.where(inside, log_density(np.where(inside, z, np.float64(safe))), -np.inf)


def plain(value: Any) -> Any:
    """The values of a tensor, which say where the support is."""
    return np.asarray(unwrap(value))


def exponential_of(log_function: Callable[..., Any]) -> Callable[..., Any]:
    """The function whose logarithm this is."""

    def function(*args: Any, **options: Any) -> Any:
        return np.exp(log_function(*args, **options))

    return function


def logarithm_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """The logarithm of a function."""

    def log_function(*args: Any, **options: Any) -> Any:
        return np.log(function(*args, **options))

    return log_function


def published(distribution: str, names: dict[str, Any], **ways: Any) -> None:
    """Puts each of ``ways`` into the module ``names``, and SciPy's own for all others."""

    def others(name: str) -> Any:
        return getattr(getattr(needed("stats", f"stats.{distribution}"), distribution), name)

    for name, way in ways.items():
        way.__name__ = way.__qualname__ = name
        names[name] = entered(f"stats.{distribution}", name, way)
    names["__getattr__"] = others
