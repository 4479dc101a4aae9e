"""What the layers of a model compute in a run, and the gradients that come back to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.modules import InModules
from autograd.drawing import trial
from autograd.engine import lines
from autograd.engine.backward import grad
from autograd.engine.graph import TensorBase, wrap

# Ops that are layers by themselves, though a function or a method called them.
_FUNCTIONS = {
    "Relu", "LeakyRelu", "Prelu", "Elu", "Celu", "Gelu", "GeluTanh", "Silu", "Hardswish",
    "Hardtanh", "Sigmoid", "LogSigmoid", "Softplus", "Softsign", "Tanh",
}  # fmt: skip

# The slope at an output, as a part of the steepest: σ′ = σ (1 − σ) is ¼ at most, tanh′ = 1 − tanh².
_SLOPES: dict[str, Callable[[Any], Any]] = {
    "Sigmoid": lambda a: 4 * a * (1 - a),
    "Tanh": lambda a: 1 - a * a,
}

_FLAT = 0.1


class Layer:
    """The values that one layer gave, all its calls together."""

    def __init__(self, name: str, function: str = "") -> None:
        self.name = name
        self.function = function  # the op, where it is one of these that have names of their own
        self.module: Any = None  # the class
        self.path = ""
        self.values: list[Any] = []  # an array for each call
        self.tensors: list[Any] = []  # the same, linked to the graph
        self.gradients: list[Any] = []  # an array for each call that the loss depends on

    def zeros(self) -> float:
        """The share of values that are exactly 0."""
        flat = flattened(self.values)
        return float((flat == 0).mean()) if flat.size else 0.0

    def dead(self) -> tuple[int, int]:
        """How many units are 0 for every sample, and how many there are.

        A unit is a channel of (N, C, H, W), and of other shapes an entry of the last axis.
        """
        dead = None
        for array in self.values:
            if array.ndim < 2:
                return 0, 0
            unit = 1 if array.ndim > 3 else array.ndim - 1
            silent = (array == 0).all(axis=tuple([i for i in range(array.ndim) if i != unit]))
            if dead is not None and dead.shape != silent.shape:
                return 0, 0
            dead = silent if dead is None else dead & silent
        return (0, 0) if dead is None else (int(dead.sum()), dead.size)

    def saturated(self) -> float | None:
        """The share of values where the slope is under a tenth of the steepest; None: no limit."""
        if self.function not in _SLOPES:
            return None
        return float((_SLOPES[self.function](flattened(self.values)) < _FLAT).mean())


def flattened(arrays: list[Any]) -> Any:
    """All finite elements, in one row of float64."""
    rows = [np.asarray(array, np.float64).ravel() for array in arrays]
    row = np.concatenate(rows) if rows else np.zeros(0)
    return row[np.isfinite(row)]


def layers_of(model: Any, inputs: Any, loss: Callable[[Any], Any] | None = None) -> list[Layer]:
    """The layers of ``model`` as they ran, with gradients where a loss is given."""
    collector = _Collector()
    model = trial.sized("histograms", model, inputs)
    output = trial.run("histograms", model, inputs, collector)
    layers = list(collector.layers.values())
    if loss is not None:
        asked = [(layer, one) for layer in layers for one in layer.tensors]
        found = grad(loss(output), [one for _, one in asked], allow_unused=True)
        for (layer, _), g in zip(asked, found, strict=True):
            if g is not None:
                layer.gradients.append(np.array(g._data))
    for layer in layers:
        layer.tensors.clear()
    return layers


class _Collector(InModules):
    """Copies what innermost modules return, and what functions of activation give besides."""

    def __init__(self) -> None:
        super().__init__()
        self.layers: dict[Any, Layer] = {}
        self._depth = 0
        self._latest: Any = None  # the key of the function that ran last
        self._inner: list[bool] = [True]  # of the modules that run: whether none has run inside

    def call_begins(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._depth += 1

    def call_ends(self, op: Any, result: Any, error: BaseException | None, recorded: bool) -> None:
        self._depth -= 1
        if self._depth or error is not None or op.__name__ not in _FUNCTIONS:
            return
        key = (self.module, op.__name__, str(lines.here()))
        if key not in self.layers:
            name = op.__name__.lower()
            path = self.module if "." in self.module or self.module in self._paths.values() else ""
            name = f"{path}.{name}" if path else name
            same = [one for one in self.layers.values() if one.name.partition(" ")[0] == name]
            self.layers[key] = Layer(f"{name} {len(same) + 1}" if same else name, op.__name__)
        self._add(self.layers[key], result)
        self._latest = key

    def module_entered(self, module: Any) -> None:
        super().module_entered(module)
        self._inner[-1] = False
        self._inner.append(True)

    def module_left(self, module: Any) -> None:
        super().module_left(module)
        self._inner.pop()

    def module_returned(self, module: Any, result: Any) -> None:
        if not self._inner[-1]:
            return
        results = result if isinstance(result, (tuple, list)) else (result,)
        first = next((one for one in results if isinstance(one, TensorBase)), None)
        if first is None or not dtypes.differentiable(first._data.dtype):
            return
        path, function = self.module, ""
        latest = self.layers.get(self._latest)
        if latest is not None and self._latest[0] == path and _same(latest.values[-1], first._data):
            function = latest.function  # the module is but the function
            latest.values.pop()
            latest.tensors = latest.tensors[: len(latest.values)]
            if not latest.values:
                del self.layers[self._latest]
        name = path if path == type(module).__name__ else f"{path}: {type(module).__name__}"
        own = self.layers.setdefault(id(module), Layer(name, function))
        own.module, own.path = type(module), path
        self._add(own, first)

    def _add(self, layer: Layer, tensor: Any) -> None:
        array = np.array(tensor._data)  # a copy: what comes next may work in place
        layer.values.append(array)
        if tensor._edge is not None:
            layer.tensors.append(wrap(array, tensor._edge, tensor))


def _same(one: Any, other: Any) -> bool:
    """Whether two arrays hold the same."""
    return np.array_equal(one, other, equal_nan=True)


def chosen(layers: Iterable[Layer], wanted: Any) -> list[Layer]:
    """Those of the classes of modules, or of the names, that are ``wanted``."""
    if wanted is None:
        return list(layers)
    if isinstance(wanted, type):
        wanted = (wanted,)
    found = [
        layer
        for layer in layers
        if any(
            issubclass(layer.module or type(None), one) if isinstance(one, type)
            else one in (layer.name, layer.path)
            for one in wanted
        )
    ]  # fmt: skip
    if not found:
        asked = ", ".join([one.__name__ if isinstance(one, type) else str(one) for one in wanted])
        raise ValueError(
            "histograms: layers must name some that ran, or be classes of modules; nothing fits "
            f"{asked}. The model has {', '.join([layer.name for layer in layers])}."
        )
    return found
