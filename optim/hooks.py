"""Hooks of optimisers: round each step, and round saving and loading."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from autograd.engine import observer, watches
from autograd.engine.hooks import RemovableHandle

F = TypeVar("F", bound=Callable[..., Any])
Hook = Callable[..., Any]


def hooked(step: F) -> F:
    """``step`` with the hooks round it: every step of every rule begins and ends here."""

    @wraps(step)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self._stepped is False:
            self._stepped = True
        if self._stepping or not (
            self._registered or observer.listening or watches.steps or _everywhere
        ):
            return step(self, *args, **kwargs)  # super().step() inside a step; nobody looks
        self._stepping = True
        try:
            for hook in self._hooks("step_pre"):
                changed = hook(self, (self, *args), kwargs)
                if changed is not None:
                    args, kwargs = _arguments(self._name, changed)
            if observer.listening:
                with observer.work(f"{type(self).__name__}.step"):
                    result = step(self, *args, **kwargs)
            else:
                result = step(self, *args, **kwargs)
            for hook in self._hooks("step_post"):
                hook(self, (self, *args), kwargs)
            if observer.listening:
                observer.tell("step_taken", self)
            for told in watches.steps[:]:
                told(self)
            return result
        finally:
            del self._stepping  # the class has it

    return call  # type: ignore[return-value]


_everywhere = watches.step_hooks


def register_optimizer_step_pre_hook(hook: Hook) -> RemovableHandle:
    """Call ``hook(optimizer, args, kwargs)`` before each step of every optimiser.

    As :meth:`Hooks.register_step_pre_hook`, and before what is registered there.
    """
    return _register_everywhere("step_pre", hook)


def register_optimizer_step_post_hook(hook: Hook) -> RemovableHandle:
    """Call ``hook(optimizer, args, kwargs)`` after each step of every optimiser."""
    return _register_everywhere("step_post", hook)


def _register_everywhere(when: str, hook: Hook) -> RemovableHandle:
    check_callable("optim", hook)
    hooks = _everywhere.setdefault(when, {})
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle


def check_callable(name: str, hook: Any) -> None:
    if not callable(hook):
        raise TypeError(
            f"{name}: a hook must be a function; got {type(hook).__name__}. Pass "
            "lambda optimizer, *more: ..."
        )


def _arguments(name: str, changed: Any) -> Any:
    """What a hook before the step has returned, without the optimiser."""
    if not isinstance(changed, tuple) or len(changed) != 2:
        raise RuntimeError(
            f"{name}.step: a hook before it must return None or (args, kwargs); got "
            f"{changed!r:.60}. Return None to change nothing."
        )
    args, kwargs = changed
    return tuple(args)[1:], kwargs


class Hooks:
    """What an optimiser calls besides its rule. Each ``register_…`` returns a handle with which
    the hook is taken out again: ``handle.remove()``. Copies and pickles have no hooks.
    """

    _name: str
    _stepping = False
    _stepped: bool | None = None  # since a schedule began; None: there is no schedule
    # of a class that does not call the constructor here, too: wrappers of another optimiser
    _registered: dict[str, dict[int, Hook]] = {}  # noqa: RUF012

    def _hooks(self, when: str) -> list[Hook]:
        own, common = self._registered.get(when, {}), _everywhere.get(when, {})
        first, then = (common, own) if when == "step_pre" else (own, common)
        return [*first.values(), *then.values()]

    def _register(self, when: str, hook: Hook, prepend: bool = False) -> RemovableHandle:
        check_callable(self._name, hook)
        if "_registered" not in vars(self):
            self._registered = {}
        hooks = self._registered.setdefault(when, {})
        handle = RemovableHandle(hooks)
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[handle.id] = hook
        hooks.update(others)
        return handle

    def register_step_pre_hook(self, hook: Hook) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` before each step, with the arguments of ``step``.

        ``args`` begins with the optimiser, as in PyTorch. What the hook returns, if it is not None,
        takes the place of ``(args, kwargs)``.

        >>> import autograd
        >>> from optim import SGD
        >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)])
        >>> handle = optimizer.register_step_pre_hook(lambda *of_step: print("before"))
        >>> optimizer.step()
        before
        """
        return self._register("step_pre", hook)

    def register_step_post_hook(self, hook: Hook) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` after each step that has not raised."""
        return self._register("step_post", hook)

    def register_state_dict_pre_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer)`` before ``state_dict``."""
        return self._register("state_dict_pre", hook, prepend)

    def register_state_dict_post_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer, state_dict)`` after ``state_dict``.

        A dict that it returns takes the place of the other.
        """
        return self._register("state_dict_post", hook, prepend)

    def register_load_state_dict_pre_hook(
        self, hook: Hook, prepend: bool = False
    ) -> RemovableHandle:
        """Call ``hook(optimizer, state_dict)`` before loading, with a shallow copy of the dict.

        A dict that it returns is loaded instead.
        """
        return self._register("load_state_dict_pre", hook, prepend)

    def register_load_state_dict_post_hook(
        self, hook: Hook, prepend: bool = False
    ) -> RemovableHandle:
        """Call ``hook(optimizer)`` after ``load_state_dict``."""
        return self._register("load_state_dict_post", hook, prepend)
