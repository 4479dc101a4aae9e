"""Schedules: rates set by hand, negative rates, functions that are objects, steps and groups."""

import pytest

import autograd
import optim
from optim import lr_scheduler


def optimizer_with(lr, rule=optim.SGD):
    w = autograd.zeros(1, requires_grad=True)
    w.grad = autograd.ones(1)
    return rule([w], lr=lr)


def test_a_rate_set_by_hand_is_kept():
    optimizer = optimizer_with(1.0)
    scheduler = lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    optimizer.param_groups[0]["lr"] = 8.0
    scheduler.step()
    assert optimizer.param_groups[0]["lr"] == 4.0


@pytest.mark.parametrize("rule", [optim.SGD, optim.Adam, optim.RMSprop, optim.Adagrad])
def test_a_rate_that_a_schedule_makes_negative_steps_uphill(rule):
    optimizer = optimizer_with(1.0, rule)
    (w,) = optimizer.param_groups[0]["params"]
    lr_scheduler.LambdaLR(optimizer, lambda epoch: -0.5)
    optimizer.step()
    assert w.item() > 0.4
    like = optimizer_with(1.0, rule)
    like.load_state_dict(optimizer.state_dict())
    assert like.param_groups[0]["lr"] == -0.5


def test_a_negative_rate_that_no_schedule_made_is_refused():
    optimizer = optimizer_with(1.0)
    optimizer.param_groups[0]["lr"] = -1.0
    with pytest.raises(ValueError, match=r"lr must be in \[0, ∞\); got -1.0"):
        optimizer.step()


class Warm:
    """A factor with a memory."""

    def __init__(self, length):
        self.length = length

    def __call__(self, epoch):
        return min(1.0, (1 + epoch) / self.length)


def test_lambda_saves_the_attributes_of_its_functions():
    optimizer = optimizer_with(1.0)
    optimizer.add_param_group({"params": autograd.zeros(1, requires_grad=True)})
    scheduler = lr_scheduler.LambdaLR(optimizer, (Warm(4), lambda epoch: 0.5))
    saved = scheduler.state_dict()
    assert saved["lr_lambdas"] == [{"length": 4}, None]
    other = lr_scheduler.LambdaLR(optimizer, [Warm(2), lambda epoch: 0.25])
    other.load_state_dict(saved)
    assert other.lr_lambdas[0].length == 4
    other.lr_lambdas[0].length = 8
    assert saved["lr_lambdas"][0] == {"length": 4} and scheduler.lr_lambdas[0].length == 4
    other.step()
    assert [group["lr"] for group in optimizer.param_groups] == [0.25, 0.25]
    with pytest.raises(ValueError, match="the state of 1 functions.*got 2"):
        lr_scheduler.LambdaLR(optimizer_with(1.0), Warm(4)).load_state_dict(saved)


def test_a_schedule_of_ones_own():
    class Halving(lr_scheduler.LRScheduler):
        def get_lr(self):
            return [base / 2**self.last_epoch for base in self.base_lrs]

    optimizer = optimizer_with(1.0)
    scheduler = Halving(optimizer)
    scheduler.step()
    scheduler.step(3)
    assert scheduler.get_last_lr() == [0.125]
