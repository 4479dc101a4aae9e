"""Transforms made of transforms: chains, parts of axes, more axes to one value; other shapes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import rightmost_sum
from autograd.distributions.transform import Transform

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "CatTransform", "ComposeTransform", "IndependentTransform", "ReshapeTransform",
    "StackTransform", "identity_transform",
]  # fmt: skip


def _widened(constraint: Any, event_dim: int) -> Any:
    more = event_dim - constraint.event_dim
    return constraints.independent(constraint, more) if more > 0 else constraint


class ComposeTransform(Transform):
    """Transforms one after the other.

    >>> from autograd.distributions import AffineTransform, ExpTransform
    >>> ComposeTransform([ExpTransform(), AffineTransform(1.0, 2.0)])(autograd.zeros(1))
    tensor([3.])
    """

    def __init__(self, parts: list[Transform], cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.parts = [one.with_cache(cache_size) for one in parts] if cache_size else parts

    def with_cache(self, cache_size: int = 1) -> Transform:
        return self if self._cache_size == cache_size else type(self)(self.parts, cache_size)

    def _of(self) -> Any:
        return self.parts

    @property
    def domain(self) -> Any:
        if not self.parts:
            return constraints.real
        event_dim = self.parts[-1].codomain.event_dim
        for one in reversed(self.parts):
            event_dim += one.domain.event_dim - one.codomain.event_dim
            event_dim = max(event_dim, one.domain.event_dim)
        return _widened(self.parts[0].domain, event_dim)

    @property
    def codomain(self) -> Any:
        if not self.parts:
            return constraints.real
        event_dim = self.parts[0].domain.event_dim
        for one in self.parts:
            event_dim += one.codomain.event_dim - one.domain.event_dim
            event_dim = max(event_dim, one.codomain.event_dim)
        return _widened(self.parts[-1].codomain, event_dim)

    @property
    def bijective(self) -> bool:  # type: ignore[override]
        return all(one.bijective for one in self.parts)

    @property
    def sign(self) -> Any:
        sign: Any = 1
        for one in self.parts:
            sign = sign * one.sign
        return sign

    @property
    def inv(self) -> Transform:
        if self._inv is None:
            self._inv = ComposeTransform([one.inv for one in reversed(self.parts)])
            self._inv._inv = self
        return self._inv

    def __call__(self, x: Tensor) -> Tensor:
        for one in self.parts:
            x = one(x)
        return x

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        if not self.parts:
            return autograd.zeros_like(x)
        total: Any = 0
        event_dim = self.domain.event_dim
        for i, one in enumerate(self.parts):
            image = one(x) if i < len(self.parts) - 1 else y
            own = one.log_abs_det_jacobian(x, image)
            total = total + rightmost_sum(own, event_dim - one.domain.event_dim)
            event_dim += one.codomain.event_dim - one.domain.event_dim
            x = image
        return total

    def forward_shape(self, shape: Any) -> Any:
        for one in self.parts:
            shape = one.forward_shape(shape)
        return shape

    def inverse_shape(self, shape: Any) -> Any:
        for one in reversed(self.parts):
            shape = one.inverse_shape(shape)
        return shape

    def __repr__(self) -> str:
        parts = ",\n    ".join(map(repr, self.parts))
        return f"ComposeTransform(\n    {parts}\n)"


identity_transform = ComposeTransform([])


class IndependentTransform(Transform):
    """A transform with more axes to one value: the Jacobian's determinants multiply over them.

    >>> from autograd.distributions import ExpTransform
    >>> one = IndependentTransform(ExpTransform(), 1)
    >>> one.log_abs_det_jacobian(autograd.ones(3), autograd.ones(3).exp())
    tensor(3.)
    """

    def __init__(
        self, base_transform: Transform, reinterpreted_batch_ndims: int, cache_size: int = 0
    ) -> None:
        super().__init__(cache_size)
        self.base_transform = base_transform.with_cache(cache_size)
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims

    @property
    def domain(self) -> Any:
        return constraints.independent(self.base_transform.domain, self.reinterpreted_batch_ndims)

    @property
    def codomain(self) -> Any:
        return constraints.independent(self.base_transform.codomain, self.reinterpreted_batch_ndims)

    @property
    def bijective(self) -> bool:  # type: ignore[override]
        return self.base_transform.bijective

    @property
    def sign(self) -> Any:
        return self.base_transform.sign

    def _of(self) -> Any:
        return self.base_transform, self.reinterpreted_batch_ndims

    def _call(self, x: Tensor) -> Tensor:
        return self.base_transform(self._with_axes(x, self.domain))

    def _inverse(self, y: Tensor) -> Tensor:
        return self.base_transform.inv(self._with_axes(y, self.codomain))

    def _with_axes(self, x: Tensor, region: Any) -> Tensor:
        if x.dim() < region.event_dim:
            raise ValueError(
                f"{self}: a value must have at least {region.event_dim} axes; got {x.dim()}."
            )
        return x

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        own = self.base_transform.log_abs_det_jacobian(x, y)
        return rightmost_sum(own, self.reinterpreted_batch_ndims)

    def forward_shape(self, shape: Any) -> Any:
        return self.base_transform.forward_shape(shape)

    def inverse_shape(self, shape: Any) -> Any:
        return self.base_transform.inverse_shape(shape)

    def __repr__(self) -> str:
        return f"IndependentTransform({self.base_transform!r}, {self.reinterpreted_batch_ndims})"


class ReshapeTransform(Transform):
    """The last axes in another shape.

    Raises ValueError where the numbers of elements differ.

    >>> ReshapeTransform((4,), (2, 2))(autograd.zeros(3, 4)).shape
    autograd.Size([3, 2, 2])
    """

    bijective = True

    def __init__(self, in_shape: Any, out_shape: Any, cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.in_shape, self.out_shape = autograd.Size(in_shape), autograd.Size(out_shape)
        if math.prod(self.in_shape) != math.prod(self.out_shape):
            raise ValueError(
                f"ReshapeTransform: the shapes must have as many elements; got {tuple(in_shape)} "
                f"and {tuple(out_shape)}."
            )

    @property
    def domain(self) -> Any:
        return constraints.independent(constraints.real, len(self.in_shape))

    @property
    def codomain(self) -> Any:
        return constraints.independent(constraints.real, len(self.out_shape))

    def _of(self) -> Any:
        return tuple(self.in_shape), tuple(self.out_shape)

    def _call(self, x: Tensor) -> Tensor:
        return x.reshape(self.forward_shape(x.shape))

    def _inverse(self, y: Tensor) -> Tensor:
        return y.reshape(self.inverse_shape(y.shape))

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return autograd.zeros(x.shape[: x.dim() - len(self.in_shape)], dtype=x.dtype)

    def _exchanged(self, shape: Any, old: Any, new: Any) -> Any:
        cut = len(shape) - len(old)
        if cut < 0 or tuple(shape[cut:]) != tuple(old):
            raise ValueError(
                f"ReshapeTransform: the last axes must be {tuple(old)}; got shape {tuple(shape)}."
            )
        return autograd.Size((*shape[:cut], *new))

    def forward_shape(self, shape: Any) -> Any:
        return self._exchanged(shape, self.in_shape, self.out_shape)

    def inverse_shape(self, shape: Any) -> Any:
        return self._exchanged(shape, self.out_shape, self.in_shape)


class _Parts(Transform):
    """Transforms of parts of an axis; ``_cut`` and ``_joined`` are what differs."""

    def __init__(self, tseq: Sequence[Transform], dim: int, cache_size: int) -> None:
        super().__init__(cache_size)
        self.transforms = [one.with_cache(cache_size) for one in tseq]
        self.dim = dim

    @property
    def bijective(self) -> bool:  # type: ignore[override]
        return all(one.bijective for one in self.transforms)

    def _cut(self, x: Tensor) -> Any:
        raise NotImplementedError(f"{type(self).__name__}: define _cut(self, x).")

    def _joined(self, parts: Any) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__}: define _joined(self, parts).")

    def _call(self, x: Tensor) -> Tensor:
        return self._joined([f(part) for f, part in zip(self.transforms, self._cut(x))])

    def _inverse(self, y: Tensor) -> Tensor:
        return self._joined([f.inv(part) for f, part in zip(self.transforms, self._cut(y))])


class CatTransform(_Parts):
    """Transforms of consecutive parts of an axis, ``lengths`` of its places each.

    >>> from autograd.distributions import ExpTransform
    >>> CatTransform([ExpTransform(), identity_transform], 0, [1, 2])(autograd.zeros(3))
    tensor([1., 0., 0.])
    """

    def __init__(
        self,
        tseq: Sequence[Transform],
        dim: int = 0,
        lengths: Sequence[int] | None = None,
        cache_size: int = 0,
    ) -> None:
        super().__init__(tseq, dim, cache_size)
        self.lengths = [1] * len(self.transforms) if lengths is None else list(lengths)

    @property
    def length(self) -> int:
        return sum(self.lengths)

    @property
    def event_dim(self) -> int:
        return max(one.event_dim for one in self.transforms)

    def _cut(self, x: Tensor) -> Any:
        return x.split(self.lengths, self.dim)

    def _joined(self, parts: Any) -> Tensor:
        return autograd.cat(parts, self.dim)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        found = []
        for one, a, b in zip(self.transforms, self._cut(x), self._cut(y), strict=True):
            own = one.log_abs_det_jacobian(a, b)
            found.append(rightmost_sum(own, self.event_dim - one.event_dim))
        dim = self.dim - x.dim() if self.dim >= 0 else self.dim
        dim += self.event_dim
        return autograd.cat(found, dim) if dim < 0 else sum(found[1:], found[0])

    @property
    def domain(self) -> Any:
        return constraints.cat([one.domain for one in self.transforms], self.dim, self.lengths)

    @property
    def codomain(self) -> Any:
        return constraints.cat([one.codomain for one in self.transforms], self.dim, self.lengths)


class StackTransform(_Parts):
    """A transform for each index of an axis.

    >>> from autograd.distributions import ExpTransform
    >>> StackTransform([ExpTransform(), identity_transform])(autograd.zeros(2, 3))[:, 0]
    tensor([1., 0.])
    """

    def __init__(self, tseq: Sequence[Transform], dim: int = 0, cache_size: int = 0) -> None:
        super().__init__(tseq, dim, cache_size)

    def _cut(self, x: Tensor) -> Any:
        return x.unbind(self.dim)

    def _joined(self, parts: Any) -> Tensor:
        return autograd.stack(parts, self.dim)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        parts = zip(self.transforms, self._cut(x), self._cut(y), strict=True)
        return self._joined([one.log_abs_det_jacobian(a, b) for one, a, b in parts])

    @property
    def domain(self) -> Any:
        return constraints.stack([one.domain for one in self.transforms], self.dim)

    @property
    def codomain(self) -> Any:
        return constraints.stack([one.codomain for one in self.transforms], self.dim)
