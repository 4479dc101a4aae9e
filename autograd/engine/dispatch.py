"""NumPy's functions, mapped to ours: what makes ``np.exp(tensor)`` a recorded operation."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import numpy as np

from autograd.arrays.dialect import asarray
from autograd.engine.faults import out_of_graph
from autograd.engine.grad_mode import mode
from autograd.engine.graph import TensorBase, unwrap, wrap

__all__ = ["implements"]

T = TypeVar("T")

table: dict[Any, Any] = {}  # an op, or a function with NumPy's signature
numpys: dict[Any, Any] = {}  # what they mean for an Array: functions with NumPy's signatures


def implements(*functions: Any) -> Callable[[T], T]:
    """Decorator: this op (or function, with NumPy's signature) is what these NumPy functions mean.

    A method of a ufunc is given as a pair: ``implements(np.sum, (np.add, "reduce"))``.

    >>> import autograd
    >>> @implements(np.i0)
    ... def i0(x):
    ...     return 1 + x**2 / 4  # its series, up to there
    >>> np.i0(autograd.tensor([0.2], requires_grad=True))
    tensor([1.0100], grad_fn=<AddBackward0>)
    >>> _ = table.pop(np.i0)
    """

    def register(target: T) -> T:
        for function in functions:
            if not callable(function[0] if isinstance(function, tuple) else function):
                raise TypeError(
                    f"implements: expected NumPy's functions; got {function!r:.60}. Pass np.exp, "
                    'or a pair for a method of a ufunc: (np.add, "reduce").'
                )
            table[function] = target
        return target

    return register


def _handler(function: Any) -> Any:
    """What stands for a NumPy function here: an op's current ``apply``, a function, or None."""
    target = table.get(function)
    return getattr(target, "apply", target)


def call_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What ``Tensor.__array_ufunc__`` does.

    Raises TypeError for a ufunc that has no derivative here, or an argument that we do not take.
    """
    handler = _handler(ufunc if method == "__call__" else (ufunc, method))
    if method == "reduce":
        kwargs.setdefault("axis", 0)  # NumPy's default for ufunc.reduce
    out = kwargs.pop("out", None)
    if handler is None or kwargs.get("where", True) is not True:
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        what = f"np.{name}" + (" with where=" if handler is not None else "")
        if out is None and not requires_grad(inputs):
            return getattr(ufunc, method)(*raw(inputs), **raw(kwargs))
        raise TypeError(
            f"{what}: not defined for tensors that require grad. Use a function of autograd, or "
            f"{out_of_graph('take the values out of the graph: tensor.detach().numpy()')}."
        )
    if out is None:
        if not {list, tuple}.isdisjoint(map(type, inputs)):
            inputs = tuple([np.asarray(x) if isinstance(x, (list, tuple)) else x for x in inputs])
        return _called(handler, ufunc, inputs, kwargs) if kwargs else handler(*inputs)
    (target,) = out
    if not isinstance(target, TensorBase):
        if mode.grad and requires_grad(inputs):
            raise RuntimeError(
                f"np.{ufunc.__name__}: an array cannot carry a gradient, and an input requires "
                "grad. Write into a tensor, or take the input out of the graph: tensor.detach()."
            )
        target[...] = unwrap(handler(*raw(inputs), **kwargs))
        return target
    return target.copy_(handler(*inputs, **kwargs))  # type: ignore[attr-defined]


_CREATORS = {
    np.array,
    np.zeros,
    np.ones,
    np.empty,
    np.full,
    np.arange,
    np.eye,
    np.tri,
}  # they take like=


_DOORS = {"numpy.linalg": "autograd.linalg"}  # loaded on first use


def call_function(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], like: Any = None
) -> Any:
    """What ``Tensor.__array_function__`` does; functions unknown here run on plain arrays.

    ``np.zeros(..., like=tensor)`` arrives here as well: it makes an array of the tensor's kind.

    Raises TypeError where that would lose a gradient.
    """
    handler = _handler(function)
    if handler is None and (door := _DOORS.get(getattr(function, "__module__", ""))):
        import_module(door)  # its functions tell that they mean NumPy's when they are loaded
        handler = _handler(function)
    if handler is not None:
        return _called(handler, function, args, kwargs) if kwargs else handler(*args)
    if function in _CREATORS:
        scalar = isinstance(like, np.generic)
        return wrap(function(*args, **kwargs, like=None if scalar else like), None)
    if requires_grad((args, kwargs)):
        leave = out_of_graph("take the values out of the graph: tensor.detach().numpy()")
        raise TypeError(
            f"np.{function.__name__}: not defined for tensors that require grad. Use a function "
            f"of autograd, or {leave}."
        )
    return function(*raw(args), **raw(kwargs))


def _called(handler: Any, function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """``handler(*args, **options)``, where an option that it does not take is told by name."""
    try:
        return handler(*args, **options)
    except TypeError as error:
        if "unexpected keyword argument" not in str(error):
            raise
        name = str(error).rpartition("argument ")[2]
        raise TypeError(
            f"np.{function.__name__}: the argument {name} is not taken for tensors. Leave it out, "
            "or use a function of autograd."
        ) from None


def requires_grad(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(requires_grad(item) for item in value)
    if isinstance(value, dict):
        return any(requires_grad(item) for item in value.values())
    return isinstance(value, TensorBase) and value._edge is not None


def raw(value: Any) -> Any:
    """``value`` with every tensor in it replaced by its array."""
    if type(value) in (list, tuple):
        return type(value)(raw(item) for item in value)
    if type(value) is dict:
        return {key: raw(item) for key, item in value.items()}
    return asarray(value._data) if isinstance(value, TensorBase) else value
