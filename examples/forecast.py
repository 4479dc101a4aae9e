"""A Gaussian process learns trend and season of a series, and draws what it expects to come.

    python examples/forecast.py
    python examples/forecast.py --picture forecast.png

Written for `autograd.numpy`, as programs for HIPS autograd are. You learn here how parameters in a
dictionary become the vector that `scipy.optimize.minimize` moves (`flatten`), how a likelihood that
goes through `np.linalg.solve` and `slogdet` gets its gradient (`value_and_grad`), and how the same
functions, given plain numbers, are plain NumPy: the forecast needs no other code. (Rasmussen &
Williams, Gaussian Processes for Machine Learning, 2006, equations 2.23, 2.24, 2.30 and 4.31.)
"""

import argparse
import sys

import autograd.numpy as np
from autograd import value_and_grad
from autograd.misc import flatten

try:
    from scipy.optimize import minimize
except ImportError:
    sys.exit("This example needs SciPy. Run: pip install scipy")

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--picture", metavar="FILE", help="draw the forecast (needs Matplotlib)")
args = parser.parse_args()

rng = np.random.RandomState(0)
years = np.sort(8 * rng.rand(90))
seen = 0.02 * years**2 + 0.6 * np.sin(2 * np.pi * years) ** 3 + 0.1 * rng.randn(90)

START = {
    "trend": {"size": np.log(1.0), "length": np.log(5.0)},
    "season": {"size": np.log(1.0), "length": np.log(1.0)},
    "noise": np.log(0.3),
}  # logarithms, so that all stay positive


def covariance(logs, a, b):
    """Of the values at times ``a`` (n,) and ``b`` (m,): (n, m), large where they are alike."""
    trend, season = logs["trend"], logs["season"]
    apart = a[:, None] - b
    slow = np.exp(-0.5 * (apart / np.exp(trend["length"])) ** 2)
    yearly = np.exp(-2 * (np.sin(np.pi * apart) / np.exp(season["length"])) ** 2)
    return np.exp(2 * trend["size"]) * slow + np.exp(2 * season["size"]) * yearly


def of_measurements(logs):
    """The covariance of what was seen, with its noise."""
    return covariance(logs, years, years) + np.exp(2 * logs["noise"]) * np.eye(len(years))


def surprise(vector):
    """Minus the log of how probable the measurements are: (y' K⁻¹ y + log |2π K|) / 2."""
    k = of_measurements(unflatten(vector))
    _, log_volume = np.linalg.slogdet(2 * np.pi * k)
    return 0.5 * (np.dot(seen, np.linalg.solve(k, seen)) + log_volume)


def forecast(logs, times):
    """Mean and standard deviation of what is expected at ``times`` (m,)."""
    shared = covariance(logs, years, times)
    known = np.linalg.solve(of_measurements(logs), shared)
    spread = np.diag(covariance(logs, times, times)) - np.sum(shared * known, axis=0)
    return np.dot(seen, known), np.sqrt(spread)


start, unflatten = flatten(START)
found = minimize(value_and_grad(surprise), start, jac=True, method="L-BFGS-B")
logs = unflatten(found.x)
print(f"surprise {surprise(start):.1f} at the start, {found.fun:.1f} after {found.nit} steps")
for part in ("trend", "season"):
    size, length = np.exp(logs[part]["size"]), np.exp(logs[part]["length"])
    print(f"{part:<7} size {size:5.2f}   length {length:5.2f}")
print(f"noise        {np.exp(logs['noise']):5.2f}   (0.10 was added)")

ahead = np.array([8.25, 8.5, 8.75, 9.0, 9.25])
mean, spread = forecast(logs, ahead)
print("  year   true  expected     ±")
for when, m, s in zip(ahead, mean, spread):
    true = 0.02 * when**2 + 0.6 * np.sin(2 * np.pi * when) ** 3
    print(f"{when:6.2f} {true:6.2f}    {m:6.2f}  {2 * s:4.2f}")

if args.picture:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    times = np.linspace(0, 11, 500)
    mean, spread = forecast(logs, times)
    figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    axes.axvspan(8, 11, color="0.95", label="not seen yet")
    axes.fill_between(times, mean - 2 * spread, mean + 2 * spread, alpha=0.25, label="±2 sd")
    axes.plot(times, mean, label="expected")
    axes.plot(years, seen, ".", color="0.2", label="measured")
    axes.set(xlabel="year", ylabel="value", xlim=(0, 11), title="Trend and season, and what comes")
    axes.legend(loc="upper left", ncols=2)
    figure.savefig(args.picture, dpi=120)
    print(f"drew {args.picture}")
