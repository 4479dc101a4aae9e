"""Optimisers: each rule against a transcription of its paper, and what the base class promises."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import autograd
import optim
from autograd.tensors.buckets import SIZE
from optim import lr_scheduler

# -- the rules, line by line from their papers, in plain NumPy -------------------------------------


def sgd(
    grads, p, lr, momentum=0.0, dampening=0.0, nesterov=False, weight_decay=0.0, maximize=False
):
    b = None
    for gradient in grads:
        g = (-1 if maximize else 1) * gradient + weight_decay * p
        if momentum:
            b = g if b is None else momentum * b + (1 - dampening) * g
            g = g + momentum * b if nesterov else b
        p = p - lr * g
    return p


def classical(grads, p, lr, momentum, nesterov=False):
    v = np.zeros_like(p)
    for g in grads:
        v = momentum * v - lr * g
        p = p + (momentum * v - lr * g if nesterov else v)
    return p


def adam(grads, p, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, amsgrad=False, decay=0.0):
    m = v = largest = np.zeros_like(p)
    for t, gradient in enumerate(grads, 1):
        p = p - lr * decay * p
        g = gradient + weight_decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        largest = np.maximum(largest, v)
        m_hat = m / (1 - betas[0] ** t)
        v_hat = (largest if amsgrad else v) / (1 - betas[1] ** t)
        p = p - lr * m_hat / (np.sqrt(v_hat) + eps)
    return p


def rmsprop(grads, p, lr, alpha=0.99, eps=1e-8, momentum=0.0, centered=False):
    v = mean = b = np.zeros_like(p)
    for g in grads:
        v = alpha * v + (1 - alpha) * g**2
        mean = alpha * mean + (1 - alpha) * g
        b = momentum * b + g / (np.sqrt(v - mean**2 if centered else v) + eps)
        p = p - lr * b
    return p


def adagrad(grads, p, lr, lr_decay=0.0, initial=0.0, eps=1e-10):
    s = np.full_like(p, initial)
    for t, g in enumerate(grads):
        s = s + g**2
        p = p - lr / (1 + t * lr_decay) * g / (np.sqrt(s) + eps)
    return p


@dataclass
class Row:
    """One rule with one set of options, and what the paper says."""

    rule: type
    options: dict[str, Any]
    paper: Callable[..., Any]
    spelled: dict[str, Any] = field(default_factory=dict)  # options that the paper names otherwise
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "-".join([self.rule.__name__, *(k for k in self.options if k != "lr")])

    def expected(self, grads, p):
        return self.paper(grads, p, **{**self.options, **self.spelled})


BUFFER, MOMENTS = ("momentum_buffer",), ("step", "exp_avg", "exp_avg_sq")
ROWS = [
    Row(optim.SGD, {"lr": 0.1}, sgd),
    Row(optim.SGD, {"lr": 0.1, "weight_decay": 0.1, "maximize": True}, sgd),
    Row(optim.SGD, {"lr": 0.1, "momentum": 0.9}, sgd, keys=BUFFER),
    Row(optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}, sgd, keys=BUFFER),
    Row(
        optim.SGD,
        {"lr": 0.1, "momentum": 0.9, "dampening": 0.3},
        sgd,
        keys=(*BUFFER, "first"),
    ),
    Row(
        optim.SGD,
        {"lr": 0.1, "momentum": 0.9, "momentum_form": "classical"},
        lambda grads, p, momentum_form, **options: classical(grads, p, **options),
        keys=("velocity",),
    ),
    Row(
        optim.SGD,
        {"lr": 0.1, "momentum": 0.9, "nesterov": True, "momentum_form": "classical"},
        lambda grads, p, momentum_form, **options: classical(grads, p, **options),
        keys=("velocity",),
    ),
    Row(optim.Adam, {"lr": 0.1}, adam, keys=MOMENTS),
    Row(optim.Adam, {"lr": 0.1, "betas": (0.5, 0.9), "eps": 0.1}, adam, keys=MOMENTS),
    Row(optim.Adam, {"lr": 0.1, "weight_decay": 0.1}, adam, keys=MOMENTS),
    Row(optim.Adam, {"lr": 0.1, "amsgrad": True}, adam, keys=(*MOMENTS, "max_exp_avg_sq")),
    Row(
        optim.AdamW,
        {"lr": 0.1, "weight_decay": 0.1},
        adam,
        {"weight_decay": 0, "decay": 0.1},
        MOMENTS,
    ),
    Row(optim.RMSprop, {"lr": 0.1}, rmsprop, keys=("step", "square_avg")),
    Row(
        optim.RMSprop,
        {"lr": 0.1, "momentum": 0.9, "centered": True},
        rmsprop,
        keys=("step", "square_avg", *BUFFER, "grad_avg"),
    ),
    Row(optim.Adagrad, {"lr": 0.1, "lr_decay": 0.1}, adagrad, keys=("step", "sum")),
    Row(
        optim.Adagrad,
        {"lr": 0.1, "initial_accumulator_value": 0.5},
        lambda grads, p, lr, initial_accumulator_value: adagrad(
            grads, p, lr, initial=initial_accumulator_value
        ),
        keys=("step", "sum"),
    ),
]
rows = pytest.mark.parametrize("row", ROWS, ids=str)

# 0-d, empty, one longer than a block, and small ones that share a block
SHAPES = [(3,), (2, 4), (), (0, 3), (SIZE + 7,), (1,)]
STEPS = 20
F64 = autograd.float64


def parameters(dtype="float64", shapes=SHAPES, seed=0):
    rng = np.random.default_rng(seed)
    return [
        autograd.tensor(rng.standard_normal(shape), dtype=dtype, requires_grad=True)
        for shape in shapes
    ]


def gradients(steps=STEPS, shapes=SHAPES, seed=1):
    rng = np.random.default_rng(seed)
    return [[np.asarray(rng.standard_normal(shape)) for shape in shapes] for _ in range(steps)]


def run(optimizer, params, steps):
    for grads in steps:
        for p, g in zip(params, grads, strict=True):
            p.grad = None if g is None else autograd.tensor(g, dtype=p.dtype)
        optimizer.step()


def values(params):
    return [np.array(p.detach().numpy()) for p in params]


def close(params, expected, **tolerance):
    for p, e in zip(params, expected, strict=True):
        np.testing.assert_allclose(np.asarray(p), np.asarray(e), **tolerance)


def test_every_rule_has_a_row():
    named = (getattr(optim, name) for name in optim.__all__)
    rules = {one for one in named if isinstance(one, type)} - {optim.Optimizer}
    assert rules == {row.rule for row in ROWS}


@rows
def test_rule_is_that_of_its_paper(row):
    params, steps = parameters(), gradients()
    before = values(params)
    run(row.rule(params, **row.options), params, steps)
    expected = [row.expected([s[i] for s in steps], p) for i, p in enumerate(before)]
    close(values(params), expected, rtol=1e-9, atol=1e-12)


@rows
def test_dtype_and_buffers_stay(row):
    params = parameters("float32")
    buffers = [p.data.numpy() for p in params]
    run(row.rule(params, **row.options), params, gradients(2))
    for p, buffer in zip(params, buffers, strict=True):
        assert p.dtype == autograd.float32
        assert np.shares_memory(p.data.numpy(), buffer) or not buffer.size
        np.testing.assert_array_equal(p.data.numpy(), buffer)


@rows
def test_flat_is_one_by_one(row):
    class OneByOne(row.rule):
        elementwise = False

    flat, single = parameters(), parameters()
    run(row.rule(flat, **row.options), flat, gradients())
    run(OneByOne(single, **row.options), single, gradients())
    close(values(flat), values(single), rtol=1e-14, atol=0)


@rows
def test_parameters_without_gradient_are_skipped(row):
    params, steps = parameters(), gradients(6)
    for i, grads in enumerate(steps):  # the set changes from step to step
        grads[i % 3] = None
    before = values(params)
    run(row.rule(params, **row.options), params, steps)
    expected = [
        row.expected([s[i] for s in steps if s[i] is not None], p) for i, p in enumerate(before)
    ]
    close(values(params), expected, rtol=1e-9, atol=1e-12)


@rows
def test_state_looks_per_parameter(row):
    params = parameters()
    optimizer = row.rule(params, **row.options)
    run(optimizer, params, gradients(2))
    for p in params:
        entry = optimizer.state[p]
        assert tuple(entry) == row.keys
        for value in entry.values():
            if autograd.is_tensor(value):
                assert value.shape == p.shape and value.dtype == p.dtype


@rows
def test_state_dict_round_trip(row):
    params, steps = parameters(), gradients()
    optimizer = row.rule(params, **row.options)
    run(optimizer, params, steps[:10])
    saved = copy.deepcopy(optimizer.state_dict())
    others = [p.detach().clone().requires_grad_() for p in params]
    other = row.rule(others, lr=123.0)
    other.load_state_dict(saved)
    run(optimizer, params, steps[10:])
    run(other, others, steps[10:])
    close(values(others), values(params), rtol=0)
    again = row.rule(others, lr=1.0)
    again.load_state_dict(saved)  # the second optimiser worked on a copy
    for p, q in zip(saved["state"].values(), again.state_dict()["state"].values(), strict=True):
        close(p.values(), q.values(), rtol=0)


@rows
def test_optimizer_pickles_with_its_parameters(row):
    params, steps = parameters(), gradients(6)
    optimizer = row.rule(params, **row.options)
    run(optimizer, params, steps[:3])
    params_2, optimizer_2 = copy.deepcopy((params, optimizer))
    params_3, optimizer_3 = pickle.loads(pickle.dumps((params, optimizer)))
    for one, its in ((optimizer, params), (optimizer_2, params_2), (optimizer_3, params_3)):
        run(one, its, steps[3:])
    close(values(params_2), values(params), rtol=0)
    close(values(params_3), values(params), rtol=0)


def test_options_are_those_of_the_group():
    a, b = parameters(shapes=[(2,), (2,)])
    before = values([a, b])
    optimizer = optim.SGD([{"params": [a]}, {"params": b, "lr": 1.0}], lr=0.5)
    run(optimizer, [a, b], [[np.ones(2), np.ones(2)]])
    close(values([a, b]), [before[0] - 0.5, before[1] - 1.0], rtol=1e-15)
    assert [group["lr"] for group in optimizer.param_groups] == [0.5, 1.0]


def test_group_added_later_is_trained():
    a, b = parameters(shapes=[(2,), (2,)])
    optimizer = optim.Adam([a], lr=0.5)
    run(optimizer, [a, b], [[np.ones(2), np.ones(2)]])
    before = values([b])[0]
    optimizer.add_param_group({"params": b, "lr": 0.25})
    run(optimizer, [a, b], [[np.ones(2), np.ones(2)]])
    close(values([b]), [before - 0.25], rtol=1e-6)
    assert optimizer.state[a]["step"] == 2 and optimizer.state[b]["step"] == 1


def test_the_two_momentum_forms_part_ways_when_the_rate_changes():
    torch_form, classical_form = parameters(shapes=[(3,)]), parameters(shapes=[(3,)])
    steps = gradients(6, [(3,)])
    pair = [
        (optim.SGD(torch_form, lr=0.1, momentum=0.9), torch_form),
        (
            optim.SGD(classical_form, lr=0.1, momentum=0.9, momentum_form="classical"),
            classical_form,
        ),
    ]
    for optimizer, params in pair:
        run(optimizer, params, steps[:3])
    close(values(torch_form), values(classical_form), rtol=1e-12)
    before = values(torch_form)[0]
    b = pair[0][0].state[torch_form[0]]["momentum_buffer"].numpy().copy()
    for optimizer, params in pair:
        optimizer.param_groups[0]["lr"] = 0.01
        run(optimizer, params, steps[3:4])
    g = steps[3][0]
    close(values(torch_form), [before - 0.01 * (0.9 * b + g)], rtol=1e-12)
    close(values(classical_form), [before - 0.1 * 0.9 * b - 0.01 * g], rtol=1e-12)


def clear(state, p):
    state[p].clear()


def replace_entry(state, p):
    state[p] = {"momentum_buffer": autograd.zeros(3, dtype=F64)}


def replace_value(state, p):
    state[p]["momentum_buffer"] = autograd.zeros(3, dtype=F64)


def fill(state, p):
    state[p]["momentum_buffer"].zero_()


def delete(state, p):
    del state[p]


@pytest.mark.parametrize("reset", [clear, replace_entry, replace_value, fill, delete])
def test_values_put_into_the_state_are_used(reset):
    params = parameters(shapes=[(3,), (3,)])
    optimizer = optim.SGD(params, lr=1.0, momentum=0.5)
    ones = [[np.ones(3), np.ones(3)]]
    run(optimizer, params, ones)
    before = values(params)
    reset(optimizer.state, params[0])
    run(optimizer, params, ones)
    close(values(params), [before[0] - 1, before[1] - 1.5], rtol=1e-12)


def test_momentum_switched_on_later():
    params = parameters(shapes=[(3,), (2,)])
    optimizer = optim.SGD(params, lr=0.1)
    run(optimizer, params, gradients(1, [(3,), (2,)]))
    optimizer.param_groups[0]["momentum"] = 0.9
    run(optimizer, params, gradients(1, [(3,), (2,)]))
    assert "momentum_buffer" in optimizer.state[params[0]]


def test_data_assigned_and_strided_parameters():
    a = autograd.tensor(np.ones((3, 4))).t().requires_grad_()
    assert not a.data.numpy().flags.c_contiguous
    big = autograd.tensor(np.ones((200, 300)).T, requires_grad=True)
    optimizer = optim.SGD([a, big], lr=1.0, momentum=0.9)
    g, h = np.arange(12.0).reshape(4, 3), np.arange(60000.0).reshape(300, 200)
    run(optimizer, [a, big], [[g, h]])
    close(values([a, big]), [1 - g, 1 - h], rtol=0)
    a.data = autograd.zeros(4, 3, dtype=autograd.float64)
    run(optimizer, [a, big], [[g, h]])
    close(values([a]), [-1.9 * g], rtol=1e-12)


def test_mixed_dtypes_in_one_group():
    params = [*parameters("float32", [(3,), (2,)]), *parameters("float64", [(4,)])]
    params[1:1] = parameters("float64", [(5,)])
    before = values(params)
    optimizer = optim.Adam(params, lr=0.5)
    for _ in range(2):
        run(optimizer, params, [[np.ones(p.shape) for p in params]])
    close(values(params), [b - 1 for b in before], rtol=1e-5)
    assert [p.dtype.name for p in params] == ["float32", "float64", "float32", "float64"]


def test_step_is_noticed_by_the_graph():
    for count in (1, 2):  # alone, and side by side with another
        params = [autograd.tensor([2.0], requires_grad=True) for _ in range(count)]
        y = params[0] * params[0]
        for p in params:
            p.grad = autograd.ones(1)
        optim.SGD(params, lr=0.1).step()
        with pytest.raises(RuntimeError, match="changed in place"):
            y.backward(autograd.ones(1))


def test_gradients_are_left_as_they_are():
    for rule in {row.rule for row in ROWS}:
        w = autograd.ones(3, requires_grad=True)
        w.grad = autograd.full((3,), 2.0)
        rule([w], lr=0.1, weight_decay=0.5).step()
        close([w.grad.numpy()], [np.full(3, 2.0)], rtol=0)


def test_closure():
    w = autograd.tensor([1.0], requires_grad=True)
    optimizer = optim.SGD([w], lr=0.25)

    def closure():
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        return loss

    with autograd.no_grad():
        assert optimizer.step(closure).item() == 1.0
    assert w.item() == 0.5


def test_zero_grad():
    w = autograd.tensor([1.0], requires_grad=True)
    optimizer = optim.SGD([w], lr=0.25)
    (w * w).sum().backward()
    optimizer.zero_grad(set_to_none=False)
    assert w.grad.item() == 0
    optimizer.zero_grad()
    assert w.grad is None


def test_repr():
    lines = repr(optim.RMSprop([autograd.zeros(1, requires_grad=True)], lr=0.5)).split("\n")
    assert lines[:3] == ["RMSprop (", "Parameter Group 0", "    alpha: 0.99"] and lines[-1] == ")"
    assert "    lr: 0.5" in lines


def test_own_rule_may_replace_its_state():
    class Average(optim.Optimizer):
        def __init__(self, params):
            super().__init__(params, {})

        def init(self, p):
            return {"mean": np.zeros_like(p), "count": 0}

        def update(self, p, g, state):
            state["count"] = state["count"] + 1
            state["mean"] = state["mean"] + (g - state["mean"]) / state["count"]
            p -= state["mean"]

    params = parameters()
    optimizer = Average(params)
    steps = gradients(3)
    run(optimizer, params, steps)
    for i, p in enumerate(params):
        mean = sum(s[i] for s in steps) / 3
        close([optimizer.state[p]["mean"].numpy()], [mean], rtol=1e-9, atol=1e-12)
        assert optimizer.state[p]["count"] == 3


def test_own_rule_must_announce_its_state():
    class Late(optim.Optimizer):
        def update(self, p, g, state):
            state["late"] = 1

    params = parameters(shapes=[(2,)])
    with pytest.raises(RuntimeError, match="'late' was absent.*init"):
        run(Late(params, {}), params, gradients(1, [(2,)]))


# -- bad input -------------------------------------------------------------------------------------

W = autograd.zeros(2, requires_grad=True)


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda: optim.SGD([], lr=0.1), ValueError, "at least one parameter; got an empty list"),
        (lambda: optim.SGD([W], lr=-1), ValueError, r"SGD: lr must be in \[0, ∞\); got -1"),
        (lambda: optim.Adam([W], betas=(0.9, 1.0)), ValueError, r"betas\[1\] must be in \[0, 1\)"),
        (lambda: optim.Adam([W], lr=float("nan")), ValueError, "lr must be"),
        (lambda: optim.AdamW([W], eps=-1e-8), ValueError, "AdamW: eps"),
        (lambda: optim.RMSprop([W], alpha=1.5), ValueError, "alpha"),
        (lambda: optim.Adagrad([W], lr_decay=-1), ValueError, "lr_decay"),
        (lambda: optim.SGD([W], nesterov=True), ValueError, "nesterov needs momentum"),
        (lambda: optim.SGD([W], momentum_form="heavy"), ValueError, "'torch', 'classical'"),
        (
            lambda: optim.SGD([W], momentum=0.9, dampening=0.1, momentum_form="classical"),
            ValueError,
            "dampening",
        ),
        (lambda: optim.SGD(W, lr=0.1), TypeError, "iterable of tensors.*Put it into a list"),
        (lambda: optim.SGD([1.0], lr=0.1), TypeError, "number 0 is float"),
        (lambda: optim.SGD([W, W], lr=0.1), ValueError, "number 1, of shape .2,., appears twice"),
        (lambda: optim.SGD([{"params": W}, {"params": W}]), ValueError, "twice"),
        (lambda: optim.SGD([W * 2], lr=0.1), ValueError, "must be leaves"),
        (lambda: optim.SGD([autograd.arange(3)], lr=0.1), TypeError, "int64"),
        (lambda: optim.SGD([{"lr": 0.1}]), TypeError, "'params'"),
        (lambda: optim.SGD([{"params": {W}}]), TypeError, "set"),
        (lambda: lr_scheduler.StepLR([W], 2), TypeError, "expected an Optimizer; got list"),
        (lambda: lr_scheduler.StepLR(optim.SGD([W]), 0), ValueError, "step_size must be above 0"),
        (lambda: lr_scheduler.StepLR(optim.SGD([W]), "a"), TypeError, "step_size must be a number"),
        (lambda: lr_scheduler.MultiStepLR(optim.SGD([W]), ["a"]), TypeError, "milestones must be"),
        (lambda: lr_scheduler.ExponentialLR(optim.SGD([W]), "a"), TypeError, "gamma must be"),
        (lambda: lr_scheduler.CosineAnnealingLR(optim.SGD([W]), 0), ValueError, "T_max must be"),
        (lambda: lr_scheduler.LambdaLR(optim.SGD([W]), 0.9), TypeError, "functions of the epoch"),
        (lambda: optim.SGD([W], lr="a"), TypeError, "SGD: lr must be a number; got 'a'"),
        (lambda: optim.SGD([W], lr=None), TypeError, "lr must be a number; got None"),
        (lambda: optim.SGD([W], lr=autograd.ones(2)), ValueError, r"one number; got shape \(2,\)"),
        (lambda: optim.SGD([W], dampening="a"), TypeError, "dampening must be a number"),
        (
            lambda: optim.Adam([W], betas=(0.9,)),
            ValueError,
            r"betas must be two numbers; got \(0.9",
        ),
        (lambda: optim.Adam([W], betas="qq"), ValueError, "betas must be two numbers; got 'qq'"),
        (lambda: optim.SGD(None), TypeError, r"got NoneType. Of a module: module.parameters\(\)"),
        (lambda: optim.SGD(5), TypeError, "iterable of tensors.*got int"),
        (lambda: optim.SGD({W}), TypeError, "fixed order; got a set"),
        (lambda: optim.SGD([{"params": None}]), TypeError, "got NoneType"),
    ],
)
def test_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_gradient_of_another_shape_changes_nothing():
    params = parameters("float32", [(2, 3), (2, 3)])
    optimizer = optim.Adam(params)
    for p in params:
        p.grad = autograd.ones(2, 3)
    params[1].data = autograd.zeros(3, 2)
    before = values(params)
    with pytest.raises(ValueError, match=r"shape \(3, 2\); got \(2, 3\)"):
        optimizer.step()
    close(values(params), before, rtol=0)


@pytest.mark.parametrize("shapes", [[(2, 3), (3, 2)], [(), (3,)]], ids=str)
@pytest.mark.parametrize("count", [1, 2])
def test_state_of_another_shape_changes_nothing(shapes, count):
    before, after = shapes
    params = parameters("float32", [before] * count)
    optimizer = optim.Adam([{"params": [p]} for p in params])
    run(optimizer, params, gradients(1, [before] * count))
    params[-1].grad = None
    params[-1].data = autograd.zeros(*after)
    params[-1].grad = autograd.ones(*after)
    known = values(params)
    with pytest.raises(ValueError, match="state must have its parameter's shape.*'exp_avg'"):
        optimizer.step()
    close(values(params), known, rtol=0)
    optimizer.state.clear()
    optimizer.step()


def test_parameters_of_another_dtype_keep_it():
    params = parameters("float32", [(2,), (3,)])
    optimizer = optim.SGD(params, lr=1.0)
    run(optimizer, params, gradients(1, [(2,), (3,)]))
    for p in params:
        p.grad = None
        p.data = autograd.zeros(*p.shape, dtype=autograd.float64)
    run(optimizer, params, [[np.full((2,), 0.1), np.full((3,), 0.1)]])
    close(values(params), [np.full((2,), -0.1), np.full((3,), -0.1)], rtol=1e-15)


@pytest.mark.parametrize("options", [{"lr": -1.0}, {"lr": "a"}, {"betas": (0.9,)}], ids=str)
def test_bad_option_of_a_later_group_changes_nothing(options):
    params = parameters("float32", [(2,), (3,)])
    optimizer = optim.Adam([{"params": [p]} for p in params])
    run(optimizer, params, gradients(1, [(2,), (3,)]))
    before = values(params)
    optimizer.param_groups[1].update(options)
    with pytest.raises((ValueError, TypeError), match=f"{next(iter(options))} must be"):
        optimizer.step()
    close(values(params), before, rtol=0)


def test_decoupled_weight_decay_is_adamw():
    steps = gradients()
    one, other = parameters(), parameters()
    run(optim.Adam(one, weight_decay=0.1, decoupled_weight_decay=True), one, steps)
    run(optim.AdamW(other, weight_decay=0.1), other, steps)
    close(values(one), values(other), rtol=0)
    with pytest.raises(ValueError, match="Use Adam"):
        optim.AdamW([{"params": W, "decoupled_weight_decay": False}])


@pytest.mark.parametrize(
    "saved, error",
    [
        (None, TypeError),
        ("a", TypeError),
        ({}, TypeError),
        ({"state": {}, "param_groups": None}, TypeError),
        ({"state": {}, "param_groups": [{"lr": 0.1}]}, TypeError),
        ({"state": {}, "param_groups": [{"params": [[0]]}]}, TypeError),
        ({"state": {0: None}, "param_groups": [{"params": [0]}]}, TypeError),
        ({"state": {}, "param_groups": [{"params": [0], "lr": -5}]}, ValueError),
        ({"state": {}, "param_groups": [{"params": [0], "lr": "a"}]}, TypeError),
        ({"state": {}, "param_groups": [{"params": [0], "betas": "q"}]}, ValueError),
    ],
    ids=str,
)
def test_refused_state_dict(saved, error):
    params = parameters(shapes=[(2,)])
    optimizer = optim.Adam(params)
    run(optimizer, params, gradients(1, [(2,)]))
    before, entry = optimizer.state_dict()["param_groups"], optimizer.state[params[0]]
    with pytest.raises(error, match="Adam.* (expected|must be)"):
        optimizer.load_state_dict(saved)
    assert optimizer.state_dict()["param_groups"] == before
    assert optimizer.state[params[0]] is entry


def test_refused_group_is_not_added():
    optimizer = optim.SGD([W], lr=0.1)
    with pytest.raises(ValueError):
        optimizer.add_param_group({"params": autograd.zeros(1, requires_grad=True), "lr": -1})
    assert len(optimizer.param_groups) == 1


def test_refused_state_changes_nothing():
    params = parameters(shapes=[(2,), (3,)])
    optimizer = optim.Adam(params, lr=0.5)
    run(optimizer, params, gradients(1, [(2,), (3,)]))
    before = copy.deepcopy(optimizer.state_dict())
    others = parameters(shapes=[(2,), (4,)])
    other = optim.Adam(others, lr=0.1)
    run(other, others, gradients(2, [(2,), (4,)]))
    with pytest.raises(ValueError, match=r"here \(3,\); 'exp_avg' has \(4,\)"):
        optimizer.load_state_dict(other.state_dict())
    with pytest.raises(ValueError, match=r"here \[2\], saved \[1\]"):
        optimizer.load_state_dict(optim.Adam([W]).state_dict())
    after = optimizer.state_dict()
    assert after["param_groups"] == before["param_groups"]
    for i in before["state"]:
        close(after["state"][i].values(), before["state"][i].values(), rtol=0)


# -- schedules -------------------------------------------------------------------------------------

SCHEDULES = [
    (lr_scheduler.StepLR, {"step_size": 3, "gamma": 0.5}, lambda t: 0.5 ** (t // 3)),
    (
        lr_scheduler.MultiStepLR,
        {"milestones": [2, 5, 5], "gamma": 0.5},
        lambda t: 0.5 ** ((t >= 2) + 2 * (t >= 5)),
    ),
    (lr_scheduler.ExponentialLR, {"gamma": 0.9}, lambda t: 0.9**t),
    (lr_scheduler.LambdaLR, {"lr_lambda": lambda t: 1 / (1 + t)}, lambda t: 1 / (1 + t)),
    (
        lr_scheduler.CosineAnnealingLR,
        {"T_max": 4, "eta_min": 0.0},
        lambda t: (1 + np.cos(np.pi * t / 4)) / 2,
    ),
]


@pytest.mark.parametrize("schedule, options, factor", SCHEDULES, ids=lambda v: str(v)[:0])
def test_schedule(schedule, options, factor):
    group = {"params": autograd.zeros(1, requires_grad=True), "lr": 4.0}
    optimizer = optim.SGD([{"params": W}, group], lr=2.0)
    scheduler = schedule(optimizer, **options)
    for t in range(10):
        rates = [g["lr"] for g in optimizer.param_groups]
        np.testing.assert_allclose(rates, [2 * factor(t), 4 * factor(t)], atol=1e-12)
        assert scheduler.get_last_lr() == rates
        optimizer.step()
        if t == 4:  # goes on from what was saved
            saved = scheduler.state_dict()
            scheduler = schedule(optimizer, **options)
            scheduler.load_state_dict(saved)
            for g, lr in zip(optimizer.param_groups, rates, strict=True):
                g["lr"] = lr
        scheduler.step()


def test_schedule_keeps_a_rate_set_by_hand():
    optimizer = optim.SGD([W], lr=1.0)
    scheduler = lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    optimizer.param_groups[0]["lr"] = 8.0
    scheduler.step()
    assert optimizer.param_groups[0]["lr"] == 4.0


# -- PyTorch ---------------------------------------------------------------------------------------


@pytest.mark.torch
@rows
def test_steps_are_those_of_torch(row):
    torch = pytest.importorskip("torch")
    if "momentum_form" in row.options:
        pytest.skip("PyTorch has one form")
    params, steps = parameters(), gradients()
    theirs = [torch.tensor(np.asarray(p), requires_grad=True) for p in values(params)]
    optimizer = row.rule(params, **row.options)
    oracle = getattr(torch.optim, row.rule.__name__)(theirs, **row.options)
    run(optimizer, params, steps)
    for grads in steps:
        for p, g in zip(theirs, grads, strict=True):
            p.grad = torch.tensor(g)
        oracle.step()
    close(values(params), [p.detach().numpy() for p in theirs], rtol=1e-9, atol=1e-12)
    ours, others = optimizer.state_dict(), oracle.state_dict()
    assert ours["param_groups"][0]["params"] == others["param_groups"][0]["params"]
    for i, entry in others["state"].items():
        known = {k: v for k, v in entry.items() if v is not None}
        assert set(known) == set(ours["state"][i]) - {"first"}
        for name, value in known.items():
            np.testing.assert_allclose(np.asarray(ours["state"][i][name]), value, rtol=1e-8)


@pytest.mark.torch
@pytest.mark.parametrize("name", ["Adam", "AdamW", "SGD", "RMSprop", "Adagrad"])
def test_arguments_are_those_of_torch(name):
    torch = pytest.importorskip("torch")
    import inspect

    ours = inspect.signature(getattr(optim, name)).parameters
    for argument, theirs in inspect.signature(getattr(torch.optim, name)).parameters.items():
        assert argument in ours
        assert ours[argument].default == theirs.default
