"""Steps by machine code beside the engine: what they are given, and values that they look at."""

import numpy as np
import pytest

import autograd

pytest.importorskip("llvmlite")


def drawn(i):
    return autograd.tensor(np.random.default_rng(i).normal(size=(2, 3)).astype(np.float32))


def compared(function):
    step = autograd.compile(function, backend="llvm")
    for i in (0, 0, 1, 1, 2, 2):
        np.testing.assert_allclose(step(drawn(i)).numpy(), function(drawn(i)).numpy(), rtol=1e-5)
    assert step.counts["replayed"] > 0
    assert not any(one.why for one in step.programs)
    return step


def test_scalars_from_outside_have_memory():
    a, b = [autograd.ones(2).sum() * n for n in (1, 3)]  # of no memory: NumPy's scalars
    compared(lambda x: (x * a + b) / (x.sum() + a - b * a))


def test_scalars_that_were_looked_at_have_memory():
    def step(x):
        a, b = x.norm(), (x + 1).norm()
        return (x[x > a * 0.1] * a).sum() + b * a / (b - a * 3)

    compared(step)


def half_written(x):
    y = x.clone()
    y.mul_(2.0)
    some = y[y > 0.5]
    y[0] = 1.0
    return some.sum() * y + y[y < 0].mean()


def test_what_is_written_within_a_step_is_looked_at_anew():
    step = compared(half_written)
    assert "a look came out otherwise, has_shape" in str(step.explain())


def test_what_machine_code_does_not_know_is_left_to_numpy():
    compared(lambda x: (x.half() * 2).float() + x.half().float().flip(0).cumsum(0).exp())
