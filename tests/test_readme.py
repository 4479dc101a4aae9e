"""The README's Python runs as it stands, from top to bottom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).resolve().parent.parent / "README.md"


def test_readme_runs(tmp_path, monkeypatch, capsys):
    pytest.importorskip("pygraphviz")
    text = README.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.S | re.M)
    assert len(blocks) >= 2
    monkeypatch.chdir(tmp_path)  # where the picture goes
    exec("\n".join(blocks), {"__name__": "readme"})
    shown = re.search(r"# (tensor\(.*\))$", text, re.M)
    assert shown is not None and shown.group(1) in capsys.readouterr().out
    assert (tmp_path / "graph.svg").stat().st_size > 1000


def test_readme_is_finished():
    text = README.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (README.parent / link).exists(), link
    placeholders = re.findall(r"\b[A-Z]+_[A-Z]+\b|\bTODO\b|^BENCH$", text, re.M)
    assert not placeholders
