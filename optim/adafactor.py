"""Adafactor: the mean square of a matrix of gradients, kept as its rows' and its columns' alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.optimizer import Optimizer, Params


class Adafactor(Optimizer):
    r"""Steps by the gradient over the root of a running mean square that is nearly free to keep.

    Of a matrix of gradients, only the mean squares R of its rows and C of its columns are kept;
    :math:`V = R C / \overline{R}` stands for that of an element. Vectors keep V itself. With
    :math:`\beta_t = 1 - t^\tau`, :math:`U = G / \sqrt V` and the root mean square ‖·‖,

    .. math::
        R \leftarrow \beta_t R + (1 - \beta_t)\, \overline{G^2}, \qquad
        \theta \leftarrow (1 - \eta\lambda)\theta
            - \max(\epsilon_2, \|\theta\|)\, \min(\eta, t^{-1/2})\; U / \max(1, \|U\| / d)

    :param lr: η, the largest step, relative to the parameter's size.
    :param beta2_decay: τ, 0 or less.
    :param eps: :math:`(\epsilon_1, \epsilon_2)`; ε₁, None for the dtype's, keeps √V from 0.
    :param d: how large an update may be before it is scaled down, 1 or more.
    :param weight_decay: λ, apart from the gradient.
    :param foreach: accepted: there is one implementation.
    :raises ValueError: a number outside its range.

    Shazeer & Stern 2018, arXiv:1804.04235, with η and ε₁ as in PyTorch.

    >>> import autograd
    >>> w = autograd.ones(2, 3, requires_grad=True)
    >>> optimizer = Adafactor([w], lr=0.1)
    >>> (w ** 2).sum().backward()
    >>> optimizer.step()
    >>> w.data[0]
    tensor([0.9000, 0.9000, 0.9000])
    """

    elementwise = False
    takes_complex = False

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "beta2_decay": beta2_decay,
            "eps": eps,
            "d": d,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "d", "weight_decay")
        eps = group["eps"]
        known = isinstance(eps, (tuple, list)) and len(eps) == 2 and eps[0] is None
        self._pair({"eps": (0, eps[1])} if known else group, "eps", "(None, 1e-3)")
        if not self._number("beta2_decay", group["beta2_decay"]) <= 0:
            raise ValueError(
                f"Adafactor: beta2_decay must be 0 or less; got {group['beta2_decay']}. Pass -0.8."
            )
        if group["d"] < 1:
            raise ValueError(f"Adafactor: d must be 1 or more; got {group['d']}. Pass 1.0.")

    def init(self, p: Any) -> dict[str, Any]:
        if p.ndim < 2:
            return {"step": 0, "variance": np.zeros_like(p)}
        row, col = mean(p, axis=-1), mean(p, axis=-2)
        return {"step": 0, "row_var": np.zeros_like(row), "col_var": np.zeros_like(col)}

    def update(
        self,
        p: Any,
        g: Any,
        state: dict[str, Any],
        *,
        lr: float,
        beta2_decay: float,
        eps: tuple[float | None, float],
        d: float,
        weight_decay: float,
        maximize: bool,
    ) -> None:
        state["step"] = t = state["step"] + 1
        new = t**beta2_decay
        least = float(np.finfo(p.dtype).eps) if eps[0] is None else eps[0]
        rate = np.maximum(root_mean_square(p), eps[1]) * min(lr, 1 / t**0.5)
        if maximize:
            g = -g
        if weight_decay:
            p *= 1 - lr * weight_decay
        if p.ndim > 1:
            row, col = state["row_var"], state["col_var"]
            row *= 1 - new
            row += new * mean(g * g, axis=-1)
            col *= 1 - new
            col += new * mean(g * g, axis=-2)
            v = row * col / np.maximum(mean(row, axis=-2), least)
        else:
            v = state["variance"]
            v *= 1 - new
            v += new * g * g
        u = g / np.sqrt(np.maximum(v, least * least))
        p -= rate / np.maximum(root_mean_square(u) / d, 1) * u


def mean(x: Any, axis: int) -> Any:
    """The mean along an axis, which stays, of length 1."""
    return np.add.reduce(x, axis=axis, keepdims=True) / max(x.shape[axis], 1)


def root_mean_square(x: Any) -> Any:
    return np.sqrt(np.add.reduce(x * x, axis=None) / max(x.size, 1))
