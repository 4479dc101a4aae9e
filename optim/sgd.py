"""Gradient descent, with momentum in both of its forms."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.optimizer import Optimizer, Params

FORMS = ("torch", "classical")


class SGD(Optimizer):
    r"""Steps against the gradient, or along a running sum of past gradients (momentum).

    With :math:`g \leftarrow g + \lambda\theta` for a weight decay :math:`\lambda`, the two forms of
    momentum are

    .. math::
        \text{"torch":}     && b &\leftarrow \mu b + (1 - \tau) g, &
            \theta &\leftarrow \theta - \eta b \\
        \text{"classical":} && v &\leftarrow \mu v - \eta g, & \theta &\leftarrow \theta + v

    While the rate :math:`\eta` stays the same, they take the same steps (:math:`v = -\eta b`). They
    part ways when it changes: PyTorch's form applies the new rate to all past gradients at once,
    the classical one keeps each gradient at the rate of its own time.

    Nesterov's momentum looks one step ahead: :math:`\theta \leftarrow \theta - \eta (g + \mu b)`
    or :math:`\theta \leftarrow \theta + \mu v - \eta g`.

    :param lr: the rate η.
    :param momentum: μ; 0 is plain gradient descent.
    :param dampening: τ; the first step takes the whole gradient. PyTorch's form only.
    :param weight_decay: λ, an L2 penalty of :math:`\tfrac{\lambda}{2}\|\theta\|^2`.
    :param nesterov: look ahead; needs momentum, and no dampening.
    :param maximize: step along the gradient.
    :param momentum_form: ``"torch"`` or ``"classical"``.
    :param foreach: accepted, as is ``fused``: there is one implementation.
    :raises ValueError: a number outside its range, an unknown form, Nesterov without momentum.

    Robbins & Monro 1951, doi:10.1214/aoms/1177729586; Polyak 1964,
    doi:10.1016/0041-5553(64)90137-5; Sutskever, Martens, Dahl & Hinton 2013 (PMLR 28:1139).

    >>> import autograd
    >>> w = autograd.tensor([1.0], requires_grad=True)
    >>> optimizer = SGD([w], lr=0.1, momentum=0.9)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (w ** 2).sum().backward()
    ...     optimizer.step()
    >>> w.data
    tensor([0.4600])
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
        momentum_form: str = "torch",
    ) -> None:
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
            "momentum_form": momentum_form,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "momentum", "weight_decay")
        self._number("dampening", group["dampening"])
        if group["momentum_form"] not in FORMS:
            raise ValueError(
                f"SGD: momentum_form must be one of {', '.join(map(repr, FORMS))}; got "
                f"{group['momentum_form']!r}. 'torch' is PyTorch's, 'classical' v ← μv − ηg."
            )
        if group["dampening"] and group["momentum_form"] == "classical":
            raise ValueError(
                f"SGD: dampening belongs to PyTorch's form; got {group['dampening']} with "
                "momentum_form='classical'. Leave one of them out."
            )
        if group["nesterov"] and (group["momentum"] <= 0 or group["dampening"] != 0):
            raise ValueError(
                f"SGD: nesterov needs momentum and no dampening; got momentum="
                f"{group['momentum']} and dampening={group['dampening']}. Pass momentum=0.9."
            )

    def init(
        self, p: Any, *, momentum: float, dampening: float, momentum_form: str
    ) -> dict[str, Any]:
        if momentum == 0:
            return {}
        if momentum_form == "classical":
            return {"velocity": np.zeros_like(p)}
        first = {"first": True} if dampening else {}
        return {"momentum_buffer": np.zeros_like(p), **first}

    def update(
        self,
        p: Any,
        g: Any,
        state: dict[str, Any],
        *,
        lr: float,
        momentum: float,
        dampening: float,
        weight_decay: float,
        nesterov: bool,
        maximize: bool,
        momentum_form: str,
    ) -> None:
        if maximize:
            g = -g
        if weight_decay:
            g = g + weight_decay * p
        if momentum == 0:
            p -= lr * g
        elif momentum_form == "classical":
            v = state["velocity"]
            v *= momentum
            v -= lr * g
            p += momentum * v - lr * g if nesterov else v
        else:
            b = state["momentum_buffer"]
            b *= momentum
            b += g if not dampening or state["first"] else (1 - dampening) * g
            if dampening:
                state["first"] = False
            p -= lr * (g + momentum * b if nesterov else b)
