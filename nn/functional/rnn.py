"""Recurrent layers: one layer in one direction, over all steps of packed sequences, is one op.

Shapes: x (Σ sizes, I), the steps one after the other, of which step t has the next ``sizes[t]``;
h (N, P), c (N, H); weights (gates · H, I) and (gates · H, P); biases (gates · H). P is H unless
there is a projection (P, H).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.remedies import becomes
from autograd.engine.function import Function
from autograd.engine.places import ShapeError
from autograd.kernels.lstm import lstm_cells, lstm_cells_gradient
from autograd.kernels.recurrent import (
    gru_cells,
    gru_cells_gradient,
    plain_cells,
    plain_cells_gradient,
    states_before,
)
from autograd.kernels.sums import sum_over
from autograd.ops.pointwise.relu import relu as rectified
from autograd.ops.pointwise.sigmoid import sigmoid
from autograd.ops.shape.join import cat, stack
from nn.functional.dropout import dropout as drop

__all__: list[str] = []

GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}


class RnnLayer(Function):
    """h = tanh(W x + b + W' h + b'), or its relu: the rows of h, and each sequence's last."""

    def forward(self, x, h, w_ih, w_hh, b_ih, b_hh, *, relu, sizes, backwards):
        self.how = {"sizes": sizes, "backwards": backwards}
        self.relu = relu
        bias = b_ih if b_ih is None else b_ih + b_hh
        return plain_cells(x, h, w_ih, w_hh, bias, relu=relu, **self.how)

    def backward(self, g, x, h, w_ih, w_hh, b_ih, needs, out):
        rows, last = incoming(g, out)
        gates, dh = plain_cells_gradient(rows, last, out[0], w_hh, relu=self.relu, **self.how)
        dx, dw = products(gates, x, w_ih, needs[0], needs[2])
        dw_hh = of_states(gates, out[0], h, **self.how) if needs[3] else None
        return dx, dh, dw, dw_hh, *biases(gates, needs[4], needs[5])

    @staticmethod
    def definition(x, h, w_ih, w_hh, b_ih, b_hh, *, relu, sizes, backwards):
        act = rectified if relu else np.tanh

        def step(x, h):
            return (act(affine(x, w_ih, b_ih) + affine(h, w_hh, b_hh)),)

        return stepwise(step, x, (h,), sizes, backwards)


class LstmLayer(Function):
    """i, f, g, o = W x + b + W' h + b'; c = σ(f) c + σ(i) tanh(g); h = P (σ(o) tanh(c)).

    The rows of h, and each sequence's last h and c.
    """

    def forward(self, x, h, c, w_ih, w_hh, b_ih, b_hh, w_hr, *, sizes, backwards):
        self.how = {"sizes": sizes, "backwards": backwards}
        bias = b_ih if b_ih is None else b_ih + b_hh
        out, h, c, self.made = lstm_cells(x, h, c, w_ih, w_hh, bias, w_hr, **self.how)
        return out, h, c

    def backward(self, g, x, h, w_ih, w_hh, w_hr, out, needs, made):
        rows, dh, dc = incoming(g, out)
        dx, dh, dc, dw, dw_hh, db, dw_hr = lstm_cells_gradient(
            rows, dh, dc, made, x, h, out[0], w_ih, w_hh, w_hr,
            of_x=needs[0], of_weights=any(needs[3:7]), **self.how,
        )  # fmt: skip
        db_hh = np.copy(db) if needs[6] else None  # memory of its own
        return dx, dh, dc, dw, dw_hh, db if needs[5] else None, db_hh, dw_hr

    @staticmethod
    def definition(x, h, c, w_ih, w_hh, b_ih, b_hh, w_hr, *, sizes, backwards):
        def step(x, h, c):
            z = affine(x, w_ih, b_ih) + affine(h, w_hh, b_hh)
            n = c.shape[1]
            i, f, g, o = (z[:, k * n : (k + 1) * n] for k in range(4))
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            return (h if w_hr is None else affine(h, w_hr, None)), c

        return stepwise(step, x, (h, c), sizes, backwards)


