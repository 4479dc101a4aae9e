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
in the order of ``forward``'s positional parameters; see fused.py.

An op is applied in one of two ways: by :meth:`Function.general`, which does with any arguments, or
by an ``apply`` generated from the op's signature (apply.py) for tensors, as they nearly always are.
"""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable
from itertools import repeat
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import SCALARS, room
from autograd.engine import (
    apply as generator,
    context,
    duals,
    inspection,
    narrow,
    observer,
    versions,
    views,
)
from autograd.engine.faults import FAULTS, on_arrays, refuse_complex, refuse_tensors, reworded
from autograd.engine.formula import Formula, all_inputs, read
from autograd.engine.fused import Fused
from autograd.engine.grad_mode import mode
from autograd.engine.graph import Node, TensorBase, edges_from, foremost, unwrap, wrap
from autograd.engine.guard import Trusted, guard_of
from autograd.engine.sweep import already

__all__ = ["Function"]

_reading = RLock()  # two threads may run an op for the first time

_generated: set[Any] = set()  # apply methods that were written here, not by the op's author


class Function(Node):
    """An op: subclass it with ``forward`` and ``grad_<input>`` formulas (or ``backward``).

    PyTorch's form, static ``forward(ctx, ...)`` and ``backward(ctx, *grads)``, works as well.

    Where ``forward`` returns a tuple, the op has several outputs, and ``g`` is a tuple of their
    gradients, with None for each output that no gradient has reached; one at least is there.

    Complex tensors that require grad are refused unless the class says ``takes_complex = True``:
    that its formulas multiply by the derivative without a conjugate, which gives ∂L/∂a - i ∂L/∂b
    for a + ib. A holomorphic function's formula is that of real numbers; what is not holomorphic
    (an absolute value, a conjugate) has one of its own. ``.grad``, hooks and PyTorch's form see
    PyTorch's convention, the conjugate.

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
    formula_of: dict[Any, Formula]  # by the function that a plan holds
    fused: Fused | None = None
    guard: Trusted
    elementwise = False
    shapes: tuple[Any, ...]  # of the inputs, once recorded (an Elementwise op may go without)
    options: dict[str, Any]  # forward's keyword arguments, where there is a definition
    view = False  # the output looks at the memory of the first input
    linear_in_pieces = False  # its slopes depend on the inputs, and have no slope themselves
    keeps_bits = False  # it moves elements or converts them, so it can do with bfloat16 as it is
    takes_complex = False  # the formulas hold for complex numbers too; see conjugates.py
    # The op as a composition of simple ops, where backward() is hand-tuned over raw arrays: the
    # same arguments as forward, without self. It is what create_graph=True differentiates.
    definition: Callable[..., Any] | None = None
    _is_ready = True
    _shortest: Callable[..., Any]
    _heard: Callable[..., Any]  # apply, where observers or a level of dual numbers are there
    _observed: Callable[..., Any] | None = None  # the shortest that tells of births

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """The result, an array, from arrays; every op defines it."""
        raise NotImplementedError(f"{type(self).__name__}: define forward(self, ...).")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(
            f"{type(self).__name__}: an op is applied by its class; got a call of an instance. "
            f"Write {type(self).__name__}.apply(...)."
        )

    def _of_context(self) -> Any:
        """In PyTorch's form only, where ``forward`` is static and takes ``ctx``."""
        raise AttributeError(
            f"{type(self).__name__}: saving tensors and marking outputs belong to PyTorch's form, "
            "a static forward(ctx, ...). Here a formula names in its signature what it keeps."
        )

    # not __getattr__, which would slow down every access to a node
    save_for_backward = saved_tensors = needs_input_grad = property(_of_context)
    mark_non_differentiable = mark_dirty = property(_of_context)

    # -- how an op's text becomes an op -----------------------------------------------------------

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._heard = cls.general
        if isinstance(cls.__dict__.get("forward"), staticmethod):
            context.adopt(cls)
        elif cls.carried_out is Function.carried_out:
            cls.guard = guard_of(cls)
            cls.apply = cls._written()  # type: ignore[method-assign]  # not what a base was given
            cls._is_ready = False
            if cls.forward is not Function.forward:
                cls.guard.defined(cls)

    @classmethod
    def _written(cls) -> Any:
        """The ``apply`` that the source gives the class, not one generated for a base."""
        for base in cls.__mro__:
            written = base.__dict__.get("apply")
            if written is not None and written not in _generated:
                return written
        return None

    @classmethod
    def ready(cls) -> Callable[..., Any]:
        """The shortest ``apply`` for the op, whose text is read when this is first asked for."""
        if not cls._is_ready:
            with _reading:
                if not cls._is_ready:
                    read(cls)
                    shortest = generator.written_out(cls)
                    cls._shortest = staticmethod(shortest)
                    if cls.__dict__["apply"] is Function.__dict__["apply"]:
                        method = cls.__dict__["_shortest"]
                        _generated.add(method)
                        cls.apply = method  # type: ignore[method-assign]
                    inspection.let_in(cls)
                    cls._is_ready = True
        return cls._shortest

    @classmethod
    def fit(cls, formula: Callable[..., Any]) -> Callable[..., Any] | None:
        """``formula`` brought to the shape of an input that was broadcast; None: there is none."""
        return None

    # -- forward ----------------------------------------------------------------------------------

    @classmethod
    def apply(cls, *args: Any, **options: Any) -> Any:
        """Run the op on ``args``; record it where an input requires grad and grad mode is on.

        Without any Tensor among ``args`` the raw result of ``forward`` is returned.
        """
        return cls.ready()(*args, **options)

    @classmethod
    def general(cls, *args: Any, **options: Any) -> Any:
        """:meth:`apply` for any arguments, and for observers."""
        if observer.listening:
            for one in (*args, *options.values()) if options else args:
                if isinstance(one, TensorBase) and type(one._data) is duals.Dual:
                    return duals.rule(cls, args, options)
            if not observer.watching():
                return cls._told(args, options)
            return observer.call(cls, cls._told, args, options)
        return cls._run(args, options)

    @classmethod
    def untold(cls, *args: Any, **options: Any) -> Any:
        """:meth:`general` where the call has been told of."""
        return cls._run(args, options)

    @classmethod
    def _told(cls, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Run the op in a call that observers have been told of: the shortest way that does."""
        if not dtypes.at_first_use or inspection.inspector is not None:
            return cls._run(args, options)  # which alone knows bfloat16, and inspectors
        observed = cls.__dict__.get("_observed")
        if observed is None:
            cls.ready()
            observed = cls._observed = staticmethod(generator.written_out(cls, tells=True))
        return observed(*args, **options)

    @classmethod
    def _run(cls, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if len(args) != len(cls.inputs) and not cls.variadic:
            args = all_inputs(cls, args, options)
        if not (dtypes.at_first_use or cls.keeps_bits or cls.view) and narrow.meets(args, options):
            return narrow.widely(cls, args, options)
        like = foremost(args)
        if like is None:
            return on_arrays(cls, args, options)
        refuse_tensors(cls, options)
        source = args[0]
        try:
            args = cls.of_one_kind(args)
        except FAULTS as error:
            raise reworded(cls, args, options, error) from None
        arrays = [unwrap(value) for value in args]
        if cls.view and isinstance(arrays[0], SCALARS):
            arrays[0] = source._array()  # a scalar has no memory to look at
        node = cls()
        try:
            out = node.forward(*arrays, **options)
        except FAULTS as error:
            raise cls.explained(error, arrays, options) from error.__cause__
        out = cls.guard.output(cls, out, arrays)
        if inspection.inspector is not None:
            inspection.inspector.returned(cls, arrays, options, out)
        edges = tuple([value._edge if isinstance(value, TensorBase) else None for value in args])
        result = node.finished(edges, arrays, out, options, like)
        opaque = cls.guard.looks_at(out, arrays[0])
        if (cls.view or opaque) and isinstance(source, TensorBase):
            views.link(result, source, opaque)
        return result

    def finished(
        self, edges: tuple[Any, ...], arrays: list[Any], out: Any, options: Any, like: Any
    ) -> Any:
        """What forward returned as tensors, recorded where an input requires grad."""
        differentiable = type(out) is tuple or dtypes.differentiable(out.dtype)
        if mode.grad and differentiable and any(edges) and (self.formulas or self.fused):
            return record(self, edges, arrays, out, options, like)
        if type(out) is tuple:
            return tuple([wrap(one, None, like) for one in out])
        return wrap(out, None, like)

    def born(self, out: Any, like: Any) -> Any:
        """``out`` as tensors that point to this node, whose edges and plan are known."""
        if not self.takes_complex:
            refuse_complex(type(self), self.edges[:1], [like._data], out)
        self.age = versions.tick()
        if observer.listening:
            observer.tell("node_born", self)
        if type(out) is tuple:
            self.outputs, self.plain = len(out), False
            made = zip(out, edges_from(self), strict=True)
            return tuple(
                [wrap(o, e if dtypes.differentiable(o.dtype) else None, like) for o, e in made]
            )
        return wrap(out, self if dtypes.differentiable(out.dtype) else None, like)

    @classmethod
    def of_one_kind(cls, args: tuple[Any, ...]) -> Any:
        """``args`` as ``forward`` wants them."""
        return args

    @classmethod
    def explained(cls, error: Exception, arrays: list[Any], options: dict[str, Any]) -> Exception:
        """What to raise where ``forward`` of ``arrays`` has raised ``error``."""
        return reworded(cls, arrays, options, error)

    # -- the backward pass, where the sweep's plain loop does not do ----------------------------

    def carried_out(self, g: Any, create: bool, on_way: Any, last: bool) -> Any:
        """The plan with every gradient computed, over Tensors linked to the graph if ``create``.

        What comes back is a plan again, whose formulas only hand over.
        """
        if self.fused is None:
            way = self._recorded if create else self._computed
            plan = self.plan
            if on_way is not None:
                plan = [entry for entry in plan if entry[0] in on_way]
            return tuple([(edge, already, (way(g, of, kept),)) for edge, of, kept in plan])
        asked = tuple([e is not None and (on_way is None or e in on_way) for e in self.edges])
        gradients = self.fused.gradients(self, g, asked, create, last)
        found = zip(self.edges, gradients, asked, strict=True)
        return tuple([(edge, already, (d,)) for edge, d, ask in found if ask])

    def _computed(self, g: Any, function: Any, kept: Any) -> Any:
        return function(self, g, *kept)

    def _recorded(self, g: Any, function: Any, kept: Any) -> Any:
        """What a formula of the plan gives over Tensors that are linked to the graph."""
        formula = self.formula_of[function]
        shape = ()
        if function is formula.fitted:
            shape, kept = kept[:1], kept[1:]
        d = function(self, g, *shape, *map(self.lifted, formula.picks, kept, repeat(g)))
        return self._without_slope(d, g) if self.linear_in_pieces else d

    def _without_slope(self, d: Any, g: Any) -> Any:
        """``d`` linked to the inputs: so its derivatives are zero instead of not there."""
        fitted = [formula.fitted for formula in self.formulas.values()]
        for edge, function, kept in self.plan:
            shape = kept[0] if function in fitted else g._data.shape
            zeros = np.broadcast_to(room((), d._data.dtype, d._data), shape)
            d = Flat.apply(d, wrap(zeros, edge, d))
        return d

    def lifted(self, position: int, value: Any, g: Any) -> Any:
        """A kept value as a Tensor with its edge, so that the backward pass is recorded too."""
        like = next(one for one in g if one is not None) if type(g) is tuple else g
        if position == len(self.inputs):
            if type(value) is tuple:
                edges = edges_from(self)
                return tuple([wrap(v, e, like) for v, e in zip(value, edges, strict=True)])
            return wrap(value, self, like)
        if self.variadic and position == len(self.inputs) - 1:
            linked = zip(value, self.edges[position:], strict=True)
            return tuple([v if e is None else wrap(v, e, like) for v, e in linked])
        edge = self.edges[position]
        return value if edge is None else wrap(value, edge, like)


def record(
    node: Any,
    edges: tuple[Any, ...],
    arrays: list[Any],
    out: Any,
    options: dict[str, Any],
    like: TensorBase,
) -> Any:
    """Make ``node`` part of the graph; the result(s) wrapped as tensors that point to it."""
    cls = type(node)
    if not cls.takes_complex:
        refuse_complex(cls, edges, arrays, out)
    node.edges = edges
    node.shapes = tuple([getattr(a, "shape", ()) for a in arrays])
    if cls.fused is not None:
        node.plan = cls.fused.plan(node, arrays, out, options)
    else:
        values = (*arrays, out)
        plan = []
        for position, edge in enumerate(edges):
            if edge is None:
                continue
            formula = cls.formulas.get(position)
            if formula is None:
                raise RuntimeError(
                    f"{cls.__name__}: no gradient is defined for {cls.inputs[position]}, which "
                    "requires grad. Pass a detached tensor."
                )
            kept = formula.pick(values)
            if formula.fitted is not None:
                plan.append((edge, formula.fitted, (node.shapes[position], *kept)))
            else:
                plan.append((edge, formula.plain, kept))
        node.plan = tuple(plan)
    return node.born(out, like)


class Identity(Function):
    """The same values under a new node."""

    takes_complex = True
    hands_in = True  # an argument of a function that is differentiated within another one

    def forward(self, x: Any) -> Any:
        return x

    def grad_x(self, g: Any) -> Any:
        return g


class Flat(Function):
    """``d``, a slope that is the same all around ``x``."""

    takes_complex = True

    def forward(self, d: Any, x: Any) -> Any:
        return d

    def grad_d(self, g: Any) -> Any:
        return g

    def grad_x(self, g: Any, x: Any) -> Any:
        return np.zeros(x.shape, x.dtype, like=x)
