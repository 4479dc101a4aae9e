"""The step that is proposed does what it says: shapes of all kinds, carried out."""

import itertools
import re

import numpy as np
import pytest

import autograd
from autograd import Tensor
from autograd.arrays import remedies

SHAPES = [
    *itertools.product([1, 2, 3], repeat=2),
    *itertools.product([2, 3, 5], repeat=3),
    (4,), (1,), (6, 1), (2, 1, 4), (8, 1, 28, 28), (2, 4, 5, 3), (7, 784),
]  # fmt: skip


CROPPED = "Tensor 1 differs from the first; crop or pad one of them: nn.functional.pad."


def carried_out(expression, **tensors):
    return eval(expression, {name: autograd.zeros(shape) for name, shape in tensors.items()})


def first(sentence):
    """The expression at a sentence's start, and the shape that it says at the end, if any."""
    expression = re.match(r"(.*?) (fits|joins|puts|makes|keeps|has)", sentence).group(1)
    shape = re.search(r": (\([^:]*\))\.$", sentence)
    return expression, eval(shape.group(1)) if shape else None


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_becomes(shape):
    for wanted in SHAPES:
        way = remedies.becomes("x", shape, wanted)
        possible = np.prod(shape) == np.prod(wanted) and shape != wanted
        assert bool(way) == possible
        if way:
            assert tuple(carried_out(way, x=shape).shape) == wanted


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_features_last(shape):
    for size in (1, 2, 3, 4, 5, 6, 10, 784):
        if shape[-1] == size:
            continue
        said = remedies.features_last(shape, size)
        if said.startswith("x.") and "would take" not in said:
            expression, told = first(said)
            made = tuple(carried_out(expression, x=shape).shape)
            assert made[-1] == size
            assert told in (None, made)
        else:
            assert re.search(r"in_features=\d+ would take it", said)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_channels_second(rank):
    for shape, channels in itertools.product(SHAPES, (1, 3, 4, 5)):
        if len(shape) == rank + 2 and shape[1] == channels:
            continue
        if len(shape) == rank + 1 and shape[0] == channels:
            continue
        said = remedies.channels_second(shape, channels, rank)
        if said.startswith("x"):
            expression, told = first(said)
            made = tuple(carried_out(expression, x=shape).shape)
            assert (made[1] if len(made) == rank + 2 else made[0]) == channels
            assert len(made) in (rank + 1, rank + 2) and told in (None, made)


def test_factors():
    for x, y in itertools.product(SHAPES, repeat=2):
        if x[-1] == (y[-2] if len(y) > 1 else y[0]):
            continue
        said = remedies.factors(x, y)
        if " fits: " in said and len(x) == len(y) == 2:
            assert isinstance(carried_out(said.partition(" fits")[0], x=x, y=y), Tensor)
    assert remedies.factors((4, 3), (5, 2)) == (
        "The last axis of x and the last but one of y must be of one size."
    )


def test_to_broadcast():
    for x, y in itertools.product(SHAPES, repeat=2):
        try:
            np.broadcast_shapes(x, y)
        except ValueError:
            said = remedies.to_broadcast([x, y])
            if " fits: " in said:
                expression, told = first(said)
                made = tuple(carried_out(expression, x=x, y=y).shape)
                assert made == told
                np.broadcast_shapes(made, x if said[0] == "y" else y)
            else:
                assert re.fullmatch(r"Along axis \d they have \d+ and \d+\.", said)
    assert remedies.to_broadcast([(2,), (3,), (3,)]) == "Along axis 0 they have 2 and 3 and 3."
    assert remedies.to_broadcast([(8, 5), (8,)], ("x", "")) == "Along axis 1 they have 5 and 8."


@pytest.mark.parametrize(
    "shapes, dim, stacked, said",
    [
        ([(2, 3), (2, 4)], 0, False, "Tensor 1 differs from the first; along dim=1 they fit."),
        ([(2, 3), (2, 4)], 1, True, "Tensor 1 differs from the first; along dim=1 cat joins them."),
        (
            [(3,), (3,), (4,)],
            0,
            True,
            "Tensor 2 differs from the first in length; cat joins them, "
            "nn.utils.rnn.pad_sequence pads them.",
        ),
        (
            [(2, 3), (3,)],
            0,
            False,
            "Tensor 1 differs from the first in its number of axes; unsqueeze the one with 1, "
            "tensor 1.",
        ),
        ([(2, 3), (3, 2)], 1, False, "Tensor 1 differs from the first; transposed, x.T, it fits."),
        (
            [(), ()],
            0,
            False,
            "One number is a tensor of shape (1,) by x.reshape(1), or goes into stack.",
        ),
        ([(2, 3), (4, 5)], 0, False, CROPPED),
    ],
)
def test_joined(shapes, dim, stacked, said):
    assert remedies.joined(shapes, dim, stacked) == said


def test_reshaped():
    assert remedies.reshaped("view", (7,), [3]) == (
        "One size may be -1, which stands for what is left."
    )
    assert remedies.reshaped("reshape", (2, 3, 4), [5, -1]) == (
        "x.flatten(1) keeps the 2 samples: (2, 12)."
    )


def test_converted():
    assert remedies.converted("y", autograd.float64) == "y.double()"
    assert remedies.converted("y", np.dtype("int8")) == "y.to(autograd.int8)"
