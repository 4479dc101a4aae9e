"""Every schedule of ``optim.lr_scheduler`` against its formula, PyTorch, and what all promise."""

import copy
import inspect
import warnings

import numpy as np
import pytest

import autograd
import optim
from optim import lr_scheduler
from tests.rows.schedules import ROWS, SCENARIOS

pytestmark = pytest.mark.filterwarnings("ignore:.*optimizer.step:UserWarning")
rows = pytest.mark.parametrize("row", ROWS, ids=str)


def optimizer_with(*rates):
    groups = [{"params": autograd.zeros(1, requires_grad=True), "lr": lr} for lr in rates]
    return optim.SGD(groups)


def rates_of(optimizer):
    return [group["lr"] for group in optimizer.param_groups]


def test_every_schedule_has_a_row():
    named = (getattr(lr_scheduler, name) for name in lr_scheduler.__all__)
    found = {row.schedule for row in ROWS}
    found |= {getattr(lr_scheduler, scenario.name) for scenario in SCENARIOS}
    assert set(named) - {lr_scheduler.LRScheduler} == found


@rows
def test_rates_are_those_of_the_formula(row):
    optimizer = optimizer_with(2.0, 4.0)
    scheduler = row.schedule(optimizer, **row.options)
    for t in range(10):
        rates = rates_of(optimizer)
        np.testing.assert_allclose(rates, [2 * row.factor(t), 4 * row.factor(t)], atol=1e-12)
        assert scheduler.get_last_lr() == rates
        optimizer.step()
        if t == 4:  # goes on from what was saved
            saved = scheduler.state_dict()
            scheduler = row.schedule(optimizer, **row.options)
            scheduler.load_state_dict(saved)
            for g, lr in zip(optimizer.param_groups, rates, strict=True):
                g["lr"] = lr
        scheduler.step()


@pytest.mark.parametrize("row", [row for row in ROWS if row.closed], ids=str)
def test_step_goes_to_an_epoch(row):
    optimizer = optimizer_with(2.0)
    scheduler = row.schedule(optimizer, **row.options)
    for t in (7, 3, 0, 5):
        scheduler.step(t)
        assert scheduler.last_epoch == t
        np.testing.assert_allclose(rates_of(optimizer), [2 * row.factor(t)], atol=1e-12)
    scheduler.step()
    assert scheduler.last_epoch == 6
    np.testing.assert_allclose(rates_of(optimizer), [2 * row.factor(6)], atol=1e-12)
    with pytest.raises(TypeError, match="epoch must be a number; got 'a'"):
        scheduler.step("a")


@pytest.mark.parametrize("row", [row for row in ROWS if row.goes_on], ids=str)
def test_a_schedule_that_goes_on_begins_with_the_rate_that_is_there(row):
    optimizer = optimizer_with(2.0)
    optimizer.param_groups[0].update(initial_lr=2.0, lr=0.75)
    scheduler = row.schedule(optimizer, **row.options, last_epoch=2)
    assert rates_of(optimizer) == [0.75] and scheduler.last_epoch == 3
    scheduler.step()
    assert rates_of(optimizer) != [0.75]


