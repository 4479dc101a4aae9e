"""Runs of calls over large arrays, done slice by slice: which calls, and their bits."""

import numpy as np
import pytest

import autograd
import optim
from autograd.compiler.captured import Captured
from autograd.compiler.replaying.replay import program
from autograd.compiler.replaying.slices import room, runs
from autograd.compiler.tapes.recorder import Tape
from autograd.kernels import parts, pointwise

N = parts.PAYS + 3
random = np.random.default_rng(0)


def drawn(dtype=np.float32, shape=(N,)):
    return (random.normal(size=shape) * 3).astype(dtype)


def sliced(function, *arrays):
    """Where the runs of a function's calls begin and end, and its program."""
    tape = Tape()
    lifted = [tape.lift(one.copy()) for one in arrays]
    results = function(*lifted)
    results = results if type(results) is tuple else (results,)
    found = [(run.start, run.stop) for run in runs(tape.calls, [*lifted, *results], 0)]
    return found, program(tape, {f"x{i}": one for i, one in enumerate(lifted)}, results)


def same(function, *arrays):
    """The runs, once the program has given the function's bits."""
    found, replay = sliced(function, *arrays)
    ours = replay(*[one.copy() for one in arrays])
    theirs = function(*[one.copy() for one in arrays])
    theirs = theirs if type(theirs) is tuple else (theirs,)
    for a, b in zip(ours, theirs, strict=True):
        assert a.dtype == b.dtype and a.tobytes() == b.tobytes()
    return found


def test_a_run_has_one_shape_and_one_kind_of_call():
    def function(x, y):
        a = pointwise.tanh(x * 2) + y
        return a * a[0] + np.add.reduce(a), (x - y) * y

    assert same(function, drawn(), drawn()) == [(0, 3), (6, 9)]


def test_what_is_made_on_the_way_has_a_room_of_a_slice():
    _, replay = sliced(lambda x: pointwise.tanh(x * 2) * x > 1, drawn())
    assert "r1, = room(x0.size, 'float32')" in replay.source
    assert replay.memory.nbytes == 0


def test_small_arrays_and_other_orders_are_no_runs():
    assert same(lambda x: (x + 1) * 2, drawn(shape=(100,))) == []
    assert same(lambda x: (np.transpose(x) + 1) * 2, drawn(shape=(600, 500))) == []
    assert same(lambda x, row: (x + row) * row, drawn(shape=(600, 500)), drawn(shape=(500,))) == []


def test_elements_that_lie_elsewhere_end_a_run():
    def writes(x):
        b, c = x[:-1], x[1:]
        b += 1
        c *= 2  # an element of b that another slice has to do with
        b -= c
        return x * 1

    assert same(writes, drawn()) == []  # one call each


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_quotients_look_at_the_same_elements(dtype):
    def function(g, d):
        q = pointwise.quotient(g, d)
        return pointwise.quotient(q * 2, d) * 3, pointwise.sigmoid(q) + 1

    g, d = drawn(dtype), drawn(dtype)
    g[::5], d[7], d[10] = 0, 0, 0  # 0 / -3 is -0, but where something is divided by 0: signs tell
    with np.errstate(all="ignore"):
        assert same(function, g, d) == [(0, 6)]
    assert same(pointwise.tanh_slope, g, d) == []  # alone
    both = lambda g, y: pointwise.tanh_slope(g, y) - pointwise.sigmoid_slope(g, y)  # noqa: E731
    assert same(both, g, d) == [(0, 3)]


def test_a_scalar_of_the_step_goes_to_each_slice():
    assert same(lambda x: (x - np.maximum.reduce(x)) * x * 2, drawn()) == [(1, 4)]


def test_rooms_do_not_overlap():
    one, other = room(5, "bool", "float64")
    one[:], other[:] = True, 2.0
    assert one.all() and (other == 2).all()


def test_rules_over_large_parameters():
    def trained(step):
        p = autograd.from_numpy(drawn_once.copy()).requires_grad_()
        optimizer = optim.AdamW([p], lr=0.1)
        for i in range(4):
            p.grad = autograd.from_numpy(gradients[i].copy())
            step(i, optimizer)
        return p.detach().numpy()

    drawn_once, gradients = drawn(), [drawn() for _ in range(4)]
    held = []

    def replayed(i, optimizer):
        if i == 1:
            held.append(Captured(optimizer.step))
            assert not held[0].refusals and "slice1" in held[0].source
        elif i == 0 or held[0].misfit():
            optimizer.step()
        else:
            held[0]()

    expected = trained(lambda i, optimizer: optimizer.step())
    np.testing.assert_array_equal(trained(replayed), expected)
