"""Hares and lynxes: the rates by which they live are found from noisy counts over 12 years.

    python examples/predator_prey.py

Written for `autograd.numpy`, as programs for HIPS autograd are, with one thing that HIPS autograd
cannot differentiate: the path is an array that a loop fills, `path[i + 1] = ...`, as a simulation
is usually written. You learn here what to begin such an array with (`np.zeros_like(x, shape=...)`
of a value that is differentiated can be written into; `np.zeros(...)` is plain NumPy), and how the
`jacobian` of residuals goes to `scipy.optimize.least_squares` and, once more, into the errors of
what was found. (Lotka, Elements of Physical Biology, 1925.)
"""

import sys

import autograd.numpy as np
from autograd import jacobian

try:
    from scipy.optimize import least_squares
except ImportError:
    sys.exit("This example needs SciPy. Run: pip install scipy")

NAMES = ("hares are born", "hares are eaten", "lynxes starve", "lynxes are born")
TRUE = np.array([0.55, 0.028, 0.84, 0.026])
BEGIN = np.array([30.0, 4.0])  # hares and lynxes, in thousands
YEARS, PER_YEAR = 12, 4


def years(rates):
    """Hares and lynxes at the start of each year, (YEARS + 1, 2), by Runge and Kutta's rule."""
    born, eaten, starve, fed = rates
    alone, meeting = np.array([born, -starve]), np.array([[0, -eaten], [fed, 0]])

    def slope(animals):
        """How fast both change: births minus deaths."""
        return animals * (alone + np.dot(meeting, animals))

    h = 1 / PER_YEAR
    path = np.zeros_like(rates, shape=(YEARS * PER_YEAR + 1, 2))
    path[0] = BEGIN
    for i in range(YEARS * PER_YEAR):
        now = path[i]
        a = slope(now)
        b = slope(now + h / 2 * a)
        c = slope(now + h / 2 * b)
        d = slope(now + h * c)
        path[i + 1] = now + h / 6 * (a + 2 * b + 2 * c + d)
    return path[::PER_YEAR]


rng = np.random.RandomState(0)
counts = years(TRUE) * np.exp(0.1 * rng.randn(YEARS + 1, 2))


def residuals(logs):
    """How far the logarithms of path and counts are apart; ``logs`` are those of the rates."""
    return np.ravel(np.log(years(np.exp(logs))) - np.log(counts))


start = np.log([0.5, 0.03, 0.9, 0.03])
found = least_squares(residuals, start, jac=jacobian(residuals), method="lm")
rates = np.exp(found.x)
errors = np.sqrt(np.diag(np.linalg.inv(np.dot(found.jac.T, found.jac)))) * np.std(found.fun)

print(f"{found.nfev} paths, {found.njev} Jacobians")
print("rate              found   ± %    true")
for name, rate, error, true in zip(NAMES, rates, errors, TRUE):
    print(f"{name:<16} {rate:6.4f} {196 * error:5.1f}  {true:6.4f}")

print("year  hares: counted, found      lynxes: counted, found")
for year, (seen, path) in enumerate(zip(counts, years(rates))):
    if year % 3 == 0:
        print(f"{year:4} {seen[0]:13.1f} {path[0]:9.1f} {seen[1]:18.1f} {path[1]:9.1f}")
