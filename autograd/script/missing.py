"""PyTorch's names that are not here yet, and what to write instead.

``pytorch.txt`` lists the public names of PyTorch 2.13, a module each, whether they are here or
not: what is missing is what is asked for in vain.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from typing import Any


def missing(module: str, name: str) -> AttributeError:
    """The error for ``module.name``: for a name of PyTorch's, with what to write instead.

    For any other name it is Python's own, which suggests a similar one; for one of PyTorch's no
    similar name would be right.

    >>> print(missing("nn.utils", "skip_init_"))
    module 'nn.utils' has no attribute 'skip_init_'
    >>> print(missing("autograd", "lobpcg"))
    autograd.lobpcg is not in gradloom yet; dir(autograd) lists what is.
    """
    if name not in names_of(module) and not _within_absent(module):
        text = f"module {module!r} has no attribute {name!r}"
        return AttributeError(text, name=name, obj=sys.modules.get(module))
    text = f"{shown(module)}.{name} is not in gradloom yet; {instead_of(module, name)}."
    return AttributeError(text, name=name, obj=_no)


def instead_of(module: str, name: str) -> str:
    """What to write instead of ``module.name``: a clause without a full stop.

    >>> instead_of("jit", "save")
    'save the state_dict of a module, and load it'
    """
    package = module.rpartition(".")[2]
    for wanted in (f"{package}.{name}", name, f"{package}.*"):
        for names, text in _INSTEAD.items():
            if wanted in names.split():
                return text
    listing = module if module in sys.modules and not _within_absent(module) else "autograd"
    return f"dir({shown(listing)}) lists what is"


def shown(module: str) -> str:
    """A module's name as scripts write it: with ``torch``, where this library is that.

    >>> shown("nn.functional")
    'nn.functional'
    """
    if sys.modules.get("torch") is not sys.modules["autograd"]:
        return module
    top, dot, rest = module.partition(".")
    return (f"torch{dot}{rest}") if top == "autograd" else f"torch.{module}"


@cache
def _listed() -> dict[str, set[str]]:
    # torchvision's modules, by the name that they have here
    found = {"torch.vision": {"io.", "models.", "ops.", "tv_tensors."}}
    found["torch.vision.transforms"] = {"v2."}
    names: set[str] = set()
    with open(os.path.join(os.path.dirname(__file__), "pytorch.txt"), encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("["):
                names = found.setdefault(line.strip()[1:-1], set())
            elif not line.startswith("#"):
                names.update(line.split())
    return found


def _of(module: str) -> set[str]:
    top, _, rest = module.partition(".")
    if top != "autograd":
        theirs = [f"torch.{module}"]
    elif rest:
        theirs = [f"torch.{rest}", f"torch.autograd.{rest}"]
    else:  # what three modules of PyTorch's hold
        theirs = ["torch", "torch.autograd", "torch.autograd.functional"]
    return {name for one in theirs for name in _listed().get(one, ())}


def names_of(module: str) -> set[str]:
    """The names of the module of PyTorch's that ``module`` stands for, as far as they are known.

    >>> "Conv2d" in names_of("nn"), "linalg" in names_of("autograd"), names_of("numpy")
    (True, True, set())
    """
    return {name.rstrip(".") for name in _of(module)}


def modules_of(module: str) -> set[str]:
    """Those of them that are modules.

    >>> sorted(modules_of("optim"))[:3]
    ['adadelta', 'adagrad', 'adam']
    """
    return {name[:-1] for name in _of(module) if name.endswith(".")}


def _within_absent(module: str) -> bool:
    found = sys.modules.get(module)
    return found is not None and type(found).__module__ == "autograd.script.absent"


def _has_file(module: str, name: str) -> bool:
    places = list(getattr(sys.modules[module], "__path__", ()))
    return bool(places) and PathFinder.find_spec(f"{module}.{name}", places) is not None


def elsewhere(module: str) -> Callable[[str], Any]:
    """A ``__getattr__`` for a file that has less than PyTorch's file of its name.

    Names that the package has are given from there: ``torch.nn.modules.activation.Softmax`` is in a
    file of its own here. Files in it come first: ``torch.nn.modules.utils`` is not
    ``torch.nn.utils``.
    """
    top = module.partition(".")[0]

    def __getattr__(name: str) -> Any:
        from autograd.script.absent import absent

        if name in modules_of(module) and _has_file(module, name):
            return import_module(f"{module}.{name}")
        if name in names_of(top) and name in (names_of(module) or [name]):
            package = sys.modules.get(f"autograd.{top}") or sys.modules[top]
            found = getattr(package, name, None)
            if found is not None:
                return found
        return absent(module, name)

    return __getattr__


class _WithoutNames:
    """What Python finds no similar name in."""

    def __dir__(self) -> list[Any]:
        return []


_no = _WithoutNames()

_INSTEAD = {
    "distributed.*": "train with nn.parallel.DistributedDataParallel, or all_reduce and its kin",
    "jit.load jit.save": "save the state_dict of a module, and load it",
    "Graph CUDAGraph graph nvtx": "leave it out, as there is no GPU",
    "onnx export fx package": "leave it out: a model runs where this library is",
    "quantization ao": "leave it out, and compute in float32",
}
