"""The pages of mistakes: a script prints what its page says, and its cure runs in silence."""

import linecache
import os
import re
import sys
import traceback
import warnings
from contextlib import nullcontext
from pathlib import Path

import pytest

import autograd
from autograd.engine import lines

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = [DOCS / "mistakes.md", DOCS / "shapes.md"]


def sections(page):
    """By title: the scripts of a section, what the first prints, and how it is run."""
    found = {}
    prelude, *parts = page.read_text(encoding="utf-8").split("\n### ")
    (prelude,) = re.findall(r"^```python\n(.*?)^```", prelude, re.DOTALL | re.MULTILINE)
    for section in parts:
        title, _, rest = section.partition("\n")
        scripts = re.findall(r"^```python( strict)?\n(.*?)^```", rest, re.DOTALL | re.MULTILINE)
        said = " ".join([line[2:] for line in rest.splitlines() if line.startswith("> ")])
        found[title] = prelude, [script for _, script in scripts], said, bool(scripts[0][0])
    return found


SECTIONS = {title: section for page in PAGES for title, section in sections(page).items()}


def printed(path, prelude, script, strict):
    """What a script prints to the terminal's error stream, without the traceback above."""
    path.write_text(script, encoding="utf-8")
    wanted, said = object(), []
    lines.note(wanted)
    scope = {"__name__": "__main__", "__file__": str(path)}
    exec(compile(prelude, "prelude", "exec"), scope)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("default")
            with autograd.strict() if strict else nullcontext():
                try:
                    exec(compile(script, str(path), "exec"), scope)
                except Exception as error:
                    said = traceback.format_exception_only(type(error), error)
    finally:
        lines.done(wanted)
        linecache.clearcache()
    told = [f"{one.category.__name__}: {one.message}" for one in warned]
    return " ".join(" ".join(told + said).split())


@pytest.mark.parametrize("title", SECTIONS)
def test_a_mistake_prints_what_the_page_says(title, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    prelude, (broken, *_), said, strict = SECTIONS[title]
    assert printed(tmp_path / "train.py", prelude, broken, strict) == said


@pytest.mark.parametrize("title", SECTIONS)
def test_its_cure_prints_nothing(title, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    prelude, scripts, _, strict = SECTIONS[title]
    assert len(scripts) == 2
    assert printed(tmp_path / "train.py", prelude, scripts[1], strict) == ""


if __name__ == "__main__":  # writes what is printed into a page
    page = DOCS / sys.argv[2]
    text = page.read_text(encoding="utf-8")
    for title, (prelude, (broken, *_), said, strict) in sections(page).items():
        now = printed(Path(sys.argv[1]) / "train.py", prelude, broken, strict)
        before, after = text.split(f"\n### {title}\n")
        quoted = re.sub(
            r"(^> .*\n)+", f"> {now}\n".replace("\\", r"\\"), after, count=1, flags=re.M
        )
        text = f"{before}\n### {title}\n{quoted}"
        print(title, "" if now == said else "changed", os.linesep, now)
    page.write_text(text, encoding="utf-8")
