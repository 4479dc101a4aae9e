"""Smooth activation layers: each is its function in :mod:`nn.functional`, with the options kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.module import Module

from nn import functional as F

if TYPE_CHECKING:
    from autograd import Tensor


class SELU(Module):
    """An elu scaled so that mean 0 and variance 1 stay, elementwise: (*) -> (*).

    See :func:`nn.functional.selu`.

    >>> import autograd
    >>> SELU()(autograd.tensor([-1.0, 1.0]))
    tensor([-1.1113,  1.0507])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.selu(input, self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class CELU(Module):
    """x where x > 0, else α(exp(x / α) - 1), elementwise: (*) -> (*).

    >>> import autograd
    >>> CELU(2.0)(autograd.tensor([-1.0, 1.0]))
    tensor([-0.7869,  1.0000])
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.celu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}" + (", inplace=True" if self.inplace else "")


class Mish(Module):
    """x · tanh(log(1 + eˣ)), elementwise: (*) -> (*). See :func:`nn.functional.mish`.

    >>> import autograd
    >>> Mish()(autograd.tensor([-1.0, 1.0]))
    tensor([-0.3034,  0.8651])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.mish(input, self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class Softsign(Module):
    """x / (1 + |x|), elementwise: (*) -> (*).

    >>> import autograd
    >>> Softsign()(autograd.tensor([-1.0, 3.0]))
    tensor([-0.5000,  0.7500])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.softsign(input)


class Tanhshrink(Module):
    """x - tanh(x), elementwise: (*) -> (*).

    >>> import autograd
    >>> Tanhshrink()(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.2384])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.tanhshrink(input)


class LogSigmoid(Module):
    """log(1 / (1 + e⁻ˣ)), without overflow, elementwise: (*) -> (*).

    >>> import autograd
    >>> LogSigmoid()(autograd.tensor([0.0]))
    tensor([-0.6931])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.logsigmoid(input)


class Softmin(Module):
    """exp(-x) / Σ exp(-x) along ``dim``: (*) -> (*), each slice summing to 1.

    >>> import autograd
    >>> Softmin(dim=0)(autograd.tensor([1.0, 1.0]))
    tensor([0.5000, 0.5000])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.softmin(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class GLU(Module):
    """a · σ(b) for the two halves of the input along ``dim``: (…, 2n, …) -> (…, n, …).

    See :func:`nn.functional.glu`.

    >>> import autograd
    >>> GLU()(autograd.tensor([3.0, 0.0]))
    tensor([1.5000])
    """

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"
