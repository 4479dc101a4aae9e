"""What makes an op from outside keep an op's promises, and that there is nothing to do for ours.

Decided once, where an op's class is defined, and known only here. A guard gives the generated
``apply`` its lines of checks and wraps the formulas that go into plans; what the author wrote stays
as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import no_order
from autograd.arrays.errors import DtypeError
from autograd.engine.graph import TensorBase, wrap
from autograd.engine.places import applied, placed


class Trusted:
    """The guard of an op of this project: its tests have shown that it keeps its promises."""

    rewords = True  # what stops its forward is told in our words

    def defined(self, op: Any) -> None:
        """The class was defined. It is read when it first runs: all at once would take long."""

    def generates(self, op: Any) -> bool:
        """Whether the op gets an ``apply`` of its own."""
        return True

    def lines(self, arrays: list[str]) -> str:
        """Lines of the generated ``apply`` that look at ``out``, made of the named arrays."""
        return ""

    def formula(self, op: Any, position: int, formula: Callable[..., Any]) -> Callable[..., Any]:
        """The formula for one input, as it is put into plans."""
        return formula

    def joint(self, op: Any, backward: Callable[..., Any]) -> Callable[..., Any]:
        """The one formula for all inputs."""
        return backward

    def output(self, op: Any, out: Any, arrays: list[Any]) -> Any:
        """What ``forward`` returned."""
        return out

    def looks_at(self, out: Any, array: Any) -> bool:
        """Whether the output shares the memory of the first input although the op is no view."""
        return False

    def check_complex(self, op: Any, dtype: Any) -> None:
        """Raise TypeError where an elementwise op of real numbers is given complex ones.

        Its forward may compute something of them all the same, and nobody has said what.
        """
        if op.ordered:
            raise placed(no_order(op.__name__, dtype))
        if op.formulas and not (op.takes_complex or op.complex_values):
            raise placed(
                DtypeError(
                    f"{op.__name__}: numbers must be real here; got {dtype}. Take a real part of "
                    "them: z.real, z.imag or z.abs()."
                )
            )

    def type_error(self, op: Any, error: TypeError, arrays: list[Any]) -> TypeError:
        """What to raise where ``forward`` of an elementwise op met a dtype that it cannot take."""
        found = " and ".join([str(array.dtype) for array in arrays])
        return TypeError(
            f"{op.__name__}: operands must be of a dtype that it is defined for; got {found}. "
            "Convert them: x.long(), x.bool() or x.float()."
        )


class Guard(Trusted):
    """The guard of an op from outside, which is looked at wherever it could go wrong silently."""

    rewords = False

    def defined(self, op: Any) -> None:
        """Read the class at once: a mistake is told where it was made."""
        op.ready()

    def generates(self, op: Any) -> bool:
        """No: the general way says what is missing or one too many."""
        return False

    def formula(self, op: Any, position: int, formula: Callable[..., Any]) -> Callable[..., Any]:
        """With a check that it gives an array of its input's shape, in memory of its own."""

        def checked(node: Any, g: Any, *kept: Any) -> Any:
            d = _own(formula(node, g, *kept), kept)
            return checked_gradient(node, position, _as_array(op, d, g), node.shapes[position])

        return checked

    def joint(self, op: Any, backward: Callable[..., Any]) -> Callable[..., Any]:
        """With a check that it gives one gradient for each input, of that input's shape."""

        def checked(node: Any, g: Any, *kept: Any) -> tuple[Any, ...]:
            gradients = one_each(node, backward(node, g, *kept))
            found = []
            given = zip(gradients, node.shapes, node.edges, strict=True)
            for position, (d, shape, edge) in enumerate(given):
                d = None if edge is None else _as_array(op, _own(d, kept), g)
                found.append(checked_gradient(node, position, d, shape))
            return tuple(found)

        return checked

    def output(self, op: Any, out: Any, arrays: list[Any]) -> Any:
        """An array, or a tuple of them, none of them an input itself."""
        if type(out) is tuple:
            return tuple([Guard.output(self, op, one, arrays) for one in out])
        dtype = getattr(out, "dtype", None)
        if dtype is None or not dtypes.numeric(dtype) or isinstance(out, TensorBase):
            got = type(out).__name__ if dtype is None else f"{type(out).__name__} of {dtype}"
            raise TypeError(
                f"{op.__name__}: forward must return an array of numbers; it returned {got}. "
                "It is given arrays, and NumPy's functions of them are arrays."
            )
        return out[...] if any([out is value for value in arrays]) else out

    def looks_at(self, out: Any, array: Any) -> bool:
        """By its addresses."""
        if type(out) is tuple:
            return any([self.looks_at(one, array) for one in out])
        shares = getattr(out, "base", None) is not None and hasattr(array, "strides")
        return shares and bool(np.may_share_memory(out, array))

    def check_complex(self, op: Any, dtype: Any) -> None:
        """The author's forward knows."""

    def type_error(self, op: Any, error: TypeError, arrays: list[Any]) -> TypeError:
        """The author's own."""
        return error


