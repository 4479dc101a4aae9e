"""ASGD: gradient descent whose path is averaged."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.optimizer import Optimizer, Params


class ASGD(Optimizer):
    r"""Steps against the gradient at a falling rate, and keeps the mean of where it has been.

    .. math::
        \theta \leftarrow (1 - \lambda\eta_t)\theta - \eta_t g, \qquad
        \bar\theta \leftarrow \bar\theta + \mu_t (\theta - \bar\theta), \qquad
        \eta_{t+1} = \eta / (1 + \lambda\eta t)^\alpha, \quad \mu_{t+1} = 1 / \max(1, t - t_0)

    The mean :math:`\bar\theta` is ``optimizer.state[p]["ax"]``; the parameters are the last point.

    :param lr: the first rate η.
    :param lambd: λ.
    :param alpha: α, how fast the rate falls.
    :param t0: the step from which on the mean is taken; up to there it is the last point.
    :param weight_decay: adds that share of θ to the gradient.
    :param foreach: accepted, as is ``capturable``: there is one implementation.
    :raises ValueError: a number outside its range.

    Polyak & Juditsky 1992, doi:10.1137/0330046.

    >>> import autograd
    >>> w = autograd.tensor([1.0], requires_grad=True)
    >>> optimizer = ASGD([w], lr=0.1)
    >>> (w ** 2).sum().backward()
    >>> optimizer.step()
    >>> w.data
    tensor([0.8000])
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "lambd": lambd,
            "alpha": alpha,
            "t0": t0,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "weight_decay")
        for name in ("lambd", "alpha", "t0"):
            self._number(name, group[name])

    def init(self, p: Any, *, lr: float) -> dict[str, Any]:
        return {"step": 0, "eta": lr, "mu": 1.0, "ax": np.zeros_like(p)}

    def update(
        self,
        p: Any,
        g: Any,
        state: dict[str, Any],
        *,
        lr: float,
        lambd: float,
        alpha: float,
        t0: float,
        weight_decay: float,
        maximize: bool,
    ) -> None:
        eta, mu = state["eta"], state["mu"]
        state["step"] = t = state["step"] + 1
        if maximize:
            g = -g
        if weight_decay:
            g = g + weight_decay * p
        p *= 1 - lambd * eta
        p -= eta * g
        mean = state["ax"]
        if mu == 1:
            mean *= 0
            mean += p
        else:
            mean += mu * (p - mean)
        state["eta"] = lr / (1 + lambd * lr * t) ** alpha
        state["mu"] = 1 / max(1, t - t0)
