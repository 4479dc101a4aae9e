"""What kind of mistake makes an analytical gradient differ from the numerical one."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

__all__ = ["GradcheckError"]

Shape = tuple[int, ...]


class Mismatch(NamedTuple):
    """One entry of a Jacobian that is off: where, by the names of things, and both numbers."""

    input: str
    at_input: str
    output: str
    at_output: str
    numerical: float
    analytical: float
    hint: str = ""

    def __str__(self) -> str:
        return (
            f"{self.output} at {self.at_output} by {self.input} at {self.at_input} is numerical "
            f"{self.numerical:.8g}, analytical {self.analytical:.8g}"
        )


class GradcheckError(RuntimeError):
    """What :func:`gradcheck` and its kin raise where a gradient is wrong.

    >>> import autograd
    >>> class Wrong(autograd.Function):
    ...     def forward(self, x):
    ...         return x * x
    ...     def grad_x(self, g, x):
    ...         return g * x
    >>> x = autograd.ones(1, dtype=autograd.float64, requires_grad=True)
    >>> try:
    ...     _ = autograd.gradcheck(Wrong.apply, x)
    ... except autograd.GradcheckError as error:
    ...     print(error)
    gradcheck: ... is numerical 2, analytical 1: they differ by 1, allowed are 2e-05. ...
    """

    found: Mismatch | None = None
    coarse = False  # the differences were too inexact to say anything
    random = False  # two runs gave different numbers


def told(
    numerical: Any,
    analytical: Any,
    worst: tuple[float, float],
    x_shape: Shape,
    out_shape: Shape,
    sides: tuple[float, float] | None,
) -> str:
    """What to look for, where the Jacobians tell it.

    :param numerical: the Jacobian by differences, (elements of x, elements of the output).
    :param analytical: the one by the backward pass, or None where no gradient arrived.
    :param worst: the numerical and the analytical value of the entry that is furthest off.
    :param sides: the one-sided slopes at that entry, where it has a kink there.
    """
    if not math.isfinite(worst[0]):
        return (
            "The function itself is not finite here, or close by. Choose inputs inside its domain."
        )
    if analytical is None:
        return (
            "No gradient arrives at this input: look for a gradient formula that returns None, "
            "detach(), .data or .numpy()."
        )
    if not math.isfinite(worst[1]):
        return "The gradient formula gives no finite number here: look for 0/0 or inf - inf."
    if sides is not None:
        return kink(*sides)
    if not analytical.any():
        return "The analytical gradient is zero everywhere: look for a formula that returns 0."
    factor = _factor(numerical, analytical)
    if factor == -1:
        return "The sign is wrong everywhere."
    if factor is not None:
        return f"Analytical = {factor:.5g} × numerical everywhere: look for a constant factor."
    square = len(x_shape) == 2 and x_shape[0] == x_shape[1]
    if square and len(numerical) == x_shape[0] ** 2:
        turned = analytical.reshape(*x_shape, -1).transpose(1, 0, 2).reshape(analytical.shape)
        if _close(turned, numerical):
            return "It agrees when transposed: look for a missing transpose in the formula."
    if _is_unsummed(numerical, analytical, x_shape, out_shape):
        return (
            f"The input of shape {x_shape} was broadcast to {out_shape}, and its gradient is not "
            "the sum over all the elements that it went to: sum over the broadcast axes."
        )
    return "Compare the gradient formula with the derivative of forward at this element."


def _close(a: Any, b: Any) -> bool:
    return bool(np.allclose(a, b, rtol=1e-5, atol=1e-7 * np.max(np.abs(b), initial=0.0)))


def kink(left: float, right: float) -> str:
    """What to say where the one-sided slopes differ."""
    return (
        f"The function has a kink here, slope {left:.4g} on the left and {right:.4g} on the "
        "right. Choose inputs at a distance from it."
    )


def _factor(numerical: Any, analytical: Any) -> float | None:
    """c where analytical = c · numerical in every entry."""
    large = np.abs(numerical) > 1e-3 * np.max(np.abs(numerical))
    if not large.any():
        return None
    c = float(np.median(analytical[large] / numerical[large]))
    if not _close(analytical, c * numerical):
        return None
    if abs(c + 1) < 1e-5:
        return -1.0
    return c if large.sum() > 1 else None


def _is_unsummed(numerical: Any, analytical: Any, x_shape: Shape, out_shape: Shape) -> bool:
    """Whether only some of the elements that x was broadcast to send their gradient back."""
    try:
        broadcast = x_shape != out_shape == np.broadcast_shapes(x_shape, out_shape)
    except ValueError:
        return False
    off = ~np.isclose(analytical, numerical, rtol=1e-3, atol=1e-5 * np.max(np.abs(numerical)))
    return broadcast and not analytical[off].any()
