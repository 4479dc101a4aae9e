"""Losses of classes, of which there are several or two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, integer_of, number_of
from autograd.arrays.dialect import everywhere, foreign, pick
from autograd.arrays.errors import OptionError
from autograd.engine.elementwise import Elementwise, cast, in_float32
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, unwrap
from autograd.engine.places import ShapeError, placed
from autograd.kernels.activation import logistic_gradient, logistic_loss
from autograd.kernels.softmax import class_bounds, class_exponentials, class_gradient
from autograd.ops.indexing.getitem import PutItem
from autograd.ops.pointwise.arithmetic import quotient
from autograd.ops.pointwise.sigmoid import sigmoid
from autograd.ops.reductions.softmax import LogSoftmax
from autograd.ops.reductions.sums import spread
from nn.functional.linear import linear
from nn.functional.loss.reduction import REDUCTIONS, reduced, reduction_of, refusal
from nn.functional.loss.targets import of_classes, of_probabilities, out_of_range

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "linear_cross_entropy",
    "nll_loss",
]


class CrossEntropy(Function):
    """-Σ log softmax(x) at the targets, of logits (N, C), each row times a weight, times ``scale``.

    In one go, because the exponentials of the forward pass are all that the backward pass needs.
    """

    def forward(self, x, target, *, rows, scale):
        exp, sums, chosen = class_exponentials(x, target)
        self.made = exp, sums
        self.rows, self.scale = rows, scale
        return _added_up(np.log(sums) - chosen, rows, scale)

    def backward(self, g, target, made):
        exp, sums = made
        return class_gradient(exp, sums, _of_each_row(g, self.rows, self.scale), target), None

    @staticmethod
    def definition(x, target, *, rows, scale):
        return NllLoss.apply(LogSoftmax.apply(x, dim=1), target, rows=rows, scale=scale)


class NllLoss(Function):
    """-Σ x at the targets, of log-probabilities (N, C), each row times a weight, times ``scale``.

    Without a scale, a loss for each row.
    """

    def forward(self, x, target, *, rows, scale):
        self.rows, self.scale, self.shape = rows, scale, x.shape
        self.index = np.arange(x.shape[0], like=foreign(target)), target
        return _added_up(-pick(x, self.index), rows, scale)

    def grad_x(self, g):
        by_row = spread(-_of_each_row(g, self.rows, self.scale), self.shape[:1])
        return PutItem.apply(by_row, self.index, shape=self.shape, distinct=True)


def _added_up(losses: Any, rows: Any, scale: Any) -> Any:
    """Each row's loss times its weight; added up, times ``scale``, if there is one."""
    if rows is not None:
        losses = _times(losses, rows)
    return losses if scale is None else np.add.reduce(losses) * scale


def _of_each_row(g: Any, rows: Any, scale: Any) -> Any:
    """What each loss gets of the gradient of :func:`_added_up`: a number for all, or (N)."""
    by_row = g if scale is None else g * scale
    return by_row if rows is None else _times(by_row, rows)


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    r"""The negative log-likelihood of the targets under softmax(x).

    .. math:: \ell_i = -w_{y_i} \log \frac{\exp x_{i,y_i}}{\sum_c \exp x_{i,c}}, \qquad
              \text{mean: } \sum_i \ell_i \Big/ \sum_i w_{y_i}

    :param input: logits of shape (C), (N, C) or (N, C, d₁, …).
    :param target: classes of shape (), (N) or (N, d₁, …), int64; or probabilities of the shape of
        ``input``, whose mean is over the N d₁ ….
    :param weight: one per class, (C).
    :param ignore_index: targets of this class count nothing, also in the mean.
    :param label_smoothing: ε in [0, 1]: targets are mixed, (1 - ε) to ε, with equal shares.
    :param size_average: superseded, as is ``reduce``, by ``reduction``: "mean", "sum" or "none".
    :raises ValueError: shapes that do not belong together.
    :raises IndexError: a class outside [0, C).

    >>> import autograd
    >>> logits = autograd.tensor([[2.0, 0.0], [0.0, 0.0]])
    >>> cross_entropy(logits, autograd.tensor([0, 1]))
    tensor(0.4100)
    """
    if size_average is not None or reduce is not None or reduction not in REDUCTIONS:
        reduction = reduction_of("cross_entropy", reduction, size_average, reduce)
    if not (isinstance(input, TensorBase) and isinstance(target, TensorBase)):
        check_tensors("cross_entropy", input=input, target=target)
    if type(label_smoothing) is not float:
        label_smoothing = number_of("cross_entropy", "label_smoothing", label_smoothing)
    if not 0 <= label_smoothing <= 1:
        raise ValueError(
            f"cross_entropy: label_smoothing must be in [0, 1]; got {label_smoothing}. Pass 0.1."
        )
    scores = input._data if isinstance(input, TensorBase) else input
    classes = target._data if isinstance(target, TensorBase) else target
    if scores.dtype is not dtypes.float32 and dtypes.narrow(scores.dtype):
        return _cross_entropy_in_float32(
            input,
            target,
            weight,
            ignore_index=ignore_index,
            reduction=reduction,
            label_smoothing=label_smoothing,
        )
    if not (scores.dtype is dtypes.float32 or dtypes.floating(scores.dtype)):
        raise placed(
            TypeError(
                f"cross_entropy: logits must be of a floating dtype; got {scores.dtype}. Pass "
                "scores, not classes, first."
            )
        )
    if classes.dtype is not dtypes.int64 and dtypes.floating(classes.dtype):
        if integer_of("cross_entropy", "ignore_index", ignore_index) >= 0:
            raise placed(
                OptionError(
                    f"cross_entropy: ignore_index goes with classes; got {ignore_index} for "
                    "probabilities. Leave it out."
                )
            )
        return _soft_cross_entropy(input, target, weight, reduction, label_smoothing)
    x, y, shape = _by_rows("cross_entropy", input, target)
    chosen = _Classes("cross_entropy", y, x, weight, ignore_index, shape)
    if label_smoothing:
        logs = LogSoftmax.apply(x, dim=1)
        uniform = -np.add.reduce(logs if weight is None else logs * weight, axis=1) / x.shape[1]
        if chosen.valid is not None:
            uniform = _times(uniform, chosen.valid)
        hard = NllLoss.apply(logs, chosen.index, rows=chosen.rows, scale=None)
        losses = hard * (1 - label_smoothing) + uniform * label_smoothing
        return chosen.reduced(losses, reduction, shape)
    return chosen.losses(CrossEntropy, x, reduction, shape)


