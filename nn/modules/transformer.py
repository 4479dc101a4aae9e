"""Transformers: layers of attention and of two affine maps, encoders and decoders of them."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import autograd
from autograd.arrays.arguments import check_flags, check_tensors, count_of
from autograd.arrays.dialect import anywhere
from autograd.engine.places import ShapeError
from nn import functional as F, init
from nn.modules.activation import GELU, ReLU
from nn.modules.attention import MultiheadAttention
from nn.modules.container import ModuleList
from nn.modules.dropout import Dropout
from nn.modules.linear import Linear
from nn.modules.module import Module
from nn.modules.normalization import LayerNorm

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = [
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
]

_ACTIVATIONS = {"relu": F.relu, "gelu": F.gelu}


def _activation(call: str, activation: Any) -> Any:
    """The function that ``activation`` means."""
    if callable(activation):
        return activation
    if not isinstance(activation, str) or activation not in _ACTIVATIONS:
        raise RuntimeError(
            f"{call}: activation must be 'relu', 'gelu' or a function; got {activation!r:.60}. "
            "Pass nn.functional.silu, for instance."
        )
    return _ACTIVATIONS[activation]


class TransformerEncoderLayer(Module):
    r"""Attention of a sequence to itself, then two affine maps with an activation between.

    Each adds to its input, and a :class:`LayerNorm` follows; with ``norm_first`` it comes before.
    Shapes: src (S, N, E), (N, S, E) with ``batch_first``, or (S, E) -> the same. In ``src_mask``
    (S, S) or (N · heads, S, S) and ``src_key_padding_mask`` (N, S) True hides; numbers are added.

    Vaswani et al. 2017, arXiv:1706.03762; Xiong et al. 2020, arXiv:2002.04745 (norm first).

    >>> import autograd
    >>> layer = TransformerEncoderLayer(d_model=4, nhead=2, dim_feedforward=8, batch_first=True)
    >>> layer(autograd.ones(1, 3, 4)).shape
    autograd.Size([1, 3, 4])
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        call = "TransformerEncoderLayer"
        check_flags(call, batch_first=batch_first, norm_first=norm_first, bias=bias)
        made: dict[str, Any] = {"bias": bias, "device": device, "dtype": dtype}
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout=dropout, batch_first=batch_first, **made
        )
        self.linear1 = Linear(d_model, dim_feedforward, **made)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, **made)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.norm2 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        self.activation = _activation(call, activation)

    def forward(
        self,
        src: Tensor,
        src_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool = False,
    ) -> Tensor:
        check_tensors("TransformerEncoderLayer", src=src)
        masks = (src_mask, src_key_padding_mask, is_causal)
        if self.norm_first:
            x = src + self._sa_block(self.norm1(src), *masks)
            return x + self._ff_block(self.norm2(x))
        x = self.norm1(src + self._sa_block(src, *masks))
        return self.norm2(x + self._ff_block(x))

    def _sa_block(self, x: Any, mask: Any, padding: Any, is_causal: bool) -> Any:
        out, _ = self.self_attn(
            x, x, x, attn_mask=mask, key_padding_mask=padding, need_weights=False,
            is_causal=is_causal,
        )  # fmt: skip
        return self.dropout1(out)

    def _ff_block(self, x: Any) -> Any:
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))


