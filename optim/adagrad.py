"""Adagrad: a rate for each element, that falls with the gradients it has seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.optimizer import Optimizer, Params


class Adagrad(Optimizer):
    r"""Steps by the gradient over the root of the sum of all its squares so far.

    .. math::
        s \leftarrow s + g^2, \qquad
        \theta \leftarrow \theta - \frac{\eta}{1 + (t - 1)\delta}\; g / (\sqrt{s} + \epsilon)

    :param lr_decay: δ.
    :param weight_decay: λ; adds :math:`\lambda\theta` to the gradient.
    :param initial_accumulator_value: what s starts with.
    :param foreach: accepted, as is ``fused``: there is one implementation.
    :raises ValueError: a number outside its range.

    Duchi, Hazan & Singer 2011 (JMLR 12:2121).

    >>> import autograd
    >>> w = autograd.tensor([1.0], requires_grad=True)
    >>> optimizer = Adagrad([w], lr=0.1)
    >>> (w ** 2).sum().backward()
    >>> optimizer.step()
    >>> w.data
    tensor([0.9000])
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "lr_decay", "eps", "weight_decay", "initial_accumulator_value")

    def init(self, p: Any, *, initial_accumulator_value: float) -> dict[str, Any]:
        total = np.zeros_like(p)
        total += initial_accumulator_value
        return {"step": 0, "sum": total}

    def update(
        self,
        p: Any,
        g: Any,
        state: dict[str, Any],
        *,
        lr: float,
        lr_decay: float,
        eps: float,
        weight_decay: float,
        maximize: bool,
    ) -> None:
        rate = lr / (1 + state["step"] * lr_decay)
        state["step"] += 1
        if maximize:
            g = -g
        if weight_decay:
            g = g + weight_decay * p
        state["sum"] += g * g
        p -= rate * (g / (np.sqrt(state["sum"]) + eps))
