"""Elementwise ops: broadcasting and dtypes, settled in one place for all of them.

Inputs of an elementwise op are brought to one dtype by PyTorch's rules, NumPy broadcasts their
shapes, and every gradient is summed back to the shape of its input.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import numbers_as_scalars
from autograd.arrays.remedies import to_broadcast
from autograd.engine.dispatch import table
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, foremost, unwrap
from autograd.engine.places import ShapeError, placed
from autograd.kernels.layout import unexpanded
from autograd.kernels.sums import sum_over

__all__ = ["Elementwise"]

Of = TypeVar("Of", bound=Callable[..., Any])


def sum_to(g: Any, shape: tuple[int, ...]) -> Any:
    """``g`` summed over the axes along which ``shape`` was broadcast: broadcasting's adjoint.

    For gradient formulas of ops whose ``forward`` broadcasts; those of an
    :class:`~autograd.Elementwise` op are brought to their inputs' shapes without being asked.

    :param g: an array or a Tensor, of a shape that ``shape`` broadcasts to.
    :returns: the same kind, of ``shape``.

    >>> import numpy as np
    >>> sum_to(np.ones((2, 3)), (3,))
    array([2., 2., 2.])
    """
    if g.shape == shape:
        return g
    if shape == ():
        return sum_over(g)
    extra = g.ndim - len(shape)
    if extra < 0:  # a formula whose value does not depend on every input
        return np.broadcast_to(g, shape)
    spread = (i + extra for i, n in enumerate(shape) if n == 1 != g.shape[i + extra])
    g = sum_over(g, axis=(*range(extra), *spread), keepdims=True)
    g = np.reshape(g, g.shape[extra:])
    return g if g.shape == shape else np.broadcast_to(g, shape)


class Cast(Function):
    """The same values in another dtype; the gradient comes back in the old one."""

    keeps_bits = True
    takes_complex = True

    def forward(self, x: Any, dtype: Any) -> Any:
        self.source = x.dtype
        return unexpanded(x).astype(dtype)

    def grad_x(self, g: Any) -> Any:
        real = dtypes.complex_valued(g.dtype) and not dtypes.complex_valued(self.source)
        return (CastOfReal if real else Cast).apply(g, self.source)


class CastOfReal(Cast):
    """The real part in another dtype: the gradient of what was real and became complex."""

    def forward(self, x: Any, dtype: Any) -> Any:
        self.source = x.dtype
        return np.real(x).astype(dtype)


class Elementwise(Function):
    """An op that acts on each element on its own; inputs broadcast against each other.

    ``grad_x`` may return what has the broadcast shape; it is summed down to x's.

    >>> import autograd
    >>> class Scaled(Elementwise):
    ...     def forward(self, x, y):
    ...         return x * y
    ...     def grad_x(self, g, y):
    ...         return g * y
    >>> x = autograd.ones(3, requires_grad=True)
    >>> Scaled.apply(x, autograd.tensor([[1.0], [2.0]])).sum().backward()
    >>> x.grad
    tensor([3., 3., 3.])
    """

    elementwise = True
    floating = False  # True: integers come in as the default floating dtype
    exact_numbers = True  # a Python number that float16 lacks counts as it is
    exact_options = False  # True: one among the options does, too
    wraps = False  # a number beyond the integers of the dtype wraps around, as results do
    untyped: tuple[str, ...] = ()  # inputs that keep their dtype
    ordered = False  # it asks which of two numbers is greater: complex ones have no order
    complex_values = False  # forward holds for complex numbers, though formulas do not

    @classmethod
    def fit(cls, formula: Callable[..., Any]) -> Callable[..., Any]:
        """``formula`` with broadcasting undone."""

        def fitted(node: Any, g: Any, shape: tuple[int, ...], *kept: Any) -> Any:
            d = formula(node, g, *kept)
            return None if d is None else sum_to(d, shape)

        return fitted

    @classmethod
    def general(cls, *args: Any, **options: Any) -> Any:
        """Function's; but another library's array of Arrays makes the result, if there is one."""
        if len(args) == 2 and not all([isinstance(x, _OWN) for x in args]):
            found, args = held_by_another(cls, args)
            if found is not NotImplemented:
                return found
        return super().general(*args, **options)

    @classmethod
    def _run(cls, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        numbers = (*args, *options.values()) if cls.exact_options else args
        if cls.exact_numbers and _between_halves(numbers):
            wide = [cast(x, dtypes.float32) if hasattr(x, "dtype") else x for x in args]
            return cast(cls.apply(*wide, **options), dtypes.float16)
        return super()._run(args, options)

    @classmethod
    def of_one_kind(cls, args: tuple[Any, ...]) -> list[Any]:
        """``args`` in their common dtype."""
        return cls.of_one_dtype(*args)

    @classmethod
    def of_one_dtype(cls, *args: Any) -> list[Any]:
        """``args`` in their common dtype: numbers as scalars of it, other tensors cast."""
        try:
            like = foremost(args)
            if like is not None and like._numpys:
                args = tuple([np.asarray(x) if isinstance(x, (list, tuple)) else x for x in args])
                names = any([x is None or isinstance(x, str) for x in args])  # of dtypes, to NumPy
                if names or not dtypes.numeric(dtype := np.result_type(*map(unwrap, args))):
                    given = ", ".join([type(unwrap(x)).__name__ for x in args])
                    raise TypeError(f"operands must be numbers or arrays of them; got {given}.")
            else:
                dtype = dtypes.result_type(*args)
        except TypeError as error:
            raise TypeError(f"{cls.__name__}: {error}") from None
        if cls.floating and not dtypes.differentiable(dtype):
            dtype = dtypes.get_default_dtype()
        if dtypes.complex_valued(dtype):
            cls.guard.check_complex(cls, dtype)
        try:
            return [cast(value, dtype) for value in args]
        except OverflowError:
            if not cls.wraps:
                raise
        return [
            cast(value if hasattr(value, "dtype") else np.asarray(value).astype(dtype)[()], dtype)
            for value in args
        ]

    @classmethod
    def explained(cls, error: Exception, arrays: list[Any], options: dict[str, Any]) -> Exception:
        """Shapes that do not broadcast, dtypes that do not go: in their own words."""
        if isinstance(error, TypeError):
            return placed(cls.guard.type_error(cls, error, arrays))
        shapes = [tuple(np.shape(array)) for array in arrays]
        try:
            np.broadcast_shapes(*shapes)
        except ValueError:
            return placed(
                ShapeError(
                    f"{cls.__name__}: shapes must broadcast (equal or 1 along each axis, counted "
                    f"from the last); got {' and '.join(map(str, shapes))}. "
                    f"{to_broadcast(shapes)}"
                )
            )
        return super().explained(error, arrays, options)


_OWN = (TensorBase, np.ndarray, np.generic, int, float, complex, list, tuple)


def held_by_another(cls: Any, args: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """What another library's array, of NumPy's protocol, makes of an Array: it may hold one.

    xarray's arrays do; pandas' cannot, which they say by a TypeError: their values count.

    :returns: the result, or NotImplemented; and ``args`` to go on with.
    """
    like = foremost(args)
    if like is None or not like._numpys:
        return NotImplemented, args
    args = numbers_as_scalars(args, like.dtype)
    for one in args:
        if not isinstance(one, _OWN) and hasattr(type(one), "__array_ufunc__"):
            ufunc = next((f for f, op in table.items() if op is cls), None)
            try:
                return one.__array_ufunc__(ufunc, "__call__", *args), args
            except TypeError:
                break
    return NotImplemented, tuple([np.asarray(x) if hasattr(type(x), "__array__")
                                  and not isinstance(x, _OWN) else x for x in args])  # fmt: skip


def cast(value: Any, dtype: np.dtype[Any]) -> Any:
    """A tensor, array or number in ``dtype``; what has it already is returned as it is."""
    if isinstance(value, TensorBase):
        return value if value._data.dtype == dtype else Cast.apply(value, dtype)
    if hasattr(value, "dtype") and not isinstance(value, np.generic):
        return value if value.dtype == dtype else value.astype(dtype)
    try:
        if dtype is dtypes.float16:
            with np.errstate(over="ignore"):
                return dtype.type(value)
        return dtype.type(value)
    except OverflowError:
        raise OverflowError(f"{value} is beyond the integers of {dtype}") from None
    except (TypeError, ValueError):
        raise TypeError(
            f"a number must be one that {dtype} can hold; got {value!r:.60} of type "
            f"{type(value).__name__}. Convert it first."
        ) from None


def in_float32(function: Of) -> Of:
    """``function``, which computes float16 (bfloat16) in float32 and rounds once, at the end.

    Sums and squares leave float16's range, and small numbers such as 1e-12 vanish in it, where the
    result has a place there.
    """

    @wraps(function)
    def wide(*args: Any, **kwargs: Any) -> Any:
        first = args[0] if args else next(iter(kwargs.values()), None)
        if not isinstance(first, TensorBase) or not dtypes.narrow(first._data.dtype):
            return function(*args, **kwargs)
        given = [value for value in (*args, *kwargs.values()) if isinstance(value, TensorBase)]
        one = all([value._data.dtype not in _WIDE for value in given])
        found = dtypes.result_type(*[x for x in given if dtypes.narrow(x._data.dtype)])
        out = function(*map(_widened, args), **{k: _widened(v) for k, v in kwargs.items()})
        return cast(out, found) if one else out

    return wide  # type: ignore[return-value]


def _between_halves(values: tuple[Any, ...]) -> bool:
    """Whether float16 tensors meet a Python number that float16 has not: 0.1, 70000.

    The number counts as it is, so the op is computed in float32 and rounded once, as in PyTorch.
    """
    numbers, halves = [], False
    for value in values:
        if isinstance(value, TensorBase):
            halves = True
            if value._data.dtype is not dtypes.float16:
                return False
        elif type(value) is float or type(value) is int:
            numbers.append(abs(value))
        else:
            return False
    return halves and any(
        [65504 < n < math.inf or n <= 65504 and float(dtypes.float16.type(n)) != n for n in numbers]
    )


_WIDE = (dtypes.float32, dtypes.float64)


def _widened(value: Any) -> Any:
    if isinstance(value, TensorBase) and dtypes.narrow(value._data.dtype):
        return cast(value, dtypes.float32)
    return value