class TransformerDecoderLayer(Module):
    r"""Attention of a sequence to itself, attention to an encoder's output, two affine maps.

    Each adds to its input, and a :class:`LayerNorm` follows; with ``norm_first`` it comes before.
    Shapes: tgt (T, N, E) and memory (S, N, E), sequences first with ``batch_first``, or both
    without N -> as tgt. Masks as for :class:`TransformerEncoderLayer`; ``memory_mask`` is (T, S).

    Vaswani et al. 2017, arXiv:1706.03762.

    >>> import autograd
    >>> layer = TransformerDecoderLayer(d_model=4, nhead=2, dim_feedforward=8)
    >>> layer(autograd.ones(3, 1, 4), autograd.ones(5, 1, 4)).shape
    autograd.Size([3, 1, 4])
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        call = "TransformerDecoderLayer"
        check_flags(call, batch_first=batch_first, norm_first=norm_first, bias=bias)
        made: dict[str, Any] = {"bias": bias, "device": device, "dtype": dtype}
        heads: dict[str, Any] = {"dropout": dropout, "batch_first": batch_first, **made}
        self.self_attn = MultiheadAttention(d_model, nhead, **heads)
        self.multihead_attn = MultiheadAttention(d_model, nhead, **heads)
        self.linear1 = Linear(d_model, dim_feedforward, **made)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, **made)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.norm2 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.norm3 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        self.dropout3 = Dropout(dropout)
        self.activation = _activation(call, activation)

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        check_tensors("TransformerDecoderLayer", tgt=tgt, memory=memory)
        own = (tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        others = (memory, memory_mask, memory_key_padding_mask, memory_is_causal)
        if self.norm_first:
            x = tgt + self._sa_block(self.norm1(tgt), *own)
            x = x + self._mha_block(self.norm2(x), *others)
            return x + self._ff_block(self.norm3(x))
        x = self.norm1(tgt + self._sa_block(tgt, *own))
        x = self.norm2(x + self._mha_block(x, *others))
        return self.norm3(x + self._ff_block(x))

    def _sa_block(self, x: Any, mask: Any, padding: Any, is_causal: bool) -> Any:
        out, _ = self.self_attn(
            x, x, x, attn_mask=mask, key_padding_mask=padding, need_weights=False,
            is_causal=is_causal,
        )  # fmt: skip
        return self.dropout1(out)

    def _mha_block(self, x: Any, memory: Any, mask: Any, padding: Any, is_causal: bool) -> Any:
        out, _ = self.multihead_attn(
            x, memory, memory, attn_mask=mask, key_padding_mask=padding, need_weights=False,
            is_causal=is_causal,
        )  # fmt: skip
        return self.dropout2(out)

    def _ff_block(self, x: Any) -> Any:
        return self.dropout3(self.linear2(self.dropout(self.activation(self.linear1(x)))))


# -- stacks ---------------------------------------------------------------------------------------


_MOST = 10_000  # layers of a stack: a number beyond is a mistake that would fill the memory


def _copies(call: str, layer: Any, count: Any) -> ModuleList:
    if not isinstance(layer, Module):
        raise TypeError(
            f"{call}: expected a layer to copy; got {type(layer).__name__}. Pass "
            f"nn.{call}Layer(...)."
        )
    count = count_of(call, "num_layers", count, 1)
    if count > _MOST:
        raise ValueError(f"{call}: num_layers must be at most {_MOST}; got {count}.")
    return ModuleList([copy.deepcopy(layer) for _ in range(count)])


class TransformerEncoder(Module):
    """``num_layers`` copies of a :class:`TransformerEncoderLayer`, all starting with its weights.

    ``norm`` comes last. In evaluation, where no gradient is recorded and PyTorch would leave out
    padding, what stands in its place is 0 before the norm, as there; ``enable_nested_tensor=False``
    computes it.

    >>> import autograd
    >>> encoder = TransformerEncoder(TransformerEncoderLayer(4, 2, 8), num_layers=2)
    >>> encoder(autograd.ones(3, 1, 4)).shape
    autograd.Size([3, 1, 4])
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        super().__init__()
        check_flags(
            "TransformerEncoder", enable_nested_tensor=enable_nested_tensor, mask_check=mask_check
        )
        self.layers = _copies("TransformerEncoder", encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = enable_nested_tensor
        self.mask_check = mask_check

    def forward(
        self,
        src: Tensor,
        mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool | None = None,
    ) -> Tensor:
        out = src
        for layer in self.layers:
            out = layer(
                out,
                src_mask=mask,
                src_key_padding_mask=src_key_padding_mask,
                is_causal=is_causal is True,
            )
        if mask is None and self._leaves_out_padding(src, src_key_padding_mask):
            out = out.masked_fill(src_key_padding_mask.bool().unsqueeze(-1), 0.0)  # type: ignore[union-attr]
        return out if self.norm is None else self.norm(out)

    def _leaves_out_padding(self, src: Any, padding: Any) -> bool:
        """Whether PyTorch's fast path would: layers as they are, in evaluation, padding last."""
        layer: Any = self.layers[0]
        if padding is None or not self.enable_nested_tensor or layer.training or src.ndim != 3:
            return False
        if not isinstance(layer, TransformerEncoderLayer) or layer.norm_first:
            return False
        attention, activation = layer.self_attn, layer.activation
        plain = activation in _ACTIVATIONS.values() or isinstance(activation, (ReLU, GELU))
        if not (attention.batch_first and attention.in_proj_bias is not None and plain):
            return False
        if attention.num_heads % 2 or layer.norm1.eps != layer.norm2.eps:
            return False
        if padding.dtype != autograd.bool or anywhere((padding[:, :-1] & ~padding[:, 1:])._data):
            return False
        recorded = src.requires_grad or any(p.requires_grad for p in layer.parameters())
        return not (autograd.is_grad_enabled() and recorded)


class TransformerDecoder(Module):
    """``num_layers`` copies of a :class:`TransformerDecoderLayer`, all starting with its weights.

    ``norm`` comes last.

    >>> import autograd
    >>> decoder = TransformerDecoder(TransformerDecoderLayer(4, 2, 8), num_layers=2)
    >>> decoder(autograd.ones(3, 1, 4), autograd.ones(5, 1, 4)).shape
    autograd.Size([3, 1, 4])
    """

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        super().__init__()
        self.layers = _copies("TransformerDecoder", decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        out = tgt
        for layer in self.layers:
            out = layer(
                out,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=tgt_is_causal is True,
                memory_is_causal=memory_is_causal,
            )
        return out if self.norm is None else self.norm(out)


class Transformer(Module):
    r"""An encoder, and a decoder that attends to its output.

    Shapes: src (S, N, E) and tgt (T, N, E), sequences first with ``batch_first``, or both without
    N -> as tgt. Masks as for the layers. All matrices start as xavier_uniform_. Raises RuntimeError
    where src and tgt do not belong together.

    Vaswani et al. 2017, arXiv:1706.03762.

    >>> import autograd
    >>> model = Transformer(4, 2, 1, 1, dim_feedforward=8)
    >>> model(autograd.ones(5, 1, 4), autograd.ones(3, 1, 4)).shape
    autograd.Size([3, 1, 4])
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = F.relu,
        custom_encoder: Any = None,
        custom_decoder: Any = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        made: dict[str, Any] = {"bias": bias, "device": device, "dtype": dtype}
        options: dict[str, Any] = {
            "dim_feedforward": dim_feedforward,
            "dropout": dropout,
            "activation": activation,
            "layer_norm_eps": layer_norm_eps,
            "batch_first": batch_first,
            "norm_first": norm_first,
            **made,
        }
        if custom_encoder is None:
            encoder_layer = TransformerEncoderLayer(d_model, nhead, **options)
            norm = LayerNorm(d_model, eps=layer_norm_eps, **made)
            custom_encoder = TransformerEncoder(encoder_layer, num_encoder_layers, norm)
        self.encoder = custom_encoder
        if custom_decoder is None:
            decoder_layer = TransformerDecoderLayer(d_model, nhead, **options)
            norm = LayerNorm(d_model, eps=layer_norm_eps, **made)
            custom_decoder = TransformerDecoder(decoder_layer, num_decoder_layers, norm)
        self.decoder = custom_decoder
        for name in ("encoder", "decoder"):
            if not isinstance(getattr(self, name), Module):
                raise TypeError(
                    f"Transformer: custom_{name} must be a module; got "
                    f"{type(getattr(self, name)).__name__}. Leave it out for PyTorch's."
                )
        self._reset_parameters()
        self.d_model, self.nhead, self.batch_first = d_model, nhead, batch_first

    def _reset_parameters(self) -> None:
        """Draw all matrices anew."""
        for p in self.parameters():
            if p.ndim > 1:
                init.xavier_uniform_(p)

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Tensor | None = None,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        check_tensors("Transformer", src=src, tgt=tgt)
        axis = 0 if self.batch_first else 1
        shapes = f"src of shape {tuple(src.shape)} and tgt of shape {tuple(tgt.shape)}"
        if src.ndim != tgt.ndim or src.ndim == 3 and src.shape[axis] != tgt.shape[axis]:
            raise ShapeError(
                f"Transformer: expected as many sequences in src as in tgt; got {shapes}. They "
                f"come {'first' if self.batch_first else 'second, or first with batch_first=True'}."
            )
        if src.shape[-1] != self.d_model or tgt.shape[-1] != self.d_model:
            raise ShapeError(
                f"Transformer: expected {self.d_model} features; got {shapes}. Features come last."
            )
        memory = self.encoder(
            src,
            mask=src_mask,
            src_key_padding_mask=src_key_padding_mask,
            is_causal=src_is_causal,
        )
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    @staticmethod
    def generate_square_subsequent_mask(
        sz: int, device: object = None, dtype: DType = None
    ) -> Tensor:
        """What hides later places: -∞ above the diagonal, else 0.

        >>> Transformer.generate_square_subsequent_mask(2)
        tensor([[0., -inf],
                [0., 0.]])
        """
        size = count_of("generate_square_subsequent_mask", "sz", sz)
        return autograd.full((size, size), -math.inf, dtype=dtype).triu(1)
