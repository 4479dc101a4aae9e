"""One adapter per peer: how it is imported, and how it says what cases.py describes.

An adapter has one method per kind of case. It takes the case's inputs and returns *step*, the call
that is timed, and *check*, which runs from the same start and returns the numbers on which all
peers must agree. A peer that cannot express a kind has no such method; ``PEERS`` lists what it can.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from cases import ALL, COMPILED, LEARNING_RATE, PROGRAMS, Case, chain, mixed_graph
from compiled import Compiled
from functional import BETAS, EPS, Hips
from jaxlike import Jax
from library import Program
from numpylike import NumPyLike
from torchlike import TorchLike

ROOT = Path(__file__).resolve().parents[1]
# Its folder has our engine's name, so it lives in one of its own, which only its process sees
HIPS = Path(os.environ.get("GRADLOOM_HIPS", Path(sys.prefix) / "hips"))
SUBJECT, REFERENCE, COMPILER = "gradloom", "torch", "jax"


class MyGrad:
    """MyGrad: no second derivative and no optimisers, so Adam is written out here."""

    def __init__(self, mygrad: Any):
        self.mygrad = mygrad
        self.relu = import_module("mygrad.nnet.activations").relu
        self.cross_entropy = import_module("mygrad.nnet.losses").softmax_crossentropy
        mygrad.turn_memory_guarding_off()  # its documentation's advice for speed

    def scalar_graph(self, leaves: list[float]) -> Program:
        return self._graph(leaves, self.relu)

    def tensor_graph(self, leaves: list[Any]) -> Program:
        return self._graph(leaves, self.mygrad.tanh)

    def _graph(self, leaves: list[Any], squash: Any) -> Program:
        tensors = [self.mygrad.tensor(leaf) for leaf in leaves]

        def step() -> Any:
            out = mixed_graph(tensors, squash)
            if out.ndim:
                out = out.sum()
            out.backward()
            return out

        return step, lambda: [step().item(), *(float(t.grad.sum()) for t in tensors)]

    def mlp(self, params: list[Any], x: Any, y: Any) -> Program:
        tensors = [self.mygrad.tensor(p) for p in params]
        means, squares = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
        (b1, b2), t = BETAS, 0

        def step() -> Any:
            nonlocal t
            t += 1
            h = x
            for i in range(0, len(tensors), 2):
                h = self.mygrad.matmul(h, tensors[i].T) + tensors[i + 1]
                if i + 2 < len(tensors):
                    h = self.relu(h)
            loss = self.cross_entropy(h, y)
            loss.backward()
            rate = LEARNING_RATE / (1 - b1**t)
            for p, m, v in zip(tensors, means, squares, strict=True):
                m += (1 - b1) * (p.grad - m)
                v += (1 - b2) * (p.grad * p.grad - v)
                p.data -= rate * m / (np.sqrt(v / (1 - b2**t)) + EPS)
            return loss

        return step, lambda: [step().item() for _ in range(5)]

    def chain(self, nodes: int) -> Program:
        x = self.mygrad.tensor(0.5)

        def step() -> None:
            chain(x, nodes).backward()

        def check() -> list[float]:
            step()
            return [x.grad.item()]

        return step, check


class Micrograd:
    """micrograd: scalars only, and a recursive sweep, so no long chain."""

    def __init__(self, engine: Any):
        self.Value = engine.Value

    def scalar_graph(self, leaves: list[float]) -> Program:
        values = [self.Value(leaf) for leaf in leaves]

        def step() -> Any:
            for value in values:
                value.grad = 0
            out = mixed_graph(values, self.Value.relu)
            out.backward()
            return out

        return step, lambda: [step().data, *(value.grad for value in values)]


class Gradloom(TorchLike, NumPyLike):
    """gradloom has both faces."""

    def __init__(self, core: Any, *modules: Any):
        TorchLike.__init__(self, core, *modules)
        NumPyLike.__init__(self, import_module("autograd.numpy"), core)


def _autograd(folder: Path) -> Any:
    """The module ``autograd`` of a folder: two peers have one. Raises ImportError for another."""
    core = import_module("autograd")
    if (found := Path(str(core.__file__)).parent).resolve() != (folder / "autograd").resolve():
        raise ImportError(f"autograd came from {found}, not from {folder}")
    return core


def _gradloom(backend: str = "") -> TorchLike:
    core = _autograd(ROOT)
    modules = core, core.grad, import_module("nn"), import_module("optim")
    return Compiled(backend, *modules) if backend else Gradloom(*modules)


def _torch(**adam_options: Any) -> TorchLike:
    torch = import_module("torch")
    return TorchLike(torch, torch.autograd.grad, torch.nn, torch.optim, **adam_options)


def _jax() -> Jax:
    return Jax(import_module("jax"))


def _hips() -> Hips:
    autograd = _autograd(HIPS)
    return Hips(import_module("autograd.numpy"), autograd)


def _imports(statement: str) -> dict[str, str]:
    return {"import": statement, "import_numpy": statement}


@dataclass(frozen=True)
class Peer:
    """A column of the report.

    ``kinds`` are the cases that it can express, ``imports`` the statement for each kind of import
    case, and ``install`` what to do where it is missing.
    """

    title: str
    distribution: str
    load: Callable[[], Any]
    kinds: tuple[str, ...]
    imports: dict[str, str]
    install: str

    @property
    def installed(self) -> tuple[list[str], list[Path]]:
        """What pip installs, and folders besides: gradloom is run from a clone."""
        if self.distribution == SUBJECT:
            return ["numpy", "graphviz"], [ROOT / name for name in ("autograd", "nn", "optim")]
        return [self.distribution], []

    def expresses(self, case: Case) -> bool:
        return case.kind in self.kinds or case.kind in self.imports


GRAPHS = ("scalar_graph", "tensor_graph")
EVERY = tuple(sorted({case.kind for case in ALL if case.measured != "import"}))
TORCHLIKE = tuple(kind for kind in EVERY if kind != "numpy")

PEERS = {
    "gradloom": Peer(
        "gradloom",
        "gradloom",
        _gradloom,
        EVERY,
        {"import": "import autograd, nn, optim", "import_numpy": "import autograd"},
        "run this script from a clone of the project",
    ),
    **{
        name: Peer(
            f"gradloom, {backend}",
            "gradloom",
            partial(_gradloom, backend),
            tuple(sorted({case.kind for case in COMPILED})),
            {},
            "run this script from a clone of the project, with gradloom[compile]",
        )
        for name, backend in PROGRAMS.items()
    },
    "torch": Peer(
        "PyTorch", "torch", _torch, TORCHLIKE, _imports("import torch"), "pip install torch"
    ),
    "torch_fused": Peer(
        "PyTorch, fused Adam",
        "torch",
        lambda: _torch(fused=True),
        ("mlp", "adam"),
        {},
        "pip install torch",
    ),
    "jax": Peer(
        "JAX, jit",
        "jax",
        _jax,
        tuple(sorted({case.kind for case in COMPILED})),
        _imports("import jax, jax.numpy"),
        "pip install jax",
    ),
    "hips": Peer(
        "HIPS autograd",
        "autograd",
        _hips,
        (*GRAPHS, "mlp", "penalty", "chain", "numpy"),
        _imports("import autograd, autograd.numpy"),
        f"{sys.executable} -m pip install --no-deps --target {HIPS} autograd==1.9.1",
    ),
    "mygrad": Peer(
        "MyGrad",
        "mygrad",
        lambda: MyGrad(import_module("mygrad")),
        (*GRAPHS, "mlp", "chain"),
        _imports("import mygrad, mygrad.nnet"),
        "pip install mygrad (Python 3.11 or newer)",
    ),
    "micrograd": Peer(
        "micrograd",
        "micrograd",
        lambda: Micrograd(import_module("micrograd.engine")),
        ("scalar_graph",),
        {"import": "import micrograd.engine"},
        "pip install micrograd",
    ),
}
