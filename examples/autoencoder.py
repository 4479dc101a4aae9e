"""An autoencoder: 64 pixels are squeezed through 6 numbers, and drawn again from them.

With PyTorch, and without it:

    python examples/autoencoder.py
    python -m autograd examples/autoencoder.py
"""

import argparse

import torch
from sklearn.datasets import load_digits
from torch import nn
from tqdm import tqdm

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--steps", type=int, default=1000)
parser.add_argument("--code", type=int, default=6, help="numbers that an image is squeezed into")
args = parser.parse_args()

torch.manual_seed(0)


class Autoencoder(nn.Module):
    def __init__(self, code):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(64, 48), nn.ReLU(),
            nn.Linear(48, 24), nn.ReLU(),
            nn.Linear(24, code),
        )  # fmt: skip
        self.decoder = nn.Sequential(
            nn.Linear(code, 24), nn.ReLU(),
            nn.Linear(24, 48), nn.ReLU(),
            nn.Linear(48, 64), nn.Sigmoid(),
        )  # fmt: skip

    def forward(self, x):
        return self.decoder(self.encoder(x))


def draw(*images):
    """Images of 8 x 8 pixels side by side, in characters."""
    shades = " .:-=+*#%@"
    for row in range(8):
        lines = []
        for image in images:
            pixels = image.view(8, 8)[row]
            lines.append("".join(2 * shades[int(pixel * 9.99)] for pixel in pixels))
        print("   |   ".join(lines))


images = torch.from_numpy(load_digits().data).float() / 16
model = Autoencoder(args.code)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

for step in tqdm(range(1, args.steps + 1), unit="step"):
    batch = images[torch.randint(0, 1700, (128,))]
    loss = criterion(model(batch), batch)

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step == 20 or step % 100 == 0:
        tqdm.write(f"step {step}: loss {loss.item():.4f}")

model.eval()
with torch.no_grad():
    held_out = images[1700:]
    drawn = model(held_out)
    print(f"held-out images: {criterion(drawn, held_out):.4f}")
    print("an image, and what is drawn from its code", model.encoder(held_out[:1]))
    draw(held_out[0], drawn[0])
