"""Calls of gradcheck that are wrong themselves."""

import numpy as np
import pytest

import autograd
from autograd.diagnosis.gradcheck.gradcheck import gradcheck, gradgradcheck


def leaf(*shape, seed=0, low=0.3, high=1.7):
    values = np.random.default_rng(seed).uniform(low, high, shape)
    return autograd.tensor(values, dtype=autograd.float64, requires_grad=True)


def test_outputs_must_be_double():
    with pytest.raises(ValueError, match="output 0 is float32.*Keep float64 inside func"):
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


def test_what_is_not_available_is_refused():
    with pytest.raises(NotImplementedError, match="masked=True is not available"):
        gradcheck(lambda x: x, leaf(2), masked=True)


@pytest.mark.parametrize("option", ["points", "directions"])
@pytest.mark.parametrize("value", [0, -1, 1.5, True, "a"])
def test_how_many_is_a_whole_number(option, value):
    with pytest.raises(ValueError, match=f"{option} must be a whole number, at least 1; got"):
        gradcheck(lambda x: x, leaf(2), **{option: value})


@pytest.mark.parametrize("orders", [(), (3,), (0, 1)])
def test_orders_are_one_and_two(orders):
    with pytest.raises(ValueError, match="orders must be 1, 2 or both; got"):
        autograd.gradcheck_module(lambda x: x, leaf(2), orders=orders)


def test_a_module_is_called_for():
    with pytest.raises(TypeError, match="gradcheck_module: func must be a function"):
        autograd.gradcheck_module(5, leaf(2))
    with pytest.raises(ValueError, match="gradcheck_module: an input must require grad"):
        autograd.gradcheck_module(lambda x: x * 2, autograd.ones(2))


def test_errors_of_the_function_come_through():
    with pytest.raises(ZeroDivisionError):
        gradcheck(lambda x: 1 / 0, leaf(2))
