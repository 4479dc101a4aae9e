"""What every distribution is: shapes, checks, and what can be asked of it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import autograd
from autograd.arrays.dialect import everywhere
from autograd.distributions.constraints import Constraint, is_dependent
from autograd.engine.graph import unwrap

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Distribution", "ExponentialFamily"]


def broadcast_all(call: str, *values: Any) -> tuple[Tensor, ...]:
    """Parameters as tensors of one shape; numbers take the dtype of the tensors beside them.

    >>> [one.shape for one in broadcast_all("Normal", autograd.zeros(2), 1.0)]
    [autograd.Size([2]), autograd.Size([2])]
    """
    tensors = [one for one in values if isinstance(one, autograd.Tensor)]
    dtype = tensors[0].dtype if tensors else autograd.get_default_dtype()
    given = []
    for one in values:
        if isinstance(one, autograd.Tensor):
            given.append(one)
        elif isinstance(one, (int, float)) or hasattr(one, "__float__"):
            given.append(autograd.tensor(float(one), dtype=dtype))
        else:
            raise ValueError(
                f"{call}: parameters must be tensors or numbers; got {type(one).__name__}. Convert "
                "it: autograd.tensor(x)."
            )
    return tuple(autograd.broadcast_tensors(*given))


def size(shape: Any) -> autograd.Size:
    return autograd.Size(shape if isinstance(shape, (tuple, list)) else (shape,))


def rightmost_sum(x: Tensor, axes: int) -> Tensor:
    """The sum over the last ``axes`` axes."""
    return x if not axes else x.reshape(*x.shape[: x.dim() - axes], -1).sum(-1)


def clamped(probs: Tensor) -> Tensor:
    """Probabilities kept off 0 and 1 by the dtype's epsilon: logarithms are finite."""
    eps = autograd.finfo(probs.dtype).eps
    return probs.clamp(min=eps, max=1 - eps)


class computed(cached_property):  # noqa: N801, a decorator as property is
    """A property that is computed once, with its graph: sample() may be the first to ask."""

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        with autograd.enable_grad():
            return super().__get__(instance, owner)


