"""Views: tensors that look at another tensor's memory, and what in-place operations do to them.

Each view knows its base (the tensor that owns the memory), each base its living views. Where a
recorded operation overwrites memory, every other tensor that looks at it holds values that its own
edge does not explain, and gets a new edge. The base becomes its old values with a region replaced,
the other views become windows on the new base:

    v = x[0]; v.mul_(y)         old x ──► CopySlices ──► x ──► AsStrided ──► other views
                            mul of v ───────┘

Both nodes know places in memory, not indices: it does not matter how a view came about.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import inside, room, written
from autograd.engine import observer, versions
from autograd.engine.backward import carried_back
from autograd.engine.conjugates import through_door
from autograd.engine.duals import EDGE, values_of
from autograd.engine.grad_mode import mode
from autograd.engine.graph import Edge, Leaf, Node, TensorBase, wrap
from autograd.engine.lines import at, here, of
from autograd.engine.sweep import already
from autograd.kernels import complexes
from autograd.kernels.scatter import add_at
from autograd.kernels.sums import sum_over


def link(view: Any, base: Any, opaque: bool = False) -> None:
    """Note that ``view`` (a tensor or a tuple of them) may look at the memory of ``base``.

    :param opaque: its gradient is not just the base's where it looks: a custom op made it.
    """
    if type(view) is tuple:
        for one in view:
            link(one, base, opaque)
        return
    if getattr(view._data, "base", None) is None:
        return  # a 0-d result is a scalar of its own
    kin, source = base._kin, base
    if isinstance(kin, TensorBase):
        opaque = opaque or base._opaque
        shared = base_of(base)  # None where base is a reshape that had to copy
        base = base if shared is None else shared
        kin = base._kin if type(base._kin) is list else None
    view._kin = base
    if opaque:
        view._opaque = True
    if base._edge is not None and view._edge is None and (not mode.grad or source._unrecorded):
        view._unrecorded = True
    if kin is None:
        base._kin = [weakref.ref(view)]
        return
    kin.append(weakref.ref(view))
    n = len(kin)
    if n >= 32 and n & (n - 1) == 0:  # forget the dead ones, at each doubling
        kin[:] = [one for one in kin if one() is not None]


def base_of(tensor: Any) -> Any:
    """The tensor whose memory ``tensor`` is a view of; None where it has its own."""
    kin = tensor._kin
    if not isinstance(kin, TensorBase):
        return None
    own, its = [versions.owner_of(values_of(one._data)) for one in (tensor, kin)]
    return kin if own is its else None  # some reshapes have to copy


def family(tensor: Any) -> list[Any]:
    """The base of ``tensor``, which may be itself, and all living views of it."""
    base = base_of(tensor)
    base = tensor if base is None else base
    views = [one() for one in base._kin] if type(base._kin) is list else []
    return [base, *[one for one in views if one is not None]]


def relatives(tensor: Any) -> list[Any]:
    """The other living tensors that look at memory which ``tensor`` looks at too."""
    return [
        one
        for one in family(tensor)
        if one is not tensor and _overlap(values_of(one._data), values_of(tensor._data))
    ]


def _overlap(a: Any, b: Any) -> bool:
    try:
        return bool(np.shares_memory(inside(a), inside(b), max_work=10_000))  # type: ignore[arg-type]
    except (np.exceptions.TooHardError, TypeError):
        return True


# -- where a view looks ---------------------------------------------------------------------------


class Window:
    """The places of a view's elements in its base; computed from strides when first needed."""

    __slots__ = ("_places", "base_shape", "base_strides", "shape", "start", "strides")

    def __init__(self, view: Any, base: Any) -> None:
        self.start = versions.address(view) - versions.address(base)  # in bytes, from the lowest
        if not base.flags.c_contiguous:
            axes = zip(base.shape, base.strides)
            self.start -= sum([(n - 1) * s for n, s in axes if n > 1 and s < 0])
        self.shape, self.strides = view.shape, view.strides
        self.base_shape, self.base_strides = base.shape, base.strides
        self._places: tuple[Any, ...] | None = None

    @staticmethod
    def exists(view: Any, base: Any) -> bool:
        """Whether each place in the base's memory is one element's, and strides tell whose."""
        if not hasattr(base, "__array_interface__") or view.dtype != base.dtype:
            return False
        if base.flags.c_contiguous:
            return True
        span = base.dtype.itemsize
        for stride, n in sorted([(abs(s), n) for n, s in zip(base.shape, base.strides) if n > 1]):
            if stride < span:
                return False
            span = stride * n
        return True

    @property
    def places(self) -> tuple[Any, ...]:
        """An index array for each axis of the base: ``base[places]`` are the view's values."""
        if self._places is None:
            rest: Any = np.full(self.shape, self.start)
            for k, (n, stride) in enumerate(zip(self.shape, self.strides)):
                rest += np.reshape(np.arange(n) * stride, (n,) + (1,) * (len(self.shape) - k - 1))
            places: list[Any] = [np.zeros(self.shape, np.int64)] * len(self.base_shape)
            for k in sorted(range(len(places)), key=lambda k: -abs(self.base_strides[k])):
                n, stride = self.base_shape[k], self.base_strides[k]
                if n > 1:
                    at, rest = np.divmod(rest, abs(stride))
                    places[k] = at if stride > 0 else n - 1 - at
            self._places = tuple(places)
        return self._places

    def cut(self, x: Any) -> Any:
        """What the view shows of ``x``, an array or a Tensor of the base's shape."""
        if not self.base_shape:
            return np.broadcast_to(x, self.shape)
        return np.reshape(x[self.places], self.shape)

    def put(self, x: Any) -> Any:
        """Zeros of the base's shape with ``x`` added where the view looks: the adjoint of `cut`."""
        if not self.base_shape:
            return np.reshape(sum_over(x), ())
        if isinstance(x, TensorBase):
            # of the samples of x, or what comes to a leaf from a closed level would be summed
            zeros = wrap(room(self.base_shape, x._data.dtype, x._data), None)
            return carried_back([self.cut(zeros.requires_grad_())], [zeros], [x])[0]
        out = room(self.base_shape, x.dtype, x)
        if self._overlaps():
            add_at(out, self.places, x)
        else:
            out[self.places] = x
        return out

    def clear(self, x: Any) -> Any:
        """``x`` with zeros where the view looks."""
        if isinstance(x, TensorBase):
            kept = np.ones(self.base_shape, np.bool_)
            kept[self.places] = False
            return np.where(kept, x, 0)  # type: ignore[call-overload]
        out = written(x)
        out[self.places] = 0
        return out

    def over(self, x: Any, part: Any, assign: Callable[..., Any]) -> Any:
        """``x``, values of the base, with ``part`` where the view looks.

        :param assign: ``assign(x, places, part)`` gives a copy of x with part at these places.
        """
        return assign(x, self.places, part) if self.base_shape else np.reshape(part, ())

    def _overlaps(self) -> bool:
        """Whether several elements of the view may share a place, as after ``expand``."""
        reach = 0
        for stride, n in sorted([(abs(s), n) for n, s in zip(self.shape, self.strides) if n > 1]):
            if stride <= reach:
                return True
            reach += stride * (n - 1)
        return False


