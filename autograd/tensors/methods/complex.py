"""Methods of complex numbers: their parts, conjugates, angles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.engine.graph import TensorBase
from autograd.ops.pointwise import complex as complexes
from autograd.tensors.inplace import in_place

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["conj_physical_"]

conj_physical_ = in_place(
    complexes.conj_physical,
    ">>> autograd.tensor([1 + 2j]).conj_physical_()\n    tensor([1.-2.j])",
)


class ComplexMethods(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    conj = complexes.conj
    resolve_conj = complexes.resolve_conj
    resolve_neg = complexes.resolve_neg
    conj_physical = complexes.conj_physical
    conj_physical_ = conj_physical_
    angle = complexes.angle
    isreal = complexes.isreal
    is_complex = complexes.is_complex

    @property
    def real(self: Any) -> Tensor:
        """The real part, a view; a real tensor itself.

        >>> import autograd
        >>> autograd.tensor([1 + 2j]).real
        tensor([1.])
        """
        return complexes.real(self)

    @real.setter
    def real(self: Any, value: Any) -> None:
        complexes.real(self).copy_(value)

    @property
    def imag(self: Any) -> Tensor:
        """The imaginary part of a complex tensor, a view. RuntimeError for a real one.

        >>> import autograd
        >>> autograd.tensor([1 + 2j]).imag
        tensor([2.])
        """
        return complexes.imag(self)

    @imag.setter
    def imag(self: Any, value: Any) -> None:
        complexes.imag(self).copy_(value)
