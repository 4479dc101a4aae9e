"""What ``torch`` itself has of ``torch.nn.functional``, in its own signatures."""

import numpy as np
import pytest

import autograd
import nn
from autograd.script import functional

CALLS = """
dropout(x, 0.0, True); dropout_(x * 1, 0.5, False); alpha_dropout(x, 0.5, False);
alpha_dropout_(x * 1, 0.5, False); feature_dropout(image, 0.5, False);
feature_alpha_dropout(image, 0.5, False); embedding(x, index); embedding(x, index, 1);
layer_norm(x, (3,)); group_norm(image, 2);
batch_norm(x, None, None, None, None, True, 0.1, 1e-5, True);
instance_norm(image, None, None, None, None, True, 0.1, 1e-5, True);
binary_cross_entropy_with_logits(x, target, None, None, 2);
cosine_embedding_loss(x, target, sign, 0.1); hinge_embedding_loss(x, target * 2 - 1);
kl_div(x, target + 1); kl_div(x, target, 1); kl_div(x, target, 2, log_target=True);
margin_ranking_loss(x, target, target * 2 - 1, 0.2, 1);
poisson_nll_loss(x, target, True, False, 1e-8, 1);
triplet_margin_loss(x, target, x + 1, 1.0, 2.0, 1e-6, False, 0); rms_norm(x, (3,));
conv1d(image[0], image[0]); conv2d(image, image);
conv_transpose2d(image, image.mT.transpose(0, 1)); avg_pool1d(x[None], 2); max_pool1d(x[None], 2);
max_pool2d(image, 2); adaptive_avg_pool1d(x[None], 2); pixel_shuffle(image, 2);
pixel_unshuffle(image, 2); channel_shuffle(image, 2); prelu(x, x[0, :1]); celu(x, 2.0); selu(x);
rrelu(x, 0.1, 0.3); threshold(x, 0.5, 2.0); hardshrink(x, 0.5); cosine_similarity(x, target);
pairwise_distance(x, target); pdist(x); bilinear(x, target, cube)
"""
CALLS = [call.strip() for call in CALLS.split(";")]
NAMED = {"feature_dropout": "dropout2d"}  # what they are in nn.functional, if not by their names
HERE = [
    call
    for call in CALLS
    for name in [call.partition("(")[0]]
    if hasattr(nn.functional, NAMED.get(name, name.rstrip("_")))
]


def computed(library, call):
    rng = np.random.default_rng(0)
    x = library.tensor(rng.normal(size=(2, 3)), dtype=library.float64)
    x.requires_grad_()
    image = library.tensor(rng.normal(size=(1, 4, 4, 4)), dtype=library.float64)
    image.requires_grad_()
    names = {
        "x": x,
        "image": image,
        "index": library.tensor([[1, 0]]),
        "target": library.tensor([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]], dtype=library.float64),
        "sign": library.tensor([1.0, -1.0], dtype=library.float64),
        "cube": library.ones(2, 3, 3, dtype=library.float64),
    }
    result = eval(f"library.{call}", {**names, "library": library})
    result.square().sum().backward()
    used = image if "image" in call else x
    return result.detach().numpy(), used.grad.numpy()


@pytest.mark.torch
@pytest.mark.parametrize("call", HERE)
def test_functions_of_torch_itself_are_pytorchs(call):
    torch = pytest.importorskip("torch")
    for ours, theirs in zip(computed(autograd, call), computed(torch, call)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_a_reduction_is_a_number_here():
    x = autograd.ones(2)
    assert autograd.kl_div(x.log(), x, 0).shape == (2,)
    with pytest.raises(
        ValueError, match=r"^reduction: expected 0 \(none\), 1 \(mean\) or 2 \(sum\)"
    ):
        autograd.kl_div(x, x, "mean")
    assert autograd.selu is autograd.nn.functional.selu and "selu" in functional.SAME
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        functional.nothing()
