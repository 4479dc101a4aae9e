"""Rows of pooling: functions and layers. Data only."""

import math

import numpy as np

import autograd
import nn
from autograd.kernels.pooling import Windows
from tests.rows.layer import IMAGE, VOLUME, Layer, probabilities, reals
from tests.rows.row import Row, call, n, x
from tests.window_references import (
    at_taps,
    avg_pool,
    fractional,
    lp_pool,
    max_pool,
    parts,
    put_back,
    unpool,
)


def places(shape, *values):
    return n(*shape, make=lambda drawn: np.array(values).reshape(drawn.shape))


def chances(*shape):
    return x(*shape, domain=(0.0, 1.0), fixed=True)


OVERLAPPING = Windows((2, 2), (2, 2), (1, 2), (0, 1), (1, 1))

# fmt: off

FUNCTIONS = [
    Row("nn.functional.max_pool1d", [
        call(x(2, 2, 5), 2), call(x(2, 5), 2, 1, 1, 2, True), call(x(0, 2, 4), 2),
        call(x(1, 2, 6), 3, 2, 1, ceil_mode=True), call(x(2, 6), 2, return_indices=True),
    ], reference=max_pool(1)),
    Row("nn.functional.max_pool2d", [
        call(x(2, 2, 4, 4), 2), call(x(1, 3, 5), (2, 3), 1, (1, 0)),
        call(x(1, 5, 5), 2, 2, 0, 2, True),
        call(x(1, 1, 4, 5), 3, 2, 1, ceil_mode=True, return_indices=True),
    ], reference=max_pool(2)),
    Row("nn.functional.max_pool3d", [
        call(x(1, 2, 2, 4, 2), 2),
        call(x(1, 3, 3, 2), (2, 2, 1), 1, (0, 1, 0), return_indices=True),
    ], reference=max_pool(3)),
    *[Row(f"nn.functional.max_pool{rank}d_with_indices", [call(x(1, *[4] * rank), 2)],
          reference=lambda a, k, rank=rank: max_pool(rank)(a, k, return_indices=True))
      for rank in (1, 2, 3)],
    Row("nn.functional.pooling.max.Returned", [
        call(x(2, 2, 2), places((2, 2, 2), 1, 0, 3, 2, 3, 1, 1, 2), shape=(3, 3),
             windows=OVERLAPPING),
    ], reference=put_back, torch=None),
    Row("nn.functional.pooling.max.Chosen", [
        call(x(2, 3, 3), places((2, 2, 2), 1, 0, 3, 2, 3, 1, 1, 2), windows=OVERLAPPING),
    ], reference=at_taps, torch=None),
    Row("nn.functional.max_unpool1d", [
        call(x(1, 2, 2), places((1, 2, 2), 0, 3, 1, 2), 2),
        call(x(1, 2), places((1, 2), 1, 4), 2, output_size=(5,)),
    ], reference=unpool(1)),
    Row("nn.functional.max_unpool2d", [
        call(x(1, 2, 1), places((1, 2, 1), 5, 2), 2),
        call(x(1, 1, 2, 2), places((1, 1, 2, 2), 0, 2, 7, 8), 3, 2, 1),
    ], reference=unpool(2)),
    Row("nn.functional.max_unpool3d", [
        call(x(1, 1, 1, 2), places((1, 1, 1, 2), 5, 2), 2),
    ], reference=unpool(3)),
    Row("nn.functional.avg_pool1d", [
        call(x(2, 2, 5), 2), call(x(2, 5), 3, 1, 1), call(x(1, 2, 6), 3, 2, 1, True, False),
        call(x(0, 2, 4), 2),
    ], reference=avg_pool(1)),
    Row("nn.functional.avg_pool2d", [
        call(x(2, 2, 4, 4), 2), call(x(1, 3, 5), (2, 3), 1, (1, 0)),
        call(x(1, 5, 5), 2, 3, 1, True), call(x(1, 1, 4, 5), 3, 2, 1, True, False),
        call(x(1, 3, 3), 2, 1, 0, False, True, 3),
    ], reference=avg_pool(2)),
    Row("nn.functional.avg_pool3d", [
        call(x(1, 2, 2, 4, 2), 2), call(x(1, 3, 3, 2), (2, 2, 1), 1, (0, 1, 0), True, False),
    ], reference=avg_pool(3)),
    Row("nn.functional.pooling.average.Spread", [
        call(x(2, 2, 2), shape=(3, 3), windows=OVERLAPPING),
    ], reference=lambda g, shape, windows: sum(
        put_back(g, np.full(g.shape, tap), shape, windows) for tap in range(4)), torch=None),
    Row("nn.functional.lp_pool1d", [
        call(x(2, 2, 5), 2, 2), call(x(2, 5), 3.0, 3, 1, True), call(x(1, 6), math.inf, 2),
    ], domain=(0.3, 2.0), reference=lp_pool(1)),
    Row("nn.functional.lp_pool2d", [call(x(1, 4, 4), 2, 2), call(x(1, 3, 4), 1.5, 2, 1, True)],
        domain=(0.3, 2.0), reference=lp_pool(2)),
    Row("nn.functional.lp_pool3d", [call(x(1, 1, 2, 2, 4), 2, 2)],
        domain=(0.3, 2.0), reference=lp_pool(3)),
    Row("nn.functional.adaptive_avg_pool1d", [
        call(x(2, 2, 5), 2), call(x(2, 5), 1), call(x(2, 3), 5), call(x(2, 6), 3),
    ], reference=parts(1, np.mean)),
    Row("nn.functional.adaptive_avg_pool2d", [
        call(x(1, 2, 4, 4), (2, 3)), call(x(1, 4, 3), 1), call(x(1, 4, 3), (2, None)),
    ], reference=parts(2, np.mean)),
    Row("nn.functional.adaptive_avg_pool3d", [
        call(x(1, 1, 3, 2, 2), (2, 1, 3)), call(x(1, 2, 2, 2), 1),
    ], reference=parts(3, np.mean)),
    Row("nn.functional.adaptive_max_pool1d", [
        call(x(2, 2, 5), 2, return_indices=True), call(x(2, 3), 5), call(x(2, 6), 3),
    ], reference=parts(1, np.max)),
    Row("nn.functional.adaptive_max_pool2d", [
        call(x(1, 2, 4, 4), (2, 3), return_indices=True), call(x(1, 4, 3), 1),
        call(x(1, 4, 3), (2, None), return_indices=True),
    ], reference=parts(2, np.max)),
    Row("nn.functional.adaptive_max_pool3d", [call(x(1, 1, 3, 2, 2), (2, 1, 3))],
        reference=parts(3, np.max)),
    *[Row(f"nn.functional.adaptive_max_pool{rank}d_with_indices", [call(x(1, *[3] * rank), 2)],
          reference=lambda a, m, rank=rank: parts(rank, np.max)(a, m, return_indices=True))
      for rank in (1, 2, 3)],
    Row("nn.functional.fractional_max_pool2d", [
        call(x(2, 1, 4, 5), 2, (2, 3), _random_samples=chances(2, 1, 2)),
        call(x(2, 5, 5), (2, 1), output_ratio=(0.5, 0.7), _random_samples=chances(1, 2, 2)),
        call(x(1, 4, 4), 3, 1, _random_samples=chances(1, 1, 2)),
    ], reference=fractional(2)),
    Row("nn.functional.fractional_max_pool3d", [
        call(x(1, 4, 3, 4), (2, 1, 2), (2, 2, 2), _random_samples=chances(1, 1, 3)),
    ], reference=fractional(3)),
    *[Row(f"nn.functional.fractional_max_pool{rank}d_with_indices", [
        call(x(1, *[4] * rank), 2, 2, _random_samples=chances(1, 1, rank)),
    ], reference=lambda a, *args, rank=rank, **options: fractional(rank)(
        a, *args, return_indices=True, **options)) for rank in (2, 3)],
]

