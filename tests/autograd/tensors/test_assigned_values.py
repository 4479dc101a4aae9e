"""Values written into a tensor, with axes of length 1 in front of what they are written to."""

import math

import numpy as np
import pytest

import autograd
from autograd import tensor

# Each writes into (2, 3); the shape is that of the part written to.
PARTS = {
    "integer": ((3,), 0),
    "slice": ((1, 3), slice(0, 1)),
    "ellipsis": ((2, 3), Ellipsis),
    "column": ((2,), (slice(None), 0)),
    "element": ((), (0, 1)),
    "list": ((2, 3), [0, 1]),
    "tensors": ((2,), (tensor([0, 1]), tensor([2, 0]))),
    "mixed": ((2,), (0, [0, 2])),
    "0-d tensor": ((3,), tensor(1)),
    "mask of rows": ((1, 3), tensor([True, False])),
    "mask": ((3,), tensor([[True, False, True], [False, False, True]])),
    "None": ((1, 3), (0, None)),
    "True": ((1, 2, 3), True),
}


def write(h, index, v):
    h[index] = v


def write_through_a_view(h, index, v):
    h[:][index] = v


def put(h, index, v):
    h.index_put_(index, v)


@pytest.mark.parametrize("front", [(), (1,), (1, 1), (1, 1, 1)])
@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize(("shape", "index"), PARTS.values(), ids=PARTS)
def test_axes_in_front(shape, index, single, front):
    own = (1,) * len(shape) if single else shape
    writers = [write, write_through_a_view]
    takes_tensors = isinstance(index, tuple) and all(hasattr(one, "dtype") for one in index)
    for writer in writers + [put] * takes_tensors:
        x = autograd.zeros(2, 3, requires_grad=True)
        v = autograd.arange(1.0, 1.0 + math.prod(own)).reshape(front + own).requires_grad_()
        weights = autograd.arange(1.0, 7.0).view(2, 3)
        h = x * 1
        writer(h, index, v)
        (h * weights).sum().backward()
        expected, there = np.zeros((2, 3)), weights.clone()
        plain = index._data if hasattr(index, "_data") else index
        plain = tuple(getattr(i, "_data", i) for i in plain) if type(plain) is tuple else plain
        expected[plain] = np.broadcast_to(v.detach().numpy().reshape(own), shape)
        np.testing.assert_array_equal(h.detach(), expected)
        there[index] = 0
        np.testing.assert_array_equal(x.grad, there)
        picked = weights.numpy()[plain]
        of_v = picked.sum() if single else picked
        np.testing.assert_array_equal(v.grad, np.reshape(of_v, front + own))


@pytest.mark.parametrize("shape", [(2, 1), (2, 3), (1, 2), (1, 2, 3)])
def test_other_axes_in_front_are_refused(shape):
    h = autograd.zeros(2, 3)
    with pytest.raises((ValueError, RuntimeError), match="must broadcast"):
        h[0] = autograd.ones(shape)


def test_copy_takes_no_axes_in_front():
    with pytest.raises(ValueError, match="copy_: the source must broadcast"):
        autograd.zeros(3).copy_(autograd.ones(1, 3))
