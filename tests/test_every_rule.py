"""Every rule of ``optim`` against its paper, PyTorch, and what all rules promise."""

import copy
import pickle

import numpy as np
import pytest

import autograd
import optim
from autograd.tensors.buckets import SIZE
from tests.rows.optim import ROWS
from tests.training import close, gradients, parameters, run, values

PAIRS = [(3, 2), (2, 4, 2), (2,), (0, 3, 2), (SIZE + 7, 2), (1, 2)]  # complex: SHAPES
rows = pytest.mark.parametrize("row", ROWS, ids=str)


def test_every_rule_has_a_row():
    named = (getattr(optim, name) for name in optim.__all__)
    rules = {one for one in named if isinstance(one, type)} - {optim.Optimizer}
    others = {optim.LBFGS, optim.Muon, optim.SparseAdam}  # see tests/optim/, a file for each
    assert rules - others == {row.rule for row in ROWS}


@rows
def test_rule_is_that_of_its_paper(row):
    params, steps = parameters(), gradients()
    before = values(params)
    run(row.rule(params, **row.options), params, steps)
    expected = [row.expected([s[i] for s in steps], p) for i, p in enumerate(before)]
    close(values(params), expected, rtol=1e-9, atol=1e-12)


@rows
def test_dtype_and_buffers_stay(row):
    params = parameters("float32")
    buffers = [p.data.numpy() for p in params]
    run(row.rule(params, **row.options), params, gradients(2))
    for p, buffer in zip(params, buffers, strict=True):
        assert p.dtype == autograd.float32
        assert np.shares_memory(p.data.numpy(), buffer) or not buffer.size
        np.testing.assert_array_equal(p.data.numpy(), buffer)


@rows
def test_flat_is_one_by_one(row):
    class OneByOne(row.rule):
        elementwise = False

    flat, single = parameters(), parameters()
    run(row.rule(flat, **row.options), flat, gradients())
    run(OneByOne(single, **row.options), single, gradients())
    close(values(flat), values(single), rtol=1e-14, atol=0)


@rows
def test_parameters_without_gradient_are_skipped(row):
    params, steps = parameters(), gradients(6)
    for i, grads in enumerate(steps):  # the set changes from step to step
        grads[i % 3] = None
    before = values(params)
    run(row.rule(params, **row.options), params, steps)
    expected = [
        row.expected([s[i] for s in steps if s[i] is not None], p) for i, p in enumerate(before)
    ]
    close(values(params), expected, rtol=1e-9, atol=1e-12)


@rows
def test_state_looks_per_parameter(row):
    params = parameters()
    optimizer = row.rule(params, **row.options)
    run(optimizer, params, gradients(2))
    for p in params:
        entry = optimizer.state[p]
        if row.rule is optim.Adafactor and p.ndim > 1:
            shapes = (*p.shape[:-1], 1), (*p.shape[:-2], 1, p.shape[-1])
            assert (entry["row_var"].shape, entry["col_var"].shape) == shapes
            continue
        assert tuple(entry) == row.keys
        for value in entry.values():
            if autograd.is_tensor(value):
                assert value.shape == p.shape and value.dtype == p.dtype


@rows
def test_state_dict_round_trip(row):
    params, steps = parameters(), gradients()
    optimizer = row.rule(params, **row.options)
    run(optimizer, params, steps[:10])
    saved = copy.deepcopy(optimizer.state_dict())
    others = [p.detach().clone().requires_grad_() for p in params]
    other = row.rule(others, lr=123.0)
    other.load_state_dict(saved)
    run(optimizer, params, steps[10:])
    run(other, others, steps[10:])
    close(values(others), values(params), rtol=0)
    again = row.rule(others, lr=1.0)
    again.load_state_dict(saved)  # the second optimiser worked on a copy
    for p, q in zip(saved["state"].values(), again.state_dict()["state"].values(), strict=True):
        close(p.values(), q.values(), rtol=0)


