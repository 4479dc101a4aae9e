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

from collections.abc import Callable
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from autograd import context, memory, views
from autograd.backprop import grad
from autograd.graph import Node, TensorBase, already, edges_from, unwrap, wrap
from autograd.modes import mode


class Formula(NamedTuple):
    """One gradient formula, as read from its signature when the op was defined."""

    picks: tuple[int, ...]  # where the named values stand in (*inputs, out)
    pick: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    plain: Callable[..., Any]  # the formula as written
    fitted: Callable[..., Any]  # the same, brought to (or checked against) a shape


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
    ours = False  # an op of this package, whose outputs and gradients need no second look
    view = False  # the output looks at the memory of the first input
    # The op as a composition of simple ops, where backward() is hand-tuned over raw arrays: the
    # same arguments as forward, without self. It is what create_graph=True differentiates.
    definition: Callable[..., Any] | None = None

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{self.name()}: define forward(self, ...).")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.ours = cls.__module__.startswith("autograd.")
        if isinstance(cls.__dict__.get("forward"), staticmethod):
            context.adopt(cls)
        elif cls.forward is not Function.forward and cls.carried_out is Function.carried_out:
            _read(cls)
            cls._choose_apply()

    @classmethod
    def _choose_apply(cls) -> None:
        """Give the op the shortest way to run it, unless its source gives one."""
        written = cls._written()
        if cls.ours and list(cls.formulas) == [0] and written is Function.__dict__["apply"]:
            cls._fill_in(Function.__dict__["_apply_first"])

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
            d = formula(node, g, *kept)
            if not cls.ours and any([d is value for value in kept]):
                d = np.copy(d)  # .grad must not share the memory of an input
            return _checked(node, d, shape)

        return fitted

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
        out = node.forward(*arrays, **kwargs)
        if not tensors:
            return out
        view = cls.view
        if not cls.ours:
            out = _checked_output(cls, out, arrays)
            view = view or _looks_at(out, arrays[0])
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
        elif type(out) is tuple or out.dtype.kind not in "fc":
            edges = (edge, *[None] * len(static))
            result = record(node, edges, [array, *static], out, options)
        else:
            formula = cls.formulas[0]
            kept = formula.pick((array, *static, out)) if formula.picks else ()
            node.edges = (edge, *[None] * len(static))
            node.shapes = (array.shape, *[getattr(value, "shape", ()) for value in static])
            node.plan = ((edge, formula.fitted, (array.shape, *kept)),)
            node.age = memory.tick()
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
            yield edge, function(self, g, *kept)

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
                yield edge, _checked(self, d, shape)

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


