"""Tables of vectors, looked up by integers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_flags, check_tensors, integer_of, number_of
from autograd.arrays.dialect import anywhere, ends, pick
from autograd.arrays.errors import DtypeError
from autograd.arrays.remedies import first_outside
from autograd.engine import versions
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError, placed
from autograd.kernels.layout import rows_taken
from autograd.kernels.rows import rows_added, shorten_rows
from autograd.ops.indexing.getitem import GetItem
from autograd.ops.indexing.index import index_array
from autograd.ops.shape.repeat import SumOfRepeats

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["embedding", "embedding_bag"]


class Embedding(Function):
    """The rows of ``weight`` at ``index``; their gradients count as often as ``factors`` say."""

    def forward(self, weight, index, factors):
        self.n = weight.shape[0]
        return rows_taken(weight, index, axis=0)

    def grad_weight(self, g, index, factors):
        if factors is not None:
            factors = factors[..., None]
            g = np.where(np.equal(factors, 0), 0, g) * factors
        return RowsAdded.apply(g, index, n=self.n)


class RowsAdded(Function):
    """Zeros with rows added at ``index``: the adjoint of :class:`Embedding`."""

    def forward(self, rows, index, *, n):
        return rows_added(rows, index, n=n)

    def grad_rows(self, g, index):
        return Embedding.apply(g, index, None)


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """The rows of ``weight`` that ``input`` names.

    Shapes: input (*), integers in [0, n), weight (n, d) -> (*, d). Raises IndexError for other
    integers and dtypes.

    :param padding_idx: the row at this place gets no gradient.
    :param max_norm: rows that are looked up are shortened to this ``norm_type``-norm, in place.
    :param scale_grad_by_freq: a row's gradient is divided by how often it was looked up.
    :param sparse: taken for PyTorch's sake; the gradient is dense.

    >>> import autograd
    >>> embedding(autograd.tensor([2, 0]), autograd.tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]))
    tensor([[4., 5.],
            [0., 1.]])
    """
    check_flags("embedding", scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)
    index = _index("embedding", input, weight)
    padding = place_of_padding("embedding", padding_idx, weight.shape[0])
    if max_norm is not None:
        _shorten("embedding", weight, index, max_norm, norm_type)
    return Embedding.apply(weight, index, _factors(index, padding, scale_grad_by_freq, weight))


def place_of_padding(call: str, padding_idx: Any, n: int) -> int | None:
    """``padding_idx`` counted from the first row."""
    if padding_idx is None:
        return None
    place = integer_of(call, "padding_idx", padding_idx)
    if not -n <= place < n:
        raise ValueError(
            f"{call}: padding_idx must be one of the {n} rows; got {place}. Leave it out, or make "
            "the table longer."
        )
    return place % n


def _index(call: str, input: Any, weight: Any) -> Any:
    """The indices as an array, checked against the table."""
    check_tensors(call, input=input, weight=weight)
    if weight.ndim != 2:
        raise ShapeError(
            f"{call}: weight must be a table of shape (n, d); got {tuple(weight.shape)}. The "
            "indices come first, the table second."
        )
    if not dtypes.floating(weight.dtype):
        raise placed(
            DtypeError(
                f"{call}: weight must be of a floating dtype; got {weight.dtype}. The indices come "
                "first, the table second."
            )
        )
    index = index_array(call, input)
    least, most = ends(index)
    if math.prod(index.shape) and not 0 <= least <= most < weight.shape[0]:
        fact, value = first_outside("input", index, index.shape, weight.shape[0])
        remedy = f"num_embeddings={most + 1} would take it"
        if value < 0:
            remedy = "Give what is left out a row of its own, the padding_idx"
        raise placed(
            IndexError(
                f"{call}: indices must be rows of the table, in [0, {weight.shape[0]}); got "
                f"{least} to {most}, where {fact}. {remedy}."
            )
        )
    return index


def _factors(index: Any, padding: int | None, by_frequency: bool, weight: Any) -> Any:
    """How much each look counts in the gradient; None: as it is."""
    factors = None
    if by_frequency:
        counts = np.bincount(np.reshape(index, (-1,)))
        factors = pick(1 / np.maximum(counts, 1).astype(weight.dtype), index)
    if padding is not None:
        other = np.not_equal(index, padding)
        if anywhere(np.equal(index, padding)):
            other = other.astype(weight.dtype)
            factors = other if factors is None else factors * other
    return factors


def _shorten(call: str, weight: Any, index: Any, max_norm: Any, norm_type: Any) -> None:
    """Rows that are looked up, shortened in place."""
    limit, p = number_of(call, "max_norm", max_norm), number_of(call, "norm_type", norm_type)
    if not p > 0:
        raise ValueError(f"{call}: norm_type must be positive; got {p}. Pass 2.0.")
    shorten_rows(weight._array(), index, limit=limit, p=p)
    versions.note_change(weight._array())


# -- bags -----------------------------------------------------------------------------------------


def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """The sum, mean or maximum of the rows that each bag names; 0 for an empty bag.

    Shapes: input (bags, k), or (total) with ``offsets`` (bags), where each bag begins; weight
    (n, d) -> (bags, d). Raises ValueError where these do not go together, IndexError for integers
    that are no rows.

    :param per_sample_weights: shaped like ``input``; multiplies rows of a sum.
    :param include_last_offset: the last of ``offsets`` is where the last bag ends.
    :param padding_idx: what names this row counts nothing, also in a mean.

    The other options are those of :func:`embedding`.

    >>> import autograd
    >>> table = autograd.tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    >>> embedding_bag(autograd.tensor([[0, 1], [2, 2]]), table)
    tensor([[1., 2.],
            [4., 5.]])
    """
    call = "embedding_bag"
    check_flags(
        call,
        scale_grad_by_freq=scale_grad_by_freq,
        sparse=sparse,
        include_last_offset=include_last_offset,
    )
    check_mode(call, mode, scale_grad_by_freq, sparse)
    index = _index(call, input, weight)
    factors: Any = per_sample_weights
    if factors is not None:
        check_tensors(call, per_sample_weights=factors)
        if mode != "sum" or tuple(factors.shape) != index.shape:
            raise ShapeError(
                f"{call}: per_sample_weights go with mode='sum', one for each index; got mode "
                f"{mode!r}, and shape {tuple(factors.shape)} for {index.shape}. Take mode='sum'."
            )
        factors = np.reshape(factors, (-1,))
    padding = place_of_padding(call, padding_idx, weight.shape[0])
    lengths = _lengths(call, index, offsets, include_last_offset)
    size = tuple(index.shape) if index.ndim == 2 else None  # of bags of one length
    index = np.reshape(index, (-1,))
    if max_norm is not None:
        _shorten(call, weight, index, max_norm, norm_type)
    if padding is not None:
        size = None
        counts = np.not_equal(index, padding)
        kept = np.flatnonzero(counts)
        before = np.concatenate(([0], np.cumsum(counts)))  # how many count up to each place
        stops = np.cumsum(lengths)
        lengths = before[stops] - before[stops - lengths]
        index = index[kept]
        factors = None if factors is None else GetItem.apply(factors, kept, distinct=True)
    rows = Embedding.apply(weight, index, _factors(index, None, scale_grad_by_freq, weight))
    if factors is not None:
        rows = rows * np.reshape(factors, (-1, 1))
    if size is not None and (size[1] or mode != "max"):
        return _of_one_length(np.reshape(rows, (*size, rows.shape[1])), mode)
    if mode == "max":
        return _largest(rows, lengths)
    out = SumOfRepeats.apply(rows, len(lengths), lengths, 0)
    if mode == "mean":
        out = out / np.maximum(lengths, 1).astype(out.dtype)[:, None]
    return out


def check_mode(call: str, mode: str, scale_grad_by_freq: bool, sparse: bool) -> None:
    """Raise ValueError for another mode, or for options that the maximum does not have."""
    if mode not in ("sum", "mean", "max"):
        raise ValueError(f"{call}: mode must be 'sum', 'mean' or 'max'; got {mode!r:.60}.")
    if mode == "max" and (scale_grad_by_freq or sparse):
        raise ValueError(
            f"{call}: a maximum has no scale_grad_by_freq and is not sparse; got one of them. "
            "Leave it out."
        )


def _lengths(call: str, index: Any, offsets: Any, include_last_offset: bool) -> Any:
    """How many indices each bag has."""
    if index.ndim == 2:
        if offsets is not None:
            raise ValueError(
                f"{call}: indices of shape (bags, k) need no offsets; got some. Leave them out."
            )
        return np.full(index.shape[0], index.shape[1])
    if index.ndim != 1 or offsets is None:
        raise ShapeError(
            f"{call}: indices are (bags, k), or (total) with offsets; got shape "
            f"{tuple(index.shape)}{'' if index.ndim != 1 else ' without'}. Reshape them."
        )
    starts = unwrap(index_array(call, offsets))
    if starts.ndim != 1 or not starts.size and include_last_offset:
        raise ShapeError(
            f"{call}: offsets must be a vector, one for each bag; got shape {tuple(starts.shape)}."
        )
    bounds = starts if include_last_offset else np.concatenate((starts, [index.size]))
    lengths = np.diff(bounds)
    if starts.size and (starts[0] != 0 or bounds[-1] != index.size or anywhere(lengths < 0)):
        raise ValueError(
            f"{call}: offsets must rise from 0 to at most the {index.size} indices; got "
            f"{starts.tolist()!r:.60}. Each is where a bag begins."
        )
    return lengths


def _of_one_length(rows: Any, mode: str) -> Any:
    """:func:`embedding_bag` of rows (bags, k, d)."""
    if mode == "max":
        chosen = np.argmax(unwrap(rows), axis=1, keepdims=True)
        return np.reshape(np.take_along_axis(rows, chosen, axis=1), (rows.shape[0], rows.shape[2]))
    out = np.add.reduce(rows, axis=1)
    return out / max(rows.shape[1], 1) if mode == "mean" else out


def _largest(rows: Any, lengths: Any) -> Any:
    """Each bag's largest values; the first of equal ones gets the gradient."""
    values = unwrap(rows)
    bags, most = len(lengths), ends(lengths)[1]
    if not most:
        return np.zeros((bags, values.shape[1]), values.dtype, like=values)
    begins = np.cumsum(lengths) - lengths
    step = np.arange(most)
    inside = step < lengths[:, None]
    places = np.where(inside, begins[:, None] + step, 0)
    chosen = np.argmax(np.where(inside[..., None], values[places], -math.inf), axis=1)
    place = np.take_along_axis(places, chosen, axis=1)
    found = GetItem.apply(rows, (place, np.arange(values.shape[1])))
    return np.where((lengths > 0)[:, None], found, 0)
