"""PyTorch's form of a custom op: static ``forward(ctx, ...)`` and ``backward(ctx, *grads)``."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from autograd.arrays import dtypes
from autograd.engine import duals, inspection, observer, versions, views
from autograd.engine.conjugates import through_door
from autograd.engine.grad_mode import mode, no_grad
from autograd.engine.graph import Freed, Node, TensorBase, node_of, unwrap, wrap
from autograd.engine.guard import one_each
from autograd.engine.places import applied
from autograd.engine.sweep import already

F = TypeVar("F", bound=Callable[..., Any])


class _Context:
    """What ``ctx`` offers. The node itself is the context, so attributes set on it stay with it."""

    plan: Any
    edges: tuple[Any, ...]
    needs_input_grad: tuple[bool, ...] = ()
    materialize = True
    _to_save: tuple[Any, ...] = ()
    _for_forward: tuple[Any, ...] = ()
    _held: tuple[Any, ...] = ()
    _fixed: frozenset[int] = frozenset()
    _dirty: tuple[Any, ...] = ()

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors (inputs, outputs or intermediate ones) for ``backward``."""
        self._to_save = _checked("save_for_backward", tensors)

    def save_for_forward(self, *tensors: Any) -> None:
        """Keep tensors for ``jvp``, which sees those for ``backward`` where this is not called."""
        self._for_forward = _checked("save_for_forward", tensors)

    def mark_non_differentiable(self, *tensors: Any) -> None:
        """Say that these outputs do not require grad."""
        for tensor in tensors:
            if not isinstance(tensor, TensorBase):
                raise TypeError(
                    "mark_non_differentiable: expected outputs of forward, which are tensors; got "
                    f"{type(tensor).__name__}."
                )
        self._fixed = frozenset(id(tensor) for tensor in tensors)

    def mark_dirty(self, *tensors: Any) -> None:
        """Say that these inputs were changed in place and are returned as outputs."""
        self._dirty = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Whether missing gradients reach ``backward`` as zeros (the default) or as None."""
        self.materialize = value

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What ``save_for_backward`` kept, each with its edge.

        Raises RuntimeError after the graph was freed.
        """
        if not hasattr(self, "plan"):  # inside forward, where nothing is kept yet, or inside jvp
            return self._held
        if type(self.plan) is Freed:
            from autograd.engine import misuse  # it parses the user's source

            raise misuse.freed_context(self)
        _, edges, arrays = self.plan[0]
        return tuple(
            array
            if array is None or isinstance(array, TensorBase)
            else wrap(array, self._edge_of(edge))
            for array, edge in zip(arrays, edges, strict=True)
        )

    def name(self) -> str:
        """The name that PyTorch prints for the node: that of the class, without a number."""
        return f"{type(self).__name__}Backward"

    def _edge_of(self, saved: Any) -> Any:
        """The edge of a saved tensor; an output of our own was noted as its index."""
        if type(saved) is int:
            return self if self.outputs == 1 else (self, saved)  # type: ignore[attr-defined]
        return saved


def _checked(name: str, tensors: tuple[Any, ...]) -> tuple[Any, ...]:
    for tensor in tensors:
        if tensor is not None and not isinstance(tensor, TensorBase):
            raise TypeError(
                f"{name}: expected tensors or None; got {type(tensor).__name__}. Set anything else "
                "as an attribute of ctx."
            )
    return tensors


def adopt(cls: Any) -> None:
    """Make ``cls``, written in PyTorch's form, an op."""
    cls.apply, cls._run = classmethod(_apply), classmethod(_run)
    cls.carried_out = _carried_out
    cls.plain = False
    for name, member in vars(_Context).items():
        if not name.startswith("__") and name not in vars(cls):
            setattr(cls, name, member)


def _apply(cls: Any, *args: Any, **options: Any) -> Any:
    """Run the op on ``args``; record it where an input requires grad.

    Inputs given by name take their places; left-out ones count as inputs, by their defaults, where
    there is a ``setup_context`` (as in PyTorch).
    """
    if observer.listening:
        if duals.carried((*args, *options.values())):
            return duals.rule(cls, args, options)
        return observer.call(cls, cls._run, args, options)
    return _run(cls, args, options)


