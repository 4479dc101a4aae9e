"""The lint finds the mistake in broken scripts, and nothing in the same scripts without it."""

import gc
import itertools
import linecache
import os
import re
import subprocess
import sys
import warnings

import pytest

import autograd
import nn
import optim
from autograd.diagnosis.lint import said, switch
from autograd.engine import lines, watches
from tests.rows.mistakes import HEAD, NET, SCRIPTS
from tests.rows.trainings import RIGHT

pytestmark = pytest.mark.slow  # most of them are processes of their own

numbers = itertools.count()


def run(text, strictly=False, at_exit=False):
    """The warnings of a script; the lint begins with it."""
    name = f"script{next(numbers)}.py"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    said.forget()
    gc.collect()  # the scripts before
    watches.optimizers.clear()
    lint = switch.Lint(strictly)
    before = switch._take(lint)
    wanted = object()
    lines.note(wanted)
    try:
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            exec(compile(text, name, "exec"), {"__name__": "script"})
            if at_exit:
                lint.steps.program_ends()
    finally:
        lines.done(wanted)
        switch._take(before)
    return [one for one in found if one.filename == name]


def variant(text, wrong):
    return re.sub(r"<<(.*?)\|(.*?)>>", lambda m: m[1] if wrong else m[2], text)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_mistake_is_said_once_with_line_culprit_and_cure(name):
    template, wanted = SCRIPTS[name]
    text = variant(template, wrong=True)
    found = run(text, at_exit=True)
    assert len(found) == 1, [str(one.message) for one in found]
    message = str(found[0].message)
    assert f"{found[0].filename}:{found[0].lineno}" in message
    for part in wanted:
        if part.startswith("@"):
            line = text.splitlines()[found[0].lineno - 1]
            assert part[1:] in line, (line, message)
        else:
            assert part in message


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("strictly", [False, True])
def test_the_same_script_without_it_gives_no_warning(name, strictly):
    found = run(variant(SCRIPTS[name][0], wrong=False), strictly, at_exit=True)
    assert not found, [str(one.message) for one in found]


@pytest.mark.slow
@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("strictly", [False, True])
def test_what_is_right_gives_no_warning(name, strictly):
    found = run(RIGHT[name], strictly, at_exit=True)
    assert not found, [str(one.message) for one in found]


# -- strict ----------------------------------------------------------------------------------------

DOUBTFUL = {
    "log_softmax twice": (
        "F.cross_entropy(torch.log_softmax(net(x), dim=1), y).backward()",
        "output of log_softmax",
    ),
    "across samples": (
        "torch.softmax(net(x), dim=0).square().sum().backward()",
        "Write dim=1",
    ),
    "most of the units": (
        "net.hidden.bias.data[:15] = -99.0; F.cross_entropy(net(x), y).backward()",
        "15 of the 16 units behind `net.hidden`",
    ),
    "two evaluations": (
        "F.cross_entropy(net(x), y).backward(); net.eval(); net(x); net(x)",
        "has recorded 2 graphs that nobody used",
    ),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_strict_says_what_is_doubtful(name):
    line, wanted = DOUBTFUL[name]
    text = HEAD + NET + line
    assert not run(text)
    (found,) = run(text, strictly=True)
    assert wanted in str(found.message)


def test_strict_does_not_wait():
    """Of what is left out the first step tells, and what no loss reaches the third."""
    for name, steps in (("left out", 1), ("cut off", 3)):
        text = re.sub(r"range\(\d+\)", f"range({steps})", variant(SCRIPTS[name][0], wrong=True))
        assert len(run(text, strictly=True)) == 1
        assert not run(text)


def test_strict_watches_to_the_end():
    text = (
        HEAD
        + NET
        + """
optimizer = optim.SGD(net.parameters(), lr=0.01)
for step in range(90):
    if step < 80:
        optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
"""
    )
    assert not run(text)
    (found,) = run(text, strictly=True)
    assert "set to zero between steps" in str(found.message)


def test_strict_is_a_switch():
    out = autograd.ones(2, 2, requires_grad=True)
    target = autograd.tensor([0, 1])

    def train():
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            nn.functional.cross_entropy(out.softmax(dim=1), target).backward()
        return len(found)

    before = switch._choice.lint
    with autograd.strict():
        assert train() == 1
        assert train() == 0  # once
        with autograd.strict(False):
            assert train() == 0
        with autograd.strict():
            assert train() == 1
    assert switch._choice.lint is before
    with pytest.raises(TypeError, match="strict: mode must be True or False; got 'yes'"):
        autograd.strict("yes")


def test_nothing_watches_where_it_is_switched_off():
    with autograd.strict(False):
        assert not watches.backward_begins and not watches.sweep_ends
        assert not (watches.steps or watches.modes or watches.unrecorded)


def test_after_the_first_steps_only_the_loss_and_the_graph_are_looked_at():
    text = (
        HEAD
        + NET
        + """
from autograd.engine import watches
optimizer = optim.SGD(net.parameters(), lr=0.01)
for step in range(64):
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
assert [told.__name__ for told in watches.backward_begins] == ["is_finite"]
assert [told.__name__ for told in watches.sweep_ends] == ["sweep_ends"]
assert not watches.steps
(net(x).sum() * float("nan")).backward()
assert not watches.backward_begins
"""
    )
    (found,) = run(text)
    assert "it is nan in the first pass" in str(found.message)


def test_nothing_is_kept_alive():
    import weakref

    net = nn.Linear(3, 2)
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    with autograd.strict():
        for _ in range(5):
            optimizer.zero_grad()
            loss = net(autograd.ones(4, 3)).sum()
            loss.backward()
            optimizer.step()
        things = [loss, loss.grad_fn, net, net.weight, net.weight.grad, optimizer]
        gone = [weakref.ref(thing) for thing in things]
        del net, optimizer, loss, things
        gc.collect()
        assert [one() for one in gone] == [None] * len(gone)


def test_numbers_do_not_change():
    def trained(mode):
        with autograd.strict(mode):
            autograd.manual_seed(0)
            net = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.Linear(8, 1))
            optimizer = optim.Adam(net.parameters())
            for _ in range(20):
                optimizer.zero_grad()
                net(autograd.randn(4, 3)).sum().backward()
                optimizer.step()
            return net[0].weight.tolist()

    assert trained(True) == trained(False)


