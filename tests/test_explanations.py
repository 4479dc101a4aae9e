"""The page about explain, compare and shadow: its scripts print what it shows, up to numbers."""

import contextlib
import io
import linecache
import re
import sys
from pathlib import Path

import pytest

from autograd.engine import lines

PAGE = Path(__file__).resolve().parent.parent / "docs" / "explain.md"
SCRIPT = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", re.DOTALL | re.MULTILINE)


def sections(text):
    """By title: the script of a section, and what the page says that it prints."""
    found = {}
    for section in text.split("\n### ")[1:]:
        match = SCRIPT.search(section)
        if match:
            found[section.partition("\n")[0]] = match.groups()
    return found


SECTIONS = sections(PAGE.read_text(encoding="utf-8"))


def printed(path, script):
    """What a script writes to the terminal, as ``python train.py`` does."""
    path.write_text(script, encoding="utf-8")
    wanted, said = object(), io.StringIO()
    lines.note(wanted)
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(script, str(path), "exec"), {"__name__": "__main__"})
    finally:
        lines.done(wanted)
        linecache.clearcache()
    return "\n".join([line.rstrip() for line in said.getvalue().splitlines()]) + "\n"


def without_numbers(text):
    """Numbers and the spaces that set them out are the machine's; line numbers stay.

    What an error says itself is asserted elsewhere.
    """
    text = re.sub(r"^\w+Error: .*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"(?<![\w.:¹²])-?\d+(\.\d+)?(e[-+]?\d+)?", "#", text)
    return re.sub(r" +", " ", text)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="values within an expression have no name")
@pytest.mark.parametrize("title", SECTIONS)
def test_a_script_prints_what_the_page_shows(title, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    script, shown = SECTIONS[title]
    assert without_numbers(printed(tmp_path / "train.py", script)) == without_numbers(shown)


if __name__ == "__main__":  # writes what is printed into the page
    page = PAGE.read_text(encoding="utf-8")
    for script, shown in SECTIONS.values():
        now = printed(Path(sys.argv[1]) / "train.py", script)
        page = page.replace(
            f"{script}```\n\n```text\n{shown}```", f"{script}```\n\n```text\n{now}```"
        )
    PAGE.write_text(page, encoding="utf-8")
