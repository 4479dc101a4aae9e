"""Normalisation: running statistics, large means, and what cannot be normalised."""

import copy

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
import optim

F32, F64 = autograd.float32, autograd.float64


def reals(*shape, seed=0, mean=0.0):
    return (mean + np.random.default_rng(seed).standard_normal(shape)).astype("f")


STATES = {
    "BatchNorm1d": ((6, 3), {}),
    "BatchNorm1d of no affine": ((6, 3, 4), {"affine": False}),
    "BatchNorm2d of all batches": ((2, 3, 4, 2), {"momentum": None, "bias": False}),
    "BatchNorm2d of none": ((2, 3, 4, 2), {"track_running_stats": False}),
    "BatchNorm3d": ((2, 3, 2, 2, 2), {"momentum": 0.4, "eps": 0.1}),
    "InstanceNorm1d": ((2, 3, 5), {"track_running_stats": True}),
    "InstanceNorm1d of one sample": ((3, 5), {"affine": True}),
    "InstanceNorm2d": ((2, 3, 5, 2), {"affine": True, "track_running_stats": True}),
}


@pytest.mark.torch
@pytest.mark.parametrize("case", STATES)
def test_statistics_and_training_are_torchs(case):
    """Three steps in training mode, then evaluation; the state goes over in both directions."""
    torch = pytest.importorskip("torch")
    shape, options = STATES[case]
    name = case.partition(" ")[0]
    ours, theirs = getattr(nn, name)(3, **options), getattr(torch.nn, name)(3, **options)
    assert repr(ours) == repr(theirs)
    rules = [
        core.SGD([*layer.parameters(), start], lr=0.1)
        for core, layer, start in (
            (optim, ours, autograd.zeros(1, requires_grad=True)),
            (torch.optim, theirs, torch.zeros(1, requires_grad=True)),
        )
    ]
    for step in range(3):
        x = reals(*shape, seed=step, mean=step)
        for core, layer, rule in ((autograd, ours, rules[0]), (torch, theirs, rules[1])):
            rule.zero_grad()
            out = layer(core.tensor(x))
            if out.requires_grad:
                (out * core.tensor(reals(*shape, seed=9))).sum().backward()
            rule.step()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for key, value in theirs.state_dict().items():
        mine = ours.state_dict()[key].numpy()
        np.testing.assert_allclose(mine, value.numpy(), 2e-5, 2e-6, err_msg=key)
        assert mine.dtype == value.numpy().dtype
    x = reals(*shape, seed=5)
    out = theirs.eval()(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours.eval()(autograd.tensor(x)).detach().numpy(), out, 2e-5, 2e-6)
    ours.load_state_dict({k: autograd.tensor(v.numpy()) for k, v in theirs.state_dict().items()})
    theirs.load_state_dict({k: torch.tensor(v.numpy()) for k, v in ours.state_dict().items()})


@pytest.mark.parametrize(
    "function, shape",
    [
        (lambda x, w: F.layer_norm(x, (40,), w), (9, 40)),
        (lambda x, w: F.batch_norm(x, None, None, w, training=True), (30, 40)),
        (lambda x, w: F.batch_norm(x, None, None, w, training=True), (9, 40, 5)),
        (lambda x, w: F.batch_norm(x, None, None, w, training=True), (3, 40, 300)),
        (lambda x, w: F.instance_norm(x, None, None, w), (3, 40, 7)),
        (lambda x, w: F.group_norm(x, 8, w), (3, 40, 7)),
    ],
)
def test_a_large_mean_costs_no_digits(function, shape):
    """10⁵ ± 1 in float32, whose last bit is 1/128: beside float64 from the same values."""
    values, weights = reals(*shape, mean=1e5), reals(40, seed=1)
    found = []
    for dtype in (F32, F64):
        x = autograd.tensor(values, dtype=dtype, requires_grad=True)
        w = autograd.tensor(weights, dtype=dtype, requires_grad=True)
        out = function(x, w)
        out.backward(autograd.tensor(reals(*shape, seed=2), dtype=dtype))
        found.append([one.detach().numpy() for one in (out, x.grad, w.grad)])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, 1e-4, 3e-6 * np.abs(b).max())


