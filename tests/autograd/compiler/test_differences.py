"""Two recordings of one step are one program, and what tells others apart is said."""

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.compiler.tapes.recording import Recording
from autograd.compiler.watching.differences import differences


def taped(step, *args):
    with Recording() as recording:
        step(*args)
    return recording.tape


def test_a_training_is_one_program():
    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Linear(4, 2))
    rule = optim.AdamW(model.parameters())

    def step(x):
        rule.zero_grad()
        model(x)[:, 1].square().sum().backward()
        rule.step()

    step(autograd.randn(5, 3))
    tapes = [taped(step, autograd.randn(5, 3)) for _ in range(2)]
    assert len(tapes[0].calls) > 20
    assert differences(*tapes) == ""
    assert "shapes (5, 3) and (4, 3)" in differences(tapes[0], taped(step, autograd.randn(4, 3)))


def twice(x, y):
    return x * 2 + y


def of_another_number(x, y):
    return x * 3 + y


def of_another_kind_of_number(x, y):
    return x * 2.5 + y


def of_another_call(x, y):
    return x * 2 - y


def of_another_array(x, y):
    return x * 2 + x


def of_one_call_more(x, y):
    return x * 2 + y + y


def of_one_call_less(x, y):
    return x * 2


@pytest.mark.parametrize(
    "other, told",
    [
        (of_another_number, "(2.0) and np.float32(3.0)"),
        (of_another_kind_of_number, "2.5"),
        (of_another_call, "add and sub"),
        (of_another_array, "other arrays"),
        (of_one_call_more, "2 and 3 calls"),
        (of_one_call_less, "2 and 1 calls"),
    ],
)
def test_what_tells_two_programs_apart(other, told):
    x, y = autograd.ones(3), autograd.zeros(3)
    assert differences(taped(twice, x, y), taped(twice, y, x)) == ""
    assert told in differences(taped(twice, x, y), taped(other, x, y))


def test_an_index_of_the_users_is_a_part_of_it():
    index = np.array([2, 0, 1])
    x = autograd.ones(3)
    first = taped(lambda: x[index])
    assert differences(first, taped(lambda: x[index.copy()])) == ""
    assert "of the user's" in differences(first, taped(lambda: x[index[::-1].copy()]))
