"""Transforms from all real numbers to where a constraint allows values."""

from __future__ import annotations

from typing import Any

from autograd.distributions import constraints, transforms

__all__ = ["ConstraintRegistry", "biject_to", "transform_to"]


class ConstraintRegistry:
    """Constraints' classes, and what makes a transform of one.

    Raises NotImplementedError where a constraint's class is not registered.

    >>> transform_to(constraints.unit_interval)
    SigmoidTransform()
    """

    def __init__(self) -> None:
        self._registry: dict[type, Any] = {}

    def register(self, constraint: Any, factory: Any = None) -> Any:
        """Say which ``factory(constraint)`` makes the transform; without one, a decorator.

        Raises TypeError where ``constraint`` is neither a constraint nor a class of them.
        """
        if factory is None:
            return lambda factory: self.register(constraint, factory)
        kind = constraint if isinstance(constraint, type) else type(constraint)
        if not issubclass(kind, constraints.Constraint):
            raise TypeError(
                f"register: expected a Constraint or a class of them; got {constraint!r:.60}."
            )
        self._registry[kind] = factory
        return factory

    def __call__(self, constraint: Any) -> transforms.Transform:
        factory = self._registry.get(type(constraint))
        if factory is None:
            raise NotImplementedError(
                f"{type(constraint).__name__}: no transform to it is known. Register one."
            )
        return factory(constraint)


biject_to = ConstraintRegistry()
transform_to = ConstraintRegistry()


def _shifted(constraint: Any) -> Any:
    """From the bound on, upwards or downwards."""
    upward = isinstance(constraint, constraints.GreaterThan)
    bound = constraint.lower_bound if upward else constraint.upper_bound
    affine = transforms.AffineTransform(bound, 1 if upward else -1)
    return transforms.ComposeTransform([transforms.ExpTransform(), affine])


def _between(constraint: Any) -> Any:
    low, high = constraint.lower_bound, constraint.upper_bound
    if isinstance(low, float) and isinstance(high, float) and (low, high) == (0.0, 1.0):
        return transforms.SigmoidTransform()
    affine = transforms.AffineTransform(low, high - low)
    return transforms.ComposeTransform([transforms.SigmoidTransform(), affine])


def _of_parts(registry: ConstraintRegistry) -> None:
    def independent(c: Any) -> Any:
        return transforms.IndependentTransform(
            registry(c.base_constraint), c.reinterpreted_batch_ndims
        )

    def cat(c: Any) -> Any:
        return transforms.CatTransform([registry(one) for one in c.cseq], c.dim, c.lengths)

    def stack(c: Any) -> Any:
        return transforms.StackTransform([registry(one) for one in c.cseq], c.dim)

    registry.register(constraints.independent, independent)
    registry.register(constraints.cat, cat)
    registry.register(constraints.stack, stack)


for _registry in (biject_to, transform_to):
    _registry.register(constraints.real, lambda c: transforms.identity_transform)
    for _half in (constraints.greater_than, constraints.greater_than_eq, constraints.less_than):
        _registry.register(_half, _shifted)
    for _both in (constraints.interval, constraints.half_open_interval):
        _registry.register(_both, _between)
    _of_parts(_registry)
biject_to.register(constraints.simplex, lambda c: transforms.StickBreakingTransform())
transform_to.register(constraints.simplex, lambda c: transforms.SoftmaxTransform())
transform_to.register(constraints.lower_cholesky, lambda c: transforms.LowerCholeskyTransform())
transform_to.register(
    constraints.positive_definite, lambda c: transforms.PositiveDefiniteTransform()
)
