"""Products of matrices by the BLAS that NumPy brings along, called by its address."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from autograd.arrays.threads import openblas
from autograd.compiler.planning.plan import Access, Product

_ROWS, _AS_IT_IS, _TRANSPOSED = 101, 111, 112  # of CBLAS
_NARROW = 32  # rows or columns of which a product is not cut further


@cache
def addresses() -> dict[str, int]:
    """Where sgemm, dgemm, sgemv and dgemv are; empty where NumPy has another BLAS."""
    found = openblas()
    if found is None:
        return {}
    library, ending = found
    names = [kind + name for kind in "sd" for name in ("gemm", "gemv")]
    functions = {name: getattr(library, f"scipy_cblas_{name}{ending}", None) for name in names}
    if None in functions.values():
        return {}
    return {
        name: ctypes.cast(one, ctypes.c_void_p).value or 0  # type: ignore[arg-type]
        for name, one in functions.items()
    }


def integer() -> str:
    """LLVM's type of that BLAS's integers."""
    found = openblas()
    return "i64" if found and found[1] == "64_" else "i32"


def _matrix(access: Access, rows: int, columns: int) -> tuple[bool, int] | None:
    """Whether a matrix lies transposed, and the elements from one of its rows to the next."""
    down, right = access.strides[-2:]
    if (right == 1 or columns == 1) and (down >= max(columns, 1) or rows == 1):
        return False, max(down, columns, 1)
    if (down == 1 or rows == 1) and (right >= max(rows, 1) or columns == 1):
        return True, max(right, rows, 1)
    return None


def _vector(step: int, count: int) -> int | None:
    """The elements from one of a vector's to the next; BLAS counts negative ones from the end."""
    return 1 if count == 1 else step if step > 0 else None


def can(product: Product) -> bool:
    """Whether BLAS can do it."""
    return bool(addresses()) and _call(product) is not None


def cut(product: Product, count: int) -> list[Product]:
    """A product as ``count`` of them, each of some matrices, columns or rows of the result; as it
    is, where these would be narrow."""
    columns, rows = product.n // _NARROW >= count, product.m // _NARROW >= count
    cuts: tuple[str, ...]
    if count < 2 or not product.k:
        return [product]
    if product.batch and product.batch[0] >= count:
        size, step, axis, cuts = product.batch[0], 1, 0, ("x", "y", "out")
    elif columns or rows:
        size, step = (product.n if columns else product.m), _NARROW
        axis, cuts = (-1, ("y", "out")) if columns else (-2, ("x", "out"))
    else:
        return [product]
    ends = [size * i // (count * step) * step for i in range(count)] + [size]
    found = []
    for begin, end in zip(ends, ends[1:]):
        accesses: dict[str, Any] = {}
        for name in cuts:
            access = getattr(product, name)
            offset = access.offset + begin * access.strides[axis]
            accesses[name] = access._replace(offset=offset)
        sizes: dict[int, dict[str, Any]] = {
            0: {"batch": (end - begin, *product.batch[1:])},
            -1: {"n": end - begin},
            -2: {"m": end - begin},
        }
        found.append(product._replace(**accesses, **sizes[axis]))
    return found


def _call(product: Product) -> tuple[str, list[Any], list[Any]] | None:
    """The function, its arguments before and between pointers, and which pointers in which order.

    Numbers are BLAS integers, but for the first which are of C's; a text is a float, or a pointer.
    """
    _, m, n, k, x, y, out = product
    dtypes = {one.buffer.dtype.str[1:] for one in (x, y, out)}
    if len(dtypes) > 1 or not dtypes <= {"f4", "f8"}:
        return None
    kind = "s" if dtypes == {"f4"} else "d"
    if n == 1 and m > 1 and k:  # x times a vector
        step, to = _vector(y.strides[-2], k), _vector(out.strides[-2], m)
        if (at := _matrix(x, m, k)) and step and to:
            return _gemv(kind, at, m, k, "x", "y", step, to)
    if m == 1 and k:  # the transpose of y times a vector
        step, to = _vector(x.strides[-1], k), _vector(out.strides[-1], n)
        if (at := _matrix(y, k, n)) and step and to:
            return _gemv(kind, (not at[0], at[1]), n, k, "y", "x", step, to)
    a, b, c = _matrix(x, m, k), _matrix(y, k, n), _matrix(out, m, n)
    if not a or not b or not c:
        return None
    first, second = "x", "y"
    if c[0]:  # outᵀ = yᵀ xᵀ
        first, second, a, b, m, n = "y", "x", (not b[0], b[1]), (not a[0], a[1]), n, m
    flags = [_TRANSPOSED if one[0] else _AS_IT_IS for one in (a, b)]
    more = [m, n, k, "one", first, a[1], second, b[1], "zero", "out", c[1]]
    return kind + "gemm", [_ROWS, *flags], more


def _gemv(
    kind: str, at: tuple[bool, int], m: int, k: int, matrix: str, vector: str, step: int, to: int
) -> tuple[str, list[Any], list[Any]]:
    """out (m) = matrix (m, k) times vector."""
    transposed, leading = at
    sizes = [k, m] if transposed else [m, k]  # as it lies
    flag = _TRANSPOSED if transposed else _AS_IT_IS
    more = [*sizes, "one", matrix, leading, vector, step, "zero", "out", to]
    return kind + "gemv", [_ROWS, flag], more


def text(product: Product, pointers: dict[str, str]) -> str:
    """The call, in LLVM's language, of one matrix each; ``pointers`` names x, y and out."""
    found = _call(product)
    assert found is not None
    name, flags, more = found
    number, whole = "float" if name[0] == "s" else "double", integer()
    arguments = [f"i32 {flag}" for flag in flags]
    for one in more:
        if isinstance(one, int):
            arguments.append(f"{whole} {one}")
        elif one in ("one", "zero"):
            arguments.append(f"{number} {'1.0' if one == 'one' else '0.0'}")
        else:
            arguments.append(f"ptr {pointers[one]}")
    function = f"inttoptr (i64 {addresses()[name]} to ptr)"
    return f"call void {function}({', '.join(arguments)})"
