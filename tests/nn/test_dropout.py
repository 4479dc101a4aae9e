"""What is drawn on the way through a layer: PyTorch's numbers, and what they are drawn for."""

import numpy as np
import pytest

import autograd
import nn.functional as F

# (name, shape, arguments): each drawn from one seed, here and there
DRAWS = [
    ("dropout", (3, 4), {"p": 0.3}),
    ("dropout1d", (3, 4, 2), {"p": 0.3}),
    ("dropout1d", (5, 2), {}),
    ("dropout2d", (3, 4, 2, 2), {"p": 0.7}),
    ("dropout3d", (2, 3, 2, 2, 2), {}),
    ("dropout3d", (3, 2, 2, 2), {}),
    ("alpha_dropout", (4, 5), {"p": 0.3, "training": True}),
    ("alpha_dropout", (4, 5), {"p": 1.0, "training": True}),
    ("feature_alpha_dropout", (2, 3, 2), {"p": 0.3, "training": True}),
    ("rrelu", (4, 5), {"training": True}),
    ("rrelu", (4, 5), {"lower": 0.1, "upper": 0.1, "training": True}),
    ("gumbel_softmax", (4, 5), {}),
    ("gumbel_softmax", (4, 5), {"tau": 0.5, "hard": True, "dim": 0}),
]


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore::UserWarning")  # PyTorch's own
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name, shape, options", DRAWS)
def test_torchs_draws_and_gradients(name, shape, options, dtype):
    torch = pytest.importorskip("torch")
    values = np.random.default_rng(0).standard_normal(shape).astype(dtype)
    found = []
    for core, functions in ((autograd, F), (torch, torch.nn.functional)):
        core.manual_seed(3)
        x = core.tensor(values, requires_grad=True)
        out = getattr(functions, name)(x, **options)
        (out * out).sum().backward()
        after = core.rand(1)  # as many numbers were taken from the stream
        found.append([one.detach().numpy() for one in (out, x.grad, after)])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, 2e-5, 2e-6)
        assert a.dtype == b.dtype


@pytest.mark.parametrize("name", ["dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout"])
def test_channels_go_as_a_whole(name):
    autograd.manual_seed(0)
    shape = (8, 6, 2, 2, 2)[: {"dropout1d": 3, "dropout2d": 4}.get(name, 5)]
    x = autograd.ones(*shape)
    out = getattr(F, name)(x, 0.5, True).numpy().reshape(8, 6, -1)
    assert (out == out[..., :1]).all() and len(np.unique(out)) == 2
    twin = x.clone()
    autograd.manual_seed(0)
    assert getattr(F, name)(twin, 0.5, True, True) is twin
    np.testing.assert_array_equal(twin.numpy().reshape(8, 6, -1), out)


def test_alpha_dropout_keeps_mean_and_variance():
    autograd.manual_seed(0)
    out = F.alpha_dropout(F.selu(autograd.randn(200_000)), 0.2, True)
    assert abs(out.mean().item()) < 0.02 and abs(out.var().item() - 1) < 0.03


def test_gumbel_softmax_draws_by_the_weights():
    autograd.manual_seed(0)
    logits = autograd.tensor([0.1, 0.2, 0.7]).log().expand(20_000, 3)
    found = F.gumbel_softmax(logits, hard=True).mean(0)
    np.testing.assert_allclose(found.tolist(), [0.1, 0.2, 0.7], atol=0.02)


@pytest.mark.parametrize(
    "match, use",
    [
        ("channels", lambda x: F.dropout1d(x[0])),
        ("3 or 4 axes", lambda x: F.dropout2d(x)),
        ("have channels", lambda x: F.feature_alpha_dropout(x[0])),
        ("probability", lambda x: F.alpha_dropout(x, 1.5)),
        ("Swap them", lambda x: F.rrelu(x, 0.5, 0.1)),
        ("positive", lambda x: F.gumbel_softmax(x, 0.0)),
    ],
)
def test_what_cannot_be_drawn(match, use):
    with pytest.raises(ValueError, match=match):
        use(autograd.ones(2, 3))
