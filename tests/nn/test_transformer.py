"""Transformers beside PyTorch: weights, print, values, gradients, dropout's draws."""

import numpy as np
import pytest

import autograd
import nn

S, T, N, E = 5, 4, 2, 8
random = np.random.default_rng(0)
SRC, TGT = (random.standard_normal((n, N, E)).astype("f") for n in (S, T))
SHORT = np.array([[False] * 5, [False] * 3 + [True] * 2])
OPTIONS = [
    {"dropout": 0.2},
    {"dropout": 0.2, "batch_first": True, "activation": "gelu"},
    {"dropout": 0.1, "batch_first": True, "norm_first": True},
    {"dropout": 0.0, "bias": False, "layer_norm_eps": 1e-3},
]


def masks(core, layers, kind):
    if kind == "causal":
        later = layers.Transformer.generate_square_subsequent_mask(T)
        return {"tgt_mask": later, "src_mask": core.tensor(np.triu(np.ones((S, S), bool), 1))}
    padding = core.tensor(SHORT)
    return {
        "src_key_padding_mask": padding,
        "memory_key_padding_mask": padding,
        "tgt_key_padding_mask": padding[:, :T],
    }


def close(found, expected):
    for a, e in zip(found, expected, strict=True):
        a, e = (one.detach().numpy() for one in (a, e))
        assert a.shape == e.shape
        np.testing.assert_allclose(a, e, 1e-4, 5e-5 * np.max(np.abs(e), initial=1e-3))


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:enable_nested_tensor", "ignore:The PyTorch API of nested")
@pytest.mark.parametrize("kind", ["causal", "padding"])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_transformers_are_torchs(options, kind):
    torch = pytest.importorskip("torch")
    found = []
    for core, layers in ((autograd, nn), (torch, torch.nn)):
        core.manual_seed(1)
        model = layers.Transformer(E, 2, 2, 2, 16, **options)
        arrays = (a.swapaxes(0, 1) if model.batch_first else a for a in (SRC, TGT))
        src, tgt = (core.tensor(a.copy(), requires_grad=True) for a in arrays)
        hidden = masks(core, layers, kind)
        core.manual_seed(5)
        out = model(src, tgt, **hidden)
        (out**3).sum().backward()
        model.eval()
        with core.no_grad():
            evaluated = model(src, tgt, **hidden)
            padding = hidden.get("src_key_padding_mask")
            encoded = model.encoder(src, src_key_padding_mask=padding)
        gradients = [one.grad for one in (src, tgt, *model.parameters())]
        tensors = [out, evaluated, encoded, *model.parameters(), *gradients]
        found.append((repr(model), list(model.state_dict()), tensors))
    assert found[0][:2] == found[1][:2]
    close(found[0][2], found[1][2])


def test_padding_counts_nothing_and_is_zero_where_pytorch_leaves_it_out():
    layer = nn.TransformerEncoderLayer(E, 2, 16, batch_first=True)
    src, padding = autograd.tensor(SRC).transpose(0, 1), autograd.tensor(SHORT)
    outs = []
    for nested in (True, False):
        encoder = nn.TransformerEncoder(layer, 1, enable_nested_tensor=nested).eval()
        with autograd.no_grad():
            outs.append(encoder(src, src_key_padding_mask=padding))
    assert outs[0][1, 3:].tolist() == np.zeros((2, E)).tolist() and outs[1][1, 3:].abs().min() > 0
    np.testing.assert_array_equal(outs[0][1, :3].numpy(), outs[1][1, :3].numpy())
    np.testing.assert_allclose(
        outs[0][1:, :3].numpy(), encoder(src[1:, :3]).detach().numpy(), 1e-5, 1e-5
    )


def test_copies_start_alike_and_learn_by_themselves():
    encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(E, 2, 16), 2)
    first, second = encoder.layers
    for a, b in zip(first.parameters(), second.parameters(), strict=True):
        assert a is not b and a.tolist() == b.tolist()


def test_second_derivatives():
    layer = nn.TransformerEncoderLayer(2, 1, 2, 0.0, "gelu").double()
    x = autograd.rand(2, 1, 2, dtype=autograd.float64, requires_grad=True)
    assert autograd.gradcheck(layer, [x]) and autograd.gradgradcheck(layer, [x])


X = autograd.ones(3, 1, E)
REFUSED = [
    (lambda: nn.TransformerEncoderLayer(E, 3), ValueError, "must divide"),
    (lambda: nn.TransformerEncoderLayer(E, 2, activation="sin"), RuntimeError, "activation must"),
    (lambda: nn.TransformerEncoder(None, 2), TypeError, "expected a layer"),
    (lambda: nn.Transformer(E, 2, 1, 1, 4)(X, X[:, :0]), RuntimeError, "as many sequences"),
    (lambda: nn.Transformer(E, 2, 1, 1, 4)(X[..., :2], X), RuntimeError, "expected 8 features"),
    (lambda: nn.Transformer(E, 2, custom_encoder=3), TypeError, "custom_encoder must"),
]


@pytest.mark.parametrize("call, kind, text", REFUSED, ids=[text for *_, text in REFUSED])
def test_refused(call, kind, text):
    with pytest.raises(kind, match=text):
        call()
