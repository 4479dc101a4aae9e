"""A profile as a flame graph: one page, flame.html, with the data in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograd.diagnosis.profile.spans import Span, Spans


class Box:
    """One box of the graph: the spans of one name in one place together. Times in nanoseconds."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.sort = name, kind
        self.own = self.calls = self.made = 0
        self.inside: dict[tuple[str, str], Box] = {}

    def within(self, name: str, kind: str) -> Box:
        """The box of that name directly inside."""
        key = (name, kind)
        if key not in self.inside:
            self.inside[key] = Box(name, kind)
        return self.inside[key]

    def add(self, span: Span) -> None:
        self.own += span.own
        self.calls += span.sort != "formula"
        self.made += span.made

    def told(self, length: int = 0) -> dict[str, Any]:
        """For the page: with the time of all that is inside, which is ``length`` at least."""
        inside = [box.told() for box in self.inside.values()]
        total = self.own + sum(one["total"] for one in inside)
        own = self.own + max(0, length - total)
        return {
            "name": self.name,
            "kind": self.sort,
            "total": max(total, length),
            "own": own,
            "calls": self.calls,
            "made": self.made + sum(one["made"] for one in inside),
            "inside": [one for one in inside if one["total"]],
        }


def by_module(spans: Spans, threads: list[str]) -> Box:
    """Boxes as spans lie in each other; formulas in the modules that made their nodes."""
    root = Box("the whole", "thread")
    boxes: dict[Span, Box] = {}
    several = len({span.thread for span in spans}) > 1
    for span in spans:
        if span.parent is not None:
            box = boxes[span.parent]
        else:
            box = root.within(threads[span.thread], "thread") if several else root
        if span.sort == "formula":
            parts = span.module.split(".")
            for path in [".".join(parts[: i + 1]) for i in range(len(parts))]:
                if path in spans.classes:
                    box = box.within(f"{path}: {spans.classes[path]}", "module")
        kind = "formula" if span.sort == "op" and span.phase == "backward" else span.sort
        box = boxes[span] = box.within(span.label, kind)
        box.add(span)
    return root


def by_line(spans: Spans) -> Box:
    """Boxes of lines in files, and what is called there inside."""
    root = Box("the whole", "thread")
    for span in spans:
        line = span.line
        if span.sort == "block":
            continue
        box = root
        if line is not None:
            box = box.within(line.file, "thread").within(f"{line}  {line.text}".rstrip(), "line")
        box.within(span.label, span.sort).add(span)
    return root


def export(spans: Spans, threads: list[str], path: Any) -> None:
    """Write the page."""
    kinds = ("module", "op", "formula", "work", "block")
    found = {span.sort for span in spans}
    data = json.dumps(
        {
            "modules": by_module(spans, threads).told(spans.length),
            "lines": by_line(spans).told(spans.length),
            "kinds": [kind for kind in kinds if kind in found],
        }
    )
    page = Path(__file__).with_name("flame.html").read_text(encoding="utf-8")
    with open(path, "w", encoding="utf-8") as file:  # what is data is no HTML
        file.write(page.replace("{{data}}", data.replace("<", "\\u003c")))
