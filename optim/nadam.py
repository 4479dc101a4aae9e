"""NAdam: Adam with Nesterov's momentum."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.adam import moments
from optim.optimizer import Optimizer, Params


class NAdam(Optimizer):
    r"""Adam that looks one step ahead, as Nesterov's momentum does, with a momentum that grows.

    .. math::
        \mu_t = \beta_1 (1 - \tfrac12\, 0.96^{t\psi}), \qquad
        \theta \leftarrow \theta - \eta \left(
            \frac{1 - \mu_t}{1 - \prod_{i \le t} \mu_i}\, g
            + \frac{\mu_{t+1}}{1 - \prod_{i \le t+1} \mu_i}\, m
        \right) / (\sqrt{\hat v} + \epsilon)

    with Adam's means m and v.

    :param lr: the rate η.
    :param weight_decay: λ; adds :math:`\lambda\theta` to the gradient.
    :param momentum_decay: ψ.
    :param decoupled_weight_decay: shrink θ by :math:`1 - \eta\lambda` instead, as AdamW does.
    :param foreach: accepted, as is ``capturable``: there is one implementation.
    :raises ValueError: a number outside its range.

    Dozat 2016, "Incorporating Nesterov Momentum into Adam" (ICLR workshop).

    >>> import autograd
    >>> w = autograd.tensor([1.0], requires_grad=True)
    >>> optimizer = NAdam([w], lr=0.1)
    >>> (w ** 2).sum().backward()
    >>> optimizer.step()
    >>> w.data
    tensor([0.8944])
    """

    def __init__(
        self,
        params: Params,
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "eps", "weight_decay", "momentum_decay")
        self._pair(group, "betas", "(0.9, 0.999)", below=1)

    def init(self, p: Any) -> dict[str, Any]:
        means = {"exp_avg": np.zeros_like(p), "exp_avg_sq": np.zeros_like(p)}
        return {"step": 0, "mu_product": 1.0, **means}

    def update(
        self,
        p: Any,
        g: Any,
        state: dict[str, Any],
        *,
        lr: float,
        betas: tuple[float, float],
        eps: float,
        weight_decay: float,
        momentum_decay: float,
        decoupled_weight_decay: bool,
        maximize: bool,
    ) -> None:
        beta1, beta2 = betas
        state["step"] = t = state["step"] + 1
        if maximize:
            g = -g
        if weight_decay:
            if decoupled_weight_decay:
                p *= 1 - lr * weight_decay
            else:
                g = g + weight_decay * p
        m, v = moments(g, state, beta1, beta2)
        mu = beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
        ahead = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
        state["mu_product"] = product = state["mu_product"] * mu
        correction = (1 - beta2**t) ** 0.5  # taken out of the arrays, as Adam does
        root = np.sqrt(v)
        root += eps * correction
        rate = lr * correction
        p -= rate * (1 - mu) / (1 - product) * (g / root)
        p -= rate * ahead / (1 - product * ahead) * (m / root)
