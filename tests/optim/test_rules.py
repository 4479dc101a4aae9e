"""What single rules do besides stepping as their papers say: means, signs, matrices."""

import inspect

import numpy as np
import pytest

import autograd
import optim
from tests.training import close, gradients, parameters, run, values


def test_asgd_keeps_the_mean_of_its_path():
    params, steps = parameters(shapes=[(3,)]), gradients(9, [(3,)])
    optimizer = optim.ASGD(params, lr=0.1, t0=4)
    path = []
    for step in steps:
        run(optimizer, params, [step])
        path += values(params)
    (entry,) = optimizer.state.values()  # from the step after t0 + 1 on the mean is taken
    close([entry["ax"]], [np.mean(path[5:], axis=0)], rtol=1e-12)
    optimizer = optim.ASGD(params, lr=0.1)
    run(optimizer, params, steps)
    (entry,) = optimizer.state.values()
    close([entry["ax"]], values(params), rtol=0)


def test_rprop_looks_at_signs_alone():
    small, large = parameters(shapes=[(4,)]), parameters(shapes=[(4,)])
    steps = gradients(6, [(4,)])
    run(optim.Rprop(small), small, [[1e-200 * g for (g,) in [step]] for step in steps])
    run(optim.Rprop(large), large, steps)
    close(values(small), values(large), rtol=0)  # where g times the last g is no number


def test_radam_begins_without_the_second_mean():
    params = parameters(shapes=[(2,)])
    before = values(params)[0]
    run(optim.RAdam(params, lr=0.1), params, [[np.array([100.0, 1e-3])]] * 5)
    close(values(params), [before - 5 * 0.1 * np.array([100.0, 1e-3])], rtol=1e-12)


def test_sparse_adam_says_what_to_take():
    params = parameters(shapes=[(2,)])
    with pytest.raises(RuntimeError, match="must be sparse; got dense ones. Use Adam"):
        run(optim.SparseAdam(params), params, gradients(1, [(2,)]))


def test_fused_can_be_asked_for():
    assert "fused" in inspect.signature(optim.AdamW).parameters


# -- Muon ------------------------------------------------------------------------------------------

MATRICES = [(3, 4), (6, 2), (1, 5)]
MUONS = [
    {"lr": 0.1},
    {"lr": 0.1, "nesterov": False, "weight_decay": 0.0},
    {"lr": 0.1, "adjust_lr_fn": "match_rms_adamw", "ns_steps": 3, "momentum": 0.5},
    {"lr": 0.1, "ns_coefficients": (2.0, -1.5, 0.5)},
]
muons = pytest.mark.parametrize("options", MUONS, ids=str)


@pytest.mark.parametrize("rows, columns", MATRICES)
def test_muon_steps_by_an_orthogonal_matrix(rows, columns):
    params, steps = parameters("float32", [(rows, columns)]), gradients(1, [(rows, columns)])
    before = values(params)[0]
    run(optim.Muon(params, lr=0.5, weight_decay=0.0), params, steps)
    step = (before - values(params)[0]) / (0.5 * max(1, rows / columns) ** 0.5)
    u, _, v = np.linalg.svd(steps[0][0], full_matrices=False)
    sizes = np.diag(u.T @ step @ v.T)
    assert 0.5 < sizes.min() and sizes.max() < 1.3
    close([step], [u * sizes @ v], atol=0.03)


@muons
def test_muon_goes_on_from_what_was_saved(options):
    params, steps = parameters("float32", MATRICES), gradients(4, MATRICES)
    optimizer = optim.Muon(params, **options)
    run(optimizer, params, steps[:2])
    others = [p.detach().clone().requires_grad_() for p in params]
    other = optim.Muon(others)
    other.load_state_dict(optimizer.state_dict())
    run(optimizer, params, steps[2:])
    run(other, others, steps[2:])
    close(values(others), values(params), rtol=0)


@pytest.mark.torch
@muons
def test_muon_is_that_of_torch(options):
    torch = pytest.importorskip("torch")
    params, steps = parameters("float32", MATRICES), gradients(20, MATRICES)
    theirs = [torch.tensor(p, requires_grad=True) for p in values(params)]
    optimizer, oracle = optim.Muon(params, **options), torch.optim.Muon(theirs, **options)
    run(optimizer, params, steps)
    for grads in steps:
        for p, g in zip(theirs, grads, strict=True):
            p.grad = torch.tensor(g, dtype=torch.float32)
        oracle.step()
    # both round each product to bfloat16, after sums in an order of their own
    close(values(params), [p.detach().numpy() for p in theirs], rtol=0, atol=2e-2)
    assert [set(e) for e in optimizer.state.values()] == [set(e) for e in oracle.state.values()]


@pytest.mark.torch
@pytest.mark.parametrize("name", ["LBFGS", "Muon", "SparseAdam"])
def test_arguments_are_those_of_torch(name):
    torch = pytest.importorskip("torch")
    ours = inspect.signature(getattr(optim, name)).parameters
    theirs = inspect.signature(getattr(torch.optim, name)).parameters
    assert [(p.name, p.default) for p in ours.values()] == [
        (p.name, p.default) for p in theirs.values()
    ]


def test_float64_matrices_stay_what_they_are():
    params = parameters(shapes=[(2, 2)])
    run(optim.Muon(params), params, gradients(1, [(2, 2)]))
    assert params[0].dtype == autograd.float64
