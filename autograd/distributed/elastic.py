"""``torch.distributed.elastic``: what a script under torchrun imports of it.

Who fails is named, and ends the job, without it (see ``failure``).
"""

from __future__ import annotations

import typing as _typing
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["record"]

__path__: list[str] = []  # elastic.multiprocessing.errors is a module, too

_F = TypeVar("_F", bound=Callable[..., Any])


def record(fn: _F, error_handler: Any = None) -> _F:
    """A decorator of the main function, which changes nothing: every error is reported.

    >>> @record
    ... def main():
    ...     return 1
    >>> main()
    1
    """
    return fn


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
