"""Makes the two pictures of a page in docs/images: page-light.png and page-dark.png.

A small transformer as it stands, and the backward pass of a deep net of sigmoids, whose gradients
vanish. The pages are opened in the system's Chromium.

    python docs/page_images.py
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import autograd
import nn
from nn import functional as F

IMAGES = Path(__file__).resolve().parent / "images"


class Writer(nn.Module):
    """Reads letters, says which comes next."""

    def __init__(self) -> None:
        super().__init__()
        self.letters = nn.Embedding(30, 32)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(32, 4, 64), 2)
        self.head = nn.Linear(32, 30)

    def forward(self, x: autograd.Tensor) -> autograd.Tensor:
        return self.head(self.encoder(self.letters(x)))


def transformer() -> str:
    model, x = Writer(), autograd.randint(0, 30, (16, 8))
    with autograd.watch():
        loss = F.cross_entropy(model(x[:-1]).flatten(0, 1), x[1:].flatten())
        loss.backward()
        return autograd.draw(loss, params=model).html("transformer")


def vanishing() -> str:
    layers = [layer for _ in range(3) for layer in (nn.Linear(32, 32), nn.Sigmoid())]
    model, x = nn.Sequential(*layers, nn.Linear(32, 1)), autograd.randn(64, 32)
    with autograd.watch():
        loss = model(x).square().mean()
        loss.backward()
        return autograd.draw(loss, params=model).html("sigmoids, backward")


SHOTS = {
    "light": (
        transformer,
        "await toDepth(3); await goTo(nodes.find((node) => /softmax|attention/.test(node.label)))",
    ),
    "dark": (vanishing, "await ACTIONS.gradients(); await toDepth(2); fitIn({ readable: false })"),
}


def main() -> None:
    autograd.manual_seed(0)
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        sys.exit("page_images: a browser must be there; none was found. apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for theme, (made, steps) in SHOTS.items():
            file = Path(folder) / f"{theme}.html"
            file.write_text(made(), encoding="utf-8")
            page = browser.new_page(
                viewport={"width": 1280, "height": 800},
                color_scheme=theme,  # type: ignore[arg-type]
                reduced_motion="reduce",
            )
            page.goto(file.as_uri())
            page.wait_for_selector("html[data-ready]")
            page.evaluate(f"(async () => {{ {steps} }})()")
            page.wait_for_timeout(300)
            page.screenshot(path=IMAGES / f"page-{theme}.png")
        browser.close()


if __name__ == "__main__":
    main()
