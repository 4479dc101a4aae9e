"""float16: sums, squares and small constants are float32's, and the result is rounded once."""

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
from autograd import tensor

HALF = autograd.float16
rng = np.random.default_rng(0)
REALS, OTHERS, CHANCES = (
    rng.standard_normal((6, 3)),
    rng.standard_normal((6, 3)),
    rng.random((6, 3)),
)
CLASSES, SIGNS = rng.integers(0, 3, 6), 2 * rng.integers(0, 2, (6, 3)) - 1
CALLS = {
    F.mse_loss: (REALS, OTHERS),
    F.l1_loss: (REALS, OTHERS),
    F.smooth_l1_loss: (REALS, OTHERS),
    F.huber_loss: (REALS, OTHERS),
    F.poisson_nll_loss: (REALS, CHANCES),
    F.gaussian_nll_loss: (REALS, OTHERS, CHANCES),
    F.cross_entropy: (REALS, CLASSES),
    F.nll_loss: (REALS, CLASSES),
    F.binary_cross_entropy: (CHANCES, CHANCES[::-1]),
    F.binary_cross_entropy_with_logits: (REALS, CHANCES),
    F.kl_div: (REALS, CHANCES),
    F.cosine_embedding_loss: (REALS, OTHERS, SIGNS[:, 0]),
    F.triplet_margin_loss: (REALS, OTHERS, CHANCES),
    F.margin_ranking_loss: (REALS, OTHERS, SIGNS),
    F.hinge_embedding_loss: (REALS, SIGNS),
    F.soft_margin_loss: (REALS, SIGNS),
    F.cosine_similarity: (REALS, OTHERS),
    F.pairwise_distance: (REALS, OTHERS),
    F.normalize: (REALS,),
    F.scaled_dot_product_attention: (REALS, OTHERS, REALS),
    F.multi_margin_loss: (REALS, CLASSES),
    F.multilabel_margin_loss: (REALS, SIGNS),
    F.multilabel_soft_margin_loss: (REALS, CHANCES),
    F.triplet_margin_with_distance_loss: (REALS, OTHERS, CHANCES),
    F.linear_cross_entropy: (REALS, OTHERS, rng.integers(0, 6, 6)),
    F.ctc_loss: (
        np.log(rng.dirichlet(np.ones(3), 6)),
        np.array([1, 2]),
        np.array([6]),
        np.array([2]),
    ),
}


def test_every_loss_is_here():
    losses = {f for name, f in vars(F).items() if name.endswith("_loss") or "entropy" in name}
    assert losses <= CALLS.keys()


@pytest.mark.filterwarnings("ignore:kl_div")
@pytest.mark.parametrize("function", CALLS, ids=lambda f: f.__name__)
def test_as_float32_rounded_once(function):
    results = []
    for dtype in (HALF, autograd.float32):
        given = [  # the same numbers, which float16 has
            tensor(a.astype("e"), requires_grad=True).to(dtype)
            if a.dtype.kind == "f"
            else tensor(a)
            for a in CALLS[function]
        ]
        given[0].retain_grad()
        out = function(*given)
        assert out.dtype == dtype
        out.sum().backward()
        results.append((out.detach().numpy(), given[0].grad.numpy()))
    (half, slope), (single, expected) = results
    np.testing.assert_array_equal(half, single.astype("e"))
    np.testing.assert_array_equal(slope, expected.astype("e"))


def test_squares_beyond_the_range():
    x = tensor([300.0, 0.0, 0.0, 0.0], dtype=HALF, requires_grad=True)
    loss = F.mse_loss(x, autograd.zeros(4, dtype=HALF))
    loss.backward()
    assert loss.item() == 22496 and x.grad.tolist() == [150, 0, 0, 0]  # 22500, rounded
    wide = tensor([[300.0, 400.0], [0.0, 0.0]], dtype=HALF)
    np.testing.assert_allclose(F.normalize(wide).tolist(), [[0.6, 0.8], [0, 0]], rtol=1e-3)
    assert F.cosine_similarity(wide, wide).tolist() == [1, 0]
    assert F.cosine_similarity(x1=wide, x2=wide).tolist() == [1, 0]


