"""Rows of what normalises: functions and layers. Data only."""

import nn
from tests.functional_references import inhibited, of_batches, of_groups, of_instances, of_layers
from tests.rows.layer import IMAGE, Layer, X, reals
from tests.rows.linear import AFFINE
from tests.rows.row import Row, call, x

# fmt: off

SPREAD = {"domain": (0.5, 2.0), "fixed": True}
FUNCTIONS = [
    Row("nn.functional.layer_norm", [
        call(x(3, 4), (4,), x(4), x(4)), call(x(2, 3, 4), (3, 4), x(3, 4)), call(x(4), [4]),
        call(x(0, 3), (3,), x(3), x(3)),
    ], reference=of_layers),
    Row("nn.functional.layer_norm", [call(x(2, 3), (3,), None, x(3), eps=0.1)],
        torch=None, reference=of_layers),  # whose second derivative fails without a weight
    Row("nn.functional.rms_norm", [
        call(x(3, 4), (4,), x(4)), call(x(2, 3, 4), (3, 4)), call(x(2, 3), (3,), eps=0.1),
        call(x(0, 3), (3,), x(3)),
    ], reference=lambda a, shape, weight=None, eps=2.22e-16: of_layers(
        a, shape, weight, None, eps, False)),
    Row("nn.functional.batch_norm", [
        call(x(5, 3), None, None, x(3), x(3), True), call(x(2, 3, 2, 2), None, None, training=True),
        call(x(2, 3, 4), x(3, fixed=True), x(3, **SPREAD), x(3), x(3)),
        call(x(4, 3), x(3, fixed=True), x(3, **SPREAD), eps=0.1),
    ], reference=of_batches),
    Row("nn.functional.instance_norm", [
        call(x(2, 3, 4), None, None, x(3), x(3)), call(x(2, 3, 2, 3)),
        call(x(2, 3, 4), x(3, fixed=True), x(3, **SPREAD), use_input_stats=False),
    ], reference=of_instances),
    Row("nn.functional.group_norm", [
        call(x(2, 6, 4), 3, x(6), x(6)), call(x(2, 6), 2, x(6), x(6)), call(x(2, 4, 2, 2), 1),
        call(x(2, 4, 3), 4, x(4), x(4)),
    ], reference=of_groups),
    Row("nn.functional.local_response_norm", [
        call(x(2, 4, 3), 2, 0.5, 0.6, 2.0), call(x(2, 4, 2, 2), 3), call(x(2, 2, 3), 5, alpha=1.0),
    ], reference=inhibited),
]

# fmt: on

RUNNING = ("running_mean", "running_var", "num_batches_tracked")


def _batch(name, features=3):
    return (
        f"{name}({features}, eps=1e-05, momentum=0.1, affine=True, bias=True, "
        f"track_running_stats=True)"
    )


LAYERS = [
    Layer(
        lambda: nn.BatchNorm1d(4),
        X,
        (3, 4),
        _batch("BatchNorm1d", features=4),
        AFFINE + RUNNING,
    ),
    Layer(
        lambda: nn.BatchNorm1d(3, momentum=None, affine=False).eval(),
        IMAGE,
        (2, 3, 4),
        "BatchNorm1d(3, eps=1e-05, momentum=None, affine=False, bias=False, "
        "track_running_stats=True)",
        RUNNING,
    ),
    Layer(
        lambda: nn.BatchNorm2d(3, eps=0.1, track_running_stats=False, bias=False).eval(),
        (reals(2, 3, 2, 3),),
        (2, 3, 2, 3),
        "BatchNorm2d(3, eps=0.1, momentum=0.1, affine=True, bias=False, track_running_stats=False)",
        ("weight",),
    ),
    Layer(
        lambda: nn.BatchNorm3d(2),
        (reals(2, 2, 2, 1, 3),),
        (2, 2, 2, 1, 3),
        _batch("BatchNorm3d", features=2),
        AFFINE + RUNNING,
    ),
    Layer(
        lambda: nn.SyncBatchNorm(3).eval(),
        IMAGE,
        (2, 3, 4),
        _batch("SyncBatchNorm"),
        AFFINE + RUNNING,
    ),
    Layer(
        lambda: nn.InstanceNorm1d(3),
        IMAGE,
        (2, 3, 4),
        "InstanceNorm1d(3, eps=1e-05, momentum=0.1, affine=False, bias=False, "
        "track_running_stats=False)",
    ),
    Layer(
        lambda: nn.InstanceNorm2d(2, affine=True, track_running_stats=True),
        (reals(2, 2, 3, 2),),
        (2, 2, 3, 2),
        _batch("InstanceNorm2d", features=2),
        AFFINE + RUNNING,
    ),
    Layer(
        lambda: nn.InstanceNorm3d(2),
        (reals(2, 2, 2, 3),),
        (2, 2, 2, 3),
        "InstanceNorm3d(2, eps=1e-05, momentum=0.1, affine=False, bias=False, "
        "track_running_stats=False)",
    ),
    Layer(
        lambda: nn.LayerNorm(4),
        X,
        (3, 4),
        "LayerNorm((4,), eps=1e-05, elementwise_affine=True, bias=True)",
        AFFINE,
    ),
    Layer(
        lambda: nn.LayerNorm([3, 4], eps=0.1, bias=False),
        IMAGE,
        (2, 3, 4),
        "LayerNorm((3, 4), eps=0.1, elementwise_affine=True, bias=False)",
        ("weight",),
    ),
    Layer(
        lambda: nn.RMSNorm(4),
        X,
        (3, 4),
        "RMSNorm((4,), eps=None, elementwise_affine=True)",
        ("weight",),
    ),
    Layer(
        lambda: nn.GroupNorm(2, 4),
        (reals(2, 4, 3),),
        (2, 4, 3),
        "GroupNorm(2, 4, eps=1e-05, affine=True, bias=True)",
        AFFINE,
    ),
    Layer(
        lambda: nn.GroupNorm(1, 3, affine=False),
        IMAGE,
        (2, 3, 4),
        "GroupNorm(1, 3, eps=1e-05, affine=False, bias=False)",
    ),
    Layer(
        lambda: nn.LocalResponseNorm(2, 0.5),
        IMAGE,
        (2, 3, 4),
        "LocalResponseNorm(2, alpha=0.5, beta=0.75, k=1.0)",
    ),
    Layer(
        lambda: nn.CrossMapLRN2d(5, 0.5),
        (reals(2, 3, 2, 2),),
        (2, 3, 2, 2),
        "CrossMapLRN2d(5, alpha=0.5, beta=0.75, k=1)",
    ),
]
