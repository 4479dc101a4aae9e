"""``backward`` and ``grad``: where gradients start, and where they are put."""

from __future__ import annotations

import os
from _thread import RLock, _count as other_threads
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from sys import getrefcount
from typing import Any, overload

import numpy as np

from autograd.arrays import dtypes
from autograd.engine import duals, early, inspection, observer, sweep as sweeping, versions, watches
from autograd.engine.conjugates import through_door
from autograd.engine.grad_mode import mode
from autograd.engine.graph import Edge, Leaf, TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.engine.sweep import sweep

__all__ = ["backward", "grad"]


def _seeds(
    call: str, outputs: Sequence[Any], gradients: Sequence[Any], create: bool, inside: bool = False
) -> list[tuple[Edge, Any]]:
    """The pairs (edge, gradient) where a sweep starts, checked.

    :param inside: the gradients come from a formula, not through a door; see conjugates.py.
    """
    if len(gradients) != len(outputs):
        raise RuntimeError(
            f"{call}: expected one gradient per output; got {len(gradients)} for {len(outputs)}."
        )
    seeds = []
    for number, (tensor, g) in enumerate(zip(outputs, gradients, strict=True)):
        if not isinstance(tensor, TensorBase):
            raise TypeError(
                f"{call}: outputs must be tensors; got {type(tensor).__name__}. Pass the loss."
            )
        if tensor._edge is None:
            from autograd.engine import disconnection  # it parses the user's source

            raise disconnection.no_graph(call, number, tensor)
        if g is None:
            dtype = tensor._data.dtype
            if dtype is not dtypes.float32 and dtypes.complex_valued(dtype):
                raise RuntimeError(
                    f"{call}: grad can be implicitly created only for real outputs; this one is "
                    f"{tensor._data.dtype}. Pass gradient=."
                )
            if tensor._data.size != 1:
                raise ShapeError(
                    f"{call}: grad can be implicitly created only for scalar outputs; this one "
                    f"has shape {tensor._data.shape}. Reduce it (loss.sum(), loss.mean()) or "
                    "pass gradient=."
                )
            g = np.ones_like(tensor._data)[()]
        else:
            if not isinstance(g, TensorBase):
                if not dtypes.numeric(np.asarray(g).dtype):
                    raise TypeError(
                        f"{call}: a gradient must be a tensor or None; got {type(g).__name__}."
                    )
                g = wrap(np.asarray(g, dtype=tensor._data.dtype), None)
            if g._data.shape != tensor._data.shape:
                raise ShapeError(
                    f"{call}: the gradient must have the output's shape {tensor._data.shape}; "
                    f"got {g._data.shape}. Pass autograd.ones_like(output)."
                )
            if dtypes.complex_valued(g._data.dtype) > dtypes.complex_valued(tensor._data.dtype):
                raise RuntimeError(
                    f"{call}: the gradient of a real output must be real; the output is "
                    f"{tensor._data.dtype}, the gradient {g._data.dtype}. Pass its real part."
                )
            if g._data.dtype != tensor._data.dtype:
                g = g.to(tensor._data.dtype)
            g = g if create else g._data
            g = g if inside else through_door(g)
        if create and not isinstance(g, TensorBase):
            g = wrap(g, None, tensor)
        seeds.append((tensor._edge, g))
    return seeds


