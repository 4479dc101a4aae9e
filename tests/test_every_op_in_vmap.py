"""Every op through vmap, by the table: as a loop over the samples has it, or refused honestly."""

import numpy as np
import pytest

from tests import vmap_cases
from tests.op_cases import ROWS, cases, drawn
from tests.vmap_cases import PLANS, Case, loop, mapped, through, twice_through

# What has as many elements as its values say, or is one truth, has no result for samples together
REFUSED = {
    "allclose", "argwhere", "bincount", "equal", "getitem", "histc", "histogram", "masked_scatter",
    "masked_select", "nonzero", "repeat_interleave", "setitem", "unique", "unique_consecutive",
    "nonzero_static", "svd_lowrank", "pca_lowrank",  # these draw
}  # fmt: skip

QUESTIONS = {
    "value": lambda case: (mapped(case, case.value), loop(case, case.value)),
    "gradient": lambda case: (mapped(case, case.gradient), loop(case, case.gradient)),
    "recorded": lambda case: (mapped(case, case.recorded), loop(case, case.recorded)),
    "through": through,
    "twice": twice_through,
}
ORDERS = {"value": 0, "gradient": 1, "recorded": 1, "through": 1, "twice": 2}


def check(row, sample, plan, question):
    case = Case(row, sample, plan, drawn(row, sample))
    if not case.mapped:
        return
    try:
        with np.errstate(all="ignore"):
            found, expected = QUESTIONS[question](case)
    except RuntimeError as error:
        assert row.name in REFUSED, error
        assert "vmap" in str(error)
        return
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.shape == other.shape and one.dtype == other.dtype
        np.testing.assert_allclose(one, other, 1e-9, 1e-9)


# By a place in memory, which differs for the samples of a loop
LOOKING = {"as_strided", "as_strided_scatter"}


@pytest.mark.parametrize("row, sample", cases(quick=1))
def test_all_inputs_mapped(row, sample):
    if row.name in LOOKING and len(sample.args) > 3:
        return  # from an offset
    check(row, sample, "all", "value")
    if row.orders and row.name not in LOOKING:
        check(row, sample, "all", "through" if row.orders == 1 else "twice")


FIRST = [row._replace(samples=row.samples[:1]) for row in ROWS if row.name not in LOOKING]


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("row, sample", cases(FIRST))
def test_every_plan(row, sample, question):
    for plan in PLANS:
        if row.orders >= ORDERS[question]:
            check(row, sample, plan, question)


@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.parametrize(
    "name", ["exp", "sum", "matmul", "cat", "nn.functional.layer_norm", "sort"]
)
def test_no_sample_and_one(name, count):
    row = next(row for row in ROWS if row.name == name)
    sample = row.samples[0]
    case = Case(row, sample, "all", drawn(row, sample), samples=count)
    whole = Case(row, sample, "all", drawn(row, sample))
    found, expected = mapped(case, case.value), mapped(whole, whole.value)
    for one, other in zip(found, expected, strict=True):
        assert one.shape == (count, *other.shape[1:])
        np.testing.assert_allclose(one, other[:count], 1e-12, 1e-12)


def test_float32_stays():
    rows = [row for row in ROWS if row.orders and row.dtype is None][::12]
    for row in rows:
        sample = row.samples[0]
        case = Case(row, sample, "floats", drawn(row, sample, np.float32))
        if case.mapped and row.name not in REFUSED:
            with np.errstate(all="ignore"):
                kinds = [one.dtype for one in mapped(case, case.gradient)]
                assert kinds == [one.dtype for one in loop(case, case.gradient)], row.name


def test_a_broken_rule_is_noticed(monkeypatch):
    """The sum of an axis too early: shapes are right where sizes are equal, values are not."""
    from autograd.arrays import batched

    row = next(row for row in ROWS if row.name == "cumsum")
    right = batched.rule_of(np.flip)
    from autograd.kernels.recurrence import running_sum

    rule = batched.rule_of(running_sum)
    monkeypatch.setitem(
        batched.RULES, running_sum, lambda x, **options: right(rule(x, **options), 0)
    )
    with pytest.raises(AssertionError):
        check(row, row.samples[0], "all", "value")
    assert vmap_cases.SAMPLES > 1


@pytest.mark.parametrize("name", ["gelu", "mse_loss", "silu"])
def test_batched_gradients_of_plain_values(name):
    """One forward pass, many backward passes: what was kept is plain, what comes is batched."""
    import autograd
    from autograd import func
    from nn import functional

    x = autograd.tensor([0.5, -1.0, 2.0], dtype=autograd.float64)
    options = {"gelu": {"approximate": "tanh"}, "mse_loss": {"target": x * 2}}.get(name, {})
    y, pulled = func.vjp(lambda x: getattr(functional, name)(x, **options), x)
    seeds = autograd.stack([autograd.ones_like(y), 3 * autograd.ones_like(y)])
    (found,) = func.vmap(pulled)(seeds)
    for row, seed in zip(found, seeds, strict=True):
        np.testing.assert_allclose(row.numpy(), pulled(seed)[0].numpy(), 1e-12)
