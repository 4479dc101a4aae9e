"""``torch.autograd.functional``: derivatives of a function at given inputs.

Inputs are a tensor or a tuple of them, and so are outputs; results are packed accordingly. What
these give at a point, :mod:`autograd.func` gives as functions. ``torch.functional`` is this module,
too: what it has of operations is in :mod:`autograd`.
"""

from __future__ import annotations

import typing as _typing
from collections.abc import Callable
from typing import Any

from autograd.arrays import trees as _trees
from autograd.engine.duals import Dual as _Dual
from autograd.engine.graph import TensorBase as _TensorBase, wrap as _wrap
from autograd.engine.places import ShapeError as _ShapeError
from autograd.func import forward as _forward, jacobians as _jacobians, recording as _recording

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]


def jacobian(
    func: Callable[..., Any],
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """The Jacobian of ``func`` at ``inputs``.

    Shapes: for an output (*m) and an input (*n), (*m, *n). For several inputs a tuple, for several
    outputs a tuple of what one has.

    :param create_graph: record it, for derivatives of it by ``inputs`` and others.
    :param strict: an output that does not depend on an input is an error, not zeros.
    :param vectorize: accepted; all rows are computed at once in any case.
    :param strategy: 'reverse-mode', a row for each element of the outputs, or 'forward-mode', a
        column for each of the inputs.
    :raises TypeError: an input or an output is no tensor, or there is none.
    :raises ValueError: there is no such strategy.
    :raises RuntimeError: ``strict``, and an output does not depend on an input, or in forward mode.

    >>> import autograd
    >>> jacobian(lambda x: x ** 2, autograd.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    _check_strategy("jacobian", strategy, strict)
    given = _tuple_of("jacobian", "inputs", inputs)
    if strategy == "forward-mode":
        kinds = []

        def call(*xs: Any) -> tuple[Any, ...]:
            result = func(*xs)
            kinds.append(isinstance(result, tuple))
            return _tuple_of("jacobian", "outputs", result)

        points = given if create_graph else map(_detached, given)
        found = _jacobians.jacfwd(call, tuple(range(len(given))))(*points)
        single = not kinds[0]
    else:
        run, outputs, single = _ran("jacobian", func, given, create_graph)
        if strict:
            _check_dependence("jacobian", run, outputs, create_graph)
        found = _jacobians.rows(outputs, run.inputs, create_graph, None)
    blocks = tuple([_packed(_kept(tuple(row), create_graph), inputs) for row in found])
    return blocks[0] if single else blocks


def hessian(
    func: Callable[..., Any],
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """The second derivatives of ``func``, whose output has one element, at ``inputs``.

    Shapes: for inputs (*m) and (*n), (*m, *n); for several inputs a tuple of tuples.

    Options are those of :func:`jacobian`; ``outer_jacobian_strategy`` is that of the second
    derivative.

    :raises TypeError: an input or the output is no tensor.
    :raises ShapeError: the output has several elements.

    >>> import autograd
    >>> hessian(lambda x: (x ** 3).sum(), autograd.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    given = _tuple_of("hessian", "inputs", inputs)

    def gradient(*xs: Any) -> Any:
        return jacobian(lambda *xs: _single("hessian", func(*xs)), xs, create_graph=True)

    found = jacobian(
        gradient, given, create_graph, strict, vectorize, strategy=outer_jacobian_strategy
    )
    return found if isinstance(inputs, tuple) else found[0][0]


def vjp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """The outputs of ``func``, and ``v`` times its Jacobian at ``inputs``, by reverse mode.

    Shapes: ``v`` as the outputs, the product as the inputs.

    :param v: may be left out where there is one output, of one element.
    :raises TypeError: an input, an output or ``v`` is no tensor.
    :raises ShapeError: ``v`` has not the shapes of the outputs.
    :raises RuntimeError: ``v`` is left out where it cannot be, or has not as many tensors;
        ``strict``, and an output does not depend on an input.

    >>> import autograd
    >>> vjp(lambda x: x ** 2, autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 10.0]))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    given = _tuple_of("vjp", "inputs", inputs)
    run, outputs, single = _ran("vjp", func, given, create_graph)
    if strict:
        _check_dependence("vjp", run, outputs, create_graph)
    seeds = _direction("vjp", v, outputs)
    found = _recording.pull(outputs, run.inputs, seeds, create_graph, retain=True)
    values = _kept(tuple(outputs), create_graph)
    return values[0] if single else values, _packed(_kept(tuple(found), create_graph), inputs)


def jvp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """The outputs of ``func``, and its Jacobian at ``inputs`` times ``v``, by forward mode.

    Shapes: ``v`` as the inputs, the product as the outputs.

    :param v: may be left out where there is one input, of one element.
    :raises TypeError: an input, an output or ``v`` is no tensor.
    :raises ShapeError: ``v`` has not the shapes of the inputs.
    :raises RuntimeError: as for :func:`vjp`.

    >>> import autograd
    >>> jvp(lambda x: x ** 2, autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 10.0]))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    given = _tuple_of("jvp", "inputs", inputs)
    directions = tuple(_direction("jvp", v, list(given)))
    if not create_graph:
        given = tuple(map(_detached, given))
    values, found = _forward.jvp(func, given, directions, strict=strict)
    return _kept(values, create_graph), _kept(found, create_graph)


