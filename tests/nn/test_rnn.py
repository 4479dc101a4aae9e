"""Recurrent layers beside PyTorch, packed sequences, and what they refuse."""

import itertools
import warnings

import numpy as np
import pytest

import autograd
import nn
from nn.utils import rnn

KINDS = [
    ("RNN", {}),
    ("RNN", {"nonlinearity": "relu"}),
    ("LSTM", {}),
    ("LSTM", {"proj_size": 2}),
    ("GRU", {}),
]
OPTIONS = [
    {},
    {"num_layers": 2, "dropout": 0.4},
    {"batch_first": True, "bidirectional": True},
    {"num_layers": 2, "bias": False, "bidirectional": True, "batch_first": True, "dropout": 0.3},
]
FORMS = ["steps", "one", "packed", "unsorted"]


def run(core, utils, layer, form, given):
    """Outputs, last states, and the gradients of all that has one."""
    core.manual_seed(7)
    batch_first = layer.batch_first
    rng = np.random.default_rng(0)
    x = core.tensor(rng.standard_normal((5, 3) if form == "one" else (5, 2, 3)).astype("f"))
    if batch_first and form != "one":
        x = x.transpose(0, 1)
    x = x.detach().requires_grad_()
    count = layer.num_layers * (1 + layer.bidirectional)
    shape = (count,) if form == "one" else (count, 2)
    states = [
        core.tensor(rng.standard_normal((*shape, size)).astype("f"), requires_grad=True)
        for size in (layer.proj_size or 4, 4)
    ][: 2 if layer.mode == "LSTM" else 1]
    hx = None if not given else tuple(states) if layer.mode == "LSTM" else states[0]
    put = x
    if form in ("packed", "unsorted"):
        lengths, sort = ([5, 3], True) if form == "packed" else ([3, 5], False)
        put = utils.pack_padded_sequence(x, lengths, batch_first, enforce_sorted=sort)
    out, last = layer(put, hx)
    if put is not x:
        out, _ = utils.pad_packed_sequence(out, batch_first)
    ends = [out, *(last if layer.mode == "LSTM" else (last,))]
    weights = [rng.uniform(0.5, 1.5, tuple(one.shape)).astype("f") for one in ends]
    sum((one * core.tensor(w)).sum() for one, w in zip(ends, weights, strict=True)).backward()
    leaves = [x, *(states if given else ()), *layer.parameters()]
    return [one.detach().numpy() for one in ends] + [one.grad.numpy() for one in leaves]


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind, more", KINDS, ids=lambda value: str(value))
def test_layers_are_torchs(kind, more, form):
    torch = pytest.importorskip("torch")
    for options, given in itertools.product(OPTIONS, (False, True)):
        autograd.manual_seed(1)
        torch.manual_seed(1)
        ours = getattr(nn, kind)(3, 4, **more, **options)
        theirs = getattr(torch.nn, kind)(3, 4, **more, **options)
        assert repr(ours) == repr(theirs)
        assert list(ours.state_dict()) == list(theirs.state_dict())
        for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
            np.testing.assert_array_equal(a.detach().numpy(), b.detach().numpy())
        found = run(autograd, rnn, ours, form, given)
        expected = run(torch, torch.nn.utils.rnn, theirs, form, given)
        for a, e in zip(found, expected, strict=True):
            assert a.shape == e.shape
            np.testing.assert_allclose(a, e, 2e-5, 2e-5 * np.max(np.abs(e)), err_msg=str(options))


@pytest.mark.torch
@pytest.mark.parametrize("name", ["RNNCell", "LSTMCell", "GRUCell"])
def test_cells_start_and_step_as_torchs(name):
    torch = pytest.importorskip("torch")
    autograd.manual_seed(1)
    torch.manual_seed(1)
    ours, theirs = getattr(nn, name)(3, 4), getattr(torch.nn, name)(3, 4)
    x, found = np.random.default_rng(0).standard_normal((2, 3)).astype("f"), []
    for core, cell in ((autograd, ours), (torch, theirs)):
        state = None
        for _ in range(3):
            state = cell(core.tensor(x), state)
        h = state[0] if name == "LSTMCell" else state
        h.sum().backward()
        found.append([h.detach().numpy(), *(p.grad.numpy() for p in cell.parameters())])
    for a, e in zip(*found, strict=True):
        np.testing.assert_allclose(a, e, 2e-5, 2e-6)


@pytest.mark.torch
def test_packing_and_padding_are_torchs():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal((n, 2)).astype("f") for n in (2, 4, 1, 4)]
    results = []
    for core, utils in ((autograd, rnn), (torch, torch.nn.utils.rnn)):
        listed = [core.tensor(a, requires_grad=True) for a in arrays]
        packed = utils.pack_sequence(listed, enforce_sorted=False)
        padded, lengths = utils.pad_packed_sequence(packed, True, -1.0, total_length=6)
        right = utils.pad_sequence(listed)
        left = utils.pad_sequence(listed, True, 9.0, padding_side="left")
        (padded.square().sum() + (left[:, :3] ** 3).sum()).backward()
        results.append(
            [*packed, padded, lengths, right, left, *utils.unpack_sequence(packed)]
            + utils.unpad_sequence(right + 0, lengths)  # PyTorch's turns its argument round
            + [one.grad for one in listed]
        )
    for a, e in zip(*results, strict=True):
        np.testing.assert_array_equal(a.detach().numpy(), e.detach().numpy())


