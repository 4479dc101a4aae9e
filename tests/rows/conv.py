"""Rows of convolutions: functions and layers. Data only."""

import numpy as np

import nn
from autograd.kernels.convolution import Geometry
from tests.rows.layer import Layer, reals
from tests.rows.row import Row, call, x


def windows_of(shape, kernel, stride, dilation):
    """(place of a window, place in it, place that it sees), one by one."""
    sizes = [
        (n - d * (k - 1) - 1) // s + 1
        for n, k, s, d in zip(shape, kernel, stride, dilation, strict=True)
    ]
    for place in np.ndindex(*sizes):
        for tap in np.ndindex(*kernel):
            yield (
                place,
                tap,
                tuple(
                    p * s + t * d for p, s, t, d in zip(place, stride, tap, dilation, strict=True)
                ),
            )


def each(value, rank):
    return (value,) * rank if isinstance(value, int) else tuple(value)


def convolution(a, w, b=None, stride=1, padding=0, dilation=1, groups=1):
    rank, kernel = w.ndim - 2, w.shape[2:]
    stride, dilation = each(stride, rank), each(dilation, rank)
    if a.ndim == rank + 1:
        return convolution(a[None], w, b, stride, padding, dilation, groups)[0]
    spans = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    if padding == "same":
        ends = [(n // 2, n - n // 2) for n in spans]
    else:
        ends = [(n, n) for n in each(0 if padding == "valid" else padding, rank)]
    a = np.pad(a, [(0, 0), (0, 0), *ends])
    sizes = [(n - e - 1) // s + 1 for n, e, s in zip(a.shape[2:], spans, stride, strict=True)]
    out = np.zeros((len(a), len(w), *sizes))
    outs, ins = len(w) // groups, w.shape[1]
    for place, tap, seen in windows_of(a.shape[2:], kernel, stride, dilation):
        for i in range(groups):
            these = slice(i * outs, (i + 1) * outs)
            taken = a[(slice(None), slice(i * ins, (i + 1) * ins), *seen)]
            out[(slice(None), these, *place)] += taken @ w[(these, slice(None), *tap)].T
    return out if b is None else out + b.reshape(-1, *[1] * rank)


def transpose(a, w, b=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    rank, kernel = w.ndim - 2, w.shape[2:]
    stride, dilation, padding = each(stride, rank), each(dilation, rank), each(padding, rank)
    if a.ndim == rank + 1:
        return transpose(a[None], w, b, stride, padding, output_padding, groups, dilation)[0]
    more = each(output_padding, rank)
    full = [
        (n - 1) * s + d * (k - 1) + 1
        for n, s, d, k in zip(a.shape[2:], stride, dilation, kernel, strict=True)
    ]
    ins, outs = len(w) // groups, w.shape[1]
    out = np.zeros((len(a), outs * groups, *[n + m for n, m in zip(full, more, strict=True)]))
    for place, tap, seen in windows_of(full, kernel, stride, dilation):
        for i in range(groups):
            these = slice(i * ins, (i + 1) * ins)
            to = (slice(None), slice(i * outs, (i + 1) * outs), *seen)
            out[to] += a[(slice(None), these, *place)] @ w[(these, slice(None), *tap)]
    kept = [slice(p, n - p) for p, n in zip(padding, out.shape[2:], strict=True)]
    out = out[(slice(None), slice(None), *kept)]
    return out if b is None else out + b.reshape(-1, *[1] * rank)


def weight_slopes(g, a, size, geometry):
    out = np.zeros((g.shape[1], a.shape[1] // geometry.groups, *size))
    a = np.pad(a, [(0, 0), (0, 0), *[(n, n) for n in geometry.before]])
    outs, ins = len(out) // geometry.groups, out.shape[1]
    for place, tap, seen in windows_of(a.shape[2:], size, geometry.stride, geometry.dilation):
        for i in range(geometry.groups):
            these = slice(i * outs, (i + 1) * outs)
            taken = a[(slice(None), slice(i * ins, (i + 1) * ins), *seen)]
            out[(these, slice(None), *tap)] += g[(slice(None), these, *place)].T @ taken
    return out


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
