"""Compiled steps as machine code: what they keep, what they change, and when NumPy does them."""

import copy
import gc
import sys
import warnings
import weakref

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd import compiler
from autograd.arrays import notices
from autograd.compiler import backends, compiled
from autograd.compiler.machine import arithmetic, target
from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.recorder import Recorded
from tests.autograd.compiler import test_compile
from tests.autograd.compiler.test_compile import batch


class Training(test_compile.Training):
    """Without the bias before the batch's statistics, whose gradient is rounding alone."""

    def __init__(self, make=optim.Adam, **options):
        super().__init__()
        self.model[0].bias = None
        self.optimizer = make(self.model.parameters(), lr=0.05, **options)


def need_llvm():
    pytest.importorskip("llvmlite")


def trained(training, step, calls=8):
    """What each call leaves, with random numbers of its own."""
    found = []
    for i in range(calls):
        autograd.manual_seed(i)
        found += [np.array(step(*batch(i)).item()), *training.state()]
    return found


def near(found, wanted):
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted):
        assert one.dtype == other.dtype
        if one.dtype.kind == "f":
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
        else:
            np.testing.assert_array_equal(one, other)  # streams of random numbers, too


def by_machine():
    """A small training whose compiled step is machine code, after some calls."""
    need_llvm()
    training = Training()
    training.model = nn.Linear(4, 3)
    training.optimizer = optim.Adam(training.model.parameters())
    step = autograd.compile(training.step, backend="llvm")
    for i in range(3):
        step(*batch(i))
    assert step.plan and not step.programs[0].why
    return training, step


# -- the trial -------------------------------------------------------------------------------------


def test_a_step_is_machine_code_from_its_trial_on():
    need_llvm()
    eager, other = Training(), Training()
    step = autograd.compile(other.step, backend="llvm")
    near(trained(other, step), trained(eager, eager.step))
    assert step.counts == {"eager": 1, "recorded": 1, "replayed": 6}
    assert "machine code of a plan of" in str(step.explain()) and not step.programs[0].why


def test_a_trial_changes_nothing(monkeypatch):
    """The step is done three times over, and what it leaves is what one call leaves."""
    need_llvm()
    outcomes = []
    for wrong in (False, True):
        if wrong:
            monkeypatch.setitem(arithmetic.FUNCTIONS, "sqrt", WRONG["sqrt"])
        training = Training(optim.RMSprop, momentum=0.9)
        step = autograd.compile(training.step, backend="llvm")
        outcomes.append(trained(training, step, 3))  # the third is the first by the program
        assert step.counts["replayed"] == 1 and bool(step.programs[0].why) == wrong
    eager = Training(optim.RMSprop, momentum=0.9)
    wanted = trained(eager, eager.step, 3)
    near(outcomes[0], wanted)
    for one, other in zip(outcomes[1], wanted, strict=True):
        np.testing.assert_array_equal(one, other)  # bit for bit: it is the replay


