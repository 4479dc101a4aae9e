"""Schedules: rates set by hand, negative rates, functions that are objects, steps and groups."""

import pytest

import autograd
import optim
from optim import lr_scheduler

pytestmark = pytest.mark.filterwarnings("ignore:.*optimizer.step:UserWarning")


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


@pytest.mark.filterwarnings("error")
def test_a_schedule_before_the_first_step_of_its_optimiser_warns():
    optimizer = optimizer_with(1.0)
    optimizer.step()  # of before the schedule: it does not count
    scheduler = lr_scheduler.StepLR(optimizer, 2)
    with pytest.warns(UserWarning, match=r"StepLR: optimizer.step\(\) must be called before"):
        scheduler.step()
    optimizer = optimizer_with(1.0)
    scheduler = lr_scheduler.StepLR(optimizer, 2)
    optimizer.step()
    scheduler.step()


def test_one_cycle_ends():
    optimizer = optimizer_with(1.0)
    scheduler = lr_scheduler.OneCycleLR(
        optimizer, 2.0, epochs=2, steps_per_epoch=2, cycle_momentum=False
    )
    rates = []
    for _ in range(4):
        rates += scheduler.get_last_lr()
        scheduler.step()
    assert abs(rates[0] - 0.08) < 1e-12 and max(rates) > 1.5
    assert rates[-1] == pytest.approx(0.08 / 1e4)
    with pytest.raises(ValueError, match="no more steps than total_steps, 4; this is number 5"):
        scheduler.step()


def test_a_plateau_counts_only_what_is_no_progress():
    optimizer = optimizer_with(1.0)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, "max", 0.5, patience=1, cooldown=2)
    rates = []
    for accuracy in (0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2):
        scheduler.step(autograd.tensor(accuracy))
        rates += scheduler.get_last_lr()
    assert rates == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]
    other = lr_scheduler.ReduceLROnPlateau(optimizer)
    other.load_state_dict(scheduler.state_dict())
    assert other.mode == "max" and other.best == scheduler.best and other.in_cooldown
    optimizer.add_param_group({"params": autograd.zeros(1, requires_grad=True)})
    scheduler.load_state_dict({**scheduler.state_dict(), "num_bad_epochs": 9})
    scheduler.cooldown_counter = 0
    scheduler.step(0.1)
    assert len(scheduler.min_lrs) == 2


def test_a_momentum_that_a_schedule_changes_keeps_the_blocks():
    w = autograd.zeros(1, requires_grad=True)
    optimizer = optim.SGD([w], lr=1.0, momentum=0.9)
    scheduler = lr_scheduler.CyclicLR(optimizer, 0.1, 1.0, step_size_up=4)
    made = set()
    for _ in range(3):
        w.grad = autograd.ones(1)
        optimizer.step()
        scheduler.step()
        made |= {id(block) for _, _, blocks in optimizer._blocks.values() for block in blocks}
    assert len(made) == 1


def test_schedules_one_after_the_other_go_on_from_what_was_saved():
    def built():
        optimizer = optimizer_with(1.0)
        warm = lr_scheduler.LinearLR(optimizer, 0.25, total_iters=3)
        fall = lr_scheduler.ExponentialLR(optimizer, 0.5)
        return optimizer, lr_scheduler.SequentialLR(optimizer, [warm, fall], [3])

    optimizer, scheduler = built()
    rates = []
    for _ in range(5):
        rates += scheduler.get_last_lr()
        scheduler.step()
    assert rates == [0.25, 0.5, 0.75, 1.0, 0.5]
    saved = scheduler.state_dict()
    other_optimizer, other = built()
    other.load_state_dict(saved)
    other_optimizer.param_groups[0]["lr"] = optimizer.param_groups[0]["lr"]
    for one in (scheduler, other):
        one.step()
    assert other.get_last_lr() == scheduler.get_last_lr() == [0.125]
    with pytest.raises(ValueError, match="the states of 2 schedules; got 1"):
        other.load_state_dict({**saved, "_schedulers": saved["_schedulers"][:1]})


def test_a_schedule_of_ones_own():
    class Halving(lr_scheduler.LRScheduler):
        def get_lr(self):
            return [base / 2**self.last_epoch for base in self.base_lrs]

    optimizer = optimizer_with(1.0)
    scheduler = Halving(optimizer)
    scheduler.step()
    scheduler.step(3)
    assert scheduler.get_last_lr() == [0.125]