def vhp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """The output of ``func``, which has one element, and ``v`` times its Hessian at ``inputs``.

    Two reverse passes, one over the other.

    Shapes: ``v`` and the product as the inputs.

    :raises TypeError: an input, the output or ``v`` is no tensor.
    :raises ShapeError: the output has several elements, or ``v`` not the shapes of the inputs.
    :raises RuntimeError: as for :func:`vjp`.

    >>> import autograd
    >>> vhp(lambda x: (x ** 3).sum(), autograd.tensor([1.0, 2.0]), autograd.ones(2))
    (tensor(9.), tensor([ 6., 12.]))
    """
    given = _tuple_of("vhp", "inputs", inputs)
    directions = _direction("vhp", v, list(given))
    run, outputs, _ = _ran("vhp", lambda *xs: _single("vhp", func(*xs)), given, create_graph)
    seeds = _direction("vhp", None, outputs)
    first = _recording.pull(outputs, run.inputs, seeds, True, retain=True)
    if strict:
        _check_dependence("vhp", run, first, create_graph)
    found = _recording.pull(first, run.inputs, directions, create_graph, retain=True)
    return _kept(outputs[0], create_graph), _packed(_kept(tuple(found), create_graph), inputs)


def hvp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """The output of ``func``, which has one element, and its Hessian at ``inputs`` times ``v``.

    Forward mode over one reverse pass.

    Shapes: ``v`` and the product as the inputs.

    :raises TypeError: an input, the output or ``v`` is no tensor.
    :raises ShapeError: the output has several elements, or ``v`` not the shapes of the inputs.
    :raises RuntimeError: as for :func:`vjp`.

    >>> import autograd
    >>> hvp(lambda x: (x ** 3).sum(), autograd.tensor([1.0, 2.0]), autograd.ones(2))
    (tensor(9.), tensor([ 6., 12.]))
    """
    given = _tuple_of("hvp", "inputs", inputs)
    directions = tuple(_direction("hvp", v, list(given)))
    if not create_graph:
        given = tuple(map(_detached, given))

    def gradient(*xs: Any) -> Any:
        run, outputs, _ = _ran("hvp", lambda *xs: _single("hvp", func(*xs)), xs, True)
        seeds = _direction("hvp", None, outputs)
        record = run.depends(*outputs)
        found = _recording.pull(outputs, run.inputs, seeds, record, retain=record)
        return tuple(found), run.released(outputs[0])

    _, found, value = _forward.jvp(gradient, given, directions, strict=strict, has_aux=True)
    return _kept(value, create_graph), _packed(_kept(found, create_graph), inputs)


# -- inputs and outputs ---------------------------------------------------------------------------


