"""``torch.testing``: are two results close? And gradients by other means, to compare with."""

from __future__ import annotations

import typing as _typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.gradcheck.oracles import (
    complex_step_gradient as complex_step_gradient,
    finite_difference_gradient as finite_difference_gradient,
)
from autograd.tensors.tensor import Tensor

__path__: list[str] = []  # testing._internal is a module, too

__all__ = [
    "assert_allclose",
    "assert_close",
    "complex_step_gradient",
    "finite_difference_gradient",
]

# What numbers of a dtype may differ by: relative to the expected value, and in any case.
_TOLERANCES = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
}


def assert_close(
    actual: Any,
    expected: Any,
    *,
    allow_subclasses: bool = True,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    check_device: bool = True,
    check_dtype: bool = True,
    check_layout: bool = True,
    check_stride: bool = False,
    msg: str | Callable[[str], str] | None = None,
) -> None:
    r"""Raise AssertionError unless :math:`|a - e| \le atol + rtol\,|e|` everywhere.

    Tensors, arrays and numbers of any shape are compared, and sequences and mappings of them,
    place by place. Without ``rtol`` and ``atol`` they are chosen by the wider dtype: 1.3e-6 and
    1e-5 for float32, 1e-7 and 1e-7 for float64, 1e-3 and 1e-5 for float16, zero for integers.
    ``msg`` is the error's text, or makes it from ours.

    Raises ValueError where one of ``rtol`` and ``atol`` is given without the other, TypeError for
    what cannot be compared.

    >>> import autograd
    >>> assert_close(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 2.000001]))
    >>> assert_close({"a": 1.0}, {"a": 2.0}, msg=lambda text: text.splitlines()[0])
    Traceback (most recent call last):
    AssertionError: Scalars are not close!
    """
    if (rtol is None) != (atol is None):
        raise ValueError(
            "assert_close: expected both rtol and atol, or none of them; "
            f"got no {'rtol' if rtol is None else 'atol'}."
        )

    def compare(actual: Any, expected: Any, place: str) -> str | None:
        if isinstance(actual, Mapping) and isinstance(expected, Mapping):
            if actual.keys() != expected.keys():
                missing = [key for key in expected if key not in actual]
                additional = [key for key in actual if key not in expected]
                return (
                    "The keys of the mappings do not match:\n"
                    f"Missing keys in the actual mapping: {missing}\n"
                    f"Additional keys in the actual mapping: {additional}{_at(place)}"
                )
            pairs = [(f"{place}[{key!r}]", actual[key], expected[key]) for key in expected]
        elif _plain_sequence(actual) and _plain_sequence(expected):
            if len(actual) != len(expected):
                return (
                    f"The length of the sequences mismatch: {len(actual)} != {len(expected)}"
                    f"{_at(place)}"
                )
            pairs = [(f"{place}[{i}]", a, e) for i, (a, e) in enumerate(zip(actual, expected))]
        else:
            wrong = leaf(actual, expected)
            return wrong and wrong + _at(place)
        return next((found for p, a, e in pairs if (found := compare(a, e, p))), None)

    def leaf(actual: Any, expected: Any) -> str | None:
        if actual is None and expected is None:
            return None
        kinds = {_kind(actual), _kind(expected)}
        related = isinstance(actual, type(expected)) or isinstance(expected, type(actual))
        unrelated = "tensor" in kinds and not (
            related if allow_subclasses else type(actual) is type(expected)
        )
        if len(kinds) > 1 or "" in kinds or unrelated:
            raise TypeError(
                "assert_close: expected two tensors, two arrays or two numbers; "
                f"got {type(actual).__name__} and {type(expected).__name__}."
            )
        if kinds == {"bool"}:
            return None if actual is expected else f"Booleans mismatch: {actual} is not {expected}"
        if kinds == {"number"} and check_dtype and type(actual) is not type(expected):
            return f"The (d)types do not match: {type(actual)} != {type(expected)}."
        if "number" not in kinds:
            attributes = ["shape"]
            if kinds == {"tensor"}:
                attributes += ["device"] * check_device + ["layout"] * check_layout
                attributes += ["stride"] * check_stride
            attributes += ["dtype"] * check_dtype
            for name in attributes:
                mine, other = getattr(actual, name), getattr(expected, name)
                if name == "stride":
                    name, mine, other = "stride()", mine(), other()
                if mine != other:
                    return f"The values for attribute {name!r} do not match: {mine} != {other}."
        return _compared(_array(actual), _array(expected), rtol, atol, equal_nan, "number" in kinds)

    text = compare(actual, expected, "")
    if text is not None:
        if msg is not None:
            text = msg(text) if callable(msg) else msg
        raise AssertionError(text)


