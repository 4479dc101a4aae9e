"""Softmax over very many classes, most of them rare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import autograd
from autograd.arrays import dtypes
from autograd.arrays.arguments import check_flags, check_numbers, check_tensors, count_of
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from nn import functional as F
from nn.modules.container import ModuleList, Sequential
from nn.modules.linear import Linear
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = ["AdaptiveLogSoftmaxWithLoss"]


class _ASMoutput(NamedTuple):
    output: Any
    loss: Any


class AdaptiveLogSoftmaxWithLoss(Module):
    """log softmax over classes sorted by frequency; rare ones are in clusters of their own.

    The head scores the classes before the first cutoff, and the clusters; a cluster's tail scores
    its classes from fewer features, in / div_value^(i+1). Called with x (N, in), target (N) it
    gives ``output``, the log-probability of each target, (N), and ``loss``, minus their mean; or
    for x (in) and target () as well. Grave et al. 2017, arXiv:1609.04309.

    Raises ValueError unless the cutoffs rise from 1 or more to at most n_classes - 1, RuntimeError
    for shapes that do not belong together, IndexError for a class outside [0, n_classes).

    >>> import autograd
    >>> model = AdaptiveLogSoftmaxWithLoss(4, 20, [5, 10])
    >>> x = autograd.ones(2, 4)
    >>> model(x, autograd.tensor([3, 12])).output.shape, model.log_prob(x).shape
    (autograd.Size([2]), autograd.Size([2, 20]))
    """

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        call = type(self).__name__
        self.in_features = count_of(call, "in_features", in_features, 1)
        self.n_classes = count_of(call, "n_classes", n_classes, 1)
        given = [count_of(call, "cutoffs", one) for one in cutoffs]
        rising = all(a < b for a, b in zip([0, *given], [*given, self.n_classes]))
        if not given or not rising:
            raise ValueError(
                f"{call}: cutoffs must rise from 1 or more to at most n_classes - 1, "
                f"{self.n_classes - 1}; got {given}."
            )
        check_numbers(call, div_value=div_value)
        check_flags(call, head_bias=head_bias)
        self.cutoffs = [*given, self.n_classes]
        self.div_value, self.head_bias = div_value, head_bias
        self.shortlist_size, self.n_clusters = self.cutoffs[0], len(given)
        self.head_size = self.shortlist_size + self.n_clusters
        made: dict[str, Any] = {"device": device, "dtype": dtype}
        self.head = Linear(self.in_features, self.head_size, bias=head_bias, **made)
        self.tail = ModuleList()
        for i in range(self.n_clusters):
            features = int(self.in_features // div_value ** (i + 1))
            classes = self.cutoffs[i + 1] - self.cutoffs[i]
            self.tail.append(
                Sequential(
                    Linear(self.in_features, features, bias=False, **made),
                    Linear(features, classes, bias=False, **made),
                )
            )

    def reset_parameters(self) -> None:
        """Draw the head, then each tail, anew."""
        self.head.reset_parameters()
        for first, second in self.tail:
            first.reset_parameters()
            second.reset_parameters()

    def forward(self, input_: Tensor, target_: Tensor) -> _ASMoutput:
        call = type(self).__name__
        check_tensors(call, input=input_, target=target_)
        alone = target_.ndim == 0
        fits = input_.ndim == target_.ndim + 1 and input_.shape[:-1] == target_.shape
        if target_.ndim > 1 or not fits:
            raise ShapeError(
                f"{call}: inputs (N, in) go with targets (N), an input (in) with a target (); got "
                f"{tuple(input_.shape)} and {tuple(target_.shape)}."
            )
        x, target = (input_.unsqueeze(0), target_.unsqueeze(0)) if alone else (input_, target_)
        y = unwrap(target)
        if not dtypes.integral(y.dtype):
            raise TypeError(f"{call}: targets must be integers; got {y.dtype}. Write y.long().")
        if y.size and not 0 <= y.min() <= y.max() < self.n_classes:
            raise IndexError(
                f"{call}: targets must be classes in [0, {self.n_classes}); got {y.min()} to "
                f"{y.max()}."
            )
        # each target's place in the head: its own, or its cluster's
        places = y.copy()
        output = autograd.zeros(len(y), dtype=x.dtype)
        for i, (low, high) in enumerate(zip(self.cutoffs[:-1], self.cutoffs[1:])):
            rows = ((y >= low) & (y < high)).nonzero()[0]
            if rows.size:
                places[rows] = self.shortlist_size + i
                logs = F.log_softmax(self.tail[i](x[rows]), dim=1)
                chosen = logs.gather(1, autograd.tensor(y[rows, None] - low)).squeeze(1)
                output = output.index_add(0, autograd.tensor(rows), chosen)
        head = F.log_softmax(self.head(x), dim=1)
        output = output + head.gather(1, autograd.tensor(places[:, None])).squeeze(1)
        loss = -output.mean()
        return _ASMoutput(output.squeeze(0) if alone else output, loss)

    def log_prob(self, input: Tensor) -> Tensor:
        """The log-probabilities of all classes: (N, in) -> (N, n_classes)."""
        head = F.log_softmax(self.head(input), dim=1)
        parts = [head[:, : self.shortlist_size]]
        for i, tail in enumerate(self.tail):
            cluster = head[:, self.shortlist_size + i].unsqueeze(1)
            parts.append(F.log_softmax(tail(input), dim=1) + cluster)
        return autograd.cat(parts, 1)

    def predict(self, input: Tensor) -> Tensor:
        """The most probable class: (N, in) -> (N)."""
        return self.log_prob(input).argmax(dim=1)
