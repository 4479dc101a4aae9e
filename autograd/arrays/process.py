"""What is settled once for a process: BLAS's threads, memory, garbage, NumPy's warnings."""

from __future__ import annotations

import gc
import os
import sys
from types import FrameType
from typing import Any

_WAIT = "OPENBLAS_THREAD_TIMEOUT"


def load_numpy() -> None:
    """Load NumPy, if it is not loaded yet, with a BLAS whose threads go to sleep soon.

    After a product OpenBLAS's threads look for the next one for 2²⁶ cycles, 25 ms, and hold cores
    on which threads of ours would work on what comes between products. 2¹⁸ cycles, 0.1 ms, bridge
    products that follow each other: on two cores a step of a small transformer takes 66 ms instead
    of 80. OpenBLAS asks once, when it is loaded; what the user has set stays.
    """
    if "numpy" in sys.modules or _WAIT in os.environ:
        return
    os.environ[_WAIT] = "18"
    try:
        import numpy as numpy
    finally:
        del os.environ[_WAIT]


def keep_large_blocks() -> None:
    """Let the C library keep large blocks that are freed, so that the next result gets them.

    glibc takes blocks of 128 kB and more from the system one by one and gives them back when they
    are freed: each result of 10⁶ elements then pays for a thousand new pages. The bound rises to
    the largest block ever freed that way, at most to 32 MB, and that is what one block does here
    whose pages nobody touches: 20 µs, no memory. Of what is free at the end of its heap glibc
    keeps at most 64 MB. Other allocators take the block and its return as any other.
    """
    import numpy as np

    np.empty((32 << 20) - 8192, np.uint8)  # freed at once


OURS = ("autograd.", "nn.", "optim.")  # how the names of this library's modules begin


class _OurModules:
    """What Python's filters ask whether they concern a module: yes for ours.

    And yes for NumPy's own, where we have called them: ``np.sum`` warns from within NumPy.
    """

    def match(self, name: str) -> bool:
        if not name.startswith("numpy."):
            return name.startswith(OURS)
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            caller = frame.f_globals.get("__name__") or ""
            if not caller.startswith("numpy."):
                return bool(caller.startswith(OURS))
            frame = frame.f_back
        return False


def quiet() -> None:
    """Ignore the RuntimeWarnings that NumPy's arithmetic gives inside this library.

    What they tell ("invalid value encountered in multiply", with a line of ours) helps nobody:
    ``detect_anomaly`` tells which operation it was. The user's own arithmetic goes on to warn, and
    ``np.errstate`` to rule. It costs nothing where nothing is wrong, as a filter is asked when
    there is a warning.

    A later filter for all modules comes first, as is Python's rule: ``simplefilter("error")``, and
    pytest's ``-W error``, concern us, too. A filter that is set inside ``catch_warnings`` is gone
    at its end, and pytest imports test files inside two of them: so this one is put into the lists,
    too, that will come back.
    """
    import _warnings
    import warnings

    entry: Any = ("ignore", None, RuntimeWarning, _OurModules(), 0)
    lists: list[Any] = [_warnings.filters, warnings.filters]
    if lists[0] is not lists[1]:
        kinds = (warnings.catch_warnings, *warnings.catch_warnings.__subclasses__())
        inside = [one for one in gc.get_referrers(*kinds) if isinstance(one, kinds)]
        lists += [one._filters for one in inside if hasattr(one, "_filters")]
    for filters in {id(one): one for one in lists}.values():
        filters.insert(0, entry)
    with warnings.catch_warnings():
        pass  # so that Python does not go by what it has looked up before


class without_collection:
    """While entered, Python does not look for garbage: for imports, as what these make stays.

    The looks on the way are a tenth of the time of loading this library. Afterwards all there is
    counts as old, which ``freeze`` and ``unfreeze`` say at once; the first look would else go
    through it as if it were new. What somebody has frozen stays so.
    """

    def __enter__(self) -> None:
        self.enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *error: object) -> None:
        if hasattr(gc, "freeze") and not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        if self.enabled:
            gc.enable()
