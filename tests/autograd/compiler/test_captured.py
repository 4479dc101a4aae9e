"""Steps that are done again by their program: the engine's numbers, and what keeps them from it."""

import weakref

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.compiler.captured import Captured
from autograd.compiler.replaying.replay import Changed
from autograd.random.generator import default_generator
from nn import functional as F


class Training:
    """A model with dropout and batch statistics, its optimiser, its batches."""

    def __init__(self, clip=False):
        autograd.manual_seed(0)
        layers = [nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3)]
        self.model, self.clip = nn.Sequential(*layers), clip
        self.optimizer = optim.AdamW(self.model.parameters(), lr=0.05)
        self.schedule = optim.lr_scheduler.CosineAnnealingLR(self.optimizer, 10)
        random = np.random.default_rng(1)
        self.batches = [
            (
                autograd.tensor(random.normal(size=(6, 4)), dtype=autograd.float32),
                autograd.tensor(random.integers(0, 3, 6)),
            )
            for _ in range(8)
        ]

    def step(self, x, y):
        self.optimizer.zero_grad()
        scores = self.model(x)
        loss = F.cross_entropy(scores, y)
        loss.backward()
        if self.clip:
            nn.utils.clip_grad_norm_(self.model.parameters(), 0.5)
        self.optimizer.step()
        return {"loss": loss, "scores": scores.detach(), "n": len(x)}

    def trained(self, step):
        """What comes of all batches: results, gradients, parameters, buffers, the optimiser."""
        autograd.manual_seed(2)
        seen = []
        for i, batch in enumerate(self.batches):
            out = step(i, *batch)
            seen += [out["loss"], out["scores"], *[p.grad for p in self.model.parameters()]]
            self.schedule.step()
        seen += [*self.model.state_dict().values(), autograd.get_rng_state()]
        entries = self.optimizer.state_dict()["state"].values()
        seen += [autograd.as_tensor(value) for entry in entries for value in entry.values()]
        return [np.array(one.detach().numpy()) for one in seen]


@pytest.mark.parametrize("clip", [False, True])
def test_a_training_is_the_engines(clip):
    other = Training(clip)
    held = []

    def step(i, x, y):
        if i == 0:
            return other.step(x, y)
        if i == 1:
            held.append(Captured(other.step, x, y))
            assert not held[0].refusals
            return held[0].result
        assert not held[0].misfit(x, y)
        return held[0](x, y)

    eager = Training(clip)
    expected = eager.trained(lambda i, x, y: eager.step(x, y))
    for found, wanted in zip(other.trained(step), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)  # bit for bit


def captured(training):
    training.step(*training.batches[0])
    found = Captured(training.step, *training.batches[1])
    assert not found.refusals
    return found


def test_a_label_out_of_range_is_found_before_anything_changes():
    training = Training()
    step = captured(training)
    before = {name: value.clone() for name, value in training.model.state_dict().items()}
    state, gradients = autograd.get_rng_state(), [p.grad for p in training.model.parameters()]
    x, _ = training.batches[2]
    with pytest.raises(Changed):
        step(x, autograd.tensor([0, 1, 2, 3, 0, 1]))
    assert bool((autograd.get_rng_state() == state).all())
    for name, value in training.model.state_dict().items():
        np.testing.assert_array_equal(value.numpy(), before[name].numpy())
    assert training.optimizer.state_dict()["state"][0]["step"] == 2
    assert all(p.grad is g for p, g in zip(training.model.parameters(), gradients, strict=True))


def test_old_gradients_go_before_new_ones_come():
    training = Training()
    step = captured(training)
    gone = weakref.ref(training.model[0].weight.grad)
    drawn = default_generator._draw32

    def watched(n):  # dropout draws after all looks, before the first gradient
        assert gone() is None
        return drawn(n)

    default_generator._draw32 = watched
    try:
        step(*training.batches[2])
    finally:
        del default_generator._draw32
    assert training.model[0].weight.grad is not None


def test_an_option_that_is_switched_on_is_found():
    training = Training()
    step = captured(training)
    training.optimizer.param_groups[0]["weight_decay"] = 0
    with pytest.raises(Changed):
        step(*training.batches[2])


def test_a_result_is_printed_as_the_engines_and_its_graph_is_gone():
    training = Training()
    step = captured(training)
    loss = step(*training.batches[2])["loss"]
    assert loss.requires_grad and "NllLossBackward" in repr(loss)
    with pytest.raises(RuntimeError, match="second time|freed|again"):
        loss.backward()


