"""Activation layers: each is its function in :mod:`nn.functional`, with the options kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.arrays.arguments import check_flags, check_numbers, count_of, integer_of
from nn import functional as F
from nn.functional.activation.gelu import check_form
from nn.modules.module import Module
from nn.parameter import Parameter

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = [
    "CELU", "ELU", "GELU", "GLU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "LeakyReLU",
    "LogSigmoid", "Mish", "PReLU", "RReLU", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softplus",
    "Softshrink", "Softsign", "Tanh", "Tanhshrink", "Threshold",
]  # fmt: skip


class ReLU(Module):
    """max(x, 0), elementwise: (*) -> (*).

    Nair & Hinton 2010 (ICML); Fukushima 1969, doi:10.1109/TSSC.1969.300225.

    >>> import autograd
    >>> ReLU()(autograd.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        check_flags("ReLU", inplace=inplace)
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.relu(input, self.inplace)

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
        check_numbers("LeakyReLU", negative_slope=negative_slope)
        check_flags("LeakyReLU", inplace=inplace)
        self.negative_slope, self.inplace = negative_slope, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}" + (", inplace=True" if self.inplace else "")


class RReLU(Module):
    """x where x > 0, else x times a slope that is drawn while training.

    See :func:`nn.functional.rrelu`.

    Shapes: (*) -> (*). After ``eval()`` the slope is the middle of the two bounds.

    >>> import autograd
    >>> RReLU(0.1, 0.3).eval()(autograd.tensor([-1.0, 2.0]))
    tensor([-0.2000,  2.0000])
    """

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False) -> None:
        super().__init__()
        check_numbers("RReLU", lower=lower, upper=upper)
        check_flags("RReLU", inplace=inplace)
        self.lower, self.upper, self.inplace = lower, upper, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"lower={self.lower}, upper={self.upper}" + (", inplace=True" * self.inplace)