class Distribution:
    """A distribution of values of shape ``event_shape``, ``batch_shape`` of them beside each other.

    ``sample(shape)`` gives (*shape, *batch_shape, *event_shape). Parameters are checked when the
    distribution is made, values when their probability is asked for, unless ``validate_args`` is
    False: ValueError names the parameter and what it must be.

    >>> from autograd.distributions import Normal
    >>> Normal(autograd.zeros(3), 1.0).sample((2,)).shape
    autograd.Size([2, 3])
    """

    has_rsample = False
    has_enumerate_support = False
    arg_constraints: ClassVar[dict[str, Constraint]] = {}
    support: Any = None
    _checked = __debug__

    def __init__(
        self, batch_shape: Any = (), event_shape: Any = (), validate_args: bool | None = None
    ) -> None:
        self._batch_shape, self._event_shape = size(batch_shape), size(event_shape)
        if validate_args is not None:
            self._checked = bool(validate_args)
        if self._checked:
            for name, constraint in self.arg_constraints.items():
                # what is computed from another parameter when it is asked for is not checked
                later = isinstance(getattr(type(self), name, None), computed)
                if not is_dependent(constraint) and (name in vars(self) or not later):
                    self._check_parameter(name, constraint, getattr(self, name))

    def _check_parameter(self, name: str, constraint: Constraint, value: Any) -> None:
        valid = constraint.check(value)
        if not everywhere(unwrap(valid)):
            raise ValueError(
                f"Expected parameter {name} ({type(value).__name__} of shape {tuple(value.shape)}) "
                f"of distribution {self!r} to satisfy the constraint {constraint!r}, but found "
                f"invalid values:\n{value}"
            )

    def _validate_sample(self, value: Any) -> None:
        """Raise ValueError unless ``value`` fits the shapes and lies in the support."""
        if not isinstance(value, autograd.Tensor):
            raise ValueError(
                f"{type(self).__name__}: a value must be a Tensor; got {type(value).__name__}. "
                "Convert it: autograd.tensor(x)."
            )
        n = len(self._event_shape)
        if tuple(value.shape[value.dim() - n :]) != tuple(self._event_shape):
            raise ValueError(
                f"{type(self).__name__}: a value's last axes must be {tuple(self._event_shape)}; "
                f"got shape {tuple(value.shape)}."
            )
        ours = (*self._batch_shape, *self._event_shape)
        for i, j in zip(reversed(value.shape), reversed(ours)):
            if i != 1 and j != 1 and i != j:
                raise ValueError(
                    f"{type(self).__name__}: a value must broadcast with {tuple(ours)}; got shape "
                    f"{tuple(value.shape)}."
                )
        support = self.support
        if support is None or is_dependent(support):
            return
        valid = support.check(value)
        if not everywhere(unwrap(valid)):
            raise ValueError(
                f"Expected value argument ({type(value).__name__} of shape {tuple(value.shape)}) "
                f"to be within the support ({support!r}) of the distribution {self!r}, but found "
                f"invalid values:\n{value}"
            )

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Whether distributions made from now on check their arguments."""
        if value not in (True, False):
            raise ValueError(f"set_default_validate_args: expected True or False; got {value!r}.")
        Distribution._checked = value

    # -- shapes ------------------------------------------------------------------------------------

    @property
    def batch_shape(self) -> autograd.Size:
        return self._batch_shape

    @property
    def event_shape(self) -> autograd.Size:
        return self._event_shape

    def _extended_shape(self, sample_shape: Any = ()) -> autograd.Size:
        return autograd.Size((*size(sample_shape), *self._batch_shape, *self._event_shape))

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The same distribution with its parameters expanded to another batch shape."""
        new = type(self).__new__(type(self)) if _instance is None else _instance
        batch_shape = size(batch_shape)
        kept = {k: v for k, v in vars(self).items() if k not in ("_batch_shape", "_event_shape")}
        for name, value in kept.items():
            if isinstance(value, autograd.Tensor):
                axes = value.dim() - len(self._batch_shape)  # of the event, or of one parameter
                event = tuple(value.shape[value.dim() - axes :]) if axes > 0 else ()
                value = value.expand(*batch_shape, *event)
            elif isinstance(value, Distribution):
                value = value.expand(batch_shape)
            vars(new)[name] = value
        new._batch_shape, new._event_shape = batch_shape, self._event_shape
        return new

    # -- what can be asked -------------------------------------------------------------------------

    @property
    def mean(self) -> Tensor:
        raise self._no("mean")

    @property
    def mode(self) -> Tensor:
        raise self._no("mode")

    @property
    def variance(self) -> Tensor:
        raise self._no("variance")

    @property
    def stddev(self) -> Tensor:
        return self.variance.sqrt()

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draws of shape (*sample_shape, *batch_shape, *event_shape), without a gradient."""
        with autograd.no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Draws that are functions of the parameters: gradients flow through them."""
        raise NotImplementedError(
            f"{type(self).__name__}: draws have no gradient; rsample is not defined. Take "
            "sample(), and log_prob for a score-function estimate."
        )

    def sample_n(self, n: int) -> Tensor:
        return self.sample((n,))

    def log_prob(self, value: Tensor) -> Tensor:
        """The logarithm of the density, or probability, at ``value``."""
        raise self._no("log_prob")

    def cdf(self, value: Tensor) -> Tensor:
        """The probability of at most ``value``."""
        raise self._no("cdf")

    def icdf(self, value: Tensor) -> Tensor:
        """Where :meth:`cdf` is ``value``."""
        raise self._no("icdf")

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """All values of a discrete distribution, along a new first axis."""
        raise self._no("enumerate_support")

    def entropy(self) -> Tensor:
        """-E log p, in nats, of the batch shape."""
        raise self._no("entropy")

    def perplexity(self) -> Tensor:
        return self.entropy().exp()

    def _no(self, name: str) -> NotImplementedError:
        return NotImplementedError(
            f"{type(self).__name__}: {name} has no closed form, or none here. Estimate it from "
            "samples."
        )

    def __repr__(self) -> str:
        shown = []
        for name in self.arg_constraints:
            if name in vars(self):
                value = vars(self)[name]
                text = value if value.numel() == 1 else value.shape
                shown.append(f"{name}: {text}")
        return f"{type(self).__name__}({', '.join(shown)})"


class ExponentialFamily(Distribution):
    """p(x) = h(x) exp(θ·t(x) - A(θ)); only a name for the kind.

    >>> from autograd import distributions
    >>> issubclass(distributions.ExponentialFamily, distributions.Distribution)
    True
    """
