"""Whole trainings with compiled steps: results and everything left behind are the engine's."""

import copy

import numpy as np
import pytest

import autograd
import nn
import optim
from nn import functional as F
from tests.autograd.compiler.test_compile import Training, batch, same


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