@rows
def test_a_rate_that_is_a_tensor_stays_that_tensor(row):
    rate = autograd.tensor(2.0)
    optimizer = optim.SGD([autograd.zeros(1, requires_grad=True)], lr=rate)
    scheduler = row.schedule(optimizer, **row.options)
    for t in range(6):
        assert optimizer.param_groups[0]["lr"] is rate
        np.testing.assert_allclose(rate.item(), 2 * row.factor(t), atol=1e-6)
        scheduler.step()


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("last_epoch", [-1, 0, 1, 2, 4, 5])
@rows
def test_rates_are_those_of_torch(row, last_epoch):
    torch = pytest.importorskip("torch")
    ours = optimizer_with(2.0, 4.0)
    theirs = torch.optim.SGD([{"params": [torch.zeros(1)], "lr": lr} for lr in (2.0, 4.0)])
    pair = []
    for optimizer, module in ((ours, lr_scheduler), (theirs, torch.optim.lr_scheduler)):
        for group in optimizer.param_groups:
            if last_epoch >= 0:
                group["initial_lr"] = group["lr"]
                group["lr"] *= 0.75
        schedule = getattr(module, row.schedule.__name__)
        pair.append(schedule(optimizer, **row.options, last_epoch=last_epoch))
    for epoch in (None, None, None, None, None, None, None, 5, None, 9, None):
        np.testing.assert_allclose(rates_of(ours), rates_of(theirs), rtol=1e-12, atol=1e-15)
        for scheduler in pair:
            assert scheduler.last_epoch == pair[1].last_epoch
        np.testing.assert_allclose(pair[0].get_last_lr(), pair[1].get_last_lr(), atol=1e-15)
        for scheduler in pair:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                scheduler.step(*([] if epoch is None else [epoch]))


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore")
@rows
def test_torch_takes_a_state_over(row):
    torch = pytest.importorskip("torch")
    ours = optimizer_with(2.0)
    scheduler = row.schedule(ours, **row.options)
    theirs = torch.optim.SGD([torch.zeros(1)], lr=2.0)
    oracle = getattr(torch.optim.lr_scheduler, row.schedule.__name__)(theirs, **row.options)
    for _ in range(3):
        scheduler.step()
    oracle.load_state_dict(copy.deepcopy(scheduler.state_dict()))
    theirs.param_groups[0]["lr"] = ours.param_groups[0]["lr"]
    for _ in range(4):
        oracle.step()
        scheduler.step()
        np.testing.assert_allclose(rates_of(ours), rates_of(theirs), rtol=1e-12)


@pytest.mark.torch
@rows
def test_a_state_of_torch_is_taken_over(row):
    torch = pytest.importorskip("torch")
    theirs = torch.optim.SGD([torch.zeros(1)], lr=2.0)
    oracle = getattr(torch.optim.lr_scheduler, row.schedule.__name__)(theirs, **row.options)
    ours = optimizer_with(2.0)
    scheduler = row.schedule(ours, **row.options)
    for _ in range(3):
        theirs.step()
        oracle.step()
    scheduler.load_state_dict(oracle.state_dict())
    ours.param_groups[0]["lr"] = theirs.param_groups[0]["lr"]
    for _ in range(4):
        oracle.step()
        scheduler.step()
        np.testing.assert_allclose(rates_of(ours), rates_of(theirs), rtol=1e-12)
    assert set(row.schedule(ours, **row.options).state_dict()) == set(oracle.state_dict())


def everything(optimizer):
    """The rates and momenta of an optimiser's groups."""
    names = ("lr", "momentum", "betas")
    return [
        np.hstack([group[name] for name in names if name in group])
        for group in optimizer.param_groups
    ]


def built(scenario):
    """The scenario's optimiser and schedule, here and in PyTorch."""
    torch = pytest.importorskip("torch")
    for package, of in ((autograd, optim), (torch, torch.optim)):
        groups = [{"params": [package.zeros(1, requires_grad=True)], "lr": lr} for lr in (2.0, 4.0)]
        options = {"momentum": 0.9} if scenario.rule == "SGD" else {}
        optimizer = getattr(of, scenario.rule)(groups, **options)
        yield optimizer, scenario.make(optimizer, of.lr_scheduler)


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_scenario_is_that_of_torch(scenario):
    pair = list(built(scenario))
    for t in range(16):
        seen = [[*everything(o), np.array(s.get_last_lr())] for o, s in pair]
        for ours, theirs in zip(*seen, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-15)
        for _, scheduler in pair:
            scheduler.step(*scenario.arguments(t))
        if t == 7:  # each goes on from what the other saved
            others = list(built(scenario))
            assert pair[0][1].state_dict().keys() == pair[1][1].state_dict().keys()
            for (o, _), (new, scheduler), (_, s) in zip(pair, others, pair[::-1], strict=True):
                for group, known in zip(new.param_groups, o.param_groups, strict=True):
                    group.update({k: v for k, v in known.items() if k != "params"})
                scheduler.load_state_dict(copy.deepcopy(s.state_dict()))
            pair = others


@pytest.mark.torch
@pytest.mark.parametrize("name", sorted(set(lr_scheduler.__all__) - {"LRScheduler"}))
def test_arguments_are_those_of_torch(name):
    torch = pytest.importorskip("torch")
    ours = inspect.signature(getattr(lr_scheduler, name)).parameters
    theirs = inspect.signature(getattr(torch.optim.lr_scheduler, name)).parameters
    assert [(p.name, p.default) for p in ours.values()] == [
        (p.name, p.default) for p in theirs.values()
    ]
