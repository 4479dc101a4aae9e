"""Layers, losses and rules trained by machine code beside the engine, twenty steps each."""

import numpy as np
import pytest

import autograd
import optim
from tests.rows.optim import ROWS as RULES
from tests.test_every_layer import F32, ROWS as LAYERS, flat, inputs_of
from tests.training import gradients, parameters

pytest.importorskip("llvmlite")

STEPS = 20


def but(rows, *quick):
    """Rows of a test: the first of each of these names; the others are slow."""
    left, found = [*quick], []
    for row in rows:
        name = str(row).partition("[")[0]
        found.append(
            pytest.param(row, id=str(row), marks=[] if name in left else [pytest.mark.slow])
        )
        left = [one for one in left if one != name]
    assert not left
    return found


class Training:
    """Steps of plain descent on a layer's output, its inputs among what is learned."""

    def __init__(self, row):
        autograd.manual_seed(7)
        self.layer, self.inputs = row.make(), inputs_of(row, F32, requires_grad=True)
        found = [*self.layer.parameters(), *self.inputs]
        self.leaves = [one for one in found if one.requires_grad]
        self.rule = optim.SGD(self.leaves, lr=1e-3, momentum=0.5) if self.leaves else None

    def step(self):
        outputs = flat(self.layer(*self.inputs))
        loss = sum((one * one).mean() for one in outputs if one.dtype == F32)
        if self.rule is not None and loss.requires_grad:
            self.rule.zero_grad()
            loss.backward()
            self.rule.step()
        return loss.detach()

    def state(self):
        found = [*self.layer.state_dict().values(), *self.inputs]
        return [np.array(one.detach().numpy()) for one in found]


def side_by_side(make):
    """Two of a kind, one of them compiled: each step's result, and what is left in the end."""
    eager, other = make(), make()
    step = autograd.compile(other.step, backend="llvm")
    for i in range(STEPS):
        found = []
        for do in (eager.step, step):
            autograd.manual_seed(i)
            found.append(do())
        if found[0] is not None:
            close(found[1].numpy(), found[0].numpy(), f"step {i}")
    for pair in zip(other.state(), eager.state(), strict=True):
        close(*pair, "the end")
    assert step.counts["replayed"] >= STEPS - 5  # some rules go on otherwise after some steps
    for program in step.programs:
        assert program.plan is not None and not program.why, program.why  # NumPy does none


def close(found, expected, when):
    assert found.dtype == expected.dtype and found.shape == expected.shape
    if expected.dtype.kind not in "fc":
        return np.testing.assert_array_equal(found, expected, when)
    size = np.abs(expected[np.isfinite(expected)]).max(initial=1e-3)  # less is rounding alone
    np.testing.assert_allclose(found, expected, 1e-4, 1e-5 * float(size), err_msg=when)


@pytest.mark.parametrize("row", but(LAYERS, "GELU", "LayerNorm", "CrossEntropyLoss", "MSELoss"))
def test_every_layer(row):
    side_by_side(lambda: Training(row))


class Rule:
    """A rule given the same gradients again and again."""

    def __init__(self, row):
        shapes = [(3,), (2, 4), (), (0, 3), (5, 1)]
        self.params = parameters(shapes=shapes)
        self.rule = row.rule(self.params, **row.options)
        [grads] = gradients(1, shapes)
        for p, g in zip(self.params, grads, strict=True):
            p.grad = autograd.tensor(g, dtype=p.dtype)

    def step(self):
        self.rule.step()

    def state(self):
        entries = self.rule.state_dict()["state"].values()
        found = [value for entry in entries for value in entry.values() if value is not None]
        return [np.array(autograd.as_tensor(one).detach()) for one in (*self.params, *found)]


@pytest.mark.parametrize("row", but(RULES, "SGD-momentum=0.9", "Adam"))
def test_every_rule(row):
    side_by_side(lambda: Rule(row))
