"""The page of the certificate, and the file of its figures, from which alone the page is made."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import autograd
from tests.certificate import reasons

Figures = dict[str, Any]
LINK = "[The certificate](docs/certificate.md)"  # how the line of the README begins


def number(ulps: float) -> str:
    """An error, short.

    >>> [number(x) for x in (0.0, 0.04, 0.5, 12.3, 45678.0)]
    ['0', '0.1', '0.5', '12', '5e4']
    """
    if ulps == 0:
        return "0"
    if ulps < 10:
        return f"{max(ulps, 0.1):.1f}".removesuffix(".0")
    return f"{ulps:.0f}" if ulps < 10_000 else f"{ulps:.0e}".replace("e+0", "e")


def written(cell: list[Any] | None) -> str:
    """A cell as it is shown; it holds cases, those that agree, the largest error.

    >>> written([8, 8, 0.52]), written([8, 6, 2.0]), written(None)
    ('8 · 0.5', '**6/8** · 2', '–')
    """
    if cell is None:
        return "–"
    cases, agreed, ulps = cell
    count = f"{cases}" if cases == agreed else f"**{agreed}/{cases}**"
    return f"{count} · {number(ulps)}" if agreed else count


def totals(ops: dict[str, Any], columns: list[str]) -> dict[str, list[int]]:
    """Of every column: ops with cases, ops whose cases all agree, cases, those that agree."""
    found = {}
    for i, column in enumerate(columns):
        cells = [op["cells"][i] for op in ops.values() if op.get("cells") and op["cells"][i]]
        whole = [cell for cell in cells if cell[0] == cell[1]]
        found[column] = [len(cells), len(whole), sum(c[0] for c in cells), sum(c[1] for c in cells)]
    return found


def figures(ops: list[Any], cells: dict[str, Any], times: dict[str, Any]) -> Figures:
    """What is written into the file: all that the page says, but its words."""
    from tests.certificate.columns import COLUMNS
    from tests.certificate.ops import KINDS

    columns = [column.name for column in COLUMNS]
    made: dict[str, Any] = {}
    for op in ops:
        found = cells[op.name]
        entry: dict[str, Any] = {"kind": op.kind, "database": bool(op.variants)}
        if found.get("value", {}).get("absent", "").startswith("no torch"):
            entry["absent"] = reasons.absent(op.name)
        else:
            entry["cells"] = [_cell(found.get(name)) for name in columns]
            notes = {name: _note(op.name, name, found.get(name)) for name in columns}
            if "ended" in found:
                notes["ended"] = found["ended"], True
            entry["notes"] = {name: words for name, (words, _) in notes.items() if words}
            entry["open"] = [name for name, (_, unknown) in notes.items() if unknown]
        made[op.name] = entry
    ordered = sorted(made, key=lambda name: (KINDS.index(made[name]["kind"]), name.lower(), name))
    made = {name: made[name] for name in ordered}
    return {
        "versions": {
            "gradloom": autograd.__version__,
            "numpy": metadata.version("numpy"),
            "torch": metadata.version("torch").partition("+")[0],
            "python": platform.python_version(),
        },
        "columns": {column.name: column.words for column in COLUMNS},
        "totals": totals(made, columns),
        "ops": made,
        "speed": times,
    }


def _cell(found: dict[str, Any] | None) -> list[Any] | None:
    if found is None or found["absent"]:
        return None
    cases = found["agreed"] + len(found["wrongs"]) + len(found["refused"])
    return [cases, found["agreed"], round(found["ulps"], 2)] if cases else None


def _note(name: str, column: str, found: dict[str, Any] | None) -> tuple[str, bool]:
    """Why not all cases of a cell agree, and whether one has no known reason; it comes first."""
    if found is None:
        return "", False
    if found["absent"]:
        return found["absent"], True
    known, unknown = {}, []
    for one in found["wrongs"] + found["refused"]:
        why = reasons.differs(name, column, one)
        if why:
            known[why] = None
        else:
            unknown.append(one)
    parts = list(known)
    if unknown:
        kind = "refused" if unknown[0] in found["refused"] else "differs"
        parts.insert(0, f"{'accepted' if column == 'refused' else kind}: {unknown[0]}")
    return "; ".join(" ".join(one.split())[:240] for one in parts), bool(unknown)


def saved(path: Path) -> Figures:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(docs: Path, found: Figures) -> None:
    """Both files, and the README's line; the figures a line an op, to show where they change."""
    parts = []
    for key, value in found.items():
        if key in ("ops", "speed"):
            lines = ",\n".join(f"  {_json(k)}: {_json(v)}" for k, v in value.items())
            parts.append(f" {_json(key)}: {{\n{lines}\n }}")
        else:
            parts.append(f" {_json(key)}: {_json(value)}")
    text = "{\n" + ",\n".join(parts) + "\n}\n"
    (docs / "certificate.json").write_text(text, encoding="utf-8")
    (docs / "certificate.md").write_text(rendered(json.loads(text)), encoding="utf-8")
    readme = docs.parent / "README.md"
    lines = readme.read_text(encoding="utf-8").split("\n")
    lines = [in_a_line(found) if line.startswith(LINK) else line for line in lines]
    readme.write_text("\n".join(lines), encoding="utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| --- |{' ---: |' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def escaped(text: str) -> str:
    """Text in which nothing is markup: as code where it holds a sign of Markdown's."""
    text = text.replace("`", "'").replace("|", "\\|")
    return f"`{text}`" if any(sign in text for sign in "*_<>[]{}$#~") else text


INTRODUCTION = """\
# Certificate

Every op of PyTorch's own op database, the table that PyTorch tests itself by, with all its
samples (at most {most} an op, spread over them; those of more than a million numbers for value
and gradient alone), and the samples of our own tables of ops: called here and in PyTorch {torch}
with the same arrays, and compared. `make certificate` makes this page. It was made with gradloom
{gradloom}, NumPy {numpy} and Python {python}; [certificate.json](certificate.json) holds its
figures.

**How to read it.** A cell is *cases · largest error*: `8 · 0.5` are eight calls, all of which
agree, at most half a unit in the last place (ulp) apart. **6/8** says that two of eight do not
agree, or are refused; the notes under the table say why. A dash: there is no such case, because
PyTorch has none (a comparison has no gradient) or refuses it.

**How it is measured.** The error of an array is max|ours − PyTorch's| / (eps · max|PyTorch's|),
eps being 2⁻⁵² in float64 and 2⁻²³ in float32: relative to the largest element, which is about as
large as the terms that elements are sums of; of a derivative relative to 1, if its largest
element is smaller, because terms cancel there. PyTorch's float64 is the reference, also of the
columns in float32, and its own rounding is in the figure. A case agrees up to 1,024 ulps
(2·10⁻¹³) in float64, or further where PyTorch's float32 is as many ulps from its float64: there
the problem is that hard; in float32 up to 64, or four times PyTorch's own error. Shapes, dtypes
and the structure of a result are equal. What is unique up to a sign or a basis (`svd`, `eigh`,
`qr`) is compared after the function that the op database gives for that purpose; random numbers
are drawn from one seed and are PyTorch's own. Numbers of extreme size are judged where the true
result fits into float32; a call that PyTorch's float32 misses as far as ours does is no case.
Where a derivative is NaN in PyTorch, a number is no difference: a gradient of zero means none,
here.
"""


def rendered(found: Figures) -> str:
    """The page."""
    ops, columns = found["ops"], found["columns"]
    lines = [INTRODUCTION.format(most=60, **found["versions"]), *_totals(found)]
    for kind in dict.fromkeys(op["kind"] for op in ops.values()):
        these = {name: op for name, op in ops.items() if op["kind"] == kind}
        there = {name: op for name, op in these.items() if "cells" in op}
        lines += [f"## {kind}", ""]
        used = [i for i in range(len(columns)) if any(op["cells"][i] for op in there.values())]
        head = ["op", *(list(columns)[i] for i in used)]
        rows = [
            [f"`{name}`", *(written(op["cells"][i]) for i in used)] for name, op in there.items()
        ]
        if rows:
            lines += table(head, rows)
        notes = list(_notes(there))
        missing = [
            f"- `{n}`: not there; {op['absent']}." for n, op in these.items() if "absent" in op
        ]
        lines += [*notes, *missing, ""] if notes or missing else []
    lines += _speed(found)
    return "\n".join(lines).rstrip() + "\n"


def _totals(found: Figures) -> Iterator[str]:
    rows = [
        [f"{name}: {words}", *(f"{n:,}" for n in found["totals"][name])]
        for name, words in found["columns"].items()
    ]
    agreed, explained, left = verdicts(found)
    yield "## In all"
    yield ""
    yield (
        "{} of the {} names in the op database are there. ".format(*names(found))
        + f"Of the {len(agreed) + len(explained) + len(left)} ops that PyTorch differentiates,"
        f" {len(agreed)} agree with it in every case of value, gradient and second derivative;"
        f" {len(explained)} differ from it for a reason that their notes give;"
        f" {len(left) or 'none'} without one."
    )
    if unexplained := [name for name, op in found["ops"].items() if op.get("open")]:
        yield ""
        yield f"Without a reason in some column: {', '.join(f'`{name}`' for name in unexplained)}."
    yield ""
    yield from table(["column", "ops", "all agree", "cases", "agree"], rows)


def names(found: Figures) -> tuple[int, int]:
    """How many names of the op database are there, and how many it has."""
    listed = [op for op in found["ops"].values() if op["database"]]
    return sum("cells" in op for op in listed), len(listed)


def verdicts(found: Figures) -> tuple[list[str], list[str], list[str]]:
    """The ops with a derivative: all of whose cases agree; that have reasons; that have none."""
    order = list(found["columns"])
    judged = [column for column in ("value", "gradient", "second") if column in order]
    verdict: tuple[list[str], list[str], list[str]] = [], [], []
    for name, op in found["ops"].items():
        if not op.get("cells") or not op["cells"][order.index("gradient")]:
            continue
        cells = [op["cells"][order.index(column)] for column in judged]
        if all(cell is None or cell[0] == cell[1] for cell in cells):
            verdict[0].append(name)
        else:
            verdict[2 if {*judged, "ended"} & {*op["open"]} else 1].append(name)
    return verdict


def in_a_line(found: Figures) -> str:
    """The totals, as the README has them."""
    agreed, explained, left = verdicts(found)
    ops = len(agreed) + len(explained) + len(left)
    cases, same = (sum(one[i] for one in found["totals"].values()) for i in (2, 3))
    slow = len(list(slower(found["speed"])))
    times = (
        f"; at 100,000 elements on one thread {slow} of {len(found['speed'])} take more than twice"
        " PyTorch's time, each for a reason given"
    )
    return (
        f"{LINK}: {names(found)[0]} of its {names(found)[1]} names are there; {len(agreed)} of"
        f" {ops} differentiable ops agree in every value, gradient and second derivative,"
        f" {len(explained)} differ for a reason given; {same:,} of {cases:,} cases agree"
        f"{times if found['speed'] else ''}."
    )


def _notes(ops: dict[str, Any]) -> Iterator[str]:
    for name, op in ops.items():
        by_words: dict[str, list[str]] = {}
        for column, words in op["notes"].items():
            by_words.setdefault(words, []).append(column)
        if by_words:
            said = "; ".join(f"{', '.join(c)}: {escaped(w)}" for w, c in by_words.items())
            yield f"- `{name}`: {said}"


def slower(times: dict[str, Any]) -> Iterator[tuple[float, str, str, list[float]]]:
    """Ratio, op, what, and microseconds, of what takes more than twice PyTorch's time."""
    for name, found in times.items():
        worst = max(
            ((pair[0] / pair[1], what) for what, pair in found.items() if what != "call"),
            default=(0.0, ""),
        )
        if worst[0] > 2:
            yield worst[0], name, worst[1], found[worst[1]]


def _speed(found: Figures) -> Iterator[str]:
    times = found["speed"]
    if not times:
        return
    unmeasured = [
        f"`{name}`"
        for verdict in verdicts(found)
        for name in verdict
        if "gradient" not in times.get(name, {})
    ]
    slow = sorted(slower(times), key=lambda one: one[1].lower())
    yield "## Speed"
    yield ""
    yield (
        f"The largest sample of each of {len(times)} ops, in float32, made 100,000 elements large: "
        "the value, and the value with the gradient, on one thread, in turn with PyTorch, the "
        f"shortest of five rounds or more. Without a time of their gradient, as no sample can be "
        f"made so large: {', '.join(unmeasured) or 'none'}. More than twice as long as PyTorch "
        f"take {len(slow)}, in the case named, the worse of the two:"
    )
    yield ""
    yield from table(
        ["op", "ours, µs", "PyTorch, µs", "ratio", "in", "why"],
        [
            [
                f"`{name}`",
                f"{pair[0]:,.0f}",
                f"{pair[1]:,.0f}",
                f"{ratio:.1f}",
                what,
                reasons.slow(name),
            ]
            for ratio, name, what, pair in slow
        ],
    )


def in_words(cells: dict[str, Any]) -> str:
    """What is found of a few ops, for who works on them."""
    lines = []
    for name, found in cells.items():
        lines.append(name)
        for column, cell in found.items():
            if column == "ended":
                lines.append(f"    ended: {cell}")
                continue
            shown = _cell(cell)
            lines.append(f"    {column:9} {written(shown)} {cell['absent']}".rstrip())
            lines += [f"        {one}" for one in (cell["wrongs"] + cell["refused"])[:6]]
    return "\n".join(lines) + "\n"


def totals_in_words(found: Figures) -> str:
    return "\n".join(
        f"{name:9} {whole} of {ops} ops, {agreed} of {cases} cases"
        for name, (ops, whole, cases, agreed) in found["totals"].items()
    )
