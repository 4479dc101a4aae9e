"""Parameters over one memory, parameters that may not be written, arrays that are not NumPy's."""

import numpy as np
import pytest

import autograd
import optim
from autograd.compiler.replaying.replay import program
from autograd.compiler.tapes.recorder import Recorded, Tape
from autograd.engine.graph import TensorBase, wrap
from autograd.tensors.buckets import SIZE
from nn import Parameter
from optim import foreach
from tests.foreign_array import ForeignArray, host
from tests.rows.optim import ROWS
from tests.training import close, values

LARGE = SIZE + 4096


@pytest.fixture(autouse=True)
def large_parameters_are_smaller(monkeypatch):
    """What threads share begins just above what goes through a bucket, so that tests are quick."""
    monkeypatch.setattr(foreach, "LARGE", LARGE)
    monkeypatch.setattr(foreach, "SHARE", SIZE // 4)


rows = pytest.mark.parametrize("row", ROWS, ids=str)
sizes = pytest.mark.parametrize("size", [4, LARGE + 4])


def over(memory, *parts):
    """Parameters that are these parts of one array, each with gradient 1."""
    params = []
    for part in parts:
        p = autograd.zeros(1, dtype=memory.dtype.name, requires_grad=True)
        p.data = wrap(memory[part], None)
        p.grad = autograd.ones_like(p.detach())
        params.append(p)
    return params


# -- one memory ------------------------------------------------------------------------------------

ALL = slice(None)


@sizes
def test_each_update_of_tied_parameters_counts(size):
    a, b = Parameter(autograd.zeros(size)), Parameter(autograd.zeros(size))
    b.data = a.data
    for p in (a, b):
        p.grad = autograd.ones(size)
    optim.SGD([a, b], lr=0.1).step()
    close(values([a, b]), [np.full(size, -0.2)] * 2, rtol=1e-6)


@sizes
def test_they_may_be_in_different_groups_and_among_others(size):
    memory = np.zeros(size)
    a, b, c = over(memory, ALL, ALL, ALL)
    others = [over(np.zeros(n), ALL)[0] for n in (3, size, 5)]
    groups = [{"params": [others[0], a]}, {"params": [others[1], b, c], "lr": 1.0}]
    optim.SGD([*groups, {"params": [others[2]]}], lr=0.1, momentum=0.9).step()
    close([memory], [np.full(size, -2.1)], rtol=1e-12)
    close(values(others), [np.full(3, -0.1), np.full(size, -1.0), np.full(5, -0.1)], rtol=1e-12)


@sizes
def test_views_that_overlap_count_where_they_do(size):
    memory = np.zeros(size)
    half = size // 2
    params = over(memory, slice(half), slice(half - 2, size), slice(None, None, -1))
    optim.SGD(params, lr=1.0).step()
    expected = np.full(size, -2.0)
    expected[half - 2 : half] = -3
    close([memory], [expected], rtol=0)


def test_interleaved_views_are_right_too():
    memory = np.zeros(10)
    optim.SGD(over(memory, slice(0, None, 2), slice(1, None, 2)), lr=1.0).step()
    close([memory], [np.full(10, -1.0)], rtol=0)


@sizes
@rows
def test_tied_parameters_are_stepped_in_order(row, size):
    """As two optimisers over one memory: the second starts where the first ends."""
    memory, alone = np.ones(size), np.ones(size)
    tied = over(memory, ALL, ALL)
    optimizer = row.rule(tied, **row.options)
    single = [row.rule(over(alone, ALL), **row.options) for _ in tied]
    for step in range(3):
        for p in tied:
            p.grad.fill_(1.0 + step)
        optimizer.step()
        for one in single:
            one.param_groups[0]["params"][0].grad.fill_(1.0 + step)
            one.step()
    close([memory], [alone], rtol=1e-13)


def test_memory_that_is_tied_later_and_untied_again():
    a, b = over(np.zeros(3), ALL)[0], over(np.zeros(3), ALL)[0]
    optimizer = optim.SGD([{"params": [a]}, {"params": [b]}], lr=1.0)
    optimizer.step()
    b.data = a.data
    optimizer.step()
    close(values([a, b]), [np.full(3, -3.0)] * 2, rtol=0)
    b.data = b.data.clone()
    optimizer.step()
    close(values([a, b]), [np.full(3, -4.0)] * 2, rtol=0)


def test_memory_that_is_tied_later_is_stepped_in_the_order_of_groups():
    first, second = over(np.ones(3), ALL)[0], over(np.ones(3), ALL)[0]
    groups = [{"params": [first], "lr": 0.0, "weight_decay": 1.0}, {"params": [second], "lr": 0.0}]
    optimizer = optim.SGD(groups)
    optimizer.step()
    first.data = second.data
    optimizer.param_groups[0]["lr"], optimizer.param_groups[1]["lr"] = 0.5, 0.1
    optimizer.step()  # to 1 - 0.5 * (1 + 1), then down by 0.1
    close(values([first, second]), [np.full(3, -0.1)] * 2, rtol=1e-12)


# -- read-only -------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False])
def test_a_read_only_parameter_is_named_before_any_is_stepped(first):
    params = [over(np.zeros(shape), ...)[0] for shape in [(3,), (2, 2), (5,)]]
    optimizer = optim.SGD([{"params": params[:1]}, {"params": params[1:]}], lr=1.0)
    if not first:
        optimizer.step()
    before = values(params)
    params[2].data.numpy().flags.writeable = False
    with pytest.raises(
        ValueError, match=r"number 1 of group 1, of shape \(5,\), is read-only. Copy"
    ):
        optimizer.step()
    close(values(params), before, rtol=0)
    params[2].data = params[2].data.clone()
    optimizer.step()
    close(values(params), [b - 1 for b in before], rtol=0)


# -- other arrays ----------------------------------------------------------------------------------

SHAPES = [(3,), (2, 4), (LARGE + 7,)]
GRADIENTS = [[np.sin(np.arange(np.prod(s)) + t).reshape(s) for s in SHAPES] for t in range(3)]


def stepped_by(row, make, dtype="float64"):
    """The arrays that parameters and gradients were made of, after three steps."""
    start = [np.cos(np.arange(np.prod(s))).reshape(s).astype(dtype) for s in SHAPES]
    arrays = [make(array) for array in start]
    params = [wrap(array, None).requires_grad_() for array in arrays]
    optimizer = row.rule(params, **row.options)
    given = []
    for step in GRADIENTS:
        given.append([make(g.astype(dtype)) for g in step])
        for p, g in zip(params, given[-1], strict=True):
            p.grad = wrap(g, None)
        optimizer.step()
    return arrays, given


@pytest.mark.parametrize("dtype", ["float64", "float16"])
@rows
def test_arrays_that_are_not_numpys(row, dtype):
    expected, _ = stepped_by(row, np.array, dtype)
    got, _ = stepped_by(row, ForeignArray, dtype)
    close([host(array) for array in got], expected, rtol=1e-13)
    assert all(array.dtype == dtype for array in got)


@rows
def test_a_recorder_sees_every_call(row):
    expected, _ = stepped_by(row, np.array)
    tape = Baked()
    start = []

    def recorded(array):
        start.append((tape.lift(array.copy()), array))
        return start[-1][0]

    got, _ = stepped_by(row, recorded)
    close([array.inside for array in got], expected, rtol=1e-13)
    assert whole_parameters(tape) or not row.rule.elementwise
    replayed(tape, start)
    close([array for _, array in start[: len(SHAPES)]], expected, rtol=1e-13)


class Baked(Tape):
    """A tape that takes rates and counters for constants, to be played from where it began."""

    def read(self, holder, name):
        return holder[name]


def whole_parameters(tape):
    """Whether no call is of a part of a parameter, or of several side by side."""
    arrays = [call.result for call in tape.calls if isinstance(call.result, Recorded)]
    return all(one.shape in (*SHAPES, ()) for one in arrays)


def replayed(tape, start):
    """The calls done again, in place, on the arrays that recorders are paired with."""
    assert not tape.refusals
    given = {f"x{i}": one for i, (one, _) in enumerate(start)}
    program(tape, given)(*[array for _, array in start])


@rows
def test_a_step_may_be_recorded_between_others(row, monkeypatch):
    """The second step is: tensors of blocks hand out a recorder instead of their array."""

    def trained(lifting):
        params = [over(np.cos(np.arange(np.prod(s))).reshape(s), ...)[0] for s in SHAPES]
        optimizer = row.rule(params, **row.options)
        optimizer.step()
        with monkeypatch.context() as patch:
            lifting(patch)
            optimizer.step()
        optimizer.step()
        return values(params)

    tape, copies = Baked(), {}
    slot = TensorBase.__dict__["_data"]

    def lifted(tensor):
        array = slot.__get__(tensor)
        if not isinstance(array, np.ndarray):
            return array
        recorder = tape.lift(array)
        copies.setdefault(id(recorder), (recorder, array.copy()))
        return recorder

    expected = trained(lambda patch: None)
    got = trained(lambda patch: patch.setattr(TensorBase, "_data", property(lifted, slot.__set__)))
    close(got, expected, rtol=1e-13)
    replayed(tape, [*copies.values()])  # on the arrays of before the step
    changed = [(recorder.inside, array) for recorder, array in copies.values()]
    params = [pair for pair in changed if pair[0].shape in SHAPES]
    assert len(params) >= 2 * len(SHAPES)
    assert whole_parameters(tape) or not row.rule.elementwise