def all_inputs(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
    """``args`` with keywords and defaults in their places: formulas find values by position.

    Raises TypeError where an input is missing, or there are too many.
    """
    defaults = op.forward.__defaults__ or ()
    known = dict(zip(op.inputs[len(op.inputs) - len(defaults) :], defaults, strict=True))
    filled = list(args)
    for name in op.inputs[len(args) :]:
        if name not in options and name not in known:
            raise TypeError(
                f"{op.name()}: forward takes {', '.join(op.inputs)}; {name} was not given."
            )
        filled.append(options.pop(name) if name in options else known[name])
    if len(filled) > len(op.inputs):
        raise TypeError(
            f"{op.name()}: forward takes {', '.join(op.inputs)}; got {len(args)} arguments."
        )
    return tuple(filled)


def _wrapped(out: Any) -> Any:
    """What ``forward`` returned, as tensors that were not recorded."""
    return tuple([wrap(o, None) for o in out]) if type(out) is tuple else wrap(out, None)


def _linked(value: Any, edge: Any) -> Any:
    return value if edge is None else wrap(value, edge)


def _read(cls: type[Function]) -> None:
    """Read the signatures of ``forward``, the formulas and ``backward``, once."""
    code = cls.forward.__code__
    names = code.co_varnames
    cls.inputs = names[1 : code.co_argcount]
    cls.variadic = bool(code.co_flags & 0x04)  # CO_VARARGS
    if cls.variadic:
        cls.inputs += (names[code.co_argcount + code.co_kwonlyargcount],)
    known = [*cls.inputs, "out"]
    cls.formulas = {}
    for position, name in enumerate(cls.inputs):
        formula = getattr(cls, f"grad_{name}", None)
        if formula is None:
            continue
        picks = tuple(known.index(name) for name in _named(cls, formula, known))
        fitted = cls.fit(formula)
        cls.formulas[position] = Formula(picks, _picker(picks), formula, fitted)
    for attribute in vars(cls):
        if attribute.startswith("grad_") and attribute[5:] not in cls.inputs:
            raise TypeError(
                f"{cls.__name__}: {attribute} must be named after an input of forward; "
                f"the inputs are {', '.join(cls.inputs)}."
            )
    backward = getattr(cls, "backward", None)
    cls.needed = _named(cls, backward, [*known, "needs"]) if backward else ()
    cls.plain = backward is None
    cls.keeps = backward is not None or any(formula.picks for formula in cls.formulas.values())


def _named(cls: type[Function], formula: Any, known: list[str]) -> tuple[str, ...]:
    """The names after (self, g) in a formula's signature, each checked to be known."""
    code = formula.__code__
    names = code.co_varnames[2 : code.co_argcount]
    for name in names:
        if name not in known:
            raise TypeError(
                f"{cls.__name__}: {formula.__name__} may name {', '.join(known)}; got {name!r}. "
                "Formulas ask for inputs of forward by their names there."
            )
    return tuple(names)


def _picker(picks: tuple[int, ...]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """A function that takes the values at ``picks`` out of a tuple, as a tuple."""
    if len(picks) > 1:
        return itemgetter(*picks)
    return itemgetter(slice(picks[0], picks[0] + 1) if picks else slice(0))


def record(
    node: Any, edges: tuple[Any, ...], arrays: list[Any], out: Any, options: dict[str, Any]
) -> Any:
    """Make ``node`` part of the graph; the result(s) wrapped as tensors that point to it."""
    cls = type(node)
    node.edges = edges
    node.age = memory.tick()
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
        return tuple([wrap(o, edge if o.dtype.kind in "fc" else None) for o, edge in made])
    return wrap(out, node if out.dtype.kind in "fc" else None)


def _checked(op: Any, g: Any, shape: tuple[int, ...]) -> Any:
    """``g``, which must have the shape of the input that it is the gradient of, or be None."""
    if g is None:
        return None
    found = getattr(g, "shape", None)
    if found != shape:
        got = type(g).__name__ if found is None else tuple(found)
        raise RuntimeError(
            f"{op.name()}: a gradient must have its input's shape {tuple(shape)}; got {got}. "
            "Sum over the axes along which the input was broadcast."
        )
    return g


def refuse_tensors(op: Any, options: dict[str, Any]) -> None:
    """Raise TypeError for a Tensor among an op's keyword arguments, which are static facts."""
    for name, value in options.items():
        if isinstance(value, TensorBase):
            raise TypeError(
                f"{op.name()}: tensors are given by position; got one for {name}. Keyword "
                "arguments are static facts, which have no gradient."
            )


def _checked_output(op: Any, out: Any, inputs: list[Any]) -> Any:
    """What the forward of an op from outside returned: arrays, none of them an input itself."""
    if type(out) is tuple:
        return tuple([_checked_output(op, one, inputs) for one in out])
    if not hasattr(out, "dtype") or isinstance(out, TensorBase):
        raise TypeError(
            f"{op.name()}: forward must return an array; it returned {type(out).__name__}. "
            "It is given arrays, and NumPy's functions of them are arrays."
        )
    return out[...] if any([out is value for value in inputs]) else out


def _looks_at(out: Any, array: Any) -> bool:
    """Whether the output of an op from outside shares the memory of its first input."""
    if type(out) is tuple:
        return any([_looks_at(one, array) for one in out])
    shares = getattr(out, "base", None) is not None and hasattr(array, "strides")
    return shares and bool(np.may_share_memory(out, array))


class Identity(Function):
    """The same values under a new node."""

    def forward(self, x: Any) -> Any:
        return x

    def grad_x(self, g: Any) -> Any:
        return g
