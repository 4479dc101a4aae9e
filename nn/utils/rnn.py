"""Sequences of several lengths in one tensor: padded, or packed without the padding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import autograd
from autograd.arrays import dtypes
from autograd.arrays.arguments import check_flags, check_tensors, integer_of, number_of
from autograd.engine.places import ShapeError

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "PackedSequence",
    "invert_permutation",
    "pack_padded_sequence",
    "pack_sequence",
    "pad_packed_sequence",
    "pad_sequence",
    "unpack_sequence",
    "unpad_sequence",
]


class _Packed(NamedTuple):
    data: Any
    batch_sizes: Any
    sorted_indices: Any
    unsorted_indices: Any


class PackedSequence(_Packed):
    """Sequences without their padding: the first elements of all, then the second ones, ….

    ``data`` is (Σ lengths, *); step t belongs to the ``batch_sizes[t]`` longest sequences.
    ``sorted_indices`` says where those stood before they were sorted, ``unsorted_indices`` leads
    back. Made by :func:`pack_padded_sequence` and :func:`pack_sequence`.

    >>> import autograd
    >>> pack_sequence([autograd.tensor([1, 2]), autograd.tensor([3])]).data
    tensor([1, 3, 2])
    """

    def __new__(
        cls,
        data: Any,
        batch_sizes: Any = None,
        sorted_indices: Any = None,
        unsorted_indices: Any = None,
    ) -> PackedSequence:
        if batch_sizes is None:  # the parts as one
            data, batch_sizes = data
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        check_tensors("PackedSequence", data=data, batch_sizes=batch_sizes)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def _with(self, data: Any) -> Any:
        if data is self.data:
            return self
        return type(self)(data, *self[1:])

    def to(self, *args: Any, **kwargs: Any) -> Any:
        """The same with ``data.to(...)``; itself where nothing changes."""
        return self._with(self.data.to(*args, **kwargs))

    def cpu(self) -> Any:
        """The same with its data in main memory."""
        return self._with(self.data.cpu())

    def cuda(self, *args: Any, **kwargs: Any) -> Any:
        """The same with its data on a GPU. Raises where there is none, as ``data.cuda`` does."""
        return self._with(self.data.cuda(*args, **kwargs))

    def pin_memory(self) -> Any:
        """Itself: memory is not pinned here."""
        return self

    def is_pinned(self) -> bool:
        """Always False."""
        return False

    @property
    def is_cuda(self) -> bool:
        """Whether the data are on a GPU."""
        return bool(self.data.is_cuda)

    def double(self) -> Any:
        """The same in float64."""
        return self.to(dtypes.float64)

    def float(self) -> Any:
        """The same in float32."""
        return self.to(dtypes.float32)

    def half(self) -> Any:
        """The same in float16."""
        return self.to(dtypes.float16)

    def long(self) -> Any:
        """The same in int64."""
        return self.to(dtypes.int64)

    def int(self) -> Any:
        """The same in int32."""
        return self.to(dtypes.int32)

    def short(self) -> Any:
        """The same in int16."""
        return self.to(dtypes.int16)

    def char(self) -> Any:
        """The same in int8."""
        return self.to(dtypes.int8)

    def byte(self) -> Any:
        """The same in uint8."""
        return self.to(dtypes.uint8)


def invert_permutation(permutation: Tensor | None) -> Tensor | None:
    """The permutation that undoes ``permutation``; None for None.

    >>> import autograd
    >>> invert_permutation(autograd.tensor([2, 0, 1]))
    tensor([1, 2, 0])
    """
    if permutation is None:
        return None
    check_tensors("invert_permutation", permutation=permutation)
    return autograd.argsort(permutation)


def pack_padded_sequence(
    input: Tensor,
    lengths: Tensor | Sequence[int],
    batch_first: bool = False,
    enforce_sorted: bool = True,
) -> PackedSequence:
    """Padded sequences (T, N, *), or (N, T, *) with ``batch_first``, without their padding.

    :param lengths: one per sequence, at least 1 and at most T.
    :param enforce_sorted: the lengths must not grow; False sorts the sequences, and remembers how.
    :raises RuntimeError: lengths that grow, are below 1, or are not as many as the sequences.

    >>> import autograd
    >>> padded = autograd.tensor([[1, 3], [2, 0]])
    >>> pack_padded_sequence(padded, [2, 1]).data
    tensor([1, 3, 2])
    """
    call = "pack_padded_sequence"
    check_tensors(call, input=input)
    check_flags(call, batch_first=batch_first, enforce_sorted=enforce_sorted)
    long = _lengths(call, lengths)
    order = None
    if input.ndim < 2:
        raise RuntimeError(
            f"{call}: input must have the axes of time and of sequences; got shape "
            f"{tuple(input.shape)}. Stack the sequences: pad_sequence(...)."
        )
    if batch_first:
        input = input.transpose(0, 1)
    steps, count = input.shape[:2]
    if len(long) != count:
        raise RuntimeError(
            f"{call}: expected {count} lengths, one per sequence; got {len(long)}. With sequences "
            "first, pass batch_first=True."
        )
    if count and (long.min() < 1 or long.max() > steps):
        raise ShapeError(
            f"{call}: lengths must be between 1 and {steps}; got {long.min()} to {long.max()}. "
            "Leave out empty sequences."
        )
    if not enforce_sorted:
        order = np.argsort(-long, kind="stable")
        long = long[order]
    elif np.any(long[1:] > long[:-1]):
        raise RuntimeError(
            f"{call}: lengths must not grow; they do. Sort the sequences, the longest first, or "
            "pass enforce_sorted=False."
        )
    present = np.arange(long[0] if count else 0)[:, None] < long
    time, sequence = np.nonzero(present)
    index = time * count + (sequence if order is None else order[sequence])
    rows = input.reshape(steps * count, *input.shape[2:])
    return PackedSequence(
        rows[autograd.from_numpy(index)],
        autograd.from_numpy(np.sum(present, 1)),
        None if order is None else autograd.from_numpy(order),
    )


def pad_packed_sequence(
    sequence: PackedSequence,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Tensor, Tensor]:
    """Packed sequences as (T, N, *), or (N, T, *) with ``batch_first``, and their lengths (N).

    T is the longest length, or ``total_length``. Raises ValueError where that is less.

    >>> import autograd
    >>> packed = pack_sequence([autograd.tensor([1, 2]), autograd.tensor([3])])
    >>> pad_packed_sequence(packed)
    (tensor([[1, 3],
            [2, 0]]), tensor([2, 1]))
    """
    call = "pad_packed_sequence"
    _check_packed(call, sequence)
    check_flags(call, batch_first=batch_first)
    data, batch_sizes, _, unsorted = sequence
    sizes = batch_sizes.numpy()
    steps, count = len(sizes), int(sizes[0]) if len(sizes) else 0
    if total_length is not None:
        longest = steps
        steps = integer_of(call, "total_length", total_length)
        if steps < longest:
            raise ValueError(
                f"{call}: total_length must be at least the longest length; got {steps} for "
                f"{longest}. Leave it out."
            )
    order = np.arange(count) if unsorted is None else unsorted.numpy()
    place = np.full((steps, count), len(data))  # of what is missing: a row of padding, at the end
    present = np.arange(count) < sizes[:, None]
    place[: len(sizes)][present] = np.arange(len(data))
    place = place[:, order]
    lengths = np.sum(present, 0)[order]
    value = number_of(call, "padding_value", padding_value)
    filler = autograd.full((1, *data.shape[1:]), value, dtype=data.dtype)
    rows = autograd.cat([data, filler])[autograd.from_numpy(place)]
    return (rows.transpose(0, 1) if batch_first else rows), autograd.from_numpy(lengths)


def pad_sequence(
    sequences: Tensor | Sequence[Tensor],
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """Sequences (Lᵢ, *) side by side: (T, N, *), or (N, T, *) with ``batch_first``, T the longest.

    Raises ValueError for a ``padding_side`` other than "left" and "right", RuntimeError where the
    other axes differ.

    >>> import autograd
    >>> pad_sequence([autograd.tensor([1, 2]), autograd.tensor([3])], batch_first=True)
    tensor([[1, 2],
            [3, 0]])
    """
    call = "pad_sequence"
    check_flags(call, batch_first=batch_first)
    if padding_side not in ("left", "right"):
        raise ValueError(
            f"{call}: padding_side must be 'left' or 'right'; got {padding_side!r}. Pass 'right'."
        )
    listed = _sequences(call, sequences)
    value = number_of(call, "padding_value", padding_value)
    longest = max(len(one) for one in listed)
    padded = []
    for one in listed:
        missing = longest - len(one)
        if missing:
            filler = autograd.full((missing, *one.shape[1:]), value, dtype=one.dtype)
            one = autograd.cat([one, filler] if padding_side == "right" else [filler, one])
        padded.append(one)
    return autograd.stack(padded, 0 if batch_first else 1)


def unpad_sequence(
    padded_sequences: Tensor, lengths: Tensor, batch_first: bool = False
) -> list[Tensor]:
    """The sequences that :func:`pad_sequence` padded, on the right.

    >>> import autograd
    >>> unpad_sequence(autograd.tensor([[1, 3], [2, 0]]), autograd.tensor([2, 1]))
    [tensor([1, 2]), tensor([3])]
    """
    call = "unpad_sequence"
    check_tensors(call, padded_sequences=padded_sequences)
    check_flags(call, batch_first=batch_first)
    if not batch_first:
        padded_sequences = padded_sequences.transpose(0, 1)
    long = _lengths(call, lengths).tolist()
    return [one[:n] for one, n in zip(padded_sequences.unbind(0), long, strict=False)]


def pack_sequence(sequences: Sequence[Tensor], enforce_sorted: bool = True) -> PackedSequence:
    """Sequences (Lᵢ, *) packed; the longest first, unless ``enforce_sorted`` is False.

    >>> import autograd
    >>> short, long = autograd.tensor([3]), autograd.tensor([1, 2])
    >>> pack_sequence([short, long], enforce_sorted=False).sorted_indices
    tensor([1, 0])
    """
    listed = _sequences("pack_sequence", sequences)
    lengths = [len(one) for one in listed]
    return pack_padded_sequence(pad_sequence(listed), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The sequences that :func:`pack_sequence` packed.

    >>> import autograd
    >>> unpack_sequence(pack_sequence([autograd.tensor([1, 2]), autograd.tensor([3])]))
    [tensor([1, 2]), tensor([3])]
    """
    _check_packed("unpack_sequence", packed_sequences)
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)


