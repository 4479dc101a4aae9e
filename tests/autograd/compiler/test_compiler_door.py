"""``torch.compiler``, checks, modules, copies, threads, literals, scripts."""

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
from tests.autograd.compiler.test_compiled_scenarios import eagerly

LITERALS = pytest.mark.skipif(sys.version_info < (3, 11), reason="no places of calls in lines")


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


def test_keywords_and_checks_that_cannot_be():
    assert autograd.compile(abs, name="step", recompile_limit=4, disable=True) is abs
    with pytest.raises(TypeError, match=r"torch.compile's, or check; got chekc, depth\. Arguments"):
        autograd.compile(abs, chekc=True, depth=3)
    with pytest.raises(TypeError, match="check must be a bool or a whole number; got float"):
        autograd.compile(abs, check=0.5)
    with pytest.raises(ValueError, match="check must be 0 or more; got -3"):
        autograd.compile(check=-3)


# -- what is told ----------------------------------------------------------------------------------


def test_explain_says_why_calls_ran_as_ever():
    step = autograd.compile(lambda x: x * 2)
    x = autograd.ones(2)
    for _i in range(3):
        step(x)
    assert "as ever:" not in str(step.explain())  # each step begins with one
    with compiler.set_stance("force_eager"):
        step(x)
    with autograd.autograd.detect_anomaly():
        step(x)
    with compiler.set_stance("eager_on_recompile"):
        step(autograd.ones(3))
    step(x.double() > 0)
    with autograd.no_grad():
        step(x)
    lines = str(step.explain()).splitlines()
    assert step.explain().counts["eager"] == sum(step.explain().ever.values())
    assert "  as ever: under 'force_eager' (1 call)" in lines
    assert "  as ever: under 'eager_on_recompile' (1 call)" in lines
    assert any(line.startswith("  as ever: somebody looks at each op") for line in lines)
    assert "  as ever: the first of its kind (2 calls)" in lines


def test_explain_lists_programs_that_read_alike_once():
    step = autograd.compile(lambda x: x * 2)
    for n in (2, 2, 3, 4):
        step(autograd.ones(n))
    told = str(step.explain())
    assert told.count("of 1 call, given x1") == 1 and "\n  3 programs of 1 call, given x1" in told


def test_a_module_that_is_trained_by_itself_is_told_what_to_compile():
    net = autograd.compile(nn.Linear(4, 3))
    x = autograd.ones(2, 4)
    told = r"under no_grad\(\) alone; Linear was called .* Compile the function that calls it"
    with pytest.warns(UserWarning, match=told):
        for _i in range(3):
            net(x).sum().backward()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _i in range(3):
            net(x).sum().backward()  # it is said once
        with autograd.no_grad():
            for _i in range(3):
                net(x)
    assert net.forward.counts["replayed"] == 1 and net.weight.grad.tolist() == [[12.0] * 4] * 3


@pytest.mark.parametrize("backend", ["replay", "llvm"])
@pytest.mark.parametrize("name", ["inv", "cholesky", "svdvals", "solve"])
def test_a_replay_raises_what_a_matrix_raises_eagerly(name, backend):
    def step(a):
        more = (a[0],) if name == "solve" else ()
        return getattr(autograd.linalg, name)(a, *more) * 2

    bad = {"cholesky": -autograd.eye(2), "svdvals": autograd.full((2, 2), float("nan"))}
    compiled = autograd.compile(step, backend=backend)
    for i in range(1, 4):
        compiled(autograd.eye(2) * i)
    matrix = bad.get(name, autograd.zeros(2, 2))
    with pytest.raises(RuntimeError) as eager:
        step(matrix)
    with pytest.raises(RuntimeError) as replayed:
        compiled(matrix)
    assert type(replayed.value) is type(eager.value)
    here, there = str(replayed.value), str(eager.value).replace("svdvals", "svd")
    assert there.startswith(here)  # eagerly with a line besides
    assert compiled(autograd.eye(2)).isfinite().all()


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


def test_a_check_of_a_replay_allows_no_number_to_differ():
    """Not even one of a hundred, by a unit in its last place, among what the step has changed."""
    w = autograd.ones(100)

    @autograd.compile(check=True, backend="replay")
    def step(x):
        w.add_(x)
        return x.sum()

    for _ in range(3):
        step(autograd.ones(100))
    (captured,) = step.programs
    right = captured._program

    def wrong(*arrays):
        found = right(*arrays)
        w.numpy()[7] += np.float32(4e-7)
        return found

    captured._program = wrong
    with pytest.raises(RuntimeError, match="must give what its step gives"):
        step(autograd.ones(100))


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
        for i in range(40):  # while another records, a step runs as ever
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
