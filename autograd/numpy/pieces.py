"""Elements chosen, moved and joined: of traced values, written in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.arrays.dialect import asarray
from autograd.engine.dispatch import numpys
from autograd.numpy.functions import array
from autograd.numpy.table import entered, plain
from autograd.ops.indexing.numpys import taken

# -- shapes ---------------------------------------------------------------------------------------

_reshape = numpys[np.reshape]


@entered(np.reshape)
def reshape(a: Any, /, shape: Any, order: str = "C", *, copy: Any = None) -> Any:
    """In another shape; in the order "F" with the first axis running fastest."""
    if copy:
        a = np.copy(a)
    if order == "A":
        order = "F" if np.isfortran(plain(a)) else "C"
    if order == "C":
        return _reshape(a, shape)
    shape = (shape,) if np.ndim(shape) == 0 else tuple(shape)
    return np.transpose(_reshape(np.transpose(a), shape[::-1]))


@entered(np.ravel)
def ravel(a: Any, order: str = "C") -> Any:
    """One axis: a view where all lies in one piece, else a copy."""
    a = array(a)
    if order == "F" or (order in "AK" and np.isfortran(plain(a))):
        a = np.transpose(a)
    return _reshape(a if plain(a).flags.c_contiguous else np.copy(a, "C"), (-1,))


def _of_a_vector(function: Any) -> None:
    """``tril`` and ``triu``: of a vector they are those of the matrix with it in each row."""
    known = numpys[function]

    @entered(function)
    def way(m: Any, k: int = 0) -> Any:
        return known(np.broadcast_to(m, (m.size, m.size)) if m.ndim == 1 else m, k)


_of_a_vector(np.tril)
_of_a_vector(np.triu)


# -- what moves elements alone is asked where they go ---------------------------------------------


def _moved(x: Any, where: Any) -> Any:
    """The elements of x at these places, counted along all its axes."""
    return np.ravel(x)[where]


def _places(x: Any, first: int = 0) -> Any:
    """The places of the elements, shaped as x."""
    return np.arange(first, first + x.size).reshape(x.shape)


@entered(np.compress)
def compress(condition: Any, a: Any, axis: Any = None) -> Any:
    """The entries along an axis, or of all elements, for which a condition holds."""
    a = array(a)
    a, axis = (np.ravel(a), 0) if axis is None else (a, axis)
    return np.take(a, np.flatnonzero(np.asarray(plain(condition), bool)), axis)


@entered(np.delete)
def delete(arr: Any, obj: Any, axis: Any = None) -> Any:
    """Without the entries at ``obj`` along an axis; or of all elements, flat."""
    arr = array(arr)
    return _moved(arr, np.delete(_places(arr), plain(obj), axis))


@entered(np.insert)
def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    """With ``values`` in front of the entries at ``obj``."""
    arr, values = array(arr), array(values)
    where = np.insert(_places(arr), plain(obj), _places(values, arr.size), axis)
    return np.concatenate([np.ravel(arr), np.ravel(values).astype(arr.dtype)])[where]


@entered(np.extract)
def extract(condition: Any, arr: Any) -> Any:
    """The elements where the condition holds."""
    arr = array(arr)
    return _moved(arr, np.extract(plain(condition), _places(arr)))


@entered(np.resize)
def resize(a: Any, new_shape: Any) -> Any:
    """In another shape and size, repeated as often as it takes."""
    a = array(a)
    return _moved(a, np.resize(_places(a), new_shape))


@entered(np.choose)
def choose(a: Any, choices: Any, *, mode: Any = "raise") -> Any:
    """Of each element that of the choices which ``a`` says by number."""
    parts = np.broadcast_arrays(*[array(one) for one in choices])
    where = np.choose(plain(a), [_places(one, i * one.size) for i, one in enumerate(parts)],
                      mode=mode)  # fmt: skip
    return _moved(np.stack(parts), where)


@entered(np.meshgrid)
def meshgrid(*xi: Any, **options: Any) -> Any:
    """The coordinates of a grid with these along its axes."""
    given = [array(one) for one in xi]
    where = np.meshgrid(*map(_places, given), **options)
    return tuple([_moved(one, places) for one, places in zip(given, where)])


@entered(np.ix_)
def ix_(*args: Any) -> Any:
    """Each sequence along an axis of its own."""
    given = [array(one) for one in args]
    return tuple([_moved(x, where) for x, where in zip(given, np.ix_(*map(_places, given)))])


@entered(np.trim_zeros)
def trim_zeros(filt: Any, trim: str = "fb") -> Any:
    """Without the zeros in front and at the end."""
    filt = np.atleast_1d(array(filt))
    inside = np.flatnonzero(plain(filt))
    if not inside.size:
        return filt[:0]
    front, back = "f" in trim.lower(), "b" in trim.lower()
    return filt[inside[0] if front else 0 : inside[-1] + 1 if back else None]


# -- sets -----------------------------------------------------------------------------------------


_sort = numpys[np.sort]


@entered(np.sort)
def sort(a: Any, axis: Any = -1, *args: Any, **options: Any) -> Any:
    """In ascending order; complex numbers by their real parts first."""
    a = array(a)
    if not np.iscomplexobj(plain(a)):
        return _sort(a, axis, *args, **options)
    a, axis = (np.ravel(a), 0) if axis is None else (a, axis)
    return np.take_along_axis(a, np.argsort(plain(a), axis, *args, **options), axis)


@entered(np.sort_complex)
def sort_complex(a: Any) -> Any:
    """In order by real parts, then by imaginary ones; complex."""
    a = array(a)
    a = a.astype(np.result_type(a.dtype, np.complex64))
    return np.take_along_axis(a, np.argsort(plain(a)), -1)


@entered(np.union1d)
def union1d(ar1: Any, ar2: Any) -> Any:
    """What is in either, once, in order."""
    return np.unique(np.append(ar1, ar2))


@entered(np.intersect1d)
def intersect1d(
    ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False
) -> Any:
    """What is in both; the values, with their gradients, are those of the first."""
    ar1 = array(ar1)
    _, first, second = np.intersect1d(plain(ar1), plain(ar2), assume_unique, True)
    found = _moved(ar1, first)
    return (found, first, second) if return_indices else found


@entered(np.setdiff1d)
def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """What is in the first alone."""
    ar1 = np.ravel(array(ar1)) if assume_unique else np.unique(ar1)
    return ar1[np.isin(plain(ar1), plain(ar2), assume_unique=True, invert=True)]


@entered(np.setxor1d)
def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """What is in one of the two alone."""
    given = [array(one) if assume_unique else np.unique(array(one)) for one in (ar1, ar2)]
    values, counts = np.unique(np.append(*given), return_counts=True)
    return values[counts == 1]


def _unique(name: str) -> None:
    """One of NumPy's four functions of what is there once, if this NumPy has it."""
    function = getattr(np, name, None)
    if function is None:
        return

    @entered(function)
    def way(x: Any) -> Any:
        x = array(x)
        found = function(plain(x))
        _, first = np.unique(plain(x), return_index=True, equal_nan=False)
        values = _moved(x, first)
        return values if name == "unique_values" else found._replace(values=values)


