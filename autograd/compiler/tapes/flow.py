"""Where a value goes that a piece of Python's bytecode has just got: read from the code alone.

``return loss.item(), n`` hands the number on and does nothing else with it, which its code shows::

    CALL item                 the number lies on the stack
    LOAD_FAST n               something lies above it
    BUILD_TUPLE 2             it is the first of two in a tuple
    RETURN_VALUE              which is returned

:func:`returned` walks all ways on which the code may go on, with what it knows of the stack and of
local names. A way on which anything else is done with the value (a sum, a call, an attribute), or
an instruction that is not known here, ends the search: then nothing is known.
"""

from __future__ import annotations

import dis
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from types import CodeType
from typing import Any

# How deep in what is returned: at each level, which of how many
Path = tuple[tuple[int, int], ...]
Places = frozenset[Path]  # of one value in another
Ways = frozenset[Places]  # for each way to a ``return``
Stack = tuple[Places, ...]  # from the first place on that matters; beneath is nothing of it
Names = frozenset[tuple[str, Places]]  # local names that have to do with it

_NOTHING: Places = frozenset()
_ITSELF: Places = frozenset({()})
_MOST = 5_000  # states of a search

# What takes nothing from the stack
_LOADS = set(
    "CACHE COPY_FREE_VARS EXTENDED_ARG KW_NAMES LOAD_CLOSURE LOAD_COMMON_CONSTANT LOAD_CONST "
    "LOAD_DEREF LOAD_GLOBAL LOAD_NAME LOAD_SMALL_INT NOP NOT_TAKEN POP_BLOCK PUSH_NULL RESUME "
    "SETUP_FINALLY".split()
)
# What takes one value
_TAKE_ONE = set(
    "BEFORE_WITH CALL_INTRINSIC_1 FORMAT_SIMPLE GET_ITER GET_LEN LIST_TO_TUPLE LOAD_ATTR "
    "LOAD_METHOD LOAD_SPECIAL POP_TOP SETUP_WITH STORE_DEREF STORE_GLOBAL TO_BOOL UNARY_INVERT "
    "UNARY_NEGATIVE UNARY_NOT UNARY_POSITIVE UNPACK_SEQUENCE".split()
)
# What takes all that it takes, and gives one value
_GIVE_ONE = set(
    "BUILD_CONST_KEY_MAP BUILD_LIST BUILD_MAP BUILD_SET BUILD_SLICE BUILD_STRING BUILD_TUPLE CALL "
    "CALL_FUNCTION CALL_FUNCTION_EX CALL_FUNCTION_KW CALL_KW CALL_METHOD COMPARE_OP CONTAINS_OP "
    "FORMAT_VALUE FORMAT_WITH_SPEC IS_OP MAKE_FUNCTION".split()
)
_GIVE_NONE = {"PRECALL", "STORE_ATTR", "STORE_SUBSCR", "DELETE_SUBSCR", "DELETE_ATTR"}
# What puts a value into a container that lies further down
_GROW = set("DICT_MERGE DICT_UPDATE LIST_APPEND LIST_EXTEND MAP_ADD SET_ADD SET_UPDATE".split())
_LEAVE = {"RAISE_VARARGS", "RERAISE"}
_ONWARDS = {"JUMP_ABSOLUTE", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "JUMP_FORWARD"}
_TURNS = {"ROT_TWO": 2, "ROT_THREE": 3, "ROT_FOUR": 4}  # Python 3.10: the top goes down


class Lost(Exception):
    """Something is done with the value that is not known."""


@cache
def returned(code: CodeType, offset: int) -> Ways | None:
    """Where what the instruction at ``offset`` leaves on the stack may be, when ``code`` returns.

    For each way to a ``return``, the paths that lead to the value from what is returned: ``()`` is
    the value itself, ``((0, 2),)`` the first in a tuple, a list or a dict of two. None where it may
    go elsewhere. Exceptions are not thought of.

    >>> def step(loss, n):
    ...     return {"n": n, "loss": loss.item()}
    >>> calls = [one.offset for one in dis.get_instructions(step) if "CALL" in one.opname]
    >>> returned(step.__code__, calls[-1])
    frozenset({frozenset({((1, 2),)})})
    """
    try:
        return _Search(code).after(offset)
    except Lost:
        return None


def called(code: CodeType, offset: int) -> str:
    """How the call at ``offset`` is written: ``.item`` of ``x.item()``, ``float`` of ``float(x)``.

    Empty of other calls, and of other instructions.

    >>> def step(x):
    ...     return float(x), max(x, 1)
    >>> calls = [one.offset for one in dis.get_instructions(step) if one.opname.startswith("CALL")]
    >>> [called(step.__code__, one) for one in calls]
    ['float', '']
    """
    lines = [one for one in dis.get_instructions(code) if one.opname != "EXTENDED_ARG"]
    i = bisect_right([one.offset for one in lines], offset) - 1
    call = lines[i]
    if call.opname not in ("CALL", "CALL_FUNCTION", "CALL_METHOD"):
        return ""
    if call.arg == 0:
        before = lines[i - 2] if lines[i - 1].opname == "PRECALL" else lines[i - 1]
        return f".{before.argval}" if before.opname in ("LOAD_ATTR", "LOAD_METHOD") else ""
    missing = 1 - _effect(call)  # values whose makers are looked for
    while missing > 0 and call.arg == 1 and i > 0:
        i -= 1
        one = lines[i]
        if one.opcode in _JUMPS:
            break  # how many values there were depends on the way
        missing -= _effect(one)
        if missing == 0 and one.opname == "LOAD_GLOBAL":
            return str(one.argval)
    return ""


def _effect(one: Any, jump: bool = False) -> int:
    return dis.stack_effect(one.opcode, one.arg, jump=jump)


