"""Rprop: a step size for each element, by the signs of its gradients alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.optimizer import Optimizer, Params


class Rprop(Optimizer):
    r"""Steps against the sign of the gradient, farther while it stays, less far when it turns.

    :math:`\Delta \leftarrow \eta^+ \Delta` where g has the sign that it had in the last step,
    :math:`\eta^- \Delta` where it has the other one, within the limits; there g also counts as 0.
    Then :math:`\theta \leftarrow \theta - \Delta \operatorname{sign}(g)`. For whole batches: the
    signs of small ones turn at random.

    :param lr: what Δ starts with.
    :param etas: :math:`(\eta^-, \eta^+)`, with :math:`0 < \eta^- < 1 < \eta^+`.
    :param step_sizes: the least and the largest Δ.
    :param foreach: accepted, as is ``capturable``: there is one implementation.
    :raises ValueError: a number outside its range.

    Riedmiller & Braun 1993, doi:10.1109/ICNN.1993.298623; without going back where g turns.

    >>> import autograd
    >>> w = autograd.tensor([1.0], requires_grad=True)
    >>> optimizer = Rprop([w], lr=0.1)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (w ** 2).sum().backward()
    ...     optimizer.step()
    >>> w.data
    tensor([0.7800])
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "etas": etas,
            "step_sizes": step_sizes,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr")
        self._pair(group, "step_sizes", "(1e-6, 50)")
        less, more = self._pair(group, "etas", "(0.5, 1.2)")
        if not 0 < less < 1 < more:
            raise ValueError(
                f"Rprop: etas must be one number in (0, 1) and one above 1; got {group['etas']}. "
                "Pass (0.5, 1.2)."
            )

    def init(self, p: Any, *, lr: float) -> dict[str, Any]:
        first = np.zeros_like(p)
        first += lr
        return {"step": 0, "prev": np.zeros_like(p), "step_size": first}

    def update(
        self,
        p: Any,
        g: Any,
        state: dict[str, Any],
        *,
        etas: tuple[float, float],
        step_sizes: tuple[float, float],
        maximize: bool,
    ) -> None:
        less, more = etas
        least, most = step_sizes
        state["step"] += 1
        if maximize:
            g = -g
        sign = np.sign(g)
        turn = sign * np.sign(state["prev"])  # of g · prev, which may be too small for a number
        size = state["step_size"]
        size *= np.where(turn > 0, more, np.where(turn < 0, less, 1))
        state["step_size"] = size = np.minimum(np.maximum(size, least), most)
        state["prev"] = np.where(turn < 0, 0, g)
        p -= np.where(turn < 0, 0, sign) * size
