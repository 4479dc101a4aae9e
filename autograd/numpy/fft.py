"""``numpy.fft`` over traced values: the transforms and the two shifts."""

from __future__ import annotations

from typing import Any

import numpy as _np

from autograd import fft as _tensors
from autograd.engine.dispatch import numpys as _numpys
from autograd.numpy.table import by_tensors as _by_tensors, names_of as _names_of


def _way(name: str, several: bool) -> Any:
    function = getattr(_tensors, name)

    @_by_tensors
    def one(a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
        return function(a, n, axis, norm)

    @_by_tensors
    def more(a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
        if axes is None and name.endswith("2"):
            axes = (-2, -1)
        return function(a, s, axes, norm)

    return more if several else one


for _name in "fft ifft rfft irfft hfft ihfft".split():
    _numpys[getattr(_np.fft, _name)] = _way(_name, False)
for _name in "fft2 ifft2 fftn ifftn rfft2 irfft2 rfftn irfftn".split():
    _numpys[getattr(_np.fft, _name)] = _way(_name, True)
_numpys[_np.fft.fftshift] = _by_tensors(lambda x, axes=None: _tensors.fftshift(x, axes))
_numpys[_np.fft.ifftshift] = _by_tensors(lambda x, axes=None: _tensors.ifftshift(x, axes))


globals().update(_names_of(_np.fft))
