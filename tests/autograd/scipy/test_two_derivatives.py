"""Every rule of autograd.scipy, differentiated twice, against differences; forward mode, too."""

import numpy as np
import pytest

pytest.importorskip("scipy")
import scipy.linalg
import scipy.special
import scipy.stats

import autograd.numpy as anp
from autograd.core import make_vjp
from autograd.scipy import integrate, linalg, signal, special, stats
from autograd.scipy.special import _WAYS
from autograd.test_util import check_grads

X = np.array([0.3, 0.55, 0.8])
# The arguments before and behind the one that is differentiated; one is X alone.
AROUND = {
    "beta": ((1.5,), ()), "betaln": ((1.5,), ()), "betainc": ((1.5, 0.7), ()),
    "gammainc": ((1.5,), ()), "gammaincc": ((1.5,), ()), "zeta": ((2.5,), ()),
    "polygamma": ((1,), ()), "multigammaln": ((), (1,)), "xlogy": ((0.3,), ()),
    "xlog1py": ((0.3,), ()), "rel_entr": ((0.3,), ()), "kl_div": ((0.3,), ()),
    "boxcox": ((), (0.3,)),
}  # fmt: skip
AROUND |= {name: ((1.5,), ()) for name in "jn jv yn yv iv ive kn kv kve".split()}
AROUND |= {name: ((2,), ()) for name in "jn yn kn".split()}
FIRST = "beta betaln rel_entr kl_div xlogy xlog1py".split()  # by the first argument, too
GAMMASGN = ["gammasgn"]  # a step


@pytest.mark.parametrize("name", [name for name in _WAYS if name not in GAMMASGN])
def test_special(name):
    function, (before, behind) = getattr(special, name), AROUND.get(name, ((), ()))
    theirs = getattr(scipy.special, name)
    _, value = make_vjp(lambda x: function(*before, x, *behind), X)
    expected = theirs(*before, X, *behind)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    check_grads(lambda x: function(*before, x, *behind), order=2)(X)
    if name in FIRST:
        check_grads(lambda x: function(x, 0.7), order=2)(X)


def test_special_of_complex_numbers_and_weights():
    z = X + 0.4j
    check_grads(lambda z: anp.real(special.erf(z)), order=2, modes=["rev"])(z)
    check_grads(lambda b: special.logsumexp(X, b=b), order=2)(X)
    check_grads(lambda x: special.logsumexp(x * np.ones((2, 1)), axis=0, keepdims=True), order=2)(X)
    check_grads(lambda a: special.multigammaln(a, 3), order=2)(X + 2)
    check_grads(lambda x: special.boxcox(0.7, x), order=2)(X)


CDF = "pdf cdf logpdf logcdf sf logsf".split()
CONTINUOUS = [
    ("norm", (), (0.2, 1.3), CDF), ("t", (2.5,), (0.2, 1.3), CDF), ("chi2", (3.0,), (), CDF),
    ("gamma", (1.7,), (0.1, 1.3), CDF), ("beta", (1.5, 2.5), (0.1, 1.3), CDF),
]  # fmt: skip


@pytest.mark.parametrize(
    "distribution, shapes, place, name",
    [(d, shapes, place, name) for d, shapes, place, names in CONTINUOUS for name in names],
)
def test_continuous(distribution, shapes, place, name):
    ours, theirs = (getattr(getattr(m, distribution), name) for m in (stats, scipy.stats))
    _, value = make_vjp(lambda x: ours(x, *shapes, *place), X)
    np.testing.assert_allclose(value, theirs(X, *shapes, *place), rtol=1e-11)
    check_grads(lambda x: ours(x, *shapes, *place), order=2)(X)
    if place:
        check_grads(lambda loc, scale: ours(X, *shapes, loc, scale), (0, 1), order=2)(
            *map(np.float64, place)
        )
    if name in ("pdf", "logpdf") or distribution == "norm":
        for i, shape in enumerate(shapes):
            others = [np.float64(one) for one in shapes]

            def by_shape(one, i=i, others=others):
                return ours(X, *others[:i], one, *others[i + 1 :], *place)

            check_grads(by_shape, order=2)(np.float64(shape))


@pytest.mark.parametrize("name", "pmf logpmf cdf logcdf sf logsf".split())
def test_poisson(name):
    k, mu = np.array([0, 2, 5, 9]), np.array([0.4, 1.5, 3.0, 2.0])
    ours, theirs = getattr(stats.poisson, name), getattr(scipy.stats.poisson, name)
    _, value = make_vjp(lambda mu: ours(k, mu, 0), mu)
    np.testing.assert_allclose(value, theirs(k, mu, 0), rtol=1e-11)
    check_grads(lambda mu: ours(k, mu), order=2)(mu)
    check_grads(lambda mu: ours(k[1:], mu, 1), order=2)(mu.mean())
    # Beside the support: what SciPy gives.
    with np.errstate(all="ignore"):
        _, value = make_vjp(lambda mu: ours(np.array([-1.0, 1.5]), mu), np.float64(1.5))
        np.testing.assert_allclose(value, theirs(np.array([-1.0, 1.5]), 1.5), rtol=1e-11)