for _name in ("unique_all", "unique_counts", "unique_inverse", "unique_values"):
    _unique(_name)


# -- joined ---------------------------------------------------------------------------------------


@entered(np.block)
def block(arrays: Any) -> Any:
    """An array of blocks: the innermost lists go along the last axis, those around before it."""

    def depth(value: Any) -> int:
        return 1 + max(map(depth, value)) if isinstance(value, list) else 0

    def axes(value: Any) -> int:
        return max(map(axes, value)) if isinstance(value, list) else np.ndim(plain(value))

    levels = depth(arrays)
    ndim = max(levels, axes(arrays))

    def joined(value: Any, level: int) -> Any:
        if isinstance(value, list):
            return np.concatenate([joined(one, level + 1) for one in value], level - levels)
        value = array(value)
        return np.reshape(value, (1,) * (ndim - value.ndim) + value.shape)

    return joined(arrays, 0)


@entered(np.ediff1d)
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """Differences of neighbours, with others in front and behind."""
    ary = np.ravel(array(ary))
    parts = [ary[1:] - ary[:-1]]
    if to_begin is not None:
        parts.insert(0, np.ravel(array(to_begin)))
    if to_end is not None:
        parts.append(np.ravel(array(to_end)))
    return np.concatenate(parts)


@entered(np.piecewise)
def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """A function or a number for each condition; a last one where none holds."""
    x = array(x)
    conditions = [asarray(plain(one), bool) for one in condlist]
    if x.ndim == 0 and conditions and conditions[0].ndim == 1 and len(conditions) == 1:
        conditions = list(conditions[0])  # of a number they come as one list
    if not isinstance(condlist, (list, tuple)) and np.ndim(plain(condlist)) == x.ndim:
        conditions = [asarray(plain(condlist), bool)]
    if len(funclist) == len(conditions) + 1:
        conditions.append(~np.logical_or.reduce(conditions))
    out = np.zeros_like(x)
    for where, function in zip(conditions, funclist):
        if np.any(where):
            part = x[where] if x.ndim else x
            value = function(part, *args, **kw) if callable(function) else function
            out = out + value if x.ndim == 0 else _written(out, where, value)
    return out


