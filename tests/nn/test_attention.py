"""Attention beside PyTorch: masks, dropout, heads; and what it refuses."""

import gc
import itertools
import weakref

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
from nn.attention import SDPBackend, sdpa_kernel

random = np.random.default_rng(0)
L, S = 3, 5
MASKS = {
    "none": None,
    "hidden": np.arange(L)[:, None] > np.arange(S),  # the first query sees nothing
    "numbers": random.standard_normal((L, S)).astype("f"),
    "each": random.standard_normal((2, 4, L, S)).astype("f"),
    "keys": np.array([[True, True, True, False, False]]),
}


def close(found, expected):
    for a, e in zip(found, expected, strict=True):
        a, e = (one.detach().numpy() for one in (a, e))
        assert a.shape == e.shape
        np.testing.assert_allclose(a, e, 3e-5, 3e-5 * np.max(np.abs(e), initial=1e-3))


@pytest.mark.torch
@pytest.mark.parametrize("mask", MASKS)
def test_attention_is_torchs(mask):
    torch = pytest.importorskip("torch")
    for p, grouped, causal in itertools.product((0.0, 0.3), (False, True), (False, True)):
        shape = (2, 2 if grouped else 4, S, 4)
        q, k, v = (random.standard_normal(one).astype("f") for one in ((2, 4, L, 4), shape, shape))
        given, found = MASKS[mask], []
        for core, functional in ((autograd, F), (torch, torch.nn.functional)):
            core.manual_seed(3)
            leaves = [core.tensor(a, requires_grad=True) for a in (q, k, v)]
            hidden = None if given is None else core.tensor(given)
            if given is not None and given.dtype == np.float32:
                leaves.append(hidden.requires_grad_())
            out = functional.scaled_dot_product_attention(
                *leaves[:3], hidden, p, is_causal=causal and given is None, enable_gqa=grouped
            )
            (out**3).sum().backward()
            found.append([out, *(one.grad for one in leaves)])
        close(*found)


def test_results_lie_as_queries_keys_and_values_do():
    x = autograd.randn(2, 5, 3, 4, requires_grad=True)  # N, length, heads, features
    heads = x.transpose(1, 2)
    out = F.scaled_dot_product_attention(heads, heads, heads)
    assert out.transpose(1, 2).is_contiguous()
    (out**2).sum().backward()
    assert x.grad.is_contiguous()


def test_what_was_made_goes_with_the_graph():
    x = autograd.randn(2, 3, 5, 4, requires_grad=True)
    gc.disable()  # nothing may wait for it
    try:
        out = F.scaled_dot_product_attention(x, x, x)
        made = weakref.ref(out.grad_fn.made[0])
        del out
        assert made() is None
    finally:
        gc.enable()


HEADS = [
    {},
    {"kdim": 3, "vdim": 5, "batch_first": True},
    {"add_bias_kv": True, "add_zero_attn": True, "dropout": 0.3},
    {"bias": False, "dropout": 0.2, "batch_first": True},
]
HIDDEN = [
    {},
    {"key_padding_mask": np.array([[False] * 5, [False] * 3 + [True] * 2])},
    {"attn_mask": np.triu(np.ones((L, S), bool), 1)},
    {"attn_mask": random.standard_normal((4, L, S)).astype("f")},
]


@pytest.mark.torch
@pytest.mark.parametrize("options", HEADS, ids=str)
def test_heads_are_torchs(options):
    torch = pytest.importorskip("torch")
    wanted = [{}, {"need_weights": False}, {"average_attn_weights": False}]
    for masks, more in itertools.product(HIDDEN, wanted):
        autograd.manual_seed(1)
        torch.manual_seed(1)
        layers = [one.MultiheadAttention(4, 2, **options) for one in (nn, torch.nn)]
        assert repr(layers[0]) == repr(layers[1])
        assert list(layers[0].state_dict()) == list(layers[1].state_dict())
        sizes = ((L, 4), (S, options.get("kdim", 4)), (S, options.get("vdim", 4)))
        arrays = [random.standard_normal((n, 2, size)).astype("f") for n, size in sizes]
        if options.get("batch_first"):
            arrays = [a.swapaxes(0, 1) for a in arrays]
        found = []
        for core, layer in zip((autograd, torch), layers, strict=True):
            core.manual_seed(3)
            x = [core.tensor(a.copy(), requires_grad=True) for a in arrays]
            out, weights = layer(*x, **{k: core.tensor(m) for k, m in masks.items()}, **more)
            ends = [out] if weights is None else [out, weights]
            sum((one * one).sum() for one in ends).backward()
            leaves = [*x, *layer.parameters()]
            found.append([*ends, *layer.parameters(), *(one.grad for one in leaves)])
        close(*found)