def _listed(value: Any) -> list[Any]:
    one = isinstance(value, (TensorBase, str)) or not hasattr(value, "__iter__")
    return [value] if one else list(value)


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Add the gradients of ``tensors`` to ``.grad`` of the leaves they were made from.

    :param tensors: a Tensor or a sequence of them; each scalar, or with a gradient.
    :param grad_tensors: what to multiply the Jacobians by, shaped as the tensors; None for scalars.
    :param retain_graph: keep the graph for another pass; defaults to ``create_graph``.
    :param create_graph: record the pass, so that gradients can be differentiated again.
    :param inputs: accumulate only into these leaves.
    :raises RuntimeError: a tensor does not require grad, is not scalar and has no gradient, or
        its graph was freed by an earlier pass.

    Rumelhart, Hinton & Williams 1986, doi:10.1038/323533a0; Linnainmaa 1970.

    >>> import autograd
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> autograd.backward((w * w).sum())
    >>> w.grad
    tensor([2., 4.])
    """
    outputs = _listed(tensors)
    if observer.listening and duals.carried(outputs):
        raise RuntimeError(
            "backward: .grad has no place for a tangent, and the outputs have one. Use "
            "autograd.grad, whose results have theirs."
        )
    gradients = [None] * len(outputs) if grad_tensors is None else _listed(grad_tensors)
    seeds = _seeds("backward", outputs, gradients, create_graph)
    targets = None
    if inputs is not None:
        chosen = _listed(inputs)
        _check_inputs("backward", chosen)
        targets = [tensor._edge for tensor in chosen]
    if sweeping.leaving is not None and any(hasattr(one._data, "levels") for one in outputs):
        raise RuntimeError(
            "backward: a gradient is put into .grad for one value; this loss has one for each "
            "sample of a vmap. Use autograd.grad, or func.grad, inside, or call backward() on "
            "what vmap returns."
        )
    for told in watches.backward_begins[:]:
        told(outputs)
    if early.awaited and targets is None:

        def deliver(leaf: Leaf, g: Any) -> None:
            accumulate({leaf: g}, (), create_graph)

        with early.one_pass():
            found = swept(seeds, None, retain_graph, create_graph, deliver)
            accumulate(found, seeds, create_graph)
        return
    found = swept(seeds, targets, retain_graph, create_graph)
    if targets is not None:
        keep = set(targets)
        for tensor in chosen:
            g = found.get(tensor._edge)
            if type(tensor._edge) is not Leaf and g is not None:
                g = through_door(g)
                if not create_graph:
                    shared = {id(g) for _, g in seeds}
                    g = wrap(as_gradient(g, tensor._data, shared), None, tensor)
                tensor._grad = g if tensor._grad is None else tensor._grad + g
        found = {edge: g for edge, g in found.items() if edge in keep}
    if observer.listening:
        with observer.work("accumulate"):
            accumulate(found, seeds, create_graph)
    else:
        accumulate(found, seeds, create_graph)


def backward_of(
    self: Any,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Add the gradients of this tensor to ``.grad`` of the leaves it was made from.

    :param gradient: what to multiply the Jacobian by, of this tensor's shape; may be left out
        for a tensor of one element, and is then 1.
    :param retain_graph: keep the graph for another pass; defaults to ``create_graph``.
    :param create_graph: record the pass, so that gradients can be differentiated again.
    :param inputs: accumulate only into these.
    :raises RuntimeError: the tensor does not require grad, is not scalar and has no
        ``gradient``, or its graph was freed by an earlier pass.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> (x ** 2).sum().backward()
    >>> x.grad
    tensor([2., 4.])
    """
    gradients = None if gradient is None else [gradient]  # a list itself is no gradient
    backward(self, gradients, retain_graph, create_graph, inputs)


