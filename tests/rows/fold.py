"""Rows of unfold and fold: functions and layers. Data only."""

import nn
from tests.rows.layer import Layer, reals
from tests.rows.row import Row, call, x
from tests.window_references import folded, unfolded

# fmt: off

FUNCTIONS = [
    Row("nn.functional.unfold", [
        call(x(2, 2, 3, 3), 2), call(x(2, 3, 4), (2, 1), 2, 1, 2), call(x(0, 1, 2, 2), 1),
        call(x(1, 1, 4, 3), (1, 2), padding=(0, 1), stride=(2, 1)),
    ], reference=unfolded),
    Row("nn.functional.fold", [
        call(x(1, 4, 4), 3, 2), call(x(2, 6), (3, 4), (2, 1), 2, 1, 2),
        call(x(2, 4, 2), (2, 3), (2, 2)),
    ], reference=folded),
]

# fmt: on

LAYERS = [
    Layer(
        lambda: nn.Unfold(2, padding=(1, 0)),
        (reals(1, 2, 2, 3),),
        (1, 8, 6),
        "Unfold(kernel_size=2, dilation=1, padding=(1, 0), stride=1)",
    ),
    Layer(
        lambda: nn.Fold((2, 3), 2, stride=(1, 2), padding=1),
        (reals(1, 4, 6),),
        (1, 1, 2, 3),
        "Fold(output_size=(2, 3), kernel_size=2, dilation=1, padding=1, stride=(1, 2))",
    ),
]
