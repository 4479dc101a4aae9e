"""The loss of a sequence of labels that is shorter than the sequence of steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, integer_of
from autograd.arrays.dialect import ends
from autograd.engine.elementwise import in_float32
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from nn.functional.loss.reduction import reduced, reduction_of

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["ctc_loss"]

# The logarithm of what cannot be: finite, so that differences of two are not NaN
NEVER = -1e30


class CTC(Function):
    """-log of the sum over all alignments. A state is a label, or a blank beside labels.

    Inputs: log-probabilities (T, N, C); the states' labels (N, L), blanks and labels in turn; where
    a state may be reached over the blank before it, ``jumps`` (N, L); steps (N); the last state
    (N). From one step to the next a sequence stays in its state, goes to the next, or jumps.
    """

    def forward(self, x, states, jumps, steps, last):
        emitted = _emitted(x, states)
        alphas = _alphas(emitted, jumps, steps)
        self.made = emitted, alphas
        return -_at_the_end(alphas[-1], last)

    def backward(self, g, x, states, jumps, steps, last, made):
        emitted, alphas = made
        final = alphas[-1]
        total = _at_the_end(final, last)[:, None]
        at = np.arange(final.shape[1], like=final)
        possible = np.logical_and(total > NEVER / 2, np.logical_or(*_ends(at, last)))
        # the share of all alignments that are in each state, from the last step to the first
        share = np.where(possible, np.exp(np.minimum(final - total, 0)), 0)
        shares = []
        for t in range(len(alphas) - 1, 0, -1):
            running = t < steps[:, None]
            shares.append(np.where(running, share, 0))
            arrived = alphas[t] - emitted[t]
            ways = _arrivals(alphas[t - 1], jumps)
            same, one, two = (share * np.exp(np.minimum(way - arrived, 0)) for way in ways)
            nothing = np.zeros((len(share), 2), share.dtype, like=share)
            one = np.concatenate([one[:, 1:], nothing[:, :1]], 1)
            two = np.concatenate([two[:, 2:], nothing], 1)[:, : share.shape[1]]
            share = np.where(running, same + one + two, share)
        by_step = np.concatenate([one[None] for one in [share, *shares[::-1]]])
        by_class = np.equal(states[:, :, None], np.arange(x.shape[2], like=states)).astype(x.dtype)
        summed = np.matmul(np.swapaxes(by_step, 0, 1), by_class)  # (N, T, C)
        return np.swapaxes(summed, 0, 1) * -g[:, None], None, None, None, None

    @staticmethod
    def definition(x, states, jumps, steps, last):
        alphas = _alphas(_emitted(x, states), jumps, steps)
        return -_at_the_end(alphas[-1], last)


def _emitted(x: Any, states: Any) -> Any:
    """The log-probability of each state's label at each step, (T, N, L)."""
    chosen = np.broadcast_to(states[None], (x.shape[0], *states.shape))
    return np.maximum(np.take_along_axis(x, chosen, axis=2), x.dtype.type(NEVER))


def _alphas(emitted: Any, jumps: Any, steps: Any) -> list[Any]:
    """For each step, log of the sum over all ways to each state, (N, L) each."""
    first = np.arange(emitted.shape[2], like=unwrap(emitted)) < 2
    alphas = [np.where(first, emitted[0], NEVER)]
    for t in range(1, emitted.shape[0]):
        same, one, two = _arrivals(alphas[-1], jumps)
        new = np.logaddexp(np.logaddexp(same, one), two) + emitted[t]
        alphas.append(np.where(t < steps[:, None], new, alphas[-1]))
    return alphas


def _arrivals(before: Any, jumps: Any) -> tuple[Any, Any, Any]:
    """Coming from the same state, from the one before, from the one before that."""
    never = np.full((before.shape[0], 2), NEVER, before.dtype, like=unwrap(before))
    one = np.concatenate([never[:, 1:], before[:, :-1]], 1)
    two = np.concatenate([never, before], 1)[:, : before.shape[1]]
    return before, one, np.where(jumps, two, NEVER)


def _ends(at: Any, last: Any) -> tuple[Any, Any]:
    """Where an alignment may end: in the blank after the last label, or in that label."""
    return np.equal(at, last[:, None]), np.equal(at, last[:, None] - 1)


def _at_the_end(alpha: Any, last: Any) -> Any:
    at = np.arange(alpha.shape[1], like=unwrap(alpha))
    blank, label = (np.add.reduce(np.where(end, alpha, 0), axis=1) for end in _ends(at, last))
    return np.where(np.equal(last, 0), blank, np.logaddexp(blank, label))


