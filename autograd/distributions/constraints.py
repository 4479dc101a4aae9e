"""Where parameters and values of distributions may lie.

A constraint answers :meth:`~Constraint.check` with a mask: whether each value, or each of the last
``event_dim`` axes, lies in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import autograd

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "Constraint",
    "boolean",
    "cat",
    "corr_cholesky",
    "dependent",
    "dependent_property",
    "greater_than",
    "greater_than_eq",
    "half_open_interval",
    "independent",
    "integer_interval",
    "interval",
    "is_dependent",
    "less_than",
    "lower_cholesky",
    "lower_triangular",
    "multinomial",
    "nonnegative",
    "nonnegative_integer",
    "one_hot",
    "positive",
    "positive_definite",
    "positive_integer",
    "positive_semidefinite",
    "real",
    "real_vector",
    "simplex",
    "square",
    "stack",
    "symmetric",
    "unit_interval",
]


class Constraint:
    """A region; ``is_discrete``, and how many of the last axes make one value (``event_dim``).

    >>> positive.check(autograd.tensor([-1.0, 2.0]))
    tensor([False,  True])
    """

    is_discrete = False
    event_dim = 0

    def check(self, value: Tensor) -> Tensor:
        """Whether each value lies in the region: a mask of the shape without the event's axes."""
        raise NotImplementedError(f"{type(self).__name__}: check is not defined. Define it.")

    def __repr__(self) -> str:
        return type(self).__name__.removeprefix("_") + "()"


class _Dependent(Constraint):
    """A region that depends on other parameters; not checked."""

    def __init__(self, *, is_discrete: bool = False, event_dim: int = 0) -> None:
        self.is_discrete, self.event_dim = is_discrete, event_dim

    def __call__(self, *, is_discrete: bool | None = None, event_dim: int | None = None) -> Any:
        return _Dependent(
            is_discrete=self.is_discrete if is_discrete is None else is_discrete,
            event_dim=self.event_dim if event_dim is None else event_dim,
        )

    def check(self, value: Tensor) -> Tensor:
        raise ValueError("dependent: what lies in it depends on other parameters; got no others.")


def is_dependent(constraint: Any) -> bool:
    """Whether what the constraint allows depends on other parameters.

    >>> is_dependent(dependent), is_dependent(positive)
    (True, False)
    """
    return isinstance(constraint, (_Dependent, dependent_property))


class dependent_property(property, _Dependent):  # noqa: N801, a decorator as property is
    """A property whose value is a constraint: over a method, with options or without.

    >>> class Scaled:
    ...     @dependent_property(event_dim=1)
    ...     def support(self):
    ...         return simplex
    >>> Scaled().support is simplex
    True
    """

    def __init__(
        self,
        fn: Callable[..., Any] | None = None,
        *,
        is_discrete: bool = False,
        event_dim: int = 0,
    ) -> None:
        super().__init__(fn)
        self.is_discrete, self.event_dim = is_discrete, event_dim

    def __call__(self, fn: Callable[..., Any]) -> Any:  # type: ignore[override]
        return dependent_property(fn, is_discrete=self.is_discrete, event_dim=self.event_dim)


class Boolean(Constraint):
    is_discrete = True

    def check(self, value: Tensor) -> Tensor:
        return (value == 0) | (value == 1)


class OneHot(Constraint):
    is_discrete, event_dim = True, 1

    def check(self, value: Tensor) -> Tensor:
        return ((value == 0) | (value == 1)).all(-1) & (value.sum(-1) == 1)


class IntegerInterval(Constraint):
    """Integers from ``lower_bound`` to ``upper_bound``, both included.

    >>> import autograd
    >>> integer_interval(0, 2).check(autograd.tensor([0.0, 1.5, 2.0]))
    tensor([ True, False,  True])
    """

    is_discrete = True

    def __init__(self, lower_bound: Any, upper_bound: Any) -> None:
        self.lower_bound, self.upper_bound = lower_bound, upper_bound

    def check(self, value: Tensor) -> Tensor:
        inside = (value >= self.lower_bound) & (value <= self.upper_bound)
        return (value % 1 == 0) & inside

    def __repr__(self) -> str:
        return f"IntegerInterval(lower_bound={self.lower_bound}, upper_bound={self.upper_bound})"


class IntegerGreaterThan(Constraint):
    is_discrete = True

    def __init__(self, lower_bound: Any) -> None:
        self.lower_bound = lower_bound

    def check(self, value: Tensor) -> Tensor:
        return (value % 1 == 0) & (value >= self.lower_bound)

    def __repr__(self) -> str:
        return f"IntegerGreaterThan(lower_bound={self.lower_bound})"