WRONG = {
    "sqrt": lambda x: x.writer.intrinsic("fabs", x),
    "multiply": lambda x, y: x + y,
    "maximum": arithmetic.FUNCTIONS["minimum"],
    "exp": lambda x: arithmetic.FUNCTIONS["exp2"](x),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_kernel_is_found_and_not_used(name, monkeypatch):
    need_llvm()
    monkeypatch.setitem(arithmetic.FUNCTIONS, name, WRONG[name])

    def step(x):
        return (x * x).sqrt() + x.exp() + autograd.maximum(x, autograd.zeros(5))

    made = autograd.compile(step, backend="llvm")
    for i in range(5):
        x = autograd.linspace(-2, 3, 5) + i
        np.testing.assert_array_equal(made(x).numpy(), step(x).numpy())
    assert made.counts["replayed"] == 3
    assert "by NumPy's calls: machine code gave something else: result 1" in str(made.explain())
    assert not made.plan and "np.sqrt(" in made.source


def test_text_that_is_no_program_of_llvms_leaves_the_replay(monkeypatch):
    need_llvm()
    nonsense = lambda x: x.writer.op("no such thing", x, x)  # noqa: E731
    monkeypatch.setitem(arithmetic.FUNCTIONS, "sqrt", nonsense)
    made = autograd.compile(lambda x: x.sqrt() + 1, backend="llvm")
    for i in range(4):
        assert made(autograd.ones(3) * i * i).tolist() == [i + 1.0] * 3
    assert "by NumPy's calls: making machine code failed" in str(made.explain())


# -- memory ----------------------------------------------------------------------------------------


def test_machine_code_holds_neither_results_nor_gradients_nor_batches():
    training, step = by_machine()
    x, y = batch(1)
    loss = step(x, y)
    gone = [weakref.ref(one) for one in (loss, x, x._data, training.model.weight.grad)]
    del loss, x, y
    step(*batch(2))
    gc.collect()
    assert [one() for one in gone] == [None] * 4


@pytest.mark.parametrize("backend", ["replay", "llvm"])
def test_what_was_recorded_is_let_go(backend):
    """Numbers of the step live on in its program; recorders, and the arrays in them, do not."""
    if backend == "llvm":
        need_llvm()
    before = [weakref.ref(one) for one in alive(Recorded)]
    weight = autograd.ones(4, requires_grad=True)
    weight.grad = autograd.ones(4)
    rule = optim.Adam([weight])
    step = autograd.compile(rule.step, backend=backend)
    for _ in range(3):
        step()
    assert step.counts["replayed"] == 1
    assert backend == "replay" or alive(Number)
    assert len(alive(Recorded)) <= len([one for one in before if one() is not None])


def alive(kind):
    gc.collect()
    return [one for one in gc.get_objects() if type(one) is kind]


def test_what_was_returned_is_never_written_to_again():
    training, step = by_machine()
    kept = []
    for i in range(6):
        loss = step(*batch(i))
        grads = [p.grad for p in training.model.parameters()]
        kept.append((loss, grads, [np.array(one._data) for one in (loss, *grads)]))
    for loss, grads, copies in kept:
        for one, copied in zip((loss, *grads), copies, strict=True):
            np.testing.assert_array_equal(one._data, copied)
    assert step.counts["replayed"] == 7


def test_views_of_a_result_keep_it_too():
    need_llvm()
    step = autograd.compile(lambda x: x * 2, backend="llvm")
    for _ in range(3):
        step(autograd.ones(2, 3))
    row, looked = step(autograd.ones(2, 3))[0], step(autograd.ones(2, 3) * 2).numpy()[1:]
    for i in range(3):
        step(autograd.ones(2, 3) * i)
    assert row.tolist() == [2.0] * 3 and looked.tolist() == [[4.0] * 3]


# -- which backend ---------------------------------------------------------------------------------


@pytest.fixture
def without_llvmlite(monkeypatch):
    monkeypatch.setattr(backends, "_has_llvm", lambda: False)
    monkeypatch.setattr(compiler, "_best", backends.best)
    monkeypatch.setattr(notices, "_said", set())


def test_the_best_backend_is_the_one_that_is_installed(monkeypatch):
    for there, name in ((True, "llvm"), (False, "replay")):
        monkeypatch.setattr(backends, "_has_llvm", lambda there=there: there)
        assert backends.best() == name


def test_without_llvmlite_a_step_is_replayed_and_that_is_said_once(without_llvmlite):
    first, second = [autograd.compile(lambda x: x * 2) for _ in range(2)]
    assert first.backend == "replay"
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for step in (first, second):
            for i in range(4):
                assert step(autograd.ones(2) * i).tolist() == [2.0 * i] * 2
                assert len(said) == (step is second or i > 0)  # when there is the first program
    assert "pip install 'gradloom[compile]'" in str(said[0].message)
    assert said[0].filename == __file__


def test_who_asks_for_the_replay_is_told_nothing(without_llvmlite):
    step = autograd.compile(lambda x: x * 2, backend="replay")
    for _ in range(3):
        step(autograd.ones(2))  # a warning is an error here
    assert step.counts["replayed"] == 1


def test_machine_code_that_is_asked_for_needs_llvmlite(monkeypatch):
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    monkeypatch.setattr(target, "llvm", target.llvm.__wrapped__)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'gradloom\[compile\]'"):
        autograd.compile(abs, backend="llvm")


def test_copies_know_how_their_backend_was_found(without_llvmlite):
    for chosen in (False, True):
        one = compiled.Compiled(abs, "replay", 3, chosen)
        two = copy.deepcopy(one)
        assert (two.backend, two.check, two.chosen) == ("replay", 3, chosen)
