"""AdamW: Adam with its weight decay apart from the gradient."""

from __future__ import annotations

from typing import Any

from optim.adam import Adam
from optim.optimizer import Params


class AdamW(Adam):
    r"""Adam whose weight decay shrinks the parameters directly, by :math:`1 - \eta\lambda` a step.

    .. math::
        \theta \leftarrow (1 - \eta\lambda)\,\theta - \eta\, \hat m / (\sqrt{\hat v} + \epsilon)

    In :class:`Adam` the decay runs through the means and is divided by :math:`\sqrt{\hat v}`, so
    that weights with large gradients decay less. Arguments are Adam's, with λ = 0.01.

    Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2 (with λ times the rate, as in PyTorch).

    >>> import autograd
    >>> w = autograd.tensor([1.0], requires_grad=True)
    >>> optimizer = AdamW([w], lr=0.1, weight_decay=0.5)
    >>> (w * 0).sum().backward()
    >>> optimizer.step()
    >>> w.data
    tensor([0.9500])
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            maximize=maximize,
            foreach=foreach,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )

    def check(self, group: dict[str, Any]) -> None:
        super().check(group)
        if not group["decoupled_weight_decay"]:
            raise ValueError(
                "AdamW: its weight decay is decoupled; got decoupled_weight_decay=False. Use Adam."
            )
