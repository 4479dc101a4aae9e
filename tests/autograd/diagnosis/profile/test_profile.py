"""Profiles on a clock of our own: what is timed moves it, and nothing else does."""

import re
import threading
import weakref

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd import Function, profiler
from autograd.diagnosis.profile import profile as written, recorder
from autograd.utils.checkpoint import checkpoint

pytestmark = pytest.mark.usefixtures("noting")

MS = 1_000_000


class Clock:
    time = 0

    def __call__(self):
        return self.time


@pytest.fixture
def clock(monkeypatch):
    """The time that recorders see; ops below move it on."""
    found = Slow.clock = SlowInside.clock = Clock()
    monkeypatch.setattr(recorder, "now", found)
    monkeypatch.setattr(written, "costs", lambda: {})
    return found


class Slow(Function):
    """5 ms forward, 7 ms backward."""

    def forward(self, x):
        self.clock.time += 5 * MS
        return x * 2

    def grad_x(self, g):
        self.clock.time += 7 * MS
        return g * 2


class SlowInside(Function):
    """In PyTorch's form, with an op inside: 1 ms and that of Slow, 2 ms and that of Slow."""

    @staticmethod
    def forward(ctx, x):
        SlowInside.clock.time += 1 * MS
        return Slow.apply(x)

    @staticmethod
    def backward(ctx, g):
        SlowInside.clock.time += 2 * MS
        return Slow.apply(g)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(autograd.ones(3))

    def forward(self, x):
        return Slow.apply(x * self.scale)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([Layer(), Layer()])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return SlowInside.apply(x)


def rows(p, by):
    """Each row's calls, and its milliseconds: forward, backward, alone."""
    return {
        row.name.partition("  ")[0]: (
            row.calls,
            round(row.forward * 1e3),
            round(row.backward * 1e3),
            round(row.own * 1e3),
        )
        for row in p.rows(by)
        if row.total or by == "module"
    }


def test_times_belong_to_the_op_the_module_and_the_line_that_made_a_node(clock):
    net = Net()
    with autograd.profile() as p:
        loss = net(autograd.ones(3)).sum()
        loss.backward()
    assert rows(p, "op") == {
        "Slow": (4, 15, 19, 34),  # two layers, one inside; its formulas are those of the layers
        "SlowInside": (1, 6, 7, 3),
        "backward": (1, 0, 21, 0),
    }
    assert rows(p, "module") == {
        "net: Net": (1, 16, 21, 13),
        "net.layers.0: Layer": (1, 5, 7, 12),
        "net.layers.1: Layer": (1, 5, 7, 12),
    }
    found = rows(p, "line")
    assert found[place(Layer.forward, 1)] == (4, 10, 14, 24)
    assert found[place(Net.forward, 2)] == (2, 10, 0, 0)  # the layers' calls
    assert found[place(Net.forward, 3)] == (1, 6, 7, 8)
    assert found[place(SlowInside.forward, 3)] == (1, 5, 0, 5)
    whole = test_times_belong_to_the_op_the_module_and_the_line_that_made_a_node
    assert found[place(whole, 3)] == (2, 16, 0, 0)
    assert found[place(whole, 4)] == (1, 0, 21, 0)
    assert p.rows("line")[0].name.endswith("  return Slow.apply(x * self.scale)")


def place(function, offset):
    return f"test_profile.py:{function.__code__.co_firstlineno + offset}"


def test_what_the_profile_does_itself_takes_no_time(clock, monkeypatch):
    real = recorder.lines.here

    def slowly():
        clock.time += 1000 * MS
        return real()

    monkeypatch.setattr(recorder.lines, "here", slowly)
    with autograd.profile() as p:
        Net()(autograd.ones(3)).sum().backward()
    assert p.rows("module")[0].total == pytest.approx(37e-3)
    assert p._recorder.spans.length == 37 * MS


