"""A variational autoencoder (Kingma & Welling 2014, arXiv:1312.6114) that dreams up digits.

With PyTorch, and without it:

    python examples/vae.py
    python -m autograd examples/vae.py
"""

import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import optim
from torch.utils.data import DataLoader
from tqdm import tqdm


class VAE(nn.Module):
    def __init__(self, latent=8):
        super().__init__()
        self.latent = latent
        self.fc1 = nn.Linear(64, 100)
        self.fc21 = nn.Linear(100, latent)
        self.fc22 = nn.Linear(100, latent)
        self.fc3 = nn.Linear(latent, 100)
        self.fc4 = nn.Linear(100, 64)

    def encode(self, x):
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu, logvar):
        """A sample of N(mu, exp(logvar)) through which gradients flow."""
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode(self, z):
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z))))

    def forward(self, x):
        mu, logvar = self.encode(x)
        return self.decode(self.reparameterize(mu, logvar)), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    """Reconstruction, and the divergence of the codes from N(0, 1), per image."""
    bce = F.binary_cross_entropy(recon_x, x, reduction="sum")
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return (bce + kld) / len(x)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch-size", type=int, default=100)
    args = parser.parse_args()

    torch.manual_seed(1)
    images = torch.tensor(load_digits().data / 16, dtype=torch.float32)
    loader = DataLoader(images, batch_size=args.batch_size, shuffle=True)
    model = VAE()
    optimizer = optim.Adam(model.parameters(), lr=2e-3)

    step = 0
    progress = tqdm(total=args.steps, unit="step")
    while step < args.steps:
        for data in loader:
            optimizer.zero_grad()
            recon_batch, mu, logvar = model(data)
            loss = loss_function(recon_batch, data, mu, logvar)
            loss.backward()
            optimizer.step()
            step += 1
            progress.update()
            if step == 20 or step % 100 == 0:
                tqdm.write(f"step {step}: loss {loss.item():.4f}")
            if step == args.steps:
                break
    progress.close()

    with torch.no_grad():
        dreams = model.decode(torch.randn(4, model.latent)).view(4, 8, 8)
    shades = " .:-=+*#%@"
    for row in range(8):  # four images that nobody wrote, side by side
        line = ("".join(2 * shades[int(pixel * 9.99)] for pixel in image[row]) for image in dreams)
        print("  ".join(line))


if __name__ == "__main__":
    main()
