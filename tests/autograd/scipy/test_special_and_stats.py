"""autograd.scipy beside SciPy: values, and first derivatives against differences."""

import numpy as np
import pytest

pytest.importorskip("scipy")
import scipy.linalg
import scipy.signal
import scipy.special
import scipy.stats

from autograd.core import make_vjp
from autograd.scipy import linalg, signal, special, stats

X = np.array([0.3, 0.55, 0.8])
UNARY = """digamma gamma gammaln rgamma j0 j1 y0 y1 i0 i1 i0e i1e k0 k1 erf erfc erfinv erfcinv
erfcx logit expit ndtr ndtri log_ndtr entr""".split()
ORDERS = "beta betaln jv yv iv ive kv kve gammainc gammaincc xlogy xlog1py".split()


def check(ours, theirs, x, h=1e-6):
    vjp, out = make_vjp(ours, x)
    np.testing.assert_allclose(np.asarray(out), theirs(x), rtol=1e-12, atol=1e-14)
    v = np.cos(np.arange(x.size)).reshape(x.shape) + 0.5
    w = np.sin(np.arange(np.asarray(out).size) + 1.0).reshape(np.shape(np.asarray(out)))
    slope = np.sum(w * (theirs(x + h * v) - theirs(x - h * v))) / (2 * h)
    np.testing.assert_allclose(np.sum(vjp(w) * v), slope, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", UNARY)
def test_a_function_of_one_argument(name):
    check(getattr(special, name), getattr(scipy.special, name), X)


@pytest.mark.parametrize("name", ORDERS)
def test_a_function_with_an_order(name):
    ours, theirs = getattr(special, name), getattr(scipy.special, name)
    check(lambda x: ours(1.5, x), lambda x: theirs(1.5, x), X)


@pytest.mark.parametrize("name", ["logpdf", "pdf", "cdf", "logcdf", "sf", "logsf"])
@pytest.mark.parametrize(
    ("distribution", "shapes"),
    [("norm", ()), ("t", (2.5,)), ("gamma", (1.7,)), ("chi2", (3.0,)), ("beta", (1.5, 2.5))],
)
def test_a_distribution(distribution, shapes, name):
    ours = getattr(getattr(stats, distribution), name)
    theirs = getattr(getattr(scipy.stats, distribution), name)
    check(lambda x: ours(x, *shapes, -0.1, 1.4), lambda x: theirs(x, *shapes, -0.1, 1.4), X)


def test_logsumexp_with_weights_of_zero():
    b = np.array([1.0, 2.0, 0.0])
    check(lambda x: special.logsumexp(x, b=b), lambda x: scipy.special.logsumexp(x, b=b), X)


def test_an_order_has_no_derivative():
    vjp, _ = make_vjp(lambda a: special.betainc(a, 2.0, X), 1.0)
    with pytest.raises(NotImplementedError, match="betainc"):
        vjp(X)


@pytest.mark.parametrize("mode", ["full", "valid", "same"])
def test_convolve(mode):
    x, y = np.sin(np.arange(20.0)).reshape(4, 5), np.cos(np.arange(6.0)).reshape(3, 2)
    check(
        lambda x: signal.convolve(x, y, mode=mode), lambda x: scipy.signal.convolve(x, y, mode), x
    )
    check(
        lambda y: signal.convolve(x, y, mode=mode), lambda y: scipy.signal.convolve(x, y, mode), y
    )


def test_solve_banded_and_sqrtm():
    ab = np.sin(np.arange(15.0)).reshape(3, 5) + [[0], [4], [0]]
    check(
        lambda ab: linalg.solve_banded((1, 1), ab, np.ones(5)),
        lambda ab: scipy.linalg.solve_banded((1, 1), ab, np.ones(5)),
        ab,
    )
    check(linalg.sqrtm, scipy.linalg.sqrtm, np.array([[4.0, 1.0], [0.5, 3.0]]))
