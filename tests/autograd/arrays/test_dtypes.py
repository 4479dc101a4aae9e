"""Dtypes are asked by name: bfloat16, whose letter is V, is a floating one too."""

import ast
from pathlib import Path

import numpy as np
import pytest

from autograd.arrays import dtypes

ROOT = Path(__file__).resolve().parents[3]
HOMES = [ROOT / "autograd" / "arrays" / f"{name}.py" for name in ("dtypes", "named_dtypes")]
for folder in ("planning", "machine"):  # they know NumPy's own and no other, and let those be
    HOMES += (ROOT / "autograd" / "compiler" / folder).glob("*.py")


OTHERS = {
    "buffer",
    "group",
    "module",
    "place",
    "row",
}  # whose kind is a class: what a picture or a table shows


def test_nobody_else_asks_a_dtype_for_its_letter():
    asked = []
    for package in ("autograd", "nn", "optim"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr == "kind" and path not in HOMES:
                    if isinstance(node.value, ast.Name) and node.value.id in OTHERS:
                        continue
                    asked.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not asked, "ask floating(d), differentiable(d), ... instead: " + ", ".join(asked)


KINDS = {
    "floating": "f",
    "complex_valued": "c",
    "differentiable": "fc",
    "boolean": "b",
    "integral": "iu",
    "unsigned": "u",
    "numeric": "biufc",
}


@pytest.mark.parametrize("name", KINDS)
def test_the_kinds(name):
    for dtype in [*map(np.dtype, dtypes.NAMES), np.dtype(object), np.dtype("U3"), np.dtype(">f4")]:
        assert getattr(dtypes, name)(dtype) is (dtype.kind in KINDS[name]), dtype