@rows
def test_optimizer_pickles_with_its_parameters(row):
    params, steps = parameters(), gradients(6)
    optimizer = row.rule(params, **row.options)
    run(optimizer, params, steps[:3])
    params_2, optimizer_2 = copy.deepcopy((params, optimizer))
    params_3, optimizer_3 = pickle.loads(pickle.dumps((params, optimizer)))
    for one, its in ((optimizer, params), (optimizer_2, params_2), (optimizer_3, params_3)):
        run(one, its, steps[3:])
    close(values(params_2), values(params), rtol=0)
    close(values(params_3), values(params), rtol=0)


@rows
def test_gradients_are_left_as_they_are(row):
    w = autograd.ones(3, requires_grad=True)
    w.grad = autograd.full((3,), 2.0)
    decay = {"weight_decay": 0.5} if row.rule is not optim.Rprop else {}
    row.rule([w], **{**row.options, **decay}).step()
    close([w.grad.numpy()], [np.full(3, 2.0)], rtol=0)


# -- the ends of the range -------------------------------------------------------------------------


def trained(row, dtype, steps):
    w = autograd.tensor(np.ones(len(steps[0])), dtype=dtype, requires_grad=True)
    run(row.rule([w], **row.options), [w], [[np.asarray(g)] for g in steps])
    assert w.dtype.name == dtype
    return values([w])


def expected(row, steps):
    grads = [np.asarray(g, dtype=np.float64) for g in steps]
    return [row.expected(grads, np.ones(len(steps[0])))]


@rows
def test_float16_is_rounded_at_the_end_only(row):
    steps = [[0.0, 1.0, 0.004, 300.0], [0.0, -0.5, 0.004, 1.0], [0.0, 0.25, 0.0, 1.0]]
    close(trained(row, "float16", steps), expected(row, steps), rtol=4e-3, atol=4e-3)


@rows
def test_a_huge_gradient_is_forgotten(row):
    # the square of 1e20 is no float32; its share in a running mean is
    if (
        row.rule in (optim.Adagrad, optim.Adadelta, optim.Adafactor)
        or row.options.get("alpha") == 0
        or "betas" in row.options
    ):
        steps = [[1e18], [1.0], [1.0]]  # the sum, or the whole square, is what is kept
    else:
        steps = [[1e20], [1.0], [1.0]]
    close(trained(row, "float32", steps), expected(row, steps), rtol=1e-4, atol=1e-4)


@rows
@pytest.mark.parametrize("huge", [1e20, 3e38])
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_no_gradient_leaves_nan_behind(row, huge):
    # where the mean itself, or the whole square, is no float32, the step may be lost
    assert not np.isnan(trained(row, "float32", [[huge], [1.0], [1.0]])).any()


@rows
def test_a_gradient_that_falls_to_a_ten_thousandth(row):
    steps = [[1.0], [1e-4], [1e-4]]
    close(trained(row, "float32", steps), expected(row, steps), rtol=1e-4, atol=1e-6)


@rows
def test_complex_parameters_are_pairs_of_reals(row):
    if not row.rule.takes_complex:
        with pytest.raises(RuntimeError, match="must be real.*complex128"):
            row.rule(parameters("complex128"), **row.options)
        return
    pairs, steps = parameters(shapes=PAIRS), gradients(4, PAIRS)
    numbers = [autograd.view_as_complex(p.detach().clone()).requires_grad_() for p in pairs]
    first, second = row.rule(pairs, **row.options), row.rule(numbers, **row.options)
    run(first, pairs, steps)
    run(second, numbers, [[g.view(complex)[..., 0] for g in grads] for grads in steps])
    close([autograd.view_as_real(p.detach()) for p in numbers], values(pairs), rtol=0)
    for p, q in zip(pairs, numbers, strict=True):
        for name, value in second.state[q].items():
            if autograd.is_tensor(value):
                assert value.shape == q.shape and value.dtype == q.dtype
                close([autograd.view_as_real(value)], [first.state[p][name]], rtol=0)


