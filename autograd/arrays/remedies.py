"""Which step brings a tensor into the shape that was wanted: the last sentence of an error.

Arithmetic of shapes alone. What is asked comes as tuples, what is answered is a sentence with the
expression to write, in which ``x`` is the first operand and ``y`` the second.

>>> features_last((8, 1, 28, 28), 784)
'x.flatten(1) joins the axes of a sample: (8, 784).'
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

Shape = tuple[int, ...]

_SHORT = {"float16": "half", "float32": "float", "float64": "double", "int64": "long"}


def converted(name: str, dtype: Any) -> str:
    """The call that brings ``name`` into ``dtype``.

    >>> converted("x", np.dtype("float32"))
    'x.float()'
    """
    kind = getattr(dtype, "name", str(dtype)).rpartition(".")[2]
    return f"{name}.{_SHORT[kind]}()" if kind in _SHORT else f"{name}.to(autograd.{kind})"


def exchanged(shape: Shape, i: int, j: int) -> Shape:
    """``shape`` with two axes exchanged."""
    order = [*shape]
    order[i], order[j] = order[j], order[i]
    return tuple(order)


def _transposed(name: str, i: int, j: int, ndim: int) -> str:
    return f"{name}.T" if ndim == 2 else f"{name}.transpose({i}, {j})"


def _with_axis(shape: Shape, i: int) -> Shape:
    return (*shape[:i], 1, *shape[i:])


def becomes(name: str, shape: Sequence[int], wanted: Sequence[int]) -> str:
    """The expression by which ``name`` gets the shape ``wanted``; empty where there is none.

    >>> becomes("y", (4,), (4, 1)), becomes("y", (2, 3), (3, 2)), becomes("y", (2,), (3,))
    ('y.unsqueeze(1)', 'y.T', '')
    """
    shape, wanted = tuple(shape), tuple(wanted)
    if shape == wanted or math.prod(shape) != math.prod(wanted):
        return ""
    for i in reversed(range(len(wanted))):
        if _with_axis(shape, i) == wanted:
            return f"{name}.unsqueeze({i})"
    for i in reversed(range(len(shape))):
        if _with_axis(wanted, i) == shape:
            return f"{name}.squeeze({i})"
    for i, j in combinations(range(len(shape)), 2):
        if exchanged(shape, i, j) == wanted:
            return _transposed(name, i, j, len(shape))
    if len({*shape}) == len(shape) and sorted(shape) == sorted(wanted):
        return f"{name}.permute({', '.join([str(shape.index(n)) for n in wanted])})"
    return f"{name}.reshape({', '.join(map(str, wanted))})"


def one_shape(names: tuple[str, str], shapes: tuple[Shape, Shape]) -> str:
    """How two that must have one shape get it.

    >>> one_shape(("input", "target"), ((4, 1), (4,)))
    'Write target.unsqueeze(1), or input.squeeze(1).'
    """
    given, wanted = map(tuple, shapes)
    ways = [becomes(names[1], wanted, given), becomes(names[0], given, wanted)]
    if not all(ways):
        return "Give both one shape: an output for each target."
    return f"Write {ways[0]}, or {ways[1]}."


def reshaped(call: str, shape: Sequence[int], sizes: Sequence[int]) -> str:
    """Which sizes ``x`` of ``shape`` can be given in the place of ``sizes``.

    >>> reshaped("view", (7, 28, 28), [8, 784])
    'x.view(-1, 784) makes (7, 784): -1 stands for what is left.'
    """
    n, rest = math.prod(shape), math.prod(sizes[1:])
    if len(sizes) > 1 and min(sizes[1:]) > 0 and not n % rest:
        text = ", ".join(map(str, (-1, *sizes[1:])))
        made = (n // rest, *map(int, sizes[1:]))
        return f"x.{call}({text}) makes {made}: -1 stands for what is left."
    if len(shape) > 1:
        joined = (shape[0], math.prod(shape[1:]))
        return f"x.flatten(1) keeps the {shape[0]} samples: {joined}."
    return "One size may be -1, which stands for what is left."


def first_outside(name: str, index: Any, shape: Sequence[int], n: int) -> tuple[str, int]:
    """Where in ``index``, of ``shape``, the first number outside [0, n) stands, and which it is.

    >>> first_outside("x", np.array([[0, 1], [7, 9]]), (2, 2), 3)
    ('x[1, 0] is 7', 7)
    """
    flat = np.reshape(index, (-1,))
    first = int(np.flatnonzero(np.logical_or(np.less(flat, 0), np.greater_equal(flat, n)))[0])
    at = ", ".join([str(int(i)) for i in np.unravel_index(first, tuple(shape))]) if shape else "()"
    return f"{name}[{at}] is {int(flat[first])}", int(flat[first])


def features_last(shape: Sequence[int], size: int, layer: str = "in_features") -> str:
    """How ``x`` comes to end in ``size`` features, or which layer takes it as it is.

    >>> features_last((8, 20, 5, 4), 5)
    'x.transpose(2, 3) puts the axis of 5 last: (8, 20, 4, 5).'
    >>> features_last((8, 7), 5, "input_size")
    'input_size=7 would take it.'
    """
    shape, n = tuple(shape), len(shape)
    if n == 0 or n == 1 == size:
        return f"x.reshape({-1 if n else 1}, 1) makes rows of one feature."
    for start in range(1, n - 1):
        if math.prod(shape[start:]) == size:
            whole = (*shape[:start], size)
            return f"x.flatten({start}) joins the axes of a sample: {whole}."
    if n > 1 and math.prod(shape) == size:
        return f"x.reshape(1, {size}) makes one sample of it."
    if n > 2 and size > 1 and size in shape:
        i = max([i for i in range(n - 1) if shape[i] == size])
        put = exchanged(shape, i, n - 1)
        return f"{_transposed('x', i, n - 1, n)} puts the axis of {size} last: {put}."
    if n > 3:
        joined = math.prod(shape[1:])
        return f"x.flatten(1) joins the axes of a sample; {layer}={joined} would take it."
    if size == 1:
        return (
            f"x.unsqueeze(-1) makes each number a feature; else {layer}={shape[-1]} would take it."
        )
    if n == 2 and shape[0] == size:
        return f"{layer}={shape[-1]} would take it; x.T, where features stand first."
    return f"{layer}={shape[-1]} would take it."


def channels_second(
    shape: Sequence[int], channels: int | None, rank: int, layer: str = "in_channels"
) -> str:
    """How ``x`` comes to be (N, channels, ...) with ``rank`` axes after these.

    >>> channels_second((2, 28, 28, 3), 3, 2)
    'x.permute(0, 3, 1, 2) puts the channels second: (2, 3, 28, 28).'
    >>> channels_second((8, 28, 28), 1, 2)
    'x.unsqueeze(1) puts in the axis of the one channel: (8, 1, 28, 28).'
    """
    shape, n = tuple(shape), len(shape)
    if n == rank + 2 and shape[2:].count(channels or 0) == 1:
        i = shape.index(channels or 0, 2)
        order = [0, i, *[j for j in range(1, n) if j != i]]
        put = tuple([shape[j] for j in order])
        how = f"permute({', '.join(map(str, order))})" if n > 3 else f"transpose(1, {i})"
        return f"x.{how} puts the channels second: {put}."
    if n == rank + 1 and channels == 1:
        put = _with_axis(shape, 1)
        return f"x.unsqueeze(1) puts in the axis of the one channel: {put}."
    if n == rank + 1 and shape[-1] == channels:
        order = [rank, *range(rank)]
        put = (*shape[-1:], *shape[:-1])
        return f"x.permute({', '.join(map(str, order))}) puts the channels first: {put}."
    if n == 2 and rank == 2:
        side = math.isqrt(shape[1] // (channels or 1))
        if (channels or 1) * side * side == shape[1] and side > 1 and shape[0] != shape[1]:
            return f"x.reshape(-1, {channels or 1}, {side}, {side}) makes images of the rows."
    if n == rank and channels in (1, None):
        put = (1, 1, *shape)
        return f"x[None, None] puts in the axes that are missing: {put}."
    if n > rank:
        return f"{layer}={shape[n - rank - 1]} would take it."
    return "Put in the axes that are missing: x.unsqueeze(0)."


def _inner(x: Shape, y: Shape) -> bool:
    return x[-1] == (y[-2] if len(y) > 1 else y[0])


def factors(x: Sequence[int], y: Sequence[int]) -> str:
    """Which order or transpose makes a matrix product of two shapes.

    >>> factors((4, 3), (5, 3)), factors((4, 3), (5, 4))
    ('x @ y.T fits: (4, 3) @ (3, 5).', 'y @ x fits: (5, 4) @ (4, 3).')
    """
    x, y = tuple(x), tuple(y)
    flip = {one: (*one[:-2], *one[:-3:-1]) if len(one) > 1 else one for one in (x, y)}
    turn = {one: "T" if len(one) == 2 else "mT" for one in (x, y)}
    for left, right, text in (
        (x, flip[y], f"x @ y.{turn[y]}"),
        (y, x, "y @ x"),
        (flip[x], y, f"x.{turn[x]} @ y"),
    ):
        if _inner(left, right) and (left, right) != (x, y):
            return f"{text} fits: {left} @ {right}."
    return "The last axis of x and the last but one of y must be of one size."


def joined(shapes: Sequence[Shape], dim: int, stacked: bool = False) -> str:
    """Which of the tensors that are joined along ``dim`` does not fit, and what would.

    >>> joined([(2, 3), (2, 4)], 0)
    'Tensor 1 differs from the first; along dim=1 they fit.'
    """
    first = shapes[0]

    def rest(shape: Shape, axis: int) -> Shape:
        return shape[:axis] + shape[axis + 1 :] if axis >= 0 else shape

    axis = dim % (len(first) or 1)
    odd = next(
        i
        for i, shape in enumerate(shapes)
        if not shape
        or len(shape) != len(first)
        or rest(shape, -1 if stacked else axis) != rest(first, -1 if stacked else axis)
    )
    shape, start = shapes[odd], f"Tensor {odd} differs from the first"
    if not shape:
        return "One number is a tensor of shape (1,) by x.reshape(1), or goes into stack."
    if len(shape) != len(first):
        few, of = min((len(one), i) for i, one in enumerate(shapes))
        return f"{start} in its number of axes; unsqueeze the one with {few}, tensor {of}."
    if stacked and rest(shape, 0) == rest(first, 0):
        return f"{start} in length; cat joins them, nn.utils.rnn.pad_sequence pads them."
    for other in range(len(first)):
        if len({rest(one, other) for one in shapes}) == 1:
            return f"{start}; along dim={other} {'cat joins them' if stacked else 'they fit'}."
    if not stacked and sorted(shape) == sorted(first) and len(first) == 2:
        return f"{start}; transposed, x.T, it fits."
    return f"{start}; crop or pad one of them: nn.functional.pad."


def _fit(shapes: Sequence[Shape]) -> bool:
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        return False
    return True


def to_broadcast(shapes: Sequence[Sequence[int]], names: tuple[str, str] = ("x", "y")) -> str:
    """Which new axis or transpose lets shapes broadcast against each other.

    Of two, ``names`` are what they are called; one without a name stays as it is.

    >>> to_broadcast([(8, 5), (8,)])
    'y.unsqueeze(1) fits: (8, 1).'
    >>> to_broadcast([(8, 5), (8, 6)])
    'Along axis 1 they have 5 and 6.'
    """
    given = [tuple(shape) for shape in shapes]
    if len(given) == 2:
        pairs = [(names[1], given[1], given[0]), (names[0], given[0], given[1])]
        for name, shape, beside in pairs:
            for i in reversed(range(len(shape) + 1)):
                if name and len(shape) < len(beside) and _fit([_with_axis(shape, i), beside]):
                    return f"{name}.unsqueeze({i}) fits: {_with_axis(shape, i)}."
        for name, shape, beside in pairs:
            for i, j in combinations(range(len(shape)), 2):
                put = exchanged(shape, i, j)
                if name and put == beside:
                    return f"{_transposed(name, i, j, len(shape))} fits: {put}."
    longest = max(map(len, given))
    for back in range(1, longest + 1):
        sizes = [shape[-back] for shape in given if len(shape) >= back]
        if len({*sizes} - {1}) > 1:
            return f"Along axis {longest - back} they have {' and '.join(map(str, sizes))}."
    return "Reshape one of them."
