"""Writing LLVM's language: values that look like numbers, and write down what is done with them.

A :class:`Value` is one number or a vector of them, of one dtype. ``x * y + 1`` writes two lines
into its :class:`Writer`, and is a value itself: what stands in ``polynomials.py`` reads like NumPy.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

# What LLVM calls our dtypes. Truth is one bit in a register, and a byte in memory.
TYPES = {"f4": "float", "f8": "double", "i1": "i8", "i2": "i16", "i4": "i32", "i8": "i64"}
TYPES |= {"u1": "i8", "b1": "i1"}

F4, F8, I4, I8, BOOL = [np.dtype(name) for name in ("f4", "f8", "i4", "i8", "?")]


class Value:
    """``width`` numbers in a vector, or with width 0 one number: ``text`` is its name in a writer.

    Operators take a Python number, or a value of the same dtype and width. ``//`` and ``%`` are
    the processor's, that cut towards 0; comparisons are functions of their own.
    """

    __slots__ = ("dtype", "number", "text", "width", "writer")

    def __init__(self, writer: Writer, text: str, dtype: Any, width: int) -> None:
        self.writer, self.text, self.dtype, self.width = writer, text, np.dtype(dtype), width
        self.number: Any = None  # of a literal

    @property
    def type(self) -> str:
        name = TYPES[self.dtype.str[1:]]
        return f"<{self.width} x {name}>" if self.width else name

    @property
    def floating(self) -> bool:
        return self.dtype.kind == "f"

    def like(self, number: Any) -> Value:
        """``number`` as a value of this dtype and width."""
        if isinstance(number, Value):
            return number
        return self.writer.literal(number, self.dtype, self.width)

    def _two(self, other: Any, floats: str, whole: str) -> Value:
        return self.writer.op(floats if self.floating else whole, self, self.like(other))

    def __add__(self, other: Any) -> Value:
        return self._two(other, "fadd", "add")

    def __sub__(self, other: Any) -> Value:
        return self._two(other, "fsub", "sub")

    def __mul__(self, other: Any) -> Value:
        return self._two(other, "fmul", "mul")

    def __truediv__(self, other: Any) -> Value:
        return self._two(other, "fdiv", "")

    def __floordiv__(self, other: Any) -> Value:
        return self._two(other, "", "udiv" if self.dtype.kind == "u" else "sdiv")

    def __mod__(self, other: Any) -> Value:
        return self._two(other, "frem", "urem" if self.dtype.kind == "u" else "srem")

    def __and__(self, other: Any) -> Value:
        return self.writer.op("and", self, self.like(other))

    def __or__(self, other: Any) -> Value:
        return self.writer.op("or", self, self.like(other))

    def __xor__(self, other: Any) -> Value:
        return self.writer.op("xor", self, self.like(other))

    def __lshift__(self, other: Any) -> Value:
        return self.writer.op("shl", self, self.like(other))

    def __rshift__(self, other: Any) -> Value:
        return self.writer.op("lshr" if self.dtype.kind == "u" else "ashr", self, self.like(other))

    def __neg__(self) -> Value:
        if self.floating:
            return self.writer.op("fneg", self)
        return self.like(0) - self

    def _compared(self, other: Any, floats: str, whole: str) -> Value:
        if self.floating:
            code = "fcmp " + floats
        else:
            sign = "" if whole in ("eq", "ne") else "u" if self.dtype.kind in "ub" else "s"
            code = f"icmp {sign}{whole}"
        return self.writer.op(code, self, self.like(other), dtype=BOOL)

    def less(self, other: Any) -> Value:
        return self._compared(other, "olt", "lt")

    def at_most(self, other: Any) -> Value:
        return self._compared(other, "ole", "le")

    def equals(self, other: Any) -> Value:
        return self._compared(other, "oeq", "eq")

    def differs(self, other: Any) -> Value:
        """Of NaN from itself, too."""
        return self._compared(other, "une", "ne")

    def fused(self, factor: Any, term: Any) -> Value:
        """``self * factor + term``, rounded once where the processor does it as fast."""
        return self.writer.intrinsic("fmuladd", self, self.like(factor), self.like(term))

    def select(self, yes: Value, no: Any) -> Value:
        """Of truth: ``yes`` where it holds, else ``no``."""
        return self.writer.op("select", self, yes, yes.like(no), dtype=yes.dtype)

    def bits(self) -> Value:
        """Of a float: the integer of the same bits."""
        return self.writer.cast("bitcast", self, np.dtype(f"i{self.dtype.itemsize}"))

    def as_float(self) -> Value:
        """Of an integer: the float of the same bits."""
        return self.writer.cast("bitcast", self, np.dtype(f"f{self.dtype.itemsize}"))

    def splat(self, width: int) -> Value:
        """One number, ``width`` times."""
        if self.width or not width:
            return self
        one, zero = self.writer.name(), self.writer.name()
        of = f"<{width} x {self.type}>"
        self.writer.line(f"{one} = insertelement {of} poison, {self.type} {self.text}, i64 0")
        self.writer.line(
            f"{zero} = shufflevector {of} {one}, {of} poison, <{width} x i32> zeroinitializer"
        )
        return Value(self.writer, zero, self.dtype, width)

    def lane(self, i: int) -> Value:
        """One number of a vector."""
        name = self.writer.name()
        self.writer.line(f"{name} = extractelement {self.type} {self.text}, i64 {i}")
        return Value(self.writer, name, self.dtype, 0)

    def lanes(self, begin: int, count: int) -> Value:
        """A vector of ``count`` of a vector's numbers."""
        name = self.writer.name()
        places = ", ".join([f"i32 {begin + i}" for i in range(count)])
        self.writer.line(
            f"{name} = shufflevector {self.type} {self.text}, {self.type} poison, "
            f"<{count} x i32> <{places}>"
        )
        return Value(self.writer, name, self.dtype, count)


