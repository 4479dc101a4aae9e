"""Parameters computed from others whenever they are asked for."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import autograd
from autograd import Tensor
from nn.modules.container import ModuleDict, ModuleList
from nn.modules.module import Module
from nn.parameter import Parameter

_kept: dict[tuple[int, str], Any] = {}  # inside cached()
_depth = 0


@contextmanager
def cached() -> Iterator[None]:
    """Inside, each parametrised tensor is computed once, when it is first asked for.

    >>> with cached():
    ...     pass
    """
    global _depth
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
        if not _depth:
            _kept.clear()


class ParametrizationList(ModuleList):
    """The modules that compute a tensor, one after the other, from ``original``.

    Where the last ``right_inverse`` gave several tensors, these are ``original0``, ``original1``, …

    >>> import nn
    >>> layer = register_parametrization(nn.Linear(2, 2), "weight", nn.Identity())
    >>> isinstance(layer.parametrizations.weight, ParametrizationList)
    True
    """

    def __init__(self, modules: Sequence[Module], original: Any, unsafe: bool = False) -> None:
        super().__init__(modules)
        self.unsafe = unsafe
        with autograd.no_grad():
            start = self._inverted(original)
        self.is_tensor = isinstance(start, Tensor)
        self.ntensors = 1 if self.is_tensor else len(start)
        if self.is_tensor:
            if start.dtype != original.dtype:
                raise ValueError(
                    f"register_parametrization: right_inverse must keep the dtype; got "
                    f"{start.dtype} for {original.dtype}. Convert its result."
                )
            if start is not original:
                original.data = start.detach()
            _register(self, "original", original)
        else:
            for i, one in enumerate(start):
                if isinstance(original, Parameter):
                    one = Parameter(one.detach(), original.requires_grad)
                _register(self, f"original{i}", one)
        if not unsafe:
            check_same(original, self())

    def _inverted(self, value: Any) -> Any:
        """What the modules compute ``value`` from; without a right_inverse, itself."""
        for module in reversed(list(self)):
            if hasattr(module, "right_inverse"):
                try:
                    value = module.right_inverse(value)
                except NotImplementedError:
                    pass
        if not isinstance(value, Tensor) and not (
            isinstance(value, Sequence) and all(isinstance(one, Tensor) for one in value)
        ):
            raise ValueError(
                "register_parametrization: right_inverse must return a tensor or several; got "
                f"{type(value).__name__}."
            )
        return value

    def right_inverse(self, value: Tensor) -> None:
        """Set the originals so that the tensor becomes ``value``."""
        for module in self:
            if not hasattr(module, "right_inverse"):
                raise RuntimeError(
                    f"{type(module).__name__}: to be assigned to, a parametrised tensor needs a "
                    "right_inverse; there is none. Define right_inverse(self, value)."
                )
        with autograd.no_grad():
            start = self._inverted(value)
            for place, one in zip(
                self._originals(), [start] if self.is_tensor else start, strict=True
            ):
                if place.dtype != one.dtype:
                    raise ValueError(
                        f"right_inverse: the dtype must stay {place.dtype}; got {one.dtype}. "
                        "Convert its result."
                    )
                place.data = one.detach().clone()

    def _originals(self) -> list[Any]:
        if self.is_tensor:
            return [self.original]
        return [getattr(self, f"original{i}") for i in range(self.ntensors)]

    def forward(self) -> Any:
        first, *rest = self
        value = first(*self._originals())
        for module in rest:
            value = module(value)
        return value


def check_same(before: Any, after: Any) -> None:
    """Raise ValueError where a parametrization makes a tensor of another shape or dtype."""
    if not isinstance(after, Tensor):
        raise ValueError(
            f"register_parametrization: a parametrization must return a tensor; got "
            f"{type(after).__name__}."
        )
    if after.shape != before.shape or after.dtype != before.dtype:
        raise ValueError(
            f"register_parametrization: shape and dtype must stay {tuple(before.shape)} and "
            f"{before.dtype}; got {tuple(after.shape)} and {after.dtype}. Pass unsafe=True if that "
            "is meant."
        )


def _register(module: Module, name: str, tensor: Any) -> None:
    if isinstance(tensor, Parameter):
        module.register_parameter(name, tensor)
    else:
        module.register_buffer(name, tensor)


class _Parametrized:
    """What the class of a module with parametrised tensors adds to the one it had."""

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Parameter) and is_parametrized(self, name):
            raise KeyError(
                f"{type(self).__name__}: {name} is parametrised; a Parameter cannot take its "
                "place. Assign a tensor, or call remove_parametrizations first."
            )
        super().__setattr__(name, value)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        made = object.__new__(type(self))
        memo[id(self)] = made
        made.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return made

    def __getstate__(self) -> Any:
        raise RuntimeError(
            f"{type(self).__name__}: a parametrised module is saved by its state_dict(); its class "
            "exists in this process only. Or call remove_parametrizations first."
        )


def register_parametrization(
    module: Any, tensor_name: str, parametrization: Any, *, unsafe: bool = False
) -> Any:
    """Compute ``module.<tensor_name>`` by ``parametrization`` from what is trained in its place.

    That is ``module.parametrizations.<tensor_name>.original``; several parametrizations are applied
    one after the other. With a ``right_inverse`` the tensor can be assigned to. Raises ValueError
    for a name that is no parameter or buffer, and, unless ``unsafe``, where shape or dtype change.
    Returns the module.

    >>> import autograd, nn
    >>> class Symmetric(nn.Module):
    ...     def forward(self, x):
    ...         return x.triu() + x.triu(1).mT
    >>> layer = register_parametrization(nn.Linear(3, 3), "weight", Symmetric())
    >>> bool((layer.weight == layer.weight.mT).all())
    True
    >>> list(layer.state_dict())
    ['bias', 'parametrizations.weight.original']
    """
    if not (isinstance(module, Module) and isinstance(parametrization, Module)):
        raise TypeError(
            "register_parametrization: expected a module, a name and a module; got "
            f"{type(module).__name__} and {type(parametrization).__name__}."
        )
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        _append(module, tensor_name, parametrization, unsafe)
        return module
    held = [one for one in (module._parameters, module._buffers) if tensor_name in one]
    if not held or held[0][tensor_name] is None:
        raise ValueError(
            f"register_parametrization: {tensor_name!r} must be a parameter or buffer of "
            f"{type(module).__name__}, not None; it is none. It has: "
            f"{', '.join([*module._parameters, *module._buffers]) or 'none'}."
        )
    made = ParametrizationList([parametrization], held[0][tensor_name], unsafe)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        cls = type(module)
        module.__class__ = type(f"Parametrized{cls.__name__}", (_Parametrized, cls), {})
        module.parametrizations = ModuleDict()
    setattr(type(module), tensor_name, _property(tensor_name))
    module.parametrizations[tensor_name] = made
    return module


def _append(module: Any, name: str, parametrization: Any, unsafe: bool) -> None:
    before = getattr(module, name)
    if not unsafe:
        check_same(before, parametrization(before))
    stack = module.parametrizations[name]
    value = before.detach()
    if hasattr(parametrization, "right_inverse"):
        with autograd.no_grad():
            value = parametrization.right_inverse(value)
    if (
        value is not before
        and len(stack._originals()) == 1
        and hasattr(parametrization, "right_inverse")
    ):
        stack.right_inverse(value)
    stack.append(parametrization)
    stack.unsafe |= unsafe


def _property(name: str) -> property:
    """The attribute that computes the tensor, and that can be assigned to."""

    def compute(self: Any) -> Any:
        stack = self.parametrizations[name]
        if not _depth:
            return stack()
        key = id(self), name
        if key not in _kept:
            _kept[key] = stack()
        return _kept[key]

    def assign(self: Any, value: Any) -> None:
        self.parametrizations[name].right_inverse(value)

    return property(compute, assign)


def is_parametrized(module: Any, tensor_name: str | None = None) -> bool:
    """Whether any tensor of the module, or that of this name, is computed.

    >>> import nn
    >>> is_parametrized(nn.Linear(1, 1))
    False
    """
    found = getattr(module, "parametrizations", None)
    if not isinstance(found, ModuleDict):
        return False
    return len(found) > 0 if tensor_name is None else tensor_name in found


def remove_parametrizations(module: Any, tensor_name: str, leave_parametrized: bool = True) -> Any:
    """Make the tensor an ordinary one: as it is now, or, else, the original. Returns the module.

    Raises ValueError where it is not parametrised, or where there are several originals to leave.

    >>> import nn
    >>> class Symmetric(nn.Module):
    ...     def forward(self, x):
    ...         return x.triu() + x.triu(1).mT
    >>> layer = nn.Linear(2, 2)
    >>> _ = register_parametrization(layer, "weight", Symmetric())
    >>> _ = remove_parametrizations(layer, "weight")
    >>> is_parametrized(layer), isinstance(layer.weight, nn.Parameter)
    (False, True)
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(
            f"remove_parametrizations: {tensor_name!r} of {type(module).__name__} must be "
            "parametrised; it is not."
        )
    stack = module.parametrizations[tensor_name]
    if stack.is_tensor:
        made = stack.original
        if leave_parametrized:
            with autograd.no_grad():
                made.data = getattr(module, tensor_name).detach()
    elif leave_parametrized:
        with autograd.no_grad():
            value = getattr(module, tensor_name).detach()
        first = stack._originals()[0]
        made = Parameter(value, first.requires_grad) if isinstance(first, Parameter) else value
    else:
        raise ValueError(
            "remove_parametrizations: one original can be left; there are "
            f"{stack.ntensors}. Pass leave_parametrized=True."
        )
    delattr(type(module), tensor_name)
    del module.parametrizations[tensor_name]
    _register(module, tensor_name, made)
    if not is_parametrized(module):
        del module.parametrizations
        module.__class__ = type(module).__bases__[1]
    return module


def type_before_parametrizations(module: Module) -> type:
    """The module's class, without what parametrizations have made of it.

    >>> import nn
    >>> type_before_parametrizations(nn.Linear(1, 1)).__name__
    'Linear'
    """
    return type(module).__bases__[1] if is_parametrized(module) else type(module)