def _check_packed(call: str, value: Any) -> None:
    if not isinstance(value, PackedSequence):
        raise TypeError(
            f"{call}: expected a PackedSequence; got {type(value).__name__}. pack_sequence makes "
            "one."
        )


def _sequences(call: str, sequences: Any) -> list[Any]:
    """Tensors of at least one axis, in a list."""
    if isinstance(sequences, autograd.Tensor):
        sequences = sequences.unbind(0) if sequences.ndim else [sequences]
    listed = list(sequences) if isinstance(sequences, Iterable) else [sequences]
    for one in listed:
        if not (isinstance(one, autograd.Tensor) and one.ndim):
            raise RuntimeError(
                f"{call}: sequences must be tensors of at least one axis; got {one!r:.60}. Make "
                "them: autograd.tensor([...])."
            )
    if not listed:
        raise RuntimeError(f"{call}: expected at least one sequence; got none. Pass some.")
    if any(one.shape[1:] != listed[0].shape[1:] for one in listed):
        shapes = ", ".join(str(tuple(one.shape)) for one in listed[:4])
        raise RuntimeError(
            f"{call}: sequences may differ in their first axis alone; got shapes {shapes}. Reshape "
            "them."
        )
    return listed


def _lengths(call: str, lengths: Any) -> Any:
    """Lengths as an array of integers."""
    try:
        found = np.asarray(lengths.tolist() if hasattr(lengths, "tolist") else list(lengths))
        if found.ndim != 1 or (found.size and not dtypes.integral(found.dtype)):
            raise TypeError
    except (TypeError, ValueError):
        raise TypeError(
            f"{call}: lengths must be whole numbers, one per sequence; got {lengths!r:.60}. Pass a "
            "list, or an int64 tensor."
        ) from None
    return found.astype(np.int64)
