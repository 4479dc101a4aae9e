"""Adam, and its relatives that differ from it by a line."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.optimizer import Optimizer, Params


def moments(g: Any, state: dict[str, Any], beta1: float, beta2: float) -> Any:
    """Take g into the running means of g and of g², ``exp_avg`` and ``exp_avg_sq``; both."""
    m, v = state["exp_avg"], state["exp_avg_sq"]
    m *= beta1
    m += (1 - beta1) * g
    square = (1 - beta2) * g  # before it is squared: what g * g is too large for may fit then
    square *= g
    if beta2:
        v *= beta2
        v += square
    else:
        state["exp_avg_sq"] = v = square  # 0 · ∞, after a square beyond the dtype, is no number
    return m, v


class Adam(Optimizer):
    r"""Steps by the running mean of the gradient over the root of the running mean of its square.

    .. math::
        m &\leftarrow \beta_1 m + (1 - \beta_1) g, & \hat m &= m / (1 - \beta_1^t) \\
        v &\leftarrow \beta_2 v + (1 - \beta_2) g^2, & \hat v &= v / (1 - \beta_2^t) \\
        \theta &\leftarrow \theta - \eta\, \hat m / (\sqrt{\hat v} + \epsilon)

    The means start at zero; dividing by :math:`1 - \beta^t` takes that bias out.

    :param lr: the rate η.
    :param betas: :math:`(\beta_1, \beta_2)`, each in [0, 1).
    :param eps: ε, outside the root, so that it bounds the step where gradients vanish.
    :param weight_decay: λ; adds :math:`\lambda\theta` to the gradient before all else (an L2
        penalty; :class:`AdamW` decouples it).
    :param amsgrad: divide by the largest :math:`v` so far instead of the last (Reddi, Kale & Kumar
        2018, arXiv:1904.09237).
    :param maximize: step along the gradient.
    :param decoupled_weight_decay: shrink θ by :math:`1 - \eta\lambda` instead, as :class:`AdamW`.
    :param foreach: accepted, as are ``capturable`` and ``fused``: there is one implementation.
    :raises ValueError: a number outside its range.
    :raises TypeError: something else than a number.

    Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.

    >>> import autograd
    >>> w = autograd.tensor([1.0, -2.0], requires_grad=True)
    >>> optimizer = Adam([w], lr=0.1)
    >>> (w ** 2).sum().backward()
    >>> optimizer.step()  # the first step is of size η, whatever the gradient
    >>> w.data
    tensor([ 0.9000, -1.9000])
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "eps", "weight_decay")
        self._pair(group, "betas", "(0.9, 0.999)", below=1)

    def init(self, p: Any, *, amsgrad: bool) -> dict[str, Any]:
        state = {"step": 0, "exp_avg": np.zeros_like(p), "exp_avg_sq": np.zeros_like(p)}
        if amsgrad:
            state["max_exp_avg_sq"] = np.zeros_like(p)
        return state

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
        amsgrad: bool,
        maximize: bool,
        decoupled_weight_decay: bool,
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
        if amsgrad:
            state["max_exp_avg_sq"] = v = np.maximum(state["max_exp_avg_sq"], v)
        # η m̂ / (√v̂ + ε), with the corrections of m and v taken out of the arrays: two passes less
        correction = (1 - beta2**t) ** 0.5
        root = np.sqrt(v)
        root += eps * correction
        step = m / root
        step *= lr * correction / (1 - beta1**t)
        p -= step