@pytest.mark.parametrize("name", ["pdf", "logpdf"])
def test_dirichlet(name):
    x, alpha = np.array([0.2, 0.3, 0.5]), np.array([1.5, 0.7, 2.0])
    ours, theirs = getattr(stats.dirichlet, name), getattr(scipy.stats.dirichlet, name)
    _, value = make_vjp(lambda alpha: ours(x, alpha), alpha)
    np.testing.assert_allclose(value, theirs(x, alpha), rtol=1e-12)
    check_grads(lambda alpha: ours(x, alpha), order=2)(alpha)
    check_grads(lambda x: ours(x, alpha), order=2)(x[:2])  # the last is what is missing to 1
    many = np.stack([x, x[::-1]], 1)
    _, value = make_vjp(lambda alpha: ours(many, alpha), alpha)
    np.testing.assert_allclose(value, theirs(many, alpha), rtol=1e-12)


MEAN = np.array([0.1, -0.3, 0.5])
COV = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, 0.4], [0.1, 0.4, 1.0]])
ROWS = np.array([[0.2, 0.4, -0.1], [1.0, 0.0, 0.3]])


@pytest.mark.parametrize("name", ["pdf", "logpdf"])
def test_multivariate_normal(name):
    ours = getattr(stats.multivariate_normal, name)
    theirs = getattr(scipy.stats.multivariate_normal, name)
    _, value = make_vjp(lambda x: ours(x, MEAN, COV), ROWS)
    np.testing.assert_allclose(value, theirs(ROWS, MEAN, COV), rtol=1e-12)
    check_grads(lambda x, mean: ours(x, mean, COV), order=2)(ROWS, MEAN)
    check_grads(lambda cov: ours(ROWS, MEAN, cov + cov.T), order=2)(COV / 2)
    check_grads(lambda cov: ours(ROWS, MEAN, cov), order=2)(np.diag(COV).copy())
    check_grads(lambda cov: ours(ROWS, MEAN, cov), order=2)(np.float64(1.3))


def test_multivariate_normal_of_one_number_and_its_entropy():
    ours, theirs = stats.multivariate_normal, scipy.stats.multivariate_normal
    for x in (np.float64(0.3), X):
        _, value = make_vjp(lambda x: ours.logpdf(x, 0.1, 1.5), x)
        np.testing.assert_allclose(value, theirs.logpdf(x, 0.1, 1.5), rtol=1e-12)
        check_grads(lambda x: ours.logpdf(x, 0.1, 1.5), order=2)(x)
    _, value = make_vjp(lambda cov: ours.entropy(MEAN, cov), COV)
    np.testing.assert_allclose(value, theirs.entropy(MEAN, COV), rtol=1e-12)
    check_grads(lambda cov: ours.entropy(MEAN, cov + cov.T), order=2)(COV / 2)


def test_multivariate_normal_on_a_subspace():
    half = np.array([[1.0, 0.2], [0.5, 1.0], [0.3, -0.7]])
    cov = half @ half.T  # of rank 2

    def inside(v):
        return stats.multivariate_normal.logpdf(half @ v, np.zeros(3), cov, True)

    v = np.array([0.3, -0.8])
    _, value = make_vjp(inside, v)
    expected = scipy.stats.multivariate_normal.logpdf(half @ v, np.zeros(3), cov, True)
    np.testing.assert_allclose(value, expected, rtol=1e-9)
    check_grads(inside, order=2)(v)

    def scaled(s):  # which stays in the subspace
        return stats.multivariate_normal.logpdf(half @ v, np.zeros(3), s * cov, True)

    check_grads(scaled, order=2)(np.float64(1.3))
    outside = np.cross(half[:, 0], half[:, 1])
    with np.errstate(invalid="ignore"):
        assert (
            make_vjp(
                lambda x: stats.multivariate_normal.logpdf(x, np.zeros(3), cov, True), outside
            )[1]
            == -np.inf
        )
    with pytest.raises(np.linalg.LinAlgError, match="must be positive definite"):
        make_vjp(lambda x: stats.multivariate_normal.logpdf(x, np.zeros(3), cov), outside)


