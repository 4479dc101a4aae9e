"""What is traced and what is not, and traces of one's own, under HIPS autograd's names.

:func:`trace` runs a function and makes a node, of a class of yours, of each call in it: to print
them, to draw them, to make them again with other values (``misc.const_graph``).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd.builtins import SequenceBox
from autograd.engine import duals
from autograd.engine.graph import Leaf, TensorBase, unwrap, wrap
from autograd.extend import notrace_primitive, primitive, register_notrace
from autograd.numpy.noting import Noted, gathered_up, taken_apart, tracing
from autograd.numpy.numpy_boxes import Box
from autograd.tensors.array import Array

__all__ = [
    "Box", "Node", "getval", "isbox", "new_box", "notrace_primitive", "primitive",
    "register_notrace", "toposort", "trace", "trace_stack",
]  # fmt: skip


class Node:
    """What a trace notes of a call: derive from it, and keep what you need.

    :param value: what the call gave.
    :param fun: the function, of NumPy's or a primitive; a list or tuple that is made is a call too.
    :param args: its arguments, with plain values in the places of traced ones.
    :param kwargs: its keywords.
    :param parent_argnums: which arguments are traced, and
    :param parents: their nodes.

    A node that has a method ``on_condition(truth)`` is told where its value is a condition.

    >>> class Counted(Node):
    ...     calls = 0
    ...     def __init__(self, *what):
    ...         Counted.calls += 1
    >>> value, node = trace(Counted.new_root(), lambda x: x * x + 1.0, 2.0)
    >>> float(value), Counted.calls
    (5.0, 2)
    """

    parents: Any = ()

    def __init__(
        self, value: Any, fun: Any, args: Any, kwargs: Any, parent_argnums: Any, parents: Any
    ) -> None:
        self.parents = parents

    def initialize_root(self, *args: Any, **options: Any) -> None:
        """Called in the place of ``__init__`` for a node that begins a trace."""

    @classmethod
    def new_root(cls, *args: Any, **options: Any) -> Any:
        """A node that begins a trace."""
        root = cls.__new__(cls)
        root.initialize_root(*args, **options)
        return root


def trace(start_node: Any, fun: Callable[..., Any], x: Any) -> tuple[Any, Any]:
    """The value of ``fun`` at x and its node, with a node like ``start_node`` for each call.

    Gradients inside are traced as well. Conditions go by the values; to make a float, an index or
    an ndarray of a traced value raises TypeError.

    >>> import autograd.numpy as np
    >>> from autograd import grad
    >>> class Printed(Node):
    ...     def __init__(self, value, fun, args, kwargs, parent_argnums, parents):
    ...         print(fun.__name__, *args)
    >>> value, node = trace(Printed.new_root(), lambda x: np.exp(x) * x, 0.0)
    exp 0.0
    multiply 1.0 0.0
    """
    with tracing() as number:
        end = gathered_up(fun(taken_apart(Noted(x, number, start_node))))
        if type(end) is Noted and end._trace == number:
            return end._value, end._node
    warnings.warn("Output seems independent of input.", UserWarning, stacklevel=2)
    return end, None


def new_box(value: Any, trace: int, node: Any) -> Any:
    """A traced value that begins at ``node``: of a trace, or ``core.VJPNode.new_root()``.

    >>> from autograd.core import VJPNode, backward_pass
    >>> x = new_box(3.0, 0, VJPNode.new_root())
    >>> float(backward_pass(1.0, (x * x)._node))
    6.0
    """
    if isinstance(node, Node):
        return Noted(value, trace, node)
    if isinstance(value, (tuple, list)):
        return SequenceBox([new_box(one, trace, node) for one in value])
    value = getval(value)
    x = wrap(np.asarray(value, np.result_type(value, np.float16))[()], None, Array)
    x._edge = Leaf(x)
    return x


class _TraceStack:
    """``trace_stack.new_trace()``, around what is called on values of :func:`new_box`."""

    @contextmanager
    def new_trace(self) -> Iterator[int]:
        """The number of the trace, which all of the engine's values have."""
        yield SequenceBox._trace


trace_stack = _TraceStack()


def toposort(end_node: Any, parents: Any = lambda node: node.parents) -> Iterator[Any]:
    """The nodes that lead to ``end_node``, it first, each before its parents.

    >>> class N:
    ...     def __init__(self, *parents): self.parents = parents
    >>> a = N(); b = N(a); c = N(a, b)
    >>> [*toposort(c)] == [c, b, a]
    True
    """
    waiting: dict[int, int] = {}
    stack = [end_node]
    while stack:
        node = stack.pop()
        if id(node) not in waiting:
            waiting[id(node)] = 1
            stack.extend(parents(node))
        else:
            waiting[id(node)] += 1
    stack = [end_node]
    waiting[id(end_node)] = 1
    while stack:
        node = stack.pop()
        yield node
        for parent in parents(node):
            waiting[id(parent)] -= 1
            if not waiting[id(parent)]:
                stack.append(parent)


def getval(x: Any) -> Any:
    """The plain value of a traced one; anything else as it is.

    >>> getval(2.0)
    2.0
    """
    while isinstance(x, (TensorBase, Noted)):
        x = x._value if isinstance(x, Noted) else duals.values_of(unwrap(x))
    return x


def isbox(x: Any) -> bool:
    """Whether x is traced.

    >>> isbox(2.0)
    False
    """
    return isinstance(x, (TensorBase, Noted))
