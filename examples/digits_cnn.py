"""A convolutional network reads handwritten digits: batches, dropout, a schedule, a test set.

With PyTorch, and without it:

    python examples/digits_cnn.py
    python -m autograd examples/digits_cnn.py
"""

import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from sklearn.datasets import load_digits
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, Dataset, Subset
from tqdm import tqdm


class Digits(Dataset):
    """scikit-learn's 1,797 digits of 8 x 8 pixels, as (1, 8, 8) images in [0, 1] and labels."""

    def __init__(self):
        digits = load_digits()
        self.images = (digits.images / 16).astype("float32")
        self.labels = digits.target

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return torch.from_numpy(self.images[index]).unsqueeze(0), int(self.labels[index])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, kernel_size=3, padding=1)
        self.norm1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=3, padding=1)
        self.norm2 = nn.BatchNorm2d(32)
        self.dropout = nn.Dropout(0.25)
        self.fc = nn.Linear(32 * 2 * 2, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.norm1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.norm2(self.conv2(x))), 2)
        x = self.dropout(torch.flatten(x, 1))
        return F.log_softmax(self.fc(x), dim=1)


def train(model, device, loader, optimizer, scheduler, steps):
    model.train()
    step = 0
    bar = tqdm(total=steps, unit="step")
    while step < steps:
        for data, target in loader:
            data, target = data.to(device), target.to(device)
            optimizer.zero_grad()
            loss = F.nll_loss(model(data), target)
            loss.backward()
            optimizer.step()
            step += 1
            bar.update()
            if step % 20 == 0:
                tqdm.write(f"step {step}: loss {loss.item():.4f}")
            if step == steps:
                break
        scheduler.step()
    bar.close()


@torch.no_grad()
def test(model, device, loader):
    model.eval()
    loss, correct = 0.0, 0
    for data, target in loader:
        data, target = data.to(device), target.to(device)
        output = model(data)
        loss += F.nll_loss(output, target, reduction="sum").item()
        correct += output.argmax(dim=1, keepdim=True).eq(target.view(-1, 1)).sum().item()
    count = len(loader.dataset)
    print(f"test set: loss {loss / count:.4f}, {correct} of {count} right ({correct / count:.1%})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    digits = Digits()
    train_loader = DataLoader(Subset(digits, range(1400)), batch_size=64, shuffle=True)
    test_loader = DataLoader(Subset(digits, range(1400, len(digits))), batch_size=200)

    model = Net().to(device)
    print(model)
    optimizer = optim.Adam(model.parameters(), lr=5e-3)
    scheduler = StepLR(optimizer, step_size=2, gamma=0.7)
    train(model, device, train_loader, optimizer, scheduler, args.steps)
    test(model, device, test_loader)


if __name__ == "__main__":
    main()