class GruLayer(Function):
    """r, z = σ(W x + b + W' h + b'), n = tanh(W x + b + r (W' h + b')); h = n + z (h - n).

    The rows of h, and each sequence's last.
    """

    def forward(self, x, h, w_ih, w_hh, b_ih, b_hh, *, sizes, backwards):
        self.how = {"sizes": sizes, "backwards": backwards}
        out, last, *made = gru_cells(x, h, w_ih, w_hh, b_ih, b_hh, **self.how)
        self.made = tuple(made)
        return out, last

    def backward(self, g, x, h, w_ih, w_hh, out, needs, made):
        rows, last = incoming(g, out)
        before = states_before(out[0], h, **self.how)
        gates, kept, dh = gru_cells_gradient(rows, last, made[0], made[1], before, w_hh, **self.how)
        dx, dw = products(gates, x, w_ih, needs[0], needs[2])
        rz = gates[:, : 2 * h.shape[1]]
        dw_hh = db_hh = None
        if needs[3]:
            parts = [np.dot(np.transpose(one), before) for one in (rz, kept)]
            dw_hh = np.concatenate(parts, 0)
        if needs[5]:
            db_hh = np.concatenate([sum_over(one, axis=0) for one in (rz, kept)], 0)
        db = sum_over(gates, axis=0) if needs[4] else None
        return dx, dh, dw, dw_hh, db, db_hh

    @staticmethod
    def definition(x, h, w_ih, w_hh, b_ih, b_hh, *, sizes, backwards):
        def step(x, h):
            a, b, k = affine(x, w_ih, b_ih), affine(h, w_hh, b_hh), h.shape[1]
            r = sigmoid(a[:, :k] + b[:, :k])
            z = sigmoid(a[:, k : 2 * k] + b[:, k : 2 * k])
            n = np.tanh(a[:, 2 * k :] + r * b[:, 2 * k :])
            return (n + z * (h - n),)

        return stepwise(step, x, (h,), sizes, backwards)


# -- backwards: what all layers do with the gradients of their gates -------------------------------


def incoming(g, out):
    """The gradients of all outputs: zeros where none came; of the last states, ours to write to."""
    rows = np.zeros(out[0].shape, out[0].dtype, like=out[0]) if g[0] is None else g[0]
    last = [
        np.zeros(one.shape, one.dtype, like=one) if d is None else np.copy(d)
        for d, one in zip(g[1:], out[1:], strict=True)
    ]
    return rows, *last


def products(gates, x, weight, of_x, of_weight):
    """The gradients of x and of its weight."""
    return (
        np.dot(gates, weight) if of_x else None,
        np.dot(np.transpose(gates), x) if of_weight else None,
    )


def of_states(gates, out, first, *, sizes, backwards):
    """The gradient of the weights of the states; where sequences are of one length, no copy."""
    n, total = first.shape[0], gates.shape[0]
    if sizes[-1] != n:
        before = states_before(out, first, sizes=sizes, backwards=backwards)
        return np.dot(np.transpose(gates), before)
    rest = total - n
    later, edge = (gates[:rest], gates[rest:]) if backwards else (gates[n:], gates[:n])
    earlier = out[n:] if backwards else out[:rest]
    return np.dot(np.transpose(later), earlier) + np.dot(np.transpose(edge), first)


def biases(gates, first, second):
    """The gradients of the two biases, memory of its own for each."""
    if not (first or second):
        return None, None
    total = sum_over(gates, axis=0)
    return total if first else None, np.copy(total) if second else None


# -- forwards, step by step ------------------------------------------------------------------------


