"""How a call of an op is written: as its user does, ``sum(dim=1)``, ``+ 2``, ``x[:, 0]``.

What is a tensor is an arrow, and stands in the text only where it is needed to tell what is what,
as ``x``. Numbers, axes, indices stand in the text.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from autograd.diagnosis.explain.layout import slice_text
from autograd.drawing.watching.calls import Call, Input, Word
from autograd.drawing.watching.digest import number_text

_SIGNS = {
    "Add": "+", "Subtract": "-", "Multiply": "*", "Divide": "/", "Power": "**", "MM": "@",
    "MatMul": "@", "FloorDivide": "//", "Remainder": "%", "Equal": "==", "NotEqual": "!=",
    "Less": "<", "LessEqual": "<=", "Greater": ">", "GreaterEqual": ">=", "BitwiseAnd": "&",
    "BitwiseOr": "|", "BitwiseXor": "^", "LeftShift": "<<", "RightShift": ">>",
    "Quotient": "/", "Ratio": "/",
}  # fmt: skip

_WHOLE = {"Negative": "-x", "BitwiseNot": "~x", "Square": "** 2"}

# The words of an op's class, in lower case, are its function's name, but for these.
_NAMES = {
    "LogSumExp": "logsumexp", "LogAddExp": "logaddexp", "LogAddExp2": "logaddexp2",
    "LogCumsumExp": "logcumsumexp", "LogSigmoid": "logsigmoid", "XLogY": "xlogy",
    "Deg2Rad": "deg2rad", "Rad2Deg": "rad2deg", "IsNan": "isnan", "IsInf": "isinf",
    "IsFinite": "isfinite", "AllOf": "all", "AnyOf": "any", "Absolute": "abs", "MSE": "mse_loss",
    "CTC": "ctc_loss", "Huber": "huber_loss", "BinaryCrossEntropyWithLogits":
    "binary_cross_entropy_with_logits", "Attention": "scaled_dot_product_attention",
    "NativeLayerNorm": "layer_norm", "NativeGroupNorm": "group_norm",
    "NativeBatchNorm": "batch_norm", "BatchNormByStatistics": "batch_norm",
    "RnnLayer": "rnn", "LstmLayer": "lstm", "GruLayer": "gru", "Im2Col": "unfold",
    "Col2Im": "fold", "Strided": "as_strided", "OnDiagonal": "diag_embed", "Tile": "repeat",
    "Repeat": "repeat_interleave", "Cast": "to", "CastOfReal": "to", "MM": "matmul",
    "MatMul": "matmul", "GeluTanh": "gelu", "AddItem": "index_add", "ReduceItem": "scatter_reduce",
    "Resample": "interpolate", "RoundToDecimals": "round", "TruncDivide": "div",
    "Multiply": "mul", "Subtract": "sub",
    "Divide": "div", "Power": "pow", "Equal": "eq", "NotEqual": "ne", "Less": "lt",
    "LessEqual": "le", "Greater": "gt", "GreaterEqual": "ge", "Fmod": "fmod",
}  # fmt: skip
_ARGUMENTS = {
    "axis": "dim", "axes": "dims", "keepdims": "keepdim", "slope": "negative_slope",
    "axis1": "dim0", "axis2": "dim1", "low": "min", "high": "max", "k": "diagonal", "w": "weight",
}  # fmt: skip
_UNSAID = {
    "distinct", "out", "made", "view", "groups", "axes", "moments", "rows", "scale", "sizes",
    "taps", "pattern", "states", "copy", "centred", "geometry", "windows", "size", "order",
    "first", "mean", "labels", "eps", "index", "shape",
}  # fmt: skip


def spelled(call: Call) -> str:
    """What a call is called.

    >>> from autograd.ops.pointwise.arithmetic import Subtract
    >>> x = Input(1, "y", None, number=None)
    >>> spelled(Call(Subtract, [Input(0, "x", None, 2), Input(1, "y", object())], {}, 0))
    '2 - x'
    """
    kind = call.op.__name__
    if not _is_ours(call.op):
        return f"{kind.lstrip('_')}({', '.join(_options(call, set()))})".removesuffix("()")
    if kind in _WHOLE:
        return _WHOLE[kind]
    if kind in _SIGNS and len(call.inputs) == 2:
        return _infix(_SIGNS[kind], *call.inputs)
    written = _OWN.get(kind)
    if written is not None:
        return written(call)
    given = [_given(one) for one in call.inputs] if _has_numbers(call) else []
    return f"{_name(call)}({', '.join([*given, *_options(call, _UNSAID)])})".removesuffix("()")


def _is_ours(op: type) -> bool:
    return op.__module__.partition(".")[0] in ("autograd", "nn")


def _infix(sign: str, x: Input, y: Input) -> str:
    if x.value is None:
        return f"{value_text(x.number)} {sign} {'x' if y.value else value_text(y.number)}"
    return f"{sign} {value_text(y.number)}" if y.value is None else sign


def _has_numbers(call: Call) -> bool:
    return any([one.value is None for one in call.inputs])


def _given(one: Input) -> str:
    return value_text(one.number) if one.value is None else one.name


def _name(call: Call) -> str:
    kind = call.op.__name__
    if kind == "Standardize":
        return "rms_norm" if call.known.get("centred") is False else "layer_norm"
    return _NAMES.get(kind) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower().lstrip("_")


def _options(call: Call, unsaid: set[str]) -> list[str]:
    """The arguments that differ from what they are by default, ``dim=1``."""
    usual, names = _defaults(call.op), _ARGUMENTS if _is_ours(call.op) else {}
    return [
        f"{names.get(name, name)}={_axis_text(value) if name == 'axis' else value_text(value)}"
        for name, value in call.known.items()
        if name not in unsaid and value not in (None, ()) and value is not False
        and not (name == "offset" and not value)
        and not (name in usual and usual[name] == value)
    ]  # fmt: skip


@cache
def _defaults(op: type) -> dict[str, Any]:
    forward = getattr(op, "forward", None)
    if forward is None:  # a node that no call of an op has made
        return {}
    parameters = inspect.signature(forward).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not one.empty}


# -- ops that are written in a way of their own ---------------------------------------------------


def _stretched(name: str, argument: str) -> Callable[[Call], str]:
    """One whose argument is a shape, which users write as several."""

    def written(call: Call) -> str:
        value = call.known.get(argument, call.shape if argument == "shape" else None)
        sizes = value if isinstance(value, (tuple, list)) else () if value is None else (value,)
        return f"{name}({', '.join(map(value_text, sizes))})" if value is not None else name

    return written


def _extreme(name: str) -> Callable[[Call], str]:
    def written(call: Call) -> str:
        options = _options(call, _UNSAID)
        return f"a{name}({', '.join(options)})" if options else name

    return written


def _indexed(call: Call) -> str:
    return f"x[{index_text(call.known.get('index', Word('index')))}]"


def _put(call: Call) -> str:
    """The adjoint of an index."""
    return f"zeros, x at [{index_text(call.known.get('index', Word('index')))}]"


def _set(call: Call) -> str:
    numbers = [one for one in call.inputs if one.value is None]
    value = value_text(numbers[0].number) if numbers else "y"
    return f"x[{index_text(call.known.get('index', Word('index')))}] = {value}"


def _clamp(side: str) -> Callable[[Call], str]:
    def written(call: Call) -> str:
        bound = call.inputs[-1]
        return f"clamp({side}={value_text(bound.number)})" if bound.value is None else (
            f"clamp({side})")  # fmt: skip

    return written


def _transposed(call: Call) -> str:
    pair = (call.known.get("axis1"), call.known.get("axis2"))
    return "transpose" if None in pair else f"transpose({pair[0]}, {pair[1]})"


def _permuted(call: Call) -> str:
    axes = call.known.get("axes")
    return f"permute({', '.join(map(str, axes))})" if axes is not None else "T"


def _to(call: Call) -> str:
    return f"to({call.known.get('dtype') or 'dtype'})"


def _einsum(call: Call) -> str:
    labels = call.known.get("labels")
    if not labels:
        return "einsum"
    return f"einsum('{','.join(labels[:-1])}->{labels[-1]}')"


def _exponent(call: Call) -> str:
    return f"** {value_text(call.known.get('exponent', Word('n')))}"


def _narrowed(call: Call) -> str:
    """A part along some axes, written as the index that gives it."""
    shape = call.inputs[0].value.shape if call.inputs[0].value else None
    widths = call.known.get("widths")
    if shape is None or widths is None:
        return "narrow"
    parts = [
        ":" if not before and not after else f"{before or ''}:{size - after if after else ''}"
        for (before, after), size in zip(widths, shape)
    ]
    while len(parts) > 1 and parts[-1] == ":":
        parts.pop()
    return f"x[{', '.join(parts)}]"


def _by_windows(name: str) -> Callable[[Call], str]:
    """One that goes over windows, of which its class knows no number of axes."""

    def written(call: Call) -> str:
        how: Any = call.known.get("geometry") or call.known.get("windows")
        if not hasattr(how, "stride"):
            return name
        kernel = getattr(how, "kernel", None)
        said = [] if kernel is None else [_alike(kernel)]
        usual = (1,) * len(how.stride) if kernel is None else kernel
        for argument, value, default in (
            ("stride", how.stride, usual),
            ("padding", how.before, (0,) * len(how.stride)),
            ("dilation", how.dilation, (1,) * len(how.stride)),
            ("groups", getattr(how, "groups", 1), 1),
        ):
            if value != default:
                said.append(f"{argument}={_alike(value)}")
        return f"{name}{len(how.stride)}d({', '.join(said)})".removesuffix("()")

    return written


def _alike(sizes: Any) -> str:
    """Sizes along axes, as one number where all are the same."""
    same = isinstance(sizes, tuple) and len(set(sizes)) == 1
    return value_text(sizes[0] if same else sizes)


def _filled(call: Call) -> str:
    value = call.known.get("value")
    return "masked_fill" if value is None else f"masked_fill({value_text(value)})"


_OWN: dict[str, Callable[[Call], str]] = {
    "Convolution": _by_windows("conv"),
    "ConvolutionTransposed": _by_windows("conv_transpose"),
    "MaxPool": _by_windows("max_pool"),
    "AvgPool": _by_windows("avg_pool"),
    "Reshape": _stretched("reshape", "shape"),
    "View": _stretched("view", "shape"),
    "Expand": _stretched("expand", "shape"),
    "Tile": _stretched("repeat", "reps"),
    "Permute": _permuted,
    "Transpose": _transposed,
    "Amax": _extreme("max"),
    "Amin": _extreme("min"),
    "GetSlice": _indexed,
    "GetItem": _indexed,
    "PutSlice": _put,
    "PutItem": _put,
    "SetSlice": _set,
    "SetItem": _set,
    "ClampMin": _clamp("min"),
    "ClampMax": _clamp("max"),
    "Cast": _to,
    "CastOfReal": _to,
    "Einsum": _einsum,
    "PowerOfNumber": _exponent,
    "Narrow": _narrowed,
    "MaskedFill": _filled,
    "TruncDivide": lambda call: "div(rounding_mode='trunc')",
    "GeluTanh": lambda call: "gelu(approximate='tanh')",
    "_Again": lambda call: "checkpoint",
    "CopySlices": lambda call: "changed in a view",
}


# -- values of arguments --------------------------------------------------------------------------


def value_text(value: Any) -> str:
    """An argument as it is written: ``2``, ``0.1``, ``(1, 2)``, ``'mean'``, ``float64``."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, slice):
        return index_text(value)
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, (tuple, list)):
        inner = ", ".join(map(value_text, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value[()]
    if isinstance(value, (float, np.floating)) and not isinstance(value, bool):
        return f"{float(value):.6g}"
    if isinstance(value, (int, complex, np.generic)):
        return number_text(value)
    return "..." if value is ... else str(value)


def _axis_text(axis: Any) -> str:
    return value_text(axis[0] if isinstance(axis, tuple) and len(axis) == 1 else axis)


def index_text(index: Any) -> str:
    """What stands between the brackets of an index.

    >>> index_text((slice(None), 0, ...)), index_text((slice(1, None, 2), None))
    (':, 0', '1::2, None')
    """
    parts = list(index) if isinstance(index, tuple) else [index]
    while len(parts) > 1 and parts[-1] is ...:
        parts.pop()
    return ", ".join([slice_text(one) if isinstance(one, slice) else value_text(one)
                      for one in parts])  # fmt: skip
