"""What ``torchvision`` holds of use without a download: ``transforms``, ``datasets``, ``utils``.

Images are Pillow's (``pip install "gradloom[vision]"``); most transforms take tensors (*, C, H, W),
too. The same seed gives the crops, flips and colours that torchvision gives.
"""

from autograd.vision import (
    datasets as datasets,
    models as models,
    transforms as transforms,
    utils as utils,
)

__version__ = "0.28.0+gradloom"  # the torchvision whose names and numbers these are
