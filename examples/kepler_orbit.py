"""The mass of a star is found from where its planet was seen: gradients go through an orbit.

    python examples/kepler_orbit.py

The orbit is an initial value problem. Its solution is differentiated by the mass and by the speed
that the planet began with, and L-BFGS moves both until the orbit runs through what was observed.
"""

import argparse

import autograd
import optim
from autograd.func import odeint

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--steps", type=int, default=8)
args = parser.parse_args()

autograd.manual_seed(0)
autograd.set_default_dtype(autograd.float64)


def orbit(mass, speed, times):
    """Where the planet is at ``times``, having begun at (1, 0) with that speed along y."""

    def slope(t, state):
        place, velocity = state
        return velocity, -mass * place / (place * place).sum().sqrt() ** 3

    begin = autograd.tensor([1.0, 0.0]), speed * autograd.tensor([0.0, 1.0])
    return odeint(slope, begin, times, rtol=1e-6, atol=1e-8)[0]


times = autograd.linspace(0, 4, 9)
with autograd.no_grad():
    seen = orbit(autograd.tensor(1.3), autograd.tensor(1.2), times)
    seen = seen + 0.001 * autograd.randn(9, 2)

mass = autograd.tensor(1.0, requires_grad=True)
speed = autograd.tensor(1.0, requires_grad=True)
optimizer = optim.LBFGS([mass, speed], max_iter=4, line_search_fn="strong_wolfe")


def closure():
    """How far the orbit is from what was seen, and the gradients of that."""
    optimizer.zero_grad()
    loss = ((orbit(mass, speed, times) - seen) ** 2).mean()
    loss.backward()
    return loss


for step in range(1, args.steps + 1):
    loss = optimizer.step(closure)
    print(f"step {step}: loss {loss.item():.2e}, mass {mass.item():.4f}, speed {speed.item():.4f}")

print(f"found mass {mass.item():.3f} and speed {speed.item():.3f}; true are 1.300 and 1.200")
