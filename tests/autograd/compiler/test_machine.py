"""Products, sums, large loops and what calls them: machine code beside NumPy."""

import math

import numpy as np
import pytest

from autograd.compiler.planning.interpret import poisoned
from autograd.compiler.planning.plan import Access, Buffer, Instruction, Loop, Product, Store

pytest.importorskip("llvmlite")

import autograd  # noqa: E402
from autograd.arrays import threads  # noqa: E402
from autograd.compiler.machine import blas, segments as module  # noqa: E402
from autograd.compiler.machine.phases import Form, Phases  # noqa: E402
from autograd.compiler.machine.segments import compiled, supported  # noqa: E402
from autograd.compiler.machine.target import Machine  # noqa: E402
from autograd.compiler.trial import difference  # noqa: E402

F4, F8 = np.dtype("f4"), np.dtype("f8")
openblas = pytest.mark.skipif(not blas.addresses(), reason="NumPy has another BLAS")


def run(steps, arrays, numbers=()):
    """Do steps on the arrays of their buffers."""
    [call] = compiled([steps], {one: i for i, one in enumerate(arrays)})
    table = np.array([one.ctypes.data for one in arrays.values()], np.uintp)
    values = np.array(numbers, float)
    call(table.ctypes.data, values.ctypes.data)


