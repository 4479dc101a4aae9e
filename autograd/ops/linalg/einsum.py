"""Sums of products by index: einsum, as contractions of two operands at a time.

An equation with many operands is a chain of two-operand contractions, each one op, so that the
backward pass shares the intermediate results as well; the gradient of a contraction is another one.
Before it enters a contraction, an operand's repeated indices (ii) become a diagonal, and indices
that no other operand and no output has are summed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import axis_of, check_tensors
from autograd.engine.dispatch import implements
from autograd.engine.function import Function
from autograd.engine.places import ShapeError
from autograd.kernels.layout import in_rows
from autograd.kernels.products import stacked_product
from autograd.kernels.sums import dot_product, sum_of_products, sum_over
from autograd.ops.shape.reshape import Reshape

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["einsum", "tensordot"]

Shape = tuple[int, ...]

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Einsum(Function):
    """Σ x y over the indices that both have and the output has not.

    ``labels`` names the indices of x, y and the output, a letter each. Every index of an operand is
    in the other one or in the output, and none occurs twice in one of them.
    """

    takes_complex = True

    def forward(self, x, y, *, labels):
        if x.dtype != y.dtype:
            raise TypeError(
                f"einsum: operands must have one dtype; got {x.dtype} and {y.dtype}. Convert one "
                "of them: x.to(y.dtype)."
            )
        self.labels = labels
        return _contracted(x, y, _layout(labels, tuple(x.shape), tuple(y.shape)))

    def grad_x(self, g, y):
        of_x, of_y, of_out = self.labels
        return Einsum.apply(g, y, labels=(of_out, of_y, of_x))

    def grad_y(self, g, x):
        of_x, of_y, of_out = self.labels
        return Einsum.apply(g, x, labels=(of_out, of_x, of_y))


class _Layout:
    """How a contraction becomes one call: transpose, reshape, multiply, reshape, transpose."""

    def __init__(
        self,
        call: str,  # "matmul", "multiply", "dot", or an equation
        swap: bool,  # y @ x instead of x @ y
        x_axes: Shape | None,
        x_shape: Shape | None,
        y_axes: Shape | None,
        y_shape: Shape | None,
        out_shape: Shape | None,
        out_axes: Shape | None,
    ) -> None:
        self.call, self.swap = call, swap
        self.x_axes, self.x_shape, self.y_axes, self.y_shape = x_axes, x_shape, y_axes, y_shape
        self.out_shape, self.out_axes = out_shape, out_axes


@lru_cache(maxsize=512)
def _layout(labels: tuple[str, str, str], x_sizes: Shape, y_sizes: Shape) -> _Layout:
    x, y, out = labels
    sizes = dict(zip(x, x_sizes, strict=True)) | dict(zip(y, y_sizes, strict=True))
    summed = [l for l in x if l not in out]
    left = [l for l in out if l not in y]
    right = [l for l in out if l not in x]
    if not summed:
        spread_x, spread_y = (
            None if len(side) == len(out) else tuple(sizes[l] if l in side else 1 for l in out)
            for side in (x, y)
        )
        axes = [_axes(side, [l for l in out if l in side]) for side in (x, y)]
        return _Layout("multiply", False, axes[0], spread_x, axes[1], spread_y, None, None)
    both = [l for l in out if l in x and l in y]
    if not left and not right:
        if both:
            return _Layout(f"{x},{y}->{out}", False, *[None] * 6)
        flat = (math.prod(x_sizes),)
        return _Layout("dot", False, None, flat, _axes(y, summed), flat, None, None)
    swap = bool(left and right) and out.index(right[0]) < out.index(left[0])
    if swap:
        x, y, left, right = y, x, right, left

    def shape(*groups: list[str]) -> Shape | None:
        merged = tuple(math.prod(sizes[l] for l in group) for group in groups)
        if all(len(group) == 1 for group in groups):
            return None
        return (*(sizes[l] for l in both), *merged)

    natural = [*both, *left, *right]
    split = None if len(left) == len(right) == 1 else tuple(sizes[l] for l in natural)
    return _Layout(
        "matmul",
        swap,
        _axes(x, [*both, *left, *summed]),
        shape(left, summed),
        _axes(y, [*both, *summed, *right]),
        shape(summed, right),
        split,
        _axes(natural, out),
    )


def _axes(have: Sequence[str], want: Sequence[str]) -> Shape | None:
    """The transposition that brings the labels ``have`` into the order ``want``."""
    axes = tuple(have.index(l) for l in want)
    return None if axes == tuple(range(len(have))) else axes


def _contracted(x, y, layout):
    if layout.swap:
        x, y = y, x
    if layout.x_axes is not None:
        x = np.transpose(x, layout.x_axes)
    if layout.x_shape is not None:
        x = np.reshape(x, layout.x_shape)
    if layout.y_axes is not None:
        y = np.transpose(y, layout.y_axes)
    if layout.y_shape is not None:
        y = np.reshape(y, layout.y_shape)
    if layout.call == "matmul":
        out = np.dot(x, y) if x.ndim == 2 else stacked_product(x, y)
    elif layout.call == "multiply":
        out = x * y
    elif layout.call == "dot":
        out = dot_product(x, y)
    else:
        out = in_rows(sum_of_products(x, y, equation=layout.call))
    if layout.out_shape is not None:
        out = np.reshape(out, layout.out_shape)
    return out if layout.out_axes is None else np.transpose(out, layout.out_axes)


# -- from an equation to contractions --------------------------------------------------------------


class _Plan:
    """The steps of a whole einsum."""

    def __init__(
        self,
        prepare: tuple[tuple[int, tuple[tuple[int, int], ...], Shape], ...],  # diagonals, sums
        steps: tuple[tuple[int, int, tuple[str, str, str]], ...],  # operands i, j -> the last
        axes: Shape | None,  # the last transposition
    ) -> None:
        self.prepare, self.steps, self.axes = prepare, steps, axes


@lru_cache(maxsize=512)
def _plan(equation: str, shapes: tuple[Shape, ...]) -> _Plan:
    """What to do, from the equation and the shapes alone."""
    terms, out = _parsed(equation, shapes)
    sizes = _sizes(equation, terms, shapes)
    diagonals, kept = [], []
    for term, shape in zip(terms, shapes, strict=True):
        pairs, labels = _diagonals(equation, term, shape)
        diagonals.append(pairs)
        kept.append(labels)
    # an axis of size 1 that another operand stretches is dropped: it adds one value, once
    full = ["".join(l for l, n in labels if n == sizes[l]) for labels in kept]
    prepare, left = [], []
    for i, held in enumerate(kept):
        others = {*out}.union(*full[:i], *full[i + 1 :])
        wanted = "".join(l for l in full[i] if l in others)
        gone = tuple(axis for axis, (l, _) in enumerate(held) if l not in wanted)
        if diagonals[i] or gone:
            prepare.append((i, diagonals[i], gone))
        left.append(wanted)
    steps = []
    while len(left) > 1:
        i, j, result = min(_pairs(left, out, sizes), key=lambda pair: pair[3])[:3]
        steps.append((i, j, (left[i], left[j], result)))
        left = [term for k, term in enumerate(left) if k not in (i, j)] + [result]
    return _Plan(tuple(prepare), tuple(steps), _axes(left[0], out))


def _diagonals(equation: str, term: str, shape: Shape) -> tuple[Any, list[tuple[str, int]]]:
    """The axes to take diagonals of, one pair after the other, and what is left: labels, sizes."""
    held = list(zip(term, shape, strict=True))
    pairs = []
    for label in dict.fromkeys(term):
        while len(same := [axis for axis, (l, _) in enumerate(held) if l == label]) > 1:
            first, second = same[:2]
            if held[first][1] != held[second][1]:
                raise ShapeError(
                    f"einsum: an index that is repeated must have one size; {label!r} has "
                    f"{held[first][1]} and {held[second][1]} in {equation!r}, an operand of shape "
                    f"{shape}."
                )
            pairs.append((first, second))
            held.append(held[first])
            del held[second], held[first]
    return tuple(pairs), held


def _pairs(labels: list[str], out: str, sizes: dict[str, int]) -> Any:
    """Each pair of operands, its result, and by how much that is larger than the two."""

    def size(term: str) -> int:
        return math.prod(sizes[label] for label in term)

    for j in range(1, len(labels)):
        for i in range(j):
            others = {*out}.union(*(labels[k] for k in range(len(labels)) if k not in (i, j)))
            result = "".join(l for l in dict.fromkeys(labels[i] + labels[j]) if l in others)
            if len(labels) == 2:
                result = out
            yield i, j, result, size(result) - size(labels[i]) - size(labels[j])


def _parsed(equation: str, shapes: tuple[Shape, ...]) -> tuple[list[str], str]:
    """The labels of each operand and of the output, with letters in place of ellipses."""
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        raise ValueError(
            f"einsum: {equation!r} must name one term per operand; it has {len(terms)} for "
            f"{len(shapes)}."
        )
    for term in [*terms, right]:
        letters = term.replace("...", "", 1)
        if not (letters == "" or (letters.isascii() and letters.isalpha())):
            raise ValueError(
                f"einsum: an index must be a letter; got {term!r} in {equation!r}. "
                "Write x, y -> z as in 'ij,jk->ik', with ... for any further dimensions."
            )
    free = [letter for letter in _LETTERS if letter not in equation]
    longest = 0
    for i, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        named = len(term.replace("...", ""))
        extra = len(shape) - named
        if extra < 0 or (extra and "..." not in term):
            raise ShapeError(
                f"einsum: operand {i} must have one index per dimension; {term!r} names {named}, "
                f"its shape is {shape}."
            )
        if "..." in term:
            longest = max(longest, extra)
            if extra > len(free):
                raise ValueError(f"einsum: {equation!r} needs more than 52 indices.")
    # the ellipses line up at their ends, as shapes do in broadcasting
    dots = "".join(free[:longest][::-1])
    for i, shape in enumerate(shapes):
        extra = len(shape) - len(terms[i].replace("...", ""))
        terms[i] = terms[i].replace("...", dots[longest - extra :])
    if arrow:
        out = right.replace("...", dots)
    else:
        found = "".join(terms)
        out = dots + "".join(sorted(l for l in set(found) - set(dots) if found.count(l) == 1))
    for label in out:
        if out.count(label) > 1 or not any(label in term for term in terms):
            raise ValueError(
                f"einsum: each index of the output must occur once there and in an operand; "
                f"{label!r} does not, in {equation!r}."
            )
    return terms, out


def _sizes(equation: str, terms: list[str], shapes: tuple[Shape, ...]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for term, shape in zip(terms, shapes, strict=True):
        for label, size in zip(term, shape, strict=True):
            if sizes.get(label, 1) == 1:
                sizes[label] = size
            elif size not in (1, sizes[label]):
                raise ShapeError(
                    f"einsum: index {label!r} must have one size in {equation!r}; got "
                    f"{sizes[label]} and {size} in operands of shapes "
                    f"{' and '.join(map(str, shapes))}."
                )
    return sizes


def einsum(*args: Any) -> Tensor:
    """Sum of products by index: ``einsum("ij,jk->ik", x, y)`` is x @ y.

    Indices that the output lacks are summed; an index that one operand repeats takes its diagonal
    ("ii->i"); without "->" the output has the indices that occur once, in alphabetical order; "..."
    stands for any further dimensions, which broadcast. Three or more operands are contracted in
    pairs, the pair that shrinks most first.

    :param args: the equation and the operands (or a list of them), or operands and lists of ints in
        turn, with the output's list at the end: ``einsum(x, [0, 1], y, [1, 2], [0, 2])``.
    :raises ValueError: the equation does not fit the operands.
    :raises TypeError: the operands differ in dtype.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> autograd.einsum("ij,kj->ik", x, x)
    tensor([[ 5., 11.],
            [11., 25.]])
    >>> autograd.einsum("ii", x)
    tensor(5.)
    """
    if not args:
        raise TypeError("einsum: an equation and its operands are required; got no argument.")
    if not isinstance(args[0], str):
        if len(args) < 2 or isinstance(args[1], str) or not hasattr(args[0], "shape"):
            raise TypeError(
                "einsum: the equation, a string, comes first; got "
                f"{', '.join(type(arg).__name__ for arg in args)}. Write einsum('ij->ji', x)."
            )
        equation, operands = _from_lists(args)
    else:
        equation, operands = args[0], list(args[1:])
        if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
            operands = list(operands[0])
    try:
        shapes = tuple([tuple(x.shape) for x in operands])
    except AttributeError:
        kinds = ", ".join(type(x).__name__ for x in operands)
        raise TypeError(f"einsum: operands must be tensors; got {kinds}.") from None
    plan, first = _plan(equation, shapes), operands[0]
    for i, diagonals, gone in plan.prepare:
        for axis1, axis2 in diagonals:
            operands[i] = np.diagonal(operands[i], 0, axis1, axis2)
        if gone:
            operands[i] = sum_over(operands[i], axis=gone)
    for i, j, labels in plan.steps:
        y, x = operands.pop(j), operands.pop(i)
        operands.append(Einsum.apply(x, y, labels=labels))
    result: Any = operands[0]
    if plan.axes is not None:
        result = np.transpose(result, plan.axes)
    elif result is first:  # nothing was to be done: a view, not the operand itself
        result = Reshape.apply(result, tuple(result.shape))
    return result


def _from_lists(args: tuple[Any, ...]) -> tuple[str, list[Any]]:
    """The equation that operands and lists of ints in turn stand for."""
    operands = list(args[: len(args) // 2 * 2 : 2])

    def term(numbers: Any) -> str:
        for n in numbers:
            if n is not Ellipsis and not (isinstance(n, int) and 0 <= n < len(_LETTERS)):
                raise ValueError(
                    f"einsum: subscripts in lists are integers from 0 to {len(_LETTERS) - 1}, or "
                    f"...; got {n!r:.60}."
                )
        return "".join("..." if n is Ellipsis else _LETTERS[n] for n in numbers)

    equation = ",".join(term(numbers) for numbers in args[1::2])
    return equation + ("->" + term(args[-1]) if len(args) % 2 else ""), operands


@implements(np.einsum)
def _numpy_einsum(*operands, optimize=False):
    return einsum(*operands)


def tensordot(a: Tensor, b: Tensor, dims: int | Sequence[Sequence[int]] = 2) -> Tensor:
    """Σ over the dimensions ``dims``: pairs ([of a], [of b]), or the last n of a with b's first n.

    Raises ValueError where the sizes along the paired dimensions differ, and neither is 1.

    >>> import autograd
    >>> autograd.tensordot(autograd.ones(2, 3, 4), autograd.ones(3, 4, 5), dims=2).shape
    autograd.Size([2, 5])
    """
    check_tensors("tensordot", a=a, b=b)
    if isinstance(dims, int):
        if not 0 <= dims <= min(a.ndim, b.ndim):
            raise ShapeError(
                f"tensordot: dims must lie between 0 and the dimensions of both; got {dims} for "
                f"{tuple(a.shape)} and {tuple(b.shape)}."
            )
        pairs = [(a.ndim - dims + i, i) for i in range(dims)]
    else:
        if not hasattr(dims, "__len__") or len(dims) != 2:
            raise TypeError(
                f"tensordot: dims must be a number, or the dimensions of a and those of b; got "
                f"{dims!r:.60}. Write dims=([1], [0])."
            )
        of_a, of_b = ([d] if isinstance(d, int) else list(d) for d in dims)
        if len(of_a) != len(of_b):
            raise ShapeError(
                f"tensordot: dims must pair dimensions; got {len(of_a)} of a and {len(of_b)} of b."
            )
        pairs = [
            (axis_of("tensordot", a, i), axis_of("tensordot", b, j))
            for i, j in zip(of_a, of_b, strict=True)
        ]
    for i, j in pairs:
        if a.shape[i] == b.shape[j]:
            continue
        if a.shape[i] == 1:  # broadcast: the one meets the sum of the others
            b = np.add.reduce(b, axis=j, keepdims=True)  # type: ignore[assignment]
        elif b.shape[j] == 1:
            a = np.add.reduce(a, axis=i, keepdims=True)  # type: ignore[assignment]
        else:
            raise ShapeError(
                f"tensordot: paired dimensions must have one size; got {a.shape[i]} along {i} of "
                f"{tuple(a.shape)} and {b.shape[j]} along {j} of {tuple(b.shape)}."
            )
    paired = {j: i for i, j in pairs}
    labels = [paired.get(j, a.ndim + j) for j in range(b.ndim)]
    kept_a = [i for i in range(a.ndim) if i not in paired.values()]
    return einsum(a, range(a.ndim), b, labels, kept_a + [l for l in labels if l >= a.ndim])


@implements(np.tensordot)
def _numpy_tensordot(a, b, axes=2):
    return tensordot(a, b, axes)