class ElementwiseGuard(Guard):
    """The guard of an elementwise op from outside."""

    def generates(self, op: Any) -> bool:
        """Where it takes tensors by position and nothing else."""
        code = op.forward.__code__
        plain = not (code.co_kwonlyargcount or op.forward.__defaults__ or op.variadic)
        return plain and len(op.formulas) == len(op.inputs) < 3

    def lines(self, arrays: list[str]) -> str:
        """A look that is enough nearly always."""
        doubts = [f"type(out) is not type({arrays[0]}) or out.dtype is not {arrays[0]}.dtype"]
        doubts += [f"out is {array} or out.shape != {array}.shape" for array in arrays]
        return f"""
if {" or ".join(doubts)}:
    out = cls.guard.output(cls, out, [{", ".join(arrays)}])
"""

    def formula(self, op: Any, position: int, formula: Callable[..., Any]) -> Callable[..., Any]:
        """With a check that it gives one value for each element, in memory of its own."""

        def checked(node: Any, g: Any, *kept: Any) -> Any:
            d = _as_array(op, _own(formula(node, g, *kept), kept), g)
            if d is None or not hasattr(d, "shape"):
                return checked_gradient(node, position, d, g.shape)
            if d.shape == g.shape:
                return d
            try:
                return np.broadcast_to(d, g.shape)
            except ValueError:
                raise RuntimeError(
                    f"{op.__name__}: a gradient must have a value for each element, shape "
                    f"{tuple(g.shape)}; got shape {tuple(d.shape)}. Write op classes that are not "
                    "elementwise as a Function."
                ) from None

        return checked

    def output(self, op: Any, out: Any, arrays: list[Any]) -> Any:
        """An array of the inputs' common shape."""
        out = super().output(op, out, arrays)
        found = getattr(out, "shape", None)
        shape = np.broadcast_shapes(*[np.shape(value) for value in arrays])
        if found != shape:
            got = "several outputs" if found is None else f"shape {found}"
            raise ValueError(
                f"{op.__name__}: an elementwise forward must return an array of its inputs' shape "
                f"{shape}; it returned {got}. Write other ops as a Function."
            )
        return out


_OURS = ("autograd.", "nn.")

_trusted, _guard, _elementwise_guard = Trusted(), Guard(), ElementwiseGuard()


def guard_of(op: Any) -> Trusted:
    """The guard for an op, a class, by where it is defined."""
    if op.__module__.startswith(_OURS):
        return _trusted
    return _elementwise_guard if op.elementwise else _guard


# -- what is asked --------------------------------------------------------------------------------


def _as_array(op: Any, d: Any, g: Any) -> Any:
    """A gradient: an array where the incoming one is, a Tensor where the sweep is recorded."""
    incoming = next((one for one in g if one is not None), None) if type(g) is tuple else g
    recorded = isinstance(incoming, TensorBase)
    if isinstance(d, TensorBase):
        return d if recorded else d._data  # Tensors took part as constants
    if not hasattr(d, "dtype"):
        return d
    if not dtypes.numeric(d.dtype):
        raise RuntimeError(
            f"{op.__name__}: a gradient must be an array of numbers; got one of {d.dtype}. Compute "
            "it from g by NumPy's functions."
        )
    return wrap(d, None, incoming) if recorded else d


def _own(d: Any, kept: tuple[Any, ...]) -> Any:
    """A gradient in memory of its own: it becomes ``.grad``, and must not be an input itself."""
    return np.copy(d) if any([d is value for value in kept]) else d


def checked_gradient(node: Any, position: int, g: Any, shape: tuple[int, ...]) -> Any:
    """``g``, which must have the shape of the input that it is the gradient of, or be None."""
    if g is None:
        return None
    found = getattr(g, "shape", None)
    if found != shape:
        op, got = type(node), type(g).__name__ if found is None else tuple(found)
        name = op.inputs[min(position, len(op.inputs) - 1)]
        raise RuntimeError(
            f"{op.__name__}: a gradient must have its input's shape {tuple(shape)}; got {got} for "
            f"{name}. Sum over the axes along which the input was broadcast.{applied(node)}"
        )
    return g


def one_each(node: Any, gradients: Any) -> tuple[Any, ...]:
    """What a ``backward`` returned, as a tuple of one gradient for each input of ``node``.

    Raises RuntimeError where there are more or fewer.
    """
    if not isinstance(gradients, tuple):
        gradients = (gradients,)
    if len(gradients) != len(node.edges):
        raise RuntimeError(
            f"{type(node).__name__}: backward must return one gradient per input of forward; it "
            f"returned {len(gradients)} for {len(node.edges)}. Return None for inputs without one."
        )
    return gradients