@overload
def grad(
    outputs: TensorBase | Sequence[TensorBase],
    inputs: TensorBase | Sequence[TensorBase],
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]: ...
@overload
def grad(
    outputs: Callable[..., Any] = ..., inputs: Any = 0, **of_a_function: Any
) -> Callable[..., Any]: ...
def grad(
    outputs: Any = None,
    inputs: Any = None,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
    **of_a_function: Any,
) -> Any:
    """
    Returns a function which gives the gradient of a function; of tensors, the gradients themselves.

    ``grad(fun, argnum=0)`` is HIPS autograd's: see :mod:`autograd.differential_operators`. What
    follows is PyTorch's form, the gradients of ``outputs`` with respect to ``inputs``; no ``.grad``
    is touched.

    :param outputs: a Tensor or a sequence of them; several are summed, each times its gradient.
    :param inputs: a Tensor or a sequence of them, leaves or not.
    :param grad_outputs: one gradient per output, of its shape; None for scalars.
    :param allow_unused: return None for an input that the outputs do not depend on.
    :param is_grads_batched: ``grad_outputs`` hold several gradients along a new first axis, and so
        do the results: one pass for all of them, as inside vmap. With the rows of an identity
        matrix: a Jacobian.
    :param materialize_grads: return zeros instead of None.
    :returns: a tuple, one gradient per input, each of its input's shape and dtype.
    :raises RuntimeError: an input does not require grad or was not used.

    >>> import autograd
    >>> x = autograd.tensor(3.0, requires_grad=True)
    >>> (g,) = autograd.grad(x ** 3, x, create_graph=True)
    >>> autograd.grad(g, x)
    (tensor(18.),)
    """
    if of_a_function or (callable(outputs) and not isinstance(outputs, TensorBase)):
        doors = import_module("autograd.differential_operators")  # HIPS autograd's form
        given = [one for one in (outputs, inputs, grad_outputs) if one is not None]
        return doors.grad(*given, **of_a_function)
    out, chosen = _listed(outputs), _listed(inputs)
    gradients = [None] * len(out) if grad_outputs is None else _listed(grad_outputs)
    if observer.listening and duals.carried((*out, *chosen, *gradients)):
        return duals.gradients(
            grad,
            out,
            chosen,
            gradients,
            retain_graph=retain_graph,
            create_graph=create_graph,
            allow_unused=allow_unused,
            is_grads_batched=is_grads_batched,
            materialize_grads=materialize_grads,
        )
    if is_grads_batched:
        once = partial(
            grad,
            out,
            chosen,
            retain_graph=retain_graph,
            create_graph=create_graph,
            allow_unused=allow_unused,
            materialize_grads=materialize_grads,
        )
        return _batched(once, gradients)
    seeds = _seeds("grad", out, gradients, create_graph)
    _check_inputs("grad", chosen)
    found = swept(seeds, [tensor._edge for tensor in chosen], retain_graph, create_graph)
    shared = {id(g) for _, g in seeds}
    results = []
    for i, tensor in enumerate(chosen):
        g = through_door(found.get(tensor._edge))
        if g is None:
            if not (allow_unused or materialize_grads):
                from autograd.engine import disconnection

                raise disconnection.unused(i, tensor, out)
            zeros = np.zeros_like(tensor._data) if materialize_grads else None
            results.append(None if zeros is None else wrap(zeros, None, tensor))
        elif create_graph:
            results.append(g)
        else:
            results.append(wrap(as_gradient(g, tensor._data, shared), None, tensor))
    return tuple(results)


def carried_back(
    outputs: Sequence[Any], inputs: Sequence[Any], gradients: Sequence[Any]
) -> list[Any]:
    """What a gradient formula gets of ops: :func:`grad`, recorded, on this side of the doors.

    None stands for an input that the outputs do not depend on.
    """
    seeds = _seeds("grad", outputs, gradients, create=True, inside=True)
    found = swept(seeds, [tensor._edge for tensor in inputs], None, True)
    return [found.get(tensor._edge) for tensor in inputs]


def _batched(once: Callable[..., Any], gradients: Sequence[Any]) -> tuple[Any, ...]:
    """The results of ``once`` for all rows of ``gradients``, which become samples of a level."""
    lengths = {tuple(g._data.shape[:1]) for g in gradients if isinstance(g, TensorBase)}
    if len(lengths) != 1 or lengths <= {(), (0,)}:
        raise ValueError(
            "grad: with is_grads_batched, grad_outputs must hold tensors with a first axis of one "
            f"length, at least 1; got {[tuple(np.shape(unwrap(g))) for g in gradients]}."
        )
    from autograd.engine.levels import Enter, Leave, Level  # ops, and ops know us

    ((n,),) = lengths
    level = Level(n)
    try:
        tensors = [isinstance(g, TensorBase) for g in gradients]
        rows = [
            Enter.apply(g, level=level, axis=0) if is_tensor else g
            for g, is_tensor in zip(gradients, tensors)
        ]
        found = once(grad_outputs=rows)
    finally:
        level.open = False
    return tuple([None if g is None else Leave.apply(g, level=level, axis=0) for g in found])


def _check_inputs(call: str, inputs: Sequence[Any]) -> None:
    if not inputs:
        raise RuntimeError(f"{call}: inputs must not be empty. Pass at least one tensor.")
    for i, tensor in enumerate(inputs):
        if not isinstance(tensor, TensorBase):
            raise TypeError(
                f"{call}: inputs must be tensors; input {i} is {type(tensor).__name__}."
            )
        if tensor._edge is None:
            from autograd.engine.variables import tensor_name

            name = tensor_name(tensor)
            raise RuntimeError(
                f"{call}: inputs must require grad; {f'`{name}`, ' if name else ''}input {i}, of "
                f"shape {tensor._data.shape}, does not. Call requires_grad_() on it before it is "
                "used."
            )
        if not tensor._whole:
            raise NotImplementedError(
                f"{call}: inputs must not be sparse; input {i} is. Call backward(), and take its "
                ".grad; or make it of values, sparse_coo_tensor(indices, values), and pass these."
            )


