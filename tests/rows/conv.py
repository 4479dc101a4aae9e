"""Rows of convolutions: functions and layers. Data only."""

import nn
from autograd.kernels.columns import Geometry
from tests.rows.layer import Layer, reals
from tests.rows.row import Row, call, x
from tests.window_references import convolution, transpose, weight_slopes

# fmt: off

FUNCTIONS = [
    Row("nn.functional.conv1d", [
        call(x(2, 2, 5), x(3, 2, 2), x(3)), call(x(2, 5), x(2, 2, 3), padding="same"),
        call(x(1, 2, 6), x(2, 1, 2), stride=2, padding=1, dilation=2, groups=2),
        call(x(2, 1, 4), x(2, 1, 2), x(2), padding="same"), call(x(0, 1, 4), x(2, 1, 2), x(2)),
    ], reference=convolution),
    Row("nn.functional.conv2d", [
        call(x(2, 2, 3, 3), x(2, 2, 2, 2), x(2)), call(x(2, 3, 4), x(1, 2, 1, 1)),
        call(x(1, 2, 4, 3), x(2, 1, 2, 2), x(2), 2, 1, 1, 2),
        call(x(1, 1, 4, 5), x(2, 1, 2, 3), padding=(1, 0), dilation=(1, 2), stride=(2, 1)),
        call(x(1, 1, 3, 4), x(1, 1, 3, 2), x(1), padding="same"),
        call(x(1, 1, 3, 3), x(2, 1, 2, 2), padding="valid"),
    ], reference=convolution),
    Row("nn.functional.conv3d", [
        call(x(1, 1, 2, 3, 2), x(2, 1, 2, 2, 1), x(2)),
        call(x(1, 2, 2, 2), x(1, 1, 2, 2, 2), stride=2, padding=1),
    ], reference=convolution),
    Row("nn.functional.conv_transpose1d", [
        call(x(2, 2, 3), x(2, 2, 2), x(2)), call(x(2, 3), x(2, 1, 3), stride=2, padding=1),
        call(x(1, 2, 3), x(2, 1, 2), x(2), 2, 0, 1, 2, 2),
        call(x(0, 2, 3), x(2, 1, 3)),
    ], reference=transpose),
    Row("nn.functional.conv_transpose2d", [
        call(x(2, 2, 2, 3), x(2, 1, 2, 2), x(1)),
        call(x(1, 2, 2, 2), x(2, 1, 2, 2), x(2), 2, 1, (1, 0), 2, (1, 2)),
        call(x(2, 2, 2), x(2, 1, 1, 1)), call(x(1, 1, 2, 2), x(1, 2, 3, 3), stride=2, padding=1),
    ], reference=transpose),
    Row("nn.functional.conv_transpose3d", [
        call(x(1, 1, 2, 1, 2), x(1, 2, 2, 2, 1), x(2)),
        call(x(1, 1, 2, 2), x(1, 1, 2, 2, 1), stride=2),
    ], reference=transpose),
    Row("nn.functional.conv.ConvolutionWeight", [
        call(x(2, 4, 2, 3), x(2, 2, 3, 3), size=(2, 3),
             geometry=Geometry((1, 1), (0, 1), (1, 1), 2)),
        call(x(1, 2, 2), x(1, 1, 4), size=(2,), geometry=Geometry((2,), (1,), (2,))),
    ], reference=weight_slopes, torch=None),
]

# fmt: on

BOTH = ("weight", "bias")
LAYERS = [
    Layer(
        lambda: nn.Conv1d(2, 3, 2, stride=2),
        (reals(2, 2, 5),),
        (2, 3, 2),
        "Conv1d(2, 3, kernel_size=(2,), stride=(2,))",
        BOTH,
    ),
    Layer(
        lambda: nn.Conv1d(2, 2, 3, padding=1, padding_mode="circular", bias=False),
        (reals(2, 4),),
        (2, 4),
        "Conv1d(2, 2, kernel_size=(3,), stride=(1,), padding=(1,), bias=False, "
        "padding_mode=circular)",
        ("weight",),
    ),
    Layer(
        lambda: nn.Conv2d(2, 4, (3, 2), padding=(1, 0), dilation=(1, 2), groups=2),
        (reals(1, 2, 3, 4),),
        (1, 4, 3, 2),
        "Conv2d(2, 4, kernel_size=(3, 2), stride=(1, 1), padding=(1, 0), dilation=(1, 2), "
        "groups=2)",
        BOTH,
    ),
    Layer(
        lambda: nn.Conv2d(1, 2, 2, padding="same", padding_mode="replicate"),
        (reals(1, 1, 3, 3),),
        (1, 2, 3, 3),
        "Conv2d(1, 2, kernel_size=(2, 2), stride=(1, 1), padding=same, padding_mode=replicate)",
        BOTH,
    ),
    Layer(
        lambda: nn.Conv2d(1, 1, 3, padding=(0, 1), padding_mode="reflect"),
        (reals(1, 3, 4),),
        (1, 1, 4),
        "Conv2d(1, 1, kernel_size=(3, 3), stride=(1, 1), padding=(0, 1), padding_mode=reflect)",
        BOTH,
    ),
    Layer(
        lambda: nn.Conv3d(1, 2, 2, padding="valid"),
        (reals(1, 1, 2, 3, 2),),
        (1, 2, 1, 2, 1),
        "Conv3d(1, 2, kernel_size=(2, 2, 2), stride=(1, 1, 1), padding=valid)",
        BOTH,
    ),
    Layer(
        lambda: nn.ConvTranspose1d(2, 2, 3, 2, 1, 1),
        (reals(1, 2, 3),),
        (1, 2, 6),
        "ConvTranspose1d(2, 2, kernel_size=(3,), stride=(2,), padding=(1,), output_padding=(1,))",
        BOTH,
    ),
    Layer(
        lambda: nn.ConvTranspose2d(2, 4, 2, 2, groups=2, bias=False),
        (reals(1, 2, 2, 2),),
        (1, 4, 4, 4),
        "ConvTranspose2d(2, 4, kernel_size=(2, 2), stride=(2, 2), groups=2, bias=False)",
        ("weight",),
    ),
    Layer(
        lambda: nn.ConvTranspose3d(1, 2, (2, 1, 2), dilation=(2, 1, 1)),
        (reals(1, 2, 2, 2),),
        (2, 4, 2, 3),
        "ConvTranspose3d(1, 2, kernel_size=(2, 1, 2), stride=(1, 1, 1), dilation=(2, 1, 1))",
        BOTH,
    ),
]
