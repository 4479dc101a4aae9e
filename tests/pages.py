"""The pages of the documentation that show scripts, and what they print.

A section ``### ...`` holds a script, what it prints to the error stream (a quotation) or to the
terminal (a block of text), and after a quotation the script that is right. What stands before the
first section's heading as the last block of Python is run before each, and its lines do not count.

    python -m tests.pages mistakes shapes       writes into these pages what is printed today
"""

from __future__ import annotations

import re
import sys
import tempfile
import traceback
from pathlib import Path
from typing import NamedTuple

from tests.scripts import ran

DOCS = Path(__file__).resolve().parent.parent / "docs"
QUOTED, PRINTED = r"(?:^> [^\n]*\n)+", r"^```text\n(.*?)^```"


class Section(NamedTuple):
    title: str
    scripts: list[str]  # the mistake, and its cure; or one that prints
    quoted: str
    shown: str
    prelude: str
    strict: bool


def text_of(page):
    return (DOCS / f"{page}.md").read_text(encoding="utf-8")


def blocks(page):
    """The Python on a page."""
    return found(r"^```python\n(.*?)^```", text_of(page))


def found(pattern, text):
    return re.findall(pattern, text, re.DOTALL | re.MULTILINE)


def sections(page):
    """The sections of a page that show what is printed."""
    before, *parts = text_of(page).split("\n### ")
    prelude = found(r"^```python\n(.*?)^```", before)[-1:]
    for part in parts:
        title, _, rest = part.partition("\n## ")[0].partition("\n")
        scripts = found(r"^```python( strict)?\n(.*?)^```", rest)
        quoted, shown = found(QUOTED, rest), found(PRINTED, rest)
        if scripts and (quoted or shown):
            yield Section(
                title,
                [script for _, script in scripts],
                " ".join([row[2:] for one in quoted for row in one.splitlines()]),
                "".join(shown[:1]),
                "".join(prelude) if quoted else "",
                bool(scripts[0][0]),
            )


def printed(folder, section, script):
    """What a script prints as an error, without the traceback above, and to the terminal."""
    error, warned, output = ran(folder / "train.py", script, section.prelude, section.strict)
    told = [f"{one.category.__name__}: {one.message}" for one in warned]
    said = [] if error is None else traceback.format_exception_only(type(error), error)
    rows = [row.rstrip() + "\n" for row in output.splitlines()]
    return " ".join(" ".join(told + said).split()), "".join(rows)


def write(page):
    """Write into a page what its scripts print."""
    text = text_of(page)
    for section in sections(page):
        with tempfile.TemporaryDirectory() as folder:
            quoted, shown = printed(Path(folder), section, section.scripts[0])
        before, after = text.split(f"\n### {section.title}\n")
        if section.quoted:
            after = re.sub(QUOTED, lambda _, now=quoted: f"> {now}\n", after, count=1, flags=re.M)
        else:
            after = after.replace(f"```text\n{section.shown}```", f"```text\n{shown}```", 1)
        text = f"{before}\n### {section.title}\n{after}"
    (DOCS / f"{page}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(name)
