"""What an op is: a forward, and one formula for each gradient.

    class Multiply(Elementwise):
        def forward(self, x, y): return x * y
        def grad_x(self, g, y):  return g * y
        def grad_y(self, g, x):  return g * x

A formula names, after the incoming gradient ``g``, what it needs: inputs of ``forward`` or ``out``.
Exactly the named values are kept. Formulas are written in NumPy's functions and operators, so the
same text runs over arrays (an ordinary backward pass) and over Tensors (a recorded one, for
derivatives of any order).

Inputs whose gradients share work have one ``backward(self, g, ...)`` instead, which returns a tuple
in the order of ``forward``'s positional parameters and may ask for ``needs``, a tuple of bools.
"""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine import context, versions, views
from autograd.engine.backward import grad
from autograd.engine.formula import Formula, all_inputs, read
from autograd.engine.grad_mode import mode
from autograd.engine.graph import Node, TensorBase, edges_from, unwrap, wrap
from autograd.engine.guard import (
    array_like,
    checked_gradient,
    checked_output,
    looks_at,
    on_arrays,
    refuse_tensors,
)
from autograd.engine.sweep import already

__all__ = ["Function"]

_reading = RLock()  # two threads may run an op for the first time

_general: set[Any] = set()  # apply methods of kinds of op: of Function and of Elementwise

_filled_in: set[Any] = set()  # apply methods that were chosen here, not written by the op's author


