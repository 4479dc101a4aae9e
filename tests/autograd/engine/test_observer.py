"""Observers: one program with everything in it, and what is told of it."""

import threading

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
import optim
from autograd import Function
from autograd.engine import observer
from autograd.engine.observer import Observer, observe
from tests.graph_cases import leaf


class List(Observer):
    """Writes down what it is told."""

    def __init__(self):
        self.lines = []

    def call_begins(self, op, args, options):
        self.lines.append(f"{op.__name__}(")

    def call_ends(self, op, result, error, recorded):
        end = type(error).__name__ if error else "recorded" if recorded else "not recorded"
        self.lines.append(f"){op.__name__} {end}")

    def node_born(self, node):
        self.lines.append(f"+{type(node).__name__}")

    def formula_runs(self, node, g):
        self.lines.append(f"-{type(node).__name__}")

    def module_entered(self, module):
        self.lines.append(f"<{type(module).__name__}>")

    def module_left(self, module):
        self.lines.append(f"</{type(module).__name__}>")

    def step_taken(self, optimizer):
        self.lines.append(f"step of {type(optimizer).__name__}")


class Double(Function):
    """An op from outside, in NumPy's form."""

    def forward(self, x):
        return x * 2

    def grad_x(self, g):
        return g * 2


class Halve(Function):
    """An op from outside, in PyTorch's form."""

    @staticmethod
    def forward(ctx, x):
        return x / 2

    @staticmethod
    def backward(ctx, g):
        return g / 2


def listed(program):
    with observe(List()) as found:
        program()
    return found.lines


def called(name, *inside, recorded=True):
    """What a call of an op is told as: its begin, what happens inside, its node, its end."""
    born = [f"+{name}"] if recorded else []
    return [f"{name}(", *inside, *born, f"){name} {'recorded' if recorded else 'not recorded'}"]


def test_one_program_with_everything_in_it():
    x = leaf([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], np.float32)
    target = autograd.tensor([0, 1])
    made = {}

    def plain():
        made["h"] = x * 2

    assert listed(plain) == called("Multiply")

    def fused():
        made["loss"] = F.cross_entropy(made["h"], target)

    assert listed(fused) == called("CrossEntropy")
    assert listed(lambda: made["loss"].backward(retain_graph=True)) == [
        "-CrossEntropy",
        "-Multiply",
    ]

    def several():
        made["a"], made["b"] = made["h"].split([1, 1])

    assert listed(several) == called("Split")
    assert listed(lambda: made["a"].sum().backward(retain_graph=True)) == [
        *called("Sum"), "-Sum", "-Split", "-Multiply",
    ]  # fmt: skip
    assert listed(lambda: made["h"].T) == called("Permute")
    assert listed(lambda: x.exp().add_(1)) == [*called("Exp"), *called("Add")]
    assert listed(lambda: Double.apply(x)) == called("Double")
    inside = called("Divide", recorded=False)
    assert listed(lambda: Halve.apply(x)) == called("Halve", *inside)

    def unrecorded():
        with autograd.no_grad():
            x.exp()

    assert listed(unrecorded) == called("Exp", recorded=False)

    def raising():
        with pytest.raises(ValueError):
            x + autograd.ones(7)

    assert listed(raising) == ["Add(", ")Add ShapeError"]

    def second():
        (made["g"],) = autograd.grad((x * x).sum(), x, create_graph=True)

    told = listed(second)
    assert told[:4] == ["Multiply(", "+Multiply", ")Multiply recorded", "Sum("]
    assert told.index("-Sum") < told.index("-Multiply") < told.index("Multiply(", 4)
    assert "-Multiply" in listed(lambda: made["g"].sum().backward())

    layer = nn.Linear(3, 2)
    assert listed(lambda: layer(x)) == ["<Linear>", *called("Linear"), "</Linear>"]
    layer(x).sum().backward()
    optimizer = optim.SGD(layer.parameters(), lr=0.1)
    assert listed(optimizer.step)[-1] == "step of SGD"


def test_a_change_through_a_view_gives_birth_to_nodes():
    h = leaf([1.0, 2.0]) * 1
    v = h[:1]
    told = listed(lambda: v.mul_(2))
    assert "+CopySlices" in told and "+Multiply" in told


