"""Functions with derivatives of one's own, under HIPS autograd's names.

@primitive
def logsumexp(x): ...
defvjp(logsumexp, lambda ans, x: lambda g: g * np.exp(x - ans))
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable
from functools import partial, wraps
from importlib import import_module
from itertools import count
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.engine import duals
from autograd.engine.dispatch import numpys
from autograd.engine.grad_mode import mode
from autograd.engine.graph import TensorBase, unwrap
from autograd.func.primitives import pushed
from autograd.numpy.noting import concerns, noted, open_traces
from autograd.numpy.numpy_boxes import Box
from autograd.numpy.numpy_vspaces import VSpace, vspace
from autograd.numpy.primitives import (
    Called,
    by_position,
    described,
    is_linked,
    numbers_of_results,
)
from autograd.tensors.array import Array

__all__ = [
    "Box", "VSpace", "def_linear", "defjvp", "defjvp_argnum", "defjvp_argnums", "defvjp",
    "defvjp_argnum", "defvjp_argnums", "notrace_primitive", "primitive", "register_notrace",
    "vspace",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in ("JVPNode", "VJPNode"):
        return getattr(import_module("autograd.core"), name)  # which is built on this
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def primitive(fun: Callable[..., Any]) -> Callable[..., Any]:
    """``fun`` of plain values as one step of the graph; its gradients are told by :func:`defvjp`.

    What it gives in integers is traced in doubles; Booleans and what is no number have no gradient.
    A traced value given by keyword is one by position, where ``fun`` has a place for it and its
    gradient was told; else ``fun`` runs on it as any function does.

    :raises NotImplementedError: when differentiated, where no gradient was told.
    :raises TypeError: ``fun`` closes over a traced value, or has one by keyword beside others.

    >>> from autograd import grad
    >>> from autograd.extend import defvjp, primitive
    >>> @primitive
    ... def cube(x):
    ...     return x**3
    >>> defvjp(cube, lambda ans, x: lambda g: g * 3 * x * x)
    >>> float(grad(cube)(2.0))
    12.0
    """

    @wraps(fun)
    def call(*args: Any, **options: Any) -> Any:
        if open_traces and concerns(args, options):
            return noted(call, args, options)
        if options and any(map(is_linked, trees.flatten(options)[0])):
            args, options, through = by_position(call, args, options)
            if through:
                return fun(*args, **options)
        inputs, owner, plain, forward = [], [], [], False
        for i, arg in enumerate(args):
            if type(arg) in trees.LEAVES:
                plain.append(arg)
                continue
            if isinstance(arg, TensorBase):
                plain.append(arg._data)
                if arg._edge is not None:
                    inputs.append(arg)
                    owner.append(i)
                    forward = forward or type(arg._data) is duals.Dual
                continue
            leaves, form = trees.flatten(arg)
            tensors = [leaf for leaf in leaves if isinstance(leaf, TensorBase)]
            for leaf in tensors:
                if leaf._edge is not None:
                    inputs.append(leaf)
                    owner.append(i)
                    forward = forward or type(leaf._data) is duals.Dual
            plain.append(trees.unflatten(map(unwrap, leaves), form) if tensors else arg)
        if call.untraced and inputs and ("JVPNode" if forward else "VJPNode") in call.untraced:  # type: ignore[attr-defined]
            return fun(*plain, **trees.map_leaves(unwrap, options))
        if call.earlier is not None and inputs:  # type: ignore[attr-defined]
            told = hasattr(call, "forward_rules") if forward else call.known != ()  # type: ignore[attr-defined]
            if not told:
                return call.earlier(*args, **options)  # type: ignore[attr-defined]
        if forward:
            return pushed(call, args, options, inputs)
        out = fun(*plain, **(trees.map_leaves(unwrap, options) if options else {}))
        if not inputs or not mode.grad:
            return out
        leaves, form = trees.flatten(out)
        numbers = numbers_of_results(leaves, inputs, call)
        linked = [one is not None for one in numbers]
        if not any(linked):
            return out
        node = Called(call, args, options, inputs, owner)
        values = [leaf if one is None else one for leaf, one in zip(leaves, numbers)]
        return node.born(values, linked, form)

    def backward(asked: Any, ans: Any, args: Any, options: Any) -> Any:
        raise NotImplementedError(
            f"{call.__name__}: its gradient must be known; none was told. Call "
            "autograd.extend.defvjp."
        )

    call.fun = fun  # type: ignore[attr-defined]
    call._is_autograd_primitive = True  # type: ignore[attr-defined]
    call.backward = backward  # type: ignore[attr-defined]
    call.earlier = None  # type: ignore[attr-defined]  # what it means where nothing was told
    call.untraced = set()  # type: ignore[attr-defined]  # the ways in which it has no gradient
    call.known = ()  # type: ignore[attr-defined]  # the arguments whose gradients were told
    call.defgrad = partial(_defgrad, call)  # type: ignore[attr-defined]
    call.defvjp = partial(_old_defvjp, call)  # type: ignore[attr-defined]
    call.defvjp_is_zero = partial(_defvjp_is_zero, call)  # type: ignore[attr-defined]
    return call


def _defgrad(fun: Any, maker: Any, argnum: int = 0) -> None:
    """HIPS autograd's first form, one argument at a time: ``maker(ans, *args)(g)``."""
    makers = vars(fun).setdefault("makers", {})
    makers[argnum] = maker
    defvjp(fun, *makers.values(), argnums=tuple(makers))


