"""A model whose weights are the average of another's, along its training.

The one file of ``optim`` that builds on ``nn``: :mod:`optim.swa_utils` imports it on demand.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from itertools import chain
from typing import Any

import autograd
from autograd import Tensor
from nn import Module
from optim.swa_utils import get_swa_avg_fn


class AveragedModel(Module):
    """A copy of a model; each :meth:`update_parameters` takes its weights into an average.

    The model itself is trained on; this one is called in its place, and saved::

        averaged = AveragedModel(model)
        for x, y in loader:
            ...
            optimizer.step()
            averaged.update_parameters(model)
        update_bn(loader, averaged)  # where there are batch norms

    :param model: a module.
    :param device: where the copy is moved to.
    :param avg_fn: ``avg_fn(averaged, current, n)`` returns the new average of a tensor, where n
        models are averaged already; without one, the mean of all.
    :param multi_avg_fn: the same for lists of tensors of one dtype, in place.
    :param use_buffers: average buffers too; else they are copied.
    :raises ValueError: both functions are given.

    Izmailov, Podoprikhin, Garipov, Vetrov & Wilson 2018, arXiv:1803.05407.

    >>> import nn
    >>> model = nn.Linear(1, 1, bias=False)
    >>> averaged = AveragedModel(model)
    >>> for value in (1.0, 2.0):
    ...     _ = nn.init.constant_(model.weight, value)
    ...     averaged.update_parameters(model)
    >>> averaged.module.weight.item(), list(averaged.state_dict())
    (1.5, ['n_averaged', 'module.weight'])
    """

    n_averaged: Tensor

    def __init__(
        self,
        model: Module,
        device: Any = None,
        avg_fn: Callable[[Tensor, Tensor, Any], Tensor] | None = None,
        multi_avg_fn: Callable[[list[Tensor], list[Tensor], Any], None] | None = None,
        use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise ValueError(
                "AveragedModel: there must be one function at most; got avg_fn and multi_avg_fn. "
                "Leave one out."
            )
        self.module = deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer("n_averaged", autograd.tensor(0))
        self.avg_fn = avg_fn
        self.multi_avg_fn = multi_avg_fn
        self.use_buffers = use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the averaged copy makes of its arguments."""
        return self.module(*args, **kwargs)

    @autograd.no_grad()
    def update_parameters(self, model: Module) -> None:
        """Take the weights of ``model`` into the average; the first ones are copied."""
        averaged: Any = self.module.parameters()
        current: Any = model.parameters()
        if self.use_buffers:
            averaged = chain(averaged, self.module.buffers())
            current = chain(current, model.buffers())
        pairs = [(a.detach(), c.detach()) for a, c in zip(averaged, current, strict=True)]
        if self.n_averaged == 0:
            for mean, new in pairs:
                mean.copy_(new)
        elif self.multi_avg_fn is not None:
            kinds: dict[Any, list[tuple[Tensor, Tensor]]] = {}
            for pair in pairs:
                kinds.setdefault(pair[0].dtype, []).append(pair)
            for alike in kinds.values():
                self.multi_avg_fn([a for a, _ in alike], [c for _, c in alike], self.n_averaged)
        else:
            average = self.avg_fn or get_swa_avg_fn()
            for mean, new in pairs:
                mean.copy_(average(mean, new, self.n_averaged))
        if not self.use_buffers:
            for own, other in zip(self.module.buffers(), model.buffers(), strict=True):
                own.detach().copy_(other.detach())
        self.n_averaged += 1