_JUMPS = {*dis.hasjrel, *dis.hasjabs}


class _Search:
    """All ways through ``code``."""

    def __init__(self, code: CodeType) -> None:
        self.lines = [*dis.get_instructions(code)]
        self.number = {one.offset: i for i, one in enumerate(self.lines)}

    def after(self, offset: int) -> Ways:
        """The ways from the end of the instruction at ``offset``."""
        first = bisect_right([*self.number], offset)
        waiting: list[tuple[int, Stack, Names]] = [(first, (_ITSELF,), frozenset())]
        seen, found = set(waiting), set[Places]()
        while waiting:
            i, held, names = waiting.pop()
            if not any(held) and not names:
                found.add(_NOTHING)
                continue
            stack, one = [*held], self.lines[i]
            if one.opname == "RETURN_VALUE":
                found.add(_taken(stack, 1)[0])
            elif one.opname == "RETURN_CONST":
                found.add(_NOTHING)
            elif one.opname in _LEAVE:
                _none_of(_taken(stack, one.arg or 0))
            else:
                for state in self.ways(i, one, stack, dict(names)):
                    if state not in seen:
                        seen.add(state)
                        waiting.append(state)
            if len(seen) > _MOST:
                raise Lost
        return frozenset(found)

    def ways(
        self, i: int, one: Any, stack: list[Places], names: dict[str, Places]
    ) -> Iterator[tuple[int, Stack, Names]]:
        """The states after an instruction."""
        if one.opname in _ONWARDS:
            yield self.state(self.number[one.argval], stack, names)
        elif one.opname == "FOR_ITER" or one.opname.startswith(("POP_JUMP", "JUMP_IF")):
            there = [*stack]
            _none_of(_taken([*stack], 1))  # it decides
            _change(there, _effect(one, True))
            _change(stack, _effect(one, False))
            yield self.state(self.number[one.argval], there, names)
            yield self.state(i + 1, stack, names)
        else:
            _do(one, stack, names)
            yield self.state(i + 1, stack, names)

    @staticmethod
    def state(i: int, stack: list[Places], names: dict[str, Places]) -> tuple[int, Stack, Names]:
        first = next((n for n, places in enumerate(stack) if places), len(stack))
        known = [(name, places) for name, places in names.items() if places]
        return i, tuple(stack[first:]), frozenset(known)


def _do(one: Any, stack: list[Places], names: dict[str, Places]) -> None:
    """What an instruction does that goes on with the next one."""
    name, effect = one.opname, _effect(one)
    if "_FAST" in name:
        _local(one, stack, names)
    elif name in _LOADS:
        stack.extend([_NOTHING] * effect)
    elif name == "COPY" or name.startswith("DUP_TOP"):
        depth = one.arg if name == "COPY" else effect
        _none_of(stack[-depth:])
        stack.extend([_NOTHING] * effect)
    elif name == "SWAP":
        top = _taken(stack, one.arg)
        stack.extend([top[-1], *top[1:-1], top[0]])
    elif name in _TURNS or name == "ROT_N":
        top = _taken(stack, _TURNS.get(name, one.arg))
        stack.extend([top[-1], *top[:-1]])
    elif name in ("BUILD_TUPLE", "BUILD_LIST"):
        stack.append(_inside(_taken(stack, one.arg)))
    elif name == "BUILD_MAP":
        taken = _taken(stack, 2 * one.arg)
        _none_of(taken[::2])
        stack.append(_inside(taken[1::2]))
    elif name == "BUILD_CONST_KEY_MAP":
        stack.append(_inside(_taken(stack, one.arg + 1)[:-1]))
    elif name == "POP_TOP":
        _taken(stack, 1)  # and nothing is done with it
    elif name in _TAKE_ONE:
        _none_of(_taken(stack, 1))
        stack.extend([_NOTHING] * (effect + 1))
    elif name in _GIVE_ONE or name.startswith(("BINARY_", "INPLACE_")):
        _none_of(_taken(stack, 1 - effect))
        stack.append(_NOTHING)
    elif name in _GIVE_NONE:
        _none_of(_taken(stack, -effect))
    elif name in _GROW:
        _none_of(stack[effect - one.arg :])
        _change(stack, effect)
    elif name in ("END_FOR", "POP_ITER"):
        _change(stack, effect)
    else:
        raise Lost


def _local(one: Any, stack: list[Places], names: dict[str, Places]) -> None:
    """Instructions on local names, of which some do two at once: ``STORE_FAST_LOAD_FAST``."""
    kinds = [part for part in one.opname.split("_") if part in ("LOAD", "STORE", "DELETE")]
    if one.opname == "LOAD_FAST_AND_CLEAR" and one.argval in names:
        raise Lost
    for kind, name in zip(kinds, [one.argval] if len(kinds) == 1 else one.argval):
        if kind == "LOAD":
            stack.append(names.get(name, _NOTHING))
        else:
            names[name] = _taken(stack, 1)[0] if kind == "STORE" else _NOTHING


def _taken(stack: list[Places], n: int) -> list[Places]:
    """The top ``n`` of the stack, which are gone then."""
    if n <= 0:
        return []
    taken = stack[-n:]
    del stack[-n:]
    return [_NOTHING] * (n - len(taken)) + taken


def _change(stack: list[Places], effect: int) -> None:
    """So many values more, or fewer, that have nothing to do with it."""
    _none_of(_taken(stack, -effect))
    stack.extend([_NOTHING] * effect)


def _none_of(taken: list[Places]) -> None:
    if any(taken):
        raise Lost


def _inside(parts: list[Places]) -> Places:
    """The places in a container of these parts."""
    n = len(parts)
    return frozenset([((i, n), *path) for i, part in enumerate(parts) for path in part])
