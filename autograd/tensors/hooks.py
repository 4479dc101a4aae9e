"""What is done with a tensor's gradient as it comes: hooks, and gradients of results kept."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd.engine.graph import TensorBase, wrap
from autograd.engine.hooks import RemovableHandle, hooks_of

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


class Hooks(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def is_leaf(self) -> bool: ...

        grad_fn: Any

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
        """Call ``hook(gradient)`` when this tensor's gradient is known; it may return another.

        Raises RuntimeError where the tensor does not require grad.

        >>> import autograd
        >>> x = autograd.tensor(1.0, requires_grad=True)
        >>> handle = x.register_hook(lambda g: g * 10)
        >>> (2 * x).backward(); x.grad
        tensor(20.)
        """
        if self._edge is None:
            raise RuntimeError(
                "register_hook: the tensor must require grad; this one does not, so no gradient "
                "will ever reach it. Call requires_grad_() first."
            )
        if not callable(hook):
            raise TypeError(
                f"register_hook: a hook is a function of the gradient; got {type(hook).__name__}."
            )
        hooks = hooks_of(self._edge)
        handle = RemovableHandle(hooks)
        hooks[handle.id] = hook
        last = self.__dict__.get("_retained_by")
        if last is not None and last.hooks is hooks:
            hooks[last.id] = hooks.pop(last.id)  # retain_grad keeps the gradient after every hook
        return handle

    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], Any]) -> RemovableHandle:
        """Call ``hook(tensor)`` after ``backward`` has added to ``.grad`` of this leaf.

        For what is to be done with each gradient as it comes: step an optimiser, and set it to
        None. Raises RuntimeError where the tensor does not require grad or is not a leaf.

        >>> import autograd
        >>> x = autograd.tensor([1.0], requires_grad=True)
        >>> handle = x.register_post_accumulate_grad_hook(lambda x: print(x.grad))
        >>> (3 * x).backward()
        tensor([3.])
        """
        if self._edge is None or not self.is_leaf:
            fact = "does not" if self._edge is None else f"was made by {self.grad_fn}"
            raise RuntimeError(
                "register_post_accumulate_grad_hook: the tensor must be a leaf that requires grad; "
                f"this one {fact}. Only there is .grad added up; use register_hook elsewhere."
            )
        if not callable(hook):
            raise TypeError(
                "register_post_accumulate_grad_hook: a hook is a function of the tensor; got "
                f"{type(hook).__name__}."
            )
        if self._edge.after is None:
            self._edge.after = {}
        handle = RemovableHandle(self._edge.after)
        self._edge.after[handle.id] = hook
        return handle

    def retain_grad(self) -> None:
        """Keep ``.grad`` of this recorded result as if it were a leaf.

        >>> import autograd
        >>> x = autograd.ones(2, requires_grad=True)
        >>> y = x * 3
        >>> y.retain_grad()
        >>> (y * y).sum().backward()
        >>> y.grad
        tensor([6., 6.])
        """
        if self.is_leaf:
            if self._edge is None:
                raise RuntimeError("retain_grad: the tensor must require grad; this one does not.")
            return
        if self.retains_grad:
            return
        this = weakref.ref(self)

        def keep(g: Tensor) -> None:
            tensor = this()
            if tensor is not None:
                g = g if g._edge is not None else wrap(g._data.copy(), None, g)
                tensor._grad = g if tensor._grad is None else tensor._grad + g

        self.__dict__["_retained_by"] = self.register_hook(keep)

    @property
    def retains_grad(self) -> bool:
        """Whether ``.grad`` of this recorded result is kept.

        >>> import autograd
        >>> y = autograd.ones(2, requires_grad=True) * 2
        >>> y.retain_grad()
        >>> y.retains_grad
        True
        """
        return "_retained_by" in self.__dict__
