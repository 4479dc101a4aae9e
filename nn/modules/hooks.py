"""Hooks: functions that a module calls around its forward and backward pass."""

from __future__ import annotations

import warnings
from itertools import count
from typing import TYPE_CHECKING, Any

from autograd.engine import watches
from autograd.engine.conjugates import through_door
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, unwrap, wrap

if TYPE_CHECKING:
    from nn.modules.module import Module

_numbers = count()


class Handle:
    """Removes a hook: ``handle.remove()``, or at the end of ``with handle:``."""

    def __init__(
        self,
        hooks: dict[int, Any],
        hook: Any,
        first: bool = False,
        with_kwargs: bool | None = None,
        always: bool = False,
    ) -> None:
        if not callable(hook):
            raise TypeError(
                f"register hook: a hook must be a function; got {type(hook).__name__}. Pass it "
                "uncalled."
            )
        self.id = next(_numbers)
        self._hooks = hooks
        others = dict(hooks) if first else {}
        if first:
            hooks.clear()
        hooks[self.id] = hook if with_kwargs is None else (with_kwargs, always, hook)
        hooks.update(others)
        watches.module_changed()

    def remove(self) -> None:
        """Take the hook away; a second time, do nothing."""
        self._hooks.pop(self.id, None)
        watches.module_changed()

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *exception: object) -> None:
        self.remove()


class Gate(Function):
    """Passes values through as they are, and their gradients through ``notify``.

    Two gates enclose a module: the one over its outputs sees the gradients first, and notes them
    for the one over its inputs.
    """

    takes_complex = True

    def forward(self, *xs, notify):
        self.notify = notify
        return xs if len(xs) > 1 else xs[0]

    def backward(self, g):
        gradients = [through_door(one) for one in (g if type(g) is tuple else (g,))]
        recorded = any(isinstance(one, TensorBase) for one in gradients)
        shown = [g if g is None or recorded else wrap(g, None) for g in gradients]
        return tuple([through_door(g if recorded else unwrap(g)) for g in self.notify(shown)])


def call(module: Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """``module.forward`` with the module's hooks around it.

    Where any of it raises, those forward hooks that are always called and have not been are called
    before that goes on, with the output as it is by then, or None.
    """
    waiting = list(module._forward_hooks.values())
    output: list[Any] = [None]
    try:
        return _run(module, args, kwargs, waiting, output)
    except Exception:
        for with_kwargs, always, hook in waiting:
            if always:
                _call_after_error(hook, (module, args, *[kwargs] * with_kwargs, *output))
        raise


def _run(
    module: Module, args: tuple[Any, ...], kwargs: dict[str, Any], waiting: list[Any], output: Any
) -> Any:
    """The call itself, which takes forward hooks from ``waiting`` and notes the ``output``."""
    for with_kwargs, _, hook in list(module._forward_pre_hooks.values()):
        result = hook(module, args, kwargs) if with_kwargs else hook(module, args)
        if result is None:
            continue
        if with_kwargs:
            if not (isinstance(result, tuple) and len(result) == 2):
                raise RuntimeError(
                    f"{type(module).__name__}: a forward pre-hook with kwargs must return None or "
                    f"(args, kwargs); got {type(result).__name__}. Return both."
                )
            args, kwargs = result
        else:
            args = result if isinstance(result, tuple) else (result,)
    notes = _Notes(module) if module._backward_hooks else None
    if notes is not None:
        args = notes.enter(args)
    output[0] = module.forward(*args, **kwargs)
    while waiting:
        with_kwargs, _, hook = waiting.pop(0)
        result = hook(module, args, *[kwargs] * with_kwargs, *output)
        if result is not None:
            output[0] = result
    return output[0] if notes is None else notes.leave(output[0])


def _call_after_error(hook: Any, given: tuple[Any, ...]) -> None:
    """Call a hook that wants to be called always; its own error does not hide the first."""
    try:
        hook(*given)
    except Exception as error:
        warnings.warn(
            f"forward hook: called after an error, {getattr(hook, '__name__', hook)} raised "
            f"{type(error).__name__}: {error}",
            stacklevel=4,
        )


class _Notes:
    """One call of a module with backward hooks: what its gates have seen."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.outputs: tuple[Any, ...] = ()

    def enter(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        self.inputs = [isinstance(v, TensorBase) and v._edge is not None for v in args]
        return _gated(args, self.run)

    def leave(self, out: Any) -> Any:
        outs = _gated(out if isinstance(out, tuple) else (out,), self.note)
        return outs if isinstance(out, tuple) else outs[0]

    def note(self, gradients: list[Any]) -> list[Any]:
        """The outputs' gradients are known; with no input in the graph, the hooks run now."""
        self.outputs = tuple(gradients)
        if not any(self.inputs):
            self.run([])
        return gradients

    def run(self, gradients: list[Any]) -> list[Any]:
        known = iter(gradients)
        inputs = tuple(next(known) if in_graph else None for in_graph in self.inputs)
        for hook in list(self.module._backward_hooks.values()):
            result = hook(self.module, inputs, self.outputs)
            if result is not None:
                inputs = result if isinstance(result, tuple) else (result,)
        return [g for g, in_graph in zip(inputs, self.inputs, strict=True) if in_graph]


def _gated(values: tuple[Any, ...], notify: Any) -> tuple[Any, ...]:
    """``values`` with the tensors among them that are in the graph led through a gate."""
    chosen = [i for i, v in enumerate(values) if isinstance(v, TensorBase) and v._edge is not None]
    if not chosen:
        return values
    passed = Gate.apply(*[values[i] for i in chosen], notify=notify)
    through = dict(zip(chosen, passed if len(chosen) > 1 else (passed,), strict=True))
    return tuple([through.get(i, value) for i, value in enumerate(values)])
