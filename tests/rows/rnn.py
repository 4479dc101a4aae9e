"""Rows of recurrent layers and their cells: ops and layers. Data only."""

import nn
from tests.rows.layer import Layer, reals
from tests.rows.row import Row, call, x

# fmt: off

TWO = {"sizes": (2, 2, 2), "backwards": False}
ENDING = {"sizes": (3, 2, 1), "backwards": False}
BEGINNING = {"sizes": (3, 2, 1), "backwards": True}
FUNCTIONS = [
    Row("nn.functional.rnn.RnnLayer", [
        call(x(6, 2), x(2, 3), x(3, 2), x(3, 3), x(3), x(3), relu=False, **TWO),
        call(x(6, 2), x(3, 3), x(3, 2), x(3, 3), None, None, relu=True, **BEGINNING),
    ], reference=nn.functional.rnn.RnnLayer.definition, torch=None),
    Row("nn.functional.rnn.LstmLayer", [
        call(x(6, 2), x(2, 3), x(2, 3), x(12, 2), x(12, 3), x(12), x(12), None, **TWO),
        call(x(6, 2), x(3, 1), x(3, 2), x(8, 2), x(8, 1), x(8), x(8), x(1, 2), **ENDING),
        call(x(6, 2), x(3, 2), x(3, 2), x(8, 2), x(8, 2), None, None, None, **BEGINNING),
    ], reference=nn.functional.rnn.LstmLayer.definition, torch=None),
    Row("nn.functional.rnn.GruLayer", [
        call(x(6, 2), x(2, 3), x(9, 2), x(9, 3), x(9), x(9), **TWO),
        call(x(6, 2), x(3, 2), x(6, 2), x(6, 2), x(6), x(6), **ENDING),
        call(x(6, 2), x(3, 2), x(6, 2), x(6, 2), None, None, **BEGINNING),
    ], reference=nn.functional.rnn.GruLayer.definition, torch=None),
]

# fmt: on

STEPS = (reals(2, 2, 1),)
WEIGHTS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
CELL = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
LAYERS = [
    Layer(
        lambda: nn.RNN(1, 2, 2, bias=False),
        STEPS,
        (2, 2, 2),
        "RNN(1, 2, num_layers=2, bias=False)",
        ("weight_ih_l0", "weight_hh_l0", "weight_ih_l1", "weight_hh_l1"),
    ),
    Layer(
        lambda: nn.LSTM(1, 2, proj_size=1, batch_first=True),
        STEPS,
        (2, 2, 1),
        "LSTM(1, 2, proj_size=1, batch_first=True)",
        (*WEIGHTS, "weight_hr_l0"),
    ),
    Layer(
        lambda: nn.GRU(1, 1, bidirectional=True),
        (reals(1, 1),),
        (1, 2),
        "GRU(1, 1, bidirectional=True)",
        (*WEIGHTS, *(f"{name}_reverse" for name in WEIGHTS)),
    ),
    Layer(
        lambda: nn.RNNCell(1, 2, nonlinearity="relu"),
        (reals(2, 1), reals(2, 2)),
        (2, 2),
        "RNNCell(1, 2, nonlinearity=relu)",
        CELL,
    ),
    Layer(lambda: nn.LSTMCell(2, 1), (reals(2, 2),), (2, 1), "LSTMCell(2, 1)", CELL),
    Layer(lambda: nn.GRUCell(2, 1), (reals(2), reals(1)), (1,), "GRUCell(2, 1)", CELL),
]
