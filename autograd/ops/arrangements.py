"""Arrangements of elements: turned, on block diagonals, in powers, chosen in every way."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import dtypes
from autograd.arguments import check_tensors, integer_of
from autograd.dispatch import implements
from autograd.elementwise import cast, sum_to
from autograd.graph import TensorBase, unwrap, wrap
from autograd.ops.indexing import getitem
from autograd.ops.indices import index_array
from autograd.ops.joining import Pad, _at_least, cat
from autograd.ops.rearranging import Flip, diag_embed
from autograd.ops.scan import cumprod
from autograd.ops.shape import Clone, Expand, Reshape, distinct_axes, listed, transpose

if TYPE_CHECKING:
    from autograd.annotations import Tensor


def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """A copy turned by ``k`` quarter turns, from the first of ``dims`` to the second.

    Raises RuntimeError for fewer than two axes, or where ``dims`` are not two.

    >>> import autograd
    >>> autograd.rot90(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[2., 4.],
            [1., 3.]])
    """
    check_tensors("rot90", input=input)
    if len(dims) != 2 or input.ndim < 2:
        raise RuntimeError(
            f"rot90: expected two dims of a tensor of two axes or more; got dims {tuple(dims)} for "
            f"shape {tuple(input.shape)}."
        )
    first, second = distinct_axes("rot90", input, tuple(dims))
    turns = integer_of("rot90", "k", k) % 4
    if turns == 0:
        return Clone.apply(input)
    if turns == 2:
        return Flip.apply(input, (first, second))
    return transpose(Flip.apply(input, (second if turns == 1 else first,)), first, second)


@implements(np.rot90)
def _np_rot90(m: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Any:
    return rot90(m, k, axes)


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """All elements, in row order, on a diagonal of a square matrix of zeros.

    >>> import autograd
    >>> autograd.diagflat(autograd.tensor([[1.0], [2.0]]))
    tensor([[1., 0.],
            [0., 2.]])
    """
    check_tensors("diagflat", input=input)
    return diag_embed(Reshape.apply(input, (-1,)), offset)


@implements(np.diagflat)
def _np_diagflat(v: Any, k: int = 0) -> Any:
    return diagflat(v, k)


def block_diag(*tensors: Tensor) -> Tensor:
    """Matrices along the diagonal of one of zeros; vectors are rows, numbers 1 × 1.

    Shapes: (m₁, n₁), (m₂, n₂), … -> (Σ m, Σ n). Raises RuntimeError for more than two axes.

    >>> import autograd
    >>> autograd.block_diag(autograd.ones(1, 2), autograd.tensor(3.0))
    tensor([[1., 1., 0.],
            [0., 0., 3.]])
    """
    for one in tensors:
        check_tensors("block_diag", tensors=one)
        if one.ndim > 2:
            raise RuntimeError(
                f"block_diag: expected matrices, vectors or numbers; got {tuple(one.shape)}."
            )
    if not tensors:
        return wrap(np.zeros((1, 0), dtypes.get_default_dtype()), None)
    dtype = dtypes.result_type(*tensors)
    blocks: list[Any] = [cast(_at_least(2, one), dtype) for one in tensors]
    left, right = 0, sum([one.shape[1] for one in blocks])
    rows = []
    for one in blocks:
        right -= one.shape[1]
        rows.append(Pad.apply(one, [(0, 0), (left, right)]))
        left += one.shape[1]
    return cat(rows)


def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """Every choice of ``r`` elements of a vector, in order, one a row: itertools.combinations.

    Shapes: (n) -> (choices, r). Raises RuntimeError for other shapes and negative r.

    >>> import autograd
    >>> autograd.combinations(autograd.tensor([1.0, 2.0, 3.0]))
    tensor([[1., 2.],
            [1., 3.],
            [2., 3.]])
    """
    check_tensors("combinations", input=input)
    if input.ndim != 1 or r < 0:
        raise RuntimeError(
            f"combinations: expected a vector, and r of 0 or more; got shape {tuple(input.shape)} "
            f"and r {r}."
        )
    if not r:
        return getitem(input, slice(0))
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = np.array([*choose(range(input.shape[0]), r)], np.int64)
    return getitem(input, np.reshape(rows, (-1, r)))


def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """The powers of each element, one a row: x^(N-1), …, x, 1, or 1, x, … where ``increasing``.

    Shapes: (n) -> (n, N), square by default. Raises RuntimeError for other shapes and negative N.

    >>> import autograd
    >>> autograd.vander(autograd.tensor([1.0, 2.0, 3.0]))
    tensor([[1., 1., 1.],
            [4., 2., 1.],
            [9., 3., 1.]])
    """
    check_tensors("vander", x=x)
    count = x.shape[0] if N is None and x.ndim else N
    if x.ndim != 1 or count is None or count < 0:
        raise RuntimeError(
            f"vander: expected a vector, and N of 0 or more; got shape {tuple(x.shape)} and N {N}."
        )
    x = x if x.dtype.kind in "fc" else cast(x, dtypes.int64)
    array: Any = unwrap(x)
    ones: Any = np.ones((array.size, min(count, 1)), array.dtype, like=array)
    if count < 2:
        return wrap(ones, None) if isinstance(x, TensorBase) else ones
    column = Reshape.apply(x, (-1, 1))
    factors = cat([wrap(ones, None), Expand.apply(column, (array.size, count - 1))], 1)
    powers = cumprod(factors, 1)
    return powers if increasing else Flip.apply(powers, (1,))


@implements(np.vander)
def _np_vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    return vander(x, N, increasing)


def unravel_index(indices: Tensor, shape: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Where the elements that are counted in row order stand in a tensor of ``shape``.

    One int64 tensor for each axis, of the shape of ``indices``. Raises TypeError unless they are
    integers.

    >>> import autograd
    >>> autograd.unravel_index(autograd.tensor([5, 1]), (2, 3))
    (tensor([1, 0]), tensor([2, 1]))
    """
    check_tensors("unravel_index", indices=indices)
    if indices.dtype.kind not in "iu":
        raise TypeError(f"unravel_index: indices must be integers; got {indices.dtype}.")
    places, sizes, rest, found = index_array("unravel_index", indices), listed((shape,)), 1, []
    for n in reversed(sizes):
        found.append(wrap(np.remainder(np.floor_divide(places, rest), n), None))
        rest *= n
    return tuple(reversed(found))


def sum_to_size(input: Tensor, *size: Any) -> Tensor:
    """The sums over the axes along which ``size`` would be broadcast to the tensor's shape.

    Raises RuntimeError where it would not.

    >>> import autograd
    >>> autograd.ones(2, 3).sum_to_size(1, 3)
    tensor([[2., 2., 2.]])
    """
    check_tensors("sum_to_size", input=input)
    wanted, shape = listed(size), tuple(input.shape)
    fits = len(wanted) <= len(shape) and all(
        [n in (1, m) for n, m in zip(reversed(wanted), reversed(shape))]
    )
    if not fits:
        raise RuntimeError(
            f"sum_to_size: the size must broadcast to the tensor's shape; got {wanted} for {shape}."
        )
    return sum_to(input, wanted)
