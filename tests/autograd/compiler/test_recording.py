"""A step recorded as it stands: no call is lost, numbers are read anew, nothing stays behind."""

import threading

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.compiler.replaying.replay import program
from autograd.compiler.tapes.recorder import Recorded
from autograd.compiler.tapes.recording import Busy, Recording
from autograd.engine.graph import TensorBase
from nn import functional as F
from tests.rows.optim import ROWS

SLOT = TensorBase.__dict__["_data"]


class Trained:
    """A small model, its optimiser and data; ``step`` is a step of training."""

    def __init__(self, layers, rule=optim.Adam, **options):
        autograd.manual_seed(0)
        self.model = nn.Sequential(*layers(), nn.Linear(6, 3))
        self.optimizer = rule(self.model.parameters(), **options)
        self.x, self.y = autograd.randn(5, 4), autograd.tensor([0, 2, 1, 2, 0])

    def step(self):
        self.optimizer.zero_grad()
        loss = F.cross_entropy(self.model(self.x), self.y)
        loss.backward()
        self.optimizer.step()
        return loss

    def state(self):
        """All that a step changes, to the last bit."""
        entries = [self.optimizer.state[p] for p in self.model.parameters()]
        numbers = [repr(v) for e in entries for v in e.values() if not hasattr(v, "dtype")]
        arrays = [v.numpy() for e in entries for v in e.values() if hasattr(v, "dtype")]
        arrays += [value.numpy() for value in self.model.state_dict().values()]
        return [
            *numbers,
            autograd.get_rng_state().numpy().tobytes(),
            *[a.tobytes() for a in arrays],
        ]


def recorded(step):
    """A step's recording, and the function that does it again on what it found."""
    with Recording() as recording:
        result = step()
    assert not [f"{reason}: {line}" for reason, line in recording.tape.refusals]
    outside = [*recording.outside.values()]
    given = {f"x{i}": recorder for i, (_, recorder) in enumerate(outside)}
    again = program(recording.tape, given, [recording.held_by(result)])
    return recording, lambda: again(*[tensor._data for tensor, _ in outside])


def layers():
    return [nn.Linear(4, 6), nn.Tanh()]


def trains_as_eager(make, changed=lambda trained, i: None, warm=1):
    """Steps done by a replay change what steps done by the engine change, bit for bit."""
    one, other = make(), make()
    autograd.manual_seed(1)
    losses = []
    for i in range(warm + 4):
        changed(one, i)
        losses.append(one.step())
    expected = one.state()
    autograd.manual_seed(1)
    for i in range(warm):
        changed(other, i)
        other.step()
    changed(other, warm)
    _, again = recorded(other.step)
    for i in range(warm + 1, warm + 4):
        changed(other, i)
        (loss,) = again()
        assert loss == losses[i]._data
    assert other.state() == expected


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_rule(row):
    trains_as_eager(lambda: Trained(layers, row.rule, **row.options), warm=7)


@pytest.mark.parametrize(
    "more",
    [
        lambda: [nn.Linear(4, 6), nn.Dropout(0.4), nn.ReLU()],
        lambda: [nn.Linear(4, 6), nn.BatchNorm1d(6), nn.GELU()],
        lambda: [nn.Linear(4, 6), nn.LayerNorm(6), nn.AlphaDropout(0.3)],
    ],
)
def test_draws_and_buffers(more):
    trains_as_eager(lambda: Trained(more))


def test_rates_are_read_anew():
    def slower(trained, i):
        trained.optimizer.param_groups[0].update(lr=0.1 / (i + 1), betas=(0.8 + i / 100, 0.9))

    trains_as_eager(lambda: Trained(layers, lr=0.1), slower)
    schedule = optim.lr_scheduler.ExponentialLR
    made = {}

    def scheduled(trained, i):
        if i:
            made[id(trained)].step()
        else:
            made[id(trained)] = schedule(trained.optimizer, 0.5)

    trains_as_eager(lambda: Trained(layers, optim.SGD, lr=0.1, momentum=0.9), scheduled)


def test_two_steps_of_one_optimiser():
    """The second goes on from the counters of the first."""

    class Twice(Trained):
        def step(self):
            super().step()
            return super().step()

    trains_as_eager(lambda: Twice(layers))


def test_everything_is_as_it_was():
    trained = Trained(layers)
    trained.step()
    with Recording() as recording:
        loss = trained.step()
        kept = (trained.model[0].weight * 2).exp()
        assert isinstance(kept._data, Recorded)
    assert TensorBase.__dict__["_data"] is SLOT and recording.tape.closed
    params = [*trained.model.parameters()]
    state = [v for p in params for v in trained.optimizer.state[p].values() if hasattr(v, "dtype")]
    for tensor in [loss, kept, *params, *[p.grad for p in params], *state]:
        assert isinstance(tensor._data, (np.ndarray, np.generic))
    assert trained.optimizer.state[params[0]]["step"] == 2
    count = len(recording.tape.calls)
    kept.sum().backward()  # a graph that lives on
    assert isinstance(params[0].grad._data, np.ndarray) and len(recording.tape.calls) == count


