"""Padding and pixels: what cuts, what does not fit."""

import pytest

import autograd
import nn
import nn.functional as F


def test_padding_that_cuts():
    x = autograd.arange(4.0).reshape(1, 4)
    assert F.pad(x, (-1, 2)).tolist() == [[1, 2, 3, 0, 0]]
    assert F.pad(x, (-1, 1), "reflect").tolist() == [[1, 2, 3, 2]]
    assert F.pad(x, (-2, -2)).shape == (1, 0)


def test_padding_with_a_complex_number():
    z = autograd.tensor([1.0 + 2.0j], requires_grad=True)
    padded = F.pad(z, (1, 1), value=3.0j)
    assert padded.tolist() == [3j, 1 + 2j, 3j]
    padded.real.sum().backward()
    assert z.grad.tolist() == [1]
    with pytest.raises(TypeError, match="must be a number"):
        F.pad(autograd.ones(1), (1, 1), value=3.0j)


def ones(*shape):
    return autograd.ones(*shape)


WRONG = [
    (ValueError, "pairs", lambda: F.pad(ones(2), (1,))),
    (ValueError, "pairs", lambda: F.pad(ones(2), (1, 1, 1, 1))),
    (ValueError, "shorter", lambda: F.pad(ones(2), (-2, -1))),
    (ValueError, "mode", lambda: F.pad(ones(1, 2), (1, 1), "edge")),
    (ValueError, "value", lambda: F.pad(ones(1, 2), (1, 1), "reflect", 1.0)),
    (ValueError, "at most 1", lambda: F.pad(ones(1, 2), (2, 0), "reflect")),
    (ValueError, "at most 2", lambda: F.pad(ones(1, 2), (3, 0), "circular")),
    (ValueError, "before them", lambda: F.pad(ones(3), (1, 1), "reflect")),
    (ValueError, "padding", lambda: nn.ZeroPad2d((1, 1))),
    (ValueError, "channels", lambda: F.pixel_shuffle(ones(3, 2, 2), 2)),
    (ValueError, "height", lambda: F.pixel_unshuffle(ones(3, 3, 2), 2)),
    (ValueError, "images", lambda: F.pixel_shuffle(ones(4, 4), 2)),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_wrong_input(number):
    kind, words, call = WRONG[number]
    with pytest.raises(kind, match=words):
        call()