def laid_out(rng, shape, dtype, turned):
    """An array of this shape in a buffer, a margin around it; its buffer, access and values."""
    *batch, rows, columns = shape
    margin = int(rng.integers(0, 3))
    inner = (columns, rows + margin) if turned else (rows, columns + margin)
    memory = rng.standard_normal((*batch, *inner)).astype(dtype)
    view = memory.swapaxes(-1, -2)[..., :rows, :] if turned else memory[..., :columns]
    buffer = Buffer("given", memory.size, dtype)
    strides = tuple([one // memory.itemsize for one in view.strides])
    return buffer, Access(buffer, 0, strides), memory, view


def product(seed):
    rng = np.random.default_rng(seed)
    dtype = F4 if seed % 2 else F8
    m, k, n = [int(one) for one in rng.choice([1, 1, 2, 3, 5, 8, 17, 40], 3)]
    batch = tuple([int(one) for one in rng.choice([1, 2, 3], rng.integers(0, 3))])
    x = laid_out(rng, (*batch, m, k), dtype, rng.random() < 0.5)
    y = laid_out(rng, (*batch, k, n), dtype, rng.random() < 0.5)
    out = laid_out(rng, (*batch, m, n), dtype, rng.random() < 0.5)
    step = Product(batch, m, n, k, x[1], y[1], out[1])
    assert supported(step)
    poisoned(out[2])
    run([step], {one[0]: one[2] for one in (x, y, out)})
    want = x[3].astype(np.float64) @ y[3].astype(np.float64)
    np.testing.assert_allclose(out[3], want, rtol=0, atol=(1e-5 if dtype == F4 else 1e-13) * k)


@openblas
def test_products_however_they_lie():
    for seed in range(40):
        product(seed)


@pytest.mark.slow
@openblas
def test_products_more_of_them():
    for seed in range(40, 640):
        product(seed)


@openblas
def test_a_product_over_nothing_is_zero():
    x, y, out = [Buffer("given", 6, F4) for _ in range(3)]
    step = Product((), 2, 3, 0, Access(x, 0, (1, 1)), Access(y, 0, (3, 1)), Access(out, 0, (3, 1)))
    got = poisoned(np.empty(6, F4))
    run([step], {x: np.empty(6, F4), y: np.empty(6, F4), out: got})
    assert not got.any()


@pytest.mark.parametrize(
    "change",
    [
        {"x": (0, 1)},  # a row again and again
        {"x": (2, 2)},  # no step of 1
        {"y": (-3, 1)},
        {"out": (1, 1)},  # overlapping rows
    ],
)
def test_what_blas_cannot_is_not_supported(change):
    strides = {"x": (4, 1), "y": (3, 1), "out": (3, 1)} | change
    places = {name: Access(Buffer("given", 99, F4), 0, one) for name, one in strides.items()}
    assert not supported(Product((), 2, 3, 4, **places))


def test_without_openblas_no_product_is_supported(monkeypatch):
    monkeypatch.setattr(blas, "addresses", dict)
    places = [Access(Buffer("given", 99, F4), 0, (9, 1)) for _ in range(3)]
    assert not supported(Product((), 9, 9, 9, *places))


# -- sums ------------------------------------------------------------------------------------------


def summed(x, space, axes, *, over="add"):
    """The machine's reduction of an array over some axes of a space."""
    strides = [math.prod(space[i + 1 :]) for i in range(len(space))]
    kept = [0 if i in axes else n for i, n in enumerate(space)]
    left = [math.prod([n for n in kept[i + 1 :] if n]) if n else 0 for i, n in enumerate(kept)]
    size = math.prod([n for n in kept if n])
    given, result = Buffer("given", x.size, x.dtype), Buffer("result", size, x.dtype)
    load = Instruction("load", (Access(given, 0, tuple(strides)),), x.dtype)
    store = Store(0, Access(result, 0, tuple(left)), over, axes)
    got = poisoned(np.empty(size, x.dtype))
    run([Loop(space, (load,), (store,))], {given: x, result: got})
    return got


def check_sum(space, axes, dtype):
    rng = np.random.default_rng(0)
    x = rng.random(space).astype(dtype)
    got = summed(x.ravel(), space, axes)
    exact = x.astype(np.longdouble).sum(axes).ravel()
    ours = np.abs(got - exact).max() / exact.max()
    flat = np.ascontiguousarray(np.moveaxis(x, axes, range(-len(axes), 0))).reshape(exact.size, -1)
    numpys = np.abs(flat.sum(1) - exact).max() / exact.max()  # pairwise, along memory
    assert ours <= max(numpys, np.finfo(dtype).eps)


SPACES = [
    ((300_007,), (0,)),
    ((20, 15_001), (1,)),
    ((15_001, 20), (0,)),
    ((40, 50, 100), (0, 2)),
    ((130, 7, 300), (0,)),
    ((100_000, 3), (0, 1)),
]


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("space, axes", SPACES, ids=str)
def test_sums_are_at_least_as_good_as_numpys(space, axes, dtype):
    check_sum(space, axes, dtype)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize(
    "space, axes",
    [((10_000_000,), (0,)), ((1_000_000, 10), (0,)), ((10, 1_000_000), (1,))],
    ids=str,
)
def test_sums_of_ten_millions(space, axes, dtype):
    check_sum(space, axes, dtype)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("space, axes", [((300_000,), (0,)), ((3000, 5), (0,))], ids=str)
def test_an_infinite_sum_is_infinite(space, axes, dtype):
    x = np.ones(space, dtype)
    x[space[0] // 2] = np.inf
    assert (summed(x.ravel(), space, axes) == np.inf).all()


@pytest.mark.parametrize("dtype", ["i4", "i8", "u1", "?"])
@pytest.mark.parametrize("over", ["add", "maximum", "minimum", "bitwise_and", "logical_or"])
def test_whole_numbers_and_truths_are_exact(dtype, over):
    dtype = np.dtype(dtype)
    if (over == "logical_or") != (dtype.kind == "b"):
        return
    rng = np.random.default_rng(0)
    for space, axes in [((600, 1000), (0,)), ((600, 1000), (1,)), ((600_000,), (0,))]:
        x = rng.integers(0, 2 if dtype.kind == "b" else 100, space).astype(dtype)
        want = getattr(np, over).reduce(x, axis=axes[0], dtype=dtype)
        np.testing.assert_array_equal(summed(x.ravel(), space, axes, over=over), want.ravel())


@pytest.mark.parametrize("over", ["multiply", "maximum", "minimum", "fmax", "fmin"])
def test_reductions_of_floats_and_nan(over):
    rng = np.random.default_rng(0)
    for space, axes in [
        ((40, 70), (0,)),
        ((40, 70), (1,)),
        ((40, 70), (0, 1)),
        ((7, 5, 9), (0, 2)),
    ]:
        x = rng.choice(np.array([0.5, 1, 2, -1], "f4"), space)
        x[rng.random(space) < 0.05] = np.nan
        with np.errstate(all="ignore"):
            want = getattr(np, over).reduce(x, axis=axes)
        np.testing.assert_array_equal(summed(x.ravel(), space, axes, over=over), want.ravel())


def test_reductions_of_nothing():
    """Sums of nothing are 0."""
    x = np.empty(0, "f4")
    np.testing.assert_array_equal(summed(x, (3, 0), (1,)), [0, 0, 0])
    np.testing.assert_array_equal(summed(x, (0, 3), (0,)), [0, 0, 0])


# -- large loops -----------------------------------------------------------------------------------


def steps_of_adam(n):
    """A rule that reads and writes three arrays in place."""
    buffers = [Buffer("given", n, F4, name) for name in ("p", "m", "g")]
    p, m, g = [Access(one, 0, (1,)) for one in buffers]
    body = (
        Instruction("load", (p,), F4),
        Instruction("load", (m,), F4),
        Instruction("load", (g,), F4),
        Instruction("number", (0,), F4),
        Instruction("multiply", (1, 3), F4),
        Instruction("add", (4, 2), F4),
        Instruction("number", (1,), F4),
        Instruction("multiply", (5, 6), F4),
        Instruction("subtract", (0, 7), F4),
    )
    return buffers, Loop((n,), body, (Store(8, p), Store(5, m)))


@pytest.mark.parametrize("n", [module.LARGE + 5, 1000])
def test_in_place_and_shared_with_other_threads(n, monkeypatch):
    rng = np.random.default_rng(0)
    buffers, loop = steps_of_adam(n)
    p, m, g = rng.integers(-9, 9, (3, n)).astype("f4")
    for limit in (None, 1):
        monkeypatch.setattr(threads, "limit", limit)
        arrays = [p.copy(), m.copy(), g]
        run([loop], dict(zip(buffers, arrays)), (0.5, 2.0))
        np.testing.assert_array_equal(arrays[1], m * 0.5 + g)
        np.testing.assert_array_equal(arrays[0], p - 2 * (m * 0.5 + g))


def test_what_a_later_phase_reads_again_is_not_yet_written():
    x, y = Buffer("given", 300, F4), Buffer("given", 300, F4)
    there, here = Access(x, 0, (100, 1)), Access(y, 0, (100, 1))
    body = (
        Instruction("load", (there,), F4),
        Instruction("reduce", ("maximum", 0), F4),
        Instruction("subtract", (0, 1), F4),
        Instruction("add", (0, 0), F4),
    )
    loop = Loop((3, 100), body, (Store(3, there), Store(2, here)))
    a = np.arange(300, dtype="f4").reshape(3, 100)
    got, once = np.empty_like(a), a.copy()
    run([loop], {x: once, y: got})
    np.testing.assert_array_equal(once, 2 * a)
    np.testing.assert_array_equal(got, a - a.max(1, keepdims=True))


@pytest.mark.parametrize("axes", [(0,), (1,), (0, 1)])
def test_sums_do_not_depend_on_the_number_of_threads(axes, monkeypatch):
    x = np.random.default_rng(0).random((1003, 501)).astype("f4")
    both = []
    for limit in (None, 1):
        monkeypatch.setattr(threads, "limit", limit)
        both.append(summed(x.ravel(), x.shape, axes))
    np.testing.assert_array_equal(*both)
    np.testing.assert_allclose(both[0], x.sum(axes, dtype="f8").ravel(), rtol=1e-6)


def test_rows_that_are_kept_are_each_parts_own():
    """Softmax, whose exponentials are kept in a buffer of one row."""
    x, y = Buffer("given", 0, F4), Buffer("given", 0, F4)
    rows = 501, 1
    body = (
        Instruction("load", (Access(x, 0, rows),), F4),
        Instruction("reduce", ("maximum", 0), F4),
        Instruction("subtract", (0, 1), F4),
        Instruction("exp", (2,), F4),
        Instruction("reduce", ("add", 3), F4),
        Instruction("divide", (3, 4), F4),
    )
    loop = Loop((1003, 501), body, (Store(5, Access(y, 0, rows)),))
    array = np.random.default_rng(0).standard_normal((1003, 501), "f4")
    e = np.exp(array - array.max(1, keepdims=True))
    got = poisoned(np.empty_like(array))
    program = module._Program({x: 0, y: 1})
    made = program.segment([loop])
    [row] = program.memory.values()
    poisoned(row)
    table = np.array([array.ctypes.data, got.ctypes.data], np.uintp)
    made(Machine(program.text()))(table.ctypes.data, 0)
    np.testing.assert_allclose(got, e / e.sum(1, keepdims=True), rtol=2e-6)
    assert row.size == module.PARTS * 501
    assert not np.isnan(row).any()  # each part has used its own


# -- what calls them -------------------------------------------------------------------------------


@openblas
def test_a_segment_does_its_steps_in_order():
    x, w, h, s = [Buffer("given", n, F4) for n in (12, 8, 6, 2)]
    dot = Product((), 3, 2, 4, Access(x, 0, (4, 1)), Access(w, 0, (2, 1)), Access(h, 0, (2, 1)))
    rows = Access(h, 0, (2, 1))
    body = Instruction("load", (rows,), F4), Instruction("square", (0,), F4)
    loop = Loop((3, 2), body, (Store(1, rows), Store(1, Access(s, 0, (0, 1)), "add", (0,))))
    a, b = np.arange(12, dtype="f4"), np.arange(8, dtype="f4")
    got, total = np.empty(6, "f4"), np.empty(2, "f4")
    run([dot, loop, loop], {x: a, w: b, h: got, s: total})
    want = (a.reshape(3, 4) @ b.reshape(4, 2)) ** 4
    np.testing.assert_array_equal(got.reshape(3, 2), want)
    np.testing.assert_allclose(total, want.sum(0))


def test_equal_loops_are_one_function():
    program = module._Program({})
    for offset, n in enumerate([50, 50, 50, 128, 8192, 1280]):
        x, y = Buffer("given", 9999, F4), Buffer("given", 9999, F4)
        program.slots |= {x: 2 * offset, y: 2 * offset + 1}
        body = Instruction("load", (Access(x, offset, (1,)),), F4), Instruction("exp", (0,), F4)
        program.segment([Loop((n,), body, (Store(1, Access(y, 3 * offset, (1,))),))])
    assert len(program.kernels) == 2  # those over whole vectors are one, however long


def test_a_value_that_is_used_often_is_looked_at_once():
    seen = []

    class Counted(Phases):
        def _walk(self, value, *others):
            seen.append(value)
            assert len(seen) < 1000
            super()._walk(value, *others)

    lines = [Instruction("add", (i, i), F4) for i in range(40)]  # 2 to the power of 40 ways down
    body = (Instruction("load", (Access(0, 0, (1,)),), F4), *lines)
    Counted(Form((64,), body, (Store(40, Access(1, 0, (1,))),), ((F4, 0), (F4, 1)), 0))


def test_literals_tell_equal_loops_apart():
    out, program = Buffer("given", 5, F4), module._Program({})
    program.slots[out] = 0
    for literal in (0.0, -0.0, 1.0):
        body = (Instruction("literal", (literal,), F4),)
        program.segment([Loop((5,), body, (Store(0, Access(out, 0, (1,))),))])
    assert len(program.kernels) == 3


def test_what_is_stored_once_is_read_before():
    """b is doubled, and added to every row as it was."""
    x, b, y = [Buffer("given", n, F4) for n in (12, 4, 12)]
    rows, row = Access(x, 0, (4, 1)), Access(b, 0, (0, 1))
    body = (
        Instruction("load", (rows,), F4),
        Instruction("load", (row,), F4),
        Instruction("add", (0, 1), F4),
        Instruction("add", (1, 1), F4),
    )
    a, once, got = np.arange(12, dtype="f4"), np.arange(4, dtype="f4"), np.empty(12, "f4")
    want = a.reshape(3, 4) + once
    loop = Loop((3, 4), body, (Store(3, row), Store(2, Access(y, 0, (4, 1)))))
    run([loop], {x: a, b: once, y: got})
    np.testing.assert_array_equal(got.reshape(3, 4), want)
    np.testing.assert_array_equal(once, [0, 2, 4, 6])


def test_what_is_not_supported():
    x = Buffer("given", 5, "f2")
    load = Instruction("load", (Access(x, 0, (1,)),), x.dtype)
    assert not supported(Loop((5,), (load,), (Store(0, Access(x, 0, (1,))),)))
    y = Buffer("given", 5, F4)
    load = Instruction("load", (Access(y, 0, (1,)),), F4)
    for one in (
        Instruction("matmul", (0, 0), F4),
        Instruction("reduce", ("logical_or", 0), F4),
        Instruction("reduce", ("hypot", 0), F4),
        Instruction("less", (0, 0), F4),
        Instruction("add", (0, 0), F8),
    ):
        assert not supported(Loop((5,), (load, one), (Store(1, Access(y, 0, (1,))),)))
    assert not supported(Loop((5,), (load,), (Store(0, Access(y, 0, (0,)), "subtract", (0,)),)))
    assert not supported(None)


def test_a_scalar_has_memory_as_long_as_it_is_read():
    leaves = [autograd.tensor(0.1 * i + 0.2, requires_grad=True) for i in range(6)]

    def loss():
        total = leaves[0]
        for i in range(20):
            total = total * leaves[i % 6] + leaves[(5 * i + 1) % 6]
        total.backward()
        return total.detach()

    def eager():
        for leaf in leaves:
            leaf.grad = None
        return [loss().item(), *[leaf.grad.item() for leaf in leaves]]

    @autograd.compile(backend="llvm")
    def step():
        for leaf in leaves:
            leaf.grad = None
        return loss()

    for _ in range(6):
        np.testing.assert_allclose(eager(), [step().item(), *[x.grad.item() for x in leaves]], 1e-5)
    assert step.plan


def test_a_trial_asks_how_far_rounding_goes_only_where_there_is_a_difference():
    done = []

    def twice(x):
        done.append(x)
        return (x * 2,)

    assert difference(lambda x: (x + x,), twice, [np.ones(2)], []) == ""
    assert len(done) == 1
    assert difference(lambda x: (x * 3,), twice, [np.ones(2)], [])
    assert len(done) == 3


def test_functions_keep_their_machine_code():
    import gc

    x = np.arange(5, dtype="f4")
    buffer = Buffer("given", 5, F4)
    body = Instruction("load", (Access(buffer, 0, (1,)),), F4), Instruction("exp2", (0,), F4)
    loop = Loop((5,), body, (Store(1, Access(buffer, 0, (1,))),))
    calls = [compiled([[loop]], {buffer: 0})[0] for _ in range(3)]
    gc.collect()
    table = np.array([x.ctypes.data], np.uintp)
    for call in calls[:2]:
        call(table.ctypes.data, 0)
    np.testing.assert_array_equal(x, [2, 4, 16, 256, 65536])


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_a_trial_takes_no_infinity_for_a_number(value):
    def last(number):
        return lambda x: (np.where(np.arange(3) < 2, x, number),)

    x = np.ones(3)
    assert difference(last(value), last(value), [x], []) == ""
    assert difference(last(7.0), last(value), [x], [])
    assert difference(last(value), last(7.0), [x], [])