def stepwise(step: Any, x: Any, state: Any, sizes: Any, backwards: bool) -> tuple[Any, ...]:
    """The plain definition of a layer: ``step(x_t, *state)`` gives the next state, h first.

    Returns the rows of h, then the last state, each sequence's own.
    """
    starts = [sum(sizes[:t]) for t in range(len(sizes))]
    order = range(len(sizes))[::-1] if backwards else range(len(sizes))
    now = [one[: sizes[-1]] if backwards and sizes else one for one in state]
    ended: list[Any] = [[] for _ in state]
    outs: dict[int, Any] = {}
    for t in order:
        size, have = sizes[t], now[0].shape[0]
        if size < have:
            ended = [[one[size:], *gone] for one, gone in zip(now, ended, strict=True)]
            now = [one[:size] for one in now]
        elif size > have:
            now = [
                np.concatenate([one, first[have:size]], 0)
                for one, first in zip(now, state, strict=True)
            ]
        now = step(x[starts[t] : starts[t] + size], *now)
        outs[t] = now[0]
    rows = np.concatenate([outs[t] for t in range(len(sizes))], 0)
    last = [np.concatenate([one, *gone], 0) for one, gone in zip(now, ended, strict=True)]
    return (rows, *last)


def affine(x: Any, weight: Any, bias: Any) -> Any:
    out = np.dot(x, np.transpose(weight))
    return out if bias is None else out + bias


# -- layers on layers ------------------------------------------------------------------------------


def layers(
    mode: str,
    x: Any,
    states: Any,
    weights: Any,
    *,
    sizes: tuple[int, ...],
    directions: int,
    dropout: float,
) -> tuple[Any, list[Any]]:
    """The rows of the last layer, and the last states of all layers: (layers · directions, N, …).

    ``weights`` holds a list for each layer and direction; ``states`` h, and for an LSTM c.
    """
    firsts = list(zip(*[one.unbind(0) for one in states], strict=True))
    lasts: list[Any] = []
    for layer in range(0, len(weights), directions):
        outs = []
        for k in range(directions):
            out, *last = one_layer(
                mode, x, firsts[layer + k], weights[layer + k], sizes=sizes, backwards=k == 1
            )
            outs.append(out)
            lasts.append(last)
        x = outs[0] if directions == 1 else cat(outs, 1)
        if dropout and layer + directions < len(weights):
            x = drop(x, dropout)
    return x, [stack(one) for one in zip(*lasts, strict=True)]


def step(mode: str, x: Any, states: Any, weights: Any) -> Any:
    """The states after one step of a layer."""
    return one_layer(mode, x, states, weights, sizes=(x.shape[0],), backwards=False)[1:]


def one_layer(mode: str, x: Any, states: Any, weights: Any, **how: Any) -> Any:
    """Rows and last states; ``weights`` are two, with biases four, with a projection one more."""
    w_ih, w_hh, *rest = weights
    b_ih, b_hh = rest[:2] if len(rest) > 1 else (None, None)
    if mode == "LSTM":
        w_hr = rest[-1] if len(rest) % 2 else None
        return LstmLayer.apply(x, *states, w_ih, w_hh, b_ih, b_hh, w_hr, **how)
    if mode == "GRU":
        return GruLayer.apply(x, *states, w_ih, w_hh, b_ih, b_hh, **how)
    relu = mode == "RNN_RELU"
    return RnnLayer.apply(x, *states, w_ih, w_hh, b_ih, b_hh, relu=relu, **how)


def state_refusal(
    call: str, name: str, state: Any, wanted: tuple[int, ...], x: Any, batch_first: bool
) -> ShapeError:
    """What to raise of a first ``state`` that does not fit ``x``, whose steps come first."""
    found, way = tuple(state.shape), becomes(name, state.shape, wanted)
    remedy = f" Write {way}." if way else ""
    if len(found) == len(wanted) == 3 and found[1] == x.shape[0] != wanted[1] and not batch_first:
        remedy = f" Pass it where the {found[1]} of the input's first axis are sequences."
    elif len(found) == len(wanted) == 3 and (found[0], found[2]) == (wanted[0], wanted[2]):
        remedy = (
            f" A state of {found[1]} sequences does not go on with {wanted[1]}: begin each batch "
            "with none, or leave out the last one: DataLoader(..., drop_last=True)."
        )
    return ShapeError(
        f"{call}: {name} must have shape {wanted}; got {found}. It is (layers · directions, "
        f"sequences, size), also with batch_first=True.{remedy}"
    )
