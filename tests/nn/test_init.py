"""How parameters start."""

import math

import numpy as np
import pytest

import autograd
import nn

F64 = autograd.float64


def test_init():
    w = autograd.empty(300, 200, dtype=F64)
    fans = {"fan_in": 200, "fan_out": 300}
    for mode, fan in fans.items():
        nn.init.kaiming_uniform_(w, mode=mode, nonlinearity="relu")
        assert w.max().item() <= math.sqrt(6 / fan) and abs(w.std().item() ** 2 * fan - 2) < 0.05
        nn.init.kaiming_normal_(w, mode=mode, a=1.0)
        assert abs(w.std().item() ** 2 * fan - 1) < 0.05
    nn.init.xavier_uniform_(w, gain=2.0)
    assert w.max().item() <= 2 * math.sqrt(6 / 500)
    assert abs(nn.init.xavier_normal_(w).std().item() ** 2 * 250 - 1) < 0.05
    assert nn.init.trunc_normal_(w, std=3.0).abs().max().item() <= 2
    q = nn.init.orthogonal_(w, gain=2.0).numpy()
    np.testing.assert_allclose(q.T @ q, 4 * np.eye(200), atol=1e-12)
    np.testing.assert_array_equal(nn.init.eye_(autograd.empty(2, 3)).numpy(), np.eye(2, 3))
    for fill, value in ((nn.init.ones_, 1), (nn.init.zeros_, 0)):
        assert fill(autograd.empty(2)).tolist() == [value] * 2
    p = nn.Parameter(autograd.empty(2, 3))
    assert nn.init.constant_(p, 0.5) is p and p.is_leaf and (p.detach().numpy() == 0.5).all()
    assert nn.init._calculate_fan_in_and_fan_out(autograd.empty(5, 4, 3, 2)) == (24, 30)


@pytest.mark.torch
@pytest.mark.parametrize(
    "name",
    [
        "xavier_uniform_",
        "xavier_normal_",
        "kaiming_uniform_",
        "kaiming_normal_",
        "uniform_",
        "dirac_",
    ],
)
def test_init_draws_torchs_numbers(name):
    torch = pytest.importorskip("torch")
    autograd.manual_seed(3)
    torch.manual_seed(3)
    ours = getattr(nn.init, name)(autograd.empty(7, 5, 3))
    theirs = getattr(torch.nn.init, name)(torch.empty(7, 5, 3))
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.torch
def test_sparse_and_orthogonal_matrices_are_torchs():
    torch = pytest.importorskip("torch")
    found = []
    for core, init in ((autograd, nn.init), (torch, torch.nn.init)):
        core.manual_seed(3)
        found.append([
            init.sparse_(core.empty(10, 3), 0.35, 2.0).numpy(),
            init.orthogonal_(core.empty(5, 3), 2.0).numpy(),
            init.orthogonal_(core.empty(2, 3, 2)).numpy(),
            init.dirac_(core.empty(6, 2, 3, 4), 2).numpy(),
        ])  # fmt: skip
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_old_names():
    for name in nn.init.__all__:
        if not name.endswith("_") and name != "calculate_gain":
            assert hasattr(nn.init, f"{name}_")
    with pytest.warns(FutureWarning, match="is called nn.init.constant_ now"):
        assert nn.init.constant(autograd.empty(2), 3.0).tolist() == [3, 3]


def test_what_cannot_be_filled():
    for use in (
        lambda: nn.init.dirac_(autograd.empty(2, 2)),
        lambda: nn.init.dirac_(autograd.empty(3, 2, 2), 2),
        lambda: nn.init.sparse_(autograd.empty(3), 0.5),
        lambda: nn.init.sparse_(autograd.empty(3, 2), 1.5),
    ):
        with pytest.raises(ValueError, match="expected"):
            use()
