"""Rows of attention: functions and layers. Data only."""

import math

import numpy as np

import nn
from tests.rows.layer import Layer, reals
from tests.rows.row import Row, b, call, x


def attention(q, k, v, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, **grouped):
    if grouped:
        k, v = (np.repeat(one, q.shape[-3] // one.shape[-3], -3) for one in (k, v))
    s = q @ np.swapaxes(k, -1, -2) * (1 / math.sqrt(q.shape[-1]) if scale is None else scale)
    if is_causal:
        s = np.where(np.tri(*s.shape[-2:], dtype=bool), s, -np.inf)
    if attn_mask is not None:
        s = s + attn_mask if attn_mask.dtype.kind == "f" else np.where(attn_mask, s, -np.inf)
    t = np.exp(s)
    total = t.sum(-1, keepdims=True)
    return t / np.where(total == 0, 1, total) @ v


def heads(query, key, value, embed, count, weight, bias, *rest, **options):
    """Several heads over one sequence, without masks."""
    out_weight = rest[4]
    q, k, v = (
        (one @ w.T + c).reshape(len(one), count, -1).swapaxes(0, 1)
        for one, w, c in zip((query, key, value), np.split(weight, 3), np.split(bias, 3))
    )
    s = np.exp(q @ k.swapaxes(1, 2) / math.sqrt(embed / count))
    s /= s.sum(-1, keepdims=True)
    out = (s @ v).swapaxes(0, 1).reshape(len(query), embed) @ out_weight.T
    return out, s.mean(0)


# fmt: off

FUNCTIONS = [
    Row("nn.functional.scaled_dot_product_attention", [
        call(x(3, 2), x(4, 2), x(4, 3)), call(x(2, 3, 2), x(2, 3, 2), x(2, 3, 1), is_causal=True),
        call(x(2, 3, 2), x(2, 4, 2), x(2, 4, 2), b(3, 4)),
        call(x(2, 1, 3, 2), x(2, 1, 4, 2), x(2, 1, 4, 2), x(2, 1, 3, 4), scale=0.3),
        call(x(2, 3, 2), x(2, 4, 2), x(2, 4, 2), x(3, 4)),
        call(x(4, 2, 2), x(2, 3, 2), x(2, 3, 2), enable_gqa=True),
    ], reference=attention),
    Row("nn.functional.multi_head_attention_forward", [
        call(
            x(3, 4), x(2, 4), x(2, 4), 4, 2, x(12, 4), x(12), None, None, False, 0.0, x(4, 4), None
        ),
    ], domain=(-0.7, 0.7), reference=heads),
]

# fmt: on

OUT = "(out_proj): NonDynamicallyQuantizableLinear(in_features=2, out_features=2, bias=True)"
LAYERS = [
    Layer(
        lambda: nn.MultiheadAttention(2, 2, kdim=1, batch_first=True),
        (reals(1, 1, 2), reals(1, 2, 1), reals(1, 2, 2)),
        (1, 1, 2),
        f"MultiheadAttention(\n  {OUT}\n)",
        (
            "q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_bias", "out_proj.weight",
            "out_proj.bias",
        ),
    ),
]  # fmt: skip
