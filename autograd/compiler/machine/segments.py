"""Steps of a plan as machine code: the loops' functions, products, and what calls them in order."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import numpy as np

from autograd.arrays.threads import workers
from autograd.compiler.machine import arithmetic, blas, crew
from autograd.compiler.machine.forms import Work, key, worked
from autograd.compiler.machine.loops import Kernel
from autograd.compiler.machine.spaces import is_cut, simplest
from autograd.compiler.machine.target import Machine
from autograd.compiler.machine.writer import I8, Value, Writer
from autograd.compiler.planning.plan import Buffer, Loop, Product, accesses

LARGE = 1 << 18  # points of all steps together from which threads share them
PARTS = 8  # into which a loop is cut then, however many threads there are: the sums are the same
_TERMS = 1 << 5  # of a product, which take as long as a point of a loop

_PART = ", i64 %part, i64 %begin, i64 %end"  # the parameters of what threads share

Run = Callable[[int, int], None]


def compiled(segments: list[list[Loop | Product]], slots: dict[Buffer, int]) -> list[Run]:
    """For each segment a function that does its steps: of a table's address, and the numbers'.

    The table holds an address for each buffer, at its slot; the numbers are float64. Every step
    must be :func:`supported`. A function keeps the machine code, and lets go of the interpreter's
    lock; it must not run twice at a time, as sums and rows have memory of their own.

    >>> import pytest
    >>> _ = pytest.importorskip("llvmlite")
    >>> from autograd.compiler.planning.plan import Access, Instruction, Store
    >>> f8, (x, y) = np.dtype(float), np.zeros((2, 3))
    >>> there, here = Buffer("given", 3, f8), Buffer("result", 3, f8)
    >>> load = Instruction("load", (Access(there, 0, (1,)),), f8)
    >>> body = load, Instruction("exp", (0,), f8)
    >>> loop = Loop((3,), body, (Store(1, Access(here, 0, (1,))),))
    >>> [run] = compiled([[loop]], {there: 0, here: 1})
    >>> table = np.array([x.ctypes.data, y.ctypes.data], np.uintp)
    >>> run(table.ctypes.data, 0)
    >>> y
    array([1., 1., 1.])
    """
    program = _Program(slots)
    made = [program.segment(steps) for steps in segments]
    machine = Machine(program.text())
    return [one(machine) for one in made]


def shown(steps: list[Any]) -> str:
    """The loops among a plan's steps in LLVM's language, each kind of loop once."""
    buffers = {access.buffer: None for step in steps for access, _ in accesses(step)}
    program = _Program({buffer: i for i, buffer in enumerate(buffers)})
    for step in steps:
        if supported(step):
            program.segment([step])
    return "\n\n".join([kernel.text for kernel in program.kernels.values()])


def supported(step: Any) -> bool:
    """Whether a loop or product can become machine code."""
    if isinstance(step, Product):
        return blas.can(step)
    if not isinstance(step, Loop):
        return False
    body = step.body
    for name, args, dtype in body:
        if dtype not in arithmetic.DTYPES:
            return False
        if name in ("load", "take", "number", "literal", "position", "astype", "where"):
            continue
        if name == "reduce":
            if not _reducible(args[0], dtype):
                return False
            continue
        exponent = None
        if name == "power" and body[args[1]].name == "literal":
            exponent = body[args[1]].args[0]
        dtypes = [body[i].dtype for i in args]
        if dtype != (bool if name in arithmetic.ASKED else dtypes[0]):
            return False
        if not arithmetic.known(name, dtypes, exponent):
            return False
    for store in step.stores:
        if store.access.buffer.dtype not in arithmetic.DTYPES:
            return False
        if store.over and not _reducible(store.over, body[store.value].dtype):
            return False
    try:
        simplest(step)
    except ValueError:
        return False
    return True


def _reducible(over: str, dtype: Any) -> bool:
    if over not in arithmetic.REDUCTIONS or (over[:7] == "logical" and dtype.kind != "b"):
        return False
    return arithmetic.known(over, [dtype])


class _Program:
    """The text of a module, as it grows."""

    def __init__(self, slots: dict[Buffer, int]) -> None:
        self.slots = slots
        self.kernels: dict[Any, Kernel] = {}
        self.functions: list[str] = []
        self.memory: dict[Buffer, Any] = {}  # what loops need for themselves
        self.shared = False  # whether any work is

    def text(self) -> str:
        others: dict[str, str] = {}
        for kernel in self.kernels.values():
            others |= kernel.writer.declared | kernel.writer.defined
        loops = [kernel.text for kernel in self.kernels.values()]
        shared = [crew.text()] if self.shared else []
        return "\n".join([*others.values(), *loops, *shared, *self.functions])

    def segment(self, steps: list[Loop | Product]) -> Callable[[Machine], Run]:
        """What does the steps one after the other; it is made when there is machine code."""
        if sum(map(_points, steps)) >= LARGE:
            return self._by_all(steps)
        writer = _Caller(self)
        for step in steps:
            if isinstance(step, Product):
                writer.product(step)
                continue
            for loop in simplest(step):
                for work in worked(loop, 1):
                    writer.work(work)
        name = writer.ended("call")
        return lambda machine: self._keeping(machine.function(name))

    def _by_all(self, steps: list[Loop | Product]) -> Callable[[Machine], Run]:
        """What does the steps on several threads."""
        self.shared = True
        work: list[crew.Shared] = []
        for step in steps:
            if isinstance(step, Product):
                work.append(self._products(step))
                continue
            for loop in simplest(step):
                parts = _parts(loop)
                bounds = _bounds(loop.space, parts)
                work += [
                    self._loops(one, bounds if one.apart else []) for one in worked(loop, parts)
                ]
        name = f"shared{len(self.functions)}"
        self.functions.append(crew.listed(name, work))
        return lambda machine: crew.runner(self._keeping(machine.function(name, ctypes.c_void_p)))

    def _products(self, step: Product) -> crew.Shared:
        pieces = []
        for one in blas.cut(step, min(workers(), 2 * _points(step) // crew.FEW)):
            writer = _Caller(self)
            writer.product(one)
            pieces.append(crew.Piece(writer.ended("part", _PART), 0, 0, 0))
        return crew.Shared(pieces, _points(step), {step.x.buffer, step.y.buffer}, {step.out.buffer})

    def _loops(self, work: Work, bounds: list[tuple[int, int]]) -> crew.Shared:
        writer = _Caller(self)
        if bounds:
            writer.work(work, "%part", "%begin", "%end", len(bounds))
        else:
            writer.work(work)
        name = writer.ended("part", _PART)
        found = enumerate(bounds or [(0, 1)])
        pieces = [crew.Piece(name, i, *two) for i, two in found if two[0] < two[1]]
        return crew.Shared(
            pieces, math.prod(work.form.space[1:]) * work.points, *crew.touched(work)
        )

    def _keeping(self, call: Any) -> Any:
        call.memory = self.memory
        return call

    def kernel(self, work: Work) -> Kernel:
        name = key(work.form)
        if name not in self.kernels:
            self.kernels[name] = Kernel(work.form, f"loop{len(self.kernels)}")
        return self.kernels[name]

    def rows(self, kernel: Kernel, parts: int) -> list[Buffer]:
        columns = kernel.columns
        return [Buffer("scratch", columns * parts, dtype) for dtype in kernel.rows]

    def address(self, buffer: Buffer) -> int:
        """Where a loop's own memory is."""
        if buffer not in self.memory:
            self.memory[buffer] = np.empty(max(1, buffer.size), buffer.dtype)
        return int(self.memory[buffer].ctypes.data)


