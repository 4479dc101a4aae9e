"""The plan of a step: loops, products and calls over buffers. What planner and kernels agree on.

A tape says what was done to which memory; a plan says what has to be computed. Between the two lies
the planner, behind it a compiler of loops; `interpret.py` does what a plan says in plain
NumPy, one whole array after another, and is what both are held to.

``(x @ w + b).clip(0)`` and the sum of its columns, with ``x`` (32, 8) and ``w`` (8, 4), are::

    Product   t[i, j] = Σ x[i, k] w[k, j]
    Loop      over (32, 4)
        v0 = load t[4 i + j]
        v1 = load b[j]
        v2 = add v0 v1
        v3 = literal 0
        v4 = maximum v2 v3
        store v4 to h[4 i + j]
        store v4 to s[j], added up over i
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np


class Buffer:
    """Memory for ``size`` elements; what tells one buffer from another is its identity.

    ``kind`` is where it comes from: "given" (an argument of the program, called ``name``),
    "constant" (``array``), "made" (what a call returns), "planned" (nobody but the plan sees it),
    or "result" (the user gets it). ``strides`` of the accesses count from its first element.
    """

    __slots__ = ("array", "dtype", "kind", "name", "place", "size")

    def __init__(self, kind: str, size: int, dtype: Any, name: str = "", array: Any = None) -> None:
        self.kind, self.size, self.dtype = kind, size, np.dtype(dtype)
        self.name, self.array = name, array
        self.place = -1  # of planned ones: the byte at which it begins in the plan's memory

    def __repr__(self) -> str:
        return self.name or f"<{self.kind} {self.dtype} {self.size}>"


class Access(NamedTuple):
    """An element of a buffer for each point of a space: ``offset`` + Σ index · stride, in elements.

    A stride of 0 is an axis along which nothing changes.
    """

    buffer: Buffer
    offset: int
    strides: tuple[int, ...]


class Instruction(NamedTuple):
    """A value for each point of a loop's space; ``args`` name values by their number in the body.

    ========  ========================  ==========================================================
    name      args                      value
    ========  ========================  ==========================================================
    load      access                    the element
    take      access, ((i, stride), …)  the element, value i times the stride further on
    number    k                         the plan's number k
    literal   number                    itself
    position  axis                      the index along that axis of the space, an integer
    reduce    ufunc's name, i           of value i over the last axis, the same all along it
    astype    i                         value i as ``dtype``
    where     i, j, k                   value j where i holds, else value k
    (ufunc)   i, …                      NumPy's, of values of one dtype
    erf       i                         the error function
    ========  ========================  ==========================================================

    Everything but astype, where's condition and comparisons has operands of ``dtype``.
    """

    name: str
    args: tuple[Any, ...]
    dtype: np.dtype[Any]


class Store(NamedTuple):
    """Value ``value`` goes to ``access``; with ``over``, a ufunc's name, reduced along ``axes``.

    A value that is the same all along an axis of the space, where the access is too, is stored
    once. Reduced axes are 0 in the access. What is stored is in full only after the loop.
    """

    value: int
    access: Access
    over: str = ""
    axes: tuple[int, ...] = ()


class Loop(NamedTuple):
    """Do the body at every point of ``space``, whose last axis (there is one) is the innermost.

    All may be done in any order: where the loop stores to a buffer that it loads from, it loads the
    very element that it stores, and no ``take`` reads from what is stored to.
    """

    space: tuple[int, ...]
    body: tuple[Instruction, ...]
    stores: tuple[Store, ...]


class Product(NamedTuple):
    """``out[…, i, j] = Σ x[…, i, k] y[…, k, j]``: accesses of (*batch, m, k), (*batch, k, n).

    In each of the last two axes' strides of ``x``, ``y``, ``out`` one is 1, as BLAS wants it;
    ``out`` is none of the others.
    """

    batch: tuple[int, ...]
    m: int
    n: int
    k: int
    x: Access
    y: Access
    out: Access


class View(NamedTuple):
    """An array in a buffer, of this shape, as the access says; or NumPy's scalar with its value."""

    shape: tuple[int, ...]
    access: Access
    scalar: bool = False


class PlannedCall(NamedTuple):
    """A function of NumPy or of the engine, on arrays: ``args`` and ``options`` nest views in them.

    ``result`` has a view for each array that is made, of a buffer of kind "made"; or None. Numbers
    of the step stand in ``args`` as :class:`~autograd.compiler.tapes.numbers.Number`. Buffers in
    ``writes`` are written to in place.
    """

    function: Callable[..., Any]
    args: tuple[Any, ...]
    options: dict[str, Any]
    result: Any
    writes: tuple[Buffer, ...] = ()


class Plan(NamedTuple):
    """Steps in order; ``given`` buffers by name; ``numbers`` by index; ``results`` to return."""

    steps: list[Loop | Product | PlannedCall]
    given: dict[str, Buffer]
    numbers: list[Any]
    results: list[View]
    memory: int  # bytes of all that is planned, by :attr:`Buffer.place`


def accesses(step: Any) -> Iterator[tuple[Access, bool]]:
    """The accesses of a step, and whether each is written; a call may do both to one."""
    if isinstance(step, Loop):
        for one in step.body:
            if one.name in ("load", "take"):
                yield one.args[0], False
        for store in step.stores:
            yield store.access, True
    elif isinstance(step, Product):
        yield step.x, False
        yield step.y, False
        yield step.out, True
    else:
        for view in views((step.args, step.options)):
            yield view.access, False
            if view.access.buffer in step.writes:
                yield view.access, True
        for view in views(step.result):
            yield view.access, True


def views(values: Any) -> Iterator[View]:
    """The views in nested values."""
    if isinstance(values, View):
        yield values
    elif isinstance(values, (tuple, list)):
        for one in values:
            yield from views(one)
    elif type(values) is dict:
        yield from views([*values.values()])
