"""Attention with several heads, as a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.arrays.arguments import check_flags, check_tensors, count_of
from nn import functional as F, init
from nn.functional.dropout import probability
from nn.modules.linear import NonDynamicallyQuantizableLinear
from nn.modules.module import Module
from nn.parameter import Parameter

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = ["MultiheadAttention"]


class MultiheadAttention(Module):
    r"""Attention with several heads: each sees E/heads features, projected from all.

    .. math:: \text{out} = W_o\, [h_1; h_2; \ldots], \quad h_i = \text{softmax}\big(
              W^q_i q\, (W^k_i k)^\top \sqrt{\text{heads}/E}\big)\, W^v_i v

    Shapes: query (L, N, E), key (S, N, kdim), value (S, N, vdim), sequences first with
    ``batch_first``, or all three without N -> the output, of query's shape, and the weights
    (N, L, S), (N, heads, L, S) with ``average_attn_weights=False``, None with
    ``need_weights=False``, which is faster. In ``attn_mask`` (L, S) or (N · heads, L, S) and
    ``key_padding_mask`` (N, S) True hides a key; numbers are added.

    ``add_bias_kv`` adds a learned key and value, ``add_zero_attn`` a zero one. ``in_proj_weight``
    (3E, E), or ``q_proj_weight``, ``k_proj_weight``, ``v_proj_weight`` where kdim or vdim is not E,
    start as xavier_uniform_. Raises ValueError where the heads do not divide E.

    Vaswani et al. 2017, arXiv:1706.03762.

    >>> import autograd
    >>> layer, x = MultiheadAttention(4, 2, batch_first=True), autograd.ones(1, 3, 4)
    >>> out, weights = layer(x, x, x)
    >>> out.shape, weights.shape
    (autograd.Size([1, 3, 4]), autograd.Size([1, 3, 3]))
    """

    bias_k: Parameter | Any
    bias_v: Parameter | Any

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        call = "MultiheadAttention"
        check_flags(
            call, bias=bias, add_bias_kv=add_bias_kv, add_zero_attn=add_zero_attn,
            batch_first=batch_first,
        )  # fmt: skip
        self.embed_dim = count_of(call, "embed_dim", embed_dim, 1)
        self.num_heads = count_of(call, "num_heads", num_heads, 1)
        self.kdim = self.embed_dim if kdim is None else count_of(call, "kdim", kdim, 1)
        self.vdim = self.embed_dim if vdim is None else count_of(call, "vdim", vdim, 1)
        self.dropout = probability(call, dropout)
        self.batch_first = batch_first
        self.add_zero_attn = add_zero_attn
        self.head_dim = self.embed_dim // self.num_heads
        if self.head_dim * self.num_heads != self.embed_dim:
            raise ValueError(
                f"{call}: num_heads must divide embed_dim; got {num_heads} for {embed_dim}. Pass "
                "another number of heads."
            )
        made: dict[str, Any] = {"dtype": dtype, "device": device}
        size = self.embed_dim
        shapes: dict[str, tuple[int, ...]] = {"in_proj_weight": (3 * size, size)}
        if not self._qkv_same_embed_dim:
            shapes = {
                "q_proj_weight": (size, size),
                "k_proj_weight": (size, self.kdim),
                "v_proj_weight": (size, self.vdim),
            }
        if bias:
            shapes["in_proj_bias"] = (3 * size,)
        for name in ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight",
                     "in_proj_bias"):  # fmt: skip
            there = name in shapes
            p = Parameter(autograd.empty(shapes[name], **made)) if there else None
            self.register_parameter(name, p)
        self.out_proj = NonDynamicallyQuantizableLinear(size, size, bias=bias, **made)
        for name in ("bias_k", "bias_v"):
            extra = Parameter(autograd.empty((1, 1, size), **made)) if add_bias_kv else None
            self.register_parameter(name, extra)
        self._reset_parameters()

    @property
    def _qkv_same_embed_dim(self) -> bool:
        return self.kdim == self.vdim == self.embed_dim

    def _reset_parameters(self) -> None:
        """Draw the weights anew, in PyTorch's order."""
        for name in ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight"):
            if getattr(self, name) is not None:
                init.xavier_uniform_(getattr(self, name))
        if self.in_proj_bias is not None:
            init.zeros_(self.in_proj_bias)
            init.zeros_(self.out_proj.bias)
        for extra in (self.bias_k, self.bias_v):
            if extra is not None:
                init.xavier_normal_(extra)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        check_tensors("MultiheadAttention", query=query, key=key, value=value)
        turned = self.batch_first and query.ndim == 3
        if turned:  # what is one tensor stays one, and goes through one product
            turn = {id(one): one.transpose(0, 1) for one in (query, key, value)}
            query, key, value = turn[id(query)], turn[id(key)], turn[id(value)]
        out, weights = F.multi_head_attention_forward(
            query,
            key,
            value,
            self.embed_dim,
            self.num_heads,
            self.in_proj_weight,
            self.in_proj_bias,
            self.bias_k,
            self.bias_v,
            self.add_zero_attn,
            self.dropout,
            self.out_proj.weight,
            self.out_proj.bias,
            training=self.training,
            key_padding_mask=key_padding_mask,
            need_weights=need_weights,
            attn_mask=attn_mask,
            use_separate_proj_weight=not self._qkv_same_embed_dim,
            q_proj_weight=self.q_proj_weight,
            k_proj_weight=self.k_proj_weight,
            v_proj_weight=self.v_proj_weight,
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
        )
        return (out.transpose(0, 1) if turned else out), weights
