"""Derivatives of special functions at zeros, infinities and far out."""

import numpy as np
import pytest

import autograd
from autograd import special

INF = np.inf


def derivatives(function, at, dtype):
    """The first two, as arrays; a warning is an error."""
    x = autograd.tensor(np.array(at, dtype), requires_grad=True)
    (first,) = autograd.grad(function(x).sum(), x, create_graph=True)
    (second,) = autograd.grad(first.sum(), x)
    return first.detach().numpy(), second.detach().numpy()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_normal_distributions_tails(dtype):
    close = {"rtol": 1e-6 if dtype == "float32" else 1e-14, "atol": 0}
    first, second = derivatives(special.log_ndtr, [-1e8, -100, 50, INF], dtype)
    np.testing.assert_allclose(first, [1e8, 100.00999800099926, 0, 0], **close)
    np.testing.assert_allclose(second, [-1, -0.9999000599500517, 0, 0], **close)
    first, second = derivatives(special.erfcx, [1e10, INF], dtype)
    np.testing.assert_allclose(first, [-5.641895835477563e-21, 0], **close)
    np.testing.assert_allclose(second, [1.1283791670955126e-30, 0], **close)


def test_nothing_is_asked_of_the_far_tail_by_a_zero():
    x = autograd.tensor([-INF, 0.0], requires_grad=True)
    special.log_ndtr(x)[1].backward()
    np.testing.assert_array_equal(x.grad.numpy()[0], 0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "name, at, expected",
    [
        ("i1", [800, 103, 740, 1e10], [INF, 2.104439267295844e43, INF, INF]),
        ("scaled_modified_bessel_k0", [0, 1], [-INF, -0.4916904064563633]),
        ("scaled_modified_bessel_k1", [0, 1], [-INF, -1.1444630798068947]),
        ("bessel_y1", [0, 1], [INF, 0.8694697855159655]),
        ("spherical_bessel_j0", [-INF, 0, 0.5, 2, INF],
         [0, 0, -0.16253703063606656, -0.43539777497999166, 0]),
    ],
)  # fmt: skip
def test_first_derivatives(name, at, expected, dtype):
    with np.errstate(over="ignore"):  # beyond float32
        expected = np.array(expected).astype(dtype)
        first, second = derivatives(getattr(special, name), at, dtype)
    np.testing.assert_allclose(first, expected, rtol=1e-6 if dtype == "float32" else 1e-14)
    assert not np.isnan(second).any()


def test_far_out_bessel_functions_are_waves():
    at = [1e200, 6e307, 1.7e308]
    x = autograd.tensor(np.array(at))
    first, second = derivatives(special.bessel_j1, at, "float64")
    np.testing.assert_allclose(first, special.bessel_j0(x).numpy(), rtol=1e-14)
    np.testing.assert_allclose(second, -special.bessel_j1(x).numpy(), rtol=1e-14)


@pytest.mark.parametrize(
    "name, slope, bend",
    [
        (
            "i0e",
            [-0.0017241490574958752, -0.0012296158835897392, -1.9947862106984187e-07],
            [0.0001089589784694696, 6.202074722455996e-05, 2.992254131753587e-11],
        ),
        (
            "i1e",
            [-0.0016151900790264055, -0.0011675951363651794, -1.9944869852852436e-07],
            [9.747973884505899e-05, 5.680612465277664e-05, 2.991506049515319e-11],
        ),
        (
            "scaled_modified_bessel_k0",
            [-0.005249618186677724, -0.003767463761458072, -6.266335712204455e-07],
            [0.0003248799764653767, 0.0001868767896742497, 9.399268615958125e-11],
        ),
        (
            "scaled_modified_bessel_k1",
            [-0.0055744981631431, -0.003954340551132322, -6.267275639066051e-07],
            [0.0003583956282414535, 0.00020232803911650747, 9.401618374378432e-11],
        ),
    ],
)
def test_scaled_bessel_functions_grow_flat(name, slope, bend):
    """At 24, before the series, and 30 and 10⁴ in it; by mpmath. Far out as x^(-3/2)."""
    first, second = derivatives(getattr(special, name), [24, 30, 1e4, 1e16, 4e16, INF], "float64")
    np.testing.assert_allclose(first[:3], slope, rtol=1e-14)
    np.testing.assert_allclose(second[:3], bend, rtol=3e-13)
    np.testing.assert_allclose([first[3] / first[4], second[3] / second[4]], [8, 32], rtol=1e-14)
    assert first[5] == second[5] == 0


@pytest.mark.parametrize("name", ["erf", "erfc", "ndtr"])
def test_at_infinity_a_bell_is_flat(name):
    for one in derivatives(getattr(special, name), [-INF, -1e200, 1e200, INF], "float64"):
        np.testing.assert_array_equal(one, 0)


def test_an_entropy_below_zero():
    assert special.entr(autograd.tensor([-INF, -1.0, 0.0, INF])).tolist() == [-INF, -INF, 0, -INF]


@pytest.mark.parametrize("family", ["chebyshev_polynomial_u", "hermite_polynomial_h"])
def test_a_recurrence_ends_where_nothing_is_a_number(family):
    found = getattr(special, family)(autograd.tensor([3.0, 0.5]), autograd.tensor([2.0**40, 2]))
    np.testing.assert_array_equal(found, [np.nan, {"c": 0, "h": -1}[family[0]]])


def test_a_degree_is_truncated():
    found = special.legendre_polynomial_p(autograd.tensor(0.5), autograd.tensor([-1.0, -0.5, 1.9]))
    assert found.tolist() == [0, 1, 0.5]
