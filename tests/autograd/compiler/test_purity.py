"""Steps that do more than compute: captured or not, the numbers and the state are the engine's."""

import numpy as np
import pytest

import autograd
import nn
from tests.driver import Driver, same, values
from tests.rows.steps import changes, containers, counters, library, pieces, sources, trainings

CALLS = 9
HOSTILE = counters.STEPS | containers.STEPS | sources.STEPS | changes.STEPS | library.STEPS
HARMLESS = trainings.STEPS | pieces.STEPS


def run(make, wrap, calls=CALLS):
    """What comes of some calls of a step, and the wrapped step."""
    autograd.manual_seed(0)
    made = make()
    step, between, look, given = (*(made if isinstance(made, tuple) else (made,)), *[None] * 4)[:4]
    called = wrap(step)
    autograd.manual_seed(1)
    seen = []
    for i in range(1, calls + 1):
        x = autograd.tensor(np.random.RandomState(i).rand(3).astype(np.float32) + 1)
        if between:
            between(i)
        args = given(i, x) if given else x
        result = called(*args) if isinstance(args, tuple) else called(args)
        if hasattr(step, "after"):
            step.after(result)
        seen.append(values([result, look() if look else []]))
    return seen, called


def each_fourth(steps):
    """The names of steps; those but each fourth are slow, as another test has them all."""
    marks = [[pytest.mark.slow] if i % 4 else [] for i in range(len(steps))]
    return [pytest.param(name, marks=marks[i]) for i, name in enumerate(steps)]


@pytest.fixture(autouse=True)
def recording_gradients():
    yield
    autograd.set_grad_enabled(True)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_step_gives_the_engines_numbers(name):
    make = HOSTILE[name]
    expected, _ = run(make, lambda step: step)
    found, driver = run(make, Driver)
    same(found, expected)
    if name in sources.REFUSED:
        assert driver.refusals


@pytest.mark.filterwarnings("ignore:compile:UserWarning")
@pytest.mark.parametrize("name", each_fourth(HOSTILE))
def test_a_hostile_step_that_is_compiled_gives_the_engines_numbers(name):
    make = HOSTILE[name]
    expected, _ = run(make, lambda step: step)
    found, _ = run(make, autograd.compile)
    same(found, expected)


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_step_is_captured(name):
    make = HARMLESS[name]
    expected, _ = run(make, lambda step: step)
    found, driver = run(make, Driver)
    assert not [(reason, str(line)) for reason, line in driver.refusals]
    assert driver.replays >= CALLS - 2 - trainings.TAPES.get(name, 0)
    same(found, expected)


@pytest.mark.parametrize("name", each_fourth(HARMLESS))
def test_a_harmless_step_that_is_compiled_is_replayed(name):
    make = HARMLESS[name]
    expected, _ = run(make, lambda step: step)
    found, step = run(make, autograd.compile)
    same(found, expected)
    compiled = step.forward if isinstance(step, nn.Module) else step
    assert compiled.counts["replayed"] >= CALLS - 3 - 2 * trainings.TAPES.get(name, 0)