def test_an_exception_leaves_nothing_behind():
    w = autograd.ones(2, requires_grad=True)
    with pytest.raises(ZeroDivisionError), Recording():
        y = w * 2
        w.grad = y.detach()
        raise ZeroDivisionError
    assert TensorBase.__dict__["_data"] is SLOT
    assert type(w._data) is type(y._data) is type(w.grad._data) is np.ndarray
    with Recording():  # the lock is free
        pass


def test_other_threads_go_on():
    """They see arrays, leave no call, and may not record meanwhile."""
    w, seen = autograd.ones(2, requires_grad=True), []

    def other():
        y = (w * 3).sum()
        y.backward()
        seen.append((type(h._data), type(y._data), w.grad.tolist()))
        with pytest.raises(Busy), Recording():
            pass

    with Recording() as recording:
        h = w * 2
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert seen == [(np.ndarray, np.float32, [3.0, 3.0])]
    assert [call.function.__name__ for call in recording.tape.calls] == ["mul"]


def reasons(step):
    with Recording() as recording:
        step()
    return [reason for reason, _ in recording.tape.refusals]


X = autograd.arange(4.0)
GROUP = {"params": [], "lr": 0.1}


@pytest.mark.parametrize(
    "step, told",
    [
        (lambda: X.sum().item(), "by item"),
        (lambda: float(X[0]), "by item"),
        (lambda: 1 if X.sum() > 0 else 2, "read into Python"),
        (lambda: X.numpy(), "taken out of a tensor"),
        (lambda: X * autograd.tensor([1.0, 2.0, 3.0, float(len(X))]), "made of data"),
        (lambda: X + autograd.from_numpy(np.ones(4, np.float32)), "made of data"),
        (lambda: np.asarray(X), "taken out of a tensor"),
        (lambda: autograd.manual_seed(0), "stream of numbers"),
        (lambda: autograd.get_rng_state(), "stream of numbers"),
        (lambda: X[X > 1].tolist(), "read into Python"),
    ],
)
def test_what_is_refused(step, told):
    assert any(told in reason for reason in reasons(step))


def test_a_rate_that_the_step_changes_is_refused():
    trained = Trained(layers)

    def step():
        trained.step()
        trained.optimizer.param_groups[0]["lr"] /= 2

    trained.step()
    assert reasons(step) == ["the step has changed a number that it reads, 'lr'"]


def test_creation_is_a_call():
    def step():
        return [
            autograd.zeros(2), autograd.ones(2), autograd.full((2,), 3.0), autograd.eye(2),
            autograd.arange(3), autograd.arange(0, 1, 0.5), autograd.linspace(0, 1, 3),
            autograd.zeros_like(X), autograd.full_like(X, 2), autograd.rand(2), autograd.randn(3),
            autograd.randint(0, 3, (2,)), autograd.randperm(4), autograd.tril_indices(2, 2),
            autograd.normal(X, 1.0), autograd.bernoulli(X / 4), X.clone().uniform_(),
        ]  # fmt: skip

    assert not reasons(step)
    with Recording() as recording:
        made = step()
    (given,) = recording.outside.values()
    again = program(recording.tape, {"x": given[1]}, [recording.held_by(one) for one in made])
    autograd.manual_seed(3)
    expected = step()
    autograd.manual_seed(3)
    for found, one in zip(again(X._data), expected, strict=True):
        np.testing.assert_array_equal(found, one._data)


def test_views_and_writes():
    """Memory is looked at and written to as it was, and what grows of it is right."""

    def step(x):
        v = x * 1
        w = v[1:]
        w.mul_(v[0].clone())
        v[0] += 2
        v[:1] = w[:1] * 3
        s = v.sum()
        s.view(1).add_(1)
        (s * s).backward()
        return s

    x = autograd.tensor([2.0, 3.0, 5.0], requires_grad=True)
    with Recording() as recording:
        s = step(x)
    assert not recording.tape.refusals
    given = recording.outside[id(x)][1]
    again = program(recording.tape, {"x": given}, map(recording.held_by, (s, x.grad)))
    other = autograd.tensor([-1.0, 4.0, 0.5], requires_grad=True)
    expected = step(other)
    found, gradient = again(other._data)
    assert found == expected._data
    np.testing.assert_array_equal(gradient, other.grad._data)


def test_an_error_names_the_module_as_ever():
    net = nn.Sequential(nn.Linear(2, 2))
    with pytest.raises(ValueError, match=r"in net\.0: Linear"), Recording():
        net(autograd.ones(1, 3))
