"""One call with its first and second derivatives, in PyTorch or here, from the same arrays."""

from __future__ import annotations

import zlib
from typing import Any, NamedTuple

import numpy as np
import torch

import autograd
from tests.certificate.adapter import Sample, Slot, ours, over
from tests.foreign_array import ForeignArray, host
from tests.op_cases import leaf


class Found(NamedTuple):
    """Arrays, or what else a result holds; a derivative that was not asked for is None."""

    values: list[Any]
    first: list[Any] | None = None
    second: list[Any] | None = None


class Theirs:
    """PyTorch."""

    type = torch.Tensor

    def tensor(self, slot: Slot) -> Any:
        made = torch.from_numpy(np.array(slot.array, order="K"))
        if slot.layout != "strided":
            made = made.to_sparse(layout=getattr(torch, slot.layout))
        return made.requires_grad_(slot.requires_grad)

    def other(self, value: Any) -> Any:
        return value

    def seed(self) -> None:
        torch.default_generator.manual_seed(42)  # manual_seed itself writes down who asks

    def process(self, sample: Sample, result: Any) -> Any:
        return result if sample.process is None else sample.process(result)

    def array(self, tensor: Any) -> np.ndarray:
        tensor = whole(tensor.detach())
        if tensor.dtype in (torch.bfloat16, torch.complex32):
            tensor = tensor.to(torch.float32 if tensor.is_floating_point() else torch.complex64)
        return tensor.resolve_conj().resolve_neg().numpy()

    def grad(self, ends: Any, leaves: Any, weights: Any, again: bool) -> Any:
        found = torch.autograd.grad(ends, leaves, weights, create_graph=again, allow_unused=True)
        return [torch.zeros_like(x) if g is None else g for g, x in zip(found, leaves)]


class Ours:
    """autograd, over arrays that ``make`` makes of the sample's."""

    type = autograd.Tensor

    def __init__(self, make: Any = lambda array: np.array(array, order="K")) -> None:
        self.make = make

    def tensor(self, slot: Slot) -> Any:
        made = leaf(self.make(slot.array), False)
        if slot.layout != "strided":
            made = made.to_sparse(layout=getattr(autograd, slot.layout))
        return made.requires_grad_() if slot.requires_grad else made

    def other(self, value: Any) -> Any:
        return ours(value)

    def seed(self) -> None:
        autograd.manual_seed(42)

    def process(self, sample: Sample, result: Any) -> Any:
        return result if sample.process is None else ours(sample.process)(result)

    def array(self, tensor: Any) -> np.ndarray:
        tensor = whole(tensor.detach())
        if isinstance(tensor._data, ForeignArray):
            array = host(tensor._data)
            return array.astype(np.float32) if array.dtype.name == "bfloat16" else array
        if tensor.dtype == getattr(autograd, "bfloat16", None):
            tensor = tensor.float()
        return np.asarray(tensor.numpy())

    def grad(self, ends: Any, leaves: Any, weights: Any, again: bool) -> Any:
        stored = [getattr(x, "_stored", x) for x in leaves]  # the leaf of a sparse tensor
        found = autograd.grad(ends, stored, weights, create_graph=again, materialize_grads=True)
        return [x._with(g) if hasattr(x, "_with") else g for x, g in zip(leaves, found)]


THEIRS, OURS = Theirs(), Ours()


def arguments(side: Any, sample: Sample) -> tuple[Any, Any, list[Any]]:
    """Args and kwargs of a call, and the tensors among them that require grad, in order."""
    leaves = []

    def convert(value: Any) -> Any:
        if isinstance(value, Slot):
            made = side.tensor(value)
            if value.requires_grad:
                leaves.append(made)
            return made
        found = over(value, convert)
        return found if found is not value else side.other(value)

    return convert(list(sample.args)), convert(sample.kwargs), leaves


def flat(result: Any) -> list[Any]:
    """What a result holds, in a list."""
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, (list, tuple)):
        return [one for part in result for one in flat(part)]
    return [result]


def whole(tensor: Any) -> Any:
    """A sparse tensor with all its elements, in the graph; anything else as it is."""
    return tensor.to_dense() if "sparse" in str(getattr(tensor, "layout", "")) else tensor


def plain(side: Any, value: Any) -> Any:
    """An element of a result as an array, a number, or text."""
    if isinstance(value, side.type):
        return side.array(value)
    if value is None or isinstance(value, (bool, int, float, complex, str)):
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        return np.asarray(value)
    return str(value).removeprefix("torch.").removeprefix("autograd.")


def weights_of(side: Any, tensors: list[Any], what: str, active: bool) -> list[Any]:
    """Random weights, the same for both sides: what is multiplied into a Jacobian."""
    made = []
    for i, tensor in enumerate(tensors):
        array = side.array(tensor)
        random = np.random.default_rng(zlib.crc32(f"{what} {i} {array.shape}".encode()))
        weight = random.uniform(0.5, 1.5, array.shape)
        if array.dtype.kind == "c":
            weight = weight + 1j * random.uniform(-1.0, 1.0, array.shape)
        made.append(side.tensor(Slot(np.asarray(weight.astype(array.dtype)), active)))
    return made


def call(side: Any, function: Any, sample: Sample, orders: int = 0) -> Found:
    """The values of ``function``, and their derivatives up to the order asked for."""
    side.seed()
    args, kwargs, leaves = arguments(side, sample)
    result = list(map(whole, flat(side.process(sample, function(*args, **kwargs)))))
    values = [plain(side, one) for one in result]
    ends = [one for one in result if isinstance(one, side.type) and one.requires_grad]
    if not orders or not leaves:
        return Found(values)
    if not ends:
        return Found(values, [np.zeros_like(side.array(one)) for one in leaves])
    weights = weights_of(side, ends, "end", orders > 1)
    first = list(map(whole, side.grad(ends, leaves, weights, orders > 1)))
    found = [side.array(one) for one in first]
    if orders < 2:
        return Found(values, found)
    directions = weights_of(side, first, "direction", False)
    pairs = [(g, v) for g, v in zip(first, directions) if g.requires_grad]
    inputs = [*leaves, *weights]
    if not pairs:
        return Found(values, found, [np.zeros_like(side.array(one)) for one in inputs])
    second = side.grad(*[[p[0] for p in pairs], inputs, [p[1] for p in pairs]], False)
    return Found(values, found, [side.array(one) for one in second])
