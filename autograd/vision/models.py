"""``torchvision.models``: says, when a network is asked for, that none is here."""

from typing import Any


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    raise AttributeError(
        f"vision.models.{name} is not in gradloom: torchvision's networks and their weights come "
        "with torchvision only. Define the network with nn, and load weights by load_state_dict."
    )
