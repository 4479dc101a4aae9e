"""A profile as a trace in Chrome's format, which Perfetto shows (ui.perfetto.dev)."""

from __future__ import annotations

import gzip
import json
import os
from typing import Any

from autograd.diagnosis.profile.spans import Span, Spans


def export(spans: Spans, threads: list[str], path: Any) -> None:
    """Write ``spans`` into a file; compressed, if its name ends in .gz.

    Google's Trace Event Format: one complete event ("X") for each span, in microseconds, and one
    counter ("C") for each change of the memory that results hold.
    """
    process = os.getpid()
    common = {"pid": process, "ts": 0, "ph": "M"}
    events: list[dict[str, Any]] = [
        {**common, "name": "thread_name", "tid": number, "args": {"name": name}}
        for number, name in enumerate(threads)
    ]
    for span in spans:
        events.append(
            {
                "name": span.label,
                "cat": span.sort,
                "ph": "X",
                "ts": (span.start - spans.begun) / 1000,
                "dur": span.duration / 1000,
                "pid": process,
                "tid": span.thread,
                "args": _facts(span),
            }
        )
    held = 0
    for time, _, change in spans.changes:
        held += change
        events.append(
            {
                "name": "results",
                "ph": "C",
                "ts": (time - spans.begun) / 1000,
                "pid": process,
                "tid": 0,
                "args": {"bytes": held},
            }
        )
    text = json.dumps({"traceEvents": events, "displayTimeUnit": "ms"})
    if str(path).endswith(".gz"):
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.write(text)
    else:
        with open(path, "w", encoding="utf-8") as plain:
            plain.write(text)


def _facts(span: Span) -> dict[str, Any]:
    """What is shown of a span when it is clicked on."""
    facts = {
        "phase": span.phase,
        "module": span.module,
        "line": str(span.line or ""),
        "shapes": span.shapes,
        "bytes made": span.made,
        "rise": span.rise,
    }
    return {name: fact for name, fact in facts.items() if fact}