def _written(out: Any, where: Any, value: Any) -> Any:
    out[where] = value
    return out


# -- functions of one's own -----------------------------------------------------------------------


@entered(np.apply_along_axis)
def apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """``func1d`` of each line along an axis; its results lie where the line was."""
    arr = array(arr)
    lines = np.moveaxis(arr, axis, -1)
    rest, axis = lines.shape[:-1], axis % arr.ndim
    lines = np.reshape(lines, (-1, arr.shape[axis]))
    found = [array(func1d(one, *args, **kwargs)) for one in lines]
    out = np.reshape(np.stack(found), (*rest, *found[0].shape))
    here = range(len(rest), out.ndim)
    return np.moveaxis(out, here, range(axis, axis + len(here)))


@entered(np.apply_over_axes)
def apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    """``func(a, axis)`` over one axis after another, all of which are kept."""
    a = array(a)
    for axis in np.atleast_1d(axes):
        axis = int(axis) % a.ndim
        found = func(a, axis)
        a = found if found.ndim == a.ndim else np.expand_dims(found, axis)
    return a


# -- ranges ---------------------------------------------------------------------------------------


@entered(np.arange)
def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None, **_: Any) -> Any:
    """Numbers from ``start`` on, in steps: how many there are has no gradient."""
    start, stop = (0, start) if stop is None else (start, stop)
    known: Any = np.arange(*plain((start, stop, step)), dtype)  # type: ignore[call-overload]
    return array(np.arange(len(known)) * step + start, known.dtype)


# -- as they are ----------------------------------------------------------------------------------


@entered(np.asfortranarray, np.require)
def require(a: Any, dtype: Any = None, *_: Any, **__: Any) -> Any:
    """The values: how they lie in memory is ours to say."""
    return array(a, dtype)


@entered(np.ascontiguousarray)
def ascontiguousarray(a: Any, dtype: Any = None, **_: Any) -> Any:
    """The values, with an axis at least."""
    return np.atleast_1d(array(a, dtype))


@entered(np.asarray_chkfinite)
def asarray_chkfinite(a: Any, dtype: Any = None, order: Any = None) -> Any:
    """The values, none of which is infinite or NaN. Raises ValueError."""
    a = array(a, dtype)
    np.asarray_chkfinite(plain(a))
    return a


@entered(np.asmatrix, np.bmat)
def asmatrix(*_: Any, **__: Any) -> Any:
    """Raises TypeError: a matrix cannot hold traced values."""
    raise TypeError(
        "np.matrix: holds numbers alone; got a traced value. Use an array with two axes, and @."
    )


# -- backwards: views, as NumPy's ------------------------------------------------------------------


@entered(np.flip)
def flip(m: Any, axis: Any = None) -> Any:
    """A view backwards along ``axis``, several or all."""
    m = array(m)
    axes = normalize_axis_tuple(range(m.ndim) if axis is None else axis, m.ndim)
    return taken(m, tuple([slice(None, None, -1 if i in axes else None) for i in range(m.ndim)]))


@entered(np.flipud)
def flipud(m: Any) -> Any:
    """A view backwards along the first axis."""
    return flip(m, 0)


@entered(np.fliplr)
def fliplr(m: Any) -> Any:
    """A view backwards along the second axis."""
    return flip(m, 1)


@entered(np.rot90)
def rot90(m: Any, k: int = 1, axes: Any = (0, 1)) -> Any:
    """A view turned by ``k`` right angles, from the first of ``axes`` towards the second."""
    m = array(m)
    first, second = normalize_axis_tuple(axes, m.ndim)
    if k % 4 == 0:
        return taken(m, Ellipsis)
    if k % 4 == 2:
        return flip(m, (first, second))
    turned = np.swapaxes(flip(m, second) if k % 4 == 1 else m, first, second)
    return turned if k % 4 == 1 else flip(turned, second)
