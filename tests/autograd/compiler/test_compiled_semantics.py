"""What else is seen of a compiled step: results, errors, memory, threads, modules, scripts."""

import copy
import gc
import json
import pickle
import subprocess
import sys
import threading
import warnings
import weakref

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd import compiler
from nn import functional as F
from tests.autograd.compiler.test_compile import Training, batch, same

LITERALS = pytest.mark.skipif(sys.version_info < (3, 11), reason="no places of calls in lines")


def eagerly(function):
    return function


def run(make, compiled, calls=7):
    """Everything that a scenario's calls give and leave behind, by the engine or compiled."""
    autograd.manual_seed(0)
    step, state = make(autograd.compile if compiled else eagerly)
    seen = []
    for i in range(calls):
        autograd.manual_seed(i)
        result = step(i)
        leaves = result if isinstance(result, tuple) else (result,)
        for one in [*leaves, *state()]:
            is_tensor = isinstance(one, autograd.Tensor)
            seen.append(np.array(one.detach().numpy()) if is_tensor else np.array(one))
    return seen


def accumulating(compile):
    t = Training()

    @compile
    def step(x, y, last):
        loss = F.cross_entropy(t.model(x), y) / 2
        loss.backward()
        if last:
            t.optimizer.step()
            t.optimizer.zero_grad()
        return loss

    return lambda i: step(*batch(i), i % 2 == 1), t.state


def scheduled(compile):
    t = Training(optim.SGD, momentum=0.9)
    schedule = optim.lr_scheduler.OneCycleLR(t.optimizer, 0.1, total_steps=20)
    step = compile(t.step)

    def do(i):
        loss = step(*batch(i))
        schedule.step()
        return loss, schedule.get_last_lr()[0]

    return do, t.state


def clipped(compile):
    t = Training()

    @compile
    def step(x, y):
        t.optimizer.zero_grad()
        loss = F.cross_entropy(t.model(x), y)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(t.model.parameters(), 0.1)
        t.optimizer.step()
        return loss, norm

    return lambda i: step(*batch(i)), t.state


def scaled(compile):
    t = Training()
    scaler = autograd.GradScaler(enabled=False)

    @compile
    def step(x, y):
        t.optimizer.zero_grad()
        with autograd.autocast("cpu"):
            loss = F.cross_entropy(t.model(x), y)
        scaler.scale(loss).backward()
        scaler.step(t.optimizer)
        scaler.update()
        return loss

    return lambda i: step(*batch(i)), t.state


def evaluating(compile):
    t = Training()
    step = compile(t.step)

    @compile
    def evaluate(x, y):
        with autograd.no_grad():
            scores = t.model(x)
            return F.cross_entropy(scores, y), (scores.argmax(1) == y).sum()

    def do(i):
        t.model.train()
        loss = step(*batch(i))
        t.model.eval()
        return loss, *evaluate(*batch(100 + i, 9)), *evaluate(*batch(200 + i, 9))

    return do, t.state


def averaging(compile):
    t = Training()
    shadow = copy.deepcopy(t.model)

    @compile
    def step(x, y):
        loss = t.step(x, y)
        with autograd.no_grad():
            for p, q in zip(shadow.parameters(), t.model.parameters(), strict=True):
                p.lerp_(q, 0.1)
        return loss

    return lambda i: step(*batch(i)), lambda: [*t.state(), *shadow.parameters()]


def averaging_by_the_library(compile):
    t = Training()
    shadow = optim.swa_utils.AveragedModel(t.model)

    @compile
    def step(x, y):
        loss = t.step(x, y)
        shadow.update_parameters(t.model)
        return loss

    return lambda i: step(*batch(i)), lambda: [*t.state(), *shadow.parameters()]


def the_rule_alone(compile):
    t = Training()
    rule = compile(t.optimizer.step)

    def do(i):
        t.optimizer.zero_grad()
        loss = F.cross_entropy(t.model(batch(i)[0]), batch(i)[1])
        loss.backward()
        rule()
        return loss

    return do, t.state


