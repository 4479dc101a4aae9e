"""Steps over another library's arrays: they are no programs, which is said, and run as ever."""

import warnings

import numpy as np
import pytest

import autograd
import optim
from autograd.engine.graph import wrap
from tests.foreign_array import ForeignArray, host


def foreign(tensor):
    return wrap(ForeignArray(tensor.numpy().copy()), None, tensor)


@pytest.mark.parametrize("backend", ["replay", "llvm"])
def test_a_step_over_foreign_arrays_runs_as_ever(backend):
    def trained(w):
        w.requires_grad_()
        rule = optim.SGD([w], lr=0.1, momentum=0.9)

        def train(x):
            rule.zero_grad()
            loss = ((x * w).tanh() ** 2).mean()
            loss.backward()
            rule.step()
            return loss

        return w, train

    w, train = trained(autograd.ones(3))
    other, step = trained(foreign(autograd.ones(3)))
    step = autograd.compile(step, backend=backend)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for i in range(5):
            x = autograd.arange(6.0).reshape(2, 3) + i
            expected, loss = train(x), step(foreign(x))
            np.testing.assert_array_equal(host(loss._data), expected.detach().numpy())
            np.testing.assert_array_equal(host(other._data), w.detach().numpy())
    assert not step.programs and step.counts["eager"] == 3
    (said,) = [str(one.message) for one in told]
    assert "a tensor holds another library's array, a ForeignArray at" in said


def test_a_step_is_no_program_for_one_foreign_argument():
    step = autograd.compile(lambda x: x * 2)
    x = autograd.ones(3)
    for _i in range(3):
        step(x)
    with pytest.warns(UserWarning, match="another library's array"):
        for _i in range(3):
            assert host(step(foreign(x))._data).tolist() == [2.0, 2.0, 2.0]
