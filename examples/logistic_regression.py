"""Logistic regression: is a breast tumour benign? One linear layer, stochastic gradient descent.

With PyTorch, and without it:

    python examples/logistic_regression.py
    python -m autograd examples/logistic_regression.py
"""

import argparse

import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from torch.utils.data import DataLoader, TensorDataset, random_split

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--steps", type=int, default=400, help="batches to learn from")
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--batch-size", type=int, default=32)
args = parser.parse_args()

torch.manual_seed(0)

# 569 tumours, 30 measurements each; every measurement is brought to mean 0 and deviation 1.
data = load_breast_cancer()
x = torch.tensor(data.data, dtype=torch.float32)
x = (x - x.mean(dim=0)) / x.std(dim=0)
y = torch.tensor(data.target, dtype=torch.float32)

train, test = random_split(TensorDataset(x, y), [469, 100])
loader = DataLoader(train, batch_size=args.batch_size, shuffle=True, drop_last=True)

model = nn.Linear(30, 1)
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, weight_decay=1e-3)


def batches():
    """The training data again and again, shuffled anew each time."""
    while True:
        yield from loader


for step, (inputs, labels) in zip(range(1, args.steps + 1), batches()):
    optimizer.zero_grad()
    loss = criterion(model(inputs).squeeze(1), labels)
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(f"step {step}: loss {loss.item():.4f}")

with torch.no_grad():
    inputs, labels = next(iter(DataLoader(test, batch_size=len(test))))
    guessed = (torch.sigmoid(model(inputs).squeeze(1)) > 0.5).float()
    print(f"{(guessed == labels).float().mean().item():.0%} of {len(test)} held-out tumours right")

    strongest = model.weight[0].abs().topk(3)
    names = [data.feature_names[i] for i in strongest.indices.tolist()]
    print(f"what counts most: {', '.join(names)}")