A = np.array([[4.0, 1.0, 0.2], [0.5, 3.0, -0.4], [0.1, 0.6, 2.0]])
BANDS = np.sin(np.arange(12.0)).reshape(3, 4) + [[0], [4], [0]]
LINEAR = {
    "sqrtm": (lambda m, a: m.sqrtm(a), A),
    "solve_sylvester": (lambda m, a: m.solve_sylvester(a, A.T, A), A),
    "solve_sylvester, b": (lambda m, a: m.solve_sylvester(A, a, A), A.T),
    "solve_sylvester, q": (lambda m, a: m.solve_sylvester(A, A.T, a), A),
    "solve_banded": (lambda m, a: m.solve_banded((1, 1), a, np.ones(4)), BANDS),
    "solve_banded, b": (lambda m, a: m.solve_banded((1, 1), BANDS, a), np.ones((4, 2))),
    "solve_triangular": (lambda m, a: m.solve_triangular(a, X, lower=True), A),
    "solve_triangular, T": (lambda m, a: m.solve_triangular(a, X, trans=1), A),
    "solve_triangular, 1": (lambda m, a: m.solve_triangular(a, X, unit_diagonal=True), A),
    "solve": (lambda m, a: m.solve(a, X), A),
    "solve, b": (lambda m, a: m.solve(A, a), X),
    "cholesky": (lambda m, a: m.cholesky(a @ a.T), A),
    "cholesky, lower": (lambda m, a: m.cholesky(a @ a.T, lower=True), A),
    "cho_solve": (lambda m, a: m.cho_solve((a, True), X), A),
    "cho_solve, b": (lambda m, a: m.cho_solve((A, False), a), X),
    "expm": (lambda m, a: m.expm(a), A / 4),
    "inv": (lambda m, a: m.inv(a), A),
    "det": (lambda m, a: m.det(a), A),
}


@pytest.mark.parametrize("name", LINEAR)
def test_linalg(name):
    function, x = LINEAR[name]
    _, value = make_vjp(lambda x: function(linalg, x), x)
    np.testing.assert_allclose(value, function(scipy.linalg, x), rtol=1e-10, atol=1e-15)
    check_grads(lambda x: function(linalg, x), order=2)(x)


@pytest.mark.parametrize("options", [
    {}, {"mode": "valid"}, {"mode": "same"}, {"axes": ([1], [0])},
    {"axes": ([0], [1]), "dot_axes": ([1], [0])},
])  # fmt: skip
def test_convolve(options):
    a, b = np.sin(np.arange(12.0)).reshape(3, 4), np.cos(np.arange(8.0)).reshape(4, 2)[:, :2]
    if options.get("mode"):
        b = b[:2]
    check_grads(lambda a, b: signal.convolve(a, b, **options), order=2)(a, b)


TIMES = np.linspace(0, 2, 4)


def swings(y, t, k):
    return anp.array([y[1], -k * anp.sin(y[0]) + 0.1 * anp.cos(t)])


def test_odeint():
    y0 = np.array([1.0, 0.2])
    _, value = make_vjp(lambda y0: integrate.odeint(swings, y0, TIMES, (1.5,)), y0)
    np.testing.assert_allclose(value, integrate.odeint(swings, y0, TIMES, (1.5,)), 1e-6, 1e-6)
    vjp, value = make_vjp(lambda t: integrate.odeint(swings, y0, t, (1.5,)), TIMES)
    np.testing.assert_allclose(
        vjp(np.ones((4, 2)))[1:],
        [swings(y, t, 1.5).sum() for y, t in zip(value[1:], TIMES[1:])],
        rtol=1e-5,
    )


@pytest.mark.slow
def test_gradients_of_odeint_are_as_exact_as_its_tolerances_say():
    y0, weights = np.array([1.0, 0.2]), np.cos(np.arange(8.0)).reshape(4, 2)

    def gradients(**options):
        vjp, _ = make_vjp(
            lambda args: integrate.odeint(swings, args[0], TIMES, (args[1],), **options), (y0, 1.5)
        )
        by_start, by_number = vjp(weights)
        return np.append(by_start, by_number)

    exact = gradients(rtol=1e-11, atol=1e-11)
    size = np.abs(exact).max()
    for tolerance in (1.49e-8, 1e-6):
        off = np.abs(gradients(rtol=tolerance, atol=tolerance) - exact).max() / size
        assert tolerance / 1e3 < off < 3 * tolerance


@pytest.mark.slow
def test_odeint_twice():
    def end(y0, k):
        return integrate.odeint(swings, y0, TIMES[:2], (k,), rtol=1e-10, atol=1e-10)[-1]

    check_grads(end, order=2, modes=["rev"])(np.array([1.0, 0.2]), np.float64(1.5))
