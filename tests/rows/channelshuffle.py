"""Rows of mixed channels. Data only."""

import numpy as np

import nn
from tests.rows.layer import Layer, reals
from tests.rows.row import Row, call, x


def dealt(a, groups):
    order = np.arange(a.shape[1]).reshape(groups, -1).T.ravel()
    return a[:, order]


FUNCTIONS = [
    Row(
        "nn.functional.channel_shuffle",
        [call(x(1, 4, 2), 2), call(x(2, 6, 1, 2), 3), call(x(1, 2, 2), 1)],
        reference=dealt,
    ),
]
LAYERS = [
    Layer(
        lambda: nn.ChannelShuffle(2), (reals(1, 4, 2, 2),), (1, 4, 2, 2), "ChannelShuffle(groups=2)"
    )
]
