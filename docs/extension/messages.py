"""Every error that the source can raise, with its cure: read off the ``raise`` statements.

An error reads *Requirement; fact. Remedy.*, so its first sentence is what is wrong and the rest is
the cure. It stands under the public name that it begins with, or in whose text it is raised; what
is said for many functions stands under the file that says it.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .names import OURS, Name, everything
from .reference import KINDS, heading, kind_of, put

KINDS_OF_ERRORS = re.compile(r"\w*(Error|Exception|Exit|Warning)$")
LEFT_OUT = ("autograd/script/", "autograd/vision/missing", "autograd/diagnosis/explain/kinds")


class Message(NamedTuple):
    kind: str  # ValueError
    text: str  # what is wrong, as reST
    cure: str
    subject: str  # linear, Conv2d
    module: str  # the file, as a module


def setup(app: Any) -> None:
    app.connect("builder-inited", write)


def write(app: Any) -> None:
    folder = Path(app.confdir) / "reference" / "messages"
    pages = dict(texts(Path(app.confdir).parent))
    for old in folder.glob("*.rst"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        put(folder / name, text)


def texts(root: Path) -> Iterator[tuple[str, str]]:
    by_last_word: dict[str, list[Name]] = defaultdict(list)
    for name in everything():
        by_last_word[name.path.rpartition(".")[2]].append(name)
    groups: dict[str, dict[str, list[Message]]] = defaultdict(lambda: defaultdict(list))
    for message in dict.fromkeys(collected(root)):
        kind, label = place(message, by_last_word)
        groups[kind][label].append(message)
    for kind, (title, _, _) in KINDS.items():
        if kind in groups:
            lines = [heading(f"Errors: {title}"), "", INTRODUCTION, ""]
            for label in sorted(groups[kind], key=str.lower):
                lines += [label]
                for one in groups[kind][label]:
                    lines += [f"   | ``{one.kind}``: {one.text}"]
                    lines += [f"   | **Cure:** {one.cure}"] if one.cure else []
                    lines += [""]
            yield f"{kind}.rst", "\n".join(lines)


INTRODUCTION = """Words in *italics* stand for what was given. At the end of each message comes the
line where it was, and the module, where they are known: :doc:`/docs/errors`."""


def collected(root: Path) -> Iterator[Message]:
    for package in OURS:
        for path in sorted((root / package).rglob("*.py")):
            relative = path.relative_to(root).as_posix()
            if not relative.startswith(LEFT_OUT):
                module = relative.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                yield from in_file(ast.parse(path.read_text(encoding="utf-8")), module)


def in_file(tree: ast.Module, module: str) -> Iterator[Message]:
    for top in tree.body:
        for call in ast.walk(top):
            if not (isinstance(call, ast.Call) and call.args):
                continue
            kind = getattr(call.func, "id", None) or getattr(call.func, "attr", "")
            text = said(call.args[0])
            if KINDS_OF_ERRORS.match(kind) and text and " " in text:
                subject = re.match(r"([A-Za-z_][\w.]*): ", text)
                enclosing = getattr(top, "name", "")
                wrong, cure = parted(text)
                yield Message(kind, wrong, cure, subject[1] if subject else enclosing, module)


def parted(text: str) -> tuple[str, str]:
    """What is wrong, and the cure: the first sentence, and the others."""
    first, _, rest = text.partition(". ")
    return (f"{first}." if rest else first), rest


def said(node: ast.expr) -> str:
    """A message as reST, with words in italics for what only a run knows."""
    if isinstance(node, ast.Constant):
        return escaped(node.value) if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            said(part) if isinstance(part, ast.Constant) else f"\\ *{word(part.value)}*\\ "
            for part in node.values
            if isinstance(part, ast.Constant | ast.FormattedValue)
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return said(node.left) + (said(node.right) or "\\ *…*\\ ")
    return ""


def escaped(text: str) -> str:
    return re.sub(r"([\\*`|_<>\[\]])", r"\\\1", re.sub(r"\s+", " ", text))


def word(node: ast.expr) -> str:
    """What an expression in a message stands for, in a word or two."""
    if isinstance(node, ast.Name):
        return escaped(node.id.strip("_"))
    if isinstance(node, ast.Attribute):
        inner = node.value
        if node.attr == "__name__":
            return (
                f"type of {word(inner.args[0])}"
                if isinstance(inner, ast.Call) and inner.args
                else word(inner)
            )
        return escaped(node.attr.strip("_")) if node.attr != "shape" else f"shape of {word(inner)}"
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", "")
        if name in ("tuple", "list", "str", "repr", "len", "int", "type") and len(node.args) == 1:
            return ("number of " if name == "len" else "") + word(node.args[0])
        return (
            escaped(name.strip("_").replace("_", " "))
            if name.startswith("_") and len(name) > 2
            else "…"
        )
    if isinstance(node, ast.Subscript):
        return word(node.value)
    return "…"


def place(message: Message, names: dict[str, list[Name]]) -> tuple[str, str]:
    """The kind of a message, and what it stands under."""
    last = message.subject.rpartition(".")[2].lstrip("_")
    fits = names.get(last, [])
    near = [name for name in fits if name.home == message.module] or [
        name for name in fits if name.path.split(".")[0] == message.module.split(".")[0]
    ]
    if near:
        best = min(near, key=lambda name: (".Tensor." in name.path, len(name.path)))
        return kind_of(best.home), f":py:obj:`{best.path}`"
    return kind_of(message.module), f"``{message.module}``"