def _hidden_from(view: Any, base: Any) -> list[Any]:
    """The levels that ``view`` belongs to and ``base`` does not."""
    own = getattr(base, "levels", ())
    return [level for level in getattr(view, "levels", ()) if level not in own]


def _of_one_sample(array: Any, shown: list[Any]) -> Any:
    """The array of one sample, where others lie beside it and look alike, with the axes of the
    levels ``shown``."""
    if not hasattr(array, "levels"):
        return inside(array)
    return array.data[(*[slice(None) if one in shown else 0 for one in array.levels], ...)]


class Parts:
    """The window of real numbers that look at complex ones, or of complex ones at real ones.

    In memory both are real numbers, whose window is an ordinary one. Gradients are taken apart and
    put together, on this side of the doors (see conjugates.py): of a + ib it is ∂L/∂a - i ∂L/∂b.
    """

    def __init__(self, view: Any, base: Any) -> None:
        self.shape, self.base_shape = view.shape, base.shape
        self.whole = dtypes.complex_valued(view.dtype)  # or else the base is
        self.inner = Window(_in_memory(view), _in_memory(base))

    def cut(self, x: Any) -> Any:
        """As that of a Window."""
        return _put_together(self.inner.cut(_taken_apart(x)), self.whole)

    def put(self, x: Any) -> Any:
        """As that of a Window."""
        return _put_together(self.inner.put(_taken_apart(x)), not self.whole)

    def clear(self, x: Any) -> Any:
        """As that of a Window."""
        return _put_together(self.inner.clear(_taken_apart(x)), not self.whole)

    def over(self, x: Any, part: Any, assign: Callable[..., Any]) -> Any:
        """As that of a Window, of values, whose conjugates are as gradients are."""
        x, part = [_taken_apart(through_door(one)) for one in (x, part)]
        return through_door(_put_together(self.inner.over(x, part, assign), not self.whole))


