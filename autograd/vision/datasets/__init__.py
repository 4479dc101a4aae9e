"""Data sets read from the files that the user has: ``torchvision.datasets``. Nothing is downloaded.

A sample is (image, target), the image one of Pillow's until ``transform`` makes it a tensor.
"""

import typing as _typing

from autograd.vision.datasets.cifar import CIFAR10 as CIFAR10, CIFAR100 as CIFAR100
from autograd.vision.datasets.fakedata import FakeData as FakeData
from autograd.vision.datasets.folder import (
    DatasetFolder as DatasetFolder,
    ImageFolder as ImageFolder,
)
from autograd.vision.datasets.mnist import (
    KMNIST as KMNIST,
    MNIST as MNIST,
    FashionMNIST as FashionMNIST,
)
from autograd.vision.datasets.vision import VisionDataset as VisionDataset

if not _typing.TYPE_CHECKING:  # a checker reports what is missing by itself

    def __getattr__(name):
        from autograd.vision.missing import missing

        raise missing("vision.datasets", name, "write a Dataset that reads its files")
