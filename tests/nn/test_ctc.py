"""The loss of sequences of labels: what the rows do not say, and PyTorch beside it."""

import numpy as np
import pytest

import autograd
import nn
from nn import functional as F

LOGS = np.log(np.full((3, 1, 3), 1 / 3))


def test_where_no_alignment_is_possible_the_loss_is_infinite_or_nothing():
    x = autograd.tensor(LOGS, requires_grad=True)
    y = autograd.tensor([[1, 1]])  # which takes three steps: a blank is between
    assert F.ctc_loss(x, y, (2,), (2,)).item() == np.inf
    loss = F.ctc_loss(x, y, (2,), (2,), zero_infinity=True)
    loss.backward()
    assert loss.item() == 0 and (x.grad == 0).all()


def test_labels_in_one_row_are_the_same():
    x = autograd.randn(5, 3, 4).log_softmax(2)
    padded = autograd.tensor([[1, 2], [3, 0], [2, 2]])
    flat = autograd.tensor([1, 2, 3, 2, 2])
    lengths = autograd.tensor([5, 4, 5]), autograd.tensor([2, 1, 2])
    assert F.ctc_loss(x, padded, *lengths) == F.ctc_loss(x, flat, *lengths)
    assert nn.CTCLoss()(x, padded, *lengths) == F.ctc_loss(x, flat, *lengths)
    assert repr(nn.CTCLoss()) == "CTCLoss()"


def test_a_long_sequence_of_unlikely_labels():
    x = autograd.tensor(np.full((2000, 1, 3), -80.0), requires_grad=True)
    loss = F.ctc_loss(x, autograd.tensor([[1, 2]]), (2000,), (2,), reduction="sum")
    loss.backward()
    assert loss.item() == pytest.approx(160_000, rel=1e-3)
    np.testing.assert_allclose(x.grad.numpy().sum(2), -1, rtol=1e-9)


@pytest.mark.parametrize(
    "arguments, kind, words",
    [
        ({"input_lengths": (4,)}, ValueError, "from 0 to 3; got \\[4\\]"),
        ({"input_lengths": (3, 3)}, ValueError, "1 lengths"),
        ({"target_lengths": (3,)}, ValueError, "from 0 to 2"),
        ({"targets": autograd.tensor([[1, 3]])}, IndexError, r"in \[0, 3\); got 0 to 3"),
        ({"targets": autograd.tensor([[1.0, 2.0]])}, TypeError, "must be integers"),
        ({"blank": 3}, IndexError, "blank must be"),
        ({"log_probs": autograd.zeros(3)}, ValueError, "T, N, C"),
    ],
)
def test_misused(arguments, kind, words):
    given = {
        "log_probs": autograd.tensor(LOGS),
        "targets": autograd.tensor([[1, 2]]),
        "input_lengths": (3,),
        "target_lengths": (2,),
    }
    with pytest.raises(kind, match=words):
        F.ctc_loss(**{**given, **arguments})


@pytest.mark.torch
def test_random_sequences_against_torch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    for _ in range(60):
        t, n, c, s = rng.integers(1, 9), rng.integers(1, 4), rng.integers(2, 6), rng.integers(1, 5)
        x = rng.standard_normal((t, n, c))
        steps, counts = rng.integers(1, t + 1, n), rng.integers(0, s + 1, n)
        y = rng.integers(1, c, (n, s))
        reduction = str(rng.choice(["mean", "sum", "none"]))
        found = []
        for core, f in ((autograd, F), (torch, torch.nn.functional)):
            leaf = core.tensor(x, requires_grad=True)
            arguments = [core.tensor(a) for a in (y, steps, counts)]
            logs = leaf.log_softmax(2)
            loss = f.ctc_loss(logs, *arguments, reduction=reduction, zero_infinity=True)
            loss.sum().backward()
            found.append((loss.detach().numpy(), leaf.grad.numpy()))
        for ours, theirs in zip(*found):
            np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)