def _run(cls: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    split = hasattr(cls, "setup_context")
    args = all_inputs(cls, args, options)
    node = cls()
    recording = mode.grad
    edges = tuple(value._edge if isinstance(value, TensorBase) else None for value in args)
    node.needs_input_grad = tuple(edge is not None for edge in edges)
    level = None
    if hasattr(cls, "vmap"):
        from autograd.engine import static_rules  # on ops, which know us

        level = static_rules.innermost(cls, args)
    with no_grad():
        if split:
            result = cls.forward(*args) if level is None else static_rules.mapped(cls, level, args)
            cls.setup_context(node, args, result)
        else:
            result = cls.forward(node, *args)
    results = result if isinstance(result, tuple) else (result,)
    if inspection.inspector is not None:
        inspection.inspector.returned(cls, [*map(unwrap, args)], {}, tuple(map(unwrap, results)))
    for dirty in node._dirty:
        if not any([dirty is one for one in results]):
            raise RuntimeError(
                f"{cls.__name__}: what mark_dirty names must be among the outputs of forward; one "
                "of them is not returned. Return the tensor that was changed in place."
            )
    if not (recording and any(node.needs_input_grad)):
        node._to_save = ()
        for one in node._dirty:
            versions.note_change(unwrap(one))
        return result
    node.edges = edges
    node.age = versions.tick()
    node.shapes = tuple(getattr(value, "shape", None) for value in args)
    node.results = tuple(
        (r._data.shape, r._data.dtype) if isinstance(r, TensorBase) else None for r in results
    )
    node.outputs = len(results)
    wrapped = []
    for i, one in enumerate(results):
        edge = node if len(results) == 1 else (node, i)
        if not isinstance(one, TensorBase):
            wrapped.append(one)
            continue
        differentiable = id(one) not in node._fixed and dtypes.differentiable(one._data.dtype)
        if any(one is dirty for dirty in node._dirty):
            views.check_recordable(one, cls.__name__)
            views.made_by(one, edge)
            versions.note_change(one._data)
            node.age = versions.tick()
            views.overwritten(one, cls.__name__)
            wrapped.append(one)
        else:  # a new tensor over the same memory: an input that is returned keeps its own edge
            given = any(one is value for value in args)
            data = one._array()[...] if given else one._data  # type: ignore[attr-defined]
            made = wrap(data, edge if differentiable else None, one)
            if given:
                views.link(made, one, opaque=True)
            wrapped.append(made)
    node.plan = (_bound(node, args, results),)
    if observer.listening:
        observer.tell("node_born", node)
    for name in (
        "_to_save",
        "_for_forward",
        "_dirty",
    ):  # they hold tensors, and may hold our own outputs
        node.__dict__.pop(name, None)
    return tuple(wrapped) if isinstance(result, tuple) else wrapped[0]


def _count_of(forward: Any) -> int:
    """How many inputs ``forward`` takes, where that can be seen at once."""
    return forward.__code__.co_argcount if hasattr(forward, "__code__") else -1


def all_inputs(cls: Any, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
    """All inputs of ``cls`` by position; TypeError where they are not those of ``forward``."""
    split = hasattr(cls, "setup_context")
    if not options and not (split and len(args) != _count_of(cls.forward)):
        return args
    signature = inspect.signature(cls.forward)
    try:
        bound = signature.bind(*(() if split else (None,)), *args, **options)
    except TypeError as error:
        raise TypeError(
            f"{cls.__name__}.apply: the inputs must be those of forward{signature}; {error}."
        ) from None
    if split or bound.kwargs:
        bound.apply_defaults()
    if bound.kwargs:
        raise TypeError(
            f"{cls.__name__}.apply: forward must take its inputs by position; "
            f"{', '.join(bound.kwargs)} can only be given by name. Leave the star out."
        )
    return bound.args if split else bound.args[1:]


def once_differentiable(backward: F) -> F:
    """Decorate a gradient formula of a custom op that computes outside the graph.

    In PyTorch's form that is ``backward``, which is given Tensors without a history; in the other
    form ``grad_x``, or ``backward``, which is given arrays at all times. Its gradients are right,
    but cannot be differentiated again: a backward pass that is recorded (``create_graph=True``)
    raises RuntimeError when one is carried through them.

    >>> import autograd
    >>> class Double(autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x): return x * 2
    ...     @staticmethod
    ...     @once_differentiable
    ...     def backward(ctx, g): return autograd.tensor(g.numpy() * 2)
    >>> x = autograd.tensor(1.0, requires_grad=True)
    >>> Double.apply(x).backward(); x.grad
    tensor(2.)
    """

    @functools.wraps(backward)
    def once(ctx: Any, *gradients: Any) -> Any:
        if type(ctx).carried_out is not _carried_out:
            return _of_arrays(backward, ctx, gradients)
        recording = mode.grad
        with no_grad():
            plain = [
                g.detach() if isinstance(g, TensorBase) else g  # type: ignore[attr-defined]
                for g in gradients
            ]
            result = backward(ctx, *plain)
        if not recording:
            return result
        end = _End(ctx)
        several = isinstance(result, tuple)
        ended = [
            wrap(one._data, end, one) if isinstance(one, TensorBase) else one
            for one in (result if several else (result,))
        ]
        return tuple(ended) if several else ended[0]

    return once  # type: ignore[return-value]


def _of_arrays(formula: Callable[..., Any], node: Any, given: tuple[Any, ...]) -> Any:
    """What a formula in NumPy's form gives for arrays; where the pass is recorded, its end."""
    parts = [one for value in given for one in (value if type(value) is tuple else (value,))]
    recorded = [one for one in parts if isinstance(one, TensorBase)]
    if not recorded:
        return formula(node, *given)
    arrays = [
        tuple(map(unwrap, value)) if type(value) is tuple else unwrap(value) for value in given
    ]
    result = formula(node, *arrays)
    end = _End(node, tuple([tensor._edge for tensor in recorded]))
    several = type(result) is tuple
    ended = [
        wrap(one, end, recorded[0]) if hasattr(one, "dtype") else one
        for one in (result if several else (result,))
    ]
    return tuple(ended) if several else ended[0]


class _End(Node):
    """What made the gradients of a backward that is differentiable once: there is no way on."""

    plain = False

    def __init__(self, ctx: Any, edges: tuple[Any, ...] = ()) -> None:
        self.op = type(ctx).__name__
        self.edges = (*ctx.edges, *edges)
        self.plan = True
        self.age = versions.tick()

    def carried_out(self, g: Any, create: bool, on_way: Any, last: bool) -> Any:
        raise RuntimeError(
            f"backward: gradients of gradients need a backward that can be differentiated; that of "
            f"{self.op} is marked with @once_differentiable. Write it in tensor operations, and "
            "leave the mark out."
        )


def _bound(node: Any, args: tuple[Any, ...], results: tuple[Any, ...]) -> Any:
    """The saved tensors as arrays and edges: to hold an output itself would be a cycle."""
    edges: list[Any] = []
    for tensor in node._to_save:
        edge = None if tensor is None else tensor._edge
        for i, one in enumerate(results):
            ours = one is tensor and edge is not None and node_of(edge) is node
            if ours or (one is tensor and not any(one is arg for arg in args)):
                edge = i
        edges.append(edge)
    kept = [one._data if one is not None and one._whole else one for one in node._to_save]
    return None, tuple(edges), tuple(kept)


def _carried_out(self: Any, g: Any, create: bool, on_way: Any, last: bool) -> Any:
    """Call ``backward`` with Tensors; its gradients, checked and in their inputs' shapes."""
    incoming = list(g) if self.outputs > 1 else [g]
    for i, (one, made) in enumerate(zip(incoming, self.results, strict=True)):
        if one is None and self.materialize and made is not None:
            incoming[i] = wrap(np.zeros(*made), None)
        elif one is not None:
            incoming[i] = through_door(one) if create else wrap(through_door(one), None)
    backward = getattr(type(self), "backward", None)
    if backward is None:
        raise NotImplementedError(
            f"{type(self).__name__}: define the static method backward(ctx, *gradients); it has "
            "none."
        )
    gradients = backward(self, *incoming)
    while (
        isinstance(gradients, tuple) and len(gradients) > len(self.edges) and gradients[-1] is None
    ):
        gradients = gradients[:-1]
    gradients = one_each(self, gradients)
    plan = []
    for i, (edge, d) in enumerate(zip(self.edges, gradients, strict=True)):
        if edge is None or d is None:
            continue
        if not isinstance(d, TensorBase) or d._data.shape != self.shapes[i]:
            raise RuntimeError(
                f"{type(self).__name__}: the gradient of input {i} must be a tensor of its shape "
                f"{tuple(self.shapes[i])}; got {_described(d)}.{applied(self)}"
            )
        plan.append((edge, already, (through_door(d if create else d._data.copy()),)))
    return tuple(plan)


def _described(value: Any) -> str:
    if isinstance(value, TensorBase):
        return f"shape {value._data.shape}"
    return type(value).__name__
