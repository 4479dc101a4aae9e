"""The page of mistakes: each script prints what the page says, and its cure runs in silence."""

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

PAGE = Path(__file__).resolve().parent.parent / "docs" / "mistakes.md"


def sections():
    """By title: the scripts of a section, what the first prints, and how it is run."""
    found = {}
    for section in PAGE.read_text(encoding="utf-8").split("\n### ")[1:]:
        title, _, rest = section.partition("\n")
        scripts = re.findall(r"^```python( strict)?\n(.*?)^```", rest, re.DOTALL | re.MULTILINE)
        said = " ".join([line[2:] for line in rest.splitlines() if line.startswith("> ")])
        found[title] = [script for _, script in scripts], said, bool(scripts[0][0])
    return found


SECTIONS = sections()
(PRELUDE,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text().split("\n### ")[0], re.S | re.M)


def printed(path, script, strict):
    """What a script prints to the terminal's error stream, without the traceback above."""
    path.write_text(script, encoding="utf-8")
    wanted, said = object(), []
    lines.note(wanted)
    scope = {"__name__": "__main__", "__file__": str(path)}
    exec(compile(PRELUDE, "prelude", "exec"), scope)
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
    (broken, *_), said, strict = SECTIONS[title]
    assert printed(tmp_path / "train.py", broken, strict) == said


@pytest.mark.parametrize("title", SECTIONS)
def test_its_cure_prints_nothing(title, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scripts, _, strict = SECTIONS[title]
    assert len(scripts) == 2
    assert printed(tmp_path / "train.py", scripts[1], strict) == ""


if __name__ == "__main__":  # writes what is printed into the page
    text = PAGE.read_text(encoding="utf-8")
    for title, ((broken, *_), said, strict) in SECTIONS.items():
        now = printed(Path(sys.argv[1]) / "train.py", broken, strict)
        before, after = text.split(f"\n### {title}\n")
        quoted = re.sub(
            r"(^> .*\n)+", f"> {now}\n".replace("\\", r"\\"), after, count=1, flags=re.M
        )
        text = f"{before}\n### {title}\n{quoted}"
        print(title, "" if now == said else "changed", os.linesep, now)
    PAGE.write_text(text, encoding="utf-8")