def test_what_listening_costs_is_taken_off(clock, monkeypatch):
    costs = {"op": (2 * MS, 1 * MS), "formula": (3 * MS, 0)}
    monkeypatch.setattr(written, "costs", lambda: costs)
    x = autograd.ones(3, requires_grad=True)
    with autograd.profile() as p:
        with profiler.record_function("all"):
            y = Slow.apply(x)
            clock.time += 4 * MS  # the program itself
            y.backward(autograd.ones(3))
    assert rows(p, "op")["Slow"] == (1, 3, 4, 7)
    (block,) = [e for e in p.events() if e.name == "all"]
    assert block.cpu_time_total == 10_000 and block.self_cpu_time_total == 3_000
    # nothing is shorter than what lies in it
    costs["op"] = (200 * MS, 0)
    with autograd.profile() as p:
        SlowInside.apply(x)
    assert all(span.own >= 0 for span in p._recorder.spans)


def test_costs_are_measured_where_no_other_hears_it():
    from autograd.diagnosis.profile.cost import costs
    from autograd.engine.observer import Observer, observe

    class Deaf(Observer):
        def call_begins(self, *call):
            raise AssertionError

    with observe(Deaf()):
        assert costs() == {}
    with autograd.no_grad():
        found = costs()
    assert sorted(found) == ["formula", "module", "op"]
    assert all(inside >= 0 and around >= 0 for inside, around in found.values())


def test_memory_is_counted_once_and_where_it_is_held(clock):
    x = autograd.ones(1000, dtype=autograd.float32, requires_grad=True)
    with autograd.profile() as p:
        kept = x * 2  # 4000 bytes
        view = kept.reshape(10, 100)
        for _ in range(3):
            again = view + 1  # each goes when the next is there
        del again
        kept.sum().backward()  # 4 bytes, and their gradient as wide as x
    made = {row.name: (row.made, row.at_peak) for row in p.rows("op")}
    assert made["Add"] == (12_000, 8_000)
    assert made["Multiply"] == (8_000, 4_000)  # and the gradient of x
    assert made["Reshape"] == (0, 0)
    assert p._recorder.spans.peak() == 12_000
    with autograd.profile() as inside:
        SlowInside.apply(x)
    assert {row.name: row.made for row in inside.rows()} == {"Slow": 4000, "SlowInside": 0}
    lines = {row.name.partition("  ")[2]: row.made for row in p.rows("line")}
    assert lines["kept = x * 2  # 4000 bytes"] == 8_000


def test_traced_memory_tells_what_an_op_needs_in_passing():
    class Wasteful(Function):
        def forward(self, x):
            return np.ones((1000, 100)).sum() * x

        def grad_x(self, g):
            return g

    with autograd.profile(profile_memory=True) as p:
        Wasteful.apply(autograd.ones(3))
    (row,) = p.rows("op")
    # What was there before may be freed inside, so the rise may be some bytes less than the array.
    assert 790_000 <= row.rise < 900_000 and row.made < 100
    titles, _, figures = p.table("op").split("\n")
    assert titles.endswith("   made     rise") and re.search(r" 24 B   (79|8\d)\d kB$", figures)
    import tracemalloc

    assert not tracemalloc.is_tracing()


def test_what_was_made_before_goes_by_its_op_and_line(clock):
    x = autograd.ones(3, requires_grad=True)
    y = Slow.apply(x)
    with autograd.profile() as p:
        y.backward(autograd.ones(3))
    assert rows(p, "op")["Slow"] == (0, 0, 7, 7)
    assert rows(p, "line")[place(test_what_was_made_before_goes_by_its_op_and_line, 2)][2] == 7


def test_a_profile_may_begin_and_end_in_the_midst(clock):
    p = autograd.profile()

    class Begins(nn.Module):
        def forward(self, x):
            p.start()
            return Slow.apply(x)

    class Ends(nn.Module):
        def forward(self, x):
            x = Slow.apply(x)
            p.stop()
            return Slow.apply(x)

    x = Begins()(autograd.ones(3))
    Ends()(x)
    assert rows(p, "op") == {"Slow": (2, 10, 0, 10)}
    assert rows(p, "module") == {"Ends: Ends": (1, 5, 0, 5)}


def test_what_raises_is_ended(clock):
    class Faulty(nn.Module):
        def forward(self, x):
            Slow.apply(x)
            with profiler.record_function("deep"):
                raise ZeroDivisionError

    layer = Faulty()
    with autograd.profile() as p:
        with pytest.raises(ZeroDivisionError):
            layer(autograd.ones(3))
        with pytest.raises(ValueError):
            autograd.ones(3) + autograd.ones(2)
        Slow.apply(autograd.ones(3))
    spans = p._recorder.spans
    assert [span.parent for span in spans if span.name == "Slow"] == [spans[0], None]
    assert rows(p, "module") == {"layer: Faulty": (1, 5, 0, 5)}


