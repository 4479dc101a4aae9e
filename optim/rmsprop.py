"""RMSprop: steps scaled by the running size of the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.optimizer import Optimizer, Params


class RMSprop(Optimizer):
    r"""Steps by the gradient over the root of the running mean of its square.

    .. math::
        v \leftarrow \alpha v + (1 - \alpha) g^2, \qquad
        \theta \leftarrow \theta - \eta\, g / (\sqrt{v} + \epsilon)

    Centred, :math:`\sqrt{v - \bar g^2}` stands in for the root, :math:`\bar g` being the running
    mean of g. With momentum μ, :math:`b \leftarrow \mu b + g / (\dots)` and
    :math:`\theta \leftarrow \theta - \eta b`.

    :param alpha: α, in [0, 1).
    :param weight_decay: λ; adds :math:`\lambda\theta` to the gradient.
    :param foreach: accepted, as is ``capturable``: there is one implementation.
    :raises ValueError: a number outside its range.

    Tieleman & Hinton 2012, lecture 6.5 of "Neural Networks for Machine Learning"; centred: Graves
    2013, arXiv:1308.0850.

    >>> import autograd
    >>> w = autograd.tensor([1.0], requires_grad=True)
    >>> optimizer = RMSprop([w], lr=0.01)
    >>> (w ** 2).sum().backward()
    >>> optimizer.step()
    >>> w.data
    tensor([0.9000])
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "capturable": capturable,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "eps", "weight_decay", "momentum")
        self._in_range(group, "alpha", below=1)

    def init(self, p: Any, *, momentum: float, centered: bool) -> dict[str, Any]:
        state = {"step": 0, "square_avg": np.zeros_like(p)}
        if momentum:
            state["momentum_buffer"] = np.zeros_like(p)
        if centered:
            state["grad_avg"] = np.zeros_like(p)
        return state

    def update(
        self,
        p: Any,
        g: Any,
        state: dict[str, Any],
        *,
        lr: float,
        alpha: float,
        eps: float,
        weight_decay: float,
        momentum: float,
        centered: bool,
        maximize: bool,
    ) -> None:
        state["step"] += 1
        if maximize:
            g = -g
        if weight_decay:
            g = g + weight_decay * p
        v = state["square_avg"]
        square = (1 - alpha) * g  # before it is squared: what g * g is too large for may fit then
        square *= g
        if alpha:
            v *= alpha
            v += square
        else:
            state["square_avg"] = v = square  # 0 · ∞, after a square beyond the dtype, is no number
        if centered:
            mean = state["grad_avg"]
            mean *= alpha
            mean += (1 - alpha) * g
            # rounding must not take it below zero, nor ∞ - ∞ to no number
            v = np.maximum(v - np.minimum(mean * mean, float(np.finfo(v.dtype).max)), 0)
        step = g / (np.sqrt(v) + eps)
        if momentum:
            b = state["momentum_buffer"]
            b *= momentum
            b += step
            step = b
        p -= lr * step
