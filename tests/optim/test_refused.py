"""Optimisers and schedules: bad input, and that nothing is changed by it."""

import re

import pytest

import autograd
import optim
from optim import lr_scheduler
from optim.optimizer import required
from tests.error_inputs import ours
from tests.training import close, gradients, parameters, run, values

W = autograd.zeros(2, requires_grad=True)
M = autograd.zeros(2, 2, requires_grad=True)
SGD = optim.SGD([W], lr=0.1)


class Needing(optim.Optimizer):
    def __init__(self, params, lr=required):
        super().__init__(params, {"lr": lr})


@pytest.mark.usefixtures("noting")
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
        (
            lambda: optim.SGD([W * 2], lr=0.1),
            ValueError,
            r"must be leaves; .* at test_refused.py:\d+ \(.*W \* 2.*\)\. Make it a leaf",
        ),
        (lambda: optim.SGD([autograd.arange(3)], lr=0.1), TypeError, "int64"),
        (lambda: optim.Muon([M.to(autograd.complex64)]), RuntimeError, "must be real.*complex64"),
        (lambda: optim.SGD([{"lr": 0.1}]), TypeError, "'params'"),
        (lambda: optim.SGD([{"params": {W}}]), TypeError, "set"),
        (lambda: lr_scheduler.StepLR([W], 2), TypeError, "expected an Optimizer; got list"),
        (lambda: lr_scheduler.StepLR(optim.SGD([W]), 0), ValueError, "step_size must be above 0"),
        (lambda: lr_scheduler.StepLR(optim.SGD([W]), "a"), TypeError, "step_size must be a number"),
        (lambda: lr_scheduler.MultiStepLR(optim.SGD([W]), ["a"]), TypeError, "milestones must be"),
        (lambda: lr_scheduler.ExponentialLR(optim.SGD([W]), "a"), TypeError, "gamma must be"),
        (lambda: lr_scheduler.CosineAnnealingLR(optim.SGD([W]), 0), ValueError, "T_max must be"),
        (lambda: lr_scheduler.LambdaLR(optim.SGD([W]), 0.9), TypeError, "functions of the epoch"),
        (
            lambda: optim.Rprop([W], etas=(1.2, 0.5)),
            ValueError,
            r"etas must be one number in",
        ),
        (
            lambda: optim.Rprop([W], step_sizes=3),
            ValueError,
            "step_sizes must be two numbers",
        ),
        (lambda: optim.Adadelta([W], rho=1.5), ValueError, r"rho must be in \[0, 1\]; got 1.5"),
        (lambda: optim.Adafactor([W], d=0.5), ValueError, "d must be 1 or more; got 0.5"),
        (lambda: optim.Adafactor([W], beta2_decay=0.8), ValueError, "must be 0 or less; got 0.8"),
        (lambda: optim.Adafactor([W], eps=(-1, 0)), ValueError, r"eps\[0\] must be"),
        (lambda: optim.Adafactor([W], eps=1e-8), ValueError, "eps must be two numbers"),
        (lambda: optim.ASGD([W], t0="a"), TypeError, "ASGD: t0 must be a number"),
        (lambda: optim.Muon([W]), ValueError, r"must be matrices; number 0 has shape \(2,\)"),
        (lambda: optim.Muon([M], ns_steps=100), ValueError, r"ns_steps must be in \[0, 100\)"),
        (lambda: optim.Muon([M], ns_coefficients=(1, 2)), ValueError, "must be three numbers"),
        (lambda: optim.Muon([M], adjust_lr_fn="x"), ValueError, "'match_rms_adamw'; got 'x'"),
        (lambda: optim.SparseAdam([W], lr=0), ValueError, "SparseAdam: lr must be above 0"),
        (lambda: optim.LBFGS([W], line_search_fn="x"), ValueError, "'strong_wolfe' or None; got"),
        (lambda: optim.LBFGS([{"params": W}, {"params": M}]), ValueError, "one parameter group"),
        (lambda: optim.LBFGS([W]).step(), TypeError, "closure must be a function.*got NoneType"),
        (lambda: lr_scheduler.LinearLR(SGD, 0.0), ValueError, "start_factor must be above 0"),
        (lambda: lr_scheduler.ConstantLR(SGD, 2.0), ValueError, "factor must be between 0 and 1"),
        (lambda: lr_scheduler.PolynomialLR(SGD, 0), ValueError, "total_iters must be above 0"),
        (
            lambda: lr_scheduler.CosineAnnealingWarmRestarts(SGD, 2.5),
            ValueError,
            "T_0 must be a whole number above 0; got 2.5",
        ),
        (lambda: lr_scheduler.OneCycleLR(SGD, 1.0), ValueError, "number of steps must be known"),
        (
            lambda: lr_scheduler.OneCycleLR(SGD, 1.0, 5, pct_start=2.0),
            ValueError,
            r"pct_start must be a float in \[0, 1\]",
        ),
        (
            lambda: lr_scheduler.OneCycleLR(SGD, 1.0, 5, anneal_strategy="x"),
            ValueError,
            "'cos' or 'linear'; got 'x'",
        ),
        (
            lambda: lr_scheduler.CyclicLR(optim.Adagrad([W]), 0.1, 1.0),
            ValueError,
            "a rule with momentum or betas; Adagrad has none",
        ),
        (lambda: lr_scheduler.CyclicLR(SGD, 0.1, 1.0, mode="x"), ValueError, "got 'x'. Others are"),
        (lambda: lr_scheduler.CyclicLR(SGD, 0.1, [1, 2]), ValueError, "one per group, 1; got 2"),
        (lambda: lr_scheduler.ReduceLROnPlateau(SGD, "x"), ValueError, "'min' or 'max'; got 'x'"),
        (lambda: lr_scheduler.ReduceLROnPlateau(SGD, factor=1), ValueError, "must be below 1"),
        (
            lambda: lr_scheduler.ReduceLROnPlateau(SGD).step("a"),
            TypeError,
            "metrics must be a number; got 'a'",
        ),
        (lambda: lr_scheduler.SequentialLR(SGD, [], []), ValueError, "at least one; got"),
        (lambda: lr_scheduler.ChainedScheduler([1]), TypeError, "number 0 is int"),
        (
            lambda: lr_scheduler.SequentialLR(SGD, [lr_scheduler.StepLR(SGD, 1)], [1]),
            ValueError,
            "one milestone less than schedules; got 1 for 1",
        ),
        (
            lambda: lr_scheduler.ChainedScheduler([lr_scheduler.ReduceLROnPlateau(SGD)]),
            ValueError,
            "number 0 is a ReduceLROnPlateau",
        ),
        (
            lambda: lr_scheduler.ChainedScheduler([lr_scheduler.StepLR(SGD, 1)], optim.SGD([W])),
            ValueError,
            "number 0 has another",
        ),
        (
            lambda: Needing([W]),
            ValueError,
            r"must have 'lr', which has no default; got \['params'\]",
        ),
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