def _old_defvjp(fun: Any, rule: Any, argnum: int = 0) -> None:
    """Its second form: ``rule(g, ans, space of ans, space of the argument, *args)``."""

    def maker(ans: Any, *args: Any, **options: Any) -> Any:
        spaces = vspace(ans), vspace(args[argnum])
        return lambda g: rule(g, ans, *spaces, *args, **options)

    _defgrad(fun, maker, argnum)


def _defvjp_is_zero(fun: Any, argnums: Any = (0,)) -> None:
    """These arguments have gradients of zero."""
    for argnum in argnums:
        _defgrad(fun, None, argnum)


def notrace_primitive(fun: Callable[..., Any]) -> Any:
    """``fun`` of plain values: it sees no traced ones, and its results have no gradient.

    >>> notrace_primitive(lambda x: x > 1)(2.0)
    True
    """

    @wraps(fun)
    def call(*args: Any, **options: Any) -> Any:
        return fun(*trees.map_leaves(unwrap, args), **trees.map_leaves(unwrap, options))

    call.fun = fun  # type: ignore[attr-defined]
    call._is_autograd_primitive = True  # type: ignore[attr-defined]
    return call


def _told(call: str, fun: Any) -> Any:
    """The primitive whose gradients are told: ``fun``, or what now stands for NumPy's function."""
    if hasattr(fun, "known"):
        return fun
    plain, known = fun, getattr(fun, "on_arrays", None)  # of autograd.scipy's
    if known is None:
        plain = fun if _is_numpys(fun) else getattr(fun, "__wrapped__", fun)  # autograd.numpy's
        if not _is_numpys(plain) and callable(plain):
            warnings.warn(
                f"{call}: derivatives are told of a primitive, or of a function of NumPy or of "
                f"autograd.scipy; {fun!r:.80} is none, so its own operations are differentiated. "
                "Decorate it with autograd.extend.primitive.",
                UserWarning,
                stacklevel=3,
            )
            return primitive(plain)
        if not _is_numpys(plain):
            raise TypeError(
                f"{call}: derivatives must be told of a primitive, or of a function of NumPy or of "
                f"autograd.scipy; got {fun!r:.80}. Decorate it with autograd.extend.primitive."
            )
        known = numpys.get(plain)
    known = numpys.get(plain, known)
    if hasattr(known, "known"):
        return known
    made: Any = primitive(plain)
    made.earlier = known
    numpys[plain] = made
    word = _OPERATORS.get(plain)
    if word:
        setattr(Array, f"__{word}__", lambda self, *others: made(self, *others))
        setattr(Array, f"__r{word}__", lambda self, other: made(other, self))
    return made


def _is_numpys(fun: Any) -> bool:
    """Whether it asks its arguments what to do, or the table knows it."""
    if isinstance(fun, np.ufunc) or hasattr(fun, "_implementation"):
        return True
    return isinstance(fun, Hashable) and fun in numpys


_OPERATORS = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.divide: "truediv", np.power: "pow",
    np.remainder: "mod", np.matmul: "matmul", np.negative: "neg",
}  # fmt: skip


def defvjp(fun: Any, *makers: Any, argnums: Any = None) -> None:
    """Tell the gradients of a primitive, one maker for each argument.

    A function of NumPy's or of ``autograd.numpy``'s has these from now on; by arguments that have
    no maker it is differentiated as before. Any other function stays as it is, and there is a
    warning: its operations are differentiated.

    :param makers: ``maker(ans, *args, **options)`` gives the function of g; None is a gradient of
        zero. That function gives a gradient of the argument's form and shape, or one that is
        broadcast to it.
    :param argnums: the arguments that the makers belong to; the first ones by default.
    :raises TypeError: ``fun`` is no function; when differentiated, a gradient is no
        array of numbers. A shape that does not fit is a ValueError then.

    >>> from autograd import grad
    >>> @primitive
    ... def product(x, y):
    ...     return x * y
    >>> defvjp(product, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * x)
    >>> float(grad(product, 1)(2.0, 3.0))
    2.0
    """
    fun = _told("defvjp", fun)
    known = dict(zip(count() if argnums is None else argnums, makers))

    def maker(asked: Any, ans: Any, args: Any, options: Any) -> Any:
        ways = [_way(fun, known, i, ans, args, options) for i in asked]
        return lambda g: [way(g) for way in ways]

    fun.backward = maker
    fun.known = known


def _way(fun: Any, known: Any, i: int, ans: Any, args: Any, options: Any) -> Any:
    """The function from the gradient of a primitive's result to that of argument i."""
    if i not in known:
        return _undefined(fun, i, args, options)
    if known[i] is None:
        zeros = trees.map_leaves(lambda x: np.zeros_like(unwrap(x)), args[i])
        return lambda g: zeros
    way = known[i](ans, *args, **options)
    if not callable(way):
        raise TypeError(
            f"{fun.__name__}: what defvjp is told for argument {i} must return a function of g; it "
            f"returned {described(way)}. Write lambda ans, *args: lambda g: ..."
        )
    return way


