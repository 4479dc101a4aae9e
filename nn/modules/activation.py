"""Activation layers: each is its function in :mod:`nn.functional`, with the options kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.module import Module

from nn import functional as F
from nn.functional.activation import check_form

if TYPE_CHECKING:
    from autograd import Tensor


class ReLU(Module):
    """max(x, 0), elementwise: (*) -> (*).

    Nair & Hinton 2010 (ICML); Fukushima 1969, doi:10.1109/TSSC.1969.300225.

    >>> import autograd
    >>> ReLU()(autograd.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.relu(input, self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class GELU(Module):
    r"""The Gaussian error linear unit :math:`x\,\Phi(x)`, elementwise: (*) -> (*).

    ``approximate="tanh"`` takes the tanh form. Hendrycks & Gimpel 2016, arXiv:1606.08415.

    >>> import autograd
    >>> GELU()(autograd.tensor([-1.0, 1.0]))
    tensor([-0.1587,  0.8413])
    """

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        check_form("GELU", approximate)
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        return F.gelu(input, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class SiLU(Module):
    r"""The sigmoid-weighted linear unit :math:`x\,\sigma(x)`, elementwise: (*) -> (*).

    Elfwing, Uchibe & Doya 2018, arXiv:1702.03118.

    >>> import autograd
    >>> SiLU()(autograd.tensor([-1.0, 1.0]))
    tensor([-0.2689,  0.7311])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.silu(input, self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class LeakyReLU(Module):
    """x where x > 0, else ``negative_slope`` · x, elementwise: (*) -> (*).

    Maas, Hannun & Ng 2013 (ICML workshop on deep learning for audio, speech and language).

    >>> import autograd
    >>> LeakyReLU(0.5)(autograd.tensor([-1.0, 2.0]))
    tensor([-0.5000,  2.0000])
    """

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope, self.inplace = negative_slope, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}" + (", inplace=True" if self.inplace else "")


class ELU(Module):
    """x where x > 0, else α(eˣ - 1), elementwise: (*) -> (*).

    Clevert, Unterthiner & Hochreiter 2016, arXiv:1511.07289.

    >>> import autograd
    >>> ELU()(autograd.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}" + (", inplace=True" if self.inplace else "")


class Softplus(Module):
    """log(1 + exp(βx)) / β, elementwise: (*) -> (*); x itself where βx exceeds ``threshold``.

    Dugas, Bengio, Bélisle, Nadeau & Garcia 2001 (NIPS 13).

    >>> import autograd
    >>> Softplus()(autograd.tensor([0.0, 100.0]))
    tensor([  0.6931, 100.0000])
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, input: Tensor) -> Tensor:
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class Sigmoid(Module):
    """1 / (1 + e⁻ˣ), elementwise: (*) -> (*).

    >>> import autograd
    >>> Sigmoid()(autograd.tensor([0.0]))
    tensor([0.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.sigmoid(input)


class Tanh(Module):
    """The hyperbolic tangent, elementwise: (*) -> (*).

    >>> import autograd
    >>> Tanh()(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7616])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.tanh(input)


class Softmax(Module):
    """exp(x) / Σ exp(x) along ``dim``: (*) -> (*), each slice summing to 1.

    >>> import autograd
    >>> Softmax(dim=0)(autograd.tensor([1.0, 1.0]))
    tensor([0.5000, 0.5000])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Module):
    """x - log Σ exp(x) along ``dim``: (*) -> (*), the logarithm of :class:`Softmax`.

    >>> import autograd
    >>> LogSoftmax(dim=0)(autograd.tensor([1.0, 1.0]))
    tensor([-0.6931, -0.6931])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.log_softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"
