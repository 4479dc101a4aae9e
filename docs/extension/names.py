"""Every public name, and the file that it is at home in: read off the packages.

A file lists its public names in ``__all__``; ``autograd``, ``nn``, ... gather them. So a name's
home is the file whose list has it, and a page of the reference is a file.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any, NamedTuple

import autograd
import nn
import optim

OURS = ("autograd", "nn", "optim")
# Folders of autograd that are no modules of PyTorch's: their names are autograd's own.
FLOORS = ("arrays", "engine", "ops", "tensors", "diagnosis", "drawing")
# Modules that PyTorch's users import by these names, below those that lie directly in a package.
DEEPER = (
    "autograd.utils.checkpoint",
    "autograd.utils.data", "autograd.utils.tensorboard", "autograd.vision.datasets",
    "autograd.vision.transforms", "autograd.vision.transforms.functional", "autograd.vision.utils",
    "autograd.distributions.constraints", "autograd.distributions.transforms",
    "autograd.distributions.constraint_registry", "autograd.signal.windows",
)  # fmt: skip
UNSEEN = ("kernels", "script", "nn", "optim", *FLOORS)  # not reached by a name of their own


class Name(NamedTuple):
    path: str  # as one writes it: autograd.exp
    value: Any
    home: str  # the module of its file: autograd.ops.pointwise.exponential


def is_ours(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).split(".")[0] in OURS


def modules_in(package: Any) -> Iterator[Any]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def homes(packages: list[Any]) -> dict[str, str]:
    """name -> the file that lists it; where several do, the deepest."""
    found: dict[str, str] = {}
    for package in packages:
        for module in modules_in(package):
            for name in getattr(module, "__all__", ()):
                if name not in found or module.__name__.count(".") > found[name].count("."):
                    found[name] = module.__name__
    return found


def listed(module: Any) -> list[str]:
    """The public names of a module, apart from its modules.

    Without ``__all__`` these are what its file makes, what it imports ``as`` itself, and what it
    loads when that is asked for.
    """
    names = getattr(module, "__all__", None) or [
        *getattr(module, "_LAZY", ()),
        *(
            name
            for name in written(ast.parse(inspect.getsource(module)).body)
            if not name.startswith("_") and is_ours(getattr(module, name, None))
        ),
    ]
    return [name for name in names if not inspect.ismodule(getattr(module, name))]


def written(body: list[ast.stmt]) -> Iterator[str]:
    for one in body:
        if isinstance(one, ast.With):
            yield from written(one.body)
        elif isinstance(one, ast.FunctionDef | ast.ClassDef):
            yield one.name
        elif isinstance(one, ast.Assign | ast.AnnAssign):
            targets = one.targets if isinstance(one, ast.Assign) else [one.target]
            yield from (
                each.id
                for target in targets
                for each in ast.walk(target)
                if isinstance(each, ast.Name)
            )
        elif isinstance(one, ast.ImportFrom):
            if one.names[0].name == "*":
                yield from listed(importlib.import_module(str(one.module)))
            yield from (each.name for each in one.names if each.asname == each.name)


def of_autograd() -> Iterator[Name]:
    """What is reached as ``autograd.<name>``."""
    floors = (*FLOORS, "random", "serialization")  # the last two are modules of PyTorch's, too
    home = homes([importlib.import_module(f"autograd.{floor}") for floor in floors])
    home.update(autograd._LAZY)
    for name in dir(autograd):
        if name.isidentifier() and not name.startswith("_") and name not in OURS:
            value = getattr(autograd, name)
            if not inspect.ismodule(value):
                yield Name(f"autograd.{name}", value, home.get(name, "autograd"))


def of_packages() -> Iterator[Name]:
    """What is reached through ``nn`` and ``optim``, and the modules in them."""
    layers, functions = homes([nn.modules]), homes([nn.functional])
    tools, utils = homes([nn.utils]), [nn.utils.rnn, nn.utils.parametrize]
    utils += [nn.utils.parametrizations, nn.utils.stateless]
    for name in listed(nn):
        yield Name(f"nn.{name}", getattr(nn, name), layers.get(name, "nn.parameter"))
    for name in listed(nn.functional):
        value = getattr(nn.functional, name)
        # max_pool2d and its kin are made in nn.functional of the functions of their files
        yield Name(f"nn.functional.{name}", value, functions.get(name, "nn.functional"))
    for module, home in ((nn.init, {}), (nn.attention, {}), (nn.utils, tools)):
        for name in listed(module):
            path = f"{module.__name__}.{name}"
            yield Name(path, getattr(module, name), home.get(name, module.__name__))
    for module in (*utils, optim, optim.lr_scheduler, optim.swa_utils):
        for name in listed(module):
            yield Name(f"{module.__name__}.{name}", getattr(module, name), module.__name__)


def of_doors() -> Iterator[Name]:
    """What is reached through the modules directly in ``autograd``, and some below them."""
    direct = [f"autograd.{one.name}" for one in pkgutil.iter_modules(autograd.__path__)]
    for path in sorted({*direct, *DEEPER}):
        if path.removeprefix("autograd.") in (*UNSEEN, "__main__"):
            continue
        module = importlib.import_module(path)
        home = getattr(module, "_LAZY", {})
        for name in listed(module):
            yield Name(f"{path}.{name}", getattr(module, name), home.get(name, path))


def of_tensor() -> Iterator[Name]:
    """The methods and attributes of Tensor, with the file of the class that has them."""
    for name in dir(autograd.Tensor):
        if name.startswith("_"):
            continue
        for base in autograd.Tensor.__mro__:
            if name in vars(base):
                yield Name(f"autograd.Tensor.{name}", vars(base)[name], base.__module__)
                break


def everything() -> list[Name]:
    return [*of_autograd(), *of_packages(), *of_doors(), *of_tensor()]