def packed():
    return rnn.pack_sequence([autograd.ones(3, 2), autograd.ones(1, 2)])


def test_a_packed_sequence_is_a_named_tuple_that_converts():
    one = packed()
    data, sizes, order, back = one
    assert one.data is data and sizes.tolist() == [2, 1, 1] and order is None and back is None
    assert one.to(autograd.float32) is one and one.cpu() is one and not one.is_cuda
    assert one.double().data.dtype == autograd.float64
    assert rnn.PackedSequence(data, sizes, autograd.tensor([1, 0])).unsorted_indices is not None


def test_gates_at_their_limits():
    for name in ("LSTM", "GRU", "RNN"):
        layer = getattr(nn, name)(1, 2)
        x = autograd.tensor([[1e30], [-1e30]], requires_grad=True)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            out, _ = layer(x)
            out.sum().backward()
        assert np.all(np.abs(out.detach().numpy()) <= 1) and np.all(np.isfinite(x.grad.numpy()))


def test_a_graph_that_is_kept_gives_the_same_again():
    for name in ("LSTM", "GRU", "RNN"):
        layer = getattr(nn, name)(2, 3)
        loss = layer(autograd.ones(4, 2, 2))[0].square().sum()
        first = autograd.autograd.grad(loss, list(layer.parameters()), retain_graph=True)
        again = autograd.autograd.grad(loss, list(layer.parameters()))
        for a, b in zip(first, again, strict=True):
            assert a.tolist() == b.tolist()


REFUSED = [
    (lambda: nn.LSTM(3, 0), ValueError, "hidden_size must be 1 or more"),
    (lambda: nn.LSTM(3, 4, dropout=1.5), ValueError, "dropout must be a probability"),
    (lambda: nn.LSTM(3, 4, proj_size=4), ValueError, "proj_size must be less than hidden_size"),
    (lambda: nn.RNN(3, 4, nonlinearity="sin"), ValueError, "nonlinearity must be"),
    (lambda: nn.RNNBase("ELMAN", 3, 4), ValueError, "mode must be one of"),
    (lambda: nn.LSTM(3, 4)(autograd.ones(5)), ValueError, "2 or 3 axes"),
    (lambda: nn.LSTM(3, 4)(autograd.ones(5, 2)), RuntimeError, "expected 3 input features"),
    (lambda: nn.LSTM(3, 4)(autograd.ones(0, 3)), RuntimeError, "at least one step"),
    (lambda: nn.LSTM(3, 4)(autograd.ones(5, 3).double()), ValueError, "one dtype"),
    (lambda: nn.LSTM(3, 4)(autograd.ones(5, 3), autograd.ones(1, 4)), TypeError, "the pair"),
    (lambda: nn.GRU(3, 4)(autograd.ones(5, 2, 3), autograd.ones(2, 1, 4)), RuntimeError, "h must"),
    (lambda: nn.GRUCell(3, 4)(autograd.ones(2, 2)), RuntimeError, "expected an input of shape"),
    (lambda: nn.LSTMCell(3, 4)(autograd.ones(2, 3), (autograd.ones(2, 3),) * 2), RuntimeError, "a"),
    (lambda: rnn.pad_sequence([]), RuntimeError, "at least one sequence"),
    (lambda: rnn.pad_sequence([autograd.ones(2, 1), autograd.ones(2)]), RuntimeError, "first axis"),
    (lambda: rnn.pad_sequence([autograd.ones(2)], padding_side="top"), ValueError, "padding_side"),
    (lambda: rnn.pack_padded_sequence(autograd.ones(3, 2), [1, 3]), RuntimeError, "must not grow"),
    (lambda: rnn.pack_padded_sequence(autograd.ones(3, 2), [3, 0]), RuntimeError, "between 1 and"),
    (lambda: rnn.pack_padded_sequence(autograd.ones(3, 2), [3]), RuntimeError, "expected 2 length"),
    (lambda: rnn.pack_padded_sequence(autograd.ones(3, 2), [1.5, 1]), TypeError, "whole numbers"),
    (lambda: rnn.pad_packed_sequence(autograd.ones(3)), TypeError, "a PackedSequence"),
    (lambda: rnn.pad_packed_sequence(packed(), total_length=2), ValueError, "total_length"),
]


@pytest.mark.parametrize("call, kind, text", REFUSED, ids=[text for *_, text in REFUSED])
def test_refused(call, kind, text):
    with pytest.raises(kind, match=text):
        call()


def test_dropout_that_does_nothing_is_told():
    with pytest.warns(UserWarning, match="num_layers=1"):
        nn.GRU(3, 4, dropout=0.5)
