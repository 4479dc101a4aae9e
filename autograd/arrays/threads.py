"""How many threads matrix products and optimisers may use."""

from __future__ import annotations

import os
from typing import Any

from autograd.arrays.arguments import integer_of

__all__ = ["get_num_threads", "set_num_threads"]

limit: int | None = None  # what was set


def cores() -> int:
    """The processor cores that this process may run on.

    >>> cores() >= 1
    True
    """
    available = getattr(os, "sched_getaffinity", None)  # not everywhere
    return len(available(0)) if available else os.cpu_count() or 1


def _openblas() -> tuple[Any, str] | None:
    """The OpenBLAS that NumPy's wheels bring along, and the ending of its functions' names."""
    import ctypes  # here, because it is seldom needed and large
    import glob

    import numpy as np

    home = os.path.dirname(np.__file__)
    for folder in (home + ".libs", os.path.join(home, ".dylibs")):
        for path in glob.glob(os.path.join(glob.escape(folder), "*openblas*")):
            library = ctypes.CDLL(path)  # loaded already: this finds it
            for ending in ("64_", ""):
                if hasattr(library, f"scipy_openblas_get_num_threads{ending}"):
                    return library, ending
    return None


def get_num_threads() -> int:
    """How many threads NumPy's matrix products use; where it does not tell, what was set.

    >>> get_num_threads() >= 1
    True
    """
    found = _openblas()
    if found is None:
        return limit or cores()
    library, ending = found
    return int(getattr(library, f"scipy_openblas_get_num_threads{ending}")())


def set_num_threads(n: int) -> None:
    """Let matrix products, and optimisers of large parameters, use ``n`` threads.

    Warns where NumPy's matrix products cannot be told (its BLAS is not the OpenBLAS of its wheels).
    Raises ValueError below 1.

    >>> set_num_threads(get_num_threads())
    """
    global limit
    n = integer_of("set_num_threads", "n", n)
    if n < 1:
        raise ValueError(f"set_num_threads: expected at least 1; got {n}.")
    limit = n
    found = _openblas()
    if found is not None:
        library, ending = found
        getattr(library, f"scipy_openblas_set_num_threads{ending}")(n)
        return
    import warnings

    warnings.warn(
        "set_num_threads: the BLAS of this NumPy reads its number of threads when it starts only. "
        "Set OMP_NUM_THREADS before Python starts.",
        stacklevel=2,
    )