_cross_entropy_in_float32 = in_float32(cross_entropy)


@in_float32
def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    r"""The negative log-likelihood of the targets: :func:`cross_entropy` of log-probabilities.

    Shapes, classes, weights and errors as there.

    >>> import autograd
    >>> logs = autograd.log_softmax(autograd.tensor([[2.0, 0.0], [0.0, 0.0]]), dim=1)
    >>> nll_loss(logs, autograd.tensor([0, 1]))
    tensor(0.4100)
    """
    reduction = reduction_of("nll_loss", reduction, size_average, reduce)
    check_tensors("nll_loss", input=input, target=target)
    x, y, shape = _by_rows("nll_loss", input, target)
    chosen = _Classes("nll_loss", y, x, weight, ignore_index, shape)
    return chosen.losses(NllLoss, x, reduction, shape)


@in_float32
def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: object = None,
) -> Tensor:
    """:func:`cross_entropy` of the logits :func:`linear` (x, linear_weight, linear_bias).

    ``options``, how PyTorch cuts the work into chunks, changes no number and is not looked at.

    Shapes: input (N, in) or (in), linear_weight (C, in) or (C, d₁, …, in), linear_bias
    (C) or (C, d₁, …), target as the logits' (N, C, d₁, …) ask for it. Raises RuntimeError where an
    ``ignore_index`` comes with probabilities, of which none is ignored.

    >>> import autograd
    >>> x, w = autograd.tensor([[1.0, 0.0]]), autograd.tensor([[2.0, 0.0], [0.0, 0.0]])
    >>> linear_cross_entropy(x, w, autograd.tensor([0]))
    tensor(0.1269)
    """
    check_tensors("linear_cross_entropy", input=input, linear_weight=linear_weight, target=target)
    if linear_bias is not None:
        check_tensors("linear_cross_entropy", linear_bias=linear_bias)
    if linear_weight.ndim < 2:
        raise ShapeError(
            "linear_cross_entropy: linear_weight must be (C, in) or (C, d, …, in); got "
            f"{tuple(linear_weight.shape)}."
        )
    if linear_weight.ndim > 2 and input.ndim < 2:
        raise ShapeError(
            f"linear_cross_entropy: linear_weight of shape {tuple(linear_weight.shape)} needs an "
            f"input (N, in); got {tuple(input.shape)}. Add an axis: x[None]."
        )
    if ignore_index is not None and dtypes.floating(unwrap(target).dtype):
        raise RuntimeError(
            f"linear_cross_entropy: ignore_index goes with classes; got {ignore_index} for "
            "probabilities. Leave it out."
        )
    *outputs, features = linear_weight.shape
    logits = linear(
        input,
        linear_weight.reshape(math.prod(outputs), features),  # -1 is no size where features is 0
        None if linear_bias is None else linear_bias.reshape(-1),
    )
    if linear_weight.ndim > 2:
        logits = logits.reshape(*logits.shape[:-1], *outputs)
    return cross_entropy(
        logits,
        target,
        weight,
        ignore_index=-100 if ignore_index is None else ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )


