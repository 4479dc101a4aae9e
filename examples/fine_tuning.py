"""Fine-tuning: a network that knows five digits is saved, loaded, and taught the other five.

With PyTorch, and without it:

    python examples/fine_tuning.py
    python -m autograd examples/fine_tuning.py
"""

import argparse
import os
import tempfile

import torch
from sklearn.datasets import load_digits
from torch import nn, optim
from torch.optim.lr_scheduler import CosineAnnealingLR


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 12, 3, padding=1), nn.GroupNorm(3, 12), nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(12, 24, 3, padding=1), nn.GroupNorm(3, 24), nn.ReLU(),
            nn.AdaptiveAvgPool2d(2), nn.Flatten(),
        )  # fmt: skip
        self.head = nn.Linear(96, classes)

    def forward(self, x):
        return self.head(self.features(x))


def subset(low, high, count):
    """`count` images of the digits from `low` up to `high`, to learn from, and the others."""
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(digits.target)
    chosen = (labels >= low) & (labels < high)
    images, labels = images[chosen], labels[chosen] - low
    return (images[:count], labels[:count]), (images[count:], labels[count:])


def train(model, optimizer, images, labels, steps, first=0):
    criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
    scheduler = CosineAnnealingLR(optimizer, T_max=steps)
    model.train()
    for step in range(first + 1, first + steps + 1):
        batch = torch.randint(0, len(labels), (32,))
        optimizer.zero_grad()
        loss = criterion(model(images[batch]), labels[batch])
        loss.backward()
        optimizer.step()
        scheduler.step()
        if step % 10 == 0:
            print(f"step {step}: loss {loss.item():.4f}")
    return loss.item()


def accuracy(model, images, labels):
    model.eval()
    with torch.no_grad():
        return (model(images).argmax(dim=1) == labels).float().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=80, help="for each half of the digits")
    args = parser.parse_args()
    torch.manual_seed(0)

    (images, labels), test = subset(0, 5, 600)
    model = Net(classes=5)
    optimizer = optim.AdamW(model.parameters(), lr=1e-2)
    loss = train(model, optimizer, images, labels, args.steps)
    print(f"digits 0 to 4: {accuracy(model, *test):.1%} of the held-out ones right")

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "checkpoint.pt")
        torch.save(
            {
                "step": args.steps,
                "model_state_dict": model.state_dict(),
                "optimizer_state_dict": optimizer.state_dict(),
                "loss": loss,
            },
            path,
        )
        checkpoint = torch.load(path, map_location="cpu")

    print(f"loaded: {', '.join(checkpoint)} after step {checkpoint['step']}")
    model = Net(classes=5)
    model.load_state_dict(checkpoint["model_state_dict"])
    for param in model.features.parameters():  # what it sees stays; only the head is new
        param.requires_grad = False
    model.head = nn.Linear(model.head.in_features, 5)
    (images, labels), test = subset(5, 10, 60)
    optimizer = optim.SGD(
        (p for p in model.parameters() if p.requires_grad), lr=0.1, momentum=0.9, nesterov=True
    )
    train(model, optimizer, images, labels, args.steps, first=checkpoint["step"])
    print(f"digits 5 to 9, from 60 images: {accuracy(model, *test):.1%} of the held-out ones right")


if __name__ == "__main__":
    main()
