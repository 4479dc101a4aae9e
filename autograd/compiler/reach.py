"""What a function can reach by the names in it: what a captured step may know besides arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from autograd.arrays.process import OURS
from autograd.compiler.watching.kinds import is_compiled, is_users
from autograd.compiler.watching.mentions import mentions

_FAR = 2_000  # objects that are looked at


def reach(function: Any) -> list[Any]:
    """What closures, globals, defaults and ``self`` of a function name, and what is in that.

    Functions of the user's are gone on with, and so are lists, dicts and attributes.

    >>> import autograd
    >>> w = autograd.ones(2)
    >>> weights = [w]
    >>> any([one is w for one in reach(lambda x: x * weights[0])])
    True
    """
    named = _named(function) if type(function) is FunctionType else ()
    return _walked([function, *named], _inside)[1:]


def named(function: Any) -> list[Any]:
    """What the code of a function may call by its names: no module as a whole, but what is named.

    >>> scope = {"__name__": "net"}
    >>> exec("def inner(x): return x\\ndef step(x): return inner(x)", scope)
    >>> [one.__name__ for one in named(scope["step"])]
    ['step', 'inner']
    """
    return _walked([function], _callable)


def _walked(found: list[Any], inside: Callable[[Any], Iterable[Any]]) -> list[Any]:
    """``found`` and what is ``inside``, each once, until it is too many."""
    seen = {*map(id, found)}
    for one in found:  # grows while it is walked
        if len(found) > _FAR:
            break
        for inner in inside(one):
            if id(inner) not in seen:
                seen.add(id(inner))
                found.append(inner)
    return found


def _callable(one: Any) -> Iterator[Any]:
    """What code may call that is reached through ``one``."""
    if type(one) is not FunctionType:
        inner = _inside(one)
    elif _is_ours(one):
        inner = filter(callable, _held(one))  # grad(f) holds f; tables hold what others told
    else:
        inner = chain(_named(one), _by_way(one))
    yield from [value for value in inner if type(value) is not ModuleType]


def _by_way(function: FunctionType) -> Iterator[Any]:
    """What a function's code names by way of modules: ``net.layers.forward``."""
    codes = [function.__code__]
    for code in codes:  # grows while it is walked
        said = mentions(code)
        codes += said.inner
        for first, *more in said.globals:
            value = function.__globals__.get(first)
            for name in more:
                if type(value) is not ModuleType:
                    break
                value = vars(value).get(name)
            yield value


def _inside(one: Any) -> Iterator[Any]:
    kind = type(one)
    if kind in (list, tuple, set, frozenset):
        yield from one
    elif kind is dict:
        yield from one.values()
    elif kind is MethodType:
        yield from (one.__self__, one.__func__)
    elif kind is FunctionType and not _is_ours(one):
        yield from _named(one)
    elif kind is partial:
        yield from (one.func, *one.args, *one.keywords.values())
    elif is_compiled(kind):
        yield one.function
    elif kind is ModuleType and not is_users(one):
        return  # this library's, Python's, NumPy's
    elif not isinstance(one, type) and isinstance(getattr(one, "__dict__", None), dict):
        yield from vars(one).values()


def _is_ours(function: FunctionType) -> bool:
    """Whether its code is this library's, whatever module it says that it is of."""
    return f"{function.__globals__.get('__name__')}.".startswith(OURS)


def _held(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # it is empty yet
            pass
    yield from function.__defaults__ or ()


def _named(function: FunctionType) -> Iterator[Any]:
    yield from _held(function)
    scope = function.__globals__
    yield from [scope[name] for name in _names(function.__code__) if name in scope]


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _names(one)
