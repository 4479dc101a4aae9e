"""Transforms: there and back, Jacobians from gradients, constraints, registries."""

import numpy as np
import pytest

import autograd
from autograd import distributions, tensor
from autograd.distributions import biject_to, constraints, transform_to, transforms as t

BOTH = t.ComposeTransform([t.ExpTransform(), t.AffineTransform(1.0, -2.0)])
WIDE = distributions.Normal(0.0, tensor(2.0, dtype=autograd.float64))
MAPS = [  # of numbers, and where they are asked
    (t.ExpTransform(), [-1.0, 0.3]),
    (t.PowerTransform(tensor(2.5, dtype=autograd.float64)), [0.2, 3.0]),
    (t.SigmoidTransform(), [-1.0, 2.0]), (t.SoftplusTransform(), [-3.0, 2.0]),
    (t.TanhTransform(), [-0.4, 2.0]), (t.AffineTransform(1.0, tensor(-3.0).double()), [0.5, 2.0]),
    (t.AffineTransform(1.0, 2.0), [0.5, 2.0]), (BOTH, [0.5, -2.0]), (BOTH.inv, [-2.0, -0.5]),
    (t.identity_transform, [0.5]), (t.IndependentTransform(t.ExpTransform(), 0), [0.5, 1.0]),
    (t.CumulativeDistributionTransform(WIDE), [0.5, -1.0]),
    (t.StackTransform([t.ExpTransform(), t.TanhTransform()]), [0.5, -0.3]),
    (t.CatTransform([t.ExpTransform(), t.TanhTransform()], 0, [1, 2]), [0.5, -0.3, 0.1]),
]  # fmt: skip
IDS = [f"{i}-{type(one).__name__}" for i, (one, _) in enumerate(MAPS)]


@pytest.mark.parametrize("one, places", MAPS, ids=IDS)
def test_there_and_back(one, places):
    x = tensor(places, dtype=autograd.float64, requires_grad=True)
    y = one(x)
    np.testing.assert_allclose(one.inv(y).detach().numpy(), places, rtol=1e-9)
    assert one.inv.inv is one
    assert one.bijective
    (slope,) = autograd.autograd.grad(y.sum(), x)
    found = one.log_abs_det_jacobian(x, y).detach().numpy()
    np.testing.assert_allclose(found, np.log(np.abs(slope.numpy())), rtol=1e-9, atol=1e-12)
    back = one.inv.log_abs_det_jacobian(y, x).detach().numpy()
    np.testing.assert_allclose(back, -found, rtol=1e-9, atol=1e-12)
    if not isinstance(one, (t.StackTransform, t.CatTransform)):
        assert np.all(np.sign(slope.numpy()) == np.asarray(one.sign))
        assert bool(one.codomain.check(y).all())
        assert one.event_dim == 0
    assert one == one.with_cache(0)
    assert one != t.AbsTransform()


def jacobian(one, x):
    y = one(x)
    rows = []
    for i in range(y.numel()):
        (row,) = autograd.autograd.grad(y.reshape(-1)[i], x, retain_graph=True)
        rows.append(row.numpy().reshape(-1))
    return np.array(rows)


@pytest.mark.parametrize("one, shape", [
    (t.StickBreakingTransform(), (3,)), (t.IndependentTransform(t.ExpTransform(), 1), (3,)),
    (t.ReshapeTransform((4,), (2, 2)), (4,)), (t.AffineTransform(0.0, 3.0, event_dim=1), (3,)),
])  # fmt: skip
def test_jacobians_of_vectors(one, shape):
    autograd.manual_seed(0)
    x = autograd.randn(shape, dtype=autograd.float64).requires_grad_()
    y = one(x)
    assert tuple(y.shape) == tuple(one.forward_shape(shape))
    assert tuple(one.inverse_shape(y.shape)) == shape
    matrix = jacobian(one, x)
    expected = np.log(np.abs(np.linalg.det(matrix[: x.numel()])))
    assert one.log_abs_det_jacobian(x, y).item() == pytest.approx(expected)
    np.testing.assert_allclose(one.inv(y).detach().numpy(), x.detach().numpy(), rtol=1e-9)
    assert bool(one.codomain.check(y))
    assert bool(one.domain.check(x))


REGIONS = [
    (constraints.real, (3,)), (constraints.positive, (3,)), (constraints.greater_than(2.0), (3,)),
    (constraints.less_than(-1.0), (3,)), (constraints.unit_interval, (3,)),
    (constraints.interval(-2.0, 5.0), (3,)), (constraints.simplex, (2, 3)),
    (constraints.lower_cholesky, (2, 3, 3)), (constraints.positive_definite, (2, 3, 3)),
    (constraints.independent(constraints.positive, 1), (2, 3)), (constraints.real_vector, (3,)),
    (constraints.half_open_interval(0.0, 2.0), (3,)), (constraints.nonnegative, (2,)),
    (constraints.stack([constraints.real, constraints.positive]), (2,)),
    (constraints.cat([constraints.real, constraints.positive], 0, [1, 2]), (3,)),
]  # fmt: skip


