"""A Gaussian process is fitted to noisy measurements: gradients go through a Cholesky factor.

With PyTorch, and without it:

    python examples/gaussian_process.py
    python -m autograd examples/gaussian_process.py

The covariance of the measurements has three parameters: over what length they are alike, how large
they are, and how noisy. L-BFGS finds those that make what was measured most probable; its last
step says how sure they are, by the Hessian there. (Rasmussen & Williams, Gaussian Processes for
Machine Learning, 2006, algorithm 2.1 and equation 5.8.)
"""

import argparse
import math

import torch

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--steps", type=int, default=5)
args = parser.parse_args()

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def covariance(a, b, length, size):
    """Of the values at ``a`` (n,) and ``b`` (m,): (n, m), large where they are near."""
    return size**2 * torch.exp(-0.5 * ((a[:, None] - b) / length) ** 2)


def factor(length, size, noise):
    """The Cholesky factor of the covariance of what was measured."""
    return torch.linalg.cholesky(covariance(x, x, length, size) + noise**2 * torch.eye(len(x)))


def surprise(logs):
    """Minus the log of how probable the measurements are; ``logs`` are the parameters' logarithms.

    y' K⁻¹ y and log |K| both come from K = L L'.
    """
    L = factor(*logs.exp())
    z = torch.linalg.solve_triangular(L, y[:, None], upper=False)
    return 0.5 * (z * z).sum() + L.diagonal().log().sum() + 0.5 * len(y) * math.log(2 * math.pi)


x = 10 * torch.rand(60)
y = torch.sin(x) + 0.3 * torch.cos(3 * x) + 0.1 * torch.randn(60)

logs = torch.zeros(3, requires_grad=True)
optimizer = torch.optim.LBFGS([logs], max_iter=4, line_search_fn="strong_wolfe")


def closure():
    """The surprise, with its gradient."""
    optimizer.zero_grad()
    loss = surprise(logs)
    loss.backward()
    return loss


for step in range(1, args.steps + 1):
    loss = optimizer.step(closure)
    print(f"step {step}: surprise {loss.item():8.3f}")

curvature = torch.func.hessian(surprise)(logs.detach())
errors = torch.linalg.inv(curvature).diagonal().sqrt()
print("parameter   found   +- %")
for name, value, error in zip(("length", "size", "noise"), logs.exp(), errors):
    print(f"{name:<10} {value.item():6.3f} {100 * error.item():6.0f}")

with torch.no_grad():
    length, size, noise = logs.exp()
    L = factor(length, size, noise)
    at = torch.linspace(0, 10, 6)
    shared = covariance(x, at, length, size)
    mean = shared.T @ torch.cholesky_solve(y[:, None], L)[:, 0]
    known = torch.linalg.solve_triangular(L, shared, upper=False)
    spread = (size**2 - (known * known).sum(0)).sqrt()

print("     x   true  found     +-")
for place, m, s in zip(at, mean, spread):
    true = math.sin(place) + 0.3 * math.cos(3 * place)
    print(f"{place.item():6.1f} {true:6.2f} {m.item():6.2f} {s.item():6.2f}")