class _Classes:
    """The classes that targets name: their indices, and what each row counts."""

    def __init__(
        self, call: str, target: Any, x: Any, weight: Any, ignore_index: int, shape: Any
    ) -> None:
        scores = x._data if isinstance(x, TensorBase) else x
        classes = scores.shape[1]
        kind = getattr(target, "_data", target).dtype
        if not (kind is dtypes.int64 or dtypes.integral(kind)):
            raise placed(
                TypeError(
                    f"{call}: classes must be integers; got {target.dtype}. Convert them: y.long()."
                )
            )
        if weight is not None and tuple(weight.shape) != (classes,):
            raise ShapeError(
                f"{call}: weight must hold one number per class, ({classes},); got "
                f"{tuple(weight.shape)}. Reshape it."
            )
        ignored = ignore_index
        if type(ignored) is not int:
            ignored = integer_of(call, "ignore_index", ignore_index)
        least, most = class_bounds(target)
        self.valid, self.index = None, target
        if least <= ignored <= most:
            valid = np.not_equal(target, ignored)
            self.valid, self.index = valid.astype(scores.dtype), np.where(valid, target, 0)
            least, most = class_bounds(self.index)
        if not 0 <= least <= most < classes and target.size:
            raise placed(
                IndexError(
                    f"{call}: targets must be classes in [0, {classes}); got {least} to {most}, "
                    f"{out_of_range(self.index, shape, classes)}"
                )
            )
        self.rows = self.valid  # what each row counts; None: 1
        if weight is not None:
            by_class = pick(unwrap(weight).astype(scores.dtype), self.index)
            self.rows = by_class if self.valid is None else by_class * self.valid
        self.count = target.size

    def scale(self, reduction: str) -> Any:
        """What the sum of the rows' losses is multiplied by."""
        if reduction == "sum":
            return 1.0
        total = self.count if self.rows is None else np.add.reduce(self.rows)
        if not isinstance(total, (int, np.generic)):  # one for each sample, or not known yet
            none = np.equal(total, 0)
            return np.where(none, math.nan, 1 / np.where(none, 1, total))
        return 1 / float(total) if total else math.nan

    def losses(self, op: Any, x: Any, reduction: str, shape: tuple[int, ...]) -> Any:
        """An op's losses of scores (N, C): added up, or as many as there are classes."""
        scale = None if reduction == "none" else self.scale(reduction)
        losses = op.apply(x, self.index, rows=self.rows, scale=scale)
        return np.reshape(losses, shape) if scale is None else losses

    def reduced(self, losses: Any, reduction: str, shape: tuple[int, ...]) -> Any:
        if reduction == "none":
            return np.reshape(losses, shape)
        return np.add.reduce(losses) * self.scale(reduction)


def _times(losses: Any, rows: Any) -> Any:
    """Losses times weights; a row of weight 0 counts nothing even where its loss is infinite."""
    return np.where(np.equal(rows, 0), 0, losses) * rows


def _by_rows(call: str, input: Any, target: Any) -> tuple[Any, Any, tuple[int, ...]]:
    """Scores as (N, C), classes as (N), and the classes' shape; the second axis comes last."""
    y = target._data if isinstance(target, TensorBase) else target
    sizes = input._data.shape if isinstance(input, TensorBase) else input.shape
    shape = tuple(y.shape)
    expected = (*sizes[:1], *sizes[2:]) if len(sizes) > 1 else ()
    if not sizes or shape != expected:
        raise ShapeError(
            f"{call}: scores (N, C, ...) go with classes (N, ...); got {tuple(sizes)} and "
            f"{shape}. {of_classes(tuple(sizes), shape)}One class per sample, or probabilities "
            "shaped like the scores."
        )
    if len(sizes) == 2:
        return input, y, shape
    y = np.reshape(y, (-1,))
    if input.ndim > 2:
        input = np.moveaxis(input, 1, -1)
    return np.reshape(input, (y.size, input.shape[-1])), y, shape


