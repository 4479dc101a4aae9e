"""Methods that move elements, or look at them in another shape.

The functions of ``autograd.ops.shape``, and their in-place forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.engine.graph import TensorBase
from autograd.ops.shape import (
    diagonal as _diagonal,
    expand as _expand,
    flip as _flip,
    join,
    narrow as _narrow,
    permute as _permute,
    repeat as _repeat,
    reshape as _reshape,
    triangular,
    unfold as _unfold,
)
from autograd.tensors.inplace import in_place, reshaped

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

squeeze_ = reshaped(_reshape.squeeze)
unsqueeze_ = reshaped(_reshape.unsqueeze)

t_ = reshaped(_permute.t)
transpose_ = reshaped(_permute.transpose)
swapaxes_ = reshaped(_permute.swapaxes)
swapdims_ = transpose_

tril_ = in_place(triangular.tril)
triu_ = in_place(triangular.triu)


class ShapeMethods(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    reshape = _reshape.reshape
    view = _reshape.view
    reshape_as = _reshape.reshape_as
    view_as = _reshape.view_as
    ravel = _reshape.ravel
    flatten = _reshape.flatten
    unflatten = _reshape.unflatten
    squeeze = _reshape.squeeze
    squeeze_ = squeeze_
    unsqueeze = _reshape.unsqueeze
    unsqueeze_ = unsqueeze_
    clone = _reshape.clone
    contiguous = _reshape.contiguous

    expand = _expand.expand
    expand_as = _expand.expand_as
    broadcast_to = _expand.broadcast_to
    sum_to_size = _expand.sum_to_size

    transpose = _permute.transpose
    transpose_ = transpose_
    swapaxes = _permute.swapaxes
    swapaxes_ = swapaxes_
    swapdims = _permute.swapdims
    swapdims_ = swapdims_
    permute = _permute.permute
    movedim = _permute.movedim
    moveaxis = _permute.moveaxis
    t = _permute.t
    t_ = t_
    adjoint = _permute.adjoint

    flip = _flip.flip
    fliplr = _flip.fliplr
    flipud = _flip.flipud
    roll = _flip.roll
    rot90 = _flip.rot90

    diagflat = _diagonal.diagflat
    diagonal = _diagonal.diagonal
    diag_embed = _diagonal.diag_embed
    diag = _diagonal.diag

    tril = triangular.tril
    tril_ = tril_
    triu = triangular.triu
    triu_ = triu_

    unfold = _unfold.unfold
    as_strided = _unfold.as_strided
    as_strided_scatter = _unfold.as_strided_scatter

    chunk = join.chunk
    unsafe_chunk = join.unsafe_chunk
    unsafe_split = join.unsafe_split
    unsafe_split_with_sizes = join.unsafe_split_with_sizes
    tensor_split = join.tensor_split
    unbind = join.unbind
    narrow = _narrow.narrow
    narrow_copy = _narrow.narrow_copy
    split_with_sizes = join.split_with_sizes
    hsplit = join.hsplit
    vsplit = join.vsplit
    dsplit = join.dsplit

    repeat = _repeat.repeat
    tile = _repeat.tile
    repeat_interleave = _repeat.repeat_interleave

    def split(self: Any, split_size: Any, dim: int = 0) -> tuple[Tensor, ...]:
        """As :func:`autograd.split`.

        >>> import autograd
        >>> autograd.arange(5).split(2)
        (tensor([0, 1]), tensor([2, 3]), tensor([4]))
        """
        return join.split(self, split_size, dim)

    @property
    def T(self: Any) -> Tensor:
        """A view with all axes in reverse order.

        Shapes: (a, b, c) -> (c, b, a).

        >>> import autograd
        >>> autograd.zeros(2, 3).T.shape
        autograd.Size([3, 2])
        """
        return _permute.T(self)

    @property
    def mT(self: Any) -> Tensor:
        """A view with the last two axes exchanged. RuntimeError below two axes.

        Shapes: (*, n, m) -> (*, m, n).

        >>> import autograd
        >>> autograd.zeros(4, 2, 3).mT.shape
        autograd.Size([4, 3, 2])
        """
        return _permute.mT(self)

    @property
    def H(self: Any) -> Tensor:
        """A matrix, transposed and conjugated. RuntimeError unless 0-d or 2-d.

        Shapes: (n, m) -> (m, n).

        >>> import autograd
        >>> autograd.tensor([[1 + 2j, 3.0]]).H
        tensor([[1.-2.j],
                [3.-0.j]])
        """
        return _permute.H(self)

    @property
    def mH(self: Any) -> Tensor:
        """Matrices, transposed and conjugated. RuntimeError below two axes.

        Shapes: (*, n, m) -> (*, m, n).

        >>> import autograd
        >>> autograd.zeros(4, 2, 3).mH.shape
        autograd.Size([4, 3, 2])
        """
        return _permute.mH(self)
