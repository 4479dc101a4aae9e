"""Functions with gradients of one's own: a network whose hidden units are just -1 or 1.

The sign has slope 0 everywhere, so nothing could be learnt through it. The straight-through
estimator (Bengio, Leonard & Courville 2013, arXiv:1308.3432) goes back as if it were the identity.

With PyTorch, and without it:

    python examples/custom_function.py
    python -m autograd examples/custom_function.py
"""

import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.autograd import Function, gradcheck


class Binarize(Function):
    """-1 or 1 on the way forward; on the way back the gradient passes where -1 <= x <= 1."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.where(x < 0, -torch.ones_like(x), torch.ones_like(x))

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * (x.abs() <= 1).to(grad_output.dtype)


class Swish(Function):
    """x * sigmoid(beta * x), and both its gradients by hand."""

    @staticmethod
    def forward(ctx, x, beta):
        sigmoid = torch.sigmoid(beta * x)
        ctx.save_for_backward(x, beta, sigmoid)
        return x * sigmoid

    @staticmethod
    def backward(ctx, grad_output):
        x, beta, sigmoid = ctx.saved_tensors
        grad_x = grad_beta = None
        slope = sigmoid * (1 - sigmoid)
        if ctx.needs_input_grad[0]:
            grad_x = grad_output * (sigmoid + beta * x * slope)
        if ctx.needs_input_grad[1]:
            grad_beta = (grad_output * x**2 * slope).sum()
        return grad_x, grad_beta


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(64, 96), nn.Linear(96, 96), nn.Linear(96, 10)
        self.beta = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        x = Binarize.apply(self.fc1(x))
        x = Swish.apply(self.fc2(x), self.beta)
        return self.fc3(x)


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--steps", type=int, default=300)
args = parser.parse_args()

torch.manual_seed(0)
x = torch.randn(5, 3, dtype=torch.double, requires_grad=True)
beta = torch.tensor(1.5, dtype=torch.double, requires_grad=True)
print("the gradients of Swish agree with finite differences:", gradcheck(Swish.apply, (x, beta)))

digits = load_digits()
images = torch.as_tensor(digits.data, dtype=torch.float32) / 16
labels = torch.as_tensor(digits.target)
train, test = torch.randperm(len(labels)).split([1400, 397])

model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(1, args.steps + 1):
    batch = train[torch.randint(len(train), (64,))]
    loss = F.cross_entropy(model(images[batch]), labels[batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(f"step {step}: loss {loss.item():.4f}, beta {model.beta.item():.4f}")

model.eval()
with torch.no_grad():
    accuracy = (model(images[test]).argmax(dim=1) == labels[test]).float().mean()
print(f"{accuracy.item():.1%} of the held-out digits right, with hidden units of one bit")