def the_model_alone(compile):
    t = Training()
    t.model = compile(t.model)

    def do(i):
        loss = t.step(*batch(i))
        with autograd.no_grad():
            scores = t.model(batch(i)[0])
        t.model.train(i % 3 != 0)
        return loss, scores

    return do, t.state


def attacked(compile):
    t = Training()

    @compile
    def attack(x, y):
        x.requires_grad_()
        (g,) = autograd.grad(F.cross_entropy(t.model(x), y), x)
        return x.detach() + 0.1 * g.sign()

    def do(i):
        x, y = batch(i)
        return attack(x, y), x.requires_grad

    return do, t.state


def trained_on_leaves(compile):
    t = Training()

    @compile
    def step(x, y):
        F.cross_entropy(t.model(x), y).backward()

    def do(i):
        x, y = batch(i)
        x.requires_grad_()
        step(x, y)
        return x.grad

    return do, t.state


def an_argument_that_is_known(compile):
    w = autograd.tensor([1.0, 2.0])

    @compile
    def step(x):
        return (x * w).sum()

    return lambda i: step(w if i < 3 else autograd.tensor([1.0 + i, 2.0])), lambda: [w]


def a_parameter_as_argument(compile):
    w = autograd.tensor([1.0, 2.0], requires_grad=True)

    @compile
    def step(v):
        w.grad = v.grad = None
        loss = (v * w).sum()
        loss.backward()
        return loss, w.grad

    def do(i):
        return step(w if i < 3 else autograd.tensor([3.0, i], requires_grad=True))

    return do, lambda: [w]


def the_same_twice(compile):
    @compile
    def step(a, b):
        return a * 2 + b

    return lambda i: step(*[autograd.ones(2) * i] * 2), lambda: []


def two_different(compile):
    step, _ = the_same_twice(compile)
    del step

    @compile
    def step(a, b):
        return a * 2 + b

    def do(i):
        x = autograd.ones(2) * i
        return step(x, x if i < 3 else x + 1)

    return do, lambda: []


def halves_of_one_array(compile):
    @compile
    def step(a, b):
        return a * 2 + b

    return lambda i: step(*(autograd.arange(6.0) * i).split(3)), lambda: []


def written_halves(compile):
    @compile
    def step(a, b):
        a.add_(b)
        return a + b

    def do(i):
        x = autograd.arange(6.0) * i
        return step(x[:4], x[2:] if i < 4 else x[2:].clone())

    return do, lambda: []


def kept_results(compile):
    t = Training()
    step = compile(t.step)
    kept = []

    def do(i):
        kept.append(step(*batch(i)))
        kept.append(t.model[0].weight.grad)
        return kept[0], *kept[-3:]

    return do, lambda: kept


def nested_arguments(compile):
    @compile
    def step(batch, *more, scale, name="a"):
        return {"out": batch["x"] * scale + batch["more"][0][1], "n": len(more), "k": name}["out"]

    def do(i):
        x = autograd.ones(2) * i
        return step({"x": x, "more": [(x, x + i), 3]}, x, scale=2.0 if i < 5 else 3.0)

    return do, lambda: []


def shapes_that_vary(compile):
    @compile
    def step(x):
        return x.sum() * 2

    return lambda i: step(autograd.ones(1 + i)), lambda: []


def in_a_class(compile):
    class Trainer:
        def __init__(self, k):
            self.w = autograd.tensor([k, 1.0])

        @compile
        def step(self, x):
            return (x * self.w).sum()

    one, other = Trainer(1.0), Trainer(3.0)
    return lambda i: (one.step(autograd.ones(2) * i), other.step(autograd.ones(2))), lambda: []


def compiled_within(compile):
    t = Training()
    forward = compile(lambda x: t.model(x).detach() * 2)

    @compile
    def step(x, y):
        t.optimizer.zero_grad()
        loss = F.cross_entropy(t.model(x) + forward(x), y)
        loss.backward()
        t.optimizer.step()
        return loss

    def do(i):
        return step(*batch(i)), forward(batch(i)[0])

    return do, t.state


