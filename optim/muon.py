"""Muon: momentum, made orthogonal."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.optimizer import Optimizer, Params


class Muon(Optimizer):
    r"""Steps by the orthogonal matrix that is nearest to the momentum, for matrices of weights.

    .. math::
        B \leftarrow \mu B + (1 - \mu) G, \qquad
        \theta \leftarrow (1 - \eta\lambda)\theta - \eta\,\kappa\, O(B)

    O follows from a few steps of a polynomial iteration (Newton & Schulz),
    :math:`X \leftarrow aX + (bXX^\top + c(XX^\top)^2)X`, in the digits of bfloat16, as in PyTorch.

    :param params: matrices; what has another number of dimensions goes to AdamW.
    :param lr: the rate η.
    :param weight_decay: λ, apart from the gradient.
    :param momentum: μ.
    :param nesterov: O of :math:`\mu B + (1 - \mu) G` instead.
    :param ns_coefficients: (a, b, c).
    :param eps: what the norm is divided by at least.
    :param ns_steps: steps of the iteration, below 100.
    :param adjust_lr_fn: ``"original"`` (also None): :math:`\kappa = \sqrt{\max(1, n/m)}` for n rows
        and m columns; ``"match_rms_adamw"``: :math:`0.2\sqrt{\max(n, m)}`.
    :raises ValueError: a number outside its range, a parameter that is no matrix.

    Jordan, Jin, Boza, You, Cesista, Newhouse & Bernstein 2024, "Muon: An optimizer for hidden
    layers in neural networks"; match_rms_adamw: Liu et al. 2025, arXiv:2502.16982.

    >>> import autograd
    >>> w = autograd.zeros(2, 3, requires_grad=True)
    >>> optimizer = Muon([w], lr=0.1)
    >>> (w * autograd.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 5.0]])).sum().backward()
    >>> optimizer.step()
    >>> bool((w[0, 0] < -0.05) & (w[1, 2] < -0.05))
    True
    """

    elementwise = False
    takes_complex = False

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.775, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ) -> None:
        defaults = {
            "lr": lr,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "nesterov": nesterov,
            "ns_coefficients": ns_coefficients,
            "eps": eps,
            "ns_steps": ns_steps,
            "adjust_lr_fn": adjust_lr_fn,
        }
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "weight_decay", "momentum", "eps")
        self._counts(group, "ns_steps")
        self._in_range(group, "ns_steps", below=100)
        three = group["ns_coefficients"]
        if not isinstance(three, (tuple, list)) or len(three) != 3:
            raise ValueError(
                f"Muon: ns_coefficients must be three numbers; got {three!r:.60}. Pass "
                "(3.4445, -4.775, 2.0315)."
            )
        if group["adjust_lr_fn"] not in (None, "original", "match_rms_adamw"):
            raise ValueError(
                f"Muon: adjust_lr_fn must be 'original' or 'match_rms_adamw'; got "
                f"{group['adjust_lr_fn']!r:.60}. None is 'original'."
            )

    def _check_param(self, i: int, p: Any, used: set[int]) -> None:
        super()._check_param(i, p, used)
        if p.ndim != 2:
            raise ValueError(
                f"Muon: parameters must be matrices; number {i} has shape {tuple(p.shape)}. Give "
                "it to AdamW."
            )

    def init(self, p: Any) -> dict[str, Any]:
        return {"momentum_buffer": np.zeros_like(p)}

    def update(
        self,
        p: Any,
        g: Any,
        state: dict[str, Any],
        *,
        lr: float,
        weight_decay: float,
        momentum: float,
        nesterov: bool,
        ns_coefficients: tuple[float, float, float],
        eps: float,
        ns_steps: int,
        adjust_lr_fn: str | None,
    ) -> None:
        b = state["momentum_buffer"]
        b *= momentum
        b += (1 - momentum) * g
        x = momentum * b + (1 - momentum) * g if nesterov else b
        rows, columns = p.shape
        x = orthogonal(x, ns_coefficients, ns_steps, eps)
        if adjust_lr_fn == "match_rms_adamw":
            scale = 0.2 * max(rows, columns) ** 0.5
        else:
            scale = max(1, rows / columns) ** 0.5
        p *= 1 - lr * weight_decay
        p -= lr * scale * x


def orthogonal(x: Any, coefficients: tuple[float, float, float], steps: int, eps: float) -> Any:
    """A matrix with x's singular vectors and with singular values near 1.

    Every result is rounded to the 8 digits that bfloat16 has.
    """
    a, b, c = coefficients
    tall = x.shape[0] > x.shape[1]
    x = rounded((np.transpose(x) if tall else x).astype("float32"))
    x = rounded(x / np.maximum(rounded(np.sqrt(np.add.reduce(x * x, axis=None))), eps))
    for _ in range(steps):
        gram = rounded(x @ np.transpose(x))
        polynomial = rounded(b * gram + c * (gram @ gram))
        x = rounded(a * x + polynomial @ x)
    return np.transpose(x) if tall else x


def rounded(x: Any) -> Any:
    """float32 to 8 binary digits: what is added takes the other 16 out of reach (Dekker 1971)."""
    far = 65537 * x
    return far - (far - x)