def _tuple_of(call: str, what: str, value: Any) -> tuple[Any, ...]:
    """A tensor or a tuple of tensors, as a tuple."""
    found = value if isinstance(value, tuple) else (value,)
    for one in found:
        if not isinstance(one, _TensorBase):
            raise TypeError(
                f"{call}: {what} must be a tensor or a tuple of tensors; got "
                f"{type(one).__name__}{' in a tuple' if isinstance(value, tuple) else ''}."
            )
    if not found:
        raise TypeError(f"{call}: {what} must not be empty; got ().")
    return found


def _packed(found: tuple[Any, ...], like: Any) -> Any:
    return found if isinstance(like, tuple) else found[0]


def _single(call: str, output: Any) -> Any:
    """The output of a function that must have one element."""
    if isinstance(output, tuple) and len(output) == 1:
        output = output[0]
    if not isinstance(output, _TensorBase):
        raise TypeError(
            f"{call}: the function must return a tensor; it returned {type(output).__name__}."
        )
    if output._data.size != 1:
        raise _ShapeError(
            f"{call}: the function must return a single element; it returned a tensor of shape "
            f"{tuple(output._data.shape)}. Sum it."
        )
    return output


def _ran(
    call: str, func: Callable[..., Any], inputs: tuple[Any, ...], create_graph: bool
) -> tuple[_recording.Recorded, list[Any], bool]:
    """The call of ``func``, its outputs, and whether it returned one tensor instead of a tuple."""
    leaves = inputs if create_graph else tuple(map(_detached, inputs))
    run = _recording.recorded(call, func, leaves, lambda fresh: (fresh, {}))
    outputs = list(_tuple_of(call, "outputs", run.result))
    return run, outputs, not isinstance(run.result, tuple)


def _detached(x: Any) -> Any:
    return x if x._edge is None or type(x._data) is _Dual else x.detach()


def _kept(tree: Any, create_graph: bool) -> Any:
    """Results, linked to the graph where that was asked for."""
    if create_graph:
        return tree
    return _trees.map_leaves(
        lambda y: y if y._edge is None or type(y._data) is _Dual else _wrap(y._data, None, y), tree
    )


def _direction(call: str, v: Any, tensors: list[Any]) -> list[Any]:
    """``v`` as a list, checked against the tensors that it is a direction or a gradient of."""
    if v is None:
        if len(tensors) != 1 or tensors[0]._data.size != 1:
            raise RuntimeError(
                f"{call}: v can be left out only for one tensor of one element; got shapes "
                f"{', '.join([str(tuple(one._data.shape)) for one in tensors])}. Pass v."
            )
        ones = _forward.zeros_of(tensors[0]) + 1
        return [ones]
    found = _tuple_of(call, "v", v)
    if len(found) != len(tensors):
        raise RuntimeError(
            f"{call}: v must have a tensor for each of {len(tensors)}; it has {len(found)}."
        )
    for g, x in zip(found, tensors):
        if g._data.shape != x._data.shape:
            raise _ShapeError(
                f"{call}: v must have the shape {tuple(x._data.shape)}; got {tuple(g._data.shape)}."
            )
    return list(found)


def _check_strategy(call: str, strategy: str, strict: bool) -> None:
    if strategy not in ("reverse-mode", "forward-mode"):
        raise ValueError(
            f"{call}: strategy must be 'reverse-mode' or 'forward-mode'; got {strategy!r:.60}."
        )
    if strict and strategy == "forward-mode":
        raise RuntimeError(
            f"{call}: strict=True is for reverse mode; got 'forward-mode'. Pass strict=False."
        )


def _check_dependence(
    call: str, run: _recording.Recorded, outputs: list[Any], create_graph: bool
) -> None:
    """Raise RuntimeError where an output does not depend on each input."""
    for i, out in enumerate(outputs):
        for j, x in enumerate(run.inputs):
            if not run.reaches(out, x):
                raise RuntimeError(
                    f"{call}: with strict=True every output must depend on every input; output "
                    f"{i} does not depend on input {j}. Pass strict=False to get zeros for it."
                )


if not _typing.TYPE_CHECKING:

    def __getattr__(name):
        """What ``torch.functional`` has of operations."""
        import autograd
        from autograd.script import missing
        from autograd.script.absent import absent

        found = getattr(autograd, name, None) if name in missing.names_of("autograd") else None
        return absent(__name__, name) if found is None else found
