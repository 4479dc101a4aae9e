"""Rows of resizing. Data only."""

import nn
from tests.picture_references import resized
from tests.rows.layer import Layer, reals
from tests.rows.row import Row, call, x

# fmt: off

FUNCTIONS = [
    Row("nn.functional.interpolate", [
        call(x(1, 2, 3), scale_factor=2), call(x(1, 2, 5), 3), call(x(2, 1, 3, 2), (4, 5)),
        call(x(1, 1, 2, 1, 3), scale_factor=(1.5, 3.0, 1.0)),
        call(x(1, 2, 5), 3, mode="nearest-exact"), call(x(1, 1, 2, 3), (4, 2), mode="area"),
        call(x(1, 1, 5), 3, mode="linear"), call(x(1, 1, 3), 5, mode="linear", align_corners=True),
        call(x(1, 2, 3, 2), scale_factor=2, mode="bilinear"),
        call(x(1, 1, 4, 3), (2, 5), mode="bilinear", align_corners=True),
        call(x(1, 1, 4, 3), (3, 5), mode="bicubic"),
        call(x(1, 1, 2, 3), (3, 2), mode="bicubic", align_corners=True),
        call(x(1, 1, 2, 2, 2), (3, 2, 1), mode="trilinear"),
    ], reference=resized),
]

# fmt: on

UP = "scale_factor=2.0, mode="
LAYERS = [
    Layer(
        lambda: nn.Upsample(scale_factor=2),
        (reals(2, 1, 3, 4),),
        (2, 1, 6, 8),
        f"Upsample({UP}'nearest')",
    ),
    Layer(
        lambda: nn.Upsample((2, 3), mode="bilinear"),
        (reals(1, 2, 3, 3),),
        (1, 2, 2, 3),
        "Upsample(size=(2, 3), mode='bilinear')",
    ),
    Layer(
        lambda: nn.UpsamplingNearest2d(scale_factor=2),
        (reals(1, 1, 2, 2),),
        (1, 1, 4, 4),
        f"UpsamplingNearest2d({UP}'nearest')",
    ),
    Layer(
        lambda: nn.UpsamplingBilinear2d(scale_factor=2),
        (reals(1, 1, 2, 2),),
        (1, 1, 4, 4),
        f"UpsamplingBilinear2d({UP}'bilinear')",
    ),
]
