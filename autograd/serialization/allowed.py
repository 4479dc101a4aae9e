"""What the user has allowed files to name, besides tensors and plain containers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

__all__ = ["add_safe_globals", "clear_safe_globals", "get_safe_globals", "safe_globals"]

_allowed: list[Any] = []

# What these hold runs programs; no list of a user's makes that safe.
_NEVER = {"os", "posix", "nt", "sys", "subprocess", "builtins.eval", "builtins.exec"}


def add_safe_globals(safe_globals: list[Any]) -> None:
    """Let :func:`autograd.load` build what is listed: classes and functions that files may name.

    An entry is a class or a function, or a pair of it and the path that the file has for it. What
    a file can make these do, it will be able to: list only what is meant to be read from files.
    Raises TypeError for anything else, ValueError for what can never be safe.

    >>> import argparse
    >>> add_safe_globals([argparse.Namespace])
    >>> get_safe_globals()
    [<class 'argparse.Namespace'>]
    >>> clear_safe_globals()
    """
    if not isinstance(safe_globals, (list, tuple, set, frozenset)):
        raise TypeError(
            "add_safe_globals: expected a list of classes or functions; got "
            f"{type(safe_globals).__name__}. Write add_safe_globals([Name])."
        )
    for one in safe_globals:
        path = _path(one)
        if path in _NEVER or path.partition(".")[0] in _NEVER:
            raise ValueError(f"add_safe_globals: {path} can never be safe. Leave it out.")
    _allowed.extend(one for one in safe_globals if one not in _allowed)


def get_safe_globals() -> list[Any]:
    """What :func:`add_safe_globals` was given.

    >>> get_safe_globals()
    []
    """
    return list(_allowed)


def clear_safe_globals() -> None:
    """Forget what :func:`add_safe_globals` was given.

    >>> clear_safe_globals()
    """
    _allowed.clear()


class safe_globals:  # noqa: N801 - torch.serialization.safe_globals
    """Within ``with``, files may name what is listed; see :func:`add_safe_globals`.

    >>> import argparse
    >>> with safe_globals([argparse.Namespace]):
    ...     get_safe_globals()
    [<class 'argparse.Namespace'>]
    """

    def __init__(self, safe_globals: list[Any]) -> None:
        self.safe_globals = safe_globals

    def __enter__(self) -> None:
        self.before = get_safe_globals()
        add_safe_globals(self.safe_globals)

    def __exit__(
        self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None
    ) -> None:
        _allowed[:] = self.before


def allowed_by_user() -> dict[str, Callable[..., Any]]:
    """By path, what files may name."""
    return {_path(one): one[0] if isinstance(one, tuple) else one for one in _allowed}


def _path(entry: Any) -> str:
    if isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[1], str):
        return entry[1]
    if not callable(entry) or not hasattr(entry, "__qualname__"):
        raise TypeError(
            "add_safe_globals: an entry is a class or a function, or a pair of it and its path in "
            f"the file; got {entry!r:.60}. Write add_safe_globals([Name])."
        )
    return public_path(entry)


def public_path(value: Any) -> str:
    """Where files look for a class or a function: our own under their public names.

    >>> public_path(dict)
    'builtins.dict'
    >>> import nn
    >>> public_path(nn.Linear)
    'nn.Linear'
    """
    module, name = value.__module__, value.__qualname__
    package = str(module).partition(".")[0]
    if package in ("autograd", "nn", "optim"):
        for door in (package, f"{package}.{str(module).split('.')[-1]}", f"{package}.lr_scheduler"):
            if getattr(sys.modules.get(door), name, None) is value:
                return f"{door}.{name}"
    return f"{module}.{name}"
