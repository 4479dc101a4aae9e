"""Steps that threads share: what comes before what, products in pieces, threads that come late."""

import threading

import numpy as np
import pytest

from autograd.compiler.planning.plan import Access, Buffer, Instruction, Loop, Product, Store

pytest.importorskip("llvmlite")

from autograd.arrays import threads  # noqa: E402
from autograd.compiler.machine import blas, crew, segments  # noqa: E402
from tests.autograd.compiler.test_machine import openblas, run  # noqa: E402

F4 = np.dtype("f4")


def buffer(size, kind="given", place=-1):
    made = Buffer(kind, size, F4)
    made.place = place
    return made


def meet(a, b):
    """Whether one of two writes to memory that the other one touches."""

    def same(x, y):
        if x is y or "given" in (x.kind, y.kind):
            return x is y
        return x.place < y.place + 4 * y.size and y.place < x.place + 4 * x.size

    pairs = [(x, y) for x in a.writes for y in b.reads | b.writes]
    pairs += [(x, y) for x in a.reads for y in b.writes]
    return any([same(*pair) for pair in pairs])


def test_levels_keep_the_order_of_what_meets():
    rng = np.random.default_rng(0)
    for _ in range(30):
        buffers = [buffer(1) for _ in range(4)]
        buffers += [buffer(8, "planned", int(rng.integers(0, 20)) * 8) for _ in range(6)]
        work = [
            crew.Shared([], 1, *[set(rng.choice(buffers, rng.integers(0, 3))) for _ in range(2)])
            for _ in range(12)
        ]
        found = crew.levels(work)
        level = {id(one): i for i, some in enumerate(found) for one in some}
        assert len(level) == len(work)
        for i, one in enumerate(work):
            before = [level[id(other)] for other in work[:i] if meet(other, one)]
            assert level[id(one)] == max(before, default=-1) + 1


def a_layer(batch, inputs, outputs):
    """relu(x w), its gradients for the gradient g, and a step of w; buffers and arrays by name."""
    rng = np.random.default_rng(0)
    sizes = {"x": (batch, inputs), "w": (inputs, outputs), "g": (batch, outputs)}
    sizes |= {"h": sizes["g"], "d": sizes["g"], "dx": sizes["x"], "dw": sizes["w"], "s": (outputs,)}
    arrays = {name: rng.integers(-2, 3, shape).astype(F4) for name, shape in sizes.items()}
    buffers = {name: buffer(array.size) for name, array in arrays.items()}

    def at(name, turned=False):
        strides = (arrays[name].shape[-1], 1)
        return Access(buffers[name], 0, strides[::-1] if turned else strides)

    zero = Instruction("literal", (0.0,), F4)
    masked = (
        Instruction("load", (at("h"),), F4),
        zero,
        Instruction("greater", (0, 1), np.dtype(bool)),
        Instruction("load", (at("g"),), F4),
        Instruction("where", (2, 3, 1), F4),
    )
    moved = (
        Instruction("load", (at("w"),), F4),
        Instruction("load", (at("dw"),), F4),
        Instruction("subtract", (0, 1), F4),
    )
    total = Store(4, Access(buffers["s"], 0, (0, 1)), "add", (0,))
    steps = [
        Product((), batch, outputs, inputs, at("x"), at("w"), at("h")),
        Loop((batch, outputs), masked, (Store(4, at("d")), total)),
        Product((), batch, inputs, outputs, at("d"), at("w", True), at("dx")),
        Product((), inputs, outputs, batch, at("x", True), at("d"), at("dw")),
        Loop((inputs, outputs), moved, (Store(2, at("w")),)),
    ]
    return steps, buffers, arrays


def expected(arrays):
    d = np.where(arrays["x"] @ arrays["w"] > 0, arrays["g"], 0)
    return {
        "dx": d @ arrays["w"].T,
        "dw": arrays["x"].T @ d,
        "s": d.sum(0),
        "w": arrays["w"] - arrays["x"].T @ d,
    }


def crowd(count):
    """As ``run_all``, by fresh threads at once."""

    def run_all(tasks):
        several = [threading.Thread(target=tasks[0]) for _ in range(count)]
        for one in several:
            one.start()
        for one in several:
            one.join()

    return run_all