def adam_early(compile):
    t = Training(optim.RAdam)
    step = compile(t.step)
    return lambda i: step(*batch(i)), t.state


def groups_that_differ(compile):
    t = Training()
    t.optimizer = optim.AdamW(
        [
            {"params": t.model[0].parameters(), "lr": 0.1, "weight_decay": 0.0},
            {"params": [*t.model[1].parameters(), *t.model[4].parameters()]},
        ],
        lr=0.01,
    )
    step = compile(t.step)

    def do(i):
        t.optimizer.param_groups[1]["lr"] *= 0.9
        t.model[4].requires_grad_(i > 2)
        return step(*batch(i))

    return do, t.state


def by_turns(compile):
    t = Training()
    step = compile(t.step)
    return lambda i: (step if i % 3 else t.step)(*batch(i)), t.state


def functions_of_python(compile):
    double = compile(lambda x: x * 2)
    return lambda i: double(i), lambda: []


def numbers_of_python(compile):
    count = iter(range(100))
    following = compile(lambda: next(count))
    return lambda i: following(), lambda: []


def an_array_among_the_arguments(compile):
    places = np.array([0, 1])

    @compile
    def step(x, places):
        return x[places] * 2

    def do(i):
        places[:] = i % 3, 2
        return step(autograd.arange(3.0), places)

    return do, lambda: []


def an_argument_that_is_returned(compile):
    drop = nn.Dropout(0.5)

    @compile
    def step(x):
        x.requires_grad_()
        (x * x).sum().backward()
        return drop(x), x.grad

    def do(i):
        drop.train(i % 4 == 3)
        x = autograd.ones(2) * i
        result, g = step(x)
        return result, g, x.grad is g

    return do, lambda: []


def an_argument_that_is_kept(compile):
    kept = []

    @compile
    def step(x):
        kept.append(x)
        return x * 2

    return lambda i: step(autograd.ones(2) * i), lambda: kept


def frozen_by_turns(compile):
    w = autograd.ones(2, requires_grad=True)

    @compile
    def step(x):
        loss = (w * x).sum()
        w.requires_grad_(not w.requires_grad)
        return loss.detach(), loss.requires_grad

    return lambda i: (*step(autograd.ones(2) * i), w.requires_grad), lambda: []


def gradients_set_to_zero(compile):
    t = Training()

    @compile
    def step(x, y):
        t.optimizer.zero_grad(set_to_none=False)
        loss = F.cross_entropy(t.model(x), y)
        loss.backward()
        t.optimizer.step()
        return loss

    return lambda i: step(*batch(i)), t.state


def swapped_weights(compile):
    t = Training()
    step = compile(t.step)
    others = [p.data.clone() for p in t.model.parameters()]

    def do(i):
        if i % 4 == 3:
            for k, p in enumerate(t.model.parameters()):
                others[k], p.data = p.data, others[k]
        return step(*batch(i))

    return do, lambda: [*t.state(), *others]


def two_models_one_optimiser(compile):
    one, other = Training(), Training()
    rule = optim.SGD(
        [*one.model.parameters(), *other.model.parameters()], lr=0.1, nesterov=True, momentum=0.9
    )

    @compile
    def step(x, y, which):
        rule.zero_grad()
        loss = F.cross_entropy((one if which else other).model(x), y)
        loss.backward()
        rule.step()
        return loss

    return lambda i: step(*batch(i), i % 3 == 0), lambda: [*one.state(), *other.state()]


