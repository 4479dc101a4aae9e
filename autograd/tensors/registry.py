"""Classes from above this floor that files may name: ``nn`` enters its own here."""

from __future__ import annotations

import importlib
from typing import Any

_classes: dict[str, type] = {}


def enter(cls: type) -> None:
    """Let files name ``cls``, by its name in ``torch.nn.parameter``."""
    _classes[cls.__name__] = cls


def class_named(name: str) -> Any:
    """The class that was entered under ``name``."""
    if name not in _classes:
        importlib.import_module("nn")  # as autograd.nn would
    return _classes[name]


def name_of(cls: type) -> str | None:
    """The name under which ``cls`` was entered; None for every other class."""
    return cls.__name__ if _classes.get(cls.__name__) is cls else None
