"""Convolution and pooling beyond their rows: initial weights, output sizes, corners, errors."""

import math

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
from autograd import tensor

X = autograd.rand(2, 3, 5, 5)


def test_output_size_chooses_among_those_that_a_stride_leaves_open():
    down, up = nn.Conv2d(3, 4, 3, stride=2, padding=1), nn.ConvTranspose2d(4, 3, 3, 2, 1)
    small = down(autograd.rand(1, 3, 8, 7))
    assert up(small).shape == (1, 3, 7, 7)
    assert up(small, output_size=(8, 7)).shape == up(small, (1, 3, 8, 7)).shape == (1, 3, 8, 7)
    with pytest.raises(ValueError, match=r"output_size must be between \(7, 7\) and \(8, 8\)"):
        up(small, output_size=(9, 7))


def test_float16_is_summed_in_float32():
    x, w = autograd.full((1, 4096), 0.1), autograd.ones(1, 1, 4096)
    half = F.conv1d(x.half(), w.half())
    assert half.dtype == autograd.float16 and abs(half.item() - 409.6) < 0.3
    assert F.conv_transpose1d(x[:, :3].half(), w[..., :2].half()).dtype == autograd.float16


def test_a_nan_is_the_greatest():
    x = tensor([[1.0, math.nan, 3.0, math.nan, 2.0, 5.0]], requires_grad=True)
    out, index = F.max_pool1d(x, 4, 2, return_indices=True)
    assert np.isnan(out.detach().numpy()).all() and index.tolist() == [[3, 3]]
    out.sum().backward()
    assert x.grad.tolist() == [[0, 0, 0, 2, 0, 0]]


def test_the_first_of_those_that_tie_has_the_gradient():
    x = autograd.zeros(1, 4, 4, requires_grad=True)
    F.max_pool2d(x, 3, 1, 1).sum().backward()
    assert (
        x.grad.sum() == 16 and x.grad[0, 0, 0] == 4
    )  # the windows that begin outside see it first


@pytest.mark.parametrize(
    "call, words",
    [
        (
            lambda: nn.Conv2d(1, 2, 3)(X),
            r"conv2d: weight expects 1 input channels.*\(N, C, \.\.\.\)",
        ),
        (
            lambda: nn.Conv2d(3, 2, 7)(X),
            r"kernel must fit into the padded input; it spans \(7, 7\)",
        ),
        (lambda: nn.Conv2d(3, 2, 3)(X[0, 0]), r"input must be \(N, C, H, W\) or \(C, H, W\)"),
        (lambda: nn.Conv2d(3, 4, 3, groups=2), "groups must divide in_channels; got 2 and 3"),
        (lambda: nn.Conv2d(3, 4, 3, stride=2, padding="same"), "'same' is for a stride of 1"),
        (lambda: nn.Conv2d(3, 4, (3, 3, 3)), "kernel_size must be one number, or 2"),
        (
            lambda: nn.ConvTranspose2d(3, 4, 3, output_padding=1)(X),
            "output_padding must be smaller",
        ),
        (lambda: nn.LazyConv2d(4, 3, groups=2)(X), "groups must divide the input's channels"),
        (lambda: nn.MaxPool2d(2, padding=2)(X), "padding must be at most half of the kernel"),
        (lambda: nn.MaxPool2d(6)(X), "kernel must fit into the padded input"),
        (
            lambda: nn.MaxUnpool2d(2)(X, autograd.full((2, 3, 5, 5), 100)),
            "indices must lie in a plane",
        ),
        (
            lambda: F.max_unpool1d(X[0], autograd.zeros(1, dtype=autograd.int64), 2),
            "indices must have",
        ),
        (lambda: nn.FractionalMaxPool2d(2), "either output_size or output_ratio must be given"),
        (lambda: F.fold(X[0], (3, 3), 2), "windows of C · 4 elements"),
        (lambda: F.avg_pool2d(X, 2, divisor_override=0), "divisor_override must not be 0"),
    ],
)
def test_errors_say_what_is_wrong(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_one_dtype():
    with pytest.raises(TypeError, match="input and weight must have one dtype.*Convert the input"):
        nn.Conv2d(3, 2, 3)(X.double())


@pytest.mark.torch
@pytest.mark.parametrize(
    "name, args, options",
    [
        ("Conv1d", (3, 5, 4), {}),
        ("Conv2d", (4, 6, (3, 2)), {"groups": 2}),
        ("Conv3d", (2, 3, 2), {"bias": False}),
        ("ConvTranspose1d", (3, 5, 4), {}),
        ("ConvTranspose2d", (4, 6, 3), {"groups": 2}),
        ("ConvTranspose3d", (2, 3, 2), {}),
    ],
)
def test_they_start_with_torchs_weights(name, args, options):
    torch = pytest.importorskip("torch")
    found = []
    for core, layers in ((autograd, nn), (torch, torch.nn)):
        core.manual_seed(3)
        found.append(getattr(layers, name)(*args, **options).state_dict())
    ours, theirs = found
    assert list(ours) == list(theirs)
    for key, value in theirs.items():
        np.testing.assert_array_equal(ours[key].numpy(), value.numpy())


@pytest.mark.torch
@pytest.mark.parametrize("rank", [2, 3])
def test_fractional_pooling_draws_torchs_windows(rank):
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).standard_normal((2, 3, *[9] * rank)).astype("f")
    found = []
    for core, layers in ((autograd, nn), (torch, torch.nn)):
        core.manual_seed(1)
        layer = getattr(layers, f"FractionalMaxPool{rank}d")(2, output_ratio=(0.5,) * rank)
        layer.return_indices = True
        found.append([one.numpy() for one in layer(core.tensor(x))])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.torch