class Samples:
    """The window of tensors inside vmap that look at one outside, where samples are an axis."""

    def __init__(self, inner: Window | Parts, view: Any, base: Any) -> None:
        self.shape, self.base_shape = view.shape, base.shape
        self.levels = _hidden_from(view, base)
        self.inner = inner

    def cut(self, x: Any) -> Any:
        """As that of a Window."""
        from autograd.engine.levels import Enter  # an op, and ops know us

        x = self.inner.cut(x)
        for level in self.levels:
            x = Enter.apply(x, level=level, axis=0)
        return x

    def put(self, x: Any) -> Any:
        """As that of a Window."""
        return self.inner.put(self._left(x))

    def clear(self, x: Any) -> Any:
        """As that of a Window."""
        return self.inner.clear(x)

    def over(self, x: Any, part: Any, assign: Callable[..., Any]) -> Any:
        """As that of a Window."""
        return self.inner.over(x, self._left(part), assign)

    def _left(self, x: Any) -> Any:
        from autograd.engine.levels import Leave

        for level in reversed(self.levels):
            x = Leave.apply(x, level=level, axis=0)
        return x


AnyWindow = Window | Parts | Samples


def shown(window: AnyWindow, x: Any) -> Any:
    """What a view shows of ``x``, values of its base and not a gradient."""
    return through_door(window.cut(through_door(x)))


def _in_memory(array: Any) -> Any:
    return complexes.pairs(array) if dtypes.complex_valued(array.dtype) else array


def _taken_apart(g: Any) -> Any:
    if not dtypes.complex_valued(g.dtype):
        return g
    parts = (np.real(g), -np.imag(g))
    return np.concatenate([np.expand_dims(part, -1) for part in parts], -1)


def _put_together(g: Any, whole: bool) -> Any:
    return g[..., 0] - g[..., 1] * 1j if whole else g


# -- new edges ------------------------------------------------------------------------------------


class _Rewritten(Node):
    """An edge given to a tensor whose memory was changed through another one."""

    keeps = False

    def __init__(self, ways: list[tuple[Edge, Any, Any]]) -> None:
        self.age = versions.tick()
        ways = [way for way in ways if way[0] is not None]
        self.edges = tuple([edge for edge, _, _ in ways])
        self.shapes = tuple([shape for _, _, shape in ways])
        self.plan = tuple([(edge, formula, ()) for edge, formula, _ in ways])
        if observer.listening:
            observer.tell("node_born", self)

    def carried_out(self, g: Any, create: bool, on_way: Any, last: bool) -> Any:
        asked = [way for way in self.plan if on_way is None or way[0] in on_way]
        return tuple([(edge, already, (formula(self, g),)) for edge, formula, _ in asked])


class CopySlices(_Rewritten):
    """The base after one of its views was overwritten."""

    def __init__(self, before: Edge, view: Edge, window: AnyWindow) -> None:
        self.window = window
        super().__init__(
            [
                (before, CopySlices.grad_before, window.base_shape),
                (view, CopySlices.grad_view, window.shape),
            ]
        )

    def grad_before(self, g: Any) -> Any:
        return self.window.clear(g)

    def grad_view(self, g: Any) -> Any:
        return self.window.cut(g)


class AsStrided(_Rewritten):
    """A view after its base, or another view of it, was overwritten."""

    def __init__(self, base: Edge, window: AnyWindow) -> None:
        self.window = window
        super().__init__([(base, AsStrided.grad_base, window.base_shape)])

    def grad_base(self, g: Any) -> Any:
        return self.window.put(g)


class Overwritten(_Rewritten):
    """Where strides do not tell what a tensor shows now: it raises when a gradient comes."""

    def __init__(self, before: Edge, by: Edge, op: str) -> None:
        self.op = op
        # both ways, so that the node is met whatever gradient is asked for
        super().__init__([(before, Overwritten.grad, None), (by, Overwritten.grad, None)])

    def grad(self, g: Any) -> Any:
        raise RuntimeError(
            f"backward: each tensor must know what made its values; {self.op}{at(of(self))} "
            "changed this one in place through another tensor that looks at the same memory. Write "
            "to the tensor itself, or take the view again after the change."
        )


