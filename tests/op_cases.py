"""From the table of ops to calls: samples drawn, functions found, leaves made."""

import functools
import importlib
import math
import pkgutil
import zlib

import numpy as np
import pytest

import autograd
import tests.rows
from autograd.engine import graph
from autograd.engine.backward import grad
from tests.rows.row import Draw, Row

FILES = [
    importlib.import_module(f"tests.rows.{found.name}")
    for found in pkgutil.iter_modules(tests.rows.__path__)
]
FUNCTIONAL = [one for one in FILES if hasattr(one, "FUNCTIONS")]  # of nn
OPS = [one for one in FILES if isinstance(getattr(one, "ROWS", [None])[0], Row)]
ROWS = [row for one in OPS for row in one.ROWS]
ROWS += [row for one in FUNCTIONAL for row in one.FUNCTIONS]


def cases(rows=ROWS, quick=None):
    """One parameter per row and sample; of a row those after the first ``quick`` are slow."""
    found = []
    for row in rows:
        for i, sample in enumerate(row.samples):
            parts = [_shown(value) for value in sample.args]
            parts += [f"{key}={_shown(value)}" for key, value in sample.kwargs.items()]
            marks = [pytest.mark.slow] if quick is not None and i >= quick else []
            name = f"{row.name}:{','.join(parts)}"
            found.append(pytest.param(row, sample, id=name, marks=marks))
    return found


def _shown(value):
    if isinstance(value, Draw):
        return value.kind[0] + "x".join(map(str, value.shape))
    if isinstance(value, (list, tuple)):
        return "(" + ",".join(map(_shown, value)) + ")"
    shown = "..." if value is Ellipsis else str(value).replace(" ", "")
    return type(value).__name__ if "at0x" in shown else shown  # the same name in every process


def drawn(row, sample, dtype=np.float64):
    """The sample's args and kwargs with its tensors drawn, as arrays; always the same ones."""
    random = np.random.default_rng(zlib.crc32(repr((row.name, _shown(list(sample.args)))).encode()))
    given = (list(sample.args), sample.kwargs)
    total = _count(given)
    places = iter((random.permutation(total) + random.uniform(0.2, 0.8, total)) / max(total, 1))

    def fill(value):
        if isinstance(value, dict):
            return {key: fill(one) for key, one in value.items()}
        if type(value) in (list, tuple):
            return type(value)(fill(one) for one in value)
        if not isinstance(value, Draw):
            return value
        if value.kind == "float":
            low, high = value.domain or row.domain
            flat = [low + (high - low) * next(places) for _ in range(math.prod(value.shape))]
            array = np.array(flat, np.float64).reshape(value.shape)
        elif value.kind == "int":
            array = random.integers(*value.domain, size=value.shape, dtype=np.int64)
        else:
            array = random.random(value.shape) < 0.5
        array = array if value.make is None else value.make(array)
        if value.kind == "float" and np.dtype(dtype).kind == "c":
            array = array + 1j * np.reshape(np.roll(array, 1), array.shape) / 2
        return np.array(array, dtype if value.kind == "float" else None)

    return fill(given)


def _count(value):
    if isinstance(value, Draw):
        return math.prod(value.shape) * (value.kind == "float")
    if isinstance(value, dict):
        value = list(value.values())
    return sum(map(_count, value)) if isinstance(value, (list, tuple)) else 0


def converted(given, sample, convert):
    """``given`` (drawn args and kwargs) with ``convert(array, differentiable)`` for arrays."""

    def walk(value, spec):
        if isinstance(spec, Draw):
            return convert(value, spec.kind == "float" and not spec.fixed)
        if isinstance(spec, dict):
            return {key: walk(value[key], one) for key, one in spec.items()}
        if type(spec) in (list, tuple):
            return type(spec)(walk(a, b) for a, b in zip(value, spec, strict=True))
        return value

    return walk(given, (list(sample.args), sample.kwargs))


def find(name):
    """The function that a row names."""
    if name.startswith("ops.") or name.startswith("nn."):
        package = "autograd." if name.startswith("ops.") else ""
        module, _, attribute = name.rpartition(".")
        found = getattr(importlib.import_module(package + module), attribute)
        return getattr(found, "apply", found)
    return functools.reduce(getattr, name.split("."), autograd)


def leaf(array, requires_grad=True):
    """A tensor over this very array."""
    tensor = graph.wrap(array, None)
    if requires_grad:
        tensor._edge = graph.Leaf(tensor)
    return tensor


def leaves_from(given, sample, requires_grad=True, make=lambda array: array):
    """Args and kwargs as tensors, and the list of those that require grad."""
    leaves = []

    def convert(array, differentiable):
        tensor = leaf(make(array), requires_grad and differentiable)
        if differentiable:
            leaves.append(tensor)
        return tensor

    args, kwargs = converted(given, sample, convert)
    return args, kwargs, leaves


def flat(result):
    """The tensors of a result, which may be a tuple of them, in a list."""
    if isinstance(result, (list, tuple)):
        return [one for part in result for one in flat(part)]
    return [result]


def differentiable(outputs):
    return [one for one in outputs if isinstance(one, graph.TensorBase) and one._edge is not None]


def cotangents(outputs, seed=1):
    """One array of random weights per output: what is multiplied into the Jacobian."""
    random = np.random.default_rng(seed)

    def weights(one):
        drawn = random.uniform(0.5, 1.5, tuple(one.shape)).astype(one.dtype)
        return drawn * (1 + 0.5j) if one.dtype.kind == "c" else drawn

    return list(map(weights, outputs))


def gradients(row, sample, given, create_graph=False, make=lambda array: array):
    """Outputs and gradients (arrays, as ``make`` makes them) of one call."""
    args, kwargs, leaves = leaves_from(given, sample, make=make)
    outputs = flat((row.function or find(row.name))(*args, **kwargs))
    ends = differentiable(outputs)
    if not ends or not leaves:
        return outputs, []
    weights = [leaf(make(w), create_graph) for w in cotangents(ends)]
    found = grad(ends, leaves, weights, create_graph=create_graph, materialize_grads=True)
    return outputs, list(found)
