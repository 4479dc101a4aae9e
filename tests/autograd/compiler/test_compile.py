"""``compile``: which calls are replayed, which are not, and what is said of it."""

import copy
import warnings

import numpy as np
import pytest

import autograd
import nn
import optim
from nn import functional as F


class Training:
    """A model with dropout and batch statistics, its optimiser, and a step."""

    def __init__(self, make=optim.Adam, **options):
        autograd.manual_seed(0)
        layers = [nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3)]
        self.model = nn.Sequential(*layers)
        self.optimizer = make(self.model.parameters(), **{"lr": 0.05, **options})

    def step(self, x, y):
        self.optimizer.zero_grad()
        loss = F.cross_entropy(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        return loss

    def state(self):
        """All that a step may change."""
        found = [*self.model.state_dict().values(), autograd.get_rng_state()]
        found += [p.grad for p in self.model.parameters() if p.grad is not None]
        for entry in self.optimizer.state_dict()["state"].values():
            found += [autograd.as_tensor(value) for value in entry.values() if value is not None]
        return [np.array(one.detach().numpy()) for one in found]


def batch(seed, n=6):
    random = np.random.default_rng(seed)
    x = autograd.tensor(random.normal(size=(n, 4)).astype(np.float32))
    return x, autograd.tensor(random.integers(0, 3, n))


def same(found, wanted):
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted):
        np.testing.assert_array_equal(one, other)  # bit for bit


def side_by_side(change=None, calls=8, at=4, n=lambda i: 6, **options):
    """A compiled training beside the engine's, both changed before a call; the compiled step."""
    eager, other = Training(), Training()
    step = autograd.compile(other.step, **options)
    for i in range(calls):
        if change is not None and i == at:
            change(eager)
            change(other)
        results = []
        for training, do in ((eager, eager.step), (other, step)):
            autograd.manual_seed(i)
            try:
                with warnings.catch_warnings():
                    warnings.filterwarnings("ignore", "compile: ")
                    results.append(do(*batch(i, n(i))).item())
            except Exception as error:
                results.append((type(error), str(error)[:40]))
            results.append(training.state())
        assert results[0] == results[2]
        same(results[1], results[3])
    return step


def test_a_step_is_replayed_from_the_third_call_on():
    step = side_by_side()
    assert step.counts == {"eager": 1, "recorded": 1, "replayed": 6}
    assert step.source.startswith("def replay(") or "\ndef replay(" in step.source


def test_a_last_smaller_batch_is_a_second_program():
    step = side_by_side(n=lambda i: 6 if i % 3 else 5, calls=9)
    assert step.counts == {"eager": 1, "recorded": 2, "replayed": 6}
    assert len(step.programs) == 2


# -- guards: each with the change that is found ----------------------------------------------------


def option(name, value):
    def change(training):
        training.optimizer.param_groups[0][name] = value

    change.__name__ = f"{name}={value}"
    return change


def evaluated(training):
    training.model.eval()


def one_flag(training):
    training.model[3].eval()


def other_chance(training):
    training.model[3].p = 0.7


def other_weight(training):
    training.model[0].weight = nn.Parameter(training.model[0].weight.detach() * 2)


def other_weight_in_the_dict(training):
    weight = training.model[0]._parameters["weight"]
    training.model[0]._parameters["weight"] = nn.Parameter(weight.detach() * 2)


def other_buffer(training):
    training.model[1].running_mean = autograd.ones(8)


def other_layer(training):
    training.model[2] = nn.Tanh()


def one_layer_more(training):
    training.model.insert(2, nn.Tanh())


def one_layer_less(training):
    del training.model[3]


def hooked(training):
    training.model[2].register_forward_hook(lambda module, args, out: out * 2)


def hooked_before(training):
    training.model[4].register_forward_pre_hook(lambda module, args: (args[0] * 2,))


