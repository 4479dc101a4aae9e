"""Methods that choose elements by index, mask, or order.

The functions of ``autograd.ops.indexing``, and their in-place forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.engine.graph import TensorBase
from autograd.ops.indexing import (
    gather as _gather,
    getitem,
    masked,
    scatter as _scatter,
    search,
    slicing,
    sort as _sort,
)
from autograd.tensors.inplace import in_place

if TYPE_CHECKING:
    from autograd.ops.return_types import HistogramResult
    from autograd.tensors.annotations import Number
    from autograd.tensors.tensor import Tensor

index_add_ = in_place(_scatter.index_add)
index_copy_ = in_place(_scatter.index_copy)
index_fill_ = in_place(_scatter.index_fill)
index_reduce_ = in_place(_scatter.index_reduce)
scatter_ = in_place(_scatter.scatter)
scatter_add_ = in_place(_scatter.scatter_add)
scatter_reduce_ = in_place(_scatter.scatter_reduce)

masked_fill_ = in_place(masked.masked_fill)
masked_scatter_ = in_place(masked.masked_scatter)

put_ = in_place(getitem.put)


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each of 0, 1, 2, ... occurs, :func:`autograd.bincount`.

    >>> import autograd
    >>> autograd.tensor([0, 2, 2]).bincount()
    tensor([1, 0, 2])
    """
    from autograd.ops.indexing.counts import bincount  # loaded by whoever needs it

    return bincount(input, weights, minlength)


def histc(input: Tensor, bins: int = 100, min: Number = 0, max: Number = 0) -> Tensor:
    """How many elements lie in each of ``bins`` cells, :func:`autograd.histc`.

    >>> import autograd
    >>> autograd.tensor([0.0, 1.0, 1.0]).histc(2)
    tensor([1., 2.])
    """
    from autograd.ops.indexing.counts import histc

    return histc(input, bins, min, max)


def histogram(
    input: Tensor,
    bins: int | Tensor = 100,
    *,
    range: tuple[float, float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> HistogramResult:
    """How many elements lie in each cell, and its edges, :func:`autograd.histogram`.

    >>> import autograd
    >>> autograd.tensor([0.0, 1.0, 1.0]).histogram(2).hist
    tensor([1., 2.])
    """
    from autograd.ops.indexing.counts import histogram

    return histogram(input, bins, range=range, weight=weight, density=density)


class IndexingMethods(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    select = slicing.select
    select_scatter = slicing.select_scatter
    slice_scatter = slicing.slice_scatter
    diagonal_scatter = slicing.diagonal_scatter

    gather = _gather.gather
    index_select = _gather.index_select
    take = _gather.take
    take_along_dim = _gather.take_along_dim

    scatter = _scatter.scatter
    scatter_ = scatter_
    scatter_add = _scatter.scatter_add
    scatter_add_ = scatter_add_
    scatter_reduce = _scatter.scatter_reduce
    scatter_reduce_ = scatter_reduce_
    index_add = _scatter.index_add
    index_add_ = index_add_
    index_copy = _scatter.index_copy
    index_copy_ = index_copy_
    index_fill = _scatter.index_fill
    index_fill_ = index_fill_
    index_reduce = _scatter.index_reduce
    index_reduce_ = index_reduce_

    masked_fill = masked.masked_fill
    masked_fill_ = masked_fill_
    masked_select = masked.masked_select
    masked_scatter = masked.masked_scatter
    masked_scatter_ = masked_scatter_

    sort = _sort.sort
    argsort = _sort.argsort
    msort = _sort.msort
    topk = _sort.topk
    kthvalue = _sort.kthvalue

    isin = search.isin
    argwhere = search.argwhere
    nonzero = search.nonzero
    nonzero_static = search.nonzero_static
    unique = search.unique
    unique_consecutive = search.unique_consecutive
    bincount = bincount
    histc = histc
    histogram = histogram

    index_put = getitem.index_put
    put = getitem.put
    put_ = put_
