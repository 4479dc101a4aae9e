"""Adadelta: steps as large as the last ones were, so that no rate needs to be chosen."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.optimizer import Optimizer, Params


class Adadelta(Optimizer):
    r"""Steps by the gradient times the running size of past steps over that of past gradients.

    .. math::
        v \leftarrow \rho v + (1 - \rho) g^2, \quad
        \delta = g \sqrt{u + \epsilon} / \sqrt{v + \epsilon}, \quad
        u \leftarrow \rho u + (1 - \rho) \delta^2, \quad
        \theta \leftarrow \theta - \eta\delta

    :param lr: the rate η, 1 in the paper.
    :param rho: ρ, in [0, 1].
    :param weight_decay: λ; adds :math:`\lambda\theta` to the gradient.
    :param foreach: accepted, as is ``capturable``: there is one implementation.
    :raises ValueError: a number outside its range.

    Zeiler 2012, arXiv:1212.5701.

    >>> import autograd
    >>> w = autograd.tensor([1.0], requires_grad=True)
    >>> optimizer = Adadelta([w], eps=0.01)
    >>> (w ** 2).sum().backward()
    >>> optimizer.step()
    >>> w.data
    tensor([0.6877])
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "rho": rho,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "capturable": capturable,
            "foreach": foreach,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "rho", "eps", "weight_decay")
        if group["rho"] > 1:
            raise ValueError(f"Adadelta: rho must be in [0, 1]; got {group['rho']}. Pass 0.9.")

    def init(self, p: Any) -> dict[str, Any]:
        return {"step": 0, "square_avg": np.zeros_like(p), "acc_delta": np.zeros_like(p)}

    def update(
        self,
        p: Any,
        g: Any,
        state: dict[str, Any],
        *,
        lr: float,
        rho: float,
        eps: float,
        weight_decay: float,
        maximize: bool,
    ) -> None:
        state["step"] += 1
        if maximize:
            g = -g
        if weight_decay:
            g = g + weight_decay * p
        v, u = state["square_avg"], state["acc_delta"]
        square = (1 - rho) * g  # before it is squared: what g * g is too large for may fit then
        square *= g
        if rho:
            v *= rho
            v += square
        else:
            state["square_avg"] = v = square  # 0 · ∞, after a square beyond the dtype, is no number
        delta = np.sqrt(u + eps)
        delta /= np.sqrt(v + eps)
        delta *= g
        u *= rho
        u += (1 - rho) * delta * delta
        p -= lr * delta
