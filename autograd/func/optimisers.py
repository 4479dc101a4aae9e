"""Functions of tensors as SciPy's optimisers call them: float64 arrays in, float64 arrays out."""

from __future__ import annotations

from collections.abc import Callable
from types import NoneType
from typing import Any

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.arrays.errors import DtypeError
from autograd.engine.graph import TensorBase, wrap
from autograd.engine.places import ShapeError
from autograd.func.jacobians import jacrev
from autograd.func.transforms import grad_and_value

__all__ = ["value_and_grad", "value_and_jac"]


def value_and_grad(func: Callable[..., Any]) -> Callable[..., tuple[float, np.ndarray]]:
    """``func`` as ``scipy.optimize.minimize(..., jac=True)`` wants it: its value and its gradient.

    Shapes: x (n,) -> (), (n,).

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

    Shapes: x (n,) -> (m,), (m, n).

    What is returned has ``value`` and ``jac``, too, the two as functions of their own, for
    ``least_squares(both.value, x0, jac=both.jac)``. What the one has computed beside its own waits
    for the other, which takes it where it is called next and with equal arguments: compared are
    numbers, strings and the contents of arrays.

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
        self._waiting: tuple[Any, ...] = (None, None, None)  # which of the two, for what, itself

    def __call__(self, x: Any, *args: Any) -> tuple[np.ndarray, np.ndarray]:
        jacobian, value = self._both(_tensor("value_and_jac", x), *args)
        _check_real("value_and_jac: the function must return", value._data)
        value, jacobian = [np.array(one.detach().numpy(), np.float64) for one in (value, jacobian)]
        return value, jacobian

    def value(self, x: Any, *args: Any) -> np.ndarray:
        """The values alone."""
        return self._one(0, x, args)

    def jac(self, x: Any, *args: Any) -> np.ndarray:
        """The Jacobian alone."""
        return self._one(1, x, args)

    def _one(self, which: int, x: Any, args: tuple[Any, ...]) -> Any:
        """One of the two. The other waits for whoever asks for it next, with the same arguments."""
        leaves, spec = trees.flatten((x, args))
        asked = spec, [_copy(leaf) for leaf in leaves]
        waits, of, found = self._waiting
        if waits == which and _same(of, asked):
            self._waiting = None, None, None
            return found
        both = self(x, *args)
        self._waiting = 1 - which, asked, both[1 - which]
        return both[which]


def _copy(leaf: Any) -> Any:
    array = leaf._data if isinstance(leaf, TensorBase) else leaf
    return np.array(array) if hasattr(array, "dtype") else leaf


def _same(of: Any, asked: Any) -> bool:
    """Whether two calls had equal arguments. Of objects that may have changed nobody knows."""
    (form, before), (spec, now) = of, asked
    return form == spec and all([_equal(*pair) for pair in zip(before, now)])


def _equal(a: Any, b: Any) -> bool:
    if type(a) is np.ndarray and type(b) is np.ndarray:
        return a.dtype == b.dtype and np.array_equal(a, b)
    return type(a) is type(b) and isinstance(a, (int, float, complex, str, NoneType)) and a == b


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