def test_a_module_that_raises_is_left():
    class Faulty(nn.Module):
        def forward(self):
            raise ZeroDivisionError

    def program():
        with pytest.raises(ZeroDivisionError):
            Faulty()()

    assert listed(program) == ["<Faulty>", "</Faulty>"]


def test_arrays_alone_are_no_call():
    assert listed(lambda: Double.apply(np.ones(2))) == []


def test_several_may_listen_and_each_until_it_leaves():
    x = leaf([1.0])
    with observe(List()) as outer:
        with observe(List()) as inner:
            x * 2
        x.exp()
    x.log()
    assert inner.lines == called("Multiply")
    assert outer.lines == [*called("Multiply"), *called("Exp")]
    assert not observer.listening


def test_a_thread_is_told_its_own():
    x, told = leaf([1.0]), []
    meet = threading.Barrier(2, timeout=30)

    def listening():
        with observe(List()) as found:
            meet.wait()
            x.exp()
            meet.wait()
        told.append(found.lines)

    thread = threading.Thread(target=listening)
    thread.start()
    meet.wait()
    y = x * 2
    y.backward()
    meet.wait()
    thread.join()
    assert told == [called("Exp")]
    assert x.grad.item() == 2.0


def test_what_is_told_of_runs_the_shortest_way(monkeypatch):
    general = []
    run = Function._run.__func__

    def noted(cls, args, options):
        general.append(cls.__name__)
        return run(cls, args, options)

    x = leaf([[1.0, 2.0], [3.0, 4.0]], np.float32)
    target = autograd.tensor([0, 1])

    def program():
        y = (autograd.cat([x.T, x * 2]) + x.sum() / 3).exp()[0]
        return F.cross_entropy(F.linear(x, x) * y, target).reshape(1) - x.max()

    program()
    monkeypatch.setattr(Function, "_run", classmethod(noted))
    with observe(List()) as found:
        y = program()
    assert not general
    assert [line[1:] for line in found.lines if line[0] == "+"] == [
        "Permute", "Multiply", "Cat", "Sum", "Divide", "Add", "Exp", "GetSlice", "Linear",
        "Multiply", "CrossEntropy", "Reshape", "Amax", "Subtract",
    ]  # fmt: skip
    y.backward()
    assert listed(lambda: x.double() + x)[3:] == ["Add(", *called("Cast"), "+Add", ")Add recorded"]
    assert general == ["Add"]  # of two dtypes


def test_of_all_threads_one_may_be_told():
    x = leaf([1.0])
    with observe(List(), every_thread=True) as found:
        thread = threading.Thread(target=x.exp)
        thread.start()
        thread.join()
        x.log()
    x.sqrt()
    assert found.lines == [*called("Exp"), *called("Log")]
    assert not observer.listening and not observer.watching()


def test_gradients_and_work_are_told():
    class Work(Observer):
        lines = []

        def formula_ran(self, node, gradients):
            self.lines += [(type(node).__name__, edge, d.tolist()) for edge, d in gradients]

        def work_begins(self, name):
            self.lines.append(f"{name}(")

        def work_ends(self, name):
            self.lines.append(f"){name}")

    x = leaf([1.0, 2.0])
    optimizer = optim.SGD([x], lr=0.1)
    with observe(Work()) as found:
        (x * x).backward(autograd.ones(2, dtype=x.dtype))
        optimizer.step()
        with pytest.raises(ZeroDivisionError):
            optimizer.step(lambda: 1 / 0)
    assert found.lines == [
        "backward(",
        ("Multiply", x._edge, [1.0, 2.0]),
        ("Multiply", x._edge, [1.0, 2.0]),
        ")backward",
        *["accumulate(", ")accumulate", "SGD.step(", ")SGD.step", "SGD.step(", ")SGD.step"],
    ]


def test_an_observer_changes_no_number():
    def step():
        autograd.manual_seed(0)
        model = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Linear(8, 3))
        optimizer = optim.Adam(model.parameters())
        x, target = autograd.randn(5, 4), autograd.tensor([0, 1, 2, 0, 1])
        F.cross_entropy(model(x), target).backward()
        optimizer.step()
        return [p.detach().numpy().tobytes() for p in model.parameters()]

    quiet = step()
    with observe(Observer()):
        assert step() == quiet
