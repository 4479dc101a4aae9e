"""``python -m autograd --draw out.html script.py``: the graph of a script's first backward pass."""

from __future__ import annotations

import sys
from typing import Any

from autograd.drawing.folding.folding import within
from autograd.drawing.reading.captions import Shown
from autograd.drawing.reading.graph import Reading
from autograd.drawing.reading.naming import Called
from autograd.drawing.showing.picture import Picture
from autograd.drawing.watching.watching import Notes
from autograd.engine import observer, watches

_MOST = 1000  # boxes, where the file cannot fold them itself


class FirstPass(Notes):
    """Watches a script from its start, and draws when its first backward pass is over.

    The script and what it prints stay as they are; what goes wrong in drawing is said on stderr.
    """

    def __init__(self, path: str) -> None:
        super().__init__(statistics=True)
        self._path = path
        self._outputs: list[Any] | None = None
        self._drawn = False

    def begin(self) -> None:
        """Watch this thread."""
        observer.begin(self)
        watches.backward_begins.append(self._begins)

    def end(self) -> None:
        """The script has ended."""
        if not self._drawn:
            self._stop()
            print("--draw: the script ran no backward pass; nothing is drawn.", file=sys.stderr)

    def _begins(self, outputs: list[Any]) -> None:
        if self._outputs is None and observer.watching():
            self._outputs = [one for one in outputs if one._edge is not None]

    def work_ends(self, name: str) -> None:
        super().work_ends(name)
        if name == "accumulate" and self._outputs:
            self._stop()
            self._draw(self._outputs)
            self._outputs = None

    def _stop(self) -> None:
        self._drawn = True
        observer.end(self)
        if self._begins in watches.backward_begins:
            watches.backward_begins.remove(self._begins)

    def _draw(self, outputs: list[Any]) -> None:
        called = Called(None, sys._getframe(1))
        names = ["output" if len(outputs) == 1 else f"output {i}" for i in range(len(outputs))]
        try:
            scene = Reading(called, self, Shown(values=True)).read(outputs, names)
            Picture(within(scene, _MOST), scene).render(self._path)
        except Exception as error:  # the script is not to end of it
            print(f"--draw: {self._path} is not drawn: {error}", file=sys.stderr)
