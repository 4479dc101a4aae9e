"""What a row of the tables of ops is, and samples that many rows share. Data only.

A row names a public function and gives samples of its arguments, in PyTorch's signature;
``x(3, 4)`` is a floating-point tensor of that shape, drawn when the sample is used. By default the
function must agree with NumPy's of the same name and be differentiable twice. An op or a public
function that no row reaches fails the suite.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Draw(NamedTuple):
    """A tensor to be drawn: distinct floats spread over ``domain``, so that nothing ties."""

    shape: tuple[int, ...]
    kind: str = "float"  # or "int", "bool"
    domain: tuple[float, float] | None = None  # None: the row's
    fixed: bool = False  # not differentiated
    make: Callable[[np.ndarray], np.ndarray] | None = None  # applied to what was drawn


class Sample(NamedTuple):
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Row(NamedTuple):
    name: str  # in autograd ("exp", "linalg.norm"), or "nn.functional.gelu", or an op "ops.file.Op"
    samples: list[Sample]
    domain: tuple[float, float] = (-2.0, 2.0)
    orders: int = 2  # how often it can be differentiated
    reference: Callable[..., Any] | None = None  # on arrays; None: NumPy's function of that name
    function: Callable[..., Any] | None = None  # None: what the name says
    torch: str | Callable[..., Any] | None = "same"  # the name in torch; None: it has none
    method: bool = True  # the Tensor method of that name takes the same arguments
    numpy: Callable[..., Any] | None = None  # NumPy's spelling, where name and reference differ
    any_layout: bool = True  # False: only for contiguous inputs
    dtype: Any = None  # of the result, where it is not that of the inputs
    tolerance: float = 1e-5  # of derivatives; values are held to a thousandth of it
    complex: bool = False  # True: the first sample is tested with complex numbers, too


def x(*shape, domain=None, fixed=False, make=None):
    return Draw(shape, "float", domain, fixed, make)


def n(*shape, below=3, least=0, make=None):
    return Draw(shape, "int", (least, below), True, make)


def b(*shape):
    return Draw(shape, "bool", None, True)


def call(*args, **kwargs):
    return Sample(args, kwargs)


# fmt: off

UNARY = [call(x(3, 4)), call(x()), call(x(0)), call(x(2, 0, 3)), call(x(2, 1, 3))]
BINARY = [
    call(x(3, 4), x(3, 4)), call(x(3, 4), x(4)), call(x(3, 1), x(1, 4)), call(x(), x(3)),
    call(x(2, 3), x()), call(x(), x()), call(x(2, 1, 3), x(4, 1)), call(x(0, 3), x(3)),
    call(x(1), x(2, 0)),
]
SCALARS = [call(x(3), 1.5), call(x(2, 2), 2), call(1.5, x(3)), call(x(), 0.5)]
AXES = [
    call(x(3, 4)), call(x(3, 4), dim=0), call(x(3, 4), dim=-1, keepdim=True),
    call(x(2, 3, 2), dim=(0, 2)), call(x(2, 3, 2), dim=(-1, 0), keepdim=True), call(x(2, 3, 2), 1),
    call(x()), call(x(), dim=0), call(x(2, 3), dim=()),
]
EMPTY = [call(x(0)), call(x(2, 0), dim=0), call(x(2, 0, 3), dim=1)]
AXIS = [  # one axis, given or not
    call(x(3, 4)), call(x(3, 4), dim=0), call(x(2, 3, 2), dim=-2, keepdim=True), call(x(2, 3), 1),
    call(x()),
]
