"""Hooks of optimisers."""

import copy

import pytest

import autograd
import optim
from optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook


def optimizer_of(value=1.0):
    w = autograd.tensor([value], requires_grad=True)
    w.grad = autograd.ones(1)
    return w, optim.SGD([w], lr=0.25)


def test_hooks_stand_round_a_step():
    w, optimizer = optimizer_of()
    seen = []
    before = optimizer.register_step_pre_hook(
        lambda *given: seen.append(("before", given, w.item()))
    )
    after = optimizer.register_step_post_hook(
        lambda *given: seen.append(("after", given, w.item()))
    )
    optimizer.step()
    given = (optimizer, (optimizer,), {})
    assert seen == [("before", given, 1.0), ("after", given, 0.75)]
    before.remove()
    after.remove()
    optimizer.step()
    assert len(seen) == 2


def test_a_hook_may_change_the_arguments():
    _, optimizer = optimizer_of()
    optimizer.register_step_pre_hook(lambda self, args, kwargs: ((self, lambda: "loss"), {}))
    assert optimizer.step() == "loss"
    optimizer.register_step_pre_hook(lambda *given: "no")
    with pytest.raises(RuntimeError, match="None or .args, kwargs.; got 'no'"):
        optimizer.step()
    with pytest.raises(TypeError, match="a hook must be a function; got str"):
        optimizer.register_step_pre_hook("no")


def test_no_hook_after_a_step_that_failed():
    w, optimizer = optimizer_of()
    seen = []
    optimizer.register_step_post_hook(lambda *given: seen.append(given))
    optimizer.param_groups[0]["lr"] = "a"
    for _ in range(2):
        with pytest.raises(TypeError):
            optimizer.step()
    assert seen == []
    optimizer.param_groups[0]["lr"] = 0.25
    optimizer.step()
    assert len(seen) == 1


def test_hooks_stand_round_a_step_of_ones_own_once():
    class Twice(optim.SGD):
        def step(self, closure=None):
            super().step()
            return super().step(closure)

    w, _ = optimizer_of()
    optimizer = Twice([w], lr=0.25)
    seen = []
    optimizer.register_step_pre_hook(lambda *given: seen.append("before"))
    optimizer.register_step_post_hook(lambda *given: seen.append("after"))
    optimizer.step()
    assert seen == ["before", "after"] and w.item() == 0.5


def test_hooks_of_all_optimisers_stand_outside_its_own():
    _, optimizer = optimizer_of()
    _, other = optimizer_of()
    order = []

    def note(word):
        return lambda *given: order.append(word)

    handles = [
        register_optimizer_step_pre_hook(note("before all")),
        register_optimizer_step_post_hook(note("after all")),
    ]
    try:
        optimizer.register_step_pre_hook(note("before"))
        optimizer.register_step_post_hook(note("after"))
        optimizer.step()
        other.step()
    finally:
        for handle in handles:
            handle.remove()
    own = ["before all", "before", "after", "after all"]
    assert order == [*own, "before all", "after all"]
    other.step()
    assert len(order) == 6
    with pytest.raises(TypeError, match="a hook must be a function; got int"):
        register_optimizer_step_pre_hook(1)


def test_a_rule_without_the_bases_constructor_has_hooks():
    class Wrapper(optim.Optimizer):
        def __init__(self, inner):
            self.inner = inner

        def step(self, closure=None):
            return self.inner.step(closure)

    w, optimizer = optimizer_of()
    wrapper, another = Wrapper(optimizer), Wrapper(optimizer)
    seen = []
    wrapper.register_step_post_hook(lambda *given: seen.append(1))
    wrapper.step()
    another.step()
    assert seen == [1] and w.item() == 0.5


def test_copies_have_no_hooks():
    _, optimizer = optimizer_of()
    seen = []
    optimizer.register_step_pre_hook(lambda *given: seen.append(1))
    copy.deepcopy(optimizer).step()
    assert seen == []


def test_hooks_round_saving_and_loading():
    _, optimizer = optimizer_of()
    order = []
    optimizer.register_state_dict_pre_hook(lambda self: order.append("saving"))
    optimizer.register_state_dict_post_hook(lambda self, saved: {**saved, "extra": 1})
    saved = optimizer.state_dict()
    assert order == ["saving"] and saved["extra"] == 1

    def faster(self, state_dict):
        groups = [{**group, "lr": 2 * group["lr"]} for group in state_dict["param_groups"]]
        return {**state_dict, "param_groups": groups}

    optimizer.register_load_state_dict_pre_hook(faster)
    optimizer.register_load_state_dict_pre_hook(
        lambda self, state_dict: order.append("first"), prepend=True
    )
    optimizer.register_load_state_dict_post_hook(lambda self: order.append("loaded"))
    optimizer.load_state_dict(saved)
    assert order == ["saving", "first", "loaded"] and optimizer.param_groups[0]["lr"] == 0.5
    assert saved["param_groups"][0]["lr"] == 0.25
