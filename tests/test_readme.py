"""The Python of the README and of the tour runs as it stands, from top to bottom."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

README = Path(__file__).resolve().parent.parent / "README.md"
TOUR = README.parent / "docs" / "tour.md"
PAGES = ("mistakes", "shapes", "strict", "anomaly", "gradcheck", "profile", "explain")


@pytest.mark.parametrize("page", [README, TOUR], ids=lambda page: page.stem)
def test_its_python_runs(page, tmp_path, monkeypatch, capsys):
    pytest.importorskip("pygraphviz")
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.S | re.M)
    blocks = [block for block in blocks if not block.startswith("# train.py")]
    monkeypatch.chdir(tmp_path)  # where the picture goes
    exec("\n".join(blocks), {"__name__": "page"})
    shown = re.search(r"# (tensor\(.*\))$", text, re.M)
    assert shown is not None and shown.group(1) in capsys.readouterr().out
    assert (tmp_path / "graph.svg").stat().st_size > 1000


def test_the_script_prints_what_the_tour_shows(tmp_path):
    text = TOUR.read_text(encoding="utf-8")
    script = re.search(r"^```python\n(# train\.py.*?)^```", text, re.S | re.M)
    shown = re.search(r"^    \$ python -m autograd train\.py\n((?:    .+\n)+)", text, re.M)
    assert script is not None and shown is not None
    (tmp_path / "train.py").write_text(script.group(1), encoding="utf-8")
    path = os.pathsep.join([str(README.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-m", "autograd", "train.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.stdout == textwrap.dedent(shown.group(1)), done.stderr
    assert (tmp_path / "model.pt").stat().st_size > 1000


def test_readme_is_finished():
    text = README.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (README.parent / link).exists(), link
    placeholders = re.findall(r"\b[A-Z]+_[A-Z]+\b|\bTODO\b|^BENCH$", text, re.M)
    assert not placeholders


def test_the_errors_are_those_of_the_pages():
    """The pages' own tests run what prints them."""
    text = README.read_text(encoding="utf-8")
    _, _, rest = text.partition("\n## When something goes wrong\n")
    section = rest.partition("\n## ")[0]
    errors = [" ".join(one.split()) for one in re.findall(r"(?:^    .+\n)+", section, re.M)]
    pages = [page.read_text(encoding="utf-8") for page in (README.parent / "docs").glob("*.md")]
    assert len(errors) == 2
    for error in errors:
        assert any(f"> {error}\n" in page for page in pages), error
    assert all(f"(docs/{name}.md)" in text for name in PAGES)
