"""Gradients that owe nothing to the formulas: by differences, and by a complex step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.errors import DtypeError
from autograd.diagnosis.gradcheck.differences import slopes
from autograd.engine.grad_mode import no_grad
from autograd.engine.graph import TensorBase, wrap
from autograd.engine.places import ShapeError


def finite_difference_gradient(func: Callable[..., Any], *inputs: Any) -> Any:
    """The gradient of a scalar function by central differences, extrapolated to a step of 0.

    :param func: a function of tensors that returns a scalar tensor, of float64 to be of use.
    :param inputs: tensors of a floating dtype; arrays and numbers become tensors of float64.
    :returns: a tensor of the input's shape, in float64; a tuple where there are several inputs.
        Some 10 digits of a smooth function are right: two evaluations for each element or, where
        these do not settle it, up to 22. Ridders 1982, doi:10.1016/S0141-1195(82)80057-0.
    :raises ShapeError: the output is no scalar.
    :raises TypeError: the output is no tensor, or an input is complex.

    >>> import autograd
    >>> finite_difference_gradient(lambda x: (x ** 3).sum(), autograd.tensor([1.0, 2.0]).double())
    tensor([ 3.0000, 12.0000], dtype=autograd.float64)
    """

    def slope(value: Callable[[Any], Any], x: np.ndarray, place: tuple[int, ...]) -> float:
        def along(t: float) -> np.ndarray:
            moved = x.copy()
            moved[place] += t
            return np.array([value(moved)], np.float64)

        here = along(0.0)
        unknown = np.array([np.nan])
        size = max(abs(float(x[place])), 1.0)
        return float(slopes(along, here, unknown, np.abs(here), [size]).value[0])

    return _each("finite_difference_gradient", func, inputs, np.float64, slope)


def complex_step_gradient(func: Callable[..., Any], *inputs: Any, step: float = 1e-30) -> Any:
    """The gradient of an analytic scalar function from its values at x + ih: Im f(x + ih) / h.

    Nothing is subtracted, so it is right to the last digits. ``func`` is called with complex
    tensors; it must not ask for parts, absolute values, or which number is larger.

    :param func: a function of tensors that returns a scalar tensor, analytic in each element.
    :param inputs: tensors of a floating dtype; arrays and numbers become tensors of float64.
    :param step: h.
    :returns: a tensor of the input's shape, in float64; a tuple where there are several inputs.
    :raises ShapeError: the output is no scalar.
    :raises TypeError: the output is real: something in ``func`` drops the imaginary part; or it
        is no tensor, or an input is complex.

    W. Squire & G. Trapp 1998, doi:10.1137/S003614459631241X.

    >>> import autograd
    >>> complex_step_gradient(lambda x: (x.sin() * x).sum(), autograd.tensor([0.0, 1.0]).double())
    tensor([0.0000, 1.3818], dtype=autograd.float64)
    """

    def slope(value: Callable[[Any], Any], x: np.ndarray, place: tuple[int, ...]) -> float:
        moved = x.copy()
        moved[place] += step * 1j
        found = value(moved)
        if not dtypes.complex_valued(found.dtype):
            raise TypeError(
                "complex_step_gradient: the result must be complex, as the inputs are; got "
                f"{found.dtype}. Leave out what drops imaginary parts (abs, real, float()), or use "
                "finite_difference_gradient."
            )
        return float(found.imag / step)

    return _each("complex_step_gradient", func, inputs, np.complex128, slope)


def _each(
    call: str, func: Callable[..., Any], inputs: tuple[Any, ...], dtype: Any, slope: Any
) -> Any:
    """The slopes by all elements, one after the other."""
    given = [np.asarray(one._data if isinstance(one, TensorBase) else one) for one in inputs]
    for array in given:
        if not dtypes.real_valued(array.dtype):
            raise DtypeError(
                f"{call}: inputs must be real numbers; got {array.dtype}. Differentiate by "
                "the real and the imaginary part."
            )
    arrays = [np.array(one, np.float64) for one in given]
    found = []
    for i, array in enumerate(arrays):

        def value(moved: np.ndarray, i: int = i) -> Any:
            point = [moved if j == i else one.astype(dtype) for j, one in enumerate(arrays)]
            with no_grad():
                out: Any = func(*[wrap(one.copy(), None) for one in point])
            if not isinstance(out, TensorBase):
                raise DtypeError(
                    f"{call}: the function must return a tensor; got {type(out).__name__}. Is "
                    "there a return missing?"
                )
            shape = tuple(out._data.shape)
            if shape != ():
                raise ShapeError(
                    f"{call}: the function must return a scalar; got shape {shape}. Sum "
                    "it, or choose an element."
                )
            return np.asarray(out._data)

        start = array.astype(dtype)
        gradient = np.empty(array.shape)
        for place in np.ndindex(array.shape):
            gradient[place] = slope(value, start, place)
        found.append(wrap(gradient, None))
    return found[0] if len(found) == 1 else tuple(found)