@pytest.mark.parametrize("region, shape", REGIONS, ids=lambda v: str(v)[:30])
def test_registries_lead_into_the_region(region, shape):
    autograd.manual_seed(0)
    x = autograd.randn(shape, dtype=autograd.float64)
    for registry in (transform_to, biject_to):
        if registry is biject_to and len(shape) > 2:
            with pytest.raises(NotImplementedError, match="Register one"):
                biject_to(region)
            continue
        one = registry(region)
        y = one(x)
        assert bool(region.check(y).all())
        assert one.bijective or registry is transform_to
        again = one(one.inv(y))
        np.testing.assert_allclose(again.numpy(), y.numpy(), rtol=1e-9)


@pytest.mark.parametrize("region, inside, outside", [
    (constraints.boolean, 1.0, 0.5), (constraints.one_hot, [0.0, 1.0], [1.0, 1.0]),
    (constraints.integer_interval(0, 3), 3.0, 4.0), (constraints.positive_integer, 1.0, 0.0),
    (constraints.nonnegative_integer, 0.0, 0.5), (constraints.real, 1.0, float("nan")),
    (constraints.greater_than_eq(1.0), 1.0, 0.9),
    (constraints.multinomial(3), [1.0, 2.0], [-1.0, 0.0]),
    (constraints.lower_triangular, [[1.0, 0.0], [1.0, 1.0]], [[1.0, 1.0], [0.0, 1.0]]),
    (constraints.corr_cholesky, [[1.0, 0.0], [0.6, 0.8]], [[1.0, 0.0], [0.6, 0.6]]),
    (constraints.symmetric, [[1.0, 2.0], [2.0, 1.0]], [[1.0, 1.0], [0.0, 1.0]]),
    (constraints.positive_semidefinite, [[1.0, 0.0], [0.0, 0.0]], [[1.0, 2.0], [2.0, 1.0]]),
    (constraints.square, [[1.0]], [[1.0, 2.0]]),
], ids=lambda v: str(v)[:30])  # fmt: skip
def test_constraints(region, inside, outside):
    assert bool(region.check(tensor(inside)))
    assert not bool(region.check(tensor(outside)))
    assert repr(region).endswith(")")


def test_a_dependent_constraint_is_not_checked():
    assert constraints.is_dependent(constraints.dependent)
    assert constraints.dependent(is_discrete=True, event_dim=1).event_dim == 1
    with pytest.raises(ValueError, match="depends"):
        constraints.dependent.check(tensor(1.0))


def test_the_last_value_is_kept():
    one = t.TanhTransform(cache_size=1)
    x = tensor([50.0])
    y = one(x)
    assert one.inv(y) is x  # atanh(1) would be infinite
    assert one.with_cache(0)._cache_size == 0
    chain = t.ComposeTransform([t.TanhTransform()], cache_size=1)
    assert chain.inv(chain(x)) is x
    with pytest.raises(ValueError, match="0 or 1"):
        t.ExpTransform(cache_size=2)


def test_transformed_distributions():
    base = distributions.Normal(autograd.zeros(3), 1.0)
    squashed = distributions.TransformedDistribution(
        distributions.Independent(base, 1), [t.TanhTransform(cache_size=1)]
    )
    autograd.manual_seed(0)
    x = squashed.rsample((2,))
    expected = (base.log_prob(autograd.atanh(x)) - autograd.log(1 - x**2)).sum(-1)
    np.testing.assert_allclose(squashed.log_prob(x).numpy(), expected.numpy(), rtol=1e-4)
    falling = distributions.TransformedDistribution(base, t.AffineTransform(0.0, -2.0))
    places = tensor([-1.0, 0.0, 1.0])
    expected = distributions.Normal(0.0, 2.0).cdf(places)
    np.testing.assert_allclose(falling.cdf(places).numpy(), expected.numpy(), rtol=1e-6)
    np.testing.assert_allclose(falling.icdf(falling.cdf(x[0])).numpy(), x[0].numpy(), rtol=1e-4)
    shares = distributions.TransformedDistribution(base, t.StickBreakingTransform())
    assert (tuple(shares.batch_shape), tuple(shares.event_shape)) == ((), (4,))
    assert shares.expand((2,)).sample().shape == (2, 4)
    several = distributions.TransformedDistribution(
        distributions.Normal(0.0, 1.0), t.AffineTransform(autograd.zeros(2), 1.0)
    )
    assert tuple(several.batch_shape) == (2,)
    with pytest.raises(ValueError, match="list of them"):
        distributions.TransformedDistribution(base, "exp")
    with pytest.raises(ValueError, match="at least 1 axes"):
        distributions.TransformedDistribution(
            distributions.Normal(0.0, 1.0), t.StickBreakingTransform()
        )
