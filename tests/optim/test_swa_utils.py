"""Averages of weights, and the rate while they are taken."""

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
import optim
from optim import swa_utils
from optim.swa_utils import SWALR, AveragedModel

pytestmark = pytest.mark.filterwarnings("ignore:.*optimizer.step:UserWarning")
ROOT = Path(__file__).resolve().parents[2]


class Net(nn.Module):
    """Weights, and a buffer that counts."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 1)
        self.register_buffer("seen", autograd.zeros(1))
        self.register_buffer("count", autograd.tensor(0))

    def forward(self, x):
        return self.linear(x)


def trained(averaged, values=(1.0, 2.0, 6.0)):
    """``averaged``, a function of a model, after it has seen the model with these weights."""
    model = Net()
    average = averaged(model)
    for value in values:
        with autograd.no_grad():
            model.linear.weight.fill_(value)
            model.linear.bias.fill_(-value)
            model.seen.fill_(value)
            model.count.fill_(int(value))
        average.update_parameters(model)
    return model, average


AVERAGES = {
    "mean": ({}, 3.0),
    "mean by lists": ({"multi_avg_fn": swa_utils.get_swa_multi_avg_fn()}, 3.0),
    "moving": ({"avg_fn": swa_utils.get_ema_avg_fn(0.5)}, 3.75),
    "moving by lists": ({"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(0.5)}, 3.75),
    "own": ({"avg_fn": lambda mean, new, n: mean * 0 + 10 * n}, 20.0),
}


@pytest.mark.parametrize("name", AVERAGES)
@pytest.mark.parametrize("use_buffers", [False, True])
def test_weights_are_averaged(name, use_buffers):
    options, expected = AVERAGES[name]
    model, average = trained(lambda m: AveragedModel(m, use_buffers=use_buffers, **options))
    weight, bias = average.module.linear.weight, average.module.linear.bias
    np.testing.assert_allclose(weight.detach().numpy(), expected, rtol=1e-6)
    assert weight.requires_grad and average.n_averaged == 3
    if name != "own":
        np.testing.assert_allclose(bias.detach().numpy(), -expected, rtol=1e-6)
    np.testing.assert_allclose(average.module.seen.numpy(), expected if use_buffers else 6.0)
    whole = 2 if "mean" in name else int(expected)  # of whole numbers each mean is rounded down
    assert average.module.count == (whole if use_buffers else 6)
    assert model.linear.weight[0, 0].item() == 6.0


def test_it_is_a_module():
    _, average = trained(AveragedModel)
    assert isinstance(average, nn.Module)
    names = ["n_averaged", "module.linear.weight", "module.linear.bias"]
    assert [n for n in average.state_dict() if "seen" not in n and "count" not in n] == names
    x = autograd.ones(4, 2)
    assert average(x).shape == (4, 1)
    for twin in (copy.deepcopy(average), pickle.loads(pickle.dumps(average))):
        np.testing.assert_array_equal(twin(x).detach().numpy(), average(x).detach().numpy())


def test_refused():
    with pytest.raises(ValueError, match="one function at most"):
        AveragedModel(Net(), avg_fn=lambda *a: a[0], multi_avg_fn=lambda *a: None)
    with pytest.raises(ValueError, match=r"decay must be in \[0, 1\]; got 1.5"):
        swa_utils.get_ema_avg_fn(1.5)
    optimizer = optim.SGD([autograd.zeros(1, requires_grad=True)])
    with pytest.raises(ValueError, match="'cos' or 'linear'; got 'x'"):
        SWALR(optimizer, 0.1, anneal_strategy="x")
    with pytest.raises(ValueError, match="0 or more; got -1"):
        SWALR(optimizer, 0.1, anneal_epochs=-1)


def test_optim_alone_brings_no_modules():
    code = "import sys, optim; assert 'nn' not in sys.modules; optim.swa_utils.AveragedModel"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


class BatchNorm(nn.Module):
    """The statistics of a batch norm, and no more."""

    def __init__(self):
        super().__init__()
        self.momentum = 0.1
        self.means = []

    def reset_running_stats(self):
        self.means = []

    def forward(self, x):
        assert self.training and self.momentum is None
        self.means.append(x.mean().item())
        return x


def test_statistics_are_computed_anew():
    norm = BatchNorm()
    model = nn.Sequential(nn.Identity(), norm).eval()
    norm.means = [7.0]
    swa_utils.update_bn([(autograd.ones(2), "label"), [autograd.zeros(2)], autograd.ones(1)], model)
    assert norm.means == [1.0, 0.0, 1.0] and norm.momentum == 0.1 and not model.training
    swa_utils.update_bn([None], nn.Sequential(nn.Identity()))  # nothing to do, nothing is read


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "options",
    [
        {"swa_lr": 0.05},
        {"swa_lr": [0.5, 0.1], "anneal_epochs": 3, "anneal_strategy": "linear"},
        {"swa_lr": 0.5, "anneal_epochs": 0},
    ],
    ids=str,
)
def test_the_rate_is_that_of_torch(options):
    torch = pytest.importorskip("torch")
    pairs = []
    for package, rule, schedule in (
        (autograd, optim.SGD, SWALR),
        (torch, torch.optim.SGD, torch.optim.swa_utils.SWALR),
    ):
        groups = [{"params": [package.zeros(1, requires_grad=True)], "lr": lr} for lr in (1.0, 2.0)]
        optimizer = rule(groups)
        pairs.append((optimizer, schedule(optimizer, **options)))
    (ours, scheduler), (theirs, oracle) = pairs
    for t in range(14):
        rates = [[group["lr"] for group in one.param_groups] for one in (ours, theirs)]
        np.testing.assert_allclose(*rates, rtol=1e-12)
        if t == 5:
            a, b = (copy.deepcopy(s.state_dict()) for s in (scheduler, oracle))
            assert a.keys() == b.keys()
            scheduler.load_state_dict(b)
            oracle.load_state_dict(a)
        for one in (scheduler, oracle):
            one.step()


@pytest.mark.torch
@pytest.mark.parametrize("name", swa_utils.__all__)
def test_arguments_are_those_of_torch(name):
    import inspect

    torch = pytest.importorskip("torch")
    ours = inspect.signature(getattr(swa_utils, name)).parameters
    theirs = inspect.signature(getattr(torch.optim.swa_utils, name)).parameters
    assert [(p.name, p.default) for p in ours.values()] == [
        (p.name, p.default) for p in theirs.values()
    ]