class Writer:
    """The lines of one function, and the functions that it calls, by their names: those of others
    are ``declared``, those that it wrote itself ``defined``."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.variables: list[str] = []
        self.declared: dict[str, str] = {}
        self.defined: dict[str, str] = {}
        self._count = 0

    def name(self) -> str:
        self._count += 1
        return f"%v{self._count}"

    def line(self, text: str) -> None:
        self.lines.append(text)

    def op(self, code: str, *values: Value, dtype: Any = None) -> Value:
        """``code`` with operands of one type; of select the first is truth."""
        first, name = values[0], self.name()
        if code == "select":
            operands = ", ".join([f"{one.type} {one.text}" for one in values])
        else:
            operands = f"{first.type} " + ", ".join([one.text for one in values])
        self.line(f"{name} = {code} {operands}")
        return Value(self, name, np.dtype(dtype or first.dtype), max([v.width for v in values]))

    def cast(self, code: str, value: Value, dtype: Any) -> Value:
        result = Value(self, self.name(), np.dtype(dtype), value.width)
        self.line(f"{result.text} = {code} {value.type} {value.text} to {result.type}")
        return result

    def call(self, function: str, *values: Value, dtype: Any = None) -> Value:
        """A function of values, whose result is like the first one, or of ``dtype``."""
        result = Value(self, self.name(), np.dtype(dtype or values[0].dtype), values[0].width)
        types = ", ".join([one.type for one in values])
        self.declared[function] = f"declare {result.type} {function}({types})"
        arguments = ", ".join([f"{one.type} {one.text}" for one in values])
        self.line(f"{result.text} = call {result.type} {function}({arguments})")
        return result

    def intrinsic(self, name: str, *values: Value) -> Value:
        """A function that LLVM knows itself, element by element."""
        first = values[0]
        kind = f"{first.dtype.kind}{first.dtype.itemsize * 8}".replace("u", "i")
        return self.call(f"@llvm.{name}.{f'v{first.width}' if first.width else ''}{kind}", *values)

    def scaled(self, x: Value, n: Value) -> Value:
        """x 2ⁿ, for integers n."""
        wide, size = f"v{x.width}" if x.width else "", x.dtype.itemsize * 8
        return self.call(f"@llvm.ldexp.{wide}f{size}.{wide}i{size}", x, n)

    def each(self, function: str, *values: Value) -> Value:
        """A function of the mathematical library, called for one number after the other."""
        width = values[0].width
        if not width:
            return self.call(function, *values)
        text = "poison"
        for i in range(width):
            one = self.call(function, *[value.lane(i) for value in values])
            name = self.name()
            of = values[0].type
            self.line(f"{name} = insertelement {of} {text}, {one.type} {one.text}, i64 {i}")
            text = name
        return Value(self, text, values[0].dtype, width)

    def literal(self, number: Any, dtype: Any, width: int) -> Value:
        """A constant.

        >>> Writer().literal(0.5, np.float32, 4).text
        'splat (float 0x3FE0000000000000)'
        """
        dtype = np.dtype(dtype)
        if dtype.kind == "f":
            with np.errstate(all="ignore"):
                rounded = float(dtype.type(number))
            text = "0x" + struct.pack(">d", rounded).hex().upper()
        elif dtype.kind == "b":
            text = "true" if number else "false"
        else:
            text = str(int(number))
        if width:
            text = f"splat ({TYPES[dtype.str[1:]]} {text})"
        value = Value(self, text, dtype, width)
        value.number = number
        return value

    def any(self, truth: Value) -> Value:
        """Whether a truth holds somewhere in a vector."""
        if not truth.width:
            return truth
        bits, result = self.name(), Value(self, self.name(), BOOL, 0)
        self.line(f"{bits} = bitcast {truth.type} {truth.text} to i{truth.width}")
        self.line(f"{result.text} = icmp ne i{truth.width} {bits}, 0")
        return result

    # -- memory --------------------------------------------------------------------------------

    def place(self, base: str, dtype: np.dtype[Any], index: str) -> str:
        """The address of element ``index`` (a text of an i64) of those that begin at ``base``."""
        if index == "0":
            return base
        name = self.name()
        of = "i8" if dtype.kind == "b" else TYPES[dtype.str[1:]]
        self.line(f"{name} = getelementptr {of}, ptr {base}, i64 {index}")
        return name

    def load(self, address: str, dtype: Any, width: int, stride: int = 1) -> Value:
        """``width`` elements from ``address`` on, ``stride`` elements from one to the next."""
        dtype = np.dtype(dtype)
        if dtype.kind == "b":
            return self.load(address, np.uint8, width, stride).differs(0)
        result = Value(self, self.name(), dtype, width)
        size = dtype.itemsize
        if not width or stride == 1:
            self.line(f"{result.text} = load {result.type}, ptr {address}, align {size}")
            return result
        if stride == -1:
            first = self.place(address, dtype, str(1 - width))
            whole = self.load(first, dtype, width)
            order = ", ".join([f"i32 {width - 1 - i}" for i in range(width)])
            self.line(
                f"{result.text} = shufflevector {whole.type} {whole.text}, {whole.type} poison, "
                f"<{width} x i32> <{order}>"
            )
            return result
        return self.gather(address, dtype, self.steps(width, stride))

    def store(self, value: Value, address: str, stride: int = 1) -> None:
        """The reverse of :meth:`load`."""
        if value.dtype.kind == "b":
            return self.store(self.cast("zext", value, np.uint8), address, stride)
        size, width = value.dtype.itemsize, value.width
        if not width or stride == 1:
            return self.line(f"store {value.type} {value.text}, ptr {address}, align {size}")
        places = self._places(address, value.dtype, self.steps(width, stride))
        kind = f"v{width}{value.dtype.kind}{size * 8}".replace("u", "i")
        function = f"@llvm.masked.scatter.{kind}.v{width}p0"
        mask = f"<{width} x i1>"
        self.declared[function] = (
            f"declare void {function}({value.type}, <{width} x ptr>, i32, {mask})"
        )
        self.line(
            f"call void {function}({value.type} {value.text}, <{width} x ptr> {places}, "
            f"i32 {size}, {mask} splat (i1 true))"
        )

    def steps(self, width: int, stride: int = 1) -> Value:
        """0, stride, 2 stride, …"""
        text = ", ".join([f"i64 {i * stride}" for i in range(width)])
        return Value(self, f"<{text}>" if width else "0", I8, width)

    def _places(self, base: str, dtype: np.dtype[Any], index: Value) -> str:
        name = self.name()
        of = TYPES[dtype.str[1:]]
        self.line(f"{name} = getelementptr {of}, ptr {base}, {index.type} {index.text}")
        return name

    def gather(self, base: str, dtype: Any, index: Value) -> Value:
        """The elements ``index``, which may be a vector, of those that begin at ``base``."""
        dtype = np.dtype(dtype)
        if dtype.kind == "b":
            return self.gather(base, np.uint8, index).differs(0)
        width = index.width
        if not width:
            return self.load(self.place(base, dtype, index.text), dtype, 0)
        places = self._places(base, dtype, index)
        result = Value(self, self.name(), dtype, width)
        kind = f"v{width}{dtype.kind}{dtype.itemsize * 8}".replace("u", "i")
        function = f"@llvm.masked.gather.{kind}.v{width}p0"
        mask = f"<{width} x i1>"
        self.declared[function] = (
            f"declare {result.type} {function}(<{width} x ptr>, i32, {mask}, {result.type})"
        )
        self.line(
            f"{result.text} = call {result.type} {function}(<{width} x ptr> {places}, "
            f"i32 {dtype.itemsize}, {mask} splat (i1 true), {result.type} poison)"
        )
        return result

    # -- variables and loops -------------------------------------------------------------------

    def variable(self, first: Value) -> Callable[..., Value]:
        """A variable: called, it tells its value; called with a value, it takes that.

        It is memory of the function; LLVM makes a register of it.
        """
        name = self.name()
        self.variables.append(f"{name} = alloca {first.type}")

        def variable(value: Value | None = None) -> Value:
            if value is None:
                value = Value(self, self.name(), first.dtype, first.width)
                self.line(f"{value.text} = load {value.type}, ptr {name}")
            else:
                self.line(f"store {value.type} {value.text}, ptr {name}")
            return value

        variable(first)
        return variable

    @contextmanager
    def loop(self, begin: Any, end: Any, step: int = 1) -> Iterator[Value]:
        """Lines within are done for ``begin``, ``begin + step``, … below ``end``: given as i64."""
        i = self.variable(Value(self, str(begin), I8, 0))
        label = self.name()[1:]
        self.line(f"br label %head.{label}\nhead.{label}:")
        now = i()
        more = now.less(Value(self, str(end), I8, 0))
        self.line(f"br i1 {more.text}, label %body.{label}, label %done.{label}\nbody.{label}:")
        yield now
        i(now + step)
        self.line(f"br label %head.{label}\ndone.{label}:")

    @contextmanager
    def only_if(self, condition: Value) -> Iterator[None]:
        """Lines within are done where ``condition``, one truth, holds."""
        label = self.name()[1:]
        self.line(f"br i1 {condition.text}, label %then.{label}, label %else.{label}")
        self.line(f"then.{label}:")
        yield
        self.line(f"br label %else.{label}\nelse.{label}:")

    def apart(self, name: str, of: Callable[[Value], Value], value: Value) -> Value:
        """``of`` a value, as a call of a function that is written once for all values like it."""
        full = f"{name}.{value.width}.{value.dtype}"
        if full not in self.defined:
            inner = Writer()
            result = of(Value(inner, "%x", value.dtype, value.width))
            self.defined[full] = inner.function(
                f"internal {{}} @{full}", f"{value.type} %x", result
            )
            self.declared |= inner.declared
        result = Value(self, self.name(), value.dtype, value.width)
        self.line(f"{result.text} = call {value.type} @{full}({value.type} {value.text})")
        return result

    def function(self, name: str, parameters: str, result: Value | None = None) -> str:
        """The text of the whole function; ``{}`` in its name is for the type of what it gives."""
        kind = result.type if result else "void"
        name, end = name.format(kind), f"ret {kind} {result.text}" if result else "ret void"
        inside = "\n  ".join(["br label %start\nstart:", *self.lines, end])
        variables = "\n  ".join(self.variables)
        return f"define {name}({parameters}) {{\n  {variables}\n  {inside}\n}}\n"
