"""Modules made of modules, and of parameters."""

from __future__ import annotations

import operator
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from autograd.arrays.arguments import integer_of
from autograd.engine import watches
from nn.modules.module import Module
from nn.parameter import Parameter

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"]


class _Listed(Module):
    """Modules under the names "0", "1", ...: what Sequential and ModuleList share."""

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._modules.values())

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.isdigit()]

    def _key(self, index: Any) -> str:
        """The name at a place, which may count from the end."""
        place = integer_of(type(self).__name__, "an index", index)
        n = len(self)
        if not -n <= place < n:
            raise IndexError(
                f"{type(self).__name__}: an index must lie between {-n} and {n - 1}; got {place}."
            )
        return list(self._modules)[place % n]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self._part(list(self._modules.items())[index])
        return self._modules[self._key(index)]

    def _part(self, items: list[tuple[str, Any]]) -> Any:
        raise NotImplementedError

    def __setitem__(self, index: int, module: Module) -> None:
        setattr(self, self._key(index), module)

    def __delitem__(self, index: Any) -> None:
        keys = list(self._modules)
        chosen = keys[index] if isinstance(index, slice) else [self._key(index)]
        self._renumber([self._modules[key] for key in keys if key not in chosen], chosen)

    def _renumber(self, modules: list[Any], gone: list[str]) -> None:
        """Hold ``modules`` from now on; names that are not numbers stay."""
        kept = [key for key in self._modules if key not in gone]
        names = [str(i) if key.isdigit() else key for i, key in enumerate(kept)]
        self._modules.clear()
        for name, module in zip(names, modules, strict=True):
            self._modules[name] = module
        watches.module_changed()

    def append(self, module: Module) -> Any:
        """Add ``module`` at the end; returns self."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self, modules: Iterable[Module]) -> Any:
        """Add several modules at the end; returns self."""
        if isinstance(modules, str) or not isinstance(modules, Iterable):
            raise TypeError(
                f"{type(self).__name__}.extend: expected several modules; got "
                f"{type(modules).__name__}. append adds a single one."
            )
        for module in list(modules):
            self.append(module)
        return self

    def insert(self, index: int, module: Module) -> Any:
        """Put ``module`` before the place ``index``; returns self. Later names go up by one."""
        if not isinstance(module, Module):
            raise TypeError(
                f"{type(self).__name__}.insert: expected a Module; got {type(module).__name__}."
            )
        self._check_below(str(index), module)
        n = len(self)
        if not -n <= index <= n:
            raise IndexError(
                f"{type(self).__name__}.insert: an index must lie between {-n} and {n}; got "
                f"{index}."
            )
        modules = list(self._modules.values())
        modules.insert(index, module)
        self._modules.clear()
        self._modules.update((str(i), one) for i, one in enumerate(modules))
        watches.module_changed()
        return self

    def pop(self, index: int = -1) -> Any:
        """Take the module at ``index`` out and return it."""
        module = self[index]
        del self[index]
        return module


class Sequential(_Listed):
    """Modules one after the other: each one's output is the next one's input.

    Takes modules, or one OrderedDict that names them.

    >>> import autograd, nn
    >>> model = Sequential(nn.Linear(2, 3), nn.ReLU())
    >>> model
    Sequential(
      (0): Linear(in_features=2, out_features=3, bias=True)
      (1): ReLU()
    )
    >>> model(autograd.ones(5, 2)).shape
    autograd.Size([5, 3])
    >>> len(model[:1])
    1
    """

    def __init__(self, *args: Any) -> None:
        super().__init__()
        named = args[0].items() if len(args) == 1 and isinstance(args[0], Mapping) else None
        for name, module in named or ((str(i), module) for i, module in enumerate(args)):
            self.add_module(name, module)

    def forward(self, input: Any) -> Tensor:
        for module in self._modules.values():
            input = module(input)
        return input

    def _part(self, items: list[tuple[str, Any]]) -> Any:
        return type(self)(OrderedDict(items))

    def __add__(self, other: Sequential) -> Sequential:
        if not isinstance(other, Sequential):
            return NotImplemented
        return Sequential(*self, *other)


class ModuleList(_Listed):
    """A list whose modules are registered; it computes nothing by itself.

    >>> import nn
    >>> layers = ModuleList([nn.Linear(2, 2) for _ in range(3)])
    >>> len(list(layers.parameters()))
    6
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def _children_shown(self) -> Iterator[tuple[str, str]]:
        """Modules that look alike and follow each other in one line: ``(0-2): 3 x Linear(...)``."""
        for text, alike in groupby(super()._children_shown(), key=operator.itemgetter(1)):
            names = [name for name, _ in alike]
            if len(names) == 1:
                yield names[0], text
            else:
                yield f"{names[0]}-{names[-1]}", f"{len(names)} x {text}"

    def _part(self, items: list[tuple[str, Any]]) -> Any:
        return type(self)([module for _, module in items])

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList([*self, *other])

    def __iadd__(self, modules: Iterable[Module]) -> ModuleList:
        self.extend(modules)
        return self


