"""A training step, recorded: no call is lost, so that it can be done again without Python."""

import numpy as np
import pytest

import autograd
import optim
from autograd.arrays.dialect import kernel, written
from autograd.compiler.replaying.replay import Changed, program
from autograd.compiler.tapes.recorder import Tape
from nn import functional as F
from tests.op_cases import leaf

SIZES = (5, 4, 3)
OPTIONS = dict(
    lr=0.01,
    betas=(0.9, 0.999),
    eps=1e-8,
    weight_decay=0.1,
    amsgrad=True,
    maximize=False,
    decoupled_weight_decay=False,
)


def drawn(seed):
    """Parameters, their state after a step, a batch, its classes."""
    random = np.random.default_rng(seed)
    params = []
    for n, m in zip(SIZES, SIZES[1:], strict=False):
        params += [random.normal(size=(m, n)), random.normal(size=m)]
    state = [abs(random.normal(size=p.shape)) for p in params for _ in range(3)]
    x, y = random.normal(size=(6, SIZES[0])), random.integers(0, SIZES[-1], 6)
    return [*[one.astype(np.float32) for one in (*params, *state, x)], y]


def step(arrays, count, relu=F.relu):
    """A step of Adam on an MLP's cross-entropy, in place; the loss."""
    params, state, (x, y) = arrays[:4], arrays[4:-2], arrays[-2:]
    tensors = [leaf(p) for p in params]
    hidden = relu(F.linear(leaf(x, False), tensors[0], tensors[1]))
    loss = F.cross_entropy(F.linear(hidden, tensors[2], tensors[3]), leaf(y, False))
    loss.backward()
    rule = optim.Adam([autograd.zeros(1, requires_grad=True)])
    for i, p in enumerate(tensors):
        names = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
        entry = {"step": count, **dict(zip(names, state[3 * i :], strict=False))}
        rule.update(p._data, p.grad._data, entry, **OPTIONS)
        assert all(entry[name] is not None for name in names)
        state[3 * i + 2] = entry["max_exp_avg_sq"]
    return [loss._data, *params, *state]


def recorded(relu=F.relu):
    """A step on recorders: its tape, what it was given, what it gave."""
    tape = Tape()
    given = [tape.lift(array) for array in drawn(0)]
    count = tape.number(7)
    return tape, [*given, count], step(given, count, relu)


def replayed(tape, given, result, count):
    """The step done again on other values: by the tape, and by the engine."""
    others = drawn(1)
    again = program(tape, {f"x{i}": one for i, one in enumerate(given)}, result)
    found = again(*[array.copy() for array in others], count)
    return found, step(others, count)


def test_no_call_is_lost():
    tape, given, result = recorded()
    again, expected = replayed(tape, given, result, 11)
    for found, wanted in zip(again, expected, strict=True):
        np.testing.assert_array_equal(found, wanted)  # bit for bit
    assert not tape.refusals
    eager = step(drawn(0), 7)
    for one, wanted in zip(result, eager, strict=True):
        np.testing.assert_array_equal(one.inside, wanted)


def test_every_call_counts():
    """A step is some hundred calls; each is there once, and none from inside a kernel."""
    tape, _, _ = recorded()
    names = [function.__name__ for function, *_ in tape.calls]
    assert names.count("class_exponentials") == names.count("class_gradient") == 1
    assert names.count("inner") == 2 and names.count("dot") == 3
    assert names.count("sqrt") == 4 and names.count("maximum") == 5
    assert not {"zeros", "empty_like", "exp", "setitem"} & set(names)


def test_a_lost_call_is_noticed():
    """What is computed past the array's class stays what it was when it was recorded."""

    def past(x):
        lost = np.maximum(getattr(x._data, "inside", x._data), 0)
        return x * 0 + leaf(written(lost, x._data), False)

    again, expected = replayed(*recorded(past), 11)
    assert not np.array_equal(again[0], expected[0])


def test_what_a_tape_cannot_hold_is_told_with_its_line():
    """And the step goes on as it would without."""
    tape = Tape()
    x = tape.lift(np.ones(2))
    assert (x + np.ones(2)).inside.tolist() == [2.0, 2.0]
    assert float(x[0]) == 1.0 and np.asarray(x) is x.inside and np.count_nonzero(x) == 2
    assert float(tape.number(3)) == 3.0
    told = [reason.partition(",")[0] for reason, _ in tape.refusals]
    assert told == [
        "an array from elsewhere",
        "a value was read into Python",
        "an array was taken out of a tensor",
        "a value was read into Python",
        "a number of the step became one of Python's",
    ]
    assert all("test_captured_step.py:" in str(line) for _, line in tape.refusals)


def test_numbers_stay_numbers_and_their_truth_is_a_check():
    tape = Tape()
    n = tape.number(3)
    x = tape.lift(np.ones(2))
    y = x * (2 ** (n + 1)) if n and n < 5 else x
    again = program(tape, {"x": x, "n": n}, [y])
    assert again(np.ones(2), 2)[0].tolist() == [8.0, 8.0]
    for other in (0, 7):
        with pytest.raises(Changed):
            again(np.ones(2), other)


def test_a_closed_tape_takes_nothing_more():
    tape = Tape()
    x = tape.lift(np.ones(2))
    tape.closed = True
    assert type(x + np.ones(2)) is np.ndarray and not float(x[0]) != 1.0
    assert not tape.calls and not tape.refusals


def test_a_kernel_is_one_call():
    @kernel(plain=lambda x: x + x)
    def twice(x):
        out = np.empty_like(x)
        return np.add(x, x, out=out)

    tape = Tape()
    out = twice(tape.lift(np.ones(2)))
    assert [function for function, *_ in tape.calls] == [twice]
    np.testing.assert_array_equal(out.inside, [2.0, 2.0])