def hooked_behind(training):
    training.model[4].register_full_backward_hook(lambda module, g, out: (g[0] * 2,))


def hooked_gradient(training):
    training.model[0].weight.register_hook(lambda g: g * 2)


def frozen(training):
    training.model[0].requires_grad_(False)


def of_another_dtype(training):
    training.model[0].weight.data = training.model[0].weight.data.clone()


def parametrized(training):
    nn.utils.parametrize.register_parametrization(training.model[0], "weight", nn.Tanh())


def other_weights_loaded(training):
    state = {name: value + 1 for name, value in training.model.state_dict().items()}
    training.model.load_state_dict(state)


def other_weights_assigned(training):
    state = {name: value + 1 for name, value in training.model.state_dict().items()}
    training.model.load_state_dict(state, assign=True)


def one_parameter_less(training):
    del training.optimizer.param_groups[0]["params"][0]


def a_group_more(training):
    w = autograd.ones(2, requires_grad=True)
    w.grad = autograd.ones(2)
    training.optimizer.add_param_group({"params": [w], "lr": 0.1})


def optimizer_loaded(training):
    state = copy.deepcopy(training.optimizer.state_dict())
    state["param_groups"][0]["lr"] = 0.5
    training.optimizer.load_state_dict(state)


def other_state(training):
    p = training.model[0].weight
    training.optimizer.state[p]["exp_avg"] = autograd.ones(8, 4)


def other_count(training):
    training.optimizer.state[training.model[0].weight]["step"] = 100


def optimizer_hooked(training):
    def double(optimizer, args, options):
        for group in optimizer.param_groups:
            for p in group["params"]:
                p.grad.mul_(2)

    training.optimizer.register_step_pre_hook(double)


def step_replaced(training):
    training.optimizer.step = lambda: None


def zero_grad_replaced(training):
    training.optimizer.zero_grad = lambda: None


def gradients_forgotten(training):
    training.optimizer.zero_grad()


def everything_averaged(training):
    with autograd.no_grad():
        for p in training.model.parameters():
            p.lerp_(autograd.ones_like(p), 0.1)


def initialised(training):
    autograd.manual_seed(3)
    training.model.apply(lambda one: one.reset_parameters() if hasattr(one, "bias") else None)


NEW = [  # what asks for another program
    evaluated, one_flag, other_chance, other_weight, other_weight_in_the_dict, other_buffer,
    other_layer, one_layer_more, one_layer_less, hooked, hooked_before, hooked_behind,
    hooked_gradient, frozen, of_another_dtype, parametrized, other_weights_assigned,
    one_parameter_less, a_group_more, optimizer_loaded, other_state, other_count, optimizer_hooked,
    step_replaced, zero_grad_replaced,
    option("maximize", True), option("amsgrad", True), option("weight_decay", 0.1),
    option("decoupled_weight_decay", True), option("lr", autograd.tensor(0.1)),
]  # fmt: skip
SAME = [  # what the program is given anew
    option("lr", 0.5), option("betas", (0.5, 0.9)), option("eps", 1e-3), other_weights_loaded,
    gradients_forgotten, everything_averaged, initialised,
]  # fmt: skip
RAISES = [option("lr", -1.0), option("lr", "fast"), option("betas", (0.5,))]


@pytest.mark.parametrize("change", NEW, ids=lambda change: change.__name__)
def test_a_change_that_is_recorded_anew(change):
    step = side_by_side(change)
    assert step.counts["recorded"] >= 2 or step.counts["eager"] >= 2


@pytest.mark.parametrize("change", SAME, ids=lambda change: change.__name__)
def test_a_change_that_the_program_takes(change):
    assert side_by_side(change).counts == {"eager": 1, "recorded": 1, "replayed": 6}


@pytest.mark.parametrize("change", RAISES, ids=lambda change: change.__name__)
def test_a_change_that_the_engine_refuses(change):
    side_by_side(change)  # with its error
