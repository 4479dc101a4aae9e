"""``torchvision.models``: says, when a network is asked for, that none is here."""

from typing import Any

from autograd.vision.missing import missing


def __getattr__(name: str) -> Any:
    instead = "define the network with nn, and load weights that you have by load_state_dict"
    raise missing("vision.models", name, instead)