def test_a_cnn_trains_as_torchs():
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).standard_normal((8, 1, 12, 12)).astype("f")
    y = np.random.default_rng(1).integers(0, 4, 8)

    def losses(core, layers):
        core.manual_seed(0)
        model = layers.Sequential(
            layers.Conv2d(1, 4, 3), layers.ReLU(), layers.MaxPool2d(2),
            layers.Conv2d(4, 8, 3, padding="same"), layers.ReLU(), layers.AvgPool2d(2),
            layers.ConvTranspose2d(8, 4, 2, 2), layers.AdaptiveAvgPool2d(1), layers.Flatten(),
            layers.Linear(4, 4),
        )  # fmt: skip
        found = []
        for _ in range(10):
            loss = layers.functional.cross_entropy(model(core.tensor(x)), core.tensor(y))
            model.zero_grad()
            loss.backward()
            with core.no_grad():
                for p in model.parameters():
                    p -= 0.5 * p.grad
            found.append(loss.item())
        return found

    np.testing.assert_allclose(losses(autograd, nn), losses(torch, torch.nn), rtol=2e-5)


def test_layers_of_ones_own_take_a_number_for_every_axis():
    from nn.modules.utils import _pair, _quadruple, _single, _triple

    assert [f(3) for f in (_single, _pair, _triple)] == [(3,), (3, 3), (3, 3, 3)]
    assert _quadruple([1, 2]) == (1, 2) and _pair((1, 2)) == (1, 2)


def test_max_unpool_where_windows_overlap():
    x = autograd.tensor([[3.0, 3.0]], requires_grad=True)
    weights = autograd.ones(1, 3, requires_grad=True)
    out = F.max_unpool1d(x, autograd.tensor([[1, 1]]), 2, 1)
    (g,) = autograd.grad((out * weights).sum(), x, create_graph=True)
    assert out.tolist() == [[0, 3, 0]] and g.tolist() == [[1, 1]]
    (second,) = autograd.grad((g * autograd.tensor([[1.0, 10.0]])).sum(), weights)
    assert second.tolist() == [[0, 11, 0]]
