"""scipy.signal over traced values: convolution along chosen axes.

Everything else is SciPy's own, for plain values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograd.arrays.dialect import room
from autograd.engine.function import Function
from autograd.engine.graph import wrap
from autograd.engine.places import ShapeError
from autograd.numpy.scipys import floats, needed
from autograd.numpy.table import is_traced
from autograd.tensors.array import as_array, as_tensor, of_one_dtype


class Convolve(Function):
    """x (D, I, *a) and y (D, J, *b) -> (I, J, *size): sums over D, a part of the full convolution.

    It begins at ``start``, which may be before it or behind its end: there all is 0.
    """

    takes_complex = True

    def forward(self, x, y, *, start, size):
        self.start = start
        a, b = x.shape[2:], y.shape[2:]
        if math.prod(b) > math.prod(a):
            return np.swapaxes(_convolved(y, x, start, size), 0, 1)
        return _convolved(x, y, start, size)

    def grad_x(self, g, x, y):
        start = tuple(n - 1 - s for n, s in zip(y.shape[2:], self.start))
        turned = np.flip(y, tuple(range(2, y.ndim)))
        back = Convolve.apply(
            np.swapaxes(g, 0, 1), np.swapaxes(turned, 0, 1), start=start, size=x.shape[2:]
        )
        return np.swapaxes(back, 0, 1)

    def grad_y(self, g, x, y):
        start = tuple(n - 1 - s for n, s in zip(x.shape[2:], self.start))
        turned = np.flip(x, tuple(range(2, x.ndim)))
        back = Convolve.apply(g, np.swapaxes(turned, 0, 1), start=start, size=y.shape[2:])
        return np.swapaxes(back, 0, 1)


def _convolved(x: Any, y: Any, start: Any, size: Any) -> Any:
    """By windows of x as wide as y, each against y turned around."""
    a, b = x.shape[2:], y.shape[2:]
    shape = (*x.shape[:2], *(s + n - 1 for s, n in zip(size, b)))
    padded = room(shape, x.dtype, x)
    source, target = [slice(None)] * 2, [slice(None)] * 2
    for s, length, n, m in zip(start, size, a, b):
        # place k of padded is place k + s - (m - 1) of x
        shift = s - (m - 1)
        low, high = max(shift, 0), min(shift + length + m - 1, n)
        source.append(slice(low, max(high, low)))
        target.append(slice(low - shift, max(high, low) - shift))
    padded[tuple(target)] = x[tuple(source)]
    k, count = len(b), x.ndim
    windows = sliding_window_view(padded, b, tuple(range(2, 2 + k))) if k else padded
    kernel = np.flip(y, tuple(range(2, 2 + k)))
    over = (0, *range(count, count + k)), (0, *range(2, 2 + k))
    return np.moveaxis(np.tensordot(windows, kernel, over), -1, 1)


def convolve(
    A: Any,
    B: Any,
    axes: Sequence[Sequence[int]] | None = None,
    dot_axes: Sequence[Sequence[int]] = ((), ()),
    mode: str = "full",
) -> Any:
    r"""The convolution :math:`\sum_k A_k B_{n-k}` along pairs of axes.

    Shapes: A's other axes, then B's others, then the convolved ones, in the order of ``axes``.

    :param axes: those of A and those of B that are convolved; None: all.
    :param dot_axes: those of A and those of B that are multiplied and summed over.
    :param mode: "full"; "valid", where one lies within the other; "same", A's size from the middle.
    :raises ValueError: an unknown mode, or axes that come twice.
    :raises ShapeError: axes do not go in pairs, or sizes differ that are summed over.

    >>> import numpy as np
    >>> from autograd.core import make_vjp
    >>> vjp, out = make_vjp(lambda x: convolve(x, np.array([1.0, 2.0])), np.ones(3))
    >>> vjp(np.array([1.0, 0.0, 0.0, 0.0]))
    array([1., 0., 0.])
    """
    if mode not in ("full", "valid", "same"):
        raise ValueError(f'convolve: mode must be "full", "valid" or "same"; got {mode!r}.')
    traced = is_traced(A) or is_traced(B)
    numpys = getattr(A, "_numpys", False) or getattr(B, "_numpys", False)
    a, b = (wrap(x, None) if isinstance(x, (np.ndarray, np.generic)) else x
            for x in floats(as_tensor(A), as_tensor(B)))  # fmt: skip
    if axes is None:
        if a.ndim != b.ndim:
            raise ShapeError(
                f"convolve: A and B need as many axes, or axes=; got shapes {tuple(a.shape)} "
                f"and {tuple(b.shape)}."
            )
        axes = (range(a.ndim), range(b.ndim))
    first, others_a = _in_order("A", a, axes[0], dot_axes[0])
    second, others_b = _in_order("B", b, axes[1], dot_axes[1])
    dots = len(dot_axes[0])
    a_sizes, b_sizes = first.shape, second.shape
    if len(axes[0]) != len(axes[1]) or a_sizes[:dots] != b_sizes[: len(dot_axes[1])]:
        raise ShapeError(
            f"convolve: axes must come in pairs, and those summed over be of one size; got axes "
            f"{axes} and dot_axes {dot_axes} for shapes {tuple(a.shape)} and {tuple(b.shape)}."
        )
    x_sizes, y_sizes = a_sizes[dots + len(others_a) :], b_sizes[dots + len(others_b) :]
    summed = math.prod(a_sizes[:dots])
    x = np.reshape(first, (summed, math.prod(others_a), *x_sizes))
    y = np.reshape(second, (summed, math.prod(others_b), *y_sizes))
    start, size = _part(mode, x_sizes, y_sizes)
    out: Any = Convolve.apply(*of_one_dtype(x, y), start=start, size=size)
    out = np.reshape(out, (*others_a, *others_b, *size))
    if not traced:
        return out._data
    return as_array(out) if numpys else out


def _in_order(name: str, x: Any, convolved: Any, summed: Any) -> tuple[Any, tuple[int, ...]]:
    """The axes summed over, then the others, then the convolved ones; the others' sizes."""
    last, front = [i % x.ndim for i in convolved], [i % x.ndim for i in summed]
    if len({*last, *front}) < len(last) + len(front):
        raise ValueError(
            f"convolve: each axis of {name} may come once; got axes {list(convolved)} and "
            f"dot_axes {list(summed)}."
        )
    others = [i for i in range(x.ndim) if i not in last and i not in front]
    return np.transpose(x, (*front, *others, *last)), tuple(x.shape[i] for i in others)


def _part(mode: str, a: Any, b: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where the part of the full convolution begins, and its sizes."""
    pairs = list(zip(a, b))
    if mode == "full":
        return (0,) * len(pairs), tuple(n + m - 1 for n, m in pairs)
    if mode == "same":
        return tuple((m - 1) // 2 for _, m in pairs), tuple(n for n, _ in pairs)
    return (
        tuple(min(n, m) - 1 for n, m in pairs),
        tuple(abs(n - m) + 1 for n, m in pairs),
    )


def __getattr__(name: str) -> Any:
    return getattr(needed("signal", f"signal.{name}"), name)
