"""What is the same at every replay is computed while the plan is made."""

from __future__ import annotations

from collections import Counter
from typing import Any

from autograd.compiler.planning.interpret import interpreted
from autograd.compiler.planning.plan import Access, Buffer, Loop, Plan, View, accesses

_MOST = 1 << 16  # elements that are kept


def settled(steps: list[Any]) -> list[Any]:
    """The steps without loops over constants alone, whose results become constants.

    >>> from autograd.compiler.planning.plan import Instruction, Store
    >>> x, y = Buffer("planned", 2, "f4"), Buffer("result", 2, "f4")
    >>> def loop(line, buffer):
    ...     return Loop((2,), (line,), (Store(0, Access(buffer, 0, (1,))),))
    >>> three = loop(Instruction("literal", (3,), x.dtype), x)
    >>> copy = loop(Instruction("load", (Access(x, 0, (1,)),), x.dtype), y)
    >>> settled([three, copy]) == [copy], x.kind, x.array
    (True, 'constant', array([3., 3.], dtype=float32))
    """
    writers = Counter([one.buffer for step in steps for one, write in accesses(step) if write])
    found = []
    for step in steps:
        if isinstance(step, Loop) and _is_settled(step, writers):
            buffers = [store.access.buffer for store in step.stores]
            whole = [View((one.size,), Access(one, 0, (1,))) for one in buffers]
            for buffer, array in zip(buffers, interpreted(Plan([step], {}, [], whole, 0), {}, [])):
                array.flags.writeable = False
                buffer.kind, buffer.array = "constant", array
        else:
            found.append(step)
    return found


def _is_settled(loop: Loop, writers: Counter[Buffer]) -> bool:
    buffers = [store.access.buffer for store in loop.stores]
    if any([b.kind != "planned" or writers[b] > 1 or b.size > _MOST for b in buffers]):
        return False
    for line in loop.body:
        if line.name == "number":
            return False
        if line.name in ("load", "take") and line.args[0].buffer.kind != "constant":
            return False
    return True
