"""Recurrent layers: all steps of one layer in one direction, and their gradients.

Steps lie one after the other: rows (Σ sizes, …), of which step t has the next ``sizes[t]``. Sizes
never grow, as in a packed sequence: the longest sequence comes first, and step t belongs to the
first ``sizes[t]`` of the N sequences. Backwards in time the same steps are taken from the last on.

The inputs of all steps go through their weights in one product. Of a step there is left one product
with the state, and a few calls on a block that stays in the cache; σ(x) = ½ tanh(½x) + ½ makes one
tanh of all gates. What slopes need of the values is computed for a few steps at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel, room
from autograd.kernels.layout import in_rows

_CACHED = 1 << 14  # elements of a state: the slopes of so many are computed at once


def steps_of(sizes: tuple[int, ...], backwards: bool) -> Iterator[tuple[int, slice]]:
    """The size of each step and its rows, in the order in which they are taken."""
    stop = sum(sizes) if backwards else 0
    for size in reversed(sizes) if backwards else sizes:
        stop += 0 if backwards else size
        yield size, slice(stop - size, stop)
        stop -= size if backwards else 0


def runs_of(
    sizes: tuple[int, ...], backwards: bool, hidden: int
) -> Iterator[tuple[slice, list[tuple[int, slice, slice]]]]:
    """Steps taken together, as many as the cache holds: their rows, and of each step its size, its
    rows and its place among them.
    """
    steps = list(steps_of(sizes, backwards))
    while steps:
        count, total = 0, 0
        while count < len(steps) and (not count or (total + steps[count][0]) * hidden <= _CACHED):
            total += steps[count][0]
            count += 1
        taken, steps = steps[:count], steps[count:]
        start = min(taken[0][1].start, taken[-1][1].start)
        yield (
            slice(start, start + total),
            [(size, rows, slice(rows.start - start, rows.stop - start)) for size, rows in taken],
        )


class State:
    """What is carried from step to step; sequences end, or begin, on the way."""

    def __init__(self, first: Any, sizes: tuple[int, ...], backwards: bool) -> None:
        self.first = first
        self.ended: list[Any] = []
        self.now = first[: sizes[-1]] if backwards and sizes else first

    def of(self, size: int) -> Any:
        """The state of the first ``size`` sequences."""
        have = self.now.shape[0]
        if size < have:
            self.ended.append(self.now[size:])
            self.now = self.now[:size]
        elif size > have:
            self.now = np.concatenate([self.now, self.first[have:size]], 0)
        return self.now

    def last(self) -> Any:
        """The state of each sequence after its last step."""
        return np.concatenate([self.now, *reversed(self.ended)], 0)


@kernel
def states_before(out: Any, first: Any, *, sizes: tuple[int, ...], backwards: bool) -> Any:
    """The state before each step: rows of ``out`` one step earlier, or of the first state.

    >>> out, first = np.array([[1.0], [2.0], [3.0]]), np.array([[8.0], [9.0]])
    >>> states_before(out, first, sizes=(2, 1), backwards=False)[:, 0]
    array([8., 9., 1.])
    >>> states_before(out, first, sizes=(2, 1), backwards=True)[:, 0]
    array([3., 9., 8.])
    """
    pieces, earlier = [out[:0]], first[:0]
    for size, rows in steps_of(sizes, False):
        if backwards:  # the step before this one in the list is taken after it
            have = earlier.shape[0]
            pieces += [out[rows], first[size:have]] if have else []
            earlier = out[rows]
        else:
            pieces.append((earlier if earlier.shape[0] else first)[:size])
            earlier = out[rows]
    if backwards:
        pieces.append(first[: earlier.shape[0]])
    return np.concatenate(pieces, 0)


def _halves(sigmoids: tuple[bool, ...], hidden: int, like: Any) -> Any:
    """½ for the rows of gates that are sigmoids, 1 for those that are tanh."""
    parts = [np.full(hidden, 0.5 if one else 1.0, like.dtype, like=like) for one in sigmoids]
    return np.concatenate(parts, 0)


# -- tanh or relu ---------------------------------------------------------------------------------


@kernel
def plain_cells(
    x: Any, h: Any, w_ih: Any, w_hh: Any, bias: Any, *, relu: bool, sizes: tuple[int, ...],
    backwards: bool,
) -> Any:  # fmt: skip
    """h = tanh(x W_ihᵀ + h W_hhᵀ + b), or its relu: rows (Σ sizes, H), and the last states (N, H).

    >>> one = np.ones((1, 1))
    >>> plain_cells(np.ones((2, 1)), one, one, one, None, relu=True, sizes=(1, 1), backwards=False)
    (array([[2.],
           [3.]]), array([[3.]]))
    """
    out = np.inner(x, w_ih)
    if bias is not None:
        out += bias
    w_hh, state = in_rows(np.transpose(w_hh)), State(h, sizes, backwards)
    for size, rows in steps_of(sizes, backwards):
        z = np.dot(state.of(size), w_hh)
        z += out[rows]
        state.now = out[rows] = np.maximum(z, 0) if relu else np.tanh(z)
    return out, state.last()


@kernel
def plain_cells_gradient(
    g: Any, d: Any, out: Any, w_hh: Any, *, relu: bool, sizes: tuple[int, ...], backwards: bool
) -> Any:
    """Gradients of what the activation was given (Σ sizes, H), and of the first state.

    ``g`` and ``d`` are the gradients of the rows and of the last states; ``d`` is consumed.

    >>> one = np.ones((1, 1))
    >>> plain_cells_gradient(one, one, one, one, relu=True, sizes=(1,), backwards=False)
    (array([[2.]]), array([[2.]]))
    """
    slopes = (out > 0).astype(out.dtype) if relu else 1 - out * out
    for size, rows in steps_of(sizes, not backwards):
        now = (d[:size] + g[rows]) * slopes[rows]
        slopes[rows] = now
        d[:size] = np.dot(now, w_hh)
    return slopes, d


# -- gated recurrent units ------------------------------------------------------------------------


@kernel
def gru_cells(
    x: Any, h: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any, *, sizes: tuple[int, ...],
    backwards: bool,
) -> Any:  # fmt: skip
    """r, z = σ(x W_ihᵀ + h W_hhᵀ + b), n = tanh(x_n + r h_n), h = n + z (h - n).

    Rows (Σ sizes, H), the last h, and what the gradient needs: r, z, n (Σ sizes, 3H), and h_n.
    """
    hidden = h.shape[1]
    two = 2 * hidden
    halves = _halves((True, True, False), hidden, x)
    gates = np.inner(x, w_ih * halves[:, None])
    if b_ih is not None:
        gates += b_ih * halves
        b_hh = b_hh * halves
    w_hh = in_rows(np.transpose(w_hh * halves[:, None]))
    out = room((x.shape[0], hidden), x.dtype, gates, h, w_hh)
    kept = room((x.shape[0], hidden), x.dtype, gates, h, w_hh)
    state = State(h, sizes, backwards)
    for size, rows in steps_of(sizes, backwards):
        earlier, block = state.of(size), gates[rows]
        a = np.dot(earlier, w_hh)
        if b_hh is not None:
            a += b_hh
        kept[rows] = a[:, two:]
        rz = np.tanh(a[:, :two] + block[:, :two])
        rz *= 0.5
        rz += 0.5
        n = rz[:, :hidden] * a[:, two:]
        n += block[:, two:]
        block[:, :two] = rz
        block[:, two:] = n = np.tanh(n)
        now = earlier - n
        now *= rz[:, hidden:]
        now += n
        state.now = out[rows] = now
    return out, state.last(), gates, kept


@kernel
def gru_cells_gradient(
    g: Any, d: Any, gates: Any, kept: Any, before: Any, w_hh: Any, *, sizes: tuple[int, ...],
    backwards: bool,
) -> Any:  # fmt: skip
    """Gradients of what went into r, z, n (Σ sizes, 3H), of h_n (Σ sizes, H), of the first state.

    ``g`` and ``d`` are the gradients of the rows and of the last states, ``before`` the states
    before each step. Consumes ``d``, ``gates`` and ``kept``.
    """
    hidden = before.shape[1]
    for run, steps in runs_of(sizes, not backwards, hidden):
        a, z = kept[run], np.copy(gates[run, hidden : 2 * hidden])
        r, n = gates[run, :hidden], gates[run, 2 * hidden :]
        rest = 1 - z
        slopes = room((run.stop - run.start, 4, hidden), g.dtype, g, gates)
        slopes[:, 3] = d_n = rest * (1 - n * n)
        slopes[:, 2] = d_a = d_n * r
        slopes[:, 0] = d_a * a * (1 - r)
        slopes[:, 1] = (before[run] - n) * z * rest
        flat = np.reshape(slopes, (-1, 4 * hidden))
        for size, rows, place in steps:
            now = d[:size] + g[rows]
            slopes[place] *= now[:, None]
            now *= z[place]
            now += np.dot(flat[place, : 3 * hidden], w_hh)
            d[:size] = now
        gates[run, : 2 * hidden] = flat[:, : 2 * hidden]
        gates[run, 2 * hidden :] = flat[:, 3 * hidden :]
        kept[run] = flat[:, 2 * hidden : 3 * hidden]
    return gates, kept, d