class PReLU(Module):
    """x where x > 0, else w · x with a learned w, one or one for each channel: (N, C, *) -> same.

    State: weight (num_parameters), which starts as ``init``. See :func:`nn.functional.prelu`.

    >>> import autograd
    >>> PReLU()(autograd.tensor([-1.0, 2.0])).detach()
    tensor([-0.2500,  2.0000])
    """

    def __init__(
        self,
        num_parameters: int = 1,
        init: float = 0.25,
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        check_numbers("PReLU", init=init)
        self.num_parameters = count_of("PReLU", "num_parameters", num_parameters)
        self.init = init
        self.weight = Parameter(autograd.empty(self.num_parameters, device=device, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weight to ``init``."""
        self.weight.data.fill_(self.init)

    def forward(self, input: Tensor) -> Tensor:
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class Hardtanh(Module):
    """min(max(x, ``min_val``), ``max_val``), elementwise: (*) -> (*).

    >>> import autograd
    >>> Hardtanh()(autograd.tensor([-2.0, 0.5]))
    tensor([-1.0000,  0.5000])
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        call = type(self).__name__
        check_numbers(call, min_val=min_val, max_val=max_val)
        check_flags(call, inplace=inplace)
        self.min_val, self.max_val, self.inplace = min_val, max_val, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        shown = f"min_val={self.min_val}, max_val={self.max_val}"
        return shown + (", inplace=True" if self.inplace else "")


class ReLU6(Hardtanh):
    """min(max(x, 0), 6), elementwise: (*) -> (*).

    >>> import autograd
    >>> ReLU6()(autograd.tensor([-1.0, 7.0]))
    tensor([0., 6.])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0.0, 6.0, inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class Threshold(Module):
    """x where x > ``threshold``, else ``value``, elementwise: (*) -> (*).

    >>> import autograd
    >>> Threshold(1.0, -7.0)(autograd.tensor([0.5, 2.0]))
    tensor([-7.,  2.])
    """

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__()
        check_numbers("Threshold", threshold=threshold, value=value)
        check_flags("Threshold", inplace=inplace)
        self.threshold, self.value, self.inplace = threshold, value, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        shown = f"threshold={self.threshold}, value={self.value}"
        return shown + (", inplace=True" if self.inplace else "")


class ELU(Module):
    """x where x > 0, else α(eˣ - 1), elementwise: (*) -> (*).

    Clevert, Unterthiner & Hochreiter 2016, arXiv:1511.07289.

    >>> import autograd
    >>> ELU()(autograd.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        check_numbers("ELU", alpha=alpha)
        check_flags("ELU", inplace=inplace)
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}" + (", inplace=True" if self.inplace else "")


class SELU(Module):
    """An elu scaled so that mean 0 and variance 1 stay, elementwise: (*) -> (*).

    See :func:`nn.functional.selu`.

    >>> import autograd
    >>> SELU()(autograd.tensor([-1.0, 1.0]))
    tensor([-1.1113,  1.0507])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        check_flags("SELU", inplace=inplace)
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
        check_numbers("CELU", alpha=alpha)
        check_flags("CELU", inplace=inplace)
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.celu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}" + (", inplace=True" if self.inplace else "")


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
        check_flags("SiLU", inplace=inplace)
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.silu(input, self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class Mish(Module):
    """x · tanh(log(1 + eˣ)), elementwise: (*) -> (*). See :func:`nn.functional.mish`.

    >>> import autograd
    >>> Mish()(autograd.tensor([-1.0, 1.0]))
    tensor([-0.3034,  0.8651])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        check_flags("Mish", inplace=inplace)
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.mish(input, self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class GLU(Module):
    """a · σ(b) for the two halves of the input along ``dim``: (…, 2n, …) -> (…, n, …).

    See :func:`nn.functional.glu`.

    >>> import autograd
    >>> GLU()(autograd.tensor([3.0, 0.0]))
    tensor([1.5000])
    """

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = integer_of("GLU", "dim", dim)

    def forward(self, input: Tensor) -> Tensor:
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Hardswish(Module):
    """x · min(max(x + 3, 0), 6) / 6, elementwise: (*) -> (*). See :func:`nn.functional.hardswish`.

    >>> import autograd
    >>> Hardswish()(autograd.tensor([1.0, 4.0]))
    tensor([0.6667, 4.0000])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        check_flags("Hardswish", inplace=inplace)
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.hardswish(input, self.inplace)


class Hardsigmoid(Module):
    """min(max(x + 3, 0), 6) / 6, elementwise: (*) -> (*). See :func:`nn.functional.hardsigmoid`.

    >>> import autograd
    >>> Hardsigmoid()(autograd.tensor([0.0, 4.0]))
    tensor([0.5000, 1.0000])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        check_flags("Hardsigmoid", inplace=inplace)
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.hardsigmoid(input, self.inplace)


class Sigmoid(Module):
    """1 / (1 + e⁻ˣ), elementwise: (*) -> (*).

    >>> import autograd
    >>> Sigmoid()(autograd.tensor([0.0]))
    tensor([0.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.sigmoid(input)


class LogSigmoid(Module):
    """log(1 / (1 + e⁻ˣ)), without overflow, elementwise: (*) -> (*).

    >>> import autograd
    >>> LogSigmoid()(autograd.tensor([0.0]))
    tensor([-0.6931])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.logsigmoid(input)


class Softplus(Module):
    """log(1 + exp(βx)) / β, elementwise: (*) -> (*); x itself where βx exceeds ``threshold``.

    Dugas, Bengio, Bélisle, Nadeau & Garcia 2001 (NIPS 13).

    >>> import autograd
    >>> Softplus()(autograd.tensor([0.0, 100.0]))
    tensor([  0.6931, 100.0000])
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        check_numbers("Softplus", beta=beta, threshold=threshold)
        self.beta, self.threshold = beta, threshold

    def forward(self, input: Tensor) -> Tensor:
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class Tanh(Module):
    """The hyperbolic tangent, elementwise: (*) -> (*).

    >>> import autograd
    >>> Tanh()(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7616])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.tanh(input)


class Tanhshrink(Module):
    """x - tanh(x), elementwise: (*) -> (*).

    >>> import autograd
    >>> Tanhshrink()(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.2384])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.tanhshrink(input)


class Softsign(Module):
    """x / (1 + |x|), elementwise: (*) -> (*).

    >>> import autograd
    >>> Softsign()(autograd.tensor([-1.0, 3.0]))
    tensor([-0.5000,  0.7500])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.softsign(input)


class Softshrink(Module):
    """x moved towards 0 by λ, and 0 where |x| ≤ λ, elementwise: (*) -> (*).

    >>> import autograd
    >>> Softshrink()(autograd.tensor([-1.0, 0.3, 2.0]))
    tensor([-0.5000,  0.0000,  1.5000])
    """

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        check_numbers("Softshrink", lambd=lambd)
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        return F.softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Hardshrink(Module):
    """x where |x| > λ, else 0, elementwise: (*) -> (*).

    >>> import autograd
    >>> Hardshrink()(autograd.tensor([-1.0, 0.3, 2.0]))
    tensor([-1.,  0.,  2.])
    """

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        check_numbers("Hardshrink", lambd=lambd)
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        return F.hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)
