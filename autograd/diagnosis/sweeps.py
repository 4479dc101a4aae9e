"""A sweep that is made to look at it: the graph and every ``.grad`` stay as they were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd.engine.grad_mode import no_grad
from autograd.engine.observer import Observer, observe
from autograd.engine.sweep import sweep


def swept(tensors: Iterable[Any], told: Observer) -> dict[Any, Any]:
    """The gradients of the sum of ``tensors`` at all leaves, by edge; hooks are run.

    :param told: is told of the formulas that run.
    :raises RuntimeError: the graph was freed, or an array that it keeps was changed in place.
    """
    seeds = [(tensor._edge, np.ones_like(tensor._data)[()]) for tensor in tensors]
    with no_grad(), observe(told):
        return sweep(seeds, retain=True)