# fmt: on

LAYERS = [
    Layer(
        lambda: nn.MaxPool1d(2),
        (reals(1, 2, 5),),
        (1, 2, 2),
        "MaxPool1d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)",
    ),
    Layer(
        lambda: nn.MaxPool2d((2, 1), 1, (1, 0), 2, ceil_mode=True),
        (reals(1, 3, 4),),
        (1, 3, 4),
        "MaxPool2d(kernel_size=(2, 1), stride=1, padding=(1, 0), dilation=2, ceil_mode=True)",
    ),
    Layer(
        lambda: nn.MaxPool3d(2, stride=(1, 2, 2)),
        (reals(1, 3, 2, 4),),
        (1, 2, 1, 2),
        "MaxPool3d(kernel_size=2, stride=(1, 2, 2), padding=0, dilation=1, ceil_mode=False)",
    ),
    Layer(
        lambda: nn.MaxUnpool1d(2),
        (reals(1, 2), lambda rng: np.array([[1, 2]])),
        (1, 4),
        "MaxUnpool1d(kernel_size=(2,), stride=(2,), padding=(0,))",
    ),
    Layer(
        lambda: nn.MaxUnpool2d(3, 2, 1),
        (reals(1, 1, 2), lambda rng: np.array([[[1, 2]]])),
        (1, 1, 3),
        "MaxUnpool2d(kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))",
    ),
    Layer(
        lambda: nn.MaxUnpool3d(2),
        (reals(1, 1, 1, 2), lambda rng: np.array([[[[1, 2]]]])),
        (1, 2, 2, 4),
        "MaxUnpool3d(kernel_size=(2, 2, 2), stride=(2, 2, 2), padding=(0, 0, 0))",
    ),
    Layer(
        lambda: nn.AvgPool1d(2, padding=1, count_include_pad=False),
        (reals(1, 2, 4),),
        (1, 2, 3),
        "AvgPool1d(kernel_size=(2,), stride=(2,), padding=(1,))",
    ),
    Layer(
        lambda: nn.AvgPool2d(2, 1, divisor_override=3),
        (reals(1, 3, 4),),
        (1, 2, 3),
        "AvgPool2d(kernel_size=2, stride=1, padding=0)",
    ),
    Layer(
        lambda: nn.AvgPool3d((2, 1, 2), ceil_mode=True),
        (reals(1, 3, 2, 3),),
        (1, 2, 2, 2),
        "AvgPool3d(kernel_size=(2, 1, 2), stride=(2, 1, 2), padding=0)",
    ),
    Layer(
        lambda: nn.LPPool1d(2, 3, 1),
        (probabilities(1, 2, 4),),
        (1, 2, 2),
        "LPPool1d(norm_type=2, kernel_size=3, stride=1, ceil_mode=False)",
    ),
    Layer(
        lambda: nn.LPPool2d(1.5, (2, 1)),
        (probabilities(1, 2, 3),),
        (1, 1, 3),
        "LPPool2d(norm_type=1.5, kernel_size=(2, 1), stride=None, ceil_mode=False)",
    ),
    Layer(
        lambda: nn.LPPool3d(2, 2, ceil_mode=True),
        (probabilities(1, 2, 2, 3),),
        (1, 1, 1, 2),
        "LPPool3d(norm_type=2, kernel_size=2, stride=None, ceil_mode=True)",
    ),
    Layer(
        lambda: nn.AdaptiveAvgPool1d(2),
        (reals(1, 5),),
        (1, 2),
        "AdaptiveAvgPool1d(output_size=2)",
    ),
    Layer(
        lambda: nn.AdaptiveAvgPool2d((1, None)),
        IMAGE,
        (2, 1, 4),
        "AdaptiveAvgPool2d(output_size=(1, None))",
    ),
    Layer(
        lambda: nn.AdaptiveAvgPool3d(1), VOLUME, (1, 1, 1, 1), "AdaptiveAvgPool3d(output_size=1)"
    ),
    Layer(
        lambda: nn.AdaptiveMaxPool1d(2),
        (reals(1, 5),),
        (1, 2),
        "AdaptiveMaxPool1d(output_size=2)",
    ),
    Layer(
        lambda: nn.AdaptiveMaxPool2d((2, 3)),
        IMAGE,
        (2, 2, 3),
        "AdaptiveMaxPool2d(output_size=(2, 3))",
    ),
    Layer(
        lambda: nn.AdaptiveMaxPool3d(1), VOLUME, (1, 1, 1, 1), "AdaptiveMaxPool3d(output_size=1)"
    ),
    Layer(
        lambda: nn.FractionalMaxPool2d(
            2, output_ratio=(0.5, 0.7), _random_samples=autograd.tensor([[[0.3, 0.8]] * 2])
        ),
        (reals(2, 4, 5),),
        (2, 2, 3),
        "FractionalMaxPool2d()",
        ("_random_samples",),
    ),
    Layer(
        lambda: nn.FractionalMaxPool3d(2, 2, _random_samples=autograd.tensor([[[0.3, 0.8, 0.5]]])),
        (reals(1, 4, 5, 4),),
        (1, 2, 2, 2),
        "FractionalMaxPool3d()",
        ("_random_samples",),
    ),
]
