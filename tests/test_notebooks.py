"""The notebooks run from top to bottom, are built alike, and the demo does what the README says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
QUICK = {"5_own_operation", "9_engine"}  # the others train, or draw much
RUN = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if path.stem not in QUICK else [])
    for path in NOTEBOOKS
]


def test_there_are_notebooks():
    assert NOTEBOOKS


def read(path):
    return pytest.importorskip("nbformat").read(path, as_version=4)


@pytest.mark.parametrize("path", RUN)
@pytest.mark.filterwarnings("default")  # of the kernel's machinery, not of ours
def test_notebook_runs(path, monkeypatch):
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(path.parent)
    notebook = read(path)
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert outputs and not any(output.output_type == "error" for output in outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_saved_with_its_outputs(path):
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [one for one in outputs if one.output_type == "error" or one.get("name") == "stderr"]
    assert path.stat().st_size < 1_500_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_ends_in_exercises_with_checked_solutions_that_are_folded(path):
    cells = read(path).cells
    number, title = path.stem.split("_", 1)
    assert cells[0].source.startswith(f"# {number}. "), title
    start = [i for i, cell in enumerate(cells) if cell.source.startswith("## Exercises")]
    assert len(start) == 1
    solutions = [cell for cell in cells[start[0] :] if cell.source.startswith("# Solution ")]
    assert len(solutions) >= 3
    for i, cell in enumerate(solutions, 1):
        assert cell.source.startswith(f"# Solution {i}") and "assert " in cell.source
        assert "hide-input" in cell.metadata.get("tags", ())
        assert cell.metadata["jupyter"]["source_hidden"] is True


@pytest.mark.slow
def test_demo_learns_the_digits(tmp_path):
    for package in ("sklearn", "matplotlib", "tqdm"):
        pytest.importorskip(package)
    run = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "digits.py"), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert run.returncode == 0, run.stderr
    assert "partial derivatives agree" in run.stdout
    shares = [
        float(line.split()[1].rstrip("%")) for line in run.stdout.splitlines() if "held-out" in line
    ]
    assert len(shares) == 3 and max(shares) >= 97.0
    assert (tmp_path / "losses.png").stat().st_size > 10_000
    assert "0.weight" in (tmp_path / "graph.svg").read_text()
