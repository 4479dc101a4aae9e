"""Tensors joined, and cut apart again: cat and split, stack and unbind."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import ALL, check_tensors, integer_of, listed
from autograd.arrays.errors import OptionError
from autograd.arrays.remedies import joined
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import cast
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, unwrap
from autograd.engine.places import ShapeError, placed
from autograd.kernels.layout import in_rows
from autograd.ops.shape.narrow import narrow, splittable
from autograd.ops.shape.reshape import Reshape, at_least, check_sizes, sequence_of

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = [
    "cat", "chunk", "column_stack", "concat", "concatenate", "dsplit", "dstack", "hsplit",
    "hstack", "row_stack", "split", "split_with_sizes", "stack",
    "tensor_split", "unbind", "unsafe_chunk", "unsafe_split", "unsafe_split_with_sizes", "vsplit",
    "vstack",
]  # fmt: skip

# -- cat ↔ split, stack ↔ unbind ------------------------------------------------------------------


class Cat(Function):
    takes_complex = True

    def forward(self, *xs, axis):
        self.axis = axis
        out = in_rows(np.concatenate(xs, axis))
        self.sizes = [x.shape[axis] for x in xs]
        return out

    def backward(self, g):
        return Split.apply(g, self.sizes, self.axis)


class Split(Function):
    """Consecutive pieces of the given sizes; a single one comes without a tuple."""

    view = True
    takes_complex = True

    def forward(self, x, sizes, axis):
        axis %= x.ndim
        self.axis, self.source, self.sizes = axis, x.shape, sizes
        lead = (ALL,) * axis
        pieces = [x[(*lead, slice(end - n, end))] for n, end in zip(sizes, accumulate(sizes))]
        return tuple(pieces) if len(pieces) != 1 else pieces[0]

    def grad_x(self, g):
        if type(g) is not tuple:
            return g
        some = next(d for d in g if d is not None)
        pieces = []
        for d, n in zip(g, self.sizes):
            if d is None:
                shape = (*self.source[: self.axis], n, *self.source[self.axis + 1 :])
                d = np.zeros(shape, some.dtype, like=unwrap(some))
            pieces.append(d)
        return Cat.apply(*pieces, axis=self.axis)


class Stack(Function):
    takes_complex = True

    def forward(self, *xs, axis):
        self.axis = axis % (xs[0].ndim + 1)
        at = (ALL,) * self.axis + (None,)
        return in_rows(np.concatenate([x[at] for x in xs], self.axis))

    def backward(self, g):
        return Unbind.apply(g, self.axis)


class Unbind(Function):
    """The slices along an axis, without it; a single one comes without a tuple."""

    view = True
    takes_complex = True

    def forward(self, x, axis):
        self.axis = axis
        lead = (ALL,) * axis
        pieces = [x[(*lead, i, ...)] for i in range(x.shape[axis])]  # ...: 0-d arrays, not scalars
        return tuple(pieces) if len(pieces) != 1 else pieces[0]

    def grad_x(self, g):
        if type(g) is not tuple:
            return np.expand_dims(g, self.axis)
        some = next(d for d in g if d is not None)
        # like= refuses NumPy's scalars, which 0-d gradients may be
        nothing = np.zeros(some.shape, some.dtype, like=np.expand_dims(unwrap(some), 0))
        return Stack.apply(*[nothing if d is None else d for d in g], axis=self.axis)


# -- narrow ↔ pad ---------------------------------------------------------------------------------


# -- public: joining ------------------------------------------------------------------------------


def _joined(call: str, op: type[Function], tensors: Any, dim: int) -> Any:
    """``op`` over ``tensors``, brought to one dtype."""
    if isinstance(tensors, TensorBase):
        raise TypeError(f"{call}: expected a sequence of tensors; got one tensor. Pass (x,).")
    if not hasattr(tensors, "__iter__"):
        raise TypeError(
            f"{call}: expected a sequence of tensors; got {type(tensors).__name__}. Pass (x, y)."
        )
    tensors = tuple(tensors)
    if not hasattr(dim, "__index__"):
        raise TypeError(f"{call}: dim must be an integer; got {dim!r}.")
    if not tensors:
        raise OptionError(f"{call}: expected at least one tensor; got none.")
    for i, one in enumerate(tensors):
        if not hasattr(one, "dtype"):
            raise TypeError(
                f"{call}: expected a sequence of tensors; item {i} is {type(one).__name__}."
            )
    if any([one.dtype != tensors[0].dtype for one in tensors]):
        dtype = dtypes.result_type(*tensors)
        tensors = tuple([cast(one, dtype) for one in tensors])
    n = unwrap(tensors[0]).ndim
    try:
        if op is Cat or -n <= dim + 1 and dim <= n:
            return op.apply(*tensors, axis=dim)
    except (ValueError, IndexError):
        pass
    shapes = [tuple(one.shape) for one in tensors]
    if op is Cat and (0,) in shapes and len({*shapes}) > 1:  # empty 1-d tensors join anything
        return _joined(call, op, [one for one in tensors if one.shape != (0,)], dim)
    n += op is Stack
    if n and not -n <= dim < n:
        raise placed(
            IndexError(
                f"{call}: dim must be between {-n} and {n - 1}; got {dim} for tensors of shape "
                f"{shapes[0]}. A new axis is made by stack."
            )
        )
    rule = "have one shape" if op is Stack else f"have one shape, but for dim {dim}, and no 0-d"
    raise ShapeError(
        f"{call}: tensors must {rule}; got {', '.join(map(str, shapes))}. "
        f"{joined(shapes, dim, stacked=op is Stack)}"
    )


def cat(tensors: Sequence[Tensor], dim: int = 0, *, axis: int | None = None) -> Tensor:
    """Tensors end to end along ``dim``, in their common dtype; 1-d tensors of size 0 are skipped.

    Raises RuntimeError where other axes differ, IndexError where ``dim`` is out of range.

    >>> import autograd
    >>> autograd.cat([autograd.tensor([1.0]), autograd.tensor([2.0, 3.0])])
    tensor([1., 2., 3.])
    """
    return _joined("cat", Cat, tensors, dim if axis is None else axis)


concat = concatenate = cat


@implements(np.concatenate)
def _concatenate(arrays: Any, axis: int | None = 0) -> Any:
    if axis is None:
        return cat([Reshape.apply(one, (-1,)) for one in arrays])
    return cat(arrays, axis)


@implements(np.stack)
def _stack(arrays: Any, axis: int = 0) -> Any:
    return stack(arrays, axis)


def stack(tensors: Sequence[Tensor], dim: int = 0, *, axis: int | None = None) -> Tensor:
    """Tensors of one shape side by side along a new axis ``dim``.

    Raises RuntimeError where shapes differ, IndexError where ``dim`` is out of range.

    >>> import autograd
    >>> autograd.stack([autograd.tensor([1.0, 2.0]), autograd.tensor([3.0, 4.0])], 1)
    tensor([[1., 3.],
            [2., 4.]])
    """
    return _joined("stack", Stack, tensors, dim if axis is None else axis)


@implements(np.vstack)
def vstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors on top of each other; vectors are rows.

    >>> import autograd
    >>> autograd.vstack([autograd.tensor([1.0, 2.0]), autograd.tensor([3.0, 4.0])])
    tensor([[1., 2.],
            [3., 4.]])
    """
    return _joined("vstack", Cat, [at_least(2, one) for one in sequence_of("vstack", tensors)], 0)


