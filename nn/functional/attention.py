"""Attention: of given queries, keys and values, and with several heads."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd
from autograd.arrays import dtypes
from autograd.arrays.arguments import check_flags, check_tensors, count_of, number_of
from autograd.arrays.remedies import features_last
from autograd.engine.elementwise import in_float32, sum_to
from autograd.engine.function import Function
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.kernels.attention import attended, attended_gradient
from autograd.kernels.masked import filled
from autograd.random import discrete
from nn.functional.dropout import dropout, probability
from nn.functional.linear import linear
from nn.functional.softmax import softmax

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["multi_head_attention_forward", "scaled_dot_product_attention"]


class Attention(Function):
    """softmax(scale q kᵀ + mask) v; ``dropped`` are factors of the softmax, or None."""

    def forward(self, q, k, v, mask, dropped, *, scale):
        self.scale = scale
        out, *made = attended(q, k, v, mask, dropped, scale=scale)
        self.made = tuple(made)
        return out

    def backward(self, g, q, k, v, mask, dropped, out, needs, made):
        exponentials, shares = made
        dq, dk, dv, ds = attended_gradient(
            g, q, k, v, exponentials, shares, dropped, out, scale=self.scale
        )
        return dq, dk, dv, sum_to(ds, mask.shape) if needs[3] else None, None

    @staticmethod
    def definition(q, k, v, mask, dropped, *, scale):
        s = np.matmul(q * scale, np.swapaxes(k, -1, -2))
        s = s if mask is None else s + mask
        m = np.maximum.reduce(unwrap(s), axis=-1, keepdims=True)  # any number gives the same
        t = np.exp(s - np.maximum(m, float(np.finfo(m.dtype).min)))
        total = np.add.reduce(t, axis=-1, keepdims=True)
        t = t / np.where(total == 0, 1, total)
        return np.matmul(t if dropped is None else t * dropped, v)


@in_float32
def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    r"""What each query finds: :math:`\text{softmax}(q k^\top / \sqrt E + \text{mask})\, v`.

    Shapes: query (…, L, E), key (…, S, E), value (…, S, D) -> (…, L, D), of one dtype.

    :param attn_mask: broadcast to (…, L, S): True where a key counts, or numbers to add.
    :param dropout_p: how often a weight is left out, also in evaluation: pass 0 there.
    :param is_causal: query i sees keys 0 … i.
    :param scale: in the place of 1/√E.
    :param enable_gqa: keys and values have fewer heads (the third axis from the end); each serves
        several heads of the queries.
    :raises RuntimeError: shapes or dtypes that do not belong together.

    A query that sees no key gets 0. Vaswani et al. 2017, arXiv:1706.03762; Ainslie et al. 2023,
    arXiv:2305.13245 (grouped heads).

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 0.0], [0.0, 1.0]])
    >>> scaled_dot_product_attention(x, x, x, is_causal=True)
    tensor([[1.0000, 0.0000],
            [0.3302, 0.6698]])
    """
    call = "scaled_dot_product_attention"
    check_tensors(call, query=query, key=key, value=value)
    check_flags(call, is_causal=is_causal, enable_gqa=enable_gqa)
    p = probability(call, dropout_p)
    if enable_gqa:
        key, value = (_for_all_heads(call, query, one) for one in (key, value))
    query, key, value = _one_stack(call, query, key, value)
    length, size = query.shape[-2], key.shape[-2]
    factor = (
        1 / math.sqrt(query.shape[-1] or 1) if scale is None else number_of(call, "scale", scale)
    )
    mask = None
    if attn_mask is not None:
        check_tensors(call, attn_mask=attn_mask)
        scores = (*query.shape[:-1], size)
        try:
            fits = np.broadcast_shapes(tuple(attn_mask.shape), scores) == scores
        except ValueError:
            fits = False
        if not fits:
            raise ShapeError(
                f"{call}: attn_mask must be broadcast to {scores}; got shape "
                f"{tuple(attn_mask.shape)}. It is (…, queries, keys)."
            )
        mask = added(call, "attn_mask", attn_mask, query.dtype)
    if is_causal:
        seen = np.tri(length, size, dtype=query.dtype, like=unwrap(query))
        causal = filled(seen * 0, seen == 0, -math.inf)
        mask = wrap(causal, None) if mask is None else mask + causal
    shape = (*query.shape[:-1], size)
    dropped = discrete.dropout_mask(shape, 1 - p, query.dtype) if p else None
    return Attention.apply(query, key, value, mask, dropped, scale=factor)


def added(call: str, name: str, mask: Any, dtype: Any, hides: bool = False) -> Any:
    """A mask as numbers to add: -∞ where a bool says that a key is hidden, or does not count."""
    if dtypes.boolean(mask.dtype):
        return (mask.to(dtype) * 0).masked_fill(mask if hides else ~mask, -math.inf)
    if not dtypes.floating(mask.dtype):
        raise RuntimeError(
            f"{call}: {name} must hold bools or numbers of {dtype}; got {mask.dtype}. Convert it: "
            "mask.bool()."
        )
    return mask.to(dtype)


def _for_all_heads(call: str, query: Any, x: Any) -> Any:
    """Keys or values once for each head of the queries."""
    heads, own = (one.shape[-3] if one.ndim > 2 else 1 for one in (query, x))
    if not own or heads % own:
        raise RuntimeError(
            f"{call}: with enable_gqa the heads of keys and values must divide those of queries; "
            f"got {own} for {heads}. Heads are the third axis from the end."
        )
    return x.repeat_interleave(heads // own, -3) if heads > own else x


def _one_stack(call: str, query: Any, key: Any, value: Any) -> list[Any]:
    """The three, broadcast to one stack, once they are seen to belong together."""
    given = [query, key, value]
    shapes = ", ".join(str(tuple(one.shape)) for one in given)
    if any(one.ndim < 2 for one in given):
        raise ShapeError(
            f"{call}: query, key and value must have at least 2 axes; got shapes {shapes}. They "
            "are (…, length, features)."
        )
    if not (query.dtype == key.dtype == value.dtype and dtypes.floating(query.dtype)):
        raise RuntimeError(
            f"{call}: query, key and value must have one floating dtype; got {query.dtype}, "
            f"{key.dtype} and {value.dtype}. Convert them: x.float()."
        )
    try:
        stack = np.broadcast_shapes(*(tuple(one.shape[:-2]) for one in given))
    except ValueError:
        stack = None
    if stack is None or query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2]:
        raise ShapeError(
            f"{call}: query (…, L, E), key (…, S, E) and value (…, S, D) must belong together; got "
            f"shapes {shapes}. Transpose, or pass enable_gqa=True for grouped heads."
        )
    return [
        one if tuple(one.shape[:-2]) == stack else one.expand(*stack, *one.shape[-2:])
        for one in given
    ]


# -- several heads ---------------------------------------------------------------------------------


def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """Attention with several heads, projected before and after: what ``nn.MultiheadAttention`` is.

    Shapes: query (L, N, E), key (S, N, ·), value (S, N, ·), or all without N -> (L, N, E) and the
    weights (N, L, S), (N, heads, L, S) unless averaged, None unless needed. In masks, here, True
    hides a key. Raises RuntimeError and ValueError for shapes that do not belong together.

    >>> import autograd
    >>> x, w = autograd.ones(3, 1, 2), autograd.ones(6, 2)
    >>> out, weights = multi_head_attention_forward(
    ...     x, x, x, 2, 1, w, None, None, None, False, 0.0, autograd.eye(2), None
    ... )
    >>> weights.shape
    autograd.Size([1, 3, 3])
    """
    call = "multi_head_attention_forward"
    check_tensors(call, query=query, key=key, value=value, out_proj_weight=out_proj_weight)
    check_flags(
        call, add_zero_attn=add_zero_attn, training=training, need_weights=need_weights,
        use_separate_proj_weight=use_separate_proj_weight,
        average_attn_weights=average_attn_weights, is_causal=is_causal,
    )  # fmt: skip
    heads = count_of(call, "num_heads", num_heads, 1)
    embed = count_of(call, "embed_dim_to_check", embed_dim_to_check, 1)
    p = probability(call, dropout_p) if training else 0.0
    masks = {"key_padding_mask": key_padding_mask, "attn_mask": attn_mask}
    check_tensors(call, **{name: one for name, one in masks.items() if one is not None})
    _check_projected(call, query, key, value, embed, heads)
    several = query.ndim == 3
    if is_causal and attn_mask is None:
        raise RuntimeError(
            f"{call}: is_causal is a hint that attn_mask is the causal one; got no attn_mask. Pass "
            "nn.Transformer.generate_square_subsequent_mask(length)."
        )
    if not several:
        same = (key is query, value is key)
        query = query.unsqueeze(1)
        key = query if same[0] else key.unsqueeze(1)
        value = key if same[1] else value.unsqueeze(1)
        key_padding_mask = None if key_padding_mask is None else key_padding_mask.unsqueeze(0)
    length, count = query.shape[:2]
    if use_separate_proj_weight:
        weights = [q_proj_weight, k_proj_weight, v_proj_weight]
    else:
        weights = [in_proj_weight]
    q, k, v = _projected(call, (query, key, value), weights, in_proj_bias)
    mask = _mask(call, attn_mask, q, heads, k.shape[0])
    hidden = _padding(call, key_padding_mask, q, k.shape[0])
    if bias_k is not None or bias_v is not None:
        check_tensors(call, bias_k=bias_k, bias_v=bias_v)
        k = autograd.cat([k, bias_k.expand(1, count, embed)])  # type: ignore[union-attr]
        v = autograd.cat([v, bias_v.expand(1, count, embed)])  # type: ignore[union-attr]
        mask, hidden = (_one_more(one) for one in (mask, hidden))
    size = embed // heads

    def by_head(x: Any) -> Any:  # (S, N, E) -> (N, heads, S, E / heads)
        return x.reshape(x.shape[0], count, heads, size).permute(1, 2, 0, 3)

    q = by_head(q)
    k, v = (
        by_head(one) if fixed is None else fixed.reshape(count, heads, fixed.shape[1], size)
        for one, fixed in ((k, static_k), (v, static_v))
    )
    if add_zero_attn:
        zeros = autograd.zeros(count, heads, 1, size, dtype=q.dtype)
        k, v = autograd.cat([k, zeros], 2), autograd.cat([v, zeros], 2)
        mask, hidden = (_one_more(one) for one in (mask, hidden))
    if hidden is not None:
        hidden = hidden.reshape(count, 1, 1, hidden.shape[-1])
        mask = hidden if mask is None else mask + hidden
    seen = None
    if need_weights:
        scores = (q * math.sqrt(1.0 / size)) @ k.mT
        seen = softmax(scores if mask is None else scores + mask, -1)
        seen = dropout(seen, p)
        out = seen @ v
    else:
        out = scaled_dot_product_attention(q, k, v, mask, p)
    rows = out.permute(2, 0, 1, 3).reshape(length * count, embed)
    out = linear(rows, out_proj_weight, out_proj_bias)
    out = out.reshape(length, count, out.shape[-1])
    if seen is not None and average_attn_weights:
        seen = seen.mean(1)
    if not several:
        out = out.squeeze(1)
        seen = None if seen is None else seen.squeeze(0)
    return out, seen


def _check_projected(call: str, query: Any, key: Any, value: Any, embed: int, heads: int) -> None:
    shapes = ", ".join(str(tuple(one.shape)) for one in (query, key, value))
    ndim = query.ndim
    if ndim not in (2, 3) or key.ndim != ndim or value.ndim != ndim:
        raise ShapeError(
            f"{call}: query, key and value must have 3 axes, or 2 for one sequence; got shapes "
            f"{shapes}. They are (length, N, features)."
        )
    if key.shape[:-1] != value.shape[:-1] or query.shape[1:-1] != key.shape[1:-1]:
        raise ShapeError(
            f"{call}: there must be a value for each key, and as many sequences of each; got "
            f"shapes {shapes}. With sequences first, pass batch_first=True to the layer."
        )
    if query.shape[-1] != embed:
        raise ShapeError(
            f"{call}: queries must have {embed} features; got shape {tuple(query.shape)}. Features "
            f"come last. {features_last(query.shape, embed, 'embed_dim')}"
        )
    if embed % heads:
        raise ValueError(
            f"{call}: the heads must divide the features; got {heads} for {embed}. Pass "
            "another num_heads."
        )


def _projected(call: str, given: Any, weights: list[Any], bias: Any) -> list[Any]:
    """Queries, keys and values, each through its weights; in one product where they are one."""
    for one in weights:
        check_tensors(call, weight=one)
    query, key, value = given
    embed = query.shape[-1]
    if len(weights) == 1:
        if query is key and key is value:
            return list(linear(query, weights[0], bias).split(weights[0].shape[0] // 3, -1))
        weights = list(weights[0].split(embed))
    biases = [None] * 3 if bias is None else bias.split(embed)
    return [linear(x, w, b) for x, w, b in zip(given, weights, biases, strict=True)]


def _mask(call: str, mask: Any, q: Any, heads: int, size: int) -> Any:
    """The mask of the scores as numbers (1 or N, 1 or heads, L, S), or None."""
    if mask is None:
        return None
    length, count = q.shape[:2]
    if tuple(mask.shape) == (length, size):
        shape: tuple[int, ...] = (1, 1, length, size)
    elif tuple(mask.shape) == (count * heads, length, size):
        shape = (count, heads, length, size)
    else:
        raise ShapeError(
            f"{call}: attn_mask must have shape {(length, size)} or "
            f"{(count * heads, length, size)}; got {tuple(mask.shape)}. It is (queries, keys), and "
            f"the input has {length} steps of {count} sequences; batch_first=True exchanges these."
        )
    return added(call, "attn_mask", mask, q.dtype, hides=True).reshape(shape)


def _padding(call: str, mask: Any, q: Any, size: int) -> Any:
    """Which keys are padding, as numbers (N, S), or None."""
    if mask is None:
        return None
    if tuple(mask.shape) != (q.shape[1], size):
        raise ShapeError(
            f"{call}: key_padding_mask must have shape {(q.shape[1], size)}; got "
            f"{tuple(mask.shape)}. It is (N, keys), True where a key is padding; with sequences "
            "first, pass batch_first=True to the layer."
        )
    return added(call, "key_padding_mask", mask, q.dtype, hides=True)


def _one_more(mask: Any) -> Any:
    """A mask with a key more, which counts."""
    if mask is None:
        return None
    return autograd.cat([mask, autograd.zeros(*mask.shape[:-1], 1, dtype=mask.dtype)], -1)
