"""A sample of PyTorch's op database as a call of ours.

A sample's tensors become slots, which hold plain arrays; everything else that is PyTorch's own
(dtypes, generators, functions that the database writes in Python) is translated when our call is
made. A function of the database's is the same code with ``torch`` standing for us.
"""

from __future__ import annotations

import functools
import types
from typing import Any, NamedTuple

import numpy as np
import torch

import autograd
import nn


class Unsuitable(Exception):
    """A sample that NumPy cannot hold, or that asks for another device."""


class NotThere(Exception):
    """A name that we have not."""


class Slot(NamedTuple):
    """A tensor of a sample."""

    array: np.ndarray
    requires_grad: bool
    layout: str = "strided"


class Sample(NamedTuple):
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    process: Any = None  # of the result, before it is compared: what makes it unique


class Door:
    """Stands for ``torch`` in the database's own functions."""

    def __getattr__(self, name: str) -> Any:
        if name == "nn":
            return nn
        if name == "ops":  # PyTorch's own insides, not our folder
            raise NotThere("torch.ops")
        try:
            return getattr(autograd, name)
        except AttributeError:
            raise NotThere(f"torch.{name}") from None


def seeded(function: Any, *args: Any, **kwargs: Any) -> Any:
    """As the database draws: from the seed 42."""
    autograd.manual_seed(42)
    return function(*args, **kwargs)


MOST_AXES = 32  # in the oldest NumPy
IN_PLACE_OF = {"torch": Door(), "wrapper_set_seed": seeded}


def find(name: str) -> Any:
    """Our function, property or method of a name below ``torch``. Raises NotThere."""
    found: Any = autograd
    parts = name.split(".")
    try:
        for part in parts:
            found = nn if part == "nn" and found is autograd else getattr(found, part)
        # the module abs.py is not abs, and the dtype cdouble not the method
        if not isinstance(found, (types.ModuleType, autograd.dtype)):
            return found
    except AttributeError:
        pass
    if len(parts) == 1 and hasattr(autograd.Tensor, name):
        return getattr(autograd.Tensor, name)
    raise NotThere(f"torch.{name}")


def translated(function: Any) -> Any:
    """A function that the database writes in Python, over our names."""
    names = {**function.__globals__, **IN_PLACE_OF}
    closed = tuple(types.CellType(ours(cell.cell_contents)) for cell in function.__closure__ or ())
    made = types.FunctionType(
        function.__code__, names, function.__name__, function.__defaults__, closed or None
    )
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def slots(value: Any) -> Any:
    """PyTorch's tensors in ``value`` as slots. Raises Unsuitable."""
    if isinstance(value, torch.Tensor):
        if value.device.type != "cpu" or value.is_quantized:
            raise Unsuitable(str(value.device))
        layout = str(value.layout).removeprefix("torch.")
        dense = value.detach() if layout == "strided" else value.detach().to_dense()
        if dense.dtype in (torch.bfloat16, torch.complex32) or "float8" in str(dense.dtype):
            raise Unsuitable(str(dense.dtype))
        if dense.ndim > MOST_AXES:
            raise Unsuitable(f"{dense.ndim} axes")
        dense = dense.resolve_conj().resolve_neg()
        array = np.array(dense.numpy(), order="K", copy=True)
        return Slot(array, value.requires_grad, layout)
    return over(value, slots)


def over(value: Any, function: Any) -> Any:
    """``value`` with ``function`` done to what tuples, lists, dicts and slices in it hold."""
    if isinstance(value, Slot):
        return value
    if isinstance(value, torch.Size):
        return tuple(value)
    if isinstance(value, (list, tuple)):
        parts = [function(one) for one in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if isinstance(value, dict):
        return {key: function(one) for key, one in value.items()}
    if isinstance(value, slice):
        return slice(*(function(one) for one in (value.start, value.stop, value.step)))
    return value


@functools.singledispatch
def ours(value: Any) -> Any:
    """What is PyTorch's in ``value``, but no tensor, as it is called here."""
    return value


@ours.register(torch.dtype)
@ours.register(torch.layout)
@ours.register(torch.memory_format)
def _(value: Any) -> Any:
    name = str(value).removeprefix("torch.")
    try:
        return getattr(autograd, name)
    except AttributeError:
        raise NotThere(f"torch.{name}") from None


@ours.register
def _(value: torch.device) -> Any:
    if value.type != "cpu":
        raise Unsuitable(str(value))
    return autograd.device("cpu")


@ours.register
def _(value: torch.Generator) -> Any:
    return autograd.Generator().manual_seed(value.initial_seed())


@ours.register
def _(value: torch.nn.Module) -> Any:
    return getattr(nn, type(value).__name__)()


@ours.register(types.FunctionType)
def _(value: Any) -> Any:
    if value.__module__.startswith(("torch.testing", "torch.nn.functional")):
        try:
            return find(f"{value.__module__.removeprefix('torch.')}.{value.__name__}")
        except NotThere:
            return translated(value)
    return value


@ours.register(types.BuiltinFunctionType)
def _(value: Any) -> Any:
    return find(value.__name__) if getattr(torch, value.__name__, None) is value else value
