"""Steps of many kinds as plans: what a plan computes is what the step does."""

import numpy as np
import pytest

import autograd
from autograd.compiler.planning.interpret import interpreted
from autograd.compiler.planning.planner import Unplanned, planned
from autograd.compiler.tapes.order import ordered
from autograd.compiler.tapes.recorder import Recorded, Tape
from autograd.engine import graph
from tests.autograd.compiler.planning import Planned, close, lawful
from tests.autograd.compiler.test_programs import inputs, made
from tests.op_cases import ROWS, cases, drawn, gradients
from tests.rows.optim import ROWS as RULES
from tests.test_every_layer import F32, ROWS as LAYERS, flat, inputs_of
from tests.test_every_op import READS
from tests.training import gradients as gradients_of_steps, parameters

SOME = cases(ROWS[::6], quick=1)
OTHERS = cases([row for i, row in enumerate(ROWS) if i % 6], quick=0)


def slow(rows):
    """All but each sixth are slow."""
    return [
        pytest.param(row, marks=[pytest.mark.slow] if i % 6 else []) for i, row in enumerate(rows)
    ]


@pytest.mark.parametrize("row", slow(LAYERS), ids=str)
def test_every_layer(row):
    autograd.manual_seed(7)
    layer = row.make()
    inputs = inputs_of(row, F32, requires_grad=True)
    leaves = [one for one in [*inputs, *layer.parameters()] if one.requires_grad]

    def step():
        outputs = flat(layer(*inputs))
        total = sum((one * one * one).sum() for one in outputs)
        found = autograd.grad(total, leaves, allow_unused=True)
        return [*[one.detach() for one in outputs], *[g for g in found if g is not None]]

    Planned(step).check(close)


@pytest.mark.parametrize("row, sample", SOME + OTHERS)
def test_every_op(row, sample):
    """Its plan gives what it and its gradients give, and leaves what it was given as it was."""
    tape, lifted = Tape(), []

    def lift(array):
        lifted.append(tape.lift(array.copy()))
        return lifted[-1]

    outputs, found = gradients(row, sample, drawn(row, sample), make=lift)
    if row.name in READS:
        return
    results = [graph.unwrap(one) for one in [*outputs, *found]]
    results = [one for one in results if isinstance(one, Recorded)]
    given = {f"x{i}": one for i, one in enumerate(lifted)}
    try:
        calls = ordered(tape.calls, lifted).calls
        plan = planned(calls, given, results, calls)
    except Unplanned as error:
        pytest.skip(str(error))
    lawful(plan)
    arrays = {name: one.inside.copy() for name, one in given.items()}
    for a, e in zip(interpreted(plan, arrays, plan.numbers), results, strict=True):
        assert a.dtype == e.dtype and a.shape == e.shape
        close(a, np.asarray(e.inside))
    for name, one in given.items():
        np.testing.assert_array_equal(arrays[name], one.inside)


@pytest.mark.parametrize(
    "seed", [pytest.param(i, marks=[pytest.mark.slow] if i >= 10 else []) for i in range(200)]
)
def test_a_program(seed):
    x, y = inputs(seed)
    made_by = made(seed)

    def step():
        x.grad = None
        results = made_by(x, y)
        return [one.detach() for one in (*results, x.grad)]

    Planned(step, seed).check(close)


@pytest.mark.parametrize("row", RULES, ids=str)
def test_every_rule(row):
    params = parameters(shapes=[(3,), (2, 4), (), (0, 3), (5, 1)])
    rule = row.rule(params, **row.options)
    steps = gradients_of_steps(3, [p.shape for p in params])

    def step():
        rule.step()
        return []

    for grads in steps:
        for p, g in zip(params, grads, strict=True):
            p.grad = autograd.tensor(g, dtype=p.dtype)
        rule.step()
    Planned(step).check()
