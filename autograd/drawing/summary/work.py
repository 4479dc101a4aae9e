"""How much an op has to do: multiplications that are each followed by an addition.

What is counted is what grows with the product of two sizes: matrix products, convolutions,
attention, recurrences. Everything else (elementwise, reductions, pooling, normalisation, looking
up rows) touches each element some few times, and counts as none, as it does in PyTorch's
``FlopCounterMode``; that one counts an addition and a multiplication as two.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Shapes = dict[str, tuple[int, ...]]


def multiply_adds(
    op: Any, args: tuple[Any, ...], options: dict[str, Any], result: Any
) -> int | None:
    """How many a call of ``op`` makes; None: no rule is known, what it calls itself counts."""
    rule = _RULES.get(op.__name__)
    if rule is None:
        return None
    given = {**dict(zip(op.inputs, args)), **options}
    shapes = {name: tuple(getattr(one, "shape", ())) for name, one in given.items()}
    out = result[0] if isinstance(result, tuple) else result
    return rule(shapes, tuple(out.shape), given)


def _linear(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    return math.prod(out) * shapes["weight"][1]


def _product(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    return math.prod(out) * shapes["x"][-1]


def _einsum(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    """The product of all sizes; none where no index is summed over."""
    of_x, of_y, of_out = given["labels"]
    sizes = dict(zip((*of_x, *of_y), (*shapes["x"], *shapes["y"])))
    return math.prod(sizes.values()) if len(sizes) > len(of_out) else 0


def _convolution(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    """Each result is made of one window, in all channels of its group."""
    return math.prod(out) * math.prod(shapes["weight"][1:])


def _transposed(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    """Each input goes into one window, in all channels of its group."""
    return math.prod(shapes["g"]) * math.prod(shapes["weight"][1:])


def _of_weight(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    return math.prod(shapes["g"]) * math.prod(out[1:])


def _attention(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    """Scores of all pairs of places, and means of the values by them."""
    q, k, v = shapes["q"], shapes["k"], shapes["v"]
    return math.prod(out[:-1]) * k[-2] * (q[-1] + v[-1])


def _recurrence(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    """Each row, a step of a sequence, goes through every weight once."""
    weights = [shapes[name] for name in ("w_ih", "w_hh", "w_hr") if shapes.get(name)]
    return shapes["x"][0] * sum(map(math.prod, weights))


def _sparse(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    return math.prod(shapes["values"]) * out[-1]


def _at_pairs(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    return math.prod(out) * shapes["x"][-1]


def _triangular(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    return math.prod(out) * shapes["a"][-1] // 2


def _cholesky(shapes: Shapes, out: tuple[int, ...], given: Any) -> int:
    return math.prod(out) * out[-1] // 6


_RULES: dict[str, Callable[[Shapes, tuple[int, ...], Any], int]] = {
    "Linear": _linear,
    "MM": _product,
    "Dot": lambda shapes, out, given: math.prod(shapes["x"]),
    "MatMul": _product,
    "Einsum": _einsum,
    "Convolution": _convolution,
    "ConvolutionTransposed": _transposed,
    "ConvolutionWeight": _of_weight,
    "Attention": _attention,
    "RnnLayer": _recurrence,
    "LstmLayer": _recurrence,
    "GruLayer": _recurrence,
    "SparseProduct": _sparse,
    "PairProducts": _at_pairs,
    "SolveTriangular": _triangular,
    "Cholesky": _cholesky,
}
