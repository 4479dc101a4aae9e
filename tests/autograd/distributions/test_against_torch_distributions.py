"""Distributions against PyTorch's: draws of the same seed, values, gradients, errors, prints."""

import numpy as np
import pytest

import autograd
from autograd import distributions
from tests.rows.distributions import ROWS

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch
EVERY = pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row.name}-{'-'.join(row.parameters)}" for row in ROWS]
)
DTYPES = pytest.mark.parametrize("dtype", ["float64", "float32"])
# of PyTorch's; ours is held to differences in test_distributions.py
NO_GRADIENT = {("Gamma", "cdf"), ("Chi2", "cdf")}


def made(package, row, dtype, parameters=None, **options):
    """The distribution, and the tensors that it is made of."""
    given = {}
    for name, value in (row.parameters if parameters is None else parameters).items():
        if isinstance(value, list) or name == "temperature":
            leaf = package.tensor(value, dtype=getattr(package, dtype))
            value = leaf.requires_grad_() if leaf.is_floating_point() else leaf
        given[name] = value
    leaves = [one for one in given.values() if not isinstance(one, int)]
    return getattr(package.distributions, row.name)(**given, **options), leaves


def both(row, dtype):
    return [made(package, row, dtype) for package in (autograd, torch)]


def close(ours, theirs, dtype, what, loose=1):
    ours, theirs = (one.detach().numpy() for one in (ours, theirs))
    assert ours.dtype == theirs.dtype, what
    assert ours.shape == theirs.shape, what
    rtol = {"float64": 1e-9, "float32": 3e-5}[dtype] * loose
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=rtol / 10, err_msg=what)


def grads(package, out, leaves, seed=0):
    weight = np.random.default_rng(seed).normal(size=tuple(out.shape)).astype(str(out.dtype)[-7:])
    weight = package.tensor(weight, dtype=out.dtype)
    with np.errstate(all="ignore"):  # where an event is certain, slopes are infinite
        found = package.autograd.grad((out * weight).sum(), leaves, allow_unused=True)
    return [package.zeros_like(x) if g is None else g for g, x in zip(found, leaves)]


def asked(distribution, name, *args):
    """The answer, or the kind of error."""
    try:
        found = getattr(distribution, name)
        return found(*args) if callable(found) else found
    except NotImplementedError as error:
        return type(error)


@EVERY
@DTYPES
def test_draws_of_the_same_seed(row, dtype):
    for shape in ((), (3,), (40, 2)):
        (ours, _), (theirs, _) = both(row, dtype)
        for package in (autograd, torch):
            package.manual_seed(3)
        a, b = ours.sample(shape), theirs.sample(shape)
        assert not a.requires_grad
        close(a, b, dtype, f"sample{shape}")
        if ours.has_rsample:
            close(ours.rsample(shape), theirs.rsample(shape), dtype, f"rsample{shape}")
        assert autograd.rand(1).item() == torch.rand(1).item()  # as many words were drawn


@EVERY
@DTYPES
def test_gradients_of_draws(row, dtype):
    (ours, leaves), (theirs, their_leaves) = both(row, dtype)
    assert ours.has_rsample == row.gradient
    if not row.gradient:
        with pytest.raises(NotImplementedError):
            ours.rsample()
        return
    for package in (autograd, torch):
        package.manual_seed(5)
    found = grads(autograd, ours.rsample((4,)), leaves)
    expected = grads(torch, theirs.rsample((4,)), their_leaves)
    implicit = row.name in ("Gamma", "Chi2", "Beta", "Dirichlet", "StudentT")
    loose = {"float64": 1e7, "float32": 300}[dtype] if implicit else 10  # PyTorch approximates
    for i, (a, b) in enumerate(zip(found, expected, strict=True)):
        close(a, b, dtype, f"gradient {i}", loose)


@EVERY
@DTYPES
def test_values(row, dtype):
    (ours, leaves), (theirs, their_leaves) = both(row, dtype)
    autograd.manual_seed(1)
    value = ours.sample((5,)).detach()
    their_value = torch.from_numpy(value.numpy().copy())
    probability = np.random.default_rng(0).uniform(0.05, 0.95, value.shape).astype(dtype)
    questions = [
        ("log_prob", (value,), (their_value,)),
        ("cdf", (value,), (their_value,)),
        ("icdf", (autograd.tensor(probability),), (torch.from_numpy(probability.copy()),)),
        *((name, (), ()) for name in ("mean", "mode", "variance", "stddev", "entropy")),
        ("perplexity", (), ()),
    ]
    if theirs.has_enumerate_support:
        questions += [("enumerate_support", (), ()), ("enumerate_support", (False,), (False,))]
    assert ours.has_enumerate_support == theirs.has_enumerate_support
    for name, args, their_args in questions:
        (ours, leaves), (theirs, their_leaves) = both(row, dtype)
        a, b = asked(ours, name, *args), asked(theirs, name, *their_args)
        if isinstance(b, type):
            assert a is b, name
            continue
        single = row.name == "Multinomial"  # PyTorch has log n! of its entropy in float32
        close(a, b, dtype, name, 100 if single else 10 if name == "icdf" else 1)
        if b.requires_grad and (row.name, name) not in NO_GRADIENT:
            found, expected = grads(autograd, a, leaves), grads(torch, b, their_leaves)
            for i, (x, y) in enumerate(zip(found, expected, strict=True)):
                close(x, y, dtype, f"gradient {i} of {name}", 100)