def test_one_sequence_is_a_batch_of_one():
    layer = nn.MultiheadAttention(4, 2)
    x = autograd.rand(3, 4)
    out, weights = layer(x, x, x)
    several, of_several = layer(x.unsqueeze(1), x.unsqueeze(1), x.unsqueeze(1))
    np.testing.assert_allclose(out.detach().numpy(), several[:, 0].detach().numpy(), 1e-6)
    np.testing.assert_allclose(weights.detach().numpy(), of_several[0].detach().numpy(), 1e-6)


def test_long_stacks_are_taken_by_parts():
    q = autograd.rand(40, 70, 4, dtype=autograd.float64)
    k = autograd.rand(40, 90, 4, dtype=autograd.float64).requires_grad_()
    mask = autograd.rand(40, 1, 90, dtype=autograd.float64)
    ours = F.scaled_dot_product_attention(q, k, k, mask)
    plain = autograd.softmax(q @ k.mT / 2 + mask, -1) @ k
    np.testing.assert_allclose(ours.detach().numpy(), plain.detach().numpy(), 1e-12)
    (a,) = autograd.autograd.grad(ours.square().sum(), k)
    (e,) = autograd.autograd.grad(plain.square().sum(), k)
    np.testing.assert_allclose(a.numpy(), e.numpy(), 1e-10)


def test_a_choice_of_kernel_changes_nothing():
    x = autograd.rand(3, 4)
    with sdpa_kernel([SDPBackend.FLASH_ATTENTION, SDPBackend.MATH]):
        inside = F.scaled_dot_product_attention(x, x, x)
    assert inside.tolist() == F.scaled_dot_product_attention(x, x, x).tolist()
    with pytest.raises(TypeError, match="SDPBackend members"):
        sdpa_kernel(["math"]).__enter__()


X = autograd.ones(2, 3, 4)
LAYER = nn.MultiheadAttention(4, 2)
REFUSED = [
    (lambda: F.scaled_dot_product_attention(X[0, 0], X, X), RuntimeError, "at least 2 axes"),
    (lambda: F.scaled_dot_product_attention(X, X[..., :2], X), RuntimeError, "belong together"),
    (lambda: F.scaled_dot_product_attention(X, X, X[:, :2]), RuntimeError, "belong together"),
    (lambda: F.scaled_dot_product_attention(X, X, X.double()), RuntimeError, "one floating dtype"),
    (lambda: F.scaled_dot_product_attention(X, X, X, X), RuntimeError, "attn_mask must be broadc"),
    (lambda: F.scaled_dot_product_attention(X, X, X, X[:, :, :3].long()), RuntimeError, "bools or"),
    (lambda: F.scaled_dot_product_attention(X, X, X, dropout_p=2), ValueError, "a probability"),
    (
        lambda: F.scaled_dot_product_attention(X.repeat(2, 1, 1), X[:1].repeat(3, 1, 1), X,
                                               enable_gqa=True),
        RuntimeError, "must divide",
    ),
    (lambda: nn.MultiheadAttention(4, 3), ValueError, "must divide embed_dim"),
    (lambda: LAYER(X, X[:, :2], X[:, :2]), RuntimeError, "as many sequences"),
    (lambda: LAYER(X[..., :3], X, X), RuntimeError, "must have 4 features"),
    (lambda: LAYER(X, X, X, attn_mask=X[0] > 0), RuntimeError, "attn_mask must have shape"),
    (lambda: LAYER(X, X, X, key_padding_mask=X[0] > 0), RuntimeError, "key_padding_mask must"),
    (lambda: LAYER(X, X, X, is_causal=True), RuntimeError, "got no attn_mask"),
]  # fmt: skip


@pytest.mark.parametrize("call, kind, text", REFUSED, ids=[text for *_, text in REFUSED])
def test_refused(call, kind, text):
    with pytest.raises(kind, match=text):
        call()
