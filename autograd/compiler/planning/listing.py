"""A plan as text that can be read: what ``step.plan`` shows."""

from __future__ import annotations

from typing import Any

from autograd.compiler.planning.plan import (
    Access,
    Buffer,
    Loop,
    Plan,
    PlannedCall,
    Product,
    Store,
    View,
)

_AXES = "ijkl"
_LETTERS = {"planned": "b", "result": "r", "constant": "c", "made": "m", "given": "p"}


class Listing:
    """Names for the buffers of a plan, and its steps in words.

    >>> from autograd.compiler.planning.plan import Instruction
    >>> x, y = Buffer("given", 6, "f4", "x"), Buffer("result", 3, "f4")
    >>> body = (
    ...     Instruction("load", (Access(x, 0, (1, 3)),), x.dtype),
    ...     Instruction("exp", (0,), x.dtype),
    ... )
    >>> loop = Loop((3, 2), body, (Store(1, Access(y, 0, (1, 0)), "add", (1,)),))
    >>> print(Listing(Plan([loop], {"x": x}, [], [View((3,), Access(y, 0, (1,)))], 0)))
    loop over i < 3, j < 2
        v0 = x[i + 3 j]
        v1 = exp v0
        r1[i] = add v1 over j
    return r1
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = {buffer: name for name, buffer in plan.given.items()}
        self.counts: dict[str, int] = {}
        self.numbers = [f"n{i + 1}" for i in range(len(plan.numbers))]

    def __str__(self) -> str:
        lines = [line for step in self.plan.steps for line in self.step(step)]
        results = ", ".join([self.name(view.access.buffer) for view in self.plan.results])
        return "\n".join([*lines, f"return {results}".rstrip()])

    def name(self, buffer: Buffer) -> str:
        """The name of a buffer: p (given), b (planned), r (returned), c (constant), m (made)."""
        if buffer not in self.names:
            letter = _LETTERS[buffer.kind]
            self.counts[letter] = number = self.counts.get(letter, 0) + 1
            self.names[buffer] = f"{letter}{number}"
        return self.names[buffer]

    def step(self, step: Any) -> list[str]:
        """The lines of a loop, a product or a call."""
        if isinstance(step, Loop):
            return self._loop(step)
        if isinstance(step, Product):
            return [self._product(step)]
        return [self._call(step)]

    def _loop(self, loop: Loop) -> list[str]:
        axes = [f"{_axis(i)} < {n}" for i, n in enumerate(loop.space)]
        body = [f"v{i} = {self._value(*one)}" for i, one in enumerate(loop.body)]
        stores = [self._store(one) for one in loop.stores]
        return [f"loop over {', '.join(axes)}", *[f"    {line}" for line in body + stores]]

    def _value(self, name: str, args: Any, dtype: Any) -> str:
        if name == "load":
            return self._element(args[0])
        if name == "take":
            more = [f"{stride} v{i}" if stride != 1 else f"v{i}" for i, stride in args[1]]
            return self._element(args[0], more)
        if name == "number":
            return self.numbers[args[0]]
        if name == "literal":
            return repr(getattr(args[0], "item", lambda: args[0])())
        if name == "position":
            return _axis(args[0])
        if name == "reduce":
            return f"{args[0]} v{args[1]} over the last axis"
        if name == "astype":
            return f"v{args[0]} as {dtype}"
        return " ".join([name, *[f"v{i}" for i in args]])

    def _store(self, store: Store) -> str:
        over = ", ".join([_axis(i) for i in store.axes])
        value = f"{store.over} v{store.value} over {over}" if store.over else f"v{store.value}"
        return f"{self._element(store.access)} = {value}"

    def _product(self, product: Product) -> str:
        batch, m, n, k, *operands = product
        x = self._matrix(operands[0], m, k)
        y, out = self._matrix(operands[1], k, n), self._matrix(operands[2], m, n)
        many = f"{'×'.join(map(str, batch))} times " if batch else ""
        return f"{out} = {x} @ {y}: {many}{m}×{k} and {k}×{n}"

    def _matrix(self, access: Access, rows: int, columns: int) -> str:
        turned = min(rows, columns) > 1 and access.strides[-1] != 1 == access.strides[-2]
        return self.name(access.buffer) + ("ᵀ" if turned else "")

    def _call(self, call: PlannedCall) -> str:
        made = self._named(call.result)
        name = getattr(call.function, "__name__", str(call.function))
        line = f"{name}({', '.join([self._named(one) for one in call.args])})"
        return f"{made} = {line}" if call.result is not None else line

    def _named(self, value: Any) -> str:
        if isinstance(value, View):
            return self.name(value.access.buffer)
        if isinstance(value, (tuple, list)):
            return f"({', '.join([self._named(one) for one in value])})"
        if type(value) is dict:
            return f"{{{', '.join([f'{k}: {self._named(v)}' for k, v in value.items()])}}}"
        for number, name in zip(self.plan.numbers, self.numbers):
            if value is number:
                return name
        return getattr(value, "__name__", repr(value))

    def _element(self, access: Access, more: list[str] | None = None) -> str:
        terms = [str(access.offset)] if access.offset else []
        for i, stride in enumerate(access.strides):
            if stride:
                terms.append(f"{stride} {_axis(i)}" if stride != 1 else _axis(i))
        return f"{self.name(access.buffer)}[{' + '.join([*terms, *(more or [])]) or '0'}]"


def _axis(i: int) -> str:
    return _AXES[i] if i < len(_AXES) else f"a{i}"


def counted(plan: Plan) -> str:
    """How many steps of each kind a plan has.

    >>> counted(Plan([], {}, [], [], 64))
    'a plan of no steps, in 64 bytes'
    """
    kinds = {Loop: "loop", Product: "product", PlannedCall: "call"}
    found = [(name, sum([type(one) is kind for one in plan.steps])) for kind, name in kinds.items()]
    said = [f"{n} {name}{'' if n == 1 else 's'}" for name, n in found if n]
    return f"a plan of {', '.join(said) or 'no steps'}, in {plan.memory:,} bytes"
