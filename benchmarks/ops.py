"""Every op on the hot paths alone, small and large, forward and both ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from library import Library, Program

Shape = tuple[int, ...]
Shapes = dict[str, Any]  # keywords of Op


@dataclass(frozen=True)
class Op:
    """A call on tensors of the given shapes, with the library in front.

    ``small`` and ``large`` list the shapes; ``index`` gives the shape of a last argument, whole
    numbers below the length of the first, for small and large. ``positive`` keeps values in
    (0.2, 3).
    """

    name: str
    call: Callable[..., Any]
    small: tuple[Shape, ...] = ((8, 8),)
    large: tuple[Shape, ...] = ((1_000, 1_000),)
    index: tuple[Shape, Shape] | None = None
    positive: bool = False


PAIR: Shapes = dict(small=((8, 8),) * 2, large=((1_000, 1_000),) * 2)
ROWS: Shapes = dict(small=((8, 8), (8,)), large=((1_000, 1_000), (1_000,)))
LINEAR: Shapes = dict(small=((8, 16), (16, 16), (16,)), large=((512, 512), (512, 512), (512,)))
NORM: Shapes = dict(small=((8, 16), (16,), (16,)), large=((1_024, 768), (768,), (768,)))
STACKED: Shapes = dict(small=((2, 8, 8),) * 2, large=((32, 128, 128),) * 2)
IMAGES: Shapes = dict(small=((2, 3, 8, 8),), large=((32, 32, 32, 32),))
CONV: Shapes = dict(small=((2, 3, 8, 8), (4, 3, 3, 3)), large=((16, 32, 32, 32), (32, 32, 3, 3)))

OPS = [
    Op("add", lambda lib, x, y: x + y, **PAIR),
    Op("add_row", lambda lib, x, y: x + y, **ROWS),
    Op("mul", lambda lib, x, y: x * y, **PAIR),
    Op("mul_number", lambda lib, x: x * 0.5),
    Op("div", lambda lib, x, y: x / y, positive=True, **PAIR),
    Op("pow2", lambda lib, x: x**2),
    Op("exp", lambda lib, x: lib.core.exp(x)),
    Op("log", lambda lib, x: lib.core.log(x), positive=True),
    Op("sqrt", lambda lib, x: lib.core.sqrt(x), positive=True),
    Op("tanh", lambda lib, x: lib.core.tanh(x)),
    Op("sigmoid", lambda lib, x: lib.core.sigmoid(x)),
    Op("relu", lambda lib, x: lib.F.relu(x)),
    Op("gelu", lambda lib, x: lib.F.gelu(x)),
    Op("silu", lambda lib, x: lib.F.silu(x)),
    Op("clamp", lambda lib, x: x.clamp(-1, 1)),
    Op("maximum", lambda lib, x, y: lib.core.maximum(x, y), **PAIR),
    Op("where", lambda lib, x, y: lib.core.where(x > y, x, y), **PAIR),
    Op("sum", lambda lib, x: x.sum()),
    Op("sum_over_rows", lambda lib, x: x.sum(0)),
    Op("sum_in_rows", lambda lib, x: x.sum(1)),
    Op("mean_in_rows", lambda lib, x: x.mean(1)),
    Op("var_in_rows", lambda lib, x: x.var(1)),
    Op("max_in_rows", lambda lib, x: x.max(1).values),
    Op("softmax", lambda lib, x: lib.F.softmax(x, 1)),
    Op("log_softmax", lambda lib, x: lib.F.log_softmax(x, 1)),
    Op("cross_entropy", lambda lib, x, y: lib.F.cross_entropy(x, y), index=((8,), (1_000,))),
    Op("mse_loss", lambda lib, x, y: lib.F.mse_loss(x, y), **PAIR),
    Op("matmul", lambda lib, x, y: x @ y, small=((8, 8),) * 2, large=((512, 512),) * 2),
    Op("matmul_stacked", lambda lib, x, y: x @ y, **STACKED),
    Op("linear", lambda lib, x, w, b: lib.F.linear(x, w, b), **LINEAR),
    Op("layer_norm", lambda lib, x, w, b: lib.F.layer_norm(x, w.shape, w, b), **NORM),
    Op("conv2d", lambda lib, x, w: lib.F.conv2d(x, w, padding=1), **CONV),
    Op("max_pool2d", lambda lib, x: lib.F.max_pool2d(x, 2), **IMAGES),
    Op("avg_pool2d", lambda lib, x: lib.F.avg_pool2d(x, 2), **IMAGES),
    Op("embedding", lambda lib, w, i: lib.F.embedding(i, w), index=((2, 4), (8, 128))),
    Op("index", lambda lib, x, i: x[i], index=((4,), (1_000,))),
    Op("slice", lambda lib, x: x[1:, ::2]),
    Op("cat", lambda lib, x, y: lib.core.cat([x, y]), **PAIR),
    Op("stack", lambda lib, x, y: lib.core.stack([x, y]), **PAIR),
    Op("transpose", lambda lib, x: x.transpose(0, 1)),
    Op("reshape", lambda lib, x: x.reshape(-1)),
    Op("expand", lambda lib, x: x.unsqueeze(0).expand(4, *x.shape), large=((500, 500),)),
    Op("dropout", lambda lib, x: lib.F.dropout(x, 0.5)),
]
BY_NAME = {op.name: op for op in OPS}


class Ops(Library):
    """A case of an op names it, its size and whether it goes ``forward`` or ``both`` ways."""

    def op(self, rng: Any, name: str, size: str, ways: str) -> Program:
        op = BY_NAME[name]
        draw = (lambda shape: rng.uniform(0.2, 3, shape)) if op.positive else rng.standard_normal
        leaves = [
            self.core.tensor(draw(shape).astype("f4"), requires_grad=True)
            for shape in getattr(op, size)
        ]
        constants = []
        if op.index is not None:
            shape = op.index[size == "large"]
            constants.append(self.integers(rng, len(leaves[0]), *shape))
        self.core.manual_seed(0)  # dropout
        if ways == "both":
            return self.both_ways(lambda *given: op.call(self, *given), leaves, constants)
        no_grad, call = self.core.no_grad, op.call

        def step() -> Any:
            with no_grad():
                return call(self, *leaves, *constants)

        return step, lambda: [float(abs(step().detach()).sum())]
