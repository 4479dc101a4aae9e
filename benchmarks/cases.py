"""What is timed: the cases as data, their inputs, and the graphs that every peer builds.

A case names a *kind* (a method of the peers' adapters), its sizes, and what gradloom is to reach.
Inputs come from NumPy with a fixed seed: each peer's process makes the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ops import OPS

LEAVES = 8  # of the two graphs of 200 nodes
TURNS = 25  # of 8 nodes each
LEARNING_RATE = 1e-3


@dataclass(frozen=True)
class Case:
    """One line of the report.

    ``measured`` is "time" (of a call), "memory" (growth of the process's peak by a few calls),
    "import" or "size" (of what is installed). ``at_most`` maps a peer to the share of its figure
    that gradloom may take; ``limit_ms`` is an absolute bound.
    """

    name: str
    title: str
    kind: str
    sizes: tuple[Any, ...] = ()
    at_most: dict[str, float] = field(default_factory=lambda: {"torch": 1.0})
    limit_ms: float | None = None
    measured: str = "time"

    @property
    def most_rounds(self) -> int:
        """Few where a figure hardly changes from one round to the next, or where cases are many."""
        return {"memory": 3, "size": 1}.get(self.measured, 3 if self.kind == "op" else 100)


@dataclass(frozen=True)
class Series:
    """How time grows: one kind at several sizes, which take the place of ``{}`` in ``shape``."""

    name: str
    title: str
    kind: str
    shape: str
    sizes: tuple[int, ...]

    @property
    def cases(self) -> list[Case]:
        """A case for each size, named by it."""
        shapes = [tuple(map(int, self.shape.format(size).split())) for size in self.sizes]
        return [
            Case(f"{self.name}_{size}", f"{self.title}: {size}", self.kind, shape, {})
            for size, shape in zip(self.sizes, shapes, strict=True)
        ]


def _of(torch: float, **others: float) -> dict[str, float]:
    return {"torch": torch, **others}


CNN, GPT, LSTM = (64, 28), (8, 128, 128, 2), (32, 64, 32, 128)
SMALL, LARGE = (32, 64, 128, 128, 10), (256, 64, 512, 512, 10)
CUBE = (200, 250, 200)

TABLE = [
    Case("scalar", "scalar graph, 200 nodes", "scalar_graph", (), _of(0.25, micrograd=0.7)),
    Case("elementwise", "200 elementwise nodes, 8×8", "tensor_graph", (8, 8), _of(0.5)),
    Case(
        "inference", "MLP 64-128-128-10, one row, no_grad", "inference", (1, *SMALL[1:]), _of(0.6)
    ),
    Case("mlp_small", "MLP 64-128-128-10, Adam, batch 32", "mlp", SMALL, _of(0.5)),
    Case("mlp_large", "MLP 64-512-512-10, Adam, batch 256", "mlp", LARGE, _of(0.6)),
    Case(
        "penalty",
        "gradient penalty (second order), batch 64",
        "penalty",
        (64, 16, 64, 64, 1),
        _of(0.7),
    ),
    Case("chain", "chain of 20,000 nodes: build, backward, free", "chain", (20_000,), _of(0.5)),
    Case("adam_many", "Adam.step, 300 × 1,000 elements", "adam", (300, 1_000), _of(0.15)),
    Case("adam_large", "Adam.step, 10 × 500,000 elements", "adam", (10, 500_000), _of(0.9)),
    Case("cnn", "CNN 1→32→64, 3×3, 64×1×28×28, SGD", "cnn", CNN, _of(0.9)),
    Case(
        "residual", "conv, batch norm, ReLU twice, skip, 32×64×16×16", "residual", (32, 64, 16, 16)
    ),
    Case("dilated", "four dilated conv1d, 16×32×512", "dilated", (16, 32, 512)),
    Case("gpt", "GPT, 2 layers of 128, 8×128 tokens, AdamW", "gpt", GPT),
    Case("lstm", "LSTM 32→128, 32 sequences of 64, Adam", "lstm", LSTM),
    Case("logistic", "logistic log-likelihood, 10⁶ elements", "logistic", (1_000_000,)),
    Case("softmax_nll", "log-softmax, NLL, 128×1,000", "softmax_nll", (128, 1_000)),
    Case("layer_norm", "layer norm, 1,024×768", "layer_norm", (1_024, 768)),
    Case("batch_norm", "batch norm, 32×64×16×16", "batch_norm", (32, 64, 16, 16)),
    Case("attention", "attention, 8×4×256×32", "attention", (8, 4, 256, 32)),
    Case("embedding", "embedding, 32×256 of 10,000×128", "embedding", (32, 256, 10_000, 128)),
    Case("max_pool", "max-pool 2×2, 64×32×28×28", "max_pool", (64, 32, 28, 28)),
    Case(
        "gather_scatter",
        "gather and scatter, 20,000 of 5,000×64",
        "gather_scatter",
        (5_000, 64, 20_000),
    ),
    *(
        Case(f"sum_axis{axis}", f"sum of 10⁷ over axis {axis} of 3", "reduction", (axis, *CUBE))
        for axis in range(3)
    ),
    Case(
        *("loader", "a shuffled pass over 60,000 images 28×28, batch 64", "loader"),
        *((60_000, 28, 28), _of(0.05)),
        limit_ms=100.0,
    ),
    Case("memory_mlp", "peak memory: MLP 64-512-512-10", "mlp", LARGE, measured="memory"),
    Case("memory_cnn", "peak memory: CNN", "cnn", CNN, measured="memory"),
    Case("memory_gpt", "peak memory: GPT", "gpt", GPT, measured="memory"),
    Case("memory_lstm", "peak memory: LSTM", "lstm", LSTM, measured="memory"),
    Case("import", "import, over the bare interpreter", "import", (), _of(0.1), measured="import"),
    Case(
        *("import_numpy", "import, over NumPy", "import_numpy", (), _of(0.1)),
        limit_ms=30.0,
        measured="import",
    ),
    Case("size", "installed size, with requirements", "size", (), _of(0.1), measured="size"),
]


SERIES = [
    Series("batch", "batch, MLP 64-256-256-10", "mlp", "{} 64 256 256 10", (32, 128, 512, 2_048)),
    Series(
        "width",
        "width, MLP of three layers, batch 64",
        "mlp",
        "64 {0} {0} {0} 10",
        (64, 128, 256, 512),
    ),
    Series("depth", "depth, MLP of width 64, batch 32", "deep", "32 64 {}", (2, 8, 32, 128)),
    Series("length", "sequence length, LSTM 32→64, batch 8", "lstm", "8 {} 32 64", (16, 64, 256)),
    Series("text", "sequence length, GPT of width 64, batch 2", "gpt", "2 {} 64 2", (32, 128, 512)),
]
GROWTH = [case for series in SERIES for case in series.cases]
SINGLE = [
    Case(f"{op.name}_{size}_{ways}", f"{op.name}, {size}, {ways}", "op", (op.name, size, ways), {})
    for op in OPS
    for size in ("small", "large")
    for ways in ("forward", "both")
]
# What is written over NumPy: HIPS autograd's programs, which gradloom runs as they stand
_NUMPY = {
    "scalar": "gradient of sin(x) x + exp(-x²) / (1 + x²)",
    "tanh": "gradient of tanh, written with exp",
    "rosenbrock_gradient": "Rosenbrock, 10 variables: gradient",
    "rosenbrock_hessian": "Rosenbrock, 5 variables: Hessian",
    "rnn": "RNN 8→16, 4 sequences of 20: gradient",
    "mixture": "mixture of three normals, 200 numbers: gradient",
    "jacobian": "Jacobian of tanh(A x), 10×10",
    "make_jvp": "make_jvp of tanh(A x), 10×10",
    "make_jvp_scalar": "make_jvp of sin(x) x + exp(-x²) / (1 + x²)",
    "make_jvp_rnn": "make_jvp of the RNN",
    "make_jvp_mixture": "make_jvp of the mixture of normals",
    "make_jvp_primitive": "make_jvp of 2 x³, x³ by a rule of its own",
    "logistic": "logistic regression, 500×20: value and gradient",
    "gaussian_process": "Gaussian process, 40 points: value and gradient",
    "leapfrog": "path of 50 leapfrog steps: gradient through gradients",
}
NUMPY = [
    Case(f"numpy_{name}", title, "numpy", (name,), {"hips": 0.6}) for name, title in _NUMPY.items()
]
# What is timed as a program, too: by gradloom's compile, and by JAX's jit
_COMPILED = """
    scalar elementwise mlp_small mlp_large penalty logistic adam_large softmax_nll layer_norm lstm
    gpt cnn
"""
COMPILED = [case for case in TABLE if case.name in _COMPILED.split()]
PROGRAMS = {"gradloom_replay": "replay", "gradloom_llvm": "llvm"}  # peers, and their backends
GROUPS = {"table": TABLE, "growth": GROWTH, "ops": SINGLE, "numpy": NUMPY}
ALL = [case for group in GROUPS.values() for case in group]
GROUPS["compiled"] = COMPILED


def inputs(case: Case) -> list[Any]:
    """The arguments of a case's kind: float32 arrays, int64 labels; Python floats for scalars.

    Kinds that only gradloom and PyTorch express get the generator and the sizes, and draw for
    themselves.
    """
    rng = np.random.default_rng(2024)
    if case.kind.endswith("graph"):
        leaves = rng.uniform(0.1, 0.5, (LEAVES, *case.sizes)).astype(np.float32)
        return [list(leaves) if case.sizes else leaves.tolist()]
    if case.kind in ("mlp", "penalty", "inference"):
        batch, *widths = case.sizes
        params = []
        for fan_in, fan_out in zip(widths, widths[1:], strict=False):
            bound = fan_in**-0.5
            params.append(rng.uniform(-bound, bound, (fan_out, fan_in)).astype(np.float32))
            params.append(rng.uniform(-bound, bound, fan_out).astype(np.float32))
        x = rng.standard_normal((batch, widths[0])).astype(np.float32)
        return [params, x, rng.integers(0, widths[-1], batch)]
    if case.kind == "adam":
        return [list(rng.standard_normal(case.sizes, np.float32)) for _ in range(2)]
    if case.kind == "loader":
        return [rng.random(case.sizes, np.float32), 64]
    if case.kind == "chain":
        return list(case.sizes)
    return [rng, *case.sizes]


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
