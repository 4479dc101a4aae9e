"""What ``torch`` itself has of ``torch.nn.functional``: ``torch.conv1d``, ``torch.dropout``, ...

Most are the functions of ``nn.functional``; written out is what has another signature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

SAME = frozenset(
    """
    adaptive_avg_pool1d avg_pool1d bilinear celu celu_ channel_shuffle conv1d conv2d conv3d
    conv_transpose1d conv_transpose2d conv_transpose3d cosine_similarity hardshrink max_pool1d
    max_pool2d max_pool3d pairwise_distance pdist pixel_shuffle pixel_unshuffle prelu rms_norm
    rrelu rrelu_ selu selu_ threshold threshold_
    """.split()
)


def _functional() -> Any:
    import importlib

    return importlib.import_module("autograd.nn.functional")


if not TYPE_CHECKING:

    def __getattr__(name):
        if name in SAME:
            return getattr(_functional(), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# -- dropout ---------------------------------------------------------------------------------------


def dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """``nn.functional.dropout`` with all arguments.

    >>> import autograd
    >>> autograd.dropout(autograd.ones(3), 0.5, False)
    tensor([1., 1., 1.])
    """
    return _functional().dropout(input, p, train)


def dropout_(input: Tensor, p: float, train: bool) -> Tensor:
    """:func:`dropout` in place.

    >>> import autograd
    >>> autograd.dropout_(autograd.ones(3), 0.5, False)
    tensor([1., 1., 1.])
    """
    return _functional().dropout(input, p, train, True)


def feature_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """``nn.functional.dropout2d`` with all arguments: whole channels.

    Shapes: (N, C, H, W) -> the same.

    >>> import autograd
    >>> autograd.feature_dropout(autograd.ones(1, 2, 1, 1), 0.5, False).shape
    autograd.Size([1, 2, 1, 1])
    """
    return _functional().dropout2d(input, p, train)


def alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """``nn.functional.alpha_dropout`` with all arguments.

    >>> import autograd
    >>> autograd.alpha_dropout(autograd.ones(3), 0.5, False)
    tensor([1., 1., 1.])
    """
    return _functional().alpha_dropout(input, p, train)


def alpha_dropout_(input: Tensor, p: float, train: bool) -> Tensor:
    """:func:`alpha_dropout` in place.

    >>> import autograd
    >>> autograd.alpha_dropout_(autograd.ones(3), 0.5, False)
    tensor([1., 1., 1.])
    """
    return _functional().alpha_dropout(input, p, train, True)


def feature_alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """``nn.functional.feature_alpha_dropout`` with all arguments.

    >>> import autograd
    >>> autograd.feature_alpha_dropout(autograd.ones(1, 2, 3), 0.5, False).shape
    autograd.Size([1, 2, 3])
    """
    return _functional().feature_alpha_dropout(input, p, train)


# -- tables and norms ------------------------------------------------------------------------------


def embedding(
    weight: Tensor,
    indices: Tensor,
    padding_idx: int = -1,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """``nn.functional.embedding`` with the table first; a ``padding_idx`` of -1 stands for none.

    Shapes: weight (n, d), indices (*) -> (*, d).

    >>> import autograd
    >>> table = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> autograd.embedding(table, autograd.tensor([1, 0]))
    tensor([[3., 4.],
            [1., 2.]])
    """
    return _functional().embedding(
        indices,
        weight,
        padding_idx=None if padding_idx == -1 else padding_idx,
        scale_grad_by_freq=scale_grad_by_freq,
        sparse=sparse,
    )


def layer_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Tensor:
    """``nn.functional.layer_norm``.

    >>> import autograd
    >>> autograd.layer_norm(autograd.tensor([1.0, 3.0]), (2,), eps=0.0)
    tensor([-1.,  1.])
    """
    return _functional().layer_norm(input, normalized_shape, weight, bias, eps)


def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Tensor:
    """``nn.functional.group_norm``.

    Shapes: (N, C, *) -> the same.

    >>> import autograd
    >>> autograd.group_norm(autograd.tensor([[1.0, 3.0]]), 1, eps=0.0)
    tensor([[-1.,  1.]])
    """
    return _functional().group_norm(input, num_groups, weight, bias, eps)


def batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """``nn.functional.batch_norm`` with the parameters first.

    Shapes: (N, C, *) -> the same; all parameters (C).

    >>> import autograd
    >>> x = autograd.tensor([[1.0], [3.0]])
    >>> autograd.batch_norm(x, None, None, None, None, True, 0.1, 1e-12, False)
    tensor([[-1.],
            [ 1.]])
    """
    return _functional().batch_norm(
        input, running_mean, running_var, weight, bias, training, momentum, eps
    )


def instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """``nn.functional.instance_norm`` with the parameters first.

    Shapes: (N, C, *) -> the same.

    >>> import autograd
    >>> x = autograd.tensor([[[1.0, 3.0]]])
    >>> autograd.instance_norm(x, None, None, None, None, True, 0.1, 0.0, False)
    tensor([[[-1.,  1.]]])
    """
    return _functional().instance_norm(
        input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps
    )


# -- losses, whose reduction is a number here: 0 by default, as PyTorch has it -------------------


def _reduction(number: int) -> str:
    """What 0, 1 and 2 stand for."""
    if number not in (0, 1, 2):
        raise ValueError(
            f"reduction: expected 0 (none), 1 (mean) or 2 (sum); got {number!r:.60}. "
            "The functions of nn.functional take the words."
        )
    return ("none", "mean", "sum")[number]


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    pos_weight: Tensor | None = None,
    reduction: int = 0,
) -> Tensor:
    """``nn.functional.binary_cross_entropy_with_logits``.

    >>> import autograd
    >>> autograd.binary_cross_entropy_with_logits(autograd.zeros(2), autograd.ones(2))
    tensor([0.6931, 0.6931])
    """
    return _functional().binary_cross_entropy_with_logits(
        input, target, weight=weight, pos_weight=pos_weight, reduction=_reduction(reduction)
    )


def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 0
) -> Tensor:
    """``nn.functional.cosine_embedding_loss``.

    Shapes: (N, D), (N, D), target (N) -> (N), or () where reduced.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 0.0]])
    >>> autograd.cosine_embedding_loss(x, x, autograd.tensor([1.0]))
    tensor([0.])
    """
    return _functional().cosine_embedding_loss(
        input1, input2, target, margin=margin, reduction=_reduction(reduction)
    )


def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: float = 1.0, reduction: int = 0
) -> Tensor:
    """``nn.functional.hinge_embedding_loss``.

    >>> import autograd
    >>> autograd.hinge_embedding_loss(autograd.tensor([0.3]), autograd.tensor([-1.0]))
    tensor([0.7000])
    """
    return _functional().hinge_embedding_loss(
        input, target, margin=margin, reduction=_reduction(reduction)
    )


def kl_div(
    input: Tensor, target: Tensor, reduction: int = 0, *, log_target: bool = False
) -> Tensor:
    """``nn.functional.kl_div``; its mean is over all elements.

    >>> import autograd
    >>> p = autograd.tensor([0.5, 0.5])
    >>> autograd.kl_div(p.log(), p, 2)
    tensor(0.)
    """
    loss: Any = _functional().kl_div(input, target, reduction="none", log_target=log_target)
    word = _reduction(reduction)
    return loss if word == "none" else getattr(loss, word)()


def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 0
) -> Tensor:
    """``nn.functional.margin_ranking_loss``.

    >>> import autograd
    >>> x, y = autograd.tensor([1.0]), autograd.tensor([2.0])
    >>> autograd.margin_ranking_loss(x, y, autograd.tensor([1.0]))
    tensor([1.])
    """
    return _functional().margin_ranking_loss(
        input1, input2, target, margin=margin, reduction=_reduction(reduction)
    )


def poisson_nll_loss(
    input: Tensor, target: Tensor, log_input: bool, full: bool, eps: float, reduction: int
) -> Tensor:
    """``nn.functional.poisson_nll_loss`` with all arguments.

    >>> import autograd
    >>> x, target = autograd.tensor([2.0]), autograd.tensor([3.0])
    >>> autograd.poisson_nll_loss(x, target, False, False, 1e-8, 1)
    tensor(-0.0794)
    """
    return _functional().poisson_nll_loss(
        input, target, log_input=log_input, full=full, eps=eps, reduction=_reduction(reduction)
    )


def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: int = 0,
) -> Tensor:
    """``nn.functional.triplet_margin_loss``.

    Shapes: all three (N, D) -> (N), or () where reduced.

    >>> import autograd
    >>> x = autograd.zeros(1, 2)
    >>> autograd.triplet_margin_loss(x, x, x + 3)
    tensor([0.])
    """
    return _functional().triplet_margin_loss(
        anchor, positive, negative, margin, p, eps, swap, reduction=_reduction(reduction)
    )


def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: int = 0,
    zero_infinity: bool = False,
) -> Tensor:
    """``nn.functional.ctc_loss``.

    >>> import autograd
    >>> p = autograd.full((2, 1, 3), 1 / 3).log()
    >>> autograd.ctc_loss(p, autograd.tensor([[1]]), [2], [1])
    tensor([1.0986])
    """
    return _functional().ctc_loss(
        log_probs,
        targets,
        input_lengths,
        target_lengths,
        blank,
        _reduction(reduction),
        zero_infinity,
    )