SCENARIOS = [
    an_argument_that_is_returned, numbers_of_python, an_array_among_the_arguments,
    an_argument_that_is_kept, frozen_by_turns,
    gradients_set_to_zero, swapped_weights, two_models_one_optimiser,
    accumulating, scheduled, clipped, scaled, evaluating, averaging, averaging_by_the_library,
    the_rule_alone, the_model_alone, attacked, trained_on_leaves, an_argument_that_is_known,
    a_parameter_as_argument, the_same_twice, two_different, halves_of_one_array, written_halves,
    kept_results, nested_arguments, shapes_that_vary, in_a_class, compiled_within, adam_early,
    groups_that_differ, by_turns, functions_of_python,
]  # fmt: skip


@pytest.mark.parametrize("make", SCENARIOS, ids=lambda make: make.__name__)
@pytest.mark.filterwarnings("ignore:compile. ", "ignore:amp. ")
def test_a_scenario(make):
    same(run(make, True, 12), run(make, False, 12))


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


# -- stances, and what else is in torch.compiler ---------------------------------------------------


def test_stances():
    step = autograd.compile(lambda x: x * 2)
    for _i in range(4):
        step(autograd.ones(2))
    with compiler.set_stance("fail_on_recompile"):
        assert step(autograd.ones(2) * 2).tolist() == [4.0, 4.0]
        with pytest.raises(RuntimeError, match=r"of a kind that was recorded; <lambda> has none"):
            step(autograd.ones(3))
    assert step(autograd.ones(3)).tolist() == [2.0, 2.0, 2.0]

    @compiler.set_stance("force_eager")
    def eagerly():
        return step(autograd.ones(2))

    before = step.counts["replayed"]
    eagerly()
    step(autograd.ones(2))
    assert step.counts["replayed"] == before + 1
    compiler.reset()
    assert not step.programs and not step.counts
    with pytest.raises(ValueError, match="stance must be one of"):
        compiler.set_stance("lazy")


def test_what_is_disabled_keeps_a_step_from_being_a_program():
    seen = []

    @compiler.disable
    def look(x):
        seen.append(x.sum().item())

    @autograd.compile
    def step(x):
        look(x)
        return x * 2

    with pytest.warns(UserWarning, match=r"disable keeps look out of programs at .*look\(x\)"):
        for i in range(5):
            step(autograd.ones(2) * i)
    assert seen == [0.0, 2.0, 4.0, 6.0, 8.0]
    assert not hasattr(compiler.disable(step), "programs")


def test_is_compiling_is_true_while_a_step_is_recorded():
    seen = []

    @autograd.compile
    def step(x):
        seen.append(compiler.is_compiling())
        return x * 2

    with pytest.warns(UserWarning, match="seen has changed"):
        for _i in range(4):
            step(autograd.ones(2))
    assert seen == [False, True, True, False]


def test_backends():
    assert compiler.list_backends()[0] == "replay"
    for name in ("inductor", "aot_eager", None, lambda *given: None):
        assert autograd.compile(abs, backend=name).backend in compiler.list_backends()
    with pytest.raises(ValueError, match="backend must be one of"):
        autograd.compile(abs, backend="fast")
    assert autograd.compile(abs, disable=True) is abs


# -- checks ----------------------------------------------------------------------------------------


def test_a_check_runs_the_step_too():
    eager, other = Training(), Training()
    step = autograd.compile(other.step, check=2)
    for i in range(9):
        for _training, do in ((eager, eager.step), (other, step)):
            autograd.manual_seed(i)
            do(*batch(i))
        same(eager.state(), other.state())
    assert step.counts == {"eager": 1, "recorded": 1, "replayed": 4, "checked": 3}


def test_a_check_finds_what_differs():
    w = autograd.ones(2)

    @autograd.compile(check=True)
    def step(x):
        w.add_(x)
        return w * 2

    for _ in range(3):
        step(autograd.ones(2))
    (captured,) = step.programs
    right = captured._program
    captured._program = lambda *arrays: (right(*arrays)[0] + 1,)
    with pytest.raises(
        RuntimeError, match=r"check found array\(\[11., 11.\].* gives array\(\[10., 10"
    ):
        step(autograd.ones(2))
    assert w.tolist() == [5.0, 5.0]


