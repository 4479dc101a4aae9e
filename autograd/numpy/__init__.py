"""NumPy's namespace over traced values: ``import autograd.numpy as np``.

Every name of NumPy is here. Where a traced value is among the arguments a function is ours; with
plain ones it is NumPy's own, and so are dtypes and constants.

>>> import autograd.numpy as np
>>> from autograd import elementwise_grad
>>> elementwise_grad(np.sin)(np.zeros(2))
array([1., 1.])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as _np

from autograd.engine.dispatch import numpys as _numpys
from autograd.numpy import functions as _functions
from autograd.numpy.table import public as _public

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any: ...


def _names() -> dict[str, Any]:
    """NumPy's names; those of its functions that do with traced values are ours."""
    found: dict[str, Any] = {"newaxis": None}
    for name in dir(_np):
        if name.startswith("_") or name in ("test", "linalg", "fft", "random"):
            continue
        value = getattr(_np, name)
        if isinstance(value, type) and issubclass(value, _np.signedinteger):
            found[name] = _functions.unwrapping(value)
        else:
            known = callable(value) and value.__hash__ is not None and value in _numpys
            found[name] = _public(value) if known else value
    found.update(r_=_functions.r_, c_=_functions.c_, where=_functions.chosen)
    return found


globals().update(_names(), __version__=_np.__version__)
make_diagonal = _functions.make_diagonal

from autograd.numpy import fft as fft, linalg as linalg, random as random  # noqa: E402