@pytest.mark.parametrize("rule", [optim.SGD, optim.Adam, optim.RAdam, optim.Rprop])
def test_a_step_that_is_to_be_recorded(rule):
    w = autograd.zeros(1, requires_grad=True)
    w.grad = autograd.ones(1)
    with pytest.raises(RuntimeError, match="a step is not recorded; got differentiable=True"):
        rule([w], lr=0.1, differentiable=True).step()
    assert w.item() == 0


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


# Accepted here: there is one implementation, whose numbers may be tensors, each or both.
ACCEPTED = "lr as a Tensor|betas must be either both|as a Tensor is not supported"


@pytest.mark.torch
@pytest.mark.slow
def test_what_pytorchs_optimisers_refuse():
    torch = pytest.importorskip("torch")
    from torch.testing._internal.common_optimizers import OptimizerErrorEnum, optim_db

    refused = taken = 0
    for info in optim_db:
        rule = getattr(optim, info.optim_cls.__name__)
        for one in info.optim_error_inputs_func("cpu", torch.float32):
            case, memory = one.optimizer_error_input, {}
            params = case.params
            if params is None:
                params = [torch.ones(2, 3)]
            elif not isinstance(params, torch.Tensor):
                params = list(params)
            try:
                made = rule(ours(torch, params, memory), **ours(torch, dict(case.kwargs), memory))
                if one.error_on is OptimizerErrorEnum.STEP_ERROR:
                    made.step()
            except (ValueError, TypeError, RuntimeError):
                refused += 1
            else:
                assert re.search(ACCEPTED, one.error_regex.replace("\\", "")), (rule, case.desc)
                taken += 1
    assert refused >= 116 and taken <= 8