def test_a_constant_gradient_has_no_negative_variance():
    w = autograd.ones(5, requires_grad=True)
    optimizer = optim.RMSprop([w], lr=1e-9, alpha=0.5, centered=True)
    run(optimizer, [w], [[np.array([0.1, 0.3, 0.7, 1.1, 3.3])]] * 300)
    assert np.isfinite(values([w])).all()


# -- PyTorch ---------------------------------------------------------------------------------------


@pytest.mark.torch
@pytest.mark.parametrize(
    "row, dtype",
    [(row, "float64") for row in ROWS if row.theirs]
    + [(row, "complex128") for row in ROWS if row.theirs and row.rule.takes_complex],
    ids=str,
)
def test_steps_are_those_of_torch(row, dtype):
    torch = pytest.importorskip("torch")
    shapes = [(3,), (2, 4), (), (1,)]
    params, steps = parameters(dtype, shapes), gradients(100, shapes)
    if dtype == "complex128":
        turns = [np.exp(1j * i) for i in range(len(steps))]
        steps = [[g * turn for g in grads] for grads, turn in zip(steps, turns, strict=True)]
    theirs = [torch.tensor(np.asarray(p), requires_grad=True) for p in values(params)]
    optimizer = row.rule(params, **row.options)
    oracle = getattr(torch.optim, row.rule.__name__)(theirs, **row.options)
    run(optimizer, params, steps)
    torch.set_default_dtype(torch.float64)  # what PyTorch counts in: it rounds μ and η to it
    try:
        for grads in steps:
            for p, g in zip(theirs, grads, strict=True):
                p.grad = torch.tensor(g)
            oracle.step()
    finally:
        torch.set_default_dtype(torch.float32)
    close(
        values(params),
        [p.detach().numpy() for p in theirs],
        rtol=1e-8,
        atol=1e-11,
    )
    ours, others = optimizer.state_dict(), oracle.state_dict()
    assert ours["param_groups"][0]["params"] == others["param_groups"][0]["params"]
    for i, entry in others["state"].items():
        known = {k: v for k, v in entry.items() if v is not None}
        assert set(known) == set(ours["state"][i]) - {"first"}
        for name, value in known.items():
            np.testing.assert_allclose(np.asarray(ours["state"][i][name]), value, rtol=1e-8)


@pytest.mark.torch
@pytest.mark.parametrize("row", [row for row in ROWS if row.theirs], ids=str)
def test_each_goes_on_from_what_the_other_saved(row):
    torch = pytest.importorskip("torch")
    shapes = [(3,), (2, 4), (1,)]
    steps = gradients(9, shapes)

    def theirs(start, steps, saved=None):
        params = [torch.tensor(p, requires_grad=True) for p in start]
        oracle = getattr(torch.optim, row.rule.__name__)(params, **row.options)
        if saved is not None:
            oracle.load_state_dict(saved)
        for grads in steps:
            for p, g in zip(params, grads, strict=True):
                p.grad = torch.tensor(g)
            oracle.step()
        return oracle.state_dict(), [p.detach().numpy().copy() for p in params]

    saved, path = theirs(values(parameters(shapes=shapes)), steps[:3])
    params = [autograd.tensor(p, requires_grad=True) for p in path]
    optimizer = row.rule(params, **row.options)
    optimizer.load_state_dict(saved)
    run(optimizer, params, steps[3:6])
    ours = optimizer.state_dict()
    for entry in ours["state"].values():
        for name, value in entry.items():
            entry[name] = torch.tensor(value.numpy()) if autograd.is_tensor(value) else value
    _, found = theirs(values(params), steps[6:], ours)
    _, expected = theirs(values(parameters(shapes=shapes)), steps)
    close(found, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.torch
@pytest.mark.parametrize("name", sorted({row.rule.__name__ for row in ROWS if row.theirs}))
def test_arguments_are_those_of_torch(name):
    torch = pytest.importorskip("torch")
    import inspect

    ours = inspect.signature(getattr(optim, name)).parameters
    for argument, theirs in inspect.signature(getattr(torch.optim, name)).parameters.items():
        assert argument in ours
        assert ours[argument].default == theirs.default