def assert_allclose(
    actual: Any,
    expected: Any,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = True,
    msg: str = "",
) -> None:
    """:func:`assert_close` under its old name: dtypes may differ, NaN is close to NaN.

    >>> import autograd
    >>> assert_allclose(autograd.ones(2), autograd.ones(2).double())
    """
    assert_close(
        actual, expected, rtol=rtol, atol=atol, equal_nan=equal_nan, check_dtype=False,
        msg=msg or None,
    )  # fmt: skip


def _plain_sequence(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _kind(value: Any) -> str:
    if isinstance(value, Tensor):
        return "tensor"
    if isinstance(value, np.ndarray | np.generic):
        return "array"
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float | complex) else ""


def _array(value: Any) -> np.ndarray:
    return np.asarray(value.detach().numpy() if isinstance(value, Tensor) else value)


def _at(place: str) -> str:
    return f"\n\nThe failure occurred for item {place}" if place else ""


def _compared(
    actual: np.ndarray,
    expected: np.ndarray,
    rtol: float | None,
    atol: float | None,
    equal_nan: bool,
    numbers: bool,
) -> str | None:
    if rtol is None or atol is None:
        found = [_TOLERANCES.get(array.dtype.name, (0.0, 0.0)) for array in (actual, expected)]
        rtol, atol = (max(pair) for pair in zip(*found))
    if dtypes.brain(actual.dtype) or actual.dtype != expected.dtype:
        pair = (actual.dtype, expected.dtype)
        wide = complex if any(map(dtypes.complex_valued, pair)) else float
        actual, expected = actual.astype(wide), expected.astype(wide)
    close = np.isclose(actual, expected, rtol=rtol, atol=atol, equal_nan=equal_nan)
    if close.all():
        return None
    exact = rtol == 0 and atol == 0
    verdict = "equal" if exact else "close"
    wider: Any = np.int64
    if dtypes.differentiable(actual.dtype):
        wider = np.complex128 if dtypes.complex_valued(actual.dtype) else np.float64
    with np.errstate(all="ignore"):
        difference = np.abs(actual.astype(wider) - expected.astype(wider))
        relative = difference / np.abs(expected)
    allowed = ["" if exact else f" (up to {one} allowed)" for one in (atol, rtol)]
    if numbers or actual.ndim == 0:
        return (
            f"Scalars are not {verdict}!\n\nExpected {expected.item()} but got {actual.item()}.\n"
            f"Absolute difference: {difference.item()}{allowed[0]}\n"
            f"Relative difference: {relative.item()}{allowed[1]}"
        )
    wrong = int((~close).sum())
    lines = [
        f"Tensor-likes are not {verdict}!",
        "",
        f"Mismatched elements: {wrong} / {close.size} ({wrong / close.size:.1%})",
    ]
    for name, values, limit in zip(("absolute", "relative"), (difference, relative), allowed):
        values = np.where(close, 0, values)
        place = np.unravel_index(values.argmax(), values.shape)
        index = tuple(int(i) for i in place)
        lines.append(f"Greatest {name} difference: {values[place].item()} at index {index}{limit}")
    return "\n".join(lines)


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
