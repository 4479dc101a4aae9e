"""Elementwise ops: broadcasting and dtypes, settled in one place for all of them.

Inputs of an elementwise op are brought to one dtype by PyTorch's rules, NumPy broadcasts their
shapes, and every gradient is summed back to the shape of its input.

Most calls need little of that: one or two tensors of one floating dtype, or a tensor and a number.
For them each op gets an ``apply`` written out for its own signature, as ``namedtuple`` does it:
filling in which values a formula keeps, instead of looping over a description of them, is what
makes a graph of scalars as fast as one of Python floats.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.engine import graph, versions
from autograd.engine.formula import all_inputs
from autograd.engine.function import Function, record
from autograd.engine.grad_mode import mode
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.guard import checked_gradient, checked_output, on_arrays, refuse_tensors

__all__ = ["Elementwise"]

Of = TypeVar("Of", bound=Callable[..., Any])


def sum_to(g: Any, shape: tuple[int, ...]) -> Any:
    """``g`` summed over the axes along which ``shape`` was broadcast: broadcasting's adjoint.

    >>> import numpy as np
    >>> sum_to(np.ones((2, 3)), (3,))
    array([2., 2., 2.])
    """
    if g.shape == shape:
        return g
    extra = g.ndim - len(shape)
    if extra < 0:  # a formula whose value does not depend on every input
        return np.broadcast_to(g, shape)
    spread = (i + extra for i, n in enumerate(shape) if n == 1 != g.shape[i + extra])
    g = np.add.reduce(g, axis=(*range(extra), *spread), keepdims=True)
    g = np.reshape(g, g.shape[extra:])
    return g if g.shape == shape else np.broadcast_to(g, shape)


class Cast(Function):
    """The same values in another dtype; the gradient comes back in the old one."""

    def forward(self, x: Any, dtype: Any) -> Any:
        self.source = x.dtype
        return x.astype(dtype)

    def grad_x(self, g: Any) -> Any:
        return Cast.apply(g, self.source)


class Elementwise(Function):
    """An op that acts on each element on its own; inputs broadcast against each other."""

    floating = False  # True: integers come in as the default floating dtype

    @classmethod
    def fit(cls, formula: Callable[..., Any]) -> Callable[..., Any]:
        """``formula`` with broadcasting undone."""

        def fitted(node: Any, g: Any, shape: tuple[int, ...], *kept: Any) -> Any:
            return sum_to(formula(node, g, *kept), shape)

        def of_outside(node: Any, g: Any, shape: tuple[int, ...], *kept: Any) -> Any:
            d = formula(node, g, *kept)
            return None if d is None else sum_to(d, shape)

        return fitted if cls.ours else of_outside

    @classmethod
    def guarded(cls, formula: Callable[..., Any]) -> Callable[..., Any]:
        """``formula`` with a check that it gives one value for each element."""
        numeric = super().guarded(formula)

        def guarded(node: Any, g: Any, *kept: Any) -> Any:
            d = numeric(node, g, *kept)
            if d is None or not hasattr(d, "shape"):
                return checked_gradient(node, d, g.shape)
            if d.shape == g.shape:
                return d
            try:
                return np.broadcast_to(d, g.shape)
            except ValueError:
                raise RuntimeError(
                    f"{cls.name()}: a gradient must have a value for each element, shape "
                    f"{tuple(g.shape)}; got shape {tuple(d.shape)}. Write op classes that are not "
                    "elementwise as a Function."
                ) from None

        return guarded

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run the op on tensors, arrays and numbers; see :meth:`Function.apply`."""
        if len(args) != len(cls.inputs) and not cls.variadic:
            args = all_inputs(cls, args, kwargs)
        if not any([isinstance(value, TensorBase) for value in args]):
            out = on_arrays(cls, cls().forward, args, kwargs)
            if type(out) in _LISTS:
                check_tensors(cls.name(), **dict(zip(cls.inputs, args, strict=False)))
            return out
        if kwargs:
            refuse_tensors(cls, kwargs)
        values = cls.of_one_dtype(*args)
        node = cls()
        arrays = [unwrap(value) for value in values]
        try:
            out = node.forward(*arrays, **kwargs)
        except ValueError as error:
            raise cls._shape_error(arrays, error) from None
        except TypeError as error:
            raise cls._dtype_error(arrays, error) from None
        if not cls.ours:
            out = _checked_elements(cls, out, arrays)
        edges = tuple([value._edge if isinstance(value, TensorBase) else None for value in values])
        if mode.grad and any(edges):
            return record(node, edges, arrays, out, kwargs)
        return wrap(out, None)

    @classmethod
    def of_one_dtype(cls, *args: Any) -> list[Any]:
        """``args`` in their common dtype: numbers as scalars of it, other tensors cast."""
        try:
            dtype = dtypes.result_type(*args)
        except TypeError as error:
            raise TypeError(f"{cls.name()}: {error}") from None
        if cls.floating and not dtypes.differentiable(dtype):
            dtype = dtypes.get_default_dtype()
        return [cast(value, dtype) for value in args]

    @classmethod
    def _shape_error(cls, arrays: list[Any], error: ValueError) -> ValueError:
        shapes = [tuple(np.shape(array)) for array in arrays]
        try:
            np.broadcast_shapes(*shapes)
        except ValueError:
            return ValueError(
                f"{cls.name()}: shapes must broadcast (equal or 1 along each axis, counted from "
                f"the last); got {' and '.join(map(str, shapes))}. Reshape one of them."
            )
        return error

    @classmethod
    def _dtype_error(cls, arrays: list[Any], error: TypeError) -> TypeError:
        if not cls.ours:
            return error
        found = " and ".join([str(array.dtype) for array in arrays])
        return TypeError(
            f"{cls.name()}: operands must be of a dtype that it is defined for; got {found}. "
            "Convert them: x.long(), x.bool() or x.float()."
        )

    @classmethod
    def _choose_apply(cls) -> None:
        ours = list(cls.formulas.values())
        takes_options = cls.forward.__code__.co_kwonlyargcount or cls.forward.__defaults__
        slow = cls._written()
        cls.apply = slow  # type: ignore[method-assign]
        if takes_options or len(ours) != len(cls.inputs) or len(ours) not in _TEMPLATES:
            return
        kept = tuple(formula.picks for formula in ours)
        formulas = [formula.plain for formula in ours]
        if len(ours) == 2:
            formulas += [formula.fitted for formula in ours]
        forward = cls.forward if cls.ours else _checking(cls)
        quick = _factory(kept)(cls, forward, *formulas, slow.__get__(None, cls))
        cls._fill_in(staticmethod(quick))


