"""A generative adversarial network (Goodfellow et al. 2014, arXiv:1406.2661) on digits.

The generator draws, the discriminator tells drawings from digits; each learns from the other.

With PyTorch, and without it:

    python examples/gan.py
    python -m autograd examples/gan.py
"""

import argparse

import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset
from tqdm import tqdm

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--steps", type=int, default=600)
parser.add_argument("--batch_size", type=int, default=64)
parser.add_argument("--lr", type=float, default=1e-3)
parser.add_argument("--b1", type=float, default=0.5, help="Adam's decay of the mean gradient")
parser.add_argument("--latent_dim", type=int, default=16)
opt = parser.parse_args()


def weights_init(m):
    classname = m.__class__.__name__
    if classname.find("Linear") != -1:
        nn.init.normal_(m.weight, 0.0, 0.05)
        nn.init.zeros_(m.bias)
    elif classname.find("BatchNorm") != -1:
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()

        def block(in_feat, out_feat):
            return [nn.Linear(in_feat, out_feat), nn.BatchNorm1d(out_feat), nn.LeakyReLU(0.2)]

        self.model = nn.Sequential(
            *block(opt.latent_dim, 64), *block(64, 128), nn.Linear(128, 64), nn.Tanh()
        )

    def forward(self, z):
        return self.model(z)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Linear(64, 128), nn.LeakyReLU(0.2), nn.Dropout(0.3),
            nn.Linear(128, 64), nn.LeakyReLU(0.2), nn.Dropout(0.3),
            nn.Linear(64, 1), nn.Sigmoid(),
        )  # fmt: skip

    def forward(self, img):
        return self.model(img)


torch.manual_seed(0)
images = torch.tensor(load_digits().data / 8 - 1, dtype=torch.float32)  # in [-1, 1], as tanh
loader = DataLoader(TensorDataset(images), opt.batch_size, shuffle=True, drop_last=True)

generator, discriminator = Generator(), Discriminator()
generator.apply(weights_init)
discriminator.apply(weights_init)
adversarial_loss = nn.BCELoss()
optimizer_G = torch.optim.Adam(generator.parameters(), lr=opt.lr, betas=(opt.b1, 0.999))
optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=opt.lr, betas=(opt.b1, 0.999))
valid, fake = torch.ones(opt.batch_size, 1), torch.zeros(opt.batch_size, 1)

real_batches = iter(loader)
for step in tqdm(range(1, opt.steps + 1), unit="step"):
    try:
        (real_imgs,) = next(real_batches)
    except StopIteration:
        real_batches = iter(loader)
        (real_imgs,) = next(real_batches)

    # The generator: its drawings should pass for digits.
    optimizer_G.zero_grad()
    z = torch.randn(opt.batch_size, opt.latent_dim)
    gen_imgs = generator(z)
    g_loss = adversarial_loss(discriminator(gen_imgs), valid)
    g_loss.backward()
    optimizer_G.step()

    # The discriminator: digits are 1, drawings 0. detach() keeps the generator out of it.
    optimizer_D.zero_grad()
    real_loss = adversarial_loss(discriminator(real_imgs), valid)
    fake_loss = adversarial_loss(discriminator(gen_imgs.detach()), fake)
    d_loss = (real_loss + fake_loss) / 2
    d_loss.backward()
    optimizer_D.step()

    if step == 20 or step % 100 == 0:
        tqdm.write(f"step {step}: loss G {g_loss.item():.4f}, D {d_loss.item():.4f}")

generator.eval()
with torch.no_grad():
    drawings = (generator(torch.randn(4, opt.latent_dim)).view(4, 8, 8) + 1) / 2
for row in drawings.permute(1, 0, 2):
    print("  ".join("".join(2 * " .:-=+*#%@"[int(p * 9.99)] for p in pixels) for pixels in row))
