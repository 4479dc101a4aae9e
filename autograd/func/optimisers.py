"""Functions of tensors as SciPy's optimisers call them: float64 arrays in, float64 arrays out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.errors import DtypeError
from autograd.engine.graph import TensorBase, wrap
from autograd.engine.places import ShapeError
from autograd.func.jacobians import jacrev
from autograd.func.transforms import grad_and_value

__all__ = ["value_and_grad", "value_and_jac"]


def value_and_grad(func: Callable[..., Any]) -> Callable[..., tuple[float, np.ndarray]]:
    """``func`` as ``scipy.optimize.minimize(..., jac=True)`` wants it: its value and its gradient.

    :param func: a function of a float64 tensor, and of whatever else, that returns a scalar tensor.
    :returns: a function of an array (n,) and the rest of the arguments, that returns a float and an
        array (n,) of float64. A function of a tree of tensors: see :func:`ravel`.
    :raises ShapeError: the output is no scalar.
    :raises TypeError: the output is no tensor, or complex, or x is.

    >>> import numpy as np
    >>> f = value_and_grad(lambda x, a: ((x - a) ** 2).sum())
    >>> f(np.array([1.0, 2.0]), 3.0)
    (5.0, array([-4., -2.]))
    """
    both = grad_and_value(func)

    def of_arrays(x: Any, *args: Any) -> tuple[float, np.ndarray]:
        slope, value = both(_tensor("value_and_grad", x), *args)
        _check_real("value_and_grad: the function must return", value._data)
        return float(value.item()), np.array(slope.numpy(), np.float64)

    return of_arrays


def value_and_jac(func: Callable[..., Any]) -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """``func`` as ``scipy.optimize.root(..., jac=True)`` wants it: its values and its Jacobian.

    What is returned has ``value`` and ``jac``, too, the two as functions of their own, for
    ``least_squares(both.value, x0, jac=both.jac)``; at one x they compute once.

    :param func: a function of a float64 tensor (n,), and of whatever else, that returns a tensor
        (m,).
    :returns: a function of an array (n,) and the rest of the arguments, that returns arrays (m,)
        and (m, n) of float64.
    :raises ShapeError: the output has not one axis.
    :raises TypeError: the output is no tensor, or complex, or x is.

    >>> import numpy as np
    >>> both = value_and_jac(lambda x: x ** 2 - 2)
    >>> both(np.array([1.0, 2.0]))
    (array([-1.,  2.]), array([[2., 0.],
           [0., 4.]]))
    """
    return _ValueAndJacobian(func)


class _ValueAndJacobian:
    def __init__(self, func: Callable[..., Any]) -> None:
        self._both = jacrev(lambda *args: (_row(func(*args)),) * 2, has_aux=True)
        self._last: tuple[Any, ...] = (None, (), None)

    def __call__(self, x: Any, *args: Any) -> tuple[np.ndarray, np.ndarray]:
        at, rest, found = self._last
        same = at is not None and np.array_equal(at, x) and len(rest) == len(args)
        if not same or any(a is not b for a, b in zip(rest, args)):
            jacobian, value = self._both(_tensor("value_and_jac", x), *args)
            _check_real("value_and_jac: the function must return", value._data)
            found = [np.array(one.detach().numpy(), np.float64) for one in (value, jacobian)]
            self._last = np.array(x), args, found
        return found[0].copy(), found[1].copy()

    def value(self, x: Any, *args: Any) -> np.ndarray:
        """The values alone."""
        return self(x, *args)[0]

    def jac(self, x: Any, *args: Any) -> np.ndarray:
        """The Jacobian alone."""
        return self(x, *args)[1]


def _tensor(call: str, x: Any) -> Any:
    array = np.asarray(x._data if isinstance(x, TensorBase) else x)
    _check_real(f"{call}: x must be", array)
    return wrap(np.array(array, np.float64), None)


def _check_real(must_be: str, array: Any) -> None:
    if not dtypes.real_valued(array.dtype):
        raise DtypeError(
            f"{must_be} real numbers; got {array.dtype}. Of a complex number take the real and "
            "imaginary parts; of a tree func.ravel."
        )


def _row(value: Any) -> Any:
    if isinstance(value, TensorBase) and value._data.ndim != 1:
        raise ShapeError(
            f"value_and_jac: the function must return a vector (m,); got {value._data.shape}. "
            "Reshape its result: result.reshape(-1)."
        )
    return value
