"""Functions with derivatives of one's own, under HIPS autograd's names.

@primitive
def logsumexp(x): ...
defvjp(logsumexp, lambda ans, x: lambda g: g * np.exp(x - ans))
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial, wraps
from itertools import count
from typing import Any

import numpy as np

import autograd.numpy as anp
from autograd.arrays import dtypes, trees
from autograd.engine import versions
from autograd.engine.graph import Node, TensorBase, edges_from, unwrap, wrap
from autograd.engine.sweep import already
from autograd.tensors.array import Array, as_array, as_tensor

__all__ = [
    "VSpace", "defjvp", "defjvp_argnum", "defvjp", "defvjp_argnum", "defvjp_argnums",
    "notrace_primitive", "primitive", "vspace",
]  # fmt: skip


class _Tracing(threading.local):
    forward = False  # a derivative along a direction is being taken


tracing = _Tracing()


class _Called(Node):
    """One call of a primitive on traced values."""

    plain = False
    keeps = False
    out: Any  # the leaves of the result, and their form

    def __init__(self, call: Any, args: Any, options: Any, inputs: list[Any], owner: list[int]):
        self.age = versions.tick()
        self.call, self.args, self.options = call, args, options
        self.edges = tuple([one._edge for one in inputs])
        self.owner = owner  # of each edge, the position of the argument that it comes from
        self.plan = ()

    def name(self) -> str:
        return self.call.__name__

    def carried_out(self, g: Any, create: bool, on_way: Any, last: bool) -> Any:
        leaves, form = self.out
        links = edges_from(self)
        of = g if self.outputs > 1 else (g,)
        given = [np.zeros_like(v)[()] if d is None else d for d, v in zip(of, leaves)]
        if create:
            values = [wrap(v, e, Array) for v, e in zip(leaves, links)]
            given, args = [as_array(one) for one in given], self.args
        else:
            values, args = leaves, trees.map_leaves(unwrap, self.args)
        ans, g = trees.unflatten(values, form), trees.unflatten(given, form)
        asked = {i for e, i in zip(self.edges, self.owner) if on_way is None or e in on_way}
        ordered = sorted(asked)
        found = dict(zip(ordered, self.call.backward(ordered, ans, args, self.options)(g)))
        taken = {i: self._parts(found[i], i) for i in ordered}
        plan = []
        for edge, i in zip(self.edges, self.owner):
            if i in taken:
                plan.append((edge, already, (self._as_sent(next(taken[i]), create),)))
        return tuple(plan)

    def _parts(self, gradient: Any, i: int) -> Any:
        """The parts of a gradient that belong to the traced leaves of argument i."""
        leaves = trees.flatten(self.args[i])[0]
        parts = trees.flatten(gradient)[0]
        return iter([d for d, x in zip(parts, leaves, strict=True) if _linked(x)])

    def _as_sent(self, d: Any, create: bool) -> Any:
        if not create:
            return np.asarray(unwrap(d))[()]
        return as_tensor(d) if isinstance(d, TensorBase) else wrap(np.asarray(d)[()], None)


def _linked(x: Any) -> bool:
    return isinstance(x, TensorBase) and x._edge is not None


def primitive(fun: Callable[..., Any]) -> Any:
    """``fun`` of plain values as one step of the graph; its gradients are told by :func:`defvjp`.

    :raises NotImplementedError: when differentiated, where no gradient was told.

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
        inputs, owner = [], []
        for i, arg in enumerate(args):
            for leaf in trees.flatten(arg)[0]:
                if _linked(leaf):
                    inputs.append(leaf)
                    owner.append(i)
        plain = [trees.map_leaves(unwrap, arg) for arg in args]
        out = fun(*plain, **trees.map_leaves(unwrap, options))
        if not inputs:
            return out
        if tracing.forward and not hasattr(call, "forward_rules"):
            raise NotImplementedError(
                f"make_jvp: every primitive must have a forward rule; {call.__name__} has none. "
                "Tell it by autograd.extend.defjvp."
            )
        leaves, form = trees.flatten(out)
        leaves = [np.asarray(unwrap(leaf))[()] for leaf in leaves]
        node = _Called(call, args, options, inputs, owner)
        node.out, node.outputs = (leaves, form), len(leaves)
        made = [wrap(v, e, Array) for v, e in zip(leaves, edges_from(node))]
        return trees.unflatten(made, form)

    def backward(asked: Any, ans: Any, args: Any, options: Any) -> Any:
        raise NotImplementedError(
            f"{call.__name__}: its gradient must be known; none was told. Call "
            "autograd.extend.defvjp."
        )

    call.fun = fun  # type: ignore[attr-defined]
    call._is_autograd_primitive = True  # type: ignore[attr-defined]
    call.backward = backward  # type: ignore[attr-defined]
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


