"""Long short-term memory: all steps of one layer in one direction, and their gradients.

What a step makes is kept in six blocks (6, Σ sizes, H): the gates o, i, f, g, the c before it, and
tanh of the c after it. So each block of a step lies in one piece; o, i and f, the sigmoids, are
neighbours, and (i, f) times (g, c) is one product. :mod:`autograd.kernels.recurrent` says how the
rows lie.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel, room
from autograd.arrays.threads import run_all
from autograd.kernels.parts import PAYS
from autograd.kernels.recurrent import State, runs_of, states_before, steps_of
from autograd.kernels.sums import sum_over

_SHARES = 4  # of the steps: while one is gone through, the one before it is collected


def _blocks(weight: Any) -> Any:
    """Rows i, f, g, o as PyTorch has them -> blocks (4, H, *) of o, i, f, g."""
    hidden = weight.shape[0] // 4
    turned = np.concatenate([weight[3 * hidden :], weight[: 3 * hidden]], 0)
    return np.reshape(turned, (4, hidden, *weight.shape[1:]))


def _rows(blocks: Any) -> Any:
    """The way back."""
    turned = np.concatenate([blocks[1:], blocks[:1]], 0)
    return np.reshape(turned, (-1, *blocks.shape[2:]))


# -- forward --------------------------------------------------------------------------------------


def _lstm_cells(x, h, c, w_ih, w_hh, bias, w_hr, *, sizes, backwards):
    kept = room((6, x.shape[0], c.shape[1]), x.dtype, x, h, c, w_ih, w_hh, bias, w_hr)
    out = room((x.shape[0], h.shape[1]), x.dtype, x, h, c, w_ih, w_hh, bias, w_hr)
    states, cells = State(h, sizes, backwards), State(c, sizes, backwards)
    for size, rows in steps_of(sizes, backwards):
        z = np.dot(x[rows], np.transpose(w_ih)) + np.dot(states.of(size), np.transpose(w_hh))
        z = z if bias is None else z + bias
        n, before = c.shape[1], cells.of(size)
        i, f, o = (0.5 * np.tanh(0.5 * z[:, k * n : (k + 1) * n]) + 0.5 for k in (0, 1, 3))
        g = np.tanh(z[:, 2 * n : 3 * n])
        cells.now = f * before + i * g
        t = np.tanh(cells.now)
        states.now = o * t if w_hr is None else np.dot(o * t, np.transpose(w_hr))
        out[rows] = states.now
        for k, value in enumerate((o, i, f, g, before, t)):
            kept[k, rows] = value
    return out, states.last(), cells.last(), kept


@kernel(plain=_lstm_cells)
def lstm_cells(
    x: Any, h: Any, c: Any, w_ih: Any, w_hh: Any, bias: Any, w_hr: Any, *, sizes: tuple[int, ...],
    backwards: bool,
) -> Any:  # fmt: skip
    """i, f, o = σ(…), g = tanh(…) of x W_ihᵀ + h W_hhᵀ + b; c = f c + i g; h = (o tanh c) W_hrᵀ.

    Rows (Σ sizes, P), the last h and c, and what the gradient needs (6, Σ sizes, H).
    """
    hidden = c.shape[1]
    of_x, of_h = (_transposed(_halved(_blocks(weight))) for weight in (w_ih, w_hh))
    if bias is not None:
        bias = _halved(_blocks(bias))[:, None]
    kept = np.empty((6, x.shape[0], hidden), x.dtype)
    out = np.empty((x.shape[0], h.shape[1]), x.dtype)
    whole = np.empty((6, h.shape[0], hidden), x.dtype)  # a step, in the cache until it is done
    states, cells = State(h, sizes, backwards), State(c, sizes, backwards)
    for run, steps in runs_of(sizes, backwards, hidden):
        of_run = np.matmul(x[run], of_x)
        if bias is not None:
            of_run += bias
        for size, rows, place in steps:
            step = whole[:, :size]
            gates = np.matmul(states.of(size), of_h, out=step[:4])
            gates += of_run[:, place]
            np.tanh(gates, out=gates)
            sigmoids = step[:3]
            sigmoids *= 0.5
            sigmoids += 0.5
            step[4] = cells.of(size)
            both = step[1:3] * step[3:5]
            cells.now = np.add(both[0], both[1], out=both[0])
            t = np.tanh(cells.now, out=step[5])
            kept[:, rows] = step
            now = out[rows]
            if w_hr is None:
                np.multiply(t, step[0], out=now)
            else:
                np.dot(t * step[0], np.transpose(w_hr), out=now)
            states.now = now
    return out, states.last(), cells.last(), kept


def _halved(blocks: Any) -> Any:
    """σ(x) = ½ tanh(½x) + ½: of what goes into o, i and f a half is needed."""
    blocks[:3] *= 0.5
    return blocks


def _transposed(blocks: Any) -> Any:
    return np.ascontiguousarray(np.swapaxes(blocks, 1, 2))


# -- backward -------------------------------------------------------------------------------------


def _lstm_cells_gradient(
    g, dh, dc, kept, x, h, out, w_ih, w_hh, w_hr, *, of_x, of_weights, sizes, backwards
):
    hidden = kept.shape[2]
    dz = room((x.shape[0], 4 * hidden), g.dtype, g, dh, dc, kept, w_hh, w_hr)
    projection = None if w_hr is None else room(w_hr.shape, g.dtype, g, dh, dc, kept, w_hr)
    for size, rows in steps_of(sizes, not backwards):
        o, i, f, n, c, t = (kept[k, rows] for k in range(6))
        now = dh[:size] + g[rows]
        if w_hr is not None:
            projection += np.dot(np.transpose(now), o * t)
            now = np.dot(now, w_hr)
        cell = now * o * (1 - t * t) + dc[:size]
        through = (cell * n * i * (1 - i), cell * c * f * (1 - f), cell * i * (1 - n * n))
        dz[rows] = np.concatenate([*through, now * t * o * (1 - o)], 1)
        dc[:size] = cell * f
        dh[:size] = np.dot(dz[rows], w_hh)
    dx = np.dot(dz, w_ih) if of_x else None
    if not of_weights:
        return dx, dh, dc, None, None, None, projection
    before = states_before(out, h, sizes=sizes, backwards=backwards)
    weights = [np.dot(np.transpose(dz), one) for one in (x, before)]
    return dx, dh, dc, *weights, sum_over(dz, axis=0), projection


@kernel(plain=_lstm_cells_gradient)
def lstm_cells_gradient(
    g: Any, dh: Any, dc: Any, kept: Any, x: Any, h: Any, out: Any, w_ih: Any, w_hh: Any, w_hr: Any,
    *, of_x: bool, of_weights: bool, sizes: tuple[int, ...], backwards: bool,
) -> Any:  # fmt: skip
    """Gradients of x, of the first h and c, of w_ih, w_hh, the bias and w_hr; None if not asked.

    ``g``, ``dh`` and ``dc`` are the gradients of the rows and of the last h and c. Consumes ``dh``,
    ``dc`` and ``kept``.
    """
    hidden, total = kept.shape[2], x.shape[0]
    projection = None if w_hr is None else np.zeros_like(w_hr)
    of_h, of_inputs = _blocks(w_hh), _blocks(w_ih)
    gates = kept[:4]
    dx = np.empty(x.shape, g.dtype) if of_x else None
    given = [x, states_before(out, h, sizes=sizes, backwards=backwards)] if of_weights else []
    sums = [np.zeros((4, hidden, one.shape[1]), g.dtype) for one in given]

    def go_through(runs: Any) -> None:
        for run, steps in runs:
            _through_run(g, dh, dc, kept, of_h, w_hr, projection, run, steps)

    def collect(runs: Any) -> None:
        ends = [end for run, _ in runs for end in (run.start, run.stop)]
        rows = slice(min(ends), max(ends))
        if dx is not None:
            np.dot(gates[0, rows], of_inputs[0], out=dx[rows])
            for one, weight in zip(gates[1:, rows], of_inputs[1:], strict=True):
                dx[rows] += np.dot(one, weight)
        for of_one, one in zip(sums, given, strict=True):
            of_one += np.matmul(np.swapaxes(gates[:, rows], 1, 2), one[rows])

    runs = list(runs_of(sizes, not backwards, hidden))
    count = -(-len(runs) // (_SHARES if total * hidden >= PAYS else 1)) or 1
    shares = [runs[i : i + count] for i in range(0, len(runs), count)]
    # a step waits for the one after it, and leaves the products of those behind to another thread
    for now, behind in zip([*shares, None], [None, *shares], strict=True):
        tasks = ((go_through, now), (collect, behind))
        run_all([partial(task, share) for task, share in tasks if share])
    if not of_weights:
        return dx, dh, dc, None, None, None, projection
    return dx, dh, dc, *map(_rows, sums), _rows(sum_over(gates, axis=1)), projection


def _through_run(g, dh, dc, kept, of_h, w_hr, projection, run, steps):
    """The gradients of what the gates were given, for a few steps: into the first four blocks."""
    values = kept[:, run]
    o, i, n, t = values[0], values[1], values[3], values[5]
    if w_hr is not None:
        given = o * t
    slopes = np.subtract(1, values[:5])  # of o, i, f, g by what went in, then of h by c
    slopes[:3] *= values[:3]
    slopes[0] *= t
    slopes[1:3] *= values[3:5]
    for k, value, factor in ((3, n, i), (4, t, o)):
        np.multiply(value, value, out=slopes[k])
        np.subtract(1, slopes[k], out=slopes[k])
        slopes[k] *= factor
    z = np.empty((4, dh.shape[0], dh.shape[1]), g.dtype)
    for size, rows, place in steps:
        step, slope, now = kept[:, rows], slopes[:, place], dh[:size]
        now += g[rows]
        if w_hr is None:
            of_out = now
        else:
            projection += np.dot(np.transpose(now), given[place])
            of_out = np.dot(now, w_hr)
        cell = slope[4]
        cell *= of_out
        cell += dc[:size]
        np.multiply(cell, step[2], out=dc[:size])
        np.multiply(slope[0], of_out, out=step[0])
        np.multiply(slope[1:4], cell, out=step[1:4])
        np.add.reduce(np.matmul(step[:4], of_h, out=z[:, :size]), 0, out=now)