@openblas
@pytest.mark.parametrize("several", [1, 2, 5])
def test_a_layer_by_some_threads(several, monkeypatch):
    monkeypatch.setattr(segments, "LARGE", 1)
    monkeypatch.setattr(crew, "LEAST", 64)
    monkeypatch.setattr(crew, "FEW", 256)
    monkeypatch.setattr(segments, "workers", lambda: several)
    monkeypatch.setattr(crew, "run_all", crowd(several))
    for shape in [(70, 96, 170), (40, 7, 200), (5, 6, 7)]:
        steps, buffers, arrays = a_layer(*shape)
        want = expected(arrays)
        run(steps, {buffers[name]: array for name, array in arrays.items()})
        for name, array in want.items():
            np.testing.assert_array_equal(arrays[name], array, err_msg=name)


@openblas
def test_a_program_runs_again_with_fewer_threads(monkeypatch):
    """Than it was made for; and who comes when all is done does nothing."""
    monkeypatch.setattr(segments, "workers", lambda: 2)
    steps, buffers, arrays = a_layer(200, 96, 170)
    [call] = segments.compiled([steps], {one: i for i, one in enumerate(buffers.values())})
    for limit in (None, 1, None):
        monkeypatch.setattr(threads, "limit", limit)
        want = expected(arrays)
        table = np.array([one.ctypes.data for one in arrays.values()], np.uintp)
        call(table.ctypes.data, 0)
        for name, array in want.items():
            np.testing.assert_array_equal(arrays[name], array, err_msg=name)
        arrays = a_layer(200, 96, 170)[2]


def test_products_are_cut_where_they_are_wide():
    def cut(count, batch, m, n, k=8):
        out = Access(buffer(1), 0, (*[m * n for _ in batch], n, 1))
        x, y = Access(buffer(1), 0, (*out.strides[:-2], k, 1)), Access(buffer(1), 0, out.strides)
        found = blas.cut(Product(batch, m, n, k, x, y, out), count)
        return [(*one.batch, one.m, one.n) for one in found], [one.out.offset for one in found]

    assert cut(1, (), 99, 99) == ([(99, 99)], [0])
    assert cut(2, (), 256, 100) == ([(256, 32), (256, 68)], [0, 32])
    assert cut(3, (), 200, 40) == ([(64, 40), (64, 40), (72, 40)], [0, 2560, 5120])
    assert cut(2, (), 40, 40) == ([(40, 40)], [0])
    assert cut(2, (5,), 40, 40) == ([(2, 40, 40), (3, 40, 40)], [0, 3200])
    assert cut(2, (), 99, 99, 0) == ([(99, 99)], [0])


def a_row(n, over, then=()):
    x, y = buffer(n), buffer(max(1, n if then else 1))
    body = (
        Instruction("load", (Access(x, 0, (1,)),), F4),
        Instruction("reduce", (over, 0), F4),
        *then,
    )
    store = Store(len(body) - 1, Access(y, 0, (1 if then else 0,)))
    return x, y, Loop((n,), body, (store,))


@pytest.mark.parametrize("over", ["add", "maximum"])
@pytest.mark.parametrize("n", [segments.LARGE, segments.LARGE + 77])
def test_a_long_row_is_cut_where_its_sum_is_only_stored(n, over):
    x, y, loop = a_row(n, over)
    assert segments._parts(loop) == segments.PARTS
    values, got = np.random.default_rng(0).random(n, F4), np.full(1, np.nan, F4)
    run([loop], {x: values, y: got})
    np.testing.assert_allclose(got[0], getattr(np, over).reduce(values, dtype="f8"), rtol=2e-7)
    divided = Instruction("divide", (0, 1), F4)
    x, y, loop = a_row(n, over, (divided,))
    assert segments._parts(loop) == 1  # its elements wait for the sum
    got = np.full(n, np.nan, F4)
    run([loop], {x: values, y: got})
    np.testing.assert_allclose(got, values / getattr(np, over).reduce(values), rtol=1e-6)
