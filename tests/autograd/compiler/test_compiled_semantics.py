"""What else is seen of a compiled step: errors, what is said, modes."""

import warnings

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd import compiler
from nn import functional as F
from tests.autograd.compiler.test_compile import Training, batch, same

# -- errors ----------------------------------------------------------------------------------------


def test_an_error_leaves_what_the_engine_leaves():
    eager, other = Training(), Training()
    step = autograd.compile(other.step)
    bad = batch(7)[0], autograd.tensor([0, 1, 2, 3, 0, 1])  # a label out of range
    for i in range(6):
        told = []
        for _training, do in ((eager, eager.step), (other, step)):
            autograd.manual_seed(i)
            try:
                do(*(bad if i in (1, 4) else batch(i)))
            except Exception as error:
                told.append(str(error)[:60])
        assert len(set(told)) == (i in (1, 4)) and len(told) == 2 * (i in (1, 4))
        same(eager.state(), other.state())
    assert step.counts["replayed"] == 2


def test_an_error_in_the_step_that_is_recorded():
    w = autograd.ones(2, requires_grad=True)

    @autograd.compile
    def step(x, fails):
        w.grad = None
        (w * x).sum().backward()
        if fails:
            raise KeyError("in the middle")
        with autograd.no_grad():
            w.sub_(w.grad)

    x = autograd.ones(2)
    for _i in range(3):
        with pytest.raises(KeyError, match="in the middle"):
            step(x, True)
        assert type(w._data) is np.ndarray and type(w.grad._data) is np.ndarray
        step(x, False)
    assert w.tolist() == [-2.0, -2.0] and step.counts["replayed"] == 1


def test_a_loss_that_was_returned_cannot_be_swept_again():
    training = Training()
    step = autograd.compile(training.step)
    told = []
    for i in range(4):
        with pytest.raises(RuntimeError) as error:
            step(*batch(i)).backward()
        told.append(str(error.value).split(";")[0])
    assert len(set(told)) == 1


def test_a_graph_over_what_a_step_has_changed_is_not_swept():
    w, x = autograd.ones(2), autograd.ones(2, requires_grad=True)
    double = autograd.compile(lambda: w.mul_(2))
    for _ in range(4):
        y = (x * w).sum()
        double()
        with pytest.raises(RuntimeError, match="changed in place"):
            y.backward()


# -- what is said ----------------------------------------------------------------------------------


def test_a_refusal_is_said_once_with_its_line():
    @autograd.compile
    def step(x):
        if x.sum() > 0:
            return x * 2
        return x

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        results = [step(autograd.ones(2) * (-1) ** i).tolist() for i in range(6)]
    assert results == [[2.0, 2.0], [-1.0, -1.0]] * 3
    assert len(told) == 1 and told[0].filename == __file__
    text = str(told[0].message)
    assert text.startswith("compile: a step must be the same calls each time; in step, a value was")
    assert "test_compiled_semantics.py:" in text and "(if x.sum() > 0:)" in text
    assert text.endswith("Return the tensor, and read it after the step.")
    said = str(step.explain())
    assert "no program: a value was read into Python" in said and "(if x.sum() > 0:)" in said
    assert step.source == "" and step.counts == {"eager": 4, "recorded": 2}


def test_too_many_kinds_are_said_once():
    step = autograd.compile(lambda x: x * 2)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for n in range(20):
            assert step(autograd.ones(n)).tolist() == [2.0] * n
    (one,) = [str(one.message) for one in told]
    assert "<lambda> was recorded 8 times" in one and "of another shape" in one
    assert len(step.programs) == 8 and step.counts["recorded"] == 8


def test_numbers_among_the_arguments_are_part_of_the_kind():
    step = autograd.compile(lambda x, k: x * k)
    for k in (2, 2, 2, 3, 3, 3, 2, 2.0, 2.0, 2.0, True, True, True):
        result, expected = step(autograd.ones(2, dtype=autograd.int64), k), autograd.tensor(1) * k
        assert result.dtype == expected.dtype and result.tolist() == [expected.item()] * 2


def test_programs_over_lost_memory_go():
    net = nn.Linear(4, 3)
    step = autograd.compile(lambda x: net(x).detach())
    for _ in range(6):
        net.load_state_dict({k: v.clone() for k, v in net.state_dict().items()}, assign=True)
        assert step(autograd.ones(2, 4)).shape == (2, 3)
    assert step.counts == {"eager": 1, "recorded": 5} and len(step.programs) == 2


