"""A namespace of functions of arrays made traceable, under HIPS autograd's name."""

from __future__ import annotations

from collections.abc import Hashable
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np

from autograd.engine.dispatch import numpys
from autograd.extend import notrace_primitive, primitive
from autograd.numpy.functions import unwrapping as wrap_intdtype
from autograd.numpy.table import public

__all__ = ["notrace_primitive", "primitive", "wrap_intdtype", "wrap_namespace"]

_FUNCTIONS = (FunctionType, BuiltinFunctionType, np.ufunc)
_CONSTANTS = (float, int, type(None), type)


def wrap_namespace(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Put what ``old`` has into ``new``: functions as ``autograd.numpy`` or a primitive has them.

    Those of NumPy and SciPy that have a gradient here have it there; other functions become
    primitives, to which :func:`autograd.extend.defvjp` tells theirs. Numbers and classes stay as
    they are, integers' among them but for traced values; all else is left out.

    >>> import math
    >>> from autograd import grad
    >>> from autograd.extend import defvjp
    >>> names = {}
    >>> wrap_namespace(vars(math), names)
    >>> defvjp(names["erf"], lambda ans, x: lambda g: g * 2 / np.pi**0.5 * np.exp(-x * x))
    >>> round(float(grad(names["erf"])(0.0)), 4)
    1.1284
    """
    for name, value in [*old.items()]:
        if isinstance(value, Hashable) and callable(value) and value in numpys:
            new[name] = public(value)
        elif isinstance(value, _FUNCTIONS):
            new[name] = primitive(value)
        elif isinstance(value, type) and issubclass(value, np.signedinteger):
            new[name] = wrap_intdtype(value)
        elif isinstance(value, _CONSTANTS):
            new[name] = value
