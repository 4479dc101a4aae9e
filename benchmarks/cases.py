"""What is timed: the cases as data, their inputs, and the graphs that every peer builds.

A case names a *kind* (peers.py holds one method per kind and peer), its sizes, and what gradloom is
to reach. Inputs come from NumPy with a fixed seed: each peer's process makes the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

LEAVES = 8  # of the two graphs of 200 nodes
TURNS = 25  # of 8 nodes each
LEARNING_RATE = 1e-3


@dataclass(frozen=True)
class Case:
    """One line of the report.

    ``at_most`` maps a peer to the share of its time that gradloom may take; ``limit_ms`` is an
    absolute bound.
    """

    name: str
    title: str
    kind: str
    sizes: tuple[int, ...] = ()
    at_most: dict[str, float] = field(default_factory=lambda: {"torch": 1.0})
    limit_ms: float | None = None


CASES = [
    Case("scalar", "scalar graph, 200 nodes", "scalar_graph", (), {"torch": 0.7, "micrograd": 1.0}),
    Case("elementwise", "200 elementwise nodes, 8×8", "tensor_graph", (8, 8), {"torch": 0.7}),
    Case(
        "mlp_small",
        "MLP 64-128-128-10, Adam, batch 32",
        "mlp",
        (32, 64, 128, 128, 10),
        {"torch": 0.7},
    ),
    Case("mlp_large", "MLP 64-512-512-10, Adam, batch 256", "mlp", (256, 64, 512, 512, 10)),
    Case("penalty", "gradient penalty (second order), batch 32", "penalty", (32, 16, 64, 64, 1)),
    Case("chain", "chain of 20,000 nodes: build, backward, free", "chain", (20_000,)),
    Case("adam_many", "Adam.step, 300 × 1,000 elements", "adam", (300, 1_000)),
    Case("adam_large", "Adam.step, 10 × 500,000 elements", "adam", (10, 500_000)),
    Case(
        "loader",
        "a shuffled pass over 60,000 images 28×28, batch 64",
        "loader",
        (60_000, 28, 28),
        {"torch": 0.2},
        limit_ms=100.0,
    ),
    Case("import", "import, over the bare interpreter", "import"),
    Case("import_numpy", "import, over NumPy", "import_numpy", limit_ms=30.0),
]


def inputs(case: Case) -> dict[str, Any]:
    """The fixed inputs of a case: float32 arrays, int64 labels; Python floats for scalars."""
    rng = np.random.default_rng(2024)
    if case.kind.endswith("graph"):
        leaves = rng.uniform(0.1, 0.5, (LEAVES, *case.sizes)).astype(np.float32)
        return {"leaves": list(leaves) if case.sizes else leaves.tolist()}
    if case.kind in ("mlp", "penalty"):
        batch, *widths = case.sizes
        params = []
        for fan_in, fan_out in zip(widths, widths[1:], strict=False):
            bound = fan_in**-0.5
            params.append(rng.uniform(-bound, bound, (fan_out, fan_in)).astype(np.float32))
            params.append(rng.uniform(-bound, bound, fan_out).astype(np.float32))
        x = rng.standard_normal((batch, widths[0])).astype(np.float32)
        return {"params": params, "x": x, "y": rng.integers(0, widths[-1], batch)}
    if case.kind == "adam":
        shape = case.sizes
        return {
            "params": list(rng.standard_normal(shape, np.float32)),
            "grads": list(rng.standard_normal(shape, np.float32)),
        }
    if case.kind == "loader":
        return {"images": rng.random(case.sizes, np.float32), "batch": 64}
    return {"nodes": case.sizes[0]}


def mixed_graph(leaves: Sequence[Any], squash: Callable[[Any], Any]) -> Any:
    """200 nodes of ``+ * **`` and ``squash``, all on the way to the result, values near 0.2."""
    x, y = leaves[0], leaves[1]
    for turn in range(TURNS):
        w = leaves[2 + turn % (LEAVES - 2)]
        s = squash(w * x + y)
        y = s**2 * 0.2 + x
        x = y * 0.3 + 0.1
    return x


def chain(x: Any, nodes: int) -> Any:
    """``nodes`` operations one after the other; dy/dx = 0.9999 to the power of half of them."""
    y = x
    for _ in range(nodes // 2):
        y = y * 0.9999
        y = y + 0.0001
    return y