def test_other_dtypes_decide_as_ever():
    x = autograd.ones(2, dtype=HALF)
    assert F.mse_loss(x, autograd.ones(2)).dtype == autograd.float32
    assert F.softmax(x, 0).dtype == HALF
    assert F.softmax(x, 0, autograd.float32).dtype == autograd.float32


@pytest.mark.parametrize("n", [70_000, 200_000])
def test_softmax_over_many(n):
    x = autograd.zeros(n, dtype=HALF, requires_grad=True)
    np.testing.assert_allclose(F.softmax(x, 0).detach().numpy(), np.float16(1 / n))
    logs = F.log_softmax(x, 0)
    np.testing.assert_array_equal(logs.detach().numpy(), np.float16(-np.log(n)))
    logs[0].backward()
    assert x.grad[0].item() == 1 and x.grad[1].item() == -np.float16(1 / n)


def test_clipping_goes_by_the_true_norm():
    p = nn.Parameter(autograd.zeros(2, dtype=HALF))
    p.grad = tensor([300.0, 400.0], dtype=HALF)
    assert nn.utils.clip_grad_norm_([p], 1.0).item() == 500
    np.testing.assert_allclose(p.grad.tolist(), [0.6, 0.8], rtol=1e-3)
    p.grad = autograd.full((2,), 60_000.0, dtype=HALF)
    nn.utils.clip_grad_norm_([p], 1.0)  # the norm itself is infinite in float16
    np.testing.assert_allclose(p.grad.tolist(), [0.5**0.5] * 2, rtol=1e-3)


@pytest.mark.parametrize("size", [1e30, 1e-30])
@pytest.mark.parametrize("order", [1.0, 2.0, 3.0, "inf"])
def test_norms_whose_powers_leave_float32(size, order):
    p = nn.Parameter(autograd.zeros(2))
    p.grad = tensor([3.0, 4.0]) * size
    norm = nn.utils.clip_grad_norm_([p], size, order).item()
    expected = np.linalg.norm([3.0, 4.0], float(order))
    assert norm == pytest.approx(size * expected, rel=1e-6)
    if size > 1:  # below, PyTorch's 1e-6 in the denominator decides
        np.testing.assert_allclose(p.grad.numpy() / size, [3 / expected, 4 / expected], rtol=1e-6)


BIG = tensor([300.0, -400.0], dtype=HALF)
COMPOSED = {  # what is on the way, or the number, is no float16
    "addcmul": lambda x: autograd.addcmul(x, x, x, value=1e-4),
    "addcdiv": lambda x: autograd.addcdiv(x, x * 100, x / 1000, value=1e-6),
    "lerp": lambda x: autograd.lerp(x * 150, x * -150, 0.5),
    "addcmul_": lambda x: x.clone().addcmul_(x, x, value=1e-4),
    "lerp_": lambda x: (x * 150).lerp_(x * -150, 0.25),
    "leaky_relu": lambda x: F.leaky_relu(x, 1e-6),
    "leaky_relu_": lambda x: F.leaky_relu_(x.clone(), 1e-6),
    "elu": lambda x: F.elu(x, 1e-7),
    "celu": lambda x: F.celu(x, 1e-7),
}


@pytest.mark.parametrize("call", COMPOSED.values(), ids=COMPOSED)
def test_composed_elementwise_is_rounded_once(call):
    results = []
    for dtype in (HALF, autograd.float32):
        x = BIG.to(dtype).requires_grad_()
        out = call(x)
        assert out.dtype == dtype
        (g,) = autograd.grad(out.sum(), x)
        results.append((out.detach().numpy(), g.numpy()))
    for half, single in zip(*results, strict=True):
        np.testing.assert_allclose(half, single.astype("e"), rtol=2e-3, atol=6e-8)
