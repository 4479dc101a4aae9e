"""Elements repeated: tile, repeat, repeat_interleave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axis_of, check_tensors, listed
from autograd.arrays.dialect import anywhere
from autograd.engine.dispatch import implements
from autograd.engine.function import Function
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.kernels.scatter import sum_of_runs
from autograd.kernels.sums import sum_over
from autograd.ops.shape.reshape import Reshape, check_sizes

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["repeat_interleave", "tile"]

# -- repeating ------------------------------------------------------------------------------------


class Tile(Function):
    """Copies side by side: ``reps`` of them along each axis, new axes in front."""

    takes_complex = True

    def forward(self, x, reps):
        self.source = x.shape
        shape = (1,) * (len(reps) - x.ndim) + tuple(x.shape)
        self.split = [n for pair in zip(reps, shape) for n in pair]  # (copies, size) of each axis
        alone = [n for size in shape for n in (1, size)]
        tiled = np.copy(np.broadcast_to(np.reshape(x, alone), self.split), "C")
        return np.reshape(tiled, tuple([r * n for r, n in zip(reps, shape)]))

    def grad_x(self, g):
        copies = tuple(range(0, len(self.split), 2))
        return np.reshape(sum_over(np.reshape(g, self.split), axis=copies), self.source)


class Repeat(Function):
    """Each element along an axis as often as ``repeats`` (one number, or one each) says."""

    takes_complex = True

    def forward(self, x, repeats, axis):
        self.n, self.axis = x.shape[axis], axis
        return np.repeat(x, repeats, axis)

    def grad_x(self, g, repeats):
        return SumOfRepeats.apply(g, self.n, repeats, self.axis)


class SumOfRepeats(Function):
    """The sums of ``n`` runs along an axis, run i ``repeats[i]`` long: the adjoint of Repeat."""

    takes_complex = True

    def forward(self, x, n, repeats, axis):
        self.axis = axis
        lead, rest = x.shape[:axis], x.shape[axis + 1 :]
        if isinstance(repeats, int):
            return sum_over(np.reshape(x, (*lead, n, repeats, *rest)), axis=axis + 1)
        return sum_of_runs(x, repeats, n=n, axis=axis)

    def grad_x(self, g, repeats):
        return Repeat.apply(g, repeats, self.axis)


# -- public: repeating ----------------------------------------------------------------------------


def repeat(input: Tensor, *sizes: Any, repeats: Sequence[int] | None = None) -> Tensor:
    """A copy with so many copies of the tensor along each axis, new axes in front.

    Raises RuntimeError where there are fewer numbers than axes, or a negative one.

    >>> import autograd
    >>> repeat(autograd.tensor([1.0, 2.0]), 2, 2)
    tensor([[1., 2., 1., 2.],
            [1., 2., 1., 2.]])
    """
    reps = listed(sizes, repeats)
    check_sizes("repeat", reps)
    if len(reps) < input.ndim or min(reps, default=0) < 0:
        raise ShapeError(
            f"repeat: each axis needs a number of copies, 0 or more; {tuple(input.shape)} has "
            f"{input.ndim} axes, got {reps}. Use tile to repeat the last axes only."
        )
    return Tile.apply(input, reps)


def tile(input: Tensor, *sizes: Any, dims: Sequence[int] | None = None) -> Tensor:
    """:func:`repeat`, where numbers may be left out in front.

    >>> import autograd
    >>> autograd.tile(autograd.tensor([[1.0], [2.0]]), (2,))
    tensor([[1., 1.],
            [2., 2.]])
    """
    check_tensors("tile", input=input)
    reps = listed(sizes, dims)
    return repeat(input, (1,) * (input.ndim - len(reps)) + reps)


@implements(np.tile)
def _np_tile(A: Any, reps: Any) -> Any:
    return tile(A, *listed((reps,)))


def repeat_interleave(
    input: Tensor,
    repeats: int | Tensor | None = None,
    dim: int | None = None,
    *,
    output_size: int | None = None,
) -> Tensor:
    """Each element along ``dim`` repeated: equally often, or as ``repeats`` (1-d, integer) says.

    Without ``dim`` the tensor is flattened. Without ``repeats``, ``input`` is what they are and
    their positions are repeated. Raises RuntimeError for a negative or a wrong number of repeats.

    >>> import autograd
    >>> autograd.repeat_interleave(autograd.tensor([1.0, 2.0]), autograd.tensor([1, 2]))
    tensor([1., 2., 2.])
    """
    check_tensors("repeat_interleave", input=input)
    if repeats is None:
        counts = unwrap(input)
        if counts.ndim != 1 or not dtypes.integral(counts.dtype):
            raise ShapeError(
                "repeat_interleave: repeats must be integers along one axis; got "
                f"{counts.dtype} of shape {tuple(counts.shape)}."
            )
        return Repeat.apply(wrap(np.arange(len(counts), like=counts), None), counts, 0)
    if dim is None:
        input, dim = Reshape.apply(input, (-1,)), 0
    axis = axis_of("repeat_interleave", input, dim)
    if input.ndim == 0:
        input = Reshape.apply(input, (1,))
    counts = unwrap(repeats)
    counts = counts if hasattr(counts, "dtype") else np.array(counts)
    if not dtypes.integral(counts.dtype):
        raise TypeError(
            f"repeat_interleave: repeats must be integers; got {repeats!r:.60}. Pass an int, or a "
            "tensor of dtype int64."
        )
    if np.size(counts) == 1:
        counts = int(np.reshape(counts, ()))
    if np.size(counts) not in (1, input.shape[axis]) or anywhere(np.less(counts, 0)):
        raise ShapeError(
            "repeat_interleave: each element needs a number of repeats, 0 or more; dim "
            f"{dim} has {input.shape[axis]}, got {repeats}."
        )
    return Repeat.apply(input, counts, axis)


@implements(np.repeat)
def _repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    return repeat_interleave(a, repeats, axis)
