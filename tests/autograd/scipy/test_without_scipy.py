"""autograd.scipy where SciPy is not installed: what is ours works, the rest names the command."""

import subprocess
import sys

PROGRAM = """
import sys
sys.modules["scipy"] = None  # as if it were not there

import numpy as onp
import autograd.numpy as np
from autograd import grad
from autograd.scipy import integrate, linalg, signal, special, stats

A, X = onp.array([[2.0, 0.3], [0.3, 1.0]]), onp.array([0.3, 0.4])


def near(value, expected, off=1e-9):
    onp.testing.assert_allclose(value, expected, rtol=off)


# values of plain numbers, and gradients
near(special.gammaln(2.5), 0.2846828704729192)
near(grad(special.gammaln)(2.5), special.digamma(2.5))
near(special.polygamma(1, 0.7), 2.8340491557694834)
near(grad(lambda x: np.sum(special.logsumexp(x)))(X), special.softmax(X))
near(grad(special.expit)(0.3), special.expit(0.3) * special.expit(-0.3))
near(grad(lambda x: special.beta(x, 1.0))(2.0), -0.25)
near(grad(stats.norm.cdf)(0.3), stats.norm.pdf(0.3))
near(grad(stats.gamma.cdf)(0.3, 2.0), stats.gamma.pdf(0.3, 2.0))
near(grad(stats.t.logpdf)(0.0, 3.0), 0.0)
near(grad(lambda mu: stats.poisson.logpmf(3, mu))(2.0), 0.5)
near(stats.multivariate_normal.logpdf(X, onp.zeros(2), onp.eye(2)), -1.9628770664093453)
near(linalg.solve_sylvester(A, A, 2 * A @ A), A)
near(linalg.solve_banded((0, 0), onp.array([[2.0, 4.0]]), X), [0.15, 0.1])
near(linalg.solve_triangular(A, X), onp.linalg.solve(onp.triu(A), X))
near(grad(lambda a: linalg.det(a))(A), onp.linalg.inv(A) * onp.linalg.det(A))
near(grad(lambda x: np.sum(signal.convolve(x, X)))(X), [0.7, 0.7])
near(integrate.odeint(lambda y, t: -y, X, onp.array([0.0, 1.0]))[1], X * onp.exp(-1), 1e-8)

for call in [
    lambda: special.betainc(1.5, 0.7, 0.3),
    lambda: special.jv(1.5, X),
    lambda: grad(lambda x: special.kv(1.5, x))(0.3),
    lambda: special.hyp2f1(1, 2, 3, 0.4),
    lambda: stats.t.cdf(0.3, 2.0),
    lambda: stats.norm.rvs(),
    lambda: stats.gennorm,
    lambda: linalg.sqrtm(A),
    lambda: linalg.logm,
    lambda: integrate.quad,
    lambda: signal.fftconvolve,
]:
    try:
        call()
    except ImportError as error:
        assert str(error).endswith("installed. Run pip install 'gradloom[scipy]'."), error
    else:
        raise AssertionError("no SciPy was asked for")
print("all of it")
"""


def test_what_is_ours_works_and_the_rest_asks_for_scipy():
    found = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert found.stdout == "all of it\n", found.stderr
