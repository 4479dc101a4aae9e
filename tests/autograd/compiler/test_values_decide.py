"""Functions in which values decide: the shape of a result, the branch of a program, its numbers."""

import numpy as np
import pytest

import autograd
from nn import functional as F


def drawn(i):
    return autograd.tensor(np.random.default_rng(i).normal(size=6).astype(np.float32))


def positive(x):
    return x[x > 0]


def half_written(x):
    y = x.clone()
    y[y > 0] -= y[y > 0].mean()
    return y


WEIGHT = autograd.tensor([1.0, 2.0])


def weighted(x):
    labels = (x[:3] > 0).long()
    return F.nll_loss(x.view(3, 2).log_softmax(1), labels, weight=WEIGHT)


SHAPES = {  # of what comes in between
    "mean of some": lambda x: positive(x).mean(),
    "how many": lambda x: positive(x).sum() / positive(x).shape[0],
    "ones like some": lambda x: (positive(x) * autograd.ones_like(positive(x))).sum(),
    "masked_select": lambda x: x.masked_select(x > 0).var(),
    "half written": half_written,
    "nonzero": lambda x: (x > 0).nonzero().float().mean(),
    "length": lambda x: x.sum() * len((x > 0).nonzero()),
    "where": lambda x: x[autograd.where(x > 0)[0]].mean(),
    "unique": lambda x: (x * 2).round().unique().mean(),
    "repeat_interleave": lambda x: x.repeat_interleave((x > 0).long() + 1).mean(),
    "bincount": lambda x: autograd.bincount((x.abs() * 3).long()).float().mean(),
    "one_hot": lambda x: F.one_hot((x.abs() * 3).long()).float().mean(),
    "ignored": lambda x: F.cross_entropy(x.view(3, 2), autograd.where(x[:3] > 0, 1, -100)),
}
READ = {  # into Python
    "item": lambda x: x * x[0].item(),
    "tolist": lambda x: x * x.tolist()[0],
    "condition": lambda x: x * 3 if (x > 1).any() else x * 2,
    "equal": lambda x: x if x.equal(x.abs()) else x * 2,
    "allclose": lambda x: x if x.allclose(x.abs()) else x * 2,
    "max": lambda x: max(x),
    "in": lambda x: x * 2 if x[0] in [1.0] else x,
    "text": lambda x: x * len(repr(x)) * float(f"{x[0]:.2f}"),
    "numpy": lambda x: x * float(x.numpy().mean()),
    "keys": lambda x: x * {0: 1.0}.get(int(x[0] > 0), 2.0),
}
REPLAYED = {  # where values decide within a call
    "argmax": lambda x: x[x.argmax()],
    "topk": lambda x: x[x.topk(2).indices].sum(),
    "sort": lambda x: x.sort().values[:2].sum(),
    "median": lambda x: x.median(),
    "written": lambda x: x.clone().masked_fill_(x > 0, 0.0),
    "where": lambda x: autograd.where(x > 0, x, -x),
    "draws": lambda x: autograd.multinomial(x.softmax(0), 2) + autograd.bernoulli(x.sigmoid())[:2],
    "a part of what is made": lambda x: x.cumsum(0)[-1],
    "loop": lambda x: sum([one * one for one in x]),
    "weighted": weighted,
}


def compared(function):
    step = autograd.compile(function)
    for i in range(8):
        autograd.manual_seed(i)
        expected = function(drawn(i))
        autograd.manual_seed(i)
        found = step(drawn(i))
        assert found.dtype == expected.dtype and found.shape == expected.shape
        np.testing.assert_array_equal(found.numpy(), expected.numpy())  # bit for bit
    return step


@pytest.mark.parametrize("name", SHAPES)
def test_values_that_decide_a_shape_are_looked_at(name):
    assert "a look came out otherwise, " in str(compared(SHAPES[name]).explain())


@pytest.mark.parametrize("name", READ)
@pytest.mark.filterwarnings("ignore:compile. ")
def test_values_that_are_read_are_refused(name):
    assert compared(READ[name]).counts == {"eager": 6, "recorded": 2}


@pytest.mark.parametrize("name", REPLAYED)
def test_values_that_decide_within_a_call(name):
    assert compared(REPLAYED[name]).counts == {"eager": 1, "recorded": 1, "replayed": 6}


def test_an_argument_that_is_only_read_is_not_noted_as_changed():
    w = autograd.ones(2, 3, requires_grad=True)
    step = autograd.compile(lambda x: x.float().reshape(3, 2).contiguous().sum())
    for _ in range(4):
        x = autograd.ones(2, 3)
        loss = (w * x).sum()
        step(x)
        loss.backward()
    assert step.counts["replayed"] == 2
