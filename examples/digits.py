"""The main job: a network learns handwritten digits, three optimisers side by side.

Trains on scikit-learn's digits (1,797 images of 8 × 8), measures on images it has not seen, checks
every gradient of a narrower one, and writes two pictures: the losses (PNG) and the graph (SVG).

    make demo            or: python examples/digits.py [folder for the pictures]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tqdm import tqdm

import autograd
import nn
import optim
from autograd import Tensor

matplotlib.use("Agg")  # pictures go to files; no screen is needed
import matplotlib.pyplot as plt  # noqa: E402

EPOCHS = 50
BATCH = 50

OPTIMISERS: dict[str, Callable[..., optim.Optimizer]] = {
    "SGD": lambda params: optim.SGD(params, lr=0.2),
    "momentum": lambda params: optim.SGD(params, lr=0.05, momentum=0.9),
    "Adam": lambda params: optim.Adam(params, lr=5e-3),
}


def digits() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Images (n, 64) in [0, 1] and labels (n): three quarters to learn from, one held out."""
    data = load_digits()
    images = (data.data / 16).astype(np.float32)
    parts = train_test_split(
        images, data.target, test_size=0.25, stratify=data.target, random_state=0
    )
    x_train, x_test, y_train, y_test = (autograd.tensor(part) for part in parts)
    return x_train, y_train, x_test, y_test


def network(width: int = 128) -> nn.Sequential:
    """64 pixels, two hidden layers, ten classes. The same seed gives PyTorch's initial weights."""
    autograd.manual_seed(0)
    return nn.Sequential(
        nn.Linear(64, width), nn.GELU(),
        nn.Linear(width, width // 2), nn.ReLU(),
        nn.Linear(width // 2, 10),
    )  # fmt: skip


def accuracy(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """The share of images whose most likely class is the right one."""
    with autograd.no_grad():
        return (model(x).argmax(dim=1) == y).float().mean().item()


def train(model: nn.Module, optimizer: optim.Optimizer, x: Tensor, y: Tensor, name: str) -> list:
    """The ordinary loop; returns the mean loss of every epoch."""
    criterion = nn.CrossEntropyLoss()
    losses = []
    epochs = tqdm(range(EPOCHS), desc=f"{name:>8}", unit="epoch", file=sys.stdout, ncols=88)
    for _ in epochs:
        total = 0.0
        order = autograd.randperm(len(x))
        for batch in order.split(BATCH):
            optimizer.zero_grad()
            loss = criterion(model(x[batch]), y[batch])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / len(x))
        epochs.set_postfix(loss=f"{losses[-1]:.4f}", refresh=False)
    return losses


def check_gradients(x: Tensor, y: Tensor) -> int:
    """Compare every partial derivative of the loss with finite differences, in float64.

    Of a network that is an eighth as wide: each derivative takes two forward passes. Returns how
    many there were. Raises GradcheckError where one is wrong.
    """
    model, criterion = network(width=16).double(), nn.CrossEntropyLoss()
    params = tuple(model.parameters())
    autograd.gradcheck(lambda *params: criterion(model(x.double()), y), params)
    return sum(p.numel() for p in params)


def plot_losses(curves: dict[str, list[float]], path: Path) -> None:
    """One line per optimiser, loss over epochs, on a logarithmic scale."""
    fig, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for name, losses in curves.items():
        axes.plot(range(1, len(losses) + 1), losses, label=name, linewidth=2)
    axes.set(yscale="log", xlabel="epoch", ylabel="training loss", title="Handwritten digits")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    fig.savefig(path, dpi=150)
    plt.close(fig)


def main(folder: Path) -> None:
    start = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    x_train, y_train, x_test, y_test = digits()
    print(f"{len(x_train)} images to learn from, {len(x_test)} held out")

    curves, held_out = {}, {}
    for name, make in OPTIMISERS.items():
        model = network()
        curves[name] = train(model, make(model.parameters()), x_train, y_train, name)
        held_out[name] = accuracy(model, x_test, y_test)
    for name, share in held_out.items():
        print(f"{name:>8}: {share:.2%} of the held-out images right")

    plot_losses(curves, folder / "losses.png")
    loss = nn.CrossEntropyLoss()(model(x_test[:8]), y_test[:8])
    autograd.draw(loss, params=model).render(folder / "graph.svg")
    print(f"pictures: {folder / 'losses.png'}, {folder / 'graph.svg'}")

    print("checking every gradient of a narrow network by finite differences ...", flush=True)
    count = check_gradients(x_test[:8], y_test[:8])
    print(f"gradient check: {count} partial derivatives agree with finite differences")
    print(f"done in {time.perf_counter() - start:.1f} s")
    best = max(held_out.values())
    if best < 0.97:
        sys.exit(f"the held-out accuracy must reach 97 %; it is {best:.2%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("demo"))
