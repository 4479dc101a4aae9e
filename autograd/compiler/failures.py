"""What a replay raises where NumPy finds a matrix that it cannot work with: an op's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.ops.linalg.matrices import LinAlgError, indefinite, singular, unfinished

_WORDS: dict[str, Callable[[Any], LinAlgError]] = {  # by NumPy's function, of its ``a``
    "inv": lambda a: singular("linalg.inv", a),
    "solve": lambda a: singular("linalg.solve", a),
    "cholesky": lambda a: indefinite("cholesky", a),
}


def in_own_words(error: np.linalg.LinAlgError) -> LinAlgError:
    """The error that an eager step raises, for one of NumPy's that a replay has raised.

    Which function it was, and of which matrices, is in the frames that the error went through.

    >>> try:
    ...     np.linalg.inv(np.zeros((2, 2)))
    ... except np.linalg.LinAlgError as error:
    ...     print(str(in_own_words(error))[:42])
    linalg.inv: the matrix must be invertible;
    """
    if isinstance(error, LinAlgError):
        return error
    name, trace = "", error.__traceback__
    while trace is not None:
        frame, trace = trace.tb_frame, trace.tb_next
        if not frame.f_globals.get("__name__", "").startswith("numpy.linalg"):
            continue
        name = name or frame.f_code.co_name
        if name in _WORDS and isinstance(frame.f_locals.get("a"), np.ndarray):
            return _WORDS[name](frame.f_locals["a"])
    return unfinished(f"linalg.{name}" if name else "linalg")