@pytest.mark.parametrize("shape", [(2000, 3, 40), (5, 700, 60), (2, 3, 50_000), (70_000, 4)])
def test_blocks_are_as_one(shape):
    """More values than are worked on at a time."""
    values = reals(*shape)
    axes = (0, *range(2, len(shape)))
    d = values - values.mean(axes, np.float64, keepdims=True)
    expected = d / np.sqrt((d**2).mean(axes, keepdims=True) + 1e-5)
    x = autograd.tensor(values, requires_grad=True)
    out = F.batch_norm(x, None, None, training=True)
    np.testing.assert_allclose(out.detach().numpy(), expected, 1e-4, 1e-5)
    g = reals(*shape, seed=1)
    out.backward(autograd.tensor(g))
    n = values.size / shape[1]
    slope = (g * expected).sum(axes, keepdims=True) / n
    root = np.sqrt((d**2).mean(axes, keepdims=True) + 1e-5)
    gradient = (g - g.mean(axes, keepdims=True) - expected * slope) / root
    np.testing.assert_allclose(x.grad.numpy(), gradient, 1e-3, 1e-5)


def test_running_statistics_of_float16():
    layer = nn.BatchNorm1d(2).half()
    x = autograd.tensor(reals(8, 2)).half()
    assert layer(x).dtype == autograd.float16 == layer.running_mean.dtype
    np.testing.assert_allclose(
        layer.running_mean.float().tolist(), (0.1 * x.float().mean(0)).tolist(), 2e-3, 1e-4
    )
    assert layer.num_batches_tracked.item() == 1


def test_a_second_pass_and_a_copy():
    layer = nn.BatchNorm2d(3)
    x = autograd.tensor(reals(2, 3, 2, 2), requires_grad=True)
    out = layer(x) * layer(x)
    first = autograd.grad(out.sum(), x, retain_graph=True)[0]
    second = autograd.grad(out.sum(), x)[0]
    assert first.equal(second) and layer.num_batches_tracked.item() == 2
    twin = copy.deepcopy(layer)
    twin.reset_running_stats()
    assert twin.num_batches_tracked.item() == 0 and layer.running_mean.abs().sum() > 0


def test_layers_are_converted_for_several_processes():
    model = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.BatchNorm1d(3, momentum=0.3)))
    model(autograd.tensor(reals(4, 2)))
    model.eval()
    made = nn.SyncBatchNorm.convert_sync_batchnorm(model)
    assert made is model and type(made[1][0]) is nn.SyncBatchNorm and made[1][0].momentum == 0.3
    assert made[1][0].num_batches_tracked.item() == 1 and not made[1][0].training
    assert type(nn.SyncBatchNorm.convert_sync_batchnorm(nn.BatchNorm2d(1))) is nn.SyncBatchNorm


X = autograd.ones(2, 3, 4)


@pytest.mark.parametrize(
    "error, match, use",
    [
        (ValueError, "one value has no variance", lambda: nn.BatchNorm1d(3)(X[:1, :, 0])),
        (ValueError, "must have shape \\(N, C, H, W\\)", lambda: nn.BatchNorm2d(3)(X)),
        (ValueError, "each of the 3 channels", lambda: nn.BatchNorm1d(4, affine=False)(X)),
        (ValueError, "one for each channel", lambda: nn.BatchNorm1d(4)(X)),
        (ValueError, "running_mean is what counts", lambda: F.batch_norm(X, None, None)),
        (TypeError, "must have one dtype", lambda: nn.BatchNorm1d(3)(X.double())),
        (ValueError, "one value has no variance", lambda: F.instance_norm(X[..., :1])),
        (ValueError, "must end in the axes \\(3,\\)", lambda: nn.LayerNorm(3)(X)),
        (ValueError, "one at least", lambda: F.layer_norm(X, ())),
        (TypeError, "floating dtype", lambda: nn.LayerNorm(4)(X.long())),
        (ValueError, "divisible", lambda: nn.GroupNorm(2, 3)),
        (ValueError, "divisible", lambda: F.group_norm(X, 2)),
        (ValueError, "no variance", lambda: F.group_norm(X[:1, :, 0], 3)),
        (ValueError, "3 axes or more", lambda: F.local_response_norm(X[0], 2)),
        (ValueError, "\\(N, C, H, W\\)", lambda: nn.CrossMapLRN2d(2)(X)),
    ],
)
def test_what_cannot_be_normalised(error, match, use):
    with pytest.raises(error, match=match):
        use()


def test_channels_that_no_parameter_checks():
    with pytest.warns(UserWarning, match="number of channels; it is 4"):
        nn.InstanceNorm1d(4)(X)
