"""Images prepared for a network: ``torchvision.transforms``, version 1.

    prepare = Compose([Resize(256), CenterCrop(224), ToTensor(), Normalize(mean, std)])
    x = prepare(image)

A transform is called with an image of Pillow's or a tensor (*, C, H, W), and gives one of the same
kind. What is random draws from the default stream of random numbers, as torchvision does.
"""

import typing as _typing

from autograd.vision.transforms import functional as functional
from autograd.vision.transforms.color import (
    ColorJitter as ColorJitter,
    GaussianBlur as GaussianBlur,
    Grayscale as Grayscale,
    RandomErasing as RandomErasing,
    RandomGrayscale as RandomGrayscale,
)
from autograd.vision.transforms.compose import (
    Compose as Compose,
    Lambda as Lambda,
    RandomApply as RandomApply,
    RandomChoice as RandomChoice,
    RandomOrder as RandomOrder,
)
from autograd.vision.transforms.conversion import (
    ConvertImageDtype as ConvertImageDtype,
    Normalize as Normalize,
    PILToTensor as PILToTensor,
    ToPILImage as ToPILImage,
    ToTensor as ToTensor,
)
from autograd.vision.transforms.crop import (
    CenterCrop as CenterCrop,
    FiveCrop as FiveCrop,
    Pad as Pad,
    RandomCrop as RandomCrop,
    RandomResizedCrop as RandomResizedCrop,
    Resize as Resize,
    TenCrop as TenCrop,
)
from autograd.vision.transforms.geometry import (
    RandomAffine as RandomAffine,
    RandomHorizontalFlip as RandomHorizontalFlip,
    RandomPerspective as RandomPerspective,
    RandomRotation as RandomRotation,
    RandomVerticalFlip as RandomVerticalFlip,
)
from autograd.vision.transforms.image import InterpolationMode as InterpolationMode

if not _typing.TYPE_CHECKING:  # a checker reports what is missing by itself

    def __getattr__(name):
        from autograd.vision.missing import missing

        raise missing(
            "vision.transforms", name, "write it as a function, which Lambda and Compose take"
        )
