"""How long machines last, and how sure that is: a Weibull regression with censored lives.

    python examples/survival.py

Written for `autograd.numpy`, as programs for HIPS autograd are. You learn here how a log-likelihood
of several lines becomes a fit (`value_and_grad` for SciPy's optimiser) and a table of standard
errors (`hessian` at the optimum: minus the log-likelihood's curvature is the information), and how
the error of a quantity computed from the parameters follows from its own gradient, by `grad`.

Some machines still run when the study ends: of these only a least life is known, and what they
tell is the probability to live longer. (Kalbfleisch & Prentice, The Statistical Analysis of Failure
Time Data, 2nd edition 2002, chapter 3.)
"""

import sys

import autograd.numpy as np
from autograd import grad, hessian, value_and_grad

try:
    from scipy.optimize import minimize
except ImportError:
    sys.exit("This example needs SciPy. Run: pip install scipy")

NAMES = ("intercept", "load", "maintained", "log shape")
TRUE = np.array([2.0, -0.5, 0.8, np.log(1.5)])
MACHINES, STUDY = 400, 10.0

rng = np.random.RandomState(1)
features = np.stack([np.ones(MACHINES), rng.randn(MACHINES), rng.rand(MACHINES) < 0.5], axis=1)
lives = np.exp(np.dot(features, TRUE[:3])) * rng.weibull(np.exp(TRUE[3]), MACHINES)
failed = lives < STUDY
seen = np.minimum(lives, STUDY)


def minus_log_likelihood(params):
    """Of what was seen; a life is Weibull with scale exp(features · coefficients).

    With z = (t / scale)^shape the probability to live longer than t is exp(-z), and the density at
    t is shape / t · z · exp(-z).
    """
    coefficients, log_shape = params[:-1], params[-1]
    log_z = np.exp(log_shape) * (np.log(seen) - np.dot(features, coefficients))
    log_hazard = log_shape - np.log(seen) + log_z
    return np.sum(np.exp(log_z)) - np.sum(log_hazard[failed])


def median_life(params, load, maintained):
    """By when half of such machines have failed."""
    scale = np.exp(params[0] + load * params[1] + maintained * params[2])
    return scale * np.log(2) ** np.exp(-params[3])


start = np.zeros(4)
start[0] = np.mean(np.log(seen))
found = minimize(value_and_grad(minus_log_likelihood), start, jac=True, method="BFGS")
covariance = np.linalg.inv(hessian(minus_log_likelihood)(found.x))
errors = np.sqrt(np.diag(covariance))

print(f"{np.sum(failed)} of {MACHINES} machines failed within {STUDY:.0f} years")
print("parameter    estimate     se       z    true")
for name, value, error, true in zip(NAMES, found.x, errors, TRUE):
    print(f"{name:<12} {value:8.3f} {error:6.3f} {value / error:7.1f} {true:7.3f}")

print("median life       years     ±")
for text, kind in (("maintained", 1.0), ("left alone", 0.0)):
    slope = grad(median_life)(found.x, 0.0, kind)  # by the parameters, argument 0
    error = 1.96 * np.sqrt(np.dot(slope, np.dot(covariance, slope)))
    print(f"{text:<16} {median_life(found.x, 0.0, kind):6.2f} {error:6.2f}")
