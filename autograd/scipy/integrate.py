"""scipy.integrate over traced values: ``odeint``. Everything else is SciPy's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd.numpy as anp
from autograd.engine.graph import TensorBase, wrap
from autograd.func import integration
from autograd.numpy.scipys import floats, needed, part_of_scipy
from autograd.numpy.table import is_traced
from autograd.tensors.array import as_array, as_tensor


def odeint(
    func: Callable[..., Any],
    y0: Any,
    t: Any,
    args: Any = (),
    *,
    rtol: float = 1.49012e-8,
    atol: float = 1.49012e-8,
    tfirst: bool = False,
    **options: Any,
) -> Any:
    """y at the times ``t``, of y' = ``func(y, t, *args)`` and y = ``y0`` at the first of them.

    Gradients go to ``y0``, ``t`` and ``args``, and to what ``func`` closes over: those of the steps
    that are made, of orders 5 and 4 (Dormand & Prince 1980, doi:10.1016/0771-050X(80)90013-3).
    Where nothing is traced, it is SciPy's, where that is installed.

    Gradients are about as exact as the values of the steps that are differentiated, and these are
    held to a tenth of ``rtol`` and ``atol``: on a decay, a pendulum, two populations and van der
    Pol's oscillator gradients were then off by 0.5 to 2 · 10⁻⁸ of the largest, at the default
    tolerances of 1.5 · 10⁻⁸ (SciPy's own values by 10⁻⁸ to 2 · 10⁻⁶), for half as many evaluations
    more than at the tolerances themselves.

    Shapes: y0 (n,), t (T,) -> (T, n).

    :param args: further arguments of ``func``.
    :param rtol: what a step may be off, relative to y, and
    :param atol: in any case.
    :param tfirst: whether ``func`` is one of (t, y).
    :param options: SciPy's own; those of its solver do not apply here.

    >>> import numpy as np
    >>> from autograd.core import make_vjp
    >>> times = np.array([0.0, 2.0])
    >>> vjp, y = make_vjp(lambda y0: odeint(lambda y, t: -y, y0, times), np.ones(1))
    >>> vjp(np.array([[0.0], [1.0]])).round(4)  # exp(-2)
    array([0.1353])
    """
    args = tuple(args) if isinstance(args, (tuple, list)) else (args,)
    arguments = (y0, t, *args)

    def slope(time: Any, y: Any) -> Any:
        y, time = as_array(y), as_array(time)
        dy = func(time, y, *args) if tfirst else func(y, time, *args)
        if not isinstance(dy, TensorBase) and is_traced(dy):
            dy = anp.array(dy)
        return as_tensor(dy) if isinstance(dy, TensorBase) else wrap(floats(dy)[0], None)

    if not is_traced(arguments) and not _closes_over_traced(func, y0, t, args, tfirst):
        scipy = part_of_scipy("integrate")
        if scipy is not None:
            return scipy.odeint(func, y0, t, args, rtol=rtol, atol=atol, tfirst=tfirst, **options)
    start, times = floats(as_tensor(y0), as_tensor(t))
    state = start if isinstance(start, TensorBase) else wrap(np.asarray(start), None)
    out = integration.odeint(slope, state, times, rtol=rtol / 10, atol=atol / 10)
    return as_array(out) if out._edge is not None else out._data


def _closes_over_traced(func: Any, y0: Any, t: Any, args: Any, tfirst: bool) -> bool:
    """Whether the slope depends on a traced value that is no argument: seen at the first time."""
    first = np.asarray(t)[0]
    return is_traced(func(first, y0, *args) if tfirst else func(y0, first, *args))


def __getattr__(name: str) -> Any:
    return getattr(needed("integrate", f"integrate.{name}"), name)
