"""What the certificate looks at: PyTorch's op database, and the rows of our own tables."""

from __future__ import annotations

import functools
import random
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from tests.certificate.adapter import NotThere, Sample, Slot, Unsuitable, find, slots, translated
from tests.op_cases import ROWS, converted, drawn, find as find_row

DTYPES = {"f8": torch.float64, "f4": torch.float32, "c16": torch.complex128, "i8": torch.int64}


class Op:
    """A public name with the functions it has in both libraries, and samples of its arguments."""

    def __init__(self, name: str, variants: list[Any], rows: list[Any]) -> None:
        self.name, self.variants, self.rows = name, variants, rows
        self._calls: dict[tuple[str, bool], list[Any]] = {}
        self.elementwise = any(hasattr(one, "domain") or _binary(one) for one in variants)

    @functools.cached_property
    def differentiable(self) -> bool:
        if self.variants:
            return any(one.supports_autograd for one in self.variants)
        return any(row.orders for row in self.rows)

    @functools.cached_property
    def function(self) -> Callable[..., Any]:
        """Ours, for what the op database calls by this name. Raises NotThere."""
        return our_function(self.variants[0]) if self.variants else _of_row(self.rows[0])

    @property
    def kind(self) -> str:
        return kind_of(self)

    def takes_complex(self) -> bool:
        return any(torch.complex128 in one.dtypes for one in self.variants)

    def calls(self, dtype: str, active: bool) -> list[tuple[Any, Any, Sample]]:
        """PyTorch's function, ours, and a sample for both, in a fixed order. Raises NotThere."""
        if (dtype, active) not in self._calls:
            self._calls[dtype, active] = list(self._made(dtype, active))
        return self._calls[dtype, active]

    def _made(self, dtype: str, active: bool) -> Iterator[tuple[Any, Any, Sample]]:
        for info in self.variants:
            if DTYPES[dtype] in info.dtypes:
                ours = our_function(info)
                for sample in samples_of(info, DTYPES[dtype], active and info.supports_autograd):
                    yield info.op, ours, sample
        if dtype == "f8":
            for row in self.rows:
                theirs = torch_function(row)
                for one in row.samples:
                    yield theirs, _of_row(row), row_sample(row, one, active and row.orders > 0)

    def refusals(self) -> Iterator[tuple[Any, Any, Sample, str]]:
        """What must be refused, with the words that PyTorch does it in."""
        for info in self.variants:
            if info.error_inputs_func is None:
                continue
            ours = our_function(info)
            for error in quietly(lambda info=info: list(info.error_inputs("cpu"))):
                try:
                    yield info.op, ours, sample_of(error.sample_input), error.error_regex
                except Unsuitable:
                    continue


def _binary(info: Any) -> bool:
    return type(info).__name__ == "BinaryUfuncInfo"


def quietly(function: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function()


def _of_row(row: Any) -> Any:
    return row.function or find_row(row.name)


def torch_function(row: Any) -> Any:
    """PyTorch's, for a row of ours; None where it has none."""
    if row.torch is None or row.name.startswith("ops."):
        return None
    if callable(row.torch) or row.function is not None:
        return row.torch if callable(row.torch) else row.function
    name = row.name if row.torch == "same" else row.torch
    try:
        return functools.reduce(getattr, name.split("."), torch)
    except AttributeError:
        return None


def our_function(info: Any) -> Any:
    """Ours, for an entry of the op database; what it writes in Python is translated."""
    function = info.op
    if isinstance(function, types.FunctionType) and "torch.testing" in function.__module__:
        return translated(function)
    return find(info.name)


def samples_of(info: Any, dtype: Any, active: bool) -> Iterator[Sample]:
    """The op database's samples, the same in every run."""
    torch.manual_seed(0)
    random.seed(0)
    np.random.seed(0)
    for sample in quietly(lambda: list(info.sample_inputs("cpu", dtype, requires_grad=active))):
        try:
            yield sample_of(sample)
        except Unsuitable:
            continue


def same(x: Any) -> Any:
    return x


def sample_of(sample: Any) -> Sample:
    process = sample.output_process_fn_grad
    code = getattr(process, "__code__", None)
    if code is not None and code.co_code == same.__code__.co_code:
        process = None
    arguments = slots([sample.input, *sample.args])
    return Sample(tuple(arguments), slots(dict(sample.kwargs)), process)


def row_sample(row: Any, sample: Any, active: bool) -> Sample:
    """A sample of ours."""

    def convert(array: Any, differentiable: bool) -> Slot:
        return Slot(array, active and differentiable)

    args, kwargs = converted(drawn(row, sample, np.float64), sample, convert)
    return Sample(tuple(args), kwargs)


def everything() -> list[Op]:
    """Every op of the database, with our rows of that name; then the rows of other names."""
    from torch.testing._internal.common_methods_invocations import op_db

    variants: dict[str, list[Any]] = {}
    for info in op_db:
        variants.setdefault(info.name, []).append(info)
    rows: dict[str, list[Any]] = {}
    for row in ROWS:
        if torch_function(row) is not None and not row.name.startswith("ops."):
            name = row.torch if isinstance(row.torch, str) and row.torch != "same" else row.name
            rows.setdefault(name, []).append(row)
    # Its first samples take a third of a second: it asks who calls it, by a list of all modules.
    list(samples_of(op_db[0], torch.float64, False))
    names = sorted({*variants, *rows}, key=str.lower)
    return [Op(name, variants.get(name, []), rows.get(name, [])) for name in names]


DOORS = {
    "linalg": "Linear algebra",
    "fft": "Fourier transforms",
    "special": "Special functions",
    "masked": "Masked reductions",
    "signal": "Windows",
    "nn": "Networks",
    "sparse": "Sparse",
    "_": "PyTorch's own insides",
}
FOLDERS = {
    "pointwise": "Elementwise",
    "reductions": "Reductions",
    "shape": "Shapes",
    "indexing": "Indexing, sorting, searching",
    "linalg": "Linear algebra",
    "spectral": "Fourier transforms",
    "random": "Random numbers",
}
KINDS = list(dict.fromkeys([*FOLDERS.values(), *DOORS.values(), "Tensors made and converted"]))


def kind_of(op: Op) -> str:
    first = op.name.split(".")[0]
    if first in DOORS:
        return DOORS[first]
    try:
        home = getattr(find(op.name), "__module__", None) or ""
    except NotThere:
        home = ""
        if op.name.startswith(("_", "torch.", "jiterator", "native_")):
            return DOORS["_"]
    for part in home.split("."):
        if part in FOLDERS:
            return FOLDERS[part]
    if op.elementwise:
        return FOLDERS["pointwise"]
    return KINDS[-1]
