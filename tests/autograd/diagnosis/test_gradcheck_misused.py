"""Calls of gradcheck that are wrong themselves."""

import numpy as np
import pytest

import autograd
from autograd.diagnosis.gradcheck import gradcheck, gradgradcheck


def leaf(*shape, seed=0, low=0.3, high=1.7):
    values = np.random.default_rng(seed).uniform(low, high, shape)
    return autograd.tensor(values, dtype=autograd.float64, requires_grad=True)


def test_inputs_must_be_double():
    single = autograd.ones(2, requires_grad=True)
    for check in (gradcheck, gradgradcheck):
        with pytest.raises(ValueError, match=r"input 1 is float32.*\.double\(\)"):
            check(lambda x, y: x * y, (leaf(2), single))
    with pytest.raises(ValueError, match="output 0 is float32"):
        gradcheck(lambda x: x.float(), leaf(2))


def test_an_input_must_require_grad():
    for check in (gradcheck, gradgradcheck):
        with pytest.raises(ValueError, match="must require grad"):
            check(lambda x: x, autograd.ones(2))
    with pytest.raises(ValueError, match="an output must require grad"):
        gradgradcheck(lambda x: x.detach(), leaf(2))


def test_func_must_return_tensors():
    for check in (gradcheck, gradgradcheck):
        with pytest.raises(TypeError, match="must return a tensor .* got NoneType"):
            check(lambda x: None, leaf(2))


def test_a_function_of_something_else():
    w = leaf(2)
    assert gradcheck(lambda x: w * 2, leaf(2))
    assert gradgradcheck(lambda x: w * 2, leaf(2))


@pytest.mark.parametrize(
    "option", ["check_batched_grad", "check_batched_forward_grad", "check_forward_ad", "masked"]
)
def test_what_is_not_available_is_refused(option):
    with pytest.raises(NotImplementedError, match=option):
        gradcheck(lambda x: x, leaf(2), **{option: True})


def test_errors_of_the_function_come_through():
    with pytest.raises(ZeroDivisionError):
        gradcheck(lambda x: 1 / 0, leaf(2))
