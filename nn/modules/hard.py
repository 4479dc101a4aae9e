"""Activation layers in straight pieces: each is its function, with the options kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn.module import Module

import autograd
from nn import functional as F
from nn.parameter import Parameter

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType


class Hardtanh(Module):
    """min(max(x, ``min_val``), ``max_val``), elementwise: (*) -> (*).

    >>> import autograd
    >>> Hardtanh()(autograd.tensor([-2.0, 0.5]))
    tensor([-1.0000,  0.5000])
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
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


class Hardsigmoid(Module):
    """min(max(x + 3, 0), 6) / 6, elementwise: (*) -> (*). See :func:`nn.functional.hardsigmoid`.

    >>> import autograd
    >>> Hardsigmoid()(autograd.tensor([0.0, 4.0]))
    tensor([0.5000, 1.0000])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.hardsigmoid(input, self.inplace)


class Hardswish(Module):
    """x · min(max(x + 3, 0), 6) / 6, elementwise: (*) -> (*). See :func:`nn.functional.hardswish`.

    >>> import autograd
    >>> Hardswish()(autograd.tensor([1.0, 4.0]))
    tensor([0.6667, 4.0000])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.hardswish(input, self.inplace)


class Threshold(Module):
    """x where x > ``threshold``, else ``value``, elementwise: (*) -> (*).

    >>> import autograd
    >>> Threshold(0.5, -1.0)(autograd.tensor([0.1, 2.0]))
    tensor([-1.,  2.])
    """

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__()
        self.threshold, self.value, self.inplace = threshold, value, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        shown = f"threshold={self.threshold}, value={self.value}"
        return shown + (", inplace=True" if self.inplace else "")


class Softshrink(Module):
    """x moved towards 0 by λ, and 0 where |x| ≤ λ, elementwise: (*) -> (*).

    >>> import autograd
    >>> Softshrink()(autograd.tensor([0.25, 2.0]))
    tensor([0.0000, 1.5000])
    """

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        return F.softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Hardshrink(Module):
    """x where |x| > λ, else 0, elementwise: (*) -> (*).

    >>> import autograd
    >>> Hardshrink()(autograd.tensor([0.25, 2.0]))
    tensor([0., 2.])
    """

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        return F.hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


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
        self.num_parameters, self.init = num_parameters, init
        self.weight = Parameter(autograd.empty(num_parameters, device=device, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weight to ``init``."""
        self.weight.data.fill_(self.init)

    def forward(self, input: Tensor) -> Tensor:
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"
