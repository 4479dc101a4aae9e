"""How a tensor is written out: the text that PyTorch prints, from a NumPy array.

Large arrays are cut down to their edges before a single number is formatted, so printing costs the
same for a thousand elements as for a billion. Every number then becomes one *cell*, a string padded
to a width that all share, and the cells are laid out in nested brackets.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd.arrays import dtypes

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

__all__ = ["set_printoptions"]


class PrintOptions(NamedTuple):
    """What :func:`set_printoptions` sets; each field is explained there."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


PROFILES = {
    "default": PrintOptions(),
    "short": PrintOptions(precision=2, edgeitems=2),
    "full": PrintOptions(threshold=math.inf),
}

_options = PROFILES["default"]


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Set how tensors print, for all threads; what is left at ``None`` stays as it is.

    :param precision: digits after the point of a number that is not whole.
    :param threshold: a tensor of more elements than this is summarised; ``math.inf`` prints all.
    :param edgeitems: how many items a summary shows at each end of an axis.
    :param linewidth: characters per line.
    :param profile: ``"default"``, ``"short"`` or ``"full"``, applied before the other arguments.
    :param sci_mode: scientific notation always (True), never (False), or where the numbers call
        for it (None). As in PyTorch, every call sets it: leaving it out means None.

    Raises ValueError for an unknown profile or a negative number, TypeError for what is not a whole
    number.

    >>> set_printoptions(precision=2)
    >>> print(format_tensor(np.array([0.5, 0.25], dtype=np.float32)))
    tensor([0.50, 0.25])
    >>> set_printoptions(profile="default")
    """
    global _options
    if profile is not None and profile not in PROFILES:
        raise ValueError(
            f"set_printoptions: profile expects one of {', '.join(map(repr, PROFILES))}, "
            f"got {profile!r}. Name one of these, or set the options one by one."
        )
    if sci_mode not in (None, True, False):
        raise TypeError(
            f"set_printoptions: sci_mode expects True, False or None, got {sci_mode!r}. "
            "None chooses by the numbers."
        )
    given = [
        ("precision", precision),
        ("threshold", threshold),
        ("edgeitems", edgeitems),
        ("linewidth", linewidth),
    ]
    changes = {name: value for name, value in given if value is not None}
    for name, value in changes.items():
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if whole and value >= 0 or name == "threshold" and value == math.inf:
            continue
        raise (ValueError if whole else TypeError)(
            f"set_printoptions: {name} expects a whole number from 0 up, got {value!r}. "
            "Only threshold also takes math.inf, which prints every element."
        )
    base = PROFILES[profile] if profile is not None else _options
    _options = PrintOptions(**{**base._asdict(), **changes, "sci_mode": sci_mode})


def get_printoptions() -> dict[str, Any]:
    """The options in force, as keyword arguments for :func:`set_printoptions`.

    >>> get_printoptions()
    {'precision': 4, 'threshold': 1000, 'edgeitems': 3, 'linewidth': 80, 'sci_mode': None}
    """
    return _options._asdict()


def format_tensor(
    array: NDArray[Any],
    *,
    prefix: str = "tensor(",
    grad_fn: str | None = None,
    requires_grad: bool = False,
    default_dtype: DTypeLike = np.float32,
) -> str:
    r"""The text of a tensor that holds ``array``, as PyTorch prints it.

    Shapes: any, 0-d and empty included. Dtypes: Boolean, integer, floating, complex. A dtype is
    named unless the numbers imply it: int64, bool, ``default_dtype`` and its complex partner.

    Args:
        prefix: what stands before the numbers; lines are indented to its last line.
        grad_fn: name of the node that made the tensor, without angle brackets.
        requires_grad: noted where there is no ``grad_fn``.
        default_dtype: the floating dtype that goes without saying.

    >>> print(format_tensor(np.array([[1, 0.5], [-np.inf, 0]]), grad_fn="MulBackward0"))
    tensor([[1.0000, 0.5000],
            [  -inf, 0.0000]], dtype=autograd.float64, grad_fn=<MulBackward0>)
    >>> format_tensor(np.ones((2, 0), np.float32), requires_grad=True)
    'tensor([], size=(2, 0), requires_grad=True)'
    """
    options, samples = _options, None
    given: Any = array
    if hasattr(given, "levels"):  # inside vmap: with the samples as the first axes
        array, samples = given.data, given.data.shape[: len(given.levels)]
    indent = len(prefix) - (prefix.rfind("\n") + 1)
    empty = array.size == 0
    ends = options.edgeitems if array.size > options.threshold else array.size

    if empty:
        body = "[]"
    elif ends == 0 and array.ndim > 0:
        body = "[...]"
    else:
        cells, width = _cells(_edges(array, ends), options)
        row_indent = indent + array.ndim - 1
        per_line = max(1, (options.linewidth - row_indent) // (width + 2))
        body = _layout(iter(cells), array.shape, ends, per_line, indent + 1)

    suffixes = []
    if (empty and array.ndim != 1) or (not empty and options.edgeitems == 0):
        suffixes.append(f"size={array.shape}")
    if array.dtype.name not in _implied_dtypes(np.dtype(default_dtype), empty):
        suffixes.append(f"dtype={dtypes.DTYPE_PREFIX}{array.dtype.name}")
    if samples is not None:
        suffixes.append(f"samples={samples}")
    if grad_fn is not None:
        suffixes.append(f"grad_fn=<{grad_fn}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    return _append(prefix + body, suffixes, indent, options.linewidth) + ")"


def format_sparse(
    parts: dict[str, NDArray[Any]],
    size: tuple[int, ...],
    *,
    layout: str = "sparse_coo",
    grad_fn: str | None = None,
    requires_grad: bool = False,
    default_dtype: DTypeLike = np.float32,
) -> str:
    """The text of a sparse tensor, whose ``values`` are the last of ``parts``.

    >>> print(format_sparse({"indices": np.array([[1]]), "values": np.ones(1, "f4")}, (3,)))
    tensor(indices=tensor([[1]]),
           values=tensor([1.]),
           size=(3,), nnz=1, layout=autograd.sparse_coo)
    """
    text, indent = "tensor(", len("tensor(")
    for i, (name, array) in enumerate(parts.items()):
        start = (f",\n{' ' * indent}" if i else "") + f"{name}=tensor("
        if array.size:
            lead = (text if i == 0 else " " * indent) + f"{name}=tensor("
            shown = format_tensor(array, prefix=lead, default_dtype=array.dtype)
            text += start + shown[len(lead) :]
        else:
            text += start + f"[], size={array.shape})"
    values = parts["values"]
    suffixes = [f"size={size}", f"nnz={len(values)}"]
    if values.dtype.name not in _implied_dtypes(np.dtype(default_dtype), False):
        suffixes.append(f"dtype={dtypes.DTYPE_PREFIX}{values.dtype.name}")
    suffixes.append(f"layout={dtypes.DTYPE_PREFIX}{layout}")
    if grad_fn is not None:
        suffixes.append(f"grad_fn=<{grad_fn}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    return _append(text, suffixes, indent, _options.linewidth, layout == "sparse_coo") + ")"


def _implied_dtypes(default: np.dtype[Any], empty: bool) -> set[str]:
    """Names of the dtypes that go without saying; ``[]`` implies nothing but the default."""
    if empty:
        return {default.name}
    return {default.name, np.result_type(default, np.complex64).name, "int64", "bool"}


def _edges(array: NDArray[Any], ends: int) -> NDArray[Any]:
    """The first and last ``ends`` items of every axis that has more than twice as many."""
    picks = [
        [*range(ends), *range(length - ends, length)] if length > 2 * ends else range(length)
        for length in array.shape
    ]
    return array[np.ix_(*picks)]


def _cells(values: NDArray[Any], options: PrintOptions) -> tuple[list[str], int]:
    """Every element as a padded string, row by row, and the width that lines are counted in."""
    if dtypes.complex_valued(values.dtype):
        real, real_width = _cells(values.real, options)
        imag, imag_width = _cells(values.imag, options)
        signed = (text if text[0] == "-" else "+" + text for text in map(str.lstrip, imag))
        return [x + y + "j" for x, y in zip(real, signed)], real_width + imag_width + 1

    flat = values.ravel()
    if dtypes.floating(flat.dtype):
        flat = flat.astype(np.float32) if dtypes.brain(flat.dtype) else flat  # which formats
        # Zeros, infinities and NaN take the style and the width of the other numbers.
        counted = np.isfinite(flat) & (flat != 0)
        spec, point = _float_style(flat[counted], options)
        texts = [f"{v:{spec}}{point if math.isfinite(v) else ''}" for v in flat.tolist()]
        widths = [len(text) for text, counts in zip(texts, counted.tolist()) if counts]
    else:
        texts = [str(v) for v in flat.tolist()]
        widths = [len(text) for text in texts]
    width = max(widths, default=1)
    return [text.rjust(width) for text in texts], width


def _float_style(numbers: NDArray[Any], options: PrintOptions) -> tuple[str, str]:
    """The format of finite, non-zero numbers, and what is written after each."""
    whole = bool((numbers == np.ceil(numbers)).all())
    if numbers.size > 0:
        magnitudes = np.abs(numbers)
        low, high = float(magnitudes.min()), float(magnitudes.max())
        scientific = options.sci_mode
        if scientific is None:
            scientific = high / low > 1000 or high > 1e8 or low < 1e-4
        if scientific:
            return f".{options.precision}e", ""
    return (".0f", ".") if whole else (f".{options.precision}f", "")


def _layout(
    cells: Iterator[str], shape: tuple[int, ...], ends: int, per_line: int, indent: int
) -> str:
    """The cells in brackets nested as ``shape`` says, with dots where items are left out."""
    if not shape:
        return next(cells)
    length, *inner = shape
    is_cut = length > 2 * ends
    shown = 2 * ends if is_cut else length
    if inner:
        rows = [_layout(cells, tuple(inner), ends, per_line, indent + 1) for _ in range(shown)]
        if is_cut:
            rows.insert(ends, "...")
        gap = "\n" * len(inner)
    else:
        items = list(islice(cells, shown))
        if is_cut:
            items.insert(ends, " ...")
        rows = [", ".join(items[i : i + per_line]) for i in range(0, len(items), per_line)]
        gap = "\n"
    return "[" + f",{gap}{' ' * indent}".join(rows) + "]"


def _append(
    text: str, suffixes: list[str], indent: int, linewidth: int, below: bool = False
) -> str:
    """``text`` with its suffixes, each on a new line where the last line would get too long."""
    # PyTorch counts two characters too many until the first break.
    column = len(text) - (text.rfind("\n") + 1) + 2
    for suffix in suffixes:
        if below or column + 2 + len(suffix) > linewidth:
            text += f",\n{' ' * indent}{suffix}"
            column, below = indent + len(suffix), False
        else:
            text += f", {suffix}"
            column += 2 + len(suffix)
    return text
