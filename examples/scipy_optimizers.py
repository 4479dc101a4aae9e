"""SciPy's optimisers, root finders and least squares with exact gradients and Jacobians.

python examples/scipy_optimizers.py
"""

import sys

import numpy as np

import autograd
from autograd.func import value_and_grad, value_and_jac

try:
    from scipy import optimize
except ImportError:
    sys.exit("This example needs SciPy. Run: pip install scipy")


def rosenbrock(x):
    """A curved valley whose lowest point is at (1, ..., 1)."""
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def system(x):
    """Two equations in two unknowns."""
    bend = (x[0] - x[1]) ** 3 / 2
    return autograd.stack([x[0] + bend - 1, x[1] - bend])


times = autograd.linspace(0, 4, 30, dtype=autograd.float64)
measured = 2.5 * autograd.exp(-1.3 * times) + 0.5


def residuals(x):
    """How far a decay with amplitude, rate and rest x is from what was measured."""
    return x[0] * autograd.exp(-x[1] * times) + x[2] - measured


lowest = optimize.minimize(value_and_grad(rosenbrock), np.zeros(5), jac=True, method="BFGS")
print(f"minimize: x = {np.round(lowest.x, 4)} after {lowest.nfev} evaluations")

both = value_and_jac(system)
root = optimize.root(both, np.zeros(2), jac=True)
print(f"root: x = {np.round(root.x, 6)} after {root.nfev} evaluations")

both = value_and_jac(residuals)
fitted = optimize.least_squares(both.value, np.ones(3), jac=both.jac)
print(f"least_squares: x = {np.round(fitted.x, 4)} after {fitted.nfev} evaluations")
