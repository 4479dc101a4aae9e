"""What a step does, whatever the rule: groups, rates, closures, rules of one's own."""

import numpy as np
import pytest

import autograd
import optim
from tests.training import close, gradients, parameters, run, values


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


def test_an_option_beyond_pytorchs_is_shown_where_it_is_used():
    w = autograd.zeros(1, requires_grad=True)
    torchs, classical = optim.SGD([w]), optim.SGD([w], momentum_form="classical")
    assert "momentum_form" not in repr(torchs) and "form: classical" in repr(classical)
    assert "momentum_form" not in torchs.state_dict()["param_groups"][0]
    torchs.load_state_dict(torchs.state_dict())
    assert torchs.param_groups[0]["momentum_form"] == "torch"
    torchs.load_state_dict(classical.state_dict())
    assert torchs.param_groups[0]["momentum_form"] == "classical"


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


def test_parameters_of_another_dtype_keep_it():
    params = parameters("float32", [(2,), (3,)])
    optimizer = optim.SGD(params, lr=1.0)
    run(optimizer, params, gradients(1, [(2,), (3,)]))
    for p in params:
        p.grad = None
        p.data = autograd.zeros(*p.shape, dtype=autograd.float64)
    run(optimizer, params, [[np.full((2,), 0.1), np.full((3,), 0.1)]])
    close(values(params), [np.full((2,), -0.1), np.full((3,), -0.1)], rtol=1e-15)


def test_decoupled_weight_decay_is_adamw():
    steps = gradients()
    one, other = parameters(), parameters()
    run(optim.Adam(one, weight_decay=0.1, decoupled_weight_decay=True), one, steps)
    run(optim.AdamW(other, weight_decay=0.1), other, steps)
    close(values(one), values(other), rtol=0)
    with pytest.raises(ValueError, match="Use Adam"):
        optim.AdamW([{"params": parameters(), "decoupled_weight_decay": False}])
