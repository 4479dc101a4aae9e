"""Whatever adds up: right however many terms there are, and in float16 as if it were float32."""

import math

import numpy as np
import pytest

import autograd
import nn
from autograd import tensor

N = 10**6
TENTH = float(np.float32(0.1))
HALF = autograd.float16


def tenths(*shape):
    return autograd.full(shape, 0.1)


def near(found, true, tolerance=1e-6):
    found = np.asarray(found.detach().numpy(), np.float64)
    np.testing.assert_allclose(found, np.broadcast_to(true, found.shape), rtol=tolerance)


# -- long sums in float32 -------------------------------------------------------------------------


REDUCTIONS = {
    "sum": (lambda x: x.sum(0), N * TENTH),
    "mean": (lambda x: x.mean(0), TENTH),
    "nansum": (lambda x: x.nansum(0), N * TENTH),
    "nanmean": (lambda x: x.nanmean(0), TENTH),
    "norm, p = 1": (lambda x: x.norm(1, 0), N * TENTH),
    "norm": (lambda x: x.norm(2, 0), math.sqrt(N) * TENTH),
    "logsumexp": (lambda x: x.logsumexp(0), TENTH + math.log(N)),
    "log_softmax": (lambda x: autograd.log_softmax(x, 0), -math.log(N)),
    "einsum": (lambda x: autograd.einsum("ij->j", x), N * TENTH),
    "einsum of two": (lambda x: autograd.einsum("ij,ij->j", x, x), N * TENTH**2),
    "dot": (lambda x: autograd.dot(x[:, 0], x[:, 1]), N * TENTH**2),
    "cumsum": (lambda x: x.cumsum(0)[-1], N * TENTH),
    "logcumsumexp": (lambda x: autograd.logcumsumexp(x, 0)[-1], TENTH + math.log(N)),
    "trapezoid": (lambda x: autograd.trapezoid(x, dim=0), (N - 1) * TENTH),
    "sum_to_size": (lambda x: x.sum_to_size(1, 2), N * TENTH),
}


@pytest.mark.parametrize("reduce, true", REDUCTIONS.values(), ids=REDUCTIONS)
def test_a_million_rows(reduce, true):
    near(reduce(tenths(N, 2)), true)


def test_draws_have_the_mean_and_the_deviation_they_are_drawn_with():
    autograd.manual_seed(0)
    x = autograd.normal(2000.0, 0.5, (N, 2))
    true = x.numpy().astype(np.float64)
    near(x.mean(0), true.mean(0))
    near(x.var(0), true.var(0, ddof=1), 1e-5)
    near(x.std(0), true.std(0, ddof=1), 1e-5)
    near(autograd.var_mean(x, 0)[1], true.mean(0))