# -- after a recorded change ----------------------------------------------------------------------


def is_argument(x: Any) -> bool:
    """Whether ``x`` is what a function that is differentiated has been given."""
    if x is None:
        return False
    if x._edge is EDGE:
        return isinstance(x._data.own_primal, TensorBase) and is_argument(x._data.own_primal)
    return getattr(x._edge, "hands_in", False)


def check_no_argument(tensor: Any, op: str) -> None:
    """Raise TypeError for an argument of a function that is differentiated, and a view of it."""
    if is_argument(tensor) or is_argument(base_of(tensor)):
        raise TypeError(
            f"{op}: an argument of a function that is differentiated cannot be changed in place, "
            f"nor a view of it; this has shape {tuple(tensor._data.shape)}{at(here())}. Change a "
            "copy: x = x.copy()."
        )


def check_recordable(tensor: Any, op: str) -> None:
    """Raise RuntimeError where an in-place ``op`` on ``tensor`` cannot be recorded.

    TypeError where it is an argument of a function that is differentiated.
    """
    base = base_of(tensor)
    if tensor._numpys:
        check_no_argument(tensor, op)
    if type(tensor._edge) is Leaf:
        raise RuntimeError(
            f"{op}: a leaf tensor that requires grad cannot be changed in place while operations "
            f"are recorded; this one has shape {tuple(tensor._data.shape)}{at(here())}. Wrap the "
            "update in no_grad(), or work on x.clone()."
        )
    if base is None:
        return
    if type(base._edge) is Leaf:
        raise RuntimeError(
            f"{op}: a view of a leaf tensor that requires grad cannot be changed in place; the "
            f"leaf has shape {tuple(base._data.shape)}{at(here())}. Wrap the update in no_grad(), "
            "or work on a clone of the leaf."
        )
    if tensor._unrecorded and tensor._edge is None:
        raise RuntimeError(
            f"{op}: a view must have been recorded to be changed in place; this one, of shape "
            f"{tuple(tensor._data.shape)}, was taken inside no_grad(). Take it again outside, or "
            "change it inside."
        )


def made_by(tensor: Any, edge: Edge) -> None:
    """Let ``tensor`` stand for what ``edge`` leads to; what retain_grad asked for goes along."""
    retained = tensor.__dict__.pop("_retained_by", None)
    if retained is not None:
        retained.remove()
    tensor._edge = edge
    if retained is not None and edge is not None:
        tensor.retain_grad()


def overwritten(tensor: Any, op: str) -> None:
    """Give new edges to the relatives of ``tensor``, which a recorded ``op`` has just changed."""
    family = relatives(tensor)
    if not family:
        return
    base = base_of(tensor)
    if base is None:
        base = tensor
    elif (window := window_of(tensor, base)) is None:
        made_by(base, Overwritten(base._edge, tensor._edge, op))
    else:
        made_by(base, CopySlices(base._edge, tensor._edge, window))
    for one in family:
        if one is base or (one._edge is None and base._edge is None):
            continue
        window = None if type(one._edge) is Leaf else window_of(one, base)
        if window is None or type(base._edge) is Overwritten:
            made_by(one, Overwritten(one._edge, base._edge, op))
        else:
            made_by(one, None if base._edge is None else AsStrided(base._edge, window))


def window_of(view: Any, base: Any) -> AnyWindow | None:
    """Where ``view`` looks in ``base``; None where its gradient is another matter."""
    if view._opaque:
        return None
    x, of = values_of(view._data), values_of(base._data)
    hidden = _hidden_from(x, of)
    if _hidden_from(of, x) or (hasattr(of, "levels") and not of.data.size):
        return None
    inside, outside = _of_one_sample(x, hidden), _of_one_sample(of, [])
    found: Window | Parts | None = None
    if Window.exists(inside, outside):
        found = Window(inside, outside)
    elif dtypes.complex_valued(x.dtype) != dtypes.complex_valued(of.dtype):
        if isinstance(outside, np.ndarray) and Window.exists(*map(_in_memory, (inside, outside))):
            found = Parts(inside, outside)
    return Samples(found, x, of) if found is not None and hidden else found