def _undefined(fun: Any, i: int, args: Any, options: Any) -> Any:
    earlier = fun.earlier
    if earlier is None:
        raise NotImplementedError(
            f"{fun.__name__}: the gradient by argument {i} must be known; none was told. Call "
            "autograd.extend.defvjp."
        )
    from autograd.core import make_vjp  # which is built on this

    return make_vjp(lambda x: earlier(*args[:i], x, *args[i + 1 :], **options), args[i])[0]


def defvjp_argnum(fun: Any, maker: Any) -> None:
    """Tell the gradients of a primitive by ``maker(argnum, ans, args, options)(g)``.

    >>> from autograd import grad
    >>> @primitive
    ... def total(*xs):
    ...     return sum(xs)
    >>> defvjp_argnum(total, lambda argnum, ans, args, options: lambda g: g)
    >>> float(grad(total, 1)(2.0, 3.0))
    1.0
    """
    fun = _told("defvjp_argnum", fun)

    def all_of(asked: Any, *rest: Any) -> Any:
        ways = [maker(i, *rest) for i in asked]
        return lambda g: [way(g) for way in ways]

    fun.backward, fun.known = all_of, None


def defvjp_argnums(fun: Any, maker: Any) -> None:
    """Tell them by ``maker(argnums, ans, args, options)(g)``, which gives one for each of them.

    >>> from autograd import grad
    >>> @primitive
    ... def total(*xs):
    ...     return sum(xs)
    >>> defvjp_argnums(total, lambda argnums, ans, args, options: lambda g: [g for _ in argnums])
    >>> float(grad(total, 1)(2.0, 3.0))
    1.0
    """
    fun = _told("defvjp_argnums", fun)
    fun.backward, fun.known = lambda asked, *rest: maker(tuple(asked), *rest), None


def defjvp(fun: Any, *rules: Any, argnums: Any = None) -> None:
    """Tell the forward rules of a primitive, one for each argument.

    :param rules: ``rule(g, ans, *args, **options)`` gives the derivative along g of that argument;
        "same": the primitive is linear in it; None: the derivative is zero.
    :param argnums: the arguments that the rules belong to; the first ones by default.

    >>> from autograd import deriv
    >>> @primitive
    ... def cube(x):
    ...     return x**3
    >>> defjvp(cube, lambda g, ans, x: g * 3 * x * x)
    >>> float(deriv(cube)(2.0))
    12.0
    """
    fun = _told("defjvp", fun)
    fun.forward_together = False
    fun.forward_rules = dict(zip(count() if argnums is None else argnums, rules))


def defjvp_argnum(fun: Any, rule: Any) -> None:
    """Tell the forward rules by one function ``rule(argnum, g, ans, args, options)``.

    >>> from autograd import deriv
    >>> @primitive
    ... def twice(x):
    ...     return 2 * x
    >>> defjvp_argnum(twice, lambda argnum, g, ans, args, options: 2 * g)
    >>> float(deriv(twice)(2.0))
    2.0
    """
    fun = _told("defjvp_argnum", fun)
    fun.forward_rules, fun.forward_together = rule, False


def defjvp_argnums(fun: Any, rule: Any) -> None:
    """Tell them by one function ``rule(argnums, gs, ans, args, options)`` of all that move.

    >>> from autograd import deriv
    >>> @primitive
    ... def total(*xs):
    ...     return sum(xs)
    >>> defjvp_argnums(total, lambda argnums, gs, ans, args, options: sum(gs))
    >>> float(deriv(lambda x: total(x, 2 * x))(5.0))
    3.0
    """
    fun = _told("defjvp_argnums", fun)
    fun.forward_rules, fun.forward_together = rule, True


def def_linear(fun: Any) -> None:
    """Tell that a primitive is linear in each argument: its forward rule is the primitive itself.

    >>> from autograd import deriv
    >>> @primitive
    ... def scaled(x, y):
    ...     return x * y
    >>> def_linear(scaled)
    >>> float(deriv(lambda x: scaled(x, x))(3.0))
    6.0
    """

    def rule(argnum: int, g: Any, ans: Any, args: Any, options: Any) -> Any:
        return fun(*args[:argnum], g, *args[argnum + 1 :], **options)

    defjvp_argnum(fun, rule)


def register_notrace(kind: type, fun: Any) -> None:
    """Tell that the results of a primitive have no gradient: ``fun`` sees plain values.

    :param kind: VJPNode, in reverse mode; JVPNode, in forward mode.

    >>> from autograd import grad
    >>> from autograd.extend import VJPNode
    >>> @primitive
    ... def rounded(x):
    ...     return round(x)
    >>> register_notrace(VJPNode, rounded)
    >>> float(grad(lambda x: x * rounded(x))(2.2))
    2.0
    """
    _told("register_notrace", fun).untraced.add(kind.__name__)
