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

from autograd.numpy import (
    differences as _differences,  # noqa: F401
    elements as _elements,
    functions as _functions,
    pieces as _pieces,  # noqa: F401  these enter what they are into the table
    polynomials as _polynomials,  # noqa: F401
    ranges as _ranges,  # noqa: F401
    reductions as _reductions,  # noqa: F401
    statistics as _statistics,  # noqa: F401
    ufuncs as _ufuncs,  # noqa: F401
    writes as _writes,  # noqa: F401
)
from autograd.numpy.table import names_of as _names_of

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any: ...


def _names() -> dict[str, Any]:
    found = _names_of(_np)
    for name in ("fft", "linalg", "random"):
        del found[name]  # which are ours, below
    for name, value in found.items():
        if isinstance(value, type) and issubclass(value, _np.signedinteger):
            found[name] = _functions.unwrapping(value)
    found.update(newaxis=None, r_=_functions.r_, c_=_functions.c_, where=_functions.chosen)
    found.update(isdtype=_functions.isdtype)
    found.update(vectorize=_elements.vectorize, ndenumerate=_elements.ndenumerate)
    for name in ("__array_api_version__", "__array_namespace_info__", "__version__"):
        if hasattr(_np, name):  # the standard's: from NumPy 2.1 on
            found[name] = getattr(_np, name)
    for function in _functions.UNASKED:
        found[function.__name__] = _functions.of_recorded(found[function.__name__])
    for function in _functions.JOINING:
        found[function.__name__] = _functions.of_any_iterable(found[function.__name__])
    return found


globals().update(_names())
make_diagonal = _functions.make_diagonal

from autograd.numpy import fft as fft, linalg as linalg, random as random  # noqa: E402