class Real(Constraint):
    def check(self, value: Tensor) -> Tensor:
        return value == value  # False for NaN


class GreaterThan(Constraint):
    """Reals above ``lower_bound``.

    >>> import autograd
    >>> greater_than(0).check(autograd.tensor([0.0, 1.0]))
    tensor([False,  True])
    """

    def __init__(self, lower_bound: Any) -> None:
        self.lower_bound = lower_bound

    def check(self, value: Tensor) -> Tensor:
        return self.lower_bound < value

    def __repr__(self) -> str:
        return f"{type(self).__name__}(lower_bound={self.lower_bound})"


class GreaterThanEq(GreaterThan):
    """Reals from ``lower_bound`` on.

    >>> import autograd
    >>> greater_than_eq(0).check(autograd.tensor([0.0, -1.0]))
    tensor([ True, False])
    """

    def check(self, value: Tensor) -> Tensor:
        return self.lower_bound <= value


class LessThan(Constraint):
    """Reals below ``upper_bound``.

    >>> import autograd
    >>> less_than(1).check(autograd.tensor([0.0, 1.0]))
    tensor([ True, False])
    """

    def __init__(self, upper_bound: Any) -> None:
        self.upper_bound = upper_bound

    def check(self, value: Tensor) -> Tensor:
        return value < self.upper_bound

    def __repr__(self) -> str:
        return f"LessThan(upper_bound={self.upper_bound})"


class Interval(Constraint):
    """Reals from ``lower_bound`` to ``upper_bound``, both included.

    >>> import autograd
    >>> interval(0, 1).check(autograd.tensor([0.0, 1.0, 2.0]))
    tensor([ True,  True, False])
    """

    def __init__(self, lower_bound: Any, upper_bound: Any) -> None:
        self.lower_bound, self.upper_bound = lower_bound, upper_bound

    def check(self, value: Tensor) -> Tensor:
        return (self.lower_bound <= value) & (value <= self.upper_bound)

    def __repr__(self) -> str:
        bounds = f"lower_bound={self.lower_bound}, upper_bound={self.upper_bound}"
        return f"{type(self).__name__}({bounds})"


class HalfOpenInterval(Interval):
    """Reals from ``lower_bound`` up to ``upper_bound``, which is left out.

    >>> import autograd
    >>> half_open_interval(0, 1).check(autograd.tensor([0.0, 1.0]))
    tensor([ True, False])
    """

    def check(self, value: Tensor) -> Tensor:
        return (self.lower_bound <= value) & (value < self.upper_bound)


class Simplex(Constraint):
    event_dim = 1

    def check(self, value: Tensor) -> Tensor:
        return (value >= 0).all(-1) & ((value.sum(-1) - 1).abs() < 1e-6)


class Multinomial(Constraint):
    """Counts along the last axis, ``upper_bound`` of them in all at most.

    >>> import autograd
    >>> multinomial(3).check(autograd.tensor([[1.0, 2.0], [2.0, 2.0]]))
    tensor([ True, False])
    """

    is_discrete, event_dim = True, 1

    def __init__(self, upper_bound: Any) -> None:
        self.upper_bound = upper_bound

    def check(self, value: Tensor) -> Tensor:
        return (value >= 0).all(-1) & (value.sum(-1) <= self.upper_bound)


class LowerTriangular(Constraint):
    event_dim = 2

    def check(self, value: Tensor) -> Tensor:
        return (value.tril() == value).flatten(-2).all(-1)


class LowerCholesky(LowerTriangular):
    def check(self, value: Tensor) -> Tensor:
        return super().check(value) & (value.diagonal(dim1=-2, dim2=-1) > 0).all(-1)


class CorrCholesky(LowerCholesky):
    def check(self, value: Tensor) -> Tensor:
        norms = value.norm(dim=-1)
        tolerance = autograd.finfo(value.dtype).eps * value.shape[-1] * 10
        return super().check(value) & ((norms - 1).abs() < tolerance).all(-1)


class Square(Constraint):
    event_dim = 2

    def check(self, value: Tensor) -> Tensor:
        square = value.shape[-2] == value.shape[-1]
        return autograd.full(value.shape[:-2], square, dtype=autograd.bool)


class Symmetric(Square):
    def check(self, value: Tensor) -> Tensor:
        square = super().check(value)
        if value.shape[-2] != value.shape[-1]:
            return square
        return autograd.isclose(value, value.mT, atol=1e-6).flatten(-2).all(-1)


