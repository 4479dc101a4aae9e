"""SciPy over traced values: ``import autograd.scipy.special as special``.

Parts: ``special``, ``stats``, ``linalg``, ``signal``, ``integrate``, each loaded on first use. Over
plain values a function is SciPy's own. Without SciPy the functions that autograd itself has work
all the same; the others ask for it by name: ``pip install 'gradloom[scipy]'``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PARTS = ("integrate", "linalg", "signal", "special", "stats")


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(
        f"autograd.scipy: has {', '.join(_PARTS)}; got {name}. Import SciPy's own where nothing "
        "is differentiated."
    )
