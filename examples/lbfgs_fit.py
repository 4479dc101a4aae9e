"""A curve is fitted to measurements by L-BFGS: a few parameters, many steps of Newton's kind.

With PyTorch, and without it:

    python examples/lbfgs_fit.py
    python -m autograd examples/lbfgs_fit.py
"""

import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--steps", type=int, default=20)
args = parser.parse_args()

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


class Spring(nn.Module):
    """A swing that dies down: a exp(-d t) cos(w t + p) + c."""

    def __init__(self, amplitude, damping, frequency, phase, rest):
        super().__init__()
        self.amplitude = nn.Parameter(torch.tensor(amplitude))
        self.damping = nn.Parameter(torch.tensor(damping))
        self.frequency = nn.Parameter(torch.tensor(frequency))
        self.phase = nn.Parameter(torch.tensor(phase))
        self.rest = nn.Parameter(torch.tensor(rest))

    def forward(self, t):
        swing = torch.cos(self.frequency * t + self.phase)
        return self.amplitude * torch.exp(-self.damping * t) * swing + self.rest


truth = Spring(2.0, 0.3, 3.0, 0.5, 1.0)
t = torch.linspace(0, 8, 200)
with torch.no_grad():
    measured = truth(t) + 0.05 * torch.randn(200)

model = Spring(1.0, 0.1, 2.7, 0.0, 0.0)
criterion = nn.MSELoss()
optimizer = torch.optim.LBFGS(
    model.parameters(), lr=1, max_iter=4, history_size=10, line_search_fn="strong_wolfe"
)


def closure():
    """What the line search asks again and again: the loss here, and its gradients."""
    optimizer.zero_grad()
    loss = criterion(model(t), measured)
    loss.backward()
    return loss


for step in range(1, args.steps + 1):
    loss = optimizer.step(closure)
    if step <= 5 or step % 5 == 0:
        print(f"step {step}: loss {loss.item():.6f}")

print("parameter   found    true")
for (name, found), true in zip(model.named_parameters(), truth.parameters()):
    print(f"{name:<10} {found.item():6.3f}  {true.item():6.3f}")
