"""What is said of torchvision's names that are not here."""

from __future__ import annotations


def missing(module: str, name: str, instead: str) -> AttributeError:
    """The error for ``module.name``, with what to do instead.

    >>> print(missing("vision.datasets", "SVHN", "write a Dataset"))
    vision.datasets.SVHN is not in gradloom; write a Dataset.
    """
    if name.startswith("__"):  # asked by Python itself
        return AttributeError(name)
    return AttributeError(f"{module}.{name} is not in gradloom; {instead}.")
