"""What a piece of Python's bytecode mentions: the globals, the attributes, the modules it asks for.

All that a function does to state that outlives it begins with a name in its code::

    self.n += 1              LOAD_FAST self   LOAD_ATTR n   ...   STORE_ATTR n
    np.random.rand(3)        LOAD_GLOBAL np   LOAD_ATTR random   LOAD_ATTR rand

So whoever knows the names of the code that ran knows where to look for what it has read or changed.
Of globals the whole way is kept, ``("np", "random", "rand")``; of what comes from elsewhere
(``self``, a local name) the attributes' names alone.
"""

from __future__ import annotations

import dis
from functools import cache
from types import CodeType
from typing import Any, NamedTuple

_NOTHING = {"CACHE", "EXTENDED_ARG", "NOP", "PRECALL", "PUSH_NULL", "RESUME"}
_GLOBAL = {"LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "STORE_NAME", "DELETE_GLOBAL"}
_ATTRIBUTE = {"LOAD_ATTR", "LOAD_METHOD"}
_LOCAL = {"LOAD_FAST", "LOAD_FAST_BORROW", "LOAD_FAST_CHECK", "LOAD_DEREF", "LOAD_GLOBAL"}
_COMPARES = {"IS_OP", "COMPARE_OP", "CONTAINS_OP", "BINARY_SUBSCR", "BINARY_OP_SUBSCR"}
_BY_TEXT = {"getattr", "setattr", "hasattr", "delattr"}
# With these among its names, code may ask for any attribute
_ANY = {"__dict__", "__getattribute__", "__setattr__", "__delattr__", "attrgetter", "vars"}


class Mentions(NamedTuple):
    """What is in the code of one function, without those that are defined in it."""

    globals: tuple[tuple[str, ...], ...]  # each with the attributes that follow it
    names: frozenset[str]  # of attributes, whosever
    anything: bool  # it may ask for attributes whose names are not in it
    modules: tuple[str, ...]  # that it imports
    catches: bool  # it has an ``except``
    identity: bool  # it asks which object something is
    classes: bool  # it asks of which class something is, by ``type``
    inner: tuple[CodeType, ...]  # the code of functions and classes defined in it


@cache
def mentions(code: CodeType, lines: frozenset[int] | None = None) -> Mentions:
    """What ``code`` mentions, if it is given on these ``lines`` alone; ``catches`` and ``inner``
    are of all.

    >>> def step(x):
    ...     rates["lr"] = math.sqrt(x.size)
    >>> found = mentions(step.__code__)
    >>> found.globals, sorted(found.names)
    ((('math', 'sqrt'), ('rates',)), ['size', 'sqrt'])
    """
    every = [one for one in dis.get_instructions(code) if one.opname not in _NOTHING]
    there = every
    if lines is not None:
        at = {i: n for start, end, n in code.co_lines() for i in range(start, end, 2)}
        there = [one for one in every if (n := at.get(one.offset)) is None or n in lines]
    chains, names, modules = set[tuple[str, ...]](), set[str](), set[str]()
    anything = identity = False
    for i, one in enumerate(there):
        name = one.opname
        if name in _GLOBAL:
            chains.add((one.argval, *_followed(there, i + 1)))
            if one.argval in _BY_TEXT:
                text = _text(there, i + 1)
                names.add(text or "")
                anything = anything or text is None
            anything = anything or one.argval in _ANY
        elif "ATTR" in name or name == "LOAD_METHOD":
            names.add(one.argval)
            anything = anything or one.argval in _ANY
        elif name == "IMPORT_NAME":
            modules.add(one.argval)
        elif name == "IMPORT_FROM":
            names.add(one.argval)
        elif name == "IS_OP":
            identity = identity or there[i - 1].opname != "LOAD_CONST"
    catches = any([_catches(every, i) for i in range(len(every))])
    catches = catches or any(["suppress" in words for words in (names, *chains)])
    if code.co_name == "__exit__":
        catches = catches or any([_returns_truth(every, i) for i in range(len(every))])
    starts = {i: n for start, end, n in code.co_lines() for i in range(start, end, 2)}
    asking = {
        starts.get(one.offset) for one in there if one.opname in _GLOBAL if one.argval == "type"
    }
    classes = any([starts.get(one.offset) in asking for one in there if one.opname in _COMPARES])
    inner = tuple([one for one in code.co_consts if isinstance(one, CodeType)])
    whole = frozenset(names - {""}), anything, tuple(sorted(modules))
    return Mentions(tuple(sorted(chains)), *whole, catches, identity, classes, inner)


def _followed(lines: list[Any], i: int) -> list[str]:
    """The attributes that are asked for one after the other from line ``i`` on."""
    found = []
    while i < len(lines) and lines[i].opname in _ATTRIBUTE:
        found.append(lines[i].argval)
        i += 1
    return found


def _text(lines: list[Any], i: int) -> str | None:
    """The attribute's name in ``getattr(x.y, "name")``; None where it is no literal."""
    if lines[i].opname not in _LOCAL:
        return None
    i += 1 + len(_followed(lines, i + 1))
    literal = lines[i].argval if lines[i].opname == "LOAD_CONST" else None
    return literal if isinstance(literal, str) else None


def _catches(lines: list[Any], i: int) -> bool:
    """Whether an ``except`` begins here."""
    names = [one.opname for one in lines[i : i + 3]]
    if names[0] in ("CHECK_EXC_MATCH", "CHECK_EG_MATCH", "JUMP_IF_NOT_EXC_MATCH"):
        return True
    if names[:2] == ["PUSH_EXC_INFO", "POP_TOP"]:
        return True
    return names == ["POP_TOP"] * 3 and lines[i - 1].opname != "RERAISE"  # Python 3.10


def _returns_truth(lines: list[Any], i: int) -> bool:
    """Whether something is returned here that is neither None nor False."""
    if not lines[i].opname.startswith("RETURN_"):
        return False
    value = lines[i] if lines[i].opname == "RETURN_CONST" else lines[i - 1]
    return "CONST" not in value.opname or value.argval not in (None, False)


def where(code: CodeType, name: str, written: bool = True) -> int | None:
    """The offset at which ``code`` writes to a global, an attribute or an outer name ``name``; or
    mentions it.

    >>> def step(self):
    ...     self.n += 1
    >>> where(step.__code__, "n") is None, where(step.__code__, "m") is None
    (False, True)
    """
    for line in dis.get_instructions(code):
        wrote = line.opname.startswith(("STORE_", "DELETE_"))
        if "FAST" not in line.opname and line.argval == name and (wrote or not written):
            return line.offset
    return None