def cast(value: Any, dtype: np.dtype[Any]) -> Any:
    """A tensor, array or number in ``dtype``; what has it already is returned as it is."""
    if isinstance(value, TensorBase):
        return value if value._data.dtype == dtype else Cast.apply(value, dtype)
    if hasattr(value, "dtype") and not isinstance(value, np.generic):
        return value if value.dtype == dtype else value.astype(dtype)
    return dtype.type(value)


def in_float32(function: Of) -> Of:
    """``function``, which computes float16 in float32 and rounds once, at the end.

    Sums and squares leave float16's range, and small numbers such as 1e-12 vanish in it, where the
    result has a place there.
    """

    @wraps(function)
    def wide(*args: Any, **kwargs: Any) -> Any:
        first = args[0] if args else next(iter(kwargs.values()), None)
        if not isinstance(first, TensorBase) or first._data.dtype != dtypes.float16:
            return function(*args, **kwargs)
        given = [value for value in (*args, *kwargs.values()) if isinstance(value, TensorBase)]
        narrow = not any([value._data.dtype in _WIDE for value in given])
        out = function(*map(_widened, args), **{k: _widened(v) for k, v in kwargs.items()})
        return cast(out, dtypes.float16) if narrow else out

    return wide  # type: ignore[return-value]


_WIDE = (dtypes.float32, dtypes.float64)


def _widened(value: Any) -> Any:
    if isinstance(value, TensorBase) and value._data.dtype == dtypes.float16:
        return cast(value, dtypes.float32)
    return value


def _checked_elements(op: Any, out: Any, inputs: list[Any]) -> Any:
    """What the forward of an op from outside returned: an array of the inputs' common shape."""
    out = checked_output(op, out, inputs)
    found = getattr(out, "shape", None)
    shape = np.broadcast_shapes(*[np.shape(value) for value in inputs])
    if found != shape:
        got = "several outputs" if found is None else f"shape {found}"
        raise ValueError(
            f"{op.name()}: an elementwise forward must return an array of its inputs' shape "
            f"{shape}; it returned {got}. Write other ops as a Function."
        )
    return out


