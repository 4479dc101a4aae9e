"""A siamese network: two images go through the same layers; are they of the same digit?

Digits 0, 1 and 2 are kept from it: what it has learnt of the others helps to tell them apart too.
The contrastive loss is that of Hadsell, Chopra & LeCun 2006.

With PyTorch, and without it:

    python examples/siamese.py
    python -m autograd examples/siamese.py
"""

import argparse
import random

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm


class Pairs(Dataset):
    """Pairs of images, half of them of one digit; the label is 1 where they are."""

    def __init__(self, digits, count):
        data = load_digits()
        images = torch.tensor(data.images / 16, dtype=torch.float32).unsqueeze(1)
        self.images = {digit: images[torch.tensor(data.target == digit)] for digit in digits}
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        draw = random.Random(index)
        first, second = draw.sample(sorted(self.images), 2)
        if index % 2 == 0:
            second = first
        pair = [draw.choice(self.images[digit]) for digit in (first, second)]
        return *pair, torch.tensor(float(first == second))


class SiameseNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.AvgPool2d(2),
            nn.Flatten(), nn.Linear(64, 32), nn.PReLU(), nn.Linear(32, 8),
        )  # fmt: skip

    def forward(self, first, second):
        return self.cnn(first), self.cnn(second)


class ContrastiveLoss(nn.Module):
    """Draws equals together, and pushes the others apart until they are `margin` away."""

    def __init__(self, margin=1.0):
        super().__init__()
        self.margin = margin

    def forward(self, first, second, same):
        distance = F.pairwise_distance(first, second)
        apart = torch.clamp(self.margin - distance, min=0.0)
        return torch.mean(same * distance.pow(2) + (1 - same) * apart.pow(2))


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--steps", type=int, default=300)
args = parser.parse_args()

torch.manual_seed(0)
net, criterion = SiameseNetwork(), ContrastiveLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
loader = DataLoader(Pairs(range(3, 10), 64 * args.steps), batch_size=64)

for step, (first, second, same) in enumerate(tqdm(loader, unit="step"), start=1):
    optimizer.zero_grad()
    loss = criterion(*net(first, second), same)
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        tqdm.write(f"step {step}: loss {loss.item():.4f}")

net.eval()
with torch.no_grad():
    for digits in (range(3, 10), range(3)):
        first, second, same = next(iter(DataLoader(Pairs(digits, 600), batch_size=600)))
        near = F.pairwise_distance(*net(first, second)) < 0.5
        share = (near == same.bool()).float().mean().item()
        print(f"digits {min(digits)} to {max(digits)}: {share:.1%} of 600 pairs told right")
