"""What is counted of the values that a layer gave."""

import numpy as np
import pytest

from autograd.drawing.activations import Layer


@pytest.mark.parametrize(
    ("shapes", "counted"),
    [
        ([(4, 3)], (2, 3)),
        ([(4, 3), (2, 3)], (2, 3)),
        ([(2, 5, 3)], (2, 3)),
        ([(2, 3, 4, 4)], (2, 3)),  # channels
        ([(3,)], (0, 0)),  # a batch, or units: it does not say
        ([(4, 3), (4, 2)], (0, 0)),  # calls that have no units in common
    ],
)
def test_units_are_channels_or_entries_of_the_last_axis(shapes, counted):
    layer = Layer("relu", "Relu")
    for shape in shapes:
        values = np.zeros(shape, np.float32)
        if len(shape) > 1:
            values[:, 0] = 1
        if len(shape) == 3:
            values[:] = [1, 0, 0]
        layer.values.append(values)
    assert layer.dead() == counted