row_stack = vstack


@implements(np.hstack)
def hstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors beside each other: along the second axis, vectors along their only one.

    >>> import autograd
    >>> autograd.hstack((autograd.tensor([1, 2]), autograd.tensor([3])))
    tensor([1, 2, 3])
    """
    tensors = [at_least(1, one) for one in sequence_of("hstack", tensors)]
    return _joined("hstack", Cat, tensors, 0 if tensors and tensors[0].ndim == 1 else 1)


@implements(np.dstack)
def dstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors behind each other, along the third axis.

    >>> import autograd
    >>> autograd.dstack((autograd.zeros(2, 3), autograd.zeros(2, 3))).shape
    autograd.Size([2, 3, 2])
    """
    return _joined("dstack", Cat, [at_least(3, one) for one in sequence_of("dstack", tensors)], 2)


@implements(np.column_stack)
def column_stack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors beside each other; vectors are columns.

    Shapes: (n) and (n, k) -> (n, sum of columns).

    >>> import autograd
    >>> autograd.column_stack((autograd.tensor([1, 2]), autograd.tensor([3, 4])))
    tensor([[1, 3],
            [2, 4]])
    """
    given = sequence_of("column_stack", tensors)
    columns = [Reshape.apply(one, (-1, 1)) if one.ndim < 2 else one for one in given]
    return _joined("column_stack", Cat, columns, 1)


# -- public: splitting ----------------------------------------------------------------------------


def _split(x: Any, sizes: list[int], axis: int) -> tuple[Any, ...]:
    pieces = Split.apply(x, sizes, axis)
    return pieces if type(pieces) is tuple else (pieces,)


def split(
    tensor: Tensor, split_size_or_sections: int | Sequence[int], dim: int = 0
) -> tuple[Tensor, ...]:
    """Views of consecutive pieces: of one size (the last may be smaller), or of the given sizes.

    Raises RuntimeError where the sizes do not sum to the size of ``dim``.

    >>> import autograd
    >>> autograd.split(autograd.tensor([1.0, 2.0, 3.0]), 2)
    (tensor([1., 2.]), tensor([3.]))
    """
    axis, n = splittable("split", tensor, dim)
    if hasattr(split_size_or_sections, "__index__"):
        size = integer_of("split", "the size", split_size_or_sections)
        if size < 0 or size == 0 < n:
            raise RuntimeError(f"split: the size must be positive; got {size} for {n} elements.")
        sizes = [size] * (n // size) if size else []
        sizes += [n - sum(sizes)] if n > sum(sizes) or not sizes else []
    else:
        sizes = list(listed((split_size_or_sections,)))
        check_sizes("split", tuple(sizes))
        if sum(sizes) != n or min(sizes, default=0) < 0:
            raise ShapeError(
                f"split: sizes must sum to the size of the axis; dim {dim} has {n}, got {sizes}."
            )
    return _split(tensor, sizes, axis)


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most ``chunks`` views of one size, the last maybe smaller.

    Raises RuntimeError where ``chunks`` is not positive.

    >>> import autograd
    >>> autograd.chunk(autograd.tensor([1.0, 2.0, 3.0]), 2)
    (tensor([1., 2.]), tensor([3.]))
    """
    axis, n = splittable("chunk", input, dim)
    check_sizes("chunk", (chunks,))
    if chunks <= 0:
        raise RuntimeError(f"chunk: chunks must be positive; got {chunks}.")
    return split(input, -(-n // chunks), axis) if n else _split(input, [0] * chunks, axis)


def tensor_split(
    input: Tensor,
    indices_or_sections: int | Sequence[int] | None = None,
    dim: int = 0,
    *,
    sections: int | None = None,
    indices: Sequence[int] | None = None,
) -> tuple[Tensor, ...]:
    """Views of nearly equal pieces, so many; or of the slices between indices.

    Raises RuntimeError where there are no sections, TypeError where both are given, or neither.

    >>> import autograd
    >>> autograd.tensor_split(autograd.tensor([1.0, 2.0, 3.0]), (1,))
    (tensor([1.]), tensor([2., 3.]))
    """
    axis, n = splittable("tensor_split", input, dim)
    named = sections if indices is None else indices
    if (indices_or_sections is None) == (named is None):
        raise TypeError("tensor_split: pass either a number of sections or the indices between.")
    given = unwrap(indices_or_sections if named is None else named)
    if np.ndim(given) == 0:
        count = integer_of("tensor_split", "sections", given)
        if not 0 < count < 2**31:
            raise RuntimeError(
                f"tensor_split: sections must be positive, and below 2³¹; got {count}."
            )
        return _split(input, [(n + count - 1 - i) // count for i in range(count)], axis)
    bounds = [slice(integer_of("tensor_split", "an index", i)).indices(n)[1] for i in given]
    pairs = list(zip([0, *bounds], [*bounds, n]))
    if all(start <= end for start, end in pairs):
        return _split(input, [end - start for start, end in pairs], axis)
    return tuple(narrow(input, axis, start, max(end - start, 0)) for start, end in pairs)


@implements(np.array_split)
def _array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    return list(tensor_split(ary, indices_or_sections, axis))


@implements(np.split)
def _np_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    if np.ndim(indices_or_sections) == 0 and ary.shape[axis] % indices_or_sections:
        raise ShapeError(
            f"split: sections must divide the size of the axis; axis {axis} has "
            f"{ary.shape[axis]}, got {indices_or_sections} sections."
        )
    return list(tensor_split(ary, indices_or_sections, axis))


def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of all slices along ``dim``, without it.

    >>> import autograd
    >>> autograd.unbind(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    (tensor([1., 2.]), tensor([3., 4.]))
    """
    axis, _ = splittable("unbind", input, dim)
    pieces = Unbind.apply(input, axis)
    return pieces if type(pieces) is tuple else (pieces,)


# -- public: cutting and padding -----------------------------------------------------------------


# -- pieces side by side --------------------------------------------------------------------------


def split_with_sizes(input: Tensor, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """:func:`split` into pieces of the given sizes.

    >>> import autograd
    >>> autograd.split_with_sizes(autograd.tensor([1.0, 2.0, 3.0]), [1, 2])
    (tensor([1.]), tensor([2., 3.]))
    """
    return split(input, listed((), split_sizes), dim)


# Views whose changes PyTorch does not record; here they are recorded as any others.
unsafe_chunk, unsafe_split, unsafe_split_with_sizes = chunk, split, split_with_sizes


def _split_along(call: str, x: Any, sections: Any, axis: int, least: int) -> tuple[Any, ...]:
    check_tensors(call, input=x)
    if x.ndim < least:
        raise ShapeError(f"{call}: expected at least {least} axes; got {tuple(x.shape)}.")
    sections = unwrap(sections)
    if np.ndim(sections) == 0:
        sections = integer_of(call, "sections", sections)
    if np.ndim(sections) == 0 and (sections < 1 or x.shape[axis] % sections):
        raise ShapeError(
            f"{call}: sections must divide the size of the axis; axis {axis} has "
            f"{x.shape[axis]}, got {sections}. Use tensor_split for unequal pieces."
        )
    return tensor_split(x, sections, axis)


def hsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Views of equal pieces along the second axis (the only one of a vector), or between indices.

    Raises RuntimeError where the number of pieces does not divide the size.

    >>> import autograd
    >>> autograd.hsplit(autograd.tensor([1.0, 2.0, 3.0, 4.0]), 2)
    (tensor([1., 2.]), tensor([3., 4.]))
    """
    axis = 0 if getattr(input, "ndim", 1) == 1 else 1
    return _split_along("hsplit", input, indices_or_sections, axis, 1)


def vsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """As :func:`hsplit`, along the first axis of two or more.

    >>> import autograd
    >>> autograd.vsplit(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), 2)
    (tensor([[1., 2.]]), tensor([[3., 4.]]))
    """
    return _split_along("vsplit", input, indices_or_sections, 0, 2)


def dsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """As :func:`hsplit`, along the third axis of three or more.

    >>> import autograd
    >>> [piece.shape for piece in autograd.dsplit(autograd.zeros(2, 3, 4), 2)]
    [autograd.Size([2, 3, 2]), autograd.Size([2, 3, 2])]
    """
    return _split_along("dsplit", input, indices_or_sections, 2, 3)


def _as_list(splitter: Any) -> Any:
    """NumPy's functions return lists."""
    return lambda ary, indices_or_sections: list(splitter(ary, indices_or_sections))


implements(np.hsplit)(_as_list(hsplit))

implements(np.vsplit)(_as_list(vsplit))

implements(np.dsplit)(_as_list(dsplit))