@EVERY
def test_shapes_and_prints(row):
    (ours, _), (theirs, _) = both(row, "float32")
    assert repr(ours).replace("autograd.Size", "torch.Size") == repr(theirs)
    batch = (4, *ours.batch_shape)
    pairs = [(ours, theirs), (ours.expand(batch), theirs.expand(batch))]
    for a, b in pairs:
        assert a.batch_shape == b.batch_shape
        assert a.event_shape == b.event_shape
        for package in (autograd, torch):
            package.manual_seed(2)
        drawn, theirs_drawn = a.sample((2,)), b.sample((2,))
        close(drawn, theirs_drawn, "float32", "sample")
        close(a.log_prob(drawn), b.log_prob(theirs_drawn), "float32", "log_prob")


@EVERY
def test_what_is_refused(row):
    for name, value in row.bad.items():
        parameters = dict(row.parameters)
        if name not in parameters:
            continue
        parameters[name] = value
        for package in (autograd, torch):
            with pytest.raises(ValueError):
                made(package, row, "float32", parameters)
    if row.outside is not None:
        (ours, _), (theirs, _) = both(row, "float32")
        for package, one in ((autograd, ours), (torch, theirs)):
            with pytest.raises(ValueError):
                one.log_prob(package.tensor(row.outside))
    assert distributions.Distribution._checked


# -- kl_divergence ---------------------------------------------------------------------------------

SCALARS = [
    row for row in ROWS
    if row.name in (
        "Normal", "Uniform", "Exponential", "Laplace", "LogNormal", "Gamma", "Beta", "HalfNormal",
        "Cauchy", "Gumbel", "Pareto", "Bernoulli", "Binomial", "Geometric", "Poisson", "Chi2",
    )
]  # fmt: skip
OTHERS = {  # a q of each family
    "Normal": {"loc": [0.1, 0.4], "scale": [0.7, 2.0]},
    "Uniform": {"low": [-0.5, -2.0], "high": [2.0, 4.0]},
    "Exponential": {"rate": [0.7, 2.0]},
    "Laplace": {"loc": [0.1, 0.4], "scale": [0.7, 2.0]},
    "LogNormal": {"loc": [0.1, 0.4], "scale": [0.7, 2.0]},
    "Gamma": {"concentration": [1.5, 0.4], "rate": [0.7, 2.0]},
    "Chi2": {"df": [1.5, 0.4]},
    "Beta": {"concentration1": [1.5, 0.4], "concentration0": [0.7, 2.0]},
    "HalfNormal": {"scale": [0.7, 2.5]},
    "Cauchy": {"loc": [0.1, 0.4], "scale": [0.7, 2.0]},
    "Gumbel": {"loc": [0.1, 0.4], "scale": [0.7, 2.0]},
    "Pareto": {"scale": [0.2, 1.0], "alpha": [1.1, 3.0]},
    "Bernoulli": {"probs": [0.3, 0.6]},
    "Binomial": {"total_count": 4, "probs": [0.3, 0.6]},
    "Geometric": {"probs": [0.3, 0.6]},
    "Poisson": {"rate": [0.7, 2.0]},
}


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_kl_divergence_between_families(name):
    for row in SCALARS:
        if any(isinstance(v, list) and len(v) > 2 for v in row.parameters.values()):
            row = row._replace(parameters={
                k: v[:2] if isinstance(v, list) else v for k, v in row.parameters.items()
            })  # fmt: skip
        results = []
        for package in (autograd, torch):
            p, leaves = made(package, row, "float64")
            q, more = made(package, row._replace(name=name), "float64", OTHERS[name])
            try:
                kl = package.distributions.kl_divergence(p, q)
                found = [kl]
                if kl.requires_grad and bool(package.isfinite(kl).all()):
                    found += grads(package, kl, leaves + more)
                results.append(found)
            except NotImplementedError:
                results.append(NotImplementedError)
        ours, theirs = results
        what = f"{row.name} to {name}"
        assert (ours is NotImplementedError) == (theirs is NotImplementedError), what
        if ours is not NotImplementedError:
            for a, b in zip(ours, theirs, strict=True):
                close(a, b, "float64", what, 100)


@pytest.mark.parametrize("names", [
    ("Dirichlet",), ("MultivariateNormal", "covariance_matrix"), ("Categorical", "probs"),
    ("OneHotCategorical",), ("Gumbel",), ("MultivariateNormal", "precision_matrix"),
])  # fmt: skip
def test_kl_divergence_within_families(names):
    row = next(r for r in ROWS if r.name == names[0] and set(names[1:]) <= set(r.parameters))
    results = []
    for package in (autograd, torch):
        p, leaves = made(package, row, "float64")
        other = {
            k: [[0.3, 0.3, 0.4]] if k in ("probs", "concentration") else v
            for k, v in row.parameters.items()
        }
        if row.name == "MultivariateNormal":
            other = {"loc": [0.1, 0.2], "scale_tril": [[1.0, 0.0], [0.5, 0.3]]}
        q, more = made(package, row, "float64", other)
        kl = package.distributions.kl_divergence(p, q)
        wrapped = package.distributions.Independent
        assert wrapped(p, 0).batch_shape == p.batch_shape
        results.append([kl, *grads(package, kl, leaves + more)])
    for a, b in zip(*results, strict=True):
        close(a, b, "float64", row.name, 100)
