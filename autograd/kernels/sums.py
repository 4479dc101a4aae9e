"""Long sums, done well.

NumPy adds in pairs along the innermost axis only. Along every other one it adds one by one: 10⁶
rows of 0.1 in float32 have the mean 0.10096. Here rows are added in blocks of 32, blocks of blocks
again, and what is left in float64, so that the relative error of a sum of positive numbers stays
below 1e-6 however long it is. (10⁶, 2) along axis 0 takes a fifteenth of the time.

Along the innermost axis BLAS adds runs of 256 as products with ones, in a third of the time; the
runs' sums are added in float64. The blocks of rows of large arrays are such products, too, and
shared among threads.

Numbers of float16 are added in float32, and rounded once, at the end.

N. J. Higham 1993, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14(4).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays.dialect import handed_over, kernel
from autograd.arrays.dtypes import at_first_use, complex64, complex128, float16, float32, float64
from autograd.arrays.threads import run_all
from autograd.kernels.parts import PART, PAYS

# Below this size an array is added as NumPy adds it: the error is small, and so is the time.
SMALL = 2048

# Sums of so few terms are right to 1e-6 in any order.
FEW = 64

_BLOCK = 32

# Rows shorter than this are laid side by side: NumPy's loops are slow over few elements.
_LONG_ROW = 4096

# BLAS adds products one by one in each of a few lanes: so many stay right to 1e-6.
_RUN = 4096

# Products with ones have fewer lanes. Rows that consist of such runs are added all at once.
_SHORT_RUNS = (256, 250, 240, 225, 200, 192, 180, 160, 150, 128, 125, 120, 100, 96, 80, 64)

_Array = np.ndarray

_reduce: Any = np.add.reduce

_WIDER = {float16: float64, float32: float64, complex64: complex128}

_NARROW = {float16}


def _know(bfloat16: Any) -> None:
    _WIDER[bfloat16] = float64
    _NARROW.add(bfloat16)


at_first_use.append(_know)


def wider(dtype: Any) -> Any:
    """The dtype in which running totals and products of many ``dtype`` values are kept."""
    return _WIDER.get(dtype, dtype)


def _sum_over(x: Any, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    return np.add.reduce(x, axis=axis, dtype=dtype, keepdims=keepdims)  # type: ignore[call-overload]


@kernel(plain=_sum_over, looks=True)
def sum_over(x: Any, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    """np.add.reduce, whose results are right however many terms there are.

    >>> bool(abs(sum_over(np.full((10**6, 2), 0.1, np.float32), axis=0)[0] - 1e5) < 0.1)
    True
    """
    if type(x) is not _Array:
        return handed_over(sum_over, (x,), {"axis": axis, "dtype": dtype, "keepdims": keepdims})
    if x.size > SMALL or x.itemsize == 2:
        if x.dtype in _WIDER and (dtype is None or dtype == x.dtype):
            return _careful(x, axis, keepdims)
    return _reduce(x, axis, dtype, None, keepdims)


def _count_over(x: Any, *, axis: Any, dtype: Any, keepdims: bool = False) -> Any:
    return np.add.reduce(x, axis=axis, dtype=dtype, keepdims=keepdims)  # type: ignore[call-overload]


@kernel(plain=_count_over)
def count_over(x: Any, *, axis: Any, dtype: Any, keepdims: bool = False) -> Any:
    """How many elements are True, counted as integers and handed out as ``dtype``."""
    return _reduce(x, axis, np.int64, None, keepdims).astype(dtype)


# -- of products -----------------------------------------------------------------------------------


@kernel(plain=np.dot)
def dot_product(x: Any, y: Any) -> Any:
    """Σ x y of two vectors.

    >>> float(dot_product(np.arange(3.0), np.arange(3.0)))
    5.0
    """
    if x.size < 16 * _RUN or x.dtype not in _WIDER:
        return np.dot(x, y)
    if x.dtype in _NARROW:
        return dot_product(x.astype(float32), y.astype(float32)).astype(x.dtype)
    even = x.size // _RUN * _RUN
    runs = np.matmul(x[:even].reshape(-1, 1, _RUN), y[:even].reshape(-1, _RUN, 1))
    return sum_over(runs) + np.dot(x[even:], y[even:])


def _sum_of_products(x: Any, y: Any, *, equation: str) -> Any:
    return np.einsum(equation, x, y)


@kernel(plain=_sum_of_products)
def sum_of_products(x: Any, y: Any, *, equation: str) -> Any:
    """np.einsum of two operands, of which each index is in both.

    >>> sum_of_products(np.ones((2, 3)), np.ones((2, 3)), equation="ij,ij->i")
    array([3., 3.])
    """
    if x.dtype not in _WIDER:
        return np.einsum(equation, x, y)
    if x.size <= SMALL and x.dtype not in _NARROW:
        return np.einsum(equation, x, y)
    operands, _, out = equation.partition("->")
    left, _, right = operands.partition(",")
    sizes = dict(zip(left, x.shape, strict=True))
    summed = [one for one in left if one not in out]
    dtype = float32 if x.dtype in _NARROW else x.dtype
    long = max(summed, key=sizes.__getitem__)
    lanes = 8 if left[-1] == long == right[-1] else 1  # NumPy's, along the innermost axis
    if math.prod([sizes[one] for one in summed]) <= lanes * FEW:
        return np.einsum(equation, x, y, dtype=dtype).astype(x.dtype, copy=False)
    # a few terms of the longest axis at a time; what they add up to is summed in its turn
    few = lanes * _BLOCK
    even = sizes[long] // few * few
    more = next(one for one in map(chr, range(97, 123)) if one not in equation)
    rest = out + "".join([one for one in summed if one != long])
    i, j = left.index(long), right.index(long)
    (x_even, x_end), (y_even, y_end) = _cut(x, i, even, few), _cut(y, j, even, few)
    split = operands.replace(long, more + long)
    blocks = np.einsum(f"{split}->{rest}{more}", x_even, y_even, dtype=dtype)
    total = sum_over(blocks, axis=tuple(range(len(out), len(rest) + 1)))
    if even < sizes[long]:
        ends = np.einsum(f"{operands}->{rest}", x_end, y_end, dtype=dtype)
        total = total + sum_over(ends, axis=tuple(range(len(out), len(rest))))
    return total.astype(x.dtype, copy=False)


def _cut(x, axis, end, few):
    """The elements up to ``end`` along an axis, in blocks of ``few``, and those after it."""
    before, lead = x.shape[:axis], (slice(None),) * axis
    blocks = x[(*lead, slice(end))].reshape(*before, end // few, few, *x.shape[axis + 1 :])
    return blocks, x[(*lead, slice(end, None))]


def _squares_over(x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    return sum_over(x * x, axis=axis, keepdims=keepdims)


@kernel(plain=_squares_over)
def squares_over(x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Σ x², which along the innermost axes is read once and needs no memory.

    >>> float(squares_over(np.arange(3.0)))
    5.0
    """
    found = _as_runs(x, axis)
    if found is None:
        return _squares_over(x, axis=axis, keepdims=keepdims)
    y = found.reshape(-1, found.shape[2])
    out = np.empty(len(y), y.dtype)

    def task(begin: int) -> Callable[[], Any]:
        part = y[begin : begin + _MANY]
        return lambda: np.vecdot(part, part, out[begin : begin + _MANY])

    run_all([task(begin) for begin in range(0, len(y), _MANY)])
    total = _reduce(out.reshape(found.shape[:2]), 1, wider(y.dtype)).astype(y.dtype)
    return _put_back(total, x, axis, keepdims)


