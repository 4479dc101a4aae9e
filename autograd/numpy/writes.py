"""NumPy's functions that write into their first argument: a traced array that may be written into.

An ndarray has no place for a gradient: there TypeError says what to begin with.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.graph import TensorBase
from autograd.numpy.functions import array
from autograd.numpy.table import entered, plain


def _target(call: str, a: Any) -> Any:
    if not isinstance(a, TensorBase):
        raise TypeError(
            f"np.{call}: what is written into must be a traced array where what is written is one; "
            f"got {type(a).__name__}. Begin with y = np.zeros_like(x, shape=...) of a traced x."
        )
    return a


def _repeated(values: Any, size: int) -> Any:
    """As many values as are asked for, from the first on again where there are fewer."""
    return np.resize(np.ravel(array(values)), size)


@entered(np.copyto)
def copyto(dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> None:
    """Write ``src``, broadcast, where a mask holds."""
    _target("copyto", dst)[...] = src if where is True else np.where(plain(where), array(src), dst)


@entered(np.putmask)
def putmask(a: Any, mask: Any, values: Any) -> None:
    """Write into ``a[mask]`` what is at these places of ``values``, repeated to its size."""
    mask = np.asarray(plain(mask), bool)
    a = _target("putmask", a)
    a[mask] = np.reshape(_repeated(values, a.size), a.shape)[mask]


@entered(np.place)
def place(arr: Any, mask: Any, vals: Any) -> None:
    """Write the first of ``vals``, repeated, into ``arr[mask]``."""
    mask = np.asarray(plain(mask), bool)
    _target("place", arr)[mask] = _repeated(vals, int(np.sum(mask)))


@entered(np.put)
def put(a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    """Write ``v``, repeated, at places counted along all axes."""
    a, places = _target("put", a), np.ravel(plain(ind))
    if mode == "wrap":
        places = places % a.size
    elif mode == "clip":
        places = np.clip(places, 0, a.size - 1)
    places = np.arange(a.size)[places]
    a[np.unravel_index(places, a.shape)] = _repeated(v, places.size)


@entered(np.put_along_axis)
def put_along_axis(arr: Any, indices: Any, values: Any, axis: Any = -1) -> None:
    """Write what :func:`take_along_axis` would take."""
    arr, indices = _target("put_along_axis", arr), np.asarray(plain(indices))
    if axis is None:
        arr[np.unravel_index(np.arange(arr.size)[indices], arr.shape)] = values
        return
    index: list[Any] = list(np.ogrid[tuple(map(slice, indices.shape))])
    index[axis] = indices
    arr[tuple(index)] = values


@entered(np.fill_diagonal)
def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    """Write ``val``, repeated, along the diagonal."""
    a = _target("fill_diagonal", a)
    mask = np.zeros(a.shape, bool)
    np.fill_diagonal(mask, True, wrap)
    a[mask] = _repeated(val, int(np.sum(mask)))
