"""The certificate: how it measures, that the page says what its figures say, and ops by name."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.certificate import page, reasons
from tests.certificate.cell import Cell, shown
from tests.certificate.ulps import Differs, apart

DOCS = Path(__file__).resolve().parent.parent / "docs"


# -- how far apart ---------------------------------------------------------------------------------


def test_an_error_is_relative_to_the_largest_element():
    eps = np.finfo(np.float64).eps
    assert apart([1.0 + 4 * eps, 8.0], [1.0, 8.0]) == 0.5
    assert apart([1e-30, 1.0], [0.0, 1.0]) == 1e-30 / eps
    assert apart(np.float32([1.0]), np.float64([1.0 + 2**-23]), np.float32) == pytest.approx(1)
    assert apart([3 + 4j], [3 + 4j + 4 * eps]) == pytest.approx(0.8)
    assert apart([], []) == 0


@pytest.mark.parametrize(
    "found, expected, words",
    [
        ([1.0], [[1.0]], "shape"),
        ([np.nan], [1.0], "NaN or infinite"),
        ([1.0], [np.nan], "NaN or infinite in PyTorch"),
        ([np.inf], [-np.inf], "in PyTorch"),
        ([1, 2], [1, 3], "1 of 2 elements"),
        ([1], [1.0], "dtype"),
    ],
)
def test_what_ulps_do_not_describe_differs(found, expected, words):
    with pytest.raises(Differs, match=words):
        apart(found, expected)


def test_elements_can_be_left_out():
    assert apart([1.0, 2.0], [np.nan, 2.0], only="numbers") == 0
    with pytest.raises(Differs):
        apart([np.nan, 2.0], [1.0, 2.0], only="numbers")
    assert apart(np.float32([np.inf, 2]), [1e300, 2.0], np.float32, only="fitting") == 0
    with pytest.raises(Differs):
        apart(np.float32([np.inf, 2]), [1e30, 2.0], np.float32, only="fitting")


# -- the page --------------------------------------------------------------------------------------


def figures():
    ops = {
        "exp": {
            "kind": "Elementwise",
            "database": True,
            "cells": [[8, 8, 0.5], [1, 1, 0.1]],
            "notes": {},
            "open": [],
        },
        "sqrt": {
            "kind": "Elementwise",
            "database": True,
            "cells": [[3, 2, 1e6], [1, 0, 0.0]],
            "notes": {"value": "differs: 2 | 3 *", "gradient": "refused: as it should"},
            "open": ["value"],
        },
        "_sum": {"kind": "Reductions", "database": True, "absent": reasons.absent("_sum")},
    }
    return {
        "versions": {"gradloom": "1", "numpy": "2", "torch": "3", "python": "4"},
        "columns": {"value": "the value", "gradient": "the gradient"},
        "totals": page.totals(ops, ["value", "gradient"]),
        "ops": ops,
        "speed": {"exp": {"call": "(f)", "value": [30.0, 10.0], "gradient": [9.0, 10.0]}},
    }


def test_the_page_shows_every_op_with_its_reason():
    text = page.rendered(figures())
    assert "| `exp` | 8 · 0.5 | 1 · 0.1 |" in text
    assert "| `sqrt` | **2/3** · 1e6 | **0/1** |" in text
    assert "- `sqrt`: value: `differs: 2 \\| 3 *`; gradient: refused: as it should" in text
    assert "Without a reason in some column: `sqrt`." in text
    assert "- `_sum`: not there; a step inside PyTorch." in text
    assert "2 of the 3 names" in text
    assert "| value: the value | 2 | 1 | 11 | 10 |" in text
    why = reasons.slow("exp")
    assert why and f"| `exp` | 30 | 10 | 3.0 | value | {why} |" in text


def test_what_is_written_is_read_again(tmp_path):
    docs, readme = tmp_path / "docs", tmp_path / "README.md"
    docs.mkdir()
    readme.write_text(f"# A\n\n{page.LINK}: 0 of 0.\n", encoding="utf-8")
    page.write(docs, figures())
    assert page.saved(docs / "certificate.json") == figures()
    assert (docs / "certificate.md").read_text(encoding="utf-8") == page.rendered(figures())
    assert readme.read_text(encoding="utf-8") == f"# A\n\n{page.in_a_line(figures())}\n"


def test_the_totals_in_a_line():
    line = page.in_a_line(figures())
    assert "2 of its 3 names are there; 1 of 2 differentiable ops agree" in line
    assert "0 differ for a reason given; 11 of 13 cases agree; at 100,000" in line
    assert "on one thread 1 of 1 take more than twice PyTorch's time" in line


def test_a_cell_counts_how_cases_end():
    cell = Cell()
    cell.agree(0.5)
    cell.agree(0.25)
    cell.wrong("2 ulps", "x")
    cell.refuse(ValueError("no"), [1, 2])
    assert (cell.cases, cell.agreed, cell.ulps) == (4, 2, 0.5)
    assert reasons.differs("cov", "value", "5 ulps") and not reasons.differs(
        "exp", "value", "5 ulps"
    )
    assert cell.refused == ["ValueError: no at [1, 2]"] and shown((1, [2])) == "[1, [2]]"


def test_the_page_is_that_of_its_figures():
    found = page.saved(DOCS / "certificate.json")
    assert (DOCS / "certificate.md").read_text(encoding="utf-8") == page.rendered(found)
    assert found["totals"] == page.totals(found["ops"], list(found["columns"]))
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert readme.count(page.LINK) == 1 and page.in_a_line(found) in readme.split("\n")


def test_every_difference_has_its_reason():
    found = page.saved(DOCS / "certificate.json")
    assert [name for name, op in found["ops"].items() if op.get("open")] == []
    slow = [name for _, name, _, _ in page.slower(found["speed"])]
    assert [name for name in slow if not reasons.slow(name)] == []


# -- beside PyTorch --------------------------------------------------------------------------------


@pytest.mark.torch
def test_samples_of_pytorchs_become_calls_of_ours():
    torch = pytest.importorskip("torch")
    pytest.importorskip("expecttest")
    import autograd
    from tests.certificate import adapter
    from tests.certificate.sides import OURS, THEIRS, call

    given = adapter.slots([torch.tensor([1.0, 2.0], requires_grad=True), {"dim": 0}])
    assert given[0].requires_grad and given[0].array.tolist() == [1, 2] and given[1] == {"dim": 0}
    assert adapter.ours(torch.float64) is autograd.float64
    assert adapter.find("nn.functional.relu").__name__ == "relu"
    assert adapter.find("view") is autograd.Tensor.view
    with pytest.raises(adapter.NotThere):
        adapter.find("no_such_name")
    sample = adapter.Sample((given[0],), {"dim": 0, "dtype": torch.float64})
    for one, two in zip(call(OURS, autograd.sum, sample, 2), call(THEIRS, torch.sum, sample, 2)):
        assert [a.tolist() for a in one] == [a.tolist() for a in two]


class Stub:
    """An op of one sample."""

    name, differentiable = "exp", True

    def __init__(self, theirs, ours):
        self.pair = theirs, ours

    def calls(self, dtype, active):
        from tests.certificate.adapter import Sample, Slot

        return [(*self.pair, Sample((Slot(np.linspace(0.1, 0.9, 5), active),), {}))]


@pytest.mark.torch
def test_what_is_wrong_is_found_in_its_column():
    torch = pytest.importorskip("torch")
    pytest.importorskip("expecttest")
    import autograd
    from tests.certificate.columns import examined

    def refused(x):
        raise ValueError("no")

    def ended(ours, theirs=torch.exp):
        cells = dict(examined(Stub(theirs, ours)))
        names = ("value", "gradient", "second", "float32", "0-d", "strided", "foreign", "wide")
        return {name: (cells[name]["wrongs"], cells[name]["refused"]) for name in names}

    assert all(one == ([], []) for one in ended(autograd.exp).values())
    assert all(one[1] for name, one in ended(refused).items())
    both = ended(refused, lambda x: torch.exp(x) + 2 * (x.dtype == torch.float32))
    assert len(both["wide"][1]) == 2  # not the two in which PyTorch's has no right digit, either
    off = ended(lambda x: autograd.exp(x) + 1e-9)
    assert "ulps" in off["value"][0][0] and off["gradient"] == ([], [])
    kinked = ended(lambda x: autograd.exp(x) + 1e-5 * (x - x.detach()) ** 2)
    assert kinked["gradient"] == ([], []) and "ulps" in kinked["second"][0][0]
    wide = ended(lambda x: autograd.exp(x).double())["float32"][0]
    assert wide == ["dtype float64, not float32 at (float64[5])"]


@pytest.mark.torch
@pytest.mark.slow
def test_twenty_ops_agree(tmp_path):
    """In a program of their own: it forks, which a process with threads, as this one, must not."""
    names = "add amax atan2 cat cumsum gather index_select logsumexp mm mul permute pow prod"
    names += " softmax sqrt sum tanh transpose tril where"
    pytest.importorskip("expecttest")  # PyTorch's op database imports it
    command = [sys.executable, "-m", "tests.certificate", *names.split()]
    command += ["--speed", "keep", "--cells", str(tmp_path / "cells.json")]
    ended = subprocess.run(command, cwd=DOCS.parent, capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr
    found = json.loads((tmp_path / "cells.json").read_text(encoding="utf-8"))
    assert len(found) == 20
    for name, cells in found.items():
        for column in ("value", "gradient", "second", "float32", "0-d", "strided", "foreign"):
            cell = cells[column]
            assert cell["agreed"] or column == "0-d", (name, column)
            assert not cell["wrongs"] + cell["refused"], (name, column, cell)
