"""Rows of what pads, exchanges pixels, joins axes: functions and layers. Data only."""

import nn
from tests.functional_references import padded, shuffled, unshuffled
from tests.rows.layer import IMAGE, VOLUME, Layer, X, reals
from tests.rows.row import Row, call, x

# fmt: off

FUNCTIONS = [
    Row("nn.functional.pad", [
        call(x(3), (1, 2)), call(x(2, 3), (1, 0, 0, 2)), call(x(2, 3), (1, 1), value=2.5),
        call(x(2, 4), (-1, 2)), call(x(4), (-1, -2), "constant", 1.0), call(x(2, 3), ()),
        call(x(2, 4), (3, 1), "reflect"), call(x(2, 4), (-1, 2), "reflect"),
        call(x(2, 3), (4, 1), "replicate"), call(x(2, 3), (3, 1), "circular"),
        call(x(2, 4), (-1, 2), "circular"), call(x(1, 3, 4), (1, 2, 2, 0), "reflect"),
        call(x(1, 2, 3), (1, 2, 2, 0), "replicate"), call(x(1, 2, 3), (1, 2, 2, 0), "circular"),
    ], reference=padded),
    Row("nn.functional.pixel_shuffle", [call(x(8, 2, 3), 2), call(x(2, 9, 1, 2), 3)],
        reference=shuffled),
    Row("nn.functional.pixel_unshuffle", [call(x(2, 4, 6), 2), call(x(1, 1, 3, 6), 3)],
        reference=unshuffled),
]

# fmt: on

LAYERS = [
    Layer(lambda: nn.ConstantPad1d(2, 3.5), X, (3, 8), "ConstantPad1d(padding=(2, 2), value=3.5)"),
    Layer(
        lambda: nn.ConstantPad2d((1, 2, 0, 1), 1),
        X,
        (4, 7),
        "ConstantPad2d(padding=(1, 2, 0, 1), value=1)",
    ),
    Layer(
        lambda: nn.ConstantPad3d(1, 0),
        IMAGE,
        (4, 5, 6),
        "ConstantPad3d(padding=(1, 1, 1, 1, 1, 1), value=0)",
    ),
    Layer(lambda: nn.ZeroPad1d(1), X, (3, 6), "ZeroPad1d((1, 1))"),
    Layer(lambda: nn.ZeroPad2d((1, 2, -1, 0)), X, (2, 7), "ZeroPad2d((1, 2, -1, 0))"),
    Layer(lambda: nn.ZeroPad3d(1), IMAGE, (4, 5, 6), "ZeroPad3d((1, 1, 1, 1, 1, 1))"),
    Layer(lambda: nn.ReflectionPad1d(2), X, (3, 8), "ReflectionPad1d((2, 2))"),
    Layer(
        lambda: nn.ReflectionPad2d((1, 0, 2, 0)), IMAGE, (2, 5, 5), "ReflectionPad2d((1, 0, 2, 0))"
    ),
    Layer(
        lambda: nn.ReflectionPad3d(1), VOLUME, (1, 4, 5, 5), "ReflectionPad3d((1, 1, 1, 1, 1, 1))"
    ),
    Layer(lambda: nn.ReplicationPad1d(2), X, (3, 8), "ReplicationPad1d((2, 2))"),
    Layer(lambda: nn.ReplicationPad2d(1), IMAGE, (2, 5, 6), "ReplicationPad2d((1, 1, 1, 1))"),
    Layer(
        lambda: nn.ReplicationPad3d(1), VOLUME, (1, 4, 5, 5), "ReplicationPad3d((1, 1, 1, 1, 1, 1))"
    ),
    Layer(lambda: nn.CircularPad1d(2), X, (3, 8), "CircularPad1d((2, 2))"),
    Layer(lambda: nn.CircularPad2d((1, 0, 2, 0)), IMAGE, (2, 5, 5), "CircularPad2d((1, 0, 2, 0))"),
    Layer(lambda: nn.CircularPad3d(1), VOLUME, (1, 4, 5, 5), "CircularPad3d((1, 1, 1, 1, 1, 1))"),
    Layer(
        lambda: nn.PixelShuffle(2), (reals(4, 2, 3),), (1, 4, 6), "PixelShuffle(upscale_factor=2)"
    ),
    Layer(
        lambda: nn.PixelUnshuffle(2),
        (reals(1, 4, 6),),
        (4, 2, 3),
        "PixelUnshuffle(downscale_factor=2)",
    ),
    Layer(nn.Flatten, (reals(2, 3, 4),), (2, 12), "Flatten(start_dim=1, end_dim=-1)"),
    Layer(
        lambda: nn.Unflatten(1, (2, 2)), X, (3, 2, 2), "Unflatten(dim=1, unflattened_size=(2, 2))"
    ),
]