# -- modules, copies, threads ----------------------------------------------------------------------


def test_a_compiled_module_is_itself():
    net = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5))
    names = [*net.state_dict()], repr(net), [*net.named_modules()]
    assert autograd.compile(net, mode="max-autotune") is net and net._orig_mod is net
    assert ([*net.state_dict()], repr(net), [*net.named_modules()]) == names
    assert autograd.compile(net) is net and autograd.compile(net.forward) is net.forward
    net.eval()
    x = autograd.ones(2, 4)
    with autograd.no_grad():
        for _ in range(4):
            expected = x @ net[0].weight.T + net[0].bias
            np.testing.assert_allclose(net(x).numpy(), expected.numpy(), rtol=1e-6)
            net.load_state_dict({name: one * 2 for name, one in net.state_dict().items()})
        assert net.forward.counts == {"eager": 1, "recorded": 1, "replayed": 2}
        net.double()
        assert net(x.double()).dtype == autograd.float64
    assert net(x.double()).requires_grad


def test_copies_and_pickles_are_compiled_anew():
    net = autograd.compile(nn.Linear(4, 3))
    x = autograd.ones(2, 4)
    for one in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):  # noqa: S301
        assert one.forward.function.__self__ is one
        with autograd.no_grad():
            one.weight.zero_()
            for _ in range(3):
                assert one(x).tolist() == one.bias.expand(2, 3).tolist()
        assert one.forward.counts["replayed"] == 1 and not net.forward.counts
    assert pickle.loads(pickle.dumps(decorated)) is decorated  # noqa: S301


@autograd.compile
def decorated(x):
    return x * 2


def test_threads_call_one_step():
    step = autograd.compile(lambda x: (x * 2).sum() + x.std())
    wrong = []

    def work(k):
        for i in range(50):
            x = autograd.arange(50.0) * (k + i)
            expected = (x * 2).sum() + x.std()
            if step(x).item() != expected.item():
                wrong.append((k, i))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong and sum(step.counts.values()) == 200


def test_others_compute_while_a_step_is_recorded():
    training = Training()
    wrong, over = [], threading.Event()

    def work():
        w = autograd.ones(3, requires_grad=True)
        while not over.is_set():
            w.grad = None
            (w * w).sum().backward()
            if w.grad.tolist() != [2.0, 2.0, 2.0]:
                wrong.append(w.grad)

    thread = threading.Thread(target=work)
    thread.start()
    step = autograd.compile(training.step)
    for i in range(20):
        step(*batch(i, 6 + i % 7))
    over.set()
    thread.join()
    assert not wrong and step.counts["recorded"] >= 7


# -- literals --------------------------------------------------------------------------------------


@LITERALS
def test_a_tensor_of_a_literal_is_made_anew():
    @autograd.compile
    def step(x):
        mask = autograd.tensor([1.0, 0.0])
        return x * mask + autograd.tensor([[3, 4]], dtype=autograd.float32), mask

    for i in range(4):
        result, mask = step(autograd.ones(2) * i)
        assert result.tolist() == [[3.0 + i, 4.0]]
        mask.mul_(5)
    assert step.counts["replayed"] == 2


def test_a_tensor_of_a_number_that_may_change_is_none():
    k = [1.0]

    @autograd.compile
    def step(x):
        return x * autograd.tensor([k[0], 1.0])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i in range(5):
            k[0] = float(i)
            assert step(autograd.ones(2)).tolist() == [i, 1.0]


def test_threads_train_models_of_their_own():
    trainings = [Training(optim.SGD) for _ in range(3)]
    found = []

    def work(training):
        training.model[3].p = 0.0  # threads draw in no order
        step = autograd.compile(training.step)
        for i in range(12):
            step(*batch(i, 6 if i % 4 else 5))
        found.append(step.counts)

    threads = [threading.Thread(target=work, args=(one,)) for one in trainings]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 3 and all([counts["replayed"] for counts in found])
    for one in trainings[1:]:
        for p, q in zip(one.model.parameters(), trainings[0].model.parameters(), strict=True):
            np.testing.assert_array_equal(p.detach().numpy(), q.detach().numpy())


