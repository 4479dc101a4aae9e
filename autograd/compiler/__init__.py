"""``torch.compiler``, and ``compile``: what is given comes back, and runs as it does without.

Nothing is compiled, so no number changes, and a module keeps the names of its state.
"""

from __future__ import annotations

import typing as _typing
from typing import Any


class _Options:
    """Options that keep what is written into them, and change nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.__dict__[name] = _Options()
        return self.__dict__[name]


config: Any = _Options()


def compile(  # noqa: A001 - torch.compile
    model: Any = None,
    *,
    fullgraph: bool = False,
    dynamic: bool | None = None,
    backend: Any = None,
    mode: str | None = None,
    options: Any = None,
    disable: bool = False,
    **others: Any,
) -> Any:
    """``model``, a function or a module, as it is; without one, a decorator.

    A module is its own ``_orig_mod``, for scripts that ask for what they compiled. Raises
    TypeError for what cannot be called.

    >>> @compile(mode="max-autotune")
    ... def twice(x):
    ...     return x * 2
    >>> twice(2), compile(twice) is twice
    (4, True)
    """
    if model is None:
        return lambda one: compile(one)
    if not callable(model):
        raise TypeError(f"compile: expected a function or a module; got {type(model).__name__}.")
    if hasattr(model, "state_dict") and hasattr(model, "_modules"):
        vars(model)["_orig_mod"] = model
    return model


def disable(fn: Any = None, recursive: bool = True, *, reason: str | None = None) -> Any:
    """``fn`` as it is; without one, a decorator.

    >>> disable(abs)(-1)
    1
    """
    return fn if fn is not None else lambda one: one


allow_in_graph = assume_constant_result = substitute_in_graph = run = disable


def reset() -> None:
    """Forget what was compiled: nothing was."""


cudagraph_mark_step_begin = reset


def is_compiling() -> bool:
    """Whether this code is being compiled: no.

    >>> is_compiling()
    False
    """
    return False


is_dynamo_compiling = is_exporting = is_compiling


def list_backends(exclude_tags: Any = None) -> list[str]:
    """The compilers that there are: none.

    >>> list_backends()
    []
    """
    return []


class set_stance:  # noqa: N801 - torch.compiler.set_stance
    """How much is compiled from now on, or in a block of code: nothing.

    >>> with set_stance("force_eager"):
    ...     pass
    """

    def __init__(self, stance: str = "default", **options: Any) -> None:
        self.stance = stance

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: Any) -> None:
        return None

    def __call__(self, function: Any) -> Any:
        return function


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
