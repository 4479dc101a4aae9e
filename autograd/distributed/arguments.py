"""What calls between processes take: tensors, lists of them, ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.arrays.arguments import integer_of
from autograd.distributed.group import ProcessGroup
from autograd.distributed.work import Work
from autograd.engine import watches
from autograd.engine.graph import TensorBase


def array_of(call: str, name: str, tensor: Any) -> np.ndarray:
    """The array of a tensor that is sent or written to; raises TypeError for other things."""
    watches.begins_beyond_ops(f"{call} was called, which goes on with other processes")
    if not isinstance(tensor, TensorBase):
        raise TypeError(
            f"{call}: {name} must be a tensor; got {type(tensor).__name__}. Pass a tensor, or use "
            "the call for objects."
        )
    array = tensor._array() if tensor._whole else None  # type: ignore[attr-defined]
    if not isinstance(array, np.ndarray):
        raise TypeError(
            f"{call}: {name} must be an array of NumPy's; it is sparse, or of another library. "
            "Convert it: to_dense(), or to('cpu')."
        )
    return array


def arrays_of(call: str, name: str, tensors: Any, count: int) -> list[np.ndarray]:
    """The arrays of a list with a tensor for each process.

    Raises TypeError for what is no list, ValueError for another number, or tensors that differ.
    """
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(
            f"{call}: {name} must be a list of tensors; got {type(tensors).__name__}. Make one: "
            "[torch.empty_like(tensor) for _ in range(get_world_size())]."
        )
    arrays = [array_of(call, f"{name}[{i}]", tensor) for i, tensor in enumerate(tensors)]
    if len(arrays) != count:
        raise ValueError(
            f"{call}: {name} must have a tensor for each of {count} ranks; got {len(arrays)}. Make "
            "it as long as get_world_size()."
        )
    return arrays


def alike(call: str, name: str, arrays: Sequence[np.ndarray], like: np.ndarray) -> None:
    """Raise ValueError where arrays differ in shape or dtype from another."""
    for i, array in enumerate(arrays):
        if array.shape != like.shape or array.dtype != like.dtype:
            raise ValueError(
                f"{call}: the tensors must have one shape and dtype, {like.shape} {like.dtype}; "
                f"{name}[{i}] is {array.shape} {array.dtype}. Make all alike."
            )


def raw(array: np.ndarray) -> np.ndarray:
    """The bytes of an array, one after the other; a copy where they do not lie so."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


def shown(array: np.ndarray) -> str:
    """What an array is called in a call: ``float32 (3, 2)``."""
    return f"{array.dtype} {array.shape}"


def begun(work: Work, async_op: bool, *tensors: Any) -> Work | None:
    """The call under way, which writes to ``tensors``, or None when it is finished."""
    if async_op:
        work.tensors = list(tensors)
        return work
    work.wait()
    return None


def rank_in(call: str, name: str, group: ProcessGroup, rank: Any, within: Any = None) -> int:
    """The number in ``group`` of a rank of the world; ``within`` is one of the group itself.

    Raises ValueError for none.
    """
    if within is not None:
        number = integer_of(call, f"group_{name}", within)
        if 0 <= number < group.size():
            return number
        raise ValueError(
            f"{call}: group_{name} must be one of the group's ranks, 0 to {group.size() - 1}; got "
            f"{within}. Name one of them."
        )
    number = integer_of(call, name, 0 if rank is None else rank)
    if number not in group.ranks:
        raise ValueError(
            f"{call}: {name} must be a rank of the group, of {group.ranks}; got {number}. Name a "
            "member by its rank in the world."
        )
    return group.ranks.index(number)


def check_shares(
    call: str, large: str, whole: np.ndarray, small: str, part: np.ndarray, n: int
) -> None:
    if whole.size != n * part.size or whole.dtype != part.dtype:
        raise ValueError(
            f"{call}: {large} must have {n} times the elements of {small}, in one dtype; they are "
            f"{shown(whole)} and {shown(part)}. Make it of shape (n * rows, ...)."
        )