USES = {
    "broadcast": lambda b, x: (b + x) * x,
    "expanded": lambda b, x: b.expand(N, 2) * x,
    "repeated": lambda b, x: b.repeat(N, 1) * x,
    "repeated, each as often": lambda b, x: b.reshape(1, 2).repeat_interleave(N, 0) * x,
    "repeated by a list": lambda b, x: b[None].repeat_interleave(tensor([N]), 0) * x,
    "indexed": lambda b, x: b[None][autograd.zeros(N, dtype=autograd.int64)] * x,
    "indexed from the end": lambda b, x: b[None][-autograd.ones(N, dtype=autograd.int64)] * x,
    "bias": lambda b, x: nn.functional.linear(autograd.ones(N, 1), autograd.ones(2, 1), b) * x,
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_the_gradient_of_what_meets_a_million_rows(use):
    b = autograd.zeros(2, requires_grad=True)
    use(b, tenths(N, 2)).sum().backward()
    near(b.grad, N * TENTH)


def test_the_gradient_of_a_value_written_a_million_times():
    value = tensor(0.0, requires_grad=True)
    x = tenths(N, 2)
    (x.masked_fill(autograd.ones(N, 2, dtype=autograd.bool), value) * x).sum().backward()
    near(value.grad, 2 * N * TENTH)


def test_values_added_a_million_times():
    i, x = autograd.zeros(N, dtype=autograd.int64), tenths(N, 2)
    near(autograd.zeros(3, 2).index_add(0, i, x)[0], N * TENTH)
    near(autograd.zeros(3, 2).scatter_add(0, i[:, None].expand(N, 2), x)[0], N * TENTH)
    near(autograd.zeros(3, 2).index_put((i,), x, accumulate=True)[0], N * TENTH)
    near(autograd.zeros(3, 2).index_add_(0, i, x)[0], N * TENTH)


# -- float16 --------------------------------------------------------------------------------------


def half(values, **options):
    return tensor(values, dtype=HALF, **options)


HALVES = {
        "norm": (lambda: half([300.0, 400.0]).norm(), 500),
        "np.linalg.norm": (lambda: np.linalg.norm(half([300.0, 400.0])), 500),
        "norm, p = 3": (lambda: half([300.0, 400.0]).norm(3), (3e2**3 + 4e2**3) ** (1 / 3)),
        "dist": (lambda: autograd.dist(half([300.0, 400.0]), half([0.0, 0.0])), 500),
        "renorm": (lambda: autograd.renorm(half([[300.0, 400.0]]), 2, 0, 250), [150, 200]),
        "var": (lambda: half([200.0, -200.0] * 50).var(unbiased=False), 40_000),
        "std": (lambda: half([300.0, -300.0] * 50).std(correction=0), 300),
        "np.std": (lambda: np.std(half([300.0, -300.0] * 50)), 300),
        "mean": (lambda: autograd.full((70_000,), 3.0, dtype=HALF).mean(), 3),
        "np.mean": (lambda: np.mean(autograd.full((70_000,), 3.0, dtype=HALF)), 3),
        "nanmean": (lambda: autograd.full((70_000,), 3.0, dtype=HALF).nanmean(), 3),
        "sum": (lambda: autograd.full((5001, 2), 1.0, dtype=HALF).sum(0), 5000),
        "cumsum": (lambda: autograd.ones(5001, dtype=HALF).cumsum(0)[-1], 5000),
        "prod": (lambda: half([300.0, 300.0, 0.01]).prod(), 900),
        "logsumexp": (lambda: autograd.zeros(70_000, dtype=HALF).logsumexp(0), math.log(70_000)),
        "softmax": (lambda: autograd.softmax(autograd.zeros(70_000, dtype=HALF), 0), 1 / 70_000),
        "cov": (lambda: autograd.cov(half([150.0, -150.0] * 50), correction=0), 22_500),
        "trapezoid": (lambda: autograd.trapezoid(autograd.ones(60_001, dtype=HALF)), 60_000),
        "vecdot": (lambda: autograd.vecdot(half([300.0, 300.0]), half([300.0, -299.0])), 300),
        "einsum": (lambda: autograd.einsum("bi,bi->b", *[half([[1.0] * 5000])] * 2), 5000),
        "scatter_reduce": (
            lambda: autograd.zeros(1, dtype=HALF).scatter_reduce(
                0, autograd.zeros(9, dtype=autograd.int64), half([60_000.0] * 9), "mean",
                include_self=False,
            ),
            60_000,
        ),
    }  # fmt: skip


@pytest.mark.parametrize("found, true", HALVES.values(), ids=HALVES)
def test_float16_holds_the_result_though_not_what_is_added(found, true):
    found = found()
    assert found.dtype == HALF
    near(found, true, 2e-3)


def test_gradients_in_float16():
    x = half([300.0, 400.0], requires_grad=True)
    x.norm().backward()
    near(x.grad, [0.6, 0.8], 1e-3)
    x = half([300.0, 400.0], requires_grad=True)
    x.norm(3).backward()
    near(x.grad, np.array([9, 16]) / 91 ** (2 / 3), 1e-3)
    x = autograd.ones(70_000, dtype=HALF, requires_grad=True)
    x.amax().backward()  # as many ties
    near(x.grad, 1 / 70_000, 5e-3)
    b = autograd.zeros(2, dtype=HALF, requires_grad=True)
    (b * autograd.ones(4100, 2, dtype=HALF)).sum().backward()
    near(b.grad, 4100, 0)
    assert b.grad.dtype == x.grad.dtype == HALF


NUMBERS = {
    "/": (lambda x: x / 70_000, 60_000 / 70_000),
    "reflected /": (lambda x: 70_000 / x, 70_000 / 60_000),
    "*": (lambda x: x * 1e-6, 0.06),
    "+": (lambda x: x - 120_000 + 0.0, -60_000),
    "reflected -": (lambda x: 70_000 - x, 10_000),
    "**": (lambda x: x**1e-9, 1),
    "/=": (lambda x: x.clone().div_(70_000), 60_000 / 70_000),
    "<": (lambda x: (x < 70_000).half(), 1),
}


@pytest.mark.parametrize("found, true", NUMBERS.values(), ids=NUMBERS)
def test_a_number_counts_as_it_is_not_as_float16_has_it(found, true):
    out = found(half([60_000.0]))
    assert out.dtype == HALF
    near(out, true, 1e-3)


def test_the_gradient_of_a_number_that_float16_has_not():
    x = half([60_000.0], requires_grad=True)
    (x / 70_000).backward()
    near(x.grad, 1 / 70_000, 5e-3)
    assert x.grad.dtype == HALF


# -- dtype= ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sum", "nansum", "prod", "cumsum", "cumprod"])
@pytest.mark.parametrize(
    "dtype", ["int8", "uint8", "int16", "int32", "int64", "bool", "float16", "float32", "float64"]
)
def test_dtype_is_kept(name, dtype):
    x, arguments = tensor([1, 2]), (0,) if name.startswith("cum") else ()
    out = getattr(autograd, name)(x, *arguments, dtype=dtype)
    assert out.dtype == dtype
    assert np.array_equal(out, getattr(np, name)(np.array([1, 2])).astype(dtype))
    assert getattr(x, name)(0, dtype=dtype).dtype == dtype
    if name != "nansum":
        assert getattr(np, name)(x, dtype=dtype).dtype == dtype


def test_narrow_integers_wrap_as_they_are_asked_to():
    x = tensor([200, 100], dtype=autograd.uint8)
    assert x.sum().dtype == autograd.int64 and x.sum() == 300
    assert x.sum(dtype=autograd.uint8) == 44
    assert tensor([1.7, 1.7]).sum(dtype=autograd.int32) == 2


def test_a_running_product_beyond_the_dtype_spoils_nothing_after_it():
    for size in (1e30, 1e-30):
        x = autograd.tensor([size, size, 1 / size])
        with np.errstate(over="ignore"):
            found = autograd.cumprod(x, 0).numpy()
        np.testing.assert_allclose(found[[0, 2]], [size, size], rtol=1e-6)


@pytest.mark.parametrize(
    "values",
    [
        [1e30, 0.0, 1e30, 1e-30],
        [1e20, 1e20, 1e-30, 2.0],
        [1e-30, 1e-30, 1e30, 1e30],
        [0.0, *[2.0] * 140],
        [1e-45, 1e-45, 1e38, 1e38],
    ],
)
def test_gradients_of_running_products_whose_parts_are_beyond_the_dtype(values):
    x = tensor(values, requires_grad=True)
    with np.errstate(over="ignore"):
        x.cumprod(0).sum().backward()
    values, n = [float(np.float32(one)) for one in values], len(values)
    exact = [
        sum(math.prod(values[:i]) * math.prod(values[i + 1 : k + 1]) for k in range(i, n))
        for i in range(n)
    ]
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(x.grad.numpy(), np.array(exact).astype("f4"), rtol=1e-5)