def defvjp(fun: Any, *makers: Any, argnums: Any = None) -> None:
    """Tell the gradients of a primitive, one maker for each argument.

    :param makers: ``maker(ans, *args, **options)`` gives the function of g; None is a gradient of
        zero.
    :param argnums: the arguments that the makers belong to; the first ones by default.

    >>> from autograd import grad
    >>> @primitive
    ... def product(x, y):
    ...     return x * y
    >>> defvjp(product, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * x)
    >>> float(grad(product, 1)(2.0, 3.0))
    2.0
    """
    known = dict(zip(count() if argnums is None else argnums, makers))

    def maker(asked: Any, ans: Any, args: Any, options: Any) -> Any:
        for i in asked:
            if i not in known:
                raise NotImplementedError(
                    f"{fun.__name__}: the gradient by argument {i} must be known; none was told. "
                    "Call autograd.extend.defvjp."
                )
        ways = [None if known[i] is None else known[i](ans, *args, **options) for i in asked]
        return lambda g: [
            trees.map_leaves(lambda x: np.zeros_like(unwrap(x)), args[i]) if way is None else way(g)
            for i, way in zip(asked, ways)
        ]

    fun.backward = maker


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

    def all_of(asked: Any, *rest: Any) -> Any:
        ways = [maker(i, *rest) for i in asked]
        return lambda g: [way(g) for way in ways]

    fun.backward = all_of


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
    fun.backward = lambda asked, *rest: maker(tuple(asked), *rest)


def defjvp(fun: Any, *rules: Any, argnums: Any = None) -> None:
    """Tell the forward rules: ``rule(g, ans, *args)``, "same" (linear), or None.

    They are noted, so that ``make_jvp`` admits the primitive; it uses the gradients.

    >>> @primitive
    ... def twice(x):
    ...     return 2 * x
    >>> defjvp(twice, "same")
    """
    fun.forward_rules = dict(zip(count() if argnums is None else argnums, rules))


def defjvp_argnum(fun: Any, rule: Any) -> None:
    """Tell the forward rules by one function ``rule(argnum, g, ans, args, options)``.

    >>> @primitive
    ... def twice(x):
    ...     return 2 * x
    >>> defjvp_argnum(twice, lambda argnum, g, ans, args, options: 2 * g)
    """
    fun.forward_rules = rule


class VSpace:
    """The vector space that a value belongs to: numbers, arrays, or trees of them.

    >>> import numpy as np
    >>> VSpace(np.zeros((2, 3))).size
    6
    """

    def __init__(self, value: Any) -> None:
        leaves, self.form = trees.flatten(value)
        self.arrays = [np.asarray(unwrap(leaf)) for leaf in leaves]
        for array in self.arrays:
            if not dtypes.numeric(array.dtype):
                raise TypeError(f"vspace: values must be numbers; got {value!r}.")
        self.shape = self.arrays[0].shape if len(self.arrays) == 1 else None
        self.dtype = np.result_type(*self.arrays) if self.arrays else np.dtype(float)
        self.iscomplex = dtypes.complex_valued(self.dtype)
        self.size = sum([a.size * (1 + (dtypes.complex_valued(a.dtype))) for a in self.arrays])

    def _made(self, make: Callable[[Any], Any]) -> Any:
        return trees.unflatten([make(a) for a in self.arrays], self.form)

    def zeros(self) -> Any:
        """The zero vector."""
        return self._made(lambda a: np.zeros(a.shape, np.result_type(a, np.float16))[()])

    def ones(self) -> Any:
        """The sum of the standard basis: 1, and 1 + i where complex."""
        one = self._made(lambda a: np.ones(a.shape, np.result_type(a, np.float16))[()])
        return trees.map_leaves(
            lambda a: a * (1 + 1j) if dtypes.complex_valued(a.dtype) else a, one
        )

    def randn(self) -> Any:
        """Normal random numbers."""

        def draw(a: Any) -> Any:
            drawn = np.random.standard_normal(a.shape)
            if dtypes.complex_valued(a.dtype):
                drawn = drawn + 1j * np.random.standard_normal(a.shape)
            return np.asarray(drawn).astype(np.result_type(a, np.float16))[()]

        return self._made(draw)

    def standard_basis(self) -> Any:
        """The vectors of the standard basis, one after the other."""
        for n, array in enumerate(self.arrays):
            for i in np.ndindex(array.shape):
                for unit in (1, 1j) if dtypes.complex_valued(array.dtype) else (1,):
                    leaves = trees.flatten(self.zeros())[0]
                    changed = np.array(leaves[n])
                    changed[i] = unit
                    leaves[n] = changed[()]
                    yield trees.unflatten(leaves, self.form)

    def add(self, x: Any, y: Any) -> Any:
        """x + y."""
        return trees.map_leaves(lambda a, b: a + b, x, y)

    def scalar_mul(self, x: Any, a: Any) -> Any:
        """a x."""
        return trees.map_leaves(lambda one: one * a, x)

    def inner_prod(self, x: Any, y: Any) -> Any:
        """The real inner product."""
        pairs = zip(trees.flatten(x)[0], trees.flatten(y)[0], strict=True)
        complexes = [dtypes.complex_valued(a.dtype) for a in self.arrays]
        return sum(
            [
                anp.real(anp.sum(anp.conj(a) * b)) if is_complex else anp.sum(a * b)
                for (a, b), is_complex in zip(pairs, complexes)
            ]
        )

    def covector(self, x: Any) -> Any:
        """The conjugate."""
        return trees.map_leaves(np.conj, x)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, VSpace)
            and self.form == other.form
            and [(a.shape, a.dtype) for a in self.arrays]
            == [(a.shape, a.dtype) for a in other.arrays]
        )

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"VSpace({[(a.shape, str(a.dtype)) for a in self.arrays]})"


def vspace(value: Any) -> VSpace:
    """The vector space of a value.

    >>> from autograd.extend import vspace
    >>> vspace((1.0, [2.0, 3.0])).size
    3
    """
    return VSpace(value)
