"""Recurrent layers: all steps of one layer in one direction, and their gradients.

Steps lie one after the other: rows (Σ sizes, …), of which step t has the next ``sizes[t]``. Sizes
never grow, as in a packed sequence: the longest sequence comes first, and step t belongs to the
first ``sizes[t]`` of the N sequences. Backwards in time the same steps are taken from the last on.

The inputs of all steps go through their weights in one product. Of a step there is left one product
with the state, and a few calls on a block that stays in the cache; σ(x) = ½ tanh(½x) + ½ makes one
tanh of all gates. What slopes need of the values is computed for all steps at once, before the loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel, room


def _steps(sizes: tuple[int, ...], backwards: bool) -> Iterator[tuple[int, slice]]:
    """The size of each step and its rows, in the order in which they are taken."""
    stop = sum(sizes) if backwards else 0
    for size in reversed(sizes) if backwards else sizes:
        stop += 0 if backwards else size
        yield size, slice(stop - size, stop)
        stop -= size if backwards else 0


class _State:
    """What is carried from step to step; sequences end, or begin, on the way."""

    def __init__(self, first: Any, sizes: tuple[int, ...], backwards: bool) -> None:
        self.first, self.ended = first, []
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
    for size, rows in _steps(sizes, False):
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
    w_hh, state = np.transpose(w_hh), _State(h, sizes, backwards)
    for size, rows in _steps(sizes, backwards):
        z = out[rows] + np.dot(state.of(size), w_hh)
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
    for size, rows in _steps(sizes, not backwards):
        now = (d[:size] + g[rows]) * slopes[rows]
        slopes[rows] = now
        d[:size] = np.dot(now, w_hh)
    return slopes, d


# -- long short-term memory -----------------------------------------------------------------------


@kernel
def lstm_cells(
    x: Any, h: Any, c: Any, w_ih: Any, w_hh: Any, bias: Any, w_hr: Any, *, sizes: tuple[int, ...],
    backwards: bool,
) -> Any:  # fmt: skip
    """i, f, o = σ(…), g = tanh(…) of x W_ihᵀ + h W_hhᵀ + b; c = f c + i g; h = (o tanh c) W_hrᵀ.

    Rows (Σ sizes, P), the last h and c, and what the gradient needs: the gates (Σ sizes, 4H), the c
    before each step, tanh c.
    """
    hidden = c.shape[1]
    halves = _halves((True, True, False, True), hidden, x)
    rest = 1 - halves
    gates = np.inner(x, w_ih * halves[:, None])
    if bias is not None:
        gates += bias * halves
    w_hh = np.transpose(w_hh * halves[:, None])
    w_hr = None if w_hr is None else np.transpose(w_hr)
    total = x.shape[0]
    out = room((total, h.shape[1]), x.dtype, gates, h, w_hh)
    before = room((total, hidden), x.dtype, gates, c)
    curved = room((total, hidden), x.dtype, gates, c)
    states, cells = _State(h, sizes, backwards), _State(c, sizes, backwards)
    for size, rows in _steps(sizes, backwards):
        z = np.tanh(gates[rows] + np.dot(states.of(size), w_hh))
        z *= halves
        z += rest
        gates[rows] = z
        before[rows] = now = cells.of(size)
        now = now * z[:, hidden : 2 * hidden]
        now += z[:, :hidden] * z[:, 2 * hidden : 3 * hidden]
        curved[rows] = t = np.tanh(now)
        t = t * z[:, 3 * hidden :]
        out[rows] = t = t if w_hr is None else np.dot(t, w_hr)
        states.now, cells.now = t, now
    return out, states.last(), cells.last(), gates, before, curved


@kernel
def lstm_cells_gradient(
    g: Any, dh: Any, dc: Any, gates: Any, before: Any, curved: Any, w_hh: Any, w_hr: Any, *,
    sizes: tuple[int, ...], backwards: bool,
) -> Any:  # fmt: skip
    """Gradients of what the gates were given (Σ sizes, 4H), of the first h and c, of the rows.

    ``g``, ``dh`` and ``dc`` are the gradients of the rows and of the last h and c. Consumes ``dh``,
    ``dc`` and ``gates``.
    """
    total, hidden = before.shape
    blocks = np.reshape(gates, (total, 4, hidden))
    i, f, c, o = (blocks[:, k] for k in range(4))
    keep = np.copy(f)
    through = o * (1 - curved * curved)
    d_i, d_f, d_c, d_o = (
        i * (1 - i) * c, f * (1 - f) * before, (1 - c * c) * i, o * (1 - o) * curved,
    )  # fmt: skip
    blocks[:, 0], blocks[:, 1], blocks[:, 2], blocks[:, 3] = d_i, d_f, d_c, d_o
    gates = np.reshape(blocks, (total, 4 * hidden))
    out = room(g.shape, g.dtype, g, dh, w_hh)
    for size, rows in _steps(sizes, not backwards):
        now = dh[:size] + g[rows]
        out[rows] = now
        if w_hr is not None:
            now = np.dot(now, w_hr)
        cell = dc[:size] + now * through[rows]
        block = blocks[rows]
        block[:, :3] *= cell[:, None]
        block[:, 3] *= now
        dc[:size] = cell * keep[rows]
        dh[:size] = np.dot(gates[rows], w_hh)
    return gates, dh, dc, out


# -- gated recurrent units ------------------------------------------------------------------------


@kernel
def gru_cells(
    x: Any, h: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any, *, sizes: tuple[int, ...],
    backwards: bool,
) -> Any:  # fmt: skip
    """r, z = σ(x W_ihᵀ + h W_hhᵀ + b), n = tanh(x_n + r h_n), h = n + z (h - n).

    Rows (Σ sizes, H), the last h, and what the gradient needs: r, z, h_n, n (Σ sizes, 4, H).
    """
    hidden = h.shape[1]
    halves = _halves((True, True, False), hidden, x)
    inputs = np.inner(x, w_ih * halves[:, None])
    if b_ih is not None:
        inputs += b_ih * halves
        b_hh = b_hh * halves
    w_hh = np.transpose(w_hh * halves[:, None])
    gates = room((x.shape[0], 4, hidden), x.dtype, inputs, h, w_hh)
    out = room((x.shape[0], hidden), x.dtype, inputs, h, w_hh)
    state = _State(h, sizes, backwards)
    for size, rows in _steps(sizes, backwards):
        earlier = state.of(size)
        a = np.dot(earlier, w_hh)
        if b_hh is not None:
            a += b_hh
        given, block = inputs[rows], gates[rows]
        rz = np.tanh(given[:, : 2 * hidden] + a[:, : 2 * hidden])
        rz *= 0.5
        rz += 0.5
        block[:, :2] = np.reshape(rz, (size, 2, hidden))
        block[:, 2] = a = a[:, 2 * hidden :]
        n = np.tanh(given[:, 2 * hidden :] + rz[:, :hidden] * a)
        block[:, 3] = n
        now = (earlier - n) * rz[:, hidden:]
        now += n
        state.now = out[rows] = now
    return out, state.last(), gates


@kernel
def gru_cells_gradient(
    g: Any, d: Any, gates: Any, before: Any, w_hh: Any, *, sizes: tuple[int, ...], backwards: bool
) -> Any:
    """Gradients of what went into r, z, h_n, n (Σ sizes, 4, H), and of the first state.

    ``g`` and ``d`` are the gradients of the rows and of the last states, ``before`` the states
    before each step. Consumes ``d`` and ``gates``.
    """
    total, _, hidden = gates.shape
    r, z, a, n = (gates[:, k] for k in range(4))
    keep = np.copy(z)
    d_n = (1 - z) * (1 - n * n)
    d_a = d_n * r
    d_r, d_z = d_a * a * (1 - r), (before - n) * z * (1 - z)
    gates[:, 0], gates[:, 1], gates[:, 2], gates[:, 3] = d_r, d_z, d_a, d_n
    flat = np.reshape(gates, (total, 4 * hidden))
    for size, rows in _steps(sizes, not backwards):
        now = d[:size] + g[rows]
        gates[rows] *= now[:, None]
        now *= keep[rows]
        now += np.dot(flat[rows, : 3 * hidden], w_hh)
        d[:size] = now
    return gates, d