def test_modules_go_by_the_names_of_their_owners(clock):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = nn.Sequential(nn.Tanh())

        def encode(self, x):
            return self.encoder(x)

    class Trainer:
        def __init__(self):
            self.model = nn.Tanh()

        def run(self):
            self.model(autograd.ones(3))

    with autograd.profile() as p:
        Model().encode(autograd.ones(3))
        Trainer().run()
        nn.Tanh()(autograd.ones(3))
    assert {row.name for row in p.rows("module")} == {
        "Model.encoder: Sequential",
        "Model.encoder.0: Tanh",
        "Trainer.model: Tanh",
        "Tanh: Tanh",
    }


def test_checkpoints_and_second_derivatives_keep_their_names(clock):
    net = Net()
    x = autograd.ones(3, requires_grad=True)
    with autograd.profile() as p:
        checkpoint(net, x, use_reentrant=False).sum().backward()
    found = rows(p, "module")
    assert found["net.layers.0: Layer"] == (2, 5, 12, 17)  # it runs again, going back
    with autograd.profile() as p:
        (g,) = autograd.grad((Slow.apply(x) ** 2).sum(), x, create_graph=True)
        g.sum().backward()
    assert rows(p, "op")["Slow"] == (1, 5, 14, 19)


def test_all_threads_are_in_it_each_with_spans_of_its_own(clock):
    def work():
        Slow.apply(autograd.ones(3))

    with autograd.profile() as p:
        with profiler.record_function("main"):
            thread = threading.Thread(target=work, name="worker")
            thread.start()
            thread.join()
    assert [(s.name, s.thread, s.parent) for s in p._recorder.spans] == [
        ("main", 0, None),
        ("Slow", 1, None),
    ]
    found = []

    def alone():
        with autograd.profile() as inner:
            work()
        found.append(rows(inner, "op"))

    thread = threading.Thread(target=alone)
    thread.start()
    thread.join()
    assert found == [{"Slow": (1, 5, 0, 5)}]


def test_nothing_is_kept_alive():
    with autograd.profile() as p:
        net = nn.Sequential(nn.Tanh())
        y = net(autograd.ones(3, requires_grad=True))
        gone = [weakref.ref(net), weakref.ref(y), weakref.ref(y._edge), weakref.ref(y._data)]
        del net, y
        assert [one() for one in gone] == [None] * 4
    assert len(p.rows("op")) == 1


def test_what_the_user_has_of_locals_stays():
    held = locals()
    net = nn.Tanh()
    with autograd.profile() as p:
        net(autograd.ones(3))
    assert p.rows("module")[0].name == "net: Tanh"
    assert held == {} or "net" in held  # as Python's version has it
    assert locals()["net"] is net


def test_no_number_changes():
    def step():
        autograd.manual_seed(0)
        model = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Dropout(0.2), nn.Linear(8, 3))
        rule = optim.Adam(model.parameters())
        target = autograd.tensor([0, 1, 2, 0, 1])
        nn.functional.cross_entropy(model(autograd.randn(5, 4)), target).backward()
        rule.step()
        return [p.detach().numpy().tobytes() for p in model.parameters()]

    quiet = step()
    with autograd.profile(record_shapes=True) as p:
        assert step() == quiet
    assert {"Adam.step", "Linear", "CrossEntropy"} <= {row.name for row in p.rows()}


def test_a_profile_is_of_one_time_and_by_known_things():
    p = autograd.profile()
    p.start()
    with pytest.raises(RuntimeError) as told:
        p.start()
    assert str(told.value) == (
        "profile: it is started once; this one is under way. Call stop() first, or make another "
        "profile."
    )
    p.stop()
    with pytest.raises(ValueError) as told:
        p.table("ops")
    assert str(told.value) == (
        "profile: by must be one of 'op', 'module', 'line'; got 'ops'. For PyTorch's table write "
        "key_averages().table(sort_by=...)."
    )
    with autograd.profile(enabled=False) as p:
        autograd.ones(3).exp()
    assert p.rows() == [] and p.table() == ""