# -- whole programs --------------------------------------------------------------------------------


def program(text, *options, tmp_path):
    path = tmp_path / "train.py"
    path.write_text(text)
    done = started(*options, str(path))
    assert done.returncode == 0, done.stderr
    return done.stderr


def started(*arguments):
    """A process of Python's that finds the packages where this one has them."""
    root = os.path.dirname(os.path.dirname(autograd.__file__))
    command = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": root}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)


def test_an_ordinary_script_is_watched(tmp_path):
    told = program(variant(SCRIPTS["never a step"][0], wrong=True), tmp_path=tmp_path)
    assert "train.py:26: UserWarning: SGD at train.py:26: step() must be called after" in told
    told = program(variant(SCRIPTS["softmax in forward"][0], wrong=True), tmp_path=tmp_path)
    assert "train.py:20: UserWarning: cross_entropy: input must be logits" in told
    assert "\n  x = F.softmax(x, dim=1)" in told


def test_strict_on_the_command_line(tmp_path):
    text = HEAD + NET + DOUBTFUL["log_softmax twice"][0]
    text = text.replace("import autograd as torch", "import torch")
    text = text.replace("import nn", "from torch import nn").replace("import optim", "")
    text = text.replace("from nn import functional as F", "from torch.nn import functional as F")
    assert program(text, "-m", "autograd", tmp_path=tmp_path) == ""
    told = program(text, "-m", "autograd", "--strict", tmp_path=tmp_path)
    assert "UserWarning: cross_entropy: input must be logits" in told


def test_a_crash_is_not_said_to_lack_a_step(tmp_path):
    text = variant(SCRIPTS["never a step"][0], wrong=True) + "\nraise SystemExit(0)\n"
    assert "step() must be called" in program(text, tmp_path=tmp_path)
    path = tmp_path / "train.py"
    path.write_text(text.replace("raise SystemExit(0)", "raise KeyError"))
    done = started(str(path))
    assert "KeyError" in done.stderr and "step() must be called" not in done.stderr


@pytest.mark.slow
def test_passes_within_the_only_step_belong_to_it(tmp_path):
    text = """
import autograd, optim
w = autograd.tensor([2.0, -3.0], requires_grad=True)
optimizer = optim.LBFGS([w], line_search_fn="strong_wolfe")
def closure():
    optimizer.zero_grad()
    loss = ((w - 1) ** 4).sum()
    loss.backward()
    return loss
optimizer.step(closure)
"""
    assert program(text, tmp_path=tmp_path) == ""
    assert "step() must be called" in program(
        text.replace("optimizer.step(closure)", "for _ in range(3): closure()"), tmp_path=tmp_path
    )


# -- leaks -----------------------------------------------------------------------------------------


def test_a_leak_that_no_variable_leads_to_is_said_without_a_name():
    text = (
        HEAD
        + NET
        + """
def keeper():
    held = []
    def keep(loss):
        held.append(loss)
    return keep
keep = keeper()
for step in range(20):
    loss = F.cross_entropy(net(x), y)
    net.zero_grad()
    loss.backward()
    keep(loss)
"""
    )
    (found,) = run(text)
    assert "no variable that could be found" in str(found.message)


def test_graphs_that_wait_for_the_collector_are_no_leak():
    text = (
        HEAD
        + NET
        + """
class Step:
    pass
for step in range(40):
    this = Step()
    this.own = this
    this.loss = F.cross_entropy(net(x), y)
    net.zero_grad()
    this.loss.backward()
"""
    )
    gc.disable()
    try:
        assert not run(text)
    finally:
        gc.enable()


def test_megabytes_are_those_that_nodes_hold():
    from autograd.diagnosis.lint import leaks

    w = autograd.ones(1000, 1000, requires_grad=True)
    below = leaks.nodes_below([(w * w.detach())._edge])
    assert len(below) == 1
    assert 4e6 < leaks._bytes(below) < 4.1e6


def test_the_last_steps_of_a_worker_thread_are_watched_too():
    text = (
        HEAD
        + NET
        + """
import threading
def work():
    total = 0.0
    for step in range(20):
        loss = F.cross_entropy(net(x), y)
        net.zero_grad()
        loss.backward()
        total += loss
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
    )
    (found,) = run(text)
    assert "`total`" in str(found.message)