class ModuleDict(Module):
    """A dict whose modules are registered; it computes nothing by itself.

    >>> import nn
    >>> heads = ModuleDict({"a": nn.Linear(2, 1)})
    >>> list(heads.state_dict())
    ['a.weight', 'a.bias']
    """

    def __init__(self, modules: Any = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key: str) -> Any:
        return self._modules[key]

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        del self._modules[key]
        watches.module_changed()

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: object) -> bool:
        return key in self._modules

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._modules.keys()

    def values(self) -> Iterable[Any]:
        """The modules."""
        return self._modules.values()

    def items(self) -> Iterable[tuple[str, Any]]:
        """The pairs (name, module)."""
        return self._modules.items()

    def update(self, modules: Any) -> None:
        """Take in the modules of a dict, or of pairs (name, module)."""
        for name, module in _pairs("ModuleDict", modules):
            self[name] = module

    def pop(self, key: str) -> Any:
        """Take the module out and return it."""
        watches.module_changed()
        return self._modules.pop(key)

    def clear(self) -> None:
        """Take all modules out."""
        self._modules.clear()
        watches.module_changed()


def _pairs(call: str, given: Any) -> list[Any]:
    """The pairs (name, value) of a dict, or given as such."""
    items = given.items() if hasattr(given, "items") else given
    pairs = list(items) if isinstance(items, Iterable) else [given]
    if not all([isinstance(pair, (tuple, list)) and len(pair) == 2 for pair in pairs]):
        raise TypeError(
            f"{call}: expected a dict, or pairs (name, value); got {given!r:.60}. Pass a dict."
        )
    return pairs


class ParameterList(Module):
    """A list whose tensors are registered as parameters.

    >>> import autograd
    >>> weights = ParameterList([autograd.zeros(2), autograd.ones(3)])
    >>> [p.shape for p in weights.parameters()]
    [autograd.Size([2]), autograd.Size([3])]
    """

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        self.extend(() if values is None else values)

    def append(self, value: Any) -> ParameterList:
        """Add a tensor at the end; returns self."""
        self.register_parameter(str(len(self)), _as_parameter(value))
        return self

    def extend(self, values: Iterable[Any]) -> ParameterList:
        """Add several tensors at the end; returns self."""
        if not isinstance(values, Iterable):
            raise TypeError(
                f"ParameterList: expected several tensors; got {type(values).__name__}. "
                "Pass a list."
            )
        for value in values:
            self.append(value)
        return self

    def __getitem__(self, index: Any) -> Any:
        found = list(self._parameters.values())[index]
        return ParameterList(found) if isinstance(index, slice) else found

    def __setitem__(self, index: int, value: Any) -> None:
        self._parameters[list(self._parameters)[index]] = _as_parameter(value)
        watches.module_changed()

    def __len__(self) -> int:
        return len(self._parameters)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._parameters.values())

    def extra_repr(self) -> str:
        return "\n".join(_described(n, p, p.dtype) for n, p in self._parameters.items())


class ParameterDict(Module):
    """A dict whose tensors are registered as parameters.

    >>> import autograd
    >>> weights = ParameterDict({"scale": autograd.ones(2)})
    >>> "scale" in weights
    True
    """

    def __init__(self, parameters: Any = None) -> None:
        super().__init__()
        self.update({} if parameters is None else parameters)

    def update(self, parameters: Any) -> None:
        """Take in the tensors of a dict, or of pairs (name, tensor)."""
        for name, value in _pairs("ParameterDict", parameters):
            self[name] = value

    def __getitem__(self, key: str) -> Any:
        return self._parameters[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.register_parameter(key, _as_parameter(value))

    def __delitem__(self, key: str) -> None:
        del self._parameters[key]
        watches.module_changed()

    def __len__(self) -> int:
        return len(self._parameters)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __contains__(self, key: object) -> bool:
        return key in self._parameters

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._parameters.keys()

    def values(self) -> Iterable[Any]:
        """The parameters."""
        return self._parameters.values()

    def items(self) -> Iterable[tuple[str, Any]]:
        """The pairs (name, parameter)."""
        return self._parameters.items()

    def extra_repr(self) -> str:
        return "\n".join(_described(n, p, p.type()) for n, p in self._parameters.items())


def _as_parameter(value: Any) -> Any:
    return value if isinstance(value, Parameter) or value is None else Parameter(value)


def _described(name: str, p: Any, kind: Any) -> str:
    size = "x".join(map(str, p.shape))
    return f"({name}): Parameter containing: [{kind} of size {size}]"
