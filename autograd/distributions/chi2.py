"""The chi-squared distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.distributions import constraints
from autograd.distributions.gamma import Gamma

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Chi2"]


class Chi2(Gamma):
    """The sum of ``df`` squares of standard normals.

    >>> Chi2(3.0).mean
    tensor(3.)
    """

    arg_constraints = {"df": constraints.positive}

    def __init__(self, df: Any, validate_args: bool | None = None) -> None:
        super().__init__(0.5 * df, 0.5, validate_args=validate_args)

    @property
    def df(self) -> Tensor:
        return self.concentration * 2
