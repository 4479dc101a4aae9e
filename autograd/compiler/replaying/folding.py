"""What a step makes anew each time and is always the same: made once, and a constant from then on.

Ones of a shape, the gradient of a mean before it meets an array, the numbers of rows: a tape notes
each, as it cannot know that no input of the step has to do with it.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograd.compiler.tapes.order import recorders
from autograd.compiler.tapes.recorder import Call, Recorded
from autograd.engine.versions import owner_of

_LARGE = 1 << 16  # bytes; a constant is kept for ever

# These look at the shape of what they are given
_OF_SHAPES = {np.ones_like, np.zeros_like}
_PLAIN = {
    np.arange, np.array, np.broadcast_to, np.expand_dims, np.eye, np.full, np.ones, np.reshape,
    np.transpose, np.zeros, operator.getitem,
}  # fmt: skip
_PLAIN |= {
    getattr(operator, name)
    for name in ("add", "sub", "mul", "truediv", "pow", "neg", "pos", "abs", "matmul")
}


def folded(calls: list[Call], written: set[int], kept: set[int]) -> tuple[list[Call], list[Any]]:
    """The calls that must be done again, and the recorders over what others have made for good.

    :param written: ids of arrays whose memory is written to.
    :param kept: ids of arrays whose memory leaves the step, or came from outside.

    >>> from autograd.compiler.tapes.recorder import Tape
    >>> tape = Tape()
    >>> x = tape.lift(np.ones(2))
    >>> y = np.ones_like(x) / 2 * x
    >>> calls, constants = folded(tape.calls, set(), set())
    >>> [call.function.__name__ for call in calls], [one.inside for one in constants]
    (['mul'], [array([1., 1.]), array([0.5, 0.5])])
    """
    constant: dict[int, Any] = {}
    rest = []
    for call in calls:
        result = call.result
        if isinstance(result, Recorded) and id(result) not in constant and _same(call, constant):
            owner = owner_of(result.inside)
            if id(owner) not in written | kept and owner.nbytes <= _LARGE:
                constant[id(result)] = result
                continue
        rest.append(call)
    return rest, [*constant.values()]


def _same(call: Call, constant: dict[int, Any]) -> bool:
    """Whether a call gives the same whenever it is done."""
    if call.function in _OF_SHAPES:
        return True
    if call.function not in _PLAIN and not isinstance(call.function, np.ufunc):
        return False
    if not all([id(one) in constant for one in recorders((call.args, call.options))]):
        return False
    return not _holds_an_array((call.args, call.options))


def _holds_an_array(values: Any) -> bool:
    """Whether there is an array that somebody else may change."""
    if isinstance(values, (tuple, list)):
        return any([_holds_an_array(one) for one in values])
    if type(values) is dict:
        return _holds_an_array([*values.values()])
    return isinstance(values, np.ndarray)
