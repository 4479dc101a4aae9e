"""Named results: the tuples that ``max(x, dim)``, ``sort`` and their kin return.

Not ``typing.NamedTuple``, which compiles a constructor for each class: nine of them would take a
tenth of the time of importing this package.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


class Result(tuple["Tensor", ...]):
    """A tuple whose items have names, printed as PyTorch prints it.

    >>> MaxResult(3, 0).indices
    0
    """

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        for place, name in enumerate(cls._fields):
            if not hasattr(cls, name):
                setattr(cls, name, property(itemgetter(place)))

    def __new__(cls, *items: Any) -> Any:
        return super().__new__(cls, items)

    def __getnewargs__(self) -> Any:
        return tuple(self)

    @classmethod
    def _make(cls, items: Any) -> Any:
        return cls(*items)  # as namedtuples are made, by which trees are put together

    def __repr__(self) -> str:
        name = self._name()
        fields = ",\n".join([f"{k}={v!r}" for k, v in zip(self._fields, self, strict=True)])
        return f"torch.return_types.{name}(\n{fields})"

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(self._refusal(f".{name}"))

    def _refuse(self, other: Any = None) -> Any:
        raise TypeError(self._refusal("arithmetic"))

    # What numbers and tensors have, and a tuple only for tuples.
    __mul__ = __rmul__ = __sub__ = __rsub__ = __radd__ = __truediv__ = __rtruediv__ = _refuse
    __neg__ = __pow__ = __matmul__ = __rmatmul__ = _refuse

    def __add__(self, other: Any) -> Any:
        return super().__add__(other) if isinstance(other, tuple) else self._refuse()

    def _name(self) -> str:
        """PyTorch's name of the class: LuFactorResult is lu_factor."""
        words = type(self).__name__.removesuffix("Result")
        return "".join(["_" * c.isupper() + c.lower() for c in words])[1:]

    def _refusal(self, wanted: str) -> str:
        call = self._name().replace("linalg_", "linalg.")
        return (
            f"{call}: it returns the tuple ({', '.join(self._fields)}), which has no {wanted}. "
            f"Take one of them: {call}(...).{self._fields[0]}."
        )


class ValuesAndIndices(Result):
    """Values, and where they were found."""

    __slots__ = ()
    _fields = ("values", "indices")

    @property
    def values(self) -> Tensor:
        """The values."""
        return self[0]

    @property
    def indices(self) -> Tensor:
        """Their places along the axis, int64."""
        return self[1]


class MaxResult(ValuesAndIndices):
    """What ``max(x, dim)`` returns."""


class MinResult(ValuesAndIndices):
    """What ``min(x, dim)`` returns."""


class MedianResult(ValuesAndIndices):
    """What ``median(x, dim)`` returns."""


class CummaxResult(ValuesAndIndices):
    """What ``cummax(x, dim)`` returns."""


class CumminResult(ValuesAndIndices):
    """What ``cummin(x, dim)`` returns."""


class SortResult(ValuesAndIndices):
    """What ``sort(x)`` returns."""


class TopkResult(ValuesAndIndices):
    """What ``topk(x, k)`` returns."""


class KthvalueResult(ValuesAndIndices):
    """What ``kthvalue(x, k)`` returns."""


class ModeResult(ValuesAndIndices):
    """What ``mode(x, dim)`` returns."""


class NanmedianResult(ValuesAndIndices):
    """What ``nanmedian(x, dim)`` returns."""


class FrexpResult(Result):
    """What ``frexp(x)`` returns."""

    __slots__ = ()
    _fields = ("mantissa", "exponent")

    @property
    def mantissa(self) -> Tensor:
        """The numbers, scaled into 1/2 ≤ |m| < 1."""
        return self[0]

    @property
    def exponent(self) -> Tensor:
        """The powers of two that were taken out, int32."""
        return self[1]


class HistogramResult(Result):
    """What ``histogram(x, bins)`` returns."""

    __slots__ = ()
    _fields = ("hist", "bin_edges")

    @property
    def hist(self) -> Tensor:
        """What lies in each bin."""
        return self[0]

    @property
    def bin_edges(self) -> Tensor:
        """Where the bins begin, and where the last one ends."""
        return self[1]


class HistogramddResult(Result):
    """What ``histogramdd(x, bins)`` returns."""

    __slots__ = ()
    _fields = ("hist", "bin_edges")

    @property
    def hist(self) -> Tensor:
        """What lies in each cell."""
        return self[0]

    @property
    def bin_edges(self) -> Any:
        """For each axis, where the bins begin, and where the last one ends."""
        return self[1]


class AminmaxResult(Result):
    """What ``aminmax(x)`` returns."""

    __slots__ = ()
    _fields = ("min", "max")

    @property
    def min(self) -> Tensor:
        """The smallest values."""
        return self[0]

    @property
    def max(self) -> Tensor:
        """The largest values."""
        return self[1]