def _points(step: Loop | Product) -> int:
    """Of a loop; of a product as many as take as long."""
    if isinstance(step, Product):
        return math.prod((*step.batch, step.m, step.n, step.k)) // _TERMS
    return math.prod(step.space)


def _parts(loop: Loop) -> int:
    """Into how many parts a loop is cut, along its outermost axis."""
    parts = max(1, min(PARTS, math.prod(loop.space) // crew.LEAST))
    if len(loop.space) > 1:
        return min(parts, loop.space[0])
    return parts if is_cut(loop) else 1


def _bounds(space: tuple[int, ...], parts: int) -> list[tuple[int, int]]:
    """The parts of the outermost axis; those of columns begin at whole blocks."""
    n, step = space[0], 1 if len(space) > 1 else 1 << 10
    ends = [min(n, -(-n * (i + 1) // (parts * step)) * step) for i in range(parts)]
    return list(zip([0, *ends], ends))


class _Caller:
    """A function that calls others, on the addresses of the table."""

    def __init__(self, program: _Program) -> None:
        self.program, self.writer = program, Writer()

    def ended(self, kind: str, parameters: str = "") -> str:
        """The function's name, which begins with ``kind``; it has these parameters, too."""
        name = f"{kind}{len(self.program.functions)}"
        whole = f"ptr %table, ptr %numbers{parameters}"
        self.program.functions.append(self.writer.function(f"{{}} @{name}", whole))
        return name

    def work(
        self, work: Work, part: str = "0", begin: str = "0", end: str = "", parts: int = 1
    ) -> None:
        """A call of a loop's function, for all of its points or for a part of them."""
        kernel = self.program.kernel(work)
        apart = work.apart or (0,) * len(work.pointers)
        arguments = [
            f"ptr {self._of(buffer, offset, part, step)}"
            for (buffer, offset), step in zip(work.pointers, apart)
        ]
        for number in work.numbers:
            address = self.writer.place("%numbers", np.dtype(float), str(number))
            arguments.append(f"double {self.writer.load(address, float, 0).text}")
        for row in self.program.rows(kernel, parts):
            arguments.append(f"ptr {self._of(row, 0, part, kernel.columns)}")
        arguments += [f"i64 {begin}", f"i64 {end or work.points}"]
        self.writer.line(f"call void @{kernel.name}({', '.join(arguments)})")

    def _of(self, buffer: Buffer, offset: int, part: str, step: int) -> str:
        """The address of an element of a buffer, or of each part's own."""
        if buffer in self.program.slots:
            slot = self.writer.place("%table", I8, str(self.program.slots[buffer]))
            base = self.writer.name()
            self.writer.line(f"{base} = load ptr, ptr {slot}")
        else:
            base = self.writer.name()
            address = self.program.address(buffer)
            self.writer.line(f"{base} = inttoptr i64 {address} to ptr")
        base = self.writer.place(base, buffer.dtype, str(offset))
        if not step or part == "0":
            return base
        return self.writer.place(base, buffer.dtype, (Value(self.writer, part, I8, 0) * step).text)

    def product(self, product: Product) -> None:
        """A call of BLAS, for each matrix of the batch."""
        if not product.m or not product.n:
            return
        pointers = {
            name: self._of(access.buffer, access.offset, "0", 0)
            for name, access in (("x", product.x), ("y", product.y), ("out", product.out))
        }
        with ExitStack() as stack:
            for axis, count in enumerate(product.batch):
                i = stack.enter_context(self.writer.loop(0, count))
                for name in pointers:
                    access = getattr(product, name)
                    step = (i * access.strides[axis]).text
                    pointers[name] = self.writer.place(pointers[name], access.buffer.dtype, step)
            self.writer.line(blas.text(product, pointers))
