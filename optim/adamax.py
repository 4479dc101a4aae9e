"""Adamax: Adam with the largest gradient in place of the mean square."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.optimizer import Optimizer, Params


class Adamax(Optimizer):
    r"""Steps by the running mean of the gradient over its largest, slowly forgotten size.

    .. math::
        m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad
        u \leftarrow \max(\beta_2 u, |g| + \epsilon), \qquad
        \theta \leftarrow \theta - \frac{\eta}{1 - \beta_1^t}\; m / u

    :param lr: the rate η.
    :param betas: :math:`(\beta_1, \beta_2)`, each in [0, 1).
    :param weight_decay: λ; adds :math:`\lambda\theta` to the gradient.
    :param maximize: step along the gradient.
    :param foreach: accepted, as is ``capturable``: there is one implementation.
    :raises ValueError: a number outside its range.

    Kingma & Ba 2015, arXiv:1412.6980, algorithm 2.

    >>> import autograd
    >>> w = autograd.tensor([1.0], requires_grad=True)
    >>> optimizer = Adamax([w], lr=0.1)
    >>> (w ** 2).sum().backward()
    >>> optimizer.step()
    >>> w.data
    tensor([0.9000])
    """

    def __init__(
        self,
        params: Params,
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "eps", "weight_decay")
        self._pair(group, "betas", "(0.9, 0.999)", below=1)

    def init(self, p: Any) -> dict[str, Any]:
        return {"step": 0, "exp_avg": np.zeros_like(p), "exp_inf": np.zeros_like(p)}

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
        maximize: bool,
    ) -> None:
        beta1, beta2 = betas
        m, u = state["exp_avg"], state["exp_inf"]
        state["step"] = t = state["step"] + 1
        if maximize:
            g = -g
        if weight_decay:
            g = g + weight_decay * p
        m *= beta1
        m += (1 - beta1) * g
        state["exp_inf"] = u = np.maximum(beta2 * u, np.absolute(g) + eps)
        p -= lr / (1 - beta1**t) * (m / u)