def swept(
    seeds: list[tuple[Edge, Any]],
    targets: Any,
    retain: bool | None,
    create: bool,
    deliver: Any = None,
) -> dict[Edge, Any]:
    retain = create if retain is None else retain
    before, mode.grad = mode.grad, create
    try:
        way: Any = sweep if deliver is None else partial(sweep, deliver=deliver)
        if inspection.inspector is not None:
            way = inspection.inspector.sweep
        if observer.listening:
            with observer.work("backward"):
                return way(seeds, targets=targets, retain=retain, create=create)
        return way(seeds, targets=targets, retain=retain, create=create)
    finally:
        mode.grad = before


# -- leaves ---------------------------------------------------------------------------------------

# Of several threads that add to one leaf none may lose what another adds. Held for one leaf at a
# time, not while hooks run, and not at all by a thread that is alone.
_adding = RLock()


def _free_lock() -> None:
    """In a forked child, which has none of the threads that may hold the lock: a new one."""
    global _adding
    _adding = RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_free_lock)


def accumulate(found: dict[Edge, Any], roots: Iterable[tuple[Edge, Any]], create: bool) -> None:
    """Add the gradients that a sweep found to ``.grad`` of their tensors.

    A leaf never shares its gradient's buffer with another leaf or with what the caller passed in.
    """
    shared = {id(g._data if isinstance(g, TensorBase) else g) for _, g in roots}
    for edge, g in found.items():
        if type(edge) is not Leaf:
            continue
        tensor = edge.tensor()
        if tensor is None:
            continue
        if not other_threads():
            tensor._grad = _added(tensor, g, shared, create)
        else:
            with _adding:
                tensor._grad = _added(tensor, g, shared, create)
        if edge.after:
            for hook in edge.after.copy().values():
                hook(tensor)


def _added(tensor: TensorBase, g: Any, shared: set[int], create: bool) -> Any:
    before = tensor._grad
    if g.shape != tensor._data.shape:
        raise RuntimeError(
            "backward: a gradient has the shape that its tensor had in the forward pass, "
            f"{tuple(g.shape)}; the tensor's data now has {tensor._data.shape}. Replace .data "
            "between passes only."
        )
    if g.dtype is not dtypes.float32:  # spares nearly every leaf the call
        g = through_door(g)
    if create:
        if before is not None:
            return before + g
        return wrap(own(g._data, shared), None, tensor) if g._edge is None else g
    g = as_gradient(g, tensor._data, shared)
    if before is None:  # wrap(), without a call for each parameter of each step
        if g.ndim > 1 and not g.flags.c_contiguous and tensor._data.flags.c_contiguous:
            g = np.copy(g, order="C")  # .grad can be viewed as its tensor can
        result: Any = object.__new__(tensor._results)
        result._data = g
        result._edge = result._grad = result._kin = None
        return result
    if before._edge is None and np.ndim(before._data):
        before._data += g
        versions.note_change(before._data)
        return before
    return wrap(unwrap(before) + g, None, tensor)


def as_gradient(g: Any, data: Any, shared: set[int]) -> Any:
    """``g`` in the dtype of ``data``, in a buffer of its own."""
    if g.dtype != data.dtype:
        return g.astype(data.dtype)
    return own(g, shared)


def own(g: Any, shared: set[int]) -> Any:
    """``g``, or a copy where its buffer may be somebody else's (a view, or seen before)."""
    if id(g) in shared or (g.base is not None and not _all_of_its_base(g)):
        g = g.copy()
    shared.add(id(g))
    return g


def _all_of_its_base(g: Any) -> bool:
    """Whether a view shows all of an array that nobody else holds: one that was reshaped."""
    return (
        type(g.base) is np.ndarray
        and g.base.nbytes == g.nbytes
        and g.flags.writeable
        and g.flags.forc  # one that goes backwards in memory is copied
        and g.base.flags.owndata
        and getrefcount(g.base) == 2  # that of the view, and that of this call
    )