_MANY = 4096  # runs at a time: NumPy lets other threads on only where there are more than 500


def _product_over(x: Any, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    return np.multiply.reduce(x, axis=axis, dtype=dtype, keepdims=keepdims)  # type: ignore[call-overload]


@kernel(plain=_product_over)
def product_over(x: Any, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    """np.multiply.reduce; along the innermost axes by one half times the other, again and again.

    >>> float(product_over(np.array([2.0, 3.0])))
    6.0
    """
    y = None if dtype not in (None, x.dtype) else _as_rows(x, axis)
    if y is None:
        return _product_over(x, axis=axis, dtype=dtype, keepdims=keepdims)
    while (n := y.shape[1]) > FEW:
        halved = y[:, : n // 2] * y[:, n // 2 : n // 2 * 2]
        if n % 2:
            halved[:, 0] *= y[:, -1]
        y = halved
    return _put_back(np.multiply.reduce(y, 1), x, axis, keepdims)


def _as_runs(x: Any, axis: Any) -> Any:
    """A large array as (k, m, n), the sums over m and n being those over the innermost axes."""
    y = _as_rows(x, axis) if x.size >= PAYS else None
    if y is None:
        return None
    run = _run_in(y.shape[1])
    return y.reshape(len(y), -1, run) if run > FEW else None


def _as_rows(x: Any, axis: Any) -> Any:
    """An array as (k, n), the sums over n being those over the innermost axes; else None."""
    if type(x) is not _Array or x.dtype not in (float32, float64) or not x.size:
        return None
    gone = _gone(x, axis)
    if not x.flags.c_contiguous and x.flags.f_contiguous and x.ndim - len(gone) < 2:
        x, gone = x.T, sorted([x.ndim - 1 - i for i in gone])
    kept = x.ndim - len(gone)
    if not x.flags.c_contiguous or gone != [*range(kept, x.ndim)]:
        return None
    return x.reshape(-1, math.prod(x.shape[kept:]))


def _gone(x: Any, axis: Any) -> list[int]:
    """The axes that are summed over, in order."""
    several = range(x.ndim) if axis is None else axis if type(axis) is tuple else (axis,)
    return sorted([i % x.ndim for i in several])


def _put_back(total: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """Sums over the innermost axes, (k), in the shape that they should have."""
    gone = _gone(x, axis)
    shape = [1 if i in gone else n for i, n in enumerate(x.shape) if keepdims or i not in gone]
    return total.reshape(shape) if shape else total[0]


# -- of the rows of a matrix -----------------------------------------------------------------------

_PIECE = 32  # shorter runs cost more than they save
_QUIET = 500  # NumPy's vecdot lets no other thread work while it has no more results


def row_sums(x: Any, ones: Any) -> Any:
    """The sums of the rows of a matrix, (m, n) -> (m), by BLAS where these are short.

    >>> row_sums(np.ones((2, 3)), np.ones(3))
    array([3., 3.])
    """
    return np.dot(x, ones) if x.shape[1] <= _RUN else sum_over(x, axis=1)


def row_products(x: Any, y: Any) -> Any:
    """Σ x y of each row of two matrices, (m, n) -> (m).

    >>> row_products(np.ones((2, 3)), np.ones((2, 3)))
    array([3., 3.])
    """
    m, n = x.shape
    if n > _RUN:
        return sum_over(x * y, axis=1)
    if m > _QUIET or m * n < 16 * _QUIET:
        return np.vecdot(x, y)
    pieces = next((k for k in range(-(-_QUIET // m), n // _PIECE) if n % k == 0), 1)
    runs = (m * pieces, n // pieces)
    return np.add.reduce(np.vecdot(x.reshape(runs), y.reshape(runs)).reshape(m, pieces), 1)


# -- how ------------------------------------------------------------------------------------------


def _careful(x, axis, keepdims):
    """Sums over some axes: in pairs where these are innermost in memory, else in blocks."""
    if x.dtype in _NARROW:
        wide = x.astype(float32) if x.size > SMALL else x
        return sum_over(wide, axis=axis, dtype=float32, keepdims=keepdims).astype(x.dtype)
    shape, ndim = x.shape, x.ndim
    if type(axis) is int:  # as mostly
        if shape[axis] <= FEW and x.size < PAYS:
            return _reduce(x, axis, None, None, keepdims)
        gone = [axis % ndim]
    else:
        gone = sorted([i % ndim for i in (range(ndim) if axis is None else axis)])
        if not gone:
            return x.copy()
    first, end = gone[0], gone[-1] + 1
    if not x.flags.c_contiguous or end - first > len(gone):
        return _of_any_layout(x, gone, keepdims)
    if end == ndim:
        total = _runs(x.reshape(math.prod(shape[:first]), -1)).astype(x.dtype, copy=False)
        total = total.reshape(shape[:first] + ((1,) * (end - first) if keepdims else ()))
        return total if total.ndim else total[()]
    before, after = shape[:first], shape[end:]
    total = _rows(x.reshape(math.prod(before), -1, math.prod(after)))
    middle = (1,) * (end - first) if keepdims else ()
    return total.astype(x.dtype, copy=False).reshape(before + middle + after)


def _of_any_layout(x, gone, keepdims):
    """Sums over the axes ``gone``, of which the innermost in memory are taken first."""
    shape, ndim = x.shape, x.ndim
    order = sorted([i for i in range(ndim) if shape[i] > 1], key=lambda i: -abs(x.strides[i]))
    y = x.transpose(order + [i for i in range(ndim) if shape[i] == 1])
    y = y.reshape([shape[i] for i in order])
    copies = 1
    while order and order[-1] in gone and not y.strides[-1]:  # broadcast: the same again
        copies *= shape[order.pop()]
        y = y[..., 0]
    if order and y.shape[-1] < FEW and not y.flags.c_contiguous:
        y = np.ascontiguousarray(y)
    end = len(order)
    while end:
        if order[end - 1] not in gone:
            end -= 1
            continue
        first = end - 1
        while first and order[first - 1] in gone and _as_one(y, first):
            first -= 1
        before, after = y.shape[:first], y.shape[end:]
        if after:
            y = _rows(y.reshape(math.prod(before), -1, math.prod(after))).reshape(before + after)
        elif y.flags.c_contiguous:
            y = _runs(y.reshape(math.prod(before), -1)).reshape(before)
        else:
            y = _reduce(y, tuple(range(first, end)))
        end = first
    y = np.asarray(y * copies if copies > 1 else y).astype(x.dtype, copy=False)
    kept = [i for i in order if i not in gone]
    y = y.transpose(sorted(range(len(kept)), key=kept.__getitem__))
    found = [1 if i in gone else n for i, n in enumerate(shape) if keepdims or i not in gone]
    return y.reshape(found) if found else y[()]


def _as_one(y, axis):
    """Whether an axis and the one before it lie in memory as one."""
    return y.strides[axis - 1] == y.strides[axis] * y.shape[axis]


def _runs(y):
    """The sums of rows, (k, n) -> (k): in short runs; then of the runs."""
    k, n = y.shape
    run = _run_in(n)
    if run == n:
        return _products(y)
    if run:
        return _reduce(_products(y.reshape(-1, run)).reshape(k, -1), 1, wider(y.dtype))
    if n < _LONG_ROW:
        return _reduce(y, 1)
    even = n // _SHORT_RUNS[0] * _SHORT_RUNS[0]
    total = _reduce(_products(y[:, :even].reshape(k, -1, _SHORT_RUNS[0])), 1, wider(y.dtype))
    return total + _reduce(y[:, even:], 1)


def _run_in(n):
    """The length of runs that rows of ``n`` elements consist of, 0 where there is none."""
    return n if n <= _SHORT_RUNS[0] else next((r for r in _SHORT_RUNS if n % r == 0), 0)


def _products(y):
    """The sums of runs, (..., n) -> (...), as products with ones."""
    return np.matmul(y, np.ones(y.shape[-1], y.dtype))


def _rows(y):
    """The sums of n rows, (k, n, c) -> (k, c); short rows are laid side by side."""
    k, n, c = y.shape
    if n <= FEW and y.size >= PAYS:
        return _added(y, 1)
    beside = min(_LONG_ROW // c, n // _BLOCK)
    if beside < 2 or _fit_products(y):
        return _blocks(y)
    tall = n // beside
    even = tall * beside
    total = _blocks(y[:, :even].reshape(k, tall, beside * c))
    total = _blocks(total.reshape(k, beside, c))
    return total if even == n else total + _blocks(y[:, even:])


def _added(y, axis, dtype=None):
    """np.add.reduce along one axis; threads share a large array, in parts cut along another."""
    if y.size < PAYS:
        return _reduce(y, axis, dtype)
    others = [i for i in range(y.ndim) if i != axis]
    *before, last = others
    cut = max(before, key=y.shape.__getitem__)
    cut = cut if y.shape[cut] > 3 else last  # columns only where they are all there is
    step = max(PART * y.shape[cut] // y.size, _LONG_ROW if cut == last else 1)
    whole = np.empty([y.shape[i] for i in others], dtype or y.dtype)
    ones = np.ones(y.shape[axis], y.dtype)
    products = axis == y.ndim - 2 and dtype is None and _fit_products(y)

    def task(begin):
        at = (slice(None),) * cut + (slice(begin, begin + step),)
        out = whole[at if cut < axis else at[1:]]
        if products:
            return lambda: np.matmul(ones, y[at], out)
        return lambda: _reduce(y[at], axis, dtype, out)

    run_all([task(begin) for begin in range(0, y.shape[cut], step)])
    return whole


def _fit_products(y):
    """Whether BLAS adds the rows of matrices, (..., n, c), which takes 0.7 of NumPy's time."""
    c, step = y.shape[-1], y.itemsize
    without_gaps = y.strides[-2:] == (c * step, step)
    return without_gaps and c >= FEW and y.size >= PAYS and y.dtype in (float32, float64)


def _blocks(y):
    """The sums of n rows: of 32 at a time, twice, and of what is left in a wider dtype."""
    k, n, c = y.shape
    few, rest = FEW, []
    while n > few and few < _BLOCK**3:
        left = n % _BLOCK
        n //= _BLOCK
        if left:
            rest.append(_added(y[:, n * _BLOCK :], 1))
        y = _added(y[:, : n * _BLOCK].reshape(k, n, _BLOCK, c), 2)
        few = _BLOCK**2 if few == FEW else _BLOCK**3
    total = _added(y, 1, wider(y.dtype) if few != FEW and n > _BLOCK else None)
    for more in rest:
        total = total + more
    return total