def test_explain_prints_itself():
    training = Training()
    step = autograd.compile(training.step)
    for i in range(4):
        step(*batch(i, 6 if i < 3 else 5))
    assert str(step.explain()).splitlines()[0] == "step: 1 replay, 2 recordings, 1 call as ever"
    assert "given x1, x11, 21 arrays" in str(step.explain())
    assert "a program did not fit: an array is of another shape or dtype" in str(step.explain())
    assert "step: 1 replay" in repr(step)


# -- modes -----------------------------------------------------------------------------------------


def anomaly():
    return autograd.detect_anomaly()


def profiled():
    return autograd.profile()


def another_grad_mode():
    return autograd.no_grad()


def inference():
    return autograd.inference_mode()


def quiet():
    return np.errstate(all="ignore")


def raising():
    return np.errstate(over="raise")


def force_eager():
    return compiler.set_stance("force_eager")


def nothing_new():
    return compiler.set_stance("eager_on_recompile")


@pytest.mark.parametrize("mode", [anomaly, profiled, force_eager, raising, nothing_new])
@pytest.mark.filterwarnings("ignore")
def test_a_mode_in_which_nothing_is_recorded(mode):
    step = autograd.compile(lambda x: x * 2)
    for i in range(4):
        with mode():
            assert step(autograd.ones(2) * i).tolist() == [2.0 * i] * 2
    assert not step.programs


@pytest.mark.parametrize("mode", [anomaly, profiled, force_eager, raising])
@pytest.mark.filterwarnings("ignore")
def test_a_mode_in_which_nothing_is_replayed(mode):
    step = autograd.compile(lambda x: x * 2)
    for _i in range(4):
        step(autograd.ones(2))
    with mode():
        assert step(autograd.ones(2) * 3).tolist() == [6.0] * 2
    assert step.counts["replayed"] == 2


@pytest.mark.parametrize("mode", [another_grad_mode, inference, quiet])
def test_a_mode_that_has_a_program_of_its_own(mode):
    w = autograd.ones(2, requires_grad=True)
    step = autograd.compile(lambda x: (x * w).detach())
    for _ in range(4):
        step(autograd.ones(2))
    with mode():
        for i in range(4):
            assert step(autograd.ones(2) * i).tolist() == [1.0 * i] * 2
    assert len(step.programs) == 2


def test_another_default_dtype():
    step = autograd.compile(lambda x: x + autograd.zeros(2))
    for _i in range(3):
        step(autograd.ones(2, dtype=autograd.int64))
    autograd.set_default_dtype(autograd.float64)
    try:
        assert step(autograd.ones(2, dtype=autograd.int64)).dtype == autograd.float64
    finally:
        autograd.set_default_dtype(autograd.float32)


def test_inside_vmap_and_forward_mode():
    step = autograd.compile(lambda x: (x * x).sum())
    for _i in range(4):
        step(autograd.ones(2))
    assert autograd.func.vmap(step)(autograd.ones(3, 2)).tolist() == [2.0] * 3
    assert autograd.func.grad(step)(autograd.ones(2)).tolist() == [2.0] * 2
    value, slope = autograd.func.jvp(step, (autograd.ones(2),), (autograd.ones(2),))
    assert value.item() == 2.0 and slope.item() == 4.0


def test_warnings_of_a_replay_are_the_engines():
    w = autograd.ones(2)
    step = autograd.compile(lambda x: F.softplus(x * 1e30) / w)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _i in range(4):
            step(autograd.ones(2))
    norm = autograd.compile(lambda x: x.norm(p=-1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(4):
            assert norm(autograd.zeros(2)).item() == 0.0  # 1 / 0, known to be harmless
    assert norm.counts["replayed"] == 2


def test_a_schedule_knows_that_its_optimiser_has_stepped():
    training = Training()
    step = autograd.compile(training.step)
    for i in range(3):
        step(*batch(i))
    schedule = optim.lr_scheduler.StepLR(training.optimizer, 1)
    step(*batch(3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        schedule.step()


def test_what_is_compiled_inside_is_part_of_the_step():
    inner = autograd.compile(lambda x: x * 2)
    outer = autograd.compile(lambda x: inner(x) + 1)
    for i in range(4):
        assert outer(autograd.ones(2) * i).tolist() == [2.0 * i + 1] * 2
    assert outer.counts["replayed"] == 2 and inner.counts == {"eager": 1}
