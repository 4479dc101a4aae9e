"""Modules made without drawing their parameters."""

from __future__ import annotations

import inspect
from typing import Any

from autograd import get_rng_state, set_rng_state
from nn.modules.module import Module

__all__ = ["skip_init"]


def skip_init(module_cls: Any, *args: Any, **kwargs: Any) -> Any:
    """``module_cls(*args, **kwargs)``, which takes no random number from the generator.

    What its parameters hold is left open. Raises RuntimeError for other than a module's class, and
    where it takes no ``device``.

    >>> import nn
    >>> skip_init(nn.Linear, 2, 3)
    Linear(in_features=2, out_features=3, bias=True)
    """
    if not (isinstance(module_cls, type) and issubclass(module_cls, Module)):
        raise RuntimeError(
            f"skip_init: expected the class of a module; got {module_cls!r:.60}. Pass nn.Linear "
            "uncalled, then its arguments."
        )
    if "device" not in inspect.signature(module_cls).parameters:
        raise RuntimeError(
            f"skip_init: a module that takes device knows how to be made empty; "
            f"{module_cls.__name__} does not. Make it as usual."
        )
    state = get_rng_state()
    try:
        return module_cls(*args, **kwargs)
    finally:
        set_rng_state(state)