class Function(Node):
    """An op: subclass it with ``forward`` and ``grad_<input>`` formulas (or ``backward``).

    PyTorch's form, static ``forward(ctx, ...)`` and ``backward(ctx, *grads)``, works as well.

    Raises TypeError, when the class is defined, where a formula names something that is neither
    an input of ``forward`` nor ``out``.

    >>> import autograd, numpy as np
    >>> class Cube(autograd.Function):
    ...     def forward(self, x): return x ** 3
    ...     def grad_x(self, g, x): return g * 3 * x ** 2
    >>> x = autograd.tensor(2.0, requires_grad=True)
    >>> Cube.apply(x).backward()
    >>> x.grad
    tensor(12.)
    """

    inputs: tuple[str, ...] = ()  # positional parameters of forward
    variadic = False  # forward(self, *xs): any number of inputs
    formulas: dict[int, Formula] = {}
    shapes: tuple[Any, ...]  # of the inputs, once recorded (an Elementwise op may go without)
    options: dict[str, Any]  # forward's keyword arguments, where there is a definition
    needed: tuple[str, ...] = ()  # what backward() names, after g
    _is_ready = True
    ours = False  # an op of gradloom, whose outputs and gradients need no second look
    view = False  # the output looks at the memory of the first input
    linear_in_pieces = False  # its slopes depend on the inputs, and have no slope themselves
    # The op as a composition of simple ops, where backward() is hand-tuned over raw arrays: the
    # same arguments as forward, without self. It is what create_graph=True differentiates.
    definition: Callable[..., Any] | None = None

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """The result, an array, from arrays; every op defines it."""
        raise NotImplementedError(f"{self.name()}: define forward(self, ...).")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(
            f"{self.name()}: an op is applied by its class; got a call of an instance. Write "
            f"{type(self).__name__}.apply(...)."
        )

    def _of_context(self) -> Any:
        """In PyTorch's form only, where ``forward`` is static and takes ``ctx``."""
        raise AttributeError(
            f"{self.name()}: saving tensors and marking outputs belong to PyTorch's form, a static "
            "forward(ctx, ...). In this one a formula names in its signature what it needs."
        )

    # not __getattr__, which would slow down every access to a node
    save_for_backward = saved_tensors = needs_input_grad = property(_of_context)
    mark_non_differentiable = mark_dirty = property(_of_context)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.ours = cls.__module__.startswith(("autograd.", "nn."))
        if isinstance(cls.__dict__.get("forward"), staticmethod):
            context.adopt(cls)
        elif cls.forward is Function.forward:
            _general.add(cls.__dict__.get("apply"))
        elif cls.carried_out is Function.carried_out:
            cls._is_ready = False
            if cls.ours and cls._written() in _general:
                cls._fill_in(staticmethod(lambda *args, **kwargs: cls.ready()(*args, **kwargs)))
            else:
                cls.ready()

    @classmethod
    def ready(cls) -> Callable[..., Any]:
        """:meth:`apply`, after the op's text was read.

        An op from outside is read where it is defined, one of this package when it first runs:
        reading all of them would take a quarter of the import.
        """
        with _reading:
            if not cls._is_ready:
                read(cls)
                cls._choose_apply()
                cls._is_ready = True
        return cls.apply

    @classmethod
    def _choose_apply(cls) -> None:
        """Give the op the shortest way to run it, unless its source gives one."""
        written = cls._written()
        if cls.ours and list(cls.formulas) == [0] and written is Function.__dict__["apply"]:
            cls._fill_in(Function.__dict__["_apply_first"])
        else:
            cls.apply = written  # type: ignore[method-assign]

    @classmethod
    def _written(cls) -> Any:
        """The ``apply`` that the source gives the class, not one filled in for a base."""
        return next(
            base.__dict__["apply"]
            for base in cls.__mro__
            if "apply" in base.__dict__ and base.__dict__["apply"] not in _filled_in
        )

    @classmethod
    def _fill_in(cls, apply: Any) -> None:
        _filled_in.add(apply)
        cls.apply = apply  # type: ignore[method-assign]

    @classmethod
    def fit(cls, formula: Callable[..., Any]) -> Callable[..., Any]:
        """``formula`` with a check: op authors return exact shapes."""

        def fitted(node: Any, g: Any, shape: tuple[int, ...], *kept: Any) -> Any:
            return checked_gradient(node, formula(node, g, *kept), shape)

        return fitted

    @classmethod
    def guarded(cls, formula: Callable[..., Any]) -> Callable[..., Any]:
        """``formula`` of an op from outside, which may give anything, with a check for arrays."""

        def guarded(node: Any, g: Any, *kept: Any) -> Any:
            d = array_like(node, formula(node, g, *kept), g)
            # .grad must not share the memory of an input
            return np.copy(d) if any([d is value for value in kept]) else d

        return guarded

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run the op on ``args``; record it where an input requires grad and grad mode is on.

        Without any Tensor among ``args`` the raw result of ``forward`` is returned.
        """
        if len(args) != len(cls.inputs) and not cls.variadic:
            args = all_inputs(cls, args, kwargs)
        node = cls()
        arrays = list(args)
        edges: list[Any] = [None] * len(args)
        tensors = recording = False
        for i, value in enumerate(args):
            if isinstance(value, TensorBase):
                arrays[i] = value._data
                tensors = True
                if value._edge is not None:
                    edges[i] = value._edge
                    recording = True
        if cls.view and isinstance(arrays[0], np.generic) and tensors:
            arrays[0] = args[0]._array()  # a scalar has no memory to look at
        if kwargs:
            refuse_tensors(cls, kwargs)
        if not (tensors or (arrays and hasattr(arrays[0], "dtype"))):
            return on_arrays(cls, node.forward, args, kwargs)
        out = node.forward(*arrays, **kwargs)
        if not tensors:
            return out
        view = cls.view
        if not cls.ours:
            out = checked_output(cls, out, arrays)
            view = view or looks_at(out, arrays[0])
        if recording and mode.grad:
            result = record(node, tuple(edges), arrays, out, kwargs)
        else:
            result = _wrapped(out)
        if view:
            views.link(result, args[0], not cls.ours)
        return result

    @classmethod
    def _apply_first(cls, x: Any, *static: Any, **options: Any) -> Any:
        """:meth:`apply` without its loops, for ops with a gradient for their first input alone."""
        if not isinstance(x, TensorBase) or len(static) + 1 != len(cls.inputs):
            return Function.apply.__func__(cls, x, *static, **options)  # type: ignore[attr-defined]
        node = cls()
        if static:
            if any([isinstance(value, TensorBase) and value._edge is not None for value in static]):
                return Function.apply.__func__(cls, x, *static, **options)  # type: ignore
            static = tuple([unwrap(value) for value in static])
        array = x._data
        if cls.view and isinstance(array, np.generic):
            array = x._array()  # type: ignore[attr-defined]  # a scalar has no memory to look at
        edge = x._edge
        if options:
            refuse_tensors(cls, options)
        out = node.forward(array, *static, **options)
        if edge is None or not mode.grad:
            result = _wrapped(out)
        elif type(out) is tuple or not dtypes.differentiable(out.dtype):
            edges = (edge, *[None] * len(static))
            result = record(node, edges, [array, *static], out, options)
        else:
            formula = cls.formulas[0]
            kept = formula.pick((array, *static, out)) if formula.picks else ()
            node.edges = (edge, *[None] * len(static))
            node.shapes = (array.shape, *[getattr(value, "shape", ()) for value in static])
            node.plan = ((edge, formula.fitted, (array.shape, *kept)),)
            node.age = versions.tick()
            result = wrap(out, node)
        if cls.view:
            views.link(result, x)
        return result

    # -- the backward pass, where the sweep's plain loop does not do ----------------------------

    def carried_out(self, g: Any, create: bool, on_way: Any = None) -> Any:
        """The plan with every gradient computed, over Tensors linked to the graph if ``create``.

        What comes back is a plan again, whose formulas only hand over.
        """
        asked = tuple([e is not None and (on_way is None or e in on_way) for e in self.edges])
        if create and self.definition is not None:
            pairs = self._through_definition(g, asked)
        elif self.formulas:
            pairs = self._by_formula(g, create, on_way)
        else:
            pairs = self._jointly(g, create, asked)
        return tuple((edge, already, (d,)) for edge, d in pairs)

    def _lifted(self, position: int, value: Any) -> Any:
        """A kept value as a Tensor with its edge, so that the backward pass is recorded too."""
        if position == len(self.inputs):
            if type(value) is tuple:
                return tuple(map(wrap, value, edges_from(self)))
            return wrap(value, self)
        if self.variadic and position == len(self.inputs) - 1:
            return tuple(map(_linked, value, self.edges[position:]))
        return _linked(value, self.edges[position])

    def _by_formula(self, g: Any, create: bool, on_way: Any) -> Any:
        for edge, function, kept in self.plan:
            if on_way is not None and edge not in on_way:
                continue
            if create:
                formula = next(f for f in self.formulas.values() if function in (f.plain, f.fitted))
                shape = kept[:1] if function is formula.fitted else ()
                values = zip(formula.picks, kept[len(shape) :], strict=True)
                kept = (*shape, *(self._lifted(k, value) for k, value in values))
            d = function(self, g, *kept)
            if create and self.linear_in_pieces:
                d = self._without_slope(d)
            yield edge, d

    def _without_slope(self, d: Any) -> Any:
        """``d`` linked to the inputs: so its derivatives are zero instead of not there."""
        shapes = getattr(self, "shapes", None) or (d._data.shape,) * len(self.edges)
        for edge, shape in zip(self.edges, shapes, strict=True):
            if edge is not None:
                zeros = np.broadcast_to(np.zeros_like(d._data, shape=()), shape)
                d = Flat.apply(d, wrap(zeros, edge))
        return d

    def _jointly(self, g: Any, create: bool, asked: tuple[bool, ...]) -> Any:
        _, backward, kept = self.plan[0]
        kept = tuple(
            asked if name == "needs" else value
            for name, value in zip(self.needed, kept, strict=True)
        )
        if create:
            places = [*self.inputs, "out"]
            kept = tuple(
                self._lifted(places.index(name), value) if name in places else value
                for name, value in zip(self.needed, kept, strict=True)
            )
        gradients = context.one_each(self, backward(self, g, *kept))
        for edge, d, shape, ask in zip(self.edges, gradients, self.shapes, asked, strict=True):
            if ask and d is not None:
                d = d if self.ours else array_like(self, d, g)
                yield edge, checked_gradient(self, d, shape)

    def _through_definition(self, g: Any, asked: tuple[bool, ...]) -> Any:
        """Differentiate the plain definition, over copies of the inputs that are linked to them."""
        assert self.definition is not None
        inputs = [
            value if edge is None else Identity.apply(wrap(value, edge))
            for edge, value in zip(self.edges, self.plan[1][2], strict=True)
        ]
        chosen = [(edge, x) for edge, x, ask in zip(self.edges, inputs, asked, strict=True) if ask]
        out = type(self).definition(*inputs, **self.options)  # type: ignore[misc]
        gradients = grad(out, [x for _, x in chosen], g, create_graph=True, allow_unused=True)
        return [(edge, d) for (edge, _), d in zip(chosen, gradients, strict=True) if d is not None]


def _wrapped(out: Any) -> Any:
    """What ``forward`` returned, as tensors that were not recorded."""
    return tuple([wrap(o, None) for o in out]) if type(out) is tuple else wrap(out, None)


def _linked(value: Any, edge: Any) -> Any:
    return value if edge is None else wrap(value, edge)


def record(
    node: Any, edges: tuple[Any, ...], arrays: list[Any], out: Any, options: dict[str, Any]
) -> Any:
    """Make ``node`` part of the graph; the result(s) wrapped as tensors that point to it."""
    cls = type(node)
    node.edges = edges
    node.age = versions.tick()
    node.shapes = tuple([getattr(a, "shape", ()) for a in arrays])
    if cls.plain:
        values = (*arrays, out)
        plan = []
        for position, edge in enumerate(edges):
            if edge is None:
                continue
            formula = cls.formulas.get(position)
            if formula is None:
                if not cls.formulas:  # no formula at all: the op is not differentiable
                    return wrap(out, None)
                raise RuntimeError(
                    f"{cls.name()}: no gradient is defined for {cls.inputs[position]}, which "
                    "requires grad. Pass a detached tensor."
                )
            shape = node.shapes[position]
            plan.append((edge, formula.fitted, (shape, *formula.pick(values))))
        node.plan = tuple(plan)
    else:
        places = dict(zip(cls.inputs, arrays, strict=False), out=out)
        if cls.variadic:
            places[cls.inputs[-1]] = tuple(arrays[len(cls.inputs) - 1 :])
        places["needs"] = None  # known when the gradients are asked for
        kept = tuple(places[name] for name in cls.needed)
        node.plan = ((None, cls.backward, kept),)
        if cls.definition is not None:
            node.options = options
            node.plan = (*node.plan, (None, cls.definition, tuple(arrays)))
    if type(out) is tuple:
        node.outputs, node.plain = len(out), False
        made = zip(out, edges_from(node), strict=True)
        return tuple(
            [wrap(o, edge if dtypes.differentiable(o.dtype) else None) for o, edge in made]
        )
    return wrap(out, node if dtypes.differentiable(out.dtype) else None)


_general.add(Function.__dict__["apply"])


class Identity(Function):
    """The same values under a new node."""

    def forward(self, x: Any) -> Any:
        return x

    def grad_x(self, g: Any) -> Any:
        return g


class Flat(Function):
    """``d``, a slope that is the same all around ``x``."""

    def forward(self, d: Any, x: Any) -> Any:
        return d

    def grad_d(self, g: Any) -> Any:
        return g

    def grad_x(self, g: Any, x: Any) -> Any:
        return np.zeros(x.shape, x.dtype, like=x)
