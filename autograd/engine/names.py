"""What PyTorch calls a node: the name between ``grad_fn=<`` and ``>``.

Most are our own with ``Backward0`` behind. A number other than 0 says which of an operation's
forms was called; where a class stands for several of PyTorch's, the node is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def torch_name(node: Any) -> str:
    """The name that PyTorch prints for ``node``."""
    own = type(node).__name__
    name = _NAMES.get(own, own)
    if not isinstance(name, str):
        name = name(node)
    return name if "Backward" in name or name == "CopySlices" else f"{name}Backward0"


def _by_axis(name: str, whole: str, along: str) -> Callable[[Any], str]:
    """``whole`` for a reduction to one number, ``along`` for one along axes."""
    return lambda node: f"{name}Backward{whole if node.axis is None else along}"


def _of_extreme(whole: str, along: str) -> Callable[[Any], str]:
    return lambda node: whole if node.axis is None else along


def _of_power(node: Any) -> str:
    return "PowBackward2" if node.edges[0] is None else "PowBackward1"


def _of_clamp(node: Any) -> str:
    return "ClampBackward1" if node.edges[-1] is None else "ClampBackward0"


def _of_slice(node: Any) -> str:
    """PyTorch takes an index axis by axis: the last step that does anything gives the name."""
    index = node.index if isinstance(node.index, tuple) else (node.index,)
    steps = [one for one in index if one is not ... and one != slice(None)]
    if not steps:
        return "Slice" if index == (slice(None),) else "Alias"
    return {slice: "Slice", type(None): "Unsqueeze"}.get(type(steps[-1]), "Select")


def _of_product(node: Any) -> str:
    x, y = map(len, node.shapes[:2])
    if x == 1:
        return "SqueezeBackward4"
    return "Mv" if (x, y) == (2, 1) else "UnsafeView"


def _of_linear(node: Any) -> str:
    bias = node.edges[2] is not None
    if len(node.shapes[0]) == 2:
        return "Addmm" if bias else "Mm"
    return "View" if bias else "UnsafeView"


_NAMES: dict[str, str | Callable[[Any], str]] = {
    "Multiply": "Mul", "Subtract": "Sub", "Divide": "Div", "Negative": "Neg", "Power": _of_power,
    "PowerOfNumber": "Pow", "Absolute": "Abs", "Square": "Pow", "Log1p": "Log1P", "Cast": "ToCopy",
    "LogSumExp": "Logsumexp", "LogAddExp": "Logaddexp", "LogCumsumExp": "Logcumsumexp",
    "LogAddExp2": "Logaddexp2", "Strided": "AsStrided", "ConvolutionTransposed": "Convolution",
    "XLogY": "Xlogy", "Norm": "LinalgVectorNorm", "Outer": "Mul", "MM": "Mm",
    "MatMul": _of_product, "Linear": _of_linear, "Reshape": "View", "GetSlice": _of_slice,
    "Narrow": "Slice", "GetItem": "Index", "SetItem": "IndexPut", "SetSlice": "CopySlices",
    "Tile": "Repeat", "OnDiagonal": "DiagEmbed", "MSE": "MseLoss", "CrossEntropy": "NllLoss",
    "Sum": _by_axis("Sum", "0", "1"), "Mean": _by_axis("Mean", "0", "1"),
    "Prod": _by_axis("Prod", "0", "1"), "Amax": _of_extreme("MaxBackward1", "Amax"),
    "Amin": _of_extreme("MinBackward1", "Amin"), "ClampMin": _of_clamp, "ClampMax": _of_clamp,
    "I0E": "SpecialI0E", "I1": "SpecialI1", "I1E": "SpecialI1E", "Entr": "SpecialEntr",
    "Erfcx": "SpecialErfcx", "LogNdtr": "SpecialLogNdtr", "Ndtri": "SpecialNdtri",
    "XLog1PY": "SpecialXlog1Py", "Zeta": "SpecialZeta", "Prelu": "PreluKernel",
    "Stored": "SparseCooTensorWithDimsAndTensors", "SparseProduct": "Mm",
}  # fmt: skip
