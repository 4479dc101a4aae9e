"""Who watches a step's Python: what is said of it, at which line, and what stays behind."""

import gc
import sys
import time
import weakref

import numpy as np
import pytest

import autograd
import nn
from autograd.compiler.captured import Captured
from autograd.compiler.watching.kinds import whose
from autograd.compiler.watching.places import Item, Still, Whole, same
from autograd.compiler.watching.purity import Watch
from tests.driver import Driver


class Holder:
    def __init__(self):
        self.n, self.log, self.rates = 0, [], {"lr": 0.1}


def counts(x, holder):
    holder.n += 1
    return x


def logs(x, holder):
    holder.log.append(1)
    return x


def sets(x, holder):
    holder.rates["lr"] *= 0.5
    return x


def waits(x, holder):
    return x * time.time()


def draws(x, holder):
    return x * np.random.rand()


@pytest.mark.parametrize(
    "step, told, line",
    [
        (counts, "n of a Holder has changed", "holder.n += 1"),
        (logs, "log of a Holder has changed", "holder.log.append(1)"),
        (sets, "rates of a Holder has changed", 'holder.rates["lr"] *= 0.5'),
        (waits, "time.time was called, which may give other results", "return x * time.time()"),
        (draws, "a module that keeps streams of numbers", "return x * np.random.rand()"),
    ],
)
def test_what_is_said(step, told, line):
    holder = Holder()
    found = Captured(lambda x: step(x, holder), autograd.ones(3)).refusals
    assert any(told in one.reason and one.line.text == line for one in found)


def test_what_has_changed_is_named():
    holder = Holder()

    def step(x):
        return x * holder.n + holder.rates["lr"]

    again = Captured(step, autograd.ones(3))
    assert not again.refusals and not again.misfit(autograd.ones(3))
    holder.other = 1
    assert again.misfit(autograd.ones(3)) == "a Holder is another"
    del holder.other
    holder.n = 0 * 5
    assert not again.misfit(autograd.ones(3))
    holder.n = 1
    assert again.misfit(autograd.ones(3)) == "n of a Holder is another"
    holder.n = 0
    holder.rates["lr"] = float("0.1")  # an equal number, another object
    assert not again.misfit(autograd.ones(3))
    holder.rates["lr"] = 0.2
    assert again.misfit(autograd.ones(3)) == "rates of a Holder is another"


def test_lines_that_did_not_run_do_not_count():
    holder = Holder()

    def step(x, verbose=False):
        if verbose:
            print(holder.n, time.time())
        return x * 2

    again = Captured(step, autograd.ones(3))
    holder.n = 5
    assert not again.refusals and not again.misfit(autograd.ones(3))


def test_under_a_debugger_all_lines_count():
    holder = Holder()

    def step(x, verbose=False):
        if verbose:
            print(holder.n)
        return x * 2

    sys.settrace(tracer := lambda frame, event, arg: None)
    try:
        again = Captured(step, autograd.ones(3))
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(None)
    assert not again.refusals
    holder.n = 5
    assert again.misfit(autograd.ones(3)) == "n of a Holder is another"


def test_beside_another_profiler_nothing_is_captured():
    sys.setprofile(profiler := lambda frame, event, arg: None)
    try:
        found = Captured(lambda x: x * 2, autograd.ones(3)).refusals
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(None)
    assert [one.reason for one in found] == ["another profiler watches the step"]


def test_nothing_stays_behind_an_error():
    def step(x):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Captured(step, autograd.ones(3))
    assert sys.getprofile() is None and sys.gettrace() is None


def test_arguments_and_results_are_let_go():
    model = nn.Linear(3, 2)

    def step(x, log):
        outs = [model(x).detach() for _ in range(2)]
        return outs[0] + outs[1]

    x = autograd.ones(3)
    again = Captured(step, x, [1])
    gone = [weakref.ref(x), weakref.ref(again.result)]
    del x, again.result
    gc.collect()
    assert not again.refusals and [one() for one in gone] == [None, None]


def test_a_scripts_own_modules_are_known_by_their_files(tmp_path):
    source = "n = 0\ndef count(x):\n    global n\n    n += 1\n    return x * n\n"
    for name in ("optim", "statistics", "nn.functional"):
        file = str(tmp_path / "own.py")
        scope = {"__name__": name, "__file__": file}
        exec(compile(source, file, "exec"), scope)
        step = Driver(scope["count"])
        assert [step(autograd.ones(1)).item() for _ in range(4)] == [1, 2, 3, 4]
    assert whose("autograd.engine.graph", autograd.__file__) == "ours"


def test_what_is_the_same():
    assert same(float("nan"), float("nan")) and same((1, (2.0, "a")), (1, (2.0, "a")))
    for one, other in [(0.0, -0.0), (1, 1.0), (1, True), ([], []), ((1,), (2,)), ("a", "b")]:
        assert not same(one, other)
    assert same(np.float32(1), np.float32(1)) and not same(np.float32(1), np.float64(1))


def test_equal_numbers_are_looked_at_once():
    box = {"a": 1.5}
    still = Still([Item("a", box, box.get, "a", 1.5), Whole("box", box, box, ("a",))])
    box["a"] = float("1.5")
    assert not still._same_objects()
    assert not still.changed() and still._same_objects()


def test_one_watch_sees_what_another_ones_step_did():
    holder = Holder()
    x = autograd.ones(3)
    with Watch(counts, (x, holder)) as watch:
        counts(x, holder)
    assert [reason for reason, _ in watch.refusals] == ["n of a Holder has changed"]
    with Watch(logs, (x, holder)) as watch:
        x * holder.n  # not the function's own doing
    assert not watch.refusals and watch.changed() == ""
