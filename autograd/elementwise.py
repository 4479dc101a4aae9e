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
from functools import cache
from typing import Any

import numpy as np

from autograd import dtypes, graph, memory
from autograd.function import Function, all_inputs, record, refuse_tensors
from autograd.graph import TensorBase, unwrap, wrap
from autograd.modes import mode


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

        return fitted

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run the op on tensors, arrays and numbers; see :meth:`Function.apply`."""
        if len(args) != len(cls.inputs) and not cls.variadic:
            args = all_inputs(cls, args, kwargs)
        if not any([isinstance(value, TensorBase) for value in args]):
            return cls().forward(*args, **kwargs)
        if kwargs:
            refuse_tensors(cls, kwargs)
        values = cls.of_one_dtype(*args)
        node = cls()
        arrays = [unwrap(value) for value in values]
        try:
            out = node.forward(*arrays, **kwargs)
        except ValueError as error:
            raise cls._shape_error(arrays, error) from None
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
        if cls.floating and dtype.kind not in "fc":
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

        def fill() -> Callable[..., Any]:
            quick = _factory(kept)(cls, cls.forward, *formulas, slow.__get__(None, cls))
            cls._fill_in(staticmethod(quick))
            return quick

        def first(*args: Any) -> Any:
            found = cls.__dict__["apply"].__func__
            return (fill() if found is first else found)(*args)

        if kept in _OPERATORS:
            fill()
        else:  # at the first call: compiling all of them would make the import a tenth longer
            cls._fill_in(staticmethod(first))


def cast(value: Any, dtype: np.dtype[Any]) -> Any:
    """A tensor, array or number in ``dtype``; what has it already is returned as it is."""
    if isinstance(value, TensorBase):
        return value if value._data.dtype == dtype else Cast.apply(value, dtype)
    if hasattr(value, "dtype") and not isinstance(value, np.generic):
        return value if value.dtype == dtype else value.astype(dtype)
    return dtype.type(value)


_UNARY = """
def factory(cls, forward, grad_x, slow):
    def apply(x):
        if not isinstance(x, TensorBase):
            return forward(cls(), x)
        a = x._data
        if not ((dtype := a.dtype) is float32 or dtype is float64):
            return slow(x)
        node = cls()
        out = forward(node, a)
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
            return forward(cls(), x, y)
        node = cls()
        try:
            out = forward(node, a, b)
        except ValueError:
            return slow(x, y)
        result = new(graph._tensor_class)
        result._data = out
        result._grad = None
        result._kin = None
        if (x_edge is None and y_edge is None) or not mode.grad:
            result._edge = None
            return result
        if not same:
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

_TEMPLATES = {1: _UNARY, 2: _BINARY}
_OPERATORS = {((),), ((), ()), ((1,), (0,)), ((1,), (0, 1))}  # what -x, +, * and / keep
_SCOPE = {
    "TensorBase": TensorBase,
    "graph": graph,
    "mode": mode,
    "new": object.__new__,
    "tick": memory.tick,
    "float32": dtypes.float32,
    "float64": dtypes.float64,
    "scalar32": np.float32,
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
