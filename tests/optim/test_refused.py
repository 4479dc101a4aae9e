"""Optimisers and schedules: bad input, and that nothing is changed by it."""

import pytest

import autograd
import optim
from optim import lr_scheduler
from tests.training import close, gradients, parameters, run, values

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


def test_refused_group_is_not_added():
    optimizer = optim.SGD([W], lr=0.1)
    with pytest.raises(ValueError):
        optimizer.add_param_group({"params": autograd.zeros(1, requires_grad=True), "lr": -1})
    assert len(optimizer.param_groups) == 1