@in_float32
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """-log of the probability of the targets, summed over all alignments with the steps.

    :param log_probs: log-probabilities (T, N, C) or (T, C), as :func:`log_softmax` gives them.
    :param targets: classes (N, S), each row filled up to S; or all in one row, (Σ lengths).
    :param input_lengths: the steps of each sequence, (N), at most T; a tensor or a tuple.
    :param target_lengths: the labels of each sequence, (N).
    :param blank: the class of no label.
    :param reduction: "mean" divides each loss by the length of its target, then takes the mean.
    :param zero_infinity: where no alignment is possible, a loss of 0 instead of infinity.
    :raises ValueError: shapes and lengths that do not belong together.
    :raises IndexError: a class outside [0, C).

    The gradient is that of free log-probabilities; behind a softmax it is the same as PyTorch's.
    Graves, Fernández, Gomez & Schmidhuber 2006, doi:10.1145/1143844.1143891.

    >>> import autograd
    >>> logs = autograd.full((2, 1, 2), 0.5).log()
    >>> ctc_loss(logs, autograd.tensor([[1]]), [2], [1])  # 11, 01 and 10 of four
    tensor(0.2877)
    """
    check_tensors("ctc_loss", log_probs=log_probs, targets=targets)
    reduction = reduction_of("ctc_loss", reduction)
    alone = log_probs.ndim == 2
    if log_probs.ndim not in (2, 3) or 0 in log_probs.shape:
        raise ShapeError(
            f"ctc_loss: log_probs must be (T, N, C) or (T, C); got {tuple(log_probs.shape)}."
        )
    if not dtypes.floating(log_probs.dtype):
        raise TypeError(
            f"ctc_loss: log_probs must be of a floating dtype; got {log_probs.dtype}. Pass "
            "log_softmax of the scores."
        )
    x = log_probs.unsqueeze(1) if alone else log_probs
    count, n, classes = (int(one) for one in x.shape)
    blank = integer_of("ctc_loss", "blank", blank)
    if not 0 <= blank < classes:
        raise IndexError(f"ctc_loss: blank must be a class in [0, {classes}); got {blank}.")
    steps = _lengths("input_lengths", input_lengths, n, count)
    labels = unwrap(targets)
    if not dtypes.integral(labels.dtype):
        raise TypeError(f"ctc_loss: targets must be integers; got {labels.dtype}. Write .long().")
    if labels.ndim == 1 and alone:
        labels = labels[None]
    padded = labels.ndim == 2
    most = labels.shape[-1] if labels.ndim else 0
    counts = _lengths("target_lengths", target_lengths, n, most)
    total = sum(counts)
    if not (padded and len(labels) == n or labels.ndim == 1 and most == total):
        raise ShapeError(
            f"ctc_loss: targets must be ({n}, S), or all in one row, ({total},); got "
            f"{tuple(targets.shape)}."
        )
    states = _states(labels, counts, blank, padded)
    least, most = ends(states)
    if not 0 <= least <= most < classes:
        raise IndexError(
            f"ctc_loss: targets must be classes in [0, {classes}); got {least} to {most}."
        )
    differ = np.logical_and(states[:, 2:] != blank, states[:, 2:] != states[:, :-2])
    never = np.zeros((n, 2), bool, like=labels)
    jumps = np.concatenate([never, differ], 1)[:, : states.shape[1]]
    last = _numbers([2 * k for k in counts], labels)
    losses = CTC.apply(x, states, jumps, _numbers(steps, labels), last)
    impossible = unwrap(losses) > -NEVER / 2
    losses = np.where(impossible, 0.0 if zero_infinity else math.inf, losses)
    if alone:
        losses = losses[0]
    if reduction == "mean":
        by_label = np.maximum(last[0] if alone else last, 2).astype(x.dtype) / 2
        losses = losses / by_label.astype(unwrap(losses).dtype)
    return reduced(losses, reduction)


def _states(labels: Any, counts: list[int], blank: int, padded: bool) -> Any:
    """Blanks and labels in turn, (N, 2 S + 1); where labels end, blanks."""
    rows, begin, most = [], 0, max(counts)
    for i, k in enumerate(counts):
        row = labels[i, :k] if padded else labels[begin : begin + k]
        filled = np.full((most - k,), blank, labels.dtype, like=labels)
        rows.append(np.concatenate([row, filled])[None, :, None])
        begin += k
    given = np.concatenate(rows)
    blanks = np.full(given.shape, blank, given.dtype, like=labels)
    pairs = np.reshape(np.concatenate([blanks, given], 2), (len(counts), 2 * most))
    end = np.full((len(counts), 1), blank, given.dtype, like=labels)
    return np.concatenate([pairs, end], 1)


def _numbers(values: list[int], like: Any) -> Any:
    return np.concatenate([np.full((1,), value, np.int64, like=like) for value in values])


def _lengths(name: str, given: Any, n: int, most: int) -> list[int]:
    values = unwrap(given).reshape(-1).tolist() if hasattr(given, "dtype") else given
    values = list(values) if isinstance(values, (list, tuple)) else [values]
    lengths = [integer_of("ctc_loss", name, one) for one in values]
    if len(lengths) != n or not all(0 <= one <= most for one in lengths):
        raise ValueError(
            f"ctc_loss: {name} must be {n} lengths from 0 to {most}; got {lengths}. One for each "
            "sequence."
        )
    return lengths
