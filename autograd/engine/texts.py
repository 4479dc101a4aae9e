"""Generated text as code, which tracebacks and debuggers show."""

from __future__ import annotations

from typing import Any

from autograd.engine import versions

_texts: list[str] = []  # by number, which is in a text's name


class _Loader:
    """Where tracebacks and debuggers find a text, by the names in the scope that it runs in."""

    @staticmethod
    def get_source(name: str) -> str:
        return _texts[int(name.rpartition(" ")[2])]


def run(signature: str, text: str, known: dict[str, Any]) -> dict[str, Any]:
    """What a text defines, which uses the names that are ``known``."""
    number = len(_texts)
    _texts.append(text)
    scope: dict[str, Any] = {**known, "__name__": f"{__name__} {number}", "__loader__": _Loader}
    versions.known_in(scope)
    exec(compile(text, f"generated apply({signature}) {number}", "exec"), scope)
    return scope
