"""Whose a piece of code is, and what is behind a value: nothing, places to look at, or C."""

from __future__ import annotations

import functools
import os
import sys
import threading
import types
from collections import OrderedDict, defaultdict, deque
from enum import Enum
from functools import cache
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays.process import OURS
from autograd.random.generator import Generator

# Modules of Python and NumPy that keep no state of their own; what they do is in their results
PURE = set(
    "_collections_abc _frozen_importlib _weakrefset abc ast bisect builtins cmath collections "
    "contextlib copy copyreg dataclasses decimal einops enum fractions functools genericpath heapq "
    "importlib itertools keyword math ntpath numbers numpy operator pathlib posixpath re "
    "reprlib statistics string textwrap types typing typing_extensions weakref".split()
)
_ROOT = os.path.dirname(os.path.abspath(__file__)).removesuffix(
    os.path.join("autograd", "compiler", "watching")
)
_PYTHON = os.path.dirname(os.__file__)


@cache
def whose(module: str | None, file: str = "") -> str:
    """Whose the code of a module is: ``ours``, ``pure`` (trusted), ``python`` (its library), or
    ``read``; a script's own ``nn`` or ``random`` is known by its file.

    >>> [whose(name) for name in ("nn.functional", "functools", "random", "net", None)]
    ['ours', 'pure', 'python', 'read', 'read']
    >>> whose("optim", os.path.abspath("/home/me/optim.py"))
    'read'
    """
    name, there = module or "", os.path.isabs(file)
    first = name.partition(".")[0]
    if name.startswith(OURS) or first == "autograd" or name in ("nn", "optim"):
        return "ours" if not there or file.startswith(os.path.join(_ROOT, first, "")) else "read"
    if name.startswith("namedtuple_"):  # made by collections
        return "pure"
    if first in sys.stdlib_module_names:
        if there and not file.startswith(_PYTHON):
            return "read"
        return "pure" if first in PURE else "python"
    if name.startswith("numpy.random"):
        return "python"
    return "pure" if first in PURE else "read"


def is_users(module: types.ModuleType) -> bool:
    """Whether a module is the user's.

    >>> is_users(os), is_users(types.ModuleType("net"))
    (False, True)
    """
    return whose(module.__name__, getattr(module, "__file__", None) or "") == "read"


def is_compiled(kind: Any) -> bool:
    """Whether it is the class of compiled steps: by name, since that module imports this one.

    >>> from autograd.compiler.compiled import Compiled
    >>> is_compiled(Compiled), is_compiled(int)
    (True, False)
    """
    return (kind.__module__, kind.__qualname__) == ("autograd.compiler.compiled", "Compiled")


@cache
def whose_class(kind: Any) -> str:
    """Whose a class is."""
    codes = [code for member in vars(kind).values() if (code := code_of(member))]
    files = [code.co_filename for code in codes if os.path.isabs(code.co_filename)]
    return whose(kind.__module__, files[0] if files else "")


# -- values ----------------------------------------------------------------------------------------


class _Named(NamedTuple):
    one: int


# What has nothing behind it
LEAVES: set[Any] = {
    int, float, complex, bool, str, bytes, range, slice, type(None), type(...), types.CodeType,
    types.GenericAlias, types.MethodDescriptorType, types.WrapperDescriptorType, np.ufunc,
    types.ClassMethodDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType,
    type(_Named.one),
}  # fmt: skip
# What wraps a function, and what holds others
WRAPPERS = (
    staticmethod, classmethod, property, functools.partial, functools.partialmethod,
    functools.cached_property, type(cache(len)),
)  # fmt: skip
CONTAINERS = {dict: "_dict", tuple: "_tuple", **dict.fromkeys((list, set, deque), "_sequence")}
_WHOLE = {object, type, *LEAVES, *CONTAINERS, OrderedDict, defaultdict, types.SimpleNamespace}
_LOCKS = (type(threading.Lock()), type(threading.RLock()))
_FIXED = set("abc datetime decimal enum fractions logging operator pathlib re typing uuid".split())


@cache
def is_leaf(kind: type) -> bool:
    """Whether there is nothing behind a value that could change, or what changes is the tape's."""
    module = kind.__module__
    if issubclass(kind, (Enum, Generator, np.generic, np.dtype)) or kind in _LOCKS:
        return True
    if whose(module) == "ours":
        return not kind.__dictoffset__
    first = module.partition(".")[0]
    return first in _FIXED or (first == "numpy" and whose(module) == "pure")


@cache
def hides(kind: type) -> bool:
    """Whether there is a class made in C in a value's, other than those that are known."""
    for one in kind.__mro__:
        if one in _WHOLE or issubclass(one, BaseException):
            continue
        own_new = isinstance(vars(one).get("__new__"), types.BuiltinFunctionType)
        if own_new or not one.__flags__ & 1 << 9 or one.__flags__ & 1 << 7:
            return True  # no class of Python's, or one that Python cannot make
    return False


@cache
def iterates(kind: type) -> bool:
    """Whether a class of the user's says itself what is in a list or a set, and how much."""
    own = [vars(one) for one in kind.__mro__ if whose_class(one) == "read"]
    return any([name in one for one in own for name in ("__iter__", "__len__", "__bool__")])


@cache
def is_read(kind: type) -> bool:
    """Whether a class, or one that it derives from, is the user's."""
    return any([whose_class(one) == "read" for one in kind.__mro__])


@cache
def library_names(kind: type) -> frozenset[str]:
    """The attributes that the code of a class's bases asks for, as far as it is not the user's."""
    names = set[str]()
    for one in kind.__mro__:
        if one.__module__ != "builtins" and whose_class(one) != "read":
            codes = [code_of(member) for member in vars(one).values()]
            names.update(*[code.co_names for code in codes if code])
            names.update([key for key in vars(one) if not key.startswith("__")])
    return frozenset(names)


@cache
def slots_of(kind: type) -> frozenset[str]:
    own = [vars(one) for one in kind.__mro__ if whose_class(one) == "read"]
    slots = [key for one in own for key, member in one.items() if type(member) is _SLOT]
    return frozenset([key for key in slots if not key.startswith("__")])


_SLOT = types.MemberDescriptorType


def own_of(value: Any) -> dict[str, Any]:
    try:
        own: dict[str, Any] = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return own


def code_of(member: Any) -> Any:
    """The code of what a class has as a method, a property, ...; None of other things."""
    for name in ("__func__", "fget", "func", "__wrapped__"):
        if type(member) in WRAPPERS:
            member = getattr(member, name, member)
    return getattr(member, "__code__", None) if type(member) is FunctionType else None


def codes_of(value: Any) -> list[CodeType]:
    """The code of a function of the user's, or of the methods that an object of his has."""
    if type(value) is FunctionType:
        code = value.__code__
        owner = whose(value.__globals__.get("__name__"), code.co_filename)
        return [code] if owner == "read" else []
    kinds = [one for one in type(value).__mro__ if whose_class(one) == "read"]
    return [code for one in kinds for own in vars(one).values() if (code := code_of(own))]


def is_plain(kind: Any) -> bool:
    """Whether what a value's methods in C may change is compared, or nothing.

    >>> is_plain(list), is_plain(type(iter([])))
    (True, False)
    """
    return is_leaf(kind) or not hides(kind)
