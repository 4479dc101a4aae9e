"""Activations that may write into their input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.arrays.arguments import check_tensors
from autograd.engine.graph import TensorBase
from autograd.tensors.inplace import changed


def elementwise(call: str, input: Any, inplace: bool, operation: Callable[[Any], Any]) -> Any:
    """``operation(input)``, or ``input`` with the result written into it."""
    return changed(input, call, operation) if inplace else operation(input)


def run(call: str, input: Any, inplace: bool, op: Any, **options: Any) -> Any:
    """:func:`elementwise` of an op, with its options."""
    if isinstance(input, TensorBase) and not inplace:
        return op.apply(input, **options)
    check_tensors(call, input=input)
    return elementwise(call, input, inplace, lambda x: op.apply(x, **options))
