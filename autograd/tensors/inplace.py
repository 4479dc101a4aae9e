"""What every in-place operation goes through: checks, the write itself, and the new edges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from autograd.arrays import dtypes
from autograd.engine import duals, observer, versions, views
from autograd.engine.elementwise import cast
from autograd.engine.grad_mode import enable_grad, mode
from autograd.engine.graph import Leaf, TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.ops.indexing import getitem

F = TypeVar("F", bound=Callable[..., Any])


def in_place(function: F, example: str = "") -> F:
    """The in-place form of ``function``, which writes its result into its first argument.

    The form has the function's signature and its name with an underscore behind it: ``exp_`` of
    ``exp``. Recorded, ``exp_(x)`` is ``exp`` of a copy of the old values, written back into x's
    memory; x then stands for the result. Whoever kept x's memory before, or looks at it as a view,
    is told by :mod:`autograd.engine.versions` and :mod:`autograd.engine.views`. Its docstring shows
    the example of the function's, in place; or ``example``, where that has another shape or dtype.
    """
    name = f"{function.__name__}_"

    def form(input: Any, *args: Any, **options: Any) -> Any:
        try:
            return changed(input, name, function, *args, **options)
        except TypeError as error:
            raise _renamed(error, function, name) from None

    return _named(form, function, name, example)


def reshaped(function: F) -> F:
    """The in-place form of ``function``, which returns a view of its first argument's memory.

    Nothing is written: what was computed from the tensor, and who looks at its memory, stays as it
    is. A result of recorded operations remains one under ``no_grad``, because its gradient would
    come in the new shape to where the old one is expected.
    """
    name = f"{function.__name__}_"

    def form(input: Any, *args: Any, **options: Any) -> Any:
        check_target(name, input)
        if type(input._data) is duals.Dual:  # primal and tangent, each as itself
            input._data = function(input, *args, **options)._data
            return input
        if mode.grad:
            views.check_recordable(input, name)
        array, edge = input._array(), input._edge
        leaf = type(edge) is Leaf
        try:
            with enable_grad():
                result = function(wrap(array, None if leaf else edge), *args, **options)
        except TypeError as error:
            raise _renamed(error, function, name) from None
        input._data = result._data
        if not leaf:
            views.made_by(input, result._edge)
        return input

    return _named(form, function, name)


def _named(form: Any, function: Any, name: str, example: str = "") -> Any:
    """``form`` with the signature of ``function``, to a reader and to an editor."""
    form.__name__, form.__qualname__ = name, f"Tensor.{name}"
    form.__wrapped__ = function  # whose signature is shown
    form.__annotations__ = function.__annotations__
    text = function.__doc__ or ""
    first, _, _ = text.partition("\n")
    shown = f">>> import autograd\n    {example}" if example else _example(text, function.__name__)
    said = f"{first} In place: the tensor itself becomes the result."
    form.__doc__ = f"{said}\n\n    {shown}\n    "
    return form


def _example(text: str, function: str) -> str:
    """The first example of ``function`` in its docstring, as one of its in-place form.

    ``autograd.exp(x)`` is ``x.exp_()`` there, and gives the same.
    """
    before, found, rest = text.partition(f"autograd.{function}(")
    if not found:
        return ""
    stop = min(at for at in map(rest.find, ",()") if at >= 0)
    end = rest.find(")", stop) + 1 if rest[stop] == "(" else stop  # of a call, or of a name
    others = rest[end:].removeprefix(", ").partition(">>>")[0].rstrip()
    return f"{before[before.index('>>>') :]}{rest[:end]}.{function}_({others}"


def _renamed(error: TypeError, function: Any, name: str) -> TypeError:
    """``error``; where Python names ``function`` in it, as for an argument too many, ``name``."""
    words = str(error)
    known = f"{function.__qualname__}() "
    return (
        TypeError(f"Tensor.{name}() {words.removeprefix(known)}")
        if words.startswith(known)
        else error
    )


def check_target(name: str, tensor: Any) -> None:
    """Raise TypeError for what is no tensor."""
    if not isinstance(tensor, TensorBase):
        raise TypeError(
            f"{name}: what is changed in place must be a tensor; got {type(tensor).__name__}. Make "
            "one: autograd.tensor(...)."
        )


def changed(
    tensor: Any, name: str, operation: Callable[..., Any], *args: Any, **options: Any
) -> Any:
    """``tensor`` after ``operation(tensor, *args)`` was written into it, recorded where needed."""
    check_target(name, tensor)
    if "dtype" in options:
        check_dtype(tensor, name, options["dtype"])
    if observer.listening and duals.carried((tensor, *args, *options.values())):
        before = wrap(tensor._data.copy(), tensor._edge)
        return overwritten_dual(tensor, name, operation(before, *args, **options))
    if not recorded(tensor, (*args, *options.values()), name):
        write(tensor, unwrap(operation(wrap(tensor._data, None), *args, **options)), name)
        return tensor
    before = wrap(tensor._data.copy(), tensor._edge)
    result = operation(before, *args, **options)
    write(tensor, result._data, name)
    views.made_by(tensor, result._edge)
    views.overwritten(tensor, name)
    return tensor


def replaced(tensor: Any, name: str, values: Any) -> Any:
    """``tensor`` after constants were written over its values."""
    check_target(name, tensor)
    if type(tensor._data) is duals.Dual:
        return overwritten_dual(tensor, name, wrap(np.asarray(values), None))
    recording = recorded(tensor, (), name)
    if not hasattr(values, "dtype"):
        values = np.asarray(values, tensor._data.dtype)[()]
    write(tensor, values, name)
    if recording:
        views.made_by(tensor, None)
        views.overwritten(tensor, name)
    return tensor


def recorded(tensor: Any, others: tuple[Any, ...], name: str) -> bool:
    """Whether an in-place operation has to be recorded; raises where it cannot be."""
    if not mode.grad:
        return False
    recording = tensor._edge is not None or any(
        [isinstance(other, TensorBase) and other._edge is not None for other in others]
    )
    views.check_recordable(tensor, name)
    return recording


def check_memory(array: Any, name: str) -> None:
    """Raise RuntimeError for memory that is read-only."""
    if not array.flags.writeable:
        raise RuntimeError(
            f"{name}: the tensor's memory must be writable; it is read-only, or expanded so that "
            "several elements share one place. Use x.clone()."
        )


def check_dtype(tensor: Any, name: str, dtype: Any) -> None:
    """Raise RuntimeError where a result in ``dtype`` is asked for and the tensor has another."""
    if dtype is not None and (dtype := dtypes.as_dtype(dtype)) != tensor._data.dtype:
        raise RuntimeError(
            f"{name}: a result in {dtype} cannot be stored in a tensor of {tensor._data.dtype}. "
            "Convert the tensor first, or write the operation out of place."
        )


def write(target: Any, values: Any, name: str) -> None:
    """Write ``values`` (an array) into the memory of ``target``."""
    array = target._array()
    check_memory(array, name)
    if np.shape(values) != array.shape:
        try:
            np.broadcast_to(values, array.shape)
        except ValueError:
            raise ShapeError(
                f"{name}: the result must fit the tensor's shape {tuple(array.shape)}; it has "
                f"{tuple(np.shape(values))}. Write it out of place."
            ) from None
    if not dtypes.can_hold(array.dtype, values.dtype):
        check_dtype(target, name, values.dtype)
    np.copyto(array, values, casting="unsafe")
    versions.note_change(array)


def overwritten_dual(tensor: Any, name: str, result: Any, write: Any = None) -> Any:
    """``tensor`` after ``result``, of which one at least is dual, was written into it.

    The primal is written into its memory. A tangent has none to share: whoever looks at what was
    written gets a new one, made from that of the base, in which the region was replaced.

    :param write: ``write(primal, level)`` writes part of the primal; by default all is written.
    """
    level = duals.newest((tensor, result))
    assert level is not None
    base = views.family(tensor)[0]
    looking = [one for one in (tensor, *views.relatives(tensor)) if one is not base]
    windows: list[Any] = [views.window_of(one, base) for one in looking]
    if None in windows:
        raise RuntimeError(
            f"{name}: what is written has a tangent, and strides must tell who looks at the memory "
            f"it is written into; the tensor, of shape {tuple(tensor._data.shape)}, shares it with "
            "what an op of your own made. Write into a clone, or build the result with stack, cat "
            "or where."
        )
    if duals.parts(tensor, level)[1] is None:
        _all_dual(views.family(tensor), level)
    else:
        _linked(views.family(tensor))
    value, moved = duals.parts(result, level)
    if write is None:
        tensor._data.primal[...] = value
    else:
        write(tensor._data.primal, level)
    moved = _zeros(tensor) if moved is None else cast(moved, tensor._data.dtype)
    if moved.shape != tensor.shape:
        moved = np.broadcast_to(moved, tuple(tensor.shape))
    whole = moved
    if tensor is not base:
        whole = windows[0].over(base._data.tangent, moved, getitem.setitem)
    found = [moved if one is tensor else views.shown(w, whole) for one, w in zip(looking, windows)]
    for one, tangent in zip((base, *looking), (whole, *found)):
        one._data = duals.Dual(level, one._data.primal, tangent)
    return tensor


def _linked(family: list[Any]) -> None:
    """Let primals know of each other as the dual tensors do, which look at the same memory."""
    base = family[0]._data.primal
    for one in family[1:]:
        primal = one._data.primal
        if primal._kin is None:
            views.link(primal, base, one._opaque)


def _all_dual(family: list[Any], level: duals.DualLevel) -> None:
    """Give tensors that look at the same memory, the base first, tangents of zeros."""
    base: Any = None
    for one in family:
        primal = wrap(one._data, one._edge, one)
        if base is None:
            base = primal
        else:
            views.link(primal, base, one._opaque)
        one._data = duals.Dual(level, primal, _zeros(one))
        one._edge = duals.EDGE
        level.holds(one)


def _zeros(like: Any) -> Any:
    return wrap(np.zeros_like(duals.values_of(like._data)), None, like)