def _soft_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None, reduction: str, smoothing: float
) -> Tensor:
    """Cross-entropy where targets are probabilities."""
    if input.shape != target.shape or input.ndim == 0:
        raise ShapeError(
            f"cross_entropy: probabilities must have the shape of the scores; got "
            f"{tuple(target.shape)} for {tuple(input.shape)}. "
            f"{of_probabilities(tuple(input.shape), tuple(target.shape))}"
        )
    axis = min(1, input.ndim - 1)
    classes = input.shape[axis]
    if smoothing:
        target = target * (1 - smoothing) + smoothing / classes
    products = LogSoftmax.apply(input, dim=axis) * target
    if weight is not None:
        products = products * np.reshape(weight, (-1,) + (1,) * (input.ndim - axis - 1))
    losses = -np.add.reduce(products, axis=axis)
    return reduced(losses, reduction)


# -- two classes -----------------------------------------------------------------------------------


class BinaryCrossEntropy(Elementwise):
    """-y log x - (1 - y) log(1 - x), with logarithms cut off at -100: no loss is infinite."""

    def forward(self, x, y):
        with np.errstate(divide="ignore"):
            return (y - 1) * np.maximum(np.log1p(-x), -100) - y * np.maximum(np.log(x), -100)

    def grad_x(self, g, x, y):
        return quotient(g * (x - y), np.maximum(x * (1 - x), 1e-12))

    def grad_y(self, g, x):
        return g * (np.maximum(np.log(1 - x), -100) - np.maximum(np.log(x), -100))


class BinaryCrossEntropyWithLogits(Elementwise):
    """max(x, 0) - x y + log(1 + exp(-|x|)), which never overflows."""

    def forward(self, x, y):
        return logistic_loss(x, y)

    def grad_x(self, g, x, y):
        return LogisticGradient.apply(g, x, y)

    def grad_y(self, g, x):
        return -(g * x)


class LogisticGradient(Elementwise):
    """g (σ(x) - y), for which few passes over memory are made."""

    def forward(self, g, x, y):
        return logistic_gradient(g, x, y)

    def grad_g(self, h, x, y):
        return LogisticGradient.apply(h, x, y)

    def grad_x(self, h, g, x):
        s = sigmoid(x)
        return h * g * s * (1 - s)

    def grad_y(self, h, g):
        return -(h * g)


@in_float32
def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    r"""The negative log-likelihood of y under the probability x: :math:`-y\ln x - (1-y)\ln(1-x)`.

    Shapes: input and target (*), with values in [0, 1] -> () or, with ``reduction="none"``, (*).
    Logarithms are cut off at -100. Raises ValueError where shapes differ or an x is outside [0, 1].

    >>> import autograd
    >>> binary_cross_entropy(autograd.tensor([0.5, 0.5]), autograd.tensor([0.0, 1.0]))
    tensor(0.6931)
    """
    reduction = reduction_of("binary_cross_entropy", reduction, size_average, reduce)
    _check_shapes("binary_cross_entropy", input, target)
    x = unwrap(input)
    if not everywhere((x >= 0) & (x <= 1)):
        if (x != x).any():
            raise placed(
                ValueError(
                    "binary_cross_entropy: predictions must be probabilities, in [0, 1]; some are "
                    "nan. Stop where they come up: `with autograd.detect_anomaly():` around the "
                    "training names the op and the line."
                )
            )
        raise placed(
            ValueError(
                "binary_cross_entropy: predictions must be probabilities, in [0, 1]; some are not. "
                "Pass them through a sigmoid, or logits to binary_cross_entropy_with_logits."
            )
        )
    losses = BinaryCrossEntropy.apply(input, target)
    return reduced(_scaled(losses, weight), reduction)


@in_float32
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    r""":func:`binary_cross_entropy` of σ(x), right for logits of any size.

    ``pos_weight`` multiplies the part of y = 1. Raises ValueError where shapes differ.

    >>> import autograd
    >>> binary_cross_entropy_with_logits(autograd.tensor([0.0, 200.0]), autograd.tensor([0.0, 1.0]))
    tensor(0.3466)
    """
    reduction = reduction_of("binary_cross_entropy_with_logits", reduction, size_average, reduce)
    _check_shapes("binary_cross_entropy_with_logits", input, target)
    losses = BinaryCrossEntropyWithLogits.apply(input, target)
    if pos_weight is not None:  # -log σ(x) = log(1 + exp(-x))
        extra = cast(pos_weight, losses.dtype) - 1
        losses = losses + extra * target * np.logaddexp(-input, 0.0)
    return reduced(_scaled(losses, weight), reduction)


def _scaled(losses: Any, weight: Any) -> Any:
    """Losses times ``weight``, in the dtype of the losses."""
    if weight is None:
        return losses
    check_tensors("loss", weight=weight)
    return losses * cast(weight, losses.dtype)


def _check_shapes(call: str, input: Any, target: Any) -> None:
    check_tensors(call, input=input, target=target)
    if input.shape != target.shape:
        raise refusal(call, tuple(input.shape), tuple(target.shape))
