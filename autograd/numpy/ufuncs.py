"""Ufuncs of NumPy that tensors have under another name or not at all."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.engine.dispatch import numpys
from autograd.engine.elementwise import Elementwise
from autograd.numpy.functions import array
from autograd.numpy.table import by_tensors, constant, entered, plain
from autograd.ops.pointwise import bessel
from autograd.ops.reductions import softmax


class Cbrt(Elementwise):
    """The cube root; its slope at 0 is infinite."""

    floating = True

    def forward(self, x):
        return np.cbrt(x)

    def grad_x(self, g, out):
        return g / (out * out * 3)


numpys[np.cbrt] = Cbrt.apply
numpys[np.i0] = bessel.I0.apply


@entered(np.float_power)
def float_power(x1: Any, x2: Any) -> Any:
    """The power, in float64 at least."""
    wide = [array(x, np.result_type(np.asarray(plain(x)), np.float64)) for x in (x1, x2)]
    return np.power(*wide)


@entered(np.ldexp)
def ldexp(x1: Any, x2: Any) -> Any:
    """x1 2^x2, in the dtype of x1."""
    x1 = array(x1)
    return np.multiply(x1, np.ldexp(np.ones((), plain(x1).dtype), plain(x2)))


_sinc, _nan_to_num = numpys[np.sinc], numpys[np.nan_to_num]


@entered(np.sinc)
def sinc(x: Any) -> Any:
    """sin πx / πx, and 1 at 0."""
    found = _sinc(x)
    return found if found.ndim else found[()]


@entered(np.nan_to_num)
def nan_to_num(x: Any, *args: Any, **options: Any) -> Any:
    """Numbers in the place of NaN and infinities: of a complex one in its parts."""
    if not np.iscomplexobj(plain(x)):
        return _nan_to_num(x, *args, **options)
    return _nan_to_num(np.real(x), *args, **options) + 1j * _nan_to_num(
        np.imag(x), *args, **options
    )


@entered(np.divmod)
def divmod(x1: Any, x2: Any) -> Any:
    """The whole quotient, which is plain, and the remainder."""
    return np.floor_divide(plain(x1), plain(x2)), np.remainder(x1, x2)


@entered(np.modf)
def modf(x: Any) -> Any:
    """The part behind the point, and the plain one in front."""
    whole = np.trunc(plain(x))
    return x - whole, whole


# -- methods of ufuncs ----------------------------------------------------------------------------


def _reduce(
    ufunc: Any, x: Any, axis: Any = 0, dtype: Any = None, out: None = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    """Any ufunc of two, one element after the other along axes."""
    x = array(x, dtype)
    axes = range(x.ndim) if axis is None else normalize_axis_tuple(axis, x.ndim)
    initial = ufunc.identity if initial is None else initial
    if initial is None and where is not True:
        raise ValueError(
            f"{ufunc.__name__}.reduce: a mask where= needs initial=, the value where no element "
            "is; got none. Pass one."
        )
    holds = _first(np.broadcast_to(constant("reduce", where=where), x.shape), axes)
    parts = _first(x, axes)
    if initial is None and not len(parts):
        raise ValueError(
            f"{ufunc.__name__}.reduce: it has no value of no elements; got shape {x.shape}. Pass "
            "initial=."
        )
    found = initial if initial is not None else parts[0]
    for part, its in zip(parts if initial is not None else parts[1:], holds):
        taken = ufunc(found, part)
        found = taken if where is True else np.where(its, taken, found)
    return np.expand_dims(found, tuple(axes)) if keepdims else found


def _first(x: Any, axes: Any) -> Any:
    """The axes as one, in front."""
    x = np.moveaxis(x, axes, range(len(axes)))
    return np.reshape(x, (prod(x.shape[: len(axes)]), *x.shape[len(axes) :]))


def _accumulate(ufunc: Any, x: Any, axis: int = 0, dtype: Any = None, out: None = None) -> Any:
    """Any ufunc of two, of all elements so far along an axis."""
    found: list[Any] = []
    for part in np.moveaxis(array(x, dtype), axis, 0):
        found.append(ufunc(found[-1], part) if found else part)
    return np.stack(found, axis)


def _reduceat(
    ufunc: Any, x: Any, indices: Any, axis: int = 0, dtype: Any = None, out: None = None
) -> Any:
    """Any ufunc of two, from each index up to the next; where that is not behind, one element."""
    x = np.moveaxis(array(x, dtype), axis, 0)
    places = [*plain(indices)]
    reduce = partial(numpys.get((ufunc, "reduce"), partial(_reduce, ufunc)), axis=0)
    found = [
        reduce(x[low:high]) if low < high else x[low]
        for low, high in zip(places, [*places[1:], len(x)])
    ]
    return np.stack(found, axis)


def _outer(ufunc: Any, a: Any, b: Any, /, **options: Any) -> Any:
    """A ufunc of each element of the one with each of the other."""
    a, b = array(a), array(b)
    return ufunc(np.reshape(a, (*a.shape, *[1] * b.ndim)), b, **options)


_logsumexp_of_tensors = by_tensors(softmax.logsumexp)


def _logsumexp(x: Any, axis: Any = 0, dtype: Any = None, out: None = None, keepdims: bool = False,
               initial: Any = None, where: Any = True) -> Any:  # fmt: skip
    """The logarithm of a sum of exponentials."""
    x = array(x, dtype)
    if where is not True:
        x = np.where(constant("reduce", where=where), x, -np.inf)
    axes = range(x.ndim) if axis is None else normalize_axis_tuple(axis, x.ndim)
    found = _logsumexp_of_tensors(x, tuple(axes), keepdims)
    return found if initial is None else np.logaddexp(found, initial)


def _along_first(function: Any) -> Any:
    return lambda array, axis=0, dtype=None, **options: function(
        array, axis=axis, dtype=dtype, **options
    )


def _extremum_along_first(function: Any) -> Any:
    return lambda array, axis=0, dtype=None, **options: function(array, axis=axis, **options)


numpys.update({
    "reduce": _reduce, "outer": _outer, "accumulate": _accumulate, "reduceat": _reduceat,
    (np.logaddexp, "reduce"): _logsumexp,
    (np.add, "reduce"): _along_first(np.sum), (np.add, "accumulate"): _along_first(np.cumsum),
    (np.multiply, "reduce"): _along_first(np.prod),
    (np.multiply, "accumulate"): _along_first(np.cumprod),
    (np.maximum, "reduce"): _extremum_along_first(np.max),
    (np.minimum, "reduce"): _extremum_along_first(np.min),
})  # fmt: skip


# -- products of vectors and matrices along the last axes ------------------------------------------


def _vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    x1, x2 = np.moveaxis(array(x1), axis, -1), np.moveaxis(array(x2), axis, -1)
    return np.matmul(np.conjugate(x1)[..., None, :], x2[..., None])[..., 0, 0]


def _matvec(x1: Any, x2: Any, /) -> Any:
    return np.matmul(array(x1), array(x2)[..., None])[..., 0]


def _vecmat(x1: Any, x2: Any, /) -> Any:
    return np.matmul(np.conjugate(array(x1))[..., None, :], array(x2))[..., 0, :]


# -- what NumPy 2.1 has from the array API standard ------------------------------------------------


def _unstack(x: Any, /, *, axis: int = 0) -> Any:
    return tuple(np.moveaxis(array(x), axis, 0))


def _cumulative(name: str, first: int) -> Any:
    function = getattr(np, name)

    def way(
        x: Any, /, *, axis: Any = None, dtype: Any = None, out: None = None,
        include_initial: bool = False,
    ) -> Any:  # fmt: skip
        x = array(x, dtype)
        found = function(x, 0 if axis is None and x.ndim == 1 else axis)
        if not include_initial:
            return found
        axis = axis or 0
        start = np.full((*found.shape[:axis], 1, *found.shape[axis:][1:]), first, found.dtype)
        return np.concatenate([start, found], axis)

    return way


for _name, _way in [
    ("vecdot", _vecdot),
    ("matvec", _matvec),
    ("vecmat", _vecmat),
    ("unstack", _unstack),
    ("cumulative_sum", _cumulative("cumsum", 0)),
    ("cumulative_prod", _cumulative("cumprod", 1)),
]:
    if hasattr(np, _name):  # of NumPy 2.0 to 2.2
        entered(getattr(np, _name))(_way)