class PositiveSemidefinite(Symmetric):
    least_exclusive = False

    def check(self, value: Tensor) -> Tensor:
        import numpy as np

        symmetric = super().check(value)
        if not symmetric.all():
            return symmetric
        least = np.linalg.eigvalsh(value.detach().numpy()).min(-1)
        return autograd.tensor(least > 0 if self.least_exclusive else least >= 0)


class PositiveDefinite(PositiveSemidefinite):
    least_exclusive = True


class IndependentConstraint(Constraint):
    """Another constraint with more axes to one value.

    >>> import autograd
    >>> independent(positive, 1).check(autograd.tensor([[1.0, 2.0], [1.0, -2.0]]))
    tensor([ True, False])
    """

    def __init__(self, base_constraint: Constraint, reinterpreted_batch_ndims: int) -> None:
        self.base_constraint = base_constraint
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        self.is_discrete = base_constraint.is_discrete
        self.event_dim = base_constraint.event_dim + reinterpreted_batch_ndims

    def check(self, value: Tensor) -> Tensor:
        found = self.base_constraint.check(value)
        if found.dim() < self.reinterpreted_batch_ndims:
            raise ValueError(
                f"{self}: a value must have at least {self.event_dim} axes; got shape "
                f"{tuple(value.shape)}."
            )
        n = found.dim() - self.reinterpreted_batch_ndims
        return found.reshape(*found.shape[:n], -1).all(-1)

    def __repr__(self) -> str:
        return f"IndependentConstraint({self.base_constraint}, {self.reinterpreted_batch_ndims})"


class MixtureSameFamilyConstraint(Constraint):
    """The constraint of the parts of a mixture, for a value that is one of them."""

    def __init__(self, base_constraint: Constraint) -> None:
        self.base_constraint = base_constraint
        self.is_discrete, self.event_dim = base_constraint.is_discrete, base_constraint.event_dim

    def check(self, value: Tensor) -> Tensor:
        found = self.base_constraint.check(value.unsqueeze(-1 - self.event_dim))
        return found.all(-1)


class Cat(Constraint):
    """Constraints for parts of an axis, ``lengths`` of them each.

    >>> import autograd
    >>> cat([positive, boolean], lengths=[1, 1]).check(autograd.tensor([2.0, 1.0]))
    tensor([True, True])
    """

    def __init__(
        self, cseq: Sequence[Constraint], dim: int = 0, lengths: Sequence[int] | None = None
    ) -> None:
        self.cseq = list(cseq)
        self.lengths = [1] * len(self.cseq) if lengths is None else list(lengths)
        self.dim = dim
        self.is_discrete = any(one.is_discrete for one in self.cseq)
        self.event_dim = max(one.event_dim for one in self.cseq)

    def check(self, value: Tensor) -> Tensor:
        parts = value.split(self.lengths, self.dim)
        return autograd.cat([c.check(v) for c, v in zip(self.cseq, parts, strict=True)], self.dim)


class Stack(Constraint):
    """A constraint for each index of an axis.

    >>> import autograd
    >>> stack([positive, boolean]).check(autograd.tensor([2.0, 0.5]))
    tensor([ True, False])
    """

    def __init__(self, cseq: Sequence[Constraint], dim: int = 0) -> None:
        self.cseq, self.dim = list(cseq), dim
        self.is_discrete = any(one.is_discrete for one in self.cseq)
        dim_counted = max(one.event_dim for one in self.cseq)
        self.event_dim = dim_counted + 1 if self.dim + dim_counted < 0 else dim_counted

    def check(self, value: Tensor) -> Tensor:
        parts = value.unbind(self.dim)
        return autograd.stack([c.check(v) for c, v in zip(self.cseq, parts, strict=True)], self.dim)


# PyTorch's names: of regions that need no number, the region; of the others, their classes
dependent = _Dependent()
boolean = Boolean()
one_hot = OneHot()
nonnegative_integer = IntegerGreaterThan(0)
positive_integer = IntegerGreaterThan(1)
real = Real()
positive = GreaterThan(0.0)
nonnegative = GreaterThanEq(0.0)
unit_interval = Interval(0.0, 1.0)
simplex = Simplex()
lower_triangular = LowerTriangular()
lower_cholesky = LowerCholesky()
corr_cholesky = CorrCholesky()
square = Square()
symmetric = Symmetric()
positive_semidefinite = PositiveSemidefinite()
positive_definite = PositiveDefinite()
real_vector = IndependentConstraint(real, 1)
integer_interval = IntegerInterval
greater_than = GreaterThan
greater_than_eq = GreaterThanEq
less_than = LessThan
interval = Interval
half_open_interval = HalfOpenInterval
multinomial = Multinomial
independent = IndependentConstraint
cat = Cat
stack = Stack