def shorter(training, x, y):
    return x[:4], y[:4]


def doubled(training, x, y):
    return x.double(), y


def transposed(training, x, y):
    return x.t().contiguous().t(), y


def replaced(training, x, y):
    training.model[0].weight.data = training.model[0].weight.data.clone()
    return x, y


def frozen(training, x, y):
    training.model[0].weight.requires_grad_(False)
    return x, y


def hooked(training, x, y):
    training.model[0].weight.register_hook(lambda g: g * 2)
    return x, y


def of_a_graph(training, x, y):
    return x.clone().requires_grad_(), y


def listed(training, x, y):
    return [x, x], y


@pytest.mark.parametrize(
    "change", [shorter, doubled, transposed, replaced, frozen, hooked, of_a_graph, listed]
)
def test_what_must_be_as_it_was(change):
    training = Training()
    step = captured(training)
    assert not step.misfit(*training.batches[2])
    assert step.misfit(*change(training, *training.batches[2]))


def test_modes_gradients_and_numbers_are_as_they_were():
    w = autograd.ones(3, requires_grad=True)

    def step(x, k):
        (w * x * k).sum().backward()

    step(autograd.ones(3), 2)
    again = Captured(step, autograd.ones(3), 2)  # adds to the gradient that is there
    assert not again.refusals and not again.misfit(autograd.ones(3), 2)
    again(autograd.full((3,), 2.0), 2)
    assert w.grad.tolist() == [8.0, 8.0, 8.0]
    w.grad = autograd.zeros(3)  # another tensor, in the same place
    assert not again.misfit(autograd.ones(3), 2)
    again(autograd.ones(3), 2)
    assert w.grad.tolist() == [2.0, 2.0, 2.0]
    assert again.misfit(autograd.ones(3), 3) and again.misfit(autograd.ones(3), 2.0)
    with autograd.no_grad():
        assert again.misfit(autograd.ones(3), 2)
    w.grad = None
    assert again.misfit(autograd.ones(3), 2)


def test_arguments_in_one_memory():
    def step(a, b):
        a.add_(b)

    x, y = autograd.ones(4), autograd.ones(4)
    again = Captured(step, x, y)
    assert not again.refusals and not again.misfit(x, autograd.ones(4))
    assert again.misfit(x[:], x[:])
    again(x, autograd.ones(4))
    assert x.tolist() == [3.0, 3.0, 3.0, 3.0]
    assert Captured(step, x, x[:]).refusals


KEPT = []
W = autograd.ones(3, requires_grad=True)


def keeps():
    KEPT.append(W * 2)


def gives_a_graph():
    return (W * 2).sum()


def gives_a_graph_without_kept_values():
    loss = W.sum()
    loss.backward()
    return loss


def gives_half_a_graph():
    y = W * W
    (y * 3).sum().backward(inputs=[y], retain_graph=True)
    return y + 1


def gives_an_array():
    return np.ones(2)


def looks_too_late():
    W.detach().mul_(1)
    return F.one_hot(W.detach().long(), 4)


def gives_other_memory():
    W.data = W.data.clone()


@pytest.mark.parametrize(
    "step, told",
    [
        (keeps, "is kept from the step"),
        (gives_a_graph, "lives on"),
        (gives_a_graph_without_kept_values, "lives on"),
        (gives_half_a_graph, "lives on"),
        (gives_an_array, "returns a ndarray"),
        (looks_too_late, "looked at after a change"),
        (gives_other_memory, "other memory"),
    ],
)
def test_what_is_refused(step, told):
    assert any(told in reason for reason, _ in Captured(step).refusals)
    KEPT.clear()


def test_a_change_is_noted_for_older_graphs():
    w = autograd.ones(3)
    x = autograd.ones(3, requires_grad=True)

    def step():
        w.mul_(2)

    again = Captured(step)
    y = (x * w).sum()
    again()
    with pytest.raises(RuntimeError, match="changed in place"):
        y.backward()


def test_a_sparse_tensor_is_read_by_its_parts():
    values = autograd.tensor([2.0, 3.0])
    sparse = autograd.sparse_coo_tensor(autograd.tensor([[0, 1], [1, 0]]), values, (2, 2))
    step = Captured(lambda x: sparse @ x, autograd.ones(2, 1))
    assert not step.refusals
    values.mul_(2)
    assert step(autograd.ones(2, 1)).tolist() == [[4.0], [6.0]]
