"""Memory of a replay: shared where arrays are never there together, and by nothing that leaves."""

import tracemalloc

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.arrays import threads
from autograd.compiler.captured import Captured
from autograd.compiler.replaying.buffers import address, laid_out
from autograd.compiler.replaying.replay import program
from autograd.compiler.tapes.recorder import Tape
from nn import functional as F

random = np.random.default_rng(0)


def drawn(*shape, dtype=np.float32):
    return random.normal(size=shape).astype(dtype)


def planned_for(function, *arrays):
    """Buffers of a function's calls, in order; None for a call without."""
    tape = Tape()
    lifted = [tape.lift(one) for one in arrays]
    result = function(*lifted)
    plan = laid_out(tape.calls, [*lifted, result])
    return [plan.buffers.get(id(call.result)) for call in tape.calls], plan


def again(function, *arrays):
    """The function's program, over poisoned memory."""
    tape = Tape()
    lifted = [tape.lift(one) for one in arrays]
    result = function(*lifted)
    replay = program(tape, {f"x{i}": one for i, one in enumerate(lifted)}, [result])
    replay.memory.fill(255)
    return replay


def overlap(a, b):
    return np.shares_memory(a, b)


def test_what_ends_is_written_over():
    first, second, third, none = planned_for(lambda x: -((x + 1) * 2 - x), drawn(20, 20))[0]
    assert first is second is third and none is None  # which leaves
    assert address(first) % 64 == 0


def test_what_is_looked_at_later_is_not():
    def function(x):
        a = x + 1
        view = a[1:]
        b = a * 2
        return (b[1:] + view) * 3

    a, _, b, _, total, _ = planned_for(function, drawn(20, 20))[0]
    assert not overlap(a, b) and total is not None


def test_a_product_writes_beside_its_operands():
    a, product, end, _ = planned_for(lambda x: -((x + 1) @ x * 2), drawn(20, 20))[0]
    assert not overlap(a, product) and product is end


def test_an_operand_in_another_order_is_not_written_over():
    def function(x):
        a = x + 1
        return -(a + np.transpose(a))  # an element is read after another was written

    a, _, total, _ = planned_for(function, drawn(20, 20))[0]
    assert not overlap(a, total)


def test_layouts_are_those_of_the_step():
    def function(x):
        a = np.transpose(x) + 1  # its columns lie in rows
        return np.add.reduce(a * a, axis=0) + np.add.reduce(a - 2, axis=0)

    x = drawn(30, 40)
    buffer = planned_for(function, x)[0][1]
    assert buffer.shape == (40, 30) and buffer.flags.f_contiguous
    (found,) = again(function, x)(x)
    np.testing.assert_array_equal(found, function(x))


def test_another_function_may_hand_out_what_it_got():
    calls = []

    def kept(x):
        calls.append(x)
        return x + 0 if len(calls) == 1 else x

    tape = Tape()
    x = tape.lift(drawn(20, 20))
    a = x + 1
    b = tape.note(kept, (a,), {}, kept(a.inside))
    c = x * 2  # may not lie where b does today, which is where a does
    result = -(b + c)
    x1 = drawn(20, 20)
    replay = program(tape, {"x": x}, [result])
    np.testing.assert_array_equal(replay(x1)[0], -(x1 + 1 + x1 * 2))


def test_results_are_fresh():
    replay = again(lambda x: (x + 1) * 2, drawn(20, 20))
    one, other = drawn(20, 20), drawn(20, 20)
    first, second = replay(one)[0], replay(other)[0]
    np.testing.assert_array_equal(first, (one + 1) * 2)
    assert not overlap(first, second) and not overlap(first, replay.memory)


NUMBERS = [2, -3, 0.1, 0.0, -0.0, 1 << 30, 1e30, float(np.finfo(np.float32).max)]


@pytest.mark.parametrize("number", [*NUMBERS, np.float32(0.1), np.float64(0.1), True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.float16, np.complex64])
def test_numbers_beside_arrays(number, dtype):
    def function(x):
        a = x * number
        a = np.stack([a + number, number - a, a / (number or 1)])
        return np.stack([a, (x > number) * a])

    x = (drawn(20, 20) * 3).astype(dtype)
    with np.errstate(all="ignore"):
        (found,) = again(function, x)(x)
        expected = function(x)
    assert found.dtype == expected.dtype
    assert found.tobytes() == expected.tobytes()  # signs of zeros, too


def test_zeros_have_signs():
    def function(x):
        return np.stack([x * 0.0, x * -0.0])

    x = drawn(4)
    assert again(function, x)(x)[0].tobytes() == function(x).tobytes()


@pytest.mark.parametrize("sizes", [(1, 1, 1), (7, 5, 3), (64, 32, 10), (65, 300, 129)])
def test_products_are_the_steps(sizes):
    n, m, k = sizes

    def function(x, w, v):
        a = np.inner(x, w)
        return np.dot(np.transpose(a), a @ v) + np.sum(np.inner(a, a))

    for dtype in (np.float32, np.float64):
        arrays = drawn(n, m, dtype=dtype), drawn(k, m, dtype=dtype), drawn(k, 9, dtype=dtype)
        (found,) = again(function, *arrays)(*arrays)
        np.testing.assert_array_equal(found, function(*arrays))


def test_what_is_always_the_same_is_made_once():
    def function(x):
        ones = np.ones_like(x)
        return np.broadcast_to(ones * 0.5, (3, *x.shape)) * x

    x = drawn(4)
    replay = again(function, x)
    assert replay.source.count(" = ") == 1  # the result, which is all there is to do
    np.testing.assert_array_equal(replay(x)[0], function(x))


def test_what_leaves_is_made_each_time():
    replay = again(np.ones_like, drawn(4))
    assert not overlap(replay(drawn(4))[0], replay(drawn(4))[0])


def test_what_is_written_to_is_made_each_time():
    def function(x):
        total = np.zeros_like(x)
        total += x
        return total * 1

    x = drawn(4)
    replay = again(function, x)
    for _ in range(2):
        np.testing.assert_array_equal(replay(x)[0], x)


def peak(function):
    function()
    tracemalloc.start()
    try:
        function()
        tracemalloc.reset_peak()
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


LARGE = pytest.param((64, 512, 512, 10), 256, marks=pytest.mark.slow)


@pytest.mark.parametrize("sizes, batch", [((64, 128, 128, 10), 32), LARGE])
def test_no_more_memory_than_the_engine(sizes, batch, monkeypatch):
    monkeypatch.setattr(threads, "limit", 1)  # what several need at once hangs on their luck
    autograd.manual_seed(0)
    layers = []
    for n, m in zip(sizes, sizes[1:]):
        layers += [nn.Linear(n, m), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    optimizer = optim.Adam(model.parameters())
    x, y = autograd.randn(batch, sizes[0]), autograd.randint(sizes[-1], (batch,))

    def step(x, y):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.detach()

    step(x, y)
    eager = peak(lambda: step(x, y))
    replayed = Captured(step, x, y)
    assert peak(lambda: replayed(x, y)) + replayed._program.memory.nbytes <= eager
