"""docs/shapes.md shows what its scripts print."""

import re
import runpy
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "shapes.md"
SHOWN = re.findall(
    r"## (.+?)\n\n```python\n(.+?)```\n\n```text\n(.+?)\n```", PAGE.read_text("utf-8"), re.DOTALL
)


@pytest.mark.parametrize("title, script, shown", SHOWN, ids=[title for title, *_ in SHOWN])
def test_a_script_prints_what_the_page_shows(title, script, shown, tmp_path):
    path = tmp_path / "train.py"
    path.write_text(script, encoding="utf-8")
    with pytest.raises(Exception) as caught:
        runpy.run_path(str(path), run_name="__main__")
    kind = type(caught.value)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    assert f"{module}{kind.__name__}: {caught.value}" == shown


def test_every_section_is_a_script():
    assert len(SHOWN) == PAGE.read_text("utf-8").count("\n## ")
