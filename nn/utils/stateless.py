"""A module called with other tensors in the place of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd import Tensor
from autograd.func import modules
from nn.modules.module import Module


def functional_call(
    module: Module,
    parameters_and_buffers: Mapping[str, Tensor],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """:func:`autograd.func.functional_call`, by the name that PyTorch had for it before.

    >>> import autograd, nn
    >>> layer = nn.Linear(1, 1)
    >>> given = {"weight": autograd.tensor([[2.0]]), "bias": autograd.tensor([1.0])}
    >>> functional_call(layer, given, autograd.tensor([3.0]))
    tensor([7.])
    """
    return modules.functional_call(
        module, parameters_and_buffers, args, kwargs, tie_weights=tie_weights, strict=strict
    )
