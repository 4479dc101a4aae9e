"""SparseAdam: its name, for scripts that import it; gradients here are dense."""

from __future__ import annotations

from typing import Any

from optim.optimizer import Optimizer, Params


class SparseAdam(Optimizer):
    """Adam that leaves alone what a sparse gradient does not name.

    No operation here gives a parameter a sparse gradient, so that :meth:`step` raises, as PyTorch's
    does for dense ones.

    :raises ValueError: a number outside its range.
    :raises RuntimeError: a step with a dense gradient.

    >>> import autograd
    >>> w = autograd.zeros(1, requires_grad=True)
    >>> SparseAdam([w]).defaults["lr"]
    0.001
    """

    takes_complex = False

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        maximize: bool = False,
    ) -> None:
        defaults = {"lr": lr, "betas": betas, "eps": eps, "maximize": maximize}
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "eps")
        self._pair(group, "betas", "(0.9, 0.999)", below=1)
        for name in ("lr", "eps"):
            if group[name] == 0:
                raise ValueError(f"SparseAdam: {name} must be above 0; got 0. Pass 1e-8 or more.")

    def update(self, p: Any, g: Any, state: dict[str, Any]) -> None:
        raise RuntimeError("SparseAdam: gradients must be sparse; got dense ones. Use Adam.")
