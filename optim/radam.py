"""RAdam: Adam without its second mean while that has seen too little."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.adam import moments
from optim.optimizer import Optimizer, Params


class RAdam(Optimizer):
    r"""Adam whose steps are scaled by how well the mean of the squares is known.

    With :math:`\rho_\infty = 2/(1 - \beta_2) - 1` and
    :math:`\rho_t = \rho_\infty - 2t\beta_2^t/(1 - \beta_2^t)`, the number of squares that the mean
    stands for,

    .. math::
        \theta \leftarrow \theta - \eta\, r_t\, \hat m / \sqrt{\hat v}, \qquad
        r_t^2 = \frac{(\rho_t - 4)(\rho_t - 2)\rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2)\rho_t}

    where :math:`\rho_t > 5`, and before that :math:`\theta \leftarrow \theta - \eta \hat m`.

    :param lr: the rate η.
    :param eps: ε, added to √v before its bias is taken out.
    :param weight_decay: λ; adds :math:`\lambda\theta` to the gradient.
    :param decoupled_weight_decay: shrink θ by :math:`1 - \eta\lambda` instead, as AdamW does.
    :param foreach: accepted, as is ``capturable``: there is one implementation.
    :raises ValueError: a number outside its range.

    Liu, Jiang, He, Chen, Liu, Gao & Han 2020, arXiv:1908.03265.

    >>> import autograd
    >>> w = autograd.tensor([1.0], requires_grad=True)
    >>> optimizer = RAdam([w], lr=0.1)
    >>> (w ** 2).sum().backward()
    >>> optimizer.step()
    >>> w.data
    tensor([0.8000])
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
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
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "decoupled_weight_decay": decoupled_weight_decay,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "eps", "weight_decay")
        self._pair(group, "betas", "(0.9, 0.999)", below=1)

    def init(self, p: Any) -> dict[str, Any]:
        return {"step": 0, "exp_avg": np.zeros_like(p), "exp_avg_sq": np.zeros_like(p)}

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
        rate = lr / (1 - beta1**t)
        most = 2 / (1 - beta2) - 1
        seen = most - 2 * t * beta2**t / (1 - beta2**t)
        if seen > 5:
            rate *= (
                (1 - beta2**t) * (seen - 4) * (seen - 2) * most / ((most - 4) * (most - 2) * seen)
            ) ** 0.5
            root = np.sqrt(v)
            root += eps
            m = m / root
        p -= rate * m
