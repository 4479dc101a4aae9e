"""Distributions without an oracle: densities integrate to what they say, gradients, errors."""

import math

import numpy as np
import pytest

import autograd
from autograd import distributions, gradcheck, tensor
from autograd.distributions import Distribution, kl_divergence, register_kl
from tests.rows.distributions import ROWS

IDS = [f"{row.name}-{'-'.join(row.parameters)}" for row in ROWS]
EVERY = pytest.mark.parametrize("row", ROWS, ids=IDS)
UNITS = {"GreaterThan", "GreaterThanEq", "Real", "Interval"}


def leaves_of(row):
    return [
        tensor(value, dtype=autograd.float64, requires_grad=True)
        for value in row.parameters.values()
        if isinstance(value, list)
    ]


def made(row, leaves=None, **options):
    symmetric = leaves is not None
    leaves = iter(leaves_of(row) if leaves is None else leaves)
    given = {
        name: next(leaves) if isinstance(value, list) else value
        for name, value in row.parameters.items()
    }
    for name in ("covariance_matrix", "precision_matrix"):
        if symmetric and name in given:  # its gradient is that of symmetric matrices
            given[name] = (given[name] + given[name].mT) / 2
    return getattr(distributions, row.name)(**given, **options)


def test_every_distribution_has_a_row():
    classes = {
        name for name, one in vars(distributions).items()
        if isinstance(one, type) and issubclass(one, Distribution)
    }  # fmt: skip
    made_of_others = {
        "Distribution", "ExponentialFamily", "Independent", "MixtureSameFamily",
        "TransformedDistribution",
    }  # fmt: skip
    assert classes - made_of_others == {row.name for row in ROWS}


def number(bound):
    return bound.detach().numpy() if isinstance(bound, autograd.Tensor) else bound


def points(support):
    """Places of a region from end to end, and the weights that sums over them have as integrals."""
    step = 0.01
    t = np.arange(-36, 36, step)
    name = type(support).__name__
    if name == "Real":
        return np.sinh(t), np.cosh(t) * step
    if name in ("GreaterThan", "GreaterThanEq"):
        low = np.broadcast_to(number(support.lower_bound), (2,))[:, None]
        return low + np.exp(t), np.exp(t) * step * np.ones_like(low)
    low, high = (
        np.broadcast_to(number(bound), (2,))[:, None]
        for bound in (support.lower_bound, support.upper_bound)
    )
    share = 1 / (1 + np.exp(-t))
    return low + (high - low) * share, (high - low) * share * (1 - share) * step


CONTINUOUS = [
    row for row in ROWS
    if row.gradient and not made(row).event_shape and row.name not in ("OneHotCategorical",)
]  # fmt: skip