def _checking(cls: Any) -> Callable[..., Any]:
    """``forward`` of an op from outside, with a check of what it returns."""
    forward = cls.forward

    def checked(node: Any, x: Any, y: Any = None) -> Any:
        out = forward(node, x) if y is None else forward(node, x, y)
        if (
            type(out) is type(x)
            and out.dtype is x.dtype
            and (shape := out.shape) == x.shape
            and (y is None or y.shape == shape)
            and out is not x
            and out is not y
        ):
            return out  # as nearly always
        return _checked_elements(cls, out, [x] if y is None else [x, y])

    return checked


_UNARY = """
def factory(cls, forward, grad_x, slow):
    def apply(x):
        if not isinstance(x, TensorBase):
            try:
                return cls.forward(cls(), x)
            except (TypeError, AttributeError, ValueError):
                return slow(x)
        a = x._data
        if not ((dtype := a.dtype) is float32 or dtype is float64):
            return slow(x)
        node = cls()
        try:
            out = forward(node, a)
        except TypeError:
            return slow(x)
        result = new(graph._tensor_class)
        result._data = out
        result._grad = None
        result._kin = None
        edge = x._edge
        if edge is None or not mode.grad:
            result._edge = None
            return result
        node.edges = (edge,)
        node.plan = ((edge, grad_x, ({0})),)
        node.age = tick()
        result._edge = node
        return result
    return apply
"""

_BINARY = """
def factory(cls, forward, grad_x, grad_y, fitted_x, fitted_y, slow):
    def apply(x, y):
        same = True
        if isinstance(x, TensorBase):
            x_edge = x._edge
            a = x._data
            if isinstance(y, TensorBase):
                y_edge = y._edge
                b = y._data
                if type(a) is not scalar32 or type(b) is not scalar32:
                    dtype = a.dtype
                    if dtype is not b.dtype or dtype is not float32 and dtype is not float64:
                        return slow(x, y)
                    same = a.shape == b.shape
            elif ((kind := type(y)) is float or kind is int) and (
                    (dtype := a.dtype) is float32 or dtype is float64):
                b = dtype.type(y)
                y_edge = None
            else:
                return slow(x, y)
        elif isinstance(y, TensorBase):
            b = y._data
            if ((kind := type(x)) is float or kind is int) and (
                    (dtype := b.dtype) is float32 or dtype is float64):
                a = dtype.type(x)
                x_edge = None
                y_edge = y._edge
            else:
                return slow(x, y)
        else:
            try:
                out = cls.forward(cls(), x, y)
            except (TypeError, AttributeError, ValueError):
                return slow(x, y)
            return slow(x, y) if type(out) in lists else out
        node = cls()
        try:
            out = forward(node, a, b)
        except (ValueError, TypeError):
            return slow(x, y)
        result = new(graph._tensor_class)
        result._data = out
        result._grad = None
        result._kin = None
        if (x_edge is None and y_edge is None) or not mode.grad:
            result._edge = None
            return result
        if not same:
            node.shapes = a.shape, b.shape
            node.plan = (
                () if x_edge is None else ((x_edge, fitted_x, (a.shape, {0})),)
            ) + (() if y_edge is None else ((y_edge, fitted_y, (b.shape, {1})),))
        elif x_edge is None:
            node.plan = ((y_edge, grad_y, ({1})),)
        elif y_edge is None:
            node.plan = ((x_edge, grad_x, ({0})),)
        else:
            node.plan = ((x_edge, grad_x, ({0})), (y_edge, grad_y, ({1})))
        node.edges = (x_edge, y_edge)
        node.age = tick()
        result._edge = node
        return result
    return apply
"""

_LISTS = (list, tuple, str, bytes)  # which Python's operators join and repeat

_TEMPLATES = {1: _UNARY, 2: _BINARY}

_SCOPE = {
    "TensorBase": TensorBase,
    "graph": graph,
    "mode": mode,
    "new": object.__new__,
    "tick": versions.tick,
    "float32": dtypes.float32,
    "float64": dtypes.float64,
    "scalar32": np.float32,
    "lists": _LISTS,
}


@cache
def _factory(kept: tuple[tuple[int, ...], ...]) -> Callable[..., Any]:
    """The template for ops whose formulas keep the values at these places of (*inputs, out)."""
    values = ("a", "out") if len(kept) == 1 else ("a", "b", "out")
    filled = ["".join(values[i] + ", " for i in picks) for picks in kept]
    made: dict[str, Any] = {}
    exec(_TEMPLATES[len(kept)].format(*filled), _SCOPE, made)
    factory: Callable[..., Any] = made["factory"]
    return factory
