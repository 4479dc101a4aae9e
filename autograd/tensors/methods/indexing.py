"""Methods that choose elements by index, mask, or order.

The functions of ``autograd.ops.indexing``, and their in-place forms.
"""

from __future__ import annotations

from autograd.engine.graph import TensorBase
from autograd.ops.indexing import (
    counts,
    gather as _gather,
    getitem,
    masked,
    scatter as _scatter,
    search,
    slicing,
    sort as _sort,
)
from autograd.tensors.inplace import in_place

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
    bincount = counts.bincount
    histc = counts.histc
    histogram = counts.histogram

    index_put = getitem.index_put
    put = getitem.put
    put_ = put_