SCRIPT = """
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3))
if COMPILED:
    model = torch.compile(model, mode="reduce-overhead")
optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)


def step(x, y):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss


if COMPILED:
    step = torch.compile(step, fullgraph=True, backend="inductor")
for i in range(8):
    print(f"{step(torch.randn(6, 4), torch.randint(0, 3, (6,))).item():.4f}")
model.eval()
with torch.inference_mode():
    for i in range(4):
        print((model(torch.randn(2, 4)) * 1000).round().tolist())
print(list(model.state_dict()))
"""


@pytest.mark.slow
def test_a_script_prints_the_same(tmp_path):
    printed = []
    for compiled in (False, True):
        path = tmp_path / f"train{compiled}.py"
        path.write_text(f"COMPILED = {compiled}\n{SCRIPT}", encoding="utf-8")
        command = [sys.executable, "-W", "error", "-m", "autograd", str(path)]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)  # noqa: S603
        printed.append(ran.stdout)
    losses, others = [text.splitlines() for text in printed]
    assert losses[-1] == others[-1] and len(losses) == len(others) == 13
    numbers = [[json.loads(line) for line in lines[:-1]] for lines in (losses, others)]
    for one, other in zip(*numbers, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4)  # machine code rounds otherwise


def test_a_program_holds_neither_results_nor_gradients_nor_batches():
    training = Training()
    step = autograd.compile(training.step)
    step(*batch(0))
    x, y = batch(1)
    loss = step(x, y)
    gone = [weakref.ref(one) for one in (loss, x, x._data, training.model[0].weight.grad)]
    gone.append(weakref.ref(training.model[0].weight.grad._data))
    del loss, x, y
    step(*batch(2))
    gc.collect()
    assert step.counts["replayed"] == 1 and [one() for one in gone] == [None] * 5


@pytest.mark.parametrize("backend", ["replay", "llvm"])
def test_a_look_after_a_draw_puts_the_stream_back(backend):
    """BCE asks whether it was given probabilities; a draw before that is no reason against it."""

    def run(compile):
        autograd.manual_seed(0)
        w = autograd.full((3,), 0.5, requires_grad=True)

        @compile
        def step(x, scale):
            w.grad = None
            p = autograd.sigmoid(x * w + autograd.randn(3)) * scale
            loss = F.binary_cross_entropy(p, (x > 0).float())
            loss.backward()
            return loss

        seen = []
        for i in range(8):
            scale = autograd.tensor(2.0 if i == 5 else 1.0)  # no probabilities: it raises
            try:
                seen.append(step(autograd.arange(3.0) - 1, scale).item())
            except (RuntimeError, ValueError) as error:
                seen.append(type(error))
            seen.append(w.grad if w.grad is None else w.grad.tolist())
        return seen, autograd.get_rng_state().tolist(), step

    expected, stream, _ = run(eagerly)
    found, after, step = run(lambda f: autograd.compile(f, backend=backend))
    assert step.counts["replayed"] >= 4 and after == stream
    assert found[10] is expected[10]
    np.testing.assert_allclose(found[-2], expected[-2], rtol=0 if backend == "replay" else 1e-5)


def test_numbers_that_change_are_said():
    @autograd.compile
    def step(x, i):
        return x * i

    with pytest.warns(UserWarning, match="pass numbers that change as tensors"):
        for i in range(20):
            assert step(autograd.ones(1), float(i)).item() == i
    assert step.counts["recorded"] == 8 and len(step._seen) == 1


def test_bfloat16_somewhere_does_not_switch_it_off():
    pytest.importorskip("ml_dtypes")
    autograd.ones(2).bfloat16()
    step = autograd.compile(lambda x: x * 2)
    for _ in range(4):
        step(autograd.ones(2))
    assert step.counts["replayed"] == 2