@pytest.mark.parametrize("row", CONTINUOUS, ids=lambda row: row.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # the ends of the region
def test_the_density_integrates_to_one_and_to_the_moments(row):
    n = 2
    row = row._replace(parameters={
        k: v[:n] if isinstance(v, list) else v for k, v in row.parameters.items()
    })  # fmt: skip
    one = made(row, validate_args=False)
    x, weights = points(one.support)
    x, weights = np.broadcast_to(x, (n, x.shape[-1])), np.broadcast_to(weights, (n, x.shape[-1]))
    log = one.log_prob(tensor(x.T.copy())).detach().numpy().T
    mass = np.where(np.isfinite(log), np.exp(log), 0) * weights
    np.testing.assert_allclose(mass.sum(-1), 1, rtol=1e-4)
    for name in ("mean", "variance", "entropy", "cdf"):
        try:
            if name == "cdf":
                middle = x[:, x.shape[-1] // 2 : x.shape[-1] // 2 + 200 : 50]
                found = one.cdf(tensor(middle.T.copy())).detach().numpy().T
                sums = np.cumsum(mass, -1) - mass / 2  # to the middle of a step
                expected = sums[:, x.shape[-1] // 2 : x.shape[-1] // 2 + 200 : 50]
                np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
                continue
            found = getattr(one, name)
            found = (found() if callable(found) else found).detach().numpy()
        except NotImplementedError:
            continue
        if not np.isfinite(found).all():
            continue
        mean = (mass * x).sum(-1)
        expected = {
            "mean": mean,
            "variance": (mass * (x - mean[:, None]) ** 2).sum(-1),
            "entropy": -(mass * np.where(mass > 0, log, 0)).sum(-1),
        }[name]
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("name, parameters, last", [
    ("Bernoulli", {"probs": [0.2, 0.7]}, 1),
    ("Binomial", {"total_count": 5, "probs": [0.2, 0.7]}, 5),
    ("Geometric", {"probs": [0.2, 0.7]}, 200), ("Poisson", {"rate": [0.5, 8.0]}, 100),
])  # fmt: skip
def test_probabilities_sum_to_one_and_to_the_moments(name, parameters, last):
    given = {k: tensor(v).double() if isinstance(v, list) else v for k, v in parameters.items()}
    one = getattr(distributions, name)(**given)
    x = np.arange(last + 1.0)[:, None]
    p = one.log_prob(tensor(x)).exp().numpy()
    np.testing.assert_allclose(p.sum(0), 1, rtol=1e-9)
    np.testing.assert_allclose(one.mean.numpy(), (p * x).sum(0), rtol=1e-8)
    variance = (p * (x - one.mean.numpy()) ** 2).sum(0)
    np.testing.assert_allclose(one.variance.numpy(), variance, rtol=1e-8)
    if name != "Poisson":
        np.testing.assert_allclose(one.entropy().numpy(), -(p * np.log(p)).sum(0), rtol=1e-6)


@EVERY
def test_samples_have_the_moments(row):
    autograd.manual_seed(0)
    one = made(row)
    try:
        mean, deviation = one.mean.detach().numpy(), one.stddev.detach().numpy()
    except NotImplementedError:
        return
    if not np.isfinite(deviation).all():
        return
    n = 400
    drawn = one.sample((n,)).numpy().mean(0)
    assert np.all(np.abs(drawn - mean) <= 4.5 * deviation / math.sqrt(n) + 1e-12)


@EVERY
def test_gradients_of_log_prob(row):
    if row.name == "Bernoulli" or row.parameters.get("probs") == [0.2, 0.7, 1.0]:
        row = row._replace(parameters={k: v[:2] for k, v in row.parameters.items()})
    autograd.manual_seed(2)
    value = made(row).sample((2,))
    leaves = leaves_of(row)

    def log_prob(*leaves):
        return made(row, leaves, validate_args=False).log_prob(value)

    assert gradcheck(log_prob, leaves)


IMPLICIT = ("Gamma", "Chi2", "Beta", "Dirichlet", "StudentT")


@pytest.mark.parametrize("row", [
    row for row in ROWS
    if row.gradient and row.name not in (*IMPLICIT, "OneHotCategoricalStraightThrough")
], ids=lambda row: row.name)  # fmt: skip
def test_gradients_of_draws(row):
    def draw(*leaves):
        autograd.manual_seed(3)
        return made(row, leaves, validate_args=False).rsample((2,))

    assert gradcheck(draw, leaves_of(row))


@pytest.mark.parametrize("alpha", [0.1, 0.7, 1.0, 3.0, 40.0])
def test_a_gamma_draw_stays_at_its_place_of_the_distribution(alpha):
    a = autograd.full((50,), alpha, dtype=autograd.float64, requires_grad=True)
    autograd.manual_seed(0)
    x = distributions.Gamma(a, 1.0).rsample()
    (slope,) = autograd.autograd.grad(x.sum(), a)
    step = 1e-5 * alpha

    def cdf(shift):
        moved = (x + shift * slope).detach()
        return distributions.Gamma((a + shift).detach(), 1.0).cdf(moved).numpy()

    assert np.abs(cdf(step) - cdf(-step)).max() < 2e-9
    assert gradcheck(
        lambda a, x: distributions.Gamma(a, 1.0).cdf(x),
        [a[:5].detach().requires_grad_(), (x[:5].detach() + 0.01).requires_grad_()],
    )
    with pytest.raises(NotImplementedError, match="once"):
        x = distributions.Gamma(a, 1.0).rsample()
        (slope,) = autograd.autograd.grad(x.sum(), a, create_graph=True)
        slope.sum().backward()


def test_beta_draws_move_as_their_closed_forms_do():
    # for b = 1 the distribution function is x^a: x = u^(1/a), dx/da = -x log x / a
    a = autograd.linspace(0.2, 5.0, 20, dtype=autograd.float64).requires_grad_()
    x = distributions.Beta(a, autograd.ones_like(a)).rsample()
    (slope,) = autograd.autograd.grad(x.sum(), a)
    expected = (-x * x.log() / a).detach().numpy()
    np.testing.assert_allclose(slope.numpy(), expected, rtol=1e-7)
    b = autograd.linspace(0.2, 5.0, 20, dtype=autograd.float64).requires_grad_()
    x = distributions.Beta(autograd.ones_like(b), b).rsample()  # 1 - (1 - x)^b
    (slope,) = autograd.autograd.grad(x.sum(), b)
    expected = ((1 - x) * (1 - x).log() / b).detach().numpy()
    np.testing.assert_allclose(slope.numpy(), expected, rtol=1e-7)


@EVERY
def test_shapes_and_prints(row):
    one = made(row)
    for batch in (one.batch_shape, (3, *one.batch_shape)):
        wide = one.expand(batch)
        drawn = wide.sample((2,))
        assert drawn.shape == (2, *batch, *one.event_shape)
        assert wide.log_prob(drawn).shape == (2, *batch)
        assert wide.batch_shape == tuple(batch)
    if row.shown:
        assert repr(one) == row.shown.format(size="autograd.Size")
    if one.has_enumerate_support:
        values = one.enumerate_support()
        assert values.shape[1:] == (*one.batch_shape, *one.event_shape)
        np.testing.assert_allclose(one.log_prob(values).exp().sum(0).detach().numpy(), 1, rtol=1e-6)


@EVERY
def test_what_is_refused(row):
    for name, value in row.bad.items():
        if name not in row.parameters:
            continue
        changed = row._replace(parameters={**row.parameters, name: value})
        with pytest.raises(ValueError, match=r"must|[Ee]xpected"):
            made(changed)
    if row.outside is not None:
        with pytest.raises(ValueError, match="support"):
            made(row).log_prob(tensor(row.outside))
        made(row, validate_args=False)
    with pytest.raises((TypeError, ValueError), match="Tensor|tensor"):
        made(row).log_prob("yes")


def test_probs_and_logits_are_of_one_graph():
    logits = tensor([0.3, -0.2], requires_grad=True)
    one = distributions.Bernoulli(logits=logits)
    one.sample()  # the first to ask for probs, without recording
    one.mean.sum().backward()
    assert logits.grad is not None


def test_checks_can_be_left_out():
    assert distributions.Normal(0.0, -1.0, validate_args=False).stddev.item() == -1.0
    Distribution.set_default_validate_args(False)
    try:
        distributions.Normal(0.0, -1.0)
    finally:
        Distribution.set_default_validate_args(True)
    with pytest.raises(ValueError, match="Normal: a value must broadcast"):
        distributions.Normal(autograd.zeros(3), 1.0).log_prob(autograd.zeros(2))


# -- distributions made of others ------------------------------------------------------------------


def test_a_mixture_is_the_sum_of_its_parts():
    weights = tensor([0.25, 0.75], requires_grad=True)
    parts = distributions.Normal(tensor([-1.0, 2.0]), tensor([0.5, 1.0]))
    mixture = distributions.MixtureSameFamily(distributions.Categorical(weights), parts)
    x = tensor([0.3, 1.0])
    each = parts.log_prob(x[:, None]).exp()
    expected = (each * tensor([0.25, 0.75])).sum(-1).log()
    np.testing.assert_allclose(mixture.log_prob(x).detach().numpy(), expected.numpy(), rtol=1e-6)
    assert mixture.mean.item() == pytest.approx(1.25)
    assert mixture.variance.item() == pytest.approx(0.25 * 0.25 + 0.75 + 0.25 * 0.75 * 9)
    autograd.manual_seed(0)
    assert mixture.sample((2000,)).mean().item() == pytest.approx(1.25, abs=0.12)
    assert repr(mixture).startswith("MixtureSameFamily(\n  Categorical(")
    with pytest.raises(ValueError, match="as many"):
        distributions.MixtureSameFamily(distributions.Categorical(tensor([1.0] * 3)), parts)


def test_mixtures_of_vectors():
    parts = distributions.Independent(
        distributions.Normal(autograd.randn(4, 3, 2), autograd.rand(4, 3, 2)), 1
    )
    choice = distributions.Categorical(autograd.ones(3))
    mixture = distributions.MixtureSameFamily(choice, parts)
    assert (tuple(mixture.batch_shape), tuple(mixture.event_shape)) == ((4,), (2,))
    drawn = mixture.sample((5,))
    assert drawn.shape == (5, 4, 2)
    assert mixture.log_prob(drawn).shape == (5, 4)
    assert mixture.mean.shape == mixture.variance.shape == (4, 2)


def test_independent_axes_are_summed():
    base = distributions.Normal(autograd.zeros(2, 3), 1.0)
    one = distributions.Independent(base, 1)
    x = base.sample()
    np.testing.assert_allclose(one.log_prob(x).numpy(), base.log_prob(x).sum(-1).numpy())
    assert repr(one).startswith("Independent(Normal(")
    with pytest.raises(ValueError, match="at most 2"):
        distributions.Independent(base, 3)


# -- kl_divergence ---------------------------------------------------------------------------------


@pytest.mark.parametrize("p, q", [
    (("Normal", 0.3, 0.7), ("Normal", -0.5, 1.5)), (("Laplace", 0.3, 0.7), ("Normal", -0.5, 1.5)),
    (("Normal", 0.3, 0.7), ("Laplace", -0.5, 1.5)), (("Gamma", 2.3, 0.7), ("Gamma", 1.5, 1.5)),
    (("Beta", 2.3, 0.7), ("Beta", 1.5, 1.5)), (("Gamma", 2.3, 1.7), ("Exponential", 0.5)),
    (("Exponential", 1.3), ("Gamma", 1.5, 0.5)), (("Gumbel", 0.3, 0.7), ("Gumbel", 0.1, 0.9)),
    (("Normal", 0.3, 0.7), ("Gumbel", 0.1, 0.9)), (("Cauchy", 0.3, 0.7), ("Cauchy", 0.1, 0.9)),
    (("LogNormal", 0.3, 0.7), ("LogNormal", 0.1, 0.9)), (("Uniform", 0.2, 0.7), ("Beta", 2.0, 3.0)),
    (("Pareto", 1.3, 3.7), ("Pareto", 1.1, 2.9)), (("Uniform", 0.3, 0.7), ("Pareto", 0.1, 0.9)),
])  # fmt: skip
def test_kl_divergence_is_the_mean_of_the_log_ratio(p, q):
    p, q = (
        getattr(distributions, name)(*(tensor(a).double() for a in rest)) for name, *rest in (p, q)
    )
    x, weights = points(p.support)
    x, weights = (one if one.ndim == 1 else one[0] for one in (x, weights))
    with np.errstate(all="ignore"):
        options = {"_checked": False}
        vars(p).update(options)
        vars(q).update(options)
        log_p, log_q = (one.log_prob(tensor(x)).numpy() for one in (p, q))
        terms = np.where(np.isfinite(log_p), np.exp(log_p) * (log_p - log_q), 0) * weights
    assert kl_divergence(p, q).item() == pytest.approx(np.nansum(terms), rel=1e-4, abs=1e-6)


def test_the_nearest_classes_give_the_divergence():
    class Mine(distributions.Normal):
        pass

    one, other = Mine(0.0, 1.0), distributions.Normal(1.0, 1.0)
    assert kl_divergence(one, other).item() == pytest.approx(0.5)
    register_kl(Mine, distributions.Normal)(lambda p, q: tensor(7.0))
    assert kl_divergence(one, other).item() == 7
    with pytest.raises(NotImplementedError, match="Estimate it"):
        kl_divergence(other, distributions.Cauchy(0.0, 1.0))
    with pytest.raises(TypeError, match="distribution"):
        kl_divergence(other, 3)
    with pytest.raises(TypeError, match="classes|class"):
        register_kl(int, int)
    wide = distributions.Independent(distributions.Normal(autograd.zeros(3), 1.0), 1)
    assert kl_divergence(wide, wide).item() == 0
