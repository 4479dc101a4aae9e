"""Loops as machine code, on random loops whose numbers are exact, beside the interpreter."""

import numpy as np
import pytest

from autograd.compiler.planning.interpret import interpreted, poisoned
from autograd.compiler.planning.plan import Access, Buffer, Instruction, Loop, Plan, Store, View

pytest.importorskip("llvmlite")

from autograd.compiler.machine.segments import compiled, supported  # noqa: E402

F4, F8, I8 = np.dtype("f4"), np.dtype("f8"), np.dtype("i8")
FLOATS = ["f4", "f8"]
KINDS = ["f4", "f4", "f4", "f8", "i4", "i8", "?", "u1", "i1", "i2"]
EXTENTS = [1, 1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 31, 33, 64, 70, 100, 130]
TWO = ["add", "subtract", "multiply", "maximum", "minimum", "fmax", "fmin", "copysign"]
ONE = ["negative", "absolute", "square", "sign", "floor", "ceil", "rint", "trunc"]
ASKED = ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"]
TRUTHS = ["logical_and", "logical_or", "logical_xor", "logical_not", "invert"]
WHOLE = ["bitwise_and", "bitwise_or", "bitwise_xor", "floor_divide", "remainder"]


class Made:
    """A random loop, and the arrays that it runs on."""

    def __init__(self, rng, large=False):
        self.rng = rng
        n = rng.integers(1, 4)
        self.space = tuple([int(one) for one in rng.choice(EXTENTS[: 17 if n < 3 else 12], n)])
        if large:
            self.space = (*self.space[:-1], int(rng.integers(2000, 9000)))
        self.body, self.stores, self.arrays, self.given, self.views = [], [], {}, {}, []
        self.exact = {}
        for _ in range(rng.integers(1, 4)):
            self.load()
        for _ in range(rng.integers(1, 12)):
            self.step()
        for _ in range(rng.integers(1, 4)):
            self.store()
        if rng.random() < 0.5:
            self.store_in_place()
        self.loop = Loop(self.space, tuple(self.body), tuple(self.stores))

    def do(self, name, *args, dtype):
        self.body.append(Instruction(name, args, np.dtype(dtype)))
        return len(self.body) - 1

    def access(self, array, keep=None, name=""):
        """A buffer with room for one element a point, and how it is walked through."""
        rng, space = self.rng, self.space
        order, step, strides = rng.permutation(len(space)), 1, [0] * len(space)
        offset = int(rng.integers(0, 3))
        for axis in order if rng.random() < 0.4 else range(len(space))[::-1]:
            if keep is not None and axis not in keep:
                continue
            if keep is None and rng.random() < 0.2:
                continue
            strides[axis] = step
            step *= space[axis]
            if rng.random() < 0.1:
                step *= 2
            if rng.random() < 0.1:
                offset += strides[axis] * (space[axis] - 1)
                strides[axis] *= -1
        size = 4 + sum([abs(s) * (n - 1) for s, n in zip(strides, space)]) + offset
        buffer = Buffer("given" if name else "result", size, array, name)
        return Access(buffer, offset, tuple(strides))

    def load(self):
        rng, name = self.rng, f"x{len(self.given)}"
        dtype = np.dtype(rng.choice(KINDS))
        access = self.access(dtype, name=name)
        values = rng.integers(0 if dtype.kind in "bu" else -4, 5, access.buffer.size)
        if dtype.kind == "b":
            values = values % 2
        array = values.astype(dtype)
        if dtype.kind == "f" and rng.random() < 0.3:
            array[rng.integers(0, len(array), 1 + len(array) // 9)] = np.nan
        if dtype.kind == "f" and rng.random() < 0.2:
            array[rng.integers(0, len(array))] = rng.choice([np.inf, -np.inf])
        self.given[name], self.arrays[name] = access.buffer, array
        return self.do("load", access, dtype=dtype)

    def operand(self, dtype):
        """Some value, as ``dtype`` and near 0: what is computed from two of them is exact."""
        good = [i for i, one in enumerate(self.body) if one.name != "literal"]
        i = int(self.rng.choice(good[-8:] if self.rng.random() < 0.7 else good))
        if self.body[i].dtype != dtype:
            if dtype.kind != "f" and self.body[i].dtype.kind == "f":
                good = self.do(
                    "less",
                    self.do("absolute", i, dtype=self.body[i].dtype),
                    self.do("literal", 9, dtype=self.body[i].dtype),
                    dtype=bool,
                )
                zero = self.do("literal", 0, dtype=self.body[i].dtype)
                i = self.do("where", good, i, zero, dtype=self.body[i].dtype)
            i = self.do("astype", i, dtype=dtype)
        if dtype.kind == "b":
            return i
        low = self.do("literal", 0 if dtype.kind == "u" else -4, dtype=dtype)
        i = self.do("maximum", i, low, dtype=dtype)
        return self.do("minimum", i, self.do("literal", 4, dtype=dtype), dtype=dtype)

    def step(self):
        rng = self.rng
        dtype, what = np.dtype(rng.choice(KINDS)), rng.random()
        if what < 0.15:
            name = rng.choice(["add", "maximum", "minimum"])
            name = rng.choice(["logical_or", "logical_and", "add"]) if dtype.kind == "b" else name
            return self.do("reduce", str(name), self.operand(dtype), dtype=dtype)
        if what < 0.25:
            return self.do("exp2", self.operand(F4), dtype=F4)
        if what < 0.3:
            return self.do("position", int(rng.integers(0, len(self.space))), dtype="i8")
        if what < 0.35:
            return self.do("number", int(rng.integers(0, 3)), dtype=rng.choice(FLOATS))
        if what < 0.4:
            return self.load()
        if what < 0.45:
            return self.take()
        if what < 0.55:
            condition = self.operand(np.dtype(bool))
            return self.do(
                "where", condition, self.operand(dtype), self.operand(dtype), dtype=dtype
            )
        if what < 0.65:
            name = str(rng.choice(ASKED))
            return self.do(name, self.operand(dtype), self.operand(dtype), dtype=bool)
        names = TRUTHS if dtype.kind == "b" else [*TWO, *ONE] if dtype.kind == "f" else [
            *TWO[:7], *ONE[:4], *WHOLE]  # fmt: skip
        if dtype.kind == "u":
            names = [*TWO[:7], *WHOLE]
        name = str(rng.choice(names))
        two = name not in (*ONE, "logical_not", "invert")
        operands = [self.operand(dtype) for _ in range(1 + two)]
        return self.do(name, *operands, dtype=dtype)

    def take(self):
        rng, space = self.rng, self.space
        index = self.operand(np.dtype(rng.choice(["i4", "i8"])))
        stride, strides = int(rng.integers(1, 4)), tuple([int(rng.integers(0, 2)) for _ in space])
        size = 8 * stride + 1 + sum([s * (n - 1) for s, n in zip(strides, space)])
        name = f"x{len(self.given)}"
        self.given[name] = Buffer("given", size, "f4", name)
        self.arrays[name] = rng.integers(-4, 5, size).astype("f4")
        access = Access(self.given[name], 4 * stride, strides)
        return self.do("take", access, ((index, stride),), dtype="f4")

    def store_in_place(self):
        """To the very elements that were read."""
        rng, done = self.rng, {store.access.buffer for store in self.stores}
        for one in self.body:
            if one.name != "load" or one.args[0].buffer in done or rng.random() < 0.5:
                continue
            access = one.args[0]
            if all([stride or n == 1 for stride, n in zip(access.strides, self.space)]):
                done.add(access.buffer)
                self.stores.append(Store(self.operand(one.dtype), access))

    def store(self):
        rng, space = self.rng, self.space
        value, over, axes = len(self.body) - 1 - int(rng.integers(0, 2)), "", ()
        value = max(value, 0)
        varying = along(self.body, len(space), value)
        if rng.random() < 0.5:
            axes = tuple([axis for axis in range(len(space)) if rng.random() < 0.5])
            names = ["add", "maximum", "minimum"]
            if axes:
                dtype = self.body[value].dtype
                over = str(rng.choice(["logical_or"] if dtype.kind == "b" else names))
                value = self.operand(dtype) if len(self.body) < 60 else value
                varying = along(self.body, len(space), value)
        keep = [
            axis
            for axis in range(len(space))
            if axis not in axes and (axis in varying or rng.random() < 0.6)
        ]
        dtype = self.body[value].dtype
        access = self.access(dtype, keep)
        self.stores.append(Store(value, access, over, axes))
        self.views.append((access, keep))


def along(body, axes, value):
    """The axes along which a value changes."""
    from autograd.compiler.machine.spaces import varies

    return varies(Loop((2,) * axes, tuple(body), ()))[value]


def both(loop, given, arrays, numbers=(), in_place=()):
    """What the interpreter and the machine code make of the buffers that a loop stores to."""
    buffers = {store.access.buffer: None for store in loop.stores}
    views = [View((one.size,), Access(one, 0, (1,))) for one in buffers]
    first = {name: array.copy() for name, array in arrays.items()}
    with np.errstate(all="ignore"):
        plan = Plan([loop], given, list(numbers), views, 0)
        want = interpreted(plan, first, list(numbers))
    found = {given[name]: array.copy() for name, array in arrays.items()}
    for one in buffers:
        if one not in found:
            found[one] = poisoned(np.empty(one.size, one.dtype))
    slots = {one: i for i, one in enumerate(found)}
    [run] = compiled([[loop]], slots)
    table = np.array([one.ctypes.data for one in found.values()], np.uintp)
    values = np.array(numbers, float)
    run(table.ctypes.data, values.ctypes.data)
    return [np.array(one) for one in want], [found[one] for one in buffers]


def check(seed, large=False):
    made = Made(np.random.default_rng(seed), large)
    assert supported(made.loop), made.loop
    want, got = both(made.loop, made.given, made.arrays, (2.0, -3.0, 0.5))
    for one, other in zip(want, got):
        np.testing.assert_array_equal(one, other, err_msg=str(made.loop))


@pytest.mark.parametrize("seed", range(6))
def test_random_loops_give_what_the_interpreter_gives(seed):
    for i in range(10):
        check(10 * seed + i)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 2100, 20))
def test_two_thousand_more(seed):
    for i in range(20):
        check(seed + i)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_long_rows(seed):
    check(seed, large=True)
