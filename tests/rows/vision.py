"""Rows of pictures sampled at any place. Data only."""

from tests.picture_references import affine, sampled
from tests.rows.row import Row, call, x

# fmt: off

PICTURE, PLACES = x(1, 2, 3, 4), x(1, 2, 2, 2, domain=(-1.3, 1.3))
FUNCTIONS = [
    Row("nn.functional.grid_sample", [
        call(PICTURE, PLACES, mode, padding, corners)
        for mode in ("bilinear", "bicubic")
        for padding, corners in (("zeros", False), ("border", True), ("reflection", False))
    ] + [
        call(PICTURE, x(1, 2, 2, 2, fixed=True), "nearest", "reflection", True),
        call(x(2, 1, 2, 3, 2), x(2, 1, 2, 1, 3, domain=(-1.2, 1.2))),
    ], reference=sampled, torch=None),  # within more units: tests/nn/test_resizing.py
    Row("nn.functional.affine_grid", [
        call(x(2, 2, 3), (2, 1, 2, 3)), call(x(1, 2, 3), (1, 1, 3, 1), align_corners=True),
        call(x(1, 3, 4), (1, 1, 2, 2, 3)),
    ], reference=affine),
]
# fmt: on

LAYERS: list = []
